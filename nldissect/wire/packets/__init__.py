"""Messages as Scapy packets."""
