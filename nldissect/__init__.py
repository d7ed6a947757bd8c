"""nldissect: the Wireshark of Linux netlink.

Importing it teaches Scapy link type 253 (NETLINK): `rdpcap`, `wrpcap`, `sniff(offline=...)` and the pcapng classes
then speak netlink. `from nldissect.all import *` brings the vocabulary.
"""

from pathlib import Path
from typing import Any

from scapy.config import conf

from . import families as families
from .wire import Context, nlmon, nlmsghdr, walk

__version__ = "0.1.0"
__all__ = ["Context", "NetlinkSession", "nlmon", "nlmsghdr", "walk"]

DLT_NETLINK = 253

conf.l2types.register(DLT_NETLINK, nlmon)


def scapy_ext(ext: Any) -> None:
    """Called by Scapy's extension loader; `load_contrib("netlink")` then brings the vocabulary."""
    ext.config(name="nldissect", version=__version__)
    ext.register(name="netlink", mode=ext.MODE.CONTRIB, path=Path(__file__).parent / "all.py")


def __getattr__(name: str) -> Any:
    """NetlinkSession stands on parts of Scapy that cost start-up time: imported when asked for."""
    if name == "NetlinkSession":
        from .session import NetlinkSession

        return NetlinkSession
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
