"""Random filters over what real captures hold agree with the plainest evaluation; odd text is a FilterError."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from nldissect.errors import FilterError
from nldissect.filters import compile_filter
from nldissect.filters.parser import parse
from nldissect.wire import DecodedMessage
from tests.helpers import plain_filter
from tests.helpers.filter_trees import DERIVED, FILES, KEYWORDS, capture, trees
from tests.helpers.paths import CAPTURES


def agree(tree: tuple[Any, ...], name: str) -> int:
    """Compare on every message of a capture; how many hold."""
    text = plain_filter.text(tree)
    holds, messages = compile_filter(text).holds, capture(name)
    ours = [(one.situation.number, one.situation.place) for one in messages if holds(one.situation)]
    plain = [(one.situation.number, one.situation.place) for one in messages if plain_filter.holds(tree, one.things)]
    assert ours == plain, text
    return len(ours)


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
