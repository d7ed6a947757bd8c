"""Scalars of real messages made longer: every reader reads the same values, and tells of the bytes behind them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nldissect.render.json_objects import message_object
from nldissect.wire import Context, DecodedMessage, Nest, Node, Scalar, nlmon, walk
from nldissect.wire.attr_set import NLATTR
from nldissect.wire.decode.nodes import inner_nodes
from tests.helpers import captures, reader_agreement
from tests.helpers.column_hits import compare
from tests.helpers.messages import write

SURPLUS = bytes.fromhex("a1b2c3d4e5f60718")


def children(node: Node) -> list[Node]:
    """Nodes inside a node whose attributes can be made longer by their headers alone: not records, not foreign TLVs."""
    kind = node.kind
    lengths = [inner for inner in inner_nodes(node) if isinstance(kind, Nest) or inner.kind.shape == "attrs"]
    return [] if isinstance(kind, Nest) and kind.inner.header is not NLATTR else lengths


def scalars(node: Node, above: tuple[Node, ...] = ()) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """The scalar attributes in a node, and the attributes each is in."""
    holders = (*above, node) if node.number is not None else above
    if node.number is not None and isinstance(node.kind, Scalar) and node.kind.size == node.end - node.start:
        yield node, holders
    for inner in children(node):
        yield from scalars(inner, holders)


def lengthened(
    raw: bytes, message: DecodedMessage, node: Node, holders: tuple[Node, ...], surplus: bytes
) -> bytes | None:
    """The frame with bytes behind the value of an attribute, in its padding or, by fours, where that ends; None if it
    has no such padding."""
    order: Any = "little" if message.order == "<" else "big"
    out = bytearray(raw)
    inserted = len(surplus) % 4 == 0
    if not inserted and (-node.end % 4 != len(surplus) or node.end + len(surplus) > message.end):
        return None
    for at, size in [(message.start, 4)] * inserted + [(one.whole, 2) for one in (holders if inserted else [node])]:
        out[at : at + size] = (int.from_bytes(out[at : at + size], order) + len(surplus)).to_bytes(size, order)
    out[node.end : node.end if inserted else node.end + len(surplus)] = surplus
    return bytes(out)


def longer_frames(name: str, most: int, keyed: bool = False) -> Iterator[tuple[Context, DecodedMessage, Node, bytes]]:
    """Of some scalar rows in a capture, drawn by its name: a message and node that has it, and the frame in which it is
    longer, by 4 or 8 bytes or those of its padding."""
    context, draw = Context(), random.Random(name)
    found: dict[str, tuple[bytes, DecodedMessage, Node, tuple[Node, ...]]] = {}
    for raw in captures.frames(name):
        for one in walk(raw, context).messages:
            for layer in one.layers if one.cut_at is None and keyed >= one.keyed else []:
                for node, holders in scalars(layer):
                    place = ".".join([str(one.message), *(holder.name for holder in holders)])
                    found.setdefault(place, (raw, one, node, holders))
    for place in draw.sample(sorted(found), min(most, len(found))):
        raw, one, node, holders = found[place]
        surplus = draw.choice([SURPLUS[:4], SURPLUS, SURPLUS[: -node.end % 4] or SURPLUS])
        longer = lengthened(raw, one, node, holders, surplus)
        if longer is not None:
            yield context, one, node, longer


def without_leftover(item: Any) -> Any:
    """JSON without what is called leftover."""
    if isinstance(item, dict):
        return {key: without_leftover(one) for key, one in item.items() if not key.startswith("leftover")}
    if isinstance(item, list):
        return [without_leftover(one) for one in item if not (isinstance(one, dict) and list(one) == ["leftover"])]
    return item


@pytest.mark.parametrize("name", [path.name for path in sorted(captures.CAPTURES.glob("*.pcap"))])
def test_scalars_of_every_capture_may_be_longer(name: str) -> None:
    """Its value is the same, and all around it; the bytes behind it are told by a note, in JSON, and built again."""
    for context, before, node, longer in longer_frames(name, 8):
        frame = walk(longer, context)
        (after,) = [one for one in frame.messages if one.start == before.start]
        assert reader_agreement.tree_of_walked(before) == reader_agreement.tree_of_walked(after), node.name
        known, told = ([note for note in one.notes if note.kind != "padding"] for one in (before, after))
        (note,) = [note for note in told if note.kind == "wrong length" and note.offset == node.end]
        assert f"{node.name}: {node.end - node.start + note.length} bytes, not {node.kind.size};" in note.text
        assert len(known) + 1 == len(told)
        plain, longer_json = (message_object(one)["layers"] for one in (before, after))
        assert plain == without_leftover(longer_json) and SURPLUS[: note.length].hex() in json.dumps(longer_json)
        packet = nlmon(longer, _context=context)
        assert longer == bytes(packet)
        (again,) = [one for one, at in zip(packet.messages, frame.messages, strict=False) if at.start == before.start]
        assert reader_agreement.tree_of_packet(again) == reader_agreement.tree_of_walked(after), node.name


@pytest.mark.parametrize(
    "name",
    [
        "nlctrl",
        "ethtool",
        "nft_families",
        "tc_filter",
        "mdb",
        "link_dump",
        "errors",
        "wifi_phy",
        "xfrm",
        "wireguard",
        "macsec",
    ],
)
def test_columns_read_them_alike(name: str, tmp_path: Path) -> None:
    longer = [raw for _, _, _, raw in longer_frames(f"{name}.pcap", 40, keyed=True)]
    assert longer
    compare(write(tmp_path / "longer.pcap", *captures.frames(f"{name}.pcap"), *longer))
