"""Fields that are in no body: of headers, frames and heads (heads.py), and of acknowledgements."""

from __future__ import annotations

from nldissect.native.selector import (
    OF_CAPTURED,
    OF_ERROR,
    OF_LENGTH,
    OF_NUMBER,
    OF_PID,
    OF_PLACE,
    OF_RELATIVE,
    OF_SEQ,
    OF_TEXT,
    OF_TIME,
    OF_WIRE,
)

NUMBERS = {
    "nlmsg_len": OF_LENGTH, "nlmsg_seq": OF_SEQ, "nlmsg_pid": OF_PID, "message.number": OF_PLACE,
    "frame.time": OF_TIME, "frame.time_relative": OF_RELATIVE,
    "frame.number": OF_NUMBER, "frame.len": OF_WIRE, "frame.cap_len": OF_CAPTURED,
}  # fmt: skip
"""Fields with numbers of headers and frames, and their sources."""
SIGNED = (OF_ERROR, OF_TIME, OF_RELATIVE)
ANSWERS = {"error": (OF_ERROR, "error"), "extack": (OF_TEXT, "nlmsgerr_attr_msg")}
"""Fields of acknowledgements: the source, and the field or attribute that holds the value."""
DERIVED = {"protocol", "direction", *ANSWERS, *(name for name in NUMBERS if "." in name)}
HEADERS = ("nlmsghdr", "genlmsghdr")
NUMBERED = {"generic", "sealed"}
"""Layers of generic families without tables, in which nothing else has a name."""
OF_HEADS = {*HEADERS, "nlmsg_type", "nlmsg_flags", "genlmsghdr.cmd", "genlmsghdr.family", "protocol", "direction"}
"""Fields that are known of a message by its head, see heads.py."""
