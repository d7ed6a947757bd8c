"""A program that writes its process id into nlmsg_pid while the kernel chose another port id for its socket."""

import os
import socket
import struct

AF_INET, AF_UNSPEC = 2, 0
RTM_GETLINK, RTM_NEWROUTE, RTM_DELROUTE, RTM_GETROUTE = 18, 24, 25, 26
REQUEST, ACK, DUMP, CREATE, EXCL = 1, 4, 0x300, 0x400, 0x200


def message(number: int, flags: int, sequence: int, body: bytes) -> bytes:
    return struct.pack("=IHHII", 16 + len(body), number, flags | REQUEST, sequence, os.getpid()) + body


def rtmsg(length: int, table: int = 254) -> bytes:
    return struct.pack("=8BI", AF_INET, length, 0, 0, table, 4, 253, 1, 0)


def attribute(number: int, value: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(value), number) + value


first = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
first.bind((0, 0))  # takes the port id that is the process id
talks = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
talks.bind((0, 0))
sequence = 200
for _ in range(3):
    for number, body in ((RTM_GETROUTE, rtmsg(0)), (RTM_GETLINK, struct.pack("=BxHiII", AF_UNSPEC, 0, 0, 0, 0))):
        sequence += 1
        talks.send(message(number, DUMP, sequence, body))
        while struct.unpack_from("=IH", talks.recv(1 << 16))[1] != 3:  # NLMSG_DONE
            pass
index = socket.if_nametoindex("d0")
route = rtmsg(24) + attribute(1, bytes([198, 51, 100, 0])) + attribute(4, struct.pack("=I", index))
for number, flags in ((RTM_NEWROUTE, CREATE | EXCL), (RTM_DELROUTE, 0)):
    sequence += 1
    talks.send(message(number, flags | ACK, sequence, route))
    talks.recv(1 << 16)
