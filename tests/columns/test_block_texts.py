"""The texts of a block's messages, for searches and exports: by the native core and by the walk the same."""

from __future__ import annotations

import argparse
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nldissect.render.columnar.json_renderer import JsonRenderer
from nldissect.render.columnar.message_renderer import MessageRenderer
from nldissect.viewer.jobs.search_job import Pattern, _Texts
from tests.helpers.large_captures import COOKED, family, generic, link, message, route, written
from tests.helpers.paths import CAPTURES, LOGS
from tests.helpers.sizes import SetSizes

NAMES = ("tour", "errors", "link_dump", "nft_bridge", "macsec", "ethtool")
FILES = [*(CAPTURES / f"{name}.pcap" for name in NAMES), LOGS / "namespaces.pcapng", LOGS / "processes.pcapng"]


class Part:
    """What a search wants to know of a file."""

    def __init__(self, path: Path) -> None:
        self.path, self.families, self.order = str(path), dict[int, str](), None


def texts_of(path: Path, place: str) -> list[str]:
    """The text of every message, and of frames without any."""
    found: list[Any] = []
    if place == "json":
        objects = JsonRenderer(argparse.Namespace(files=[str(path)], families={}, order=None, secrets=False))
        for block in objects.blocks:
            found += objects.lines(block, np.ones(len(block), bool), np.arange(len(block.frames.start)))
        return found
    texts = _Texts(Part(path), Pattern("x", place=place))  # type: ignore[arg-type]
    for block in texts.blocks:
        texts.block = block
        found += texts.blocks.messages.texts(block, np.ones(len(block), bool))
    return found


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The messages that the core left."""
    seen: list[int] = []
    original = MessageRenderer.walked_text

    def text(self: MessageRenderer, index: int) -> str:
        seen.append(index)
        return original(self, index)

    monkeypatch.setattr(MessageRenderer, "walked_text", text)
    return seen


@pytest.mark.parametrize("window", [4096, 1 << 20])
@pytest.mark.parametrize("place", ["list", "tree", "json"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_core_and_walk(
    path: Path,
    place: str,
    window: int,
    library: str,
    walked: list[int],
    monkeypatch: pytest.MonkeyPatch,
    sizes: SetSizes,
) -> None:
    """Requests and names come from windows before, of each network namespace its own; few messages are walked."""
    sizes(render_window=window)
    monkeypatch.setenv("NLDISSECT_NATIVE", "0")
    slow = texts_of(path, place)
    assert len(walked) >= len(slow)

    walked.clear()
    monkeypatch.setenv("NLDISSECT_NATIVE", library)
    assert slow == texts_of(path, place)
    assert len(walked) < 0.1 * len(slow)


def test_frames_without_messages(library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects of them stand where they do in the file; what trails a frame goes with its last message."""
    frames = [COOKED, link(2, b"eth0"), COOKED + b"\1\2", route(2, 1) + bytes(6), route(3, 1) + b"\1\2\3", COOKED]
    path = written(tmp_path / "bare.pcap", frames)
    monkeypatch.setenv("NLDISSECT_NATIVE", library)
    lines = texts_of(path, "json")
    assert [f'{{"frame":{number},' for number in range(1, 7)] == [line[:11] for line in lines]
    assert '"trailing":{"zeros":6}' in lines[3] and '"trailing"' in lines[4]
    monkeypatch.setenv("NLDISSECT_NATIVE", "0")
    assert lines == texts_of(path, "json")


@pytest.mark.parametrize("window", [4096, 1 << 20])
@pytest.mark.parametrize("native", ["", "0"], ids=["core", "walk"])
def test_a_request_keeps_the_names_of_its_time(
    native: str, window: int, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sizes: SetSizes
) -> None:
    """Its family's id is another family's by the time that it is acknowledged."""
    sizes(render_window=window)
    monkeypatch.setenv("NLDISSECT_NATIVE", native or library)
    asked = message(0x23, 5, struct.pack("<BBxx", 1, 1))
    between = [generic(family(0x30 + place, b"f%d" % place)) for place in range(200)]
    ack = generic(message(2, 0x100, struct.pack("<i", 0) + asked[:16]))
    told = [generic(family(0x23, name)) for name in (b"netdev", b"devlink")]
    path = written(tmp_path / "renamed.pcap", [told[0], generic(asked), *between, told[1], ack])
    assert "ack for NETDEV_CMD_DEV_GET" == json.loads(texts_of(path, "json")[-1])["summary"]
