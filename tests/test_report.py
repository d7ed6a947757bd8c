"""`nldissect stats FILE --html OUT`: one page that a browser reads offline."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from crafted import ROUTE, attribute, error, frame, link, write

from nldissect.cli import main

CAPTURES = Path(__file__).resolve().parent.parent / "captures"
VOID = {"meta", "br"}


class Outline(HTMLParser):
    """Tags in balance, the texts in them, and what would be fetched."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [str(value) for name, value in attrs if name in ("src", "href")]
        assert tag != "script"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Closed at once."""

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def report(tmp_path: Path, capture: Path) -> tuple[str, list[str]]:
    out = tmp_path / "out.html"
    assert 0 == main(["stats", str(capture), "--html", str(out)])
    text = out.read_text()
    outline = Outline(text)
    assert not outline.open and not outline.fetched and "http" not in text
    return text, outline.texts


def test_a_link_that_flaps(tmp_path: Path) -> None:
    text, texts = report(tmp_path, CAPTURES / "link_flap.pcap")

    assert "78 frames, 84 messages, 77,812 bytes in 1.07 s" in texts and "17 exchanges: 17 ok." in texts
    assert ["link right", "15", "8"] == texts[texts.index("link right") :][:3]
    assert {"4 x RTM_NEWLINK", "2 x RTM_NEWLINK", "done", "ack", "kernel", "ROUTE listeners"} <= set(texts)
    slowest = texts.index("17", texts.index("The slowest exchanges"))
    assert ["17", "69", "port 35", "RTM_DELLINK left #3", "ok", "1", "7.91 ms"] == texts[slowest : slowest + 7]
    arrows = re.findall(r'<line class="([a-z-]+)"', text)
    assert 17 == arrows.count("to-kernel") and 27 >= arrows.count("to-user") >= 17 and "notification" in arrows


def test_refusals_are_red_and_have_the_kernel_s_words(tmp_path: Path) -> None:
    text, texts = report(tmp_path, CAPTURES / "errors.pcap")
    at = texts.index("ERANGE", texts.index("What the kernel refused"))
    assert ["ERANGE", "ROUTE", "RTM_NEWLINK", "1", "4", "8021q: Invalid VLAN id"] == texts[at : at + 6]
    assert '<line class="refused"' in text


def test_what_a_capture_holds_is_escaped(tmp_path: Path) -> None:
    name = attribute(3, b"<b>&x</b>\0")
    request = link(2, name, flags=5, seq=1)
    words = attribute(1, b"<script>alert(1)</script>\0")
    frames = [frame(ROUTE, one) for one in (request, error(22, request, words, seq=1), link(2, name))]
    text, _ = report(tmp_path, write(tmp_path / "x.pcap", *frames))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text and "<script" not in text and "<b>" not in text


def test_an_empty_capture_and_a_place_that_can_not_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, texts = report(tmp_path, write(tmp_path / "x.pcap"))
    assert "No message has a time." in texts
    assert 2 == main(["stats", str(tmp_path / "x.pcap"), "--html", str(tmp_path / "no" / "x.html")])
    assert "can't write" in capsys.readouterr().err


def test_standard_input_is_read_as_often_as_needed(tmp_path: Path) -> None:
    whole, piped = tmp_path / "whole.html", tmp_path / "piped.html"
    assert 0 == main(["stats", str(CAPTURES / "errors.pcap"), "--html", str(whole)])
    with (CAPTURES / "errors.pcap").open("rb") as capture:
        words = [sys.executable, "-m", "nldissect", "stats", "-", "--html", str(piped)]
        subprocess.run(words, stdin=capture, check=True, cwd=CAPTURES.parent)
    name = str(CAPTURES / "errors.pcap")
    assert whole.read_text().replace(name, "standard input") == piped.read_text()


def test_a_page_is_of_a_whole_capture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.html"
    for words in (["-Y", "error"], ["-T", "json"]):
        assert 2 == main(["stats", str(CAPTURES / "errors.pcap"), "--html", str(out), *words])
        assert "--html tells of one whole capture" in capsys.readouterr().err
    assert not out.exists()
