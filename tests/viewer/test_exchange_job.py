"""Exchanges of a capture that grows while it is looked at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nldissect.store.capture import Capture
from nldissect.store.row_ranges import RowRange
from nldissect.viewer.jobs.exchange_job import FileExchanges, joining
from nldissect.viewer.model.capture_model import CaptureModel
from tests.helpers.exchanges import exchanges_of
from tests.helpers.paths import CAPTURES

TOUR = CAPTURES / "tour.pcap"


def joined(store: CaptureModel) -> list[FileExchanges]:
    steps = joining(store)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: list[FileExchanges] = end.value
            return found


def test_what_was_joined_before_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that grows four times: each time from the first message that is new, and in the end as at once."""
    data, path = TOUR.read_bytes(), tmp_path / "growing.pcap"
    path.write_bytes(data[:24])
    capture, begun = Capture([str(path)], {}, None), []
    store = CaptureModel(capture)
    block = store.pieces.block
    monkeypatch.setattr(store.pieces, "block", lambda span: begun.append(span.start) or block(span))
    counts, before = [0], joined(store)[0]
    for part in range(1, 5):
        path.write_bytes(data[: len(data) * part // 4])
        capture.refresh()
        (one,) = joined(store)
        counts.append(store.count)
    assert counts[:-1] == begun
    assert 0 == len(before.found) and counts[-1] == one.found.ledger.rows
    whole = exchanges_of(TOUR)
    assert whole.table()["head"].tolist() == one.found.table()["head"].tolist()
    assert whole.table()["result"].tolist() == one.found.table()["result"].tolist()


def test_two_jobs_that_take_turns_join_each_message_once() -> None:
    store = CaptureModel(Capture([str(TOUR)], {}, None))
    spans = store.pieces.spans()
    cut = spans[0]._replace(stop=20), RowRange(20, spans[0].stop)
    store.pieces.spans = lambda: [*cut, *spans[1:]]  # type: ignore[method-assign]
    one, other = joining(store), joining(store)
    steps = [next(one), next(other)]
    assert [True, True] == steps
    assert len(exchanges_of(TOUR)) == len(joined(store)[0].found)


def test_files_that_are_merged_have_exchanges_of_their_own() -> None:
    """Their messages lie between one another in the list."""
    paths = [CAPTURES / "errors.pcap", CAPTURES / "dump_interrupted.pcap"]
    files = joined(CaptureModel(Capture(list(map(str, paths)), {}, None)))
    assert [len(exchanges_of(path)) for path in paths] == [len(one.found) for one in files]
    rows = np.concatenate([one.rows(np.arange(one.found.ledger.rows)) for one in files])
    assert sorted(rows.tolist()) == list(range(len(rows)))


def test_what_is_shown_stays_while_the_file_grows(tmp_path: Path) -> None:
    """Exchanges that were given out do not change under who reads them."""
    data, path = TOUR.read_bytes(), tmp_path / "growing.pcap"
    path.write_bytes(data[: len(data) // 2])
    capture = Capture([str(path)], {}, None)
    store = CaptureModel(capture)
    (before,) = joined(store)
    shown = before.found.table()["result"].tolist(), before.found.exchange(len(before.found))
    path.write_bytes(data)
    capture.refresh()
    assert len(joined(store)[0].found) > len(before.found)
    assert shown == (before.found.table()["result"].tolist(), before.found.exchange(len(before.found)))
