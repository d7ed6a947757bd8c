"""What heard.log records: a child hears of routes late, with recvfrom(2) and recv(2). Record it again, as root, with

strace -f -ttt -yy -Y -T -s 64 -e trace=%network,%process,prctl,read,write,readv,writev -e read=all -e write=all
    -o heard.log unshare -n python3 -S -I heard.py

and leave out the calls on other files.
"""

import os
import socket
import struct

HEADER, ROUTE, LINK = struct.Struct("=IHHII"), struct.Struct("=8BI"), struct.Struct("=BxHiII")
RTM_NEWLINK, RTM_GETLINK, RTM_NEWROUTE, RTM_DELROUTE, RTM_GETROUTE = 16, 18, 24, 25, 26
RTNLGRP_IPV4_ROUTE = 7
SOL_NETLINK, NETLINK_ADD_MEMBERSHIP = 270, 1
NLMSG_DONE = 3
REQUEST, ACKED, ADDED, DUMP = 1, 5, 0x605, 0x301


def netlink():
    made = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    made.bind((0, 0))
    return made


def ask(sender, kind, flags, sequence, body):
    sender.send(HEADER.pack(16 + len(body), kind, flags, sequence, 0) + body)
    return sender.recv(8192)


def route(sender, kind, flags, sequence, place):
    """203.0.113.PLACE dev lo"""
    body = ROUTE.pack(socket.AF_INET, 32, 0, 0, 254, 4, 253, 1, 0)
    body += struct.pack("=HH4BHHI", 8, 1, 203, 0, 113, place, 8, 4, 1)
    return ask(sender, kind, flags, sequence, body)


def listen(orders, heard):
    """Read what both listeners have, each time a byte comes; at last change and ask something as the second."""
    with_address, without = netlink(), netlink()
    without.getsockname()  # as libmnl and libnl do
    for listener in (with_address, without):
        listener.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, RTNLGRP_IPV4_ROUTE)
    os.write(heard, b".")
    while os.read(orders, 1):
        with_address.recvfrom(8192)
        without.recv(8192)
        os.write(heard, b".")
    route(without, RTM_NEWROUTE, ADDED, 5, 3)  # what it hears of that comes before the acknowledgement
    without.recv(8192)
    with_address.recvfrom(8192)
    without.send(HEADER.pack(28, RTM_GETROUTE, DUMP, 6, 0) + ROUTE.pack(socket.AF_INET, *[0] * 8))
    while HEADER.unpack_from(without.recv(8192))[1] != NLMSG_DONE:
        pass


first, second = netlink(), netlink()
ask(first, RTM_NEWLINK, ACKED, 1, LINK.pack(0, 0, 1, 1, 1))
(orders, order), (heard, tell) = os.pipe(), os.pipe()
if not os.fork():
    os.close(order)
    listen(orders, tell)
    os._exit(0)


def hear():
    os.write(order, b".")
    os.read(heard, 1)


os.read(heard, 1)
route(first, RTM_NEWROUTE, ADDED, 2, 1)  # read after the acknowledgement
hear()
route(first, RTM_NEWROUTE, ADDED, 3, 2)  # a later request with that number is about something else
ask(second, RTM_GETLINK, REQUEST, 3, LINK.pack(0, 0, 1, 0, 0))
hear()
route(first, RTM_DELROUTE, ACKED, 4, 1)  # a later request with that number has events too
route(second, RTM_DELROUTE, ACKED, 4, 2)
hear()
hear()
os.close(order)
os.wait()
