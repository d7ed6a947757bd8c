"""IEEE 802.15.4 on real bytes (iwpan on simulated radios), and what no kernel here is built with, laid out by hand as
net/ieee802154/nl802154.c, nl-mac.c and drivers/net/ieee802154/mac802154_hwsim.c put it."""

from __future__ import annotations

import struct

import pytest

from nldissect.wire import LeUint
from tests.helpers.captures import messages, replies, requests, undecoded, value
from tests.helpers.hex_messages import attribute, of_command, u32
from tests.helpers.route_messages import attrs, line

CAPTURE, MORE = "ieee802154.pcap", "ieee802154_more.pcap"
REQUEST = 1


def u64(number: int) -> bytes:
    return number.to_bytes(8, "little")


def test_radios() -> None:
    """iwpan phy: "wpan_phy phy1 ... current_page: 0, current_channel: 13"; what fakelb can do, page by page."""
    second, first = replies(CAPTURE, "nl802154", cmd="NL802154_CMD_NEW_WPAN_PHY")

    assert ["phy1 page 0 channel 13", "phy0 page 0 channel 13"] == [line(second), line(first)]
    caps = value(first, "NL802154_ATTR_WPAN_PHY_CAPS")
    assert ["NODE", "MONITOR", "COORD"] == [
        name.removeprefix("NL802154_IFTYPE_") for name in caps["NL802154_CAP_ATTR_IFTYPES"]
    ]
    assert "NL802154_SUPPORTED_BOOL_FALSE" == caps["NL802154_CAP_ATTR_LBT"]
    assert list(range(27)) == [
        int(name.rpartition("[")[2][:-1])
        for name in caps["NL802154_CAP_ATTR_CHANNELS"]["NL802154_CAP_ATTR_CHANNELS[0]"]
    ]
    assert 0x7FFFFFF == value(first, "NL802154_ATTR_CHANNELS_SUPPORTED")["NL802154_ATTR_SUPPORTED_CHANNEL"][0]
    commands = value(first, "NL802154_ATTR_SUPPORTED_COMMANDS").values()
    assert {"NL802154_CMD_NEW_INTERFACE", "NL802154_CMD_SET_CHANNEL"} < set(commands)


def test_settings() -> None:
    """iwpan dev wpan0 set pan_id 0xbeef; set short_addr 0x0001; info shows both."""
    (pan,) = requests(CAPTURE, "nl802154", cmd="NL802154_CMD_SET_PAN_ID")
    (short,) = requests(CAPTURE, "nl802154", cmd="NL802154_CMD_SET_SHORT_ADDR")
    after = replies(CAPTURE, "nl802154", cmd="NL802154_CMD_NEW_INTERFACE")[-1]

    assert (0xBEEF, 1) == (value(pan, "NL802154_ATTR_PAN_ID"), value(short, "NL802154_ATTR_SHORT_ADDR"))
    assert (0xBEEF, 1, "NL802154_IFTYPE_NODE", "wpan0") == tuple(
        value(after, f"NL802154_ATTR_{name}") for name in ("PAN_ID", "SHORT_ADDR", "IFTYPE", "IFNAME")
    )
    assert "wpan0 pan 0xbeef" == line(pan)


def test_captures_are_whole() -> None:
    for name in (CAPTURE, MORE):
        assert [] == undecoded(name)


def test_security() -> None:
    """Kernels with CONFIG_IEEE802154_NL802154_EXPERIMENTAL: a key, its name, and levels that are u8 in a request and
    u32 in an answer."""
    name = attribute(1, u32(1)) + attribute(2, b"\x07")
    key = attribute(1, name) + attribute(2, b"\x02") + attribute(4, bytes(16))
    message = of_command("nl802154", 21, attribute(3, u32(5)) + attribute(48, key), REQUEST)
    levels = attribute(1, b"\x41") + attribute(2, u32(1))
    asked = of_command("nl802154", 31, attribute(45, levels), REQUEST)
    told = of_command("nl802154", 31, attribute(45, attribute(1, u32(0x41))))

    assert {
        "NL802154_KEY_ATTR_ID": {
            "NL802154_KEY_ID_ATTR_MODE": "NL802154_KEY_ID_MODE_INDEX",
            "NL802154_KEY_ID_ATTR_INDEX": 7,
        },
        "NL802154_KEY_ATTR_USAGE_FRAMES": ["NL802154_FRAME_DATA"],
        "NL802154_KEY_ATTR_BYTES": {"secret": 16},
    } == value(message, "NL802154_ATTR_SEC_KEY")
    wanted = ["NL802154_SECLEVEL_NONE", "NL802154_SECLEVEL_ENC_MIC64"]
    assert [wanted, wanted] == [value(one, "NL802154_SECLEVEL_ATTR_LEVELS") for one in (asked, told)]


@pytest.mark.parametrize(("raw", "shown"), [(b"\x01\x00", 1), (bytes.fromhex("0102030405060708"), 0x0807060504030201)])
def test_coordinator(raw: bytes, shown: int) -> None:
    """nl802154_prep_scan_event_msg(): the address of a coordinator is short or extended."""
    found = attribute(1, b"\xef\xbe") + attribute(2, raw) + attribute(3, b"\x0f") + attribute(9, b"")
    message = of_command("nl802154", 34, attribute(1, u32(0)) + attribute(3, u32(5)) + attribute(30, found))

    coordinator = value(message, "NL802154_ATTR_COORDINATOR")
    assert (0xBEEF, shown, 15, True) == tuple(
        coordinator[f"NL802154_COORD_{name}"] for name in ("PANID", "ADDR", "CHANNEL", "GTS_PERMIT")
    )
    assert f"if5 phy#0 coordinator {shown:#x} pan 0xbeef" == line(message)


def test_little_endian_on_every_host() -> None:
    assert 1 == LeUint().decoder(">")(b"\x01\x00", 0, 2)


def test_older_interface() -> None:
    """ "802.15.4 MAC": addresses in network order, numbers in the host's, keys secret; ieee802154_llsec_add_key()."""
    parts = {
        1: b"wpan0\0", 5: bytes.fromhex("0203040506070809"), 6: b"\xef\xbe", 43: b"\x01", 46: b"\x07",
        48: bytes(16), 49: b"\x02", 50: struct.pack("<8I", *bytes(7), 0x1FE),
    }  # fmt: skip
    message = of_command("802.15.4 MAC", 39, b"".join(attribute(*part) for part in parts.items()), REQUEST)

    assert {
        "IEEE802154_ATTR_DEV_NAME": "wpan0",
        "IEEE802154_ATTR_HW_ADDR": "02:03:04:05:06:07:08:09",
        "IEEE802154_ATTR_PAN_ID": 0xBEEF,
        "IEEE802154_ATTR_LLSEC_KEY_MODE": "IEEE802154_SCF_KEY_INDEX",
        "IEEE802154_ATTR_LLSEC_KEY_ID": 7,
        "IEEE802154_ATTR_LLSEC_KEY_BYTES": {"secret": 16},
        "IEEE802154_ATTR_LLSEC_KEY_USAGE_FRAME_TYPES": ["IEEE802154_FC_TYPE_DATA"],
        "IEEE802154_ATTR_LLSEC_KEY_USAGE_COMMANDS": [0, 0, 0, 0, 0, 0, 0, 0x1FE],
    } == attrs(message)
    assert "IEEE802154_LLSEC_ADD_KEY" == value(message, "cmd")
    assert "wpan0 02:03:04:05:06:07:08:09 pan 0xbeef key 7" == line(message)


def test_simulated_edges() -> None:
    """python3 genl.py MAC802154_HWSIM: an edge from radio 2 to radio 1 with a link quality of 200; then all radios."""
    (edge,) = requests(MORE, "MAC802154_HWSIM", cmd="MAC802154_HWSIM_CMD_SET_EDGE")
    radios = replies(MORE, "MAC802154_HWSIM", cmd="MAC802154_HWSIM_CMD_GET_RADIO")

    assert "radio 2 to radio 1 lqi 200" == line(edge)
    assert [0, 1, 0, 1, 2] == [value(one, "MAC802154_HWSIM_ATTR_RADIO_ID") for one in radios]
    edges = value(radios[-1], "MAC802154_HWSIM_ATTR_RADIO_EDGES")
    assert [{"MAC802154_HWSIM_EDGE_ATTR_ENDPOINT_ID": 1, "MAC802154_HWSIM_EDGE_ATTR_LQI": 200}] == list(edges.values())


def test_older_interface_on_real_bytes() -> None:
    """LIST_PHY, LIST_IFACE and a key that was added, by the older family on the same radios."""
    told = messages(MORE, "802.15.4 MAC", "to user")
    commands = [value(one, "cmd") for one in told]

    assert {"IEEE802154_LIST_PHY", "IEEE802154_LIST_IFACE", "IEEE802154_LLSEC_GETPARAMS"} <= set(commands)
    phys = [attrs(one) for one in told if value(one, "cmd") == "IEEE802154_LIST_PHY"]
    channels = {one["IEEE802154_ATTR_PHY_NAME"]: one["IEEE802154_ATTR_CHANNEL"] for one in phys}
    assert (15, 15) == (channels["phy0"], channels["phy1"])
    wpan0 = next(attrs(one) for one in told if value(one, "IEEE802154_ATTR_DEV_NAME") == "wpan0")
    assert (0xBEEF, 1, "phy0") == tuple(wpan0[f"IEEE802154_ATTR_{key}"] for key in ("PAN_ID", "SHORT_ADDR", "PHY_NAME"))
