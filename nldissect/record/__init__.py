"""Capture files: bytes and times only."""

from .link import LINUX_SLL, LINUX_SLL2, NETLINK, check_link_type, netlink_frame, netlink_window
from .pcapng import Statistics
from .reader import Reader, follow, open_capture
from .records import Interface, Record, Window, time_text
from .writer import PcapngWriter, PcapWriter, Writer, writer_for

__all__ = [
    "LINUX_SLL",
    "LINUX_SLL2",
    "NETLINK",
    "Interface",
    "PcapWriter",
    "PcapngWriter",
    "Reader",
    "Record",
    "Statistics",
    "Window",
    "Writer",
    "check_link_type",
    "follow",
    "netlink_frame",
    "netlink_window",
    "open_capture",
    "time_text",
    "writer_for",
]
