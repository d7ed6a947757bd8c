"""README and the pages of `nldissect help`: every example in them runs, every link leads somewhere."""

from __future__ import annotations

import contextlib
import doctest
import html
import io
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from nldissect.commands import COMMANDS, parser
from nldissect.commands.help.pages import PAGES as HELP_PAGES
from tests.helpers.pages import HELP, PAGES, anchors, blocks, page, printing, python_of, section, sections
from tests.helpers.paths import ROOT

SHOWN = {name: re.findall(r"^\$ nldissect (.*)\n((?:.+\n?)+)", "\n".join(blocks(path.read_text(), "")), re.MULTILINE)
         for name, path in PAGES.items()}  # fmt: skip
"""Commands in blocks without a language, and the lines they print, by page."""
PROGRAMS = [
    pytest.param(python_of(part), id=f"{name}: {part.partition(chr(10))[0]}")
    for name, path in PAGES.items()
    for part in sections(path.read_text())
    if python_of(part)
]
NEEDS_KERNEL = "NetlinkSocket("
TOKEN = r"[\w.]+|[^\w\s]"


def python(*arguments: str) -> str:
    """Return what Python prints when started at the top of the project."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", PAGES)
def test_every_relative_link_leads_somewhere(name: str) -> None:
    folder, text = PAGES[name].parent, PAGES[name].read_text()
    broken = []
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text):
        path, _, anchor = target.partition("#")
        file = (folder / path).resolve() if path else PAGES[name]
        if not file.exists() or (anchor and anchor not in anchors(file.read_text())):
            broken.append(target)
    assert [] == broken


def test_readme_leads_to_every_page() -> None:
    readme = PAGES["README.md"].read_text()
    assert [] == [path.name for path in HELP.glob("*.md") if f"](nldissect/help/{path.name})" not in readme]


@pytest.mark.parametrize("name", [name for name, shown in SHOWN.items() if shown])
def test_commands_print_what_the_page_shows(name: str) -> None:
    for arguments, lines in SHOWN[name]:
        printed = python("-m", "nldissect", *shlex.split(arguments)).splitlines()
        assert [] == [line for line in lines.splitlines() if line not in [*printed, "..."]]
        if "..." not in lines.splitlines():
            assert lines.splitlines() == printed


def tokens(line: str) -> list[str]:
    """Split a line as a shell does; operators like `|` are tokens."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    return list(lexer)


def written(text: str) -> list[list[str]]:
    """Return the arguments of every `nldissect COMMAND ...` of a page: in blocks of shell, and in running text."""
    lines = "".join(blocks(text, "sh")).splitlines()
    lines += re.findall(r"^\$ (.*)$", "".join(blocks(text, "") + blocks(text, "text")), re.MULTILINE)
    lines += re.findall(r"`((?:[^`\n]*[ |])?nldissect [^`\n]+)`", text)
    found = []
    for words in map(tokens, lines):
        for place, word in enumerate(words[:-1]):
            if word == "nldissect" and words[place + 1] in COMMANDS:
                rest = words[place + 1 :]
                end = next((index for index, one in enumerate(rest) if set(one) <= set("();<>|&")), len(rest))
                found += [rest[:end]] if end > 1 else []  # `nldissect read` names the command
    return found


@pytest.mark.parametrize("name", [name for name, path in PAGES.items() if written(path.read_text())])
def test_commands_of_the_page_are_understood(name: str) -> None:
    """Also those that need root, a terminal or a file that is not here: options and places are the parser's."""
    refused = []
    for arguments in written(PAGES[name].read_text()):
        complaint = io.StringIO()
        try:
            with contextlib.redirect_stderr(complaint):
                parser(arguments[0]).parse_args(arguments)
        except SystemExit:
            refused.append((arguments, complaint.getvalue()))
    assert [] == refused


@pytest.mark.parametrize("program", [one for one in PROGRAMS if NEEDS_KERNEL not in str(one.values[0])])
def test_python_gives_what_its_comments_say(program: str) -> None:
    source, values = printing(program)
    assert values == python("-c", source).splitlines()


def test_the_generic_family_of_the_page_decodes_and_builds_the_same_bytes() -> None:
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
    line, names, made = python("-c", python_of(section(page("families"), "A generic family")) + program).splitlines()[
        -3:
    ]
    assert line.endswith("GIZMO_CMD_SET on port p0")
    assert "['p0', 'p1', 'p2']" == names
    assert bytes.fromhex(message).hex() == made


def test_python_that_needs_root_gives_what_its_comments_say(kernel: ModuleType) -> None:
    (program,) = [str(one.values[0]) for one in PROGRAMS if NEEDS_KERNEL in str(one.values[0])]
    source, values = printing(program)
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


@pytest.mark.parametrize("name", [name for name, path in PAGES.items() if blocks(path.read_text(), "pycon")])
def test_sessions_at_the_prompt(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = doctest.testfile(str(PAGES[name]), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert result.attempted and not result.failed


def test_json_is_what_the_command_above_it_prints() -> None:
    shown = re.findall(
        r"`nldissect (read [^`]*)` prints this object:\n\n```json\n(.*?)^```$", page("json"), re.M | re.S
    )
    assert len(blocks(page("json"), "json")) == len(shown) == 2
    for arguments, text in shown:
        assert json.loads(text) == json.loads(python("-m", "nldissect", *shlex.split(arguments)))


def test_the_moving_picture_shows_what_the_program_prints() -> None:
    """Recorded from the program at a terminal; the lines of `read` are its own, wrapped at 106 columns."""
    text = (HELP / "demo.svg").read_text()
    assert len(text) <= 150_000
    assert "<script" not in text and "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "@keyframes" in text
    words = re.findall(TOKEN, html.unescape(" ".join(re.findall(r"<text [^>]*>([^<]*)</text>", text))))
    read = ["-m", "nldissect", "read", "captures/errors.pcap"]
    printed = python(*read, "-Y", "error == ENETUNREACH") + python(*read, "-Y", "frame.number == 45")
    assert set() == set(re.findall(TOKEN, printed)) - set(words)


def test_every_page_is_listed() -> None:
    assert {path.stem for path in HELP.glob("*.md")} == HELP_PAGES.keys()


def test_a_page_has_one_title_and_fits_the_package() -> None:
    for path in HELP.glob("*.md"):
        assert path.read_text().startswith("# "), path
    assert {".md", ".svg"} == {path.suffix for path in HELP.iterdir()}


def test_paths_of_pages_are_those_of_the_repository() -> None:
    """An example names a capture as it is called at the top of the project."""
    named = {one for path in PAGES.values() for one in re.findall(r"captures/\w+\.pcap", path.read_text())}
    assert named and [] == [one for one in sorted(named) if not Path(ROOT, one).exists()]
