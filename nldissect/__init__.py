"""nldissect: the Wireshark of Linux netlink. Importing it teaches Scapy link type 253."""

from scapy.config import conf

from . import families as families
from .wire import nlmon

DLT_NETLINK = 253

conf.l2types.register(DLT_NETLINK, nlmon)

__version__ = "0.1.0"
