"""Columns against walk: every name of every capture, and hostile bytes, give the same hits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nldissect.index.attributes import Plan
from nldissect.index.source import Source
from nldissect.wire import Context, Kind, Node, Walked, walk
from nldissect.wire.kinds import Undecoded

CAPTURES = Path(__file__).resolve().parent.parent / "captures"
WINDOW = 4096

Hit = tuple[int, int, int, str, str]
"""Number of the message in the capture, start and end in its frame, and the kind's class and name."""
HEADER = (("nlmsg_len", 0, 4), ("nlmsg_type", 4, 6), ("nlmsg_flags", 6, 8), ("nlmsg_seq", 8, 12), ("nlmsg_pid", 12, 16))
CLASSES = {"nlmsg_type": "TypeKind", "nlmsg_flags": "FlagsKind"}


def nodes_under_paths(walked: Walked) -> Iterator[tuple[tuple[str, ...], int, int, str, str]]:
    """Every node of a message that is of its own kind, with its full path; "[]" last for an element of an array."""
    if walked.has_header:
        at = walked.start
        yield ("nlmsghdr",), at, at + 16, "Struct", "nlmsghdr"
        for name, start, end in HEADER:
            yield ("nlmsghdr", name), at + start, at + end, CLASSES.get(name, "U32"), name
    for layer in walked.layers:
        yield from _below(layer, (), False)


def _below(node: Node, around: tuple[str, ...], element: bool) -> Iterator[tuple[tuple[str, ...], int, int, str, str]]:
    kind = node.kind
    if not is_own(node):
        return
    nameless = kind.name == "attrs" and node.number is None
    name = "[]" if element else kind.name
    path = around if nameless else (*around, name)
    if not nameless and not (kind.name == "family" and node.start == node.end):
        shown = kind.name.partition("[")[0]
        yield path, node.start, node.end, type(kind).__name__, shown
    inside = around if nameless or element else path
    if isinstance(node.value, list) and node.value and isinstance(node.value[0], Node):
        indexed = kind.shape == "list" or (kind.shape == "attrs" and kind.inner.indexed)
        for inner in node.value:
            yield from _below(inner, inside, indexed)


def is_own(node: Node) -> bool:
    """Whether a node is what its name says, and no stand-in for bytes that are not."""
    kind = node.kind
    if isinstance(kind, Undecoded) or kind.name == "leftover":
        return False
    if type(kind).__name__ == "Secret":  # stands in for what may hold keys, also where no row says Secret
        return not kind.name.isdigit() and (kind.set is None or _declared_secret(kind))
    return True


def _declared_secret(kind: Kind) -> bool:
    row = kind.set.row(kind.number) if kind.set is not None and kind.number is not None else None
    return row is not None and type(row).__name__ == "Secret"


def walked_hits(frames: list[bytes], context: Context, lengths: list[int]) -> dict[tuple[str, ...], list[Any]]:
    """Hits of every full path, by walk."""
    found: dict[tuple[str, ...], list[Any]] = {}
    number = 0
    for place, data in enumerate(frames):
        for message in walk(data, context, wire_length=lengths[place]).messages:
            for path, *where in nodes_under_paths(message):
                found.setdefault(path, []).append((number, place, *where))
            number += 1
    return found


def column_hits(path: Path, wanted: list[str], window: int = WINDOW, **options: Any) -> dict[str, list[Any]]:
    """The same by columns."""
    plan = Plan(wanted)
    found: dict[str, list[Any]] = {name: [] for name in wanted}
    messages = frames = 0
    source = Source(str(path), window=window, **options)
    for block in source.blocks():
        for name, hits in plan.run(block).items():
            frame = block.frame[hits.message]
            base = block.frame_at[frame]
            rows = zip(
                (hits.message + messages).tolist(), (frame + frames).tolist(),
                (hits.start - base).tolist(), (hits.end - base).tolist(), hits.kind.tolist(), strict=True,
            )  # fmt: skip
            found[name] += [
                (*row[:4], type(hits.kinds[row[4]]).__name__, hits.kinds[row[4]].name.partition("[")[0]) for row in rows
            ]
        messages += len(block)
        frames += len(block.frame_at)
    return found


def ends(path: tuple[str, ...]) -> list[str]:
    """A path's bare name and its last two steps, as they are written."""
    joined = [path[-1], ".".join(path[-2:]), ".".join(path)] if path[-1] != "[]" else []
    if path[-1] == "[]":
        joined = [path[-2] + "[]", ".".join(path[-3:-1]) + "[]"]
    return joined


def expected(full: dict[tuple[str, ...], list[Any]]) -> dict[str, list[Any]]:
    """Hits of every end of a path that occurs, in file order."""
    found: dict[str, list[Any]] = {}
    for path, hits in full.items():
        for end in dict.fromkeys(name.lower() for name in ends(path)):
            found.setdefault(end, []).extend(hits)
    return {name: sorted(hits, key=lambda hit: (hit[0], hit[2], -hit[3])) for name, hits in found.items()}


def compare(path: Path, frames: list[bytes], lengths: list[int], context: Context, **options: Any) -> int:
    """Assert that columns find what walk finds, for every name; how many hits there were."""
    by_walk = expected(walked_hits(frames, context, lengths))
    by_columns = column_hits(path, list(by_walk), **options)
    for name, hits in by_walk.items():
        assert hits == by_columns[name], name
    return sum(map(len, by_walk.values()))


def records_of(path: Path) -> tuple[list[bytes], list[int]]:
    from nldissect.record import netlink_frame, open_capture

    frames, lengths = [], []
    for record in open_capture(str(path)):
        data = netlink_frame(record)
        if data is not None:
            frames.append(bytes(data))
            lengths.append(record.wire_length + len(data) - len(record.data))
    return frames, lengths


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.pcap")), ids=lambda path: path.stem)
def test_every_name_of_every_capture(path: Path) -> None:
    assert compare(path, *records_of(path), Context())
