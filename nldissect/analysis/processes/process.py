"""Processes and owners of sockets, and their form in the comments of frames."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from nldissect.capfile import comments
from nldissect.capfile.cgroup_units import unit_of

EXACT, LEARNT, GUESSED, UNKNOWN = "exact", "learnt", "guessed", "unknown"


class SocketHolder(NamedTuple):
    """A process that has a socket open."""

    pid: int
    name: str | None


class Process(NamedTuple):
    """A process; what is not known is None.

    start    when it began, nanoseconds since 1970: by its event, or by /proc, which rounds down to 10 ms
    parent   process that started it, or that it was given to when that had ended
    tree     its ancestors and itself, the eldest first: `sh[1] > ip[2]`
    cgroup   path of its control group
    """

    pid: int | None = None
    name: str | None = None
    confidence: str = UNKNOWN
    start: int | None = None
    parent: int | None = None
    tree: str | None = None
    cgroup: str | None = None

    @property
    def unit(self) -> str | None:
        """Container or unit of systemd that it belongs to."""
        return None if self.cgroup is None else unit_of(self.cgroup)

    def __str__(self) -> str:
        """Return `ip[1234]`, or `ip[1234]?` for a guess; empty where the name is not known."""
        mark = "?" if self.confidence == GUESSED else ""
        return "" if self.name is None else f"{self.name}[{self.pid}]{mark}"


NOBODY = Process()


def said(texts: Iterable[str]) -> Process | None:
    """Return the process that the comments of a frame name, None if they name none."""
    for words in comments.parse_comments(texts, "process"):
        owner = owner_named(words[0]) if words else None
        if owner is not None:
            return Process(owner.pid, owner.name, EXACT)
    return None


def owner_named(word: str) -> SocketHolder | None:
    """Return the owner that a word of a comment names, as `ip[1234]`; None if it names none."""
    name, bracket, rest = word.rpartition("[")
    pid = rest.removesuffix("]")
    return SocketHolder(int(pid), name) if bracket and is_pid(pid) else None


def is_pid(word: str) -> bool:
    """Return whether a word of a comment is a process id."""
    return word.isdecimal() and len(word) <= 10
