"""History of objects: what is gone, which names they had, and by which change a value came about.

The state of all objects holds what exists; this adds what it forgets, from the changes that it makes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

from nldissect.wire.semantics.refusals import NAMES, REFUSALS, LeafValues, ObjectReference, ObjectValue

from ..objects.change import CHANGED, REMOVED, Change
from ..objects.changes import Changes
from ..objects.identity import Key, key_of, leaves_of, members_of
from ..objects.object_store import KeptObject

CAPACITY = 16384
"""Objects that are gone, and values, of which the last change is remembered; the oldest are forgotten."""
Watched = tuple[Key, str, int | None]
K = TypeVar("K")


class ObjectName(NamedTuple):
    """A name of objects of a type in a namespace; `kind`: namespace, protocol, name of the type."""

    kind: Key
    name: str


class ObjectHistory:
    """The history of the objects of one capture; `changes` makes the changes that are handed to `observe`."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._gone: dict[Key, Change] = {}
        self._named: dict[ObjectName, Key] = {}
        self._names: dict[Key, set[str]] = {}
        self._lost_names: dict[ObjectName, Change] = {}
        self._since: dict[Watched, Change] = {}
        self._watched = watched_values()

    def observe(self, change: Change) -> None:
        """Observe a change; the same one may be observed again as long as no other came."""
        key = key_of(change.thing, change.walked, change.where)
        paths = NAMES.get((change.walked.protocol, change.thing.name), ())
        if change.what == REMOVED:
            if key not in self._changes.kept():
                _remember(self._gone, key, change)
                for name in {*self._names.pop(key, ()), *_names_in(leaves_of(members_of(change.walked)), paths)}:
                    self._named.pop(ObjectName(key[:3], name), None)
                    _remember(self._lost_names, ObjectName(key[:3], name), change)
            return
        self._gone.pop(key, None)
        if change.what == CHANGED:
            self._note_values(key, change)
        if paths and key in self._changes.kept():
            self._note_names(key, change, set(_names_in(self._changes.kept()[key].leaves, paths)))

    def _note_values(self, key: Key, change: Change) -> None:
        for path, old, new in change.differences:
            for bits in self._watched.get(path, ()):
                before, after = (node is not None and (bits is None or node.value & bits) for node in (old, new))
                if before != after or (bits is None and old is not None and new is not None):
                    _remember(self._since, (key, path, bits), change)

    def _note_names(self, key: Key, change: Change, names: set[str]) -> None:
        for name in self._names.get(key, set()) - names:
            self._named.pop(ObjectName(key[:3], name), None)
            _remember(self._lost_names, ObjectName(key[:3], name), change)
        for name in names:
            self._lost_names.pop(ObjectName(key[:3], name), None)
            self._named[ObjectName(key[:3], name)] = key
        self._names[key] = names

    def named(self, where: str | None, reference: ObjectReference) -> KeptObject | None:
        """Return the object that exists and has a name."""
        key = self._named.get(ObjectName((where, reference.protocol, reference.thing), reference.name))
        return None if key is None else self._changes.kept().get(key)

    def gone(self, where: str | None, reference: ObjectReference) -> Change | None:
        """Return the change by which the object that a reference means is gone, or has another name."""
        kind = where, reference.protocol, reference.thing
        if reference.name:
            return self._lost_names.get(ObjectName(kind, reference.name))
        return self._gone.get((*kind, *reference.key))

    def latest_gone(self, kind: Key, fits: Callable[[Key, Change], bool]) -> Change | None:
        """Return the latest change by which an object is gone for which `fits` holds; `kind`: see ObjectName."""
        found = (change for key, change in reversed(self._gone.items()) if key[:3] == kind and fits(key, change))
        return next(found, None)

    def since(self, kept: KeptObject, path: str, bits: int | None) -> Change | None:
        """Return the change since which a watched value of an object is as it is, None if it was so from the first."""
        return self._since.get((identity_of(kept), path, bits))


def identity_of(kept: KeptObject) -> Key:
    """Return the present identity of an object."""
    where = kept.key[0]
    return key_of(kept.thing, kept.walked, None if where is None else str(where))


def watched_values() -> dict[str, set[int | None]]:
    """Return the bits of values, by path, whose changes are remembered: those of the rules."""
    found: dict[str, set[int | None]] = {}
    for rules in REFUSALS.values():
        for rule in rules:
            if isinstance(rule.fact, ObjectValue):
                found.setdefault(rule.fact.path, set()).add(rule.fact.bits)
    return found


def _names_in(values: LeafValues, paths: tuple[str, ...]) -> Iterator[str]:
    """Yield the names among the values of an object."""
    for path in values:
        if path.startswith(paths) and path.partition("#")[0] in paths and isinstance(values[path].value, str):
            yield values[path].value


def _remember(kept: dict[K, Change], key: K, change: Change) -> None:
    kept.pop(key, None)
    kept[key] = change
    if len(kept) > CAPACITY:
        del kept[next(iter(kept))]
