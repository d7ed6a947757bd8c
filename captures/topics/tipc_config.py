"""Speaks TIPC's older generic netlink family: one request after the other, printing what the answers hold."""

import socket
import struct

NOOP, GET_MEDIA_NAMES, GET_BEARER_NAMES, GET_LINKS, SHOW_NAME_TABLE, SHOW_PORTS = 0, 2, 3, 4, 5, 6
SHOW_LINK_STATS, SHOW_STATS, GET_NODES, GET_NETID = 11, 15, 1, 0x400B
ENABLE_BEARER, SET_LINK_PRI, SET_NODE_ADDR, GET_MAX_PORTS = 0x4101, 0x4108, 0x8001, 0x4004

sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
sock.bind((0, 0))
sock.settimeout(2)


def ask(number, body, flags):
    sock.send(struct.pack("=IHHII", 16 + len(body), number, 1 | flags, 1, 0) + body)
    return sock.recv(65536)


def tlv(number, data):
    return struct.pack(">HH", 4 + len(data), number) + data + bytes(-len(data) % 4)


name = b"TIPC\0"
answer = ask(16, struct.pack("=BBHHH", 3, 1, 0, 4 + len(name), 2) + name + bytes(3), 0)
at = 20
while True:
    length, number = struct.unpack_from("=HH", answer, at)
    if number == 1:
        family = struct.unpack_from("=H", answer, at + 4)[0]
        break
    at += length + 3 & ~3

for command, tlvs in (
    (NOOP, b""),
    (SET_NODE_ADDR, tlv(17, struct.pack(">I", 0x01001001))),
    (GET_NETID, b""),
    (GET_MEDIA_NAMES, b""),
    (ENABLE_BEARER, tlv(23, struct.pack(">II", 7, 0x01001000) + b"eth:d0\0")),
    (GET_BEARER_NAMES, b""),
    (GET_LINKS, tlv(17, struct.pack(">I", 0))),
    (GET_NODES, tlv(17, struct.pack(">I", 0))),
    (SET_LINK_PRI, tlv(24, struct.pack(">I", 9) + b"eth:d0\0")),
    (SHOW_LINK_STATS, tlv(20, b"broadcast-link\0")),
    (SHOW_NAME_TABLE, tlv(25, struct.pack(">IIII", 0x80000004, 0, 0, 0))),
    (SHOW_PORTS, b""),
    (SHOW_STATS, b""),
    (GET_MAX_PORTS, b""),
):
    answer = ask(family, struct.pack("=BBHIHH", 1, 1, 0, 0, command, 0) + tlvs, 0)
    print(hex(command), answer[28:])
