"""Neighbours and bridge forwarding entries on real bytes, with what ip neigh and bridge fdb printed of them."""

from __future__ import annotations

from nldissect.families.route.neigh import NDA, NFEA, ndmsg
from tests.helpers.captures import messages, replies, requests, value
from tests.helpers.route_messages import attribute, attrs, body, from_body, line, packets

DUMP = 0x301


def test_permanent_neighbour() -> None:
    """ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev d0 nud permanent"""
    request = requests("neigh.pcap", "RTM_NEWNEIGH")[0]

    assert {
        "ndm_family": "AF_INET",
        "ndm_ifindex": 2,
        "ndm_state": ["NUD_PERMANENT"],
        "ndm_flags": [],
        "ndm_type": "RTN_UNSPEC",
        "attrs": {"NDA_DST": "192.0.2.2", "NDA_LLADDR": "02:00:00:00:00:02"},
    } == body(request)
    assert "192.0.2.2 lladdr 02:00:00:00:00:02 dev d0 PERMANENT" == line(request)


def test_permanent_neighbour_by_hand() -> None:
    """The same request built from names gives the same bytes."""
    sent = packets("neigh.pcap", ndmsg)[0]
    built = ndmsg(
        ndm_family="AF_INET",
        ndm_ifindex=2,
        ndm_state="NUD_PERMANENT",
        attrs=[NDA.DST("192.0.2.2"), NDA.LLADDR("02:00:00:00:00:02")],
    )
    assert bytes(sent) == bytes(built)


def test_flags_and_origin() -> None:
    """... nud stale protocol static; ... router nud reachable; ... managed extern_learn; add proxy ..."""
    asked = {value(one, "NDA_DST"): one for one in requests("neigh.pcap", "RTM_NEWNEIGH")}

    assert "RTPROT_STATIC" == value(asked["192.0.2.3"], "NDA_PROTOCOL")
    assert (["NUD_REACHABLE"], ["NTF_ROUTER"]) == tuple(
        value(asked["2001:db8::2"], name) for name in ("ndm_state", "ndm_flags")
    )
    assert (["NTF_EXT_LEARNED"], ["NTF_EXT_MANAGED"]) == tuple(
        value(asked["192.0.2.4"], name) for name in ("ndm_flags", "NDA_FLAGS_EXT")
    )
    assert ["NTF_PROXY"] == value(asked["192.0.2.9"], "ndm_flags")
    assert value(asked["192.0.2.9"], "NDA_LLADDR") is None


def test_dump() -> None:
    """ip neigh show: "192.0.2.3 dev d0 lladdr 02:00:00:00:00:03 STALE proto static" """
    (stale, *_) = [one for one in replies("neigh.pcap", "RTM_NEWNEIGH", NDA_DST="192.0.2.3") if one.flags & 2]

    assert line(stale).startswith("192.0.2.3 lladdr 02:00:00:00:00:03 dev d0 STALE")
    assert "RTN_UNICAST" == value(stale, "ndm_type")
    cache = attrs(stale)["NDA_CACHEINFO"]
    assert ["ndm_confirmed", "ndm_used", "ndm_updated", "ndm_refcnt"] == list(cache)
    assert cache["ndm_confirmed"] >= 6000  # ip -s: "used 0/60/0", in clock ticks of 10 ms


def test_deleted() -> None:
    """ip monitor neigh: "Deleted 192.0.2.2 dev d0 FAILED" """
    (deleted, *_) = messages("neigh.pcap", "RTM_DELNEIGH", "notification", NDA_DST="192.0.2.2")
    assert "192.0.2.2 dev d0 FAILED" == line(deleted)


def test_forwarding_entry() -> None:
    """fdb add 02:00:00:00:00:99 dev p1 master static vlan 1"""
    request = requests("fdb.pcap", "RTM_NEWNEIGH")[0]

    assert ("AF_BRIDGE", ["NUD_REACHABLE", "NUD_NOARP"], ["NTF_MASTER"]) == tuple(
        value(request, name) for name in ("ndm_family", "ndm_state", "ndm_flags")
    )
    assert {"NDA_LLADDR": "02:00:00:00:00:99", "NDA_VLAN": 1} == attrs(request)


def test_vxlan_entry() -> None:
    """fdb append 00:00:00:00:00:00 dev vx0 dst 192.0.2.3 port 8472 vni 500 via br0: the port is in network order"""
    (request,) = requests("fdb.pcap", "RTM_NEWNEIGH", NDA_DST="192.0.2.3")

    assert {
        "NDA_LLADDR": "00:00:00:00:00:00",
        "NDA_DST": "192.0.2.3",
        "NDA_PORT": 8472,
        "NDA_VNI": 500,
        "NDA_IFINDEX": 2,
    } == attrs(request)
    assert bytes.fromhex("0600 0600 2118 0000") == bytes(NDA.PORT(8472))


def test_forwarding_dump_of_a_bridge() -> None:
    """bridge fdb show br br0 brport p1: a request of ndmsg and one u32; five entries answer"""
    (request,) = [one for one in requests("fdb.pcap", "RTM_GETNEIGH", NDA_MASTER=2) if one.flags & 0x300 == 0x300]

    assert ("ndmsg", 12 + 8) == (request.layers[-1].name, request.length - 16)
    assert [
        ("02:00:00:00:00:99", 1, 2), ("02:00:00:00:00:01", 1, 2), ("02:00:00:00:00:01", None, 2),
        ("33:33:00:00:00:01", None, None), ("01:00:5e:00:00:01", None, None),
    ] == [
        tuple(value(one, name) for name in ("NDA_LLADDR", "NDA_VLAN", "NDA_MASTER"))
        for one in replies("fdb.pcap", "RTM_NEWNEIGH", ndm_ifindex=3)
        if one.seq == request.seq
    ]  # fmt: skip


def test_one_forwarding_entry() -> None:
    """fdb get 02:00:00:00:00:99 br br0 vlan 1"""
    (request,) = [one for one in requests("fdb.pcap", "RTM_GETNEIGH") if one.flags & 0x300 == 0]
    assert {"NDA_LLADDR": "02:00:00:00:00:99", "NDA_VLAN": 1, "NDA_MASTER": 2} == attrs(request)


def test_old_dump_requests() -> None:
    """bridge fdb of iproute2 before 5.0 sent an ifinfomsg; ip neigh one with IFLA_EXT_MASK; ndmsg stays ndmsg"""
    bridge = from_body(30, b"\x07" + bytes(15), DUMP)
    internet = from_body(30, b"\x02" + bytes(15) + attribute(29, b"\x01\0\0\0"), DUMP)
    modern = from_body(30, b"\x07" + bytes(11) + attribute(9, b"\x02\0\0\0"), DUMP)

    assert {"ifi_family": "AF_BRIDGE", "ifi_index": 0}.items() <= body(bridge).items()
    assert {"IFLA_EXT_MASK": ["RTEXT_FILTER_VF"]} == attrs(internet)
    assert {"NDA_MASTER": 2} == attrs(modern)


def test_activity_attributes() -> None:
    """fdb add ... activity_notify inactive: NDA_FDB_EXT_ATTRS holds a u8 and a flag (linux/neighbour.h)"""
    nest = NDA.FDB_EXT_ATTRS([NFEA.ACTIVITY_NOTIFY(["FDB_NOTIFY_BIT", "FDB_NOTIFY_INACTIVE_BIT"]), NFEA.DONT_REFRESH()])
    assert bytes.fromhex("10000e80 0500010003000000 04000200") == bytes(nest)


def test_one_byte_addresses() -> None:
    """MCTP endpoints are numbers of one byte."""
    message = from_body(28, b"\x2d" + bytes(11) + attribute(1, b"\x0a") + attribute(2, b"\x12\x34"))
    assert {"NDA_DST": 10, "NDA_LLADDR": "12:34"} == attrs(message)


def test_everything_is_described() -> None:
    notes = {note.text for name in ("neigh.pcap", "fdb.pcap") for message in messages(name) for note in message.notes}
    assert notes <= {"padding is not zero"}
