"""The messages of captures as filters look at them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from nldissect.capfile import Interface, Record, netlink_frame, open_capture
from nldissect.columns.fields.derived import MessageContext
from nldissect.filters import compile_filter
from nldissect.wire import Context, walk
from tests.helpers.paths import CAPTURES


@cache
def situations(name: str) -> list[MessageContext]:
    """Every message of a shipped capture."""
    with open_capture(str(CAPTURES / name)) as reader:
        return around(list(reader))


def around(records: Iterable[Record], context: Context | None = None) -> list[MessageContext]:
    """Every message of some records; a frame without any is there too."""
    context, found, first = context or Context("little"), [], None
    for record in records:
        data = netlink_frame(record)
        first = record.time if first is None else first
        if data is not None:
            frame = walk(data, context, wire_length=record.wire_length)
            for place, walked in enumerate(frame.messages or [None], 1):
                found.append(MessageContext(record.number, record, frame, walked, place, first))
    return found


def made(*frames: bytes, context: Context | None = None, comments: tuple[str, ...] = ()) -> list[MessageContext]:
    """Every message of frames made by hand, a millisecond apart."""
    interface = Interface(253, 0, 9, "nlmon0", "little")
    records = (
        Record(number, 10**18 + (number - 1) * 10**6, data, len(data), interface, comments)
        for number, data in enumerate(frames, 1)
    )
    return around(records, context)


def matching(name: str, text: str) -> list[int]:
    """Numbers of the frames that hold a match, each once."""
    holds = compile_filter(text).holds
    return list(dict.fromkeys(one.number for one in situations(name) if holds(one)))


def those(found: list[MessageContext], text: str) -> list[int]:
    """Places in the list, from 1, of the messages that match."""
    holds = compile_filter(text).holds
    return [place for place, one in enumerate(found, 1) if holds(one)]
