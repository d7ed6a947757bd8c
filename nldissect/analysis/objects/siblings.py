"""Siblings of an object: the one that a message reports, and those that its flags remove or replace.

The flags of notifications show this: fib_table_insert (net/ipv4/fib_trie.c), fib6_add_rt2node
(net/ipv6/ip6_fib.c). Where a place is not known in full, uncertain siblings are dropped rather than guessed.
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
    """The object that a message reports: `old` is its key as kept, None if it is not; `added`: it is new."""

    old: Key | None
    added: bool = False


def told(store: ObjectStore, place: ObjectPlace, kept: KeptObject, heard: bool) -> ObjectNews:
    """Find the object that a message reports among the siblings of a place, and put its key there."""
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
    """Return the kernel's first sibling, None if it is not known."""
    return place.keys[0] if place.front else None


def _joined(store: ObjectStore, place: ObjectPlace, hops: frozenset[Hop]) -> Key | None:
    """Return the object that has one of these next hops: no other of its place can (rt6_duplicate_nexthop)."""
    return next((key for key in place.keys if key in store.kept and store.kept[key].hops & hops), None)


def _replaced(store: ObjectStore, place: ObjectPlace, kept: KeptObject) -> Key | None:
    """Return the sibling that is replaced: the first that joins with others as the new one does, else the first."""
    if not place.whole:
        return None
    return next((key for key in place.keys if store.kept[key].joins == kept.joins), _first(place))


def left_of(store: ObjectStore, place: ObjectPlace, walked: DecodedMessage) -> tuple[Key | None, frozenset[Hop]]:
    """Return the joined object that a message removes, or a next hop of it, and the next hops that are left."""
    hops = hops_of(walked)
    key = _joined(store, place, hops)
    return key, frozenset() if key is None else store.kept[key].hops - hops
