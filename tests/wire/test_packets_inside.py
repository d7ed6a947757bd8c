"""Packets inside messages: from which header on they are; and commands that no table describes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import Ether, ICMPv6EchoRequest, IPv6
from scapy.layers.l2 import ARP

from nldissect.families.generic.psample import PSAMPLE_ATTR
from nldissect.render.summaries.summary import summary_of
from nldissect.wire import Context, DecodedMessage, nlmon, walk
from nldissect.wire.packets.bindings import unknown_body
from tests.helpers.captures import value
from tests.helpers.genl_messages import FAMILY, said, text, told, u16, u32
from tests.helpers.messages import attribute, frame, message, write

SIX = bytes(IPv6(src="fe80::1", dst="fe80::2") / ICMPv6EchoRequest())
FOUR = bytes(IP(src="8.0.0.1", dst="192.0.2.1") / UDP())  # 8.0 stands where Ethernet has its type
FRAME = bytes(Ether(dst="45:00:00:1c:00:00", src="02:00:00:00:00:01") / IP(dst="192.0.2.1") / UDP())
ASKED = bytes(Ether(dst="45:00:00:1c:00:00", src="02:00:00:00:00:01") / ARP())


@pytest.mark.parametrize(
    ("protocol", "data", "layer"),
    [
        (0x86DD, SIX, IPv6),
        (0x0800, FOUR, IP),
        (0x0800, FRAME, Ether),
        (0x0806, ASKED, Ether),
        (None, SIX, IPv6),
        (None, FOUR, IP),
        (None, FRAME, Ether),
        (None, ASKED, Ether),
        (0x86DD, SIX[:60], IPv6),
        (0x86DD, b"", Ether),
    ],
)
def test_from_which_header_on_a_sample_is(tmp_path: Path, protocol: int | None, data: bytes, layer: Any) -> None:
    """psample of a tun device or WireGuard: there is no Ethernet header (__psample_sample_packet)"""
    given = {3: u32(1), 6: data} | ({} if protocol is None else {14: u16(protocol)})
    node = said(tmp_path, "psample", 0, given).find("PSAMPLE_ATTR_DATA")

    assert node is not None
    opened = node.kind.opened(node.value)  # type: ignore[attr-defined]
    assert data == node.value and (layer is type(opened) or data == b"")
    assert "PSAMPLE_ATTR_DATA" == PSAMPLE_ATTR.DATA.name


def test_what_is_said_of_a_packet_does_not_depend_on_those_before() -> None:
    """EAPOL of wifi_connect.pcap (hostapd), with its Ethernet header: the first packet of a process."""
    head = "020000000100020000000000888e0203005f02008a00100000000000000001"
    code = (
        "from nldissect.wire.opaque import Inside\n"
        f"data = bytes.fromhex('{head}').ljust(113, bytes(1))\n"
        "print(Inside(None, 'scapy.layers.l2:Ether').opened(data).summary())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "Ether / EAPOL EAPOL-Key / EAPOL_KEY\n"


def newer(tmp_path: Path, family: str, command: int, *given: bytes) -> DecodedMessage:
    """A notification of a family by a number that came after these tables; Scapy rebuilds it."""
    datagram = frame(16, message(FAMILY, bytes([command, 1, 0, 0]) + b"".join(given)))
    context = Context("little")
    context.learn("genl", FAMILY, family)
    assert datagram == bytes(nlmon(datagram, _context=context))
    write(tmp_path / "newer.pcap", told(family), datagram)
    (walked,) = walk(datagram, context).messages
    return walked


def test_a_command_newer_than_the_tables(tmp_path: Path) -> None:
    """nl80211 and thermal have one set for all commands: what is known of it is read, with a note."""
    radio = newer(tmp_path, "nl80211", 200, attribute(1, u32(3)))
    zone = newer(tmp_path, "thermal", 99, attribute(2, u32(0)), attribute(3, u32(50123)))

    assert 3 == value(radio, "NL80211_ATTR_WIPHY")
    assert (0, 50123) == (value(zone, "THERMAL_GENL_ATTR_TZ_ID"), value(zone, "THERMAL_GENL_ATTR_TZ_TEMP"))
    assert ["no table describes command 200 of family nl80211; it is read as all others of the family are"] == [
        note.text for note in radio.notes
    ]
    assert "zone 0 50.123 °C" == summary_of(zone)


def test_a_family_with_several_sets_has_no_common_one(tmp_path: Path) -> None:
    strange = newer(tmp_path, "ethtool", 250, attribute(1, text("x")))

    assert "generic" == unknown_body("ethtool").__name__
    assert ["no table describes command 250 of family ethtool"] == [note.text for note in strange.notes]
