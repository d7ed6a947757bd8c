"""Frames of one or several captures in order of time, decoded, each capture with a Context of its own."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from nldissect.capfile import Interface, Reader, Record, netlink_frame, open_capture
from nldissect.columns.blocks.whole_capture import WholeCapture
from nldissect.columns.fields.frame_comments import apply_comments
from nldissect.columns.names.initial import check_reader, order_of, timeline_of
from nldissect.columns.names.lookahead import names_ahead, names_by_frame
from nldissect.columns.names.timeline import FrameNames, NameTimeline
from nldissect.families.answer_rules import RULES
from nldissect.request_tracker import RequestTracker
from nldissect.sizes import SIZES
from nldissect.terminal.progress import Progress
from nldissect.uapi import NLMSG_ERROR
from nldissect.wire import DecodedFrame, DecodedMessage, walk
from nldissect.wire.decode.acks import PriorRequest, observe

from .request_comments import RequestComments

if TYPE_CHECKING:
    from .pasted import PastedCapture

SETTLED = 4096
"""Frames before the present one for which changed names are kept: a frame printed late has the names of its time."""


class StreamFrame(NamedTuple):
    """One netlink frame.

    number   in the capture, or in the merged order of several
    asked    for each message the request it acknowledges, if that is remembered
    chosen   numbers of the messages a filter chose, from 1; None for all, and for the frame itself
    whole    the capture as a whole, where it can be read twice
    prior    for each message the request it answers, acknowledges, whose dump it ends, or that caused it
    caused   comments on the frame of the request that caused it, if its first message names its cause; else None
    """

    number: int
    record: Record
    frame: DecodedFrame
    asked: list[PriorRequest | None]
    chosen: tuple[int, ...] | None = None
    whole: WholeCapture | None = None
    prior: Sequence[PriorRequest | None] = ()
    caused: tuple[str, ...] | None = None

    def messages(self) -> Iterator[tuple[int, DecodedMessage, PriorRequest | None]]:
        """Yield the messages to show, each with its number in the frame and the request it acknowledges."""
        for place, (walked, asked) in enumerate(zip(self.frame.messages, self.asked, strict=True), 1):
            if self.chosen is None or place in self.chosen:
                yield place, walked, asked

    @property
    def trailing(self) -> tuple[int, int]:
        """Start and end of the bytes after the last message; an empty span if that message is not shown."""
        start, end = self.frame.trailing
        hidden = self.chosen is not None and len(self.frame.messages) not in self.chosen
        return (end, end) if hidden else (start, end)


def visible_part(seen: StreamFrame, own: bool) -> StreamFrame | None:
    """Return the frame as it is shown with (`own`) or without the capture's own frames; None if it is hidden.

    Of an own frame before which frames were lost it is the first message, which has the note on the loss.
    """
    if own or not seen.record.own:
        return seen
    if seen.record.hidden:
        return None
    return seen._replace(chosen=(1,)) if seen.frame.messages else seen


def frame_with_requests(
    number: int,
    record: Record,
    frame: DecodedFrame,
    prior: list[PriorRequest | None],
    whole: WholeCapture | None = None,
) -> StreamFrame:
    """Return a frame with the requests its messages belong to."""
    acks = [walked.has_header and walked.number == NLMSG_ERROR for walked in frame.messages]
    asked = [one if ack else None for one, ack in zip(prior, acks, strict=True)]
    return StreamFrame(number, record, frame, asked, whole=whole, prior=prior)


def wire_length(seen: StreamFrame) -> int:
    """Return the length of a frame in bytes before a snap length cut it, with the 16-byte header."""
    return seen.record.wire_length + len(seen.frame.data) - len(seen.record.data)


class FrameStream:
    """One file, pasted text or open reader as a stream of frames, and the facts learned from it.

    families   ids of generic families the user fixed
    order      the byte order the user fixed, else None
    """

    def __init__(
        self, path: str | PastedCapture | Reader, families: dict[int, str] | None = None, order: str | None = None
    ) -> None:
        self.reader = path if isinstance(path, Reader) else open_capture(path if isinstance(path, str) else path.stream)
        check_reader(self.reader)
        self.names = timeline_of(self.reader, families, ahead=partial(_ahead, path, families, order))
        if not isinstance(path, (str, Reader)):
            self.names.families |= path.families
        self._order, self._fixed = order_of(self.reader, order), order is not None
        self._interface: Interface | None = None
        self._space = ""
        self._requests: dict[str, RequestTracker[Any]] = {}
        self._causes = RequestComments()
        self._settles = SETTLED
        self.whole = WholeCapture(path, families, order) if isinstance(path, str) else None

    def frames(self, records: Iterable[Record] | None = None) -> Iterator[StreamFrame]:
        """Yield netlink frames in file order, or those of `records` (see capfile.reader.follow); others are skipped."""
        for record in self.reader if records is None else records:
            data = netlink_frame(record)
            if data is None:
                continue
            cut_from = record.wire_length + len(data) - len(record.data)
            if record.number >= self._settles:
                self.names.settle(record.number - SETTLED)
                self._settles = record.number + SETTLED
            context = self._of(record)
            frame = walk(data, context, wire_length=cut_from)
            self._order = context.order
            for place, walked in enumerate(frame.messages if record.comments else (), 1):
                apply_comments(walked, record.comments, place)
            prior = [observe(context.requests, record.number, walked) for walked in frame.messages]
            seen = frame_with_requests(record.number, record, frame, prior, self.whole)
            yield seen._replace(caused=self._caused(seen)) if record.comments else seen

    def _caused(self, seen: StreamFrame) -> tuple[str, ...] | None:
        first = next(iter(seen.frame.messages), None)
        if first is None or not first.has_header:
            return None
        cause, record = seen.prior[0], seen.record
        frame = None if cause is None else cause.frame
        return self._causes.observe(record.number, record.comments, first.header, first.direction, frame)

    def _of(self, record: Record) -> FrameNames:
        """Return the names and requests that are known in the network namespace of a frame."""
        if record.interface is not self._interface:
            self._interface, self._space = record.interface, record.interface.space
        context = self.names.context(record.number, self._space, self._order, learns=True)
        context.fixed_order = self._fixed
        if self._space not in self._requests:
            self._requests[self._space] = RequestTracker(RULES)
        context.requests = self._requests[self._space]
        return context

    def remembered(self) -> Iterator[int]:
        """Return the numbers of the frames whose requests may still be acknowledged, as an iterator."""
        return (request.frame for requests in self._requests.values() for request in requests)

    def finish(self) -> str | None:
        """Close the reader; return one line if the file ends before its records do, else None."""
        cut = self.reader.finish()
        self.reader.close()
        return f"{self.reader.name}: {cut}" if cut else None


def _ahead(
    path: str | PastedCapture | Reader, families: dict[int, str] | None, order: str | None
) -> NameTimeline | None:
    """Return all names of a file or of pasted text; None for a reader."""
    if isinstance(path, str):
        return names_ahead(path, families, order, counted=True)
    return None if isinstance(path, Reader) else names_by_frame(BytesIO(path.stream.getvalue()), families, order)


def with_progress(captures: list[FrameStream], paths: list[str], printing: bool) -> Iterator[StreamFrame]:
    """Yield the frames of `merged`, with a progress bar where a user is looking, see Progress."""
    with Progress(*paths, printing=printing) as progress:
        for seen in merged(captures):
            if progress.wanted:
                progress.at(sum(capture.reader.position for capture in captures))
            yield seen


@contextmanager
def pass_progress(whole: WholeCapture) -> Iterator[None]:
    """Show the progress of second passes over a capture meanwhile, see Progress; nothing is printed meanwhile."""
    with Progress(whole.path, printing=False) as progress:
        whole.progress = progress.at
        yield
    whole.progress = None


def merged(captures: list[FrameStream]) -> Iterator[StreamFrame]:
    """Yield the frames of all captures by time; numbered as in the file if there is only one, else in this order."""
    if len(captures) == 1:
        yield from captures[0].frames()
        return
    numbers: dict[tuple[int, int], int] = {}
    room = SIZES.merged_numbers
    streams = [_timed(capture, place) for place, capture in enumerate(captures)]
    for number, (_, place, seen) in enumerate(heapq.merge(*streams, key=_when), 1):
        numbers[place, seen.number] = number
        if len(numbers) > room:
            kept = {(place, frame) for place, capture in enumerate(captures) for frame in capture.remembered()}
            numbers = {key: one for key, one in numbers.items() if key in kept}
            room = len(numbers) + SIZES.merged_numbers
        prior = [one and PriorRequest(numbers.get((place, one.frame), one.frame), one.request) for one in seen.prior]
        yield frame_with_requests(number, seen.record, seen.frame, prior, seen.whole)._replace(caused=seen.caused)


Timed = tuple[int, int, StreamFrame]


def _when(item: Timed) -> tuple[int, int]:
    return item[:2]


def _timed(capture: FrameStream, place: int) -> Iterator[Timed]:
    """Yield frames with the time to sort by: one without a time, or with an earlier one, stays after the last frame."""
    latest = 0
    for seen in capture.frames():
        latest = max(latest, seen.record.time or 0)
        yield latest, place, seen
