"""Decoding of bytes to nodes by the tables, without Scapy packets: the message engine."""
