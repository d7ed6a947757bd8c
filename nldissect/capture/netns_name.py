"""Names of network namespaces: entries of /run/netns, containers of processes."""

from __future__ import annotations

import os

from nldissect.capfile.cgroup_units import container_of
from nldissect.capfile.records import NAMED

from . import procfs


def netns_name(given: str | None, inode: int) -> str | None:
    """Return the name of a network namespace: its entry in /run/netns (ip-netns(8)), whether the user knew it or not.

    Else the container of the process that the user named, else the word that the user gave.

    given   name, process id or path; None: our own namespace
    inode   of the namespace; 0: not known
    """
    names = _entries(inode) if inode else []
    short = "" if given is None else given.removeprefix(NAMED)
    if short in names or not (names or short.isdecimal()):
        return short or None
    if names:
        return names[0]
    group = procfs.cgroup(int(short))
    container = None if group is None else container_of(group)
    return container or short


def _entries(inode: int) -> list[str]:
    """Return the names in /run/netns of a namespace; other files there are no namespaces."""
    try:
        device = os.stat("/proc/self/ns/net").st_dev
        with os.scandir(NAMED) as files:
            return sorted(file.name for file in files if _identity(file.path) == (device, inode))
    except OSError:
        return []


def _identity(path: str) -> tuple[int, int]:
    try:
        found = os.stat(path)
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino
