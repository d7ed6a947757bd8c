"""`Capture.changes()` and `Capture.state()`: typed records of what `changes` and `state` print."""

from __future__ import annotations

import json
from typing import Any

import pytest

import nldissect
from nldissect.cli import main
from tests.helpers.paths import CAPTURES

TOUR = str(CAPTURES / "tour.pcap")


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    main([*words, "-T", "json"])
    return json.loads(capsys.readouterr().out)


def test_a_route_is_added_and_removed() -> None:
    """Frames 13 and 18 ask, 14 and 19 tell, each to three listeners."""
    with nldissect.open(str(CAPTURES / "route_told.pcap")) as cap:
        added, removed = cap.changes()
        later = cap.changes(since=14)
        before = cap.changes(until=18)
        states = [{one.name for one in cap.state(at=at) if one.object == "route"} for at in (13, 14, 19)]

    name = "1.2.3.0/24 table main via 10.9.0.2 dev d0"
    assert [(14, "added", name), (19, "removed", name)] == [
        (one.frame, one.change, one.name) for one in (added, removed)
    ]
    assert added.cause is not None and (13, 1, "exact", None) == (
        added.cause.frame, added.cause.message, added.cause.confidence, added.cause.kernel,
    )  # fmt: skip
    assert (3, "event", {}) == (added.copies, added.known, added.fields)
    assert 40_001_000 - 188_000 == (removed.time or 0) - (added.time or 0)
    assert [[removed], [added]] == [later, before]
    assert [set(), {name}, set()] == states


def test_they_are_those_of_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with nldissect.open(TOUR) as cap:
        changes, at_frame, at_time, end = cap.changes(), cap.state(65), cap.state(0.36), cap.state()

    theirs = printed(capsys, "changes", TOUR)
    assert [(one["frame"], one["object"], one["name"], one["change"], one["known"]) for one in theirs] == [
        (one.frame, one.object, one.name, one.change, one.known) for one in changes
    ]
    assert [{*one.get("fields", ())} for one in theirs] == [{*one.fields} for one in changes]
    for found, moment in ((at_frame, "65"), (at_time, "0.36s"), (end, "end")):
        lists = printed(capsys, "state", TOUR, "--at", moment)
        shown = sorted((one["since"], one["known"]) for some in lists.values() for one in some)
        assert shown == sorted((one.since, one.known) for one in found)


def test_values_by_path() -> None:
    """After frame 65 br0 is up, with an MTU of 1400 (64)."""
    with nldissect.open(TOUR) as cap:
        (bridge,) = (one for one in cap.state(65) if one.object == "link" and one.values["IFLA_IFNAME"] == "br0")
    assert (5, 1400, "bridge") == (
        bridge.values["ifi_index"], bridge.values["IFLA_MTU"], bridge.values["IFLA_LINKINFO.IFLA_INFO_KIND"],
    )  # fmt: skip


def test_several_files_are_one() -> None:
    """Frames count through both, merged by time."""
    paths = [str(CAPTURES / name) for name in ("route_told.pcap", "vlan_add.pcap")]
    with nldissect.open(*paths) as cap:
        changes = cap.changes()
    assert [one.frame for one in changes] == sorted(one.frame for one in changes)
    assert {"v10", "1.2.3.0/24 table main via 10.9.0.2 dev d0"} <= {one.name for one in changes}
