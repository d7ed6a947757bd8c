"""Capture files: the bytes, times and comments of their records, without decoding netlink."""

from .byte_source import one_line
from .link_types import LINUX_SLL, LINUX_SLL2, NETLINK, check_link_type, netlink_frame, netlink_window
from .pcapng import Statistics
from .reader import Reader, follow, open_capture
from .records import OWN, Interface, Record, Window, time_text
from .writer import STANDARD_OUTPUT, PcapngWriter, PcapWriter, Writer, is_pcapng_name, private, writer_for

__all__ = [
    "LINUX_SLL",
    "LINUX_SLL2",
    "NETLINK",
    "OWN",
    "STANDARD_OUTPUT",
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
    "is_pcapng_name",
    "netlink_frame",
    "netlink_window",
    "one_line",
    "open_capture",
    "private",
    "time_text",
    "writer_for",
]
