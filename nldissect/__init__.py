"""nldissect: the Wireshark of Linux netlink.

Importing it teaches Scapy link type 253 (NETLINK): `rdpcap`, `wrpcap`, `sniff(offline=...)` and the pcapng classes
then speak netlink. `nldissect.open("x.pcap")` is a capture to ask for columns and frames, and
`from nldissect.all import *` brings the vocabulary.
"""

from pathlib import Path
from typing import Any

from . import interrupts as interrupts

# isort: split
from . import scapycache as scapycache

# isort: split
from scapy.config import conf

from . import families as families
from . import packages as packages
from . import scapywriter
from . import ynl as ynl
from .index.derived import MODULES
from .wire import Context, nlmon, nlmsghdr, walk

__version__ = "0.1.0"
__all__ = ["Capture", "Context", "NetlinkSession", "nlmon", "nlmsghdr", "open", "walk"]

DLT_NETLINK = 253

conf.l2types.register(DLT_NETLINK, nlmon)
scapywriter.install(DLT_NETLINK)
MODULES["event"] = "nldissect.analysis.copies"
MODULES["expert"] = "nldissect.analysis.notes"
MODULES["exchange"] = "nldissect.analysis.exchangefields"
MODULES["summary"] = "nldissect.output.summarycolumn"
MODULES["process"] = MODULES["listener"] = "nldissect.analysis.processcolumns"


def scapy_ext(ext: Any) -> None:
    """Called by Scapy's extension loader; `load_contrib("netlink")` then brings the vocabulary."""
    ext.config(name="nldissect", version=__version__)
    ext.register(name="netlink", mode=ext.MODE.CONTRIB, path=Path(__file__).parent / "all.py")


def __getattr__(name: str) -> Any:
    """What costs start-up time is imported when asked for: NetlinkSession stands on more of Scapy, `open` on NumPy."""
    if name == "NetlinkSession":
        from .session import NetlinkSession

        return NetlinkSession
    if name == "open":
        from .index.capture import open_captures

        return open_captures
    if name == "Capture":
        from .index.capture import Capture

        return Capture
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
