"""What numbers are called at each frame: the same for everybody who asks, in each network namespace by itself."""

from __future__ import annotations

import argparse
import itertools
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from scapy.utils import rdpcap

import nldissect
from nldissect.capfile import open_capture
from nldissect.cli import main
from nldissect.columns.block_reader import BlockReader
from nldissect.columns.names.timeline import END, GENL, INTERFACE, NFT_SET, NameTimeline
from nldissect.render.summaries.summary import summary_of
from nldissect.stream.frames import FrameStream
from nldissect.viewer.model.capture_model import open_store
from nldissect.wire import Context, nlmon, walk
from tests.helpers.cli import lines
from tests.helpers.messages import attribute, error, frame, message
from tests.helpers.messages import write as write_pcap
from tests.helpers.namespace_files import address, device, devices, named
from tests.helpers.namespace_files import write as write_spaces
from tests.helpers.paths import CAPTURES
from tests.helpers.sizes import SetSizes

KINDS = (GENL, INTERFACE, NFT_SET)
NEWLINK, DELLINK, SETLINK = 16, 17, 19
MADE = 0xFFFFFFFF
REQUEST, CREATE = 1, 0x400
Names = dict[tuple[int, str, int], str | None]
"""What a number is called: by frame, kind and number."""


def told(index: int, name: str, change: int = 0, kind: int = NEWLINK, flags: int = 0, more: bytes = b"") -> bytes:
    """A message about a link with IFLA_IFNAME, `change` its ifi_change."""
    body = struct.pack("<BxHiII", 0, 1, index, 1, change) + more + attribute(3, name.encode() + b"\0")
    return message(kind, body, flags, seq=5 if flags else 0)


def by_frame(path: Path, numbers: dict[str, set[int]]) -> Names:
    """As frames are read one by one."""
    found: Names = {}
    for seen in FrameStream(str(path)).frames():
        for walked in seen.frame.messages[:1]:
            assert walked.context is not None
            found |= {(seen.number, *key): walked.context.name(*key) for key in keys(numbers)}
    return found


def by_block(path: Path, numbers: dict[str, set[int]], window: int) -> Names:
    """As they are read by windows."""
    found: Names = {}
    source = BlockReader(str(path), window=window)
    for block in source.blocks():
        for place in block.messages.frame_count.nonzero()[0].tolist():
            number = int(block.frames.number[place])
            found |= {(number, *key): block.context(place).name(*key) for key in keys(numbers)}
    source.finish()
    return found


def by_kept(path: Path, numbers: dict[str, set[int]]) -> Names:
    """As they are kept open."""
    with nldissect.open(path) as cap:
        found: Names = {}
        holding = {*cap.messages["frame"].tolist()}
        for place in sorted(holding):
            kept = {name: int(column[place]) for name, column in cap.frames.items()}
            context = cap.part().known_at(kept)
            found |= {(kept["number"], *key): context.name(*key) for key in keys(numbers)}
        return found


def keys(numbers: dict[str, set[int]]) -> Iterator[tuple[str, int]]:
    return ((what, number) for what in KINDS for number in numbers[what])


def numbers_in(path: Path) -> dict[str, set[int]]:
    """All numbers that a capture names."""
    source = BlockReader(str(path))
    for _ in source.blocks():
        pass
    source.finish()
    spaces = {one.space for one in source.reader.interfaces}
    names = [source.names.names(END, space) for space in spaces]
    return {what: {number for one in names for number in one[what]} for what in KINDS}


def agree(path: Path) -> Names:
    """What all readers of a capture say alike."""
    numbers = numbers_in(path)
    expected = by_frame(path, numbers)
    assert expected == by_block(path, numbers, 1 << 18)
    assert expected == by_block(path, numbers, 4096)
    assert expected == by_kept(path, numbers)
    return expected


FILES = sorted(CAPTURES.glob("*.pcap*"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_all_readers_know_the_same_names(path: Path, sizes: SetSizes) -> None:
    """At every frame of every capture: frame by frame, block by block, kept open; looked ahead at either way."""
    expected = agree(path)
    sizes(lookahead_by_frame=0)
    assert expected == by_frame(path, numbers_in(path))


@pytest.mark.parametrize(
    "pair", list(itertools.pairwise(FILES[::6])), ids=lambda pair: "+".join(one.stem for one in pair)
)
def test_all_readers_keep_namespaces_apart(pair: tuple[Path, Path], tmp_path: Path) -> None:
    """Two captures, frame by frame in turn, as one of two namespaces: each has its own interfaces' names."""
    mixed: list[tuple[int, bytes, Sequence[str]]] = []
    records = [list(open_capture(str(path))) for path in pair]
    for both in itertools.zip_longest(*records):
        mixed += [(space, record.data, ()) for space, record in enumerate(both) if record is not None]
    expected = agree(write_spaces(tmp_path / "x.pcapng", mixed))
    for space, path in enumerate(pair):
        place = [number for number, one in enumerate(mixed, 1) if one[0] == space]
        alone = {key: name for key, name in by_frame(path, numbers_in(path)).items() if key[1] == INTERFACE}
        assert alone == {(frame, *key): expected[place[frame - 1], *key] for frame, *key in alone}


def texts(path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The device of each address in a capture, as all commands and the viewer have it."""
    for native in ("", "0"):
        monkeypatch.setenv("NLDISSECT_NATIVE", native)
        assert 0 == main(["read", str(path)])
        yield devices(capsys.readouterr().out)
    assert 0 == main(["exchanges", str(path)])
    yield devices(capsys.readouterr().out)
    with nldissect.open(path) as cap:
        rows = [cap.message(row).summary() for row in range(len(cap))]
        yield [device(text) for text in rows if text.startswith("RTM_NEWADDR")]
    store = open_store(str(path), argparse.Namespace(families={}, order=None, own=False), None)
    store.capture.refresh()
    entries = [store.entry(row).walked for row in range(store.count)]
    yield [device(summary_of(walked)) for walked in entries if walked.number == 20]
    store.close()


def test_names_that_later_frames_tell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """ip link add lb0 type bridge: what the kernel tells of the new device before it tells that it is there."""
    before = frame(0, *(address(63, last, seq=last) for last in range(1, 30)))
    path = write_pcap(tmp_path / "x.pcap", before, frame(0, told(63, "lb0", MADE)), frame(0, address(64, 30, seq=99)))
    assert [["lb0"] * 29 + ["64"]] * 5 == list(texts(path, capsys, monkeypatch))

    piped = lines("read", "-", stdin=path.read_bytes())  # only what came before is known
    assert ["63"] * 29 + ["64"] == devices("\n".join(piped))


def test_what_was_not_there_yet_has_no_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that an interface is made with, or is given by a request, does not hold before that request."""
    made = [
        frame(0, address(63, 1, seq=1)),
        frame(0, message(NEWLINK, bytes(16), REQUEST | CREATE, seq=2)),
        frame(0, address(63, 2)),
        frame(0, told(63, "lb0", MADE)),
    ]
    renamed = [frame(0, address(7, 3)), frame(0, told(7, "new", flags=REQUEST, kind=SETLINK)), frame(0, told(7, "new"))]
    gone = [frame(0, address(8, 4)), frame(0, told(8, "old", MADE, kind=DELLINK)), frame(0, address(8, 5))]
    silent = [
        frame(0, address(9, 6, seq=6)),
        frame(0, told(0, "veth", flags=REQUEST | CREATE)),
        frame(0, address(9, 7, seq=7)),
        frame(0, told(9, "veth")),
    ]
    path = write_pcap(tmp_path / "x.pcap", *made, *renamed, *gone, *silent)
    expected = ["63", "lb0", "7", "old", "old", "9", "veth"]
    agree(path)
    for found in texts(path, capsys, monkeypatch):
        assert len(found) in (len(expected), 3)  # exchanges has requests and what was not asked for alone
        if len(found) == len(expected):
            assert expected == found


def test_names_within_a_block_that_are_dated_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many equal messages on both sides of the request from which on a name holds."""
    many = [frame(0, address(63, last, seq=last)) for last in range(1, 40)]
    asks = frame(0, told(0, "lb0", flags=REQUEST | CREATE))
    path = write_pcap(tmp_path / "x.pcap", *many, asks, *many, frame(0, told(63, "lb0", MADE)), *many)
    assert [["63"] * 39 + ["lb0"] * 78] * 5 == list(texts(path, capsys, monkeypatch))


@pytest.mark.parametrize("order", [1, -1], ids=["as the kernel writes it", "the other way round"])
def test_links_of_another_namespace_teach_nothing(order: int, tmp_path: Path) -> None:
    """ip link show with IFLA_TARGET_NETNSID: the answers have the ifindexes of that namespace."""
    attributes = [attribute(46, struct.pack("<i", 1)), attribute(3, b"inside\0")][::order]
    elsewhere = message(NEWLINK, struct.pack("<BxHiII", 0, 1, 2, 1, 0) + b"".join(attributes), 0, seq=0)
    path = write_pcap(tmp_path / "x.pcap", frame(0, told(2, "outside")), frame(0, elsewhere), frame(0, address(2, 1)))
    assert "outside" == agree(path)[3, INTERFACE, 2]
    context = Context()
    walk(frame(0, elsewhere), context)
    nlmon(frame(0, elsewhere), _context=context)
    assert context.name(INTERFACE, 2) is None


def test_what_an_acknowledgement_repeats_teaches_nothing(tmp_path: Path) -> None:
    """A request that odd bytes make look like a notification."""
    odd = frame(0, error(22, told(5, "false")))
    path = write_pcap(tmp_path / "x.pcap", odd, frame(0, address(5, 1)), frame(0, told(6, "true")))
    assert {"true"} == {name for name in agree(path).values() if name != "nlctrl"}
    context = Context()
    walk(odd, context)
    nlmon(odd, _context=context)
    assert context.name(INTERFACE, 5) is None


def test_sets_of_nftables_are_named_within_their_transaction_alone() -> None:
    """NFTA_SET_ID of a later transaction is another set's: it does not hold before, nor in another namespace."""
    names = NameTimeline(lends=True)
    names.learn(NFT_SET, 1, "blocked", 10, "blue")
    assert [None, "blocked", None] == [
        names.name(NFT_SET, 1, at, space) for at, space in ((9, "blue"), (10, "blue"), (10, "red"))
    ]


def test_a_change_has_the_names_of_its_own_frame(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """ip link set d0 name d1, after something about d0: that is told when the next frame is known."""
    path = write_pcap(
        tmp_path / "x.pcap", frame(0, told(7, "d0")), frame(0, address(7, 1)), frame(0, told(7, "d1")),
        frame(0, address(7, 2)),
    )  # fmt: skip
    assert 0 == main(["changes", str(path)])
    told_lines = [line for line in capsys.readouterr().out.splitlines() if "192.0.2." in line]
    assert [("192.0.2.1/32", "d0"), ("192.0.2.2/32", "d1")] == [
        (line.split()[4], device(line).rstrip(":")) for line in told_lines
    ]


def test_objects_have_the_names_that_changes_tell(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(CAPTURES / "route.pcap")
    assert 0 == main(["stats", path, "objects"])
    found = capsys.readouterr().out
    assert (True, False) == ("dev d0" in found, "dev if" in found)


def test_the_names_that_are_kept_have_an_end(sizes: SetSizes) -> None:
    sizes(kept_names=100)
    names = NameTimeline()
    for at in range(1000):
        names.learn(INTERFACE, at // 2, f"eth{at}", at)
    kept = sum(len(names.history(INTERFACE, number)) for number in range(500))
    assert 50 <= kept <= 100
    assert ("eth999", None) == (names.name(INTERFACE, 499), names.name(INTERFACE, 0))


def test_scapy_sees_the_same(tmp_path: Path) -> None:
    """A frame of an opened capture, and the same bytes read by Scapy with one Context."""
    path = write_pcap(tmp_path / "x.pcap", frame(0, named(2, "left")), frame(0, address(2, 1)))
    context = Context()
    packets = [nlmon(bytes(one), _context=context) for one in rdpcap(str(path))]
    with nldissect.open(path) as cap:
        assert packets[1].messages[0].summary() == cap.frame(2).messages[0].summary()
    assert "left" == device(packets[1].messages[0].summary())
