"""Refusals of nftables requests: what the kernel looks up by name (net/netfilter/nf_tables_api.c)."""

from collections.abc import Iterator

from nldissect.uapi import NLM_F_EXCL
from nldissect.wire import (
    NETLINK,
    DecodedMessage,
    LeafValues,
    MessagePredicate,
    ObjectAbsent,
    ObjectPresent,
    ObjectReader,
    ObjectSearch,
    ReferenceFinder,
    bind_refusal,
    get_int,
    nodes_of,
)

NETFILTER = NETLINK.NETFILTER
API = "net/netfilter/nf_tables_api.c"
ABOUT = "table chain rule set flowtable"

SORTS = {
    "table":     ("TABLE",     "",                         "NFTA_TABLE_NAME"),
    "chain":     ("CHAIN",     "NFTA_CHAIN_TABLE",         "NFTA_CHAIN_NAME"),
    "rule":      ("RULE",      "NFTA_RULE_TABLE",          "NFTA_RULE_HANDLE"),
    "set":       ("SET",       "NFTA_SET_TABLE",           "NFTA_SET_NAME"),
    "flowtable": ("FLOWTABLE", "NFTA_FLOWTABLE_TABLE",     "NFTA_FLOWTABLE_NAME"),
    "element":   ("SETELEM",   "NFTA_SET_ELEM_LIST_TABLE", "NFTA_SET_ELEM_LIST_SET"),
}
"""For each type of objects the end of the names of its messages, the attribute with its table, that with its name."""


def having(thing: str, **names: str) -> ReferenceFinder:
    """Objects of the request's family that have in their attributes the values that the request has in others."""

    def found(walked: DecodedMessage, _: ObjectReader) -> Iterator[ObjectSearch]:
        nodes = {own: walked.find(name) for own, name in names.items()}
        wanted = {own: node.value for own, node in nodes.items() if node is not None}
        if len(wanted) == len(names):
            yield searched(thing, walked, wanted)

    return found


def searched(thing: str, walked: DecodedMessage, wanted: dict[str, object]) -> ObjectSearch:
    family = get_int(walked, "nfgen_family")

    def fits(values: LeafValues) -> bool:
        own = values.get("nfgen_family")
        same = all(name in values and values[name].value == value for name, value in wanted.items())
        return own is not None and own.value == family and same

    return ObjectSearch(NETFILTER, thing, fits)


def named_in(thing: str, own: str, table: str, *attributes: str) -> ReferenceFinder:
    """Objects that a rule's expressions name, in the rule's table."""

    def found(walked: DecodedMessage, _: ObjectReader) -> Iterator[ObjectSearch]:
        place = walked.find("NFTA_RULE_TABLE")
        for node in (node for node, _ in nodes_of(walked)):
            if node.name in attributes and place is not None:
                yield searched(thing, walked, {table: place.value, own: node.value})

    return found


def rules_with(table: str, name: str, *attributes: str) -> ReferenceFinder:
    """The rules of a table whose expressions name what the request is about."""

    def found(walked: DecodedMessage, _: ObjectReader) -> Iterator[ObjectSearch]:
        place, wanted, family = walked.find(table), walked.find(name), get_int(walked, "nfgen_family")

        def fits(values: LeafValues) -> bool:
            here = [values[name].value for name in ("nfgen_family", "NFTA_RULE_TABLE") if name in values]
            there = [family, None if place is None else place.value]
            return here == there and any(
                node.value == wanted.value
                for path, node in values.items()
                if wanted is not None and path.rpartition(".")[2].partition("#")[0] in attributes
            )

        yield ObjectSearch(NETFILTER, "rule", fits)

    return found


def excludes(walked: DecodedMessage) -> bool:
    return bool(walked.flags & NLM_F_EXCL)


def of(sort: str, *verbs: str) -> str:
    return " ".join(f"NFT_MSG_{verb}{SORTS[sort][0]}" for verb in verbs)


def by_handle(name: str) -> MessagePredicate:
    return lambda walked: walked.find(name) is not None


for sort, (_, table, _) in SORTS.items():
    if table:
        bind_refusal(
            NETFILTER, of(sort, "NEW", "GET", "DEL"), "ENOENT", ObjectAbsent(having("table", NFTA_TABLE_NAME=table)),
            about=ABOUT, source=f"nft_table_lookup ({API})",
        )
for sort in ("table", "chain", "set", "flowtable"):
    _, table, name = SORTS[sort]
    itself = having(sort, **({table: table} if table else {}), **{name: name})
    bind_refusal(
        NETFILTER, of(sort, "GET", "DEL"), "ENOENT", ObjectAbsent(itself), about=ABOUT,
        source=f"nft_{sort}_lookup ({API})",
    )
    bind_refusal(
        NETFILTER, of(sort, "NEW"), "EEXIST", ObjectPresent(itself), where=excludes, about=ABOUT,
        source=f"nf_tables_new{sort} ({API})",
    )
bind_refusal(
    NETFILTER, of("rule", "NEW", "GET", "DEL"), "ENOENT", about=ABOUT, source=f"nft_chain_lookup ({API})",
    fact=ObjectAbsent(having("chain", NFTA_CHAIN_TABLE="NFTA_RULE_TABLE", NFTA_CHAIN_NAME="NFTA_RULE_CHAIN")),
)
bind_refusal(
    NETFILTER, of("rule", "DEL", "GET"), "ENOENT", about=ABOUT, source=f"nft_rule_lookup ({API})",
    fact=ObjectAbsent(having("rule", NFTA_RULE_TABLE="NFTA_RULE_TABLE", NFTA_RULE_HANDLE="NFTA_RULE_HANDLE")),
    where=by_handle("NFTA_RULE_HANDLE"),
)
bind_refusal(
    NETFILTER, of("element", "NEW", "GET", "DEL"), "ENOENT", about=ABOUT, source=f"nft_set_lookup ({API})",
    fact=ObjectAbsent(
        having("set", NFTA_SET_TABLE="NFTA_SET_ELEM_LIST_TABLE", NFTA_SET_NAME="NFTA_SET_ELEM_LIST_SET")
    ),
)
bind_refusal(
    NETFILTER, of("rule", "NEW"), "ENOENT", about=ABOUT, sure=False, source=f"nft_verdict_init ({API})",
    fact=ObjectAbsent(named_in("chain", "NFTA_CHAIN_NAME", "NFTA_CHAIN_TABLE", "NFTA_VERDICT_CHAIN")),
)
bind_refusal(
    NETFILTER, of("rule", "NEW"), "ENOENT", about=ABOUT, sure=False, source=f"nft_set_lookup_global ({API})",
    fact=ObjectAbsent(
        named_in("set", "NFTA_SET_NAME", "NFTA_SET_TABLE", "NFTA_LOOKUP_SET", "NFTA_DYNSET_SET_NAME")
    ),
)
bind_refusal(
    NETFILTER, of("chain", "DEL"), "EBUSY", about=ABOUT, source=f"nf_tables_delchain ({API})",
    fact=ObjectPresent(rules_with("NFTA_CHAIN_TABLE", "NFTA_CHAIN_NAME", "NFTA_VERDICT_CHAIN"), "{} leads to it"),
)
bind_refusal(
    NETFILTER, of("set", "DEL"), "EBUSY", about=ABOUT, source=f"nf_tables_delset ({API})",
    fact=ObjectPresent(
        rules_with("NFTA_SET_TABLE", "NFTA_SET_NAME", "NFTA_LOOKUP_SET", "NFTA_DYNSET_SET_NAME"), "{} looks it up"
    ),
)
