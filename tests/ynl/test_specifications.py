"""YNL specifications: every kind of attribute, numbering of operations, whose table wins.

The specifications here are written for these tests; the kernel's own stay in the kernel.
"""

from __future__ import annotations

import json
import socket
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest

from nldissect import ynl
from nldissect.wire.packets.bindings import commands_of
from tests.helpers.genl_messages import line, s32, said, text, u8, u16, u32, u64, values
from tests.helpers.ynl_specs import TEAM, TOY, read, spec

DIRECTIONAL = """
name: twoway
protocol: genetlink-legacy
definitions:
  - type: struct
    name: head
    members: [{name: type, type: u8}, {name: fill, type: pad, len: 3}, {name: ifindex, type: u32}]
attribute-sets:
  - name: a
    name-prefix: two-attr-
    attributes: [{name: number, type: u32}]
operations:
  enum-model: directional
  name-prefix: two-msg-
  fixed-header: head
  list:
    - {name: first, attribute-set: a, do: {request: {attributes: [number]}, reply: {attributes: [number]}}}
    - {name: silent, attribute-set: a, do: {request: {attributes: [number]}}}
    - {name: second, attribute-set: a, do: {request: {attributes: [number]}, reply: {value: 5, attributes: [number]}}}
    - {name: change-ntf, notify: first}
    - {name: third, attribute-set: a, dump: {request: {value: 20}, reply: {attributes: [number]}}}
"""

METRICS = """
name: tcp_metrics
protocol: genetlink-legacy
attribute-sets:
  - name: tcp-metrics
    name-prefix: tcp-metrics-attr-
    attributes:
      - {name: addr-ipv4, type: u32, byte-order: big-endian, display-hint: ipv4}
      - {name: addr-ipv6, type: binary, display-hint: ipv6}
      - {name: age, type: u64}
      - {name: tw-tsval, type: u32}
      - {name: tw-ts-stamp, type: s32}
      - {name: vals, type: nest, nested-attributes: metrics}
      - {name: fopen-mss, type: u16}
      - {name: fopen-syn-drops, type: u16}
      - {name: fopen-syn-drop-ts, type: u64}
      - {name: fopen-cookie, type: binary}
      - {name: saddr-ipv4, type: u32, byte-order: big-endian, display-hint: ipv4}
      - {name: saddr-ipv6, type: binary, display-hint: ipv6}
      - {name: pad, type: pad}
  - name: metrics
    name-prefix: tcp-metrics-a-metrics-
    attributes:
      - {name: rtt, type: u32}
      - {name: rttvar, type: u32}
      - {name: ssthresh, type: u32}
      - {name: cwnd, type: u32}
      - {name: reodering, type: u32}
      - {name: rtt-us, type: u32}
      - {name: rttvar-us, type: u32}
operations:
  list:
    - {name: get, attribute-set: tcp-metrics, do: {}, dump: {}}
    - {name: del, attribute-set: tcp-metrics, do: {}}
"""


def test_every_kind_of_attribute(tmp_path: Path) -> None:
    ynl.use(spec(tmp_path, TOY))
    point = struct.pack("<h", -2) + struct.pack(">H", 3) + b"here\0\0\0\0" + u32(2)
    given = {
        1: u8(8), 2: struct.pack(">H", 515), 5: u64(1 << 40), 6: s32(-3), 7: text("hello"), 8: b"", 9: u32(2 | 1 << 7),
        10: u32(1) + u32(3), 11: point, 12: struct.pack(">II", 1, 2), 13: bytes.fromhex("020000000001"),
        14: socket.inet_pton(10, "2001:db8::1"), 15: socket.inet_aton("192.0.2.1"), 16: b"\1\2", 17: bytes(16),
        18: [{1: u32(16)}, {2: {1: u32(17)}}], 19: {1: {1: u32(1)}, 2: {1: u32(2)}}, 20: {1: u32(5), 2: u32(6)},
        21: {3: {4: {1: u32(9)}}}, 40: u64(7), 41: s32(-7),
    }  # fmt: skip
    found = values(said(tmp_path, "toy-box", 1, given))

    assert {
        "TOY_BOX_A_ONE": "TOY_BOX_COLOUR_GREEN",
        "TOY_BOX_A_TWO": 515,
        "TOY_BOX_A_ANY": 1 << 40,
        "TOY_BOX_A_BELOW": -3,
        "TOY_BOX_A_LABEL": "hello",
        "TOY_BOX_A_ON": True,
        "TOY_BOX_A_BITS": ["TOY_BOX_COLOUR_RED", "TOY_BOX_COLOUR_BLUE"],
        "TOY_BOX_A_FIELD": {"value": ["TOY_M_FAST"], "selector": ["TOY_M_FAST", "TOY_M_SAFE"]},
        "TOY_BOX_A_AT": {"x": -2, "y": 3, "name": "here", "flags": ["TOY_M_SAFE"]},
        "TOY_BOX_A_WORDS": [1, 2],
        "TOY_BOX_A_LINK": "02:00:00:00:00:01",
        "TOY_BOX_A_SIX": "2001:db8::1",
        "TOY_BOX_A_FOUR": "192.0.2.1",
        "TOY_BOX_A_BLOB": "0102",
        "TOY_BOX_A_CIPHER_KEY": {"secret": 16},
        "TOY_BOX_A_INNER": [{"TOY_BOX_A_PART_ID": 16}, {"TOY_BOX_A_PART_AGAIN": {"TOY_BOX_A_PART_ID": 17}}],
        "TOY_BOX_A_FAR": 7,
        "TOY_BOX_A_SIGNED": -7,
    } == {name: value for name, value in found.items() if name[10:] not in ("ARRAY", "NUMBERS", "GRID")}
    assert [1, 2] == [one["TOY_BOX_A_PART_ID"] for one in found["TOY_BOX_A_ARRAY"].values()]
    assert [5, 6] == list(found["TOY_BOX_A_NUMBERS"].values())
    (row,) = found["TOY_BOX_A_GRID"].values()
    assert [{"TOY_BOX_A_PART_ID": 9}] == list(row.values())


@pytest.mark.parametrize(
    ("sort", "payload", "value"),
    [
        ("a", u32(5), {"in": 5}),
        ("b", {1: u32(6)}, {"TOY_BOX_A_PART_ID": 6}),
        ("c", u32(5) + b"\x08\0\1\0" + u32(6), {"in": 5, "attrs": {"TOY_BOX_A_PART_ID": 6}}),
        ("d", u32(5), "05000000"),
    ],
)
def test_a_payload_selected_by_a_sibling(tmp_path: Path, sort: str, payload: Any, value: Any) -> None:
    ynl.use(spec(tmp_path, TOY))

    assert value == values(said(tmp_path, "toy-box", 1, {22: payload, 23: text(sort)}))["TOY_BOX_A_PAYLOAD"]


def named(family: str, number: int) -> list[tuple[str, str | None]]:
    return [(one.name, one.to) for one in commands_of(family, number)]


def test_operations_of_one_numbering(tmp_path: Path) -> None:
    """A value carries on; a notification carries what it notifies of."""
    ynl.use(spec(tmp_path, TOY))

    assert [("TOY_BOX_CMD_GET", None)] == named("toy-box", 1)
    assert [("TOY_BOX_CMD_GET_NTF", None)] == named("toy-box", 2)
    assert [("TOY_BOX_CMD_PART_SET", None), ("TOY_BOX_CMD_PART_EVENT", None)] == named("toy-box", 9) + named(
        "toy-box", 10
    )
    assert "TOY_BOX_A_PART_ID 0x7" == line(said(tmp_path, "toy-box", 10, {1: u32(7)}, "notification"))
    assert "TOY_BOX_A_ONE red" == line(said(tmp_path, "toy-box", 2, {1: u8(1)}, "notification"))


def test_operations_that_count_each_way(tmp_path: Path) -> None:
    ynl.use(spec(tmp_path, DIRECTIONAL))

    assert [("TWO_MSG_FIRST", None)] == named("twoway", 1)
    assert [("TWO_MSG_SILENT", "kernel")] == named("twoway", 2)
    assert [("TWO_MSG_SECOND", "kernel")] == named("twoway", 3)
    assert [("TWO_MSG_SECOND_REPLY", "user")] == named("twoway", 5)
    assert [("TWO_MSG_CHANGE_NTF", "user")] == named("twoway", 6)
    assert [("TWO_MSG_THIRD", "kernel")] == named("twoway", 20)
    assert [("TWO_MSG_THIRD_REPLY", "user")] == named("twoway", 7)


def test_a_header_before_the_attributes(tmp_path: Path) -> None:
    """Names that Scapy keeps for itself are written as the specification has them."""
    from nldissect.wire import Context, nlmon, walk
    from tests.helpers.genl_messages import FAMILY, attrs

    ynl.use(spec(tmp_path, DIRECTIONAL))
    body = bytes([1, 1, 0, 0]) + u8(4) + bytes(3) + u32(9) + attrs({1: u32(5)})
    raw = u32(16 + len(body)) + u16(FAMILY) + u16(1) + u32(7) + u32(0) + body
    frame = bytes.fromhex("0004 0338 0000 0000000000000000 0010") + raw
    context = Context("little")
    context.learn("genl", FAMILY, "twoway")
    (message,) = walk(frame, context).messages

    assert {"type": 4, "ifindex": 9, "TWO_ATTR_NUMBER": 5} == {
        name: message.find(name).value
        for name in ("type", "ifindex", "TWO_ATTR_NUMBER")  # type: ignore[union-attr]
    }
    assert frame == bytes(nlmon(frame, _context=context))


def test_a_specification_says_what_our_table_says(tmp_path: Path) -> None:
    """On real bytes, names included."""
    ours, theirs = (
        read("tcp_metrics.pcap", "-T", "ndjson"),
        read("tcp_metrics.pcap", "-T", "ndjson", "--ynl", spec(tmp_path, METRICS)),
    )

    def layers(done: subprocess.CompletedProcess[str]) -> list[Any]:
        return [json.loads(one)["layers"] for one in done.stdout.splitlines()]

    assert "TCP_METRICS_A_METRICS_RTT_US" in ours.stdout
    assert layers(ours) == layers(theirs)


def test_a_file_wins_over_our_table_and_a_folder_does_not(tmp_path: Path) -> None:
    other = METRICS.replace("name: age,", "name: years,")
    path = spec(tmp_path, other, "tcp_metrics.yaml")

    assert "TCP_METRICS_ATTR_YEARS" in read("tcp_metrics.pcap", "-T", "ndjson", "--ynl", path).stdout
    assert "TCP_METRICS_ATTR_YEARS" not in read("tcp_metrics.pcap", "-T", "ndjson", "--ynl", str(tmp_path)).stdout


@pytest.mark.parametrize("below", ["", "specs", "Documentation/netlink/specs"])
def test_a_folder_serves_families_without_a_table(tmp_path: Path, below: str) -> None:
    """Also with names in filters; the file may be called as it likes."""
    folder = tmp_path / "given" / below
    folder.mkdir(parents=True)
    spec(folder, TOY, "some.yaml")
    spec(folder, "name: rt-link\nprotocol: netlink-raw\n", "raw.yaml")
    ynl.use(str(tmp_path / "given"))

    assert 5 == values(said(tmp_path, "toy-box", 9, {1: u32(5)}))["TOY_BOX_A_PART_ID"]


def test_usual_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody said --ynl: a family is looked for where distributions put specifications. A bad one costs a line."""
    spec(tmp_path, TOY, "toy-box.yaml")
    spec(tmp_path, "name: broken\nattribute-sets: 5\n", "broken.yaml")
    monkeypatch.setattr(ynl, "USUAL", (str(tmp_path),))

    assert [("TOY_BOX_CMD_GET", None)] == named("toy-box", 1)
    assert [] == named("broken", 1)
    assert "broken.yaml:1: the specification: attribute-sets is 5, not a list; family broken is shown by number\n" in (
        capsys.readouterr().err
    )


RAW = """
name: hello
protocol: netlink-raw
protonum: 27
definitions:
  - type: struct
    name: hellomsg
    members: [{name: kind, type: u8}, {name: pad, type: pad, len: 3}, {name: count, type: u32}]
attribute-sets:
  - {name: words, name-prefix: hello-, attributes: [{name: text, type: string}, {name: size, type: u32}]}
operations:
  name-prefix: hello-
  fixed-header: hellomsg
  enum-model: directional
  list:
    - {name: new, attribute-set: words, do: {request: {value: 16, attributes: [text]}}}
    - {name: get, attribute-set: words, dump: {request: {value: 18}, reply: {value: 16, attributes: [text, size]}}}
    - {name: told, attribute-set: words, event: {attributes: [text]}, value: 40}
"""


def test_a_protocol_of_its_own(tmp_path: Path) -> None:
    """netlink-raw: message types instead of commands; an answer bears the number of what makes the thing."""
    from nldissect.wire import Context, nlmon, walk
    from tests.helpers.genl_messages import attrs

    ynl.use(spec(tmp_path, RAW))
    told = {}
    for number, flags in ((16, 5), (16, 2), (18, 0x301), (40, 0)):
        body = u8(3) + bytes(3) + u32(9) + attrs({1: text("hi"), 2: u32(7)})
        raw = u32(16 + len(body)) + u16(number) + u16(flags) + u32(7) + u32(0) + body
        frame = bytes.fromhex("0004 0338 0000 0000000000000000 001b") + raw
        (message,) = walk(frame, Context("little")).messages
        told[number, flags] = message.type_name
        assert [3, 9, "hi", 7] == [message.find(one).value for one in ("kind", "count", "HELLO_TEXT", "HELLO_SIZE")]  # type: ignore[union-attr]
        assert frame == bytes(nlmon(frame, _context=Context("little")))
    assert {(16, 5): "HELLO_NEW", (16, 2): "HELLO_NEW", (18, 0x301): "HELLO_GET", (40, 0): "HELLO_TOLD"} == told


def test_filters_know_the_names(tmp_path: Path) -> None:
    shown = ("-T", "fields", "-e", "TEAM_ATTR_TEAM_IFINDEX")
    done = read("team.pcap", "--ynl", spec(tmp_path, TEAM), "-Y", "TEAM_ATTR_TEAM_IFINDEX == 5", *shown)

    assert 0 == done.returncode
    assert {"5"} == set(done.stdout.split())
