"""Decoding of bytes to nodes by the tables, without Scapy packets: the message engine.

    walk (a datagram) > readers (a closure per kind and byte order) > nodes: DecodedFrame > DecodedMessage > Node

Entry points: `walk.walk`, `walk.walk_message`, `nodes.find`, `acks.ack_of`. tests/contracts/test_readers_agree.py
holds it to Scapy packets, over every shipped capture.
"""
