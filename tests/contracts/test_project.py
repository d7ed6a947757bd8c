"""The project's own files: the top level, the README's two commands, the version, what Scapy's loader asks for."""

from __future__ import annotations

import fnmatch
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import nldissect
from tests.helpers.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
README = (ROOT / "README.md").read_text()
DECODE, TEST = (line for line in README.splitlines() if line.startswith("python3 -m venv "))


def ignored(name: str) -> bool:
    return any(fnmatch.fnmatch(name, pattern.rstrip("/")) for pattern in (ROOT / ".gitignore").read_text().split())


def installed() -> importlib.metadata.Distribution:
    try:
        return importlib.metadata.distribution("nldissect")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("nldissect is not installed here; README.md says how")


def python(*arguments: str) -> str:
    """What Python prints when started at the top of the project."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


def test_the_top_level_holds_the_project_and_nothing_else() -> None:
    names = {path.name for path in ROOT.iterdir() if not path.name.startswith(".") and not ignored(path.name)}
    names -= {"PKG-INFO", "setup.cfg"}  # of a source distribution
    assert names == {"pyproject.toml", "README.md", "LICENSE", "nldissect", "captures", "tests"}


def test_readme_begins_with_the_two_commands() -> None:
    assert README.index(DECODE) < README.index(TEST) < 1000
    assert DECODE.endswith("/nldissect read captures/tour.pcap")
    assert TEST.endswith("/pytest -q")


def test_the_capture_named_in_the_readme_is_there() -> None:
    assert (ROOT / DECODE.split()[-1]).stat().st_size > 0


def test_ci_takes_its_commands_from_the_readme() -> None:
    """The script holds no install or pytest line of its own, so the two can't drift apart."""
    script = (ROOT / ".ci/run").read_text()
    assert "grep '^python3 -m venv ' README.md" in script
    assert re.search(r"pip install|bin/pytest", script) is None
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_the_map_names_every_module_and_no_other() -> None:
    """Those of families are called after the kernel's."""
    page = (ROOT / "nldissect" / "help" / "contributing.md").read_text()
    paths = (path.relative_to(ROOT / "nldissect").with_suffix("") for path in (ROOT / "nldissect").rglob("*.py"))
    modules = {path.as_posix() for path in paths if path.name != "__init__" and path.parts[0] != "families"}
    rows = re.findall(r"^\| ([\w/]+) \| .+ \|$", page, re.MULTILINE)
    assert sorted(modules) == sorted(set(rows) - {"module"})


def test_the_package_and_the_project_tell_one_version() -> None:
    assert nldissect.__version__ == PROJECT["version"]
    assert installed().version == PROJECT["version"]
    changes = (ROOT / "nldissect" / "help" / "changes.md").read_text()
    assert [PROJECT["version"], "0.1.0"] == re.findall(r"^## ([\d.]+) \(", changes, re.MULTILINE)


def test_scapy_loads_nldissect_as_an_extension() -> None:
    """ExtsManager.load of scapy/config.py wants a GPL-2.0 licence expression, top_level.txt and scapy_ext()."""
    metadata = installed()
    assert metadata.metadata["License-Expression"] == PROJECT["license"] == "GPL-2.0-or-later"
    assert (metadata.read_text("top_level.txt") or "").split() == ["nldissect"]
    program = """
from scapy.config import conf
from scapy.main import load_contrib
conf.exts.load("nldissect")
vocabulary = {}
load_contrib("netlink", vocabulary)
print(vocabulary["IFLA"].MTU.number)
"""
    assert python("-c", program) == "4\n"  # IFLA_MTU in linux/if_link.h


@pytest.mark.parametrize("how", ["import nldissect", 'conf.exts.load("nldissect")', "load_extensions"])
def test_scapy_s_own_console_reads_netlink(how: str, tmp_path: Path) -> None:
    """By an import, by its loader, and as prestart.py names extensions (DEFAULT_PRESTART of scapy/main.py)."""
    if "import" not in how:
        installed()
    (tmp_path / ".config/scapy").mkdir(parents=True)
    extensions = '"nldissect"' if how == "load_extensions" else ""
    settings = f'conf.interactive_shell = "python"\nconf.load_extensions = [{extensions}]\n'
    (tmp_path / ".config/scapy/prestart.py").write_text(settings)
    lines = [
        "" if how == "load_extensions" else how,
        "print(rdpcap('captures/vlan_add.pcap')[2].messages[0].summary())",
    ]
    if "import" not in how:
        lines += ['load_contrib("netlink")', "print(IFLA.MTU.number + 38)"]
    command = [sys.executable, "-c", "from scapy.main import interact; interact(argv=['scapy', '-H'])"]
    environment = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    environment.pop("XDG_CONFIG_HOME", None)
    done = subprocess.run(
        command, cwd=ROOT, env=environment, input="\n".join(lines), capture_output=True, text=True, check=True
    )
    assert "RTM_NEWLINK v10@if2 vlan id 10\n" in done.stdout
    assert ("import" in how) or "42\n" in done.stdout


def test_a_cache_of_scapy_that_nobody_may_look_into_is_no_matter() -> None:
    code = """
import pathlib
exists = pathlib.Path.exists
def locked(path, **options):
    if path.suffix == ".pickle":
        raise PermissionError(13, "Permission denied", str(path))
    return exists(path, **options)
pathlib.Path.exists = locked
import nldissect.cli
print("here")
"""
    assert "here\n" == python("-c", code)
