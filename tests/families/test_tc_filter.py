"""Filters and actions of traffic control on real bytes: what tc sent, and what it printed of the kernel's answers."""

from __future__ import annotations

from typing import Any

from nldissect.families.netfilter.xtables_match import ip6t_icmp, ipt_icmp
from nldissect.families.route.tc import TCA, tcmsg
from nldissect.families.route.tc_ematch import tcf_em_nbyte, tcf_meta_hdr, tcf_meta_val
from nldissect.families.route.tc_flower import TCA_FLOWER
from nldissect.families.route.tc_u32 import TCA_U32, tc_u32_key, tc_u32_sel
from nldissect.wire import DecodedMessage, nlmsghdr
from nldissect.wire.summary_template import fill
from tests.helpers.captures import plain, replies, requests, undecoded, value

FILTER, ACTION = "tc_filter.pcap", "tc_action.pcap"


def options(message: DecodedMessage) -> Any:
    """What stands in TCA_OPTIONS."""
    return plain(message.layers[-1])["attrs"]["TCA_OPTIONS"]


def line(message: DecodedMessage) -> str:
    """The summary."""

    def find(name: str) -> Any:
        node = message.find(name)
        return None if node is None else (node.kind, node.value)

    assert message.message is not None
    return fill(message.message.template, find, message.context)


def asked(preference: int) -> DecodedMessage:
    """The request that adds the filter of this preference."""
    return next(
        one for one in requests(FILTER, "RTM_NEWTFILTER") if value(one, "tcm_info") >> 16 == preference
    )  # fmt: skip


def actions(rows: Any) -> list[tuple[str, Any]]:
    """(kind, options) of a list of actions."""
    return [(one["TCA_ACT_KIND"], one["TCA_ACT_OPTIONS"]) for one in rows.values()]


def action(kind: str) -> Any:
    """What `tc actions add action KIND` sent."""
    request = next(one for one in requests(ACTION, "RTM_NEWACTION") if value(one, "TCA_ACT_KIND") == kind)
    return value(request, "TCA_ACT_OPTIONS")


def generic(parms: dict[str, Any]) -> tuple[int, str]:
    """Index and verdict, which every action has."""
    return parms["index"], parms["action"]


def test_nothing_is_left_undecoded() -> None:
    assert undecoded(FILTER) == undecoded(ACTION) == []


def test_lines_are_like_tc() -> None:
    """filter protocol ip pref 10 u32 ..."""
    assert "u32 dev d0 parent ingress pref 10 protocol ip" == line(asked(10))
    assert "matchall dev d0 parent ingress pref 30 protocol all chain 5" == line(asked(30))
    assert "fw 0x10 dev d0 parent egress pref 41 protocol all" == line(asked(41))


def test_u32() -> None:
    """u32 match ip src 10.0.0.0/8 match ip dport 53 0xffff match u8 0x40 0xf0 at 0 ... flowid 1:1: three keys."""
    u32 = options(asked(10))

    assert ["TC_U32_TERMINAL"] == u32["TCA_U32_SEL"]["flags"]
    assert 3 == u32["TCA_U32_SEL"]["nkeys"]
    assert [
        {"mask": 0xFF000000, "val": 0x0A000000, "off": 12, "offmask": 0},
        {"mask": 0x0000FFFF, "val": 0x00000035, "off": 20, "offmask": 0},
        {"mask": 0xF0000000, "val": 0x40000000, "off": 0, "offmask": 0},
    ] == u32["TCA_U32_SEL"]["keys"]
    assert 1 << 16 | 1 == u32["TCA_U32_CLASSID"]


def test_u32_police() -> None:
    """... police rate 1mbit burst 10k mtu 2000 conform-exceed drop/pipe"""
    police = options(asked(10))["TCA_U32_POLICE"]

    assert {"action": "TC_ACT_SHOT", "mtu": 2000}.items() <= police["TCA_POLICE_TBF"].items()
    assert 125000 == police["TCA_POLICE_TBF"]["rate"]["rate"]
    assert "TC_ACT_PIPE" == police["TCA_POLICE_RESULT"]
    assert 256 == len(police["TCA_POLICE_RATE"])


def test_u32_mark_and_indexed_actions() -> None:
    """u32 ht 800: order 5 match mark 1 0xff action ok: no keys, a mark, one action under number 1"""
    u32 = options(asked(11))

    assert (1, 0xFF) == (u32["TCA_U32_MARK"]["val"], u32["TCA_U32_MARK"]["mask"])  # tc does not set success
    assert [] == u32["TCA_U32_SEL"]["keys"]
    ((kind, gact),) = actions(u32["TCA_U32_ACT"])
    assert ("gact", "TC_ACT_OK") == (kind, gact["TCA_GACT_PARMS"]["action"])


def test_u32_counts_its_keys() -> None:
    """tc -s filter show: "(rule hit 0 success 0)" and one "(success 0)" a key"""
    shown = [one for one in replies(FILTER, "RTM_NEWTFILTER") if value(one, "TCA_U32_PCNT") is not None]

    for one in shown:
        assert len(value(one, "TCA_U32_PCNT")["kcnts"]) == value(one, "TCA_U32_SEL")["nkeys"]
    assert {"rcnt": 0, "rhit": 0, "kcnts": [0, 0, 0]} in [value(one, "TCA_U32_PCNT") for one in shown]


def test_flower() -> None:
    """flower src_mac ... dst_mac .../ff:ff:ff:00:00:00 ip_proto tcp src_ip 192.0.2.0/24 dst_port 80-90 tcp_flags ..."""
    flower = options(asked(20))

    assert {
        "TCA_FLOWER_CLASSID": 1 << 16 | 2,
        "TCA_FLOWER_FLAGS": ["TCA_CLS_FLAGS_SKIP_HW"],
        "TCA_FLOWER_KEY_ETH_SRC": "02:00:00:00:00:09",
        "TCA_FLOWER_KEY_ETH_DST": "02:00:00:00:00:0a",
        "TCA_FLOWER_KEY_ETH_DST_MASK": "ff:ff:ff:00:00:00",
        "TCA_FLOWER_KEY_ETH_TYPE": "ETH_P_IP",
        "TCA_FLOWER_KEY_IP_PROTO": "IPPROTO_TCP",
        "TCA_FLOWER_KEY_IPV4_SRC": "192.0.2.0",
        "TCA_FLOWER_KEY_IPV4_SRC_MASK": "255.255.255.0",
        "TCA_FLOWER_KEY_PORT_DST_MIN": 80,
        "TCA_FLOWER_KEY_PORT_DST_MAX": 90,
        "TCA_FLOWER_KEY_TCP_FLAGS": 0x2,
        "TCA_FLOWER_KEY_TCP_FLAGS_MASK": 0x17,
        "TCA_FLOWER_KEY_IP_TOS": 4,
        "TCA_FLOWER_KEY_IP_TTL": 64,
    }.items() <= {key: found for key, found in flower.items() if not isinstance(found, dict)}.items()
    assert "TC_ACT_SHOT" == value(asked(20), "TCA_GACT_PARMS.action")


def test_flower_vlan_and_tunnel() -> None:
    """vlan_id 100 vlan_prio 3 vlan_ethtype ipv6 · enc_key_id 100 enc_dst_port 4789 ct_state +trk+est"""
    vlan, tunnel, arp = (options(asked(preference)) for preference in (21, 22, 23))

    assert (100, 3, "ETH_P_IPV6") == tuple(vlan["TCA_FLOWER_KEY_VLAN_" + name] for name in ("ID", "PRIO", "ETH_TYPE"))
    assert ("2001:db8::", "ffff:ffff::") == (
        vlan["TCA_FLOWER_KEY_IPV6_DST"], vlan["TCA_FLOWER_KEY_IPV6_DST_MASK"]
    )  # fmt: skip
    assert (100, "192.0.2.1", "192.0.2.2", 4789) == tuple(
        tunnel["TCA_FLOWER_KEY_ENC_" + name] for name in ("KEY_ID", "IPV4_SRC", "IPV4_DST", "UDP_DST_PORT")
    )
    tracked = ["TCA_FLOWER_KEY_CT_FLAGS_ESTABLISHED", "TCA_FLOWER_KEY_CT_FLAGS_TRACKED"]
    assert tracked == tunnel["TCA_FLOWER_KEY_CT_STATE"] == tunnel["TCA_FLOWER_KEY_CT_STATE_MASK"]
    assert (1, "192.0.2.0") == (arp["TCA_FLOWER_KEY_ARP_OP"], arp["TCA_FLOWER_KEY_ARP_TIP"])


def test_types_of_icmp_have_names() -> None:
    """Numbers of linux/icmp.h and linux/icmpv6.h, at the offset where each row has them."""
    assert bytes.fromhex("05003300 08000000") == bytes(TCA_FLOWER.KEY_ICMPV4_TYPE("ICMP_ECHO"))
    assert bytes.fromhex("05003700 81000000") == bytes(TCA_FLOWER.KEY_ICMPV6_TYPE("ICMPV6_ECHO_REPLY"))
    assert bytes.fromhex("0800ff00 00000000") == bytes(ipt_icmp(type="ICMP_ECHO", code=[0, 255]))
    assert bytes.fromhex("8000ff01 00000000") == bytes(ip6t_icmp(type="ICMPV6_ECHO_REQUEST", code=[0, 255], invflags=1))


def test_goto_chain_and_random() -> None:
    """action goto chain 5 · action gact pass random determ drop 5"""
    assert 0x20000000 + 5 == value(asked(22), "TCA_GACT_PARMS.action")
    assert {"ptype": "PGACT_DETERM", "pval": 5, "paction": "TC_ACT_SHOT"} == value(asked(23), "TCA_GACT_PROB")


def test_list_of_actions() -> None:
    """matchall action skbedit priority 1:5 mark 7 ptype host pipe action mirred egress mirror dev d1 ..."""
    (skbedit, edits), (mirred, mirror), (gact, _) = actions(options(asked(30))["TCA_MATCHALL_ACT"])

    assert ("skbedit", "mirred", "gact") == (skbedit, mirred, gact)
    assert (1 << 16 | 5, 7) == (edits["TCA_SKBEDIT_PRIORITY"], edits["TCA_SKBEDIT_MARK"])
    assert "PACKET_HOST" == edits["TCA_SKBEDIT_PTYPE"]
    assert ("TCA_EGRESS_MIRROR", "TC_ACT_PIPE") == (
        mirror["TCA_MIRRED_PARMS"]["eaction"], mirror["TCA_MIRRED_PARMS"]["action"]
    )  # fmt: skip


def test_extended_matches() -> None:
    """basic match 'meta(nf_mark eq 5) and not cmp(u16 at 2 layer transport eq 80) or u32(... at 12)'"""
    tree = options(asked(40))["TCA_BASIC_EMATCHES"]
    meta, compare, u32 = tree["TCA_EMATCH_TREE_LIST"].values()

    assert 3 == tree["TCA_EMATCH_TREE_HDR"]["nmatches"]
    assert ("TCF_EM_META", ["TCF_EM_REL_AND"]) == (meta["kind"], meta["flags"])
    left = meta["data"]["attrs"]["TCA_EM_META_HDR"]["left"]
    assert (0x1000 | 12, "TCF_EM_OPND_EQ") == (left["kind"], left["op"])  # an integer, TCF_META_ID_NFMARK
    assert "05000000" == meta["data"]["attrs"]["TCA_EM_META_RVALUE"]
    assert ("TCF_EM_CMP", ["TCF_EM_REL_OR", "TCF_EM_INVERT"]) == (compare["kind"], compare["flags"])
    assert (80, 2) == (compare["data"]["val"], compare["data"]["off"])
    assert ({"align": 2, "flags": 0}, {"layer": 2, "opnd": 0}) == (
        compare["data"]["align_flags"], compare["data"]["layer_opnd"]
    )  # fmt: skip
    assert {"mask": 0xFF000000, "val": 0x0A000000, "off": 12, "offmask": 0} == u32["data"]


def test_comparisons_of_extended_matches() -> None:
    """basic match 'meta(dev shift 1 gt 1)': struct tcf_meta_hdr as tc sends it"""
    left = tcf_meta_hdr(bytes.fromhex("0510010100100000")).left
    assert (0x1005, 1, "TCF_EM_OPND_GT") == (left.kind, left.shift, tcf_meta_val.fields_desc[2].kind.json(left.op))


def test_bit_fields_of_extended_matches() -> None:
    """struct tcf_em_nbyte with off 5, len 0x123, layer 2, as gcc lays it out on x86-64."""
    nbyte = tcf_em_nbyte(bytes.fromhex("05002321"))

    assert {"len": 0x123, "layer": 2} == tcf_em_nbyte.fields_desc[1].kind.json(nbyte.len_layer)
    assert bytes.fromhex("05002321") == bytes(tcf_em_nbyte(off=5, len_layer={"len": 0x123, "layer": 2}))


def test_fw_and_flow() -> None:
    """handle 0x10/0xff fw classid 1:3 · flow hash keys src,dst,proto divisor 16 perturb 10 baseclass 1:1"""
    fw, flow = options(asked(41)), options(asked(42))

    assert (0xFF, 1 << 16 | 3) == (fw["TCA_FW_MASK"], fw["TCA_FW_CLASSID"])
    assert {
        "TCA_FLOW_KEYS": ["FLOW_KEY_SRC", "FLOW_KEY_DST", "FLOW_KEY_PROTO"],
        "TCA_FLOW_MODE": "FLOW_MODE_HASH",
        "TCA_FLOW_DIVISOR": 16,
        "TCA_FLOW_PERTURB": 10,
        "TCA_FLOW_BASECLASS": 1 << 16 | 1,
    } == flow


def test_pedit_csum_nat() -> None:
    """pedit key #0 at eth+0: val 02000000 mask 00000000 ... csum ip4h tcp · nat egress 10.0.0.0/8 192.0.2.1"""
    (_, pedit), (_, csum), (_, nat) = actions(options(asked(43))["TCA_MATCHALL_ACT"])
    keys = pedit["TCA_PEDIT_PARMS_EX"]["keys"]

    assert [(0x02000000, 0), (0x000F0000, 0x0000FFFF), (0xFF000000, 0x00FFFFFF), (0x00001F90, 0xFFFF0000)] == [
        (key["val"], key["mask"]) for key in keys
    ]
    kinds = pedit["TCA_PEDIT_KEYS_EX"]["TCA_PEDIT_KEY_EX"]
    head = "TCA_PEDIT_KEY_EX_"
    assert [("ETH", "SET"), ("ETH", "SET"), ("IP4", "ADD"), ("TCP", "SET")] == [
        (kind[head + "HTYPE"].removeprefix(head + "HDR_TYPE_"), kind[head + "CMD"].removeprefix(head + "CMD_"))
        for kind in kinds
    ]
    assert ["TCA_CSUM_UPDATE_FLAG_IPV4HDR", "TCA_CSUM_UPDATE_FLAG_TCP"] == csum["TCA_CSUM_PARMS"]["update_flags"]
    assert ("10.0.0.0", "192.0.2.1", "255.0.0.0", ["TCA_NAT_FLAG_EGRESS"]) == tuple(
        nat["TCA_NAT_PARMS"][name] for name in ("old_addr", "new_addr", "mask", "flags")
    )


def test_actions_by_themselves() -> None:
    """tc actions add action ... index N: what each kind's options say"""
    assert (5, "TC_ACT_SHOT") == generic(action("police")["TCA_POLICE_TBF"])
    assert 250000 == action("police")["TCA_POLICE_TBF"]["peakrate"]["rate"]
    assert "TCA_EGRESS_REDIR" == action("mirred")["TCA_MIRRED_PARMS"]["eaction"]
    vlan = action("vlan")
    assert (100, "ETH_P_8021AD", 3, "TCA_VLAN_ACT_PUSH") == (
        vlan["TCA_VLAN_PUSH_VLAN_ID"], vlan["TCA_VLAN_PUSH_VLAN_PROTOCOL"], vlan["TCA_VLAN_PUSH_VLAN_PRIORITY"],
        vlan["TCA_VLAN_PARMS"]["v_action"],
    )  # fmt: skip
    mpls = action("mpls")
    assert ("ETH_P_MPLS_UC", 123, 3, 64, 1) == tuple(
        mpls["TCA_MPLS_" + name] for name in ("PROTO", "LABEL", "TC", "TTL", "BOS")
    )
    skbmod = action("skbmod")
    assert ("02:00:00:00:00:09", "ETH_P_ARP") == (skbmod["TCA_SKBMOD_DMAC"], skbmod["TCA_SKBMOD_ETYPE"])
    assert 3 == action("connmark")["TCA_CONNMARK_PARMS"]["zone"]
    assert (0xFC000000, 0x01000000) == tuple(
        action("ctinfo")["TCA_CTINFO_PARMS_DSCP_" + name] for name in ("MASK", "STATEMASK")
    )
    sample = action("sample")
    assert (100, 5, 128) == tuple(sample["TCA_SAMPLE_" + name] for name in ("RATE", "PSAMPLE_GROUP", "TRUNC_SIZE"))
    assert (0xFED2, [0x12], []) == (
        action("ife")["TCA_IFE_TYPE"],
        action("ife")["TCA_IFE_METALST"]["IFE_META_SKBMARK"],
        action("ife")["TCA_IFE_METALST"]["IFE_META_PRIO"],
    )


def test_text_in_a_buffer() -> None:
    """tc sends all 32 bytes of a buffer whatever stands behind the text; the kernel answers with the text alone."""
    shown = next(one for one in replies(ACTION, "RTM_GETACTION") if value(one, "TCA_ACT_KIND") == "simple")

    assert action("simple")["TCA_DEF_DATA"]["text"].startswith("seen here\0")
    assert 64 == len(action("simple")["TCA_DEF_DATA"]["bytes"])
    assert "seen here" == value(shown, "TCA_DEF_DATA")


def test_tunnel_key_and_ct() -> None:
    """tunnel_key set ... geneve_opts 0102:80:00880022 nocsum · ct commit mark 0x1/0xff nat src addr ..."""
    tunnel, ct = action("tunnel_key"), action("ct")

    assert ("192.0.2.1", "192.0.2.2", 100, 4789, 64, 8) == tuple(
        tunnel["TCA_TUNNEL_KEY_ENC_" + name] for name in ("IPV4_SRC", "IPV4_DST", "KEY_ID", "DST_PORT", "TTL", "TOS")
    )
    (option,) = tunnel["TCA_TUNNEL_KEY_ENC_OPTS"]["TCA_TUNNEL_KEY_ENC_OPTS_GENEVE"]
    assert ([0x0102], [0x80], ["00880022"]) == tuple(
        option["TCA_TUNNEL_KEY_ENC_OPT_GENEVE_" + name] for name in ("CLASS", "TYPE", "DATA")
    )
    assert ["TCA_CT_ACT_COMMIT", "TCA_CT_ACT_NAT", "TCA_CT_ACT_NAT_SRC"] == ct["TCA_CT_ACTION"]
    assert ("192.0.2.1", "192.0.2.9", 1024, 2048, 1, 0xFF) == tuple(
        ct["TCA_CT_" + name]
        for name in ("NAT_IPV4_MIN", "NAT_IPV4_MAX", "NAT_PORT_MIN", "NAT_PORT_MAX", "MARK", "MARK_MASK")
    )


def test_cookie_and_statistics_of_actions() -> None:
    """tc -s actions list action gact: "cookie deadbeef", "not_in_hw", "used_hw_stats disabled" """
    shown = next(one for one in replies(ACTION, "RTM_GETACTION") if value(one, "TCA_ACT_KIND") == "gact")

    assert "deadbeef" == value(shown, "TCA_ACT_COOKIE")
    assert {"value": [], "selector": ["TCA_ACT_HW_STATS_IMMEDIATE", "TCA_ACT_HW_STATS_DELAYED"]} == (
        value(shown, "TCA_ACT_USED_HW_STATS")
    )
    assert {"bytes": 0, "packets": 0} == value(shown, "TCA_ACT_STATS.TCA_STATS_BASIC")
    assert {"ptype": "PGACT_NETRAND", "pval": 10, "paction": "TC_ACT_OK"} == value(shown, "TCA_GACT_PROB")
    assert 1 == value(shown, "TCA_ROOT_COUNT")


def test_chains_and_blocks() -> None:
    """tc chain show dev d0 ingress: 0 and 5 · filter add block 7: index -1, the block's number instead of a parent"""
    chains = [value(one, "TCA_CHAIN") for one in replies(FILTER, "RTM_NEWCHAIN")]
    block = next(
        one for one in requests(FILTER, "RTM_NEWTFILTER") if value(one, "tcm_ifindex") == "TCM_IFINDEX_MAGIC_BLOCK"
    )

    assert [0, 5] == chains
    assert 7 == value(block, "tcm_parent")


def test_build_u32_as_tc_does() -> None:
    """A selector with its counted keys, built from structs: the bytes tc sent."""
    request = asked(10)
    node = request.find("TCA_U32_SEL")
    assert node is not None

    keys = [
        tc_u32_key(mask=0xFF000000, val=0x0A000000, off=12),
        tc_u32_key(mask=0xFFFF, val=53, off=20),
        tc_u32_key(mask=0xF0000000, val=0x40000000),
    ]
    built = tc_u32_sel(flags="TC_U32_TERMINAL", nkeys=3, keys=keys)
    assert request.data[node.start : node.end] == bytes(built)

    message = nlmsghdr(nlmsg_type="RTM_NEWTFILTER") / tcmsg(
        attrs=[TCA.KIND("u32"), TCA.OPTIONS([TCA_U32.CLASSID("1:1"), TCA_U32.SEL(built)])]
    )
    assert b"\x01\x00\x01\x00" in bytes(message) and bytes(built) in bytes(message)
