"""The captures of the benchmark: copies decode as their original does, and hardly a message of them repeats."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nldissect.wire import Context, DecodedMessage, walk
from nldissect.wire.decode.nodes import nodes_of
from tests.helpers import captures, paths
from tests.helpers.paths import CAPTURES
from tests.helpers.skips import needs

sys.path.append(str(paths.TESTS / "bench"))

import bodies
import fulltable
import pcapfile
import ruleset
from rewrite import Base

NAMES = (
    "addr",
    "bridge",
    "conntrack",
    "devlink_json",
    "link_dump",
    "nft_bridge",
    "nlctrl",
    "route",
    "tc_action",
    "vlan_add",
    "xfrm",
)
COPIES = 3


@pytest.fixture(scope="module")
def base() -> Base:
    return Base(CAPTURES / f"{name}.pcap" for name in NAMES)


@pytest.fixture(scope="module")
def made(base: Base, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three copies, the first of them as it is."""
    path = tmp_path_factory.mktemp("made") / "made.pcap"
    assert (COPIES * base.frames, COPIES) == base.write(
        path, pcapfile.FILE_HEADER.size + COPIES * base.size, first=True
    )
    return path


@pytest.fixture(scope="module")
def walked(base: Base, made: Path) -> list[list[DecodedMessage]]:
    """The messages of each copy."""
    return copies(made, base.frames)


def copies(path: Path, frames: int) -> list[list[DecodedMessage]]:
    """The messages of each copy, which has so many frames."""
    records = list(pcapfile.read(path))
    found = []
    for start in range(0, len(records), frames):
        context = Context()
        found.append(
            [message for record in records[start : start + frames] for message in walk(record.data, context).messages]
        )
    return found


def structure(message: DecodedMessage) -> list[Any]:
    """All of a message but its values: names and lengths at their depth, kinds of notes, what is inside an error."""
    found: list[Any] = [message.type_name, message.direction, message.family, message.undecoded_span]
    for node, depth in nodes_of(message):
        found.append((depth, node.name, type(node.kind).__name__, node.end - node.start))
        if isinstance(node.value, DecodedMessage):
            found.append(structure(node.value))
    return [*found, [(note.kind, note.severity) for note in message.notes]]


def test_copies_have_the_structure_of_the_original(walked: list[list[DecodedMessage]]):
    first, *others = ([structure(message) for message in copy] for copy in walked)

    assert [first] * (COPIES - 1) == others


def test_the_first_copy_may_be_the_original(base: Base, made: Path):
    original = [record.data for name in NAMES for record in pcapfile.read(CAPTURES / f"{name}.pcap")]

    assert original == [record.data for record in pcapfile.read(made)][: base.frames]


def test_hardly_a_message_of_copies_repeats(tmp_path: Path):
    """Of the bytes of all bodies at most one in twenty: what asks for a dump or ends one is always the same."""
    path = tmp_path / "made.pcap"
    base = Base(CAPTURES / f"{name}.pcap" for name in ("link_dump", "neigh", "route"))
    base.write(path, COPIES * base.size)

    assert bodies.figures(path).share > 0.95


def test_a_message_has_the_numbers_of_its_request(walked: list[list[DecodedMessage]]):
    """Messages of a copy have one sequence number or port id where those of the original have."""
    first, *others = walked
    for copy in others:
        for of in ("seq", "pid"):
            pairs = {(getattr(one, of), getattr(other, of)) for one, other in zip(first, copy, strict=True)}
            assert len({other for _, other in pairs}) == len(pairs)
            assert {0} == {other for one, other in pairs if one == 0}


def test_an_error_repeats_its_request(walked: list[list[DecodedMessage]]):
    echoes = [
        (message.seq, node.value.seq)
        for copy in walked
        for message in copy
        for node, _ in nodes_of(message)
        if isinstance(node.value, DecodedMessage)
    ]

    assert echoes
    assert [seq for seq, _ in echoes] == [seq for _, seq in echoes]


def test_interfaces_keep_their_names(walked: list[list[DecodedMessage]]):
    """In each copy one name goes with one index, as in the original; no index stands in two copies."""
    seen: set[int] = set()
    first, *others = walked
    for copy in others:
        named = {
            (links(one), links(other)) for one, other in zip(first, copy, strict=True) if one.type_name == "RTM_NEWLINK"
        }
        assert len({one for one, _ in named}) == len({other for _, other in named}) == len(named)
        indexes = {index for _, (index, _) in named if index}
        assert seen.isdisjoint(indexes)
        seen |= indexes


def links(message: DecodedMessage) -> tuple[Any, Any]:
    """The index and the name of a link."""
    index, name = message.find("ifi_index"), message.find("IFLA_IFNAME")
    return index and index.value, name and name.value


def test_times_go_on(made: Path):
    times = [record.time for record in pcapfile.read(made)]

    assert sorted(times) == times


def test_the_same_seed_makes_the_same_bytes(base: Base, tmp_path: Path):
    paths = [tmp_path / name for name in "abc"]
    for path, seed in zip(paths, (5, 5, 6), strict=True):
        base.write(path, 2 * base.size, seed=seed)
    one, again, other = (path.read_bytes() for path in paths)

    assert one == again
    assert one != other


def test_tshark_reads_a_copy_as_the_original(base: Base, made: Path):
    """As many frames, and no more that it calls malformed than it does in the first copy."""
    needs("tshark")
    command = [
        "tshark",
        "-r",
        str(made),
        "-T",
        "fields",
        "-e",
        "frame.number",
        "-e",
        "_ws.malformed",
        "-e",
        "frame.protocols",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [line.split("\t")[1:] for line in done.stdout.splitlines()]

    assert COPIES * base.frames == len(lines)
    assert lines[: base.frames] * COPIES == lines


def test_flows_alone_are_all_different(tmp_path: Path):
    """conntrack -L, again and again: no two have the same addresses and ports; where a reply mirrors one, it does."""
    path = tmp_path / "made.pcap"
    base = Base([CAPTURES / "conntrack.pcap"], alone=True)
    base.write(path, pcapfile.FILE_HEADER.size + 5 * base.size)
    first, *others = ([flow(message) for message in copy] for copy in copies(path, base.frames))
    found = [one for copy in (first, *others) for one in copy if None not in one[0]]

    assert len(found) > 50
    assert len({original for original, _ in found}) == len(found)
    for copy in others:
        assert [mirrored(*one) for one in first] == [mirrored(*one) for one in copy]


FLOW = ("CTA_IP_V4_SRC", "CTA_IP_V4_DST", "CTA_PROTO_SRC_PORT", "CTA_PROTO_DST_PORT")
Flow = tuple[Any, ...]


def flow(message: DecodedMessage) -> tuple[Flow, Flow]:
    """Addresses and ports of a connection and of its reply; None for what is not there."""
    original, reply = ([message.find(f"CTA_TUPLE_{way}.{name}") for name in FLOW] for way in ("ORIG", "REPLY"))
    return tuple(one and one.value for one in original), tuple(one and one.value for one in reply)


def mirrored(original: Flow, reply: Flow) -> bool:
    return (original[1], original[0], original[3], original[2]) == reply


def test_a_full_table_has_as_many_prefixes_as_wanted(tmp_path: Path):
    """ip route show table all, with 500 routes for those that were there"""
    path = tmp_path / "made.pcap"
    fulltable.write(CAPTURES / "route_dump.pcap", path, 500)
    (messages,) = copies(path, 1 << 20)
    found = [
        (message.find("RTA_DST").value, message.find("rtm_dst_len").value)  # type: ignore[union-attr]
        for message in messages
        if fulltable.template(message) is not None
    ]

    assert 500 == len(found) == len(set(found))
    assert [] == [note for message in messages for note in message.notes]
    requests = [message.type_name for message in messages if message.direction == "to kernel"]
    assert [message.type_name for message in captures.messages("route_dump.pcap", direction="to kernel")] == requests


def test_rules_are_all_different():
    lines = [line for line in ruleset.ruleset(2000).splitlines() if line.startswith(("ether", "meta", "ct", "quota"))]

    assert 2000 == len(lines) == len(set(lines))
