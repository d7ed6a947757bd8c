"""One connection of SMC over some seconds: smc_talk.py listen|connect IPV4-ADDRESS.

Python knows no addresses of AF_SMC, which are those of AF_INET: libc does.
"""

import ctypes
import socket
import struct
import sys
import time

AF_SMC, PORT = 43, 4434

libc = ctypes.CDLL(None, use_errno=True)
role, address = sys.argv[1:]
name = struct.pack("=H", socket.AF_INET) + struct.pack("!H", PORT) + socket.inet_aton(address) + bytes(8)
end = libc.socket(AF_SMC, socket.SOCK_STREAM, 0)
room = ctypes.create_string_buffer(64)
if role == "listen":
    if libc.bind(end, name, len(name)) or libc.listen(end, 1):
        sys.exit(f"cannot listen: error {ctypes.get_errno()}")
    talk = libc.accept(end, None, None)
    while libc.recv(talk, room, len(room), 0) > 0:
        libc.send(talk, b"answer", 6, 0)
else:
    if libc.connect(end, name, len(name)):
        sys.exit(f"cannot connect: error {ctypes.get_errno()}")
    for _ in range(60):
        libc.send(end, b"question", 8, 0)
        libc.recv(end, room, len(room), 0)
        time.sleep(1)
