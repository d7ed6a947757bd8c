"""Values against nft, conntrack, ss and ethtool on the same traffic (tests/helpers/peer_tools.py)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any
from xml.etree import ElementTree

from nldissect.families.common import IPPROTO
from tests.helpers.peer_tools import Asked, compare, dig, low, same, up

About = Callable[[str], Asked]


def host_number(data: str) -> int:
    """A value of nftables in the order of the host, which is little-endian where this kernel runs."""
    return int.from_bytes(bytes.fromhex(data), "little")


def test_nftables(about: About) -> None:
    """nft -j list ruleset: tables, chains, counters, sets and their elements; of rules what their expressions say."""
    asked = about("nft")
    printed: dict[str, list[dict[str, Any]]] = {}
    for one in json.loads(asked.printed)["nftables"]:
        ((what, content),) = one.items()
        printed.setdefault(what, []).append(content)
    family = {"family": ("nfgen_family", low("NFPROTO_"))}
    tables = {
        "table": ("NFT_MSG_NEWTABLE", {**family, "*": ("NFTA_TABLE_*", same)}),
        "chain": (
            "NFT_MSG_NEWCHAIN",
            {
                **family,
                "*": ("NFTA_CHAIN_*", same),
                "hook": ("NFTA_CHAIN_HOOK.NFTA_HOOK_HOOKNUM", low("NF_BR_")),
                "prio": ("NFTA_CHAIN_HOOK.NFTA_HOOK_PRIORITY", same),
                "policy": ("NFTA_CHAIN_POLICY", low("NF_")),
            },
        ),
        "counter": (
            "NFT_MSG_NEWOBJ",
            {
                **family,
                "*": ("NFTA_OBJ_*", same),
                "packets": ("NFTA_OBJ_DATA.NFTA_COUNTER_PACKETS", same),
                "bytes": ("NFTA_OBJ_DATA.NFTA_COUNTER_BYTES", same),
            },
        ),
        "set": ("NFT_MSG_NEWSET", {**family, "*": ("NFTA_SET_*", same), "type": ("NFTA_SET_KEY_TYPE", low("TYPE_"))}),
        "map": (
            "NFT_MSG_NEWSET",
            {
                **family,
                "*": ("NFTA_SET_*", same),
                "type": ("NFTA_SET_KEY_TYPE", lambda value: {"TYPE_IPADDR": "ipv4_addr"}[value]),
                "map": ("NFTA_SET_DATA_TYPE", low("TYPE_")),
            },
        ),
        "rule": (
            "NFT_MSG_NEWRULE",
            {**family, "*": ("NFTA_RULE_*", same), "comment": ("NFTA_RULE_USERDATA.NFTNL_UDATA_RULE_COMMENT", same)},
        ),
    }
    only = {"elem": "compared below", **{f"expr{rest}": "compared below" for rest in ("", ".#.accept", ".#.drop")}}
    wrong = []
    for what, (type_name, table) in tables.items():
        told = asked.told(type_name)
        if type_name == "NFT_MSG_NEWSET":
            told = [one for one in told if (dig(one, "NFTA_SET_FLAGS", []) == ["NFT_SET_MAP"]) == (what == "map")]
        for theirs, ours in zip(printed[what], told, strict=True):
            plain = {key: value for key, value in theirs.items() if key != "expr"}
            wrong += [f"{what} {one}" for one in compare(plain, ours, table, only)]
    assert [] == wrong

    elements = {
        dig(one, "NFTA_SET_ELEM_LIST_SET", []): dig(one, "NFTA_SET_ELEM_LIST_ELEMENTS", [])
        for one in reversed(asked.told("NFT_MSG_NEWSETELEM"))
    }
    keys = [dig(one, "NFTA_SET_ELEM_KEY.NFTA_DATA_VALUE", []) for one in elements["ports"]]
    key, data = (dig(elements["marks"][0], f"NFTA_SET_ELEM_{part}.NFTA_DATA_VALUE", []) for part in ("KEY", "DATA"))
    assert printed["set"][0]["elem"] == sorted(int(one, 16) for one in keys)
    assert printed["map"][0]["elem"] == [[str(ip_address(bytes.fromhex(key))), host_number(data)]]


def test_expressions(about: About) -> None:
    """The statements of rules that nft prints as they are: counters, sets looked up, verdicts, what is set."""
    asked = about("nft")
    rules = [one["rule"] for one in json.loads(asked.printed)["nftables"] if "rule" in one]
    for theirs, ours in zip(rules, asked.told("NFT_MSG_NEWRULE"), strict=True):
        found = dig(ours, "NFTA_RULE_EXPRESSIONS.NFTA_LIST_ELEM", [])
        data = {one["NFTA_EXPR_NAME"]: one["NFTA_EXPR_DATA"] for one in found}
        for statement in theirs["expr"]:
            ((what, content),) = statement.items()
            if what == "counter" and isinstance(content, str):
                assert content == data["objref"]["NFTA_OBJREF_IMM_NAME"]
            elif what == "counter":
                assert content == {
                    name.lower(): data["counter"][f"NFTA_COUNTER_{name}"] for name in ("PACKETS", "BYTES")
                }
            elif what in ("accept", "drop"):
                code = dig(data["immediate"], "NFTA_IMMEDIATE_DATA.NFTA_DATA_VERDICT.NFTA_VERDICT_CODE", [])
                assert f"NF_{what.upper()}" == code
            elif what == "mangle":
                value = dig(data["immediate"], "NFTA_IMMEDIATE_DATA.NFTA_DATA_VALUE", [])
                assert content["value"] == host_number(value)
                assert content["key"]["meta"]["key"] == data["meta"]["NFTA_META_KEY"].removeprefix("NFT_META_").lower()
            elif content["right"] == "@ports":
                assert "ports" == data["lookup"]["NFTA_LOOKUP_SET"]
            elif isinstance(content["right"], dict):
                prefix = content["right"]["prefix"]
                compared = bytes.fromhex(dig(data["cmp"], "NFTA_CMP_DATA.NFTA_DATA_VALUE", []))
                assert len(compared) * 8 == prefix["len"] == data["payload"]["NFTA_PAYLOAD_LEN"] * 8
                assert prefix["addr"].startswith(".".join(map(str, compared)))
            else:
                compared = bytes.fromhex(dig(data["cmp"], "NFTA_CMP_DATA.NFTA_DATA_VALUE", []))
                assert content["right"] == compared.rstrip(b"\0").decode()


def test_connections(about: About) -> None:
    """conntrack -L -o xml"""
    asked = about("conntrack")
    table = {
        **{
            f"{way}.{there}": (f"CTA_TUPLE_{ours}.CTA_TUPLE_{path}", convert)
            for way, ours in (("original", "ORIG"), ("reply", "REPLY"))
            for there, path, convert in (
                ("src", "IP.CTA_IP_V4_SRC", same),
                ("dst", "IP.CTA_IP_V4_DST", same),
                ("protoname", "PROTO.CTA_PROTO_NUM", low("IPPROTO_")),
                ("protonum", "PROTO.CTA_PROTO_NUM", lambda name: str(IPPROTO.number(name))),
                ("sport", "PROTO.CTA_PROTO_SRC_PORT", str),
                ("dport", "PROTO.CTA_PROTO_DST_PORT", str),
            )
        },
        "independent.state": ("CTA_PROTOINFO.CTA_PROTOINFO_TCP.CTA_PROTOINFO_TCP_STATE", up("TCP_CONNTRACK_")),
        **{f"independent.{name}": (f"CTA_{name.upper()}", str) for name in ("timeout", "mark", "use", "id")},
        "independent.assured": ("CTA_STATUS", lambda status: "IPS_ASSURED" in status),
        "independent.unreplied": ("CTA_STATUS", lambda status: "IPS_SEEN_REPLY" not in status),
    }
    flows = [
        {
            meta.attrib["direction"]: {
                one.tag: one.text or True for one in meta.iter() if one.tag not in ("meta", "layer3", "layer4")
            }
            | dict(next(meta.iter("layer4"), ElementTree.Element("none")).attrib)
            for meta in flow.iter("meta")
        }
        for flow in ElementTree.fromstring(asked.printed).iter("flow")
    ]
    pairs = list(zip(flows, asked.told("IPCTNL_MSG_CT_NEW"), strict=True))

    assert [] == [wrong for theirs, ours in pairs for wrong in compare(theirs, ours, table, {})]
    assert len(pairs) == 2


STATES = {"UNCONN": "TCP_CLOSE", "LISTEN": "TCP_LISTEN", "ESTAB": "TCP_ESTABLISHED"}
MEMORY = {
    "r": "RMEM_ALLOC",
    "rb": "RCVBUF",
    "t": "WMEM_ALLOC",
    "tb": "SNDBUF",
    "f": "FWD_ALLOC",
    "w": "WMEM_QUEUED",
    "o": "OPTMEM",
    "bl": "BACKLOG",
    "d": "DROPS",
}
TCP = {
    "cwnd": "snd_cwnd",
    "unacked": "unacked",
    "mss": "snd_mss",
    "pmtu": "pmtu",
    "rcvmss": "rcv_mss",
    "advmss": "advmss",
    "segs_in": "segs_in",
    "segs_out": "segs_out",
    "bytes_acked": "bytes_acked",
    "lastsnd": "last_data_sent",
    "lastrcv": "last_data_recv",
    "lastack": "last_ack_recv",
    "delivered": "delivered",
    "rcv_space": "rcv_space",
    "rcv_ssthresh": "rcv_ssthresh",
    "snd_wnd": "snd_wnd",
    "rcv_wnd": "rcv_wnd",
}


TIMES = ("rto", "rtt", "minrtt")


def ss_line(text: str) -> dict[str, Any]:
    """One line of ss as keys and values."""
    _, state, received, sent_, local, peer, *rest = text.split()
    words = dict(word.split(":", 1) for word in rest if re.fullmatch(r"\w+:[^()]+", word))
    memory = re.search(r"skmem:\((.*?)\)", text)
    assert memory is not None
    found: dict[str, Any] = {"state": state, "recv": received, "send": sent_, "local": local, "peer": peer}
    found |= {key: words[key] for key in (*TIMES, "ino", "sk", "v6only", "wscale", *TCP) if key in words}
    found |= {f"memory.{key}": value for key, value in re.findall(r"([a-z]+)(\d+)", memory[1])}
    return found | ({"congestion": "cubic"} if " cubic " in text else {})


def endpoint(address: str, port: int) -> str:
    shown = "*" if port == 0 else str(port)
    return f"[{address}]:{shown}" if ":" in address else f"{address}:{shown}"


def test_sockets(about: About) -> None:
    """ss -n -e -i -m -t -u -a; times of the kernel are in microseconds, ss prints milliseconds."""
    asked = about("ss")
    info = "INET_DIAG_INFO.tcpi_"
    table = {
        "state": ("idiag_state", lambda state: next(word for word, name in STATES.items() if name == state)),
        "recv": ("idiag_rqueue", str),
        "send": ("idiag_wqueue", str),
        "local": ("id.idiag_src id.idiag_sport", endpoint),
        "peer": ("id.idiag_dst id.idiag_dport", endpoint),
        "ino": ("idiag_inode", str),
        "sk": ("id.idiag_cookie", lambda cookie: f"{cookie[0] | cookie[1] << 32:x}"),
        "v6only": ("INET_DIAG_SKV6ONLY", str),
        "congestion": ("INET_DIAG_CONG", same),
        **{f"memory.{key}": (f"INET_DIAG_SKMEMINFO.SK_MEMINFO_{name}", str) for key, name in MEMORY.items()},
        **{key: (f"{info}{name}", str) for key, name in TCP.items()},
        "rto": (f"{info}rto", lambda value: f"{value / 1000:g}"),
        "rtt": (f"{info}rtt {info}rttvar", lambda *both: "/".join(f"{one / 1000:g}" for one in both)),
        "minrtt": (f"{info}min_rtt", lambda value: f"{value / 1000:g}"),
        "wscale": (f"{info}wscale.tcpi_snd_wscale {info}wscale.tcpi_rcv_wscale", lambda *two: ",".join(map(str, two))),
    }
    pairs = list(zip(map(ss_line, asked.printed.splitlines()), asked.told("SOCK_DIAG_BY_FAMILY"), strict=True))

    assert [] == [wrong for theirs, ours in pairs for wrong in compare(theirs, ours, table, {})]
    assert {"UNCONN", "LISTEN", "ESTAB"} == {theirs["state"] for theirs, _ in pairs}


def test_features(about: About) -> None:
    """ethtool --json -k left: names come from a string set, states from compact bit sets."""
    asked = about("ethtool")
    answers = [
        one for one in asked.objects if one["layers"].get("ethtool") is not None and one["direction"] == "to user"
    ]
    told = {one["layers"]["genlmsghdr"]["cmd"]: one["layers"]["ethtool"]["attrs"] for one in answers}
    sets = "ETHTOOL_A_STRSET_STRINGSETS.ETHTOOL_A_STRINGSETS_STRINGSET.#.ETHTOOL_A_STRINGSET_STRINGS"
    strings = dig(told["ETHTOOL_MSG_STRSET_GET_REPLY"], f"{sets}.ETHTOOL_A_STRINGS_STRING", ["0"])
    names = {one["ETHTOOL_A_STRING_VALUE"]: one["ETHTOOL_A_STRING_INDEX"] for one in strings}
    reply = told["ETHTOOL_MSG_FEATURES_GET_REPLY"]

    def holds(which: str, bit: int) -> bool:
        words = reply[f"ETHTOOL_A_FEATURES_{which}"]["ETHTOOL_A_BITSET_VALUE"]
        return bool(words[bit // 32] >> bit % 32 & 1)

    (printed,) = json.loads(asked.printed)
    compared = {
        name: {"active": holds("ACTIVE", bit), "requested": holds("WANTED", bit)}
        for name, bit in names.items()
        if isinstance(printed.get(name), dict)
    }
    # What -k calls "fixed" is what the hardware can't change; other names sum up several features.
    assert compared == {name: {key: printed[name][key] for key in ("active", "requested")} for name in compared}
    assert {name: printed[name]["fixed"] for name in compared} == {
        name: not holds("HW", names[name]) or holds("NOCHANGE", names[name]) for name in compared
    }
    assert len(compared) > 30
