"""Binds NFLOG group 5 and NFQUEUE 7, prints what comes, and accepts the first queued packet with a mark."""

import socket
import struct

NETLINK_NETFILTER, REQUEST, ACK = 12, 1, 4
NFNL_SUBSYS_QUEUE, NFNL_SUBSYS_ULOG = 3, 4


def attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)


def ask(connection: socket.socket, kind: int, resource: int, attributes: bytes, flags: int = REQUEST | ACK) -> None:
    body = struct.pack("!BBH", 0, 0, resource) + attributes
    connection.send(struct.pack("=IHHII", 16 + len(body), kind, flags, 1, 0) + body)
    if flags & ACK and struct.unpack_from("=i", connection.recv(65536), 16)[0] != 0:
        raise SystemExit(f"message {kind:#x} was refused")


log = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
queue = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
config = NFNL_SUBSYS_ULOG << 8 | 1
ask(log, config, 5, attribute(1, b"\1"))  # NFULA_CFG_CMD: BIND
ask(log, config, 5, attribute(2, struct.pack("!IBx", 0xFFFF, 2)))  # NFULA_CFG_MODE: COPY_PACKET
ask(log, config, 5, attribute(6, struct.pack("!H", 3)))  # NFULA_CFG_FLAGS: SEQ, SEQ_GLOBAL
config = NFNL_SUBSYS_QUEUE << 8 | 2
ask(queue, config, 7, attribute(1, struct.pack("!BxH", 1, 2)))  # NFQA_CFG_CMD: BIND, AF_INET
ask(queue, config, 7, attribute(2, struct.pack("!IB", 0xFFFF, 2)))  # NFQA_CFG_PARAMS: COPY_PACKET
ask(queue, config, 7, attribute(4, struct.pack("!I", 4)) + attribute(5, struct.pack("!I", 4)))  # NFQA_CFG_F_GSO
print("listening", flush=True)
print("logged", len(log.recv(65536)), flush=True)
packet = queue.recv(65536)
number = packet[packet.index(struct.pack("=HH", 11, 1)) + 4 :][:4]  # NFQA_PACKET_HDR
verdict = attribute(2, struct.pack("!I", 1) + number) + attribute(3, struct.pack("!I", 0x42))
ask(queue, NFNL_SUBSYS_QUEUE << 8 | 1, 7, verdict, REQUEST)
print("verdict on", number.hex(), flush=True)
