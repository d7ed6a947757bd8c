"""Statistics as one JSON object.

Keys of the object; one that does not apply is left out. Times are text with the file's own decimals, shares are of 1.

file, size, cut   its name; its bytes; where and why it ends early
files             the names, where there are several: size is theirs together, cut names the file, and counts are sums
overview          frames messages copied_events copies bytes first last backwards timeless empty cut_frames
                  big_endian_frames passed_over own dropped link_types interfaces section comments
types, ...        a section under its name, see the head of its module in `sections`; numbers of frames and exchanges
                  of several files are those that `read` and `exchanges` give them when they merge the files by time
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from nldissect.analysis.stats.collector import Collector

from . import section_module
from .model import CaptureStats
from .values import given


def as_object(about: CaptureStats, without: Collection[str] = ()) -> dict[str, Any]:
    """Return the statistics as plain values, see the head of this module; some sections may be left out."""
    out: dict[str, Any] = {"files": about.files} if len(about.files) > 1 else {"file": about.files[0]}
    out |= {"size": about.size, "cut": "; ".join(about.cut_texts) or None}
    if about.whole:
        out["overview"] = _overview(about, about.gathered)
    for name, counted in about.gathered.sections.items():
        if name not in without:
            out[name] = section_module(name).as_object(about, counted.result())
    return given(**out)


def _overview(about: CaptureStats, gathered: Collector) -> dict[str, Any]:
    overview, copies = gathered.overview, gathered.copies
    return given(
        frames=overview.frames, messages=overview.messages,
        copied_events=copies.several if copies else None, copies=copies.spare if copies else None, bytes=overview.bytes,
        first=about.time(overview.first), last=about.time(overview.last), backwards=overview.backwards,
        timeless=overview.timeless, empty=overview.empty, cut_frames=overview.cut,
        big_endian_frames=overview.big, passed_over=about.passed_over, own=about.hidden or None,
        dropped=about.dropped, link_types=about.link_types,
        interfaces=about.interfaces or None, section=about.section or None, comments=about.comments or None,
    )  # fmt: skip
