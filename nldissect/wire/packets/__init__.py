"""Scapy packets: dissection and building of the messages that the tables declare.

    frame.nlmon > nlmsghdr > genlmsghdr | Message (message) > Attr (attribute, lazy) > payload (values of kinds)
    bindings: which class a type or command means

Entry points: `frame.nlmon`, `nlmsghdr.nlmsghdr`, `message.Message`, `bindings.bind_message`. tests/wire/test_scapy.py
and tests/contracts/test_readers_agree.py hold building and dissecting to each other: forget every cached byte, build,
the same bytes.
"""
