"""nl80211 where no simulated radio leads: bytes laid out by hand as net/wireless/nl80211.c and pmsr.c put them."""

from __future__ import annotations

import struct

import pytest

from nldissect.errors import FieldError
from nldissect.families.generic.nl80211.command import NL80211_CMD
from nldissect.wire import BitSet, DecodedMessage
from tests.helpers.captures import value
from tests.helpers.hex_messages import attribute, of_command, u32
from tests.helpers.route_messages import attrs, line

REQUEST = 1


def said(command: int, *parts: bytes, flags: int = 0) -> DecodedMessage:
    """A message of nl80211; without flags it comes from the kernel."""
    return of_command("nl80211", command, b"".join(parts), flags)


def u16(number: int) -> bytes:
    return number.to_bytes(2, "little")


def u64(number: int) -> bytes:
    return number.to_bytes(8, "little")


def nest(number: int, *parts: bytes) -> bytes:
    return attribute(number, b"".join(parts))


def test_wiphy_abilities() -> None:
    """In NL80211_CMD_NEW_WIPHY the same attributes tell what a radio can do: nl80211_send_wowlan() puts struct
    nl80211_pattern_support, nl80211_send_coalesce() struct nl80211_coalesce_rule_support, nl80211_send_wiphy() flags
    below BSS_SELECT, an empty CONTROL_PORT_ETHERTYPE, struct nl80211_vendor_cmd_info below VENDOR_DATA."""
    pattern = struct.pack("<4I", 20, 16, 128, 0)
    tcp = nest(14, attribute(6, u32(1000)), attribute(6, u32(1000)), attribute(7, b""), attribute(10, u32(64)))
    message = said(
        NL80211_CMD.NEW_WIPHY,
        nest(118, attribute(1, b""), attribute(4, pattern), tcp, attribute(18, u32(11))),
        attribute(182, struct.pack("<6I", 8, 4, 1, 64, 10, 500)),
        nest(227, attribute(1, b""), attribute(3, b"")),
        attribute(102, b""),
        nest(197, attribute(1, struct.pack("<II", 0x001374, 50))),
        nest(285, attribute(2, bytes([0xF0, 0x30, 0, 0, 0, 0, 0, 0])), attribute(7, b"\x07")),
    )

    assert {
        "NL80211_WOWLAN_TRIG_ANY": True,
        "NL80211_WOWLAN_TRIG_PKT_PATTERN": {
            "max_patterns": 20, "min_pattern_len": 16, "max_pattern_len": 128, "max_pkt_offset": 0,
        },
        "NL80211_WOWLAN_TRIG_TCP_CONNECTION": {
            "NL80211_WOWLAN_TCP_DATA_PAYLOAD": [1000, 1000],
            "NL80211_WOWLAN_TCP_DATA_PAYLOAD_SEQ": True,
            "NL80211_WOWLAN_TCP_WAKE_PAYLOAD": 64,
        },
        "NL80211_WOWLAN_TRIG_NET_DETECT": 11,
    } == value(message, "NL80211_ATTR_WOWLAN_TRIGGERS_SUPPORTED")  # fmt: skip
    coalesce = value(message, "NL80211_ATTR_COALESCE_RULE")
    assert (8, 4, 64, 500) == tuple(
        coalesce[key] for key in ("max_rules", "max_patterns", "max_pattern_len", "max_delay")
    )
    assert {"NL80211_BSS_SELECT_ATTR_RSSI": True, "NL80211_BSS_SELECT_ATTR_RSSI_ADJUST": True} == value(
        message, "NL80211_ATTR_BSS_SELECT"
    )
    assert value(message, "NL80211_ATTR_CONTROL_PORT_ETHERTYPE") is True
    assert {"NL80211_ATTR_VENDOR_DATA[1]": {"vendor_id": 0x1374, "subcmd": 50}} == value(
        message, "NL80211_ATTR_VENDOR_DATA"
    )
    config = value(message, "NL80211_ATTR_TID_CONFIG")
    assert [
        f"NL80211_TID_CONFIG_ATTR_{name}"
        for name in ("OVERRIDE", "TIDS", "NOACK", "RETRY_SHORT", "TX_RATE_TYPE", "TX_RATE")
    ] == config["NL80211_TID_CONFIG_ATTR_VIF_SUPP"]
    assert [] == message.notes


def test_settings() -> None:
    """The same numbers in requests: a pattern to wake at, a rule to hold packets back, a vendor's data."""
    pattern = nest(1, attribute(1, b"\x05"), attribute(2, b"\xff\x00\xfe"), attribute(3, u32(12)))
    wake = said(NL80211_CMD.SET_WOWLAN, nest(117, nest(4, pattern)), flags=REQUEST)
    rule = nest(1, attribute(1, u32(100)), attribute(2, u32(1)), nest(3, pattern))
    coalesce = said(NL80211_CMD.SET_COALESCE, nest(182, rule), flags=REQUEST)
    vendor = said(
        NL80211_CMD.VENDOR,
        attribute(195, u32(0x1374)),
        attribute(196, u32(13)),
        attribute(197, b"\1\2\3"),
        flags=REQUEST,
    )
    bytes_wanted = {
        "NL80211_PKTPAT_MASK": [0, 2],
        "NL80211_PKTPAT_PATTERN": [0xFF, 0, 0xFE],
        "NL80211_PKTPAT_OFFSET": 12,
    }

    assert {"NL80211_WOWLAN_TRIG_PKT_PATTERN[1]": bytes_wanted} == value(wake, "NL80211_WOWLAN_TRIG_PKT_PATTERN")
    held = value(coalesce, "NL80211_ATTR_COALESCE_RULE")["NL80211_ATTR_COALESCE_RULE[1]"]
    assert (100, "NL80211_COALESCE_CONDITION_NO_MATCH") == (
        held["NL80211_ATTR_COALESCE_RULE_DELAY"],
        held["NL80211_ATTR_COALESCE_RULE_CONDITION"],
    )
    assert "010203" == value(vendor, "NL80211_ATTR_VENDOR_DATA")
    assert "vendor 0x1374:13" == line(vendor)


def test_woken() -> None:
    """cfg80211_report_wowlan_wakeup(): SET_WOWLAN from the kernel names the pattern by number and has the packet."""
    packet = bytes.fromhex("020000000001 020000000002 0800") + b"\x45"
    message = said(
        NL80211_CMD.SET_WOWLAN,
        attribute(1, u32(0)),
        attribute(153, u64(1)),
        nest(117, attribute(4, u32(2)), attribute(13, u32(60)), attribute(12, packet), attribute(20, b"")),
    )

    woken = value(message, "NL80211_ATTR_WOWLAN_TRIGGERS")
    assert (2, 60, True) == tuple(
        woken[f"NL80211_WOWLAN_TRIG_{name}"]
        for name in ("PKT_PATTERN", "WAKEUP_PKT_8023_LEN", "UNPROTECTED_DEAUTH_DISASSOC")
    )
    node = message.find("NL80211_WOWLAN_TRIG_WAKEUP_PKT_8023")
    assert node is not None and "02:00:00:00:00:02" == node.kind.opened(node.value).src  # type: ignore[attr-defined]


def test_secrets() -> None:
    """Keys and passwords are told by their length."""
    numbers = {7: "KEY_DATA", 242: "FILS_KEK", 252: "FILS_ERP_RRK", 254: "PMK", 277: "SAE_PASSWORD"}
    message = said(NL80211_CMD.CONNECT, *(attribute(number, b"password") for number in numbers), flags=REQUEST)

    assert {f"NL80211_ATTR_{name}": {"secret": 8} for name in numbers.values()} == attrs(message)


def test_secret_of_a_vendor() -> None:
    """QCA_NL80211_VENDOR_SUBCMD_KEY_MGMT_SET_KEY (hostap's qca-vendor.h): the data is the key itself."""
    who = attribute(195, u32(0x1374)) + attribute(196, u32(50))
    message = said(NL80211_CMD.VENDOR, who, attribute(197, bytes(32)), flags=REQUEST)

    assert {"secret": 32} == value(message, "NL80211_ATTR_VENDOR_DATA")


def test_nested_secrets() -> None:
    """nl80211_set_rekey_data() and nl80211_parse_key_new(): keys one level down; the replay counter is none."""
    kek, kck = attribute(1, bytes(16)), attribute(2, bytes(24))
    counter, suite = attribute(3, bytes(7) + b"\x09"), attribute(4, u32(0x000FAC02))
    rekey = said(NL80211_CMD.SET_REKEY_OFFLOAD, nest(122, kek, kck, counter, suite), flags=REQUEST)
    keys = nest(1, attribute(2, b"\0"), attribute(3, u32(0x000FAC05)), attribute(1, bytes(13)), attribute(5, b""))
    join = said(NL80211_CMD.JOIN_IBSS, nest(81, keys), flags=REQUEST)

    assert {
        "NL80211_REKEY_DATA_KEK": {"secret": 16},
        "NL80211_REKEY_DATA_KCK": {"secret": 24},
        "NL80211_REKEY_DATA_REPLAY_CTR": 9,
        "NL80211_REKEY_DATA_AKM": "WLAN_AKM_SUITE_PSK",
    } == value(rekey, "NL80211_ATTR_REKEY_DATA")
    assert {
        "NL80211_KEY_IDX": 0,
        "NL80211_KEY_CIPHER": "WLAN_CIPHER_SUITE_WEP104",
        "NL80211_KEY_DATA": {"secret": 13},
        "NL80211_KEY_DEFAULT": True,
    } == value(join, "NL80211_ATTR_KEYS")["NL80211_ATTR_KEYS[1]"]


def test_measurement() -> None:
    """nl80211_pmsr_send_result(): one peer below 1, its answer by type; distances are signed."""
    far = nest(
        2,
        attribute(9, struct.pack("<i", -56)),
        attribute(13, struct.pack("<q", 6671)),
        attribute(16, struct.pack("<q", -12)),
    )
    answer = nest(4, attribute(2, u32(0)), attribute(3, u64(99)), attribute(5, b""), nest(1, far))
    failed = nest(4, attribute(2, u32(3)), nest(1, nest(1, attribute(1, u32(6)), attribute(5, u32(10)))))
    peers = [nest(1, attribute(1, bytes.fromhex("020000000001")), part) for part in (answer, failed)]
    good, bad = (
        said(NL80211_CMD.PEER_MEASUREMENT_RESULT, attribute(88, u64(0x33)), nest(273, nest(5, peer))) for peer in peers
    )

    assert "NL80211_PMSR_STATUS_SUCCESS" == value(good, "NL80211_PMSR_RESP_ATTR_STATUS")
    assert "NL80211_PMSR_FTM_FAILURE_PEER_BUSY" == value(bad, "NL80211_PMSR_FTM_RESP_ATTR_FAIL_REASON")
    assert 10 == value(bad, "NL80211_PMSR_FTM_RESP_ATTR_BUSY_RETRY_TIME")
    assert "02:00:00:00:00:01" == value(good, "NL80211_PMSR_PEER_ATTR_ADDR")


def test_widths_by_direction() -> None:
    """COLOR_CHANGE_COUNT is u8 in a request (nl80211_policy), u32 in a notification (nl80211_send_color...)."""
    asked = said(NL80211_CMD.COLOR_CHANGE_REQUEST, attribute(303, b"\x05"), flags=REQUEST)
    told = said(NL80211_CMD.COLOR_CHANGE_STARTED, attribute(303, u32(5)))

    assert [5, 5] == [value(one, "NL80211_ATTR_COLOR_CHANGE_COUNT") for one in (asked, told)]


@pytest.mark.parametrize("suite", ["08ac0f00", "02ac0f00"])
def test_akm_of_external_authentication(suite: str) -> None:
    """cfg80211_external_auth_request() puts SAE in network order, every other suite in the host's."""
    raw = bytes.fromhex(suite)
    raw = raw[::-1] if suite.startswith("08") else raw
    message = said(NL80211_CMD.EXTERNAL_AUTH, attribute(76, raw), attribute(260, u32(0)))

    wanted = "WLAN_AKM_SUITE_SAE" if suite.startswith("08") else "WLAN_AKM_SUITE_PSK"
    assert [wanted] == value(message, "NL80211_ATTR_AKM_SUITES")


def test_events() -> None:
    """Lines as `iw event` has them: what happened to whom."""
    where = attribute(1, u32(0)) + attribute(3, u32(7))
    mac = attribute(6, bytes.fromhex("020000000001"))
    lines = {
        line(said(NL80211_CMD.DISCONNECT, where, attribute(54, u16(3)), attribute(71, b""))),
        line(said(NL80211_CMD.NEW_STATION, where, mac)),
        line(said(NL80211_CMD.CONNECT, where, mac, attribute(72, u16(0)))),
        line(said(NL80211_CMD.NOTIFY_CQM, where, nest(94, attribute(3, u32(0)), attribute(9, struct.pack("<i", -80))))),
        line(said(NL80211_CMD.RADAR_DETECT, where, attribute(38, u32(5260)), attribute(168, u32(0)))),
    }

    assert {
        "if7 phy#0 reason deauth_leaving by the access point",
        "if7 phy#0 02:00:00:00:00:01",
        "if7 phy#0 02:00:00:00:00:01 status success",
        "if7 phy#0 rssi threshold_event_low",
        "if7 phy#0 freq 5260 MHz radar detected",
    } == lines


def test_bits_over_bytes() -> None:
    """The high bytes may be left out, and come back as they were."""
    kind = BitSet().named("EXT")

    assert [0, 9] == kind.decoder("<")(b"\x01\x02\x00", 0, 3)
    assert b"\x01\x02" == kind.encode([9, 0], ">")
    assert bytes(8) == BitSet(size=8).encode([], "<")
    with pytest.raises(FieldError, match="bit 64 does not fit into 8 bytes"):
        BitSet(size=8).named("EXT").encode([64], "<")
    message = said(NL80211_CMD.NEW_WIPHY, attribute(217, b"\x03\x00\x10\x00\x00"))
    assert [
        "NL80211_EXT_FEATURE_VHT_IBSS",
        "NL80211_EXT_FEATURE_RRM",
        "NL80211_EXT_FEATURE_OCE_PROBE_REQ_DEFERRAL_SUPPRESSION",
    ] == value(message, "NL80211_ATTR_EXT_FEATURES")


def test_plain_attributes() -> None:
    """Interface types are flags under their own numbers, bands and frame types likewise."""
    message = said(
        NL80211_CMD.NEW_WIPHY,
        nest(32, attribute(2, b""), attribute(3, b"")),
        nest(99, nest(2, attribute(101, u16(0xB0)), attribute(101, u16(0xD0)))),
    )

    assert {
        "NL80211_ATTR_SUPPORTED_IFTYPES": {"NL80211_IFTYPE_STATION": True, "NL80211_IFTYPE_AP": True},
        "NL80211_ATTR_TX_FRAME_TYPES": {
            "NL80211_IFTYPE_STATION": {"NL80211_ATTR_FRAME_TYPE": ["IEEE80211_STYPE_AUTH", "IEEE80211_STYPE_ACTION"]}
        },
    } == attrs(message)


def test_elements() -> None:
    """Elements of a WPA2 and WPA3 network as IEEE 802.11 lays them out: a header of two bytes, no padding."""
    rsn = bytes.fromhex("0100 000fac04 0100 000fac04 0200 000fac02 000fac08 c000")
    elements = {
        0: b"caf\xc3\xa9", 1: bytes([0x82, 0x84, 12]), 3: b"\x0b", 5: bytes([0, 2, 0, 0x09]),
        7: b"DE\x20" + bytes([1, 13, 20]), 42: b"\x05", 48: rsn, 127: bytes([0, 0, 8, 0, 0, 0, 0, 0x40]),
        221: bytes.fromhex("0050f2") + b"\x02\x01\x01", 255: bytes([36]) + bytes(6),
    }  # fmt: skip
    raw = b"".join(bytes([number, len(payload)]) + payload for number, payload in elements.items())
    message = said(NL80211_CMD.NEW_SCAN_RESULTS, nest(47, attribute(6, raw)))

    assert {
        "WLAN_EID_SSID": "café",
        "WLAN_EID_SUPP_RATES": [130, 132, 12],
        "WLAN_EID_DS_PARAMS": 11,
        "WLAN_EID_TIM": {"dtim_count": 0, "dtim_period": 2, "bitmap_ctrl": 0, "virtual_map": [0, 3]},
        "WLAN_EID_COUNTRY": {"country": "DE", "environment": 32, "triplets": [1, 13, 20]},
        "WLAN_EID_ERP_INFO": ["WLAN_ERP_NON_ERP_PRESENT", "WLAN_ERP_BARKER_PREAMBLE"],
        "WLAN_EID_RSN": {
            "version": 1,
            "group_cipher": "WLAN_CIPHER_SUITE_CCMP",
            "pairwise_count": 1,
            "pairwise_ciphers": ["WLAN_CIPHER_SUITE_CCMP"],
            "akm_count": 2,
            "akm_suites": ["WLAN_AKM_SUITE_PSK", "WLAN_AKM_SUITE_SAE"],
            "rsn_capabilities": ["WLAN_RSN_CAPABILITY_MFPR", "WLAN_RSN_CAPABILITY_MFPC"],
        },
        "WLAN_EID_EXT_CAPABILITY": [19, 62],
        "WLAN_EID_VENDOR_SPECIFIC": [{"oui": "00:50:f2", "type": 2, "data": "0101"}],
        "WLAN_EID_EXTENSION": [{"id_extension": "WLAN_EID_EXT_HE_OPERATION", "content": [0] * 6}],
    } == value(message, "NL80211_BSS_INFORMATION_ELEMENTS")
    assert [] == message.notes


def test_newer_than_these_headers() -> None:
    """Kernels after 6.12: an emergency service's event, links to leave an association, NAN as 6.19 configures it."""
    band = nest(1, attribute(1, b"\x01"), attribute(2, u16(5745)), attribute(3, b"\xc6"), attribute(6, b""))
    config = nest(342, attribute(1, bytes.fromhex("506f9a010203")), nest(4, band), attribute(7, b"\x64"))
    start = said(NL80211_CMD.START_NAN, attribute(238, b"\x02"), config, flags=REQUEST)
    leave = said(NL80211_CMD.ASSOC_MLO_RECONF, attribute(335, u16(6)), flags=REQUEST)
    told = said(NL80211_CMD.EPCS_CFG, attribute(336, b""))
    able = said(NL80211_CMD.NEW_WIPHY, nest(341, attribute(28, b""), attribute(96, b"")))

    assert {
        "NL80211_NAN_CONF_CLUSTER_ID": "50:6f:9a:01:02:03",
        "NL80211_NAN_CONF_BAND_CONFIGS": {
            "NL80211_NAN_CONF_BAND_CONFIGS[1]": {
                "NL80211_NAN_BAND_CONF_BAND": "NL80211_BAND_5GHZ",
                "NL80211_NAN_BAND_CONF_FREQ": 5745,
                "NL80211_NAN_BAND_CONF_RSSI_CLOSE": -58,
                "NL80211_NAN_BAND_CONF_DISABLE_SCAN": True,
            }
        },
        "NL80211_NAN_CONF_DISCOVERY_BEACON_INTERVAL": 100,
    } == value(start, "NL80211_ATTR_NAN_CONFIG")
    assert (6, "NL80211_CMD_ASSOC_MLO_RECONF") == (
        value(leave, "NL80211_ATTR_MLO_RECONF_REM_LINKS"),
        value(leave, "cmd"),
    )
    assert ("NL80211_CMD_EPCS_CFG", {"NL80211_ATTR_EPCS": True}) == (value(told, "cmd"), attrs(told))
    assert {"NL80211_ATTR_BSS_CTS_PROT": True, "NL80211_ATTR_AP_ISOLATE": True} == value(able, "NL80211_ATTR_BSS_PARAM")
