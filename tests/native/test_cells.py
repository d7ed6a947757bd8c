"""`-T fields` and `-T csv` by the native core: byte for byte what the message engine prints."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from functools import cache
from pathlib import Path
from random import Random

import pytest

from nldissect.cli import main
from nldissect.columns.fields.derived import all_derived
from nldissect.native.cells import NOT_LOOKED_INTO
from nldissect.native.program_file import PACKAGED, ProgramFile, load
from nldissect.render.field_cells import CellFormat
from nldissect.render.native.cell_program import compile_cells
from nldissect.render.native.cells_job import NativeCellsRead
from nldissect.render.native.heads import DescribedType
from nldissect.request_tracker import NOTIFICATION
from tests.helpers import pcap_bytes as files
from tests.helpers.large_captures import (
    COOKED,
    Run,
    attribute,
    generic,
    link,
    message,
    of_interfaces,
    route,
    same,
    written,
)
from tests.helpers.mutants import damaged
from tests.helpers.own_frames import beside_own
from tests.helpers.paths import CAPTURES
from tests.helpers.sizes import SetSizes

PLAIN = [
    "frame.number", "frame.time", "frame.time_relative", "frame.len", "frame.cap_len", "frame.interface", "netns",
    "message.number", "protocol", "direction", "nlmsg_len", "nlmsg_type", "nlmsg_flags", "nlmsg_seq", "nlmsg_pid",
    "genlmsghdr.cmd", "genlmsghdr.family", "error", "extack", "summary", "notes", "notes.severity",
]  # fmt: skip
"""Fields that stand in no row of a body."""
IN_BODIES = [
    "ifinfomsg", "ifi_index", "ifi_flags", "IFLA_IFNAME", "IFLA_MTU", "IFLA_ADDRESS", "IFLA_LINKINFO",
    "IFLA_LINKINFO.IFLA_INFO_KIND", "IFLA_STATS64.rx_bytes", "IFLA_PROP_LIST", "IFLA_VLAN_ID", "IFLA_MAP",
    "rtm_dst_len", "RTA_DST", "RTA_OIF", "RTA_GATEWAY", "RTA_MULTIPATH", "RTA_METRICS.RTAX_MTU", "rtm_table",
    "ifa_prefixlen", "IFA_ADDRESS", "IFA_CACHEINFO", "NDA_DST", "NDA_LLADDR", "FRA_SRC", "NHA_GROUP", "TCA_KIND",
    "TCA_OPTIONS", "tcm_handle", "CTA_TUPLE_ORIG", "CTA_IP_V4_SRC", "CTA_PROTO_NUM", "CTA_MARK",
    "NFTA_RULE_EXPRESSIONS", "NFTA_EXPR_NAME", "NFTA_CMP_DATA", "NFTA_SET_ELEM_KEY",
    "CTRL_ATTR_FAMILY_NAME", "CTRL_ATTR_OPS",
    "NL80211_ATTR_WIPHY_FREQ", "NL80211_ATTR_SSID", "NL80211_ATTR_SUPPORTED_IFTYPES", "NL80211_ATTR_MAC",
    "WGPEER_A_ALLOWEDIPS", "WGDEVICE_A_PRIVATE_KEY", "WGPEER_A_PRESHARED_KEY", "ETHTOOL_A_HEADER_DEV_NAME",
    "ETHTOOL_A_BITSET_SIZE", "DEVLINK_ATTR_BUS_NAME", "XFRMA_ALG_AUTH", "XFRMA_SA", "idiag_state",
    "id.idiag_src", "INET_DIAG_INFO", "UNIX_DIAG_NAME", "nlmsgerr", "request", "NLMSGERR_ATTR_OFFS",
]  # fmt: skip
LAYOUTS = [
    "", "-E header=y", "-E separator=,", "-E separator=/s -E quote=d", "-E quote=s -E occurrence=f",
    "-E occurrence=l", "-E aggregator=; -E separator=<>", "--show-secrets",
]  # fmt: skip
LEFT = [
    "frame.comment", "frame.file", "sll_pkttype", "exchange.request", "expert", "process.pid", "event.copies",
    "nlmsghdr", "genlmsghdr", "cmd", "family", "value", "env.ACTION", "IFLA_NONE", "attrs", "IFLA_MTU[0:2]",
    "IFLA_MTU > 1", "ifinfomsg.RTA_DST", "ifinfomsg.IFLA_LINKINFO.IFLA_INFO_KIND", "in", "",
]  # fmt: skip
"""What the core does not write: derived columns, names that other things have, too; mistakes."""


@pytest.fixture(scope="session")
def file() -> ProgramFile:
    found = load(PACKAGED)
    assert found is not None, "the program file is stale: `pip install -e .` again"
    return found


def fields(names: list[str]) -> list[str]:
    return [word for name in names for word in ("-e", name)]


@cache
def taken() -> tuple[str, ...]:
    """The fields of the lists above that the core takes."""
    found = load(PACKAGED)
    assert found is not None
    return tuple(name for name in (*PLAIN, *IN_BODIES) if compile_cells([name], CellFormat(), found) is not None)


def test_most_are_written_by_the_core(file: ProgramFile) -> None:
    assert {*PLAIN, *IN_BODIES} - {*taken()} == set()
    assert [] == [name for name in LEFT if compile_cells([name], CellFormat(), file) is not None]


def test_derived_columns_are_known_or_left(file: ProgramFile) -> None:
    """None of them is taken for the name of a row."""
    assert {one.name for one in all_derived() if compile_cells([one.name], CellFormat(), file) is not None} <= {*PLAIN}


@pytest.mark.parametrize("name", sorted(path.name for path in CAPTURES.glob("*.pcap*")))
def test_each_capture(name: str, run: Run) -> None:
    """Fields together, by each of the options in turn, those of csv too; half of them where bodies are read whole for
    summaries and notes."""
    place = sum(name.encode()) % (4 * len(LAYOUTS))
    form, whole, options = ("fields", "csv")[place % 2], place // 2 % 2, LAYOUTS[place // 4]
    names = [one for one in taken() if whole or one not in ("summary", "notes", "notes.severity")]
    assert same(run, CAPTURES / name, "-T", form, *fields(names), *options.split())


@pytest.mark.parametrize("options", LAYOUTS)
def test_layouts(options: str, run: Run, beginnings: Path, sizes: SetSizes) -> None:
    sizes(native_window=1 << 16)
    for form in ("fields", "csv"):
        same(run, beginnings, "-T", form, *fields([*taken()]), *options.split())


def test_each_field_alone(run: Run, beginnings: Path, sizes: SetSizes) -> None:
    """Nothing else is looked at: each prints what stands in its column, of windows of one frame or few."""
    sizes(native_window=4096)
    lines = run(beginnings, "-T", "fields", *fields([*taken()]), native=False).splitlines()
    for name, cells in zip(taken(), zip(*(line.split(b"\t") for line in lines), strict=True), strict=True):
        assert b"".join(cell + b"\n" for cell in cells) == run(beginnings, "-T", "fields", "-e", name, native=True), (
            name
        )


def names_in(value: object, above: str, found: set[str]) -> None:
    """Collect the names of what JSON of layers holds, and of what encloses each."""
    if isinstance(value, list):
        for one in value:
            names_in(one, above, found)
    elif isinstance(value, dict):
        for key, inner in value.items():
            name = key.partition("#")[0]
            found.update([name, f"{above}.{name}"] if above else [name])
            names_in(inner, name, found)


@pytest.mark.parametrize("turn", range(4))
def test_fields_that_are_there(turn: int, run: Run, beginnings: Path, file: ProgramFile) -> None:
    """Some of all that the messages hold."""
    found: set[str] = set()
    for line in run(beginnings, "-T", "ndjson", native=True).splitlines():
        names_in(json.loads(line).get("layers", {}), "", found)
    known = [name for name in sorted(found) if compile_cells([name], CellFormat(), file) is not None]
    assert len(known) > 3000
    same(run, beginnings, "-T", "fields", *fields(Random(turn).sample(known, 250)))


@pytest.mark.parametrize(
    "wanted",
    ["IFLA_MTU > 1400", "error", 'nlmsg_type == "RTM_NEWLINK" or not nlmsg_flags & NLM_F_ACK', "notes",
     'IFLA_IFNAME matches "^(br|veth)[0-9]+"', "frame.time_relative > 1ms"],
)  # fmt: skip
@pytest.mark.parametrize("options", ["", "-c 7"])
def test_behind_filters(wanted: str, options: str, run: Run, beginnings: Path) -> None:
    """The core decides some of them, columns the others."""
    wanted = wanted.replace('"RTM_NEWLINK"', "RTM_NEWLINK")
    names = ["frame.number", "frame.time_relative", "nlmsg_type", "IFLA_IFNAME", "IFLA_MTU", "error", "summary"]
    same(run, beginnings, "-T", "fields", *fields(names), "-Y", wanted, *options.split())


def test_frames_without_messages(run: Run, tmp_path: Path) -> None:
    frames = [COOKED, link(1, b"eth0"), COOKED, b"\0\4\3", link(2, b"eth1"), COOKED + b"\1\2"]
    path = written(tmp_path / "empty.pcap", frames)
    expected = b"1\t\t\t16\n2\tRTM_NEWLINK\teth0\t60\n3\t\t\t16\n4\t\t\t3\n5\tRTM_NEWLINK\teth1\t60\n6\t\t\t18\n"
    assert expected == same(
        run, path, "-T", "fields", *fields(["frame.number", "nlmsg_type", "IFLA_IFNAME", "frame.len"])
    )
    assert b"\neth0\n\n\neth1\n\n" == same(run, path, "-T", "fields", "-e", "IFLA_IFNAME")


def test_several_interfaces(run: Run, tmp_path: Path) -> None:
    """Their names and decimals, frames without a time, comments."""
    path = of_interfaces(tmp_path / "several.pcapng")
    out = same(run, path, "-T", "csv", *fields(["frame.interface", "frame.time", "frame.time_relative", "RTA_DST"]))
    assert b"nlmon 100%" in out


def test_times_beyond_64_bits(run: Run, tmp_path: Path) -> None:
    """if_tsoffset moves them there."""
    blocks = [files.section(), files.described(options=files.option(14, struct.pack("<q", 1 << 34)))]
    blocks += [files.packet(link(2, b"eth%d" % place), files.SECONDS * 10**6 + place) for place in range(5)]
    path = tmp_path / "far.pcapng"
    path.write_bytes(b"".join(blocks))
    assert b"18943799968.000001" in same(run, path, "-T", "fields", *fields(["frame.time", "frame.time_relative"]))


@pytest.mark.parametrize("own", [[], ["--own"]])
def test_what_the_capture_itself_sent(own: list[str], run: Run, tmp_path: Path) -> None:
    path = beside_own(tmp_path / "own.pcapng")
    same(run, path, "-T", "fields", *fields(["frame.number", "message.number", "nlmsg_type", "notes"]), *own)


def test_repeats_and_quotes(run: Run, tmp_path: Path) -> None:
    """Texts that hold separators, quotes, control characters, what is not ASCII, and NULs."""
    names = [b'a"b', b"a,b", b"a\tb", b"'", b"\xc3\xa9\xe2\x80\xae", b"\xff", b"a\0b", b"", b"x" * 300]
    fixed = struct.pack("<BxHiII", 0, 1, 7, 0, 0)
    repeated = b"".join(attribute(3, name + b"\0") for name in names)
    frames = [COOKED + message(16, 2, fixed + repeated), *(link(3, name) for name in names)]
    path = written(tmp_path / "quotes.pcap", frames)
    for form in ("fields", "csv"):
        for options in LAYOUTS:
            same(run, path, "-T", form, "-e", "ifi_index", "-e", "IFLA_IFNAME", *options.split())
    assert b'"a""b"\n' not in same(run, path, "-T", "fields", "-e", "IFLA_IFNAME")


def test_attributes_that_are_longer(run: Run, tmp_path: Path) -> None:
    """A number that bytes follow is its first ones; what follows is no part of what encloses it."""
    fixed = struct.pack("<BBBBBBBBI", 2, 24, 0, 0, 254, 3, 0, 1, 0)
    metrics = attribute(8, attribute(2, struct.pack("<II", 1400, 5)))
    path = written(tmp_path / "longer.pcap", [COOKED + message(24, 0, fixed + metrics)])
    names = ["RTAX_MTU", "RTA_METRICS", "rtmsg"]
    assert b'1400\t{"RTAX_MTU":1400}\t' in same(run, path, "-T", "fields", *fields(names))


def test_a_family_without_tables(run: Run, tmp_path: Path) -> None:
    asked = generic(message(0x77, 1, struct.pack("<BBxx", 1, 1) + attribute(1, b"abcd")))
    path = written(tmp_path / "unknown.pcap", [asked, route(2, 1)])
    names = ["nlmsg_type", "genlmsghdr.cmd", "genlmsghdr.family", "CTRL_ATTR_FAMILY_ID", "RTA_OIF", "summary"]
    same(run, path, "-T", "fields", *fields(names))


@damaged
def test_damaged_frames(run: Run, tmp_path: Path, frames: list[bytes]) -> None:
    path = written(tmp_path / "damaged.pcap", frames)
    for names in ([*taken()], ["IFLA_IFNAME", "RTA_DST", "NFTA_EXPR_NAME"], ["IFLA_LINKINFO", "WGPEER_A_ENDPOINT"]):
        same(run, path, "-T", "fields", *fields(names))


def test_pipe(library: str) -> None:
    data = (CAPTURES / "tour.pcap").read_bytes()
    outs = []
    for native in ("0", library):
        command = [sys.executable, "-m", "nldissect", "read", "-T", "csv", *fields(["frame.number", "IFLA_MTU"]), "-"]
        environment = {**os.environ, "NLDISSECT_NATIVE": native}
        done = subprocess.run(command, input=data, capture_output=True, env=environment, check=True)
        outs.append(done.stdout + done.stderr)
    assert outs[0] == outs[1] != b""


@pytest.mark.parametrize("name", ["tour", "route", "errors"])
def test_neither_scapy_nor_numpy_nor_families(name: str) -> None:
    program = f"""
import sys
from nldissect.cli import main
main("read -T fields -e frame.number -e IFLA_MTU -e RTA_DST -e error".split() + [{str(CAPTURES / name)!r} + ".pcap"])
print(*sys.modules, file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout
    heavy = ("scapy", "numpy", "nldissect.families")
    assert [] == [one for one in done.stderr.split() if one.startswith(heavy)]


@pytest.mark.parametrize(
    "options", ["-e IFLA_MTUU", "-e IFLA_MTU -E heads=y", "-e frame.comment", "-e exchange.request"]
)
def test_what_is_left_to_others(options: str, capsys: pytest.CaptureFixture[str]) -> None:
    """They tell mistakes, and print what the core can't."""
    statuses = [
        main(["read", str(CAPTURES / "vlan_add.pcap"), "-T", "fields", *options.split(), *engine])
        for engine in ([], ["--engine", "native"])
    ]
    assert statuses[0] in (0, 2) and statuses[1] == 2
    assert ("leave out --engine native" in capsys.readouterr().err) == (statuses[0] == 0)


def test_a_body_that_is_not_looked_into_says_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the message before stands in its summary, either: notifications come after requests like them."""
    look = NativeCellsRead._look

    def looked(self: NativeCellsRead, about: DescribedType) -> int:
        return NOT_LOOKED_INTO if about.direction == NOTIFICATION else look(self, about)

    monkeypatch.setattr(NativeCellsRead, "_look", looked)
    lines = run(CAPTURES / "addr.pcap", "-T", "fields", "-e", "direction", "-e", "summary", native=True).splitlines()
    said = [line.split(b"\t")[1] for line in lines if line.startswith(b"notification\t")]
    assert len(said) > 4
    assert {b""} == set(said)
