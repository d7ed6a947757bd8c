"""What talk.log records: calls of every kind on netlink sockets, by threads and a child. Record it again, as root, with

strace -f -ttt -yy -Y -T -s 64 -e trace=%network,%process,prctl,read,write,readv,writev -e read=all -e write=all
    -o talk.log unshare -n python3 -S -I talk.py

and leave out the calls on other files.
"""

import ctypes
import os
import socket
import struct
import threading

HEADER, LINK = struct.Struct("=IHHII"), struct.Struct("=BxHiII")
RTM_NEWLINK, RTM_GETLINK = 16, 18
ABSENT = 77777


def netlink(protocol=0, groups=0):
    made = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
    made.bind((0, groups))
    return made


def request(kind, sequence, index, flags=0, change=0):
    return HEADER.pack(32, kind, 5, sequence, 0) + LINK.pack(0, 0, index, flags, change)


absent = request(RTM_GETLINK, 1, ABSENT)
kernel = netlink()
kernel.send(absent)
kernel.recv(10, socket.MSG_PEEK | socket.MSG_TRUNC)
kernel.recv(8192)
kernel.sendmsg([absent[:16], absent[16:20], absent[20:]], [], 0, (0, 0))
kernel.recvmsg_into([bytearray(0)], 0, socket.MSG_PEEK | socket.MSG_TRUNC)
kernel.recvmsg_into([bytearray(20), bytearray(100)])
os.writev(kernel.fileno(), [absent[:16], absent[16:]])
os.readv(kernel.fileno(), [bytearray(30), bytearray(100)])
kernel.send(absent)
kernel.recv(40)
kernel.send(absent)
kernel.recv(40, socket.MSG_TRUNC)

listener = netlink(groups=1)
kernel.send(request(RTM_NEWLINK, 2, 1, 1, 1))
kernel.recv(8192)
listener.recvfrom(200)


def thread():
    mine = netlink()
    for sequence in (10, 11):
        mine.send(request(RTM_GETLINK, sequence, ABSENT))
        mine.recv(8192)


threads = [threading.Thread(target=thread) for _ in range(3)]
for one in threads:
    one.start()
for one in threads:
    one.join()

if os.fork() == 0:
    ctypes.CDLL(None).prctl(15, b"child of talk")
    os.write(kernel.fileno(), request(RTM_GETLINK, 20, ABSENT))
    os.read(kernel.fileno(), 8192)
    os._exit(3)
os.wait()

one, other = netlink(2), netlink(2)
one.sendto(b"from one user to another", other.getsockname())
other.recvfrom(8192)
os.kill(os.getpid(), 9)
