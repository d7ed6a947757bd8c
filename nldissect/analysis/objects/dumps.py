"""Dumps in progress: the objects that the kernel lists, and their order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from nldissect.families.answer_rules import MORE_DETAIL
from nldissect.uapi import NLMSG_HDRLEN
from nldissect.wire import DecodedMessage
from nldissect.wire.semantics.objects import ObjectType, SiblingRule

from .identity import Key, bytes_of, members_of, place_of
from .object_store import KeptObject, ObjectStore

Sort = tuple[str | None, str, int]
"""Subject of one dump: namespace, object type, address family."""


def subject_of(thing: ObjectType, walked: DecodedMessage, where: str | None) -> Sort:
    """Return the subject of a dump that lists an object."""
    at = walked.start + NLMSG_HDRLEN
    return where, thing.name, walked.data[at] if at < walked.end else 0


def asks_all(request: DecodedMessage) -> bool:
    """Return whether a request for a dump sets no condition but the address family, its first field."""
    nodes = list(members_of(request))
    if not nodes or nodes[0].number is not None:
        return False
    zeros = not any(any(bytes_of(request, node)) for node in nodes[1:] if node.number is None)
    return zeros and all(node.name in MORE_DETAIL for node in nodes if node.number is not None)


@dataclass
class ObjectDump:
    """The part of a dump seen so far.

    protocol     of its messages
    turn         number of the message about an object at which the dump began
    first        number of the frame with which it began; `last`: with which it ended, 0 while it goes on
    listed       identities of the objects in it
    sorts        its subjects; `again`: those that a dump before listed as well
    places       for each place the identities listed, in the kernel's order
    counts       number of times an object was listed, for types of which several equal objects can exist
    interrupted  the kernel flagged the dump as inconsistent
    """

    protocol: int
    turn: int
    first: int
    last: int = 0
    listed: dict[Key, None] = field(default_factory=dict)
    sorts: set[Sort] = field(default_factory=set)
    again: set[Sort] = field(default_factory=set)
    places: dict[Key, list[Key]] = field(default_factory=dict)
    counts: Counter[Key] = field(default_factory=Counter)
    interrupted: bool = False

    def add(self, thing: ObjectType, key: Key, kept: Key) -> None:
        """Observe an object of the dump; `kept`: its identity when it was first known."""
        self.listed[kept] = None
        if thing.equals:
            self.counts[key] += 1
        if thing.place:
            self.places.setdefault(place_of(thing, key), []).append(key)

    def missing(self, store: ObjectStore) -> list[tuple[Key, KeptObject]]:
        """Return the objects of the dump's subjects of which no message told since it began."""
        kinds = {(where, self.protocol, name): where for where, name, _ in self.sorts}
        found = ((key, store.kept[key], where) for kind, where in kinds.items() for key in store.of_type(kind))
        return [
            (key, kept)
            for key, kept, where in found
            if kept.met < self.turn and kept.thing.listed and subject_of(kept.thing, kept.walked, where) in self.sorts
        ]

    def settle(self, store: ObjectStore) -> None:
        """Settle the dump at its end: order siblings and count equal objects that nothing changed since it began."""
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
