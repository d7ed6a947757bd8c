"""The viewer at a real terminal, with a capture whose names are made to act on it: nothing of them gets there raw."""

from __future__ import annotations

import re
import sys
import unicodedata
from pathlib import Path

import pytest
from textual import events

from nldissect.capfile import PcapngWriter, comments
from nldissect.viewer.panes.table_screen import TableScreen
from nldissect.viewer.views import VIEWS
from tests.helpers.messages import GENERIC, REQUEST, ROUTE, attribute, error, frame, link, message
from tests.helpers.paths import ROOT
from tests.helpers.terminal import Terminal
from tests.helpers.viewer_pilot import Screen, run

START = 1_700_000_000_000_000_000
FAMILY = 0x1C
NLCTRL, NEWFAMILY = 16, 1

TITLE, RESET, ANSWER, C1, BIDI, INVISIBLE = "\x1b]0;T\x07", "\x1bc", "\x1b[6n", "\x9b6n", "\u202etxt", "\u034f\ufe0f"
"""Set the window's title, reset the terminal, have it type an answer; the same begun by one control character; turn
the writing direction; marks that nobody sees."""
EVIL = f"{TITLE}{RESET}{ANSWER}{C1}{BIDI}{INVISIBLE}"
SEEN = r"\x1b]0;T\x07\x1bc\x1b[6n\x9b6n\u202etxt\u034f\ufe0f"
OWN = re.compile(r"\x1b(?:\[[0-9;?<>=:$]*[A-Za-z]|[=>]|\(B|\](?:11;\?|22;[a-z]+)\x07)")
"""What the viewer itself sends: cursor, colours, modes; a question for the background, the shape of the pointer."""


def text(value: str) -> bytes:
    return value.encode() + b"\0"


def hostile(path: Path) -> Path:
    """Every place of a capture that holds a name of somebody else's choice holds EVIL."""
    family = attribute(1, FAMILY.to_bytes(2, "little")) + attribute(2, text(EVIL))
    asked = link(2, attribute(3, text(f"a{EVIL}")), flags=REQUEST | 4, seq=7)
    frames = [
        frame(GENERIC, message(NLCTRL, bytes([NEWFAMILY, 2, 0, 0]) + family, seq=1, pid=1234)),
        frame(GENERIC, message(FAMILY, bytes([9, 1, 0, 0]) + attribute(1, text(EVIL)), REQUEST, 2)),
        frame(ROUTE, link(2, attribute(3, text(f"i{EVIL}")), attribute(20, text(EVIL)))),
        frame(ROUTE, asked),
        frame(ROUTE, error(22, asked, attribute(1, text(EVIL)), seq=7, pid=1234)),
        frame(ROUTE, link(2, attribute(3, text(f"j{EVIL}")))),
    ]
    said = [
        comments.format_comment("processes", 1234, EVIL),
        comments.format_comment("process", f"{EVIL}[1234]", 1234),
        f"said {EVIL}",
    ]
    section = [comments.format_comment("family", FAMILY + 1, EVIL), comments.format_comment("interface", 5, EVIL)]
    with path.open("wb") as out, PcapngWriter(out, comments=section) as writer:
        writer.add_interface(f"nlmon{EVIL}", decimals=6)
        for place, data in enumerate(frames):
            writer.write(START + place * 1_000_000, data, len(data), comments=said)
    return path


def raw(screen: Terminal) -> str:
    """What the terminal was sent, without the sequences that are the viewer's own."""
    sent = screen.raw.decode()
    assert ANSWER not in sent
    return OWN.sub("", sent)


def acting(sent: str) -> set[str]:
    """Characters that act on a terminal, turn the direction or hide, other than the ends of lines."""
    return {one for one in sent if unicodedata.category(one) in ("Cc", "Cf") and one not in "\r\n"} | {
        one for one in INVISIBLE if one in sent
    }


def test_no_view_hands_a_name_to_the_terminal(tmp_path: Path) -> None:
    """Every view, the message with its tree and bytes, the filter that "=" makes of a line, and the status line."""
    path = hostile(tmp_path / f"x{EVIL.replace('/', '')}.pcapng")
    with Terminal(sys.executable, "-m", "nldissect", "view", str(path), home=tmp_path, cwd=ROOT) as screen:
        screen.until("6 messages")
        for view in VIEWS:
            screen.keys(view.key)
            screen.until(f" {view.name}: ")
            screen.until("escape: back")
        screen.keys("7")
        screen.until("exact")  # how sure its one line is
        screen.keys("=")
        screen.until("process.name ==")
        screen.until("of 6 messages")
        screen.keys("\t+z")
        screen.until(f"comment: said {SEEN}")
        screen.keys("q")
        assert 0 == screen.ended()
        assert set() == acting(raw(screen))


def test_the_filter_line_holds_no_such_character(tmp_path: Path) -> None:
    """Neither set nor pasted; in quotes an escape means the character."""

    async def steps(screen: Screen) -> None:
        await screen.press("slash")
        screen.app.bar.value = f'summary == "{C1}"'
        assert 'summary == "\\x9b6n"' == screen.app.bar.value
        await screen.press("end")
        screen.app.bar.post_message(events.Paste(f' or summary == "{BIDI}"'))
        await screen.until(lambda: r'summary == "\x9b6n" or summary == "\u202etxt"' == screen.app.filtering.text)
        assert screen.app.bar.cursor_position == len(screen.app.bar.value)

    run(hostile(tmp_path / "x.pcapng"), steps)


@pytest.mark.parametrize("view", ["2", "3", "4", "7", "9", "0"])
def test_the_filter_of_a_line_finds_its_messages_whatever_they_are_called(tmp_path: Path, view: str) -> None:
    """A name with quotes, operators and control characters is one quoted text."""
    name = f'x" or frame.number > 0 or process.name == "{EVIL}'
    path = tmp_path / "named.pcapng"
    family = attribute(1, FAMILY.to_bytes(2, "little")) + attribute(2, text(name))
    asked = link(2, flags=REQUEST | 4, seq=7)
    with path.open("wb") as out, PcapngWriter(out) as writer:
        writer.add_interface("nlmon0", decimals=6)
        said = [comments.format_comment("process", f"{name}[1234]", 1234)]
        writer.write(START, data := frame(ROUTE, link(2)), len(data))
        for data in (
            frame(GENERIC, message(NLCTRL, bytes([NEWFAMILY, 2, 0, 0]) + family, seq=1, pid=1234)),
            frame(GENERIC, message(FAMILY, bytes([9, 1, 0, 0]), REQUEST, 2)),
            frame(ROUTE, asked),
            frame(ROUTE, error(22, asked, attribute(1, text(name)), seq=7, pid=1234)),
        ):
            writer.write(START, data, len(data), comments=said)

    async def steps(screen: Screen) -> None:
        await screen.press(view)
        await screen.until(lambda: isinstance(screen.app.screen, TableScreen) and screen.app.screen.table.count)
        assert isinstance(screen.app.screen, TableScreen)
        lines = [screen.app.screen.table.at(place) for place in range(screen.app.screen.table.count)]
        filters = [line.filter for line in lines if line.filter is not None]
        assert filters
        for one in filters:
            assert one.isprintable()
            assert 0 < len(screen.app.store.capture.filter(one)) < 5, one

    run(path, steps)
