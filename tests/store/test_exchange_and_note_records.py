"""`Capture.exchanges()`, `notes()` and `objects()`: typed records of what the commands print; records as columns."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import nldissect
from nldissect.records.columns import record_columns
from nldissect.records.model import ExchangeRecord
from tests.helpers.cli import lines
from tests.helpers.paths import CAPTURES, ROOT
from tests.helpers.stats import START, beginning_at, stats

SAME = ("interface", "protocol", "port", "process", "pid", "confidence", "request", "result", "text", "extack",
        "answers", "bytes", "paired_by", "frame", "message", "summary")  # fmt: skip
"""Keys of `exchanges -T json` that records have under the same name."""
NAMES = (
    "refusals", "errors", "tour", "expert", "parallel", "batch_refused", "dump_interrupted", "nlctrl", "one_seq",
    "few_numbers",
)  # fmt: skip


def nanoseconds(text: str) -> int:
    return int(Decimal(text) * 10**9)


def as_printed(one: ExchangeRecord) -> dict[str, Any]:
    """A record in the form of `expected`."""
    found = {name: getattr(one, name) or None for name in SAME}
    times = {"time": one.time, "latency": one.latency}
    reason = {"reason": one.reason, "alike": one.alike or None, "frames": list(one.frames)}
    return found | times | reason | {"exchange": one.number, "file": one.file}


def expected(row: dict[str, Any]) -> dict[str, Any]:
    """An object of `exchanges -T json`, with times as numbers."""
    found = {name: row.get(name) or None for name in (*SAME, "alike", "exchange", "file")}
    times = {name: nanoseconds(row[name]) if name in row else None for name in ("time", "latency")}
    return found | times | {"reason": row.get("reason", {}).get("text"), "frames": row["frames"]}


def exchanges(*paths: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads("".join(lines("exchanges", *paths, "-T", "json")))
    return rows


@pytest.mark.parametrize("name", NAMES)
def test_exchanges_are_those_of_the_command(name: str) -> None:
    path = CAPTURES / f"{name}.pcap"
    with nldissect.open(str(path)) as cap:
        found = cap.exchanges()
    rows = exchanges(path)
    assert [expected(row) for row in rows] == [as_printed(one) for one in found]
    assert [len(row["commands"]) if "commands" in row else "request" in row for row in rows] == [
        one.requests for one in found
    ]


def test_exchanges_of_several_files_are_numbered_together(tmp_path: Path) -> None:
    names = ("refusals.pcap", "errors.pcap", "tour.pcap")
    paths = [beginning_at(tmp_path / name, CAPTURES / name, START) for name in names]
    with nldissect.open(*map(str, paths)) as cap:
        found = cap.exchanges()
    assert [expected(row) for row in exchanges(*paths)] == [as_printed(one) for one in found]
    assert [*range(1, len(found) + 1)] == [one.number for one in found]
    assert {str(path) for path in paths} == {one.file for one in found}


def test_a_refusal_with_its_reason() -> None:
    """The first frame of refusals.pcap asks for a bond, and the kernel refuses in its own words."""
    with nldissect.open(str(CAPTURES / "refusals.pcap")) as cap:
        first = cap.exchanges()[0]
    assert (1, 1, "RTM_NEWLINK", "EACCES", "option not supported in mode", 1) == (
        first.number, first.frame, first.request, first.result, first.extack, first.requests,
    )  # fmt: skip
    assert first.latency is not None and 109_000_000 < first.latency < 111_000_000


def test_processes_are_those_that_a_log_of_strace_names() -> None:
    path = next(path for path in sorted((ROOT / "tests/logs").iterdir()) if path.suffix in (".strace", ".txt", ".log"))
    with nldissect.open(str(path)) as cap:
        found = cap.exchanges()
    rows = exchanges(path)
    assert [expected(row) for row in rows] == [as_printed(one) for one in found]
    assert any(one.process is not None and one.pid is not None for one in found)


@pytest.mark.parametrize("names", [("expert",), ("errors",), ("expert", "errors")])
def test_notes_are_those_of_the_list_and_of_the_counts(names: tuple[str, ...], tmp_path: Path) -> None:
    paths = [beginning_at(tmp_path / f"{name}.pcap", CAPTURES / f"{name}.pcap", START) for name in names]
    with nldissect.open(*map(str, paths)) as cap:
        found = cap.notes()

    fields = [word for name in ("frame.number", "expert.severity", "expert.kind", "expert") for word in ("-e", name)]
    told = []
    for line in lines("read", *paths, "-T", "fields", *fields, "-E", "aggregator=|"):
        number, *columns = line.split("\t")
        told += [(int(number), *note) for note in zip(*(cell.split("|") for cell in columns), strict=True) if any(note)]
    assert told == [(one.frame, one.severity, one.kind, one.text) for one in found] and len(told) > 10

    counts = Counter((one.severity, one.kind) for one in found)
    assert {(row["severity"], row["kind"]): row["notes"] for row in stats(*paths, "notes")["notes"]} == counts
    assert {None if len(paths) == 1 else str(path) for path in paths} == {one.file for one in found}


@pytest.mark.parametrize("name", ["link_flap", "link_del", "tour", "route_told", "nexthop"])
def test_objects_hold_the_changes(name: str) -> None:
    path = CAPTURES / f"{name}.pcap"
    with nldissect.open(str(path)) as cap:
        found, changes = cap.objects(), cap.changes()
    every = [change for one in found for change in one.changes]
    assert sorted(map(repr, changes)) == sorted(map(repr, every)) and every
    counted = stats(path, "objects")["objects"]["busiest"]
    assert sorted((row["object"], row["changes"], row["first_frame"], row["last_frame"]) for row in counted) == sorted(
        (one.object, len(one.changes), one.first_frame, one.last_frame) for one in found
    )


def test_objects_of_several_files_stay_apart(tmp_path: Path) -> None:
    paths = [beginning_at(tmp_path / name, CAPTURES / "link_flap.pcap", START) for name in ("a.pcap", "b.pcap")]
    with nldissect.open(str(paths[0])) as cap:
        alone = cap.objects()
    with nldissect.open(*map(str, paths)) as cap:
        found = cap.objects()
    for path in paths:
        mine = [one for one in found if one.file == str(path)]
        assert [(one.name, [change.change for change in one.changes]) for one in alone] == [
            (one.name, [change.change for change in one.changes]) for one in mine
        ]


def test_records_do_not_change_and_have_no_other_attributes() -> None:
    with nldissect.open(str(CAPTURES / "link_flap.pcap")) as cap:
        records = (cap.exchanges()[0], cap.objects()[0])
    with nldissect.open(str(CAPTURES / "expert.pcap")) as cap:
        records += (cap.notes()[0],)
    for one in records:
        assert not hasattr(one, "__dict__")
        with pytest.raises(dataclasses.FrozenInstanceError):
            one.file = "other"


def test_records_as_columns() -> None:
    """Each becomes a list of numbers, texts and None, the fields of causes by both names, several values as JSON."""
    with nldissect.open(str(CAPTURES / "tour.pcap")) as cap:
        every = [cap.changes(), cap.state(), cap.exchanges(), cap.notes(), cap.objects()]
    changes, state, found, notes, objects = map(record_columns, every)
    for records, columns in zip(every, (changes, state, found, notes, objects), strict=True):
        assert {len(records)} == {len(column) for column in columns.values()}
        assert all(value is None or type(value) in (int, str) for column in columns.values() for value in column)
    assert [one.cause and one.cause.frame for one in every[0]] == changes["cause.frame"]
    assert [one.latency for one in every[2]] == found["latency"]
    assert [list(one.frames) for one in every[2]] == [json.loads(text) for text in found["frames"]]
    bridge = json.loads(state["values"][state["name"].index("br0")])
    assert (1400, "bridge") == (bridge["IFLA_MTU"], bridge["IFLA_LINKINFO.IFLA_INFO_KIND"])
    assert [len(one.changes) for one in every[4]] == [len(json.loads(text)) for text in objects["changes"]]
    assert {} == record_columns([])


def test_columns_make_data_frames() -> None:
    pandas, pyarrow = pytest.importorskip("pandas"), pytest.importorskip("pyarrow")
    with nldissect.open(str(CAPTURES / "tour.pcap")) as cap:
        for records in (cap.changes(), cap.state(), cap.exchanges(), cap.notes(), cap.objects()):
            columns = record_columns(records)
            assert len(records) == len(pandas.DataFrame(columns)) == pyarrow.table(columns).num_rows > 0
