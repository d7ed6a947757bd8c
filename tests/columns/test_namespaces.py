"""One file of several network namespaces: what is learnt in one stays there. The capture's own traffic is hidden."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import nldissect
from nldissect.capfile import comments
from nldissect.cli import main
from nldissect.store.capture import Capture
from nldissect.wire import Context
from tests.helpers.messages import attribute, frame, message
from tests.helpers.namespace_files import DEVICES, FRAMES, address, device, devices, named, write

OWN = comments.format_comment("own")


def test_names_of_interfaces_stay_in_their_namespace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "x.pcapng", FRAMES)

    assert 0 == main(["read", str(path)])
    assert DEVICES == devices(capsys.readouterr().out)

    with nldissect.open(str(path)) as cap:
        packets = [cap.frame(number) for number in (3, 4, 6, 7)]
        assert DEVICES == [device(packet.messages[0].summary()) for packet in packets]
        assert ["nlmon-1@blue", "nlmon-1@red"] == [packet.sniffed_on for packet in packets[:2]]


def test_names_that_the_file_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frames = [(0, frame(0, address(3, 1)), ()), (1, frame(0, address(3, 2)), ()), (1, frame(0, named(3, "now")), ())]
    frames += [(0, frame(0, address(3, 1)), ()), (1, frame(0, address(3, 2)), ())]
    path = write(tmp_path / "x.pcapng", frames, tables=True)

    assert 0 == main(["read", str(path)])
    assert ["blue3", "red3", "blue3", "now"] == devices(capsys.readouterr().out)
    with nldissect.open(str(path)) as cap:
        shown = [cap.frame(number).messages[0].summary() for number in (1, 2, 4, 5)]
    assert ["blue3", "red3", "blue3", "now"] == [device(text) for text in shown]


def test_exchanges_name_the_interfaces_of_their_namespace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What exchanges say of a request is what `read` says of it, for many alike and for the first of a namespace."""
    asked = [(number % 2, frame(0, address(2 + number % 4, number, seq=number + 1)), ()) for number in range(40)]
    named_later = [(1, frame(0, named(3, "other")), ()), (0, frame(0, named(4, "new")), ())]
    path = write(tmp_path / "x.pcapng", [*FRAMES[:2], *asked, *named_later, *asked], tables=True)

    assert 0 == main(["read", str(path)])
    expected = devices(capsys.readouterr().out)
    assert ["left", "red3", "new", "5"] == expected[:4]
    assert ["left", "other", "new", "5"] == expected[40:44]
    assert 0 == main(["exchanges", str(path)])
    assert expected == devices(capsys.readouterr().out)


def test_an_ack_belongs_to_a_request_of_its_namespace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two programs may choose the same sequence number, and the kernel the same port, in two namespaces."""
    asked = message(16, bytes(16) + attribute(3, b"left\0"), flags=5, seq=7)
    ack = message(2, bytes(4) + asked[:16], flags=0x100, seq=7, pid=9)
    path = write(tmp_path / "x.pcapng", [(0, frame(0, asked), ()), (1, frame(0, ack), ()), (0, frame(0, ack), ())])

    assert 0 == main(["read", str(path), "-V"])
    other, mine = capsys.readouterr().out.split("\n\n")[1:]
    assert ("@red" in other, "captured in frame" in other) == (True, False)
    assert ("@blue" in mine, "captured in frame 1" in mine) == (True, True)


def test_families_are_the_host_s(tmp_path: Path) -> None:
    context = Context()
    other = context.beside()
    other.learn("genl", 0x1C, "ethtool")
    other.learn("interface", 2, "right")
    assert ("ethtool", None) == (context.name("genl", 0x1C), context.name("interface", 2))
    context.learn("policy", 0x1C, "words")
    assert "words" == other.name("policy", 0x1C)


def own_and_others(path: Path, many: int) -> Path:
    """Own frames at the begin and amid, so many of others."""
    ours = (0, frame(0, named(9, "ours")), [OWN])
    theirs = [(0, frame(0, named(number % 1000 + 10, f"eth{number}")), ()) for number in range(many)]
    return write(path, [ours, ours, *theirs[:2], ours, *theirs[2:]])


@pytest.mark.parametrize("many", [4, 20000])
@pytest.mark.parametrize("form", [[], ["-T", "ndjson"], ["-T", "fields", "-e", "frame.number"], ["-V"]])
def test_own_traffic_is_hidden(tmp_path: Path, capsys: pytest.CaptureFixture[str], form: list[str], many: int) -> None:
    """By frames in small files, by blocks in large ones."""
    path = own_and_others(tmp_path / "x.pcapng", many)
    if many > 4:  # of one namespace, so that blocks will do
        path.write_bytes(path.read_bytes().replace(b"red 4026532001", b"red 4026532000"))

    assert 0 == main(["read", str(path), *form, "-Y", "frame.number < 8"])
    hidden = capsys.readouterr().out
    assert 0 == main(["read", str(path), *form, "-Y", "frame.number < 8", "--own"])
    shown = capsys.readouterr().out
    if "fields" in form:
        assert (["3", "4", "6", "7"], list("1234567")) == (hidden.split(), shown.split())
    else:
        assert (0, True) == (hidden.count("ours"), shown.count("ours") >= 3)
        assert all(f"eth{number}" in hidden for number in range(4))


def test_own_traffic_is_not_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Statistics, exchanges: nothing of it, unless asked for."""
    asked = [
        (0, frame(0, message(18, bytes(16), flags=0x305, seq=number)), [OWN] * (number < 3)) for number in range(5)
    ]
    path = write(tmp_path / "x.pcapng", asked)

    for more, count in ((["--own"], 5), ([], 2)):
        assert 0 == main(["stats", str(path), "types", "-T", "json", *more])
        assert [count] == [one["messages"] for one in json.loads(capsys.readouterr().out)["types"]]
        assert 0 == main(["exchanges", str(path), "-T", "json", *more])
        assert count == len(json.loads(capsys.readouterr().out))


def test_own_traffic_is_copied(tmp_path: Path) -> None:
    """It holds the table of families: what is written is whole."""
    path = own_and_others(tmp_path / "x.pcapng", 4)
    assert 0 == main(["read", str(path), "-w", str(tmp_path / "y.pcapng")])
    with nldissect.open(str(tmp_path / "y.pcapng")) as cap:
        assert isinstance(cap, Capture)
        assert 7 == len(cap)
        assert [OWN.encode()] == cap.frame(1).comments
    assert 1 == main(["read", "-q", str(path), "-Y", 'IFLA_IFNAME == "ours"'])
