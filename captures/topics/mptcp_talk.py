"""One connection of Multipath TCP: mptcp_talk.py listen|connect ADDRESS."""

import socket
import sys
import time

IPPROTO_MPTCP = 262
PORT = 4433

role, address = sys.argv[1:]
with socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_MPTCP) as end:
    if role == "listen":
        end.bind((address, PORT))
        end.listen()
        talk = end.accept()[0]
        while talk.recv(65536):
            talk.send(b"answer")
    else:
        end.connect((address, PORT))
        for _ in range(5):
            end.send(b"question")
            end.recv(65536)
            time.sleep(0.3)
