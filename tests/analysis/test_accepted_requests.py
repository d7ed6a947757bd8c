"""Requests of which no event tells: what they did, against the kernel's own state."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nldissect.analysis.objects.changes import Changes
from nldissect.stream.frames import FrameStream
from tests.helpers import uml_kernel
from tests.helpers.messages import ACK, MULTI, REQUEST, ROUTE, attribute, error, frame, link, message, write
from tests.helpers.paths import ROOT
from tests.helpers.state_check import replay

ABOUT = "link address route4 route6 rule4 neighbour nexthop qdisc"
GUEST = """
import sys
sys.path.insert(0, {root!r})
from tests.helpers.guest_scenario import Scenario
with Scenario({folder!r}, {about!r}, listens=False) as scenario:
    scenario.known()
    for line in {commands!r}:
        scenario.run(line)
        scenario.state()
"""
ROUTE_OF_NEXTHOP = "10.5.0.0/16"
"""Its request names a nexthop object, the kernel that object's gateway, too."""
COMMANDS = (
    "ip link add d0 type dummy",
    "ip link add d1 type dummy",
    "ip link set d0 up",
    "ip link set d1 up mtu 1400",
    "ip address add 10.0.0.1/24 dev d0",
    "ip address add 2001:db8::1/64 dev d0 nodad",
    "ip route add 10.1.0.0/16 via 10.0.0.2",
    "ip route add 10.1.0.0/16 dev d1 metric 5",
    "ip route append 10.2.0.0/16 dev d0",
    "ip route replace 10.1.0.0/16 via 10.0.0.3",
    "ip route add 10.3.0.0/16 nexthop via 10.0.0.2 nexthop via 10.0.0.3 weight 2",
    "ip route add blackhole 10.4.0.0/16",
    "ip -6 route add 2001:db8:1::/48 via 2001:db8::2",
    "ip -6 route add 2001:db8:2::/48 dev d1",
    "ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev d0",
    "ip rule add from 10.0.0.0/8 table 7 priority 7",
    "ip nexthop add id 5 via 10.0.0.2 dev d0",
    "ip route add 10.5.0.0/16 nhid 5",
    "ip route del 10.1.0.0/16 metric 5",
    "ip route del 10.4.0.0/16",
    "ip rule del priority 7",
    "ip link set d1 name dx down",
    "ip link set dx down",
    "ip address del 2001:db8::1/64 dev d0",
    "ip link set d0 nomaster",
    "ip address add 10.8.0.1/24 dev d0",
    "ip address del 10.8.0.1/24 dev d0",
    "tc qdisc add dev d0 root handle 1: htb",
    "tc class add dev d0 parent 1: classid 1:10 htb rate 1mbit",
    "tc qdisc add dev d0 parent 1:10 handle 10: pfifo limit 5",
    "tc class add dev d0 parent 1: classid 1:11 htb rate 1mbit",
    "tc qdisc add dev d0 parent 1:11 handle 11: pfifo limit 5",
    "tc class del dev d0 classid 1:11",
    "tc qdisc replace dev d0 root handle 2: prio",
    "tc qdisc del dev d0 root",
    "ip link add link d0 name d0.7 type vlan id 7",
    "ip link add v0 type veth peer name v1",
    "ip address add 10.9.0.1/24 dev v1",
    "ip link show",
    "ip link set d0 down",
    "ip link del v0",
    "ip link del d0",
)


DUMP, CREATE, EXCL = 0x300, 0x400, 0x200
IFNAME, LINKINFO, DELLINK, GETLINK, DONE = 3, 18, 17, 18, 3


def made(seq: int, name: bytes) -> tuple[bytes, bytes]:
    """A link that nobody is told of: its request has no index, which the kernel chooses."""
    kind = attribute(LINKINFO, attribute(1, b"dummy\0"))
    asked = link(0, attribute(IFNAME, name + b"\0"), kind, flags=REQUEST | ACK | CREATE | EXCL, seq=seq)
    return frame(ROUTE, asked), frame(ROUTE, error(0, asked, capped=True, seq=seq))


@pytest.mark.parametrize("names", [(b"d0",), (b"d0", b"d1")], ids=["the only one", "one of two"])
def test_a_link_of_which_no_index_is_known(tmp_path: Path, names: tuple[bytes, ...]) -> None:
    """One is removed by an index: the only one it can be, or one of several, none of which is then said to exist."""
    listed = link(1, attribute(IFNAME, b"lo\0"), flags=MULTI, seq=1, pid=9)
    dump = frame(ROUTE, message(GETLINK, bytes(16), REQUEST | DUMP, seq=1)), frame(ROUTE, listed)
    end = frame(ROUTE, message(DONE, bytes(4), MULTI, seq=1, pid=9))
    removes = link(4, kind=DELLINK, flags=REQUEST | ACK, seq=9)
    gone = frame(ROUTE, removes), frame(ROUTE, error(0, removes, capped=True, seq=9))
    links = [one for place, name in enumerate(names) for one in made(2 + place, name)]
    found = Changes()
    names_told: list[set[str]] = []
    for seen in FrameStream(str(write(tmp_path / "x.pcap", *dump, end, *links, *gone))).frames():
        for place, walked in enumerate(seen.frame.messages, 1):
            list(found.meet(seen.number, place, seen.record.time, walked))
        names_told.append({one.leaves["IFLA_IFNAME"].value for one in found.kept().values()})
    assert {"lo", *(name.decode() for name in names)} == names_told[-2]
    assert {"lo"} == names_told[-1]


@pytest.mark.skipif(bool(uml_kernel.excuse()), reason=uml_kernel.excuse())
def test_what_is_kept_is_the_kernels(tmp_path: Path) -> None:
    """Nothing is kept that the kernel does not have; what it makes by itself, as routes of addresses, is not known."""
    script = GUEST.format(root=str(ROOT), folder=str(tmp_path), about=ABOUT, commands=COMMANDS)
    done = uml_kernel.run(script, interpreter=sys.executable)
    assert 0 == done.status, done.output
    found = replay(tmp_path, ABOUT)

    assert [] == [one for one in found.stale if ROUTE_OF_NEXTHOP not in one]
    assert {"request", "inferred", "dump"} == {change.known for change in found.changes}
    assert not [one for one in found.changes for each in one.differences if each.path == "IFLA_MASTER"]
