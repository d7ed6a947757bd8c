"""mac80211_hwsim: radios and a medium on real bytes, and measurements laid out by hand as the driver puts them."""

from __future__ import annotations

import struct
import subprocess
import sys

from scapy.layers.dot11 import Dot11Beacon

from tests.helpers.captures import messages, replies, requests, undecoded, value
from tests.helpers.hex_messages import attribute, of_command, u32
from tests.helpers.paths import CAPTURES
from tests.helpers.route_messages import attrs, line

CAPTURE, FAMILY, REQUEST = "wifi_hwsim.pcap", "MAC80211_HWSIM", 1


def u64(number: int) -> bytes:
    return number.to_bytes(8, "little")


def test_radios() -> None:
    """python3 genl.py MAC80211_HWSIM: all radios; one more is made by name for stations and access points, and goes.
    The answer to NEW_RADIO is an acknowledgement whose error is the new radio's number."""
    radios = replies(CAPTURE, FAMILY, cmd="HWSIM_CMD_GET_RADIO")
    (new,) = requests(CAPTURE, FAMILY, cmd="HWSIM_CMD_NEW_RADIO")
    (gone,) = requests(CAPTURE, FAMILY, cmd="HWSIM_CMD_DEL_RADIO")

    assert ["radio 0 phy0 1 channels", "radio 1 phy1 1 channels"] == list(map(line, radios))
    assert ["NL80211_IFTYPE_STATION", "NL80211_IFTYPE_AP"] == value(new, "HWSIM_ATTR_IFTYPE_SUPPORT")
    assert "02:00:00:00:09:00" == value(new, "HWSIM_ATTR_PERM_ADDR")
    assert ("radio9 1 channels", "radio9") == (line(new), line(gone))
    assert 2 in [value(one, "error") for one in messages(CAPTURE)]


def test_medium() -> None:
    """A probe request goes out on 2412 MHz, reaches the other radio at -42 dBm, and is reported as acknowledged."""
    (sent,) = messages(CAPTURE, FAMILY, "notification", cmd="HWSIM_CMD_FRAME")
    (carried,) = requests(CAPTURE, FAMILY, cmd="HWSIM_CMD_FRAME")
    (report,) = requests(CAPTURE, FAMILY, cmd="HWSIM_CMD_TX_INFO_FRAME")

    assert (2412, "42:00:00:00:00:00") == (value(sent, "HWSIM_ATTR_FREQ"), value(sent, "HWSIM_ATTR_ADDR_TRANSMITTER"))
    assert -1 == value(sent, "HWSIM_ATTR_TX_INFO")[1]["idx"]
    assert value(sent, "HWSIM_ATTR_FRAME") == value(carried, "HWSIM_ATTR_FRAME")
    assert "to 42:00:00:00:01:00 2412 MHz -42 dBm" == line(carried)
    assert "HWSIM_TX_STAT_ACK" in value(report, "HWSIM_ATTR_FLAGS")
    node = sent.find("HWSIM_ATTR_FRAME")
    assert node is not None
    assert "02:00:00:00:00:00" == node.kind.opened(node.value).addr2  # type: ignore[attr-defined]
    assert [] == undecoded(CAPTURE)


def test_loads_alone() -> None:
    """A program that meets this family first has the sets it borrows from nl80211."""
    command = [sys.executable, "-m", "nldissect", "read", str(CAPTURES / CAPTURE), "-Y", "HWSIM_ATTR_SIGNAL == -42"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, cwd=CAPTURES.parent).stdout

    assert "HWSIM_CMD_TX_INFO_FRAME" in shown


def test_hwsim() -> None:
    """mac80211_hwsim_tx_frame_nl(): a frame on the simulated medium with the rates to try; a new radio asked for."""
    beacon = bytes.fromhex("80000000ffffffffffff020000000000020000000000") + bytes(2) + bytes(8) + b"\x64\0\x01\0"
    element = b"\0\x04test"
    sent = of_command(
        "MAC80211_HWSIM",
        2,
        attribute(2, bytes.fromhex("420000000000"))
        + attribute(3, beacon + element)
        + attribute(4, u32(2))
        + attribute(19, u32(2437))
        + attribute(7, struct.pack("bB" * 4, 0, 1, -1, 0, -1, 0, -1, 0))
        + attribute(21, struct.pack("<" + "bH" * 4, 0, 4, -1, 0, -1, 0, -1, 0))
        + attribute(8, u64(17)),
    )
    asked = of_command(
        "MAC80211_HWSIM", 4, attribute(17, b"phy7") + attribute(23, u32(0xC)) + attribute(24, u32(0x000FAC04)), REQUEST
    )

    assert [{"idx": 0, "count": 1}, *[{"idx": -1, "count": 0}] * 3] == value(sent, "HWSIM_ATTR_TX_INFO")
    first, *_ = value(sent, "HWSIM_ATTR_TX_INFO_FLAGS")
    assert {"idx": 0, "flags": ["MAC80211_HWSIM_TX_RC_USE_SHORT_PREAMBLE"]} == first
    node = sent.find("HWSIM_ATTR_FRAME")
    assert node is not None
    assert "test" == node.kind.opened(node.value)[Dot11Beacon].network_stats()["ssid"]  # type: ignore[attr-defined]
    assert "from 42:00:00:00:00:00 2437 MHz CTL_NO_ACK cookie 17" == line(sent)
    assert {
        "HWSIM_ATTR_RADIO_NAME": "phy7",
        "HWSIM_ATTR_IFTYPE_SUPPORT": ["NL80211_IFTYPE_STATION", "NL80211_IFTYPE_AP"],
        "HWSIM_ATTR_CIPHER_SUPPORT": ["WLAN_CIPHER_SUITE_CCMP"],
    } == attrs(asked)


def test_hwsim_measures() -> None:
    """mac80211_hwsim_send_pmsr_request(): one peer's attributes directly below PEERS; the answer's rate is the
    simulator's own, BURST_INDEX narrower than nl80211 has it."""
    peer = attribute(1, bytes.fromhex("020000000001")) + attribute(3, attribute(1, attribute(1, attribute(2, u32(1)))))
    request = of_command(
        "MAC80211_HWSIM", 9, attribute(27, attribute(273, attribute(272, u32(500)) + attribute(5, peer)))
    )
    rate = attribute(11, attribute(3, struct.pack("<H", 540)) + attribute(5, b"\x04"))
    answer = attribute(1, attribute(1, rate + attribute(2, b"\x03\x00"))) + attribute(2, u32(0))
    result = of_command("MAC80211_HWSIM", 11, attribute(28, attribute(5, attribute(1, attribute(4, answer)))), REQUEST)

    assert 500 == value(request, "NL80211_ATTR_TIMEOUT")
    assert "NL80211_PREAMBLE_HT" == value(request, "NL80211_PMSR_FTM_REQ_ATTR_PREAMBLE")
    assert (540, "RATE_INFO_BW_80") == (
        value(result, "HWSIM_RATE_INFO_ATTR_LEGACY"),
        value(result, "HWSIM_RATE_INFO_ATTR_BW"),
    )
    assert 3 == value(result, "NL80211_PMSR_FTM_RESP_ATTR_BURST_INDEX")
    assert [] == request.notes + result.notes
