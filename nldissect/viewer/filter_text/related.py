"""Messages that belong together: those of one exchange or one process, the copies of one event. It knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nldissect.columns.fields.derived import derived
from nldissect.filters.tokenizer import quoted
from nldissect.store.segmented import SegmentedCapture

from ..jobs.second_pass import EXCHANGE, prefix, working
from ..model.capture_model import CaptureModel, MessageEntry
from ..model.table_loading import turn
from .from_cursor import both

ONCE = "not event.copy > 1"
"""Holds for one of the copies that several listeners were sent."""


def follow(store: CaptureModel, entry: MessageEntry, field: str, found: Callable[[str | None], None]) -> Iterator[bool]:
    """A job that looks up what only the whole capture tells of a message, and gives a filter on that; None for none."""
    yield from working(store, field)
    column = derived(field)
    assert column is not None
    with turn():
        values = column.values(entry.situation)
    start = inside(entry) + (segment(store, entry) if prefix(field) == EXCHANGE else "")
    found(f"{start}{field} == {values[0]}" if values else None)
    yield True


def inside(entry: MessageEntry) -> str:
    """How a filter begins that is about something in the message's own capture, where several are looked at."""
    if not entry.file or entry.whole is None:
        return ""
    return f"frame.file == {quoted(entry.whole.name)} and "


def segment(store: CaptureModel, entry: MessageEntry) -> str:
    """The same of a live capture's own files, in each of which exchanges are counted from 1."""
    capture = store.capture
    if not isinstance(capture, SegmentedCapture) or capture.files == 1:
        return ""
    numbers, files = capture.frames["number"], capture.frames["file"]
    file = int(files[capture.messages["frame"][entry.row]])
    first, end = capture.begins(file) + store.heads[file], capture.begins(file + 1)
    if end == len(numbers):
        return f"frame.number >= {numbers[first]} and "
    return f"frame.number in {{{numbers[first]}..{numbers[end - 1]}}} and "


def folded(text: str) -> str:
    """A filter that leaves out further copies, or no longer does."""
    if ONCE not in text:
        return both(text, ONCE)
    return text.removesuffix(ONCE).removesuffix(" and ").strip()
