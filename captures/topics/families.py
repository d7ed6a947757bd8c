"""Asks generic families with bytes made by hand: for topics whose family has no tool."""

import socket
import struct


def attribute(number, payload=b""):
    return struct.pack("=HH", 4 + len(payload), number) + payload + bytes(-len(payload) % 4)


def u8(number, value):
    return attribute(number, bytes([value]))


def u16(number, value):
    return attribute(number, struct.pack("=H", value))


def u32(number, value):
    return attribute(number, struct.pack("=I", value))


def u64(number, value):
    return attribute(number, struct.pack("=Q", value))


class Family:
    """A family by name, its own header's bytes, and a socket to ask it with."""

    def __init__(self, name, header=b""):
        self.connection = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
        self.connection.settimeout(5)
        self.header = header
        self.number = 16
        self.about = self.ask(3, attribute(2, name.encode() + b"\0"), header=b"")
        self.number = struct.unpack_from("=H", self.about, self.about.index(struct.pack("=HH", 6, 1)) + 4)[0]

    @property
    def port(self):
        return self.connection.getsockname()[0]

    def join(self, group):
        """Listen to one of its multicast groups."""
        name = group.encode() + b"\0"
        at = self.about.index(struct.pack("=HH", 4 + len(name), 1) + name)
        self.connection.setsockopt(270, 1, struct.unpack_from("=I", self.about, at - 4)[0])

    def send(self, command, body=b"", flags=1, header=None):
        body = struct.pack("=BBH", command, 1, 0) + (self.header if header is None else header) + body
        self.connection.send(struct.pack("=IHHII", 16 + len(body), self.number, flags, 7, 0) + body)

    def receive(self):
        return self.connection.recv(65536)

    def ask(self, command, body=b"", flags=1, header=None):
        """One answer; of a dump, all of them."""
        self.send(command, body, flags, header)
        answer = last = self.receive()
        while flags & 0x300 == 0x300 and struct.unpack_from("=H", last, 4)[0] != 3:
            last = self.receive()
            answer += last
        return answer
