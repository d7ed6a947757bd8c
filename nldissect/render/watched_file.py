"""Captures that tell of processes themselves: those of `run`, and of a capture process that was told of them."""

from __future__ import annotations

from nldissect.capfile import open_capture
from nldissect.capfile.reopenable import readable_twice
from nldissect.errors import FileError

WATCHED = "processes"
"""The interface that a capture's own frames about processes are on."""
PCAPNG = b"\x0a\x0d\x0d\x0a"
SEEN = 1 << 16


def is_watched(path: str) -> bool:
    """Whether a file begins as one that tells of processes; a pipe's bytes are for the one who reads it."""
    if not readable_twice(path):
        return False
    try:
        with open(path, "rb") as file:
            if file.read(4) != PCAPNG:
                return False
        with open_capture(path, window=SEEN) as reader:
            next(reader.windows(), None)
            return any((one.name or "").partition("@")[0] == WATCHED for one in reader.interfaces)
    except (OSError, FileError):
        return False
