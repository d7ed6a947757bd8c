"""Writes a pcap of what a netlink socket hears on its groups: hear.py PROTOCOL GROUPS FILE, until it is ended."""

import socket
import struct
import sys
import time

PACKET_MULTICAST, ARPHRD_NETLINK, DLT_NETLINK = 2, 824, 253

protocol = int(sys.argv[1])
listener = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
listener.bind((0, int(sys.argv[2])))
with open(sys.argv[3], "wb", buffering=0) as file:
    file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, DLT_NETLINK))
    print("listening", flush=True)
    while True:
        payload = listener.recv(65536)
        frame = struct.pack(">HHH8xH", PACKET_MULTICAST, ARPHRD_NETLINK, 0, protocol) + payload
        seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
        file.write(struct.pack("<IIII", seconds, nanoseconds // 1000, len(frame), len(frame)) + frame)
        print(payload.replace(b"\0", b" ").decode(errors="replace"), flush=True)
