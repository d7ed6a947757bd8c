"""A family without a table whose policy the capture holds: attributes by number, of the types the policy says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nldissect.wire import Context, DecodedMessage, nlmon, walk
from nldissect.wire.packets.policy import body_by_policy, merged
from tests.helpers.captures import frames as frames_in
from tests.helpers.cli import lines
from tests.helpers.column_hits import compare, frames_of
from tests.helpers.genl_messages import FAMILY, attrs, s32, text, u8, u16, u32, u64, values
from tests.helpers.messages import GENERIC, REQUEST, frame, message, write
from tests.helpers.policy_dump import BODY, DUMP, MULTI, POLICY, generic_message, policy_answer
from tests.helpers.reader_agreement import tree_of_packet, tree_of_walked

TYPED = {"1": 5555, "2": "hello", "3": {"4": 9}, "9": {"undecoded": "01000000"}}
UNTYPED = {"1": {"undecoded": "b315"}, "2": {"undecoded": "68656c6c6f00"}}


def read(tmp_path: Path, *parts: bytes) -> list[dict[str, Any]]:
    """The attributes of the family's messages; all three readers agree on them, in small windows too."""
    path = write(tmp_path / "case.pcap", *parts)
    compare(path)
    compare(path, few=100)
    walking, dissecting = Context("little"), Context("little")
    for one in parts:
        packet = nlmon(one, _context=dissecting)
        assert one == bytes(packet)
        assert [tree_of_walked(message) for message in walk(one, walking).messages] == [
            tree_of_packet(message) for message in packet.messages
        ]
    walked = [message for one in frames_of(path) for message in one.messages if message.number == FAMILY]
    return [values(message) for message in walked]


def test_types_hold_from_where_they_were_told(tmp_path: Path) -> None:
    before, after = read(tmp_path, generic_message(1, BODY), *POLICY, generic_message(1, BODY))

    assert UNTYPED == {name: before[name] for name in UNTYPED}
    assert TYPED == after


def test_types_come_answer_by_answer(tmp_path: Path) -> None:
    first, second = read(tmp_path, *POLICY[:2], generic_message(1, BODY), POLICY[2], generic_message(1, BODY))

    assert (5555, {"undecoded": "68656c6c6f00"}) == (first["1"], first["2"])
    assert (5555, "hello") == (second["1"], second["2"])


def test_a_dump_has_a_policy_of_its_own_and_its_answers_the_other(tmp_path: Path) -> None:
    asked, answered = read(
        tmp_path, *POLICY, generic_message(2, {7: b""}, REQUEST | DUMP), generic_message(2, BODY, MULTI)
    )

    assert {"7": True} == asked
    assert TYPED == answered


def test_a_command_without_policy_stays_as_it_is(tmp_path: Path) -> None:
    (other,) = read(tmp_path, *POLICY, generic_message(3, BODY))

    assert UNTYPED == {name: other[name] for name in UNTYPED}


def test_a_policy_of_another_family_says_nothing(tmp_path: Path) -> None:
    raw = frame(GENERIC, message(FAMILY + 1, bytes([1, 1, 0, 0]) + attrs(BODY), REQUEST, 7, 9))
    path = write(tmp_path / "case.pcap", *POLICY, raw)
    compare(path)
    last: DecodedMessage = frames_of(path)[-1].messages[0]

    assert {"undecoded": "b315"} == values(last)["1"]


def test_a_size_that_does_not_fit_is_noted(tmp_path: Path) -> None:
    path = write(tmp_path / "case.pcap", *POLICY, generic_message(1, {1: u8(1), 2: text("x")}))
    compare(path)
    last: DecodedMessage = frames_of(path)[-1].messages[0]

    assert "1: 1 bytes, not 2" in [note.text for note in last.notes]


@pytest.mark.parametrize(
    ("kind", "data", "value"),
    [(2, u8(7), 7), (4, u32(7), 7), (5, u64(7), 7), (6, b"\xff", -1), (8, s32(-7), -7), (16, s32(-7), -7),
     (17, u64(7), 7), (11, b"word", "word"), (15, u32(1) + u32(3), {"value": 1, "selector": 3}), (10, b"\1\2", "0102")],
)  # fmt: skip
def test_every_type(tmp_path: Path, kind: int, data: bytes, value: Any) -> None:
    policy = [POLICY[0], policy_answer({8: {0: {1: {1: u32(kind)}}}})]

    assert [{"1": value}] == read(tmp_path, *policy, generic_message(1, {1: data}))


def test_an_array_of_nests(tmp_path: Path) -> None:
    policy = [POLICY[0], policy_answer({8: {0: {1: {1: u32(14), 8: u32(2)}}}}), POLICY[4]]
    (found,) = read(tmp_path, *policy, generic_message(1, {1: {1: {4: u64(5)}, 2: {4: u64(6)}}}))

    assert [{"4": 5}, {"4": 6}] == list(found["1"].values())


def test_a_policy_may_hold_itself() -> None:
    body = body_by_policy("0.1=13>0 0.2=4 do1=0", 1, False)
    assert body is not None
    packet = body(attrs({1: {1: {2: u32(7)}}}))

    assert "7" in packet.show(dump=True)


def test_what_is_told_again_is_known_once() -> None:
    known = merged(merged(None, "do1=0 0.1=3"), "0.2=4")

    assert known == merged(known, "0.1=3")
    assert "0.1=5" in merged(known, "0.1=5")


def test_real_policy_and_real_messages(tmp_path: Path) -> None:
    """genl ctrl policy name fou; ip fou add port 5555 ipproto 4 local 192.0.2.1, whose family nobody names here.

    The policy has u16 for the port, whose byte order it does not know.
    """
    context = Context()
    answers = [
        one
        for one in frames_in("genl_policy.pcap")
        if all(message.find("CTRL_ATTR_FAMILY_NAME") is None for message in walk(one, Context()).messages)
    ]
    number = next(
        node.value for one in answers for node in [walk(one, context).messages[0].find("CTRL_ATTR_FAMILY_ID")] if node
    )
    asked = next(one for one in frames_in("fou.pcap") if walk(one, context) and one[20:22] not in (b"\x10\0", b"\2\0"))
    request = asked[:20] + u16(number) + asked[22:]
    path = write(tmp_path / "fou.pcap", *answers, request)
    compare(path)
    last: DecodedMessage = frames_of(path)[-1].messages[0]

    assert {"1": 0xB315, "2": 2, "3": 4, "4": 1, "6": int.from_bytes(bytes([192, 0, 2, 1]), "little")} == (values(last))


def test_command_line(tmp_path: Path) -> None:
    """Lists, trees and JSON of the same file, and a filter that reads it by columns."""
    path = str(write(tmp_path / "case.pcap", *POLICY, generic_message(1, BODY)))

    objects = lines("read", path, "-T", "ndjson")

    assert "1 5555 2 hello 3 1 9 01000000" in lines("read", path)[-1]
    assert '"1":5555,"2":"hello","3":{"4":9}' in objects[-1]
    assert objects[-1:] == lines("read", path, "-T", "ndjson", "-Y", "nlmsg_type == 28")
