"""Statistics: types, families, errors and the overview, known from tshark, from the bytes or by hand; their page."""

from __future__ import annotations

import fcntl
import gzip
import io
import json
import pty
import struct
import termios
from collections import Counter
from pathlib import Path

import pytest

from nldissect.analysis.stats.collector import Collector
from nldissect.analysis.stats.counts import TypeRow
from nldissect.columns.block_reader import BlockReader
from nldissect.render.names import message_name
from nldissect.render.stats import SECTIONS
from nldissect.render.stats.model import counters
from nldissect.stream.frames import FrameStream
from nldissect.terminal.colors import plain
from nldissect.terminal.table import Page, TableColumn
from tests.helpers.cli import complaint, lines, run, terminal
from tests.helpers.messages import (
    ACK,
    GENERIC,
    MULTI,
    REQUEST,
    ROUTE,
    attribute,
    error,
    family_answer,
    frame,
    link,
    message,
    write,
)
from tests.helpers.paths import CAPTURES
from tests.helpers.stats import MS, START, gathered, stats


class Screen(io.StringIO):
    """A terminal of so many columns."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.slave

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"


def types_of(path: Path, window: int = 1 << 20) -> list[TypeRow]:
    rows: list[TypeRow] = gathered(path, "types", window=window).sections["types"].result()
    return rows


ROUTE_TYPES = {
    16: "RTM_NEWLINK", 18: "RTM_GETLINK", 19: "RTM_SETLINK", 20: "RTM_NEWADDR", 24: "RTM_NEWROUTE",
    25: "RTM_DELROUTE", 26: "RTM_GETROUTE", 33: "RTM_DELRULE", 36: "RTM_NEWQDISC", 40: "RTM_NEWTCLASS",
}  # fmt: skip


def test_types_and_errors_are_those_that_tshark_counts() -> None:
    """tshark 4.4 -r errors.pcap -T fields -e netlink-route.nltype, and -e netlink.error; names of linux/rtnetlink.h."""
    told = {16: 45, 18: 17, 19: 1, 20: 1, 24: 3, 25: 1, 26: 1, 33: 1, 36: 2, 40: 2}
    found = stats(CAPTURES / "errors.pcap")
    counted: Counter[str] = Counter()
    for row in found["types"]:
        counted[row["name"]] += row["messages"]
    assert {ROUTE_TYPES[number]: count for number, count in told.items()} == {
        name: count for name, count in counted.items() if name.startswith("RTM_")
    }
    errors: Counter[str] = Counter()
    for row in found["errors"]["errors"]:
        errors[row["error"]] += row["messages"]
    numbers = {"ENETUNREACH": 2, "EHOSTUNREACH": 1, "EEXIST": 4, "ENODEV": 1, "ENOENT": 2, "EINVAL": 3, "ESRCH": 1,
               "ERANGE": 1, "EOPNOTSUPP": 4}  # fmt: skip
    assert numbers == errors
    assert 3 == found["errors"]["acks"]
    assert 91 == found["overview"]["frames"]
    assert 62976 == found["overview"]["bytes"]  # capinfos: data size


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.pcap")), ids=lambda path: path.stem)
def test_types_are_those_of_the_list(path: Path) -> None:
    """One message after the other, walked and named as the list does it, whatever the windows."""
    rows: dict[tuple[int, str, str | None], list[int]] = {}
    capture = FrameStream(str(path))
    for seen in capture.frames():
        for walked in seen.frame.messages:
            row = rows.setdefault((walked.protocol, message_name(walked), walked.direction), [0, 0])
            row[0] += 1
            row[1] += walked.length if walked.has_header else walked.end - walked.start
    capture.finish()
    for window in (4096, 1 << 20):
        assert {key: tuple(row) for key, row in rows.items()} == {
            (row.protocol, row.name, row.direction): (row.messages, row.bytes) for row in types_of(path, window)
        }, window


def test_types_say_when_first_and_last(tmp_path: Path) -> None:
    other = frame(ROUTE, link(1, kind=18, flags=REQUEST), link(1))
    path = write(tmp_path / "two.pcap", frame(ROUTE, link(1)), other, frame(ROUTE, link(2)), step=1500)
    assert [
        TypeRow(0, None, "RTM_NEWLINK", "notification", 3, 96, START, START + 3 * MS),
        TypeRow(0, None, "RTM_GETLINK", "to kernel", 1, 32, START + 1500_000, START + 1500_000),
    ] == types_of(path)


def test_bytes_are_those_sent_but_no_more_than_the_frame_held(tmp_path: Path) -> None:
    whole = link(1, attribute(3, b"eth0\0"))
    lying = struct.pack("<I", 4_000_000_000) + whole[4:]
    (row,) = types_of(write(tmp_path / "cut.pcap", frame(ROUTE, whole), snap=40))
    assert len(whole) == row.bytes == 44
    (row,) = types_of(write(tmp_path / "lying.pcap", frame(ROUTE, lying)))
    assert 44 == row.bytes


def test_families_by_protocol_and_generic_family(tmp_path: Path) -> None:
    path = write(
        tmp_path / "families.pcap",
        frame(GENERIC, family_answer(0x1C, b"first")),
        frame(GENERIC, message(0x1C, bytes([3, 1, 0, 0]), REQUEST), message(0x1C, bytes([4, 1, 0, 0]), REQUEST)),
        frame(GENERIC, message(0x33, bytes([9, 1, 0, 0]), REQUEST)),
        frame(GENERIC, message(3, bytes(4), MULTI, 1, 7)),
        frame(ROUTE, link(1), link(2), link(3)),
    )
    found = [(row["protocol"], row.get("family"), row["messages"], row["frames"], row["bytes"])
             for row in stats(path, "families")["families"]]  # fmt: skip
    assert [
        ("NETLINK_ROUTE", None, 3, 1, 96),
        ("NETLINK_GENERIC", "first", 2, 1, 40),
        ("NETLINK_GENERIC", None, 1, 1, 20),
        ("NETLINK_GENERIC", "0x33", 1, 1, 20),
        ("NETLINK_GENERIC", "nlctrl", 1, 1, 40),
    ] == found
    assert {("first", "first cmd 3"), ("0x33", "51 cmd 9")} <= {
        (row.get("family"), row["name"]) for row in stats(path, "types")["types"]
    }


EXTACK_MSG = 1


def test_errors_by_number_and_request(tmp_path: Path) -> None:
    request = link(1, kind=16, flags=REQUEST | ACK, seq=5)
    route = message(24, bytes(12), REQUEST | ACK, seq=6)
    path = write(
        tmp_path / "errors.pcap",
        frame(ROUTE, request),
        frame(ROUTE, error(22, request, attribute(EXTACK_MSG, b"no such thing\0"))),
        frame(ROUTE, error(22, request, attribute(EXTACK_MSG, b"no such thing\0"), capped=True)),
        frame(ROUTE, error(22, request)),
        frame(ROUTE, error(17, route, attribute(EXTACK_MSG, b"there\0"))),
        frame(ROUTE, error(0, route, capped=True), error(0, route, attribute(EXTACK_MSG, b"odd\0"), capped=True)),
        frame(ROUTE, message(3, struct.pack("<i", -95), MULTI, 9, 9)),
        frame(ROUTE, message(3, struct.pack("<i", 0), MULTI, 9, 9)),
        frame(ROUTE, error(4095, route)),
    )
    for window in (4096, 1 << 20):
        found = gathered(path, "errors", window=window).sections["errors"].result()
        assert 2 == found.acks
        assert [
            (22, "EINVAL", "Invalid argument", "RTM_NEWLINK", 3, 2, {"no such thing": 2}),
            (17, "EEXIST", "File exists", "RTM_NEWROUTE", 1, 5, {"there": 1}),
            (95, "EOPNOTSUPP", "Operation not supported", None, 1, 7, {}),
            (4095, "4095", "", "RTM_NEWROUTE", 1, 9, {}),
        ] == [
            (row.error, row.name, row.text, row.request, row.messages, row.first_frame, row.extack)
            for row in found.errors
        ]
        assert [("RTM_NEWROUTE", 6, {"odd": 1})] == [
            (row.request, row.first_frame, row.extack) for row in found.warnings
        ]
    text = lines("stats", path, "errors")
    assert "5 errors" not in text[0] and text[0].startswith("6 errors, 2 acks, 1 of them with a warning")
    assert text[2].endswith('Invalid argument: "no such thing" (2 of 3)')
    assert text[3].split()[:5] == ["EEXIST", "ROUTE", "RTM_NEWROUTE", "1", "5"]
    assert text[3].endswith('File exists: "there"')
    assert "end of a dump" in text[4]
    assert text[6].startswith("warning") and text[6].endswith('"odd"')


def test_a_generic_command_is_known_from_the_request_where_the_answer_repeats_its_header_only(tmp_path: Path) -> None:
    asked = [message(0x1C, bytes([number, 1, 0, 0]), REQUEST, seq=number) for number in (3, 4)]
    path = write(
        tmp_path / "generic.pcap",
        frame(GENERIC, family_answer(0x1C, b"first")),
        *[frame(GENERIC, one) for one in asked],
        *[frame(GENERIC, error(1, one, capped=True)) for one in (asked[1], asked[0], asked[1])],
        frame(GENERIC, error(1, message(0x1C, bytes([9, 1, 0, 0]), REQUEST, seq=9))),
        frame(GENERIC, error(1, message(0x1C, bytes([9, 1, 0, 0]), REQUEST, seq=8), capped=True)),
    )
    found = {row["request"]: row["messages"] for row in stats(path, "errors")["errors"]["errors"]}
    assert {"first cmd 4": 2, "first cmd 3": 1, "first cmd 9": 1, "first": 1} == found


def test_a_mask_says_which_messages_count(tmp_path: Path) -> None:
    request = link(1, kind=18, flags=REQUEST, seq=1)
    path = write(
        tmp_path / "mask.pcap", frame(ROUTE, request), frame(ROUTE, link(1), link(2)), frame(ROUTE, error(19, request))
    )
    source = BlockReader(str(path))
    found = Collector(source.context, counters(SECTIONS))
    for one in source.blocks():
        found.add(one, one.headers.type != 18)
    counted = {name: section.result() for name, section in found.sections.items()}
    assert {("RTM_NEWLINK", 2), ("NLMSG_ERROR", 1)} == {(row.name, row.messages) for row in counted["types"]}
    assert [(3, 2)] == [(row.messages, row.frames) for row in counted["families"]]
    assert ["RTM_GETLINK"] == [row.request for row in counted["errors"].errors]
    assert [3] == [row.messages for row in counted["coverage"]]
    assert 3 == sum(bucket.messages for bucket in counted["rate"].buckets)
    assert (2, 3, START + 1 * MS) == (found.overview.frames, found.overview.messages, found.overview.first)


def test_the_overview() -> None:
    text = lines("stats", CAPTURES / "errors.pcap", TZ="UTC")
    assert f"File        {CAPTURES}/errors.pcap, 64456 bytes" == text[0]
    assert "Frames      91, 62976 bytes" == text[1]
    assert "Messages    101" == text[2]
    assert "Byte order  little-endian" in text
    assert "Link type   NETLINK" in text
    assert {"Types", "Families"} <= set(text)
    assert [line for line in text if line.startswith("Errors  19 errors, 3 acks")]
    assert [line for line in text if line.startswith("Rate  a line is 50 ms")]  # 0.83 s
    assert "stats FILE coverage" in text[-1]


def test_objects_that_changed_most(tmp_path: Path) -> None:
    """A link that takes another MTU, and its own again, before it goes; another that comes and stays."""
    name, other = attribute(3, b"v1\0"), attribute(3, b"v2\0")
    large, small = (attribute(4, struct.pack("<I", size)) for size in (1500, 1400))
    told = [
        link(2, name, large), link(2, name, small), link(2, name, small), link(2, name, large),
        link(3, other, flags=0x600), link(2, name, kind=17),
    ]  # fmt: skip
    path = write(tmp_path / "x.pcap", *[frame(ROUTE, one) for one in told])
    first, second = stats(path, "objects")["objects"]["busiest"]

    assert ("link", "v1", 1, 6) == tuple(first[key] for key in ("object", "name", "first_frame", "last_frame"))
    assert {"first seen": 1, "IFLA_MTU": 2, "removed": 1} == first["what"]
    assert ({"IFLA_MTU": 1}, 4) == (first["came_back"], first["changes"])
    assert ("v2", 1, {"added": 1}) == tuple(second[key] for key in ("name", "changes", "what"))
    assert "link    v1          4      1     6  mtu 2 (1 back), first seen 1, removed 1" in lines(
        "stats", path, "objects"
    )


def test_an_overview_shows_the_first_types_a_section_all(tmp_path: Path) -> None:
    messages = [message(1000 + number) for number in range(30) for _ in range(30 - number)]
    path = write(tmp_path / "many.pcap", *[frame(ROUTE, one) for one in messages])
    text = lines("stats", path)
    assert "and 10 more: `nldissect stats FILE types`" in text
    assert 30 + 1 == len(lines("stats", path, "types"))
    assert 30 == len(stats(path)["types"])


def test_text_and_json_say_the_same() -> None:
    path = CAPTURES / "nlctrl.pcap"
    found = stats(path)
    text = [line.split() for line in lines("stats", path, "types")[1:]]
    arrows = {"to kernel": "→", "to user": "←", "notification": "*"}
    assert [
        [row["protocol"].removeprefix("NETLINK_"), row["name"], arrows[row["direction"]], str(row["messages"]),
         f"{100 * row['share']:.1f}%", str(row["bytes"])] for row in found["types"]
    ] == [line[:6] for line in text]  # fmt: skip
    first = float(found["overview"]["first"])
    for row, line in zip(found["types"], text, strict=True):
        assert float(line[6]) == pytest.approx(float(row["first"]) - first, abs=1e-6)
        assert float(line[7]) == pytest.approx(float(row["last"]) - first, abs=1e-6)
    buckets = [line.split() for line in lines("stats", path, "rate")[2:]]
    assert [float(bucket["start"]) for bucket in found["rate"]["buckets"]] == [float(line[0]) for line in buckets]
    assert [bucket["messages_per_second"] for bucket in found["rate"]["buckets"] if bucket["messages"]] == [
        pytest.approx(float(line[1]), rel=0.05) for line in buckets if len(line) > 1
    ]


def test_an_empty_capture(tmp_path: Path) -> None:
    path = write(tmp_path / "empty.pcap")
    text = lines("stats", path)
    assert "Frames      0, 0 bytes" in text
    assert "no messages" in text and "no messages with a time" in text
    assert "Errors  0 errors, 0 acks" in text
    found = stats(path)
    assert (0, [], []) == (found["overview"]["frames"], found["types"], found["families"])
    for name in SECTIONS:
        assert lines("stats", path, name)
        assert name in stats(path, name)


def test_frames_without_a_message_are_told(tmp_path: Path) -> None:
    found = stats(write(tmp_path / "none.pcap", frame(ROUTE), frame(ROUTE, link(1)), b"\0\4"))
    assert (3, 1, 2) == (found["overview"]["frames"], found["overview"]["messages"], found["overview"]["empty"])


def test_a_cut_file_still_prints(tmp_path: Path) -> None:
    path = tmp_path / "cut.pcap"
    path.write_bytes(write(tmp_path / "whole.pcap", frame(ROUTE, link(1)), frame(ROUTE, link(2))).read_bytes()[:-3])
    assert "cut short in record 2" in complaint("stats", path, status=1)
    done = run("stats", path, "-T", "json")
    assert 1 == done.returncode
    found = json.loads(done.stdout)
    assert 1 == found["overview"]["messages"] and "record 2" in found["cut"]
    assert "Cut " in run("stats", path).stdout.decode()


def test_standard_input_and_packed_files(tmp_path: Path) -> None:
    raw = (CAPTURES / "errors.pcap").read_bytes()
    packed = tmp_path / "errors.pcap.gz"
    packed.write_bytes(gzip.compress(raw))
    wanted = stats(CAPTURES / "errors.pcap")["types"]
    assert wanted == stats("-", stdin=raw)["types"] == stats(packed)["types"]
    assert "size" not in stats("-", stdin=raw)


def test_big_endian_captures(tmp_path: Path) -> None:
    """A host of the other byte order: its frames count the same and are told."""
    request = message(18, bytes(16), REQUEST, 1, order=">")
    refused = message(2, struct.pack(">i", -19) + request, 0, 1, 9, order=">")
    found = stats(write(tmp_path / "big.pcap", frame(ROUTE, request), frame(ROUTE, refused), order=">"))
    assert 2 == found["overview"]["big_endian_frames"]
    assert [("ENODEV", "RTM_GETLINK")] == [(row["error"], row["request"]) for row in found["errors"]["errors"]]


def test_names_from_the_wire_are_escaped(tmp_path: Path) -> None:
    request = link(1, flags=REQUEST)
    path = write(
        tmp_path / "odd.pcap",
        frame(ROUTE, error(1, request, attribute(EXTACK_MSG, b"\x1b[31mred\0"))),
        frame(GENERIC, family_answer(0x1C, b"\x1b]0;x")),
        frame(GENERIC, message(0x1C, bytes([3, 1, 0, 0]))),
    )
    for options in ((), ("coverage",), ("-T", "json")):
        assert "\x1b" not in "\n".join(lines("stats", path, *options))


def test_a_section_that_does_not_exist() -> None:
    assert "invalid choice: 'typos'" in complaint("stats", CAPTURES / "errors.pcap", "typos")
    assert "no file nowhere.pcap" in complaint("stats", "nowhere.pcap")


def test_a_terminal_gets_colours_and_no_line_wider_than_it_is() -> None:
    shown = terminal("stats", str(CAPTURES / "errors.pcap"))
    assert "\x1b[" in shown
    plain = terminal("stats", str(CAPTURES / "errors.pcap"), NO_COLOR="1")
    assert "\x1b" not in plain
    assert max(map(len, plain.splitlines())) <= 100


def test_a_narrow_terminal_loses_the_least_important_columns() -> None:
    """The widest tables: names of ethtool's commands, and a coverage with generic families."""
    out = Screen(60)
    Page(out, plain).table(
        [
            TableColumn("name", cells=[("", "x" * 40)]),
            TableColumn("count", True, cells=[("", "1" * 10)]),
            TableColumn("first", True, True, [("", "2" * 8)]),
            TableColumn("last", True, True, [("", "3" * 8)]),
        ]
    )
    assert ["name", "count"] == out.getvalue().splitlines()[0].split()
    wide = Screen(80)
    Page(wide, plain).table(
        [TableColumn("name", cells=[("", "x" * 40)]), TableColumn("first", True, True, [("", "2" * 8)])]
    )
    assert ["name", "first"] == wide.getvalue().splitlines()[0].split()


def test_only_what_a_filter_chooses() -> None:
    """errors.pcap, as tshark counts `netlink-route.nltype == RTM_NEWLINK`."""
    everything = {(row["name"], row["direction"]): row["messages"] for row in stats(CAPTURES / "errors.pcap")["types"]}
    chosen = stats(CAPTURES / "errors.pcap", "-Y", "nlmsg_type == RTM_NEWLINK")
    assert {"RTM_NEWLINK"} == {row["name"] for row in chosen["types"]}
    assert {key: count for key, count in everything.items() if key[0] == "RTM_NEWLINK"} == {
        (row["name"], row["direction"]): row["messages"] for row in chosen["types"]
    }
