"""Names in summaries: a message's own attributes, paths, conditions; and lines of messages whose names misled once."""

from __future__ import annotations

from pathlib import Path

import pytest

from nldissect import families
from nldissect.families.route.addr import ifaddrmsg
from nldissect.render.summaries.summary import summary_of
from nldissect.wire import (
    NETLINK_AUDIT,
    NETLINK_NETFILTER,
    NETLINK_SOCK_DIAG,
    NETLINK_XFRM,
    Context,
    DecodedMessage,
    nlmon,
)
from nldissect.wire.packets.bindings import COMMANDS, MESSAGES
from nldissect.wire.packets.summary import packet_summary
from nldissect.wire.template_names import check_names
from tests.helpers.captures import frames, messages, replies, requests
from tests.helpers.genl_messages import attrs, said, text, u8, u32
from tests.helpers.hex_messages import attribute, of_body
from tests.helpers.hex_messages import from_hex as from_hex_of
from tests.helpers.messages import write
from tests.helpers.route_messages import from_body


def test_no_template_is_ambiguous_once_all_tables_are_there() -> None:
    """What is bound after a message was declared is not known when its own template is checked."""
    families.load_all()
    tables = [*MESSAGES.values(), *COMMANDS.values()]
    bodies = {one.message for table in tables for bindings in table.values() for one in bindings}
    for body in bodies:
        check_names(body.__name__, body.template, [field.kind for field in body.fields_desc])


def test_an_attribute_of_the_message_is_not_that_of_a_peer_inside() -> None:
    """ip link add type veth peer name b: the kernel gives a name; what stands inside is the other end's."""
    peer = attribute(1, bytes(16) + attribute(3, b"b\0"))
    asked = from_body(16, bytes(16) + attribute(18, attribute(1, b"veth") + attribute(2, peer)), flags=0x605)

    assert summary_of(asked).startswith("veth")


@pytest.mark.parametrize(
    ("flags", "change", "expected"),
    [
        (0, 1, "if1 #1 set DOWN"),
        (1, 1, "if1 #1 set UP"),
        (0x101, 0x1101, "if1 #1 set UP,PROMISC,-MULTICAST"),
        (0, 0x80000000, "if1 #1 set -0x80000000"),
        (1, 0xFFFFFFFF, "if1 #1 set UP"),
        (1, 0, "if1 #1 set UP"),
        (0, 0, "if1 #1"),
    ],
)
def test_flags_that_a_request_sets(flags: int, change: int, expected: str) -> None:
    """ip link set lo down: no flag, and a mask that has IFF_UP; without a mask all count (rtnl_dev_combine_flags)."""
    asked = from_body(16, bytes(4) + u32(1) + u32(flags) + u32(change))

    assert expected == summary_of(asked).replace("#1", "if1 #1", 1)
    assert ("ifi_type", 0) == (asked.layers[0].value[2].name, asked.layers[0].value[2].value)
    assert 0 == asked.layers[0].value[2].kind.json(0)
    told = from_body(16, bytes(4) + u32(1) + u32(flags) + u32(change), flags=0)
    assert "ARPHRD_NETROM" == told.layers[0].value[2].kind.json(0)


def test_a_bridge_port_whose_other_end_is_not_known() -> None:
    """bridge monitor: IFLA_LINK of a veth is an index in the peer's namespace, and nothing says so."""
    ports = {summary_of(one).split()[0] for one in messages("tour.pcap", "RTM_NEWLINK") if _is_port(one, "port1")}

    assert {"port1", "port1@if2"} == ports


def test_a_link_as_ipv6_tells_of_it() -> None:
    """ip -6 link show d0, a veth whose peer is elsewhere: there is an IFLA_LINK without a namespace as well."""
    body = "0a000100 03000000 43100100 00000000 07000300 64300000 08000400 dc050000 08000500 02000000 05001000 06000000"
    told = from_body(16, bytes.fromhex(body), flags=0)
    told.context.learn("interface", 2, "nlmon0")

    assert "d0@if2 #3 <UP,BROADCAST,RUNNING,MULTICAST,LOWER_UP> mtu 1500 state up" == summary_of(told)


def _is_port(message: DecodedMessage, name: str) -> bool:
    family, ifname = message.find("ifi_family"), message.find("IFLA_IFNAME")
    return family is not None and family.value == 7 and ifname is not None and ifname.value == name


def test_addresses_with_a_peer() -> None:
    """ip addr add 198.51.100.1 peer 198.51.100.2/32: the length of the prefix is the peer's (inet_fill_ifaddr)"""
    asked = [summary_of(one) for one in requests("addr.pcap", "RTM_NEWADDR")]

    assert "198.51.100.1 peer 198.51.100.2/32 dev d0 scope link" in asked
    assert not any(" peer " in one for one in asked if one.startswith("192.0.2."))
    context = Context()
    packets = [packet for one in frames("addr.pcap") for packet in nlmon(one, _context=context).messages]
    known = {packet_summary(packet[ifaddrmsg]) for packet in packets if ifaddrmsg in packet}
    assert "198.51.100.1 peer 198.51.100.2/32 dev d0 scope link" in known


def test_a_reload_is_no_counter_of_reloads() -> None:
    """devlink dev show: DEVLINK_ATTR_DEV_STATS holds a RELOAD_ACTION with each counter."""
    assert {"netdevsim/netdevsim1"} == {
        summary_of(one) for one in messages("devlink.pcap") if one.find("DEVLINK_ATTR_DEV_STATS") is not None
    }


def test_fingerprint_of_an_operating_system() -> None:
    """nfnl_osf: the version is the fingerprint's, not nfgenmsg's."""
    assert ["Linux 3.10 ttl 64 mss 0"] == [summary_of(one) for one in messages("nfacct.pcap", "OSF_MSG_ADD")]


@pytest.mark.parametrize(
    ("protocol", "number", "body", "expected"),
    [
        (NETLINK_XFRM, 0x1C, bytes(4), "proto any"),
        (NETLINK_XFRM, 0x1C, bytes([50, 0, 0, 0]), "proto esp"),
        (NETLINK_XFRM, 0x28, bytes(4), ""),
        (NETLINK_XFRM, 0x27, bytes([1, 0, 2, 0]), "in block out accept"),
        (NETLINK_NETFILTER, 0xA02, bytes(4), "flush ruleset"),
        (NETLINK_NETFILTER, 0xA02, bytes([2, 0, 0, 0]), "flush ruleset ipv4"),
        (NETLINK_NETFILTER, 0xA02, bytes([2, 0, 0, 0]) + attribute(1, b"t\0"), "table ipv4 t"),
        (NETLINK_NETFILTER, 0x603, bytes([2, 0, 0, 0]) + attribute(1, b"\7"), "all sets"),
        (NETLINK_NETFILTER, 0x604, bytes([2, 0, 0, 0]) + attribute(1, b"\7"), "all sets"),
        (NETLINK_NETFILTER, 0x604, bytes([2, 0, 0, 0]) + attribute(1, b"\7") + attribute(2, b"s\0"), "s"),
        (NETLINK_NETFILTER, 0x202, bytes([2, 0, 0, 0]), "all expectations"),
        (NETLINK_NETFILTER, 0x102, bytes([2, 0, 0, 0]), "all connections"),
        (NETLINK_AUDIT, 1011, u32(4) + u32(2) + u32(0) + b"\xff" * 256 + bytes(772), "always,exit syscalls all"),
    ],
)
def test_requests_for_all(protocol: int, number: int, body: bytes, expected: str) -> None:
    header = (16 + len(body)).to_bytes(4, "little") + number.to_bytes(2, "little") + b"\1\0" + bytes(8)
    assert expected == summary_of(from_hex_of(protocol, (header + body).hex()))


def test_a_socket_that_is_gone() -> None:
    """ss -E: inet_diag_handler_get_info() of a UDP socket in its last moment"""
    ports = (5353).to_bytes(2, "big") + bytes(2) + bytes([127, 0, 0, 1]) + bytes(28 + 4 + 8)
    body = bytes([2, 7, 0, 0]) + ports + u32(0) + u32(0) + u32(0xFFFFFFFF) + u32(0) + u32(0) + attribute(10, b"\x11")

    assert "udp close recv-q 0 127.0.0.1:5353 0.0.0.0:0 uid 0 ino 0" == summary_of(of_body(NETLINK_SOCK_DIAG, 20, body))


def test_ports_of_a_rule() -> None:
    """ip rule add sport 1024-2048 dport 53"""
    ports = attribute(23, b"\0\4\0\x08") + attribute(24, b"\x35\0\x35\0")

    assert "sport 1024-2048 dport 53" in summary_of(from_body(32, bytes([2, *[0] * 11]) + ports))


def test_hop_by_hop() -> None:
    """ip route add 10.3.0.0/16 nexthop via 192.0.2.253 weight 3 nexthop dev d1"""
    first = bytes([16, 0, 0, 2]) + bytes(4) + attribute(5, bytes([192, 0, 2, 253]))
    route = from_body(24, bytes([2, 16, 0, 0, 254, 3, 0, 1, *[0] * 4]) + attribute(9, first + b"\x08\0\0\0\7\0\0\0"))

    assert summary_of(route).endswith("nexthop via 192.0.2.253 weight 3 nexthop dev if7 weight 1")
    frame_ = route.data
    (packet,) = nlmon(frame_, _context=Context("little")).messages
    assert packet_summary(packet.payload).endswith("nexthop via 192.0.2.253 weight 3 nexthop dev if7 weight 1")


def test_multicast_hops_have_a_ttl() -> None:
    """ip mroute: `rtnh_hops` is the TTL from which on packets go out (mr_fill_mroute)"""
    told = [summary_of(one) for one in replies("mroute.pcap", "RTM_NEWROUTE")]

    assert any(one.endswith("nexthop dev d1 ttl 1") for one in told)


def test_team_options(tmp_path: Path) -> None:
    """A flag is there for true, and absent for false (team_nl_fill_one_option_get)."""

    def option(name: str, *more: tuple[int, bytes]) -> dict[int, object]:
        return {1: text(name), 3: u8(6), **dict(more), 6: u32(5)}

    both = [option("enabled", (4, b"")), option("user_linkup")]
    told = said(tmp_path, "team", 2, {1: u32(3), 2: b"".join(attribute(0x8001, attrs(one)) for one in both)})

    assert "if3 2 options: enabled of if5 true, user_linkup of if5 false" == summary_of(told)


def test_bits_have_names(tmp_path: Path) -> None:
    """ethtool -s d0 wol g; ethtool --set-priv-flags d0 legacy-rx on other off"""
    asked = {summary_of(one) for one in messages("ethtool.pcap") if one.find("ETHTOOL_A_WOL_MODES") is not None}
    flags = [{2: text("legacy-rx"), 3: b""}, {2: text("other")}]
    bits = b"".join(attribute(0x8001, attrs(one)) for one in flags)
    change = said(tmp_path, "ethtool", 14, {1: {2: text("d0")}, 2: {3: bits}}, to="kernel")

    assert "d0 modes magic" in asked
    assert "d0 flags +legacy-rx, -other" == summary_of(change)


def test_times_of_tcp_metrics(tmp_path: Path) -> None:
    """ip tcp_metrics: rtt 147us rttvar 68us; older kernels count milliseconds"""
    new = said(tmp_path, "tcp_metrics", 1, {1: bytes([192, 0, 2, 1]), 6: {6: u32(1179), 7: u32(275)}})
    old = said(tmp_path, "tcp_metrics", 1, {1: bytes([192, 0, 2, 1]), 6: {1: u32(80), 2: u32(9)}})

    assert "192.0.2.1 rtt 147 us rttvar 68 us" == summary_of(new)
    assert "192.0.2.1 rtt 10 ms rttvar 2 ms" == summary_of(old)


def test_no_minor() -> None:
    """drbdadm: `minor` is -1 where a resource as a whole is meant."""
    assert "" == " ".join(one for one in map(summary_of, messages("drbd.pcap")) if "4294967295" in one)


@pytest.mark.usefixtures("printer")
def test_what_decides_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Addresses with and without a peer are cut into attributes alike, and so are ranges of ports."""
    from nldissect.cli import main

    asked = []
    for place in range(60):
        local, peer = bytes([10, 0, 0, place]), bytes([10, 0, 0, place if place % 3 else 99])
        asked.append(from_body(20, bytes([2, 32, 0, 0, 1, 0, 0, 0]) + attribute(2, local) + attribute(1, peer)).data)
        ports = attribute(24, bytes([53, 0, 53 + place % 2, 0]))
        asked.append(from_body(32, bytes([2, *[0] * 11]) + ports).data)
    main(["read", str(write(tmp_path / "alike.pcap", *asked))])
    printed = capsys.readouterr().out
    assert 20 == printed.count(" peer 10.0.0.99/32") and 30 == printed.count("dport 53-54")
