"""Exchanges of the real kernel with a known story (captures/topics says it)."""

from __future__ import annotations

import re
import struct
from collections import Counter, defaultdict

import pytest

from nldissect.families import load_all
from nldissect.families.answer_rules import NFT_OBJECTS
from nldissect.wire.packets.bindings import NUMBERS
from tests.helpers.captures import frames
from tests.helpers.cli import lines
from tests.helpers.exchanges import exchanges_of, printed_exchanges
from tests.helpers.paths import CAPTURES


def test_three_dumps_with_one_sequence_number() -> None:
    """Two of links and one of addresses at once, a single request between: four ports, each with what it asked for."""
    found = printed_exchanges(CAPTURES / "one_seq.pcap")
    assert [("RTM_GETLINK", 16, "ok"), ("RTM_GETADDR", 3238440765, "interrupted"), ("RTM_GETLINK", 4037658517, "ok"),
            ("RTM_GETLINK", 2928961801, "ok")] == [
        (one["request"], one["port"], one["result"]) for one in found[:4]
    ]  # fmt: skip
    assert [4, 123, 4, 1] == [one["answers"] for one in found[:4]]
    assert "RTM_NEWADDR" == found[1]["interrupted_by"]["request"]
    assert not any("alike" in one for one in found)
    pids: dict[int, set[int]] = defaultdict(set)
    every = exchanges_of(CAPTURES / "one_seq.pcap")
    table = every.ledger.tables()[0]
    for number in range(1, len(every) + 1):
        pids[number] = {int(table["pid"][row]) for row in every.exchange(number).answers}
    assert all(len(one) == 1 for one in pids.values())


def test_a_thousand_parallel_requests() -> None:
    """Eight processes with the same numbers: each port's answers are those to the interface its process asks about."""
    found = printed_exchanges(CAPTURES / "parallel.pcap")
    assert 1000 == len(found)
    about = {(one["port"], one["summary"].split()[0], one["result"]) for one in found}
    assert 8 == len(about) == len({port for port, *_ in about})
    assert all((result == "ok") == (summary == "#1") for _, summary, result in about)
    assert {125} == {*Counter(one["port"] for one in found).values()}
    assert {"echo"} == {one["paired_by"] for one in found}


def test_three_numbers_of_five_processes() -> None:
    """Each asks about an interface of its own, which requests and answers name: each port's answers go to that one."""
    sent: dict[tuple[int, int], int] = {}
    whose: dict[int, set[int]] = defaultdict(set)
    for number, data in enumerate(frames("few_numbers.pcap"), 1):
        at, place = 16, 1
        while at < len(data):
            length, kind, _, seq, port = struct.unpack_from("<IHHII", data, at)
            if kind in (RTM_NEWNEIGH, RTM_GETNEIGH):
                sent[number, place] = struct.unpack_from("<i", data, at + 20)[0]
                if kind == RTM_NEWNEIGH and seq and port:
                    whose[port].add(sent[number, place])
            at, place = at + (length + 3 & ~3), place + 1
    assert [1] * 5 == [len(one) for one in whose.values()]
    found = exchanges_of(CAPTURES / "few_numbers.pcap")
    ports = found.ledger.tables()[0]["pid"]
    alike = found.table()["alike"].tolist()
    exchanges = [found.exchange(number) for number in range(1, len(found) + 1)]
    asked = {number: {sent[found.place(row)] for row in one.requests} for number, one in enumerate(exchanges, 1)}
    told = {number: {int(ports[row]) for row in one.answers} for number, one in enumerate(exchanges, 1)}
    sure = [number for number in asked if told[number] and not alike[number - 1]]
    assert all({asked[number] == whose[port] for port in told[number]} == {True} for number in sure)
    assert 150 == len(exchanges) and 90 < len(sure)


NEWSET, NEWSETELEM = 0xA09, 0xA0C  # NFT_MSG_*
RTM_NEWNEIGH, RTM_GETNEIGH = 28, 30
REFUSED = {
    "RTM_NEWLINK": ("IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_BOND_AD_LACP_RATE", "option not supported in mode"),
    "RTM_NEWTFILTER": ("TCA_OPTIONS.TCA_FLOWER_KEY_CT_STATE_MASK", "no trk, so no other flag can be set"),
    "ETHTOOL_MSG_CHANNELS_SET": ("ETHTOOL_A_CHANNELS_RX_COUNT", "requested channel count exceeds maximum"),
    "ETHTOOL_MSG_LINKMODES_SET": ("ETHTOOL_A_LINKMODES_HEADER.ETHTOOL_A_HEADER_DEV_NAME", "no device matches name"),
    "NFT_MSG_DELSET": ("NFTA_SET_NAME", None),
    "NFT_MSG_DELTABLE": ("NFTA_TABLE_NAME", None),
}


@pytest.mark.parametrize("request_name", REFUSED)
def test_the_attribute_that_the_command_got_wrong(request_name: str) -> None:
    """Failing commands of ip, tc, ethtool and nft: the list names the attribute and underlines it."""
    attribute, words = REFUSED[request_name]
    found = lines("read", CAPTURES / "refusals.pcap", "-Y", "NLMSGERR_ATTR_OFFS and error")
    at = next(place for place, line in enumerate(found) if f"for {request_name}" in line)
    assert f"[at {attribute}]" in found[at]
    assert f"--> {request_name} of frame " in found[at + 1]
    last = attribute.rpartition(".")[2]
    assert attribute in found[at + 3]
    begin = found[at + 3].index(attribute) + len(attribute) - len(last)
    assert " " * (begin - 16) + "^" * len(last) == found[at + 4][16:]
    assert words is None or f"              = {words}" == found[at + 5]


def test_rules_of_a_chain_that_is_not_there() -> None:
    """nft add rule: of the table, of the chain, and of the expression that jumps to it."""
    found = lines("read", CAPTURES / "refusals.pcap", "-Y", "error and NLMSGERR_ATTR_OFFS")
    named = [line.rpartition("[at ")[2] for line in found if "for NFT_MSG_NEWRULE" in line]
    assert ["NFTA_RULE_TABLE]", "NFTA_RULE_CHAIN]", "NFTA_RULE_EXPRESSIONS.NFTA_LIST_ELEM]"] == named


def test_a_ruleset_with_one_bad_rule() -> None:
    """nft -f: the seventh message of the datagram is refused, the lists afterwards find nothing; then all is done."""
    found = printed_exchanges(CAPTURES / "batch_refused.pcap")
    bad, good = [one for one in found if one["request"] == "batch"]
    results = [(one["request"], one["result"]) for one in bad["commands"]]
    assert ("NFT_MSG_NEWRULE", "ENOENT") == results[6]
    assert {"silent"} == {result for place, (_, result) in enumerate(results) if place != 6}
    assert "immediate verdict" in bad["commands"][6]["summary"] and "nosuch" in bad["commands"][6]["summary"]
    assert ("ENOENT", "silent") == (bad["result"], good["result"])
    between = [one for one in found if bad["exchange"] < one["exchange"] < good["exchange"]]
    assert ["ENOENT"] == [one["result"] for one in between if one["request"] == "NFT_MSG_GETTABLE"][1:2]


def test_a_set_and_its_elements_have_one_number() -> None:
    """nft: both commands of a datagram; what is heard of the set is of the one that makes it."""
    found = exchanges_of(CAPTURES / "nft_bridge.pcap")
    kind = found.ledger.tables()[0]["type"]
    answers = [row for number in range(1, len(found) + 1) for row in found.exchange(number).answers]
    owners = {int(kind[found.request_of(row)]) for row in answers if kind[row] == NEWSET}
    assert NEWSET in owners and NEWSETELEM not in owners


def test_objects_of_nftables_are_those_of_its_names() -> None:
    """NFT_MSG_NEWSET, GETSET, DELSET and DESTROYSET are about one kind of object, and no other message is."""
    load_all()
    objects: dict[str, set[int]] = defaultdict(set)
    for name, (_, number) in NUMBERS.items():
        if name.startswith("NFT_MSG_"):
            about = re.sub("^NFT_MSG_(NEW|GET|DESTROY|DEL)?|_RESET$", "", name)
            objects[about].add(NFT_OBJECTS[number & 0xFF])
    assert {"TABLE", "CHAIN", "RULE", "SET", "SETELEM", "GEN", "TRACE", "OBJ", "FLOWTABLE"} == set(objects)
    assert all(len(one) == 1 for one in objects.values()) and len(objects) == len(set.union(*objects.values()))
