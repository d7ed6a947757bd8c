"""Causes of changes: the request and process behind each, what is inferred, what the kernel does by itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nldissect.cli import main
from tests.helpers import uml_kernel
from tests.helpers.paths import CAPTURES, ROOT

GUEST = """
import sys
sys.path.insert(0, {root!r})
from tests.helpers.guest_scenario import Scenario
with Scenario({folder!r}, "") as scenario:
    scenario.known()
    for line in {commands!r}:
        scenario.run(line)
"""
COMMANDS = (
    "ip link add d0 type dummy", "ip link set d0 up", "ip address add 10.0.0.1/24 dev d0",
    "ip route add 10.1.0.0/16 via 10.0.0.2", "ip route del 10.1.0.0/16", "ip link set d0 mtu 1400",
    "ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev d0", "ip rule add from 10.0.0.0/8 table 7 priority 7",
    "ip link del d0",
)  # fmt: skip


def changes(capsys: pytest.CaptureFixture[str], path: str | Path, *options: str) -> list[dict[str, Any]]:
    assert 0 == main(["changes", "-T", "json", *options, str(path)])
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def read_fields(capsys: pytest.CaptureFixture[str], name: str, condition: str, *fields: str) -> list[list[str]]:
    options = [option for field in fields for option in ("-e", field)]
    assert 0 == main(["read", str(CAPTURES / name), "-Y", condition, "-T", "fields", *options])
    return [line.split("\t") for line in capsys.readouterr().out.splitlines()]


def test_a_link_that_goes_down_takes_ipv4_routes_along(capsys: pytest.CaptureFixture[str]) -> None:
    """captures/tour.pcap, frame 222: `ip link set eth0 down`; eth0.10 goes down, too (228), and its neighbour goes."""
    found = [one for one in changes(capsys, CAPTURES / "tour.pcap") if one["known"] == "inferred"]

    gone = "198.51.100.0/24 table main nexthop via 192.0.2.252 dev eth0.10 nexthop via 192.0.2.253 dev eth0.10 weight 3"
    assert {
        "default table main via 192.0.2.254 dev eth0.10",
        "192.0.2.0/24 table main dev eth0.10 src 192.0.2.1",
        "broadcast 192.0.2.255/32 table local dev eth0.10 src 192.0.2.1",
        gone,
        "192.0.2.254 dev eth0.10",
    } == {one["name"] for one in found}
    assert {(228, "removed", 222, "inferred")} == {
        (one["frame"], one["change"], one["cause"]["frame"], one["cause"]["confidence"]) for one in found
    }


def test_an_accepted_request_is_a_change_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    """captures/monitor_three.pcap: nobody listens any more when `ip link set d0 mtu 1300` is acknowledged."""
    found = changes(capsys, CAPTURES / "monitor_three.pcap")

    assert [("event", 15), ("request", 22)] == [(one["known"], one["cause"]["frame"]) for one in (found[0], found[-1])]
    assert {"IFLA_MTU": {"old": 1400, "new": 1300}} == found[-1]["fields"]


def test_two_links_that_a_request_made_are_two(capsys: pytest.CaptureFixture[str]) -> None:
    """captures/vlan_add.pcap: the requests have no index; answers give it later, and that is no change."""
    found = [(one["name"], one["change"]) for one in changes(capsys, CAPTURES / "vlan_add.pcap")]

    assert [("v10", "added"), ("v20", "added")] == found[:2] and ("v10", "removed") == found[-1]
    assert 1 == found.count(("v10", "added"))


def test_events_name_their_cause_as_fields(capsys: pytest.CaptureFixture[str]) -> None:
    direct = read_fields(
        capsys, "route_told.pcap", "cause.frame == 13", "frame.number", "cause.confidence", "nlmsg_type"
    )
    assert [[str(frame), "exact", "RTM_NEWROUTE"] for frame in (14, 15, 16)] == direct

    around = read_fields(capsys, "tour.pcap", 'cause.confidence == "inferred" and cause.frame == 77', "frame.number")
    assert [["79"], ["80"], ["81"]] == around


def test_causes_choose_exchanges(capsys: pytest.CaptureFixture[str]) -> None:
    """Fields for a whole block: text among them."""
    assert 0 == main(["exchanges", str(CAPTURES / "route_told.pcap"), "-Y", 'cause.confidence == "exact"'])
    assert "RTM_NEWROUTE unicast 1.2.3.0/24" in capsys.readouterr().out


def test_what_the_kernel_does_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """captures/link_flap.pcap: the other end of a veth loses its carrier."""
    found = [one for one in changes(capsys, CAPTURES / "link_flap.pcap") if one["name"] == "left"]

    assert {"kernel": "carrier", "confidence": "inferred"} == found[0]["cause"]


@pytest.mark.skipif(bool(uml_kernel.excuse()), reason=uml_kernel.excuse())
def test_a_request_that_an_event_tells_of_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = GUEST.format(root=str(ROOT), folder=str(tmp_path), commands=COMMANDS)
    done = uml_kernel.run(script, interpreter=sys.executable)
    assert 0 == done.status, done.output
    found = changes(capsys, tmp_path / "capture.pcap")

    assert set() == {one["known"] for one in found} - {"event", "inferred", "dump"}
    routes = [one for one in found if one["object"] == "route" and one["name"].startswith("10.1.0.0/16")]
    assert ["added", "removed"] == [one["change"] for one in routes]
    assert {"exact"} == {one["cause"]["confidence"] for one in routes}


def test_nothing_is_the_kernels_doing_where_requests_are_not_known() -> None:
    """From standard input a capture is read once: what its requests caused is known by sequence number alone."""
    command = [sys.executable, "-m", "nldissect", "changes", "-T", "json", "-"]
    with (CAPTURES / "link_flap.pcap").open("rb") as capture:
        done = subprocess.run(command, stdin=capture, cwd=ROOT, capture_output=True, check=True)
    found = json.loads(done.stdout)

    assert "left" in {one["name"] for one in found}
    assert [] == [one for one in found if "kernel" in one.get("cause", {})]


def test_accepted_requests_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """captures/monitor_three.pcap, frame 22."""
    assert 0 == main(["stats", str(CAPTURES / "monitor_three.pcap"), "objects", "-T", "json"])
    objects = json.loads(capsys.readouterr().out)["objects"]["busiest"]
    assert [("d0", 22)] == [(one["name"], one["last_frame"]) for one in objects]
