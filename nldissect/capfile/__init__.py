"""Capture files: the bytes, times and comments of their records, without decoding netlink.

    byte_source (file, pipe, gzip, zstd) > pcap | pcapng > reader > Window of records > stream, columns, native
                strace/ (a log) ---------^                   writer > pcap or pcapng

Entry points: `open_capture`, `follow`, `reader.Reader` (records, or windows full of them), `writer.PcapngWriter`.

    record      one entry of a file, its bytes and time (records.Record)
    window      whole records in the reader's buffer, which is reused (records.Window)
    comment     a fact about a file, an interface or a frame, as a pcapng comment: `nldissect:`, then words (comments)
    link type   which files hold netlink, and their frames in one form (link_types)

To add a source of bytes: a class with the interface of byte_source.ByteSource. To add a comment: comments, whose module
text is the format. tests/capfile holds it.
"""

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
