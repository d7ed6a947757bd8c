"""Asks what the kernel minds: an old request for sockets, dumps with headers that strict checks refuse, ethtool's nest
without NLA_F_NESTED."""

import socket
import struct
import sys
from pathlib import Path

NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK, SOL_NETLINK = 11, 12, 270
ROUTE, SOCK_DIAG, GENERIC = 0, 4, 16
REQUEST, ACK, DUMP = 1, 4, 0x300
ERROR, DONE = 2, 3


def ask(protocol, kind, flags, body, strict=False):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol) as connection:
        connection.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
        if strict:
            connection.setsockopt(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1)
        connection.send(struct.pack("=IHHII", 16 + len(body), kind, flags, 7, 0) + body)
        while True:
            answer, at = connection.recv(65536), 0
            while at < len(answer):
                length, number = struct.unpack_from("=IH", answer, at)
                if number in (ERROR, DONE):
                    return print(kind, struct.unpack_from("=i", answer, at + 16)[0])
                at += length + 3 & ~3


def attribute(kind, value):
    return struct.pack("=HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)


# TCPDIAG_GETSOCK: listening sockets of IPv4, in struct inet_diag_req.
ask(SOCK_DIAG, 18, REQUEST | DUMP, struct.pack("=4B48xII", 2, 0, 0, 0, 1 << 10, 0))

# RTM_GETADDR with struct rtgenmsg, and with a scope: both work until the socket has NETLINK_GET_STRICT_CHK.
for strict in (False, True):
    ask(ROUTE, 22, REQUEST | DUMP, b"\2", strict)
    ask(ROUTE, 22, REQUEST | DUMP, struct.pack("=4BI", 2, 0, 0, 254, 0), strict)

# ETHTOOL_MSG_LINKSTATE_GET of lo, its header with NLA_F_NESTED and without.
family = int(Path(sys.argv[1]).read_text().split()[1], 16)
device = attribute(1, struct.pack("=I", 1))
for flag in (0x8000, 0):
    ask(GENERIC, family, REQUEST | ACK, struct.pack("=BBH", 6, 1, 0) + attribute(1 | flag, device))
