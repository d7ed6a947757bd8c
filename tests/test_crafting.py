"""`command()`: every packet as a Python expression in names of nldissect.all that builds the same bytes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from captured import frames
from scapy.config import conf
from scapy.packet import NoPayload

import nldissect.all
from nldissect.all import *  # noqa: F403
from nldissect.all import AF, IFLA, IFLA_INFO, IFLA_VLAN, NFPROTO, RTA, ifinfomsg, nlctrl, nlmsghdr, rtmsg
from nldissect.errors import FieldError
from nldissect.wire import Context, Message, genlmsghdr, nlmon
from nldissect.wire.context import Env

conf.debug_dissector = True

CAPTURES = sorted((Path(__file__).parent.parent / "captures").glob("*.pcap"))
NAMES = vars(nldissect.all)
BIG = ">" if sys.byteorder == "little" else "<"


def made(expression: str) -> Any:
    """The packet an expression stands for, as `from nldissect.all import *` has the names."""
    return eval(expression, dict(NAMES))


def packets(name: str) -> Iterator[Any]:
    """Every message of a capture."""
    context = Context()
    for data in frames(name):
        yield from nlmon(data, _context=context).messages


@pytest.mark.parametrize("name", [path.name for path in CAPTURES], ids=lambda name: name.removesuffix(".pcap"))
def test_every_message_of_every_capture_is_made_again_from_its_expression(name: str) -> None:
    """What iproute2, ethtool, nft and others sent, and what the kernel answered: byte for byte what was on the wire."""
    count = 0
    for message in packets(name):
        count += 1
        assert message.original == bytes(made(message.command())), message.command()
    assert count


def test_an_expression_says_what_people_would_write() -> None:
    """ip link add link d0 name v10 type vlan id 10 protocol 802.1ad ..."""
    request = next(one for one in packets("vlan_add.pcap") if IFLA_VLAN.ID in one)

    assert request.command().startswith(
        "nlmsghdr(nlmsg_type='RTM_NEWLINK', nlmsg_flags='NLM_F_REQUEST|NLM_F_ACK|NLM_F_EXCL|NLM_F_CREATE', nlmsg_seq="
    )
    assert "IFLA_VLAN.PROTOCOL('ETH_P_8021AD')" in request.command()
    assert "pad" not in request.command()  # what is zero anyway is not said


def test_commands_of_generic_families_by_name() -> None:
    written = [one.command() for one in packets("ethtool.pcap") if genlmsghdr in one and one.nlmsg_flags & 1]

    assert any("genlmsghdr(cmd='CTRL_CMD_GETFAMILY', version=1)/nlctrl(" in text for text in written)
    assert any("genlmsghdr(cmd='ETHTOOL_MSG_CHANNELS_GET', version=1)/generic(" in text for text in written)
    assert 3 == genlmsghdr(cmd="CTRL_CMD_GETFAMILY").cmd
    with pytest.raises(FieldError, match="CTRL_CMD_NOSUCH"):
        genlmsghdr(cmd="CTRL_CMD_NOSUCH")


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (ifinfomsg(), "ifinfomsg()"),
        (ifinfomsg(ifi_family=AF.INET6, ifi_flags=0x1043), "IFF_UP|IFF_BROADCAST|IFF_RUNNING|IFF_MULTICAST"),
        (ifinfomsg(ifi_family=200), "ifinfomsg(ifi_family=200)"),
        (ifinfomsg(ifi_flags=0x80000001), "ifinfomsg(ifi_flags='IFF_UP|0x80000000')"),
        (nlmsghdr(nlmsg_type=9999, nlmsg_flags=0x4001), "(nlmsg_type=9999, nlmsg_flags='NLM_F_REQUEST|0x4000')"),
        (nlmsghdr(nlmsg_type=18, nlmsg_len=5) / ifinfomsg(), "nlmsghdr(nlmsg_len=5, nlmsg_type='RTM_GETLINK')"),
        (IFLA.MTU(0), "IFLA.MTU(0)"),
        (IFLA.IFNAME(value=b"no end"), "IFLA.IFNAME(value=b'no end')"),
        (IFLA.MTU(1, pad=b"\1"), "IFLA.MTU(1, pad=b'\\x01')"),
        (RTA.DST("10.0.0.0"), "RTA.DST('10.0.0.0')"),
    ],
)  # fmt: skip
def test_single_expressions(packet: Any, expected: str) -> None:
    assert expected in packet.command()
    assert bytes(packet) == bytes(made(packet.command()))


def test_the_other_byte_order_is_said_once() -> None:
    raw = bytes(
        nlmsghdr(nlmsg_type="RTM_NEWLINK", _env=Env(BIG)) / ifinfomsg(attrs=[IFLA.LINKINFO([IFLA_INFO.KIND("vlan")])])
    )
    message = nlmsghdr(raw, _env=Env(BIG, 0, Context()))

    assert raw[4:6] == (16).to_bytes(2, "big" if BIG == ">" else "little")
    assert 1 == message.command().count("Env")
    assert raw == bytes(made(message.command()))


def test_an_edited_packet_is_written_as_edited() -> None:
    request = next(one for one in packets("vlan_add.pcap") if IFLA_VLAN.ID in one)
    request[IFLA_VLAN.ID].value = 77

    assert "IFLA_VLAN.ID(77)" in request.command()
    assert bytes(request) == bytes(made(request.command()))


def test_what_stands_behind_the_fields_is_written_too() -> None:
    """An attribute of a number nobody knows, bytes behind the last attribute, a struct that ends early."""
    whole = nlmsghdr(nlmsg_type="RTM_NEWROUTE") / rtmsg(rtm_table="RT_TABLE_MAIN", attrs=[RTA.PRIORITY(5)])
    raw = bytes(whole) + bytes.fromhex("0600 ff0f abcd 0000") + b"\1\2"
    for data in (raw, bytes(whole)[:21]):
        data = len(data).to_bytes(4, sys.byteorder) + data[4:]
        message = nlmsghdr(data, _env=Env("<" if sys.byteorder == "little" else ">", 0, Context()))
        assert not isinstance(message.payload, NoPayload)
        assert data == bytes(made(message.command()))


def test_a_nexthop_that_lies_about_its_length_is_written_as_it_is() -> None:
    """RTA_MULTIPATH whose first struct rtnexthop claims 2 bytes."""
    records = bytes.fromhex("02000002020000001000040903000000") + bytes(RTA.GATEWAY("198.51.100.253"))
    raw = bytes(nlmsghdr(nlmsg_type="RTM_NEWROUTE") / rtmsg(rtm_family=AF.INET, attrs=[RTA.MULTIPATH(value=records)]))
    message = nlmsghdr(raw, _env=Env("<" if sys.byteorder == "little" else ">", 0, Context()))

    assert raw == bytes(message) == bytes(made(message.command()))


def test_one_name_is_one_struct() -> None:
    """An expression names classes: those of the same name in two families must have the same fields."""
    layouts: dict[str, set[str]] = {}
    for module in [module for key, module in sys.modules.items() if key.startswith("nldissect.families.")]:
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, Message) and not name.startswith("_"):
                layout = "; ".join(f"{field.kind!r}, {field.kind.size}" for field in value.fields_desc)
                layouts.setdefault(name, set()).add(layout)

    assert {} == {name: found for name, found in layouts.items() if len(found) > 1}
    assert {nlctrl.__name__, NFPROTO.__name__} <= set(nldissect.all.__all__)
