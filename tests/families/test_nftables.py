"""nftables on real bytes: what nft sent, and what it printed of the kernel's answers."""

from __future__ import annotations

import struct
from functools import cache
from typing import Any

from scapy.layers.l2 import Ether

from nldissect.families.netfilter.nftables import NFTA_CHAIN, NFTA_HOOK, nft_chain
from nldissect.families.netfilter.nftables_data import NFTA_DATA, NFTA_EXPR, NFTA_LIST, NFTA_VERDICT
from nldissect.families.netfilter.nftables_match import NFTA_CMP, NFTA_IMMEDIATE
from nldissect.families.netfilter.nftables_rule import NFTA_RULE, nft_rule
from nldissect.families.netfilter.nftables_state import NFTA_COUNTER
from nldissect.render.summaries.summary import summary_of
from nldissect.wire import NETLINK_NETFILTER, DecodedMessage, Inside, nlmon, nlmsghdr, walk
from nldissect.wire.packets.summary import packet_summary
from nldissect.wire.summary_template import fill
from tests.helpers.captures import frames, messages, plain, replies, requests, undecoded, value

BRIDGE, TRACE = "nft_bridge.pcap", "nft_trace.pcap"


def attributes(message: DecodedMessage) -> dict[str, Any]:
    """The attributes behind the header."""
    found: dict[str, Any] = plain(message.layers[-1])["attrs"]
    return found


def line(message: DecodedMessage) -> str:
    """The summary."""

    def find(name: str) -> Any:
        node = message.find(name)
        return None if node is None else (node.kind, node.value)

    assert message.message is not None
    return fill(message.message.template, find, message.context)


@cache
def batch() -> list[DecodedMessage]:
    """The messages of the datagram that `nft -f` sent."""
    everything = messages(BRIDGE)
    begin = next(one for one in everything if one.type_name == "NFNL_MSG_BATCH_BEGIN")
    return [one for one in everything if one.data is begin.data]


def rule(chain: str, position: int) -> DecodedMessage:
    """The rules that `nft -f` adds to a chain, in the order of the file."""
    rules = [one for one in batch() if one.type_name == "NFT_MSG_NEWRULE"]
    return [one for one in rules if value(one, "NFTA_RULE_CHAIN") == chain][position]


def expressions(message: DecodedMessage) -> list[tuple[str, Any]]:
    """(name, attributes) of a rule's expressions, prefixes left away."""
    rows = attributes(message)["NFTA_RULE_EXPRESSIONS"]["NFTA_LIST_ELEM"]
    return [(row["NFTA_EXPR_NAME"], row.get("NFTA_EXPR_DATA", {})) for row in rows]


def expression(message: DecodedMessage, name: str) -> Any:
    """The attributes of the first expression of that name."""
    return next(data for found, data in expressions(message) if found == name)


def test_nothing_is_left_undecoded() -> None:
    for name in (BRIDGE, TRACE, "nft_compat.pcap"):
        assert undecoded(name) == []


def test_batch() -> None:
    """nft -f: everything between NFNL_MSG_BATCH_BEGIN and _END in one datagram, meant for nftables."""
    types = [one.type_name for one in batch()]

    assert ("NFNL_MSG_BATCH_BEGIN", "NFNL_MSG_BATCH_END") == (types[0], types[-1])
    assert {"NFNL_SUBSYS_NFTABLES"} == {value(batch()[0], "res_id"), value(batch()[-1], "res_id")}
    assert ["NFT_MSG_NEWTABLE", "NFT_MSG_NEWCHAIN", "NFT_MSG_NEWCHAIN"] == types[1:4]
    assert 15 == types.count("NFT_MSG_NEWRULE")


def test_table_with_comment() -> None:
    """table bridge filter { comment "what the bridge lets through" }"""
    asked = requests(BRIDGE, "NFT_MSG_NEWTABLE")[0]
    told = [attributes(one) for one in replies(BRIDGE, "NFT_MSG_NEWTABLE")]

    assert "NFPROTO_BRIDGE" == value(asked, "nfgen_family")
    assert {"NFTNL_UDATA_TABLE_COMMENT": "what the bridge lets through"} == value(asked, "NFTA_TABLE_USERDATA")
    assert "table bridge filter comment what the bridge lets through" == line(asked)
    assert {"filter"} == {one["NFTA_TABLE_NAME"] for one in told}


def test_base_chain() -> None:
    """chain forward { type filter hook forward priority -200; policy drop; }: a signed number, a hook of bridges."""
    chain = attributes(requests(BRIDGE, "NFT_MSG_NEWCHAIN", NFTA_CHAIN_NAME="forward")[0])

    assert {"NFTA_HOOK_HOOKNUM": "NF_BR_FORWARD", "NFTA_HOOK_PRIORITY": -200} == chain["NFTA_CHAIN_HOOK"]
    assert ("filter", "NF_DROP") == (chain["NFTA_CHAIN_TYPE"], chain["NFTA_CHAIN_POLICY"])


def test_rule_with_lookup_counter_and_comment() -> None:
    """ether type ip ip saddr @hosts tcp dport {...} counter packets 1 bytes 60 accept comment "known hosts" """
    known = rule("forward", 0)

    assert [
        ("payload", {"NFTA_PAYLOAD_DREG": "NFT_REG_1", "NFTA_PAYLOAD_BASE": "NFT_PAYLOAD_LL_HEADER",
                     "NFTA_PAYLOAD_OFFSET": 12, "NFTA_PAYLOAD_LEN": 2}),
        ("cmp", {"NFTA_CMP_SREG": "NFT_REG_1", "NFTA_CMP_OP": "NFT_CMP_EQ",
                 "NFTA_CMP_DATA": {"NFTA_DATA_VALUE": "0800"}}),
        ("payload", {"NFTA_PAYLOAD_DREG": "NFT_REG_1", "NFTA_PAYLOAD_BASE": "NFT_PAYLOAD_NETWORK_HEADER",
                     "NFTA_PAYLOAD_OFFSET": 12, "NFTA_PAYLOAD_LEN": 4}),
        ("lookup", {"NFTA_LOOKUP_SREG": "NFT_REG_1", "NFTA_LOOKUP_SET": "hosts", "NFTA_LOOKUP_SET_ID": 1}),
        ("meta", {"NFTA_META_KEY": "NFT_META_L4PROTO", "NFTA_META_DREG": "NFT_REG_1"}),
        ("cmp", {"NFTA_CMP_SREG": "NFT_REG_1", "NFTA_CMP_OP": "NFT_CMP_EQ",
                 "NFTA_CMP_DATA": {"NFTA_DATA_VALUE": "06"}}),
    ] == expressions(known)[:6]  # fmt: skip
    assert ("counter", {"NFTA_COUNTER_BYTES": 60, "NFTA_COUNTER_PACKETS": 1}) == expressions(known)[8]
    assert {"NFTA_VERDICT_CODE": "NF_ACCEPT"} == value(known, "NFTA_DATA_VERDICT")
    assert "known hosts" == value(known, "NFTNL_UDATA_RULE_COMMENT")
    told = "payload cmp payload lookup meta cmp payload lookup counter immediate"
    more = "sets hosts __set%d packets 1 bytes 60 verdict accept comment known hosts"
    assert f"rule bridge filter forward expressions {told} {more}" == summary_of(known)
    packets = [packet for frame in frames("nft_bridge.pcap") for packet in nlmon(frame).messages if nft_rule in packet]
    assert summary_of(known) in [packet_summary(packet[nft_rule]) for packet in packets]


def test_expressions_by_name() -> None:
    """The rules of the file, one expression of each: attributes of NFTA_EXPR_DATA are those of the name beside it."""
    expected: list[tuple[int, str, dict[str, Any]]] = [
        (1, "lookup", {"NFTA_LOOKUP_SET": "verdicts", "NFTA_LOOKUP_DREG": "NFT_REG_VERDICT"}),
        (3, "ct", {"NFTA_CT_KEY": "NFT_CT_STATE"}),
        (3, "bitwise", {"NFTA_BITWISE_LEN": 4, "NFTA_BITWISE_MASK": {"NFTA_DATA_VALUE": "06000000"}}),
        (4, "dynset", {"NFTA_DYNSET_SET_NAME": "seen", "NFTA_DYNSET_OP": "NFT_DYNSET_OP_ADD"}),
        (5, "limit", {"NFTA_LIMIT_RATE": 10, "NFTA_LIMIT_UNIT": 1, "NFTA_LIMIT_BURST": 20,
                      "NFTA_LIMIT_TYPE": "NFT_LIMIT_PKTS", "NFTA_LIMIT_FLAGS": ["NFT_LIMIT_F_INV"]}),
        (5, "log", {"NFTA_LOG_PREFIX": "too fast ", "NFTA_LOG_LEVEL": "NFT_LOGLEVEL_WARNING",
                    "NFTA_LOG_FLAGS": ["NF_LOG_IPOPT"]}),
        (6, "quota", {"NFTA_QUOTA_BYTES": 10 * 1024 * 1024, "NFTA_QUOTA_FLAGS": ["NFT_QUOTA_F_INV"]}),
        (9, "payload", {"NFTA_PAYLOAD_BASE": "NFT_PAYLOAD_NETWORK_HEADER"}),
        (10, "queue", {"NFTA_QUEUE_NUM": 3, "NFTA_QUEUE_TOTAL": 3,
                       "NFTA_QUEUE_FLAGS": ["NFT_QUEUE_FLAG_BYPASS", "NFT_QUEUE_FLAG_CPU_FANOUT"]}),
        (11, "log", {"NFTA_LOG_GROUP": 2, "NFTA_LOG_SNAPLEN": 64, "NFTA_LOG_QTHRESHOLD": 10}),
        (12, "numgen", {"NFTA_NG_MODULUS": 4, "NFTA_NG_TYPE": "NFT_NG_RANDOM"}),
        (13, "hash", {"NFTA_HASH_MODULUS": 8, "NFTA_HASH_SEED": 0x1234, "NFTA_HASH_TYPE": "NFT_HASH_JENKINS"}),
    ]  # fmt: skip

    for position, name, wanted in expected:
        found = expression(rule("forward", position), name)
        assert wanted == {key: found.get(key) for key in wanted}, (position, name)


def test_named_object_in_a_rule() -> None:
    """chain extra { counter name "web" accept; }"""
    found = expression(rule("extra", 0), "objref")

    assert {"NFTA_OBJREF_IMM_TYPE": "NFT_OBJECT_COUNTER", "NFTA_OBJREF_IMM_NAME": "web"} == found


def test_sets() -> None:
    """set hosts { type ipv4_addr; flags interval,timeout; } and set seen { ... size 128; timeout 5m; counter; }"""
    hosts = attributes(requests(BRIDGE, "NFT_MSG_NEWSET", NFTA_SET_NAME="hosts")[0])
    seen = attributes(requests(BRIDGE, "NFT_MSG_NEWSET", NFTA_SET_NAME="seen")[0])
    verdicts = attributes(requests(BRIDGE, "NFT_MSG_NEWSET", NFTA_SET_NAME="verdicts")[0])

    assert ["NFT_SET_INTERVAL", "NFT_SET_TIMEOUT"] == hosts["NFTA_SET_FLAGS"]
    assert ("TYPE_IPADDR", 4) == (hosts["NFTA_SET_KEY_TYPE"], hosts["NFTA_SET_KEY_LEN"])
    assert "BYTEORDER_BIG_ENDIAN" == hosts["NFTA_SET_USERDATA"]["NFTNL_UDATA_SET_KEYBYTEORDER"]
    assert {"NFTA_SET_DESC_SIZE": 128} == seen["NFTA_SET_DESC"]
    assert 5 * 60 * 1000 == seen["NFTA_SET_TIMEOUT"]
    assert "counter" == seen["NFTA_SET_EXPR"]["NFTA_EXPR_NAME"]
    assert 9 << 6 | 7 == seen["NFTA_SET_KEY_TYPE"]  # ether_addr . ipv4_addr, six bits each
    assert ("TYPE_ETHERADDR", "NFT_DATA_VERDICT") == (verdicts["NFTA_SET_KEY_TYPE"], verdicts["NFTA_SET_DATA_TYPE"])


def test_elements() -> None:
    """elements = { 10.0.0.0/8 timeout 1h, 192.0.2.1-192.0.2.9 comment "a range" }: intervals with open ends."""
    asked = requests(BRIDGE, "NFT_MSG_NEWSETELEM", NFTA_SET_ELEM_LIST_SET="hosts")[0]
    node = asked.find("NFTA_SET_ELEM_LIST_ELEMENTS")
    assert node is not None
    elements = [plain(one) for one in node.value]

    keys = [one["NFTA_SET_ELEM_KEY"]["NFTA_DATA_VALUE"] for one in elements]
    assert ["00000000", "0a000000", "0b000000", "c0000201", "c000020a"] == keys
    ends = [one.get("NFTA_SET_ELEM_FLAGS") for one in elements]
    end = ["NFT_SET_ELEM_INTERVAL_END"]
    assert [end, None, end, None, end] == ends
    assert 3600 * 1000 == elements[1]["NFTA_SET_ELEM_TIMEOUT"]
    assert {"NFTNL_UDATA_SET_ELEM_COMMENT": "a range"} == elements[3]["NFTA_SET_ELEM_USERDATA"]


def test_verdict_map_element() -> None:
    """elements = { ... 02:00:00:00:00:02 : jump extra }"""
    asked = requests(BRIDGE, "NFT_MSG_NEWSETELEM", NFTA_SET_ELEM_LIST_SET="verdicts")[0]
    node = asked.find("NFTA_SET_ELEM_LIST_ELEMENTS")
    assert node is not None

    assert {
        "NFTA_SET_ELEM_KEY": {"NFTA_DATA_VALUE": "020000000002"},
        "NFTA_SET_ELEM_DATA": {"NFTA_DATA_VERDICT": {"NFTA_VERDICT_CODE": "NFT_JUMP", "NFTA_VERDICT_CHAIN": "extra"}},
    } == plain(node.value[1])


def test_objects() -> None:
    """counter web { packets 3 bytes 400 }, quota month { over 500 mbytes used 1 mbytes }, limit slow { 400/minute }"""
    web, month, slow = (attributes(one) for one in requests(BRIDGE, "NFT_MSG_NEWOBJ")[:3])

    assert {"NFTA_COUNTER_BYTES": 400, "NFTA_COUNTER_PACKETS": 3} == web["NFTA_OBJ_DATA"]
    quota = month["NFTA_OBJ_DATA"]
    assert ("month", 500 << 20, 1 << 20) == (
        month["NFTA_OBJ_NAME"], quota["NFTA_QUOTA_BYTES"], quota["NFTA_QUOTA_CONSUMED"]
    )  # fmt: skip
    assert (400, 60) == (slow["NFTA_OBJ_DATA"]["NFTA_LIMIT_RATE"], slow["NFTA_OBJ_DATA"]["NFTA_LIMIT_UNIT"])


def test_generation() -> None:
    """nft monitor: "# new generation 2 by process 2265 (nft)" after the first batch; then 3, 4, ..."""
    told = [attributes(one) for one in messages(BRIDGE, "NFT_MSG_NEWGEN")]

    assert {1, 2, 3, 4, 5} < {one["NFTA_GEN_ID"] for one in told}
    assert [one["NFTA_GEN_ID"] for one in told] == sorted(one["NFTA_GEN_ID"] for one in told)
    assert {"nft"} == {one["NFTA_GEN_PROC_NAME"] for one in told}


def test_trace() -> None:
    """nft monitor trace: "trace id b6bf8130 bridge filter forward rule ip daddr ... (verdict jump extra)" """
    told = messages(TRACE, "NFT_MSG_TRACE")
    first, second = (attributes(one) for one in told[:2])

    assert 0xB6BF8130 == first["NFTA_TRACE_ID"] == second["NFTA_TRACE_ID"]
    assert {"NFTA_VERDICT_CODE": "NFT_CONTINUE"} == first["NFTA_TRACE_VERDICT"]
    assert {"NFTA_VERDICT_CODE": "NFT_JUMP", "NFTA_VERDICT_CHAIN": "extra"} == second["NFTA_TRACE_VERDICT"]
    assert ("ARPHRD_ETHER", "NFT_TRACETYPE_RULE") == (first["NFTA_TRACE_IIFTYPE"], first["NFTA_TRACE_TYPE"])
    assert "filter forward rule handle 5 verdict jump to extra" in line(told[1])


def test_traced_packet_opens_in_scapy() -> None:
    """... ether saddr 02:00:00:00:00:01 ether daddr 02:00:00:00:00:02"""
    header = messages(TRACE, "NFT_MSG_TRACE")[0].find("NFTA_TRACE_LL_HEADER")

    assert header is not None and isinstance(header.kind, Inside)
    packet = header.kind.opened(header.value)
    assert isinstance(packet, Ether)
    assert ("02:00:00:00:00:01", "02:00:00:00:00:02") == (packet.src, packet.dst)


def test_refused_rule_names_its_request() -> None:
    """nft add rule bridge filter a jump nosuch: the second message of the batch is refused, ENOENT."""
    refused = [one for one in messages(BRIDGE, "NLMSG_ERROR") if value(one, "error") == "ENOENT"]

    request = refused[0].find("request")
    assert request is not None
    assert "NFT_MSG_NEWRULE" == request.value.type_name
    assert "nosuch" == value(request.value, "NFTA_VERDICT_CHAIN")


def test_matches_and_targets_of_xtables() -> None:
    """ebtables-nft -A INPUT ... --limit 5/second -j mark ...: expressions "match" and "target"."""
    compat = [one for one in requests("nft_compat.pcap", "NFT_MSG_NEWRULE") if value(one, "NFTA_TARGET_NAME")]

    assert ("mark", 0) == (value(compat[0], "NFTA_TARGET_NAME"), value(compat[0], "NFTA_TARGET_REV"))
    matches = [value(one, "NFTA_MATCH_NAME") for one in requests("nft_compat.pcap", "NFT_MSG_NEWRULE")]
    assert {"ip", "arp"} <= set(matches)

    tcp = next(one for one in requests("nft_compat.pcap", "NFT_MSG_NEWRULE") if value(one, "NFTA_MATCH_NAME") == "ip")
    assert ("10.0.0.0", "255.0.0.0", "IPPROTO_TCP") == tuple(value(tcp, name) for name in ("saddr", "smsk", "protocol"))
    assert 7 == value(compat[0], "mark")


def test_build_a_rule_as_nft_does() -> None:
    """The rule `accept` of the second, refused batch, written by hand: the same bytes."""
    asked = requests(BRIDGE, "NFT_MSG_NEWRULE", NFTA_RULE_CHAIN="a")[-1]

    built = nft_rule(nfgen_family="BRIDGE", attrs=[
        NFTA_RULE.TABLE("filter"), NFTA_RULE.CHAIN("a"),
        NFTA_RULE.EXPRESSIONS([NFTA_LIST.ELEM([
            NFTA_EXPR.NAME("immediate"),
            NFTA_EXPR.DATA([
                NFTA_IMMEDIATE.DREG("NFT_REG_VERDICT"),
                NFTA_IMMEDIATE.DATA([NFTA_DATA.VERDICT([NFTA_VERDICT.CODE("NF_ACCEPT")])]),
            ]),
        ])]),
    ])  # fmt: skip

    body = asked.data[asked.start + 16 : asked.start + asked.length]
    assert body == bytes(built)


def test_build_compare_and_chain() -> None:
    """What is built reads back: network order numbers, a negative priority."""
    message = nlmsghdr(nlmsg_type="NFT_MSG_NEWRULE") / nft_rule(nfgen_family="INET", attrs=[
        NFTA_RULE.EXPRESSIONS([NFTA_LIST.ELEM([
            NFTA_EXPR.NAME("cmp"),
            NFTA_EXPR.DATA([NFTA_CMP.OP("NFT_CMP_NEQ"), NFTA_CMP.DATA([NFTA_DATA.VALUE(value=b"\x06")])]),
        ])]),
    ])  # fmt: skip
    chain = nlmsghdr(nlmsg_type="NFT_MSG_NEWCHAIN") / nft_chain(nfgen_family="NETDEV", attrs=[
        NFTA_CHAIN.HOOK([NFTA_HOOK.HOOKNUM(1), NFTA_HOOK.PRIORITY(-150)])
    ])  # fmt: skip
    frame = walk(bytes(nlmon(sll_pkttype=4, sll_hatype=824, sll_protocol=NETLINK_NETFILTER, messages=[message, chain])))

    rule, base = frame.messages
    assert "00000001" == rule.data[(node := rule.find("NFTA_CMP_OP")).start : node.end].hex()  # type: ignore[union-attr]
    assert ("NFT_CMP_NEQ", "06") == (value(rule, "NFTA_CMP_OP"), value(rule, "NFTA_DATA_VALUE"))
    assert {"NFTA_HOOK_HOOKNUM": "NF_NETDEV_EGRESS", "NFTA_HOOK_PRIORITY": -150} == value(base, "NFTA_CHAIN_HOOK")
    assert struct.pack(">i", -150) in base.data


def test_scapy_finds_rows() -> None:
    """frame[NFTA_CMP.OP] on a captured batch."""
    packet = nlmon(next(raw for raw in frames(BRIDGE) if b"known hosts" in raw))

    assert "NFT_CMP_EQ" == packet[NFTA_CMP.OP].shown
    assert 400 == packet[NFTA_COUNTER.BYTES].value  # of the named counter, which comes before the rules
