"""Dumps under way: what the kernel lists of objects, and in which order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from nldissect.wire.semantics.objects import ObjectType, SiblingRule

from .identity import Key, place_of
from .object_store import ObjectStore

Sort = tuple[str | None, str, int]
"""What one dump asks for: objects of a sort, of one address family, in a namespace."""


@dataclass
class ObjectDump:
    """What a dump told so far.

    turn         when it began
    sorts        what it is of
    places       for each place the identities that it told of, in the kernel's order
    counts       how often it told of objects of which several equal ones can be there
    interrupted  the kernel said that not all of it fits together
    """

    turn: int
    sorts: set[Sort] = field(default_factory=set)
    places: dict[Key, list[Key]] = field(default_factory=dict)
    counts: Counter[Key] = field(default_factory=Counter)
    interrupted: bool = False

    def add(self, thing: ObjectType, key: Key) -> None:
        """Take note of an object."""
        if thing.equals:
            self.counts[key] += 1
        if thing.place:
            self.places.setdefault(place_of(thing, key), []).append(key)

    def settle(self, store: ObjectStore) -> None:
        """At the end: put in order what stands beside each other, where nothing was told of it since the dump began."""
        for name, keys in self.places.items():
            place = store.places.get(name)
            if place is None or place.turn >= self.turn:
                continue
            left = [key for key in place.keys if key not in keys]
            if any(store.kept[key].thing.beside == SiblingRule.JOINED for key in left):
                continue  # a dump passes over what stands between two siblings (fib6_dump_node in net/ipv6/ip6_fib.c)
            store.forget(left)
            place.keys = [key for key in dict.fromkeys(keys) if key in store.kept]
            place.front, place.whole = len(place.keys), True
        for key, count in self.counts.items():
            if key in store.kept and store.kept[key].turn < self.turn:
                store.kept[key].count = count
