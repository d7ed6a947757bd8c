"""Private folders for files that the user has not named, and removal of those whose process is gone.

A folder is locked (flock(2)) as long as a process that made it lives: the kernel releases the lock, however that ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import stat
import tempfile

from nldissect.errors import print_notice

PREFIX = "nldissect-"
_HELD = re.compile(r"\d{5}\.pcapng|log")
"""Names in such a folder: files of a capture, or the pipe that strace writes its log to."""


def make_folder() -> tuple[str, int]:
    """Make a folder that only this user may enter; return its path, and its descriptor, which holds the lock."""
    while True:
        path = tempfile.mkdtemp(prefix=PREFIX)
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.flock(folder, fcntl.LOCK_SH)
        if os.path.exists(path):
            return path, folder
        os.close(folder)  # somebody took it for a leftover before it was locked


def remove_leftovers() -> list[str]:
    """Remove folders of nldissect that no process holds any more; return their paths."""
    with os.scandir(tempfile.gettempdir()) as entries:
        paths = sorted(entry.path for entry in entries if entry.name.startswith(PREFIX))
    return [path for path in paths if _remove(path)]


def clean() -> None:
    """Remove such folders, and print a notice for each."""
    for path in remove_leftovers():
        print_notice(f"removed {path}, left by a process that was killed")


def _abandoned(path: str) -> int | None:
    """Return the locked descriptor of a folder of nldissect that no process holds; else None."""
    try:
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    with contextlib.suppress(OSError):
        status = os.fstat(folder)
        mine = os.geteuid() in (0, status.st_uid) and stat.S_IMODE(status.st_mode) == 0o700
        if mine and all(map(_HELD.fullmatch, os.listdir(folder))):
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return folder
    os.close(folder)
    return None


def _remove(path: str) -> bool:
    folder = _abandoned(path)
    if folder is None:
        return False
    try:
        return empty_folder(path, folder)
    finally:
        os.close(folder)


def empty_folder(path: str, folder: int) -> bool:
    """Remove a folder, of which `folder` is a descriptor, and its files; return False if that is refused."""
    try:
        for name in os.listdir(folder):
            os.unlink(name, dir_fd=folder)
        os.rmdir(path)
    except OSError:
        return False
    return True
