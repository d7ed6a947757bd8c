"""The comments by which our pcapng files explain themselves: written, read, used, and tolerated by Wireshark."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import nldissect
from nldissect.capfile import PcapngWriter, Record, open_capture
from nldissect.capfile.comments import agreed, format_comment, numbered_names, parse_comments, words
from nldissect.cli import main
from tests.helpers.paths import CAPTURES
from tests.helpers.sizes import SetSizes
from tests.helpers.skips import needs

TABLE = ["nldissect: host 6.12.63 x86_64 little", "nldissect: family 0x14 ethtool", "frames of a switch"]
INSIDE = ["nldissect: netns blue 4026532281", "nldissect: interface 2 uplink"]


@pytest.mark.parametrize(
    ("fact", "given", "text"),
    [
        ("interface", (3, "eth0"), "nldissect: interface 3 eth0"),
        ("port", ("route", 4294963432, "ip[1234]"), "nldissect: port route 4294963432 ip[1234]"),
        ("netns", ("my netns\n", 1), "nldissect: netns my%20netns%0A 1"),
        ("interface", (4, "100%"), "nldissect: interface 4 100%25"),
        ("interface", (5, "grün"), "nldissect: interface 5 grün"),
        ("interface", (6, "a\udcff"), "nldissect: interface 6 a%FF"),
        ("own", (), "nldissect: own"),
    ],
)  # fmt: skip
def test_words(fact: str, given: tuple[str | int, ...], text: str) -> None:
    assert text == format_comment(fact, *given)
    assert [fact, *(str(word).replace("\udcff", "\ufffd") for word in given)] == words(text)


def test_comments_of_others_are_none_of_ours() -> None:
    texts = ["nldissect", "nldissect:interface 1 lo", "see nldissect: interface 1 lo", "", "nldissect: interface x lo"]

    assert {} == numbered_names(texts, "interface")
    assert [["x", "lo"]] == list(parse_comments(texts, "interface"))


def test_what_two_namespaces_call_differently_has_no_name() -> None:
    tables = [{1: "lo", 2: "eth0", 3: "wlan0"}, {1: "lo", 2: "veth0"}]

    assert {1: "lo", 3: "wlan0"} == agreed(tables)


def told(tmp_path: Path, name: str, keep: range) -> Path:
    """Frames of a capture, without those that teach names, in a file whose comments tell them."""
    path = tmp_path / "told.pcapng"
    with open_capture(CAPTURES / name) as reader, PcapngWriter(path.open("wb"), comments=TABLE) as writer:
        writer.add_interface("nlmon0", decimals=6, comments=INSIDE, description="netns blue", filter="link[14:2] == 16")
        for record in reader:
            if record.number in keep:
                writer.write(record.time, record.data, record.wire_length)
    return path


def test_families_of_the_comments_name_what_no_frame_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = told(tmp_path, "ethtool.pcap", range(4, 7))

    assert 0 == main(["read", str(path), "-Y", 'genlmsghdr.family == "ethtool"'])
    lines = capsys.readouterr().out.splitlines()
    assert ["ETHTOOL_MSG_LINKMODES_GET", "ETHTOOL_MSG_LINKMODES_GET_REPLY"] == [line.split()[4] for line in lines]
    with nldissect.open(path) as capture:
        assert 1 == len(capture.filter("ETHTOOL_A_LINKMODES_SPEED"))


def test_interfaces_of_the_comments_name_what_no_frame_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sizes: SetSizes
) -> None:
    path = told(tmp_path, "addr.pcap", range(7, 9))

    def shown(*options: str) -> list[str]:
        assert 0 == main(["read", str(path), *options])
        return capsys.readouterr().out.splitlines()

    whole = shown()
    assert ["dev uplink" in line for line in whole] == [True, True]
    assert 1 == len(shown("-Y", 'summary contains "dev uplink" and direction == "notification"'))
    sizes(numpy_from=0)
    assert whole == shown()
    with nldissect.open(path) as capture:
        assert "dev uplink" in capture.frame(1).messages[0].summary()


def test_a_frame_knows_better_than_a_comment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """addr.pcap calls interface 2 d0, from frame 2 on."""
    path = told(tmp_path, "addr.pcap", range(1, 10))

    assert 0 == main(["read", str(path), "-Y", "nlmsg_type == RTM_NEWADDR"])
    assert all("dev d0 " in line for line in capsys.readouterr().out.splitlines())


def test_a_copy_keeps_what_a_file_says_of_itself(tmp_path: Path) -> None:
    path, copy = told(tmp_path, "ethtool.pcap", range(4, 7)), tmp_path / "copy.pcapng"

    assert 0 == main(["read", str(path), "-w", str(copy), "-Y", "frame.number == 2"])
    with open_capture(copy) as reader:
        (interface,) = reader.interfaces
        assert [*TABLE, *INSIDE] == interface.comments
        assert ("netns blue", "link[14:2] == 16", 6) == (interface.description, interface.filter, interface.decimals)


def test_comments_of_ours_are_no_news_in_statistics(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["stats", str(told(tmp_path, "ethtool.pcap", range(4, 7)))])
    shown = capsys.readouterr().out
    assert "frames of a switch" in shown
    assert "nldissect:" not in shown


def test_statistics_tell_what_was_learnt_later(tmp_path: Path) -> None:
    path = tmp_path / "x.pcapng"
    with PcapngWriter(path.open("wb")) as writer:
        number = writer.add_interface("nlmon0", comments=INSIDE)
        writer.write(10**18, bytes(16))
        later = [format_comment("interface", 7, "late0")]
        writer.statistics(10**18 + 5, 3, 1, number, delivered=2, start=10**18, comments=later)

    with open_capture(path) as reader:
        assert 1 == len(list(reader))
        assert [*INSIDE, *later] == reader.interfaces[0].comments == reader.comments
        assert [(3, 1)] == [(counts.received, counts.dropped) for counts in reader.statistics]


def test_wireshark_tolerates_and_shows_them(tmp_path: Path) -> None:
    needs("tshark", "capinfos", "editcap")
    path, copy = told(tmp_path, "addr.pcap", range(7, 9)), tmp_path / "copy.pcapng"
    with open_capture(path) as reader:
        first: Record = next(iter(reader))
    with PcapngWriter(path.open("wb"), comments=TABLE, system="Linux 6.12.63", hardware="x86_64") as writer:
        number = writer.add_interface("nlmon0", decimals=6, comments=INSIDE, filter="link[14:2] == 0")
        writer.write(first.time, first.data, comments=[format_comment("own"), format_comment("lost", 12)])
        writer.statistics(
            first.time or 0, 13, 12, number, delivered=1, start=first.time, comments=[format_comment("own")]
        )

    def run(*command: str | Path) -> str:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert "malformed" not in (done.stdout + done.stderr).lower()
        return done.stdout

    shown = run("tshark", "-r", path, "-V")
    assert "nldissect: lost 12" in shown and "nldissect: own" in shown
    assert "1 " in run("tshark", "-r", path, "-q", "-z", "io,phs")
    infos = run("capinfos", path)
    for text in (*TABLE, INSIDE[0], "Filter string = link[14:2] == 0", "microseconds (6)", "Linux 6.12.63"):
        assert text in infos
    run("editcap", path, copy)
    with open_capture(path) as ours, open_capture(copy) as theirs:
        assert [(one.data, one.comments) for one in ours] == [(one.data, one.comments) for one in theirs]
        assert TABLE == theirs.section_comments
        assert INSIDE == theirs.interfaces[0].comments
