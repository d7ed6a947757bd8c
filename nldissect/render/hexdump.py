"""Bytes as hexadecimal and ASCII, 16 a line; offsets count from the first byte of the message, as in the tree."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from nldissect.uapi import SLL_HDR_LEN
from nldissect.wire import DecodedFrame

WIDTH = 16


def hex_lines(data: bytes, masked: Collection[int] = ()) -> Iterator[str]:
    """Yield lines like `0000  4c 00 ...  L...`; bytes at `masked` offsets as `**`."""
    for at in range(0, len(data), WIDTH):
        places = range(at, min(at + WIDTH, len(data)))
        pairs = ["**" if place in masked else f"{data[place]:02x}" for place in places]
        half = " ".join(pairs[:8]), " ".join(pairs[8:])
        ascii_text = "".join("*" if place in masked else _character(data[place]) for place in places)
        yield f"{at:04x}  {half[0]:<23}  {half[1]:<23}  {ascii_text}"


def _character(byte: int) -> str:
    return chr(byte) if 0x20 <= byte < 0x7F else "."


def groups(frame: DecodedFrame) -> Iterator[tuple[str, int, int]]:
    """Yield name, start and end of a frame's parts: cooked header, each message with its padding, trailing bytes."""
    yield "cooked header", 0, min(SLL_HDR_LEN, len(frame.data))
    stops = [*(walked.start for walked in frame.messages[1:]), frame.trailing[0]]
    for index, (walked, stop) in enumerate(zip(frame.messages, stops, strict=False), 1):
        yield f"message {index}", walked.start, stop
    start, end = frame.trailing
    if SLL_HDR_LEN <= start < end:
        yield "trailing bytes", start, end


def frame_lines(frame: DecodedFrame, *, secrets: bool = False) -> Iterator[str]:
    """Yield the lines of the whole frame, part by part; key material only if `secrets`."""
    spans = [] if secrets else [*frame.secret_spans()]
    for name, start, stop in groups(frame):
        yield f"{name}, {stop - start} byte{'s' * (stop - start != 1)}"
        masked = {at - start for first, last in spans for at in range(max(first, start), min(last, stop))}
        for line in hex_lines(frame.data[start:stop], masked):
            yield f"  {line}"
