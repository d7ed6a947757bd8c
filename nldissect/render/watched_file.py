"""Captures that name processes themselves: those of `run`, and of a capture process that watched processes."""

from __future__ import annotations

from nldissect.capfile import open_capture
from nldissect.capfile.reopenable import readable_twice
from nldissect.errors import FileError

WATCHED = "processes"
"""The interface that holds a capture's own frames about processes."""
PCAPNG = b"\x0a\x0d\x0d\x0a"
SEEN = 1 << 16


def is_watched(path: str) -> bool:
    """Return whether a file begins as one that names processes.

    False for what can't be read twice: the bytes of a pipe are for its reader.
    """
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
