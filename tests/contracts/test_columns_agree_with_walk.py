"""Columns against walk: every name that occurs gives the same hits and values, in captures and in hostile bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nldissect.families import load_all
from nldissect.wire import Context, Message, nlmon
from nldissect.wire.attr_set import SETS
from tests.helpers import captures
from tests.helpers.captures import SUBJECTS
from tests.helpers.column_hits import ELEMENT, by_columns, by_walk, compare, frames_of
from tests.helpers.messages import write
from tests.helpers.mutants import QUICK, mutants
from tests.helpers.paths import CAPTURES

MUTANTS = settings(QUICK, max_examples=QUICK.max_examples // 3)


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.pcap")), ids=lambda path: path.stem)
def test_every_name_of_every_capture(path: Path) -> None:
    assert compare(path)


@pytest.mark.parametrize("subject", ["tour", "errors", "tc_filter", "sock_diag", "uevent"])
def test_no_name_of_any_table_is_found_where_it_is_not(subject: str) -> None:
    path = CAPTURES / f"{subject}.pcap"
    walked = by_walk(frames_of(path))
    wanted = names_of_all_tables() | {name for name in walked if "." not in name}
    found = by_columns(path, sorted(wanted), window=1 << 20)
    assert len(wanted) > 5000
    assert {name: hits for name, hits in found.items() if hits} == {
        name: hits for name, hits in walked.items() if "." not in name
    }


def names_of_all_tables() -> set[str]:
    """Names of rows, fields and layers, and of the elements of rows."""
    load_all()
    rows = {row.name.lower() for rows in SETS.values() for row in rows.rows.values()}
    messages = list(subclasses(Message))
    fields = {field.kind.name.lower() for message in messages for field in message.fields_desc}
    return rows | {name + ELEMENT for name in rows} | fields | {message.__name__.lower() for message in messages}


def subclasses(parent: type) -> Iterator[type[Any]]:
    for child in parent.__subclasses__():
        yield child
        yield from subclasses(child)


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
    for data in captures.frames(path.name):
        yield nlmon(data, _context=context)


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
