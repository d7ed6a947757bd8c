"""Columns against walk: every name that occurs gives the same hits and values, in captures and in hostile bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from columns import compare
from crafted import write
from hypothesis import given, settings
from hypothesis import strategies as st
from scapy.utils import rdpcap
from test_byte_order import SUBJECTS
from test_hostile import QUICK, mutants

from nldissect.wire import Context, nlmon

MUTANTS = settings(QUICK, max_examples=QUICK.max_examples // 3)
CAPTURES = Path(__file__).resolve().parent.parent / "captures"


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.pcap")), ids=lambda path: path.stem)
def test_every_name_of_every_capture(path: Path) -> None:
    assert compare(path)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_other_byte_order(subject: str, scratch: Path) -> None:
    """Every frame twice: as it was, and as a big-endian host would have written it."""
    frames: list[bytes] = []
    for frame in nlmon_frames(CAPTURES / f"{subject}.pcap"):
        if frame.original not in frames:
            frames += [frame.original, bytes(in_other_order(frame))]
    compare(write(scratch, *frames[:200]))


def nlmon_frames(path: Path) -> Iterator[nlmon]:
    context = Context()
    for packet in rdpcap(str(path)):
        yield nlmon(packet.original, _context=context)


def in_other_order(frame: nlmon) -> nlmon:
    frame._env.order = ">"
    for item in frame.messages:
        for layer in item.iterpayloads():
            if hasattr(layer, "_env"):
                layer._env.order = ">"
    return frame


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("columns") / "frames.pcap"


@MUTANTS
@given(st.lists(mutants(), min_size=1, max_size=12), st.none() | st.integers(16, 400), st.sampled_from([0, 2, 100]))
def test_mutants(scratch: Path, frames: list[bytes], snap: int | None, few: int) -> None:
    compare(write(scratch, *frames, snap=snap), few=few)
