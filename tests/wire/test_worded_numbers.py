"""Numbers as the tools of their field write them; programs keep the numbers."""

from __future__ import annotations

from typing import Any

import pytest

from nldissect.families.multicast_groups import NFNLGRP, RTNLGRP
from nldissect.families.route.ip_values import Dscp, Dsfield, Flow, Realms
from nldissect.families.route.tc_info import Control, HashHandle, Place
from nldissect.families.sock_diag.groups import Groups
from nldissect.render.values import shown
from nldissect.wire import U32, Context, Kind, Node, walk
from tests.helpers.captures import frames, messages, value
from tests.helpers.route_messages import attribute, attrs, from_body, line


@pytest.mark.parametrize(
    ("kind", "number", "words"),
    [
        (HashHandle(), 0x80000800, "800::800"),
        (HashHandle(), 0x80105800, "801:5:800"),
        (HashHandle(), 0x80100000, "801:"),
        (HashHandle(), 0x801, ":801"),
        (HashHandle(), 0, "0"),
        (Place(), 0xFFFFFFF2, "ingress"),
        (Place(), 0xFFFFFFF3, "egress"),
        (Place(), 0x10010, "1:10"),
        (Control(), 0x2000002A, "goto chain 42"),
        (Control(), 0x10000002, "jump 2"),
        (Control(), 2, "TC_ACT_SHOT"),
        (Control(), -1, "TC_ACT_UNSPEC"),
        (Dsfield(), 0x10, "0x10"),
        (Dsfield(), 0xB8, "EF"),
        (Dscp(), 46, "EF"),
        (Dscp(), 1, "1"),
        (Realms(), 0x30004, "3/4"),
        (Realms(), 10, "10"),
        (Flow(), 10, "realm 10"),
        (Flow(), 0x30004, "realms 3/4"),
        (Groups(None, RTNLGRP), [0x11], "link,ipv4-ifaddr"),
        (Groups(None, RTNLGRP), [0, 0x100], "41"),
        (Groups(None, NFNLGRP), [0xFFFFFFFF, 0], "1-32"),
        (Groups(), [0x5, 1], "1,3,33"),
        (Groups(), [0, 0], "none"),
    ],
)
def test_words(kind: Kind, number: Any, words: str) -> None:
    """As iproute2 writes them: print_u32_handle, print_action_control, rtnl_dsfield_n2a, print_rta_flow."""
    assert words == kind.shown(number)
    assert (words if words.startswith("TC_ACT_") else number) == kind.json(number)


@pytest.mark.parametrize(
    ("kind", "number", "text"),
    [
        (HashHandle(), 0x80000800, "800::800 (0x80000800)"),
        (Flow(), 10, "realm 10 (0xa)"),
        (Dsfield(), 4, "0x04"),
        (Dsfield(), 0, "0"),
        (Control(), 0x2000002A, "goto chain 42 (536870954)"),
        (U32(None, refers="interface"), 3, "3 (if3)"),
        (U32(None, refers="interface"), 1, "1 (lo)"),
        (U32(None, refers="interface"), 0, "0"),
    ],
)
def test_trees_have_words_and_numbers(kind: Kind, number: int, text: str) -> None:
    context = Context()
    context.learn("interface", 1, "lo")
    assert text == shown(Node(kind, 0, 4, number), context)[1]


def test_interfaces_without_a_name() -> None:
    """A route in a file in which nobody says what interface 2 is called: ip writes if2, programs read 2."""
    frame = list(frames("route.pcap"))[7]
    (route,) = walk(frame, Context()).messages

    assert "unicast 10.0.0.0/8 via 192.0.2.254 dev if2 proto static scope universe table main" == line(route)
    assert 2 == value(route, "RTA_OIF") == attrs(route)["RTA_OIF"]


def test_requests_say_what_they_ask() -> None:
    """ip route show; ip route show table 1000; ip route get 10.3.1.2; ip route del 10.3.0.0/16"""
    asked = [line(one) for one in messages("route.pcap", "RTM_GETROUTE", "to kernel")]
    deleted = [line(one) for one in messages("route.pcap", "RTM_DELROUTE", "to kernel")]

    assert {"table main", "table 1000", "10.3.1.2/32 <RTM_F_LOOKUP_TABLE>"} < set(asked)
    assert ["10.3.0.0/16 table main"] * 2 == deleted


def test_mpls() -> None:
    """ip -f mpls route add 100 as 200/300 via inet 192.0.2.2 dev d0"""
    (route, *_) = messages("mpls.pcap", "RTM_NEWROUTE")

    assert line(route).startswith("unicast 100 as to 200/300 via inet 192.0.2.2 dev d0 proto boot")


def test_realms_of_a_route() -> None:
    """By hand: struct rtmsg of AF_INET, 10.0.0.0/8, tos 0xb8, and RTA_DST, RTA_FLOW: from realm 3 to 4."""
    header = bytes([2, 8, 0, 0xB8, 254, 4, 0, 1]) + bytes(4)
    route = from_body(24, header + attribute(1, bytes([10, 0, 0, 0])) + attribute(11, (0x30004).to_bytes(4, "little")))

    assert "unicast 10.0.0.0/8 tos EF proto static scope universe realms 3/4 table main" == line(route)


def test_priorities_of_rules() -> None:
    """The first rule has priority 0, which the kernel does not send; a request without one leaves it to the kernel."""
    told = [line(one) for one in messages("rule.pcap", "RTM_NEWRULE", "to user")]
    assert "inet 0: to_tbl table local proto kernel" in told

    added = from_body(32, bytes([2, 0, 0, 0x28, 254, 0, 0, 1]) + bytes(4), flags=0x605)
    assert "inet tos AF11 to_tbl table main" == line(added)


def test_handles_of_filters() -> None:
    """tc filter show dev d0 ingress: "u32 chain 0 fh 800: ht divisor 1", "fh 800::800"; of flower "handle 0x1"."""
    told = messages("tc_filter.pcap", "RTM_NEWTFILTER", "to user")
    lines = [line(one) for one in told]

    assert "u32 800::800 dev d0 parent ingress pref 10 protocol ip chain 0" in lines
    assert "flower 0x1 dev d0 parent ingress pref 20 protocol ip chain 0" in lines
    assert {0x80000800, 1} < {value(one, "tcm_handle") for one in told}


def test_goto_chain() -> None:
    """By hand: tcamsg, one action of kind gact whose struct tc_gact says TC_ACT_GOTO_CHAIN | 42."""
    parms = attribute(2, b"".join(number.to_bytes(4, "little") for number in (7, 0, 0x2000002A, 0, 0)))
    action = attribute(1, b"gact\0") + attribute(2, parms)
    added = from_body(48, bytes(4) + attribute(1, attribute(1, action)), flags=5)

    assert "actions 1 gact index 7 goto chain 42" == line(added)
    assert 0x2000002A == value(added, "action")


@pytest.mark.parametrize(
    ("name", "kind", "line_of_it"),
    [
        (
            "nft_families.pcap",
            "NFT_MSG_NEWSET",
            "set inet filter where type ipv4_addr : ipv4_addr . inet_service flags INT",
        ),
        ("nft_families.pcap", "NFT_MSG_NEWRULE", "rule inet filter input expressions fib cmp immediate verdict drop"),
        ("ipip_gre_sit.pcap", "RTM_NEWLINK", "gre1 gre local 192.0.2.1 remote 192.0.2.2"),
        ("bond.pcap", "RTM_NEWLINK", "bond1 bond mode activebackup"),
        ("bond.pcap", "RTM_NEWLINK", "bond1 #6 set UP"),
        ("vrf.pcap", "RTM_NEWLINK", "blue vrf table 10"),
        ("link_notify.pcap", "RTM_NEWLINK", "d0 dummy address 02:00:00:00:00:01"),
        ("bridge_vlan.pcap", "RTM_SETLINK", "p1 #3 vid 20 25"),
        ("tc_qdisc.pcap", "RTM_NEWTCLASS", "htb 1:20 dev d0 parent 1:1 rate 2 Mbit/s ceil 40 Gbit/s"),
        ("tc_qdisc.pcap", "RTM_NEWQDISC", "netem 20: dev d0 parent 1:20 delay 100 ms"),
        ("nexthop.pcap", "RTM_NEWNEXTHOP", "id 4 blackhole"),
        (
            "xfrm.pcap",
            "XFRM_MSG_NEWSA",
            "src 192.0.2.1 dst 192.0.2.3 proto ah spi 0x2000 reqid 0 mode transport auth",
        ),
        ("conntrack.pcap", "IPCTNL_MSG_CT_GET", "tcp 192.0.2.1 port 1024 -> 198.51.100.1 port 80"),
    ],
)
def test_what_a_request_changes_is_in_its_line(name: str, kind: str, line_of_it: str) -> None:
    assert any(line(one).startswith(line_of_it) for one in messages(name, kind, "to kernel"))


TWO_WAYS = (
    "unicast 10.3.0.0/16 proto boot scope universe table main nexthop via 192.0.2.253 dev d0 weight 3 "
    "nexthop via 198.51.100.253 dev d1 weight 10 onlink"
)


@pytest.mark.parametrize(
    ("name", "kind", "line_of_it"),
    [
        (
            "conntrack.pcap",
            "IPCTNL_MSG_CT_NEW",
            "icmp 127.0.0.1 -> 127.0.0.1 type echo code 0 <CONFIRMED> timeout 30 s",
        ),
        ("netconf.pcap", "RTM_NEWNETCONF", "inet dev all forwarding 0"),
        ("route.pcap", "RTM_NEWROUTE", TWO_WAYS),
        (
            "xfrm_acquire.pcap",
            "XFRM_MSG_ACQUIRE",
            "src 192.0.2.1 dst 192.0.2.2 proto esp sel 192.0.2.1/32 to 192.0.2.2/32",
        ),
        ("devlink.pcap", "devlink", "netdevsim/netdevsim1 resources IPv4 IPv6 nexthops"),
        ("team.pcap", "team", "team0 2 ports t1 t2"),
    ],
)
def test_what_the_kernel_tells_is_in_its_line(name: str, kind: str, line_of_it: str) -> None:
    lines = [line(one) for one in messages(name, kind) if one.direction != "to kernel"]
    assert any(one.startswith(line_of_it) for one in lines), lines[:20]
