"""Asks a generic netlink family: genl.py FAMILY COMMAND [dump] [NUMBER=KIND:VALUE ...], KIND u8, u16, u32, text, hex.

Prints how many bytes came back, message by message; exit status 1 if the kernel refused.
"""

import socket
import struct
import sys

NETLINK_GENERIC, REQUEST, ACK, DUMP = 16, 1, 4, 0x300
CTRL, GETFAMILY, FAMILY_ID, FAMILY_NAME = 0x10, 3, 1, 2
ERROR, DONE = 2, 3
CODES = {"u8": "=B", "u16": "=H", "u32": "=I"}


def attribute(text: str) -> bytes:
    number, _, rest = text.partition("=")
    kind, _, value = rest.partition(":")
    if kind in CODES:
        payload = struct.pack(CODES[kind], int(value, 0))
    else:
        payload = value.encode() + b"\0" if kind == "text" else bytes.fromhex(value)
    return struct.pack("=HH", 4 + len(payload), int(number)) + payload + bytes(-len(payload) % 4)


def ask(family: int, command: int, flags: int, attributes: list[str]) -> list[bytes]:
    """The messages that answer, the last of them an acknowledgement or the end of a dump."""
    body = struct.pack("=BBH", command, 1, 0) + b"".join(map(attribute, attributes))
    connection.send(struct.pack("=IHHII", 16 + len(body), family, REQUEST | flags, 1, 0) + body)
    found: list[bytes] = []
    while not found or struct.unpack_from("=H", found[-1], 4)[0] not in (ERROR, DONE):
        data = connection.recv(65536)
        while len(data) >= 16:
            length = struct.unpack_from("=I", data)[0]
            found.append(data[:length])
            data = data[length + 3 & ~3 :]
    return found


connection = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
name, number, *rest = sys.argv[1:]
reply = ask(CTRL, GETFAMILY, ACK, [f"{FAMILY_NAME}=text:{name}"])[0]
at = reply.index(struct.pack("=HH", 6, FAMILY_ID))
dump = rest[:1] == ["dump"]
answers = ask(struct.unpack_from("=H", reply, at + 4)[0], int(number), DUMP if dump else ACK, rest[dump:])
print(*(len(answer) for answer in answers))
sys.exit(struct.unpack_from("=i", answers[-1], 16)[0] < 0)
