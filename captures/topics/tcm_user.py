"""The daemon of the family "TCM-USER": says that it answers, hears what happens to devices, agrees or refuses."""

import errno
import socket
import struct

ADDED, REMOVED, RECONFIG, SET_FEATURES = 1, 2, 3, 7
NAMES = {ADDED: "added", REMOVED: "removed", RECONFIG: "reconfigured"}

ours = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
ours.bind((0, 0))
sequence = 0


def attribute(number, data):
    return struct.pack("=HH", 4 + len(data), number) + data + bytes(-len(data) % 4)


def attributes(data):
    found, at = {}, 0
    while at + 4 <= len(data):
        length, number = struct.unpack_from("=HH", data, at)
        found[number & 0x3FFF] = data[at + 4 : at + length]
        at += length + 3 & ~3
    return found


def ask(number, body):
    global sequence
    sequence += 1
    ours.send(struct.pack("=IHHII", 16 + len(body), number, 5, sequence, 0) + body)
    answer = ours.recv(65536)
    if struct.unpack_from("=H", answer, 4)[0] != 2:
        ours.recv(65536)
    return answer


def command(number, *rows):
    return ask(family, struct.pack("=BBH", number, 2, 0) + b"".join(rows))


told = attributes(ask(16, struct.pack("=BBH", 3, 1, 0) + attribute(2, b"TCM-USER\0"))[20:])
family = struct.unpack("=H", told[1])[0]
group = struct.unpack("=I", attributes(attributes(told[7])[1])[2])[0]
command(SET_FEATURES, attribute(9, b"\1"))

listener = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
listener.bind((0, 0))
listener.setsockopt(270, 1, group)
while True:
    heard = listener.recv(65536)
    number, rows = heard[16], attributes(heard[20:])
    status = -errno.EINVAL if rows.get(4) == b"refused\0" else 0
    command(number + 3, attribute(8, rows[8]), attribute(7, struct.pack("=i", status)))
    print(NAMES[number], rows, status, flush=True)
