"""The project's own files: what stands at the top, the README's commands, the version, what Scapy's loader asks for."""

from __future__ import annotations

import ast
import fnmatch
import importlib.metadata
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import nldissect

ROOT = Path(__file__).resolve().parent.parent
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


def test_every_relative_link_of_the_readme_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_what_the_readme_shows_is_what_the_command_prints() -> None:
    shown = re.findall(r"^```\n\$ nldissect (.*)\n((?:.+\n)+?)```$", README, re.MULTILINE)
    assert shown
    for arguments, lines in shown:
        printed = python("-m", "nldissect", *shlex.split(arguments)).splitlines()
        assert [line for line in lines.splitlines() if line not in [*printed, "..."]] == []
        if "..." not in lines:
            assert lines.splitlines() == printed


def printing(source: str) -> tuple[str, list[str]]:
    """A program of the README that prints each value it says in a comment, and those values."""
    lines, values = [], []
    for line in source.splitlines():
        code, said, value = line.partition("  # ")
        try:
            ast.parse(code, mode="eval")
        except SyntaxError:
            said = ""
        lines.append(f"print({code})" if said else line)
        values += [value] if said else []
    return "\n".join(lines), values


def python_of(heading: str) -> str:
    """The Python of one section."""
    section = README.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return "\n".join(re.findall(r"^```python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("heading", ["Scapy", "Add a family"])
def test_the_python_of_the_readme_runs_and_gives_what_its_comments_say(heading: str) -> None:
    source, values = printing(python_of(heading))
    assert values and values == python("-c", source).splitlines()


def test_the_family_of_the_readme_decodes_and_builds_the_same_bytes() -> None:
    """Command 2 with GIZMO_A_STATE 1, GIZMO_A_PORT with its name, two GIZMO_A_PORTS."""
    cooked = "0004 0338 0000 0000000000000000 0010"
    message = (
        "44000000 3000 0500 00000000 00000000  02 00 0000  0500 0100 01000000  0c00 0280 0700 0100 70300000"
        "1c00 0380 0c00 0180 0700 0100 70310000 0c00 0280 0700 0100 70320000"
    )
    program = f"""
from nldissect.all import *
context = Context("little")
context.learn("genl", 0x30, "gizmo")
told = nlmon(bytes.fromhex({cooked + message!r}), _context=context)
print(told.summary())
name = GIZMO_A_PORT.NAME
print([port[name].value for port in [told[GIZMO_A.PORT], *told[GIZMO_A.PORTS].value]])
ports = [GIZMO_A.PORTS[1]([name("p1")]), GIZMO_A.PORTS[2]([name("p2")])]
attrs = [GIZMO_A.STATE("ON"), GIZMO_A.PORT([name("p0")]), GIZMO_A.PORTS(ports)]
made = nlmsghdr(nlmsg_type=0x30, nlmsg_flags="REQUEST|ACK") / genlmsghdr(cmd="GIZMO_CMD_SET") / generic(attrs=attrs)
print(bytes(made).hex())
"""
    line, names, made = python("-c", python_of("Add a family") + program).splitlines()[-3:]
    assert line.endswith("GIZMO_CMD_SET on port p0")
    assert "['p0', 'p1', 'p2']" == names
    assert bytes.fromhex(message).hex() == made


def test_the_python_of_the_readme_that_needs_root(kernel: ModuleType) -> None:
    source, values = printing(python_of("Sockets"))
    change = (
        "import os\nos.system('ip link set d0 up; ip addr add 192.0.2.1/24 dev d0; ip route add 10.0.0.0/8 dev d0')\n"
    )
    source = "from nldissect.all import *\n" + source.replace("for frame in sock:", change + "for frame in sock:")
    ran = kernel.run(source, interpreter=sys.executable)
    assert 0 == ran.status, ran.output
    printed = ran.output.splitlines()
    assert values == [line for line in printed if not line.startswith("NETLINK_ROUTE")]
    heard = [line for line in printed if line.startswith("NETLINK_ROUTE")]
    assert any("RTM_NEWROUTE unicast 10.0.0.0/8 dev" in line for line in heard), heard


def test_the_package_and_the_project_tell_one_version() -> None:
    assert nldissect.__version__ == PROJECT["version"]
    assert installed().version == PROJECT["version"]


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
