"""Owners of netlink sockets by port id and time, from answers of NETLINK_DIAG to any requester."""

from __future__ import annotations

from bisect import bisect_right, insort
from dataclasses import dataclass, field

from .lifetimes import BEGINNING, END
from .process import SocketHolder

Key = tuple[str, int, int]
"""Network namespace, protocol, port id."""


@dataclass(slots=True)
class Ownership:
    """One socket at a port.

    early        no earlier answer has it
    start, end   it was listed in answers from `start` on; it was closed before `end`
    owners       times of the reads of /proc, and the processes that had it open then, in order of time
    """

    early: int
    start: int
    end: int
    inode: int
    owners: list[tuple[int, list[SocketHolder]]] = field(default_factory=list)

    def owners_at(self, time: int) -> list[SocketHolder]:
        """Return the processes that can have had it open at a time: by the reads of /proc before and after it."""
        place = bisect_right(self.owners, time, key=lambda look: look[0])
        looks = self.owners[max(place - 1, 0) : place + 1]
        return list({owner.pid: owner for _, owners in looks for owner in owners}.values())


class SocketDump:
    """One list of sockets, which may come in parts."""

    def __init__(self, time: int) -> None:
        self.time = time
        self.sockets: dict[Key, int] = {}


class SocketOwners:
    """Sockets by namespace, protocol and port. Dumps must be added in the order of time."""

    def __init__(self) -> None:
        self._held: dict[Key, list[Ownership]] = {}
        self._open: dict[Key, Ownership] = {}
        self._asked: dict[tuple[str, int], int] = {}

    def __bool__(self) -> bool:
        return bool(self._held)

    def part(self, dump: SocketDump, key: Key, inode: int) -> None:
        """Add one socket of a dump. The kernel lists some twice."""
        dump.sockets[key] = inode
        now = self._open.get(key)
        if now is not None and now.inode == inode:
            return
        if now is not None:
            now.end = dump.time
        early = self._asked.get(key[:2], BEGINNING)
        fresh = self._open[key] = Ownership(early, dump.time, END, inode)
        self._held.setdefault(key, []).append(fresh)

    def whole(self, dump: SocketDump) -> None:
        """End a dump: sockets that it does not list are closed.

        It lists at least the kernel's own socket of each protocol that it covers.
        """
        told = {key[:2] for key in dump.sockets}
        for key in [key for key in self._open if key[:2] in told and key not in dump.sockets]:
            self._open.pop(key).end = dump.time
        for which in told:
            self._asked[which] = dump.time

    def owned(self, key: Key, owners: list[SocketHolder], time: int) -> None:
        """Add the processes that have the socket at a port open, as the comment of an answer names them."""
        if key not in self._open:
            self._open[key] = Ownership(time, time, END, 0)
            self._held.setdefault(key, []).append(self._open[key])
        looks = self._open[key].owners
        if len(looks) > 1 and looks[-2][1] == looks[-1][1] == owners and looks[-1][0] <= time:
            looks[-1] = time, owners  # equal lists need only a first and a last time
        else:
            insort(looks, (time, owners), key=lambda look: look[0])

    def knows(self, key: Key) -> bool:
        """Return whether a socket was ever listed at a port."""
        return key in self._held

    def turns(self, key: Key) -> tuple[list[int], set[int]]:
        """Return the times at which sockets at a port and their owners changed, and the ids of all owners."""
        held = self._held.get(key, [])
        times = [time for one in held for time in (one.early, one.start, one.end)]
        times += [time for one in held for time, _ in one.owners]
        return times, {owner.pid for one in held for _, owners in one.owners for owner in owners}

    def at(self, key: Key, time: int) -> list[tuple[Ownership, bool]]:
        """Return the sockets that can have been at a port at a time, and for each whether that is certain."""
        sure = [(one, True) for one in self._held.get(key, ()) if one.start <= time < one.end]
        return sure or [(one, False) for one in self._held.get(key, ()) if one.early <= time < one.start]
