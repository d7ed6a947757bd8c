"""Takes group 5 of NFLOG with numbered packets and little room, reads nothing while 20 come, then the rest."""

import contextlib
import errno
import socket
import struct
import subprocess

PACKET, CONFIG = 0x400, 0x401


def attribute(kind, value):
    return struct.pack("=HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)


def configure(connection, *attributes):
    body = struct.pack("!BBH", 0, 0, 5) + b"".join(attributes)
    connection.send(struct.pack("=IHHII", 16 + len(body), CONFIG, 5, 1, 0) + body)
    error = struct.unpack_from("=i", connection.recv(8192), 16)[0]
    assert not error, error


def ping(count):
    subprocess.run(["ping", "-q", "-f", "-c", str(count), "127.0.0.1"], check=True)


with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12) as connection:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    configure(connection, attribute(1, b"\1"))
    configure(connection, attribute(2, struct.pack("!IBx", 64, 2)))
    configure(connection, attribute(5, struct.pack("!I", 1)), attribute(6, struct.pack("!H", 1)))
    ping(20)
    with contextlib.suppress(BlockingIOError):
        while True:
            try:
                print("received", len(connection.recv(8192, socket.MSG_DONTWAIT)))
            except OSError as error:
                if error.errno != errno.ENOBUFS:
                    raise
                print(error.strerror)
    ping(1)
    print("received", len(connection.recv(8192)))
