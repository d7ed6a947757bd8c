"""Statistics of several files: each is counted by itself, the counts are added, frames are those of merged files."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.cli import complaint, lines, run
from tests.helpers.messages import GENERIC, REQUEST, family_answer, frame, message, write
from tests.helpers.paths import CAPTURES
from tests.helpers.stats import START, at_times, beginning_at, stats

Pair = tuple[Path, Path]
TypeKey = tuple[str, str, str]


@pytest.fixture(params=["apart", "interleaved"])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Pair:
    """Two shipped captures of refusals, one after the other, or with their frames between each other's."""
    first, second = CAPTURES / "errors.pcap", CAPTURES / "refusals.pcap"
    if request.param == "apart":
        return first, second
    return beginning_at(tmp_path / "first.pcap", first, START), beginning_at(tmp_path / "second.pcap", second, START)


def objects(*arguments: object) -> list[dict[str, Any]]:
    """What `read -T ndjson` prints."""
    return [json.loads(line) for line in lines(*arguments)]


def test_frames_of_the_pair_are_between_each_others(tmp_path: Path) -> None:
    """The numbers below differ from those in the files."""
    pair = [beginning_at(tmp_path / name, CAPTURES / name, START) for name in ("errors.pcap", "refusals.pcap")]
    merged = [row["frame"] for row in objects("read", *pair, "-T", "ndjson", "-Y", "error")]
    apart = [row["frame"] for path in pair for row in objects("read", path, "-T", "ndjson", "-Y", "error")]
    assert sorted(merged) == merged and len(merged) == len(apart) and merged != sorted(apart)


def test_types_are_the_sums_of_the_list(pair: Pair) -> None:
    counts: Counter[TypeKey] = Counter()
    sizes: Counter[TypeKey] = Counter()
    times: dict[TypeKey, list[str]] = {}
    for row in objects("read", *pair, "-T", "ndjson"):
        name = row["layers"].get("genlmsghdr", {}).get("cmd", row["nlmsg_type"])
        key = row["protocol"], name, row["direction"]
        counts[key] += 1
        sizes[key] += row["nlmsg_len"]
        times.setdefault(key, []).append(row["time"])

    found = stats(pair[0], pair[1])
    rows = {(row["protocol"], row["name"], row["direction"]): row for row in found["types"]}

    assert [str(path) for path in pair] == found["files"] and "file" not in found
    assert sum(path.stat().st_size for path in pair) == found["size"]
    assert sum(counts.values()) == found["overview"]["messages"] > 150
    assert counts == {key: row["messages"] for key, row in rows.items()}
    assert sizes == {key: row["bytes"] for key, row in rows.items()}
    spans = {key: (row["first"], row["last"]) for key, row in rows.items()}
    assert {key: (min(some), max(some)) for key, some in times.items()} == spans
    every = [time for some in times.values() for time in some]
    assert (min(every), max(every)) == (found["overview"]["first"], found["overview"]["last"])


def test_errors_name_the_first_frame_of_the_merged_files(pair: Pair) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], int] = {}
    for row in objects(
        "read", *pair, "-T", "ndjson", "-Y", "error and nlmsg_type == NLMSG_ERROR and protocol == ROUTE"
    ):
        told = row["layers"]["nlmsgerr"]
        key = told["error"], told["request"]["nlmsg_type"]
        counts[key] += 1
        first.setdefault(key, row["frame"])

    found = stats(pair[0], pair[1], "errors")["errors"]["errors"]
    route = [row for row in found if row["protocol"] == "NETLINK_ROUTE" and "request" in row]
    rows = {(row["error"], row["request"]): row for row in route}

    assert counts == {key: row["messages"] for key, row in rows.items()}
    assert first == {key: row["first_frame"] for key, row in rows.items()}
    assert len(rows) > 10


def test_latencies_are_those_of_all_exchanges(pair: Pair) -> None:
    every = json.loads("".join(lines("exchanges", *pair, "-T", "json")))
    found = stats(pair[0], pair[1], "exchanges")["exchanges"]

    assert len(every) == found["exchanges"]
    assert Counter(row["result"] for row in every) == found["results"]
    assert summary([row for row in every if "latency" in row]) == found["latency"]
    kinds: dict[str, list[dict[str, Any]]] = {}
    for row in every:
        kinds.setdefault(row["request"], []).append(row)
    for kind in found["requests"]:
        rows = kinds.pop(kind["request"])
        assert len(rows) == kind["exchanges"]
        assert summary([row for row in rows if "latency" in row]) == kind["latency"]
    assert {} == kinds

    slow = sorted(every, key=lambda row: (-float(row.get("latency", 0)), row["exchange"]))[: len(found["slowest"])]
    names = ("exchange", "frame", "file", "latency", "request", "result")
    shown = [[row[name] for name in names] for row in found["slowest"]]
    assert [[row[name] for name in names] for row in slow] == shown


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Count and percentiles of latencies: of 200, 50% are within the 101st."""
    known = sorted(row["latency"] for row in rows)
    parts = {f"p{part}": known[min(len(known) - 1, len(known) * part // 100)] for part in (50, 90, 99)}
    return {"count": len(known), "min": known[0], **parts, "max": known[-1]}


def test_notes_are_those_of_the_merged_files(tmp_path: Path) -> None:
    names = ("expert.pcap", "errors.pcap")
    pair = [beginning_at(tmp_path / name, CAPTURES / name, START + place) for place, name in enumerate(names)]
    counts: Counter[str] = Counter()
    first: dict[str, int] = {}
    for line in lines("read", *pair, "-T", "fields", "-e", "frame.number", "-e", "expert.kind", "-E", "aggregator=|"):
        number, _, kinds = line.partition("\t")
        for kind in filter(None, kinds.split("|")):
            counts[kind] += 1
            first.setdefault(kind, int(number))

    found = stats(*pair, "notes")["notes"]

    assert counts == {row["kind"]: row["notes"] for row in found}
    assert first == {row["kind"]: row["first_frame"] for row in found}
    assert {"refused", "family id changed", "duplicate sequence number"} <= set(counts)


def test_rate_has_one_axis(tmp_path: Path) -> None:
    """A frame each millisecond in turns; the second file begins first."""
    one = at_times(tmp_path / "one.pcap", *range(1000, 20000, 2000))
    other = at_times(tmp_path / "other.pcap", *range(0, 40000, 2000))
    every = at_times(tmp_path / "every.pcap", *sorted([*range(1000, 20000, 2000), *range(0, 40000, 2000)]))

    found = stats(one, other, "rate")["rate"]

    assert stats(every, "rate")["rate"] == found
    assert (f"{START // 10**9}.000000", "0.001000000") == (found["origin"], found["step"])
    assert 30 == sum(bucket["messages"] for bucket in found["buckets"])
    assert "0.000000000" == found["buckets"][0]["start"]


@pytest.mark.parametrize("span", [10, 10**4, 10**7])
def test_rates_of_narrow_and_wide_files_are_added(span: int, tmp_path: Path) -> None:
    """One file has narrower buckets than the other."""
    times = [0, 3, 7, 7], [2, span, 2 * span, 5 * span]
    pair = [at_times(tmp_path / f"{place}.pcap", *some) for place, some in enumerate(times)]
    every = at_times(tmp_path / "every.pcap", *sorted(times[0] + times[1]))
    assert stats(every, "rate")["rate"] == stats(*pair, "rate")["rate"] == stats(*reversed(pair), "rate")["rate"]


def test_copies_of_an_event_are_in_one_file(tmp_path: Path) -> None:
    """Equal messages of two files at one time were delivered on two hosts."""
    alone = stats(CAPTURES / "monitor_three.pcap")["overview"]
    pair = [beginning_at(tmp_path / name, CAPTURES / "monitor_three.pcap", START) for name in ("a.pcap", "b.pcap")]
    both = stats(*pair)["overview"]
    assert 0 < alone["copied_events"] and 0 < alone["copies"]
    for name in ("copied_events", "copies", "frames", "messages", "bytes"):
        assert 2 * alone[name] == both[name]


def test_objects_and_processes_stay_apart(tmp_path: Path) -> None:
    """The link d0 of one file is not that of the other, and neither is process 17."""
    pair = [beginning_at(tmp_path / name, CAPTURES / "link_flap.pcap", START) for name in ("a.pcap", "b.pcap")]
    alone = stats(pair[0], "objects")["objects"]
    both = stats(*pair, "objects")["objects"]
    assert 2 * alone["objects"] == both["objects"] > 0
    for place, path in enumerate(pair):
        mine = [row for row in both["busiest"] if row["file"] == str(path)]
        want = [
            row | {"file": str(path), **{key: 2 * row[key] - 1 + place for key in ("first_frame", "last_frame")}}
            for row in alone["busiest"]
        ]
        assert want == mine  # at equal times frames take turns
    known = stats(pair[0], "processes")["processes"]
    rows = stats(*pair, "processes")["processes"]
    total = sum(row["messages"] for row in rows)
    assert len(known) > 1
    for path in pair:
        mine = [row for row in rows if row["file"] == str(path)]
        want = [row | {"share": round(row["messages"] / total, 6), "file": str(path)} for row in known]
        assert want == mine
    text = lines("stats", *pair, "processes")
    assert text[0].split()[-1] == "file" and str(pair[1]) in "".join(text)


def test_family_ids_of_one_file_mean_nothing_in_another(tmp_path: Path) -> None:
    named = write(tmp_path / "named.pcap", frame(GENERIC, family_answer(0x1C, b"devlink")))
    command = frame(GENERIC, message(0x1C, bytes([1, 1, 0, 0]), REQUEST))
    nameless = write(tmp_path / "nameless.pcap", command, command)
    for order in ((named, nameless), (nameless, named)):
        rows = {row.get("family"): row["messages"] for row in stats(*order, "families")["families"]}
        assert {"nlctrl": 1, "0x1c": 2} == rows


def test_an_answer_belongs_to_a_request_of_its_file(tmp_path: Path) -> None:
    """Two files with equal port ids and sequence numbers, answered at once in each."""
    alone = stats(CAPTURES / "parallel.pcap", "exchanges")["exchanges"]
    pair = [beginning_at(tmp_path / name, CAPTURES / "parallel.pcap", START) for name in ("a.pcap", "b.pcap")]
    both = stats(*pair, "exchanges")["exchanges"]
    assert {name: 2 * count for name, count in alone["results"].items()} == both["results"]
    assert alone["latency"] | {"count": 2 * alone["latency"]["count"]} == both["latency"]


def test_a_filter_knows_frames_by_their_numbers_among_all(pair: Pair) -> None:
    for chosen in ("frame.number in {20..60}", "frame.time_relative < 0.2", "error"):
        rows = objects("read", *pair, "-T", "ndjson", "-Y", chosen)
        assert len(rows) == stats(*pair, "-Y", chosen)["overview"]["messages"] > 10


def test_standard_input_and_a_file() -> None:
    data = (CAPTURES / "addr.pcap").read_bytes()
    found = stats("-", CAPTURES / "route.pcap", "types", stdin=data)
    assert stats(CAPTURES / "addr.pcap", CAPTURES / "route.pcap", "types")["types"] == found["types"]
    assert "read once only" in complaint("stats", "-", "-", "types", stdin=data)
    assert "size" not in found


def test_the_overview_lists_all_files(tmp_path: Path) -> None:
    pair = CAPTURES / "errors.pcap", CAPTURES / "nlctrl.pcap"
    text = lines("stats", *pair)
    size = sum(path.stat().st_size for path in pair)
    assert f"File        {pair[0]}, {pair[1]}, {size} bytes" == text[0]
    assert f"Frames      {91 + 15}, " in text[1]


def test_cut_files_are_all_told(tmp_path: Path) -> None:
    whole = (CAPTURES / "errors.pcap").read_bytes()
    cut = [tmp_path / name for name in ("a.pcap", "b.pcap")]
    for path in cut:
        path.write_bytes(whole[:-10])
    done = run("stats", CAPTURES / "addr.pcap", *cut)
    assert 1 == done.returncode
    notices = done.stderr.decode().splitlines()
    assert [str(path) in notice for path, notice in zip(cut, notices, strict=True)] == [True, True]
    text = [line for line in done.stdout.decode().splitlines() if line.startswith("Cut ")]
    assert [f"Cut         {path}: cut short in record 91" in line for path, line in zip(cut, text, strict=True)]
    found = stats(CAPTURES / "addr.pcap", cut[1], status=1)
    assert found["cut"].startswith(f"{cut[1]}: cut short in record 91")
    assert stats(CAPTURES / "addr.pcap")["overview"]["frames"] + 90 == found["overview"]["frames"]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("no capture")
    assert "nowhere.pcap" in complaint("stats", CAPTURES / "addr.pcap", "nowhere.pcap")
    assert "nowhere.pcap" in complaint("stats", CAPTURES / "addr.pcap", "nowhere.pcap", "types")
    assert "other.txt is no capture" in complaint("stats", CAPTURES / "addr.pcap", other, CAPTURES / "addr.pcap")
    assert "invalid choice: 'typos'" in complaint("stats", CAPTURES / "addr.pcap", CAPTURES / "route.pcap", "typos")
    assert "one whole capture" in complaint("stats", CAPTURES / "addr.pcap", CAPTURES / "route.pcap", "--html", "-")
