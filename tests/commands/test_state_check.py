"""`nldissect state --check`: what was known against the last dump, and against this host."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nldissect.capfile import PcapWriter, open_capture
from nldissect.capture.raw_netlink import attribute
from nldissect.cli import main
from nldissect.commands.state import LIVE
from nldissect.commands.state.live_dumps import REQUESTS
from tests.helpers.paths import CAPTURES

RTA_DST, NLM_F_MULTI = 1, 2

TOLD_BEFORE = """
def check(*words):
    done = subprocess.run([sys.executable, "-m", "nldissect", "state", *words], capture_output=True, text=True)
    assert "" == done.stderr
    return [done.returncode, done.stdout]

with CaptureProcess(CaptureConfig(write="x.pcapng")) as live:
    sh("ip link; ip address; ip -4 route show table all; ip -4 rule")
    sh("ip link add d0 type dummy; echo 1 >/proc/sys/net/ipv6/conf/d0/disable_ipv6; ip link set d0 up")
    sh("ip address add 10.0.0.1/24 dev d0; ip route add 10.1.0.0/24 via 10.0.0.2")
    sh("ip link; ip address; ip -4 route show table all; ip -4 rule")
    live.stop()
    live.result
"""


def test_against_the_last_dump_and_this_host(guest: Any) -> None:
    told = guest(f"""{TOLD_BEFORE}
kinds = "links", "addrs", "routes", "rules"
told["dump"] = check("x.pcapng", "links", "addrs", "rules", "--check")
told["host"] = check("x.pcapng", "links", "rules", "--check", "--live")
sh("ip link set d0 mtu 1400; ip route delete 10.1.0.0/24; ip rule add from 10.2.0.0/16 table 100")
told["changed"] = check("x.pcapng", *kinds, "--check", "--live")
told["json"] = check("x.pcapng", "routes", "--check", "--live", "-T", "json")
""")

    status, text = told["dump"]
    assert 0 == status and [] == [line for line in text.splitlines() if line.startswith(" ")]
    assert "link: as in the dump in frames " in text and "rule inet: as in the dump in frames " in text

    status, text = told["host"]
    assert [0, "link: as on this host, 2 alike"] == [status, text.splitlines()[0]]

    status, text = told["changed"]
    assert 1 == status
    assert [
        "  10.1.0.0/24 table main via 10.0.0.2 dev d0: removed  unicast 10.1.0.0/24 via 10.0.0.2 dev d0 proto boot "
        "scope universe table main",
        "  d0: mtu 1500 → 1400, mtu6 1500 → 1400",
        "  inet priority 32765 from 10.2.0.0/16 lookup 100: added  inet 32765: from 10.2.0.0/16 to_tbl table 100",
    ] == sorted(line for line in text.splitlines() if line.startswith(" "))

    status, text = told["json"]
    (found,) = (one for one in json.loads(text) if one["family"] == "inet")
    (difference,) = found["differences"]
    assert (1, "route", "removed") == (status, found["object"], difference["change"])
    assert "10.1.0.0/24 table main via 10.0.0.2 dev d0" == difference["name"] and "dump" not in found


def test_a_change_that_no_event_told(guest: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A dump is no surprise where an event came; here the frame that adds a route is lost."""
    guest(TOLD_BEFORE)
    with open_capture("x.pcapng") as reader, open("y.pcap", "wb") as out, PcapWriter(out) as writer:
        lost = 0
        for record in reader:
            if "own" in "".join(record.comments) or record.interface.name == "processes":
                continue
            multi = record.data[22] & NLM_F_MULTI
            if attribute(RTA_DST, bytes([10, 1, 0, 0])) in record.data and not multi:
                lost += 1
            else:
                writer.write(record.time, record.data)
    assert 1 == lost  # the request; nobody listens

    assert 1 == main(["state", "y.pcap", "routes", "--check", "-T", "json"])
    differences = [one for check in json.loads(capsys.readouterr().out) for one in check["differences"]]
    assert ("added", "10.1.0.0/24 table main via 10.0.0.2 dev d0") in [
        (one["change"], one["name"]) for one in differences
    ]


def test_what_the_help_says_is_what_is_asked_of_the_host() -> None:
    assert LIVE == tuple(REQUESTS)


def test_where_there_is_nothing_to_compare(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["state", str(CAPTURES / "uevent.pcap"), "--check"])
    assert "no dump of all these objects is there to compare with\n" == capsys.readouterr().out

    assert 2 == main(["state", str(CAPTURES / "errors.pcap"), "--live"])
    assert "nldissect: --live goes with --check\n" == capsys.readouterr().err
    assert 2 == main(["state", str(CAPTURES / "errors.pcap"), "wifi", "--check", "--live"])
    assert "nldissect: --live compares links, addrs, routes, neighs, rules, nexthops, qdiscs, not wifi\n" == (
        capsys.readouterr().err
    )
