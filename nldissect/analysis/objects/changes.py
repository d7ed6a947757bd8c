"""Changes of objects: the change each message makes, derived from the state kept of every object.

    found = Changes()
    for frame, place, time, walked in messages:
        for change in found.meet(frame, place, time, walked): ...
    for change in found.finish(): ...

A dump lists what exists: that is no change, unless it differs from the known state; then the change itself is not in
the capture. An object first seen in a notification is "added" if its message, the request that caused it or an earlier
dump shows that it is new, else "first seen". Consecutive copies for several listeners (see analysis/event_copies.py)
are one change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from nldissect.families.answer_rules import RULES
from nldissect.request_tracker import GET, RequestTracker
from nldissect.uapi import NLMSG_DONE, NLMSG_ERROR, NLMSG_HDRLEN
from nldissect.wire import DecodedMessage, Node
from nldissect.wire.decode.acks import PriorRequest, ack_of, observe
from nldissect.wire.decode.nodes import inner_nodes
from nldissect.wire.packets.bindings import verb_of
from nldissect.wire.protocol import NLM_F, NLM_F_NEW, NOTIFICATION, TO_KERNEL, TO_USER
from nldissect.wire.semantics.objects import ObjectType, SiblingRule, get_int, object_of

from ..event_copies import NEAR
from .change import ADDED, CHANGED, DUMP, EVENT, FIRST, INFERRED, REMOVED, REQUEST, THERE, UNCHANGED, Change
from .dumps import ObjectDump, Sort, asks_all, subject_of
from .identity import Key, Leaves, key_of, leaves_of, members_of, parts_of, place_of
from .next_hops import Difference, Hop, has_several, hop_differences, hops_of, is_of_hop, without_hops
from .object_store import KeptObject, ObjectPlace, ObjectStore
from .requests import PendingRequests, RequestedObject, SentRequest, requested_object
from .siblings import ObjectNews, left_of, told

MAKES = NLM_F_NEW.EXCL | NLM_F_NEW.CREATE
"""Flags of a request that a notification repeats."""
MADE = MAKES | NLM_F_NEW.REPLACE | NLM_F_NEW.APPEND
"""All flags that modify a NEW request: the kernel sets some when it notifies of a route, none when it answers."""


class Changes:
    """The objects of one capture and their changes; `quiet`: counters and caches count as changes too."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._store = ObjectStore()
        self._gone: set[Key] = set()
        self._heard: set[tuple[object, int]] = set()  # namespace, and identity of an object type: events tell of it
        self._whole: set[Sort] = set()
        self._dumps: dict[tuple[str | None, int, int, int], ObjectDump] = {}
        self._requests: dict[str | None, RequestTracker[DecodedMessage]] = {}
        self._last: list[Change] = []
        self._fallen: list[Change] = []  # by inference, after the change that is in the making
        self._latest: tuple[DecodedMessage, int | None] | None = None  # the last message about an object, and its time
        self._turn = 0
        self._sent = PendingRequests()

    def meet(
        self,
        frame: int,
        place: int,
        time: int | None,
        walked: DecodedMessage,
        where: str | None = None,
        about: Any = None,
    ) -> Iterator[Change]:
        """Observe the next message; yield the changes that are complete by now.

        Requests count too: an object that a request created did not exist before.

        where   distinguishes namespaces
        about   value to be kept in the changes of this message
        """
        if not walked.has_header:
            return
        if where not in self._requests:
            self._requests[where] = RequestTracker(RULES)
        cause = observe(self._requests[where], frame, walked)
        yield from self._silently_accepted(time)
        if walked.number == NLMSG_DONE:
            yield from self._ended(frame, place, time, walked, about, where, cause)
            return
        if walked.number == NLMSG_ERROR:
            yield from self._answered(walked, cause)
            return
        if walked.direction == TO_KERNEL:
            self._sent.add(frame, place, time, walked, about, where)
            return
        way, means = walked.direction, object_of(walked)
        if means is None or means.thing is None or way not in (NOTIFICATION, TO_USER):
            return
        thing, multi = means.thing, bool(walked.flags & NLM_F.MULTI)
        heard = way == NOTIFICATION or (cause is not None and not multi and _changes(cause.request))
        if not (thing.answers or multi or heard or means.gone or walked.flags & MADE):
            return
        if self._is_copy(time, walked, where):
            return
        key = key_of(thing, walked, where)
        if thing.beside == SiblingRule.ECHO and self._is_echo(thing, key):
            return
        yield from self._complete()
        if way == NOTIFICATION:
            self._heard.add((where, id(thing)))
            self._sent.forget_told(thing, walked, where, None if cause is None else cause.request)
        self._turn += 1
        known = EVENT if heard or means.gone else DUMP
        change = Change(frame, place, time, thing, key, "", walked, about, where, cause, known=known)
        if means.same is not None:
            self._last = list(self._all_gone(change, parts_of(thing, walked, means.same)))
        else:
            self._store.adopt(thing, key, walked)
            late = cause is not None and self._sent.was_accepted(cause.request)
            self._last = [self._removed(change) if means.gone else self._told(change, multi, heard)]
            if late and change.what in (ADDED, REMOVED, FIRST):
                change.what = UNCHANGED  # a listener read late what the request was taken to do
        self._last += self._fallen
        self._fallen = []
        if multi:
            dump = self._dumps.setdefault(_dump(walked, where), ObjectDump(walked.protocol, self._turn))
            dump.sorts.add(subject_of(thing, walked, where))
            dump.interrupted |= bool(walked.flags & NLM_F.DUMP_INTR)
            dump.add(thing, key)

    def finish(self) -> Iterator[Change]:
        """Yield the last changes, after the last message."""
        yield from self._silently_accepted(None)
        yield from self._complete()

    def kept(self) -> dict[Key, KeptObject]:
        """Return all objects that exist now, by identity."""
        return self._store.kept

    def _complete(self) -> Iterator[Change]:
        """Yield the changes of the last message about an object: it has no more copies."""
        last, self._last = self._last, []
        yield from last

    def _answered(self, walked: DecodedMessage, cause: PriorRequest | None) -> Iterator[Change]:
        """Yield the changes by a request that is acknowledged, if no event told of them."""
        sent = None if cause is None else self._sent.answered(cause.request)
        ack = ack_of(walked)
        if sent is not None and ack is not None and not ack.error:
            yield from self._accepted(sent)

    def _silently_accepted(self, time: int | None) -> Iterator[Change]:
        """Yield the changes by requests that asked for no acknowledgement and were not refused until a time."""
        for sent in self._sent.unanswered(time):
            yield from self._accepted(sent)

    def _accepted(self, sent: SentRequest) -> Iterator[Change]:
        """Yield the changes by an accepted request of which no event tells."""
        devices = partial(self._store.device_of, sent.where, sent.walked.protocol)
        wanted = requested_object(sent, None, devices)
        old = None if wanted is None else self._wanted(wanted)
        flags = None if old is None else self._store.kept[old].leaves.get("ifi_flags")
        if flags is not None:
            wanted = requested_object(sent, flags.value, devices)
        if wanted is None:
            return
        yield from self._complete()
        self._latest = None
        self._turn += 1
        self._sent.accept(sent)
        change = Change(
            sent.frame, sent.place, sent.time, wanted.thing, old or wanted.key, "", wanted.walked, sent.about,
            sent.where, PriorRequest(sent.frame, sent.walked), known=REQUEST,
        )  # fmt: skip
        if wanted.gone:
            change.walked = wanted.walked if old is None else _gone_message(wanted, self._store.kept[old])
            self._last = [self._removed(change)]
        else:
            self._last = [self._made(change, wanted, old)]
        self._last += self._fallen
        self._fallen = []

    def _wanted(self, wanted: RequestedObject) -> Key | None:
        """Return the key of the known object that a request is about, None if it is not known."""
        kept, thing = self._store.kept, wanted.thing
        if wanted.key in kept:
            return wanted.key
        place = self._store.places.get(place_of(thing, wanted.key))
        near = [key for key in place.keys if key in kept] if place is not None else []
        fitting = (key for key in near if wanted.fits(kept[key].walked))
        found = next(fitting, None)
        if found is not None or (not wanted.gone and not wanted.sent.form.named):
            return found
        return next((key for key in self._store.of_type(wanted.key[:3]) if wanted.fits(kept[key].walked)), None)

    def _made(self, change: Change, wanted: RequestedObject, old: Key | None) -> Change:
        """Add or change an object as a request says; return the change."""
        leaves = {
            path: node for path, node in leaves_of(members_of(wanted.walked))
            if wanted.sent.form.unknown.isdisjoint(path.split(".")) and (path != "ifi_flags" or wanted.flags_known)
        }  # fmt: skip
        known = None if old is None else self._store.kept[old]
        if known is None or not wanted.thing.leaves:
            if known is None and wanted.thing.leaves and not wanted.walked.flags & NLM_F_NEW.CREATE:
                return self._set(change, wanted, leaves)
            change = self._told(change, False, True, leaves)
            if change.key in self._store.kept:
                self._store.mark_requested(change.key, wanted)
            return change
        fresh = replace(known, leaves=leaves)
        change.differences = [one for one in self._compare(known, fresh, False) if one.new is not None]
        change.what = CHANGED if change.differences else UNCHANGED
        self._note(known, change)
        known.leaves = known.leaves | leaves
        known.met = self._turn
        known.change = change if change.differences else known.change
        known.asked |= {one.path for one in change.differences}
        known.sent = wanted.sent
        self._fall_by_state(change)
        return change

    def _set(self, change: Change, wanted: RequestedObject, leaves: Leaves) -> Change:
        """Report what a request set of an object of which nothing is known; return the change."""
        asked = wanted.sent.walked
        flags, mask = asked.find("ifi_flags"), get_int(asked, "ifi_change")
        change.what = CHANGED
        for path, node in leaves.items():
            if path == "ifi_flags" and flags is not None:
                if mask:
                    sides = (flags._replace(value=value & mask) for value in (~flags.value, flags.value))
                    change.differences.append(Difference(path, *sides))
            elif path not in change.thing.key and not self._passes(change.thing, path):
                change.differences.append(Difference(path, None, node))
        self._fall_by_state(change)
        return change

    def _fall_by_state(self, change: Change) -> None:
        """Remove what the kernel removes because of the state that a request gave an object."""
        if change.thing.falls is not None and change.what != UNCHANGED:
            self._fall_down(change, list(self._store.fallen(change.key[0], change.thing.falls(change.walked))))

    def _is_copy(self, time: int | None, walked: DecodedMessage, where: str | None) -> bool:
        """Return whether a message repeats the one before; if so, count the copy."""
        latest, self._latest = self._latest, (walked, time)
        if not self._last or latest is None or latest[1] is None or time is None:
            return False
        before = latest[0]
        same = before.data[before.start : before.end] == walked.data[walked.start : walked.end]
        same = same and (where, walked.protocol) == self._last[0].key[:2] and not walked.flags & NLM_F.MULTI
        if not same or time - latest[1] > NEAR:
            return False
        for change in self._last:
            change.copies += 1
        return True

    def _is_echo(self, thing: ObjectType, key: Key) -> bool:
        """Return whether an object's place was reported in full just now, or is known in full."""
        name = place_of(thing, key)
        known = self._store.places.get(name)
        full = (self._store.kept[one].thing for one in known.keys) if known is not None else ()
        last = (one.thing for one in self._last if place_of(one.thing, one.key) == name)
        return any(one.beside != SiblingRule.ECHO for one in (*full, *last))

    def _ended(
        self,
        frame: int,
        place: int,
        time: int | None,
        walked: DecodedMessage,
        about: Any,
        where: str | None,
        cause: PriorRequest | None,
    ) -> Iterator[Change]:
        """End a dump: it listed all objects, unless filtered; yield the removal of those that it did not list."""
        dump = self._dumps.pop(_dump(walked, where), None)
        if dump is None or walked.flags & NLM_F.DUMP_FILTERED:
            return
        self._whole |= dump.sorts
        if dump.interrupted or walked.flags & NLM_F.DUMP_INTR:
            return
        dump.settle(self._store)
        if cause is None or not asks_all(cause.request):
            return
        yield from self._complete()
        for key, kept in dump.missing(self._store):
            self._store.drop(key)
            self._gone.add(key)
            self._last.append(
                Change(
                    frame, place, time, kept.thing, key, REMOVED, kept.walked, about, where, known=DUMP, after=kept.sent
                )
            )
        self._latest = None

    def _all_gone(self, change: Change, parts: dict[int, object]) -> Iterator[Change]:
        """Remove every object that has these parts of its key in common with a message; yield the changes."""
        gone = [
            key
            for key, kept in self._store.kept.items()
            if kept.thing == change.thing
            and key[:2] == change.key[:2]
            and all(key[place] == part for place, part in parts.items())
        ]
        for key in gone:
            kept = self._store.kept[key]
            yield self._removed(replace(change, key=key, walked=kept.walked))

    def _removed(self, change: Change) -> Change:
        """Remove an object, one of several equal ones, or a next hop of one; return the change."""
        store, thing, key = self._store, change.thing, change.key
        place = store.place(thing, key)
        if thing.beside == SiblingRule.JOINED and place is not None:
            found, left = left_of(store, place, change.walked)
            if found is not None and left:
                return self._lost(change, store.kept[found], left, place)
            key = key if found is None else found
        kept = store.kept.get(key)
        change.what = REMOVED
        if place is not None:
            place.turn = self._turn
            if kept is None:  # not all of this place was known
                place.whole, place.front = False, 0
        if kept is not None and kept.count > 1:
            kept.count, kept.turn = kept.count - 1, self._turn
            return change
        if thing.bears is not None:
            self._fall(change, list(store.fallen(change.key[0], thing.bears(change.walked))))
        store.drop(key)
        change.key = key if kept is None else kept.key
        self._gone.add(key)
        return change

    def _fall_down(self, trigger: Change, keys: list[Key]) -> None:
        """Remove objects that go because of the state of another, but those of which events will tell."""
        told = [key for key in keys if self._store.kept[key].thing.told and self._hears(key)]
        self._fall(trigger, [key for key in keys if key not in told])

    def _hears(self, key: Key) -> bool:
        """Return whether an event told of an object of that type, so that somebody listens."""
        return (key[0], id(self._store.kept[key].thing)) in self._heard

    def _fall(self, trigger: Change, keys: list[Key]) -> None:
        """Remove objects that the kernel removes without a word because of a change."""
        for key in dict.fromkeys(keys):
            kept = self._store.drop(key)
            if kept is None or kept.thing.leaves:  # a part of the object that the change is about
                continue
            self._gone.add(key)
            removed = replace(trigger, thing=kept.thing, key=key, what=REMOVED, walked=kept.walked, flaps={})
            self._fallen.append(replace(removed, differences=[], known=INFERRED, trigger=trigger))

    def _lost(self, change: Change, kept: KeptObject, left: frozenset[Hop], place: ObjectPlace) -> Change:
        """Remove a next hop of an object, keeping the others; return the change."""
        change.what, change.key, place.turn = CHANGED, kept.key, self._turn
        change.differences = list(hop_differences(kept.walked, kept.hops, kept.walked, left))
        self._note(kept, change)
        kept.hops, kept.partial = left, True
        kept.leaves = without_hops(kept.leaves, kept.walked, left)
        kept.change = change
        return change

    def _told(self, change: Change, multi: bool, heard: bool, leaves: Leaves | None = None) -> Change:
        """Add or update an object that a message reports as existing; return the change.

        leaves   what the message says of it; None: all its values
        """
        store, thing, walked, key = self._store, change.thing, change.walked, change.key
        leaves = dict(leaves_of(members_of(walked))) if leaves is None else leaves
        fresh = KeptObject(thing, key, thing.regroup(leaves) if thing.regroup is not None else leaves, walked)
        fresh.met, fresh.change = self._turn, change
        if heard and thing.falls is not None:
            self._fall_down(change, list(store.fallen(key[0], thing.falls(walked))))
        old, added = self._place(fresh, heard)
        known = store.kept.get(old) if old is not None else None
        if known is None or added:
            change.what = ADDED if added else self._first(change, multi, heard)
            if known is not None and thing.equals:
                known.count, known.turn = known.count + 1, self._turn
            else:
                store.put(key, fresh)
            return change
        change.key, known.met = known.key, self._turn
        if old == key and not known.partial and _body(known.walked) == _body(walked):
            change.what = THERE if multi else UNCHANGED
            return change
        change.differences = list(self._compare(known, fresh, change.known != REQUEST))
        change.after = known.sent if change.known == DUMP else None
        change.what = CHANGED if change.differences else THERE if multi else UNCHANGED
        self._note(known, change)
        fresh.key, fresh.count, fresh.had, fresh.flaps = known.key, known.count, known.had, known.flaps
        fresh.change = change if change.what == CHANGED else known.change
        if thing.leaves:
            ended = {one.path for one in change.differences if one.new is None}
            fresh.leaves = {path: node for path, node in known.leaves.items() if path not in ended} | fresh.leaves
        if old is not None and old != key:
            store.drop(old)
        store.put(key, fresh)
        return change

    def _place(self, fresh: KeptObject, heard: bool) -> ObjectNews:
        """Return the key of the known object that a message reports, and whether the message shows that it is new."""
        store, thing, key = self._store, fresh.thing, fresh.key
        place = store.place(thing, key)
        if place is not None and heard:
            place.turn = self._turn
        if place is not None and thing.beside in (SiblingRule.ORDERED, SiblingRule.JOINED):
            return told(store, place, fresh, heard)
        if place is not None and key not in place.keys:
            place.keys.append(key)
        added = heard and (thing.equals or bool(fresh.walked.flags & NLM_F_NEW.EXCL))
        if added and not thing.equals and thing.bears is not None and key in store.kept:
            store.forget(store.fallen(key[0], thing.bears(store.kept[key].walked)))
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
        known = change.key in self._gone or subject_of(change.thing, walked, where) in self._whole
        return ADDED if known else FIRST

    def _compare(self, known: KeptObject, fresh: KeptObject, by_kernel: bool) -> Iterator[Difference]:
        """Yield how a message differs from the known state; next hops are compared whole where one has several.

        by_kernel   the kernel sent the message: where a request said otherwise, it had its reasons
        """
        if known.requested and by_kernel:
            return  # the first whole report of it
        thing, dumped = fresh.thing, bool(fresh.walked.flags & NLM_F.MULTI)
        hops = has_several(known.walked) or has_several(fresh.walked)
        for path, node in fresh.leaves.items():
            if self._passes(thing, path) or (hops and is_of_hop(path)) or (by_kernel and path in known.asked):
                continue
            old = known.leaves.get(path)
            if old is None:
                if not (thing.leaves and dumped):  # dumps hold more than notifications do
                    yield Difference(path, None, node)
            elif old.value != node.value:
                yield Difference(path, old, node)
        for path, node in known.leaves.items():
            if path not in fresh.leaves and not self._passes(thing, path) and not (hops and is_of_hop(path)):
                if not thing.leaves or thing.ends.intersection(path.split(".")) or _ended(fresh, path):
                    yield Difference(path, node, None)
        if hops:
            yield from hop_differences(known.walked, known.hops, fresh.walked, hops_of(fresh.walked))

    def _passes(self, thing: ObjectType, path: str) -> bool:
        return not self._quiet and _is_quiet(thing, path)

    def _note(self, known: KeptObject, change: Change) -> None:
        """Count the values that come back to an object, and remember its new values."""
        change.flaps = known.flaps
        for path, old, new in change.differences:
            value = repr(_plain(new))
            had = known.had.setdefault(path, {repr(_plain(old))})
            if value in had:
                known.flaps[path] = known.flaps.get(path, 0) + 1
            had.add(value)


def _gone_message(wanted: RequestedObject, kept: KeptObject) -> DecodedMessage:
    """Return the message by which an object is removed: the request's where it names one of several next hops."""
    one_of = wanted.thing.beside == SiblingRule.JOINED and hops_of(wanted.walked) and len(kept.hops) > 1
    return wanted.walked if one_of else kept.walked


def _changes(request: DecodedMessage) -> bool:
    """Return whether answers to a request report what it did, as the state that XFRM_MSG_ALLOCSPI makes."""
    return verb_of(request.protocol, request.number) != GET and request.protocol in RULES.caused


@lru_cache(maxsize=8192)
def _is_quiet(thing: ObjectType, path: str) -> bool:
    return not thing.quiet.isdisjoint(step.partition("#")[0] for step in path.split("."))


def _ended(fresh: KeptObject, path: str) -> bool:
    """Return whether a known value is gone because a message reports the whole list that held it."""
    thing = fresh.thing
    name = next((name for name in thing.lists if path.startswith(name)), None)
    if name is None:
        return False
    whole = thing.full in fresh.leaves and not fresh.walked.flags & NLM_F.MULTI
    return whole or any(other.startswith(name) for other in fresh.leaves)


def _plain(node: Node | None) -> object:
    """Return the value of a node without its position; nested nodes as (name, value) pairs."""
    if node is None or not inner_nodes(node):
        return None if node is None else node.value
    return [(inner.name, _plain(inner)) for inner in inner_nodes(node)]


def _body(walked: DecodedMessage) -> bytes:
    return walked.data[walked.start + NLMSG_HDRLEN : walked.end]


def _dump(walked: DecodedMessage, where: str | None) -> tuple[str | None, int, int, int]:
    return where, walked.protocol, walked.seq, walked.pid
