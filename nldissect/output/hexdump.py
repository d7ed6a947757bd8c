"""Bytes as hexadecimal and ASCII, 16 a line; offsets count from the first byte of the message, as in the tree."""

from __future__ import annotations

from collections.abc import Iterator

from nldissect.wire import Frame

WIDTH = 16
COOKED = 16


def hex_lines(data: bytes) -> Iterator[str]:
    """`0000  4c 00 ...  L...`"""
    for at in range(0, len(data), WIDTH):
        part = data[at : at + WIDTH]
        half = part[:8].hex(" "), part[8:].hex(" ")
        ascii_text = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in part)
        yield f"{at:04x}  {half[0]:<23}  {half[1]:<23}  {ascii_text}"


def groups(frame: Frame) -> Iterator[tuple[str, bytes]]:
    """What a frame consists of: the cooked header, each message with its padding, and what trails."""
    data = frame.data
    yield "cooked header", data[:COOKED]
    starts = [walked.start for walked in frame.messages[1:]]
    for index, (walked, stop) in enumerate(zip(frame.messages, [*starts, frame.trailing[0]], strict=True), 1):
        yield f"message {index}", data[walked.start : stop]
    start, end = frame.trailing
    if COOKED <= start < end:
        yield "trailing bytes", data[start:end]


def frame_lines(frame: Frame) -> Iterator[str]:
    """The whole frame, group by group."""
    for name, data in groups(frame):
        yield f"{name}, {len(data)} byte{'s' * (len(data) != 1)}"
        for line in hex_lines(data):
            yield f"  {line}"
