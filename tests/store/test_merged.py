"""Several files looked at as one capture: merged by time they are what they were cut from."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

import nldissect
from nldissect.capfile import PcapWriter, open_capture
from nldissect.filters import compile_filter
from nldissect.filters.vector_evaluator import VectorFilter
from nldissect.store.merged import MergedCapture
from nldissect.store.row_ranges import RangeReader
from nldissect.stream import frames as stream_frames
from nldissect.viewer.app import Viewer
from nldissect.viewer.jobs.sort_job import sorted_rows
from nldissect.viewer.model.capture_model import CaptureModel
from nldissect.viewer.panes.table_screen import TableScreen
from tests.helpers.messages import ACK, REQUEST, ROUTE, error, frame, link, write
from tests.helpers.paths import CAPTURES
from tests.helpers.sizes import SetSizes
from tests.helpers.viewer_pilot import Screen

TOUR = CAPTURES / "tour.pcap"


@pytest.fixture
def halves(tmp_path: Path) -> list[Path]:
    """tour.pcap dealt out: every third frame to the second file."""
    paths = [tmp_path / "a.pcap", tmp_path / "b.pcap"]
    with open_capture(TOUR) as reader, paths[0].open("wb") as first, paths[1].open("wb") as second:
        writers = [PcapWriter(first), PcapWriter(second)]
        for record in reader:
            writers[record.number % 3 == 0].write(record.time or 0, record.data, record.wire_length)
        for writer in writers:
            writer.flush()
    return paths


def test_merged_files_are_what_they_were_cut_from(halves: list[Path], sizes: SetSizes) -> None:
    sizes(row_range=2048)
    text = 'IFLA_MTU > 1000 or error or IFLA_IFNAME contains "d" or notes'
    with nldissect.open(TOUR) as whole, MergedCapture(halves, {}, None) as merged:
        steps = 0
        while merged.behind:
            assert 0 == merged.count
            steps += merged.refresh(1) == 0
        assert steps and not merged.refresh(1) and 1.0 == merged.progress
        for name in ("time", "captured", "number"):
            assert whole.frames[name].tolist() == merged.frames[name].tolist()
        for name in ("frame", "at", "seq", "pid", "flags"):
            assert whole.messages[name].tolist() == merged.messages[name].tolist()
        assert [number % 3 == 0 for number in merged.frames["number"]] == (merged.frames["file"] == 1).tolist()

        pieces, test = RangeReader(merged), VectorFilter(compile_filter(text).tree)
        spans = pieces.spans()
        assert 5 < len(spans) and {0, 1} == {span.file for span in spans}
        rows = np.concatenate([pieces.rows(span) for span in spans])
        assert list(range(whole.count)) == sorted(rows.tolist())
        found = np.concatenate([pieces.rows(span)[test.mask(pieces.block(span), merged.first)] for span in spans])
        assert whole.filter(text).rows().tolist() == sorted(found.tolist())

        done: list[np.ndarray] = []
        for capture in (whole, merged):
            every = np.arange(capture.count, dtype=np.uint32)
            for _ in sorted_rows(capture, RangeReader(capture), every, "IFLA_MTU", True, done.append):
                pass
        assert done[0].tolist() == done[1].tolist() != every.tolist()


def test_what_files_grow_by_stands_behind_what_is_there(halves: list[Path], tmp_path: Path) -> None:
    """Rows stay; what is new may be older than what was there."""
    whole = [path.read_bytes() for path in halves]
    ends = [24, 24]
    for number, frames in enumerate((60, 20)):
        for _ in range(frames):
            at = ends[number]
            ends[number] += 16 + int.from_bytes(whole[number][at + 8 : at + 12], "little")
        halves[number].write_bytes(whole[number][: ends[number]])
    test = VectorFilter(compile_filter("IFLA_MTU > 1000 or error").tree)
    with MergedCapture(halves, {}, None) as merged:
        merged.refresh()
        assert [80, False] == [len(merged.frames["at"]), merged.behind]
        before = {name: column.tolist() for name, column in merged.messages.items()}
        for number in (1, 0):
            halves[number].write_bytes(whole[number])
            known = merged.count
            new = merged.refresh()
            assert 0 < new == merged.count - known and not merged.refresh()
        assert before == {name: merged.messages[name][: len(before["at"])].tolist() for name in before}
        assert list(range(1, len(merged.frames["at"]) + 1)) == merged.frames["number"].tolist()
        pieces = RangeReader(merged)
        hits = np.concatenate([pieces.rows(one)[test.mask(pieces.block(one), 0)] for one in pieces.spans()])
        files = merged.frames["file"][merged.messages["frame"][hits]]
        for number, path in enumerate(halves):
            with nldissect.open(path) as one:
                assert len(one.filter("IFLA_MTU > 1000 or error")) == (files == number).sum()
                mine = merged.frames["file"] == number
                assert one.frames["number"].tolist() == merged.frames["own"][mine].tolist()
        merged_times = [merged.frames["time"][merged.frames["file"] == one] for one in (0, 1)]
        assert all((np.diff(times) >= 0).all() for times in merged_times)


def numbers_file(app: Viewer, row: int) -> int:
    capture = app.store.capture
    return int(capture.frames["file"][capture.messages["frame"][row]])


def test_several_files_on_the_screen(halves: list[Path]) -> None:
    """The list says which file a message is from; what belongs together is in one file."""

    async def whole() -> None:
        app = Viewer(CaptureModel(MergedCapture(list(map(str, halves)), {}, None)))
        async with app.run_test(size=(120, 40)) as pilot:
            screen = Screen(app, pilot)
            await screen.until(lambda: app.packets.count == 256 and app.details.count)
            lines = [line.split() for line in screen.lines(app.packets)]
            assert {(line[0], line[2]) for line in lines} == {
                (str(number), "b.pcap" if number % 3 == 0 else "a.pcap") for number in screen.frames
            }
            assert "a.pcap, b.pcap" in screen.text[-1] and "File" in screen.text[1].split()

            await screen.press("s", *"eth0", "full_stop", "1", "0", "enter")
            await screen.until(lambda: app.finder is not None and app.finder.done)
            named = [place for place, line in enumerate(screen.lines(app.packets)) if "eth0.10" in line]
            assert named == app.finder.rows.tolist() and {0, 1} == {numbers_file(app, row) for row in named}

            # frame 7 asks for eth0 and frame 8 answers, both in the first file; 9 to 11 are another such pair
            await screen.press("colon", "7", "enter", "E")
            await screen.until(lambda: "exchange.id" in app.filtering.text and app.filtering.sieve.complete)
            assert f'frame.file == "{halves[0]}" and exchange.id == ' in app.filtering.text
            assert [7, 8] == screen.frames

            await screen.press("9")  # exchanges: of the first file alone, as the filter has it
            await screen.until(
                lambda: isinstance(app.screen, TableScreen) and "a.pcap · eth0" in "\n".join(screen.text)
            )
            assert not [line for line in screen.text if "b.pcap ·" in line]
            await screen.press("escape")

            await screen.write('frame.file contains "b.pcap"')
            await screen.until(lambda: app.filtering.sieve.complete)
            assert {0} == {number % 3 for number in screen.frames} and 30 < len(screen.frames)
        app.store.close()

    asyncio.run(whole())


def test_numbers_are_kept_of_what_may_still_be_acknowledged(tmp_path: Path, sizes: SetSizes) -> None:
    sizes(merged_numbers=16, kept_requests=8)
    paths = []
    for name in "ab":
        asked = [link(7, kind=18, flags=REQUEST | ACK, seq=seq) for seq in range(100)]
        sent = [frame(ROUTE, one) for request in asked for one in (request, error(0, request, capped=True))]
        paths.append(str(write(tmp_path / f"{name}.pcap", *sent)))
    begun = stream_frames.merged([stream_frames.FrameStream(path) for path in paths])
    seen, kept = [], 0
    for one in begun:
        seen.append(one)
        kept = max(kept, len(begun.gi_frame.f_locals["numbers"]))
    assert 400 == len(seen) and 16 <= kept <= 16 + 2 * 8 + 1
    acknowledged = [(one.number, one.asked[0].frame) for one in seen if one.asked[0] is not None]
    assert [(number + 2, number) for number in range(1, 400) if number % 4 in (1, 2)] == acknowledged
