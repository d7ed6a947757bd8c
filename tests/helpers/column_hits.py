"""What columns find and what walk finds, in one form, so that it can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nldissect.columns.block_reader import BlockReader
from nldissect.columns.blocks.block import Block
from nldissect.columns.extract.plan import Hits, Plan
from nldissect.columns.extract.values import column, decoded, shown
from nldissect.sizes import SIZES
from nldissect.stream.frames import FrameStream
from nldissect.wire import DecodedFrame, DecodedMessage, Node, nlmsghdr
from nldissect.wire.kind import Undecoded
from nldissect.wire.opaque import MaskedValue, MayBeKey, UndecodedKey

WINDOW = 1 << 14
ELEMENT = "[]"

Steps = tuple[str, ...]
Hit = tuple[int, int, int, str, Any, str]
"""Number of the message in the capture, start and end in its frame, class of the kind, value, value as shown; no values
under paths, for which those under bare names speak."""


def frames_of(path: Path, **options: Any) -> list[DecodedFrame]:
    """The frames of a capture, walked one after another."""
    capture = FrameStream(str(path), **options)
    found = [seen.frame for seen in capture.frames()]
    capture.finish()
    return found


def nodes_under_paths(walked: DecodedMessage) -> Iterator[tuple[Steps, Node, bool]]:
    """Every node of a message that is of its own kind, with its full path and whether it is an element of an array."""
    if walked.has_header:
        at = walked.start
        yield ("nlmsghdr",), Node(nlmsghdr.fields_desc[0].kind, at, at + 16, []), False
        starts = (at, at + 4, at + 6, at + 8, at + 12, at + 16)
        values = (walked.length, walked.number, walked.flags, walked.seq, walked.pid)
        for field, start, end, value in zip(nlmsghdr.fields_desc, starts, starts[1:], values, strict=False):
            yield ("nlmsghdr", field.name), Node(field.kind, start, end, value), False
    for layer in walked.layers:
        yield from _below(layer, (), False)


def _below(node: Node, around: Steps, element: bool) -> Iterator[tuple[Steps, Node, bool]]:
    kind = node.kind
    if not is_own(node):
        return
    nameless = element or (kind.name == "attrs" and node.number is None)
    path = around if nameless else (*around, kind.name)
    if element or not nameless:
        yield path, node, element
    if isinstance(node.value, list) and node.value and isinstance(node.value[0], Node):
        array = kind.shape == "list" or (kind.shape == "attrs" and kind.inner.indexed)  # type: ignore[attr-defined]
        for inner in node.value:
            yield from _below(inner, path, array)


def is_own(node: Node) -> bool:
    """Whether a node is what its name says: no stand-in for bytes that did not fit, no context, no bare number."""
    kind = node.kind
    if kind.name == "leftover" or (kind.name == "family" and node.start == node.end):
        return False
    return isinstance(kind, MaskedValue) or not isinstance(kind, (Undecoded, UndecodedKey, MayBeKey))


def by_walk(frames: list[DecodedFrame]) -> dict[str, list[Hit]]:
    """Hits of every bare name, of every path of two steps and of every full path that occurs, in file order."""
    found: dict[str, list[Hit]] = {}
    number = 0
    for frame in frames:
        for message in frame.messages:
            for path, node, element in nodes_under_paths(message):
                leaf = node.kind.shape == "leaf" and path != ("nlmsghdr",)
                value, text = (node.value, node.kind.shown(node.value)) if leaf else (None, "")
                name = "nlmsghdr" if path == ("nlmsghdr",) else type(node.kind).__name__
                place = number, node.start, node.end, name
                for wanted in {".".join(path[-count:]).lower() for count in (1, 2, len(path))}:
                    hit = (*place, None, "") if "." in wanted else (*place, value, text)
                    found.setdefault(wanted + ELEMENT * element, []).append(hit)
            number += 1
    return {name: sorted(hits, key=lambda hit: (hit[0], hit[1], -hit[2])) for name, hits in found.items()}


def by_columns(
    path: Path, wanted: list[str], window: int = WINDOW, few: int = 0, **options: Any
) -> dict[str, list[Hit]]:
    """Hits of these names by columns; so many nests, or fewer, are gone through one by one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SIZES, "few_nests", few)
        return _by_columns(path, wanted, window, **options)


def _by_columns(path: Path, wanted: list[str], window: int, **options: Any) -> dict[str, list[Hit]]:
    plan = Plan(wanted)
    found: dict[str, list[Hit]] = {name: [] for name in wanted}
    before = 0
    source = BlockReader(str(path), window=window, **options)
    for block in source.blocks():
        for name, hits in plan.run(block).items():
            found[name] += hits_of(block, hits, "." not in name, before)
        before += len(block)
    source.finish()
    return found


def hits_of(block: Block, hits: Hits, valued: bool = True, before: int = 0) -> Iterator[Hit]:
    """Hits of one block in the common form."""
    base = block.frames.start[block.messages.frame[hits.message]]
    values: list[Any] = [None] * len(hits)
    texts = [""] * len(hits)
    if valued:
        values, texts, numbers = decoded(hits, block.buffer), shown(hits, block.buffer), column(hits, block.buffer)
        assert numbers is None or numbers.tolist() == values
    places = (hits.message + before, hits.start - base, hits.end - base)
    names = ["nlmsghdr" if kind.name == "nlmsghdr" else type(kind).__name__ for kind in hits.kinds]
    kinds = [names[number] for number in hits.kind.tolist()]
    return zip(*(place.tolist() for place in places), kinds, values, texts, strict=True)  # type: ignore[return-value]


def compare(path: Path, **options: Any) -> dict[str, list[Hit]]:
    """Assert that columns find what walk finds, for every name; what that is."""
    walked = by_walk(frames_of(path))
    columns = by_columns(path, list(walked), **options)
    for name, hits in walked.items():
        assert hits == columns[name], name
    return walked
