"""Speaks the family "nbd": connects a device to one end of a socket pair, asks, reconfigures, disconnects."""

import socket
import struct
import threading

CONNECT, DISCONNECT, RECONFIGURE, STATUS = 1, 2, 3, 5

sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
sock.bind((0, 0))
sock.settimeout(3)
sequence = 0


def attribute(number, data):
    return struct.pack("=HH", 4 + len(data), number) + data + bytes(-len(data) % 4)


def ask(number, body, flags=5):
    global sequence
    sequence += 1
    sock.send(struct.pack("=IHHII", 16 + len(body), number, flags, sequence, 0) + body)
    answers = []
    while True:
        answer = sock.recv(65536)
        kind = struct.unpack_from("=H", answer, 4)[0]
        answers.append(answer)
        if kind == 2:
            return answers


def command(number, *attributes):
    answers = ask(family, struct.pack("=BBH", number, 1, 0) + b"".join(attributes))
    print(number, [answer[20:].hex() for answer in answers[:-1]], "error", struct.unpack_from("=i", answers[-1], 16)[0])


def serve(end):
    """The server's side: every request is a disconnection or is answered with zeros."""
    while True:
        request = end.recv(28, socket.MSG_WAITALL)
        if len(request) < 28:
            return
        _, _, kind, handle, _, length = struct.unpack(">IHHQQI", request)
        if kind == 2:
            return
        end.sendall(struct.pack(">IIQ", 0x67446698, 0, handle) + bytes(length if kind == 0 else 0))


answer = ask(16, struct.pack("=BBH", 3, 1, 0) + attribute(2, b"nbd\0"))[0]
at = 20
while True:
    length, number = struct.unpack_from("=HH", answer, at)
    if number == 1:
        family = struct.unpack_from("=H", answer, at + 4)[0]
        break
    at += length + 3 & ~3

ours, theirs = socket.socketpair()
threading.Thread(target=serve, args=(theirs,), daemon=True).start()
u32, u64 = (lambda value: struct.pack("=I", value)), (lambda value: struct.pack("=Q", value))
sockets = attribute(0x8000 | 7, attribute(0x8000 | 1, attribute(1, u32(ours.fileno()))))

command(
    CONNECT,
    attribute(1, u32(1)),
    attribute(2, u64(1 << 20)),
    attribute(3, u64(1024)),
    attribute(4, u64(30)),
    attribute(5, u64(0x127)),
    attribute(6, u64(1)),
    attribute(8, u64(5)),
    attribute(10, b"disk-7\0"),
    sockets,
)
command(STATUS)
command(STATUS, attribute(1, u32(1)))
command(RECONFIGURE, attribute(1, u32(1)), attribute(4, u64(60)), attribute(6, u64(2)), attribute(10, b"disk-7\0"))
command(RECONFIGURE, attribute(1, u32(1)), attribute(10, b"disk-8\0"))
command(DISCONNECT, attribute(1, u32(1)))
command(DISCONNECT, attribute(1, u32(1)))
