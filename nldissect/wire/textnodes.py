"""Decoded values as text: what functions are given that write an attribute in a summary (composing.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from struct import Struct as Codec
from typing import NamedTuple

HEADER = Codec("=BHH")
"""Before each text: depth from 0, number of the name or 0, size; put_text_nodes in native/summary.c writes them."""


class TextNode(NamedTuple):
    """One value.

    name    of its row or field, "" for those that the function did not ask for
    text    the value in a summary, of those and of what stands at the top
    inner   what it holds
    """

    name: str
    text: str
    inner: list[TextNode]


def find_text(nodes: Sequence[TextNode], name: str, levels: int | None = None) -> str:
    """Return the text of the first node of a name, outer before inner, "" without one; `levels` are looked at."""
    while nodes and levels != 0:
        for node in nodes:
            if node.name == name:
                return node.text
        nodes = [inner for node in nodes for inner in node.inner]
        levels = None if levels is None else levels - 1
    return ""


def unpacked(raw: bytes, names: Mapping[int, str]) -> list[TextNode]:
    """Return nodes that the native core wrote; `names` by number."""
    top: list[TextNode] = []
    open_lists, at = [top], 0
    while at < len(raw):
        depth, number, size = HEADER.unpack_from(raw, at)
        at += HEADER.size
        node = TextNode(names.get(number, ""), raw[at : at + size].decode("utf-8", "replace"), [])
        at += size
        del open_lists[depth + 1 :]
        open_lists[depth].append(node)
        open_lists.append(node.inner)
    return top
