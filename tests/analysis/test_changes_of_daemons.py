"""`changes` of what routing daemons, a virtual switch and VRRP do, against the kernel's state."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.helpers import uml_kernel
from tests.helpers.paths import ROOT
from tests.helpers.skips import needs
from tests.helpers.state_check import Check, replay

pytestmark = pytest.mark.skipif(bool(uml_kernel.excuse()), reason=uml_kernel.excuse())

GUEST = """
import sys
sys.path.insert(0, {root!r})
from tests.helpers.guest_scenario import Scenario
folder = {folder!r}

def two_devices(scenario):
    scenario.run(
        "for i in 0 1; do ip link add d$i type veth peer name p$i; ip link set d$i up; ip link set p$i up; done",
        "ip address add 10.0.0.1/24 dev d0", "ip address add 10.0.0.2/24 dev d1",
    )
    scenario.known()
"""
"""Begins every script; `two_devices` are in one subnet."""
KEEPALIVED = """
import pathlib
config = pathlib.Path(folder, "keepalived.conf")
config.write_text('''
global_defs {
    router_id one
}
vrrp_instance one {
    state MASTER
    interface d0
    use_vmac
    virtual_router_id 51
    priority 200
    advert_int 1
    virtual_ipaddress {
        10.0.0.100/24
    }
    virtual_routes {
        10.5.0.0/16 via 10.0.0.9 dev d0
    }
}
''')
with Scenario(folder, "address route4 rule4") as scenario:
    two_devices(scenario)
    scenario.start(f"keepalived --dont-fork --log-console --vrrp --use-file {config} --pid /run/k --vrrp_pid /run/v")
    scenario.wait("ip -4 address show | grep -q 10.0.0.100/24 && ip route | grep -q 10.5.0.0")
    scenario.state()
    scenario.run("ip route show table all", "ip address show")
    scenario.stop()
    scenario.wait("! ip link show type macvlan | grep -q macvlan; ! ip -4 address show | grep -q 10.0.0.100/24")
    scenario.state()
"""
OPEN_VSWITCH = """
import os
os.environ |= {"OVS_RUNDIR": "/run", "OVS_LOGDIR": folder, "OVS_DBDIR": folder, "OVS_SYSCONFDIR": folder}
with Scenario(folder, "address route4 route6") as scenario:
    scenario.run("ovsdb-tool create $OVS_DBDIR/conf.db /usr/share/openvswitch/vswitch.ovsschema")
    two_devices(scenario)
    scenario.start("ovsdb-server $OVS_DBDIR/conf.db --remote=punix:/run/db.sock")
    scenario.wait("ovs-vsctl --timeout=1 --no-wait init")
    scenario.start("ovs-vswitchd unix:/run/db.sock")
    scenario.run("ovs-vsctl add-br b0", "ovs-vsctl add-port b0 p0", "ovs-vsctl add-port b0 p1 tag=10")
    scenario.state()
    scenario.run("ip link set b0 up", "ip address add 10.0.0.3/24 dev b0", "ip address add 10.0.0.4/24 dev b0")
    scenario.state()
    scenario.run("ovs-vsctl add-port b0 i0 -- set interface i0 type=internal", "ip address add 10.0.0.5/24 dev i0")
    scenario.run("ip link set i0 up", "ip route show table all")
    scenario.state()
    scenario.run("ovs-vsctl del-port p1", "ip address del 10.0.0.3/24 dev b0")
    scenario.state()
    scenario.run("ovs-vsctl del-br b0")
    scenario.state()
"""
FRR = """
import os, pathlib, re, subprocess
os.environ["PATH"] += ":/usr/lib/frr"
def config(name, text):
    path = pathlib.Path(folder, name)
    path.write_text(text)
    return path
networks = lambda first: "".join(f"  network 10.{first}.{number}.0/24\\n" for number in range(12))
def bgp(number, router, peers, body):
    lines = "".join(f" neighbor {peer} remote-as external\\n neighbor {peer} timers connect 1\\n" for peer in peers)
    return config(f"bgpd{number}.conf", f'''
router bgp {65000 + number}
 bgp router-id {router}
 no bgp ebgp-requires-policy
 no bgp network import-check
 bgp bestpath as-path multipath-relax
{lines} address-family ipv4 unicast
{body} exit-address-family
''')
# The daemons want their user in this group.
groups = re.sub("(?m)^(frrvty:.*)$", r"\\1,root", pathlib.Path("/etc/group").read_text())
subprocess.run(["mount", "--bind", config("group", groups), "/etc/group"], check=True)
common = "-u root -g root -A 127.0.0.1 -P 0 --vty_socket"
one = bgp(1, "10.0.0.1", ["10.0.0.2", "10.0.1.2"], "")
two = bgp(2, "10.0.0.2", ["10.0.0.1"], networks(9) + networks(10))
three = bgp(3, "10.0.1.2", ["10.0.1.1"], networks(10))
zebra = config("zebra.conf", "zebra nexthop-group keep 1")  # seconds; else 180
with Scenario(folder, "address route4 nexthop") as scenario:
    scenario.run("mkdir -p /run/netns /run/frr /run/b2 /run/b3")
    for number in 0, 1:
        scenario.run(
            f"ip netns add n{number}; ip link add d{number} type veth peer name p{number} netns n{number}",
            f"ip link set d{number} up; ip address add 10.0.{number}.1/24 dev d{number}",
            f"ip -n n{number} link set lo up; ip -n n{number} link set p{number} up",
            f"ip -n n{number} address add 10.0.{number}.2/24 dev p{number}",
        )
    scenario.known()
    scenario.start(f"zebra -f {zebra} {common} /run -i /run/zebra.pid -z /run/zserv.api")
    scenario.wait("test -S /run/zserv.api")
    scenario.start(f"bgpd -f {one} {common} /run -i /run/bgp1.pid -z /run/zserv.api -p 179")
    second = scenario.start(f"ip netns exec n0 bgpd -f {two} {common} /run/b2 -i /run/bgp2.pid -Z -p 179")
    third = scenario.start(f"ip netns exec n1 bgpd -f {three} {common} /run/b3 -i /run/bgp3.pid -Z -p 179")
    scenario.wait("test 24 = $(ip route show proto bgp | grep -c ^10) && ip route | grep -q nexthop")
    scenario.state()
    scenario.run("ip route show table all", "ip nexthop show")
    third.terminate()
    scenario.wait("! ip route show proto bgp | grep -q nexthop")
    scenario.state()
    second.terminate()
    scenario.wait("! ip route show proto bgp | grep -q 10.9 && ! ip nexthop show | grep -q .")
    scenario.state()
"""
SILENT = ("IFLA_PROMISCUITY", "IFLA_INET6_FLAGS", "rtm_flags")
"""State of links that the kernel tells nobody, and with it that of routes."""


def check(folder: Path, story: str, about: str) -> Check:
    script = GUEST.format(root=str(ROOT), folder=str(folder)) + story
    done = uml_kernel.run(script, interpreter=sys.executable, timeout=300)
    assert 0 == done.status, done.output
    return replay(folder, about)


@pytest.mark.parametrize(
    ("program", "story", "about"),
    [
        ("keepalived", KEEPALIVED, "address route4 rule4"),
        ("ovs-vswitchd", OPEN_VSWITCH, "address route4 route6"),
        ("/usr/lib/frr/bgpd", FRR, "address route4 nexthop"),
    ],
)
def test_nothing_is_told_that_was_not(program: str, story: str, about: str, tmp_path: Path) -> None:
    needs(program, path=uml_kernel.SEARCH)
    found = check(tmp_path, story, about)
    assert found.compared
    assert [] == found.stale
    assert [] == found.alike
    assert [] == found.missing
    assert [] == [one for one in found.unseen if not any(path in one for path in SILENT)]
