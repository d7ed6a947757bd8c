"""Neighbour tables, per-interface settings, namespace ids and link statistics, with what iproute2 printed of them."""

from __future__ import annotations

from nldissect.families.route.nsid import NETNSA, rtgenmsg_nsid
from nldissect.families.route.stats import IFLA_STATS_GETSET, if_stats_msg
from tests.helpers.captures import messages, replies, requests, value
from tests.helpers.route_messages import attribute, attrs, body, from_body, from_hex, line


def test_neighbour_table() -> None:
    """ip -s ntable show: "inet arp_cache thresh1 128 thresh2 512 thresh3 1024 gc_int 30000 config key_len 4 ..." """
    table = attrs(replies("neightbl.pcap", "RTM_NEWNEIGHTBL", NDTA_NAME="arp_cache")[0])

    assert (128, 512, 1024, 30000) == tuple(
        table[f"NDTA_{name}"] for name in ("THRESH1", "THRESH2", "THRESH3", "GC_INTERVAL")
    )
    assert (4, 0) == (table["NDTA_CONFIG"]["ndtc_key_len"], table["NDTA_CONFIG"]["ndtc_entries"])
    assert 11 == len(table["NDTA_STATS"])
    assert 0 == table["NDTA_STATS"]["ndts_table_fulls"]


def test_neighbour_parameters_of_a_device() -> None:
    """ "dev d0 refcnt 1 ... base_reachable 30000 retrans 1000 gc_stale 60000 delay_probe 5000 queue 101 ..." """
    device = replies("neightbl.pcap", "RTM_NEWNEIGHTBL", NDTA_NAME="arp_cache", NDTPA_IFINDEX=2)[0]

    assert {
        "NDTPA_REFCNT": 1,
        "NDTPA_QUEUE_LEN": 101,
        "NDTPA_UCAST_PROBES": 3,
        "NDTPA_MCAST_PROBES": 3,
        "NDTPA_BASE_REACHABLE_TIME": 30000,
        "NDTPA_RETRANS_TIME": 1000,
        "NDTPA_GC_STALETIME": 60000,
        "NDTPA_DELAY_PROBE_TIME": 5000,
        "NDTPA_ANYCAST_DELAY": 1000,
        "NDTPA_PROXY_DELAY": 800,
        "NDTPA_PROXY_QLEN": 64,
        "NDTPA_LOCKTIME": 1000,
    }.items() <= attrs(device)["NDTA_PARMS"].items()
    assert "inet arp_cache dev d0" == line(device)


def test_neighbour_parameters_set() -> None:
    """ip ntable change name arp_cache dev d0 base_reachable 20000 queue 50 ucast_probes 5"""
    request = requests("neightbl.pcap", "RTM_SETNEIGHTBL", NDTA_NAME="arp_cache")[0]
    assert {
        "NDTPA_IFINDEX": 2,
        "NDTPA_BASE_REACHABLE_TIME": 20000,
        "NDTPA_QUEUE_LEN": 50,
        "NDTPA_UCAST_PROBES": 5,
    } == attrs(request)["NDTA_PARMS"]


def test_netconf_dump() -> None:
    """ip netconf show: inet lo, d0, nlmon0, all, default; then inet6; then mpls, which has `input` alone"""
    dump = replies("netconf.pcap", "RTM_NEWNETCONF")
    internet = [value(one, "NETCONFA_IFINDEX") for one in dump if value(one, "ncm_family") == "AF_INET"]

    assert {"NETCONFA_IFINDEX_ALL", "NETCONFA_IFINDEX_DEFAULT", 1, 2} <= set(internet)
    assert {"NETCONFA_IFINDEX": 1, "NETCONFA_INPUT": 0} in [
        attrs(one) for one in dump if value(one, "ncm_family") == "AF_MPLS"
    ]
    assert {
        "NETCONFA_IFINDEX", "NETCONFA_FORWARDING", "NETCONFA_PROXY_NEIGH", "NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN",
    } == set(attrs(next(one for one in dump if value(one, "ncm_family") == "AF_INET6")))  # fmt: skip


def test_netconf_told() -> None:
    """ip monitor netconf: "inet d0 forwarding on", "inet6 d0 forwarding on", "inet d0 rp_filter loose" """
    assert ["inet dev d0 forwarding 1", "inet6 dev d0 forwarding 1", "inet dev d0 rp_filter 2"] == [
        line(one) for one in messages("netconf.pcap", "RTM_NEWNETCONF", "notification")
    ]


def test_namespace_id_set_and_listed() -> None:
    """ip netns set red 7; ip netns list-id: "nsid 7"; before that none was assigned"""
    (request,) = requests("nsid.pcap", "RTM_NEWNSID")
    answers = [value(one, "NETNSA_NSID") for one in replies("nsid.pcap", "RTM_NEWNSID")]

    assert 7 == value(request, "NETNSA_NSID")
    assert isinstance(value(request, "NETNSA_FD"), int)
    assert "NETNSA_NSID_NOT_ASSIGNED" == answers[0]
    assert 7 in answers
    assert {"NETNSA_TARGET_NSID": 7} in [attrs(one) for one in requests("nsid.pcap", "RTM_GETNSID")]
    assert "nsid 7" in [line(one) for one in messages("nsid.pcap", "RTM_DELNSID", "notification")]


def test_namespace_request_by_hand() -> None:
    """One byte of header, padded to 4, then attributes."""
    built = rtgenmsg_nsid(attrs=[NETNSA.FD(5), NETNSA.NSID(-1)])
    assert bytes.fromhex("00000000 0800030005000000 08000100ffffffff") == bytes(built)


def test_link_statistics() -> None:
    """ip stats show group link: "2: d0: group link ..." for each of four links"""
    counted = replies("stats.pcap", "RTM_NEWSTATS", filter_mask=["IFLA_STATS_LINK_64"])
    counters = attrs(counted[1])["IFLA_STATS_LINK_64"]

    assert [1, 2, 3, 4] == [value(one, "ifindex") for one in counted]
    assert 25 == len(counters)
    assert counters["tx_bytes"] >= 42 * counters["tx_packets"] > 0
    assert 0 == counters["rx_packets"] == counters["tx_errors"]


def test_bridge_statistics() -> None:
    """ip stats show dev br0 group xstats: "IGMP reports: RX: v1 0 v2 0 v3 1, TX: v1 0 v2 0 v3 0" """
    (bridge,) = replies("stats.pcap", "RTM_NEWSTATS", filter_mask=["IFLA_STATS_LINK_XSTATS"])
    found = attrs(bridge)["IFLA_STATS_LINK_XSTATS"]["LINK_XSTATS_TYPE_BRIDGE"]

    assert {"BRIDGE_XSTATS_VLAN", "BRIDGE_XSTATS_MCAST"} == set(found)
    assert [0, 0] == found["BRIDGE_XSTATS_MCAST"]["igmp_v1reports"]
    received, sent = found["BRIDGE_XSTATS_MCAST"]["igmp_v3reports"]
    assert (received > 0, sent) == (True, 0)
    assert [1] == [vlan["vid"] for vlan in found["BRIDGE_XSTATS_VLAN"]]
    assert {"BRIDGE_VLAN_INFO_PVID", "BRIDGE_VLAN_INFO_UNTAGGED"} <= set(found["BRIDGE_XSTATS_VLAN"][0]["flags"])


def test_port_and_offload_statistics() -> None:
    """ "STP BPDU: RX: 0 TX: 0 ...", "l3_stats off used off", "group afstats subgroup mpls ... noroute 0" """
    port = replies("stats.pcap", "RTM_NEWSTATS", filter_mask=["IFLA_STATS_LINK_XSTATS_SLAVE"])[0]
    offload = replies("stats.pcap", "RTM_NEWSTATS", filter_mask=["IFLA_STATS_LINK_OFFLOAD_XSTATS"])[0]
    mpls = replies("stats.pcap", "RTM_NEWSTATS", filter_mask=["IFLA_STATS_AF_SPEC"])[0]

    names = ("transition_blk", "transition_fwd", "rx_bpdu", "tx_bpdu", "rx_tcn", "tx_tcn")
    assert dict.fromkeys(names, 0) == value(port, "BRIDGE_XSTATS_STP")
    assert {
        "IFLA_OFFLOAD_XSTATS_HW_S_INFO": {
            "IFLA_OFFLOAD_XSTATS_L3_STATS": {
                "IFLA_OFFLOAD_XSTATS_HW_S_INFO_REQUEST": 0,
                "IFLA_OFFLOAD_XSTATS_HW_S_INFO_USED": 0,
            }
        }
    } == attrs(offload)["IFLA_STATS_LINK_OFFLOAD_XSTATS"]
    assert 0 == attrs(mpls)["IFLA_STATS_AF_SPEC"]["AF_MPLS"]["MPLS_STATS_LINK"]["rx_noroute"]


def test_statistics_request_filters() -> None:
    """ip stats show dev d0 group offload subgroup l3_stats; ip stats set dev d0 l3_stats on"""
    asked = from_body(94, bytes(4) + b"\x02\0\0\0\x08\0\0\0" + attribute(1, attribute(4, b"\x04\0\0\0")))
    changed = if_stats_msg(ifindex=2, attrs=[IFLA_STATS_GETSET.SET_OFFLOAD_XSTATS_L3_STATS(1)])

    assert ["IFLA_STATS_LINK_OFFLOAD_XSTATS"] == value(asked, "filter_mask")
    assert {"IFLA_STATS_GET_FILTERS": {"IFLA_STATS_LINK_OFFLOAD_XSTATS": ["IFLA_OFFLOAD_XSTATS_L3_STATS"]}} == attrs(
        asked
    )
    assert bytes.fromhex("0500020001000000") == bytes(changed)[-8:]


def test_bond_statistics() -> None:
    """LACP counters are numbered from 0 (linux/if_bonding.h)."""
    counters = b"".join(attribute(number, number.to_bytes(8, "little")) for number in range(9))
    bond = attribute(2, attribute(2, attribute(1, counters)))
    message = from_body(92, bytes(4) + b"\x02\0\0\0\x02\0\0\0" + bond, flags=2)

    found = attrs(message)["IFLA_STATS_LINK_XSTATS"]["LINK_XSTATS_TYPE_BOND"]["BOND_XSTATS_3AD"]
    assert list(range(9)) == list(found.values())
    assert ("BOND_3AD_STAT_LACPDU_RX", "BOND_3AD_STAT_MARKER_UNKNOWN_RX") == (
        min(found, key=found.get),
        max(found, key=found.get),
    )


def test_address_label() -> None:
    """ip addrlabel add prefix 2001:db8::/32 dev d0 label 77"""
    message = from_hex(
        "3800000048000506c5cb046b000000000a0020000300000000000000080002004d0000001400010020010db8000000000000000000000000"
    )
    assert {
        "ifal_family": "AF_INET6",
        "ifal_prefixlen": 32,
        "ifal_flags": 0,
        "ifal_index": 3,
        "ifal_seq": 0,
        "attrs": {"IFAL_LABEL": 77, "IFAL_ADDRESS": "2001:db8::"},
    } == body(message)
    assert ("RTM_NEWADDRLABEL", "inet6 prefix 2001:db8::/32 label 77") == (message.type_name, line(message))


def test_everything_is_described() -> None:
    names = ("neightbl.pcap", "netconf.pcap", "nsid.pcap", "stats.pcap")
    assert not [note for name in names for message in messages(name) for note in message.notes]
