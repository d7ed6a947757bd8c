"""Lifetimes of processes: their names, parents and control groups, from events of the proc connector and from /proc."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass

SLACK = 2_000_000
"""Nanoseconds by which the clocks of events and of frames may differ."""
TICK = 20_000_000
"""Nanoseconds by which a start that /proc gives may lie before the true one: it counts ticks of 10 ms, rounded down."""
LATE = 1_000_000_000
"""Nanoseconds after its end in which a process may seem to send: a frame from a socket of the capture has the time when
it was read, which may be after its sender's end; no process id is reused that soon."""
YOUNG = 64
"""Number of the last processes to begin that are considered when one is looked for by its age."""
DEEPEST = 16
"""Number of ancestors that are followed, at most."""
BEGINNING, END = -(1 << 63), (1 << 63) - 1


@dataclass(slots=True)
class Lifetime:
    """The lifetime of a process under one name.

    end         when it took another name or ended
    name        None: it could not be read in time
    born        the process is known to have begun at `start`; else it may have existed before
    doubtful    up to this time it may still have had its former name
    begun       when the process began, under whatever name; None: not known
    parent      process that started it, or that it was given to when that had ended; None: not known
    cgroup      its control group; None: not known
    """

    start: int
    end: int
    name: str | None
    ended: bool = False
    born: bool = False
    doubtful: int = BEGINNING
    begun: int | None = None
    parent: int | None = None
    cgroup: str | None = None

    def renamed(self, time: int, name: str | None) -> Lifetime:
        """Return the lifetime of the same process under another name."""
        return Lifetime(time, END, name, begun=self.begun, parent=self.parent, cgroup=self.cgroup)


class ProcessLifetimes:
    """Lifetimes of processes by process id. Events may be added in any order of time."""

    def __init__(self) -> None:
        self._events: list[tuple[int, int, str, int, object]] = []
        self._lives: dict[int, list[Lifetime]] = {}
        self._begun: list[tuple[int, int]] = []
        self._done = 0
        self._late = False

    def __bool__(self) -> bool:
        return bool(self._events)

    def tell(self, time: int, what: str, pid: int, more: object = None) -> None:
        """Add an event of a process.

        what: "seen" and "named" (more: name), "renamed" (more: when it was last seen with its former name), "fork"
        (more: parent), "started" (by /proc: `time` is rounded down), "exec" (more: name or None), "exit",
        "parent" (more: its process id), "cgroup" (more: path).
        """
        event = (time, len(self._events), what, pid, more)
        self._late = self._late or (bool(self._events) and event < self._events[-1])
        self._events.append(event)

    def life(self, pid: int, time: int) -> Lifetime | None:
        """Return the lifetime with that process id at a time; None if there was none or it is not known."""
        self._take_in()
        lives = self._lives.get(pid)
        if not lives:
            return None
        place = bisect_right(lives, time, key=lambda one: one.start) - 1
        if place >= 0 and time <= lives[place].end + (LATE if lives[place].ended else 0):
            return lives[place]
        following = lives[place + 1] if place + 1 < len(lives) else None
        return following if following is not None and following.start - SLACK <= time else None

    def turns(self, pid: int) -> list[int]:
        """Return the times at which the result of `life` for a process may change."""
        self._take_in()
        found = []
        for one in self._lives.get(pid, ()):
            found += [one.start, one.end, one.doubtful]
            found += [one.start - SLACK] if one.start > BEGINNING else []
            found += [one.end + 1, one.end + LATE + 1] if one.end < END else []
        return found

    def young(self, time: int) -> Iterator[int]:
        """Yield the processes that lived at a time and were seen to begin, the youngest first."""
        self._take_in()
        place = bisect_right(self._begun, (time, 1 << 32))
        for _, pid in reversed(self._begun[max(place - YOUNG, 0) : place]):
            life = self.life(pid, time)
            if life is not None and life.start <= time <= life.end:
                yield pid

    def lived(self, pid: int, time: int) -> bool:
        """Return whether the process can have lived at a time: it is not known to begin later or end before."""
        self._take_in()
        lives = self._lives.get(pid)
        if lives is None or self.life(pid, time) is not None:
            return True
        return time < lives[0].start and not lives[0].born

    def ended(self, pid: int, time: int) -> bool:
        """Return whether the process had ended before a time, however shortly."""
        life = self.life(pid, time)
        return life is not None and time > life.end

    def start(self, pid: int, time: int) -> int:
        """Return when the process of that id at a time began; BEGINNING if no event shows it."""
        self._take_in()
        born = [one.start for one in self._lives.get(pid, ()) if one.born and one.start - TICK <= time]
        return born[-1] if born else BEGINNING

    def ancestors(self, life: Lifetime) -> list[tuple[int, str | None]]:
        """Return process id and name of a process's parent, the parent's parent, and so on.

        Their names are those that they had when their child began; None: not known.
        """
        found: list[tuple[int, str | None]] = []
        one: Lifetime | None = life
        while one is not None and one.parent and len(found) < DEEPEST:
            pid, time = one.parent, one.start if one.begun is None else one.begun
            one = self.life(pid, time) or self.life(pid, time + TICK)
            found.append((pid, None if one is None else one.name))
        return found

    def _take_in(self) -> None:
        if self._late:
            self._events.sort(key=lambda event: event[:2])
            self._lives, self._begun, self._done, self._late = {}, [], 0, False
        for time, _, what, pid, more in self._events[self._done :]:
            self._apply(time, what, pid, more)
        self._done = len(self._events)

    def _apply(self, time: int, what: str, pid: int, more: object) -> None:
        lives = self._lives.setdefault(pid, [])
        if what in ("fork", "exec"):
            insort(self._begun, (time, pid))
        last = lives[-1] if lives and not lives[-1].ended else None
        if what == "exit":
            if last is None:
                lives.append(Lifetime(BEGINNING if not lives else lives[-1].end + 1, time, None, True))
            else:
                last.end, last.ended = time, True
        elif what in ("fork", "started"):
            self._begin(lives, last, time, what, more)
        elif what == "renamed":
            _rename_earlier(lives, time, more)
        elif what in ("parent", "cgroup"):
            _describe(last, what, more)
        else:
            _name(lives, last, time, what, more)

    def _begin(self, lives: list[Lifetime], last: Lifetime | None, time: int, what: str, more: object) -> None:
        """Begin a lifetime: by an event of the process, or, less exactly, by /proc."""
        parents = self._lives.get(more) if isinstance(more, int) else None
        parent = parents[-1] if parents and not parents[-1].ended else None
        name, cgroup = (None, None) if parent is None else (parent.name, parent.cgroup)
        if last is not None and last.born and time - last.start <= TICK:  # both by the event and by /proc
            if what == "fork":
                last.start, last.begun, last.name = time, time, last.name or name
                last.parent, last.cgroup = more if isinstance(more, int) else None, last.cgroup or cgroup
            return
        if last is not None:  # its end was lost
            last.end, last.ended = time, True
        pid = more if isinstance(more, int) else None
        lives.append(Lifetime(time, END, name, born=True, begun=time, parent=pid, cgroup=cgroup))


def _name(lives: list[Lifetime], last: Lifetime | None, time: int, what: str, more: object) -> None:
    """Apply a name: the process was seen ("seen"), took another name ("named"), or another program ("exec")."""
    name = more if isinstance(more, str) else None
    if last is None:
        start = BEGINNING if what == "seen" and not lives else time
        lives.append(Lifetime(start, END, name))
    elif what == "exec" or last.name != name:
        if last.name is None and what != "exec":
            last.name = name
        else:
            last.end = time
            lives.append(last.renamed(time, name))


def _describe(life: Lifetime | None, what: str, more: object) -> None:
    """Apply what is known of a process that lives: its first parent holds, and its last control group."""
    if life is None:
        return
    if what == "cgroup":
        life.cgroup = more if isinstance(more, str) else None
    elif life.parent is None:
        life.parent = more if isinstance(more, int) else None


def _rename_earlier(lives: list[Lifetime], time: int, since: object) -> None:
    """Move a name's start back: the name seen at `time` may hold since the former name was last seen."""
    if len(lives) < 2 or lives[-1].start != time or not isinstance(since, int):
        return
    former, now = lives[-2:]
    now.start = former.end = max(since, former.start + 1)
    now.doubtful = time
