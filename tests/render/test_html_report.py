"""`nldissect stats FILE --html OUT`: one page that a browser reads offline."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from nldissect.capfile import PcapngWriter
from nldissect.cli import main
from nldissect.render.durations import latency_text
from nldissect.render.report.sequence_diagram import Arrow, posts_of, sequence_diagram
from tests.helpers import paths
from tests.helpers.messages import ROUTE, attribute, error, frame, link, write
from tests.helpers.paths import CAPTURES

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
    flaps = "flags 10 (8 back), operstate 10 (8 back), inet6_flags 7 (5 back), carrier 7 (6 back), 2 more"
    assert ["link", "right", "15", "6", "76", flaps] == texts[texts.index("right") - 1 :][:6]
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
    text, _ = report(tmp_path, write(tmp_path / "<i>'\"&.pcap", *frames))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text and "<script" not in text and "<b>" not in text
    assert text.count("&lt;i&gt;&#x27;&quot;&amp;.pcap") == 2 and "<i>" not in text


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


def test_a_page_to_standard_output(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    out = tmp_path / "out.html"
    assert 0 == main(["stats", str(CAPTURES / "errors.pcap"), "--html", str(out)])
    assert 0 == main(["stats", str(CAPTURES / "errors.pcap"), "--html", "-"])
    assert out.read_bytes() == capsysbinary.readouterr().out


def test_a_page_is_of_a_whole_capture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.html"
    for words in (["-Y", "error"], ["-T", "json"]):
        assert 2 == main(["stats", str(CAPTURES / "errors.pcap"), "--html", str(out), *words])
        assert "--html tells of one whole capture" in capsys.readouterr().err
    assert not out.exists()


def test_processes_take_the_place_of_those_that_have_said_their_last() -> None:
    arrows = [arrow for name in "abcdefghijk" for arrow in (to(name), back(name))]
    posts = posts_of(arrows, "abcdefghijk")
    assert {(0, 2 * number, 2 * number + 1) for number in range(11)} == set(posts.values())

    crowd = [*map(to, "abcdefghijk"), *map(back, "abcdefghijk")]
    assert list("abcdefg") == list(posts_of(crowd, "abcdefghijk"))
    drawing = sequence_diagram(crowd, "abcdefghijk", "kernel", []).text
    assert "k: RTM_GETLINK" in drawing and "a: RTM_GETLINK" not in drawing
    assert [0, 1, 2] == [post.place for post in posts_of(arrows[:6], "abc").values()]


def to(name: str) -> Arrow:
    return Arrow("0", name, "kernel", "to-kernel", "RTM_GETLINK", "")


def back(name: str) -> Arrow:
    return Arrow("0", "kernel", name, "to-user", "RTM_NEWLINK", "")


def test_the_page_of_a_run_names_its_processes(tmp_path: Path) -> None:
    """An strace log says who."""
    text, texts = report(tmp_path, paths.LOGS / "talk.log")
    heads = re.findall(r"class=head [^>]*>([^<]*)<", text)

    assert {"kernel", "python3[1467]", "child of talk[1472]", "route/link"} == set(heads)
    assert ["child of talk", "1472", "exact", "2", "84", "1", "1"] == texts[texts.index("child of talk") :][:7]


def test_comments_that_tell_no_group_are_passed_over(tmp_path: Path) -> None:
    """Somebody else may have written the file."""
    path = tmp_path / "x.pcapng"
    with path.open("wb") as out, PcapngWriter(out) as file:
        file.add_interface("nlmon0")
        for told in ("", " 0", " 0 x", " 0 0x", " 0 0x0", " 0 0xfffffffff"):
            file.write(0, frame(ROUTE, link(2)), None, [f"nldissect: sent-by{told}"])
        file.write(0, frame(ROUTE, link(2, attribute(3, b"v1\0"))), None, ["nldissect: sent-by 0 0x410"])
    text, _ = report(tmp_path, path)

    assert ["kernel", "ROUTE listeners", "route/ipv4-ifaddr"] == re.findall(r"class=head [^>]*>([^<]*)<", text)


def test_a_large_capture_makes_a_page_of_bounded_size(tmp_path: Path) -> None:
    """2000 links that come: of each table the first rows, and how many more there are."""
    frames = [frame(ROUTE, link(number, attribute(3, b"l%d\0" % number), flags=0x600)) for number in range(2, 2002)]
    text, texts = report(tmp_path, write(tmp_path / "x.pcap", *frames))

    assert "And 1,980 more: `nldissect stats FILE objects -T json`." in texts
    assert any(one.endswith("Of 2,000 messages the first 400 are drawn.") for one in texts)
    assert len(text) < 200_000


@pytest.mark.parametrize(("latency", "text"), [(999, "0.999 us"), (999_600, "1 ms"), (999_400_000, "999 ms"),
                                               (999_700_000_000, "1000 s")])  # fmt: skip
def test_spans_of_time(latency: int, text: str) -> None:
    assert text == latency_text(latency)
