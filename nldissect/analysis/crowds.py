"""Requests of one number that wait at once, as of programs that count from the second: which port answers which.

Where several could be meant, the first in line is taken, which is a guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

PARTS, ALONE, FINAL = 0, 1, 2
"""An answer of which more parts come; one that has none, but may be acknowledged; an acknowledgement, error or end."""
CLAIMED, LEARNT, GUESSED = 0, 1, 2
"""How a request's port is known: it names it; no other request can be meant; it was the first of several."""
TOGETHER = 5_000_000_000
"""Nanoseconds that a request waits; the kernel answers at once, or after a module was loaded."""


class One(NamedTuple):
    """A message of the number: a request, or an answer with a port. `port` of a request is the one it names, or 0."""

    row: int
    asks: bool
    frame: int
    port: int
    end: int
    time: int


class Found(NamedTuple):
    """A request and the port that answers it."""

    row: int
    port: int
    how: int


class Crowd:
    """The messages of one number, in order; `waiting` are requests without an answer, those of one frame together."""

    def __init__(self) -> None:
        self.waiting: list[list[One]] = []
        self._answering: set[int] = set()
        self._answered: set[int] = set()
        self._doubtful = False

    def take(self, messages: Iterable[One]) -> list[Found]:
        """Take in some more; gives the requests whose port is known by now."""
        found: list[Found] = []
        for one in messages:
            if not one.asks:
                found += self._answer(one)
            elif self.waiting and self.waiting[-1][0].frame == one.frame:
                self.waiting[-1].append(one)
            else:
                self.waiting.append([one])
        return found

    def _answer(self, one: One) -> list[Found]:
        if one.port in self._answering or (one.end == FINAL and one.port in self._answered):
            if one.end == FINAL:
                self._answering.discard(one.port)
                self._answered.discard(one.port)
            return []
        fitting = [unit for unit in self._patient(one.time) if unit[0].port in (0, one.port)]
        named = [unit for unit in fitting if unit[0].port == one.port]
        unit = next(iter(named or fitting), None)
        if one.end == PARTS:
            self._answering.add(one.port)
        elif one.end == ALONE:
            self._answered.add(one.port)
        if unit is None:
            return []
        self.waiting.remove(unit)
        doubtful = self._doubtful or (not named and len(fitting) > 1)
        how = CLAIMED if named else GUESSED if doubtful else LEARNT
        self._doubtful = doubtful and bool(self.waiting)
        return [Found(each.row, one.port, how) for each in unit]

    def _patient(self, time: int) -> list[list[One]]:
        self.waiting = [unit for unit in self.waiting if time - unit[0].time <= TOGETHER]
        return self.waiting
