"""What a message does among objects that stand beside each other: which of them it tells of, and which are gone by it.

The kernel says it in the flags of its notifications: fib_table_insert (net/ipv4/fib_trie.c), fib6_add_rt2node
(net/ipv6/ip6_fib.c). Where not all of a place is known, what can't be known is let go rather than guessed.
"""

from __future__ import annotations

from typing import NamedTuple

from nldissect.wire import DecodedMessage
from nldissect.wire.protocol import NLM_F_NEW
from nldissect.wire.semantics.objects import SiblingRule

from .identity import Key
from .next_hops import Hop, hops_of
from .object_store import KeptObject, ObjectPlace, ObjectStore


class ObjectNews(NamedTuple):
    """What a message tells of: `old`, the object as it was kept, None if none was; whether it is a new one."""

    old: Key | None
    added: bool = False


def told(store: ObjectStore, place: ObjectPlace, kept: KeptObject, heard: bool) -> ObjectNews:
    """Find out what a message means that tells of `kept`, and make room for it there."""
    key = kept.key
    flags = kept.walked.flags if heard else 0
    joined = kept.thing.beside == SiblingRule.JOINED
    old = _joined(store, place, hops_of(kept.walked)) if joined else key if key in place.keys else None
    if flags & NLM_F_NEW.EXCL:
        store.forget(place.keys)
        place.keys, place.front, place.whole = [key], 1, True
        return ObjectNews(None, True)
    if old is None and flags & NLM_F_NEW.REPLACE:
        old = _replaced(store, place, kept) if joined else _first(place)
        if old is None:
            store.forget(place.keys)
            place.keys, place.front, place.whole = [key], 1, False
            return ObjectNews(None)
    if old is not None:
        place.keys[place.keys.index(old)] = key
        return ObjectNews(old)
    if flags & NLM_F_NEW.CREATE and not (joined or flags & NLM_F_NEW.APPEND):
        place.keys.insert(0, key)
        place.front += 1
        return ObjectNews(None, True)
    added = bool(flags & NLM_F_NEW.CREATE)
    place.keys.append(key)
    place.whole = place.whole and added
    place.front = len(place.keys) if place.whole else min(place.front, len(place.keys) - 1) if added else 0
    return ObjectNews(None, added)


def _first(place: ObjectPlace) -> Key | None:
    """The kernel's first, if that is known."""
    return place.keys[0] if place.front else None


def _joined(store: ObjectStore, place: ObjectPlace, hops: frozenset[Hop]) -> Key | None:
    """The object that has one of these next hops: no other of its place can (rt6_duplicate_nexthop)."""
    return next((key for key in place.keys if key in store.kept and store.kept[key].hops & hops), None)


def _replaced(store: ObjectStore, place: ObjectPlace, kept: KeptObject) -> Key | None:
    """What another takes the place of: the first that joins with others as that does, else the first."""
    if not place.whole:
        return None
    return next((key for key in place.keys if store.kept[key].joins == kept.joins), _first(place))


def left_of(store: ObjectStore, place: ObjectPlace, walked: DecodedMessage) -> tuple[Key | None, frozenset[Hop]]:
    """Of what joined object a message says that it, or a next hop, is gone; the next hops that are left."""
    hops = hops_of(walked)
    key = _joined(store, place, hops)
    return key, frozenset() if key is None else store.kept[key].hops - hops
