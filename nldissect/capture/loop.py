"""The capture loop: from a source to a writer until something ends it. It knows no device."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nldissect.errors import NldissectError
from nldissect.record import Writer

from .source import BATCH, BLOCK_MS, Source

REPORT_EVERY = 1.0
DRAIN = 4 * BLOCK_MS / 1000


@dataclass
class Result:
    """What a capture counted: frames written, frames the kernel received and dropped, and what ended it too early."""

    captured: int = 0
    received: int = 0
    dropped: int = 0
    error: str | None = None


class Loop:
    """Writes what the source gives, flushed as it comes.

    stops     files whose readiness ends the capture
    orders    files with a function each, that reads it and says whether to end
    ignored   files to be emptied
    """

    def __init__(
        self,
        source: Source,
        writer: Writer,
        *,
        count: int | None = None,
        duration: float | None = None,
        stops: tuple[int, ...] = (),
        orders: Mapping[int, Callable[[], bool]] = {},
        ignored: tuple[int, ...] = (),
        report: Callable[[Result], None] = lambda result: None,
    ) -> None:
        self.result = Result()
        self._source, self._writer = source, writer
        self._count = count
        self._deadline = None if duration is None else time.monotonic() + duration
        self._stops, self._orders, self._ignored = stops, orders, ignored
        self._report = report
        self._seen = 0

    def run(self) -> Result:
        """Until it ends; an error that comes on the way is in the result, with what was written before."""
        try:
            self._until_stopped()
            self._drain()
        except BrokenPipeError:
            pass  # who read our output has seen enough
        except NldissectError as error:
            self.result.error = str(error)
        return self.counted()

    def _take(self, stamp: int, wire: int, data: bytes) -> None:
        self._seen += 1
        if not self._full():
            self._writer.write(stamp, data, wire)
            self.result.captured += 1

    def _full(self) -> bool:
        return self._writer.done or (self._count is not None and self.result.captured >= self._count)

    def _until_stopped(self) -> None:
        poll = select.poll()
        for descriptor in (self._source.fileno(), *self._stops, *self._orders, *self._ignored):
            poll.register(descriptor, select.POLLIN)
        report_at = time.monotonic() + REPORT_EVERY
        more = False
        while not self._full():
            now = time.monotonic()
            due = self._writer.tick()
            if self._full():
                return
            if now >= report_at:
                self._report(self.counted())
                report_at = now + REPORT_EVERY
            if self._deadline is not None and now >= self._deadline:
                return
            wait = report_at - now
            wait = wait if self._deadline is None else min(wait, self._deadline - now)
            wait = wait if due is None else min(wait, due)
            ready = {descriptor for descriptor, _ in poll.poll(0 if more else max(1, 1000 * wait))}
            if ready & {*self._stops} or self._obey(ready):
                return
            for descriptor in ready & {*self._ignored}:
                _empty(descriptor)
            # libpcap may hold frames of a block it was not asked to finish, and then its descriptor keeps silent.
            more = self._source.read(self._take) >= BATCH
            self._writer.flush()

    def _obey(self, ready: set[int]) -> bool:
        """Read the orders that came, all of them; whether one is to end."""
        return True in [order() for descriptor, order in self._orders.items() if descriptor in ready]

    def _drain(self) -> None:
        """Take what the kernel had when the end came: its last block arrives up to BLOCK_MS later."""
        received, dropped = self._source.counts()
        poll = select.poll()
        poll.register(self._source.fileno(), select.POLLIN)
        deadline = time.monotonic() + DRAIN
        while not self._full() and self._seen < received - dropped and (left := deadline - time.monotonic()) > 0:
            poll.poll(max(1, 1000 * left))
            while self._source.read(self._take) >= BATCH and time.monotonic() < deadline:
                pass
        self._writer.flush()

    def counted(self) -> Result:
        """The result so far."""
        self.result.received, self.result.dropped = self._source.counts()
        return self.result


def _empty(descriptor: int) -> None:
    """Read away what nobody needs, so that its sender is not held up."""
    try:
        while os.read(descriptor, 1 << 16):
            pass
    except OSError:
        pass


def signals_as_file(*numbers: signal.Signals) -> int:
    """A file that becomes readable when one of these signals comes, which do nothing else. Ignored ones stay so."""
    out, into = os.pipe()
    os.set_blocking(into, False)
    signal.set_wakeup_fd(into, warn_on_full_buffer=False)
    for number in numbers:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda *_: None)
    return out
