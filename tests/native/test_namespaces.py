"""Captures of several network namespaces before the native core, and from where on names hold: byte for byte what the
message engine prints."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from collections import Counter
from itertools import zip_longest
from pathlib import Path

import pytest

from nldissect.capfile import PcapngWriter, comments, private
from tests.helpers import messages
from tests.helpers import namespace_files as namespaces
from tests.helpers import nexthop_routes as composing
from tests.helpers import pcap_bytes as files
from tests.helpers.large_captures import COOKED, FORMS, Run, attribute, frames_of, message, written
from tests.helpers.paths import CAPTURES
from tests.helpers.sizes import SetSizes


@pytest.mark.parametrize("form", FORMS)
def test_captures_in_several_namespaces(
    form: str, run: Run, tmp_path: Path, sizes: SetSizes, reasons: Counter[tuple[str, str]]
) -> None:
    """Frames of four captures in turn, each in a namespace of its own, the first from two sources: names of interfaces
    and sets, requests and their acknowledgements stay apart."""
    sizes(native_window=1 << 14)
    streams = [frames_of(CAPTURES / f"{name}.pcap") for name in ("bridge_vlan", "nft_families", "vxlan", "tour")]
    path = tmp_path / "hosts.pcapng"
    with PcapngWriter(private(path)) as writer:
        for number, name in enumerate(("red", "blue", "green", "white", "red")):
            netns = comments.format_comment("netns", name, 4026532000 + len(name))
            writer.add_interface(f"nlmon{number}@{name}", comments=[netns])
        for place, turn in enumerate(zip_longest(*streams)):
            for source, frame in enumerate(turn):
                if frame is not None:
                    writer.write(files.SECONDS * 10**9 + place, frame, interface=source or place % 2 * 4)

    native = run(path, *FORMS[form], native=True)
    assert run(path, *FORMS[form], native=False) == native
    assert len([reason for _, reason in reasons.elements() if reason]) <= 0.002 * reasons.total()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("tables", [False, True])
def test_names_stay_in_their_namespace(form: str, tables: bool, run: Run, tmp_path: Path, walked: list[int]) -> None:
    """Also where comments tell of interfaces."""
    path = namespaces.write(tmp_path / "x.pcapng", namespaces.FRAMES, tables)
    native = run(path, *FORMS[form], native=True)
    assert run(path, *FORMS[form], native=False) == native
    assert form != "list" or namespaces.DEVICES == namespaces.devices(native.decode())
    assert [] == walked


@pytest.mark.parametrize("window", [4096, 1 << 20])
@pytest.mark.parametrize("form", ["list", "tree"])
def test_names_that_begin_in_another_window(form: str, window: int, run: Run, tmp_path: Path, sizes: SetSizes) -> None:
    """A name holds from the request on that gave it: not before, and behind it although the kernel tells it later."""
    sizes(native_window=window)
    asked, told = (
        messages.frame(0, messages.link(index, attribute(3, b"late\0"), flags=flags, seq=flags))
        for index, flags in ((0, 0x605), (5, 0))
    )
    about, *others = (messages.frame(0, namespaces.address(index, 1)) for index in (5, *[1] * 300))
    hops = composing.route(composing.hop(dev=5))
    frames = [hops, about, *others, asked, *others, hops, about, *others, told, about, hops]
    path = written(tmp_path / "late.pcap", frames)

    native = run(path, *FORMS[form], native=True)
    assert run(path, *FORMS[form], native=False) == native
    if form == "list":
        devices = namespaces.devices(native.decode())
        assert ["5", "late", "late"] == [one for one in devices if one != "1"]
        assert [b"if5", b"late", b"late"] == re.findall(b"nexthop dev ([a-z0-9]+) ", native)


def test_thousands_of_network_namespaces(library: str, tmp_path: Path) -> None:
    """Each with its own requests and acknowledgements, though all have one sequence number; in a process of its own, as
    a core without room for them may end it."""
    count = 10_000
    blocks = [files.section()]
    for place in range(count):
        words = b"nldissect: netns ns%d %d" % (place, 4026532000 + place)
        blocks.append(files.described(options=files.option(1, words)))
    for turn in range(2):
        for place in range(0, count, 100):
            asks = message(18, 5, bytes(4), seq=7, pid=place + 1)
            answer = message(2, 0, struct.pack("<i", -place - 1) + asks, seq=7) if turn else asks
            blocks.append(files.packet(COOKED + answer, files.SECONDS * 10**6 + place, interface=place))
    path = tmp_path / "spaces.pcapng"
    path.write_bytes(b"".join(blocks))

    command = [sys.executable, "-m", "nldissect", "read", "-V", str(path)]
    native, rows = (
        subprocess.run(command, env={**os.environ, "NLDISSECT_NATIVE": engine}, capture_output=True, check=True).stdout
        for engine in (library, "0")
    )
    assert rows == native
    assert b", captured in frame 100\n" in native
