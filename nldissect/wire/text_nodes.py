"""Nodes of text: the values inside an attribute as its composer (composers.py) gets them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from struct import Struct as Codec
from typing import NamedTuple

HEADER = Codec("=BHH")
"""Before each text: depth from 0, number of the name or 0, size; put_text_nodes in native/summary.c writes them."""


class TextNode(NamedTuple):
    """A decoded value as text.

    name    of its row or field, "" if the composer does not ask for it
    text    the value as a summary prints it; "" where it has inner nodes, or has no name and is not at the top
    inner   the nodes inside
    """

    name: str
    text: str
    inner: list[TextNode]


def texts_of(nodes: Sequence[TextNode], levels: int) -> tuple[dict[str, str], dict[str, str]]:
    """Return the text of the first node of each name, outer before inner: within `levels` levels, and of all levels."""
    near: dict[str, str] = {}
    every = near
    while nodes:
        if not levels:
            every = dict(near)
        for node in nodes:
            every.setdefault(node.name, node.text)
        nodes = [inner for node in nodes if node.inner for inner in node.inner]
        levels -= 1
    return near, every


def unpacked(raw: bytes, names: Mapping[int, str]) -> list[TextNode]:
    """Return the nodes that the native core wrote to `raw`; `names` by their numbers there."""
    top: list[TextNode] = []
    open_lists, at, begin = [top], 0, HEADER.size
    while at < len(raw):
        depth, number, size = HEADER.unpack_from(raw, at)
        text = raw[at + begin : at + begin + size].decode("utf-8", "replace") if size else ""
        node = TextNode(names.get(number, ""), text, [])
        at += begin + size
        del open_lists[depth + 1 :]
        open_lists[depth].append(node)
        open_lists.append(node.inner)
    return top
