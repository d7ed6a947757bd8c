"""Requests of which no event tells: what they did, against the kernel's own state."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.helpers import uml_kernel
from tests.helpers.paths import ROOT
from tests.helpers.state_check import replay

pytestmark = pytest.mark.skipif(bool(uml_kernel.excuse()), reason=uml_kernel.excuse())

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


def test_what_is_kept_is_the_kernels(tmp_path: Path) -> None:
    """Nothing is kept that the kernel does not have; what it makes by itself, as routes of addresses, is not known."""
    script = GUEST.format(root=str(ROOT), folder=str(tmp_path), about=ABOUT, commands=COMMANDS)
    done = uml_kernel.run(script, interpreter=sys.executable)
    assert 0 == done.status, done.output
    found = replay(tmp_path, ABOUT)

    assert [] == [one for one in found.stale if ROUTE_OF_NEXTHOP not in one]
    assert {"request", "inferred", "dump"} == {change.known for change in found.changes}
    assert not [one for one in found.changes for each in one.differences if each.path == "IFLA_MASTER"]
