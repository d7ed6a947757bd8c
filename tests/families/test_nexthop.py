"""Nexthop objects on real bytes, with what ip nexthop printed of them."""

from __future__ import annotations

from nldissect.families.route.nexthop import NHA, nexthop_grp, nhmsg
from nldissect.wire import DecodedMessage
from tests.helpers.captures import messages, replies, requests, value
from tests.helpers.route_messages import attrs, line, packets


def asked(number: int) -> DecodedMessage:
    """The first request for the nexthop of that id."""
    return requests("nexthop.pcap", "RTM_NEWNEXTHOP", NHA_ID=number)[0]


def listed(number: int) -> DecodedMessage:
    """The nexthop as ip nexthop show got it."""
    return replies("nexthop.pcap", "RTM_NEWNEXTHOP", NHA_ID=number)[0]


def test_gateway() -> None:
    """ip nexthop add id 1 via 192.0.2.2 dev d0; "id 1 via 192.0.2.2 dev d0 scope link" """
    assert {"NHA_ID": 1, "NHA_GATEWAY": "192.0.2.2", "NHA_OIF": 2} == attrs(asked(1))
    assert line(listed(1)).startswith("id 1 via 192.0.2.2 dev d0 scope link")
    assert "2001:db8::2" == value(listed(3), "NHA_GATEWAY")


def test_protocol_and_flag() -> None:
    """ip nexthop add id 2 via 192.0.2.3 dev d0 onlink protocol static"""
    assert ("RTPROT_STATIC", ["RTNH_F_ONLINK"]) == tuple(value(asked(2), name) for name in ("nh_protocol", "nh_flags"))


def test_flags_without_payload() -> None:
    """id 4 blackhole; id 6 ... fdb"""
    assert {"NHA_ID": 4, "NHA_BLACKHOLE": True} == attrs(listed(4))
    assert value(listed(6), "NHA_FDB") is True
    assert "blackhole" in line(listed(4))


def test_encapsulation() -> None:
    """ip nexthop add id 5 encap mpls 100/200 via 192.0.2.4 dev d0"""
    assert {"MPLS_IPTUNNEL_DST": "100/200"} == attrs(asked(5))["NHA_ENCAP"]
    assert "LWTUNNEL_ENCAP_MPLS" == value(listed(5), "NHA_ENCAP_TYPE")


def test_group() -> None:
    """ip nexthop add id 10 group 1,3/2,5: the kernel keeps one less than the weight"""
    first, second = attrs(asked(10))["NHA_GROUP"]

    assert {"id": 1, "weight": 3 - 1, "weight_high": 0} == first
    assert {"id": 2, "weight": 5 - 1, "weight_high": 0} == second
    assert "NEXTHOP_GRP_TYPE_MPATH" == value(listed(10), "NHA_GROUP_TYPE")
    assert "id 10 group of 2 " in line(asked(10)) + " "


def test_group_in_scapy() -> None:
    """The same group as packets, and built by hand."""
    sent = next(packet for packet in packets("nexthop.pcap", nhmsg) if NHA.GROUP in packet)
    built = NHA.GROUP([nexthop_grp(id=1, weight=2), nexthop_grp(id=2, weight=4)])

    assert [(1, 2), (2, 4)] == [(one.id, one.weight) for one in sent[NHA.GROUP].value]
    assert bytes(sent[NHA.GROUP]) == bytes(built)


def test_resilient_group() -> None:
    """... type resilient buckets 8 idle_timer 60 unbalanced_timer 300: timers in clock ticks of 10 ms"""
    assert {
        "NHA_RES_GROUP_BUCKETS": 8,
        "NHA_RES_GROUP_IDLE_TIMER": 60 * 100,
        "NHA_RES_GROUP_UNBALANCED_TIMER": 300 * 100,
        "NHA_RES_GROUP_UNBALANCED_TIME": 0,
    } == attrs(listed(11))["NHA_RES_GROUP"]
    assert "NEXTHOP_GRP_TYPE_RES" == value(asked(11), "NHA_GROUP_TYPE")


def test_buckets() -> None:
    """ip nexthop bucket show id 11: 0 to 3 use nexthop 2, 4 to 7 nexthop 1"""
    buckets = [attrs(one)["NHA_RES_BUCKET"] for one in replies("nexthop.pcap", "RTM_NEWNEXTHOPBUCKET", NHA_ID=11)]

    assert [(index, 2 if index < 4 else 1) for index in range(8)] == [
        (one["NHA_RES_BUCKET_INDEX"], one["NHA_RES_BUCKET_NH_ID"]) for one in buckets[:8]
    ]
    assert all(one["NHA_RES_BUCKET_IDLE_TIME"] < 1000 for one in buckets)
    (request,) = requests("nexthop.pcap", "RTM_GETNEXTHOPBUCKET", NHA_RES_BUCKET_INDEX=3)
    assert 11 == value(request, "NHA_ID")


def test_group_statistics() -> None:
    """ip -s -d nexthop show id 10: "hw_stats off used off stats: id 1 packets 0, id 2 packets 0" """
    (request,) = requests("nexthop.pcap", "RTM_GETNEXTHOP", NHA_ID=10)
    (counted,) = [one for one in replies("nexthop.pcap", "RTM_NEWNEXTHOP", NHA_ID=10) if value(one, "NHA_GROUP_STATS")]

    assert ["NHA_OP_FLAG_DUMP_STATS"] == value(request, "NHA_OP_FLAGS")
    assert {
        "NHA_GROUP_STATS_ENTRY": [
            {"NHA_GROUP_STATS_ENTRY_ID": 1, "NHA_GROUP_STATS_ENTRY_PACKETS": 0},
            {"NHA_GROUP_STATS_ENTRY_ID": 2, "NHA_GROUP_STATS_ENTRY_PACKETS": 0},
        ]
    } == attrs(counted)["NHA_GROUP_STATS"]
    assert 0 == value(counted, "NHA_HW_STATS_ENABLE")


def test_route_over_a_group() -> None:
    """ip route add 10.0.0.0/8 nhid 10"""
    (request,) = requests("nexthop.pcap", "RTM_NEWROUTE")
    assert {"RTA_DST": "10.0.0.0", "RTA_NH_ID": 10} == attrs(request)


def test_everything_is_described() -> None:
    notes = {note.text for one in messages("nexthop.pcap") if "NEXTHOP" in one.type_name for note in one.notes}
    assert notes <= {"padding is not zero"}
