"""Saving of frames to another file, byte for byte, with their times, lengths and comments."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from nldissect.capfile.byte_source import one_line
from nldissect.columns.blocks.buffer import Array
from nldissect.errors import FileError
from nldissect.store.capture import Capture
from nldissect.stream.rewrite import Rewriter

STEP = 512
"""Frames written in one step."""


def place_of(path: str) -> Path:
    """Return the path for a typed name, "~" expanded; FileError if this user may not look it up."""
    where = Path(os.path.expanduser(path))
    try:
        where.exists()
    except OSError as error:
        raise FileError(f"can't write {one_line(path)}: {error.strerror}; choose another place") from None
    return where


def check_target(path: str, overwrite: bool = False) -> None:
    """Raise FileError unless a file may be written at this path."""
    if not path.strip():
        raise FileError("give the file a name, like out.pcapng")
    where = place_of(path)
    if where.is_dir():
        raise FileError(f"{one_line(path)} is a directory; add a name, like out.pcapng")
    if not overwrite and where.exists():
        raise FileError(f"{one_line(path)} is there already; choose another name, or say that it may be overwritten")
    if not where.parent.is_dir():
        raise FileError(f"no directory for {one_line(path)}; make it first")


def saving(
    capture: Capture, rows: Array | None, path: str, *, overwrite: bool = False, every: Array | None = None
) -> Iterator[int]:
    """Write the frames that hold these messages, or every frame if `rows` is None; yield the number of frames so far.

    every   indexes of the frames written if `rows` is None; None: all frames of the capture

    The file gets its name when it is complete. An existing file stays as it was if an error occurs, or the job is
    dropped.
    """
    check_target(path, overwrite)
    where = place_of(path)
    if rows is not None:
        frames = np.unique(capture.messages["frame"][rows])
    else:
        frames = np.arange(len(capture.frames["at"])) if every is None else every
    files = capture.frames.get("file")
    parts = [capture.part(number) for number in ([0] if files is None else np.unique(files[frames]).tolist() or [0])]
    of = {0: parts[0]} if files is None else dict(zip(np.unique(files[frames]).tolist(), parts, strict=False))
    rough = where.with_name(f".{os.getpid()}.{where.name}")
    done = 0
    try:
        with Rewriter(os.fspath(rough), parts) as rewriter:
            for frame in frames.tolist():
                if done % STEP == 0:
                    yield done
                kept = {name: int(column[frame]) for name, column in capture.frames.items()}
                rewriter.put(of[kept.get("file", 0)].record(kept))
                done += 1
        os.replace(rough, where)
        yield done
    except FileError as error:
        raise FileError(str(error).replace(one_line(os.fspath(rough)), one_line(path))) from None
    finally:
        rough.unlink(missing_ok=True)
