"""`nldissect state`: what existed at a moment."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nldissect.cli import main
from tests.helpers.paths import CAPTURES

TOUR = str(CAPTURES / "tour.pcap")


def objects(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert 0 == main(["state", TOUR, *words, "-T", "json"])
    return json.loads(capsys.readouterr().out)


def test_the_shape_is_that_of_iproute2(capsys: pytest.CaptureFixture[str]) -> None:
    """After frame 65 br0 is up, with an MTU of 1400 (64)."""
    bridge = next(one for one in objects(capsys, "links", "--at", "65") if one["ifname"] == "br0")

    assert (5, 1400, ["BROADCAST", "MULTICAST", "UP"]) == (bridge["ifindex"], bridge["mtu"], sorted_flags(bridge))
    assert "bridge" == bridge["linkinfo"]["info_kind"] and "02:00:00:00:00:0b" == bridge["address"]
    assert (65, "event") == (bridge["since"], bridge["known"])
    assert {"frame": 63, "message": 1, "confidence": "inferred"}.items() <= bridge["cause"].items()


def sorted_flags(link: dict[str, Any]) -> list[str]:
    return sorted(flag for flag in link["flags"] if flag != "NO-CARRIER")


def test_the_moment(capsys: pytest.CaptureFixture[str]) -> None:
    """The address is there from frame 70 on, at 0.359 s; routes over eth0.10 until it goes down in frame 228."""
    assert "addrs" not in objects(capsys, "--at", "40")
    for moment, there in (("69", False), ("70", True), ("0.3s", False), ("0.36s", True), ("end", True)):
        found = objects(capsys, "addrs", "--at", moment)
        assert there == any(one["local"] == "192.0.2.1" for one in found)
    for moment, there in (("227", True), ("228", False)):
        found = objects(capsys, "routes", "--at", moment)
        assert there == any(one["dst"] == "default" and one["gateway"] == "192.0.2.254" for one in found)


def test_neighbours_go_with_their_link(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody listens to neighbours in this capture; eth0.10 goes down in frame 228 (neigh_ifdown)."""
    assert ["192.0.2.254"] == [one["dst"] for one in objects(capsys, "neighs", "--at", "227")]
    assert [] == objects(capsys, "neighs", "--at", "228")


def test_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["state", TOUR, "rules", "--at", "100"])
    lines = capsys.readouterr().out.splitlines()
    rule = "  inet 1000: from 10.0.0.0/24 to_tbl table 100  since frame 97  (accepted, no event of it)"
    assert ["rules (1)", rule] == lines

    assert 0 == main(["state", TOUR, "wifi"])
    assert "nothing is known of these objects\n" == capsys.readouterr().out


def test_a_moment_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(["state", TOUR, "--at", "noon"])
    assert "--at noon: give the number of a frame, seconds like 1.5s, or end" in capsys.readouterr().err


def test_a_kind_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(["state", TOUR, "link"])
    assert "link is neither a file nor a kind of objects; kinds: links, addrs, " in capsys.readouterr().err
