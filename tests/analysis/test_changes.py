"""`nldissect changes`: the state of objects by dumps and notifications, and what each message changed."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nldissect.analysis.objects.changes import Changes
from nldissect.cli import main
from nldissect.errors import TableError
from nldissect.stream.frames import FrameStream
from nldissect.wire.semantics.objects import OBJECTS, bind_object
from tests.helpers.messages import MULTI, ROUTE, attribute, frame, link, message, write
from tests.helpers.paths import CAPTURES
from tests.helpers.state_check import alike

DOWN, UP = (attribute(16, bytes([state])) for state in (2, 6))  # IFLA_OPERSTATE
NAME = attribute(3, b"eth0\0")


def told(capsys: pytest.CaptureFixture[str], path: Path | str, *options: str, status: int = 0) -> list[str]:
    assert status == main(["changes", str(path if isinstance(path, Path) else CAPTURES / path), *options])
    return capsys.readouterr().out.splitlines()


def objects(capsys: pytest.CaptureFixture[str], path: Path | str, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads("\n".join(told(capsys, path, "-T", "json", *options)))
    return found


def test_a_link_that_flaps(capsys: pytest.CaptureFixture[str]) -> None:
    """`ip link set right down; ip link set right up`, three times, before two `ip monitor link`."""
    found = objects(capsys, "link_flap.pcap", "-Y", 'IFLA_IFNAME == "left"')

    carrier = [one["fields"]["IFLA_CARRIER"] for one in found if "IFLA_CARRIER" in one.get("fields", {})]
    assert [{"old": 1, "new": 0}, {"old": 0, "new": 1}] * 3 + [{"old": 1, "new": 0}] == carrier
    states = {"old": "IF_OPER_UP", "new": "IF_OPER_LOWERLAYERDOWN"}
    assert states == found[0]["fields"]["IFLA_OPERSTATE"] and ("link", "left") == (found[0]["object"], found[0]["name"])
    assert "removed" == found[-1]["change"] and {2} == {one["copies"] for one in found}

    lines = told(capsys, "link_flap.pcap")
    down = "operstate UP → LOWERLAYERDOWN, carrier 1 → 0  x2  by the kernel: carrier"
    assert any(line.endswith(down) for line in lines)
    assert "flapping: link left: carrier 6 times, flags 5 times, operstate 5 times back to a value it had" in lines


def test_the_life_of_a_link(capsys: pytest.CaptureFixture[str]) -> None:
    """captures/topics/link_notify.sh: each command and what became of it."""
    lines = [line.split(maxsplit=3)[3] for line in told(capsys, "link_notify.pcap") if " ROUTE " in line]

    assert lines[0].startswith("link d0: added  d0 #3 ") and lines[-1].startswith("link dmy: removed")
    assert [
        "link dmy: ifname d0 → dmy  by frame 9  (inferred)",
        "link dmy: mtu 1500 → 9000  by frame 14  (inferred)",
        "link dmy: mtu6 1500 → 9000  (told by an answer: the change itself was not captured)",
        "link dmy: flags +UP +RUNNING +LOWER_UP, operstate DOWN → UNKNOWN, qdisc noop → noqueue"
        "  by frame 19  (inferred)",
        "link dmy: inet6_flags +RS_SENT +READY  (told by an answer: the change itself was not captured)",
        "link dmy: address 02:00:00:00:00:01 → 02:00:00:00:00:02  by frame 26  (inferred)",
        "link dmy: alt_ifname none → a-much-longer-alternative-name  by frame 31  (inferred)",
        "link dmy: flags +PROMISC, promiscuity 0 → 1  by frame 36  (inferred)",
        "link dmy: flags -UP -RUNNING -LOWER_UP, operstate UNKNOWN → DOWN  by frame 41  (inferred)",
    ] == lines[1:10]


def test_between_two_moments(capsys: pytest.CaptureFixture[str]) -> None:
    """The route comes in frame 14, at 0.485 s, and goes in frame 19, at 0.525 s; what was before still counts."""
    path = CAPTURES / "route_told.pcap"
    for options, frames in (
        ((), [14, 19]), (("--since", "14"), [19]), (("--until", "14"), [14]), (("--since", "0.5s"), [19]),
        (("--since", "13", "--until", "0.5s"), [14]), (("--since", "19"), []),
    ):  # fmt: skip
        assert frames == [one["frame"] for one in objects(capsys, path, *options)]
    assert ["removed"] == [one["change"] for one in objects(capsys, path, "--since", "14")]

    assert 2 == main(["changes", str(path), "--since", "yesterday"])
    said = "nldissect: --since yesterday: give the number of a frame, seconds like 1.5s, or end\n"
    assert said == capsys.readouterr().err


def test_a_connection(capsys: pytest.CaptureFixture[str]) -> None:
    """The states of one TCP connection, as `conntrack -E` heard of them."""
    who = "127.0.0.1:42564 to 127.0.0.1:8080"
    found = [one for one in objects(capsys, "conntrack.pcap") if one["name"] == f"tcp {who}"]
    path = "CTA_PROTOINFO.CTA_PROTOINFO_TCP.CTA_PROTOINFO_TCP_STATE"
    states = [one["fields"][path]["new"] for one in found if path in one.get("fields", {})]

    assert "added" == found[0]["change"] and "connection" == found[0]["object"]
    short = [state.removeprefix("TCP_CONNTRACK_") for state in states]
    assert ["SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT"] == short


def test_copies_are_one_change(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "monitor_three.pcap")[0].endswith("link d0: mtu 1500 → 1400  x3  by frame 15  (inferred)")


def test_what_a_request_did_is_told_with_its_sequence_number(capsys: pytest.CaptureFixture[str]) -> None:
    """`ip route add 1.2.3.0/24 via 10.9.0.2` and `del` before three listeners: what these hear looks like an answer."""
    lines = [line.split(maxsplit=3)[3] for line in told(capsys, "route_told.pcap")[:-1]]
    named = "route 1.2.3.0/24 table main via 10.9.0.2 dev d0"
    route = "unicast 1.2.3.0/24 via 10.9.0.2 dev d0 proto boot scope universe table main  x3"
    assert [f"{named}: {what}  {route}  by frame {frame}" for what, frame in (("added", 13), ("removed", 18))] == lines


def test_what_is_told_with_the_flags_of_the_request(capsys: pytest.CaptureFixture[str]) -> None:
    """`ip monitor nexthop`: the kernel tells of nexthops as they were asked for, NLM_F_REQUEST and all."""
    lines = [line.split(maxsplit=3)[3] for line in told(capsys, "nexthop.pcap")]
    assert "nexthop id 1: added  id 1 via 192.0.2.2 dev d0 scope link  by frame 7" == lines[0]
    assert "nexthop id 3: removed  id 3 via 2001:db8::2 dev d0 scope link  by frame 62" in lines
    assert "nexthop id 10: group 2.id 2 → none, group 2.weight 4 → none, group 2.high 0 → none  by frame 67" in lines


def test_what_is_told_of_neighbours_has_the_port_of_who_asked(capsys: pytest.CaptureFixture[str]) -> None:
    """`ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev d0 nud permanent` before `ip monitor neigh`"""
    lines = [line.split(maxsplit=3)[3] for line in told(capsys, "neigh.pcap")]
    named = "neighbour 192.0.2.2 dev d0"
    assert f"{named}: first seen  192.0.2.2 lladdr 02:00:00:00:00:02 dev d0 PERMANENT  by frame 11" == lines[0]
    assert f"{named}: lladdr 02:00:00:00:00:02 → 02:00:00:00:00:22  by frame 66" in lines


def test_states_and_policies_of_ipsec(capsys: pytest.CaptureFixture[str]) -> None:
    """`ip xfrm monitor all` while states and policies are added, one updated, and two deleted"""
    found = objects(capsys, "xfrm.pcap")
    assert ["first seen"] * 8 == [one["change"] for one in found[:8]]
    named = [(one["name"], one["change"]) for one in found[8:]]
    policy = "fwd 2001:db8:1::/48 to 2001:db8:2::/48 ptype sub"
    assert [
        ("ah to 192.0.2.3 spi 0x2000", "changed"), ("esp to 192.0.2.2 spi 0x1000", "removed"), (policy, "removed")
    ] == named[:3]  # fmt: skip
    assert {"removed"} == {change for _, change in named[3:]} and 7 == len(named[3:])  # a flush of both


def test_an_answer_is_no_event(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A rule that was asked for was there; one that was made is told of. Sequence numbers are used again."""
    body = bytes([2, 0, 0, 0, 254, 0, 0, 1, 0, 0, 0, 0])  # struct fib_rule_hdr: AF_INET, table main, FR_ACT_TO_TBL
    first, second = (attribute(6, struct.pack("<I", priority)) for priority in (7, 8))  # FRA_PRIORITY
    path = write(
        tmp_path / "x.pcap",
        frame(ROUTE, message(32, body + first, 0x605, 5)),
        frame(ROUTE, message(32, body + first, 0, 5, 99)),
        frame(ROUTE, message(34, body, 1, 5)),
        frame(ROUTE, message(32, body + second, 0, 5, 98)),
    )
    assert [("inet priority 7", "added")] == [(one["name"], one["change"]) for one in objects(capsys, path)]


def test_routes_of_ipv6_stand_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    """fe80::/64 of another device is another route."""
    names = [one["name"] for one in objects(capsys, "tour.pcap") if one["object"] == "route"]
    assert "fe80::/64 table main metric 256 dev eth0" in names
    assert "fe80::/64 table main metric 256 dev eth0.10" in names


def test_what_a_dump_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No change at first; a change that went by unseen later. What is new after a whole dump was added."""
    done = message(3, bytes(4), MULTI, 7, 9)
    path = write(
        tmp_path / "x.pcap",
        frame(ROUTE, link(2, NAME, UP, flags=MULTI, seq=7, pid=9), done),
        frame(ROUTE, link(3, attribute(3, b"eth1\0"))),
        frame(ROUTE, link(2, NAME, DOWN, flags=MULTI, seq=8, pid=9)),
        frame(ROUTE, link(2, NAME, attribute(10, struct.pack("<I", 1)))),
        frame(ROUTE, link(2, NAME)),
        frame(ROUTE, link(2, kind=17)),
    )
    assert [
        ("eth1", "added", None, None),
        ("eth0", "changed", True, {"IFLA_OPERSTATE": {"old": "IF_OPER_UP", "new": "IF_OPER_DOWN"}}),
        ("eth0", "changed", None, {"IFLA_MASTER": {"new": 1}}),
        ("eth0", "changed", None, {"IFLA_MASTER": {"old": 1}}),
        ("eth0", "removed", None, None),
    ] == [(one["name"], one["change"], one.get("unseen"), one.get("fields")) for one in objects(capsys, path)]


def test_counters_are_no_change_unless_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """IFLA_CARRIER_CHANGES (35) counts; a message that tells nothing else is "unchanged"."""
    counts = [link(2, NAME, attribute(35, struct.pack("<I", count))) for count in (1, 2)]
    path = write(tmp_path / "x.pcap", *(frame(ROUTE, one) for one in counts), step=5000)

    assert ["first seen"] == [one["change"] for one in objects(capsys, path)]
    fields = {"IFLA_CARRIER_CHANGES": {"old": 1, "new": 2}}
    assert fields == objects(capsys, path, "--all")[1]["fields"]


def test_timers_of_actions_are_no_change() -> None:
    """struct tcf_t, of every action (linux/pkt_cls.h)."""
    from nldissect.families.route import tc_act, tc_act_edit, tc_act_flow
    from nldissect.families.route.objects import ACTION_QUIET
    from nldissect.wire import AttrSet

    named = [one for module in (tc_act, tc_act_edit, tc_act_flow) for one in vars(module).values()]
    timed = [one for one in named if isinstance(one, type) and issubclass(one, AttrSet) and hasattr(one, "TM")]
    assert {f"{one.__name__}_TM" for one in timed} == {one for one in ACTION_QUIET.split() if one.endswith("_TM")}


def test_flags_told_twice_are_one_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """ifa_flags and IFA_FLAGS (8), which has room for more than 8 bits."""
    address = attribute(2, bytes([10, 0, 0, 1]))  # IFA_LOCAL
    told_by = [
        message(20, bytes([2, 24, flags, 0, 1, 0, 0, 0]) + address + attribute(8, struct.pack("<I", flags)))
        for flags in (0x80, 0xA0)
    ]
    path = write(tmp_path / "x.pcap", *(frame(ROUTE, one) for one in told_by), step=5000)

    assert told(capsys, path)[1].endswith(": flags +DEPRECATED  by the kernel: preferred lifetime ended")
    assert {"ifa_flags", "IFA_FLAGS"} == objects(capsys, path)[1]["fields"].keys()


def test_nothing_inside_is_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The kernel sends an empty IFLA_AF_SPEC (26) of a link that is too small for addresses."""
    path = write(
        tmp_path / "x.pcap", *(frame(ROUTE, link(2, NAME, more)) for more in (b"", attribute(26, b""))), step=5000
    )
    assert ["first seen"] == [one["change"] for one in objects(capsys, path)]


def test_odd_bytes_and_cut_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = (CAPTURES / "link_flap.pcap").read_bytes()
    cut, odd = tmp_path / "cut.pcap", tmp_path / "odd.pcap"
    cut.write_bytes(whole[:30_000])
    odd.write_bytes(whole[:5000] + bytes(200) + whole[5200:20_000])
    assert any(" link " in line for line in told(capsys, cut, status=1))
    main(["changes", str(odd)])
    capsys.readouterr()
    write(cut, frame(ROUTE, link(2, b"\x09\x00\x03\x00e"), message(16, b"\0\0"), message(17)), snap=40)
    main(["changes", str(cut)])


def test_one_type_means_one_sort_of_object() -> None:
    with pytest.raises(TableError, match="RTM_NEWLINK means two sorts of objects"):
        bind_object("other", ROUTE, new="RTM_NEWLINK", key="ifi_index", called="")


def test_names_in_tables_of_objects_are_known() -> None:
    """A key, a name or a quiet field that no table has would silently tell nothing."""
    from nldissect.columns.fields.catalog import field_locations
    from nldissect.wire.summary_template import other_name, parse, plain_name

    def named(parts: list[Any]) -> list[str]:
        return [
            one
            for part in parts
            if not isinstance(part, str)
            for name in (part if isinstance(part, tuple) else named(part))
            for one in filter(None, (plain_name(name), other_name(name)))
        ]

    (
        field_locations("nlmsg_type"),
        field_locations("IFLA_MTU"),
        field_locations("CTA_ZONE"),
        field_locations("XFRMA_MARK"),
        field_locations("NL80211_ATTR_WDEV"),
    )
    for means in OBJECTS.values():
        for thing, *_ in means:
            if thing is None:
                continue
            states = [name for name, _ in thing.states]
            told = [*(one for key in thing.key for one in key.split("|")), *thing.quiet, *thing.ends, *states]
            steps = [step for name in (*told, *named(parse(thing.called))) for step in name.split(".")]
            assert not [step for step in steps if not field_locations(step)], thing.name


@pytest.mark.parametrize("name", ["tc_filter.pcap", "tc_qdisc_more.pcap", "rule.pcap", "xfrm.pcap", "route.pcap"])
def test_what_is_there_at_once_has_names_of_its_own(name: str) -> None:
    """Filters of one handle and several priorities, queues without a handle: by what tells one from another."""
    found = Changes()
    for seen in FrameStream(str(CAPTURES / name)).frames():
        for place, walked in enumerate(seen.frame.messages, 1):
            assert all(one.key for one in found.meet(seen.number, place, seen.record.time, walked))
        assert [] == alike(found.kept().values())


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_the_order_of_hashes_is_no_matter(seed: str) -> None:
    """Objects that stand on one interface in two ways fall with it, in whatever order they are met."""
    command = [sys.executable, "-m", "nldissect", "changes", "captures/tour.pcap"]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(command, cwd=CAPTURES.parent, env=environment, capture_output=True, text=True, check=True)
    assert ("23 unchanged, 27 added, 16 changed, 3 first seen, 15 removed", "") == (
        done.stdout.splitlines()[-1],
        done.stderr,
    )
