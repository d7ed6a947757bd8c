"""Names made by somebody else: what a screen acts on, or does not show, is an escape wherever it is said."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from nldissect.cli import main
from nldissect.errors import FilterError, NldissectError
from nldissect.escapes import escaped, is_visible, visible
from nldissect.filters.tokenizer import is_literal, quoted, tokens, unquoted
from tests.helpers.messages import REQUEST, ROUTE, attribute, error, frame, link, write
from tests.helpers.paths import CAPTURES, ROOT

EVIL = "\x1b]0;T\x07\x9b6n\u202etxt\u034f"
SEEN = r"\x1b]0;T\x07\x9b6n\u202etxt\u034f"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("lo", "lo"),
        ("grün → 東京 ❤", "grün → 東京 ❤"),
        ("a\tb\nc\r\x00\x7f\x9b", r"a\tb\nc\r\x00\x7f\x9b"),
        ("\u200b\u2028\ufeff\u2066", r"\u200b\u2028\ufeff\u2066"),
        ("a\ufe0f\U000e0100\u115f", r"a\ufe0f\U000e0100\u115f"),
        ("cafe\u0301 tie\u0302\u0301ng", "cafe\u0301 tie\u0302\u0301ng"),
        ("\u0301a", r"\u0301a"),
        ("a" + "\u0300" * 5, "a\u0300\u0300\u0300" + r"\u0300\u0300"),
        ("a\udcff", r"a\udcff"),
    ],
)
def test_what_is_seen_stays_and_what_is_not_is_escaped(text: str, shown: str) -> None:
    """Combining marks belong to a letter and are few; more would be drawn over other lines, or over other names."""
    assert shown == visible(text) == visible(visible(text))
    assert is_visible(text) == (text == shown)


def test_no_two_names_look_alike() -> None:
    assert r"\x1b" == escaped("\x1b") and r"\\x1b" == escaped(r"\x1b") and r"a\"b" == escaped('a"b')


def test_a_filter_takes_any_text_in_quotes() -> None:
    """As `quoted` writes it, and so as -V shows it."""
    assert f'"{SEEN}"' == quoted(EVIL)
    odd = [one for one in map(chr, range(sys.maxunicode + 1)) if not one.isalnum() or not is_visible(one)]
    for text in ["", EVIL, 'x" or not error', "\\", *("".join(odd[at : at + 999]) for at in range(0, len(odd), 999))]:
        token, end = tokens(quoted(text))
        assert ("text", "end") == (token.kind, end.kind)
        assert text == unquoted(quoted(text), token)
        assert quoted(text).isprintable()


@pytest.mark.parametrize("text", ["lo", "-5", "10.0.0.0/8", "0a:1b", "UP|BROADCAST", r'"a\"b or "'])
def test_one_literal_stands_as_it_is(text: str) -> None:
    assert is_literal(text)


@pytest.mark.parametrize("text", ["x or not error", "1) or (error", "a b", "", "and", "1..2", "a|", '"a" or "b"'])
def test_what_is_more_than_one_literal_is_none(text: str) -> None:
    assert not is_literal(text)
    assert is_literal(quoted(text))


def test_an_error_is_harmless_on_one_line() -> None:
    assert SEEN == str(NldissectError(EVIL))
    assert 3 == len(str(FilterError(f"no\n{EVIL}", f"a\n{EVIL}", 1)).split("\n"))
    assert not {one for one in str(FilterError(EVIL, EVIL, 1)) if unicodedata.category(one) == "Cc"} - {"\n"}


@pytest.mark.parametrize(
    "words",
    [
        ["no{}such"],
        ["read", "no{}such"],
        ["read", "captures/addr.pcap", "-T", "fields", "-E", "{}"],
        ["read", "captures/addr.pcap", "-Y", "no{}such"],
        ["read", "captures/addr.pcap", "--ynl", "{}"],
        ["read", "captures/addr.pcap", "--family", "{}"],
        ["stats", "captures/addr.pcap", "--html", "no{}/such"],
        ["stats", "captures/addr.pcap", "no{}such"],
        ["capture", "-i", "no{}such"],
        ["capture", "-g", "no{}such"],
        ["capture", "--netns", "no{}such"],
        ["capture", "--user", "no{}such"],
        ["run", "--", "no{}such"],
        ["send", "--dry-run", "no{}such"],
        ["send", "--dry-run", "genl('no{}such', 'x')"],
        ["fields", "no{}such"],
        ["export", "captures/addr.pcap", "no{}such"],
        ["export", "captures/addr.pcap", "no{}/such.parquet"],
    ],
)
def test_no_complaint_repeats_what_acts_on_a_terminal(words: list[str]) -> None:
    given = [word.replace("{}", EVIL) for word in words]
    done = subprocess.run([sys.executable, "-m", "nldissect", *given], capture_output=True, text=True, cwd=ROOT)
    assert done.stderr
    assert "" == "".join(one for one in done.stderr if not is_visible(one) and one != "\n")
    assert "Traceback" not in done.stderr and done.returncode


def test_a_yaml_file_s_names_are_harmless(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("yaml")
    spec = tmp_path / "evil.yaml"
    spec.write_text('name: evil\nprotocol: "\\e]0;T\\a"\n')
    assert 2 == main(["read", str(CAPTURES / "addr.pcap"), "--ynl", str(spec)])
    said = capsys.readouterr().err
    assert r"\x1b]0;T\x07" in said and is_visible(said.rstrip("\n"))


def test_a_page_holds_nothing_raw(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """stats --html - prints it on the terminal."""
    named = attribute(3, EVIL.encode() + b"\0")
    request = link(2, named, flags=REQUEST | 4, seq=1)
    frames = [frame(ROUTE, one) for one in (request, error(22, request, attribute(1, f"{EVIL}\0".encode()), seq=1))]
    assert 0 == main(["stats", str(write(tmp_path / "x.pcap", *frames)), "--html", "-"])
    page = capsys.readouterr().out
    assert SEEN.replace("\\", "\\") in page
    assert "" == "".join(one for one in page if not is_visible(one) and one != "\n")


def test_json_spells_the_same_characters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "x.pcap", frame(ROUTE, link(2, attribute(3, EVIL.encode() + b"\0"))))
    assert 0 == main(["read", str(path), "-T", "ndjson"])
    said = capsys.readouterr().out
    assert r"\u001b]0;T\u0007\u009b6n\u202etxt\u034f" in said and is_visible(said.rstrip("\n"))


def test_what_is_said_goes_through_one_door() -> None:
    """print_notice escapes; lines of our own to standard error are printed by it alone, the build's apart."""
    found = [
        f"{path.name}:{number}"
        for path in {*(ROOT / "nldissect").rglob("*.py")} - {ROOT / "nldissect/native/build_backend.py"}
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"""(print|exit|write)\(.*f?["']nldissect: """, line)
    ]
    assert 1 == len(found), found
