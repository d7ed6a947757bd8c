"""Bytes to values by the tables, without Scapy packets."""
