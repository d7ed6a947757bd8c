"""The request tracker: which request a message belongs to and where it went, by single messages and by blocks alike."""

from __future__ import annotations

import json
import struct

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scapy.sendrecv import sniff

from nldissect.families.answer_rules import RULES
from nldissect.request_tracker import DEL, GET, NEW, NOTIFICATION, TO_KERNEL, TO_USER, RequestHeader, RequestTracker
from nldissect.scapy_session import NetlinkSession
from tests.helpers.cli import lines, run
from tests.helpers.paths import CAPTURES
from tests.helpers.pcap_bytes import pcap, pcap_record
from tests.helpers.prior_requests import by_blocks, by_frames, without_causes

ROUTE, XFRM, FIB_LOOKUP, NETFILTER = 0, 6, 10, 12


@pytest.mark.parametrize("name", sorted(path.name for path in CAPTURES.glob("*.pcap")))
def test_frame_by_frame_and_block_by_block_are_the_same(name: str) -> None:
    frames = without_causes(by_frames(CAPTURES / name))
    assert frames == by_blocks(CAPTURES / name, 1 << 20)
    assert frames == by_blocks(CAPTURES / name, 4096)


PLACES = [
    (ROUTE, 16), (ROUTE, 18), (ROUTE, 24), (ROUTE, 26), (ROUTE, 28), (ROUTE, 44), (ROUTE, 45), (ROUTE, 46),
    (ROUTE, 104), (ROUTE, 105), (XFRM, 16), (XFRM, 20), (FIB_LOOKUP, 0x10), (NETFILTER, 0xA00), (NETFILTER, 0xA01),
    (NETFILTER, 0x10), (NETFILTER, 0x11), (NETFILTER, 0x100),
]  # fmt: skip
MESSAGES = st.lists(
    st.tuples(
        st.sampled_from(PLACES),
        st.sampled_from([1, 5, 0x301, 0x305, 0, 2, 0x605]),  # nlmsg_flags
        st.integers(0, 2),  # sequence number
        st.sampled_from([0, 7, 9]),  # port
        st.sampled_from(["message", "message", "message", "ack", "done"]),
        st.booleans(),  # in the same datagram as the one before
        st.sampled_from([0, 0, 253]),  # nh_scope, which tells that the kernel wrote it
    ),
    max_size=40,
)


def written(messages: list[tuple[tuple[int, int], int, int, int, str, bool, int]]) -> bytes:
    """A capture of them; an ack repeats the header of the message it is drawn from."""
    frames: list[tuple[int, bytes]] = []
    for (protocol, number), flags, seq, pid, what, joined, scope in messages:
        body = struct.pack("<IHHII", 20, number, flags, seq, pid) + bytes([2, scope, 0, 0])
        if what == "ack":
            body = struct.pack("<IHHIIi", 36, 2, 0, seq, 9, 0) + body[:16]
        elif what == "done":
            body = struct.pack("<IHHIIi", 20, 3, 2, seq, 9, 0)
        if joined and frames and frames[-1][0] == protocol:
            frames[-1] = protocol, frames[-1][1] + body
        else:
            frames.append((protocol, body))
    return pcap() + b"".join(
        pcap_record(struct.pack(">HHH8xH", 4, 824, 0, protocol) + data) for protocol, data in frames
    )


@settings(max_examples=300, deadline=None)
@example([((FIB_LOOKUP, 0x10), flags, 1, 0, "message", False, 0) for flags in (1, 0, 1)], 64)  # asked, told, asked
@given(MESSAGES, st.sampled_from([64, 300, 1 << 20]))
def test_any_traffic_frame_by_frame_and_block_by_block(tmp_path_factory, messages, window) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.getbasetemp() / "any.pcap"
    path.write_bytes(written(messages))
    assert without_causes(by_frames(path)) == by_blocks(path, window)


def test_events_with_the_flags_of_their_request() -> None:
    """`ip nexthop add` (nexthop.pcap 7): the notification (8) has NLM_F_REQUEST too, and the sender's port."""
    found = {number: (way, prior) for number, _, way, prior, _ in by_frames(CAPTURES / "nexthop.pcap")}
    assert [(TO_KERNEL, None), (NOTIFICATION, 7), (TO_USER, 7)] == [found[7], found[8], found[9]]


EVENTS = {17: 13, 24: 23, 37: 36, 44: 43, 68: 67, 71: 70, 76: 75, 81: 80, 84: 83}
"""tc_monitor.pcap: what `tc monitor` and `ip monitor` printed of the commands, and the frames of their requests. Chains
are told of without sequence number and port."""
REQUEST_FLAG = sorted({*EVENTS, 31, 59} - {71})
"""Messages of the kernel that have NLM_F_REQUEST (tcf_del_notify gives none), also the answers of `get`."""


def test_what_monitors_print_is_no_request() -> None:
    """captures/topics/tc_monitor.sh"""
    frames = by_frames(CAPTURES / "tc_monitor.pcap")
    found = {number: (way, prior) for number, _, way, prior, _ in frames}
    assert {number: (NOTIFICATION, prior) for number, prior in EVENTS.items()} == {one: found[one] for one in EVENTS}
    assert [(TO_USER, 30), (TO_USER, 58)] == [found[31], found[59]]  # of tc filter get, tc chain get
    asked = [number for number, _, way, *_ in frames if way == TO_KERNEL]
    assert [1, 5, 9, 13, 19, 23, 26, 30, 32, 36, 39, 43, 47, 51, 54, 58, 60, 64, 67, 70, 73, 75, 78, 80, 83] == asked


def test_filters_and_json_have_the_same_direction() -> None:
    path = CAPTURES / "tc_monitor.pcap"
    wanted = 'direction != "to kernel" and nlmsg_flags & NLM_F_REQUEST'
    assert REQUEST_FLAG == [int(one) for one in lines("read", path, "-Y", wanted, "-T", "fields", "-e", "frame.number")]
    told = [json.loads(line) for line in lines("read", path, "-T", "ndjson")]
    assert REQUEST_FLAG == [
        one["frame"] for one in told if one["direction"] != TO_KERNEL and "NLM_F_REQUEST" in one["nlmsg_flags"]
    ]
    assert [] == [note for one in told if one["direction"] != TO_KERNEL for note in one.get("notes", ())]


def test_what_the_kernel_said_is_not_sent_again() -> None:
    """`nldissect send --dry-run`: one line a request."""
    done = run("send", "--dry-run", CAPTURES / "tc_monitor.pcap", "-Y", "nlmsg_type == RTM_NEWACTION")
    assert [b"RTM_NEWACTION"] == [line.split()[4] for line in done.stdout.splitlines()]


def test_scapy_with_a_session_agrees() -> None:
    """sniff(offline=..., session=NetlinkSession)"""
    path = CAPTURES / "tc_monitor.pcap"
    packets = sniff(offline=str(path), session=NetlinkSession, quiet=True)
    ways = [message.inferred_direction for packet in packets for message in packet.messages]
    assert [way for _, _, way, *_ in by_frames(path)] == ways


def test_a_port_that_is_only_claimed_keeps_no_answer_away() -> None:
    """captures/topics/claimed_port.sh: nlmsg_pid of the requests is the process id, the socket's port id is another."""
    path = CAPTURES / "claimed_port.pcap"
    found = json.loads("".join(lines("exchanges", path, "-T", "json")))
    mine = found[1:]  # the first is that of `ip monitor`
    assert ["RTM_GETROUTE", "RTM_GETLINK"] * 3 + ["RTM_NEWROUTE", "RTM_DELROUTE"] == [one["request"] for one in mine]
    assert {"ok"} == {one["result"] for one in found}
    ports = {one["port"] for one in mine}
    assert 1 == len(ports) and min(ports) > 1 << 31
    told = lines(
        "read", path, "-Y", 'expert.kind == "port id"', "-T", "fields", "-e", "frame.number", "-e", "nlmsg_pid"
    )
    assert [one["frame"] for one in mine] == [int(line.split()[0]) for line in told]
    assert 1 == len({line.split()[1] for line in told})


def header(number: int, flags: int = 5, seq: int = 1, pid: int = 0, protocol: int = ROUTE) -> RequestHeader:
    return RequestHeader(protocol, 40, number, flags, seq, pid)


def test_the_latest_request_that_waits_is_acknowledged() -> None:
    """Two programs of one second send the same header: each acknowledgement closes one of them, the latest first."""
    tracker: RequestTracker[str] = RequestTracker(RULES)
    for frame in (1, 2):
        tracker.observe(frame, header(24), TO_KERNEL, f"request {frame}", verb=NEW)
    answers = [tracker.observe(frame, header(2, 0, pid=9), TO_USER, "", echo=header(24)) for frame in (3, 4, 5)]
    assert ["request 2", "request 1", "request 2"] == [one.kept for one in answers if one is not None]


def test_of_one_datagram_the_first_is_acknowledged_first() -> None:
    tracker: RequestTracker[str] = RequestTracker(RULES)
    for place in "abc":
        tracker.observe(1, header(24), TO_KERNEL, place, verb=NEW)
    answers = [tracker.observe(2, header(2, 0, pid=9), TO_USER, "", echo=header(24)) for _ in range(3)]
    assert ["a", "b", "c"] == [one.kept for one in answers if one is not None]


def test_a_dump_is_ended_by_its_number_unless_two_are_open() -> None:
    tracker: RequestTracker[str] = RequestTracker(RULES)
    done = header(3, 2, pid=9)
    tracker.observe(1, header(26, 0x301), TO_KERNEL, "routes", verb=GET)
    assert "routes" == getattr(tracker.observe(2, done, TO_USER, ""), "kept", None)
    assert tracker.observe(3, done, TO_USER, "") is None
    for frame in (4, 5):
        tracker.observe(frame, header(26, 0x301), TO_KERNEL, "routes", verb=GET)
    assert tracker.observe(6, done, TO_USER, "") is None


def test_memory_is_bounded() -> None:
    tracker: RequestTracker[int] = RequestTracker(RULES, capacity=3)
    for frame in range(1, 6):
        tracker.observe(frame, header(24, seq=frame), TO_KERNEL, frame, verb=NEW)
    assert [3, 4, 5] == [request.frame for request in tracker]
    assert tracker.observe(6, header(2, 0, pid=9), TO_USER, 0, echo=header(24, seq=2)) is None
    assert tracker.latest(ROUTE, 2) is None


@pytest.mark.parametrize(
    ("request_", "message", "guess", "way"),
    [
        (header(24), header(24, 0x600, pid=9), TO_USER, NOTIFICATION),  # ip route add, ip monitor
        (header(26), header(24, 0, pid=9), TO_USER, TO_USER),  # ip route get
        (header(24), header(24, 2, pid=9), TO_USER, TO_USER),  # a part of somebody's dump
        (header(24), header(16, 0, pid=9), TO_USER, TO_USER),  # a link is no event of a route
        (header(44), header(44, 5, pid=9), TO_KERNEL, NOTIFICATION),  # tc filter add, tc monitor
        (header(44, pid=9), header(44, 5, pid=9), TO_KERNEL, NOTIFICATION),  # the same by a libnl program
        (header(44, pid=7), header(44, 5, pid=9), TO_KERNEL, TO_KERNEL),  # two libnl programs
        (header(44, 0x605), header(44, 5, pid=9), TO_KERNEL, TO_KERNEL),  # other flags: another request
        (header(46), header(44, 5, pid=9), TO_KERNEL, TO_USER),  # tc filter get
        (header(24), header(24, 5, pid=9), TO_KERNEL, TO_KERNEL),  # the kernel tells of routes with flags of its own
        (header(79), header(79, 0, pid=9), TO_USER, TO_USER),  # RTM_SETDCB is answered
        (None, header(28, 0, seq=0, pid=9), TO_USER, NOTIFICATION),  # ip neigh add, ip monitor
        (header(30, seq=0), header(28, 0, seq=0, pid=9), TO_USER, TO_USER),  # ip neigh get of a program that counts not
        (header(0x11, protocol=12), header(0xA00, 0, pid=9, protocol=12), TO_USER, NOTIFICATION),  # nft, nft monitor
    ],
)
def test_directions(request_: RequestHeader | None, message: RequestHeader, guess: str, way: str) -> None:
    tracker: RequestTracker[None] = RequestTracker(RULES)
    if request_ is not None:
        verb = (NEW, DEL, GET, NEW)[request_.type & 3] if request_.protocol == ROUTE else 0
        tracker.observe(1, request_, TO_KERNEL, None, verb=verb)
    assert way == tracker.direction(message, guess)


def test_an_answered_request_repeats_nothing() -> None:
    """After the acknowledgement the same flags, number and port are another request."""
    tracker: RequestTracker[None] = RequestTracker(RULES)
    tracker.observe(1, header(44), TO_KERNEL, None, verb=NEW)
    tracker.observe(2, header(2, 0, pid=9), TO_USER, None, echo=header(44))
    assert TO_KERNEL == tracker.direction(header(44, pid=9), TO_KERNEL)
