"""Pieces of a kept capture: the same blocks as those the file was read by, wherever one begins."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import nldissect
from nldissect.store.capture import Capture
from nldissect.store.row_ranges import RangeReader, RowRange
from nldissect.store.segmented import SegmentedCapture
from nldissect.viewer.jobs.filter_job import FilterJob
from nldissect.viewer.model.capture_model import CaptureModel
from tests.helpers.paths import CAPTURES
from tests.helpers.sizes import SetSizes

OFFSETS = {"start", "end", "padded_end", "frame_end"}


@pytest.mark.parametrize("name", sorted(one.name for one in CAPTURES.glob("*.pcap*")))
def test_a_piece_is_the_block_that_was_read(name: str) -> None:
    with nldissect.open(CAPTURES / name) as cap:
        [turn] = list(cap.part().turns())[:1]
        count = min(len(turn.block), cap.count)
        block, again = turn.block, RangeReader(cap).block(RowRange(0, count))
        frames = len(again.frames.start)
        for group in ("frames", "messages", "headers"):
            old, new = getattr(block, group)._asdict(), getattr(again, group)._asdict()
            for name, column in old.items():
                shift = (block.offset, again.offset) if name in OFFSETS else (0, 0)
                size = frames if group == "frames" or name.startswith("frame_") else count
                assert np.array_equal(column[:size] + shift[0], new[name] + shift[1]), name
        assert block.frame_bytes(frames - 1) == again.frame_bytes(frames - 1)


def test_filters_on_pieces_find_what_filters_on_the_capture_find(sizes: SetSizes) -> None:
    from nldissect.filters import compile_filter
    from nldissect.filters.vector_evaluator import VectorFilter

    sizes(row_range=512)
    text = 'IFLA_MTU > 1000 or error or IFLA_IFNAME contains "d" or notes'
    with nldissect.open(CAPTURES / "tour.pcap") as cap:
        pieces = RangeReader(cap)
        spans = pieces.spans()
        assert len(spans) > 5 and (0, cap.count) == (spans[0].start, spans[-1].stop)
        test = VectorFilter(compile_filter(text).tree)
        found = []
        for span in reversed(spans):
            found += (span.start + test.mask(pieces.block(span), cap.first).nonzero()[0]).tolist()
        assert sorted(found) == cap.filter(text).rows().tolist()


def test_files_that_follow_one_another(tmp_path: Path, sizes: SetSizes) -> None:
    """tour.pcap cut in three: as one file; what every later file begins with is not shown; the first can be let go."""
    sizes(row_range=2048)
    from nldissect.capfile import PcapWriter, open_capture

    with open_capture(CAPTURES / "tour.pcap") as reader:
        records = list(reader)
    head = records[:2]
    parts = [records[:100], [*head, *records[100:150]], [*head, *records[150:]]]
    paths = [tmp_path / f"{number}.pcap" for number in range(3)]
    for path, some in zip(paths, parts, strict=True):
        with path.open("wb", buffering=0) as file:
            writer = PcapWriter(file)
            for record in some:
                writer.write(record.time or 0, record.data, record.wire_length)
            writer.flush()
    chain = SegmentedCapture(paths[0], {}, None)
    store = CaptureModel(chain)
    assert chain.refresh(1) and chain.behind and not chain.refresh(1)
    assert not chain.behind and 100 == len(chain.frames["at"])
    for path, before in ((paths[1], 100 - 2), (paths[2], 150 - 2)):
        chain.add_segment(path, before)
        store.heads.append(2)
    while chain.behind:
        chain.refresh(1)
    with nldissect.open(CAPTURES / "tour.pcap") as whole:
        shown = store.every()
        assert whole.count == len(shown)
        assert list(whole.columns["frame"]) == [store.frame_number(shown[place]) for place in range(len(shown))]
        for place in range(0, len(shown), 7):
            entry = store.entry(shown[place])
            assert bytes(whole.frame(entry.number)) == entry.frame.data
        sieve = FilterJob(store, "IFLA_MTU")
        job = sieve.job(lambda: 0, lambda: None)
        while next(job):
            pass
        assert sieve.complete
        found = whole.filter("IFLA_MTU")
        numbers = [store.frame_number(row) for row in store.hide(sieve.rows()).tolist()]
        assert list(found.columns["frame"]) == numbers
        chain.release(1)
        assert store.let_go == store.skip - int(
            (chain.messages["frame"] == 100).sum() + (chain.messages["frame"] == 101).sum()
        )
        assert 101 == store.frame_number(store.every()[0])
        sieve = FilterJob(store, "IFLA_MTU")
        job = sieve.job(lambda: 0, lambda: None)
        while next(job):
            pass
        assert sieve.complete
        assert [one for one in numbers if one > 100] == [
            store.frame_number(row) for row in store.hide(sieve.rows()).tolist()
        ]
    store.close()


def test_frames_of_the_capture_itself_are_hidden(tmp_path: Path) -> None:
    from nldissect.capfile import PcapngWriter, open_capture
    from nldissect.capfile.records import OWN

    path = tmp_path / "x.pcapng"
    with open_capture(CAPTURES / "tour.pcap") as reader, path.open("wb", buffering=0) as file:
        writer = PcapngWriter(file)
        for record in reader:
            comments = [OWN] if record.number in (3, 5) else []
            writer.write(record.time or 0, record.data, record.wire_length, comments=comments)
        writer.flush()
    for own, missing in ((False, {3, 5}), (True, set())):
        with Capture([path], {}, None) as cap:
            store = CaptureModel(cap, own=own)
            shown = store.every()
            numbers = {store.frame_number(shown[place]) for place in range(len(shown))}
            assert set(range(1, max(numbers) + 1)) - numbers == missing


def test_a_capture_is_taken_in_step_by_step(sizes: SetSizes) -> None:
    path = CAPTURES / "tour.pcap"
    sizes(window=4096)
    steps, cap = 0, Capture([path], {}, None, read=False)
    assert 0 == cap.count and cap.behind
    with nldissect.open(path) as whole:
        while cap.behind:
            before = cap.messages
            kept = before["seq"].tolist()
            cap.refresh(1)
            assert kept == before["seq"].tolist()
            steps += 1
        assert steps > 2 and whole.count == cap.count
        for name, column in whole.messages.items():
            assert column.tolist() == cap.messages[name].tolist()
        assert whole.frames["at"].tolist() == cap.frames["at"].tolist()
    cap.close()
