"""Link kinds on real bytes: the command's words in the request, iproute2's words for the kernel's answer."""

from __future__ import annotations

import pytest

from nldissect.families.route.kind_vlan import IFLA_VLAN
from nldissect.families.route.link import IFLA, IFLA_INFO, ifinfomsg
from nldissect.wire import nlmon, nlmsghdr
from tests.helpers.captures import frames, messages, rebuilt, replies, requests, undecoded, value
from tests.helpers.link_messages import answer, asked, shown


def test_vlan() -> None:
    """ip link add link d0 name v10 type vlan id 10 protocol 802.1ad reorder_hdr off gvrp on
    egress-qos-map 1:2 4:5 ingress-qos-map 3:4"""
    assert {
        "IFLA_VLAN_ID": 10,
        "IFLA_VLAN_PROTOCOL": "ETH_P_8021AD",
        "IFLA_VLAN_EGRESS_QOS": {"IFLA_VLAN_QOS_MAPPING": [{"from": 1, "to": 2}, {"from": 4, "to": 5}]},
        "IFLA_VLAN_INGRESS_QOS": {"IFLA_VLAN_QOS_MAPPING": [{"from": 3, "to": 4}]},
        "IFLA_VLAN_FLAGS": {"flags": ["VLAN_FLAG_GVRP"], "mask": ["VLAN_FLAG_REORDER_HDR", "VLAN_FLAG_GVRP"]},
    } == asked("vlan_add.pcap", "v10")

    v10 = shown("vlan_add.pcap", "v10")
    assert ("ETH_P_8021AD", 10, ["VLAN_FLAG_GVRP"]) == (
        v10["IFLA_VLAN_PROTOCOL"],
        v10["IFLA_VLAN_ID"],
        v10["IFLA_VLAN_FLAGS"]["flags"],
    )
    v20 = shown("vlan_add.pcap", "v20")
    assert ("ETH_P_8021Q", 20) == (v20["IFLA_VLAN_PROTOCOL"], v20["IFLA_VLAN_ID"])
    assert ["VLAN_FLAG_REORDER_HDR", "VLAN_FLAG_LOOSE_BINDING"] == v20["IFLA_VLAN_FLAGS"]["flags"]
    assert {"IFLA_VLAN_QOS_MAPPING": [{"from": 0, "to": 7}]} == v20["IFLA_VLAN_EGRESS_QOS"]
    assert 2 == value(answer("vlan_add.pcap", "v10"), "IFLA_LINK")


def test_vlan_in_scapy() -> None:
    """The same request as packets, and one made from names."""
    request = next(
        message for frame in frames("vlan_add.pcap") for message in nlmon(frame).messages if IFLA_VLAN.ID in message
    )
    made = nlmsghdr(nlmsg_type="RTM_NEWLINK") / ifinfomsg(
        attrs=[IFLA.LINKINFO([IFLA_INFO.KIND("vlan"), IFLA_INFO.DATA([IFLA_VLAN.ID(10)])])]
    )

    assert 10 == request[IFLA_VLAN.ID].value == made[IFLA_VLAN.ID].value
    assert 0x88A8 == request[IFLA_VLAN.PROTOCOL].value
    assert "ETH_P_8021AD" == request[IFLA_VLAN.PROTOCOL].shown
    assert bytes(made).endswith(b"\x06\0\x01\0\x0a\0\0\0")


def test_veth() -> None:
    """ip link add name left mtu 1400 address ...:01 numtxqueues 2 type veth
    peer name right mtu 1300 address ...:02 numrxqueues 3"""
    (request,) = requests("veth_add.pcap", "RTM_NEWLINK", IFLA_INFO_KIND="veth")
    peer = value(request, "VETH_INFO_PEER")

    assert (1400, "02:00:00:00:00:01", 2) == tuple(
        value(request, name) for name in ("IFLA_MTU", "IFLA_ADDRESS", "IFLA_NUM_TX_QUEUES")
    )
    assert ("AF_UNSPEC", 0) == (peer["ifi_family"], peer["ifi_index"])
    assert {
        "IFLA_MTU": 1300,
        "IFLA_ADDRESS": "02:00:00:00:00:02",
        "IFLA_NUM_RX_QUEUES": 3,
        "IFLA_IFNAME": "right",
    } == peer["attrs"]


def test_bridge() -> None:
    """ip link add name br0 type bridge vlan_filtering 1 vlan_default_pvid 5 stp_state 1 forward_delay 400
    hello_time 300 max_age 900 priority 4096 ageing_time 20000 mcast_snooping 1 mcast_querier 1 vlan_stats_enabled 1
    group_fwd_mask 8"""
    assert {
        "IFLA_BR_VLAN_FILTERING": 1,
        "IFLA_BR_VLAN_DEFAULT_PVID": 5,
        "IFLA_BR_STP_STATE": 1,
        "IFLA_BR_FORWARD_DELAY": 400,
        "IFLA_BR_HELLO_TIME": 300,
        "IFLA_BR_MAX_AGE": 900,
        "IFLA_BR_PRIORITY": 4096,
        "IFLA_BR_AGEING_TIME": 20000,
        "IFLA_BR_MCAST_SNOOPING": 1,
        "IFLA_BR_MCAST_QUERIER": 1,
        "IFLA_BR_VLAN_STATS_ENABLED": 1,
        "IFLA_BR_GROUP_FWD_MASK": 8,
    } == asked("bridge.pcap", "br0")

    bridge = shown("bridge.pcap", "br0")
    assert {"prio": 4096, "addr": "02:00:00:00:00:01"} == bridge["IFLA_BR_BRIDGE_ID"] == bridge["IFLA_BR_ROOT_ID"]
    assert ("ETH_P_8021Q", "01:80:c2:00:00:00") == (bridge["IFLA_BR_VLAN_PROTOCOL"], bridge["IFLA_BR_GROUP_ADDR"])
    assert ("MDB_RTR_TYPE_TEMP_QUERY", 16, 4096, 26000, 25500) == tuple(
        bridge[f"IFLA_BR_MCAST_{name}"]
        for name in ("ROUTER", "HASH_ELASTICITY", "HASH_MAX", "MEMBERSHIP_INTVL", "QUERIER_INTVL")
    )
    assert {"BRIDGE_QUERIER_IP_ADDRESS": "0.0.0.0", "BRIDGE_QUERIER_IPV6_ADDRESS": "::"} == bridge[
        "IFLA_BR_MCAST_QUERIER_STATE"
    ]
    assert [] == bridge["IFLA_BR_MULTI_BOOLOPT"]["optval"]
    assert ["BR_BOOLOPT_NO_LL_LEARN", "BR_BOOLOPT_MCAST_VLAN_SNOOPING", "BR_BOOLOPT_MST_ENABLE"] == bridge[
        "IFLA_BR_MULTI_BOOLOPT"
    ]["optmask"][:3]
    (changed,) = [one for one in requests("bridge.pcap", "RTM_NEWLINK") if value(one, "IFLA_BR_FDB_MAX_LEARNED")]
    assert (1000, 30000, 0) == tuple(
        value(changed, f"IFLA_BR_{name}") for name in ("FDB_MAX_LEARNED", "AGEING_TIME", "NF_CALL_IPTABLES")
    )


def test_bridge_port() -> None:
    """bridge link set dev p1 cost 50 priority 12 learning off flood off guard on hairpin on isolated on
    neigh_suppress on fastleave on; then ip -d link show dev p1 and bridge -d link show dev p1"""
    request = next(one for one in requests("bridge.pcap", "RTM_SETLINK") if value(one, "IFLA_BRPORT_COST"))
    wanted = {
        "COST": 50,
        "PRIORITY": 12,
        "LEARNING": 0,
        "UNICAST_FLOOD": 0,
        "GUARD": 1,
        "MODE": 1,
        "ISOLATED": 1,
        "NEIGH_SUPPRESS": 1,
        "FAST_LEAVE": 1,
    }
    wanted = {f"IFLA_BRPORT_{name}": number for name, number in wanted.items()}

    assert "AF_BRIDGE" == value(request, "ifi_family")
    assert wanted == value(request, "IFLA_PROTINFO")

    slave = next(
        one
        for one in reversed(replies("bridge.pcap", "RTM_NEWLINK", IFLA_IFNAME="p1"))
        if value(one, "IFLA_INFO_SLAVE_DATA")
    )
    port = value(slave, "IFLA_INFO_SLAVE_DATA")
    assert "bridge" == value(slave, "IFLA_INFO_SLAVE_KIND")
    assert wanted.items() <= port.items()
    assert (0x3001, 1, 12289, "BR_STATE_DISABLED", "MDB_RTR_TYPE_TEMP_QUERY") == tuple(
        port[f"IFLA_BRPORT_{name}"] for name in ("ID", "NO", "DESIGNATED_PORT", "STATE", "MULTICAST_ROUTER")
    )
    assert {"prio": 4096, "addr": "02:00:00:00:00:01"} == port["IFLA_BRPORT_BRIDGE_ID"]

    dumped = next(
        one
        for one in replies("bridge.pcap", "RTM_NEWLINK", IFLA_IFNAME="p1", ifi_family="AF_BRIDGE")
        if value(one, "IFLA_BRPORT_COST") == 50
    )
    assert wanted.items() <= value(dumped, "IFLA_PROTINFO").items()


def test_bridge_vlans_of_a_port() -> None:
    """bridge vlan add dev p1 vid 10 pvid untagged; ... vid 20-25; bridge vlan add dev br0 vid 10 self"""
    told = [value(one, "IFLA_AF_SPEC") for one in requests("bridge_vlan.pcap", "RTM_SETLINK")]

    assert {
        "IFLA_BRIDGE_VLAN_INFO": [{"flags": ["BRIDGE_VLAN_INFO_PVID", "BRIDGE_VLAN_INFO_UNTAGGED"], "vid": 10}]
    } in told
    assert {
        "IFLA_BRIDGE_VLAN_INFO": [
            {"flags": ["BRIDGE_VLAN_INFO_RANGE_BEGIN"], "vid": 20},
            {"flags": ["BRIDGE_VLAN_INFO_RANGE_END"], "vid": 25},
        ]
    } in told
    assert {"IFLA_BRIDGE_FLAGS": ["BRIDGE_FLAGS_SELF"], "IFLA_BRIDGE_VLAN_INFO": [{"flags": [], "vid": 10}]} in told


def test_bond() -> None:
    """ip link add bond1 type bond mode active-backup miimon 10 updelay 20 downdelay 40 fail_over_mac active
    primary_reselect better num_grat_arp 3; later primary s1, active_slave s2"""
    assert {
        "IFLA_BOND_MODE": "BOND_MODE_ACTIVEBACKUP",
        "IFLA_BOND_MIIMON": 10,
        "IFLA_BOND_UPDELAY": 20,
        "IFLA_BOND_DOWNDELAY": 40,
        "IFLA_BOND_FAIL_OVER_MAC": "BOND_FOM_ACTIVE",
        "IFLA_BOND_PRIMARY_RESELECT": "BOND_PRI_RESELECT_BETTER",
        "IFLA_BOND_NUM_PEER_NOTIF": 3,
    } == asked("bond.pcap", "bond1")

    bond = next(
        value(one, "IFLA_INFO_DATA") for one in reversed(replies("bond.pcap", "RTM_NEWLINK", IFLA_IFNAME="bond1"))
    )
    assert (3, 2, 1, 2, "AD_LACP_SLOW", "BOND_AD_STABLE", "BOND_XMIT_POLICY_LAYER2") == tuple(
        bond[f"IFLA_BOND_{name}"]
        for name in (
            "ACTIVE_SLAVE",
            "PRIMARY",
            "USE_CARRIER",
            "MISSED_MAX",
            "AD_LACP_RATE",
            "AD_SELECT",
            "XMIT_HASH_POLICY",
        )
    )


def test_bond_8023ad() -> None:
    """ip link add bond2 type bond mode 802.3ad lacp_rate fast ad_select bandwidth ad_actor_sys_prio 100
    ad_user_port_key 7 xmit_hash_policy layer3+4 min_links 1"""
    wanted = {
        "IFLA_BOND_MODE": "BOND_MODE_8023AD",
        "IFLA_BOND_AD_LACP_RATE": "AD_LACP_FAST",
        "IFLA_BOND_AD_SELECT": "BOND_AD_BANDWIDTH",
        "IFLA_BOND_AD_ACTOR_SYS_PRIO": 100,
        "IFLA_BOND_AD_USER_PORT_KEY": 7,
        "IFLA_BOND_XMIT_HASH_POLICY": "BOND_XMIT_POLICY_LAYER34",
        "IFLA_BOND_MIN_LINKS": 1,
    }

    assert wanted == asked("bond.pcap", "bond2")
    assert wanted.items() <= shown("bond.pcap", "bond2").items()
    assert "00:00:00:00:00:00" == shown("bond.pcap", "bond2")["IFLA_BOND_AD_ACTOR_SYSTEM"]


def test_bond_targets() -> None:
    """ip link add bond3 type bond mode balance-xor arp_interval 500 arp_ip_target 192.0.2.1,192.0.2.2
    ns_ip6_target 2001:db8::1 arp_validate none arp_all_targets all"""
    for bond in (asked("bond.pcap", "bond3"), shown("bond.pcap", "bond3")):
        assert ("BOND_MODE_XOR", 500) == (bond["IFLA_BOND_MODE"], bond["IFLA_BOND_ARP_INTERVAL"])
        assert ["192.0.2.1", "192.0.2.2"] == list(bond["IFLA_BOND_ARP_IP_TARGET"].values())
        assert ["2001:db8::1"] == list(bond["IFLA_BOND_NS_IP6_TARGET"].values())
        assert ("BOND_ARP_VALIDATE_NONE", "BOND_ARP_TARGETS_ALL") == (
            bond["IFLA_BOND_ARP_VALIDATE"],
            bond["IFLA_BOND_ARP_ALL_TARGETS"],
        )


def test_bond_slave() -> None:
    """ip link set s1 type bond_slave queue_id 3 prio 10, which iproute2 sends under the kind "bond_slave" """
    (request,) = requests("bond.pcap", "RTM_NEWLINK", IFLA_INFO_KIND="bond_slave")
    s1 = answer("bond.pcap", "s1")

    assert {"IFLA_BOND_SLAVE_QUEUE_ID": 3, "IFLA_BOND_SLAVE_PRIO": 10} == value(request, "IFLA_INFO_SLAVE_DATA")
    assert ("dummy", "bond") == (value(s1, "IFLA_INFO_KIND"), value(s1, "IFLA_INFO_SLAVE_KIND"))
    assert {
        "IFLA_BOND_SLAVE_STATE": "BOND_STATE_BACKUP",
        "IFLA_BOND_SLAVE_MII_STATUS": "BOND_LINK_UP",
        "IFLA_BOND_SLAVE_LINK_FAILURE_COUNT": 0,
        "IFLA_BOND_SLAVE_PERM_HWADDR": "02:00:00:00:00:01",
        "IFLA_BOND_SLAVE_QUEUE_ID": 3,
        "IFLA_BOND_SLAVE_PRIO": 10,
    } == value(s1, "IFLA_INFO_SLAVE_DATA")


@pytest.mark.parametrize(
    "name",
    ["vlan_add", "bond", "vxlan", "vrf", "macvlan", "ipvlan", "tun", "ipip_gre_sit", "bridge"],
)
def test_nothing_is_left_undecoded(name: str) -> None:
    """Every link message of a capture, and the same bytes back."""
    kinds = [text for type_name, text in undecoded(f"{name}.pcap") if type_name.endswith("LINK")]

    assert messages(f"{name}.pcap", "RTM_NEWLINK")
    assert [] == kinds
    assert list(frames(f"{name}.pcap")) == rebuilt(f"{name}.pcap")
