"""Filter texts for related messages: those of one exchange or process, or without copies of events; no widgets."""

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
"""Filter that matches one of the copies that the kernel has sent to several listeners."""


def follow(store: CaptureModel, entry: MessageEntry, field: str, found: Callable[[str | None], None]) -> Iterator[bool]:
    """Compute a field that needs a second pass, and pass a filter on its value to `found`, None without: a job."""
    yield from working(store, field)
    column = derived(field)
    assert column is not None
    with turn():
        values = column.values(entry.situation)
    start = inside(entry) + (segment(store, entry) if prefix(field) == EXCHANGE else "")
    found(f"{start}{field} == {values[0]}" if values else None)
    yield True


def inside(entry: MessageEntry) -> str:
    """Return the beginning of a filter that restricts it to the message's file; "" if only one is viewed."""
    if not entry.file or entry.whole is None:
        return ""
    return f"frame.file == {quoted(entry.whole.name)} and "


def segment(store: CaptureModel, entry: MessageEntry) -> str:
    """Return the beginning of a filter that restricts it to the message's segment; "" if there is only one.

    Exchanges are counted from 1 in each segment of a live capture.
    """
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
    """Return the filter with further copies excluded; or included again if they were excluded."""
    if ONCE not in text:
        return both(text, ONCE)
    return text.removesuffix(ONCE).removesuffix(" and ").strip()
