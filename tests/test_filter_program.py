"""Filters that the core decides: message by message what the row engine says of them."""

from __future__ import annotations

import argparse
from functools import cache
from pathlib import Path

import filtered
import pytest
from captured import CAPTURES
from hypothesis import event, given, settings
from hypothesis import strategies as st
from test_filter_oracle import FILES, trees

from nldissect.index.derived import Situation
from nldissect.index.filter import compile_filter
from nldissect.native import scanner
from nldissect.native.fieldtable import FieldTable
from nldissect.native.loader import LIST
from nldissect.native.programfile import PACKAGED, load
from nldissect.output.choosing import Situations
from nldissect.output.filterprogram import FilterProgram, compiled
from nldissect.output.frames import Capture
from nldissect.output.heads import around_line
from nldissect.output.nativeread import NativeRead
from nldissect.output.sights import Sights

Place = tuple[int, int]
"""Number of a frame, and of a message in it."""
OPTIONS = {"families": (), "order": None, "time": "r", "secrets": False, "own": True, "count": None, "format": "text"}


@pytest.fixture(scope="session")
def table() -> FieldTable:
    found = load(PACKAGED)
    assert found is not None, "the program file is stale: `pip install -e .` again"
    return found.fields


@cache
def messages(path: Path) -> list[Situation]:
    """Every message of a capture, and frames without any, as the row engine has them."""
    found, situations = [], Situations()
    for seen in Capture(str(path)).frames():
        situations.meet(seen)
        found += situations.of(seen)
    return found


def by_rows(path: Path, text: str) -> list[Place]:
    holds = compile_filter(text).holds
    return [(one.number, one.place) for one in messages(path) if holds(one)]


def by_core(path: Path, program: FilterProgram, library: str) -> list[Place]:
    options = argparse.Namespace(files=[str(path)], **OPTIONS)
    read = NativeRead(options, program, library, LIST, around_line)
    assert read.selection is not None
    found = []
    for sight in Sights(read.reader, own=True):
        read.sight = sight
        read._begin(sight)
        for first, stop, count in read.scanner.batches(sight.frames):
            assert read.selection.choose(sight, first, stop, count) == count
            items = (read.scanner.items[index] for index in range(count))
            chosen = (item for item in items if not item.marks & scanner.UNWANTED)
            found += [(read.scanner.frames[item.frame].number, item.place) for item in chosen]
            read._keep(count)
    return found


@pytest.mark.parametrize("name", FILES)
def test_random_filters(name: str, table: FieldTable, library: str) -> None:
    @settings(max_examples=EXAMPLES, deadline=None)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        text = filtered.text(data.draw(trees(name)))
        program = compiled(text, table)
        event("left to others" if program is None else "compiled")
        if program is not None:
            path = CAPTURES / name
            assert by_rows(path, text) == by_core(path, program, library), text

    run()


EXAMPLES = 40
