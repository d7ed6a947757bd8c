"""`nldissect completion`: the scripts in real shells, keys typed at a terminal, and the words they keep."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nldissect.cli import main
from nldissect.commands import parser
from nldissect.commands.completion import model
from nldissect.commands.completion.words import FIND, key, lines
from nldissect.filters.completion import endings, last_word
from tests.helpers.paths import CAPTURES, ROOT
from tests.helpers.skips import needs
from tests.helpers.terminal import Terminal

SHOW = "nldissect() { printf '<%s>' \"$@\"; echo; }"


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that scripts keep, where they look for it."""
    file = tmp_path_factory.mktemp("home") / f".cache/nldissect/words-{key()}"
    file.parent.mkdir(parents=True)
    file.write_text("".join(f"{line}\n" for line in lines()))
    return file


@pytest.fixture(scope="module")
def home(words: Path) -> Path:
    """A home whose cache is filled, with a script of each shell."""
    for name in ("bash", "zsh", "fish"):
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "nldissect", "completion", name]
        script = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
        (words.parents[2] / name).write_text(script)
    return words.parents[2]


LINES = [
    ("re\t", "<read>"),
    ("read --show\t", "<read><--show-secrets>"),
    ("read --byte-order l\t", "<read><--byte-order><little>"),
    ("read -T ndj\tvlan_a\t", "<read><-T><ndjson><vlan_add.pcap>"),
    ("read -e frame.num\t", "<read><-e><frame.number>"),
    ("read -Y ifla_vlan_proto\t", "<read><-Y><IFLA_VLAN_PROTOCOL>"),
    ("read -Y 'not ifla_vlan_proto\t == eth_p_8021ad\t'", "<read><-Y><not IFLA_VLAN_PROTOCOL == ETH_P_8021AD>"),
    ('stats -Y "error == einv\t"', "<stats><-Y><error == EINVAL>"),
    ("stats -Y error vlan_a\tcov\t", "<stats><-Y><error><vlan_add.pcap><coverage>"),
    ("capture -a dur\t30", "<capture><-a><duration:30>"),
    ("capture -c vlan_a\t", "<capture><-c><vlan_a>"),
    ("fields ifla_vlan_proto\t", "<fields><IFLA_VLAN_PROTOCOL>"),
    ("send --protocol gener\tvlan_a\t", "<send><--protocol><generic><vlan_add.pcap>"),
    ("read --ynl vlan_a\t", "<read><--ynl><vlan_add.pcap>"),
    ("completion fi\t", "<completion><fish>"),
    ("help filt\t", "<help><filters>"),
]
"""Keys typed, and what the command then gets."""


def type_lines(screen: Terminal) -> None:
    for number, (line, wanted) in enumerate(LINES):
        screen.keys(f"nldissect {line} n{number}\n")
        assert wanted + f"<n{number}>" in screen.until(f"<n{number}>"), line


def test_bash(home: Path) -> None:
    needs("bash")
    with Terminal("bash", "--norc", "--noprofile", home=home, cwd=CAPTURES) as screen:
        screen.keys(f"PS1='$ '; . {home}/bash; {SHOW}; echo rea''dy\n")
        screen.until("\nready")
        type_lines(screen)


@pytest.mark.parametrize("how", ["eval", "fpath"])
def test_zsh(home: Path, tmp_path: Path, how: str) -> None:
    needs("zsh")
    shutil.copy(home / "zsh", tmp_path / "_nldissect")
    before = f"fpath=({tmp_path} $fpath)" if how == "fpath" else ":"
    after = f'eval "$(<{home}/zsh)"' if how == "eval" else ":"
    with Terminal("zsh", "-f", home=home, cwd=CAPTURES) as screen:
        screen.keys(f"PS1='$ '; {before}; autoload -U compinit; compinit -D -u; {after}; {SHOW}; echo rea''dy\n")
        screen.until("\nready")
        type_lines(screen)


def test_fish(home: Path) -> None:
    needs("fish")
    asked = [line.split("\t") for line, _ in LINES]
    lines = ["nldissect " + "".join(parts[:-1]) for parts in asked if len(parts) == 2]
    program = "\n".join([f"source {home}/fish", *(f"echo =; complete -C {shell_quoted(line)}" for line in lines)])
    environment = {**os.environ, "HOME": str(home)}
    environment.pop("XDG_CACHE_HOME", None)
    done = subprocess.run(
        ["fish", "--no-config", "-c", program],
        cwd=CAPTURES,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found = [[line.split("\t")[0] for line in part.splitlines()] for part in done.stdout.split("=\n")[1:]]
    answers = dict(zip(lines, found, strict=True))

    assert ["read"] == answers["nldissect re"]
    assert ["--show-secrets"] == answers["nldissect read --show"]
    assert ["little"] == answers["nldissect read --byte-order l"]
    assert ["IFLA_VLAN_PROTOCOL"] == answers["nldissect read -Y ifla_vlan_proto"]
    assert ["error == EINVAL"] == answers['nldissect stats -Y "error == einv']
    assert ["duration:"] == answers["nldissect capture -a dur"]
    assert [] == answers["nldissect capture -c vlan_a"]
    assert ["fish"] == answers["nldissect completion fi"]


def shell_quoted(line: str) -> str:
    return "'" + line.replace("\\", "\\\\").replace("'", "\\'") + "'"


def test_values_are_told_by_the_name_that_the_help_gives_them() -> None:
    sources = {value.name: value.source for command in model.model() for value in values(command)}
    assert {
        "FILE": "files",
        "OUT": "files",
        "FIELD": "field",
        "PATTERN": "field",
        "IFACE": "nlmon",
    }.items() <= sources.items()
    assert {
        "FILE|DIR": "files",
        "EXPRESSION|FILE": "files",
        "N": "nothing",
        "duration:S|filesize:KB|files:N": "words",
    }.items() <= sources.items()


def values(command: model.CommandModel) -> list[model.OptionValue]:
    options = [option.value for option in command.options if option.value is not None]
    return [*options, *command.places, *([command.rest] if command.rest else [])]


def test_fish_counts_places(home: Path) -> None:
    needs("fish")
    program = f"source {home}/fish; complete -C 'nldissect stats -T json x.pcap '"
    done = subprocess.run(
        ["fish", "--no-config", "-c", program], cwd=CAPTURES, capture_output=True, text=True, check=True
    )
    sections = ["coverage", "errors", "exchanges", "families", "notes", "objects", "processes", "rate", "types"]
    assert sections == sorted(done.stdout.split())


@pytest.mark.parametrize("cache", ["new", "refused"])
def test_words_are_made_on_first_use(home: Path, tmp_path: Path, cache: str) -> None:
    """Without a cache it works as well, only slower."""
    needs("bash")
    (tmp_path / "nldissect").write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m nldissect "$@"\n')
    (tmp_path / "nldissect").chmod(0o755)
    where = "/dev/null" if cache == "refused" else str(tmp_path / "cache")
    program = f"""
compopt() {{ :; }}
. {home}/bash
COMP_WORDS=(nldissect read -e frame.num) COMP_CWORD=3
_nldissect {tmp_path}/nldissect frame.num -e
echo "${{COMPREPLY[@]}}"
"""
    environment = {**os.environ, "XDG_CACHE_HOME": where}
    done = subprocess.run(["bash", "-c", program], env=environment, capture_output=True, text=True, check=True)

    assert ("frame.number\n", "") == (done.stdout, done.stderr)
    assert ([f"words-{key()}"] if cache == "new" else []) == [one.name for one in tmp_path.glob("cache/nldissect/*")]


TEXTS = [
    "ifla_vlan_pro", "not (error) and IFF", "ifi_flags & iff_", "ifi_flags && iff_", "IFLA_MTU > ", "",
    "nlmsg_type in {RTM_NEWLINK, rtm_dell", "nlmsg_type in {", "RTA_DST in 10.0", "genlmsghdr.cmd != ETHTOOL_MSG_STR",
    "IFLA_LINKINFO.IFLA_OPERSTATE==if_oper_u", "error == einv", "frame.time_r", "IFLA_IFNAME == lo", "x!=", "nowhere",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_awk_and_python_find_the_same(words: Path, text: str) -> None:
    before = text.removesuffix(last_word(text))
    assert sorted(before + word for word in endings(text)) == sorted(asked(words, "filter", text))


def asked(words: Path, what: str, text: str) -> list[str]:
    environment = {**os.environ, "NLDISSECT_TEXT": text}
    command = ["awk", "-v", f"what={what}", FIND, str(words)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.splitlines()


def test_groups_are_offered_where_an_option_takes_them(words: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def with_groups() -> argparse.ArgumentParser:
        top = argparse.ArgumentParser()
        capture = top.add_subparsers().add_parser("capture", help="x")
        capture.add_argument("-g", metavar="GROUP,...")
        capture.add_argument("files", nargs="*", metavar="FILE")
        return top

    monkeypatch.setattr(model, "parser", with_groups)
    (_, capture) = model.model()
    assert capture.options[-1].value == model.OptionValue("GROUP,...", "group")
    assert capture.rest == model.OptionValue("FILE", "files")
    assert ["route/link"] == asked(words, "group", "route/lin")
    assert ["uevent/kernel,xfrm/acquire"] == asked(words, "group", "uevent/kernel,XFRM/acq")
    assert ["generic/nlctrl/notify"] == asked(words, "group", "generic/")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_knows_every_command_option_and_choice(home: Path, shell: str) -> None:
    script = (home / shell).read_text()
    commands = next(one for one in parser()._actions if isinstance(one, argparse._SubParsersAction)).choices
    for name, command in commands.items():
        assert name in script
        for action in command._actions:
            for option in action.option_strings:
                assert (option.lstrip("-") if shell == "fish" else option) in script
            assert all(str(choice) in script for choice in action.choices or ())


def test_words_is_what_the_scripts_ask_for(words: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["completion", "words"])
    assert words.read_text() == capsys.readouterr().out
