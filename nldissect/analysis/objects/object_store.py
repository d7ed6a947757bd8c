"""Objects that exist now: by identity, by the place that siblings share, by the objects that they depend on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from nldissect.wire import DecodedMessage
from nldissect.wire.semantics.objects import AnchorFinder, ObjectAnchor, ObjectType, Reach, SiblingRule

from .identity import Key, Leaves, place_of
from .next_hops import MULTIPATH, NH_ID, Hop, hops_of
from .requests import RequestedObject, SentRequest, fitting

if TYPE_CHECKING:
    from .change import Change


@dataclass
class KeptObject:
    """The known state of an object.

    key      its identity when it was first known; another may have come since
    hops     its next hops, if it is a route
    partial  some next hops of `walked` are gone, or the kernel changed a value of it without a word
    requested   only a request tells of it, as this describes; None: a message of the kernel does
    count    number of objects that are equal in everything; `turn`: when a notification last changed that number
    anchors  what it goes with; `joint`: with these only once each is in force
    asked    paths of values that only a request tells of; `sent`: the last such request
    change   the last change that a message made to it, or the first message about it
    first    the change by which it became known as what it is
    met      when a message last told of it, as ObjectStore counts
    had      every value that a path had; `flaps`: number of times one of those came back
    """

    thing: ObjectType
    key: Key
    leaves: Leaves
    walked: DecodedMessage
    hops: frozenset[Hop] = frozenset()
    count: int = 1
    turn: int = 0
    anchors: tuple[ObjectAnchor, ...] = ()
    joint: tuple[ObjectAnchor, ...] = ()
    partial: bool = False
    requested: RequestedObject | None = None
    asked: set[str] = field(default_factory=set)
    sent: SentRequest | None = None
    change: Change | None = None
    first: Change | None = None
    met: int = 0
    had: dict[str, set[str]] = field(default_factory=dict)
    flaps: dict[str, int] = field(default_factory=dict)

    @property
    def joins(self) -> bool:
        """True if the kernel merges it with others of its place (rt6_qualify_for_ecmp in net/ipv6/route.h)."""
        return NH_ID not in self.leaves and (
            "RTA_GATEWAY" in self.leaves or any(path.startswith(MULTIPATH) for path in self.leaves)
        )


class FallenObjects(NamedTuple):
    """Objects that go with others, and those that stay although some of their `joint` anchors fell, with these."""

    gone: list[Key]
    lessened: dict[Key, list[ObjectAnchor]]


@dataclass
class ObjectPlace:
    """The siblings in one place.

    keys    identities in the kernel's order, as far as known
    front   number of leading keys that are known to be the kernel's first
    whole   there are no other siblings
    turn    when a notification last reported one of them
    """

    keys: list[Key] = field(default_factory=list)
    front: int = 0
    whole: bool = False
    turn: int = 0


class ObjectStore:
    """All objects that exist now."""

    def __init__(self) -> None:
        self.kept: dict[Key, KeptObject] = {}
        self.places: dict[Key, ObjectPlace] = {}
        self._anchored: dict[ObjectAnchor, dict[Key, None]] = {}  # keys in the order of their coming
        self._bearers: dict[ObjectAnchor, dict[Key, None]] = {}  # of anchors that several objects bear
        self._in_force: dict[Key, tuple[ObjectAnchor, ...]] = {}  # by the object that is in such a state
        self._by_type: dict[Key, dict[Key, None]] = {}
        self._reaches: dict[Key, dict[Key, Reach]] = {}  # by namespace and protocol
        self._requested: dict[Key, dict[Key, RequestedObject]] = {}

    def place(self, thing: ObjectType, key: Key) -> ObjectPlace | None:
        """Return the place that an object shares with its siblings, None if its type has no siblings."""
        name = place_of(thing, key)
        return self.places.setdefault(name, ObjectPlace()) if name else None

    def of_type(self, kind: Key) -> Iterable[Key]:
        """Return the identities of all objects of a type: namespace, protocol, name of the type."""
        return list(self._by_type.get(kind, ()))

    def device_of(self, where: object, protocol: int, gateway: bytes) -> int | None:
        """Return the interface over which a gateway is reached: that with the longest prefix that holds it."""
        found = self.reaches_to(where, protocol, gateway)
        return max(found, key=lambda reach: reach.length).interface if found else None

    def reaches_to(self, where: object, protocol: int, gateway: bytes) -> list[Reach]:
        """Return all that reaches a gateway: the prefixes that hold it."""
        return [reach for reach in self._reaches.get((where, protocol), {}).values() if holds(reach, gateway)]

    def put(self, key: Key, kept: KeptObject) -> None:
        """Store an object; if it has siblings, the keys of their place must contain its key already."""
        self._unanchor(key)
        self.kept[key] = kept
        self._by_type.setdefault(key[:3], {})[key] = None
        if kept.thing.beside in (SiblingRule.ORDERED, SiblingRule.JOINED):
            kept.hops = hops_of(kept.walked)
        reach = kept.thing.reaches(kept.walked) if kept.thing.reaches is not None else None
        if reach is not None:
            self._reaches.setdefault(key[:2], {})[key] = reach
        for anchor in _shared(key, kept):
            self._bearers.setdefault(anchor, {})[key] = None
        kept.joint = _found(key, kept.thing.on_all, kept.walked)
        kept.anchors = (*_found(key, kept.thing.on, kept.walked), *kept.joint)
        for anchor in kept.anchors:
            self._anchored.setdefault(anchor, {})[key] = None

    def drop(self, key: Key) -> KeptObject | None:
        """Remove an object; return its known state, None if it was not known."""
        self._unanchor(key)
        self._in_force.pop(key, None)
        kept = self.kept.pop(key, None)
        self._by_type.get(key[:3], {}).pop(key, None)
        self._reaches.get(key[:2], {}).pop(key, None)
        if kept is not None and kept.requested is not None:
            self._requested[key[:3]].pop(key, None)
        place = self.places.get(place_of(kept.thing, key)) if kept is not None else None
        if place is not None and key in place.keys:
            at = place.keys.index(key)
            del place.keys[at]
            place.front -= at < place.front
        return kept

    def mark_requested(self, key: Key, wanted: RequestedObject) -> None:
        """Note that only a request tells of an object."""
        self.kept[key].requested = wanted
        self._requested.setdefault(key[:3], {})[key] = wanted

    def unidentified(self, kind: Key) -> list[Key]:
        """Return the identities of objects of a type of which only requests told, by a name."""
        return [key for key, wanted in self._requested.get(kind, {}).items() if wanted.sent.form.named]

    def adopt(self, thing: ObjectType, key: Key, walked: DecodedMessage) -> None:
        """Give an object that only a request told of the identity that a message about it has."""
        waiting = self._requested.get(key[:3])
        if not waiting or key in self.kept:
            return
        old = next((one for one in fitting(waiting, walked) if one in self.kept), None)
        if old is None:
            return
        place = self.places.get(place_of(thing, old))
        if place is not None and old in place.keys and place_of(thing, old) == place_of(thing, key):
            place.keys[place.keys.index(old)] = key
        kept = self.drop(old)
        if kept is not None:
            kept.key = key
            self.put(key, kept)

    def forget(self, keys: Iterable[Key]) -> None:
        """Remove objects that are no longer known to exist."""
        for key in list(keys):
            self.drop(key)

    def set_in_force(self, key: Key, anchors: Iterable[ObjectAnchor]) -> None:
        """Remember the anchors that an object's present state puts in force."""
        self._in_force[key] = tuple((key[0], *anchor) for anchor in anchors)

    def over(self, key: Key) -> list[Key]:
        """Return the identities of the objects that go with an object."""
        kept = self.kept[key]
        return [one for anchor in _found(key, kept.thing.bears, kept.walked) for one in self._anchored.get(anchor, ())]

    def unjoin(self, key: Key, anchors: Iterable[ObjectAnchor]) -> None:
        """Forget some of an object's `joint` anchors: it lost what depended on them."""
        kept = self.kept[key]
        lost = set(anchors)
        kept.joint = tuple(one for one in kept.joint if one not in lost)
        kept.anchors = tuple(one for one in kept.anchors if one not in lost)
        for anchor in lost:
            self._anchored.get(anchor, {}).pop(key, None)

    def fallen(
        self,
        where: object,
        anchors: Iterable[ObjectAnchor],
        stays: Callable[[Key], bool] = lambda _: False,
        gone: Key | None = None,
    ) -> FallenObjects:
        """Return the objects that depend on `anchors`, and those that depend on these in turn.

        stays   returns whether an object stays for now, and what depends on it
        gone    the object that bears the anchors, and no longer counts
        """
        found: dict[Key, None] = {}
        lessened: dict[Key, list[ObjectAnchor]] = {}
        fell = {anchor for held in self._in_force.values() for anchor in held}
        waiting = [(where, *anchor) for anchor in anchors]
        while waiting:
            anchor = waiting.pop(0)
            if any(one != gone and one not in found for one in self._bearers.get(anchor, ())):
                continue
            fell.add(anchor)
            for key in self._anchored.get(anchor, ()):
                if key in found or stays(key):
                    continue
                kept = self.kept[key]
                if anchor in kept.joint and not fell.issuperset(kept.joint):
                    lessened.setdefault(key, []).append(anchor)
                    continue
                found[key] = None
                bears = kept.thing.bears
                waiting += [(where, *one) for one in bears(kept.walked)] if bears is not None else []
        return FallenObjects(list(found), {key: fallen for key, fallen in lessened.items() if key not in found})

    def _unanchor(self, key: Key) -> None:
        kept = self.kept.get(key)
        for anchor in kept.anchors if kept is not None else ():
            keys = self._anchored[anchor]
            keys.pop(key, None)
            if not keys:
                del self._anchored[anchor]
        for anchor in _shared(key, kept) if kept is not None else ():
            self._bearers[anchor].pop(key, None)


def _found(key: Key, finder: AnchorFinder | None, walked: DecodedMessage) -> tuple[ObjectAnchor, ...]:
    return () if finder is None else tuple(dict.fromkeys((key[0], *anchor) for anchor in finder(walked)))


def _shared(key: Key, kept: KeptObject) -> tuple[ObjectAnchor, ...]:
    """Return the anchors that an object bears and others may bear as well."""
    thing = kept.thing
    finders = (thing.bears, thing.withdraws) if thing.shared else ()
    return tuple(anchor for finder in finders for anchor in _found(key, finder, kept.walked))


def holds(reach: Reach, address: bytes) -> bool:
    """Return whether an address has a prefix."""
    rest = 8 * len(address) - reach.length
    both = (int.from_bytes(data, "big") >> rest for data in (reach.prefix, address))
    return len(address) == len(reach.prefix) and next(both) == next(both)
