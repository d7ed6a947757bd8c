"""Frames of the capture itself."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.messages import ROUTE, attribute, frame, link, message
from tests.helpers.pcap_bytes import described, option, packet, section

SOCK_DIAG = 4


def of_comments(*texts: str) -> bytes:
    return b"".join(option(1, f"nldissect: {text}".encode()) for text in texts)


def beside_own(path: Path) -> Path:
    """A link message, an own frame of two messages with a loss, an own one without, a link message."""
    show, told = frame(ROUTE, link(1, attribute(3, b"lo\0"))), message(20, bytes(16), seq=7)
    polled = frame(SOCK_DIAG, told, told)
    frames = [
        packet(show, 1_000_000),
        packet(polled, 1_000_100, options=of_comments("own", "lost 12")),
        packet(polled, 1_000_200, options=of_comments("own")),
        packet(show, 1_000_300),
    ]
    path.write_bytes(section() + described() + b"".join(frames))
    return path
