"""Captures of several network namespaces."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

from nldissect.capfile import PcapngWriter, comments, writer_for
from tests.helpers.messages import attribute, frame, link, message

TIME = 1763930784_000000000


def address(index: int, last: int, seq: int = 0) -> bytes:
    """RTM_NEWADDR: struct ifaddrmsg, IFA_LOCAL; a request where it has a sequence number."""
    body = struct.pack("=BBBBI", 2, 32, 0, 0, index) + attribute(2, bytes([192, 0, 2, last]))
    return message(20, body, flags=5 if seq else 0, seq=seq)


def named(index: int, name: str) -> bytes:
    """RTM_NEWLINK with IFLA_IFNAME."""
    return link(index, attribute(3, name.encode() + b"\0"))


def write(path: Path, frames: Sequence[tuple[int, bytes, Sequence[str]]], tables: bool = False) -> Path:
    """A pcapng of two namespaces; `tables`: their interfaces are told at the begin."""
    writer = writer_for(path)
    assert isinstance(writer, PcapngWriter)
    with writer:
        for number, name in enumerate(("blue", "red")):
            told = [comments.format_comment("interface", 3, f"{name}3")] if tables else []
            netns = comments.format_comment("netns", name, 4026532000 + number)
            writer.add_interface(f"nlmon-1@{name}", comments=[netns, *told])
        for number, (interface, data, said) in enumerate(frames):
            writer.write(TIME + number * 1000, data, comments=said, interface=interface)
    return path


FRAMES = [
    (0, frame(0, named(2, "left")), ()),
    (1, frame(0, named(2, "right")), ()),
    (0, frame(0, address(2, 1)), ()),
    (1, frame(0, address(2, 2)), ()),
    (1, frame(0, named(4, "only")), ()),
    (0, frame(0, address(4, 3)), ()),
    (1, frame(0, address(4, 4)), ()),
]


DEVICES = ["left", "right", "4", "only"]


def devices(lines: str) -> list[str]:
    """The device of each address in a list."""
    return [device(line) for line in lines.splitlines() if "RTM_NEWADDR" in line]


def device(line: str) -> str:
    """Its name, or its number if that is not known."""
    return line.partition(" dev ")[2].split()[0].removeprefix("if")
