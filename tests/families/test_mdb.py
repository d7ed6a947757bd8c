"""Bridge multicast groups, VLANs and VXLAN VNIs on real bytes, with what bridge(8) printed of them."""

from __future__ import annotations

from nldissect.families.route.mdb import MDBA_SET, br_mdb_entry, br_mdb_entry_addr, br_port_msg
from tests.helpers.captures import messages, replies, requests, value
from tests.helpers.route_messages import attrs, body, from_hex, line, packets


def test_permanent_group() -> None:
    """mdb add dev br0 port p1 grp 239.1.1.1 permanent"""
    (request,) = [one for one in requests("mdb.pcap", "RTM_NEWMDB") if value(one, "u") == "239.1.1.1"][:1]
    entry = attrs(request)["MDBA_SET_ENTRY"]

    assert ("MDB_PERMANENT", 0, {"u": "239.1.1.1", "proto": "ETH_P_IP"}) == (
        entry["state"],
        entry["vid"],
        entry["addr"],
    )
    assert "dev br0 port p1 grp 239.1.1.1 vid 0 permanent" == line(request)
    told = next(one for one in messages("mdb.pcap", "RTM_NEWMDB", "notification") if value(one, "u") == "239.1.1.1")
    assert "dev br0 port p1 grp 239.1.1.1 vid 0 permanent" == line(told)


def test_permanent_group_in_scapy() -> None:
    """The union in the entry is opened by the protocol that stands behind it."""
    sent = next(one for one in packets("mdb.pcap", br_port_msg) if MDBA_SET.ENTRY in one)[MDBA_SET.ENTRY].value
    built = br_mdb_entry(
        ifindex=sent.ifindex, state="MDB_PERMANENT", addr=br_mdb_entry_addr(u=sent.addr.u, proto="ETH_P_IP")
    )

    assert "239.1.1.1" == sent.addr.u
    assert bytes(sent) == bytes(built)
    assert 28 == len(bytes(sent))


def test_source_list() -> None:
    """mdb add ... grp 239.1.1.2 temp filter_mode include source_list 192.0.2.1,192.0.2.2 proto static"""
    (request,) = [one for one in requests("mdb.pcap", "RTM_NEWMDB") if value(one, "u") == "239.1.1.2"]
    asked = attrs(request)["MDBA_SET_ENTRY_ATTRS"]

    assert ("MCAST_INCLUDE", "RTPROT_STATIC") == (asked["MDBE_ATTR_GROUP_MODE"], asked["MDBE_ATTR_RTPROT"])
    assert [{"MDBE_SRCATTR_ADDRESS": "192.0.2.1"}, {"MDBE_SRCATTR_ADDRESS": "192.0.2.2"}] == asked[
        "MDBE_ATTR_SRC_LIST"
    ]["MDBE_SRC_LIST_ENTRY"]


def test_ipv6_and_link_layer_groups() -> None:
    """grp ff0e::1 src 2001:db8::1 temp; grp 01:00:5e:7f:00:01 permanent"""
    asked = requests("mdb.pcap", "RTM_NEWMDB")
    (internet,) = [one for one in asked if value(one, "u") == "ff0e::1"]
    (ethernet,) = [one for one in asked if value(one, "mac_addr")]

    assert "2001:db8::1" == value(internet, "MDBE_ATTR_SOURCE")
    assert "01:00:5e:7f:00:01" == value(ethernet, "mac_addr")
    assert "grp 01:00:5e:7f:00:01" in line(ethernet)


def test_vxlan_group() -> None:
    """mdb add dev vx0 port vx0 grp 239.1.1.1 permanent dst 198.51.100.1 dst_port 1111 src_vni 2222 vni 3333"""
    (request,) = requests("mdb.pcap", "RTM_NEWMDB", MDBE_ATTR_VNI=3333)
    (told,) = messages("mdb.pcap", "RTM_NEWMDB", "notification", MDBA_MDB_EATTR_VNI=3333)

    assert ("198.51.100.1", 1111, 2222) == tuple(
        value(request, f"MDBE_ATTR_{name}") for name in ("DST", "DST_PORT", "SRC_VNI")
    )
    assert ("198.51.100.1", 1111) == tuple(value(told, f"MDBA_MDB_EATTR_{name}") for name in ("DST", "DST_PORT"))


def test_router_port() -> None:
    """link set dev p1 mcast_router 2"""
    (told,) = [one for one in messages("mdb.pcap", "RTM_NEWMDB", "notification") if value(one, "MDBA_ROUTER")]

    assert "dev br0 router port p1" == line(told)
    dumped = next(one for one in replies("mdb.pcap", "RTM_GETMDB") if value(one, "MDBA_ROUTER"))
    assert ["MDB_RTR_TYPE_PERM"] == [
        port["attrs"]["MDBA_ROUTER_PATTR_TYPE"] for port in value(dumped, "MDBA_ROUTER")["MDBA_ROUTER_PORT"]
    ]


def test_dump_of_every_group() -> None:
    """bridge mdb show dev br0: the answer has the number of the question, RTM_GETMDB"""
    dump = replies("mdb.pcap", "RTM_GETMDB")[0]
    groups = {
        info["addr"]["u"] if isinstance(info["addr"]["u"], str) else info["addr"]["u"]["mac_addr"]
        for entry in value(dump, "MDBA_MDB")["MDBA_MDB_ENTRY"]
        for info in entry["MDBA_MDB_ENTRY_INFO"]
    }

    assert {"239.1.1.1", "239.1.1.2", "239.1.1.3", "ff0e::1", "01:00:5e:7f:00:01"} <= groups
    (request,) = [one for one in requests("mdb.pcap", "RTM_GETMDB") if value(one, "MDBA_GET_ENTRY")]
    assert "dev br0 grp 239.1.1.2 vid 0" == line(request)


def test_everything_is_described() -> None:
    notes = {
        note.text
        for name in ("mdb.pcap", "bridge_vlan.pcap")
        for message in messages(name)
        if message.type_name.endswith(("MDB", "VLAN"))
        for note in message.notes
    }
    assert notes <= {"padding is not zero"}


def test_vlan_range() -> None:
    """vlan add dev p1 vid 20-25; bridge monitor vlan is told of the range at once"""
    told = next(one for one in messages("bridge_vlan.pcap", "RTM_NEWVLAN", "notification") if value(one, "vid") == 20)

    assert {"flags": [], "vid": 20} == value(told, "BRIDGE_VLANDB_ENTRY_INFO")
    assert (25, "BR_STATE_FORWARDING") == (
        value(told, "BRIDGE_VLANDB_ENTRY_RANGE"),
        value(told, "BRIDGE_VLANDB_ENTRY_STATE"),
    )


def test_vlan_state() -> None:
    """vlan set dev p1 vid 20 state blocking"""
    (request,) = [one for one in requests("bridge_vlan.pcap", "RTM_NEWVLAN") if value(one, "BRIDGE_VLANDB_ENTRY")]

    assert "BR_STATE_BLOCKING" == value(request, "BRIDGE_VLANDB_ENTRY_STATE")
    assert {"flags": ["BRIDGE_VLAN_INFO_ONLY_OPTS"], "vid": 20} == value(request, "BRIDGE_VLANDB_ENTRY_INFO")


def test_vlan_dump() -> None:
    """bridge -d vlan show dev p1: 1, 10 PVID untagged, 20 blocking, 21-25"""
    port = next(
        one for one in replies("bridge_vlan.pcap", "RTM_NEWVLAN") if len(attrs(one)["BRIDGE_VLANDB_ENTRY"]) == 4
    )

    assert [
        (1, None, "BR_STATE_FORWARDING"), (10, None, "BR_STATE_FORWARDING"),
        (20, None, "BR_STATE_BLOCKING"), (21, 25, "BR_STATE_FORWARDING"),
    ] == [
        (
            one["BRIDGE_VLANDB_ENTRY_INFO"]["vid"],
            one.get("BRIDGE_VLANDB_ENTRY_RANGE"),
            one["BRIDGE_VLANDB_ENTRY_STATE"],
        )
        for one in attrs(port)["BRIDGE_VLANDB_ENTRY"]
    ]  # fmt: skip


def test_global_vlan_options() -> None:
    """vlan global set dev br0 vid 10 mcast_snooping 1 mcast_igmp_version 3; vlan global show"""
    (request,) = [
        one for one in requests("bridge_vlan.pcap", "RTM_NEWVLAN") if value(one, "BRIDGE_VLANDB_GLOBAL_OPTIONS")
    ]
    (dump,) = requests("bridge_vlan.pcap", "RTM_GETVLAN", BRIDGE_VLANDB_DUMP_FLAGS=["BRIDGE_VLANDB_DUMPF_GLOBAL"])

    assert (10, 1, 3) == tuple(
        value(request, f"BRIDGE_VLANDB_GOPTS_{name}") for name in ("ID", "MCAST_SNOOPING", "MCAST_IGMP_VERSION")
    )
    answer = next(one for one in replies("bridge_vlan.pcap", "RTM_NEWVLAN") if one.seq == dump.seq)
    options = next(one for one in attrs(answer)["BRIDGE_VLANDB_GLOBAL_OPTIONS"] if one["BRIDGE_VLANDB_GOPTS_ID"] == 10)
    assert (3, 2, 100) == tuple(
        options[f"BRIDGE_VLANDB_GOPTS_MCAST_{name}"]
        for name in ("IGMP_VERSION", "LAST_MEMBER_CNT", "LAST_MEMBER_INTVL")
    )


# bridge(8) of iproute2 6.15 on Linux 6.12, vx1 a VXLAN device with vnifilter.
ADD = "3400000078000500c6cb046b0000000007000000050000001c0001800800010064000000080002006e00000008000300ef010101"
ADD6 = (
    "3800000078000500c6cb046b0000000007000000050000002000018008000100c80000001400040020010db8000000000000000000000009"
)
SHOW = "180000007a000103c6cb046b000000000701000005000000"


def test_vni_range() -> None:
    """bridge vni add dev vx1 vni 100-110 group 239.1.1.1"""
    assert {
        "family": "AF_BRIDGE",
        "flags": [],
        "ifindex": 5,
        "attrs": {
            "VXLAN_VNIFILTER_ENTRY": [
                {
                    "VXLAN_VNIFILTER_ENTRY_START": 100,
                    "VXLAN_VNIFILTER_ENTRY_END": 110,
                    "VXLAN_VNIFILTER_ENTRY_GROUP": "239.1.1.1",
                }
            ]
        },
    } == body(from_hex(ADD))
    assert "dev if5 vni 100 to 110 group 239.1.1.1" == line(from_hex(ADD))


def test_vni_with_ipv6_remote() -> None:
    """bridge vni add dev vx1 vni 200 remote 2001:db8::9"""
    assert "2001:db8::9" == value(from_hex(ADD6), "VXLAN_VNIFILTER_ENTRY_GROUP6")


def test_vni_statistics_asked_for() -> None:
    """bridge -s vni show dev vx1"""
    assert ("RTM_GETTUNNEL", ["TUNNEL_MSG_FLAG_STATS"]) == (from_hex(SHOW).type_name, value(from_hex(SHOW), "flags"))
