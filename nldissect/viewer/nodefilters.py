"""Filters made from what is looked at: a node of the tree, a field of nlmsghdr, what stands in a column.

A filter that is offered is tried first: it is understood, and holds for the message it was made from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from nldissect.errors import FilterError
from nldissect.index.derived import Situation, Time
from nldissect.index.fields import places
from nldissect.index.filter import compile_filter
from nldissect.index.filter.tokens import JOINS, tokens
from nldissect.wire import Addr, Kind, Mac, Node
from nldissect.wire.flags import flag_names
from nldissect.wire.names import Flags

from .fieldcolumns import field_values

LONGEST = 64
"""Bytes compared with; a longer value is only asked to be there."""


def filter_for(path: Sequence[Node], situation: Situation) -> str | None:
    """The filter for the last node of a path, with its value where it has one; None if there is no name for it."""
    node = path[-1]
    for name in _names(path):
        for value in (*_literals(node.kind, node.value), ""):
            text = f"{name} == {value}" if value else name
            if holds(text, situation):
                return text
    return None


def header_filter(name: str, situation: Situation) -> str | None:
    """The filter for a field of nlmsghdr."""
    walked = situation.walked
    if walked is None or not walked.has_header:
        return None
    numbers = {
        "nlmsg_len": walked.length, "nlmsg_type": walked.number, "nlmsg_flags": walked.flags,
        "nlmsg_seq": walked.seq, "nlmsg_pid": walked.pid,
    }  # fmt: skip
    texts = [str(numbers.get(name, ""))]
    if name == "nlmsg_type":
        texts.insert(0, walked.type_name)
    elif name == "nlmsg_flags":
        texts.insert(0, "|".join(flag_names(walked.type_name, walked.flags, walked.number)) or "0")
    return next((found for text in texts if holds(found := f"{name} == {text}", situation)), None)


def field_filter(name: str, situation: Situation) -> str | None:
    """The filter for what a message has in the column of a field; None where it has nothing there."""
    walked = situation.walked
    if name == "nlmsg_type" and walked is not None and walked.family is not None:
        name = "genlmsghdr.cmd" if walked.find("cmd") is not None else name
    if name.startswith("nlmsg_"):
        return header_filter(name, situation)
    for kind, value in field_values(name, situation):
        for text in (*_literals(kind, value), ""):
            found = f"{name} == {text}" if text else name
            if holds(found, situation):
                return found
    return None


def holds(text: str, situation: Situation) -> bool:
    """Whether a text is a filter that holds for a message."""
    try:
        return compile_filter(text).holds(situation)
    except FilterError:
        return False


def joined(text: str, other: str, how: str = "and") -> str:
    """Two filters as one; `how` is "and", "or", or "and not" to leave out what the second one holds for."""
    joins, inner = _joins(text), _joins(other)
    right = f"({other})" if "or" in inner and how == "and" or inner and how == "and not" else other
    if not text.strip():
        return f"not {right}" if how == "and not" else other
    return f"{f'({text})' if 'or' in joins and how != 'or' else text} {how} {right}"


def _joins(text: str) -> set[str]:
    """The words that join the tests of a filter."""
    return {JOINS[one.text] for one in tokens(text) if one.kind in ("keyword", "sign") and one.text in JOINS} - {"not"}


def _names(path: Sequence[Node]) -> Iterator[str]:
    """What the last node of a path is called, the shortest name first; a name that others have too comes later."""
    steps = [node.name for node in path if node.name and not (node.kind.shape == "attrs" and node.number is None)]
    texts = [".".join(steps[at:]) for at in range(len(steps) - 1, -1, -1)]
    for text in texts:
        if len({place.owner for place in places(text)}) == 1:
            yield text
    yield from texts


def _literals(kind: Kind, value: Any) -> Iterator[str]:
    """How a value may be written behind "==", the most readable form first."""
    if kind.shape != "leaf" or kind.secret:
        return
    names = getattr(kind, "names", None)
    if isinstance(kind, Time):
        yield f"{value}ns" if -(10**12) < value < 10**12 else str(value // 10**9)
    elif isinstance(value, bool):
        return
    elif isinstance(value, int):
        said = kind.json(value)
        if isinstance(said, list) and names is not None and issubclass(names, Flags):
            yield "|".join(said) or "0"
        elif isinstance(said, str):
            yield said
        yield str(value)
    elif isinstance(value, str):
        yield value if isinstance(kind, (Addr, Mac)) else json.dumps(value, ensure_ascii=False)
        yield value
        yield json.dumps(value)
    elif isinstance(value, bytes) and 0 < len(value) <= LONGEST:
        yield ":".join(f"{byte:02x}" for byte in value) if len(value) > 1 else value.hex()
