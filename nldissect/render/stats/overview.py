"""Overview of a file, or several: size, times, and the host and interfaces it is from."""

from __future__ import annotations

import time
from collections.abc import Iterator

from nldissect.capfile import time_text
from nldissect.capfile.comments import words
from nldissect.capfile.records import SECOND
from nldissect.escapes import escaped

from .model import CaptureStats


def facts(about: CaptureStats) -> Iterator[tuple[str, str]]:
    """Name and text of each fact."""
    overview = about.gathered.overview
    size = "" if about.size is None else f", {counted(about.size, 'byte')}"
    yield "File", ", ".join(about.files) + size
    for cut in about.cut_texts:
        yield "Cut", escaped(cut)
    remarks = [
        (overview.empty, "without a message"),
        (overview.cut, "cut by the snap length"),
        (about.passed_over, "more that are not netlink"),
        (about.hidden, "more of the capture itself"),
        (about.dropped, "more dropped by the kernel"),
    ]
    more = "".join(f", {count} {text}" for count, text in remarks if count)
    yield "Frames", f"{overview.frames}, {counted(overview.bytes, 'byte')}{more}"
    yield "Messages", f"{overview.messages}{_copies(about)}"
    if overview.frames:
        yield "Time", _span(about)
        yield "Byte order", _order(about)
    yield "Link type", ", ".join(about.link_types) or "none"
    if about.interfaces:
        yield "Interface", ", ".join(map(escaped, about.interfaces))
    if about.section:
        yield "Written by", ", ".join(escaped(text) for text in about.section.values())
    for comment in about.comments:
        if not words(comment):
            yield "Comment", escaped(comment)


def _copies(about: CaptureStats) -> str:
    copies = about.gathered.copies
    if copies is None or not copies.spare:
        return ""
    return f", {copies.spare} of them further copies of {counted(copies.several, 'event')} for several listeners"


def _span(about: CaptureStats) -> str:
    overview, decimals = about.gathered.overview, about.decimals
    if overview.first is None or overview.last is None:
        return "frames carry none"
    first, last = (local(time, decimals) for time in (overview.first, overview.last))
    text = first
    if overview.first != overview.last:
        text += f" to {last.removeprefix(first[:11])}"  # the same day is told once
    text += f", {time_text(overview.last - overview.first, decimals)} s"
    remarks = [(overview.timeless, "without a time"), (overview.backwards, "earlier than the one before")]
    return text + "".join(f"; {counted(count, 'frame')} {what}" for count, what in remarks if count)


def _order(about: CaptureStats) -> str:
    overview = about.gathered.overview
    if overview.big in (0, overview.frames):
        return "big-endian" if overview.big else "little-endian"
    return f"little-endian, {counted(overview.big, 'frame')} big-endian"


def counted(count: int, what: str) -> str:
    """`1 frame`, `2 frames`."""
    return f"{count} {what}{'s' * (count != 1)}"


def local(moment: int, decimals: int) -> str:
    """Date and time in this host's zone."""
    seconds, rest = divmod(moment, SECOND)
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds)) + time_text(rest, decimals)[1:]
