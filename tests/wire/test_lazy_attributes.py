"""Attributes become packets when they are looked at: a set not looked at costs nothing, and nobody can tell."""

from __future__ import annotations

import copy
import operator

import pytest
from scapy.packet import Raw

from nldissect.all import IFLA, IFLA_VLAN, ifinfomsg
from nldissect.wire import Context, nlmon, nlmsghdr
from nldissect.wire.packets.lazy import LazyAttr, LazyAttrList
from tests.helpers.captures import frames


def attributes() -> LazyAttrList:
    frame = next(raw for raw in frames("link_dump.pcap") if IFLA.LINKINFO in nlmon(raw) and ifinfomsg in nlmon(raw))
    found = nlmon(frame)[ifinfomsg].attrs
    assert isinstance(found, LazyAttrList)
    return found


def waiting(found: LazyAttrList) -> int:
    return sum(type(list.__getitem__(found, at)) is LazyAttr for at in range(len(found)))


def test_what_is_looked_for_is_opened_and_little_else() -> None:
    found = attributes()
    message = list.__getitem__(found, 0).parent
    before = waiting(found)
    assert len(found) - 5 < before  # the name was looked at, to learn it, and what might have held it

    assert message[IFLA.MTU].value >= 1500
    assert "IFLA_MTU" in message and message.getlayer("IFLA_MTU.value") >= 1500
    assert before - 5 < waiting(found) < before
    assert message[IFLA.MTU] is message[IFLA.MTU]
    assert IFLA_VLAN.ID not in message[IFLA.MTU]


def test_rebuilding_gives_the_same_bytes_looked_at_or_not() -> None:
    for raw in frames("vlan_add.pcap"):
        untouched, touched = nlmon(raw, _context=Context()), nlmon(raw, _context=Context())
        touched.show(dump=True)
        assert raw == bytes(untouched) == bytes(touched) == bytes(untouched.copy())


def test_byte_order_is_that_of_the_message_not_of_where_it_is_put() -> None:
    """Dissected little-endian, put into a big-endian frame before anybody looked."""
    raw = bytes(nlmsghdr(nlmsg_type="RTM_NEWLINK") / ifinfomsg(attrs=[IFLA.MTU(1500)]))
    little = nlmon(bytes.fromhex("00040338000000000000000000000000") + raw)
    big = nlmon(_context=Context(byte_order="big"), sll_protocol=0)
    big.messages = [little.messages[0]]

    assert "000005dc" == bytes(big)[-4:].hex()
    assert 1500 == big[IFLA.MTU].value


@pytest.mark.parametrize(
    "read",
    [
        list,
        tuple,
        lambda found: [*found],
        lambda found: found[:],
        lambda found: found.copy(),
        lambda found: found.__add__([]),
        lambda found: operator.add([], found),
        lambda found: found * 1,
        lambda found: list(reversed(found))[::-1],
        lambda found: [found[at] for at in range(len(found))],
        lambda found: copy.copy(found),
        lambda found: sorted(found, key=lambda one: 0),
        lambda found: [found.pop(0) for _ in range(len(found))],
    ],
)
def test_every_way_of_reading_gives_packets(read: object) -> None:
    expected = [bytes(one) for one in attributes()]
    assert expected == [bytes(one) for one in read(attributes())]  # type: ignore[operator]


def test_lists_in_the_other_ways() -> None:
    found = attributes()
    first = found[0]

    assert first in found and 0 == found.index(first) and 1 == found.count(first)
    assert found == list(attributes()) == attributes()
    assert found != [] and repr(found).startswith("[<IFLA_")
    found.remove(first)
    found.append(IFLA.MTU(1400))
    found.insert(0, Raw(b""))
    del found[0]
    found[0:1] = [IFLA.TXQLEN(5)]
    found.sort(key=lambda one: one.name)
    assert ["IFLA_MTU", "IFLA_MTU"] == [one.name for one in found if one.name == "IFLA_MTU"]
