"""Link kinds that no capture here holds, laid out as the kernel's policies and structs say."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from nldissect.wire import nlmon
from tests.helpers.captures import value
from tests.helpers.link_messages import attribute, datagram, of_kind, walked


def test_can() -> None:
    """Layouts of linux/can/netlink.h, numbers as in Documentation/networking/can.rst: 125 kbit/s, sample point 0.875,
    tq 125, prop-seg 6, phase-seg1 7, phase-seg2 2, sjw 1, brp 1 of an sja1000 with clock 8000000"""
    data = (
        attribute(1, struct.pack("=8I", 125000, 875, 125, 6, 7, 2, 1, 1))
        + attribute(2, b"sja1000".ljust(16, b"\0") + struct.pack("=8I", 1, 16, 1, 8, 4, 1, 64, 1))
        + attribute(3, struct.pack("=I", 8000000))
        + attribute(4, struct.pack("=I", 0))
        + attribute(5, struct.pack("=II", 0, 0x4))
        + attribute(8, struct.pack("=HH", 3, 5))
        + attribute(12, struct.pack("=HH", 0, 120))
        + attribute(17, attribute(1, struct.pack("=I", 0x23)))
    )
    can = of_kind("can", data)
    statistics = of_kind("can", struct.pack("=6I", 41, 17457, 0, 41, 3, 7), what=3)

    assert [] == can.notes
    assert {
        "bitrate": 125000,
        "sample_point": 875,
        "tq": 125,
        "prop_seg": 6,
        "phase_seg1": 7,
        "phase_seg2": 2,
        "sjw": 1,
        "brp": 1,
    } == value(can, "IFLA_CAN_BITTIMING")
    assert ("sja1000", 64) == tuple(value(can, "IFLA_CAN_BITTIMING_CONST")[name] for name in ("name", "brp_max"))
    assert {"freq": 8000000} == value(can, "IFLA_CAN_CLOCK")
    assert "CAN_STATE_ERROR_ACTIVE" == value(can, "IFLA_CAN_STATE")
    assert ["CAN_CTRLMODE_3_SAMPLES"] == value(can, "IFLA_CAN_CTRLMODE")["flags"]
    assert {"txerr": 3, "rxerr": 5} == value(can, "IFLA_CAN_BERR_COUNTER")
    assert [0, 120] == value(can, "IFLA_CAN_TERMINATION_CONST")
    assert ["CAN_CTRLMODE_LOOPBACK", "CAN_CTRLMODE_LISTENONLY", "CAN_CTRLMODE_FD"] == value(
        can, "IFLA_CAN_CTRLMODE_SUPPORTED"
    )
    assert {
        "bus_error": 41,
        "error_warning": 17457,
        "error_passive": 0,
        "bus_off": 41,
        "arbitration_lost": 3,
        "restarts": 7,
    } == value(statistics, "IFLA_INFO_XSTATS")


IPV4, IPV6 = b"\xc0\0\x02\x01", b"\x20\x01\x0d\xb8" + bytes(11) + b"\x01"


@pytest.mark.parametrize(
    ("kind", "number", "payload", "name", "wanted"),
    [
        ("geneve", 5, b"\x17\xc1", "IFLA_GENEVE_PORT", 6081),
        ("geneve", 7, IPV6, "IFLA_GENEVE_REMOTE6", "2001:db8::1"),
        ("geneve", 6, b"", "IFLA_GENEVE_COLLECT_METADATA", True),
        ("geneve", 11, b"\0\x01\x23\x45", "IFLA_GENEVE_LABEL", 0x12345),
        ("geneve", 15, b"\x80\0\xee\x48", "IFLA_GENEVE_PORT_RANGE", {"low": 32768, "high": 61000}),
        ("bareudp", 2, b"\x88\x47", "IFLA_BAREUDP_ETHERTYPE", "ETH_P_MPLS_UC"),
        ("bareudp", 3, struct.pack("=H", 40000), "IFLA_BAREUDP_SRCPORT_MIN", 40000),
        ("hsr", 4, b"\x01\x15\x4e\0\x01\x2d", "IFLA_HSR_SUPERVISION_ADDR", "01:15:4e:00:01:2d"),
        ("hsr", 7, b"\x01", "IFLA_HSR_PROTOCOL", "HSR_PROTOCOL_PRP"),
        ("netkit", 3, struct.pack("=i", -1), "IFLA_NETKIT_POLICY", "NETKIT_NEXT"),
        ("netkit", 5, struct.pack("=I", 1), "IFLA_NETKIT_MODE", "NETKIT_L3"),
        ("xfrm", 2, struct.pack("=I", 42), "IFLA_XFRM_IF_ID", 42),
        ("amt", 2, b"\x08\xd0", "IFLA_AMT_RELAY_PORT", 2256),
        ("amt", 7, IPV4, "IFLA_AMT_DISCOVERY_IP", "192.0.2.1"),
        (
            "rmnet",
            2,
            struct.pack("=II", 5, 0xFF),
            "IFLA_RMNET_FLAGS.flags",
            ["RMNET_FLAGS_INGRESS_DEAGGREGATION", "RMNET_FLAGS_INGRESS_MAP_CKSUMV4"],
        ),
        ("wwan", 1, struct.pack("=I", 3), "IFLA_WWAN_LINK_ID", 3),
        ("gtp", 4, struct.pack("=I", 1), "IFLA_GTP_ROLE", "GTP_ROLE_SGSN"),
        ("gtp", 7, IPV4, "IFLA_GTP_LOCAL", "192.0.2.1"),
        ("dsa", 1, struct.pack("=I", 2), "IFLA_DSA_CONDUIT", 2),
        ("dsa", 1, struct.pack("=I", 2), "IFLA_DSA_MASTER", 2),
        ("ipoib", 1, struct.pack("=H", 0x8001), "IFLA_IPOIB_PKEY", 0x8001),
        ("ipoib", 2, struct.pack("=H", 1), "IFLA_IPOIB_MODE", "IPOIB_MODE_CONNECTED"),
        ("ppp", 1, struct.pack("=i", 9), "IFLA_PPP_DEV_FD", 9),
        ("batadv", 1, b"BATMAN_V\0", "IFLA_BATADV_ALGO_NAME", "BATMAN_V"),
        ("ovpn", 1, b"\x01", "IFLA_OVPN_MODE", "OVPN_MODE_MP"),
        ("caif", 1, struct.pack("=I", 7), "IFLA_CAIF_IPV4_CONNID", 7),
        ("vti6", 5, IPV6, "IFLA_VTI_REMOTE", "2001:db8::1"),
        ("ip6erspan", 24, struct.pack("=H", 17), "IFLA_GRE_ERSPAN_HWID", 17),
        ("sit", 11, IPV6, "IFLA_IPTUN_6RD_PREFIX", "2001:db8::1"),
        ("vxlan", 33, b"\x08" + bytes(7), "IFLA_VXLAN_RESERVED_BITS", 0x0800000000000000),
        ("ipvtap", 1, struct.pack("=H", 1), "IFLA_IPVLAN_MODE", "IPVLAN_MODE_L3"),
    ],
)
def test_kinds_without_a_capture(kind: str, number: int, payload: bytes, name: str, wanted: Any) -> None:
    """One attribute each, laid out as the kernel's policy of that kind says; back to the same bytes."""
    message = of_kind(kind, attribute(number, payload))

    assert wanted == value(message, name)
    assert [] == message.notes
    assert message.data == bytes(nlmon(message.data))


def test_pairs() -> None:
    """vxcan and netkit carry the peer as veth does."""
    peer = struct.pack("=BxHiII", 0, 0, 0, 0, 0) + attribute(3, b"peer0\0")
    for kind in ("veth", "vxcan", "netkit"):
        message = of_kind(kind, attribute(1, peer))
        assert "peer0" == value(message, "IFLA_INFO_DATA.IFLA_IFNAME")
        assert [] == message.notes


def test_bridge_redundancy_and_fault_management() -> None:
    """IFLA_BRIDGE_MRP and _CFM nests of an AF_BRIDGE message (net/bridge/br_mrp_netlink.c, br_cfm_netlink.c)."""
    mrp = attribute(
        7, attribute(1, struct.pack("=I", 1)) + attribute(6, struct.pack("=I", 2)) + attribute(4, struct.pack("=H", 9))
    )
    cfm = attribute(9, attribute(1, struct.pack("=I", 5)) + attribute(3, struct.pack("=I", 1)))
    cfm += attribute(14, attribute(2, struct.pack("=I", 2))) + attribute(14, attribute(2, struct.pack("=I", 3)))
    mst = attribute(1, attribute(1, struct.pack("=H", 4)) + attribute(2, b"\x03"))
    af_spec = attribute(26, attribute(4, mrp) + attribute(5, cfm) + attribute(6, mst))
    body = struct.pack("=BxHiII", 7, 1, 2, 0, 0) + af_spec
    message = walked(datagram(body, 16, 0))
    spec = value(message, "IFLA_AF_SPEC")

    assert [] == message.notes
    assert {
        "IFLA_BRIDGE_MRP_INFO": [
            {
                "IFLA_BRIDGE_MRP_INFO_RING_ID": 1,
                "IFLA_BRIDGE_MRP_INFO_RING_ROLE": "BR_MRP_RING_ROLE_MRM",
                "IFLA_BRIDGE_MRP_INFO_PRIO": 9,
            },
        ]
    } == spec["IFLA_BRIDGE_MRP"]
    assert {
        "IFLA_BRIDGE_CFM_MEP_CREATE_INSTANCE": 5,
        "IFLA_BRIDGE_CFM_MEP_CREATE_DIRECTION": "BR_CFM_MEP_DIRECTION_UP",
    } == (spec["IFLA_BRIDGE_CFM"]["IFLA_BRIDGE_CFM_MEP_CREATE_INFO"][0])
    assert [2, 3] == [
        one["IFLA_BRIDGE_CFM_CC_PEER_MEPID"] for one in spec["IFLA_BRIDGE_CFM"]["IFLA_BRIDGE_CFM_CC_PEER_MEP_INFO"]
    ]
    assert [{"IFLA_BRIDGE_MST_ENTRY_MSTI": 4, "IFLA_BRIDGE_MST_ENTRY_STATE": "BR_STATE_FORWARDING"}] == (
        spec["IFLA_BRIDGE_MST"]["IFLA_BRIDGE_MST_ENTRY"]
    )


def test_small_nests_of_a_link() -> None:
    """Rows of net/core/rtnetlink.c: where the device hangs, why it is kept down, its BPF program, its MCTP network."""
    rows = (
        attribute(62, attribute(1, b"pci\0") + attribute(2, b"0000:01:00.0\0") + attribute(3, struct.pack("=I", 65535)))
        + attribute(65, attribute(1, struct.pack("=I", 4)))
        + attribute(55, attribute(2, struct.pack("=I", 8)))
        + attribute(43, attribute(2, b"\x02") + attribute(6, struct.pack("=I", 77)))
        + attribute(26, attribute(45, attribute(1, struct.pack("=I", 8)) + attribute(2, b"\x05")))
        + attribute(44, struct.pack("=I", 3))
        + attribute(36, b"\xde\xad\xbe\xef")
        + attribute(66, struct.pack("=Q", 10**10))
        + attribute(46, struct.pack("=i", -1))
    )
    message = walked(datagram(struct.pack("=BxHiII", 0, 1, 2, 0, 0) + rows, 16, 0))

    assert [] == message.notes
    assert {
        "DEVLINK_ATTR_BUS_NAME": "pci",
        "DEVLINK_ATTR_DEV_NAME": "0000:01:00.0",
        "DEVLINK_ATTR_PORT_INDEX": 65535,
    } == value(message, "IFLA_DEVLINK_PORT")
    assert {"DPLL_A_PIN_ID": 4} == value(message, "IFLA_DPLL_PIN")
    assert {"IFLA_PROTO_DOWN_REASON_VALUE": 8} == value(message, "IFLA_PROTO_DOWN_REASON")
    assert {"IFLA_XDP_ATTACHED": "XDP_ATTACHED_SKB", "IFLA_XDP_SKB_PROG_ID": 77} == value(message, "IFLA_XDP")
    assert {"IFLA_MCTP_NET": 8, "IFLA_MCTP_PHYS_BINDING": "MCTP_PHYS_BINDING_SERIAL"} == value(message, "AF_MCTP")
    assert "IFLA_EVENT_BONDING_FAILOVER" == value(message, "IFLA_EVENT")
    assert ("deadbeef", 10**10) == (
        value(message, "IFLA_PHYS_SWITCH_ID"),
        value(message, "IFLA_MAX_PACING_OFFLOAD_HORIZON"),
    )
    assert -1 == value(message, "IFLA_TARGET_NETNSID") == value(message, "IFLA_IF_NETNSID")


def test_unknown_kind_is_kept() -> None:
    """A kind from tomorrow: its name is told, its data stay bytes with a note."""
    message = of_kind("tomorrow", b"\x08\0\x01\0\x01\x02\x03\x04")

    assert "tomorrow" == value(message, "IFLA_INFO_KIND")
    assert {"undecoded": "0800010001020304"} == value(message, "IFLA_INFO_DATA")
    assert ["IFLA_INFO_DATA"] == [note.text.split(":")[0] for note in message.notes]
