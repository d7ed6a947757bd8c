"""Several sources in one capture: by time, and each frame's own."""

from __future__ import annotations

import io
import threading
import time

import pytest

from nldissect.capfile import PcapngWriter, Record
from nldissect.capture.loop import Loop, describe
from nldissect.capture.source import BATCH, OnFrame, Origin
from tests.helpers.fake_source import TIME, Fake, stopped, written


class Timed(Fake):
    """Frames with times of their own: (seconds after TIME, bytes)."""

    def __init__(self, name: str, *batches: list[tuple[float, bytes]], late: int = 0) -> None:
        super().__init__(*([data for _, data in batch] for batch in batches))
        self.origins = (Origin(name, netns=name),)
        self.late = late
        self._times = [[TIME + int(second * 1e9) for second, _ in batch] for batch in batches]

    def read(self, take: OnFrame) -> int:
        times = iter(self._times.pop(0) if self._times else ())
        return super().read(lambda stamp, wire, data, *_: take(next(times), wire, data))


def merged(*sources: Timed, count: int | None = None, stops: tuple[int, ...] = ()) -> list[Record]:
    stream = io.BytesIO()
    stream.close = lambda: None  # type: ignore[method-assign]
    writer = PcapngWriter(stream)
    for source in sources:
        describe(writer, source.origins[0])
    result = Loop(sources, writer, count=count, stops=stops).run()
    writer.close()
    records = written(stream)
    assert len(records) == result.captured
    assert [(source.origins[0].name, *source.counts()) for source in sources] == result.sources
    return records


def test_several_sources_are_merged_by_time() -> None:
    one = Timed("one", [(0, b"a"), (3, b"d"), (4, b"e")])
    other = Timed("other", [(1, b"b"), (2, b"c"), (5, b"f")])
    records = merged(one, other, count=6)
    assert [b"a", b"b", b"c", b"d", b"e", b"f"] == [record.data for record in records]
    assert ["one@one", "other@other", "other@other", "one@one", "one@one", "other@other"] == [
        record.interface.name for record in records
    ]
    assert ["one", "other"] == [records[place].interface.space for place in (0, 1)]


def test_a_frame_waits_for_those_that_are_still_on_their_way() -> None:
    """The kernel hands over a block of a device's ring some time after the first frame in it."""
    now = (time.time_ns() - TIME) / 1e9
    device = Timed("device", late=3600_000_000_000)
    group = Timed("group", [(now, b"later")])

    def come() -> None:
        device._times.append([TIME + int((now - 1) * 1e9)])
        device.more([b"earlier"])

    thread = threading.Timer(0.2, come)
    thread.start()
    records = merged(group, device, count=2)
    thread.join()
    assert [b"earlier", b"later"] == [record.data for record in records]


def test_a_frame_waits_for_a_source_that_is_behind() -> None:
    """A full batch may be followed by more: until that is read, nothing later than its last frame is written."""
    behind = Timed("behind", [(number / 1e6, b"behind") for number in range(BATCH)], [(1, b"behind")])
    ahead = Timed("ahead", [(0.5, b"ahead")])
    records = merged(ahead, behind, count=BATCH + 2)
    assert [b"behind"] * BATCH + [b"ahead", b"behind"] == [record.data for record in records]


def test_a_clock_that_stepped_back_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stamps of the time to come are written all the same, when they have waited long enough."""
    monkeypatch.setattr("nldissect.capture.loop.LONGEST", 0.05)
    later = 3600 + (time.time_ns() - TIME) / 1e9
    records = merged(Timed("one", [(later, b"a")]), Timed("other", [(later + 1, b"b")]), count=2)
    assert [b"a", b"b"] == [record.data for record in records]


def test_what_waits_is_written_at_the_end() -> None:
    later = 3600 + (time.time_ns() - TIME) / 1e9
    records = merged(Timed("one", [(later, b"a")]), Timed("other", []), stops=(stopped(),))
    assert [b"a"] == [record.data for record in records]
