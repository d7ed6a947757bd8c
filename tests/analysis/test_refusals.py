"""Reasons of refusals, against stories of which the truth is known: recorded in the real kernel, each a step a line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from nldissect.capfile import PcapngWriter, Reader, comments, open_capture, private
from nldissect.cli import main
from tests.helpers import uml_kernel
from tests.helpers.cli import run
from tests.helpers.paths import CAPTURES, ROOT

GUEST = """
import sys
sys.path.insert(0, {root!r})
from tests.helpers.guest_scenario import Scenario
with Scenario({folder!r}, {about!r}) as scenario:
    for line in {before!r}:
        scenario.run(line)
    if {known!r}:
        scenario.known()
    scenario.shown("true")
    for line in {commands!r}:
        scenario.run(f"{{line}} 2>/dev/null || true")
        scenario.shown("true")
"""
kernel = pytest.mark.skipif(bool(uml_kernel.excuse()), reason=uml_kernel.excuse())


class Step(NamedTuple):
    """A command of a story, and the reason of its last refusal; @3 stands for a frame that the third command made."""

    command: str
    reason: str


def steps_of(story: str) -> list[Step]:
    """The steps of a story: a line each, and a line with # for the reason of its refusal."""
    steps: list[Step] = []
    for line in story.strip().splitlines():
        if line.startswith("#"):
            steps[-1] = steps[-1]._replace(reason=line.removeprefix("# "))
        else:
            steps.append(Step(line, ""))
    return steps


def record(folder: Path, commands: list[str], *before: str, about: str = "", known: bool = True) -> list[int]:
    """Run commands in the guest; return the number of the last frame before the first, and after each."""
    script = GUEST.format(
        root=str(ROOT), folder=str(folder), about=about, before=before, known=known, commands=commands
    )
    done = uml_kernel.run(script, interpreter=sys.executable)
    assert 0 == done.status, done.output
    return [state["frame"] for state in json.loads((folder / "state.json").read_text())]


def exchanges(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> list[dict[str, Any]]:
    assert 0 == main(["exchanges", "-T", "json", *map(str, arguments)])
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def reasons(found: list[dict[str, Any]], ends: list[int]) -> list[str]:
    """For each step the last reason, with its confidence, and its frame as the step that made it."""
    told = [""] * (len(ends) - 1)

    def step(frame: int) -> int:
        return sum(frame > end for end in ends)

    for one in found:
        if "reason" in one and step(one["frame"]):
            reason = one["reason"]
            text = reason["text"].replace(f"frame {reason.get('frame')}", f"@{step(reason.get('frame', 0))}")
            told[step(one["frame"]) - 1] = f"{reason['confidence']}: {text}"
    return told


def follow(folder: Path, capsys: pytest.CaptureFixture[str], story: str, *before: str, about: str = "") -> None:
    """Record a story, and compare its reasons."""
    steps = steps_of(story)
    ends = record(folder, [step.command for step in steps], *before, about=about)
    told = reasons(exchanges(capsys, folder / "capture.pcap"), ends)
    assert [(step.command, step.reason) for step in steps] == [
        (step.command, reason) for step, reason in zip(steps, told, strict=True)
    ]


ROUTES = """
ip link add d0 type dummy
ip link add d0 type dummy
# exact: link d0 exists since @1
ip link set d0 up
ip address add 10.0.0.1/24 dev d0
ip address add 10.0.0.1/24 dev d0
# exact: address 10.0.0.1/24 dev d0 exists since @4
ip route add 10.1.0.0/16 via 10.0.0.2
ip route add 10.1.0.0/16 via 10.0.0.3
# exact: route 10.1.0.0/16 table main via 10.0.0.2 dev d0 exists since @6
ip route del 10.1.0.0/16
ip route del 10.1.0.0/16
# exact: route 10.1.0.0/16 table main via 10.0.0.2 dev d0 was removed in @8
ip route change 10.1.0.0/16 via 10.0.0.3
# exact: route 10.1.0.0/16 table main via 10.0.0.2 dev d0 was removed in @8
ip route add 10.1.0.0/16 via 10.9.0.2
# inferred: no address has a prefix that holds 10.9.0.2
ip route add 10.2.0.0/16 via 10.0.0.2
ip link set d0 down
ip route add 10.3.0.0/16 dev d0
# exact: d0 is down since @13
ip route add 10.3.0.0/16 via 10.0.0.2
# inferred: 10.0.0.2 is behind d0, which is down since @13
ip route add 10.3.0.0/16 via 10.0.0.2 dev d0
# inferred: d0 is down since @13
ip route del 10.2.0.0/16
# inferred: route 10.2.0.0/16 table main via 10.0.0.2 dev d0 went as link d0 changed in @13
ip -6 route add 2001:db8::/32 dev d0
# exact: d0 is down since @13
ip nexthop add id 1 via 10.0.0.2 dev d0
# exact: d0 is down since @13
ip nexthop add id 2 blackhole
ip nexthop add id 2 blackhole
# exact: nexthop id 2 exists since @20
ip nexthop del id 2
ip nexthop del id 2
# exact: nexthop id 2 was removed in @22
ip nexthop get id 2
# exact: nexthop id 2 was removed in @22
ip route add 10.4.0.0/16 nhid 2
# exact: nexthop id 2 was removed in @22
ip rule add from 10.0.0.0/8 table 7 priority 7
ip rule add from 10.0.0.0/8 table 7 priority 7
# exact: rule inet priority 7 from 10.0.0.0/8 lookup 7 exists since @26
ip rule del from 10.0.0.0/8 table 7 priority 7
ip rule del from 10.0.0.0/8 table 7 priority 7
# exact: rule inet priority 7 from 10.0.0.0/8 lookup 7 was removed in @28
ip link set d0 up
ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev d0
ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev d0
# exact: neighbour 10.0.0.9 dev d0 exists since @31 or before
ip neigh del 10.0.0.9 dev d0
ip neigh get 10.0.0.9 dev d0
# exact: neighbour 10.0.0.9 dev d0 was removed in @33
ip address del 10.0.0.1/24 dev d0
ip address del 10.0.0.1/24 dev d0
# exact: address 10.0.0.1/24 dev d0 was removed in @35
ip route add 10.3.0.0/16 via 10.0.0.2
# inferred: address 10.0.0.1/24 dev d0 was removed in @35
ip route del 10.77.0.0/16
ip link show nosuch
"""
LINKS = """
ip link add link d0 name v10 type vlan id 10
ip link add link d0 name v11 type vlan id 10
# exact: link v10 exists since @1
ip link set v10 up
# exact: d0 is down since @0
ip link add v0 type veth peer name v1
ip link add x0 type veth peer name v1
# inferred: link v1 exists since @4
ip link set d0 name d9
ip link show d0
# exact: link d9 is no longer called d0 since @6
ip link set d1 name d9
# exact: link d9 exists since @0
ip link set d9 name d0; ip link set d0 up
ip link property add dev d0 altname long
ip link add long type dummy
# exact: link d0 is also called long, as @10 shows
ip link property del dev d0 altname long
ip link show long
# exact: link d0 is no longer called long since @12
ip link del d0
ip link show d0
# exact: link d0 was removed in @14
ip link set v10 up
# exact: link v10 was removed in @14
ip link add m0 type macvlan
# likely: a link of kind macvlan needs IFLA_LINK
ip link add m0 type ipvlan
# likely: a link of kind ipvlan needs IFLA_LINK
ip link add m0 type vlan id 5
ip link add vx0 type vxlan id 7 dstport 4789
ip link add vx1 type vxlan id 7 dstport 4789
# exact: link vx0 exists since @20
ip link add g0 type gre remote 10.0.0.1 local 10.0.0.2
ip link add g1 type gre remote 10.0.0.1 local 10.0.0.2
# inferred: link g0 exists since @22
ip netns add n1; ip link set d1 netns n1
ip link set d1 up
# exact: link d1 moved to another network namespace in @24
"""
PORTS = """
ip link set d0 master br0
ip link add link d0 name m0 type macvlan
# exact: d0 is a port of br0 since @1
ip link add link d1 name m1 type macvlan
ip link add link d1 name i1 type ipvlan
# exact: link m1 is on top of it since @3
ip link set d1 master br0
# inferred: link m1 is on top of it since @3
ip link set d2 master d1
# inferred: link d1 takes no ports, as @0 shows
ip link set d2 type bridge_slave cost 4
# inferred: d2 has no master since @0
bridge vlan add vid 10 dev d2
# inferred: d2 has no master since @0
ip link set d2 up
ip link set d2 master bo0
# exact: d2 is up since @9
"""
TRAFFIC = """
tc qdisc add dev d0 root handle 1: htb
tc qdisc add dev d0 root handle 1: htb
# exact: qdisc htb 1: parent root dev d0 exists since @1
tc qdisc add dev d0 root handle 2: htb
# exact: qdisc htb 1: parent root dev d0 exists since @1
tc class add dev d0 parent 1: classid 1:1 htb rate 1mbit
tc class add dev d0 parent 1: classid 1:1 htb rate 1mbit
# exact: class htb 1:1 dev d0 exists since @4
tc class add dev d0 parent 1:1 classid 1:10 htb rate 1mbit
tc class del dev d0 classid 1:1
# exact: class htb 1:10 dev d0 is below it since @6
tc filter add dev d0 parent 1: prio 5 protocol ip u32 match ip dst 10.0.0.1 classid 1:10
tc class del dev d0 classid 1:10
# exact: filter u32 800::800 parent 1: dev d0 pref 5 protocol ip chain 0 leads to it since @8
tc filter del dev d0 parent 1: prio 5
tc filter del dev d0 parent 1: prio 5
# exact: filter u32 800::800 parent 1: dev d0 pref 5 protocol ip chain 0 was removed in @10
tc class del dev d0 classid 1:10
tc class del dev d0 classid 1:10
# exact: class htb 1:10 dev d0 was removed in @12
tc qdisc del dev d0 root
tc qdisc del dev d0 root
# exact: qdisc htb 1: parent root dev d0 was removed in @14
tc class add dev d0 parent 1: classid 1:1 htb rate 1mbit
# exact: qdisc htb 1: parent root dev d0 was removed in @14
"""
TABLES = """
nft add table bridge t
nft create table bridge t
# exact: table bridge t exists since @1 or before
nft add chain bridge t a
nft add chain bridge t b
nft add rule bridge t a jump b
nft delete chain bridge t b
# exact: rule bridge t a handle 3 leads to it since @5
nft add set bridge t s '{ type ether_addr; }'
nft add rule bridge t a ether saddr @s drop
nft delete set bridge t s
# exact: rule bridge t a handle 5 looks it up since @8
nft flush chain bridge t a; nft delete set bridge t s
nft delete set bridge t s
# exact: set bridge t s was removed in @10
nft delete chain bridge t b
nft add rule bridge t b accept
# exact: chain bridge t b was removed in @12
nft add rule bridge t a jump b
# inferred: chain bridge t b was removed in @12
nft delete table bridge t
nft delete table bridge t
# exact: table bridge t was removed in @15
nft 'add table bridge t; add rule bridge t a accept'
# exact: chain bridge t a was removed in @15
nft 'add table bridge t; add chain bridge t a; add rule bridge t a jump zz'
nft add table bridge u; nft add chain bridge u a; nft add chain bridge u b; nft add rule bridge u a jump b
nft 'flush chain bridge u a; add rule bridge u a jump b; delete chain bridge u b'
ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 1 mode tunnel enc 'ecb(cipher_null)' ''
ip xfrm state delete src 192.0.2.1 dst 192.0.2.2 proto esp spi 1
ip xfrm state delete src 192.0.2.1 dst 192.0.2.2 proto esp spi 1
# exact: state esp to 192.0.2.2 spi 0x1 was removed in @22
ip xfrm policy add src 10.1.0.0/16 dst 10.2.0.0/16 dir out
ip xfrm policy add src 10.1.0.0/16 dst 10.2.0.0/16 dir out
# exact: policy out 10.1.0.0/16 to 10.2.0.0/16 exists since @24 or before
"""
DUMMIES = "ip link add d0 type dummy; ip link add d1 type dummy"
PORTS_BEFORE = f"{DUMMIES}; ip link add br0 type bridge; ip link add bo0 type bond; ip link add d2 type dummy"


@kernel
def test_addresses_routes_and_what_goes_with_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    follow(tmp_path, capsys, ROUTES, about="address route4 route6 neighbour nexthop rule4")


@kernel
def test_links_their_names_and_what_stands_on_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    follow(tmp_path, capsys, LINKS, DUMMIES)


@kernel
def test_ports_and_their_masters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    follow(tmp_path, capsys, PORTS, PORTS_BEFORE)


@kernel
def test_queueing_disciplines_classes_and_filters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    follow(tmp_path, capsys, TRAFFIC, DUMMIES)


@kernel
def test_tables_and_ipsec(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Commands of a batch before the one that is refused are no state, but what they make is there for it."""
    follow(tmp_path, capsys, TABLES)


LATE = """
ip link add d0 type dummy
ip route del 10.1.0.0/16
ip route add 10.1.0.0/16 via 10.9.0.2
ip rule del priority 7
ip rule add from 10.0.0.0/8 table 9 priority 9
ip nexthop del id 2
ip nexthop add id 1 blackhole
ip link show gone
ip neigh del 10.0.0.8 dev d0
"""


@kernel
def test_a_capture_that_begins_later_says_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was not seen may have been there, or may never have been: neither is a reason."""
    before = (
        DUMMIES, "ip link set d0 up; ip address add 10.0.0.1/24 dev d0; ip route add 10.1.0.0/16 via 10.0.0.2",
        "ip rule add from 10.0.0.0/8 table 7 priority 7; ip rule add from 10.0.0.0/8 table 9 priority 9",
        "ip nexthop add id 1 blackhole; ip nexthop add id 2 blackhole; ip link add gone type dummy",
        "ip link del gone; ip rule del priority 7; ip nexthop del id 2; ip route del 10.1.0.0/16",
    )  # fmt: skip
    ends = record(tmp_path, [step.command for step in steps_of(LATE)], *before, known=False)
    late = tmp_path / "late.pcap"
    _without(tmp_path / "capture.pcap", late, ends[0])
    found = exchanges(capsys, late)
    refused = [one for one in found if one["result"] in ("EEXIST", "ESRCH", "ENETUNREACH", "ENOENT", "ENODEV")]
    assert len(refused) >= 9
    assert [] == [one["reason"] for one in refused if "reason" in one]


def _without(path: Path, copy: Path, frames: int) -> None:
    """Copy a pcap without its first frames."""
    data, at = path.read_bytes(), 24
    for _ in range(frames):
        at += 16 + int.from_bytes(data[at + 8 : at + 12], "little")
    copy.write_bytes(data[:24] + data[at:])


def commented(name: str, path: Path, texts: dict[int, list[str]]) -> Path:
    """A shipped capture as pcapng, with comments on some frames."""
    with PcapngWriter(private(path)) as writer:
        for record in open_capture(str(CAPTURES / name)):
            writer.write(record.time or 0, record.data, comments=texts.get(record.number, []))
    return path


def test_a_reason_names_who_made_it_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """captures/link_del.pcap: `ip link del d0` (frames 7 and 8), then `ip link show d0` (13)."""
    process = {8: [comments.format_comment("process", "ip[14668]")]}
    path = commented("link_del.pcap", tmp_path / "named.pcapng", process)
    (reason,) = [one["reason"] for one in exchanges(capsys, path) if "reason" in one]
    assert {
        "text": "link d0 was removed in frame 9 (ip[14668], inferred)",
        "frame": 9,
        "known": "event",
        "cause": {
            "process": "ip", "pid": 14668, "frame": 8, "message": 1, "exchange": 3, "confidence": "inferred",
        },
        "confidence": "exact",
        "from": "rtnl_getlink (net/core/rtnetlink.c)",
    } == reason  # fmt: skip
    assert 0 == main(["exchanges", str(path), "-Y", "reason.text"])
    assert "→ ENODEV: link d0 was removed in frame 9 (ip[14668], inferred)  18 us" in capsys.readouterr().out


def test_a_loss_in_between_makes_a_reason_less_certain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = commented("link_del.pcap", tmp_path / "lost.pcapng", {12: [comments.format_comment("lost", 7, "full")]})
    (reason,) = [one["reason"] for one in exchanges(capsys, path) if "reason" in one]
    assert ("inferred", 9) == (reason["confidence"], reason["frame"])


def test_a_process_that_went_elsewhere_leaves_no_state(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A strace log does not tell in which network namespace a message was sent once a process has entered another."""
    monkeypatch.setattr(Reader, "moved", property(lambda _: True))
    assert [] == [one["reason"] for one in exchanges(capsys, CAPTURES / "link_del.pcap") if "reason" in one]


REFUSED = "link d0 exists since frame 2 or before"


@pytest.mark.parametrize("options", [["--engine", "walk"], []])
def test_a_list_that_explains_refusals_has_the_reason(options: list[str]) -> None:
    path = CAPTURES / "errors.pcap"
    lines = run("read", *options, path, "-Y", "error == EEXIST").stdout.decode().splitlines()
    piped = run("read", "-", "-Y", "error == EEXIST", stdin=path.read_bytes()).stdout.decode().splitlines()
    assert f"              = {REFUSED}" in lines
    assert lines == piped
    refused = run("read", "-", "--engine", "native", "-Y", "error", stdin=path.read_bytes())
    complaint = b"nldissect: the native core finds reasons of refusals in what can be read twice; save it to a file\n"
    assert (complaint, 2) == (refused.stderr, refused.returncode)


def test_reasons_are_fields(capsys: pytest.CaptureFixture[str]) -> None:
    condition = ["-Y", 'reason.confidence == "exact" and reason.frame == 2']
    fields = ["-T", "fields", "-e", "frame.number", "-e", "reason.text"]
    assert 0 == main(["read", str(CAPTURES / "errors.pcap"), *condition, *fields])
    assert f"14\t{REFUSED}\n" == capsys.readouterr().out
    found = exchanges(capsys, CAPTURES / "errors.pcap", *condition)
    assert [REFUSED] == [one["reason"]["text"] for one in found]


def test_frames_of_several_files_are_numbered_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = CAPTURES / "addr.pcap"
    found = exchanges(capsys, first, CAPTURES / "link_del.pcap")
    numbers = {one["file"]: one for one in found if one.get("reason", {}).get("text", "").startswith("link d0")}
    (reason,) = [one["reason"] for one in numbers.values()]
    alone = exchanges(capsys, CAPTURES / "link_del.pcap")
    removed = next(one for one in alone if one["request"] == "RTM_DELLINK")
    together = [one for one in found if one.get("summary") == removed["summary"] and one["request"] == "RTM_DELLINK"]
    assert {reason["cause"]["frame"]} == {one["frame"] for one in together}
    assert f"frame {reason['frame']}" in reason["text"]


def test_the_kernels_own_words_leave_no_room_for_a_guess(capsys: pytest.CaptureFixture[str]) -> None:
    """captures/errors.pcap, exchange 10: an MTU that is refused in words."""
    told = [one for one in exchanges(capsys, CAPTURES / "errors.pcap") if "extack" in one and "reason" in one]
    reasons = {one["extack"]: one["reason"] for one in told}
    assert {"8021q: VLAN device already exists", "Exclusivity flag on, cannot modify"} == set(reasons)
    there = reasons["Exclusivity flag on, cannot modify"]  # only its request tells of it: frame 69 was accepted
    assert "qdisc htb 1: parent root dev d0 exists since frame 69" == there["text"]
    assert ("request", "inferred") == (there["known"], there["confidence"])
