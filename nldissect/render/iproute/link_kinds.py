"""Kinds of links and of ports: IFLA_INFO_DATA and IFLA_INFO_SLAVE_DATA as `ip -d link` prints them (ip/iplink_*.c)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .bridge_port import PORT, bridge_id
from .converters import (
    ABSENT,
    Converter,
    Table,
    bit,
    bits,
    device,
    hexed,
    listed,
    named,
    nested,
    number,
    seconds,
    text,
    texts,
    truth,
)
from .names import ethertype_name
from .tunnels import GENEVE, GRE, GRE6, IP6TNL, IPIP, VTI, VXLAN
from .values import ObjectValues

VLAN_FLAGS = ((1, "REORDER_HDR"), (2, "GVRP"), (8, "MVRP"), (4, "LOOSE_BINDING"), (16, "BRIDGE_BINDING"))
QOS: Table = {"from": number("from"), "to": number("to")}
BOND_MODES = {
    0: "balance-rr", 1: "active-backup", 2: "balance-xor", 3: "broadcast", 4: "802.3ad", 5: "balance-tlb",
    6: "balance-alb",
}  # fmt: skip
ARP_VALIDATE = {
    0: None, 1: "active", 2: "backup", 3: "all", 4: "filter", 5: "filter_active", 6: "filter_backup",
}  # fmt: skip
HASH_POLICIES = {
    0: "layer2", 1: "layer3+4", 2: "layer2+3", 3: "encap2+3", 4: "encap3+4", 5: "vlan+srcmac",
}  # fmt: skip
PORT_STATES = (
    (0x01, "active"), (0x02, "short_timeout"), (0x04, "aggregating"), (0x08, "in_sync"), (0x10, "collecting"),
    (0x20, "distributing"), (0x40, "defaulted"), (0x80, "expired"),
)  # fmt: skip
MACVLAN_MODES = {1: "private", 2: "vepa", 4: "bridge", 8: "passthru", 16: "source"}
MACVLAN_SOURCE = 16
IPVLAN_PRIVATE, IPVLAN_VEPA = 1, 2
CIPHERS = {
    0x0080_0200_0100_0001: "GCM-AES-128", 0x0080_C200_0100_0001: "GCM-AES-128", 0x0080_C200_0100_0002: "GCM-AES-256",
    0x0080_C200_0100_0003: "GCM-AES-XPN-128", 0x0080_C200_0100_0004: "GCM-AES-XPN-256",
}  # fmt: skip


def bridge_option(place: int) -> Converter:
    """Convert a boolean option of a bridge that the kernel knows to 0 or 1."""
    return lambda values: (
        values.number("IFLA_BR_MULTI_BOOLOPT.optval") >> place & 1
        if values.number("IFLA_BR_MULTI_BOOLOPT.optmask") >> place & 1
        else ABSENT
    )


def of_source_mode(convert: Converter) -> Converter:
    """Convert by `convert` where a macvlan link is in mode source."""
    return lambda values: convert(values) if values.number("IFLA_MACVLAN_MODE") == MACVLAN_SOURCE else ABSENT


def ipvlan_bridge(values: ObjectValues) -> Any:
    """Return true where an ipvlan link is neither private nor vepa."""
    flags = values.value("IFLA_IPVLAN_FLAGS")
    return ABSENT if flags is None or flags & (IPVLAN_PRIVATE | IPVLAN_VEPA) else True


def ipvlan_vepa(values: ObjectValues) -> Any:
    """Return true where an ipvlan link is vepa; private comes first."""
    return True if values.number("IFLA_IPVLAN_FLAGS") & 3 == IPVLAN_VEPA else ABSENT


def port_or_null(path: str) -> Converter:
    """Convert a port's index to its name, null where there is none."""
    return lambda values: values.device(values.number(path)) if path in values.leaves else None


VLAN: Table = {
    "protocol": ethertype_name("IFLA_VLAN_PROTOCOL"),
    "id": number("IFLA_VLAN_ID"),
    "flags": bits("IFLA_VLAN_FLAGS.flags", VLAN_FLAGS, "{:x}"),
    "ingress_qos": listed("IFLA_VLAN_INGRESS_QOS", QOS),
    "egress_qos": listed("IFLA_VLAN_EGRESS_QOS", QOS),
}
BRIDGE: Table = {
    "forward_delay": number("IFLA_BR_FORWARD_DELAY"),
    "hello_time": number("IFLA_BR_HELLO_TIME"),
    "max_age": number("IFLA_BR_MAX_AGE"),
    "ageing_time": number("IFLA_BR_AGEING_TIME"),
    "stp_state": number("IFLA_BR_STP_STATE"),
    "priority": number("IFLA_BR_PRIORITY"),
    "vlan_filtering": number("IFLA_BR_VLAN_FILTERING"),
    "vlan_protocol": ethertype_name("IFLA_BR_VLAN_PROTOCOL"),
    "bridge_id": bridge_id("IFLA_BR_BRIDGE_ID"),
    "root_id": bridge_id("IFLA_BR_ROOT_ID"),
    "root_port": number("IFLA_BR_ROOT_PORT"),
    "root_path_cost": number("IFLA_BR_ROOT_PATH_COST"),
    "topology_change": number("IFLA_BR_TOPOLOGY_CHANGE"),
    "topology_change_detected": number("IFLA_BR_TOPOLOGY_CHANGE_DETECTED"),
    "hello_timer": seconds("IFLA_BR_HELLO_TIMER"),
    "tcn_timer": seconds("IFLA_BR_TCN_TIMER"),
    "topology_change_timer": seconds("IFLA_BR_TOPOLOGY_CHANGE_TIMER"),
    "gc_timer": seconds("IFLA_BR_GC_TIMER"),
    "fdb_n_learned": number("IFLA_BR_FDB_N_LEARNED"),
    "fdb_max_learned": number("IFLA_BR_FDB_MAX_LEARNED"),
    "vlan_default_pvid": number("IFLA_BR_VLAN_DEFAULT_PVID"),
    "vlan_stats_enabled": number("IFLA_BR_VLAN_STATS_ENABLED"),
    "vlan_stats_per_port": number("IFLA_BR_VLAN_STATS_PER_PORT"),
    "group_fwd_mask": hexed("IFLA_BR_GROUP_FWD_MASK", "{:x}"),
    "group_addr": text("IFLA_BR_GROUP_ADDR"),
    "mcast_snooping": number("IFLA_BR_MCAST_SNOOPING"),
    "no_linklocal_learn": bridge_option(0),
    "mcast_vlan_snooping": bridge_option(1),
    "mst_enabled": bridge_option(2),
    "mcast_router": number("IFLA_BR_MCAST_ROUTER"),
    "mcast_query_use_ifaddr": number("IFLA_BR_MCAST_QUERY_USE_IFADDR"),
    "mcast_querier": number("IFLA_BR_MCAST_QUERIER"),
    "mcast_hash_elasticity": number("IFLA_BR_MCAST_HASH_ELASTICITY"),
    "mcast_hash_max": number("IFLA_BR_MCAST_HASH_MAX"),
    "mcast_last_member_cnt": number("IFLA_BR_MCAST_LAST_MEMBER_CNT"),
    "mcast_startup_query_cnt": number("IFLA_BR_MCAST_STARTUP_QUERY_CNT"),
    "mcast_last_member_intvl": number("IFLA_BR_MCAST_LAST_MEMBER_INTVL"),
    "mcast_membership_intvl": number("IFLA_BR_MCAST_MEMBERSHIP_INTVL"),
    "mcast_querier_intvl": number("IFLA_BR_MCAST_QUERIER_INTVL"),
    "mcast_query_intvl": number("IFLA_BR_MCAST_QUERY_INTVL"),
    "mcast_query_response_intvl": number("IFLA_BR_MCAST_QUERY_RESPONSE_INTVL"),
    "mcast_startup_query_intvl": number("IFLA_BR_MCAST_STARTUP_QUERY_INTVL"),
    "mcast_stats_enabled": number("IFLA_BR_MCAST_STATS_ENABLED"),
    "mcast_igmp_version": number("IFLA_BR_MCAST_IGMP_VERSION"),
    "mcast_mld_version": number("IFLA_BR_MCAST_MLD_VERSION"),
    "nf_call_iptables": number("IFLA_BR_NF_CALL_IPTABLES"),
    "nf_call_ip6tables": number("IFLA_BR_NF_CALL_IP6TABLES"),
    "nf_call_arptables": number("IFLA_BR_NF_CALL_ARPTABLES"),
}
AGGREGATION: Table = {
    "aggregator": number("IFLA_BOND_AD_INFO_AGGREGATOR"),
    "num_ports": number("IFLA_BOND_AD_INFO_NUM_PORTS"),
    "actor_key": number("IFLA_BOND_AD_INFO_ACTOR_KEY"),
    "partner_key": number("IFLA_BOND_AD_INFO_PARTNER_KEY"),
    "partner_mac": text("IFLA_BOND_AD_INFO_PARTNER_MAC"),
}
BOND: Table = {
    "mode": named("IFLA_BOND_MODE", BOND_MODES),
    "active_slave": device("IFLA_BOND_ACTIVE_SLAVE"),
    "miimon": number("IFLA_BOND_MIIMON"),
    "updelay": number("IFLA_BOND_UPDELAY"),
    "downdelay": number("IFLA_BOND_DOWNDELAY"),
    "peer_notify_delay": number("IFLA_BOND_PEER_NOTIF_DELAY"),
    "use_carrier": number("IFLA_BOND_USE_CARRIER"),
    "arp_interval": number("IFLA_BOND_ARP_INTERVAL"),
    "arp_missed_max": number("IFLA_BOND_MISSED_MAX"),
    "arp_ip_target": texts("IFLA_BOND_ARP_IP_TARGET"),
    "ns_ip6_target": texts("IFLA_BOND_NS_IP6_TARGET"),
    "arp_validate": named("IFLA_BOND_ARP_VALIDATE", ARP_VALIDATE),
    "arp_all_targets": named("IFLA_BOND_ARP_ALL_TARGETS", {0: "any", 1: "all"}),
    "primary": device("IFLA_BOND_PRIMARY"),
    "primary_reselect": named("IFLA_BOND_PRIMARY_RESELECT", {0: "always", 1: "better", 2: "failure"}),
    "fail_over_mac": named("IFLA_BOND_FAIL_OVER_MAC", {0: "none", 1: "active", 2: "follow"}),
    "xmit_hash_policy": named("IFLA_BOND_XMIT_HASH_POLICY", HASH_POLICIES),
    "resend_igmp": number("IFLA_BOND_RESEND_IGMP"),
    "num_peer_notif": number("IFLA_BOND_NUM_PEER_NOTIF"),
    "all_slaves_active": number("IFLA_BOND_ALL_SLAVES_ACTIVE"),
    "min_links": number("IFLA_BOND_MIN_LINKS"),
    "lp_interval": number("IFLA_BOND_LP_INTERVAL"),
    "packets_per_slave": number("IFLA_BOND_PACKETS_PER_SLAVE"),
    "ad_lacp_active": named("IFLA_BOND_AD_LACP_ACTIVE", {0: "off", 1: "on"}),
    "ad_lacp_rate": named("IFLA_BOND_AD_LACP_RATE", {0: "slow", 1: "fast"}),
    "coupled_control": truth("IFLA_BOND_COUPLED_CONTROL"),
    "ad_select": named("IFLA_BOND_AD_SELECT", {0: "stable", 1: "bandwidth", 2: "count"}),
    "ad_info": nested("IFLA_BOND_AD_INFO", AGGREGATION),
    "ad_actor_sys_prio": number("IFLA_BOND_AD_ACTOR_SYS_PRIO"),
    "ad_user_port_key": number("IFLA_BOND_AD_USER_PORT_KEY"),
    "ad_actor_system": text("IFLA_BOND_AD_ACTOR_SYSTEM"),
    "tlb_dynamic_lb": number("IFLA_BOND_TLB_DYNAMIC_LB"),
}
BOND_PORT: Table = {
    "state": named("IFLA_BOND_SLAVE_STATE", {0: "ACTIVE", 1: "BACKUP"}),
    "mii_status": named("IFLA_BOND_SLAVE_MII_STATUS", {0: "UP", 1: "GOING_DOWN", 2: "DOWN", 3: "GOING_BACK"}),
    "link_failure_count": number("IFLA_BOND_SLAVE_LINK_FAILURE_COUNT"),
    "perm_hwaddr": text("IFLA_BOND_SLAVE_PERM_HWADDR"),
    "queue_id": number("IFLA_BOND_SLAVE_QUEUE_ID"),
    "prio": number("IFLA_BOND_SLAVE_PRIO"),
    "ad_aggregator_id": number("IFLA_BOND_SLAVE_AD_AGGREGATOR_ID"),
    "ad_actor_oper_port_state": number("IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE"),
    "ad_actor_oper_port_state_str": bits("IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE", PORT_STATES),
    "ad_partner_oper_port_state": number("IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE"),
    "ad_partner_oper_port_state_str": bits("IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE", PORT_STATES),
}
MACVLAN: Table = {
    "mode": named("IFLA_MACVLAN_MODE", MACVLAN_MODES, "unknown"),
    "nopromisc": bit("IFLA_MACVLAN_FLAGS", 1),
    "nodst": bit("IFLA_MACVLAN_FLAGS", 2),
    "bcqueuelen": number("IFLA_MACVLAN_BC_QUEUE_LEN"),
    "usedbcqueuelen": number("IFLA_MACVLAN_BC_QUEUE_LEN_USED"),
    "bclim": number("IFLA_MACVLAN_BC_CUTOFF"),
    "macaddr_count": of_source_mode(number("IFLA_MACVLAN_MACADDR_COUNT")),
    "macaddr_data": of_source_mode(texts("IFLA_MACVLAN_MACADDR_DATA")),
}
IPVLAN: Table = {
    "mode": named("IFLA_IPVLAN_MODE", {0: "l2", 1: "l3", 2: "l3s"}, "unknown"),
    "private": bit("IFLA_IPVLAN_FLAGS", IPVLAN_PRIVATE),
    "vepa": ipvlan_vepa,
    "bridge": ipvlan_bridge,
}
HSR: Table = {
    "slave1": port_or_null("IFLA_HSR_SLAVE1"),
    "slave2": port_or_null("IFLA_HSR_SLAVE2"),
    "interlink": device("IFLA_HSR_INTERLINK"),
    "seq_nr": number("IFLA_HSR_SEQ_NR"),
    "supervision_addr": text("IFLA_HSR_SUPERVISION_ADDR"),
    "proto": number("IFLA_HSR_PROTOCOL"),
}
MACSEC: Table = {
    "sci": hexed("IFLA_MACSEC_SCI", "{:016x}"),
    "protect": truth("IFLA_MACSEC_PROTECT"),
    "cipher_suite": named("IFLA_MACSEC_CIPHER_SUITE", CIPHERS, "(unknown)"),
    "icv_len": number("IFLA_MACSEC_ICV_LEN"),
    "encoding_sa": number("IFLA_MACSEC_ENCODING_SA"),
    "validation": named("IFLA_MACSEC_VALIDATION", {0: "disabled", 1: "check", 2: "strict"}, "(unknown)"),
    "offload": named("IFLA_MACSEC_OFFLOAD", {0: "off", 1: "phy", 2: "mac"}, "(unknown)"),
    "encrypt": truth("IFLA_MACSEC_ENCRYPT"),
    "inc_sci": truth("IFLA_MACSEC_INC_SCI"),
    "es": truth("IFLA_MACSEC_ES"),
    "scb": truth("IFLA_MACSEC_SCB"),
    "replay_protect": truth("IFLA_MACSEC_REPLAY_PROTECT"),
    "window": number("IFLA_MACSEC_WINDOW"),
}

KINDS: Mapping[str, Table] = {
    "vlan": VLAN, "bridge": BRIDGE, "bond": BOND, "macvlan": MACVLAN, "macvtap": MACVLAN, "ipvlan": IPVLAN,
    "ipvtap": IPVLAN, "vrf": {"table": number("IFLA_VRF_TABLE")}, "hsr": HSR, "macsec": MACSEC,
    "vxlan": VXLAN, "geneve": GENEVE, "gre": GRE, "gretap": GRE, "erspan": GRE, "ip6gre": GRE6, "ip6gretap": GRE6,
    "ip6erspan": GRE6, "ipip": IPIP, "sit": IPIP, "ip6tnl": IP6TNL, "vti": VTI, "vti6": VTI,
}  # fmt: skip
"""Tables of IFLA_INFO_DATA by kind; a kind that is not here has no info_data."""

PORT_KINDS: Mapping[str, Table] = {
    "bridge": PORT, "bond": BOND_PORT, "vrf": {"table": number("IFLA_VRF_PORT_TABLE")},
}  # fmt: skip
"""Tables of IFLA_INFO_SLAVE_DATA by kind."""
