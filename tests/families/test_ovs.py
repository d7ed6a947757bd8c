"""Open vSwitch on real bytes of ovs-dpctl(8), and on bytes laid out as net/openvswitch/ does where it made none."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import nldissect
from nldissect.families.generic.ovs.key import OVS_KEY_ATTR, ovs_key_ipv4
from nldissect.families.generic.ovs_flow import OVS_FLOW_ATTR
from nldissect.render.json_objects import value_of
from nldissect.wire import DecodedMessage
from tests.helpers import messages as message_bytes
from tests.helpers.captures import messages, replies, requests, undecoded, value
from tests.helpers.hex_messages import attribute, of_command, u32
from tests.helpers.route_messages import attrs, line

DATAPATH = u32(3)


def flows(direction: str = "to user") -> list[DecodedMessage]:
    return [one for one in messages("ovs.pcap", "ovs_flow", direction) if value(one, "OVS_FLOW_ATTR_KEY")]


def test_datapath() -> None:
    """ovs-dpctl add-dp dp0: two flows of the preparation, no packet yet."""
    (first, *_) = replies("ovs.pcap", "ovs_datapath")

    assert "dp0" == value(first, "OVS_DP_ATTR_NAME")
    assert ["OVS_DP_F_UNALIGNED", "OVS_DP_F_DISPATCH_UPCALL_PER_CPU"] == value(first, "OVS_DP_ATTR_USER_FEATURES")
    assert {"n_hit": 0, "n_missed": 0, "n_lost": 0, "n_flows": 2} == value(first, "OVS_DP_ATTR_STATS")
    assert 2 == value(first, "n_masks")
    assert "dp0 features UNALIGNED,DISPATCH_UPCALL_PER_CPU hit 0 missed 0 lost 0 flows 2 masks 2" == line(first)


def test_ports() -> None:
    """ovs-dpctl add-if dp0 vx0,type=vxlan,remote_ip=flow: userspace makes the device and adds it as any other."""
    told = {
        value(one, "OVS_VPORT_ATTR_PORT_NO"): (value(one, "OVS_VPORT_ATTR_NAME"), value(one, "OVS_VPORT_ATTR_TYPE"))
        for one in replies("ovs.pcap", "ovs_vport")
    }

    assert {
        0: ("dp0", "OVS_VPORT_TYPE_INTERNAL"),
        1: ("d0", "OVS_VPORT_TYPE_NETDEV"),
        2: ("vxlan_sys_4789", "OVS_VPORT_TYPE_NETDEV"),
    } == told
    (added, *_) = requests("ovs.pcap", "ovs_vport", cmd="OVS_VPORT_CMD_NEW")
    assert {"OVS_VPORT_ATTR_NAME": "vxlan_sys_4789", "OVS_VPORT_ATTR_TYPE": "OVS_VPORT_TYPE_NETDEV"}.items() <= attrs(
        added
    ).items()


def test_ports_name_the_datapath() -> None:
    """The port of the datapath itself tells its name: lines speak of dp0, not of interface 3."""
    lines = [line(one) for one in messages("ovs.pcap", "ovs_vport")]

    assert "dp0 port 2 vxlan_sys_4789 netdev rx 0 tx 0 upcalls to [0]" in lines


def test_flow_request() -> None:
    """ovs-dpctl add-flow: the key, the mask beside it, the actions in order."""
    (flow,) = (one for one in flows("to kernel") if value(one, "eth_src") == "02:00:00:00:00:01")
    key, mask = value(flow, "OVS_FLOW_ATTR_KEY"), value(flow, "OVS_FLOW_ATTR_MASK")

    assert {"eth_src": "02:00:00:00:00:01", "eth_dst": "02:00:00:00:00:02"} == key["OVS_KEY_ATTR_ETHERNET"]
    assert ("ETH_P_IP", 0xFFFF) == (key["OVS_KEY_ATTR_ETHERTYPE"], mask["OVS_KEY_ATTR_ETHERTYPE"])
    assert ("IPPROTO_TCP", 0xFF) == (key["OVS_KEY_ATTR_IPV4"]["ipv4_proto"], mask["OVS_KEY_ATTR_IPV4"]["ipv4_proto"])
    assert ("OVS_FRAG_TYPE_NONE", "10.0.0.1", "255.255.255.255") == (
        key["OVS_KEY_ATTR_IPV4"]["ipv4_frag"],
        key["OVS_KEY_ATTR_IPV4"]["ipv4_src"],
        mask["OVS_KEY_ATTR_IPV4"]["ipv4_src"],
    )
    assert {"tcp_src": 1024, "tcp_dst": 80} == key["OVS_KEY_ATTR_TCP"]
    assert {"tcp_src": 0xFC00, "tcp_dst": 0xFFFF} == mask["OVS_KEY_ATTR_TCP"]
    assert (["SYN"], ["SYN", "ACK"]) == (key["OVS_KEY_ATTR_TCP_FLAGS"], mask["OVS_KEY_ATTR_TCP_FLAGS"])
    assert {
        "OVS_ACTION_ATTR_PUSH_VLAN": [{"vlan_tpid": "ETH_P_8021Q", "vlan_tci": 3 << 13 | 1 << 12 | 10}],
        "OVS_ACTION_ATTR_OUTPUT": [2],
    } == value(flow, "OVS_FLOW_ATTR_ACTIONS")
    assert "dp0 port 1 ip 10.0.0.1 > 0.0.0.0 tcp 1024 > 80 actions 2 output 2" == line(flow)


def test_dumped_flows() -> None:
    """ovs-dpctl dump-flows: arp with a set action, IPv6 through conntrack and recirculation."""
    arp, _, ipv6 = flows()

    assert "ARPOP_REQUEST" == value(arp, "arp_op")
    (rewritten,) = value(arp, "OVS_FLOW_ATTR_ACTIONS")["OVS_ACTION_ATTR_SET"]
    assert {"eth_src": "02:00:00:00:00:0a", "eth_dst": "02:00:00:00:00:0b"} == rewritten["OVS_KEY_ATTR_ETHERNET"]
    (tracked,) = value(ipv6, "OVS_FLOW_ATTR_ACTIONS")["OVS_ACTION_ATTR_CT"]
    assert tracked["OVS_CT_ATTR_COMMIT"] is True
    assert {"value": 0x1, "mask": 0xFF} == tracked["OVS_CT_ATTR_MARK"]
    assert {} == tracked["OVS_CT_ATTR_NAT"]
    assert [7] == value(ipv6, "OVS_FLOW_ATTR_ACTIONS")["OVS_ACTION_ATTR_RECIRC"]
    assert "ffff:ffff::" == value(ipv6, "OVS_FLOW_ATTR_MASK")["OVS_KEY_ATTR_IPV6"]["ipv6_src"]


def test_refused_flow() -> None:
    """fails ovs-dpctl add-flow ... ipv4(proto=6) without a value for what the mask asks."""
    refused = [one for one in messages("ovs.pcap", "NLMSG_ERROR") if value(one, "error") == "EINVAL"]

    assert ["OVS_FLOW_CMD_NEW"] == [value(one.find("request").value, "cmd") for one in refused]  # type: ignore[union-attr]


def test_connection_limit() -> None:
    """ovs-dpctl ct-set-limits default=1000"""
    (asked,) = requests("ovs.pcap", "ovs_ct_limit")

    assert [{"zone_id": "OVS_ZONE_LIMIT_DEFAULT_ZONE", "limit": 1000, "count": 0}] == value(
        asked, "OVS_CT_LIMIT_ATTR_ZONE_LIMIT"
    )
    assert "zone default_zone limit 1000 count 0" == line(asked)


def test_all_of_it() -> None:
    assert [] == undecoded("ovs.pcap")


def nested(number: int, *inside: bytes) -> bytes:
    return attribute(number, b"".join(inside))


def actions_of(*inside: bytes) -> dict[str, Any]:
    """What a flow of these actions does."""
    message = of_command("ovs_flow", 1, DATAPATH + nested(2, *inside))
    assert [] == message.notes
    return value(message, "OVS_FLOW_ATTR_ACTIONS")


def test_actions_within_actions() -> None:
    """sample(sample=50%,actions(1)),clone(2),check_pkt_len(size=1400,gt(3),le(drop)),dec_ttl(le_1(userspace))"""
    output = [attribute(1, u32(port)) for port in range(4)]
    found = actions_of(
        nested(6, attribute(1, u32(0x7FFFFFFF)), nested(2, output[1])),
        nested(20, output[2]),
        nested(21, attribute(1, struct.pack("<H", 1400)), nested(2, output[3]), nested(3, attribute(24, u32(5)))),
        nested(23, nested(1, nested(2, attribute(1, u32(99)), attribute(2, b"\x01\x02"), attribute(4, b"")))),
        nested(25, attribute(1, u32(7)), attribute(2, b"cookie")),
    )

    assert {
        "OVS_ACTION_ATTR_SAMPLE": [
            {"OVS_SAMPLE_ATTR_PROBABILITY": 0x7FFFFFFF, "OVS_SAMPLE_ATTR_ACTIONS": {"OVS_ACTION_ATTR_OUTPUT": [1]}}
        ],
        "OVS_ACTION_ATTR_CLONE": [{"OVS_ACTION_ATTR_OUTPUT": [2]}],
        "OVS_ACTION_ATTR_CHECK_PKT_LEN": [
            {
                "OVS_CHECK_PKT_LEN_ATTR_PKT_LEN": 1400,
                "OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_GREATER": {"OVS_ACTION_ATTR_OUTPUT": [3]},
                "OVS_CHECK_PKT_LEN_ATTR_ACTIONS_IF_LESS_EQUAL": {"OVS_ACTION_ATTR_DROP": [5]},
            }
        ],
        "OVS_ACTION_ATTR_DEC_TTL": [
            {
                "OVS_DEC_TTL_ATTR_ACTION": {
                    "OVS_ACTION_ATTR_USERSPACE": [
                        {
                            "OVS_USERSPACE_ATTR_PID": 99,
                            "OVS_USERSPACE_ATTR_USERDATA": "0102",
                            "OVS_USERSPACE_ATTR_ACTIONS": True,
                        }
                    ]
                }
            }
        ],
        "OVS_ACTION_ATTR_PSAMPLE": [{"OVS_PSAMPLE_ATTR_GROUP": 7, "OVS_PSAMPLE_ATTR_COOKIE": b"cookie".hex()}],
    } == found


def test_an_action_that_repeats() -> None:
    """2,push_vlan(...),3: ports in their order, no complaint."""
    found = actions_of(attribute(1, u32(2)), attribute(4, struct.pack(">HH", 0x88A8, 0x1005)), attribute(1, u32(3)))

    assert [2, 3] == found["OVS_ACTION_ATTR_OUTPUT"]
    assert [{"vlan_tpid": "ETH_P_8021AD", "vlan_tci": 0x1005}] == found["OVS_ACTION_ATTR_PUSH_VLAN"]


def test_programs_read_actions_in_their_order() -> None:
    """What is done one after the other: JSON has a list with one action in each object. From ovs-dpctl, and by hand."""
    (tagged, *_) = [one for one in flows() if value(one, "OVS_ACTION_ATTR_PUSH_VLAN")]
    tag = attribute(4, struct.pack(">HH", 0x88A8, 0x1005))
    twice = of_command("ovs_flow", 1, DATAPATH + nested(2, attribute(1, u32(2)), tag, attribute(1, u32(3))))

    def actions(message: DecodedMessage) -> Any:
        found = message.find("OVS_FLOW_ATTR_ACTIONS")
        return found and value_of(found)

    assert ["OVS_ACTION_ATTR_PUSH_VLAN", "OVS_ACTION_ATTR_OUTPUT"] == [key for one in actions(tagged) for key in one]
    assert [
        {"OVS_ACTION_ATTR_OUTPUT": 2},
        {"OVS_ACTION_ATTR_PUSH_VLAN": {"vlan_tpid": "ETH_P_8021AD", "vlan_tci": 0x1005}},
        {"OVS_ACTION_ATTR_OUTPUT": 3},
    ] == actions(twice)


def test_masked_set() -> None:
    """set(ipv4(ttl=64/0xff)),set(skb_mark(0x1/0xf)): each key is followed by its mask."""
    ipv4 = bytes(8) + bytes([0, 0, 64, 0]) + bytes(8) + bytes([0, 0, 255, 0])
    found = actions_of(nested(11, attribute(7, ipv4)), nested(11, attribute(15, u32(1) + u32(15))))[
        "OVS_ACTION_ATTR_SET_MASKED"
    ]

    assert 64 == found[0]["OVS_KEY_ATTR_IPV4"]["key"]["ipv4_ttl"]
    assert 255 == found[0]["OVS_KEY_ATTR_IPV4"]["mask"]["ipv4_ttl"]
    assert {"OVS_KEY_ATTR_SKB_MARK": {"key": 1, "mask": 15}} == found[1]


def test_mpls_and_nsh_actions() -> None:
    """push_mpls(label=16,tc=0,ttl=64,bos=1), pop_mpls(0x800), push_nsh(ttl=63,mdtype=1,np=3,spi=0x1234,si=255,...)"""
    entry = struct.pack(">I", 16 << 12 | 1 << 8 | 64)
    base = struct.pack(">BBBBI", 0, 63, 1, 3, 0x1234FF)
    found = actions_of(
        attribute(9, entry + struct.pack(">HH", 0x8847, 0)),
        attribute(10, struct.pack(">H", 0x800)),
        nested(17, attribute(1, base), attribute(2, struct.pack(">4I", 1, 2, 3, 4))),
        attribute(22, entry + struct.pack(">H", 0x8847) + b"\x01\x00"),
        attribute(18, b""),
    )

    assert [{"mpls_lse": "16:0:1:64", "mpls_ethertype": "ETH_P_MPLS_UC"}] == found["OVS_ACTION_ATTR_PUSH_MPLS"]
    assert ["ETH_P_IP"] == found["OVS_ACTION_ATTR_POP_MPLS"]
    assert [
        {
            "OVS_NSH_KEY_ATTR_BASE": {
                "flags": 0, "ttl": 63, "mdtype": 1, "np": "TUN_P_ETHERNET", "path_hdr": 0x1234FF
            },
            "OVS_NSH_KEY_ATTR_MD1": {"context": [1, 2, 3, 4]},
        }
    ] == found["OVS_ACTION_ATTR_PUSH_NSH"]  # fmt: skip
    assert ["OVS_MPLS_L3_TUNNEL_FLAG_MASK"] == found["OVS_ACTION_ATTR_ADD_MPLS"][0]["tun_flags"]
    assert [True] == found["OVS_ACTION_ATTR_POP_NSH"]


GENEVE = struct.pack(">HBBII", 0xFFFF, 0x80, 2, 1, 2) + struct.pack(">HBB", 0x0102, 3, 0)
TUNNEL = [
    attribute(0, struct.pack(">Q", 99)),
    attribute(1, bytes([10, 0, 0, 1])),
    attribute(2, bytes([10, 0, 0, 2])),
    attribute(4, b"\x40"),
    attribute(5, b""),
    attribute(8, GENEVE),
    attribute(10, struct.pack(">H", 6081)),
]
UPCALL = DATAPATH + attribute(1, bytes.fromhex("020000000002020000000001080600")) + nested(
    2, attribute(3, u32(4)), nested(16, *TUNNEL), attribute(22, u32(0x21)), attribute(11, bytes([8, 0]))
)  # fmt: skip


def test_upcall_with_a_tunnel() -> None:
    """A packet that no flow takes, which came out of a Geneve tunnel with two options, one of them empty."""
    message = of_command("ovs_packet", 1, UPCALL + attribute(11, struct.pack("<Q", 1 << 32 | 0xABCD)))
    key = value(message, "OVS_PACKET_ATTR_KEY")

    assert [] == message.notes
    assert {
        "OVS_TUNNEL_KEY_ATTR_ID": 99,
        "OVS_TUNNEL_KEY_ATTR_IPV4_SRC": "10.0.0.1",
        "OVS_TUNNEL_KEY_ATTR_IPV4_DST": "10.0.0.2",
        "OVS_TUNNEL_KEY_ATTR_TTL": 64,
        "OVS_TUNNEL_KEY_ATTR_DONT_FRAGMENT": True,
        "OVS_TUNNEL_KEY_ATTR_GENEVE_OPTS": [
            {"opt_class": 0xFFFF, "type": 0x80, "length": {"length": 2, "r3": 0, "r2": 0, "r1": 0}, "opt_data": [1, 2]},
            {"opt_class": 0x0102, "type": 3, "length": {"length": 0, "r3": 0, "r2": 0, "r1": 0}, "opt_data": []},
        ],
        "OVS_TUNNEL_KEY_ATTR_TP_DST": 6081,
    } == key["OVS_KEY_ATTR_TUNNEL"]
    assert ["OVS_CS_F_NEW", "OVS_CS_F_TRACKED"] == key["OVS_KEY_ATTR_CT_STATE"]
    assert {"icmp_type": "ICMP_ECHO", "icmp_code": 0} == key["OVS_KEY_ATTR_ICMP"]
    packet = message.find("OVS_PACKET_ATTR_PACKET")
    assert packet is not None
    assert "02:00:00:00:00:02" == packet.kind.opened(packet.value).dst  # type: ignore[attr-defined]


def test_options_that_are_cut() -> None:
    """The last option says it is longer than there are bytes: it takes what is there, and rest of a word is told."""
    tunnel = nested(16, attribute(8, struct.pack(">HBBI", 1, 2, 9, 7) + b"\x01\x02"))
    message = of_command("ovs_packet", 1, DATAPATH + nested(2, tunnel))

    assert message.notes
    (option,) = value(message, "OVS_TUNNEL_KEY_ATTR_GENEVE_OPTS")
    assert (1, 2) == (option["opt_class"], option["type"])


def test_options_by_columns(tmp_path: Path) -> None:
    """Fields of structs that vary in size are found in all messages at once as in each alone."""
    family = attribute(1, struct.pack("<H", 0x1C)) + attribute(2, b"ovs_packet\0")
    about = message_bytes.message(16, b"\x01\x02\0\0" + family)
    upcalls = [message_bytes.message(0x1C, b"\x01\x01\0\0" + UPCALL) for _ in range(40)]
    path = message_bytes.write(tmp_path / "upcalls.pcap", *[message_bytes.frame(16, one) for one in (about, *upcalls)])
    capture = nldissect.open(path)

    assert 40 == len(capture.filter("opt_class == 0x102"))
    assert 0 == len(capture.filter("opt_class == 0x103"))
    assert 40 == len(capture.filter("OVS_TUNNEL_KEY_ATTR_ID == 99 and opt_class == 65535"))


def test_erspan_options() -> None:
    """struct erspan_metadata: an index in version 1, more in version 2."""
    first = nested(16, attribute(15, struct.pack("<i", 1) + struct.pack(">II", 7, 0)))
    second = nested(16, attribute(15, struct.pack("<i", 2) + struct.pack(">IHBB", 100, 5, 0b10101001, 0b01011100)))
    found = [
        value(of_command("ovs_packet", 1, DATAPATH + nested(2, tunnel)), "OVS_TUNNEL_KEY_ATTR_ERSPAN_OPTS")
        for tunnel in (first, second)
    ]

    assert {"version": 1, "u": {"index": 7}} == found[0]
    assert {
        "timestamp": 100,
        "sgt": 5,
        "p_ft_hwid": {"hwid_upper": 1, "ft": 10, "p": 1},
        "hwid_dir": {"o": 0, "gra": 2, "dir": 1, "hwid": 5},
    } == found[1]["u"]


def test_meter() -> None:
    """meter 5, 1000 kbit/s, burst 100: the kernel numbers every band 0."""
    band = nested(0, attribute(1, u32(1)), attribute(2, u32(1000)), attribute(3, u32(100)))
    message = of_command("ovs_meter", 2, DATAPATH + attribute(1, u32(5)) + attribute(2, b"") + nested(4, band))

    assert [] == message.notes
    assert [
        {"OVS_BAND_ATTR_TYPE": "OVS_METER_BAND_TYPE_DROP", "OVS_BAND_ATTR_RATE": 1000, "OVS_BAND_ATTR_BURST": 100}
    ] == list(value(message, "OVS_METER_ATTR_BANDS").values())
    assert "if3 meter 5 drop rate 1000 kbit/s burst 100" == line(message)


def test_tunnel_port() -> None:
    """A VXLAN port made by the kernel, with GBP: a flag here, a number in a tunnel key."""
    options = nested(4, attribute(1, struct.pack("<H", 4789)), nested(2, attribute(1, b"")))
    message = of_command("ovs_vport", 1, u32(0) + attribute(2, u32(4)) + attribute(3, b"vx0\0") + options)
    key = of_command("ovs_packet", 1, DATAPATH + nested(2, nested(16, nested(11, attribute(1, u32(7))))))

    assert {"OVS_TUNNEL_ATTR_DST_PORT": 4789, "OVS_TUNNEL_ATTR_EXTENSION": {"OVS_VXLAN_EXT_GBP": True}} == value(
        message, "OVS_VPORT_ATTR_OPTIONS"
    )
    assert 7 == value(key, "OVS_VXLAN_EXT_GBP")
    assert "vx0 vxlan udp port 4789" == line(message)


def test_scapy_builds_a_key() -> None:
    key = OVS_FLOW_ATTR.KEY(
        [OVS_KEY_ATTR.IN_PORT(1), OVS_KEY_ATTR.IPV4(ovs_key_ipv4(ipv4_src="10.0.0.1", ipv4_proto=6))]
    )
    inside = attribute(3, u32(1)) + attribute(7, bytes([10, 0, 0, 1]) + bytes(4) + bytes([6, 0, 0, 0]))

    assert (4 + len(inside), inside) == (int.from_bytes(bytes(key)[:2], "little"), bytes(key)[4:])
    assert "OVS_KEY_ATTR.IN_PORT(1)" in key.command()
