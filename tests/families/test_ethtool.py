"""Ethtool on real bytes: what ethtool(8) asked and printed; what such devices don't have, as the kernel lays it out."""

from __future__ import annotations

from typing import Any

import pytest

from nldissect.families.generic.ethtool.common import ETHTOOL_A_HEADER
from nldissect.families.generic.ethtool.link import ETHTOOL_A_LINKMODES
from nldissect.families.generic.ethtool.link_mode import ETHTOOL_LINK_MODE
from nldissect.wire import nlmsghdr
from nldissect.wire.packets.bindings import commands_of
from tests.helpers.captures import messages, replies, requests, undecoded, value
from tests.helpers.hex_messages import attribute, of_command, u32
from tests.helpers.route_messages import attrs, line, packets


def of(command: str, direction: str = "to user", name: str = "ethtool.pcap") -> list[dict[str, Any]]:
    """The attributes of every message with that command."""
    return [attrs(one) for one in messages(name, "ethtool", direction) if value(one, "cmd") == f"ETHTOOL_MSG_{command}"]


def names(bits: dict[str, Any]) -> set[str]:
    """Names in a bit set of the readable form."""
    return {bit["ETHTOOL_A_BITSET_BIT_NAME"] for bit in bits["ETHTOOL_A_BITSET_BITS"]["ETHTOOL_A_BITSET_BITS_BIT"]}


def test_numbers_mean_two_things() -> None:
    """4 is LINKMODES_GET to the kernel and LINKMODES_GET_REPLY from it; 13 is PRIVFLAGS_GET or FEATURES_NTF."""
    meant = {
        (one.to, one.name.removeprefix("ETHTOOL_MSG_"))
        for number in (4, 13, 54)
        for one in commands_of("ethtool", number)
    }

    assert {
        ("kernel", "LINKMODES_GET"),
        ("user", "LINKMODES_GET_REPLY"),
        ("kernel", "PRIVFLAGS_GET"),
        ("user", "FEATURES_NTF"),
        ("user", "MSE_GET_REPLY"),
    } == meant
    question, answer = messages("ethtool.pcap", "ethtool")[:2]
    assert ("ETHTOOL_MSG_LINKMODES_GET", "ETHTOOL_MSG_LINKMODES_GET_REPLY") == (
        value(question, "cmd"),
        value(answer, "cmd"),
    )


def test_settings() -> None:
    """ethtool left: "Speed: 10000Mb/s, Duplex: Full, Auto-negotiation: off, Port: Twisted Pair, PHYAD: 0,
    Transceiver: internal, Link detected: yes"."""
    modes, info, state = (of(f"LINK{what}_GET_REPLY")[0] for what in ("MODES", "INFO", "STATE"))

    assert {"ETHTOOL_A_HEADER_DEV_NAME": "left"} == {
        name: text for name, text in modes["ETHTOOL_A_LINKMODES_HEADER"].items() if "NAME" in name
    }
    assert (10000, "DUPLEX_FULL", 0) == tuple(
        modes[f"ETHTOOL_A_LINKMODES_{name}"] for name in ("SPEED", "DUPLEX", "AUTONEG")
    )
    assert ("PORT_TP", 0, "XCVR_INTERNAL", "ETH_TP_MDI_INVALID") == tuple(
        info[f"ETHTOOL_A_LINKINFO_{name}"] for name in ("PORT", "PHYADDR", "TRANSCEIVER", "TP_MDIX")
    )
    assert 1 == state["ETHTOOL_A_LINKSTATE_LINK"]


def test_request_header() -> None:
    """ethtool -k left: asked by name, for compact bit sets."""
    (request, *_) = of("FEATURES_GET", "to kernel")

    assert {
        "ETHTOOL_A_HEADER_DEV_NAME": "left",
        "ETHTOOL_A_HEADER_FLAGS": ["ETHTOOL_FLAG_COMPACT_BITSETS"],
    } == request["ETHTOOL_A_FEATURES_HEADER"]


def features(state: dict[str, Any], which: str, strings: list[str]) -> set[str]:
    """Names of the bits of a compact bit set."""
    words = state[f"ETHTOOL_A_FEATURES_{which}"]["ETHTOOL_A_BITSET_VALUE"]
    return {name for index, name in enumerate(strings) if words[index // 32] >> index % 32 & 1}


def feature_names(name: str) -> list[str]:
    """The string set that names the bits."""
    sets = [
        one["ETHTOOL_A_STRSET_STRINGSETS"]["ETHTOOL_A_STRINGSETS_STRINGSET"]
        for one in of("STRSET_GET_REPLY", name=name)
    ]
    (first, *_) = [one for group in sets for one in group if one["ETHTOOL_A_STRINGSET_ID"] == "ETH_SS_FEATURES"]
    strings = first["ETHTOOL_A_STRINGSET_STRINGS"]["ETHTOOL_A_STRINGS_STRING"]
    assert list(range(first["ETHTOOL_A_STRINGSET_COUNT"])) == [one["ETHTOOL_A_STRING_INDEX"] for one in strings]
    return [one["ETHTOOL_A_STRING_VALUE"] for one in strings]


def test_features() -> None:
    """ethtool -k left: "tx-checksum-ip-generic: on", "tx-tcp-segmentation: on", "tx-checksum-ipv4: off [fixed]",
    "rx-gro-list: off"."""
    (state, *_), strings = of("FEATURES_GET_REPLY"), feature_names("ethtool.pcap")
    active, changeable = (features(state, which, strings) for which in ("ACTIVE", "HW"))

    assert {"tx-checksum-ip-generic", "tx-tcp-segmentation", "tx-scatter-gather", "highdma"} < active
    assert not {"tx-checksum-ipv4", "rx-gro-list", "loopback"} & active
    assert {"tx-tcp-segmentation", "rx-gro-list"} < changeable
    assert "tx-checksum-ipv4" not in changeable


def test_changed_features() -> None:
    """ethtool -K left tso off gro on: bits by name, those set to on with a value."""
    (wanted,) = of("FEATURES_SET", "to kernel")
    bits = wanted["ETHTOOL_A_FEATURES_WANTED"]["ETHTOOL_A_BITSET_BITS"]["ETHTOOL_A_BITSET_BITS_BIT"]

    assert "ETHTOOL_A_BITSET_NOMASK" not in wanted["ETHTOOL_A_FEATURES_WANTED"]
    assert {
        "tx-tcp-segmentation": False,
        "tx-tcp-ecn-segmentation": False,
        "tx-tcp-mangleid-segmentation": False,
        "tx-tcp6-segmentation": False,
        "rx-gro": True,
    } == {bit["ETHTOOL_A_BITSET_BIT_NAME"]: "ETHTOOL_A_BITSET_BIT_VALUE" in bit for bit in bits}
    (answer,) = (
        one
        for one in messages("ethtool.pcap", "ethtool", "to user")
        if value(one, "cmd") == "ETHTOOL_MSG_FEATURES_SET_REPLY"
    )
    # only what changed: bit 14 is rx-gro, now on, 16, 18, 19 and 20 are the segmentation, now off
    assert "left active [0x4000, 0x0]/[0x1d4000, 0x0]" == line(answer)


def test_feature_notification() -> None:
    """ethtool --monitor while ethtool -K left tso off: "Features for left: ... tx-tcp-segmentation: off"."""
    told = of("FEATURES_NTF", "to user", "ethtool_monitor.pcap") + of(
        "FEATURES_NTF", "notification", "ethtool_monitor.pcap"
    )
    strings = feature_names("ethtool_monitor.pcap")
    left, right = (
        [one for one in told if one["ETHTOOL_A_FEATURES_HEADER"]["ETHTOOL_A_HEADER_DEV_NAME"] == name]
        for name in ("left", "right")
    )

    assert "tx-tcp-segmentation" not in features(left[0], "ACTIVE", strings)
    assert "tx-checksum-ip-generic" in features(left[0], "ACTIVE", strings)
    assert "tx-checksum-ip-generic" not in features(right[0], "ACTIVE", strings)
    assert "tx-tcp-segmentation" in features(right[0], "WANTED", strings)


def test_channels() -> None:
    """ethtool -L left rx 1; ethtool -l left: "RX: 1 TX: 1 Other: n/a Combined: n/a"."""
    (shown,) = of("CHANNELS_GET_REPLY")

    assert 1 == of("CHANNELS_SET", "to kernel")[0]["ETHTOOL_A_CHANNELS_RX_COUNT"]
    assert {"RX_MAX": 1, "TX_MAX": 1, "RX_COUNT": 1, "TX_COUNT": 1} == {
        name.removeprefix("ETHTOOL_A_CHANNELS_"): number for name, number in shown.items() if "HEADER" not in name
    }


def test_time_stamping() -> None:
    """ethtool -T d0: "software-transmit software-receive software-system-clock"."""
    (shown,) = of("TSINFO_GET_REPLY")

    assert {"software-transmit", "software-receive", "software-system-clock"} == names(
        shown["ETHTOOL_A_TSINFO_TIMESTAMPING"]
    )
    assert shown["ETHTOOL_A_TSINFO_TIMESTAMPING"]["ETHTOOL_A_BITSET_NOMASK"]
    assert "ETHTOOL_A_TSINFO_PHC_INDEX" not in shown


def test_groups_of_statistics() -> None:
    """ethtool -S left --all-groups: a veth has groups without counters."""
    (shown,) = of("STATS_GET_REPLY")

    assert "ETHTOOL_MAC_STATS_SRC_AGGREGATE" == shown["ETHTOOL_A_STATS_SRC"]
    assert [
        ("ETHTOOL_STATS_" + name, "ETH_SS_STATS_" + name) for name in ("ETH_PHY", "ETH_MAC", "ETH_CTRL", "RMON")
    ] == [
        (group["ETHTOOL_A_STATS_GRP_ID"], group["ETHTOOL_A_STATS_GRP_SS_ID"]) for group in shown["ETHTOOL_A_STATS_GRP"]
    ]


def test_refusals() -> None:
    """ethtool -g left: "Operation not supported"; ethtool nosuch: "no device matches name (offset 24)"."""
    assert messages("ethtool.pcap", "NLMSG_ERROR", error="EOPNOTSUPP")
    (first, *_) = messages("ethtool.pcap", "NLMSG_ERROR", error="ENODEV")
    assert ("no device matches name", 24) == (value(first, "NLMSGERR_ATTR_MSG"), value(first, "NLMSGERR_ATTR_OFFS"))


def test_summary() -> None:
    lines = {line(one) for one in replies("ethtool.pcap", "ethtool")}

    assert {
        "left speed 10000 Mb/s full autoneg 0",
        "left tp phyad 0 internal",
        "left link 1",
        "left rx 1 tx 1",
        "d0 capabilities 3",
    } <= lines
    assert "left wanted 5 tx-tcp-segmentation ..." in {line(one) for one in requests("ethtool.pcap", "ethtool")}


def test_everything_is_described() -> None:
    assert [] == undecoded("ethtool.pcap") == undecoded("ethtool_monitor.pcap")


def nest(number: int, *inside: bytes) -> bytes:
    """A nested attribute."""
    return attribute(number | 0x8000, b"".join(inside))


def told(command: int, *rows: bytes) -> dict[str, Any]:
    """A message of the kernel, as the functions in net/ethtool/ put it together; everything in it must be known."""
    message = of_command("ethtool", command, b"".join(rows))
    assert [] == message.notes
    return attrs(message)


DEVICE = nest(1, attribute(1, u32(3)), attribute(2, b"eth0\0"))


def u64(value: int) -> bytes:
    return value.to_bytes(8, "little")


def test_counters_are_numbered_by_their_group() -> None:
    """net/ethtool/stats.c: counter 0 of ETH_MAC is FramesTransmittedOK, of RMON undersize packets."""
    shown = told(
        33,
        nest(2, attribute(2, b"eth0\0")),
        nest(
            4,
            attribute(2, u32(1)),
            attribute(3, u32(18)),
            nest(4, attribute(0, u64(70))),
            nest(4, attribute(21, u64(1))),
        ),
        nest(
            4,
            attribute(2, u32(3)),
            attribute(3, u32(20)),
            nest(4, attribute(0, u64(9))),
            nest(5, attribute(7, u32(65)), attribute(8, u32(127)), attribute(9, u64(12))),
        ),
    )
    mac, rmon = shown["ETHTOOL_A_STATS_GRP"]

    assert [{"ETHTOOL_A_STATS_ETH_MAC_2_TX_PKT": 70}, {"ETHTOOL_A_STATS_ETH_MAC_25_TOO_LONG_ERR": 1}] == mac[
        "ETHTOOL_A_STATS_GRP_STAT"
    ]
    assert [{"ETHTOOL_A_STATS_RMON_UNDERSIZE": 9}] == rmon["ETHTOOL_A_STATS_GRP_STAT"]
    assert [{"BKT_LOW": 65, "BKT_HI": 127, "VAL": 12}] == [
        {name.removeprefix("ETHTOOL_A_STATS_GRP_HIST_"): number for name, number in one.items()}
        for one in rmon["ETHTOOL_A_STATS_GRP_HIST_RX"]
    ]


def test_reason_of_a_link_that_is_down() -> None:
    """What a substate means depends on the state (linux/ethtool.h)."""
    for state, substate, expected in (
        (0, 6, "ETHTOOL_LINK_EXT_SUBSTATE_AN_NO_HCD"),
        (5, 2, "ETHTOOL_LINK_EXT_SUBSTATE_CI_CABLE_TEST_FAILURE"),
        (9, 2, 2),
    ):
        shown = told(6, DEVICE, attribute(2, b"\0"), attribute(5, bytes([state])), attribute(6, bytes([substate])))
        assert expected == shown["ETHTOOL_A_LINKSTATE_EXT_SUBSTATE"]


def test_forward_error_correction() -> None:
    """ETHTOOL_A_FEC_ACTIVE is the number of a link mode; counters are a total, then one for each lane."""
    shown = told(
        30,
        DEVICE,
        attribute(3, b"\1"),
        attribute(4, u32(50)),
        nest(
            5,
            attribute(2, u64(5) + u64(2) + u64(3)),
            nest(5, attribute(2, u32(0)), attribute(3, u32(1)), attribute(4, u32(8))),
        ),
    )

    assert "ETHTOOL_LINK_MODE_FEC_RS_BIT" == shown["ETHTOOL_A_FEC_ACTIVE"]
    assert [5, 2, 3] == shown["ETHTOOL_A_FEC_STATS"]["ETHTOOL_A_FEC_STAT_CORRECTED"]
    assert [8] == [one["ETHTOOL_A_FEC_HIST_BIN_VAL"] for one in shown["ETHTOOL_A_FEC_STATS"]["ETHTOOL_A_FEC_STAT_HIST"]]


def test_cable_test() -> None:
    """ethtool --cable-test: "Pair A code OK", "Pair B code Open Circuit", "Pair B, fault length: 12.50m"."""
    shown = told(
        27,
        DEVICE,
        attribute(2, b"\2"),
        nest(
            3,
            nest(1, attribute(1, b"\0"), attribute(2, b"\1")),
            nest(1, attribute(1, b"\1"), attribute(2, b"\2")),
            nest(2, attribute(1, b"\1"), attribute(2, u32(1250))),
        ),
    )
    results = shown["ETHTOOL_A_CABLE_TEST_NTF_NEST"]

    assert "ETHTOOL_A_CABLE_TEST_NTF_STATUS_COMPLETED" == shown["ETHTOOL_A_CABLE_TEST_NTF_STATUS"]
    assert [("ETHTOOL_A_CABLE_PAIR_A", "OK"), ("ETHTOOL_A_CABLE_PAIR_B", "OPEN")] == [
        (
            one["ETHTOOL_A_CABLE_RESULT_PAIR"],
            one["ETHTOOL_A_CABLE_RESULT_CODE"].removeprefix("ETHTOOL_A_CABLE_RESULT_CODE_"),
        )
        for one in results["ETHTOOL_A_CABLE_NEST_RESULT"]
    ]
    assert [1250] == [one["ETHTOOL_A_CABLE_FAULT_LENGTH_CM"] for one in results["ETHTOOL_A_CABLE_NEST_FAULT_LENGTH"]]


def test_reflectometry() -> None:
    """Amplitudes are signed."""
    shown = told(28, DEVICE, attribute(2, b"\1"), nest(3, nest(2, attribute(1, b"\3"), attribute(2, b"\xf6\xff"))))

    assert [{"ETHTOOL_A_CABLE_AMPLITUDE_PAIR": "ETHTOOL_A_CABLE_PAIR_D", "ETHTOOL_A_CABLE_AMPLITUDE_mV": -10}] == shown[
        "ETHTOOL_A_CABLE_TEST_TDR_NTF_NEST"
    ]["ETHTOOL_A_CABLE_TDR_NEST_AMPLITUDE"]


def test_tunnel_ports() -> None:
    """ethtool --show-tunnels: ports in network order."""
    entry = nest(3, attribute(1, bytes.fromhex("12b5")), attribute(2, u32(0)))
    shown = told(29, DEVICE, nest(2, nest(1, attribute(1, u32(4)), entry)))
    (table,) = shown["ETHTOOL_A_TUNNEL_INFO_UDP_PORTS"]["ETHTOOL_A_TUNNEL_UDP_TABLE"]

    assert [{"PORT": 4789, "TYPE": "ETHTOOL_UDP_TUNNEL_TYPE_VXLAN"}] == [
        {name.removeprefix("ETHTOOL_A_TUNNEL_UDP_ENTRY_"): found for name, found in one.items()}
        for one in table["ETHTOOL_A_TUNNEL_UDP_TABLE_ENTRY"]
    ]


def test_power_over_ethernet() -> None:
    shown = told(
        37,
        DEVICE,
        attribute(5, u32(3)),
        attribute(7, u32(4)),
        attribute(9, u32(15400)),
        attribute(10, u32(8)),
        attribute(11, u32(1)),
        nest(13, attribute(1, u32(0)), attribute(2, u32(60000))),
    )

    assert "ETHTOOL_C33_PSE_ADMIN_STATE_ENABLED" == shown["ETHTOOL_A_C33_PSE_ADMIN_STATE"]
    assert "ETHTOOL_C33_PSE_EXT_SUBSTATE_POWER_NOT_AVAILABLE_BUDGET_EXCEEDED" == shown["ETHTOOL_A_C33_PSE_EXT_SUBSTATE"]
    assert [60000] == [one["ETHTOOL_A_C33_PSE_PW_LIMIT_MAX"] for one in shown["ETHTOOL_A_C33_PSE_PW_LIMIT_RANGES"]]


def test_passwords_are_secret() -> None:
    """ethtool -s eth0 wol s sopass 00:11:22:33:44:55, and what a module wants before it takes firmware."""
    assert {"secret": 6} == told(9, DEVICE, attribute(3, bytes(range(6))))["ETHTOOL_A_WOL_SOPASS"]
    message = of_command("ethtool", 44, nest(1, attribute(2, b"eth0\0")) + attribute(3, u32(0x1011)), flags=5)
    assert {"secret": 4} == value(message, "ETHTOOL_A_MODULE_FW_FLASH_PASSWORD")


@pytest.mark.parametrize(
    ("command", "rows", "name", "expected"),
    [
        (16, attribute(17, u32(256)), "ETHTOOL_A_RINGS_HDS_THRESH", 256),
        (20, attribute(24, b"\1"), "ETHTOOL_A_COALESCE_USE_CQE_MODE_TX", 1),
        (22, nest(5, attribute(3, u64(7))), "ETHTOOL_A_PAUSE_STATS", {"ETHTOOL_A_PAUSE_STAT_RX_FRAMES": 7}),
        (24, attribute(7, u32(30)), "ETHTOOL_A_EEE_TX_LPI_TIMER", 30),
        (26, nest(6, attribute(1, u32(5))), "ETHTOOL_A_TSINFO_STATS", {"ETHTOOL_A_TS_STAT_TX_PKTS": 5}),
        (34, attribute(3, b"\1\0\0\0\xff\xff\xff\xff"), "ETHTOOL_A_PHC_VCLOCKS_INDEX", [1, -1]),
        (32, attribute(7, b"\x11\x22"), "ETHTOOL_A_MODULE_EEPROM_DATA", "1122"),
        (35, attribute(2, b"\2"), "ETHTOOL_A_MODULE_POWER_MODE_POLICY", "ETHTOOL_MODULE_POWER_MODE_POLICY_AUTO"),
        (38, attribute(4, u32(0) + u32(1) + u32(0)), "ETHTOOL_A_RSS_INDIR", [0, 1, 0]),
        (38, nest(8, attribute(4, u32(0x30))), "ETHTOOL_A_FLOW_TCP4", ["RXH_IP_SRC", "RXH_IP_DST"]),
        (39, attribute(2, b"\x10\x0a"), "ETHTOOL_A_PLCA_VERSION", 0x0A10),
        (42, attribute(8, b"\3"), "ETHTOOL_A_MM_VERIFY_STATUS", "ETHTOOL_MM_VERIFY_STATUS_SUCCEEDED"),
        (44, attribute(4, u32(3)), "ETHTOOL_A_MODULE_FW_FLASH_STATUS", "ETHTOOL_MODULE_FW_FLASH_STATUS_COMPLETED"),
        (45, attribute(5, u32(1)), "ETHTOOL_A_PHY_UPSTREAM_TYPE", "PHY_UPSTREAM_PHY"),
        (47, nest(2, attribute(1, u32(1)), attribute(2, u32(0))), "ETHTOOL_A_TS_HWTSTAMP_PROVIDER_INDEX", 1),
        (
            49,
            attribute(2, u32(3)),
            "ETHTOOL_A_PSE_NTF_EVENTS",
            ["ETHTOOL_PSE_EVENT_OVER_CURRENT", "ETHTOOL_PSE_EVENT_OVER_TEMP"],
        ),
        (54, nest(3, attribute(1, u32(42))), "ETHTOOL_A_MSE_CHANNEL_A", {"ETHTOOL_A_MSE_SNAPSHOT_AVERAGE_MSE": 42}),
    ],
)
def test_one_row_of_every_other_answer(command: int, rows: bytes, name: str, expected: Any) -> None:
    """Types as net/ethtool/ fills them in, numbers as linux/ethtool_netlink*.h has them."""
    message = of_command("ethtool", command, DEVICE + rows)

    assert [] == message.notes
    assert expected == value(message, name)
    assert line(message).startswith("eth0")


def test_link_modes_have_no_gap() -> None:
    assert list(range(125)) == sorted(ETHTOOL_LINK_MODE.names)


def test_scapy_finds_and_builds() -> None:
    (reply, *_) = [one for one in packets("ethtool.pcap", nlmsghdr) if ETHTOOL_A_LINKMODES.SPEED in one]

    assert 10000 == reply[ETHTOOL_A_LINKMODES.SPEED].value
    assert "left" == reply[ETHTOOL_A_HEADER.DEV_NAME].value
    assert "ethtool" == reply.payload.payload.name
    header = ETHTOOL_A_LINKMODES.HEADER([ETHTOOL_A_HEADER.DEV_NAME("eth0")])
    assert attribute(0x8001, attribute(2, b"eth0\0")) == bytes(header)
