"""List, tree, hex, times, colours and the table of fields."""

from __future__ import annotations

import io
import json
import struct
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nldissect.commands.fields.listing import ListedField, all_fields
from nldissect.commands.fields.summary import counts
from nldissect.render import times
from nldissect.render.hexdump import frame_lines, hex_lines
from nldissect.render.json_objects import frame_objects
from nldissect.render.json_text import encode
from nldissect.render.list_line import ListFormatter
from nldissect.render.times import Clock
from nldissect.render.trees.tree import frame_tree
from nldissect.stream.frames import FrameStream, StreamFrame, merged, wire_length
from nldissect.terminal.colors import painter_for, plain
from nldissect.terminal.wrap import wrapped
from tests.helpers import messages
from tests.helpers.cli import lines
from tests.helpers.messages import (
    ACK,
    GENERIC,
    MULTI,
    REQUEST,
    ROUTE,
    USERSOCK,
    attribute,
    error,
    frame,
    link,
    message,
    write,
)
from tests.helpers.mutants import mutants
from tests.helpers.paths import CAPTURES
from tests.helpers.pcap_bytes import SECONDS, described, option, packet, section


def seen(path: Path) -> list[StreamFrame]:
    return list(merged([FrameStream(str(path))]))


def listed(path: Path, unicode: bool = True) -> list[str]:
    lines, clock = ListFormatter(unicode), Clock("r")
    out = []
    for capture in [FrameStream(str(path))]:
        for one in capture.frames():
            time = clock.text(one.record)
            for walked, asked in zip(one.frame.messages, one.asked, strict=True):
                out.append(plain(lines.pieces(one.number, time, walked, asked)))
            if not one.frame.messages:
                out.append(plain(lines.empty(one.number, time, one.frame, wire_length(one))))
    return out


def tree(path: Path, number: int = 1, **options: bool) -> list[str]:
    for one in FrameStream(str(path)).frames():
        if one.number == number:
            return [plain(line) for line in frame_tree(one, "0.0", **options)]
    raise AssertionError(f"no frame {number}")


def made(tmp_path: Path, *frames: bytes) -> Path:
    return write(tmp_path / "x.pcap", *frames)


def test_the_list_of_a_refused_vlan(tmp_path: Path) -> None:
    ask = link(0, attribute(3, b"v5000\0"), flags=REQUEST | ACK, seq=7)
    path = made(tmp_path, frame(ROUTE, ask), frame(ROUTE, error(34, ask, attribute(1, b"Invalid VLAN id\0"), seq=7)))
    first, second = listed(path)
    assert first.split()[:5] == ["1", "0.000000", "→", "ROUTE", "RTM_NEWLINK"]
    assert "v5000" in first
    assert second.split()[:5] == ["2", "0.001000", "←", "ROUTE", "NLMSG_ERROR"]
    assert second.endswith("for RTM_NEWLINK: Invalid VLAN id") and "ERANGE (" in second
    assert first.index("RTM_NEWLINK") == second.index("NLMSG_ERROR")  # aligned


def test_arrows_have_an_ascii_form(tmp_path: Path) -> None:
    path = made(
        tmp_path,
        frame(ROUTE, link(1, flags=REQUEST)),
        frame(ROUTE, link(1, pid=4, seq=1)),
        frame(ROUTE, link(1)),
        frame(USERSOCK, message(40, b"hi there")),
    )
    assert ["->", "<-", "*", "~"] == [line.split()[2] for line in listed(path, unicode=False)]
    assert ["→", "←", "*", "↔"] == [line.split()[2] for line in listed(path)]
    assert len({line.index("RTM_") for line in listed(path, unicode=False)[:3]}) == 1


def test_an_ack_of_a_generic_command_names_it() -> None:
    """The kernel caps the echo, so the command is known only from the request before."""
    acks = [line for line in listed(CAPTURES / "missing_attribute.pcap") if " ack for " in line]
    assert acks
    assert all(line.endswith("ack for CTRL_CMD_GETFAMILY") for line in acks)


def test_interface_names_come_from_any_frame_of_a_file_and_from_what_passed_on_a_pipe(tmp_path: Path) -> None:
    """RTM_NEWADDR's ifa_index 5 is eth9, as a link message behind it says: struct ifaddrmsg, linux/if_addr.h."""
    address = message(20, struct.pack("<BBBBI", 2, 24, 0, 0, 5) + attribute(2, bytes([192, 0, 2, 7])))
    named = frame(ROUTE, link(5, attribute(3, b"eth9\0")))
    path = made(tmp_path, frame(ROUTE, address), named, frame(ROUTE, address))
    before, _, after = listed(path)
    assert "192.0.2.7/24 dev eth9" in before and "192.0.2.7/24 dev eth9" in after
    before, _, after = lines("read", "-", stdin=path.read_bytes())
    assert "192.0.2.7/24 dev if5" in before and "192.0.2.7/24 dev eth9" in after
    assert any("ifa_index: 5 (eth9)" in line for line in tree(tmp_path / "x.pcap", 3))


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    """A name with terminal controls, a newline and a bidirectional override."""
    name = "a\x1b[31m\n\u202eb".encode() + b"\0"
    path = made(tmp_path, frame(ROUTE, link(1, attribute(3, name))), frame(USERSOCK, message(40, b"\x07\x1b]0;x\x07")))
    for text in [*listed(path), *tree(path, 1), *tree(path, 2)]:
        assert text.isprintable(), ascii(text)
    assert r"a\x1b[31m\n\u202eb" in listed(path)[0]


def test_a_comment_of_a_packet_is_escaped(tmp_path: Path) -> None:
    path = tmp_path / "x.pcapng"
    data = frame(ROUTE, link(1))
    path.write_bytes(
        section() + described(options=option(2, b"nl\x1bmon")) + packet(data, 0, options=option(1, b"a\x1bb\n"))
    )
    lines = tree(path)
    assert r"  comment: a\x1bb\n" in lines
    assert r"interface nl\x1bmon" in lines[0]


def test_what_is_wrong_stands_in_the_list(tmp_path: Path) -> None:
    path = made(tmp_path, frame(ROUTE, link(1, attribute(4, b"\1\2\3"))))
    assert "[warning: IFLA_MTU: 3 bytes, not 4]" in listed(path)[0]
    short = write(tmp_path / "y.pcap", frame(ROUTE, link(1, attribute(3, bytes(80)))), snap=60)
    assert "[cut, 44 of 116 bytes]" in listed(short)[0]
    assert listed(made(tmp_path, b"\0\4\3"))[0].endswith("3 bytes, too short for a message")


def test_a_frame_cut_before_its_message_is_no_message(tmp_path: Path) -> None:
    """Snap lengths of 3, 16 and 20: what was sent is whole, what was kept is less than nlmsghdr."""
    for snap in (3, 16, 20):
        path = write(tmp_path / "x.pcap", frame(ROUTE, link(1)), snap=snap)
        assert listed(path)[0].endswith(f"-            [cut, {snap} of 48 bytes with the cooked header]")
        (one,) = seen(path)
        assert ([], 0 if snap < 16 else 16) == (one.frame.messages, one.frame.trailing[0])
        (item,) = frame_objects(one)
        assert "direction" not in item and "payload" not in item
        assert "message 1" not in "".join(frame_lines(one.frame))
    assert {"undecoded": "20000000"} == item["trailing"]
    (short,) = seen(made(tmp_path, frame(ROUTE, b"\x20\0\0\0")))
    assert {"undecoded": "20000000"} == frame_objects(short)[0]["payload"]  # nothing was cut: somebody sent this
    cut = write(tmp_path / "y.pcap", frame(ROUTE, link(1)), snap=32)
    assert "RTM_NEWLINK  [cut, 16 of 32 bytes]" in listed(cut)[0]


def test_hex_of_a_frame_without_a_message(tmp_path: Path) -> None:
    (one,) = seen(made(tmp_path, frame(ROUTE)))
    assert ["cooked header, 16 bytes"] == [line for line in frame_lines(one.frame) if not line.startswith(" ")]


def test_json_has_nothing_that_a_terminal_acts_on() -> None:
    text = "\x1b[2J\x7f\x9b31m\u202e\u2066\ufeff\U000e0001é漢"
    line = encode({"a": text, "b": 2**80})
    assert encode({"a": text}).isprintable() and line.isprintable()
    assert text == json.loads(encode({"a": text}))["a"] == json.loads(line)["a"]
    assert "é漢" in encode({"a": text})


def test_unknown_things_say_what_is_known(tmp_path: Path) -> None:
    genl = message(0x1C, b"\3\1\0\0" + attribute(1) + attribute(2), flags=REQUEST)
    strange = message(999, bytes(range(1, 33)))
    path = made(tmp_path, frame(GENERIC, genl), frame(77, strange), frame(ROUTE, message(4000, b"\1")))
    first, second, third = listed(path)
    assert "family 0x1c cmd 3, 2 attributes" in first
    assert " 77 " in second and "999" in second
    assert second.endswith("32 bytes 0102030405060708090a0b0c0d0e0f10...")
    assert third.endswith("1 byte 01")


def test_a_message_without_body_still_says_what_it_is(tmp_path: Path) -> None:
    """team and others end a dump with a bare nlmsghdr."""
    (line,) = listed(made(tmp_path, frame(GENERIC, message(3, flags=MULTI, seq=1, pid=2))))
    assert line.endswith("NLMSG_DONE   end of dump")


def test_text_of_unknown_messages_is_not_shortened(tmp_path: Path) -> None:
    text = b"audit(1795476911.782:2): " + b"pid=842 " * 60
    assert listed(made(tmp_path, frame(USERSOCK, message(40, text))))[0].count("pid=842") == 60


def test_a_dump_and_its_interruption_are_said(tmp_path: Path) -> None:
    ask = link(0, kind=18, flags=0x301)
    part = link(1, attribute(3, b"lo\0"), flags=0x12, seq=1, pid=3)
    first, second = listed(made(tmp_path, frame(ROUTE, ask), frame(ROUTE, part)))
    assert "RTM_GETLINK  dump" in first
    assert second.endswith("(dump interrupted)")


def test_the_tree_of_a_vlan_request() -> None:
    """Byte ranges are those of ip link's request: 16 nlmsghdr, 16 ifinfomsg, IFLA_LINK, IFLA_IFNAME, IFLA_LINKINFO."""
    lines = [line.rstrip() for line in tree(CAPTURES / "vlan_add.pcap", 3)]
    assert lines[0].startswith("Frame 3: ")
    assert lines[2].startswith("RTM_NEWLINK, to kernel, inferred: ")
    for expected in (
        "     0-15  nlmsghdr",
        "      4-5    nlmsg_type: RTM_NEWLINK (16)",
        "      6-7    nlmsg_flags: NLM_F_REQUEST|NLM_F_ACK|NLM_F_EXCL|NLM_F_CREATE (0x605)",
        "    20-23    ifi_index: 0",
        "    32-39    IFLA_LINK (5): 2 (d0)",
        '    40-47    IFLA_IFNAME (3): "v10"',
    ):
        assert expected in lines
    row = next(line for line in lines if "IFLA_VLAN_ID" in line)
    assert row.endswith("IFLA_VLAN_ID (1): 10")
    assert row.index("IFLA_VLAN_ID") > next(line for line in lines if "IFLA_INFO_DATA" in line).index("IFLA_INFO_DATA")


def test_the_culprit_is_marked_in_the_echo(tmp_path: Path) -> None:
    ask = link(0, attribute(4, struct.pack("<I", 70000)), flags=REQUEST | ACK, seq=7)
    path = made(tmp_path, frame(ROUTE, error(22, ask, attribute(2, struct.pack("<I", 32)), seq=7)))
    lines = tree(path)
    marked = [line for line in lines if "points here" in line]
    assert ["IFLA_MTU"] == [line.split()[1] for line in marked]
    assert any("NLMSGERR_ATTR_OFFS (2): 32 (IFLA_MTU)" in line for line in lines)
    assert any("error: EINVAL (Invalid argument)" in line for line in lines)


def test_a_capped_echo_says_so_and_where_the_request_is(tmp_path: Path) -> None:
    ask = link(0, flags=REQUEST | ACK, seq=7)
    lines = tree(made(tmp_path, frame(ROUTE, ask), frame(ROUTE, error(0, ask, capped=True))), 2)
    assert any("request: RTM_NEWLINK, header only, captured in frame 1" in line for line in lines)
    assert any(line.endswith("error: 0") for line in lines)
    assert not any("not captured" in line for line in lines)


def test_notes_stand_under_what_they_are_about(tmp_path: Path) -> None:
    lines = tree(made(tmp_path, frame(ROUTE, link(1, attribute(4, b"\1\2\3"), attribute(3, b"eth0\0")))))
    place = next(place for place, line in enumerate(lines) if "IFLA_MTU (4): 010203" in line)
    assert "! warning: IFLA_MTU: 3 bytes, not 4" in lines[place + 1]
    assert "IFLA_IFNAME" in lines[place + 2]


def test_flag_bits_of_an_attribute_are_shown(tmp_path: Path) -> None:
    lines = tree(made(tmp_path, frame(ROUTE, link(1, attribute(0x8000 | 18, attribute(1, b"vlan\0"))))))
    assert any("IFLA_LINKINFO (18, NLA_F_NESTED)" in line for line in lines)


def test_every_byte_of_a_cut_message_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "x.pcap", frame(ROUTE, link(1, attribute(3, b"eth0\0"))), snap=54)
    lines = tree(path)
    assert any(line.endswith("cut: 090003006574") for line in lines)
    assert any("! 6 bytes were not captured" in line for line in lines)
    assert "54 of 60 bytes" in lines[0]


def test_secrets_are_masked_in_the_tree() -> None:
    frames = range(1, 400)
    for number in frames:
        lines = tree(CAPTURES / "xfrm.pcap", number)
        masked = [line for line in lines if "<secret, " in line]
        if masked:
            break
    shown = tree(CAPTURES / "xfrm.pcap", number, secrets=True)
    assert len(lines) == len(shown) and lines != shown
    assert not any("<secret" in line for line in shown)


def test_hexdump() -> None:
    """As hexdump -C prints it, but for the offset's width."""
    assert [
        "0000  41 42 43 00 01 02 03 04  05 06 07 08 09 0a 0b 7e  ABC............~",
        "0010  ff                                                .",
    ] == list(hex_lines(b"ABC\0\1\2\3\4\5\6\7\x08\x09\x0a\x0b~\xff"))


def test_hex_of_a_frame_is_grouped_and_whole(tmp_path: Path) -> None:
    data = frame(ROUTE, link(1), message(3, b"\1")) + b"\0\0\0\x05"
    (one,) = seen(made(tmp_path, data))
    lines = list(frame_lines(one.frame))
    titles = [line for line in lines if not line.startswith(" ")]
    assert [
        "cooked header, 16 bytes",
        "message 1, 32 bytes",
        "message 2, 20 bytes",
        "trailing bytes, 4 bytes",
    ] == titles
    dumped = b"".join(bytes.fromhex(line[8:56].replace(" ", "")) for line in lines if line.startswith(" "))
    assert data == dumped


@pytest.mark.parametrize(
    ("mode", "texts"),
    [
        ("r", ["0.000000", "0.250000", "1.000000", "0.500000"]),
        ("d", ["0.000000", "0.250000", "0.750000", "-0.500000"]),
        ("e", [f"{SECONDS}.000000", f"{SECONDS}.250000", f"{SECONDS + 1}.000000", f"{SECONDS}.500000"]),
        ("a", ["02:26:24.000000", "02:26:24.250000", "02:26:25.000000", "02:26:24.500000"]),
    ],
)
def test_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str, texts: list[str]) -> None:
    """1763930784 is 2025-11-23 20:46:24 UTC, 02:26:24 the next day at +05:40."""
    import time

    monkeypatch.setenv("TZ", "XXX-05:40")
    time.tzset()
    times._second.cache_clear()
    path = tmp_path / "x.pcap"
    records = b"".join(
        struct.pack("<IIII", SECONDS + at // 1000000, at % 1000000, 48, 48) + frame(ROUTE, link(1))
        for at in (0, 250000, 1000000, 500000)
    )
    path.write_bytes(messages.pcap() + records)
    clock = Clock(mode)
    assert texts == [clock.text(one.record) for one in seen(path)]
    monkeypatch.undo()
    time.tzset()
    times._second.cache_clear()


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_colour_only_on_a_terminal_that_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    pieces = [("error", "no"), ("", " yes")]
    assert "no yes" == painter_for(io.StringIO())(pieces)
    painted = painter_for(Terminal())(pieces)
    assert painted.startswith("\x1b[") and painted.endswith(" yes") and "no" in painted
    assert "no yes" == painter_for(Terminal(), wanted=False)(pieces)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "no yes" == painter_for(Terminal())(pieces)
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert "no yes" == painter_for(Terminal())(pieces)


@pytest.mark.parametrize("width", [30, 40, 57, 80, 200])
def test_wrapping_loses_nothing(width: int) -> None:
    pieces = [("dim", "   1 0.000000 "), ("", "one two " + "x" * 90 + " three"), ("error", " four  five")]
    lines = [plain(line) for line in wrapped(pieces, width, 5)]
    assert all(len(line) <= width for line in lines)
    assert all(line.startswith("     ") for line in lines[1:])
    assert "".join(plain(pieces).split()) == "".join("".join(lines).split())


def test_a_line_that_is_wrapped_ends_without_spaces() -> None:
    """In a piece of its own one would be painted, and so stay there: at the edge it makes an empty line."""
    lines = list(wrapped([("", "x" * 29 + " "), ("dim", "→ "), ("error", "EINVAL")], 31, 5))
    assert [[("", "x" * 29 + " "), ("dim", "→")], [("", "     "), ("error", "EINVAL")]] == lines


def test_files_are_merged_by_time(tmp_path: Path) -> None:
    one = write(tmp_path / "a.pcap", *(frame(ROUTE, link(n, attribute(3, b"a\0"))) for n in (1, 3, 5)), step=2000)
    late = write(tmp_path / "b.pcap", *(frame(ROUTE, link(n)) for n in (1, 2, 4)), step=1500)
    found = list(merged([FrameStream(str(one)), FrameStream(str(late))]))
    times = [item.record.time for item in found]
    assert sorted(times) == times and 6 == len(found)
    assert [1, 2, 3, 4, 5, 6] == [item.number for item in found]
    links = [item.frame.messages[0] for item in found]
    names = [one.context.name("interface", one.find("ifi_index").value) for one in links]  # type: ignore[union-attr]
    assert ["a", None, None, "a", None, "a"] == names  # each file learns for itself


def test_fields_tell_what_they_do_not_open() -> None:
    """The reason of an opaque row; key material; what the kernel no longer uses."""
    fields = {(field.name, field.set): field for field in all_fields()}
    cookie = fields["NLMSGERR_ATTR_COOKIE", "NLMSGERR_ATTR"]
    assert cookie.opaque.startswith("the subsystem's own") and cookie.is_attribute
    assert not fields["IFLA_MTU", "IFLA"].opaque and not fields["ifi_index", "ifinfomsg"].is_attribute
    assert any(field.secret for field in fields.values() if field.family == "wireguard")
    assert fields["CRYPTOCFGA_STAT_HASH", "CRYPTOCFGA"].deprecated


def test_vocabulary_is_counted_by_family() -> None:
    rows = {row.family: row for row in counts(all_fields())}
    rdma, every = rows["NETLINK_RDMA"], rows["all"]
    assert (45, 151, 150, 1) == (rdma.messages, rdma.attributes, rdma.typed, rdma.opaque)
    assert (0, 21, 10) == (
        rows["NETLINK_CRYPTO"].opaque,
        rows["NETLINK_CRYPTO"].typed,
        rows["NETLINK_CRYPTO"].deprecated,
    )
    assert every.attributes == every.typed + every.opaque + every.secret
    assert "NETLINK_ROUTE" == list(rows)[1] and "all" == list(rows)[-1]


def test_fields_know_the_headers_numbers() -> None:
    """linux/if_link.h, linux/rtnetlink.h, linux/genetlink.h."""
    fields = {(field.name, field.set): field for field in all_fields()}
    assert 4 == fields["IFLA_MTU", "IFLA"].number
    assert "U32" == fields["IFLA_MTU", "IFLA"].kind
    assert "NETLINK_ROUTE" in fields["IFLA_MTU", "IFLA"].family
    assert ("message", 16) == (fields["RTM_NEWLINK", "ifinfomsg"].kind, fields["RTM_NEWLINK", "ifinfomsg"].number)
    assert fields["ifi_index", "ifinfomsg"].number is None
    command = next(field for field in fields.values() if field.name == "CTRL_CMD_GETFAMILY")
    assert ("command", 3, "nlctrl") == (command.kind, command.number, command.family)
    assert 2 == fields["NLMSGERR_ATTR_OFFS", "NLMSGERR_ATTR"].number
    assert ("nlmsg_seq", "nlmsghdr") in fields and ("cmd", "genlmsghdr") in fields


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("mtu", True),
        ("IFLA_MTU", True),
        ("ifla_*", True),
        ("IFLA_M?U", True),
        ("MTU*", False),
        ("ifla", True),
        ("x", False),
    ],
)
def test_patterns_of_fields(pattern: str, fits: bool) -> None:
    assert fits == ListedField("IFLA_MTU", 4, "U32", "IFLA", "NETLINK_ROUTE").matches(pattern)
    assert ListedField("a", None, "U32", "s", "f", ("OTHER_NAME",)).matches("other")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(mutants(), min_size=1, max_size=3))
def test_hostile_bytes_are_shown_in_every_form(frames: list[bytes]) -> None:
    """Mutated captures never raise, and nothing unprintable reaches a terminal."""
    with NamedTemporaryFile(suffix=".pcap") as file:
        write(Path(file.name), *frames)
        for line in listed(Path(file.name)):
            assert line.isprintable(), ascii(line)
        for one in FrameStream(file.name).frames():
            for pieces in frame_tree(one, "0.0"):
                assert plain(pieces).isprintable(), ascii(plain(pieces))
            assert all(line.isprintable() for line in frame_lines(one.frame))
            objects = frame_objects(one)
            assert max(len(one.frame.messages), 1) == len(objects)
            for item in objects:
                json.loads(encode(item))
