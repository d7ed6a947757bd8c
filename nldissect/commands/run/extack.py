"""`run --extack`: the kernel's reasons for refused requests of a command, from the tracepoint.

See capture/extack/tracepoint.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from nldissect.capfile import Record
from nldissect.capfile.comments import parse_comments
from nldissect.capture.extack.join import ExtackMatcher
from nldissect.capture.extack.tracepoint import Tracepoint

_PID = re.compile(r".*\[(\d+)\]", re.S)


class ExtackWords:
    """The open tracepoint: `with ExtackWords() as words:`, then `words.on(records)` adds its texts to refusals."""

    def __init__(self) -> None:
        self._tracepoint = Tracepoint()

    def on(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yield the records; refusals get the tracepoint's texts as further comments."""
        joiner = ExtackMatcher()
        for record in records:
            joiner.add_text(self._tracepoint.read())
            said = joiner.match(record.time or 0, record.data, _task(record))
            yield record._replace(comments=(*record.comments, *said)) if said else record

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tracepoint.close()
        self._tracepoint.remove()


def _task(record: Record) -> int | None:
    """Return the thread whose call a record was, None if its comments do not say so."""
    who, *rest = next(parse_comments(record.comments, "process"), [""])
    if len(rest) > 1 and rest[1].isdecimal():
        return int(rest[1])
    found = _PID.fullmatch(who)
    return int(found[1]) if found else None
