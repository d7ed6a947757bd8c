"""The program file: what the build makes of the tables, so that small captures need no Scapy."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from itertools import product
from pathlib import Path

import pytest

from nldissect.families import load_own
from nldissect.native import catalog, program_file
from nldissect.native.kind_specs import MODULES, kind_from, spec_of
from nldissect.native.loader import FORM_BRIEF, FORM_JSON, FORM_TREE, is_sound, open_library, usable_library
from nldissect.native.program import Program
from nldissect.native.tables import (
    ALTERNATIVE,
    ARRAY,
    CHOOSING,
    INT,
    MODE_LINE,
    MODE_MASKED,
    PART,
    ROW,
    SET,
    STRUCT,
    TEMPLATE,
    StoredProgram,
)
from nldissect.render.json_text import encode_alone
from nldissect.render.leaf_text import text_of
from nldissect.render.native import program_writer
from nldissect.wire.table_providers import GROUP
from tests.helpers.paths import CAPTURES

FORMS = {"list": [], "tree": ["-V"], "ndjson": ["-T", "ndjson"]}
PACKETS = "drop_monitor expert nflog nft_trace psample wifi_ap wifi_connect wifi_hwsim wifi_scan"
"""Captures with packets inside, of which Scapy says a line in trees."""
NEEDS_SCAPY = {"list": "", "tree": PACKETS, "ndjson": ""}
READ_EACH = """
import os, sys
from nldissect.cli import main
real, sys.stdout = sys.stdout, open(os.devnull, "w")
first, *paths = sys.argv[1].split()
main(["read", *sys.argv[2:], first])  # what all need is imported once
for path in [first, *paths]:
    if not os.fork():
        sys.stdout = open(os.path.basename(path), "w")
        main(["read", *sys.argv[2:], path])
        sys.stdout.close()
        print(path, *sys.modules, file=real, flush=True)
        os._exit(0)
    os.wait()
"""
"""Prints the modules that a read of each file imports; what is read goes to files of their names."""
LIGHT = {
    *MODULES,
    *(f"nldissect.families.{name}" for name in ("audit", "netfilter", "route", "route.hop_text", "sock_diag")),
}
"""Modules beside the tables that import no Scapy."""
FIELD = 1
"""enum part_kind: alternatives."""
LEAF_OPS = {1, 2, 3, 4, 5, 6, 7, 10, 11}
"""enum op of core.h: kinds whose texts the core may ask for."""
LIBRARY = usable_library().path
pytestmark = pytest.mark.skipif(LIBRARY is None, reason=f"no native core: {usable_library().reason}")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program file of these sources."""
    path = tmp_path_factory.mktemp("made") / "program.bin"
    program_writer.write(str(path), dated=True)
    return path


@pytest.fixture(scope="module")
def stored(made: Path) -> StoredProgram:
    found = program_file.load(str(made))
    assert found is not None
    return found.stored


def printed(*arguments: str) -> bytes:
    done = subprocess.run([sys.executable, "-m", "nldissect", "read", *arguments], capture_output=True, check=True)
    return done.stdout


def is_heavy(name: str) -> bool:
    """Whether a module is large, or one of tables."""
    is_table = name.startswith("nldissect.families.") and name not in LIGHT
    return is_table or name.partition(".")[0] in ("scapy", "numpy", "rich", "orjson")


@pytest.mark.parametrize("form", FORMS)
def test_captures_need_neither_scapy_nor_numpy_nor_families(
    form: str, tmp_path: Path, read: Callable[..., bytes]
) -> None:
    """And a process of their own prints what one prints that has all tables, and has read others before."""
    paths = sorted((str(path) for path in CAPTURES.glob("*.pcap")), key=lambda path: "addr.pcap" not in path)
    command = [sys.executable, "-c", READ_EACH, " ".join(paths), *FORMS[form]]
    lines = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path).stdout.splitlines()
    assert len(paths) == len(lines)
    heavy = {Path(path).stem: {*filter(is_heavy, names)} for path, *names in map(str.split, lines)}
    if form == "ndjson":
        heavy = {name: {one for one in found if one.partition(".")[0] != "orjson"} for name, found in heavy.items()}
    assert {*NEEDS_SCAPY[form].split()} == {name for name, found in heavy.items() if found}
    load_own()
    for path in paths[1:]:
        assert read(*FORMS[form], path) == (tmp_path / Path(path).name).read_bytes(), path


@pytest.mark.parametrize(("name", "form"), [*product(["tour", "nft_families", "wireguard", "tc_monitor"], FORMS)])
def test_without_it_the_tables_are_asked(
    name: str, form: str, monkeypatch: pytest.MonkeyPatch, read: Callable[..., bytes]
) -> None:
    arguments = [*FORMS[form], str(CAPTURES / f"{name}.pcap")]
    with_file = read(*arguments)
    monkeypatch.setattr(program_file, "PACKAGED", "/nowhere/program.bin")
    assert read(*arguments) == with_file


@pytest.fixture
def read(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., bytes]:
    from nldissect.cli import main

    def one(*arguments: str) -> bytes:
        main(["read", *arguments])
        return capfdbinary.readouterr().out

    return one


def test_a_run_would_make_the_same(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The build quotes names with Python's json, a run with orjson."""
    monkeypatch.setattr(program_writer, "quote", encode_alone)
    program_writer.write(str(tmp_path / "program.bin"), dated=True)
    assert made.read_bytes() == (tmp_path / "program.bin").read_bytes()


def test_every_kind_is_found_again(stored: StoredProgram) -> None:
    load_own()
    program = Program(encode_alone, stored)
    rows = [ROW.unpack_from(stored.arrays["rows"], at) for at in range(0, len(stored.arrays["rows"]), ROW.size)]
    asked = [at for at, row in enumerate(rows) if row[16] in LEAF_OPS and stored.origins[3 * at]]
    assert len(asked) > 5_000
    assert [] == [at for at in asked if program.kind(at) is None]


def test_its_texts_are_those_of_the_kinds(stored: StoredProgram) -> None:
    """Errors by name, bytes of traffic class: values that the core does not print, of which there are few."""
    program = Program(encode_alone, stored)
    texts = {row: stored.words(f"texts {number}") for row, number in stored.words("texts").items()}
    assert any(": ENOENT (No such file or directory)" in forms[str(FORM_TREE)].values() for forms in texts.values())
    for row, forms in texts.items():
        kind = program.kind(int(row))
        assert kind is not None
        for form, values in forms.items():
            assert int(form) in (FORM_JSON, FORM_BRIEF, FORM_TREE)
            assert values == {value: text_of(kind, int(value), int(form)) for value in values}


def test_kinds_out_of_it_are_those_of_the_tables(stored: StoredProgram) -> None:
    """Whatever the bytes, a kind that needs no Scapy says the same of them as the one of its row."""
    program = Program(encode_alone, stored)
    rows = {row: spec for row in range(len(stored.row_specs) // 2) if (spec := stored.spec(row)) is not None}
    assert len(rows) > 1_000
    for row, spec in rows.items():
        kind, made = program.kind(row), kind_from(spec)
        assert kind is not None and spec == json.loads(json.dumps(spec_of(kind)))
        size = kind.size or 4
        for raw in (bytes(size), b"\xff" * size, bytes(number % 251 + 1 for number in range(size))):
            if kind.fits(len(raw)):
                value = kind.decoder("<")(raw, 0, len(raw))
                assert value == made.decoder("<")(raw, 0, len(raw))
                for form in (FORM_JSON, FORM_BRIEF, FORM_TREE):
                    assert text_of(kind, value, form, len(raw)) == text_of(made, value, form, len(raw))


@pytest.mark.parametrize("group", [GROUP, "console_scripts"])
def test_packages_that_bring_tables_are_seen(group: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They may have those of a protocol that the file has none of."""
    folder = tmp_path / "tables-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: tables\nVersion: 1\n")
    (folder / "entry_points.txt").write_text(f"[{group}]\ntables = tables:main\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.syspath_prepend(tmp_path / "missing")
    catalog._are_brought.cache_clear()
    assert (group == GROUP) == bool(entry_points(group=GROUP)) == catalog._are_brought()
    catalog._are_brought.cache_clear()


def test_an_edited_source_makes_it_stale(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert program_file.load(str(made)) is not None
    digest, newest = program_file.fingerprint()
    monkeypatch.setattr(program_file, "fingerprint", lambda: (digest, newest + 1))
    assert program_file.load(str(made)) is None
    monkeypatch.setattr(program_file, "fingerprint", lambda: ("another", newest))
    assert program_file.load(str(made)) is None


def test_one_that_anybody_may_write_is_not_used(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "program.bin"
    shutil.copy(made, path)
    assert program_file.load(str(path)) is not None
    path.chmod(0o666)
    assert program_file.load(str(path)) is None


def test_one_of_another_user_is_not_used(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert program_file.load(str(made)) is not None
    status = os.stat(made)
    other = os.stat_result((*status[:4], status.st_uid + 1, *status[5:]))
    monkeypatch.setattr(program_file.os, "fstat", lambda number: other)
    assert program_file.load(str(made)) is None


@pytest.mark.parametrize("size", [0, 5, 30, 40, 2_000, -1], ids=lambda size: f"{size} bytes")
def test_a_cut_one_is_not_used(size: int, made: Path, tmp_path: Path) -> None:
    path = tmp_path / "program.bin"
    path.write_bytes(made.read_bytes()[:size])
    assert program_file.load(str(path)) is None


@pytest.mark.parametrize("part", ["fields", "kinds"])
def test_damage_in_what_filters_can_name_is_found(part: str, made: Path, tmp_path: Path) -> None:
    whole = program_file.load(str(made))
    assert whole is not None and whole.fields is not None
    data, path = bytearray(made.read_bytes()), tmp_path / "program.bin"
    start, size = whole._about[part]
    data[len(data) - whole._about["size"] + start + size // 2] ^= 1
    path.write_bytes(data)
    damaged = program_file.load(str(path))
    assert damaged is not None and damaged.fields is None


@pytest.mark.parametrize("name", ["rows", "sets", "structs", "choices", "choosings", "parts", "alternatives"])
def test_what_refers_to_nothing_is_refused(name: str, stored: StoredProgram) -> None:
    library = open_library(str(LIBRARY))
    assert is_sound(library, stored)
    wrong = bytearray(stored.arrays[name])
    wrong[-48:] = b"\xff" * 48
    arrays = {**stored.arrays, name: bytes(wrong)}
    assert not is_sound(library, stored._replace(arrays=arrays))


def first_of(op: int) -> Callable[[tuple[int, ...]], bool]:
    return lambda row: row[16] == op


def every(record: tuple[int, ...]) -> bool:
    return True


@pytest.mark.parametrize(
    ("name", "codec", "is_it", "place", "value"),
    [
        pytest.param("rows", ROW, first_of(INT), 8, 100, id="a number of 100 bytes"),
        pytest.param(
            "rows",
            ROW,
            lambda row: row[16] == ARRAY and row[9] > 1,
            8,
            1001,
            id="an array that its numbers do not fill",
        ),
        pytest.param("rows", ROW, first_of(STRUCT), 1, 0, id="a row without a name"),
        pytest.param("rows", ROW, lambda row: row[10] >= 0, 10, 63, id="a field counted by none"),
        pytest.param("sets", SET, lambda one: one[9] == 1, 6, 2, id="headers shorter than their two numbers"),
        pytest.param("alternatives", ALTERNATIVE, every, 0, MODE_MASKED, id="flags without the name of their mask"),
    ],
)
def test_what_goes_beyond_the_bytes_is_refused(
    name: str,
    codec: struct.Struct,
    is_it: Callable[[tuple[int, ...]], bool],
    place: int,
    value: int,
    stored: StoredProgram,
) -> None:
    data = bytearray(stored.arrays[name])
    records = [codec.unpack_from(data, at) for at in range(0, len(data), codec.size)]
    number = next(number for number, record in enumerate(records) if number and is_it(record))
    record = [*records[number]]
    record[place] = value
    codec.pack_into(data, number * codec.size, *record)
    assert not is_sound(open_library(str(LIBRARY)), stored._replace(arrays={**stored.arrays, name: bytes(data)}))


def test_the_last_row_has_none_behind_it(stored: StoredProgram) -> None:
    """What does not fit a row is shown by the one behind it."""
    data, last = bytearray(stored.arrays["choosings"]), len(stored.arrays["rows"]) // ROW.size - 1
    struct.pack_into("<I", data, CHOOSING.size - 4, last)
    assert not is_sound(open_library(str(LIBRARY)), stored._replace(arrays={**stored.arrays, "choosings": bytes(data)}))


@pytest.mark.parametrize("sizes", [[1, 1, 0], [*range(40, -1, -1)]], ids=["crossing", "forty deep"])
def test_groups_of_templates_that_cross_or_are_deep_are_refused(sizes: list[int], stored: StoredProgram) -> None:
    """The one would be filled in again and again, the other takes as much of the stack as there are."""
    data, group = bytearray(stored.arrays["parts"]), 2
    for place, size in enumerate(sizes):
        PART.pack_into(data, place * PART.size, group, size, 0)
    assert not is_sound(open_library(str(LIBRARY)), stored._replace(arrays={**stored.arrays, "parts": bytes(data)}))


def test_a_group_needs_a_name_that_is_there(stored: StoredProgram) -> None:
    data = bytearray(stored.arrays["parts"])
    PART.pack_into(data, 0, 2, 1, stored.name_count)
    assert not is_sound(open_library(str(LIBRARY)), stored._replace(arrays={**stored.arrays, "parts": bytes(data)}))


def test_lines_within_lines_end(
    made: Path, stored: StoredProgram, monkeypatch: pytest.MonkeyPatch, read: Callable[..., bytes]
) -> None:
    """Every template asks a thousand times for what a nest holds, whose template asks as often for what is in there."""
    arrays = {name: bytearray(data) for name, data in stored.arrays.items()}
    called = {
        bytes(stored.arrays["pool"][key : key + size]): wanted
        for key, size, *_, wanted in (row[:12] for row in ROW.iter_unpack(stored.arrays["rows"]))
    }
    first, part = len(arrays["alternatives"]) // ALTERNATIVE.size, len(arrays["parts"]) // PART.size
    for name in (b'"IFLA_AF_SPEC":', b'"AF_INET6":', b'"NFTA_RULE_EXPRESSIONS":'):  # the last is not in there
        arrays["alternatives"] += 1300 * ALTERNATIVE.pack(
            MODE_LINE, 0, 0, 0, 1, 0, called[name], 0, 0, 0, 0, 0, 0, 0, 0, 0
        )
    arrays["parts"] += PART.pack(FIELD, first, 3900)
    for at in range(TEMPLATE.size, len(arrays["templates"]), TEMPLATE.size):
        TEMPLATE.pack_into(arrays["templates"], at, part, 1)
    for at in range(SET.size, len(arrays["sets"]), SET.size):
        one = SET.unpack_from(arrays["sets"], at)
        SET.pack_into(arrays["sets"], at, *one[:5], 1, *one[6:])
    hostile = stored._replace(arrays={name: bytes(data) for name, data in arrays.items()})
    assert is_sound(open_library(str(LIBRARY)), hostile)

    path = str(CAPTURES / "link_dump.pcap")
    monkeypatch.setenv("NLDISSECT_NATIVE", "0")
    expected = read(path).splitlines()
    monkeypatch.delenv("NLDISSECT_NATIVE")
    found = program_file.load(str(made))
    assert found is not None
    found.stored = hostile
    monkeypatch.setattr(program_file, "load", lambda path: found)
    lines = read("--engine", "native", path).splitlines()
    links = [line for line in expected if b" mtu " in line]
    assert links and links == [line for line in lines if b" mtu " in line]  # left to the message engine
