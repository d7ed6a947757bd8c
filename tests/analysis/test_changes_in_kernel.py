"""`changes` against the kernel: after each step it keeps what iproute2 prints."""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path

import pytest

from nldissect.analysis.objects.change import called
from nldissect.cli import main
from nldissect.render.change_text import ChangeText
from nldissect.terminal.colors import plain
from tests.helpers import uml_kernel
from tests.helpers.paths import ROOT
from tests.helpers.state_check import Check, replay

pytestmark = pytest.mark.skipif(bool(uml_kernel.excuse()), reason=uml_kernel.excuse())

GUEST = """
import sys
sys.path.insert(0, {root!r})
from tests.helpers.guest_scenario import Scenario
with Scenario({folder!r}, {about!r}) as scenario:
    {before}
    scenario.known()
    {steps}
"""
DUMMIES = (
    "ip link add d0 type dummy; ip link add d1 type dummy; "
    "for d in d0 d1; do echo 0 >/proc/sys/net/ipv6/conf/$d/addr_gen_mode; "
    "echo 1 >/proc/sys/net/ipv6/conf/$d/disable_ipv6; ip link set $d up; done"
)
DUMMIES6 = (
    "for d in all default; do echo 0 >/proc/sys/net/ipv6/conf/$d/accept_dad; done; "
    "ip link add d0 type dummy; ip link add d1 type dummy; ip link set d0 up; ip link set d1 up; "
    "ip address add 2001:db8::1/64 dev d0; ip address add 2001:db8:1::1/64 dev d1"
)


def check(folder: Path, about: str, before: str, commands: str) -> Check:
    """Run commands, a line each, with the state after each; `about`: what is compared, names of scenario.DUMPS."""
    lines = [line.strip() for line in commands.strip().splitlines()]
    return follow(folder, about, before, "\n    ".join(f"scenario.run({line!r}); scenario.state()" for line in lines))


def follow(folder: Path, about: str, before: str, steps: str) -> Check:
    """Run the steps of a scenario, as Python, and compare."""
    before = f"scenario.run({before!r})"
    script = GUEST.format(root=str(ROOT), folder=str(folder), about=about, before=before, steps=steps)
    done = uml_kernel.run(script, interpreter=sys.executable)
    assert 0 == done.status, done.output
    return replay(folder, about)


def told(found: Check, *sorts: str) -> list[str]:
    """What became of objects of some sorts, those of dumps left out."""
    return [
        f"{called(change)}: {change.what}"
        for change in found.changes
        if change.thing.name in sorts and change.what not in ("there", "unchanged")
    ]


SILENT = ("'proxy'", "'noqueue'", "'800:'", "IFLA_", "['flags']")
"""What the kernel tells nobody: proxies, default queueing disciplines, u32's first table, states of links, the flags of
rules whose interface comes."""

SCENARIOS = {
    "two devices in one subnet": (
        "address route4",
        DUMMIES,
        """
        ip address add 10.0.0.1/24 dev d0
        ip address add 10.0.0.2/24 dev d1
        ip route show table all
        ip address del 10.0.0.1/24 dev d0
        ip address add 10.0.0.1/24 dev d0
        ip link set d1 down
        ip link set d1 up
        """,
    ),
    "sources of routes": (
        "address route4 nexthop",
        DUMMIES + "; ip address add 10.0.0.1/24 dev d0; ip address add 10.0.1.1/24 dev d1",
        """
        ip address add 10.9.9.9/32 dev d0
        ip address add 10.9.9.9/32 dev d1
        ip nexthop add id 7 via 10.0.1.2 dev d1
        ip route add 10.1.0.0/16 via 10.0.1.2 src 10.9.9.9
        ip route add 10.1.0.0/16 via 10.0.1.2 src 10.9.9.9 table 100
        ip route add 10.2.0.0/16 nhid 7 src 10.9.9.9
        ip route add 10.3.0.0/16 via 10.0.1.2 src 10.0.1.1
        ip address del 10.9.9.9/32 dev d1
        ip address add 10.9.9.9/32 dev d1
        ip address del 10.9.9.9/32 dev d0
        ip address del 10.9.9.9/32 dev d1
        ip address add 10.9.8.8/32 dev d0
        ip route add 10.4.0.0/16 via 10.0.1.2 src 10.9.8.8
        ip link set d0 down
        ip link del d0
        """,
    ),
    "next hops over links that go down": (
        "route4 nexthop",
        DUMMIES + "; ip address add 10.0.0.1/24 dev d0; ip address add 10.0.1.1/24 dev d1",
        """
        ip route add 10.1.0.0/16 nexthop via 10.0.0.2 nexthop via 10.0.1.2
        ip route add 10.2.0.0/16 nexthop via 10.0.0.2 nexthop via 10.0.0.3
        ip nexthop add id 1 via 10.0.0.2 dev d0
        ip nexthop add id 2 via 10.0.1.2 dev d1
        ip nexthop add id 3 group 1/2
        ip nexthop add id 4 group 1
        ip nexthop add id 5 via 10.0.1.3 dev d1
        ip nexthop add id 6 group 2/5
        ip route add 10.4.0.0/16 nhid 4
        ip nexthop del id 5
        ip link set d0 down
        ip link set d1 down
        ip link set d0 up
        """,
    ),
    "a link's last address": (
        "address route4",
        DUMMIES + "; ip address add 10.0.0.1/24 dev d0; ip address add 10.0.1.1/24 dev d1",
        """
        ip route add 10.5.0.0/16 dev d0
        ip route add 10.6.0.0/16 via 10.0.1.2
        ip address add 10.0.7.1/32 dev d0
        ip address del 10.0.0.1/24 dev d0
        ip address del 10.0.7.1/32 dev d0
        ip address del 10.0.1.1/24 dev d1
        """,
    ),
    "append, prepend, change, replace": (
        "route4",
        DUMMIES + "; ip address add 10.0.0.1/24 dev d0; ip address add 10.0.1.1/24 dev d1",
        """
        ip route add 10.1.0.0/16 via 10.0.0.2
        ip route append 10.1.0.0/16 via 10.0.0.3
        ip route append 10.1.0.0/16 via 10.0.1.3
        ip route prepend 10.1.0.0/16 via 10.0.0.4
        ip route append 10.1.0.0/16 via 10.0.0.3 proto static
        ip route append blackhole 10.1.0.0/16
        ip route append 10.1.0.0/16 via 10.0.0.3 mtu 1400
        ip route append 10.1.0.0/16 via 10.0.0.3 src 10.0.1.1
        ip route add 10.1.0.0/16 via 10.0.0.3 metric 7
        ip route add 10.1.0.0/16 via 10.0.0.3 tos 0x10
        ip route replace 10.1.0.0/16 via 10.0.0.5
        ip route change 10.1.0.0/16 via 10.0.0.6
        ip route del 10.1.0.0/16 via 10.0.0.6
        ip route replace 10.1.0.0/16 via 10.0.0.7
        ip route del 10.1.0.0/16 via 10.0.0.3 proto static
        ip route show
        ip route replace unreachable 10.1.0.0/16
        """,
    ),
    "next hops of IPv4": (
        "route4 nexthop",
        DUMMIES + "; ip address add 10.0.0.1/24 dev d0; ip address add 10.0.1.1/24 dev d1",
        """
        ip route add 10.1.0.0/16 nexthop via 10.0.0.2 nexthop via 10.0.1.2 weight 3
        ip route append 10.1.0.0/16 nexthop via 10.0.0.2 nexthop via 10.0.1.3
        ip route replace 10.1.0.0/16 nexthop via 10.0.0.9 nexthop via 10.0.1.2 weight 3
        ip route replace 10.1.0.0/16 via 10.0.0.8
        ip nexthop add id 1 via 10.0.0.2 dev d0
        ip nexthop add id 2 via 10.0.1.2 dev d1
        ip nexthop add id 3 group 1/2
        ip route add 10.2.0.0/16 nhid 1
        ip route append 10.2.0.0/16 nhid 3
        ip nexthop replace id 1 via 10.0.0.3 dev d0
        ip route replace 10.2.0.0/16 nhid 2
        ip route del 10.2.0.0/16 nhid 3
        ip nexthop del id 1
        """,
    ),
    "ends of a pair": (
        "route4",
        "ip link set lo up",
        """
        ip link add v0 type veth peer name v1
        ip link set v1 up
        ip link set v0 up
        ip link del v1
        """,
    ),
    "routes of IPv6": (
        "route6 proc6 nexthop",
        DUMMIES6,
        """
        ip route add 2001:db8:10::/48 via 2001:db8::2
        ip route append 2001:db8:10::/48 via 2001:db8::3
        ip route append 2001:db8:10::/48 dev d1
        ip route append 2001:db8:10::/48 via 2001:db8:1::3
        ip route del 2001:db8:10::/48 via 2001:db8::2
        ip route del 2001:db8:10::/48 via 2001:db8:1::3
        ip route show
        ip -6 route show
        ip route append 2001:db8:10::/48 via 2001:db8:1::4
        ip route replace 2001:db8:10::/48 via 2001:db8::9
        ip route replace 2001:db8:10::/48 dev d0
        ip route replace 2001:db8:10::/48 nexthop via 2001:db8::2 nexthop via 2001:db8:1::2
        ip route replace 2001:db8:10::/48 nexthop via 2001:db8::4 nexthop via 2001:db8:1::2
        ip route del 2001:db8:10::/48
        ip route add 2001:db8:10::/48 dev d0 metric 5
        ip route append 2001:db8:10::/48 dev d1 metric 5
        ip route add unreachable 2001:db8:11::/48
        ip route del unreachable 2001:db8:11::/48
        ip nexthop add id 1 via 2001:db8::2 dev d0
        ip route add 2001:db8:12::/48 nhid 1
        ip nexthop replace id 1 via 2001:db8::3 dev d0
        ip route append 2001:db8:12::/48 via 2001:db8::8
        ip link set d1 down
        """,
    ),
    "forwarding entries of a bridge": (
        "fdb",
        "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6; "
        "ip link add b0 type bridge vlan_filtering 1; ip link add d0 type dummy; ip link add d1 type dummy; "
        "for d in d0 d1; do ip link set $d master b0; ip link set $d up; bridge vlan add vid 10 dev $d; "
        "bridge vlan add vid 20 dev $d; "
        "done; bridge vlan add vid 10 dev b0 self; ip link set b0 up",
        """
        bridge fdb add 02:00:00:00:00:aa dev d0 master static vlan 10
        bridge fdb add 02:00:00:00:00:aa dev d0 master static vlan 20
        bridge fdb add 02:00:00:00:00:bb dev d0 master static vlan 10
        bridge fdb add 02:00:00:00:00:aa dev d0 self
        bridge fdb show
        bridge fdb replace 02:00:00:00:00:aa dev d1 master static vlan 10
        bridge fdb add 02:00:00:00:00:cc dev b0 self local vlan 10
        bridge fdb del 02:00:00:00:00:aa dev d0 master vlan 20
        bridge fdb del 02:00:00:00:00:aa dev d0 self
        ip link set d1 nomaster
        """,
    ),
    "forwarding entries of VXLAN": (
        "fdb",
        "ip link add d0 type dummy; ip address add 192.0.2.1/24 dev d0; ip link set d0 up; "
        "ip link add vx type vxlan id 7 local 192.0.2.1 dstport 4789 dev d0; ip link set vx up; "
        "ip link add vm type vxlan external local 192.0.2.1 dstport 4790; ip link set vm up",
        """
        bridge fdb append 00:00:00:00:00:00 dev vx dst 192.0.2.2
        bridge fdb append 00:00:00:00:00:00 dev vx dst 192.0.2.3
        bridge fdb append 00:00:00:00:00:00 dev vx dst 192.0.2.3 port 4800
        bridge fdb append 00:00:00:00:00:00 dev vx dst 192.0.2.3 vni 8
        bridge fdb add 02:00:00:00:00:aa dev vx dst 192.0.2.2
        bridge fdb add 02:00:00:00:00:bb dev vx dst 192.0.2.2
        bridge fdb replace 02:00:00:00:00:aa dev vx dst 192.0.2.9
        bridge fdb add 02:00:00:00:00:aa dev vm dst 192.0.2.2 src_vni 100 vni 100
        bridge fdb add 02:00:00:00:00:aa dev vm dst 192.0.2.2 src_vni 200 vni 200
        bridge fdb del 00:00:00:00:00:00 dev vx dst 192.0.2.3 port 4800
        bridge fdb del 02:00:00:00:00:bb dev vx
        bridge fdb show
        ip nexthop add id 5 via 192.0.2.7 fdb
        ip nexthop add id 6 group 5 fdb
        bridge fdb add 02:00:00:00:00:dd dev vx nhid 6
        ip link del vm
        """,
    ),
    "neighbours and proxies": (
        "neighbour proxy",
        DUMMIES + "; ip address add 10.0.0.1/24 dev d0",
        """
        ip neigh add proxy 10.0.0.5 dev d0
        ip neigh add 10.0.0.5 lladdr 02:00:00:00:00:05 dev d0
        ip neigh add proxy 10.0.0.5 dev d1
        ip neigh replace 10.0.0.5 lladdr 02:00:00:00:00:06 dev d0
        ip neigh show proxy
        ip neigh del 10.0.0.5 dev d0
        """,
    ),
    "addresses": (
        "address route4",
        DUMMIES6,
        """
        ip address add 10.0.0.1/24 dev d0
        ip address add 10.0.0.1/32 dev d0
        ip address add 10.0.0.1 peer 10.0.0.2/32 dev d0
        ip address add 10.0.0.1 peer 10.0.0.3/32 dev d0
        ip address add 10.0.0.9/24 dev d0
        ip address del 10.0.0.1/24 dev d0
        ip address add 2001:db8::5 peer 2001:db8::6 dev d0
        ip address change 2001:db8::5 peer 2001:db8::7 dev d0
        ip address change 2001:db8::1/64 dev d0 valid_lft 1000 preferred_lft 500
        ip address add 2001:db8::5 dev d1
        ip address del 2001:db8::5 dev d0
        """,
    ),
    "rules": (
        "rule4 rule6",
        DUMMIES,
        """
        ip rule add from 10.0.0.0/8 table 100
        ip rule add from 10.0.0.0/8 table 100 suppress_prefixlength 0 priority 32765
        ip rule add from 10.0.0.0/8 table 100 protocol static priority 32765
        ip rule add iif x0 table 7 priority 5
        ip link add x0 type dummy
        ip rule show
        ip rule add fwmark 1 table 7 priority 6
        ip rule del priority 5
        ip rule del from 10.0.0.0/8 table 100 protocol static priority 32765
        ip -6 rule add from 2001:db8::/32 table 9
        """,
    ),
    "queueing disciplines": (
        "qdisc",
        DUMMIES,
        """
        tc qdisc add dev d0 root handle 1: htb
        tc class add dev d0 parent 1: classid 1:10 htb rate 1mbit
        tc qdisc add dev d0 parent 1:10 handle 10: pfifo limit 5
        tc qdisc replace dev d0 parent 1:10 handle 11: bfifo limit 50000
        tc qdisc replace dev d0 root handle 2: prio
        tc qdisc add dev d0 clsact
        tc qdisc del dev d0 root
        tc qdisc add dev d0 root handle 1: htb
        tc class add dev d0 parent 1: classid 1:10 htb rate 2mbit
        ip link del d0
        ip link add d0 index 2000 type dummy
        ip link del d0
        ip link add d7 index 2000 type dummy
        tc qdisc add dev d7 root handle 1: htb
        """,
    ),
    "VLANs of ports": (
        "vlan",
        "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6; "
        "ip link add b0 type bridge vlan_filtering 1; ip link add d0 type dummy; ip link set d0 master b0; "
        "bridge vlan add vid 10 dev d0; bridge vlan add vid 20-24 dev d0",
        """
        bridge -c vlan show
        bridge vlan add vid 15 dev d0
        bridge vlan del vid 10 dev d0
        bridge vlan del vid 22 dev d0
        bridge vlan show
        bridge link show
        bridge vlan add vid 15 dev d0 pvid untagged
        """,
    ),
    "labels": (
        "mpls",
        "modprobe mpls_router; echo 1000 >/proc/sys/net/mpls/platform_labels; "
        + DUMMIES
        + "; ip address add 192.0.2.1/24 dev d0",
        """
        ip -f mpls route add 100 via inet 192.0.2.2 dev d0
        ip -f mpls route add 101 nexthop as 200 via inet 192.0.2.2 dev d0 nexthop via inet 192.0.2.3 dev d0
        ip -f mpls route replace 100 via inet 192.0.2.4 dev d0
        ip -f mpls route replace 101 via inet 192.0.2.4 dev d0
        ip -f mpls route del 100
        """,
    ),
    "filters": (
        "filter",
        DUMMIES + "; tc qdisc add dev d0 clsact",
        """
        tc filter add dev d0 ingress pref 1 protocol ip u32 match ip dst 192.0.2.4 action drop
        tc filter add dev d0 ingress pref 1 protocol ip u32 match ip dst 192.0.2.5 action drop
        tc filter add dev d0 ingress pref 2 protocol ip flower dst_ip 192.0.2.4
        tc filter add dev d0 ingress pref 2 protocol ip flower dst_ip 192.0.2.5
        tc filter add dev d0 ingress chain 3 pref 2 protocol ip flower dst_ip 192.0.2.4
        tc filter show dev d0 ingress
        tc filter del dev d0 ingress pref 2 protocol ip handle 1 flower
        tc filter add dev d0 ingress pref 2 protocol ip flower dst_ip 192.0.2.6
        tc filter del dev d0 ingress pref 2
        tc filter replace dev d0 ingress pref 2 protocol ip handle 1 flower dst_ip 192.0.2.9
        tc filter del dev d0 ingress
        tc qdisc del dev d0 clsact
        tc qdisc add dev d0 clsact
        tc filter add dev d0 ingress chain 3 pref 2 protocol ip flower dst_ip 192.0.2.4
        """,
    ),
    "IPsec": (
        "state policy",
        "true",
        """
        ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 1 mode tunnel enc 'ecb(cipher_null)' '' mark 6
        ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 1 mode tunnel enc 'ecb(cipher_null)' '' mark 7
        ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto ah spi 1 mode tunnel auth digest_null ''
        ip xfrm policy add src 10.1.0.0/16 dst 10.2.0.0/16 dir out
        ip xfrm policy add src 10.1.0.0/16 dst 10.2.0.0/16 dir out mark 7
        ip xfrm policy add src 10.1.0.0/16 dst 10.2.0.0/16 dir out if_id 7
        ip xfrm policy add src 10.1.0.0/16 dst 10.2.0.0/16 dir out ptype sub
        ip xfrm state; ip xfrm policy
        ip xfrm policy update src 10.1.0.0/16 dst 10.2.0.0/16 dir out priority 9
        ip xfrm policy del src 10.1.0.0/16 dst 10.2.0.0/16 dir out if_id 7
        ip xfrm state flush proto ah
        ip xfrm policy flush ptype sub
        ip xfrm state flush
        ip xfrm policy flush
        ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto ah spi 1 mode tunnel auth digest_null ''
        """,
    ),
    "tables": (
        "nftables",
        "true",
        """
        nft add table bridge t
        nft add chain bridge t c
        nft add rule bridge t c counter
        nft add rule bridge t c counter
        nft add set bridge t s '{ type ether_addr; }'
        nft add rule bridge t c ether saddr '{ 02:00:00:00:00:01, 02:00:00:00:00:02 }' drop
        nft rename chain bridge t c d
        nft insert rule bridge t d drop
        nft replace rule bridge t d handle 2 accept
        nft delete rule bridge t d handle 3
        nft delete set bridge t s
        nft flush chain bridge t d
        nft delete table bridge t
        nft 'add table bridge t; add chain bridge t c'
        """,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_state_kept_is_the_kernels(name: str, tmp_path: Path) -> None:
    found = check(tmp_path, *SCENARIOS[name])
    assert found.compared
    assert [] == found.stale
    assert [] == found.alike
    assert [] == [fact for fact in found.missing if not any(one in fact for one in SILENT)]
    assert [] == [one for one in found.unseen if not any(path in one for path in SILENT)]


def test_routes_go_with_the_last_address_that_is_their_source(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those of table main, in frames of addresses that are deleted, and of a link; no event tells of them."""
    check(tmp_path, *SCENARIOS["sources of routes"])
    assert 0 == main(["changes", str(tmp_path / "capture.pcap"), "-T", "json"])
    told = json.loads(capsys.readouterr().out)
    gone = [one for one in told if (one["object"], one["known"]) == ("route", "inferred")]
    own = "10.0.0.0/24", "broadcast"  # of the address of d0, as it goes down
    names = sorted(one["name"].split()[0] for one in gone)
    assert ["10.1.0.0/16", "10.2.0.0/16", "10.4.0.0/16"] == [name for name in names if name not in own]
    assert not [one for one in gone if "table 100" in one["name"]]


def test_the_first_end_of_a_pair_names_the_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is told before there is another, and no event corrects that when the other comes."""
    check(tmp_path, *SCENARIOS["ends of a pair"])
    assert 0 == main(["changes", str(tmp_path / "capture.pcap"), "-T", "json"])
    links = [one for one in json.loads(capsys.readouterr().out) if one["object"] == "link"]
    (second,) = [one for one in links if ("v0", "added") == (one["name"], one["change"])]
    (paired,) = [one for one in links if "inferred" == one["known"]]
    assert ("v1", second["frame"], ["IFLA_LINK"]) == (paired["name"], paired["frame"], list(paired["fields"]))
    assert 0 == paired["fields"]["IFLA_LINK"]["old"]


def test_each_vlan_and_each_name_is_told_by_itself(tmp_path: Path) -> None:
    """Messages list VLANs in ranges or each alone, and alternative names in order: that one comes moves the others."""
    _, _, steps = SCENARIOS["VLANs of ports"]
    names = "link set d0 up", "link property add dev d0 altname one", "link property add dev d0 altname two"
    more = "\n".join(f"ip {name}" for name in (*names, "link property del dev d0 altname one"))
    found = check(tmp_path, "vlan", SCENARIOS["VLANs of ports"][1], steps + more)
    texts = [
        plain(ChangeText().said(one)) for one in found.changes if one.what == "changed" and one.thing.name in LINKS
    ]
    vlans = [text for text in texts if "vlan" in text and not text.startswith("vlan +2")]
    other = "bridge_vlan_info.vlan 1 -PVID, bridge_vlan_info.vlan 15 +PVID +UNTAGGED"
    assert ["vlan +10", "vlan +15", "vlan -10", "vlan -22", other] == [text for text in vlans if "brport" not in text]
    renamed = ["alt_ifname none → one", "alt_ifname none → two", "alt_ifname one → none"]
    assert renamed == [text for text in texts if "alt_ifname" in text]


def test_entries_of_several_vlans_have_names_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In text and JSON it is said which of them is gone."""
    check(tmp_path, *SCENARIOS["forwarding entries of a bridge"])
    assert 0 == main(["changes", str(tmp_path / "capture.pcap"), "-T", "json"])
    found = json.loads(capsys.readouterr().out)
    ended = [one["name"] for one in found if (one["object"], one["change"]) == ("fdb entry", "removed")]
    aa = [name for name in ended if name.startswith("02:00:00:00:00:aa")]
    assert [
        "02:00:00:00:00:aa dev d0 vlan 20 master b0", "02:00:00:00:00:aa dev d0 self",
        "02:00:00:00:00:aa dev d1 vlan 10 master b0",
    ] == aa  # fmt: skip


def test_routes_of_several_next_hops_have_names_of_their_own(tmp_path: Path) -> None:
    """Two of IPv4 stand side by side, with one prefix; `nexthop` as `ip route` writes it."""
    found = check(tmp_path, *SCENARIOS["next hops of IPv4"])
    names = [called(one) for one in found.changes if one.what == "added" and "nexthop" in called(one)]
    assert [
        "10.1.0.0/16 table main nexthop via 10.0.0.2 dev d0 nexthop via 10.0.1.2 dev d1 weight 3",
        "10.1.0.0/16 table main nexthop via 10.0.0.2 dev d0 nexthop via 10.0.1.3 dev d1",
    ] == names


LINKS = ("link", "bridge port")
MULTICAST = """
import socket, struct
MRT_INIT, MRT_ADD_VIF, MRT_ADD_MFC, MRT_DEL_MFC, MRT_ADD_MFC_PROXY, MRT_DEL_MFC_PROXY = 200, 202, 204, 205, 210, 211
router = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_IGMP)
router.setsockopt(socket.IPPROTO_IP, MRT_INIT, 1)
for vif, address in enumerate(("192.0.2.1", "198.51.100.1")):
    entry = struct.pack("=HBBI4s4s", vif, 0, 1, 0, socket.inet_aton(address), bytes(4))
    router.setsockopt(socket.IPPROTO_IP, MRT_ADD_VIF, entry)
for option, source, group, vif in (
    (MRT_ADD_MFC, "192.0.2.7", "239.1.1.1", 0), (MRT_ADD_MFC, "192.0.2.8", "239.1.1.1", 0),
    (MRT_ADD_MFC, "192.0.2.7", "239.1.1.1", 1), (MRT_ADD_MFC_PROXY, "0.0.0.0", "239.1.1.2", 0),
    (MRT_ADD_MFC_PROXY, "0.0.0.0", "239.1.1.2", 1), (MRT_DEL_MFC, "192.0.2.8", "239.1.1.1", 0),
    (MRT_DEL_MFC_PROXY, "0.0.0.0", "239.1.1.2", 0),
):
    addresses = socket.inet_aton(source) + socket.inet_aton(group)
    entry = struct.pack("=8sH32s2x3Ii", addresses, vif, bytes([1, 1]) + bytes(30), 0, 0, 0, 0)
    router.setsockopt(socket.IPPROTO_IP, option, entry)
    scenario.state()
"""


def test_multicast_routes(tmp_path: Path) -> None:
    """Of all sources there can be one route an interface; one of a single source changes its interface."""
    before = DUMMIES + "; ip address add 192.0.2.1/24 dev d0; ip address add 198.51.100.1/24 dev d1"
    steps = textwrap.indent(MULTICAST, "    ")
    found = follow(tmp_path, "mroute", before, steps)
    assert ([], []) == (found.stale, found.missing) and 17 == found.compared
    assert "(192.0.2.7, 239.1.1.1) table default: changed" in told(found, "multicast route")
