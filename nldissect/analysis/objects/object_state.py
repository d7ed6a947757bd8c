"""The state of all objects, as messages change it: what is added, changed, removed, and goes along silently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nldissect.uapi import NLMSG_HDRLEN
from nldissect.wire import DecodedMessage
from nldissect.wire.protocol import NLM_F_NEW
from nldissect.wire.semantics.objects import ObjectAnchor, SiblingRule

from .change import ADDED, CHANGED, DUMP, FIRST, INFERRED, REMOVED, REQUEST, THERE, UNCHANGED, Change
from .comparison import ObjectComparison
from .dumps import Sort, subject_of
from .identity import Key, Leaves, leaves_of, members_of
from .next_hops import Difference, Hop, hop_differences, is_of_hop, without_hops
from .object_store import FallenObjects, KeptObject, ObjectPlace, ObjectStore
from .siblings import ObjectNews, left_of, told

MAKES = NLM_F_NEW.EXCL | NLM_F_NEW.CREATE
"""Flags of a request that a notification repeats."""


class ObjectState:
    """The objects that exist; a Change handed to a method is completed by it.

    turn     number of messages about objects so far
    gone     identities of objects that were removed
    whole    subjects of dumps that listed all objects
    heard    namespace, and identity of an object type: events tell of it, so somebody listens
    silent   changes by inference that follow the change in the making
    """

    def __init__(self, comparison: ObjectComparison) -> None:
        self.store = ObjectStore()
        self.comparison = comparison
        self.turn = 0
        self.gone: set[Key] = set()
        self.whole: set[Sort] = set()
        self.heard: set[tuple[object, int]] = set()
        self.silent: list[Change] = []

    def take_silent(self) -> list[Change]:
        """Return the changes by inference since the last call."""
        found, self.silent = self.silent, []
        return found

    def forget(self, key: Key) -> None:
        """Remove an object that is gone."""
        self.store.drop(key)
        self.gone.add(key)

    def remove_all(self, change: Change, parts: dict[int, object]) -> Iterator[Change]:
        """Remove every object that has these parts of its key in common with a message; yield the changes."""
        gone = [
            key
            for key, kept in self.store.kept.items()
            if kept.thing == change.thing
            and key[:2] == change.key[:2]
            and all(key[place] == part for place, part in parts.items())
        ]
        for key in gone:
            kept = self.store.kept[key]
            yield self.removed(replace(change, key=key, walked=kept.walked))

    def removed(self, change: Change) -> Change:
        """Remove an object, one of several equal ones, or a next hop of one; return the change."""
        store, thing, key = self.store, change.thing, change.key
        place = store.place(thing, key)
        self._repeat(change, gone=True)
        if thing.beside == SiblingRule.JOINED and place is not None:
            found, left = left_of(store, place, change.walked)
            if found is not None and left:
                return self._lost(change, store.kept[found], left, place)
            key = key if found is None else found
        kept = store.kept.get(key)
        change.what = REMOVED
        if place is not None:
            place.turn = self.turn
            if kept is None:  # not all of this place was known
                place.whole, place.front = False, 0
        if kept is not None and kept.count > 1:
            kept.count, kept.turn = kept.count - 1, self.turn
            return change
        if thing.bears is not None:

            def stays(one: Key) -> bool:  # itself, and others of its type of which an event of their own will tell
                return one == key or (store.kept[one].thing is thing and self._hears(one, thing.chained))

            self._fall(change, store.fallen(change.key[0], thing.bears(change.walked), stays, key))
        if thing.withdraws is not None:
            anchors = thing.withdraws(change.walked)
            self._fall(change, store.fallen(change.key[0], anchors, lambda one: self._hears(one, True), key))
        store.drop(key)
        change.key = key if kept is None else kept.key
        self.gone.add(key)
        return change

    def fall_with_state(self, change: Change) -> None:
        """Remove what goes because of the state that a message gave an object, but what events will tell of."""
        if change.thing.falls is None:
            return
        anchors = list(change.thing.falls(change.walked))
        self.store.set_in_force(change.key, anchors)
        found = self.store.fallen(change.key[0], anchors)
        self._fall(change, found._replace(gone=[key for key in found.gone if not self._hears(key)]))

    def _hears(self, key: Key, told: bool = False) -> bool:
        """Return whether the kernel will tell that an object went, and somebody listens.

        told   it does here, although not everywhere
        """
        thing = self.store.kept[key].thing
        return (told or thing.told) and (key[0], id(thing)) in self.heard

    def _fall(self, trigger: Change, found: FallenObjects) -> None:
        """Remove and lessen objects that the kernel removes and lessens without a word because of a change."""
        for key, anchors in found.lessened.items():
            self._lessen(trigger, key, anchors)
        for key in found.gone:
            kept = self.store.drop(key)
            if kept is None or (kept.thing.leaves and kept.thing.bears is None):  # a part of a link
                continue
            self.gone.add(key)
            removed = replace(trigger, thing=kept.thing, key=key, what=REMOVED, walked=kept.walked, flaps={})
            self.silent.append(replace(removed, differences=[], known=INFERRED, trigger=trigger))

    def _lessen(self, trigger: Change, key: Key, anchors: list[ObjectAnchor]) -> None:
        """Take from an object what it lost with some anchors."""
        kept = self.store.kept[key]
        left = kept.leaves
        for anchor in anchors:
            left = left if kept.thing.loses is None else kept.thing.loses(left, anchor[1:])
        if left is kept.leaves:
            return
        change = replace(trigger, thing=kept.thing, key=key, what=CHANGED, walked=kept.walked, flaps={}, known=INFERRED)
        change.trigger = trigger
        change.differences = list(self.comparison.replaced(kept.leaves, left))
        self.comparison.note(kept, change)
        kept.leaves, kept.partial, kept.change = left, True, change
        self.store.unjoin(key, anchors)
        self.silent.append(change)
        for one in self.store.over(key):  # what routes repeat of its next hops is not known any more
            over = self.store.kept[one]
            over.leaves = {path: node for path, node in over.leaves.items() if not is_of_hop(path)}
            over.partial = True

    def _pair(self, trigger: Change) -> None:
        """Give the other object of a pair the value that the kernel gave it without a word."""
        thing = trigger.thing
        other = thing.pair(trigger.walked) if thing.pair is not None else None
        key = trigger.key if other is None else (*trigger.key[:-1], other.identity)
        kept = self.store.kept.get(key)
        old = None if other is None or kept is None else kept.leaves.get(other.path)
        if other is None or kept is None or old is None or old.value == other.value:
            return
        new = old._replace(value=other.value)
        change = replace(trigger, key=key, what=CHANGED, walked=kept.walked, flaps={}, known=INFERRED, trigger=trigger)
        change.differences = [Difference(other.path, old, new)]
        self.comparison.note(kept, change)
        kept.leaves, kept.partial, kept.change = kept.leaves | {other.path: new}, True, change
        self.silent.append(change)

    def _repeat(self, change: Change, gone: bool) -> None:
        """Give another object the value that repeats what a message says of this one; of that no message tells."""
        found = change.thing.repeats(change.walked, gone) if change.thing.repeats is not None else None
        kept = None if found is None else self.store.kept.get((*change.key[:2], found.thing, *found.identity))
        old = None if found is None or kept is None else kept.leaves.get(found.path)
        if found is None or kept is None or old is None or old.value == found.value:
            return
        left = {path: node for path, node in kept.leaves.items() if path != found.path}
        kept.leaves = left if found.value is None else left | {found.path: old._replace(value=found.value)}
        kept.partial = True

    def _lost(self, change: Change, kept: KeptObject, left: frozenset[Hop], place: ObjectPlace) -> Change:
        """Remove a next hop of an object, keeping the others; return the change."""
        change.what, change.key, place.turn = CHANGED, kept.key, self.turn
        change.differences = list(hop_differences(kept.walked, kept.hops, kept.walked, left))
        self.comparison.note(kept, change)
        kept.hops, kept.partial = left, True
        kept.leaves = without_hops(kept.leaves, kept.walked, left)
        kept.change = change
        return change

    def tell(self, change: Change, multi: bool, heard: bool, leaves: Leaves | None = None) -> Change:
        """Add or update an object that a message reports as existing; return the change.

        leaves   what the message says of it; None: all its values
        """
        store, thing, walked, key = self.store, change.thing, change.walked, change.key
        leaves = leaves_of(members_of(walked)) if leaves is None else leaves
        fresh = KeptObject(thing, key, thing.regroup(leaves) if thing.regroup is not None else leaves, walked)
        fresh.met, fresh.change, fresh.first = self.turn, change, change
        if heard:
            self.fall_with_state(change)
            self._pair(change)
            self._repeat(change, gone=False)
        elif thing.falls is not None:
            store.set_in_force(key, thing.falls(walked))
        old, added = self._place(fresh, heard)
        known = store.kept.get(old) if old is not None else None
        if known is None or added:
            change.what = ADDED if added else self._first(change, multi, heard)
            if known is not None and thing.equals:
                known.count, known.turn = known.count + 1, self.turn
            else:
                store.put(key, fresh)
            return change
        change.key, known.met = known.key, self.turn
        if old == key and not known.partial and _body(known.walked) == _body(walked):
            change.what = THERE if multi else UNCHANGED
            return change
        change.differences = list(self.comparison.differences(known, fresh, change.known != REQUEST))
        change.after = known.sent if change.known == DUMP else None
        change.what = CHANGED if change.differences else THERE if multi else UNCHANGED
        self.comparison.note(known, change)
        fresh.key, fresh.count, fresh.had, fresh.flaps = known.key, known.count, known.had, known.flaps
        fresh.change = change if change.what == CHANGED else known.change
        fresh.first = known.first if old == key else change
        if thing.leaves:
            ended = {one.path for one in change.differences if one.new is None}
            fresh.leaves = {path: node for path, node in known.leaves.items() if path not in ended} | fresh.leaves
        if old is not None and old != key:
            store.drop(old)
        store.put(key, fresh)
        return change

    def _place(self, fresh: KeptObject, heard: bool) -> ObjectNews:
        """Return the key of the known object that a message reports, and whether the message shows that it is new."""
        store, thing, key = self.store, fresh.thing, fresh.key
        place = store.place(thing, key)
        if place is not None and heard:
            place.turn = self.turn
        if place is not None and thing.beside in (SiblingRule.ORDERED, SiblingRule.JOINED):
            return told(store, place, fresh, heard)
        if place is not None and key not in place.keys:
            place.keys.append(key)
        added = heard and (thing.equals or bool(fresh.walked.flags & NLM_F_NEW.EXCL))
        if added and not thing.equals and thing.bears is not None and key in store.kept:
            store.forget(store.fallen(key[0], thing.bears(store.kept[key].walked), gone=key).gone)
        return ObjectNews(key if key in store.kept else None, added)

    def _first(self, change: Change, multi: bool, heard: bool) -> str:
        """Return the name of the change for an object that was not known before: ADDED, FIRST or THERE."""
        walked, where = change.walked, change.where
        if multi:
            return THERE
        if change.thing.born is not None:
            name, value = change.thing.born
            node = walked.find(name)
            if node is not None and node.value == value and heard:
                return ADDED
        if walked.flags & MAKES and not walked.flags & NLM_F_NEW.REPLACE:
            return ADDED
        if not heard:
            return THERE
        cause = change.request.request if change.request is not None else None
        if cause is not None and cause.number == walked.number and cause.flags & NLM_F_NEW.EXCL:
            return ADDED
        known = change.key in self.gone or subject_of(change.thing, walked, where) in self.whole
        return ADDED if known else FIRST


def _body(walked: DecodedMessage) -> bytes:
    return walked.data[walked.start + NLMSG_HDRLEN : walked.end]
