"""A live capture that has filled several files: searched as one, kept as one, also when the oldest is gone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import nldissect
from nldissect.capfile import PcapngWriter, open_capture
from nldissect.capfile.records import OWN
from nldissect.errors import FileError
from nldissect.store.row_ranges import RangeReader
from nldissect.store.segmented import SegmentedCapture
from nldissect.viewer.filter_text.related import follow
from nldissect.viewer.jobs.dump_folding import DumpFolding
from nldissect.viewer.jobs.filter_job import FilterJob
from nldissect.viewer.jobs.save_job import saving
from nldissect.viewer.jobs.search_job import Finder, Pattern
from nldissect.viewer.jobs.sort_job import sorted_rows
from nldissect.viewer.live.keep import keeping
from nldissect.viewer.model.capture_model import CaptureModel
from nldissect.viewer.views import VIEWS, ViewInput
from tests.helpers.paths import CAPTURES
from tests.helpers.sizes import SetSizes

HEAD = 2


@pytest.fixture
def store(tmp_path: Path) -> CaptureModel:
    """tour.pcap in three files as a private capture writes them: each begins with the same two frames of its own."""
    with open_capture(CAPTURES / "tour.pcap") as reader:
        records = list(reader)
    parts = [records[:100], [*records[:HEAD], *records[100:150]], [*records[:HEAD], *records[150:]]]
    paths = [tmp_path / f"{number}.pcapng" for number in range(3)]
    for path, some in zip(paths, parts, strict=True):
        with path.open("wb", buffering=0) as file:
            writer = PcapngWriter(file)
            for number, record in enumerate(some):
                comments = [OWN] if number < HEAD else []
                writer.write(record.time or 0, record.data, record.wire_length, comments=comments)
            writer.flush()
    chain = SegmentedCapture(paths[0], {}, None)
    store = CaptureModel(chain, HEAD)
    for path, before in zip(paths[1:], (100 - HEAD, 150 - HEAD), strict=True):
        chain.add_segment(path, before)
        store.heads.append(HEAD)
    while chain.behind:
        chain.refresh(1)
    return store


def numbers(path: Path) -> list[int]:
    """The frames of tour.pcap that a file shows, by their times."""
    with nldissect.open(CAPTURES / "tour.pcap") as tour:
        times = dict(zip(tour.frames["time"].tolist(), tour.frames["number"].tolist(), strict=True))
    with nldissect.open(path) as capture:
        store = CaptureModel(capture)
        shown = [int(capture.messages["frame"][row]) for row in store.every().all().tolist()]
        return sorted({times[int(capture.frames["time"][frame])] for frame in shown})


def search(store: CaptureModel, text: str, at: int = 1 << 30) -> list[int]:
    """The frames with a match; after so many steps the oldest file goes."""
    finder = Finder(store.capture, store.every().all(), Pattern(text), 0)
    for step, _ in enumerate(finder.job(lambda: None)):
        if step == at:
            store.capture.release(1)  # type: ignore[attr-defined]
    return sorted({store.frame_number(row) for row in finder.rows.tolist()})


def test_search_in_several_files(store: CaptureModel) -> None:
    with nldissect.open(CAPTURES / "tour.pcap") as tour:
        line = CaptureModel(tour)
        every = Finder(tour, line.every().all(), Pattern("eth0.10"), 0)
        list(every.job(lambda: None))
        there = sorted({line.frame_number(row) for row in every.rows.tolist()})
    assert 3 < len(there) and there[0] < 100 < 150 < there[-1]
    assert there == search(store, "eth0.10")
    assert [one for one in there if one > 100] == [one for one in search(store, "eth0.10", at=0) if one > 100]
    assert [one for one in there if one > 100] == search(store, "eth0.10")


def test_the_oldest_goes_while_a_filter_and_a_view_look_at_it(store: CaptureModel, sizes: SetSizes) -> None:
    sizes(row_range=4096)
    sieve, scene = FilterJob(store, "IFLA_MTU"), ViewInput(store)
    job, blocks, order = sieve.job(lambda: 0, lambda: None), scene.blocks(), list[bool]()
    ordering = sorted_rows(
        store.capture,
        RangeReader(store.capture),
        store.every().all(),
        "IFLA_MTU",
        False,
        lambda rows: order.append(True),
    )
    assert next(job) and next(blocks) and next(ordering)
    store.capture.release(1)  # type: ignore[attr-defined]
    assert all(int(chosen.rows[0]) >= store.let_go for chosen in blocks)
    assert all(ordering) and order
    while next(job):
        pass
    assert sieve.complete and 3 < len(store.hide(sieve.rows()))
    part = store.capture.part(0)
    with pytest.raises(FileError, match="let go of to make room"):
        part.take(0, 4)


def test_all_files_are_kept(store: CaptureModel, tmp_path: Path) -> None:
    whole, later, frames = tmp_path / "whole.pcapng", tmp_path / "later.pcapng", tmp_path / "frames.pcapng"
    assert all(keeping(store.capture, str(whole)))  # type: ignore[arg-type]
    there = numbers(CAPTURES / "tour.pcap")
    assert there[2:] == numbers(whole)
    assert 0o600 == whole.stat().st_mode & 0o777

    last = store.count - 1
    store.capture.release(1)  # type: ignore[attr-defined]
    assert all(keeping(store.capture, str(later)))  # type: ignore[arg-type]
    assert [one for one in there if one > 100] == numbers(later)
    *_, done = saving(store.capture, None, str(frames), every=store.frames())
    assert [one for one in there if one > 100] == numbers(frames) and done == len(there) - 100 + HEAD
    with pytest.raises(FileError, match="let go of to make room"):
        store.entry(store.row_of_frame(50) or 0)
    assert store.entry(last).number == there[-1]


def test_what_can_not_be_kept_leaves_nothing_behind(store: CaptureModel, tmp_path: Path) -> None:
    path = tmp_path / "x.pcapng"
    path.write_text("mine")
    with pytest.raises(FileError, match="is there already"):
        next(keeping(store.capture, str(path)))  # type: ignore[arg-type]
    assert "mine" == path.read_text()
    with pytest.raises(FileError, match="can't write .*No such file"):
        next(keeping(store.capture, str(tmp_path / "none" / "x")))  # type: ignore[arg-type]
    path.unlink()
    os.truncate(tmp_path / "1.pcapng", 500)
    with pytest.raises(FileError, match="become shorter"):
        list(keeping(store.capture, str(path)))  # type: ignore[arg-type]
    assert not path.exists()


def test_exchanges_of_each_file(store: CaptureModel) -> None:
    """They are counted from 1 in each: the filter of a line finds its messages only, as the list numbers them."""
    *_, lines = next(view for view in VIEWS if view.name == "Exchanges").rows(ViewInput(store, store.every().rows))
    told: list[str | None] = []
    for line in lines:
        assert line.filter is not None and line.row is not None
        sieve = FilterJob(store, line.filter)
        job = sieve.job(lambda: 0, lambda: None)
        while next(job):
            pass
        rows = store.hide(sieve.rows())
        frames = store.capture.messages["frame"][rows]
        assert len(rows) and 1 == len(set(store.capture.frames["file"][frames].tolist()))
        assert line.row == rows[0] or line.row in range(HEAD)
        entry = store.entry(line.row)
        for _ in follow(store, entry, "exchange.id", told.append):
            pass
        assert line.filter == told[-1]
    assert len(lines) > 40 and len(set(told)) == len(lines)


def test_exchanges_of_a_file_that_is_let_go_of(store: CaptureModel) -> None:
    """While they are on the screen."""
    view = next(view for view in VIEWS if view.name == "Exchanges")
    *_, lines = view.rows(ViewInput(store, store.every().rows))
    first = len(lines)
    store.capture.release(1)  # type: ignore[attr-defined]
    store._entries.clear()
    assert "let go of to make room" in str(lines[0].cells[-1]) and lines[0].row is None
    *_, lines = view.rows(ViewInput(store, store.every().rows))
    assert 0 < len(lines) < first and all(line.row is not None for line in lines)


def test_a_file_is_let_go_of_while_dumps_are_looked_for(store: CaptureModel, sizes: SetSizes) -> None:
    """Half of it was read."""
    sizes(row_range=1 << 12)
    folding = DumpFolding(store)
    looking = folding.job(lambda: None)
    assert next(looking)
    store.capture.release(1)  # type: ignore[attr-defined]
    while not folding.version:
        next(looking)
    folding.on = True
    assert len(folding.fold(store.every())) <= len(store.every())
