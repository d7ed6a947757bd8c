"""`nldissect help`: the list, a page on a pipe and on a terminal, names that no page has."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from nldissect.cli import main
from nldissect.commands.help.pages import PAGES
from tests.helpers.pages import HELP, page
from tests.helpers.paths import ROOT
from tests.helpers.terminal import Terminal

HELP_COMMAND = (sys.executable, "-m", "nldissect", "help", "viewer")


def test_without_a_page_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["help"])
    lines = capsys.readouterr().out.splitlines()
    assert list(PAGES) == [line.split()[0] for line in lines]
    assert "filters       choose messages by fields, with the kernel's names; completion" == lines[0]


@pytest.mark.parametrize("name", PAGES)
def test_a_pipe_gets_the_page_as_it_is(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["help", name])
    assert page(name) == capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("filtres", 'no page is called "filtres"; did you mean "filters"?'),
        (
            "run",
            'no page is called "run"; `nldissect help` lists the pages, '
            "`nldissect COMMAND --help` the options of a command",
        ),
    ],
)
def test_an_unknown_page(name: str, complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["help", name])
    assert 2 == ended.value.code
    assert ("", f"nldissect: {complaint}\n") == capsys.readouterr()


def test_a_terminal_gets_it_formatted_through_the_pager(tmp_path: Path) -> None:
    with Terminal(*HELP_COMMAND, home=tmp_path, cwd=ROOT, PAGER="sed 's/^/> /'") as screen:
        shown = screen.until("viewer.toml")
        assert 0 == screen.ended()
    assert all(line.startswith("> ") for line in shown.splitlines() if line.strip())
    assert " Viewer " in shown and "# Viewer" not in shown and "`" not in shown
    assert b"\x1b[36mnldissect view FILE\x1b[0m" in screen.raw


def test_the_pager_is_less_with_colours(tmp_path: Path) -> None:
    """As git(1) calls it: LESS=FRX unless the user has set it."""
    less = tmp_path / "less"
    less.write_text('#!/bin/sh\ncat >/dev/null\necho "called with $* and $LESS."\n')
    less.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    with Terminal(*HELP_COMMAND, home=tmp_path, cwd=ROOT, PAGER="", LESS="M", PATH=path) as screen:
        screen.until("called with -R and M.")
    command = ("env", "-u", "LESS", *HELP_COMMAND)
    with Terminal(*command, home=tmp_path, cwd=ROOT, PAGER="", PATH=path) as screen:
        screen.until("called with -R and FRX.")
        assert 0 == screen.ended()


def test_without_a_pager_the_page_is_printed(tmp_path: Path) -> None:
    with Terminal(*HELP_COMMAND, home=tmp_path, cwd=ROOT, PAGER="nosuchpager") as screen:
        screen.until("viewer.toml")
        assert 0 == screen.ended()


def test_ctrl_c_is_the_pager_s(tmp_path: Path) -> None:
    """It ends, as it does on the signal, and nldissect with it, without a complaint."""
    (tmp_path / "page").write_text("waiting")
    with Terminal(*HELP_COMMAND, home=tmp_path, cwd=ROOT, PAGER=f"exec tail -f {tmp_path}/page") as screen:
        screen.until("waiting")
        os.killpg(screen.program.pid, signal.SIGINT)  # as the terminal sends it
        assert 0 == screen.ended(20)
    assert b"Traceback" not in screen.raw


def test_pages_are_installed_with_the_package() -> None:
    assert {"demo.svg", *(f"{name}.md" for name in PAGES)} == {path.name for path in HELP.iterdir()}
