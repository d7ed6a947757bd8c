"""Search, sorting and saving: what the viewer does with a whole capture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import nldissect
from nldissect.capfile import open_capture
from nldissect.columns.blocks.buffer import Array
from nldissect.errors import FileError, NldissectError
from nldissect.store.capture import Capture
from nldissect.store.row_ranges import RangeReader
from nldissect.viewer.jobs.save_job import saving
from nldissect.viewer.jobs.search_job import Finder, Pattern
from nldissect.viewer.jobs.sort_job import ordered, sorted_rows
from tests.helpers.paths import CAPTURES
from tests.helpers.sizes import SetSizes
from tests.helpers.viewer_pilot import Screen, run


@pytest.fixture
def vlans() -> Iterator[Capture]:
    with nldissect.open(str(CAPTURES / "vlan_add.pcap")) as capture:
        yield capture


def searched(capture: Capture, text: str, kind: str, place: str, start: int = 0) -> Finder:
    finder = Finder(capture, np.arange(capture.count), Pattern(text, kind, place), start)
    for _ in finder.job(lambda: None):
        pass
    assert finder.done
    return finder


def frames(capture: Capture, rows: Array) -> list[int]:
    return [int(capture.columns["frame"][row]) for row in rows]


@pytest.mark.parametrize(
    ("text", "kind", "place", "found"),
    [
        ("V10@", "text", "list", [3, 10, 12, 20, 25]),
        (r"route rtm_dellink", "regex", "list", [26]),
        ("IFLA_VLAN_ID (1): 20", "text", "tree", [7, 16, 20]),
        (r"ifla_vlan_id.*: 20$", "regex", "tree", [7, 16, 20]),
        ("0x76 31:30", "hex", "list", [3, 9, 10, 11, 12, 20, 24, 25]),
        ("V10", "text", "bytes", [3, 9, 10, 11, 12, 20, 24, 25]),
        (r"v[12]0\0", "regex", "bytes", [3, 7, 9, 10, 11, 12, 15, 16, 20, 20, 24, 25]),
        ("nothing", "text", "tree", []),
    ],
)
def test_found_in_lists_trees_and_bytes(vlans: Capture, text: str, kind: str, place: str, found: list[int]) -> None:
    """The frames that `nldissect read`, `read -V` and xxd show to hold it."""
    assert found == frames(vlans, searched(vlans, text, kind, place).rows)


def test_next_and_previous_go_around(vlans: Capture) -> None:
    finder = searched(vlans, "route rtm_dellink", "text", "list")
    (row,) = finder.rows
    assert row == finder.next(0) == finder.next(row) == finder.next(row, backwards=True)
    several = searched(vlans, "v20", "text", "bytes", start=10)
    first, *_, last = several.rows
    assert (first, last) == (several.next(int(last)), several.next(int(first), backwards=True))


def test_the_search_begins_behind_the_selected_message_and_may_stop(vlans: Capture) -> None:
    finder = Finder(vlans, np.arange(vlans.count), Pattern("v10@", "text", "list"), 12)
    job = finder.job(lambda: None)
    next(job)
    assert [20, 25] == frames(vlans, finder.rows)  # not yet those before
    assert None is finder.next(26) is finder.next(20, backwards=True)
    assert not finder.done
    assert [16] == [finder.looked] and 16 / 28 == finder.progress  # rows 12 to 27
    list(job)
    assert 1.0 == finder.progress


def test_how_far_a_search_is_is_said(sizes: SetSizes) -> None:
    """tour.pcap has 256 messages; 50 are looked at in a step."""
    sizes(search_report=-1, search_step=50)

    async def steps(at: Screen) -> None:
        app, told = at.app, []
        app.finder = finder = Finder(app.store.capture, app.packets.shown.all(), Pattern("nowhere"), 0)
        next(finder.job(lambda: told.append(finder.looked)))
        app._waits, app._from = 1, -1
        app._look(finder)
        await at.until(lambda: "searching for nowhere ... 20%; ctrl+x stops" in at.text[-1])
        assert [50] == told

    run(CAPTURES / "tour.pcap", steps)


def test_only_messages_that_are_shown_are_searched(vlans: Capture) -> None:
    shown = vlans.filter("nlmsg_type == RTM_GETLINK").rows()
    finder = Finder(vlans, shown, Pattern("v10", "text", "bytes"), 0)
    list(finder.job(lambda: None))
    assert [9, 11, 24] == frames(vlans, finder.rows)


@pytest.mark.parametrize("place", ["list", "bytes"])
def test_several_files_are_searched_one_after_the_other(place: str) -> None:
    names = [str(CAPTURES / name) for name in ("vlan_add.pcap", "errors.pcap")]
    with nldissect.open(*names) as both:
        files = both.columns["capture"]
        found = {str(files[row]) for row in searched(both, "v10", "text", place).rows}
        assert set(names) == found


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("", "text", "there is nothing to search for"),
        ("(", "regex", "no regular expression: missing ), unterminated subpattern"),
        ("0a1", "hex", '"0a1" is no hex'),
        ("xy", "hex", '"xy" is no hex'),
    ],
)
def test_what_cant_be_searched_for(text: str, kind: str, said: str) -> None:
    with pytest.raises(NldissectError, match="^" + said.replace("(", r"\(").replace(")", r"\)")):
        Pattern(text, kind)


def save(capture: Capture, rows: Array | None, path: Path, overwrite: bool = False) -> int:
    *_, done = saving(capture, rows, str(path), overwrite=overwrite)
    return done


def in_order(capture: Capture, field: str, down: bool = False) -> Array:
    done: list[Array] = []
    rows = np.arange(capture.count, dtype=np.uint32)
    for _ in sorted_rows(capture, RangeReader(capture), rows, field, down, done.append):
        pass
    return done[0]


@pytest.mark.parametrize("field", ["nlmsg_len", "frame.time", "nlmsg_type", "direction", "IFLA_IFNAME", "IFLA_MTU"])
def test_sorted_as_select_has_the_values(vlans: Capture, field: str) -> None:
    """Values of `select`, sorted by Python; messages without a value stand last, in order, either way."""
    values = vlans.select(field)[field].tolist()
    there = [row for row, value in enumerate(values) if value is not None]
    rest = [row for row, value in enumerate(values) if value is None]
    assert sorted(there, key=lambda row: values[row]) + rest == in_order(vlans, field).tolist()
    falling = sorted(there, key=lambda row: values[row], reverse=True)
    assert [values[row] for row in falling] == [values[row] for row in in_order(vlans, field, True)[: len(there)]]
    assert rest == in_order(vlans, field, True)[len(there) :].tolist()


def test_others_have_their_turn_while_each_message_is_walked(vlans: Capture, sizes: SetSizes) -> None:
    """28 messages in three steps and a last one for the order, the same as in one."""
    rows, done = np.arange(vlans.count, dtype=np.uint32), []
    steps = []
    for size in (vlans.count, 10):
        sizes(sort_step=size)
        steps.append(len(list(sorted_rows(vlans, RangeReader(vlans), rows, "summary", False, done.append))))
    assert 2 == steps[1] - steps[0]
    summaries = vlans.select("summary")["summary"].tolist()
    assert sorted(range(28), key=summaries.__getitem__) == done[0].tolist() == done[1].tolist()


def test_equal_keys_stay_in_order_either_way() -> None:
    keys = np.array([2, None, 1, 2, None], object)
    assert [2, 0, 3, 1, 4] == ordered(keys, False).tolist()
    assert [0, 3, 2, 1, 4] == ordered(keys, True).tolist()


@pytest.mark.parametrize("name", ["out.pcap", "out.pcapng"])
def test_saved_frames_are_the_same_bytes(vlans: Capture, tmp_path: Path, name: str) -> None:
    """Both messages of frame 20 are chosen: it is written once."""
    rows = vlans.filter("IFLA_VLAN_ID").rows()
    out = tmp_path / name
    assert len(set(frames(vlans, rows))) == save(vlans, rows, out) < len(rows)
    with open_capture(str(CAPTURES / "vlan_add.pcap")) as before, open_capture(str(out)) as after:
        kept = [(one.time, one.data, one.wire_length) for one in before if one.number in frames(vlans, rows)]
        assert kept == [(one.time, one.data, one.wire_length) for one in after]
    assert save(vlans, None, tmp_path / "all.pcap") == 27
    assert (CAPTURES / "vlan_add.pcap").stat().st_size == (tmp_path / "all.pcap").stat().st_size


def test_nothing_is_overwritten_unasked(vlans: Capture, tmp_path: Path) -> None:
    out = tmp_path / "out.pcap"
    out.write_text("mine")
    with pytest.raises(FileError, match=r"out\.pcap is there already; choose another name"):
        save(vlans, None, out)
    begun = saving(vlans, None, str(out), overwrite=True)
    assert 0 == next(begun)
    begun.close()  # as the worker gives up a job
    assert "mine" == out.read_text() and [out] == list(tmp_path.iterdir())
    assert 27 == save(vlans, None, out, overwrite=True)
    assert out.stat().st_size > 1000


@pytest.mark.parametrize("name", ["", "no/such.pcap", "."])
def test_where_no_file_can_be_is_said(vlans: Capture, tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError):
        next(saving(vlans, None, str(tmp_path / name) if name else name))
