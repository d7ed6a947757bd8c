"""The viewer as a program at a terminal: what is typed before it is there, where it reads from."""

from __future__ import annotations

import sys
import termios
from pathlib import Path

from tests.helpers.paths import ROOT
from tests.helpers.terminal import Terminal

VIEW = (sys.executable, "-m", "nldissect", "view")


def test_keys_wait_for_the_messages(tmp_path: Path) -> None:
    """The cursor is moved on the first glance, which looks as if it could. Frame 2 has two messages."""
    with Terminal(*VIEW, "captures/tour.pcap", home=tmp_path, cwd=ROOT) as screen:
        screen.until("reading ...")
        screen.keys("jjjjj")
        screen.until("Frame 5:")
        screen.keys("q")
        assert 0 == screen.ended()


def test_keys_wait_for_the_application(tmp_path: Path) -> None:
    """What is typed while only the first glance is there is done when the application is."""
    with Terminal(*VIEW, "captures/tour.pcap", home=tmp_path, cwd=ROOT) as screen:
        screen.until("reading ...")
        assert screen.before != termios.tcgetattr(screen.end)
        screen.keys("/nlmsg_type == RTM_NEWLINKx\x7f and ifi_index == 2\rt")
        screen.until("16 of 256 messages")
        screen.until("time absolute")
        screen.keys("q")
        assert 0 == screen.ended()
        assert screen.before == termios.tcgetattr(screen.end)
