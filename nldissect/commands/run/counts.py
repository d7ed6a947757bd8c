"""Counts of a command's exchanges with the kernel: requests, errors, messages, bytes, time waited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nldissect.capfile.comments import parse_comments
from nldissect.request_tracker import TO_KERNEL, TO_USER

if TYPE_CHECKING:
    from nldissect.stream.frames import StreamFrame

MILLISECOND = 1_000_000
KEPT = 4096
"""Most requests kept whose answers may still come."""

Key = tuple[str, int, int]
"""Process, protocol, sequence number."""


@dataclass
class ProcessCount:
    """The counts of one process; `waited` is nanoseconds from requests to their last answers, overlaps count once."""

    requests: int = 0
    errors: int = 0
    messages: int = 0
    bytes: int = 0
    waited: int = 0
    _until: int = 0
    _asked: dict[Key, int] = field(default_factory=dict)

    def ask(self, key: Key, now: int) -> None:
        """Record that a request was sent; `now` is in nanoseconds."""
        self._asked[key] = now
        if len(self._asked) > KEPT:
            del self._asked[next(iter(self._asked))]

    def answer(self, key: Key, now: int) -> None:
        """Add the time that an answer was waited for; `now` is in nanoseconds."""
        since = self._asked.get(key)
        if since is not None and now > (start := max(since, self._until)):
            self.waited += now - start
            self._until = now

    def told(self) -> str:
        """Return the counts as one line."""
        requests, errors, messages = (
            f"{count} {what}{'s' * (count != 1)}"
            for count, what in ((self.requests, "request"), (self.errors, "error"), (self.messages, "message"))
        )
        return f"{requests}, {errors}, {messages}, {self.bytes} bytes, waited {shown(self.waited)}"


class ProcessCounts:
    """The counts of all frames, and of those of each process."""

    def __init__(self) -> None:
        self.all = ProcessCount()
        self.processes: dict[str, ProcessCount] = {}

    def meet(self, seen: StreamFrame) -> None:
        """Count one frame."""
        from nldissect.wire.decode.acks import ack_of  # a tally of nothing needs no tables

        who = whose(seen)
        counts = [self.all, self.processes.setdefault(who, ProcessCount())]
        start = 16
        for count in counts:
            count.bytes += max(seen.record.wire_length - start, 0)
        now = seen.record.time
        for walked, asked in zip(seen.frame.messages, seen.asked, strict=True):
            ack = ack_of(walked, asked)
            key = who, walked.protocol, walked.seq
            for count in counts:
                count.messages += 1
                count.errors += ack is not None and ack.error < 0
                if walked.direction == TO_KERNEL and walked.has_header:
                    count.requests += walked.flags & 1
                    if now is not None:
                        count.ask(key, now)
                elif walked.direction == TO_USER and now is not None:
                    count.answer(key, now)

    def lines(self) -> Iterator[str]:
        """Yield a line for each process, if there are several."""
        if len(self.processes) > 1:
            width = max(map(len, self.processes))
            for who, count in self.processes.items():
                yield f"{who:<{width}}  {count.told()}"


def whose(seen: StreamFrame, caused: bool = False) -> str:
    """Return the process that a frame came from or went to; empty if it is not known.

    caused   of a notification that names its cause, return the process that caused it
    """
    comments = seen.caused if caused and seen.caused is not None else seen.record.comments
    return next(parse_comments(comments, "process"), [""])[0]


def shown(nanoseconds: int) -> str:
    """Return a span of time as text with its unit."""
    if nanoseconds < MILLISECOND:
        return f"{nanoseconds // 1000} us"
    if nanoseconds < 1000 * MILLISECOND:
        return f"{nanoseconds / MILLISECOND:.1f} ms"
    return f"{nanoseconds / (1000 * MILLISECOND):.2f} s"
