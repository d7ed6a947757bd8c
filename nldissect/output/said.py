"""What messages of one layout say in a summary: templates filled in with marks, once for each case that occurs.

A template leaves out what says nothing, so the form of a line depends on which values are empty, and (for the brackets
around an address before its port) on which hold a colon. Each such case of a layout is written once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from nldissect.wire import Kind, Node, Walked
from nldissect.wire.acks import Asked
from nldissect.wire.summary import brief

from .layouts import CLOSE, OPEN, Absent, Leaf, mark
from .slots import COLON, EMPTY, PLAIN, Column, Part, Slot, Store, original
from .summary import Found, Words, summary_of

_MARK = re.compile(re.escape(OPEN) + r"([a-z0-9]+):?" + re.escape(CLOSE))

Cases = tuple[tuple[int, int], ...]
"""Which case each word is, as far as that is known."""


class Step(NamedTuple):
    """What to look at next, or the parts of the line."""

    words: list[int]
    parts: list[Part]


Remake = Callable[[], tuple[Walked, list[Leaf]]]
"""Gives a message of a layout with marks for values, and its leaves."""


class Said:
    """The summaries of one layout; `words` are the slots that have been asked for."""

    def __init__(self, remake: Remake, order: str, asked: Asked | None, store: Store) -> None:
        self.order, self.asked, self.store = order, asked, store
        self.words: list[Slot] = []
        self._remake = remake
        self._made: tuple[Walked, list[Leaf]] | None = None
        self._numbers: dict[Any, int] = {}
        self._steps: dict[Cases, Step] = {}

    def step(self, cases: Cases) -> Step:
        """The line where these cases hold, or which words decide."""
        found = self._steps.get(cases)
        if found is None:
            words = _Marking(self, dict(cases))
            text = summary_of(self._message()[0], self.asked, words)
            found = self._steps[cases] = Step(words.new, [] if words.new else self._parts(text))
        return found

    def _message(self) -> tuple[Walked, list[Leaf]]:
        if self._made is None:
            self._made = self._remake()
        return self._made

    def seen(self, place: int) -> Found:
        """A leaf's kind and its value in the message of which the layout was learnt."""
        node = self._message()[1][place].node
        return node.kind, node.value

    def rest(self) -> None:
        """Let the message go until another case occurs: there are many layouts, and their trees are large."""
        self._made = None

    def number(self, place: int, name: str | None, first: Kind | None) -> int:
        """Which word it is: a leaf under a name of the template."""
        key = place, name
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self.words)
            self.words.append(self.store.word(self._message()[1][place], self.order, name, first, place))
        return found

    def _parts(self, text: str) -> list[Part]:
        parts: list[Part] = []
        for place, piece in enumerate(_MARK.split(text)):
            if place % 2 == 0:
                parts.append(self.store.constant(piece))
            else:
                parts.append(self.words[int(piece)] if piece.isdigit() else Column(piece))
        return parts


class _Marking(Words):
    """Gives marks for texts, each as the case at hand has it; those whose case is not known are `new`."""

    def __init__(self, said: Said, cases: dict[int, int]) -> None:
        super().__init__(None)
        self.said, self.cases = said, cases
        self.new: list[int] = []

    def field(self, name: str, found: Found) -> str | None:
        if found is None or name[0] in "?!":
            return super().field(name, found)
        kind, value = found
        if name.endswith("*"):
            first = original(kind)
            texts = (
                self._mark(one.place, name, first) if isinstance(one, Absent) else brief(first, one, self.context)
                for one in value
            )
            return " ".join(filter(None, texts))
        if isinstance(value, Absent):
            return self._mark(value.place, name)
        return super().field(name, found)

    def same(self, name: str, one: Found, other: Found) -> str | None:
        return super().same(name, self._seen(one), self._seen(other))

    def _seen(self, found: Found) -> Found:
        """A thing as the message has it of which the layout was learnt: all of a layout are alike in what decides."""
        if found is None or not isinstance(found[1], Absent):
            return found
        return self.said.seen(found[1].place)

    def part(self, node: Node) -> str:
        return self._mark(node.value.place, None) if isinstance(node.value, Absent) else super().part(node)

    def _mark(self, place: int, name: str | None, first: Kind | None = None) -> str:
        number = self.said.number(place, name, first)
        if number not in self.cases and number not in self.new:
            self.new.append(number)
        case = self.cases.get(number, PLAIN)
        return "" if case == EMPTY else mark(f"{number}:" if case == COLON else number)
