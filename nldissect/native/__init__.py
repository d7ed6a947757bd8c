"""The core in C that makes the text of many messages, and the program it runs: the Scapy layer classes, flattened."""
