"""Filters at random about what stands in a capture."""

from __future__ import annotations

import ipaddress
import re
from functools import cache
from typing import Any, NamedTuple

from hypothesis import assume
from hypothesis import strategies as st

from nldissect.columns.fields.derived import MessageContext
from nldissect.errors import FilterError
from nldissect.filters import compile_filter
from nldissect.filters.resolve import Pair
from tests.helpers import plain_filter
from tests.helpers.message_rows import situations

FILES = tuple(
    f"{name}.pcap"
    for name in [
        "addr",
        "bond",
        "bridge_vlan",
        "conntrack",
        "errors",
        "ethtool",
        "ipset",
        "link_dump",
        "mdb",
        "mpls",
        "neigh",
        "nexthop",
        "nft_bridge",
        "nlctrl",
        "route",
        "route_encap",
        "rule",
        "sock_diag",
        "stats",
        "tc_action",
        "tc_filter",
        "tc_qdisc_more",
        "uevent",
        "veth_add",
        "xfrm",
    ]
)


DERIVED = {"protocol", "direction", "error", "extack", "notes", "summary"}


KEYWORDS = {"and", "or", "not", "in", "contains", "matches"}


class Message(NamedTuple):
    situation: MessageContext
    things: list[plain_filter.Thing]


@cache
def capture(name: str) -> list[Message]:
    """The messages of a capture, and all that stands in them."""
    return [Message(one, plain_filter.things(one.walked)) for one in situations(name) if one.walked is not None]


@st.composite
def names(draw: st.DrawFn, path: tuple[str, ...]) -> str:
    """The end of a path, in any case."""
    count = draw(st.integers(1 + ("env" in path[:-1]), len(path)))
    steps = path[-count:]
    name = ".".join(steps)
    assume(all(step.isidentifier() for step in steps))
    assume(name.lower() not in DERIVED | KEYWORDS)
    return draw(st.sampled_from([name, name.lower(), name.upper()]))


def pick(draw: st.DrawFn, some: list[Any]) -> Any:
    """One of many, without showing Hypothesis all of them."""
    return some[draw(st.integers(0, len(some) - 1))]


def is_of_fields(tree: tuple[Any, ...]) -> bool:
    """Whether two fields are compared; `nlmsg_type == cmd` asks for AUDIT_USER_CMD by its short name."""
    try:
        return isinstance(compile_filter(plain_filter.text(tree)).tree, Pair)
    except FilterError:
        return True  # the caller looks at that


@st.composite
def one_test(draw: st.DrawFn, capture_name: str) -> tuple[Any, ...]:
    """A test of something that occurs in a capture."""
    things = pick(draw, capture(capture_name)).things
    thing = pick(draw, things)
    name = draw(names(thing.path))
    value = thing.value
    if value is None or isinstance(value, plain_filter.Labels) or draw(st.integers(0, 9)) == 0:
        return ("there", name)
    other = pick(draw, [one for one in things if type(one.value) is type(value)])
    if isinstance(value, int) and draw(st.integers(0, 5)) == 0:
        tree = "fields", draw(st.sampled_from(["==", "!=", "<", "<=", ">", ">="])), name, draw(names(other.path))
        assume(is_of_fields(tree))
        return tree
    if thing.names and draw(st.booleans()):
        return draw(named(name, thing))
    if isinstance(value, (str, bytes)) and len(value) > 1 and draw(st.booleans()):
        offset = draw(st.integers(0, len(value) - 1))
        length = draw(st.integers(1, len(value) - offset))
        part = value[offset : offset + length]
        return (draw(st.sampled_from(["==", "!=", "<", ">"])), (name, offset, length), part)
    other_value = draw(st.sampled_from([value, nearby(value, other.value)]))
    assume(b"" not in (value, other_value))
    return draw(plain(name, value, other_value))


def nearby(value: Any, other: Any) -> Any:
    """Another value of the same sort that the same field can hold."""
    if not isinstance(value, int):
        return other
    return min(value, other) if min(value, other) >= 0 else value


@st.composite
def named(draw: st.DrawFn, name: str, thing: plain_filter.Thing) -> tuple[Any, ...]:
    constants = [plain_filter.Name(one) for one in thing.names or () if re.fullmatch(r"[A-Za-z_]\w*", one)]
    assume(constants)
    flags = thing.path[-1] == "nlmsg_flags" or len(constants) > 1
    operators = ["==", "!=", "in", *(["&"] if flags else [])]
    operator = draw(st.sampled_from(operators))
    constant = draw(st.sampled_from(constants))
    return (operator, name, [constant] if operator == "in" else constant)


@st.composite
def plain(draw: st.DrawFn, name: str, value: Any, other: Any) -> tuple[Any, ...]:
    operators = ["==", "!=", "<", "<=", ">", ">=", "in"]
    if isinstance(value, int):
        operators += ["&"] * (other >= 0)
    elif isinstance(value, (str, bytes)):
        assume(len(other) > 0)
        operators += ["contains", *(["matches"] if isinstance(value, str) and value.isascii() else [])]
    else:
        operators += ["prefix"]
    operator = draw(st.sampled_from(operators))
    if operator == "in":
        low, high = (value, other) if plain_filter._comparable(value, other) and value <= other else (value, value)
        return ("in", name, draw(st.sampled_from([[other], [value, other], [(low, high)]])))
    if operator == "prefix":
        length = draw(st.integers(0, value.max_prefixlen))
        network = ipaddress.ip_network((value, length), strict=False)
        return ("in", name, network)
    if operator in ("contains", "matches"):
        at = draw(st.integers(0, len(other) - 1))
        part = other[at : at + draw(st.integers(1, 4))]
        return (operator, name, part if operator == "contains" else re.escape(part.swapcase()))
    return (operator, name, other)


def trees(name: str) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.recursive(
        one_test(name),
        lambda inner: st.one_of(
            st.tuples(st.just("not"), inner),
            st.tuples(st.just("and"), inner, inner),
            st.tuples(st.just("or"), inner, inner, inner),
        ),
        max_leaves=4,
    )
