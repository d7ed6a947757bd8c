"""Standard input that is larger than there is room for: the latest stays, numbered through, and explains itself."""

from __future__ import annotations

import argparse
import io
import os
import re
import struct
import time
from collections.abc import Callable, Iterator
from threading import Thread

import numpy as np
import pytest

from nldissect.capfile import PcapngWriter, PcapWriter, Record, open_capture
from nldissect.errors import FileError
from nldissect.store.kept_index import GrowableTable
from nldissect.store.segmented import SegmentedCapture
from nldissect.viewer.jobs.filter_job import FilterJob
from nldissect.viewer.jobs.value_completion import ValueIndex
from nldissect.viewer.live.piped import PipedSession
from nldissect.viewer.live.spool import Spool
from nldissect.viewer.model.capture_model import CaptureModel, open_store
from nldissect.wire.decode.nodes import Node, inner_nodes
from tests.helpers.paths import CAPTURES

ROOM = 1 << 18


def records(name: str) -> list[Record]:
    with open_capture(CAPTURES / name) as reader:
        return list(reader)


def stream() -> list[Record]:
    """What tells of the family ethtool, then much else, then messages of that family."""
    ethtool = records("ethtool.pcap")
    tells = [record for record in ethtool if record.data[20:22] == b"\x10\x00"]
    assert tells and len(tells) < len(ethtool)
    return [*tells, *6 * records("tour.pcap"), *(record for record in ethtool if record.data[20:22] != b"\x10\x00")]


def as_pcap(some: list[Record]) -> bytes:
    file = io.BytesIO()
    writer = PcapWriter(file)
    for record in some:
        writer.write(record.time or 0, record.data, record.wire_length)
    writer.flush()
    return file.getvalue()


def as_foreign_pcap(some: list[Record]) -> bytes:
    """Big-endian, as another host writes it; the messages are little-endian all the same."""
    out = [struct.pack(">IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 1 << 18, 253)]
    for record in some:
        seconds, rest = divmod(record.time or 0, 10**9)
        out.append(struct.pack(">IIII", seconds, rest, len(record.data), record.wire_length) + record.data)
    return b"".join(out)


def as_pcapng(some: list[Record]) -> bytes:
    """Two sections; the second has a source more, described among the packets."""
    file = io.BytesIO()
    for part in (some[: len(some) // 3], some[len(some) // 3 :]):
        writer = PcapngWriter(file)
        writer.add_interface("one")
        for number, record in enumerate(part):
            if number == 20:
                writer.add_interface("two")
            writer.write(record.time or 0, record.data, record.wire_length, interface=number > 20 and number % 2)
        writer.flush()
    return file.getvalue()


def fed(data: bytes) -> int:
    """A pipe that somebody writes all of this into."""
    reading, writing = os.pipe()

    def feed() -> None:
        with open(writing, "wb", buffering=0) as pipe:
            pipe.write(data)

    Thread(target=feed, daemon=True).start()
    return reading


def has_mtu(store: CaptureModel, row: int) -> bool:
    return any(node.name == "IFLA_MTU" for layer in store.entry(row).walked.layers for node in every_node(layer))


def every_node(node: Node) -> Iterator[Node]:
    yield node
    for inner in inner_nodes(node):
        yield from every_node(inner)


def test_rows_that_are_let_go_take_no_room() -> None:
    table = GrowableTable({"x": np.int64})
    table.add({"x": np.arange(1000)})
    before = table.add({"x": np.arange(1000, 2000)})
    table.release(1900)
    after = table.add({"x": np.arange(2000, 4000)})
    assert list(range(2000)) == before["x"].tolist()
    assert [0] * 1900 + list(range(1900, 4000)) == after["x"].tolist()
    assert len(after["x"].base) < 4000 + 2100 // 3


@pytest.mark.parametrize("written", [as_pcap, as_foreign_pcap, as_pcapng])
def test_the_latest_of_standard_input_stays(written: Callable[[list[Record]], bytes]) -> None:
    every = stream()
    data = written(every)
    assert len(data) > 2 * ROOM
    spool = Spool(fed(data), ROOM)
    spool.begin()
    capture = SegmentedCapture(spool.path, {}, "little")
    store = CaptureModel(capture)
    gone: list[int] = []
    piped = PipedSession(spool, store, lambda: gone.append(capture.gone))
    deadline, largest = time.monotonic() + 20, 0
    while not spool.over or capture.behind or piped.look():
        assert time.monotonic() < deadline
        capture.refresh(1)
        piped.look()
        largest = max(largest, sum(capture.part(number).size for number in range(capture.gone, capture.files)))
    assert 0 < store.let_go < store.skip and list(range(1, len(gone) + 1)) == gone
    assert ROOM - 2 * spool.share < largest < ROOM + 2 * spool.share

    rows = store.every().all().tolist()
    numbers = sorted({store.frame_number(row) for row in rows})
    assert list(range(numbers[0], len(every) + 1)) == numbers and 300 < len(numbers) < len(every) - 300
    for row in rows:
        entry = store.entry(row)
        record = every[entry.number - 1]
        assert (record.data, record.time) == (entry.record.data, entry.record.time), entry.number
    assert every[0].time == capture.first
    seen: list[int] = []
    for name in ("completion", "filter"):  # neither asks for what is gone
        job = ValueIndex(store, seen.append).job("IFLA_MTU", lambda: None) if name == "completion" else None
        sieve = FilterJob(store, "IFLA_MTU")
        job = job or sieve.job(lambda: 0, lambda: None)
        while next(job, False):
            pass
    assert store.hide(sieve.rows()).tolist() == [row for row in rows if has_mtu(store, row)]
    generic = [store.entry(row).walked for row in rows if store.entry(row).walked.protocol == 16]
    assert {"ethtool"} == {walked.family for walked in generic[-9:] if walked.number > 16}
    assert [(""), (" all has come ")] == [*piped.pieces[0]]


def test_damaged_input_ends_there() -> None:
    """What was read before stays; the program that writes is not held up."""
    some = records("tour.pcap")
    data = as_pcap(some[:50]) + b"\xff" * 4 * ROOM
    spool = Spool(fed(data), ROOM)
    spool.begin()
    store = CaptureModel(SegmentedCapture(spool.path, {}, None))
    piped = PipedSession(spool, store, lambda: None)
    deadline = time.monotonic() + 20
    while not spool.over or store.capture.behind or piped.look():
        assert time.monotonic() < deadline
        store.capture.refresh(1)
        piped.look()
    spool.join(20)
    assert not spool.is_alive() and 50 == len(store.capture.frames["at"])
    assert "damaged after 50 records" in piped.pieces[0][1]


def test_text_is_taken_as_far_as_there_is_room() -> None:
    line = b'sendto(3, [{nlmsg_len=20, nlmsg_type=0x12}, "\\x00\\x00\\x00\\x00"], 20, 0, NULL, 0) = 20\n'
    spool = Spool(fed(line * 5000), ROOM)
    spool.begin()
    spool.join(60)
    assert spool.over and spool.problem and "room for 0 MiB of standard input; write it to a file" in spool.problem


def test_where_it_ends_early_is_said() -> None:
    data = as_pcap(records("tour.pcap")[:8])
    spool = Spool(fed(data[:-100]), ROOM)
    spool.begin()
    spool.join(20)
    options = argparse.Namespace(families=[], order=None, own=False)
    store = open_store(spool.path, options, "standard input", 0)
    piped = PipedSession(spool, store, lambda: None)
    while store.capture.behind or piped.look():
        store.capture.refresh(1)
    assert re.fullmatch(r" cut short in record 8 at byte \d+: \d+ bytes of \d+ are there ", piped.pieces[0][1])


def test_what_is_no_capture_is_called_standard_input() -> None:
    spool = Spool(fed(b"hello, this is no capture at all\n"), ROOM)
    spool.begin()
    options = argparse.Namespace(families=[], order=None, own=False)
    with pytest.raises(FileError, match="^standard input is no capture"):
        open_store(spool.path, options, "standard input", 0)


def test_nothing_comes() -> None:
    with pytest.raises(FileError, match="standard input is empty"):
        Spool(fed(b""), ROOM).begin()
