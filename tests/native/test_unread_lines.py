"""What no line of a list says anything of: the core makes no nodes of it, and the line is the same."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from nldissect.families.route.link import ifinfomsg
from nldissect.native.program import Program
from nldissect.native.silent_rows import mark_unread
from nldissect.native.tables import UNREAD, RowStruct
from nldissect.render.native.program_writer import quote
from tests.helpers.large_captures import COOKED, Run, attribute, family, generic, message, written

STATS64, AF_SPEC, MAP, LINKINFO, NEW = 23, 26, 14, 18, 250
INET6 = 10
COUNTERS = bytes(range(200))


def link(*attributes: bytes, kind: int = 16, flags: int = 2) -> bytes:
    """RTM_NEWLINK."""
    return COOKED + message(kind, flags, struct.pack("<BxHiII", 0, 1, 7, 1, 0) + b"".join(attributes))


def nest(number: int, *inside: bytes) -> bytes:
    return attribute(number, b"".join(inside))


def test_rows_of_links() -> None:
    """As the template of ifinfomsg has it: kinds of links, names of peers; no counters, no settings of addresses."""
    program = Program(quote)
    mark_unread(program, [program.add(ifinfomsg)])
    marked: dict[str, set[bool]] = {}
    for at, kind in program.flattener.kinds.items():
        marked.setdefault(kind.name, set()).add(bool(RowStruct(*program.rows[at]).marks & UNREAD))

    for name in ["IFLA_STATS64", "rx_packets", "IFLA_INET6_CONF", "IFLA_XDP", "IFLA_GSO_MAX_SIZE", "ifi_type"]:
        assert {True} == marked[name]
    for name in ["IFLA_IFNAME", "IFLA_LINKINFO", "IFLA_INFO_KIND", "IFLA_MTU", "ifi_index", "IFLA_PROP_LIST"]:
        assert False in marked[name]


@pytest.mark.parametrize(
    "attributes, remark",
    [
        ([attribute(STATS64, COUNTERS)], b""),
        ([attribute(STATS64, COUNTERS[:64])], b""),
        ([attribute(STATS64, COUNTERS[:60])], b""),
        ([attribute(STATS64, COUNTERS + bytes(8))], b""),
        ([nest(AF_SPEC, nest(INET6, attribute(1, bytes(4)), attribute(2, bytes(400))))], b""),
        ([nest(AF_SPEC, nest(INET6, attribute(1, bytes(3))))], b"[warning: IFLA_INET6_FLAGS: 3 bytes, not 4]"),
        ([nest(AF_SPEC, nest(INET6, b"\x01\0"))], b"[warning: 2 bytes left over after attributes]"),
        ([nest(AF_SPEC, nest(INET6, attribute(NEW, b"new")), attribute(NEW, b"")), attribute(NEW, b"new")], b""),
        ([attribute(4, bytes(5)), attribute(STATS64, COUNTERS)], b"[warning: IFLA_MTU: 5 bytes, not 4; "),
        ([nest(LINKINFO, attribute(1, b"veth\0"), nest(2, attribute(NEW, b""), attribute(1, bytes(16))))], b"veth"),
        ([attribute(MAP, bytes(31))], b""),
    ],
)  # fmt: skip
def test_lines_of_links(attributes: list[bytes], remark: bytes, run: Run, tmp_path: Path, walked: list[int]) -> None:
    """Warnings tell of what has no node, too."""
    path = written(tmp_path / "links.pcap", [link(*attributes)])
    native = run(path, native=True)
    assert run(path, native=False) == native
    assert remark in native
    assert [] == walked


def test_a_template_that_says_nothing(run: Run, tmp_path: Path, walked: list[int]) -> None:
    """Of RTM_NEWNSID its first fields and attributes are shown where what its template names is not there."""
    path = written(tmp_path / "bare.pcap", [COOKED + message(88, 2, bytes(4) + attribute(NEW, b"new"))])
    native = run(path, native=True)
    assert run(path, native=False) == native
    assert b"6e6577" in native
    assert [] == walked


def test_all_that_a_list_holds(run: Run, tmp_path: Path, walked: list[int]) -> None:
    """Options of a team are shown one by one; one that has no table is, too."""
    mode = nest(1, attribute(1, b"mode\0"), attribute(3, b"\5"), attribute(4, b"activebackup\0"))
    body = struct.pack("<BBxx", 2, 1) + attribute(1, struct.pack("<I", 5)) + nest(2, mode, attribute(NEW, b"new"))
    frames = [generic(family(0x30, b"team")), generic(message(0x30, 2, body))]
    native = run(written(tmp_path / "team.pcap", frames), native=True)
    assert run(tmp_path / "team.pcap", native=False) == native
    assert b"if5 2 options: mode activebackup, 6e6577" in native
    assert [] == walked
