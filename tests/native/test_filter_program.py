"""Filters that the core decides: message by message what the message engine says of them."""

from __future__ import annotations

import argparse
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from nldissect.capfile import open_capture
from nldissect.cli import main
from nldissect.columns.fields.derived import MessageContext
from nldissect.errors import FilterError
from nldissect.filters import compile_filter
from nldissect.native import scanner
from nldissect.native.field_table import FieldTable
from nldissect.native.loader import LIST
from nldissect.native.program_file import PACKAGED, load
from nldissect.render.native.filter_program import FilterProgram, compile_checks
from nldissect.render.native.heads import around_line
from nldissect.render.native.read_job import NativeRead
from nldissect.render.native.scan_windows import ScanWindows
from nldissect.stream.frames import FrameStream
from nldissect.stream.message_contexts import MessageContextBuilder
from tests.helpers import plain_filter
from tests.helpers.filter_trees import FILES, trees
from tests.helpers.large_captures import COOKED, attribute, message, written
from tests.helpers.paths import CAPTURES

EXAMPLES = 15
MANY = " or ".join(["IFLA_MTU > 1"] * 65)
Place = tuple[int, int]
"""Number of a frame, and of a message in it."""
OPTIONS = {"families": (), "order": None, "time": "r", "secrets": False, "own": True, "count": None, "quiet": True}


@pytest.fixture(scope="session")
def table() -> FieldTable:
    found = load(PACKAGED)
    assert found is not None, "the program file is stale: `pip install -e .` again"
    return found.fields


@cache
def messages(path: Path) -> list[MessageContext]:
    """Every message of a capture, and frames without any, as the message engine has them."""
    found, situations = [], MessageContextBuilder()
    for seen in FrameStream(str(path)).frames():
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
    for sight in ScanWindows(read.reader, own=True):
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
        text = plain_filter.text(data.draw(trees(name)))
        program = compile_checks(text, table)
        event("left to others" if program is None else "compiled")
        if program is not None:
            path = CAPTURES / name
            assert by_rows(path, text) == by_core(path, program, library), text

    run()


@pytest.mark.parametrize(
    "pattern",
    ["^BR", "^v[a-z]th", "[0-9]$", "lo", "^$", ".", "", r"\d\w", r"^.[^a-y]", r"\-", "h0$", "^l.$", "x.*y", "(a|b)"],
)  # fmt: skip
def test_patterns(pattern: str, table: FieldTable, library: str) -> None:
    path, text = CAPTURES / "link_dump.pcap", f'IFLA_IFNAME matches "{pattern}"'
    program = compile_checks(text, table)
    assert (program is None) == any(sign in pattern for sign in "*+(")
    if program is not None:
        assert by_rows(path, text) == by_core(path, program, library)


def test_what_does_not_fit_is_not_there(table: FieldTable, library: str, tmp_path: Path) -> None:
    """A stack of MPLS labels is as long as some labels of four bytes; of five its bytes are shown, and no value."""
    fixed = bytes([28, 20, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0])
    frames = [route_of(fixed, label) for label in (bytes(4), b"\0\x06\x61\0\2", bytes.fromhex("0006610000071100"))]
    path = written(tmp_path / "mpls.pcap", frames)
    for text in ("RTA_DST", "not RTA_DST", "rtmsg and RTA_DST"):
        program = compile_checks(text, table)
        assert program is not None
        assert by_rows(path, text) == by_core(path, program, library)
    assert [(1, 1), (3, 1)] == by_rows(path, "RTA_DST")


def route_of(fixed: bytes, destination: bytes) -> bytes:
    """RTM_NEWROUTE with RTA_DST: a frame."""
    return COOKED + message(24, 0, fixed + attribute(1, destination, "<"), order="<")


@pytest.mark.parametrize("options", ["", "-c 2", "-T json", "-x"])
@pytest.mark.parametrize("text", ["ifi_index == 3", "ifi_index == 99", "IFLA_MTU", "notes"])
def test_quiet(text: str, options: str, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    """Nothing is printed; the exit status tells whether anything was let through, and whether the file is whole."""
    cut = tmp_path / "cut.pcap"
    cut.write_bytes((CAPTURES / "addr.pcap").read_bytes()[:-3])
    for path in (CAPTURES / "addr.pcap", cut):
        told = []
        for engine in (["--engine", "walk"], []):
            status = main(["read", "-q", "-Y", text, *options.split(), *engine, str(path)])
            told.append((status, *capfdbinary.readouterr()))
        assert told[0] == told[1]
        assert told[1][1] == b""


@pytest.mark.parametrize("name", FILES)
def test_random_filters_on_damaged_messages(name: str, table: FieldTable, library: str, tmp_path: Path) -> None:
    """What is masked in a damaged message that may carry keys is compared with nothing."""
    with open_capture(CAPTURES / name) as reader:
        frames = [record.data for record in reader]
    chance = Random(name)
    path = written(tmp_path / name, [damaged(frame, chance) for frame in chance.sample(frames, min(len(frames), 60))])

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        text = plain_filter.text(data.draw(trees(name)))
        program = compile_checks(text, table)
        if program is not None:
            assert by_rows(path, text) == by_core(path, program, library), text

    run()


def damaged(frame: bytes, chance: Random) -> bytes:
    """A frame in which a byte or a word is another, some bytes are missing, or too many."""
    data = bytearray(frame)
    at = chance.randrange(16, max(len(data), 17))
    match chance.randrange(4):
        case 0:
            data[at : at + 1] = bytes([chance.randrange(256)])
        case 1:
            data[at : at + 4] = chance.choice((bytes(4), b"\xff" * 4, bytes([chance.randrange(64), 0, 1, 0])))
        case 2:
            del data[at : at + chance.choice((1, 4, 8))]
        case _:
            data[at:at] = chance.randbytes(chance.choice((1, 4, 8)))
    return bytes(data)


@pytest.mark.parametrize(
    "text",
    ["nlmsgerr.error in {0, 4294967295}", "IFLA_MTU == 99999999999", 'ifi_index == "eth0"', "IFLA_NONE",
     "genlmsghdr.cmd == 300", "generic",
     "nlmsg_flags == NLM_F_NONE", "IFLA_MTU[0:2]", 'direction == "up"', "ifinfomsg.RTA_DST", "not"],
)  # fmt: skip
def test_a_mistake_is_left_to_who_can_tell_it(text: str, table: FieldTable) -> None:
    with pytest.raises(FilterError):
        compile_filter(text)
    assert compile_checks(text, table) is None


@pytest.mark.parametrize(
    "text",
    ["env.ACTION", "env", "family", "cmd", "value", "frame.comment", "nlmsg_type == NEWLINK",
     "not (IFLA_MTU == IFLA_TXQLEN)", 'IFLA_IFNAME matches "x+"', "RTA_DST == 10.0.0.0/8", "", MANY],
)  # fmt: skip
def test_what_the_core_can_not_decide(text: str, table: FieldTable) -> None:
    """Names that other things have, too; short names; fields with fields; prefix lengths; more tests than there is room
    for."""
    compile_filter(text)
    assert compile_checks(text, table) is None
