"""Paths of fields and attributes, matched step by step with the wanted ones.

The full path of a node is its layer's class name, then the names of the attributes and struct fields around it, then
its own: "ifinfomsg.IFLA_LINKINFO.IFLA_INFO_KIND". Case does not matter. The attributes after a header ("attrs") and
the elements of arrays are no step of it; "X[]" means the elements of X.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from nldissect.wire.containers import Nest
from nldissect.wire.kind import Kind

if TYPE_CHECKING:
    from nldissect.wire.attr_set import AttrSet
    from nldissect.wire.packets.message import Message

    Owner = type[AttrSet] | type[Message]

ELEMENT = "[]"


class FieldLocation(NamedTuple):
    """One place where a field's values can be.

    kind    as the tables have it, or as a binding replaces it; readers may show a copy of it
    owner   the set or struct that holds it; None for a layer
    path    the wanted steps, lower case: the end of the full path of such a node
    """

    kind: Kind
    owner: Owner | None
    path: tuple[str, ...]


State = frozenset[tuple[int, int]]
"""State of matching: (number of the wanted path, number of its steps that have matched), where that is at least one."""
NOTHING: State = frozenset()
NOWHERE: tuple[tuple[int, ...], State] = ((), NOTHING)


def steps(path: str) -> tuple[str, ...]:
    """Return the steps of a path as written: "A.B[]" is a, b, []."""
    lowered = path.lower()
    if lowered.endswith(ELEMENT):
        return (*lowered.removesuffix(ELEMENT).split("."), ELEMENT)
    return tuple(lowered.split("."))


def names_of(kind: Kind) -> tuple[str, ...]:
    """Return the names of a kind in paths, lower case: its name, and its other names in full."""
    return tuple(name.lower() for name in (kind.name, *aliases(kind)))


def aliases(kind: Kind) -> tuple[str, ...]:
    """Return further full names of a row."""
    if not kind.also or kind.set is None:
        return kind.also
    return tuple(f"{kind.set.prefix}_{other}" for other in kind.also)


def is_element(kind: Kind) -> bool:
    """Return whether a row is an element of a Nests."""
    return kind.set is not None and kind.set.indexed


def is_nameless(kind: Kind) -> bool:
    """Return whether a field is the attributes after a header, which is no step of a path."""
    return isinstance(kind, Nest) and kind.number is None


class FieldPaths:
    """The wanted paths, compared step by step during a descent."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self.written = list(wanted)
        self._steps = [steps(path) for path in self.written]
        self._first: dict[str, list[tuple[int, int]]] = {}
        for number, path in enumerate(self._steps):
            self._first.setdefault(path[0], []).append((number, 0))

    def step(self, kind: Kind, state: State) -> tuple[tuple[int, ...], State]:
        """Return the wanted paths that end at a kind inside something of this state, and the state inside the kind."""
        if not state and not kind.also and kind.name.lower() not in self._first:
            return NOWHERE
        if is_nameless(kind):
            return (), state
        if is_element(kind):
            return self.element(state), state
        return self.named(names_of(kind), state)

    def element(self, state: State) -> tuple[int, ...]:
        """Return the wanted paths that end at the elements of an array inside which `state` holds."""
        return tuple(sorted(number for number, done in state if self._steps[number][done:] == (ELEMENT,)))

    def named(self, names: Iterable[str], state: State) -> tuple[tuple[int, ...], State]:
        """Return the same as `step` for a node of these names."""
        ends: set[tuple[int, int]] = set()
        inner: set[tuple[int, int]] = set()
        for name in names:
            for number, done in self._first.get(name, ()):
                (ends if len(self._steps[number]) == 1 else inner).add((number, done + 1))
            for number, done in state:
                path = self._steps[number]
                if path[done] == name:
                    (ends if len(path) == done + 1 else inner).add((number, done + 1))
        return tuple(sorted({number for number, _ in ends})), frozenset(inner) if inner else NOTHING
