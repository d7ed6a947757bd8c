"""Addresses on real bytes, with what ip address and ip monitor printed of them."""

from __future__ import annotations

import pytest

from nldissect.families.route.addr import IFA, ifaddrmsg
from tests.helpers.captures import messages, replies, requests, value
from tests.helpers.route_messages import attribute, attrs, body, from_body, line, packets

FOREVER = 0xFFFFFFFF


def test_address_with_label() -> None:
    """ip address add 192.0.2.1/24 broadcast + label d0:web dev d0"""
    (request,) = requests("addr.pcap", "RTM_NEWADDR", IFA_LABEL="d0:web")

    assert {
        "ifa_family": "AF_INET",
        "ifa_prefixlen": 24,
        "ifa_flags": [],
        "ifa_scope": "RT_SCOPE_UNIVERSE",
        "ifa_index": 2,
        "attrs": {
            "IFA_LOCAL": "192.0.2.1",
            "IFA_ADDRESS": "192.0.2.1",
            "IFA_BROADCAST": "192.0.2.255",
            "IFA_LABEL": "d0:web",
        },
    } == body(request)
    assert "192.0.2.1/24 dev d0 brd 192.0.2.255 scope universe label d0:web" == line(request)


def test_address_by_hand() -> None:
    """The same request built from names gives the same bytes."""
    sent = packets("addr.pcap", ifaddrmsg)[0]
    built = ifaddrmsg(
        ifa_family="AF_INET",
        ifa_prefixlen=24,
        ifa_index=2,
        attrs=[IFA.LOCAL("192.0.2.1"), IFA.LABEL("d0:web"), IFA.ADDRESS("192.0.2.1"), IFA.BROADCAST("192.0.2.255")],
    )
    assert bytes(sent) == bytes(built)


def test_life_times_and_flags() -> None:
    """ip address add 192.0.2.2/24 dev d0 valid_lft 3600 preferred_lft 1800 noprefixroute metric 77"""
    request = requests("addr.pcap", "RTM_NEWADDR", IFA_LOCAL="192.0.2.2")[0]

    assert ({"ifa_prefered": 1800, "ifa_valid": 3600}, ["IFA_F_NOPREFIXROUTE"], 77) == (
        {name: attrs(request)["IFA_CACHEINFO"][name] for name in ("ifa_prefered", "ifa_valid")},
        value(request, "IFA_FLAGS"),
        value(request, "IFA_RT_PRIORITY"),
    )
    told = messages("addr.pcap", "RTM_NEWADDR", IFA_LOCAL="192.0.2.2", IFA_RT_PRIORITY=77)[-1]
    assert {"IFA_F_SECONDARY", "IFA_F_NOPREFIXROUTE"} <= set(value(told, "IFA_FLAGS"))


def test_peer() -> None:
    """ip address add 198.51.100.1 peer 198.51.100.2/32 dev d0 scope link: IFA_ADDRESS is the other end"""
    (request,) = requests("addr.pcap", "RTM_NEWADDR", IFA_LOCAL="198.51.100.1")

    assert ("198.51.100.2", "RT_SCOPE_LINK") == (value(request, "IFA_ADDRESS"), value(request, "ifa_scope"))


def test_ipv6_without_local() -> None:
    """ip address add 2001:db8::1/64 dev d0 nodad valid_lft 7200 preferred_lft 600 proto 0x20"""
    told = next(
        one for one in messages("addr.pcap", "RTM_NEWADDR", IFA_ADDRESS="2001:db8::1") if one.direction != "to kernel"
    )

    assert value(told, "IFA_LOCAL") is None
    assert (["IFA_F_NODAD"], 0x20, 7200) == tuple(value(told, name) for name in ("IFA_FLAGS", "IFA_PROTO", "ifa_valid"))
    assert line(told).startswith("2001:db8::1/64 dev d0 scope universe proto 32")


def test_who_made_it() -> None:
    """ip address show: "inet6 fe80::ff:fe00:1/64 scope link proto kernel_ll", valid forever"""
    link_local = replies("addr.pcap", "RTM_NEWADDR", IFA_ADDRESS="fe80::ff:fe00:1")[0]

    assert "IFAPROT_KERNEL_LL" == value(link_local, "IFA_PROTO")
    assert (FOREVER, FOREVER) == (value(link_local, "ifa_prefered"), value(link_local, "ifa_valid"))


def test_dump_request_filters() -> None:
    """ip address show dev d0 asks for that interface"""
    asked = requests("addr.pcap", "RTM_GETADDR")
    assert "ifaddrmsg" == asked[0].layers[-1].name
    assert 2 == value(asked[0], "ifa_index")


def test_deleted() -> None:
    """ip address del 192.0.2.2/24 dev d0"""
    (request,) = requests("addr.pcap", "RTM_DELADDR", IFA_LOCAL="192.0.2.2")
    assert "192.0.2.2/24 dev d0 scope universe" == line(request)


@pytest.mark.parametrize(("number", "row", "name"), [(58, 7, "RTM_GETMULTICAST"), (62, 5, "RTM_GETANYCAST")])
def test_groups_and_anycast(number: int, row: int, name: str) -> None:
    """The kernel's answers to RTM_GETMULTICAST and RTM_GETANYCAST carry those very numbers."""
    address = bytes.fromhex("ff020000000000000000000000000001")
    message = from_body(number, b"\x0a\x80\x80\x00\x02\0\0\0" + attribute(row, address), flags=2)

    assert name == message.type_name
    assert line(message).startswith("ff02::1/128 dev if2 ")


def test_small_families() -> None:
    """MCTP and Phonet addresses are one byte."""
    assert {"IFA_LOCAL": 8} == attrs(from_body(20, b"\x2d\0\0\0\x02\0\0\0" + attribute(2, b"\x08")))


def test_old_dump_request() -> None:
    """ip address of iproute2 before 5.0: an ifinfomsg with IFLA_EXT_MASK; the C library: one byte in four"""
    old = from_body(22, b"\x02" + bytes(15) + attribute(29, b"\x01\0\0\0"), flags=0x301)
    libc = from_body(22, b"\x00" + bytes(3), flags=0x301)
    modern = from_body(22, b"\x02" + bytes(7) + attribute(10, b"\x05\0\0\0"), flags=0x301)

    assert ("ifinfomsg", "rtgenmsg", "ifaddrmsg") == tuple(one.layers[-1].name for one in (old, libc, modern))
    assert {"IFA_TARGET_NETNSID": 5} == attrs(modern)


def test_everything_is_described() -> None:
    assert not [note for message in messages("addr.pcap", "RTM_NEWADDR") for note in message.notes]
