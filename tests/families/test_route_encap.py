"""Lightweight tunnels on routes. RTA_ENCAP stands before RTA_ENCAP_TYPE, which says what is in it."""

from __future__ import annotations

from typing import Any

import pytest

from nldissect.families.route.route import RTA, rtmsg
from nldissect.families.route.route_encap import LWTUNNEL_IP, LWTUNNEL_IP_OPT_GENEVE, MPLS_IPTUNNEL
from tests.helpers.captures import replies, requests, value
from tests.helpers.route_messages import attribute, attrs, from_body, from_hex, line, packets


def asked(destination: str) -> dict[str, Any]:
    """What `ip route add DESTINATION encap ...` put into RTA_ENCAP."""
    (request,) = requests("route_encap.pcap", "RTM_NEWROUTE", RTA_DST=destination)
    names = list(attrs(request))
    assert names.index("RTA_ENCAP") + 1 == names.index("RTA_ENCAP_TYPE")
    found: dict[str, Any] = attrs(request)["RTA_ENCAP"]
    return found


def test_ip() -> None:
    """encap ip id 100 dst 192.0.2.2 src 192.0.2.1 tos 4 ttl 32 key csum"""
    assert {
        "LWTUNNEL_IP_ID": 100,
        "LWTUNNEL_IP_DST": "192.0.2.2",
        "LWTUNNEL_IP_SRC": "192.0.2.1",
        "LWTUNNEL_IP_TOS": 4,
        "LWTUNNEL_IP_TTL": 32,
        "LWTUNNEL_IP_FLAGS": ["TUNNEL_CSUM", "TUNNEL_KEY"],
    } == asked("10.1.0.0")


def test_ip_dumped() -> None:
    """The kernel answers with all of them; "encap ip id 300 src 0.0.0.0 dst 192.0.2.3 ttl 0 tos 0 vxlan_opts 4386" """
    (route,) = replies("route_encap.pcap", "RTM_NEWROUTE", RTA_DST="10.3.0.0")
    encap = attrs(route)["RTA_ENCAP"]

    assert (300, "0.0.0.0", "192.0.2.3", 0, 0) == tuple(
        encap[f"LWTUNNEL_IP_{name}"] for name in ("ID", "SRC", "DST", "TTL", "TOS")
    )
    assert {"LWTUNNEL_IP_OPTS_VXLAN": {"LWTUNNEL_IP_OPT_VXLAN_GBP": 4386}} == encap["LWTUNNEL_IP_OPTS"]
    assert "10.3.0.0/16 encap ip dev vx0" in line(route)


def test_geneve_options() -> None:
    """geneve_opts 0:1:deadbeef"""
    options = asked("10.4.0.0")["LWTUNNEL_IP_OPTS"]

    assert {
        "LWTUNNEL_IP_OPTS_GENEVE": [
            {
                "LWTUNNEL_IP_OPT_GENEVE_CLASS": [0],
                "LWTUNNEL_IP_OPT_GENEVE_TYPE": [1],
                "LWTUNNEL_IP_OPT_GENEVE_DATA": ["deadbeef"],
            }
        ]
    } == options
    packet = next(route for route in packets("route_encap.pcap", rtmsg) if LWTUNNEL_IP_OPT_GENEVE.DATA in route)
    assert bytes.fromhex("deadbeef") == packet[LWTUNNEL_IP_OPT_GENEVE.DATA].value


def test_the_kernel_tells_all_geneve_options_in_one_nest() -> None:
    """geneve_opts 65535:255:00112233,1:2:44556677, from a dump of Linux 6.12."""
    route = from_hex(
        "c4000000180022008adc046b6e00000002180000fe03fd010000000008000f00fe000000080001000a000b0008000400"
        "06000000880016000c00010000000000000000011400020020010db80000000000000000000000051400030020010db8"
        "000000000000000000000006050005000700000005000400090000000600060008000000380008003400010006000100"
        "ffff000005000200ff000000080003000011223306000100000100000500020002000000080003004455667706001500"
        "04000000"
    )

    assert {
        "LWTUNNEL_IP_OPT_GENEVE_CLASS": [65535, 1],
        "LWTUNNEL_IP_OPT_GENEVE_TYPE": [255, 2],
        "LWTUNNEL_IP_OPT_GENEVE_DATA": ["00112233", "44556677"],
    } == attrs(route)["RTA_ENCAP"]["LWTUNNEL_IP6_OPTS"]["LWTUNNEL_IP_OPTS_GENEVE"][0]
    assert [] == route.notes


def test_ip6() -> None:
    """encap ip6 id 200 dst 2001:db8::2 hoplimit 60"""
    encap = asked("10.2.0.0")
    assert {"LWTUNNEL_IP6_ID": 200, "LWTUNNEL_IP6_DST": "2001:db8::2", "LWTUNNEL_IP6_HOPLIMIT": 60} == encap


def test_mpls() -> None:
    """encap mpls 100/200 ttl 5"""
    assert {"MPLS_IPTUNNEL_DST": "100/200", "MPLS_IPTUNNEL_TTL": 5} == asked("10.5.0.0")


def test_mpls_on_next_hops() -> None:
    """nexthop encap mpls 300 via 192.0.2.253 nexthop encap mpls 400 via 192.0.2.254"""
    (route,) = requests("route_encap.pcap", "RTM_NEWROUTE", RTA_DST="10.6.0.0")
    hops = [hop["attrs"] for hop in attrs(route)["RTA_MULTIPATH"]]

    assert [("300", "192.0.2.253"), ("400", "192.0.2.254")] == [
        (hop["RTA_ENCAP"]["MPLS_IPTUNNEL_DST"], hop["RTA_GATEWAY"]) for hop in hops
    ]


def test_ila() -> None:
    """encap ila 1:2:3:4 csum-mode adj-transport ident-type luid hook-type output"""
    assert {
        "ILA_ATTR_LOCATOR": 0x0001_0002_0003_0004,
        "ILA_ATTR_CSUM_MODE": "ILA_CSUM_ADJUST_TRANSPORT",
        "ILA_ATTR_IDENT_TYPE": "ILA_ATYPE_LUID",
        "ILA_ATTR_HOOK_TYPE": "ILA_HOOK_ROUTE_OUTPUT",
    } == asked("2001:db8:7:0:2000::1")


def test_type_decides_in_scapy_too() -> None:
    """Packets find the type behind the nest; a nest built by hand gives the same bytes."""
    encapsulated = [packet for packet in packets("route_encap.pcap", rtmsg) if RTA.ENCAP in packet]
    mpls = next(packet for packet in encapsulated if MPLS_IPTUNNEL.TTL in packet)
    ip = next(packet for packet in encapsulated if LWTUNNEL_IP.TTL in packet)

    assert ("100/200", 5) == (mpls[MPLS_IPTUNNEL.DST].value, mpls[MPLS_IPTUNNEL.TTL].value)
    assert (100, 32) == (ip[LWTUNNEL_IP.ID].value, ip[LWTUNNEL_IP.TTL].value)
    built = RTA.ENCAP([MPLS_IPTUNNEL.DST("100/200"), MPLS_IPTUNNEL.TTL(5)])
    labels = bytes.fromhex("0c000100 00064000 000c8100 0500020005000000")
    assert bytes.fromhex("18001680") + labels == bytes(built)


# Kernels without the tunnel refuse these; iproute2 6.15 sent them all the same.
REQUESTS = {
    "encap xfrm if_id 7 link_dev d0": (
        "4000000018000506c5cb046b0000000002100000fe03fd0100000000080001000a090000"
        "1400168008000100070000000800020003000000060015000a000000",
        {"LWT_XFRM_IF_ID": 7, "LWT_XFRM_LINK": 3},
    ),
    "encap seg6 mode encap segs fc00::1,fc00::2": (
        "7400000018000506c5cb046b000000000a300000fe030001000000001400010020010db80009000000000000000000003400168030000100"
        "010000000004040101000000fc000000000000000000000000000002fc000000000000000000000000000001"
        "06001500050000000800040003000000",
        {
            "SEG6_IPTUNNEL_SRH": {
                "mode": "SEG6_IPTUN_MODE_ENCAP",
                "srh": {
                    "nexthdr": "IPPROTO_IP",
                    "hdrlen": 4,
                    "type": 4,
                    "segments_left": 1,
                    "first_segment": 1,
                    "flags": [],
                    "tag": 0,
                    "segments": ["fc00::2", "fc00::1"],
                },
            }
        },
    ),
    "encap rpl segs fc00::1,fc00::2": (
        "7000000018000506c5cb046b000000000a300000fe030001000000001400010020010db8000800000000000000000000300016802c000100"
        "0004030200000000fc000000000000000000000000000002fc00000000000000000000000000000106001500080000000800040003000000",
        {
            "RPL_IPTUNNEL_SRH": {
                "nexthdr": "IPPROTO_IP",
                "hdrlen": 4,
                "type": 3,
                "segments_left": 2,
                "compression": 0,
                "segments": ["fc00::2", "fc00::1"],
            }
        },
    ),
    "encap ioam6 freq 1/2 mode encap tundst fc00::2 trace prealloc type 0x800000 ns 1 size 12": (
        "7c00000018000506c5cb046b000000000a300000fe030001000000001400010020010db80007000000000000000000003c00168008000400"
        "010000000800050002000000050001000200000014000200fc0000000000000000000000000000020c00030000010003800000000600150009"
        "0000000800040003000000",
        {
            "IOAM6_IPTUNNEL_FREQ_K": 1,
            "IOAM6_IPTUNNEL_FREQ_N": 2,
            "IOAM6_IPTUNNEL_MODE": "IOAM6_IPTUNNEL_MODE_ENCAP",
            "IOAM6_IPTUNNEL_DST": "fc00::2",
            "IOAM6_IPTUNNEL_TRACE": {"namespace_id": 1, "lengths": 12 // 4, "type_be32": 0x800000 << 8},
        },
    ),
    "encap seg6local action End.DT6 table main": (
        "5400000018000506c5cb046b000000000a800000fe0300010000000014000100fc00000000000000000000000000010014001680"
        "080001000700000008000300fe00000006001500070000000800040003000000",
        {"SEG6_LOCAL_ACTION": "SEG6_LOCAL_ACTION_END_DT6", "SEG6_LOCAL_TABLE": 254},
    ),
    "encap seg6local action End.X nh6 fc00::1 count flavors next-csid lblen 48 nflen 16": (
        "a400000018000506c6cb046b000000000a800000fe0300010000000014000100fc00000000000000000000000000010164001680"
        "080001000200000014000500fc00000000000000000000000000000128000a800c00020000000000000000000c000300000000000000"
        "00000c00040000000000000000001c000b8008000100100000000500020030000000050003001000000006001500070000000800040003000000",
        {
            "SEG6_LOCAL_ACTION": "SEG6_LOCAL_ACTION_END_X",
            "SEG6_LOCAL_NH6": "fc00::1",
            "SEG6_LOCAL_COUNTERS": {
                "SEG6_LOCAL_CNT_PACKETS": 0,
                "SEG6_LOCAL_CNT_BYTES": 0,
                "SEG6_LOCAL_CNT_ERRORS": 0,
            },
            "SEG6_LOCAL_FLAVORS": {
                "SEG6_LOCAL_FLV_OPERATION": ["SEG6_LOCAL_FLV_OP_NEXT_CSID"],
                "SEG6_LOCAL_FLV_LCBLOCK_BITS": 48,
                "SEG6_LOCAL_FLV_LCNODE_FN_BITS": 16,
            },
        },
    ),
    "encap seg6local action End.B6.Encaps srh segs fc00::5,fc00::6": (
        "7800000018000506c6cb046b000000000a800000fe0300010000000014000100fc00000000000000000000000000010238001680"
        "080001000a0000002c0002000004040101000000fc000000000000000000000000000006fc000000000000000000000000000005"
        "0600150007001e000800040003000000",
        {
            "SEG6_LOCAL_ACTION": "SEG6_LOCAL_ACTION_END_B6_ENCAP",
            "SEG6_LOCAL_SRH": {
                "nexthdr": "IPPROTO_IP",
                "hdrlen": 4,
                "type": 4,
                "segments_left": 1,
                "first_segment": 1,
                "flags": [],
                "tag": 0,
                "segments": ["fc00::6", "fc00::5"],
            },
        },
    ),
}


@pytest.mark.parametrize("command", REQUESTS)
def test_request(command: str) -> None:
    """ip route add ... and these words"""
    text, expected = REQUESTS[command]
    assert expected == value(from_hex(text), "RTA_ENCAP")


def test_bpf() -> None:
    """LWTUNNEL_ENCAP_BPF: a program given by descriptor 7 and the name "classify", headroom 16 (linux/lwtunnel.h)."""
    program = attribute(1, (7).to_bytes(4, "little")) + attribute(2, b"classify\0")
    encap = attribute(1, program) + attribute(4, (16).to_bytes(4, "little"))
    route = from_body(24, bytes([2]) + bytes(11) + attribute(22, encap) + attribute(21, b"\x06\0"))

    assert {
        "LWT_BPF_IN": {"LWT_BPF_PROG_FD": 7, "LWT_BPF_PROG_NAME": "classify"},
        "LWT_BPF_XMIT_HEADROOM": 16,
    } == value(route, "RTA_ENCAP")
