"""Multicast groups as users write them; a private protocol number in a written capture."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nldissect.errors import FieldError
from nldissect.families.multicast_groups import GROUPS, group_name, parse
from nldissect.wire import NETLINK
from nldissect.wire.protocol_names import protocol_number
from tests.helpers import paths


@pytest.mark.parametrize(
    ("text", "protocol", "number"),
    [
        ("route/link", 0, 1),
        ("route/IPV4_ROUTE", 0, 7),
        ("route/ipv4-route", 0, 7),
        ("RTNLGRP_NEXTHOP", 0, 32),
        ("route/RTMGRP_IPV4_ROUTE", 0, 7),
        ("uevent", 15, 1),
        ("uevent/udev", 15, 2),
        ("audit", 9, 1),
        ("connector/proc", 11, 1),
        ("nfnetlink/conntrack-new", 12, 1),
        ("NFNLGRP_NFTRACE", 12, 9),
        ("sock-diag/inet-tcp-destroy", 4, 1),
        ("generic", 16, 16),
        ("generic/nlctrl/notify", 16, 16),
        ("selinux/avc", 7, 1),
        ("25/3", 25, 3),
        ("0/40", 0, 40),
    ],
)
def test_one_group(text: str, protocol: int, number: int) -> None:
    assert [(protocol, number)] == [group[:2] for group in parse(text)]


def test_a_protocol_alone_is_all_its_groups() -> None:
    assert list(range(1, 9)) == [group.number for group in parse("xfrm")]
    assert len(GROUPS[NETLINK.ROUTE].names) == len(parse("route"))


def test_a_generic_group_waits_for_nlctrl() -> None:
    (group,) = parse("generic/ethtool/monitor")
    assert (16, None, "ethtool", "monitor", "generic/ethtool/monitor") == (*group, str(group))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("route/lnk", "NETLINK_ROUTE has no group 'lnk'; there are link notify neigh"),
        ("rote/link", "no netlink protocol is called 'rote'; there are audit connector"),
        ("25/x", "the groups of protocol 25 have no names; give the number instead of 'x'"),
        ("usersock", "the groups of usersock have no names; write usersock/NUMBER"),
        ("generic/ethtool", "a generic group is written FAMILY/GROUP"),
        ("route/0", "no group 0: groups count from 1"),
    ],
)
def test_what_is_no_group(text: str, said: str) -> None:
    with pytest.raises(FieldError, match=said):
        parse(text)


def test_every_name_reads_back() -> None:
    for protocol, names in GROUPS.items():
        for number in names.names:
            assert [(protocol, number)] == [group[:2] for group in parse(group_name(protocol, number))]


def test_protocols_by_name() -> None:
    numbers = [
        protocol_number(one) for one in ("route", "NETLINK_GENERIC", "uevent", "nfnetlink", "sock-diag", "25", 7)
    ]
    assert [0, 16, 15, 12, 4, 25, 7] == numbers


PRIVATE = """
from scapy.utils import rdpcap, wrpcap
from nldissect.all import *
from nldissect.wire import U32, Message, Text, bind_message
import nldissect

class hello(Message):
    fields_desc = [U32.of("count"), Text.of("text")]
    summary = "{text} x{count}"

bind_message(hello, 25, HELLO=17)

said = nlmsghdr(nlmsg_pid=100) / hello(count=3, text="Hello you!")
other = nlmsghdr(nlmsg_type=18) / b"other"
wrpcap("private.pcap", [nlmon(sll_protocol=25, messages=[one]) for one in (said, other)])
first, second = rdpcap("private.pcap")
head = first[nlmsghdr]
print(first[hello].text, first[hello].count, head.nlmsg_type, head.type_name, bytes(head).hex())
print(second.summary(), second[Raw].load)
cap = nldissect.open("private.pcap")
print(cap.filter('nlmsg_type == HELLO and text == "Hello you!"').select("hello.count")["hello.count"].tolist())
"""


def test_a_private_protocol_in_a_written_capture(tmp_path: Path) -> None:
    """Ten lines teach a kernel module's own protocol; packets, walk and columns know it."""
    environment = {**os.environ, "PYTHONPATH": str(paths.ROOT)}
    ran = subprocess.run([sys.executable, "-c", PRIVATE], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    first, second, third = ran.stdout.splitlines()
    assert "Hello you! 3 17 HELLO 1f000000110000000000000064000000" + "03000000" + b"Hello you!\0".hex() == first
    assert ("25 18 b'other'", "[3]") == (second, third)


def test_sockets_alone_are_light() -> None:
    """Neither Scapy's routes and interfaces nor NumPy come along with a socket."""
    program = "import sys, nldissect.sockets; print({'scapy.arch', 'scapy.sendrecv', 'numpy'} & set(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(paths.ROOT)}
    assert "set()\n" == subprocess.check_output([sys.executable, "-c", program], env=environment, text=True)
