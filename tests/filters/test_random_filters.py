"""Random filters over what real captures hold agree with the plainest evaluation; odd text is a FilterError."""

from __future__ import annotations

import ipaddress
import re
from functools import cache
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, event, example, given, settings
from hypothesis import strategies as st

from nldissect.columns.fields.derived import MessageContext
from nldissect.errors import FilterError
from nldissect.filters import compile_filter
from nldissect.filters.parser import parse
from nldissect.filters.resolve import Pair
from nldissect.wire import DecodedMessage
from tests.helpers import plain_filter
from tests.helpers.captures import CAPTURES
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


def agree(tree: tuple[Any, ...], name: str) -> int:
    """Compare on every message of a capture; how many hold."""
    text = plain_filter.text(tree)
    holds, messages = compile_filter(text).holds, capture(name)
    ours = [(one.situation.number, one.situation.place) for one in messages if holds(one.situation)]
    plain = [(one.situation.number, one.situation.place) for one in messages if plain_filter.holds(tree, one.things)]
    assert ours == plain, text
    return len(ours)


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


@pytest.mark.parametrize("name", FILES)
def test_random_filters_agree_with_the_plain_evaluation(name: str) -> None:
    @settings(max_examples=30, deadline=None)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        tree = data.draw(trees(name))
        event("holds somewhere" if agree(tree, name) else "holds nowhere")

    run()


@pytest.mark.parametrize("name", FILES)
def test_every_name_of_a_capture_is_a_field(name: str) -> None:
    """All that stands anywhere is found by its whole path and by its last step alone, and nowhere else."""
    where: dict[str, set[int]] = {}
    for index, message in enumerate(capture(name)):
        for path in {thing.path for thing in message.things}:
            if all(step.isidentifier() for step in path):
                where.setdefault(".".join(path), set()).add(index)
                if path[-1].lower() not in DERIVED | KEYWORDS and "env" not in path[:-1]:
                    where.setdefault(path[-1], set()).add(index)
    for field, those in where.items():
        holds = compile_filter(field).holds
        others = sorted({*range(len(capture(name)))} - those)
        for index in [*sorted(those)[:2], *others[:3]]:
            assert holds(capture(name)[index].situation) == (index in those), field


PIECES = [
    "IFLA_MTU",
    "ifi_flags",
    "RTA_DST",
    "nlmsg_type",
    "IFLA_ADDRESS",
    "IFLA_IFNAME",
    "frame.time",
    "error",
    "env.ACTION",
    "==",
    "!=",
    "<",
    "<=",
    "&",
    "in",
    "contains",
    "matches",
    "and",
    "or",
    "not",
    "!",
    "(",
    ")",
    "{",
    "}",
    ",",
    "..",
    "|",
    '"eth0"',
    '"(["',
    "10",
    "-1",
    "0x10",
    "10.0.0.0/8",
    "::1/129",
    "aa:bb",
    "10ms",
    "IFF_UP",
    "RTM_NEWLINK",
    "[0:2]",
    "=",
]


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join)))
@example("(" * 5000)
@example("! " * 5000 + "error")
@example("not " * 5000)
@example("IFLA_MTU == " + "9" * 5000)
@example('IFLA_IFNAME matches "' + "(" * 5000 + '"')
@example('IFLA_IFNAME matches "a{99999999999}"')
@example("frame.time_relative > " + "1" * 30 + "s")
@example('frame.time > "0001-01-01"')
@example("IFLA_ADDRESS[999999999999:1] == aa")
@example("IFLA_MTU == 1\0")
@example("IFLA_MTU == \udc80")
@example('IFLA_IFNAME == "\udc80"')
@example("..")
@example("a.b.c.d == 4")
@example(" and ".join(["IFLA_MTU > 1500"] * 500))
def test_any_text_is_a_filter_or_a_filter_error(text: str) -> None:
    for understand in (parse, compile_filter):
        try:
            understand(text)
        except FilterError as error:
            first, shown, caret = str(error).split("\n")
            assert first == error.message and len(shown) == len(text) + 2
            assert caret.strip(" ^") == "" and caret.index("^") == error.at + 2 <= len(text) + 2


def test_captures_are_there() -> None:
    assert all((CAPTURES / name).is_file() for name in FILES)
    assert isinstance(capture(FILES[0])[0].situation.walked, DecodedMessage)
