"""Who may import whom: the layers of nldissect, read from the source; and what a command really loads."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import nldissect.wire
from nldissect.commands import COMMANDS
from nldissect.native import program_file
from nldissect.native.kind_specs import FAMILIES
from tests.helpers.imports import called, loaded_by
from tests.helpers.paths import PACKAGE
from tests.helpers.skips import needs_strace

# Each part and the parts it may import, itself left out. `nldissect` is the package's own __init__.
EVERYWHERE = {"escapes", "interrupts", "sizes", "uapi"}  # import nothing themselves
READING = {"errors", "request_tracker", "capfile", "wire", "families", "columns", "filters", "store"}
TEXT = {"stream", "analysis", "terminal", "render"}
MAY_IMPORT = {
    "escapes": set(),
    "interrupts": set(),
    "sizes": set(),
    "uapi": set(),
    "errors": set(),
    "optional": {"errors"},
    "request_tracker": set(),
    "scapy_cache": set(),
    "scapy_host": set(),
    "scapy_writer": {"wire"},
    "scapy_hook": {"scapy_cache", "scapy_host", "scapy_writer", "wire"},
    "scapy_session": {"errors", "request_tracker", "wire", "families"},
    "capfile": {"errors"},
    "capture": {"errors", "request_tracker", "capfile"},
    "wire": {"errors", "request_tracker"},
    "families": {"errors", "request_tracker", "wire"},
    "plugins": {"errors", "scapy_host", "wire", "families"},
    "ynl": {"errors", "wire", "families"},
    "sockets": {"errors", "wire", "families"},
    "columns": {"nldissect", "errors", "request_tracker", "capfile", "wire", "families"},
    "filters": {"errors", "columns", "wire"},
    "store": {"errors", "optional", "capfile", "columns", "filters", "wire", "families", "records"},
    "records": {"errors", "capfile", "columns", "wire", "stream", "analysis", "render"},
    "stream": {"errors", "request_tracker", "capfile", "columns", "filters", "terminal", "wire", "families"},
    "analysis": {"errors", "request_tracker", "capfile", "columns", "wire", "families"},
    "native": {"errors", "request_tracker", "wire", "families"},
    "terminal": {"capfile"},
    "render": {"nldissect", "optional", *READING, *TEXT, "native"},
    "viewer": {"nldissect", *READING, *TEXT, "capture"},
    "commands": {
        "nldissect",
        "optional",
        *READING,
        *TEXT,
        "records",
        "native",
        "capture",
        "sockets",
        "all",
        "viewer",
        "scapy_host",
    },
    "cli": {"errors", "scapy_host", "capfile", "ynl", "commands"},
    "__main__": {"cli"},
    "all": {"nldissect", "errors", "wire", "families", "sockets"},
    "nldissect": {"errors", "scapy_hook", "scapy_session", "wire", "families", "plugins", "ynl", "filters", "store"},
}

# What a command may ask of another: whether `run` can watch here, and what `fields` calls a kind.
OF_ANOTHER_COMMAND = {
    ("doctor", "nldissect.commands.run.doctor_check"),
    ("shell", "nldissect.commands.fields.listing"),
}

# Libraries that only these parts may import.
ONLY_IN = {
    "pcapy": {"capture"},
    "textual": {"viewer"},
    "rich": {"terminal", "viewer", "commands", "cli"},
    "scapy.all": {"commands"},
    "yaml": {"ynl"},
}

# What would let a decoder reach outside: wire, families and the filter language open no sockets and no files.
OUTSIDE = {"socket", "io", "tempfile", "shutil", "mmap", "subprocess", "urllib", "http", "asyncio", "select"}
HARMLESS = {"socket.AddressFamily", "socket.inet_ntop", "socket.inet_pton"}
OPENERS = {"open", "fdopen", "read_bytes", "read_text", "write_bytes", "write_text", "listdir", "scandir", "iterdir"}


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def part(module: str) -> str:
    """`nldissect.wire.attr_set` belongs to `wire`, the package itself to `nldissect`."""
    return [*module.split("."), "nldissect"][1]


@cache
def imported(module: str, path: Path) -> list[tuple[int, str]]:
    return list(read(path.read_text(), module if path.name == "__init__.py" else module.rpartition(".")[0]))


def read(source: str, package: str) -> Iterator[tuple[int, str]]:
    """Line and absolute name of every import in a source file of `package`, wherever it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: package.count(".") + 2 - node.level] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield from ((node.lineno, whole(base, alias.name)) for alias in node.names)
        elif isinstance(node, ast.Call) and called(node) in {"import_module", "__import__"}:
            yield from ((node.lineno, str(name.value)) for name in node.args[:1] if isinstance(name, ast.Constant))


def whole(base: str, name: str) -> str:
    """base.name where that is a module of ours or of Scapy's or opens nothing, else base."""
    inside = PACKAGE.parent.joinpath(*base.split("."), name)
    ours = inside.is_dir() or inside.with_suffix(".py").is_file()
    return f"{base}.{name}" if ours or base == "scapy" or f"{base}.{name}" in HARMLESS else base


def begins(name: str, library: str) -> bool:
    return name == library or name.startswith(f"{library}.")


@cache
def imports() -> list[tuple[str, str, str]]:
    """Place (file and line), importing part and imported name, over the whole package."""
    return [
        (f"{path.relative_to(PACKAGE.parent)}:{line}", part(module), name)
        for module, path in modules()
        for line, name in imported(module, path)
    ]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import nldissect.errors as e", "nldissect.errors"),
        ("from nldissect.errors import FileError", "nldissect.errors"),
        ("from nldissect import errors", "nldissect.errors"),
        ("from .. import errors", "nldissect.errors"),
        ("from ..errors import FileError", "nldissect.errors"),
        ("from .common import AF", "nldissect.families.common"),
        ("def f():\n    from scapy.all import IP", "scapy.all"),
        ("def f():\n    from scapy import all", "scapy.all"),
        ("import importlib\nimportlib.import_module('textual.app')", "textual.app"),
    ],
)
def test_every_form_of_import_is_seen(source: str, name: str) -> None:
    assert name in [name for _, name in read(source, "nldissect.families")]


def test_every_part_of_the_package_has_its_rule() -> None:
    assert {part(module) for module, _ in modules()} <= set(MAY_IMPORT)


def test_imports_run_one_way() -> None:
    wrong = [
        f"{place}: {importer} imports {name}"
        for place, importer, name in imports()
        if begins(name, "nldissect") and part(name) not in {importer, *EVERYWHERE, *MAY_IMPORT[importer]}
    ]
    assert wrong == []


def test_a_command_imports_nothing_of_another() -> None:
    wrong = [
        f"{module}:{line}: imports {name}"
        for module, path in modules()
        if (command := command_of(module))
        for line, name in imported(module, path)
        if command_of(name) not in {"", command} and (command, name) not in OF_ANOTHER_COMMAND
    ]
    assert wrong == []


def command_of(module: str) -> str:
    """`read` of `nldissect.commands.read.command`; "" for what several commands share."""
    name = module.removeprefix("nldissect.commands.").partition(".")[0]
    return name if module.startswith("nldissect.commands.") and name in COMMANDS else ""


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_stays_where_it_belongs(library: str) -> None:
    wrong = [place for place, importer, name in imports() if begins(name, library) and importer not in ONLY_IN[library]]
    assert wrong == []


def test_wire_and_families_take_nothing_of_scapy_that_scapy_packet_does_not_load_anyway() -> None:
    loaded = loaded_by("import scapy.packet, scapy.fields")
    wrong = [
        f"{place}: {name}"
        for place, importer, name in imports()
        if importer in {"wire", "families", "nldissect"} and begins(name, "scapy") and name not in loaded
    ]
    assert wrong == []


WIRE_WITHOUT_SCAPY = {
    "nldissect.families": "loads the tables, and is imported where none are: the names of wire bring Scapy",
    "nldissect.families.multicast_groups": "completes names of groups: a TAB does not wait for Scapy",
    **{
        f"nldissect.families.{name}": "kinds whose values the core leaves to Python, where small captures load no Scapy"
        for name in FAMILIES
    },
}
"""Modules of families that import modules of wire, and why; all others import the names of nldissect.wire."""


def test_families_import_the_names_of_wire_not_its_modules() -> None:
    importers = {
        module
        for module, path in modules()
        if part(module) == "families" and any(name.startswith("nldissect.wire.") for _, name in imported(module, path))
    }
    assert set(WIRE_WITHOUT_SCAPY) == importers


@pytest.mark.parametrize("module", WIRE_WITHOUT_SCAPY)
def test_the_families_that_import_modules_of_wire_load_no_scapy(module: str) -> None:
    assert [] == [name for name in loaded_by(f"import {module}") if begins(name, "scapy")]


def test_no_name_of_wire_is_a_module_of_it() -> None:
    """`from nldissect.wire import name` would get now the one, now the other."""
    names = {path.stem for path in PACKAGE.joinpath("wire").iterdir()}
    assert set() == names & set(nldissect.wire.__all__)


def decoders() -> Iterator[tuple[str, Path]]:
    """wire, families and the filter language (index/filter...)."""
    for module, path in modules():
        if part(module) in {"wire", "families"} or module.startswith("nldissect.filters"):
            yield module, path


def test_decoders_open_no_sockets_and_no_files() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE.parent)}:{line}: {name}"
        for module, path in decoders()
        for line, name in imported(module, path)
        if name.split(".")[0] in OUTSIDE and name not in HARMLESS
    ]
    wrong += [
        f"{path.relative_to(PACKAGE.parent)}:{node.lineno}: {called(node)}()"
        for _, path in decoders()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and called(node) in OPENERS
    ]
    assert wrong == []


HEAVY = ("textual", "pcapy", "yaml", "numpy", "rich", "scapy.all", "scapy.layers", "scapy.contrib")


def heavy(loaded: set[str]) -> set[str]:
    return {name for name in loaded if any(begins(name, library) for library in HEAVY)}


def test_import_nldissect_is_light() -> None:
    loaded = loaded_by("import nldissect")
    assert heavy(loaded) == set() == {name for name in loaded if begins(name, "scapy")}


def test_wire_is_imported_in_any_order() -> None:
    """What its modules import of each other when they are executed goes one way: any of them may be the first."""
    first = {module: set(imported_at_once(path, module)) for module, path in modules() if part(module) == "wire"}
    assert len(list(TopologicalSorter(first).static_order())) >= len(first)


def imported_at_once(path: Path, module: str) -> Iterator[str]:
    """Modules of wire that a source file of it imports outside of functions and `if TYPE_CHECKING`."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    statements = ast.Module([one for one in ast.parse(path.read_text()).body if isinstance(one, ast.ImportFrom)], [])
    for _, name in read(ast.unparse(statements), package):
        if begins(name, "nldissect.wire") and name not in ("nldissect.wire", module):
            yield name


def test_what_needs_no_scapy_in_wire_is_imported_without() -> None:
    light = (
        "addresses attr_set audit_text bits containers context enums family_trust kind numbers protocol protocol_names "
        "summary_template text"
    )
    loaded = loaded_by(f"import {', '.join(f'nldissect.wire.{name}' for name in light.split())}")
    assert [] == [name for name in loaded if begins(name, "scapy") or begins(name, "nldissect.families")]


@pytest.mark.parametrize("command", ["--version", "--help", "read --help", "completion bash", "run -- true"])
def test_what_reads_no_message_loads_no_tables(command: str) -> None:
    if command.startswith("run"):
        needs_strace()
    program = f"""
from nldissect.cli import main
try:
    assert main({command.split()}) == 0
except SystemExit as end:
    assert end.code in (0, None)
"""
    loaded = loaded_by(program)
    assert heavy(loaded) == set()
    assert [] == [name for name in loaded if begins(name, "scapy") or begins(name, "nldissect.families")]


def test_what_the_package_offers_is_there_when_it_is_asked_for() -> None:
    program = """
import nldissect, nldissect.wire
from nldissect import *
from nldissect.wire import *
assert {"Capture", "Context", "NetlinkSession", "nlmon", "nlmsghdr", "open", "walk", "wire"} <= set(dir(nldissect))
assert walk is nldissect.walk is nldissect.wire.walk and callable(walk)
assert open is nldissect.store.capture.open_captures and issubclass(nldissect.errors.FileError, Exception)
assert AttrSet is nldissect.wire.attr_set.AttrSet and NETLINK_GENERIC == 16 and "AttrSet" in dir(nldissect.wire)
for module in (nldissect, nldissect.wire):
    try:
        module.nothing
    except AttributeError as error:
        assert str(error) == f"module {module.__name__!r} has no attribute 'nothing'"
    else:
        raise AssertionError
"""
    loaded_by(program)


def test_the_version_is_light() -> None:
    code = "import contextlib, nldissect.cli\nwith contextlib.suppress(SystemExit): nldissect.cli.main(['--version'])"
    assert heavy(loaded_by(code)) == set()


@pytest.mark.skipif(program_file.load(program_file.PACKAGED) is None, reason="no program file; `pip install` makes it")
@pytest.mark.parametrize("options", [[], ["-V"], ["-T", "ndjson"], ["-T", "json"], ["-q"]])
def test_a_filter_that_the_core_decides_needs_neither_numpy_nor_scapy(options: list[str]) -> None:
    command = ["read", *options, "-Y", "ifi_index == 3 and IFLA_MTU > 100", str(PACKAGE.parent / "captures/addr.pcap")]
    loaded = loaded_by(f"import nldissect.cli\nnldissect.cli.main({command})")
    assert heavy(loaded) == set()
    assert [] == [name for name in loaded if begins(name, "scapy")]


@pytest.mark.parametrize("options", [[], ["-V"], ["-x"], ["-T", "ndjson"]])
def test_reading_into_a_pipe_is_light(options: list[str]) -> None:
    arguments = ["read", *options, str(PACKAGE.parent / "captures/vlan_add.pcap")]
    loaded = loaded_by(f"from nldissect.cli import main; assert main({arguments}) == 0")
    assert heavy(loaded) == set()
    assert "orjson" not in loaded or "-x" not in options
    assert "nldissect.filters" not in loaded  # nobody asked for -Y


def test_each_generic_family_is_found_alone() -> None:
    """Its file is called after it, or told in SHARED; for a family without tables none is loaded."""
    code = """
import os
import nldissect.families as families
from nldissect.wire.packets.bindings import COMMANDS, ensure_family

ensure_family("no such family")
assert not COMMANDS
reading, writing = os.pipe()
if not os.fork():
    families.load_own()
    os.write(writing, "\\n".join(COMMANDS).encode())
    os._exit(0)
os.wait()
names = os.read(reading, 1 << 16).decode().split("\\n")
assert len(names) > 60
for name in names:
    if not os.fork():
        ensure_family(name)
        os._exit(name not in COMMANDS)
    assert os.wait()[1] == 0, name
"""
    loaded_by(code)
