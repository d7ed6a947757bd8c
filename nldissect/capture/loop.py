"""The capture loop: from sources to a writer until something ends it. It knows no device."""

from __future__ import annotations

import heapq
import itertools
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nldissect.capfile import OWN, Writer
from nldissect.capfile.comments import format_comment
from nldissect.errors import CaptureError, NldissectError

from .dumpcap import DumpcapSource
from .netns_name import netns_name
from .own_frames import SentRequests, is_own
from .source import BATCH, BLOCK_MS, EVERYTHING, FrameSource, Origin

REPORT_EVERY = 1.0
DRAIN = 4 * BLOCK_MS / 1000
PORTS = 1 << 15  # port ids that are remembered
LONGEST = 2.0  # seconds that a frame waits for those of other sources, or the end for what is left to read


@dataclass
class Result:
    """Counts of a capture: frames written, frames the kernel received and dropped; an error that ended it early.

    sources   where there are several: the name of each, frames received, frames dropped
    lacks     what could not be found out while capturing, and why
    cut       frames that were longer than a source could give, though a snap length allowed them
    missing   bytes of those frames that are not in the file
    own       frames of the capture itself that are in the file as well
    """

    captured: int = 0
    received: int = 0
    dropped: int = 0
    error: str | None = None
    sources: list[tuple[str, int, int]] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    cut: int = 0
    missing: int = 0
    own: int = 0


class HeldFrame(NamedTuple):
    """A frame that waits until the frames before it have come, where there are several sources."""

    stamp: int
    place: int
    arrived: float
    wire: int
    data: bytes
    interface: int
    comments: Sequence[str]


class _Feed:
    """One source: it numbers its interfaces, marks the capture's own traffic, and hands frames on."""

    def __init__(
        self,
        source: FrameSource,
        interface: int,
        writer: Writer,
        own: Mapping[bytes, SentRequests],
        speaker: Callable[[bytes], None],
        write: Callable[[int, int, bytes, int, Sequence[str]], None],
    ) -> None:
        self.source = source
        self.seen = 0
        self.latest = 0  # the stamp of its last frame
        self.passed = 0  # no frame with an earlier stamp will come
        self._interfaces = [interface]
        self._writer, self._own, self._speaker, self._write = writer, own, speaker, write
        self._ports: set[bytes] = set()

    def take(self, stamp: int, wire: int, data: bytes, origin: int = 0, comments: Sequence[str] = (), /) -> None:
        self.seen += 1
        self.latest = stamp
        port = data[14:16] + data[28:32]
        if is_own(data, self._own):
            comments = (*comments, OWN)
        elif port not in self._ports:
            self._meet(port)
        while origin >= len(self._interfaces):
            self._interfaces.append(describe(self._writer, self.source.origins[len(self._interfaces)]))
        self._write(stamp, wire, data, self._interfaces[origin], comments)

    def _meet(self, port: bytes) -> None:
        """Report a port id that occurs for the first time, or again after PORTS others."""
        if len(self._ports) >= PORTS:
            self._ports.clear()
        self._ports.add(port)
        if any(port[2:]):
            self._speaker(port[2:])

    def wind_up(self) -> None:
        """Let a source that buffers hand over everything it has."""
        if isinstance(self.source, DumpcapSource):
            self.source.wind_up()

    def read(self) -> bool:
        """Take the frames that are there; return True if there may be more."""
        now = time.time_ns()
        more = self.source.read(self.take) >= BATCH
        self.passed = self.latest if more else now - self.source.late
        return more


class Loop:
    """The loop that writes what the sources give, flushed as it comes; frames of several sources in the order of time.

    stops     files whose readiness ends the capture
    orders    files with a function each, that reads the file and returns whether to end
    own       requests of our own sockets, as raw_netlink.OWN has them
    speaker   called with each port id of others that is new, as the bytes in a frame
    The writer's first interfaces are those of the sources, in their order.
    """

    def __init__(
        self,
        sources: FrameSource | Sequence[FrameSource],
        writer: Writer,
        *,
        count: int | None = None,
        duration: float | None = None,
        stops: tuple[int, ...] = (),
        orders: Mapping[int, Callable[[], bool]] = {},
        own: Mapping[bytes, SentRequests] = {},
        speaker: Callable[[bytes], None] = lambda port: None,
        report: Callable[[Result], None] = lambda result: None,
    ) -> None:
        self.result = Result()
        self._writer = writer
        several = [*sources] if isinstance(sources, Sequence) else [sources]
        snaplen = several[0].origins[0].snaplen
        self._snaplen = sys.maxsize if snaplen >= EVERYTHING else snaplen
        write = self._write if len(several) == 1 else self._wait
        self._feeds = [_Feed(source, number, writer, own, speaker, write) for number, source in enumerate(several)]
        self._count = count
        self._deadline = None if duration is None else time.monotonic() + duration
        self._stops, self._orders = stops, orders
        self._report = report
        self._waiting: list[HeldFrame] = []
        self._held: list[HeldFrame] = []  # see `put`
        self._places = itertools.count()

    def run(self) -> Result:
        """Capture until the end; an error on the way is in the result, with what was written before."""
        try:
            try:
                self._until_stopped()
                self._drain()
            except CaptureError as error:  # of one source; what others gave before is written
                self.result.error = str(error)
            self._release(None)
            self.put_held()
            self._writer.flush()
        except BrokenPipeError:
            pass  # the reader of our output has closed it
        except NldissectError as error:
            self.result.error = self.result.error or str(error)
        return self.counted()

    def put(self, stamp: int, data: bytes, interface: int, comments: Sequence[str]) -> None:
        """Queue a frame of our own: it is written before the first later one of the sources, or when none can come."""
        heapq.heappush(self._held, HeldFrame(stamp, next(self._places), 0.0, len(data), data, interface, comments))

    def put_held(self, until: int | None = None) -> None:
        """Write the frames of our own up to a time in nanoseconds; None: all."""
        while self._held and (until is None or self._held[0].stamp <= until):
            first = heapq.heappop(self._held)
            self._writer.write(first.stamp, first.data, first.wire, first.comments, first.interface)

    def _write(self, stamp: int, wire: int, data: bytes, interface: int, comments: Sequence[str]) -> None:
        self.put_held(stamp)
        if not self._full():
            self._writer.write(stamp, data, wire, comments, interface)
            self.result.captured += OWN not in comments
            if len(data) < min(wire, self._snaplen):
                self.result.cut += 1
                self.result.missing += wire - len(data)

    def _wait(self, stamp: int, wire: int, data: bytes, interface: int, comments: Sequence[str]) -> None:
        one = HeldFrame(stamp, next(self._places), time.monotonic(), wire, data, interface, comments)
        heapq.heappush(self._waiting, one)

    def _release(self, passed: int | None) -> None:
        """Write the frames before which no other can come any more; None: all."""
        long_ago = time.monotonic() - LONGEST
        while self._waiting:
            first = self._waiting[0]
            if passed is not None and first.stamp > passed and first.arrived > long_ago:
                return
            heapq.heappop(self._waiting)
            self._write(first.stamp, first.wire, first.data, first.interface, first.comments)

    def _full(self) -> bool:
        return self._writer.done or (self._count is not None and self.result.captured >= self._count)

    def _until_stopped(self) -> None:
        poll = select.poll()
        sources = [feed.source.fileno() for feed in self._feeds]
        for descriptor in (*sources, *self._stops, *self._orders):
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
            wait = min(wait, BLOCK_MS / 1000) if self._waiting or self._held else wait
            ready = {descriptor for descriptor, _ in poll.poll(0 if more else max(1, 1000 * wait))}
            if ready & {*self._stops} or self._obey(ready):
                return
            # libpcap may hold frames of a block it was not asked to finish, and then its descriptor keeps silent.
            more = sum(feed.read() for feed in self._feeds if self._concerns(feed, ready)) > 0
            passed = min(feed.passed for feed in self._feeds)
            if self._waiting:
                self._release(passed)
            self.put_held(passed)
            self._writer.flush()

    def _concerns(self, feed: _Feed, ready: set[int]) -> bool:
        """Return whether to read a source; of several, those that wake the poll are read only when they did."""
        if len(self._feeds) == 1 or feed.source.late or feed.source.fileno() in ready:
            return True
        feed.passed = time.time_ns()
        return False

    def _obey(self, ready: set[int]) -> bool:
        """Read all the orders that have come; return whether one of them is to end."""
        return True in [order() for descriptor, order in self._orders.items() if descriptor in ready]

    def _drain(self) -> None:
        """Take the frames that the kernel had at the end: the last block of a ring arrives up to BLOCK_MS later."""
        for feed in self._feeds:
            feed.wind_up()
        expected = [received - dropped for received, dropped in (feed.source.counts() for feed in self._feeds)]
        end = time.monotonic() + LONGEST
        for feed, count in zip(self._feeds, expected, strict=True):
            poll = select.poll()
            poll.register(feed.source.fileno(), select.POLLIN)
            self._empty_out(feed, count, end)
            deadline = time.monotonic() + DRAIN
            while feed.seen < count and not self._full() and (left := deadline - time.monotonic()) > 0:
                poll.poll(max(1, 1000 * left))
                before = feed.seen
                while feed.read() and feed.seen < count:
                    pass
                if feed.seen > before:  # however much it is
                    deadline = time.monotonic() + DRAIN
        self._writer.flush()

    def _empty_out(self, feed: _Feed, count: int, end: float) -> None:
        """Read until nothing is left; a device up to the frames it had at the end, a socket up to the time `end`."""
        while feed.read() and not self._full():
            if feed.seen >= count if feed.source.late else time.monotonic() >= end:
                return

    def counted(self) -> Result:
        """Return the result so far."""
        counts = [feed.source.counts() for feed in self._feeds]
        self.result.received = sum(received for received, _ in counts)
        self.result.dropped = sum(dropped for _, dropped in counts)
        if len(counts) > 1:
            names = [feed.source.origins[0].name for feed in self._feeds]
            self.result.sources = [(name, *pair) for name, pair in zip(names, counts, strict=True)]
        return self.result


def describe(writer: Writer, origin: Origin) -> int:
    """Describe a source to the writer; return the number of its interface."""
    netns = netns_name(origin.netns, origin.inode) or "-"
    return writer.add_interface(
        origin.full_name,
        snaplen=origin.snaplen,
        decimals=origin.decimals,
        comments=[format_comment("netns", netns, *([origin.inode] if origin.inode else []))],
        description=origin.description or None,
        filter=origin.filter,
    )


def signals_as_file(*numbers: signal.Signals) -> int:
    """Return a file that becomes readable when one of these signals comes; the signals do nothing else.

    Ignored signals stay ignored.
    """
    out, into = os.pipe()
    os.set_blocking(into, False)
    signal.set_wakeup_fd(into, warn_on_full_buffer=False)
    for number in numbers:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda *_: None)
    return out
