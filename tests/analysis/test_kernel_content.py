"""Messages of the kernel that carry the flags of their request, where that was not captured: their content tells."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from scapy.sendrecv import sniff

from nldissect.families.answer_rules import RULES
from nldissect.request_tracker import NOTIFICATION, TO_KERNEL, TO_USER
from nldissect.stream.frames import FrameStream
from nldissect.wire import Context, nlmon, walk
from nldissect.wire.kernel_content import types_with_kernel_content
from tests.helpers.cli import lines, run
from tests.helpers.paths import CAPTURES
from tests.helpers.prior_requests import by_blocks, by_frames, without_causes

ROUTE = 0
KNOWN = {
    "tc_monitor.pcap": {
        24: NOTIFICATION,  # tc filter add ... flower: TCA_FLOWER_IN_HW_COUNT, TCA_ACT_STATS
        31: TO_USER,  # the answer of tc filter get
        68: NOTIFICATION,  # tc actions add: TCA_ACT_STATS
        76: NOTIFICATION,  # ip nexthop add: nh_scope
        81: NOTIFICATION,  # ip nexthop replace
        84: NOTIFICATION,  # ip nexthop del
    },
    "nexthop.pcap": dict.fromkeys(
        (8, 13, 18, 26, 29, 63, 68, 32, 35, 38, 55, 69, 70),  # nh_scope; of groups NHA_OP_FLAGS
        NOTIFICATION,
    ),
    "tc_filter.pcap": {51: TO_USER},  # the answer of tc filter get
}
"""Frames whose content shows that the kernel wrote them."""
OPEN = {
    "tc_monitor.pcap": {17, 37, 44, 59},  # neither TCA_OPTIONS nor statistics; a chain's template
    "nexthop.pcap": {21},  # a blackhole, nh_scope 0
    "tc_filter.pcap": set(),
}
"""Frames that look like requests also in what they contain."""


@pytest.fixture(params=sorted(KNOWN))
def answers(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path, list[int]]:
    """A capture's name, a file of what the kernel said in it, and the number that each frame of this had."""
    name = request.param
    path = tmp_path / name
    wanted = 'direction != "to kernel"'
    assert run("read", CAPTURES / name, "-Y", wanted, "-w", path).returncode == 0
    numbers = lines("read", CAPTURES / name, "-Y", wanted, "-T", "fields", "-e", "frame.number")
    return name, path, list(dict.fromkeys(map(int, numbers)))


def test_what_the_kernel_said_is_no_request_where_the_requests_are_missing(
    answers: tuple[str, Path, list[int]],
) -> None:
    """nldissect read FILE -Y 'direction != "to kernel"' -w ANSWERS"""
    name, path, numbers = answers
    found = by_frames(path)
    assert without_causes(found) == by_blocks(path, 1 << 20) == by_blocks(path, 4096)
    ways = {numbers[number - 1]: way for number, _, way, *_ in found}
    assert KNOWN[name] == {number: ways[number] for number in KNOWN[name]}
    assert OPEN[name] == {number for number, way in ways.items() if way == TO_KERNEL}


def test_lists_filters_and_json_have_the_same_direction(answers: tuple[str, Path, list[int]]) -> None:
    name, path, numbers = answers
    wanted = 'direction != "to kernel" and nlmsg_flags & NLM_F_REQUEST'
    chosen = [int(one) for one in lines("read", path, "-Y", wanted, "-T", "fields", "-e", "frame.number")]
    assert sorted(KNOWN[name]) == [numbers[number - 1] for number in chosen]
    told = [json.loads(line) for line in lines("read", path, "-T", "ndjson")]
    echoes = [one for one in told if "NLM_F_REQUEST" in one["nlmsg_flags"]]
    assert chosen == [one["frame"] for one in echoes if one["direction"] != TO_KERNEL]
    assert [] == [note for one in echoes if one["frame"] in chosen for note in one.get("notes", ())]
    assert b"" == run("send", "--dry-run", path, "-Y", f"frame.number in {{{', '.join(map(str, chosen))}}}").stdout
    exchanges = json.loads("".join(lines("exchanges", path, "-T", "json")))
    assert [] == [one for one in exchanges if one["frame"] in chosen and "request" in one]


def test_scapy_agrees(answers: tuple[str, Path, list[int]]) -> None:
    _, path, _ = answers
    packets = sniff(offline=str(path), quiet=True)
    ways = [message.inferred_direction for packet in packets for message in packet.messages]
    assert [message.direction for data in datagrams(path) for message in walk(data, Context()).messages] == ways


def datagrams(path: Path) -> list[bytes]:
    return [seen.record.data for seen in FrameStream(str(path)).frames()]


@pytest.mark.parametrize("name", sorted(path.name for path in CAPTURES.glob("*.pcap")))
def test_no_request_of_a_capture_is_taken_for_the_kernels(name: str) -> None:
    """Each datagram alone, with nothing before it."""
    path = CAPTURES / name
    alone = [walk(data, Context()) for data in datagrams(path)]
    together = [seen.frame for seen in FrameStream(str(path)).frames()]
    turned = {
        number: message.direction
        for number, (one, whole) in enumerate(zip(alone, together, strict=True), 1)
        for message, known in zip(one.messages, whole.messages, strict=True)
        if message.flags & 1 and message.direction != TO_KERNEL and not message.direction_known
    }
    assert KNOWN.get(name, {}) == turned


def message(number: int, body: bytes, flags: int = 5, pid: int = 9, order: str = "<") -> bytes:
    header = struct.pack(order + "IHHII", 16 + len(body), number, flags, 1, pid)
    return struct.pack(">HHH8xH", 4, 824, 0, ROUTE) + header + body


def attribute(number: int, data: bytes, order: str = "<") -> bytes:
    return struct.pack(order + "HH", 4 + len(data), number) + data + bytes(-len(data) % 4)


def statistics(order: str) -> bytes:
    """u32 with one action, as tc_action_dump_1 and u32_dump write it."""
    action = attribute(1, b"gact\0", order) + attribute(4, b"", order)
    actions = attribute(7, attribute(1, action, order), order)
    return bytes(20) + attribute(1, b"u32\0", order) + attribute(0x8002, actions, order)


@pytest.mark.parametrize(
    ("data", "way"),
    [
        (message(104, bytes([2, 253, 0, 0]) + bytes(4), 0x605), NOTIFICATION),  # RTM_NEWNEXTHOP, nh_scope
        (message(104, bytes([2, 253, 0, 0]) + bytes(4), 0x605, pid=0), TO_KERNEL),  # no port: not from the kernel
        (message(104, bytes(8) + attribute(2, bytes(8)), 0x605), TO_KERNEL),  # a group
        (
            message(104, bytes(8) + attribute(2, bytes(8)) + attribute(14, bytes(4)), 0x605),
            NOTIFICATION,
        ),  # NHA_OP_FLAGS
        (message(105, bytes(8) + attribute(1, bytes(4))), TO_KERNEL),  # RTM_DELNEXTHOP, NHA_ID
        (message(105, bytes(8) + attribute(2, bytes(8)) + attribute(3, bytes(2))), NOTIFICATION),  # NHA_GROUP_TYPE
        (message(105, bytes(8) + attribute(4, b"")), NOTIFICATION),  # NHA_BLACKHOLE
        (message(44, statistics("<"), 0x605), NOTIFICATION),
        (message(44, statistics(">"), 0x605, order=">"), NOTIFICATION),
        (message(44, statistics("<").replace(b"u32", b"fw\0"), 0x605), TO_KERNEL),  # 7 is no list of actions there
        (message(44, bytes(20) + attribute(3, bytes(36))), TO_USER),  # TCA_STATS, no flag of NEW
        (message(45, bytes(20) + attribute(3, bytes(36))), NOTIFICATION),
        (message(36, statistics("<")), TO_KERNEL),  # RTM_NEWQDISC
    ],
    ids=lambda value: value if isinstance(value, str) else f"type {value[20:22].hex()}",
)
def test_what_shows_that_the_kernel_wrote_a_message(data: bytes, way: str) -> None:
    (walked,) = walk(data, Context()).messages
    assert way == walked.direction
    assert way == nlmon(data).messages[0].inferred_direction


def test_blocks_look_at_all_types_whose_content_may_tell() -> None:
    """BlockTracker opens the types in AnswerRules.repeated only."""
    assert {(ROUTE, number) for number in types_with_kernel_content(ROUTE)} <= RULES.repeated
    assert [44, 45, 48, 104, 105] == sorted(types_with_kernel_content(ROUTE))
