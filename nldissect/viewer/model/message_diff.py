"""Comparison of two messages, attribute by attribute, aligned by name where their order differs.

for row in compared(one, other):
    print(row.state, row.depth * "  ", row.name, row.left, row.right)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nldissect.escapes import escaped
from nldissect.render.bytes_text import bytes_shown, printable
from nldissect.render.names import message_name, protocol_name
from nldissect.render.values import shown
from nldissect.wire import DecodedMessage, Node
from nldissect.wire.decode.nodes import inner_nodes
from nldissect.wire.protocol import flag_names

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"
SIGNS = {SAME: " ", CHANGED: "~", ADDED: "+", REMOVED: "-"}
"""Signs of the states, for screens without colours."""


class DiffRow(NamedTuple):
    """One line of a comparison: a name and the text of each message under it, None where a message has no such name.

    state   SAME, CHANGED, ADDED or REMOVED; CHANGED for a container if anything in it differs
    """

    state: str
    depth: int
    name: str
    left: str | None
    right: str | None


def compared(left: DecodedMessage, right: DecodedMessage) -> list[DiffRow]:
    """Return all rows in the order of the left message; an item of only the right one follows its predecessor there."""
    return list(_rows(_tree(left), _tree(right), 0))


def differences(rows: Sequence[DiffRow]) -> list[DiffRow]:
    """Return the rows that differ, with the containers they are in."""
    kept: list[DiffRow] = []
    wanted = -1
    for row in reversed(rows):
        if row.state != SAME or row.depth < wanted:
            kept.append(row)
            wanted = row.depth
    return kept[::-1]


class _Item(NamedTuple):
    """A line of one message, and the lines nested in it."""

    name: str
    text: str
    inside: list[_Item]


def _tree(walked: DecodedMessage) -> list[_Item]:
    """Return the items of a message: protocol, direction, header, attributes, and bytes that were not decoded."""
    protocol = protocol_name(walked.protocol) or str(walked.protocol)
    items = [_Item("protocol", protocol, []), _Item("direction", walked.direction or "unknown", [])]
    if walked.has_header:
        flags = "|".join(flag_names(message_name(walked), walked.flags, walked.number)) or "0"
        header = {
            "nlmsg_len": str(walked.length), "nlmsg_type": walked.type_name, "nlmsg_flags": flags,
            "nlmsg_seq": str(walked.seq), "nlmsg_pid": str(walked.pid),
        }  # fmt: skip
        items.append(_Item("nlmsghdr", "", [_Item(name, text, []) for name, text in header.items()]))
    items += _items(walked.layers, walked)
    start, end = walked.undecoded_span
    if start < end:
        data = walked.data[start:end]
        text = printable(data)
        told = bytes_shown(data) if text is None else f'"{escaped(text)}"'
        items.append(_Item("payload", f"{len(data)} bytes" if walked.keyed else told, []))
    elif walked.cut_at is not None and walked.cut_at < walked.end:
        secret = walked.keyed
        rest = walked.end - walked.cut_at
        items.append(
            _Item("cut", f"{rest} bytes" if secret else bytes_shown(walked.data[walked.cut_at : walked.end]), [])
        )
    return items


def _items(nodes: Sequence[Node], walked: DecodedMessage) -> list[_Item]:
    items = []
    for node in nodes:
        if node.kind.shape == "attrs" and node.number is None:
            items += _items(inner_nodes(node), walked)
        elif isinstance(node.value, DecodedMessage):
            items.append(_Item(node.name, escaped(message_name(node.value)), _tree(node.value)[2:]))
        elif not node.kind.hidden or any(node.value):
            rest = walked.surplus(node)
            inside = _items(inner_nodes(node) if rest is None else [rest], walked)
            items.append(_Item(node.name, shown(node, walked.context)[1], inside))
    return items


def _rows(left: list[_Item], right: list[_Item], depth: int) -> Iterator[DiffRow]:
    for one, other in _pairs(left, right):
        if one is not None and other is not None:
            inside = list(_rows(one.inside, other.inside, depth + 1))
            changed = one.text != other.text or any(row.state != SAME for row in inside)
            yield DiffRow(CHANGED if changed else SAME, depth, one.name, one.text, other.text)
            yield from inside
        elif one is not None:
            yield from _alone(one, depth, REMOVED)
        elif other is not None:
            yield from _alone(other, depth, ADDED)


def _alone(item: _Item, depth: int, state: str) -> Iterator[DiffRow]:
    left, right = (item.text, None) if state == REMOVED else (None, item.text)
    yield DiffRow(state, depth, item.name, left, right)
    for inner in item.inside:
        yield from _alone(inner, depth + 1, state)


Pair = tuple[_Item | None, _Item | None]


def _pairs(left: list[_Item], right: list[_Item]) -> Iterator[Pair]:
    """Yield corresponding items: the n-th of a name with the n-th of that name, equal ones first with each other."""
    partner = _partners(left, right)
    taken = set(partner.values())
    lonely: dict[int, list[_Item]] = {}
    before = -1
    for place, item in enumerate(right):
        if place in taken:
            before = place
        else:
            lonely.setdefault(before, []).append(item)
    yield from ((None, item) for item in lonely.get(-1, []))
    for place, item in enumerate(left):
        other = partner.get(place)
        yield item, None if other is None else right[other]
        yield from ((None, one) for one in lonely.get(-1 if other is None else other, []) if other is not None)


def _partners(left: list[_Item], right: list[_Item]) -> dict[int, int]:
    """Return the index on the right for each index on the left that has a partner."""
    of_name: dict[str, tuple[list[int], list[int]]] = {}
    for side, items in enumerate((left, right)):
        for place, item in enumerate(items):
            of_name.setdefault(item.name, ([], []))[side].append(place)
    found: dict[int, int] = {}
    for ones, others in of_name.values():
        if len(ones) > 1 or len(others) > 1:
            rest = list(others)
            for one in ones:
                equal = next((other for other in rest if right[other] == left[one]), None)
                if equal is not None:
                    found[one] = equal
                    rest.remove(equal)
            others = rest
        found.update(zip((one for one in ones if one not in found), others, strict=False))
    return found
