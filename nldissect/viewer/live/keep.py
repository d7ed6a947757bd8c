"""Copying of a private capture to a file of the user: its files become sections of one pcapng."""

from __future__ import annotations

import os
from collections.abc import Iterator

from nldissect.capfile.byte_source import one_line
from nldissect.errors import FileError
from nldissect.store.segmented import SegmentedCapture

from ..jobs.save_job import place_of

STEP = 4 << 20
"""Bytes copied at a time."""


def keeping(capture: SegmentedCapture, name: str) -> Iterator[bool]:
    """Copy a capture to a new file, step by step: a job; the file is removed again if an error occurs.

    FileError if the file exists or can't be written. With sudo the file belongs to the user who called it. Every file
    of the capture that was not released is copied, the last one up to the end of its last known record.
    """
    where = place_of(name)
    try:
        out = os.open(where, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise FileError(f"{one_line(name)} is there already; choose another name") from None
    except OSError as error:
        raise _unwritable(name, error) from None
    try:
        with open(out, "wb") as target:
            from nldissect.capture.privileges import final_user  # imported here: a private capture exists on Linux only

            if (entry := final_user(None)) is not None and not os.geteuid():
                os.fchown(out, entry.pw_uid, entry.pw_gid)
            for data in _bytes_of(capture):
                target.write(data)
                yield True
            target.flush()
    except BaseException as error:
        where.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _unwritable(name, error) from None
        raise


def _bytes_of(capture: SegmentedCapture) -> Iterator[memoryview]:
    room = memoryview(bytearray(STEP))
    for number in range(capture.gone, capture.files):
        part = capture.part(number)
        end = part.reader.position if number == capture.files - 1 else max(part.size, part.reader.position)
        for at in range(0, end, STEP):
            some = room[: min(STEP, end - at)]
            part.read(some, at)
            yield some


def _unwritable(name: str, error: OSError) -> FileError:
    return FileError(f"can't write {one_line(name)}: {error.strerror}; choose another place")
