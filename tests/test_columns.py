"""Columns against walk: every name that occurs gives the same hits and values, in captures and in hostile bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from columns import compare
from crafted import write
from hypothesis import given, settings
from hypothesis import strategies as st
from test_hostile import QUICK, mutants

MUTANTS = settings(QUICK, max_examples=QUICK.max_examples // 3)
CAPTURES = Path(__file__).resolve().parent.parent / "captures"


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.pcap")), ids=lambda path: path.stem)
def test_every_name_of_every_capture(path: Path) -> None:
    assert compare(path)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("columns") / "frames.pcap"


@MUTANTS
@given(st.lists(mutants(), min_size=1, max_size=12), st.none() | st.integers(16, 400))
def test_mutants(scratch: Path, frames: list[bytes], snap: int | None) -> None:
    compare(write(scratch, *frames, snap=snap))
