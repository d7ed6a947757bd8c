"""Frames of one or several captures in order of time, decoded, each capture with a Context of its own."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from nldissect.families.answering import RULES
from nldissect.index.beside import tell
from nldissect.index.opening import GENERIC, Later, context_of
from nldissect.index.whole import Whole
from nldissect.record import Interface, Reader, Record, netlink_frame, open_capture
from nldissect.record.comments import numbered
from nldissect.requests import RequestTracker
from nldissect.wire import Context, Frame, Walked, walk
from nldissect.wire.acks import Asked, observe
from nldissect.wire.flags import NLMSG_ERROR
from nldissect.wire.frame import COOKED, ECHO, HEADER, byte_order, messages_in

from .progress import Progress

if TYPE_CHECKING:
    from .pasted import Pasted

ROOM = 8192
"""Of several files, so many numbers of frames more than those of remembered requests are kept at most."""


class Seen(NamedTuple):
    """One netlink frame.

    number   in the capture, or in the merged order of several
    asked    for each message the request it acknowledges, if that is remembered
    chosen   numbers of the messages a filter chose, from 1; None for all, and for the frame itself
    whole    the capture as a whole, where it can be read twice
    prior    for each message the request it answers, acknowledges, whose dump it ends, or that caused it
    """

    number: int
    record: Record
    frame: Frame
    asked: list[Asked | None]
    chosen: tuple[int, ...] | None = None
    whole: Whole | None = None
    prior: Sequence[Asked | None] = ()

    def messages(self) -> Iterator[tuple[int, Walked, Asked | None]]:
        """The messages to show, each with its number in the frame."""
        for place, (walked, asked) in enumerate(zip(self.frame.messages, self.asked, strict=True), 1):
            if self.chosen is None or place in self.chosen:
                yield place, walked, asked

    @property
    def trailing(self) -> tuple[int, int]:
        """The bytes behind the last message, if that is shown."""
        start, end = self.frame.trailing
        hidden = self.chosen is not None and len(self.frame.messages) not in self.chosen
        return (end, end) if hidden else (start, end)


def unhidden(seen: Seen, own: bool) -> Seen | None:
    """The frame as it is shown without, or with, what is the capture's own: None if it is hidden; of an own one before
    which something was lost the first message, which bears the note."""
    if own or not seen.record.own:
        return seen
    if seen.record.hidden:
        return None
    return seen._replace(chosen=(1,)) if seen.frame.messages else seen


def seen_with(number: int, record: Record, frame: Frame, prior: list[Asked | None], whole: Whole | None = None) -> Seen:
    """Return a frame with the requests its messages belong to."""
    acks = [walked.has_header and walked.number == NLMSG_ERROR for walked in frame.messages]
    asked = [one if ack else None for one, ack in zip(prior, acks, strict=True)]
    return Seen(number, record, frame, asked, whole=whole, prior=prior)


def wire_length(seen: Seen) -> int:
    """How long a frame was before a snap length cut it, with the 16-byte header."""
    return seen.record.wire_length + len(seen.frame.data) - len(seen.record.data)


class Capture:
    """One file, pasted text or what is being read, and what is learnt from it.

    families   ids of generic families the user fixed
    order      the byte order the user fixed, else None
    """

    def __init__(
        self, path: str | Pasted | Reader, families: dict[int, str] | None = None, order: str | None = None
    ) -> None:
        self.reader = path if isinstance(path, Reader) else open_capture(path if isinstance(path, str) else path.stream)
        self.context = context_of(self.reader, families, order)
        self.context.requests = RequestTracker(RULES)
        for number, name in () if isinstance(path, (str, Reader)) else path.families.items():
            self.context.learn("genl", number, name)
        self._later = Later(path if isinstance(path, str) else "-", self.context)
        self._interface: Interface | None = None
        self._spaces: dict[str, Context] = {}
        self._here = self.context
        self.whole = Whole(path, families, order) if isinstance(path, str) else None

    def frames(self, records: Iterable[Record] | None = None) -> Iterator[Seen]:
        """Netlink frames in file order, or of these records (see `record.follow`); others are passed over."""
        for record in self.reader if records is None else records:
            data = netlink_frame(record)
            if data is None:
                continue
            cut_from = record.wire_length + len(data) - len(record.data)
            if data[14:16] == GENERIC:
                self._foresee(data, cut_from)
            context = self._of(record)
            frame = walk(data, context, wire_length=cut_from)
            for place, walked in enumerate(frame.messages if record.comments else (), 1):
                tell(walked, record.comments, place)
            prior = [observe(context.requests, record.number, walked) for walked in frame.messages]
            yield seen_with(record.number, record, frame, prior, self.whole)

    def _of(self, record: Record) -> Context:
        """What is known in the network namespace of a frame: the first has the capture's own context."""
        if record.interface is not self._interface:
            self._interface = record.interface
            space = record.interface.space
            if space not in self._spaces:
                context = self.context if not self._spaces else self.context.beside()
                told = numbered(record.interface.comments, "interface")
                if told or self._spaces or len({one.space for one in self.reader.interfaces}) > 1:
                    context.names["interface"] = told
                self._spaces[space] = context
            self._here = self._spaces[space]
        return self._here

    def _foresee(self, data: bytes, wire_length: int) -> None:
        """Let families be known that only a later frame names."""
        order = self.context.order
        if not self.context.fixed_order:
            order = byte_order(data, COOKED, max(wire_length, len(data)) - COOKED, order)
        for start, end, _ in messages_in(data, COOKED, len(data), order)[0]:
            number = _number(data, start, order)
            if number == NLMSG_ERROR and start + ECHO + HEADER <= end:
                number = _number(data, start + ECHO, order)
            if self.context.name("genl", number) is None:
                self._later.name(number)

    def remembered(self) -> Iterator[int]:
        """Numbers of the frames whose requests may still be acknowledged."""
        return (request.frame for context in self._spaces.values() for request in context.requests or ())

    def finish(self) -> str | None:
        """Close; one line if the file ends before its records do."""
        cut = self.reader.finish()
        self.reader.close()
        return f"{self.reader.name}: {cut}" if cut else None


def watched(captures: list[Capture], paths: list[str], printing: bool) -> Iterator[Seen]:
    """The same as `merged`, with a progress bar for who looks on, see Progress."""
    with Progress(*paths, printing=printing) as progress:
        for seen in merged(captures):
            if progress.wanted:
                progress.at(sum(capture.reader.position for capture in captures))
            yield seen


def _number(data: bytes, start: int, order: str) -> int:
    """nlmsg_type of the header that begins there."""
    return int.from_bytes(data[start + 4 : start + 6], "little" if order == "<" else "big")


def merged(captures: list[Capture]) -> Iterator[Seen]:
    """The frames of all captures by time; numbered as in the file if there is one, else as they come."""
    if len(captures) == 1:
        yield from captures[0].frames()
        return
    numbers: dict[tuple[int, int], int] = {}
    room = ROOM
    streams = [_timed(capture, place) for place, capture in enumerate(captures)]
    for number, (_, place, seen) in enumerate(heapq.merge(*streams, key=_when), 1):
        numbers[place, seen.number] = number
        if len(numbers) > room:
            kept = {(place, frame) for place, capture in enumerate(captures) for frame in capture.remembered()}
            numbers = {key: one for key, one in numbers.items() if key in kept}
            room = len(numbers) + ROOM
        prior = [one and Asked(numbers.get((place, one.frame), one.frame), one.request) for one in seen.prior]
        yield seen_with(number, seen.record, seen.frame, prior, seen.whole)


Timed = tuple[int, int, Seen]


def _when(item: Timed) -> tuple[int, int]:
    return item[:2]


def _timed(capture: Capture, place: int) -> Iterator[Timed]:
    """With the time to sort by: a frame without one, or one that goes back, stays behind the frame before it."""
    latest = 0
    for seen in capture.frames():
        latest = max(latest, seen.record.time or 0)
        yield latest, place, seen
