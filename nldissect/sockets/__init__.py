"""AF_NETLINK sockets at home in Scapy: send, receive, ask, dump, listen."""

from .exchange import Exchange
from .netlink import NetlinkSocket

__all__ = ["Exchange", "NetlinkSocket"]
