"""Pieces of a kept capture: the same blocks as those the file was read by, wherever one begins."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import nldissect
from nldissect.index import piece
from nldissect.index.capture import Capture
from nldissect.index.piece import Pieces

CAPTURES = Path(__file__).resolve().parent.parent / "captures"
OFFSETS = {"frame_at", "frame_end", "frame_rest", "at", "end", "after"}
OTHERS = {"raw", "interfaces", "comments", "offset", "meanings", "families", "learnt", "policy_at", "names_at"}


@pytest.mark.parametrize("name", sorted(one.name for one in CAPTURES.glob("*.pcap*")))
def test_a_piece_is_the_block_that_was_read(name: str) -> None:
    with nldissect.open(CAPTURES / name) as cap:
        [turn] = list(cap.part().turns())[:1]
        count = min(len(turn.block), cap.count)
        block, again = turn.block, Pieces(cap).block(0, count)
        frames = len(again.frame_at)
        for field in dataclasses.fields(block):
            if field.name in OTHERS:
                continue
            old, new = getattr(block, field.name), getattr(again, field.name)
            if field.name in OFFSETS:
                old, new = old + block.offset, new + again.offset
            old = old[:frames] if field.name.startswith("frame_") else old[:count]
            assert np.array_equal(old, new), field.name
        assert block.frame_bytes(frames - 1) == again.frame_bytes(frames - 1)


def test_filters_on_pieces_find_what_filters_on_the_capture_find(monkeypatch: pytest.MonkeyPatch) -> None:
    from nldissect.index.filter import compile_filter
    from nldissect.index.filter.columns import Columns

    monkeypatch.setattr(piece, "PIECE", 512)
    text = 'IFLA_MTU > 1000 or error or IFLA_IFNAME contains "d" or notes'
    with nldissect.open(CAPTURES / "tour.pcap") as cap:
        pieces = Pieces(cap)
        bounds = pieces.bounds()
        assert len(bounds) > 5 and (0, cap.count) == (bounds[0], bounds[-1])
        test = Columns(compile_filter(text).tree)
        found = []
        for start, stop in reversed(list(pairwise(bounds))):
            found += (start + test.mask(pieces.block(start, stop), cap.first).nonzero()[0]).tolist()
        assert sorted(found) == cap.filter(text).rows().tolist()


def test_a_capture_is_taken_in_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nldissect.record.reader.WINDOW", 4096)
    path = CAPTURES / "tour.pcap"
    monkeypatch.setattr("nldissect.index.source.Source.__init__.__defaults__", (None, None, 4096))
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
