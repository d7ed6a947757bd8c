"""Scapy packets: dissection and building of the messages that the tables declare."""
