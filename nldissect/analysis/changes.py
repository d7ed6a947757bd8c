"""Changes: what each message about an object changed, by the state kept of every object so far.

    found = Changes()
    for frame, place, time, walked in messages:
        for change in found.meet(frame, place, time, walked): ...
    for change in found.finish(): ...

A dump tells what is there: that is no change, unless what it tells differs from what was known; then a change went by
unseen. Something that is met first in a notification is "added" where its message, the request that caused it or an
earlier dump says so, else "first seen". Copies for several listeners, as copies.py knows them, that follow one another
are one change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from nldissect.families.answering import CAUSED
from nldissect.wire import Kind, Node, Walked
from nldissect.wire.flags import NLM_F, NLM_F_GET, NLM_F_NEW, NLMSG_DONE, NOTIFICATION, TO_KERNEL, TO_USER, flags_of
from nldissect.wire.frame import HEADER
from nldissect.wire.nlmsg import genlmsghdr
from nldissect.wire.nodes import find, inner_nodes
from nldissect.wire.objects import Thing, object_of
from nldissect.wire.summary import fill

from .copies import NEAR

ADDED, REMOVED, CHANGED, UNCHANGED, FIRST, THERE = "added", "removed", "changed", "unchanged", "first seen", "there"
MAKES = NLM_F_NEW.EXCL | NLM_F_NEW.CREATE
"""Flags of a request that a notification repeats."""
MADE = MAKES | NLM_F_NEW.REPLACE | NLM_F_NEW.APPEND
"""All that modifies a NEW request: the kernel sets some where it tells of a route, none where it is asked."""
ASKED = 4096
"""Requests kept in mind."""

Leaves = dict[str, Node]
Key = tuple[object, ...]


class Difference(NamedTuple):
    """A value that changed; None where there was, or is, none. `path` leads there: A.B, A#2 for the second A."""

    path: str
    old: Node | None
    new: Node | None


@dataclass
class Change:
    """What one message did to one object.

    what         ADDED, REMOVED, CHANGED, UNCHANGED, FIRST, or THERE: told by a dump
    unseen       a dump told of it: the change itself is not in the capture
    walked       the message
    about        what the caller gave along with it
    copies       how often it was delivered in a row
    flaps        of the object, so far: how often a path got back a value that it had before
    """

    frame: int
    place: int
    time: int | None
    thing: Thing
    key: Key
    what: str
    walked: Walked
    about: Any = None
    differences: list[Difference] = field(default_factory=list)
    unseen: bool = False
    copies: int = 1
    flaps: dict[str, int] = field(default_factory=dict)


@dataclass
class Kept:
    """An object as known. `had`: every value that a path had; `flaps`: how often one of those came back."""

    leaves: Leaves
    walked: Walked
    had: dict[str, set[bytes]] = field(default_factory=dict)
    flaps: dict[str, int] = field(default_factory=dict)


class Changes:
    """The objects of one capture. `quiet`: counters and caches count as change too."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._kept: dict[Key, Kept] = {}
        self._gone: set[Key] = set()
        self._whole: set[tuple[str | None, str, int]] = set()
        self._dumped: dict[tuple[str | None, int, int, int], set[tuple[str | None, str, int]]] = {}
        self._asked: dict[tuple[str | None, int, int], tuple[int, int, int, bool]] = {}
        self._last: Change | None = None
        self._latest: int | None = None  # time of the last message about an object

    def meet(
        self, frame: int, place: int, time: int | None, walked: Walked, where: str | None = None, about: Any = None
    ) -> Iterator[Change]:
        """Take in the next message; gives the changes that are complete by now. `where` tells namespaces apart.

        Requests are of use too: by them events are told from answers.
        """
        if not walked.has_header:
            return
        if walked.number == NLMSG_DONE:
            self._end(walked, where)
            return
        way, means = self._way(walked, where), object_of(walked)
        if means is None or way not in (NOTIFICATION, TO_USER):
            return
        multi, heard = bool(walked.flags & NLM_F.MULTI), way == NOTIFICATION
        if not (means.thing.answers or multi or heard or means.gone or walked.flags & MADE):
            return
        if self._is_copy(time, walked, where):
            return
        yield from self.finish()
        if multi:
            self._dumped.setdefault(_dump(walked, where), set()).add(_sort(means.thing, walked, where))
        change = Change(frame, place, time, means.thing, _key(means.thing, walked, where), "", walked, about)
        self._last = self._change(change, means.gone, multi, heard, where)

    def finish(self) -> Iterator[Change]:
        """The last change, after the last message."""
        last, self._last = self._last, None
        if last is not None:
            yield last

    def kept(self) -> dict[Key, Kept]:
        """All objects that are there now."""
        return self._kept

    def _way(self, walked: Walked, where: str | None) -> str | None:
        """Which way a message went, as far as the request before with its sequence number tells.

        What a request does is told to everybody with the sequence number and the port of who asked: by itself it looks
        like an answer, or like a request where it has the flags of one too (nexthops, tc filters).
        What is told of neighbours has the port alone (__neigh_notify in net/core/neighbour.c).
        """
        if walked.protocol not in CAUSED:
            return walked.direction
        asked = self._asked.get((where, walked.protocol, walked.seq))
        if walked.direction != TO_KERNEL:
            does = not asked[3] if asked is not None else not walked.seq
            return NOTIFICATION if does and walked.direction == TO_USER else walked.direction
        if asked is not None and walked.pid and not (asked[2] or walked.direction_known):
            if (asked[0] >> 2, asked[1]) == (walked.number >> 2, walked.flags):
                return NOTIFICATION
        if len(self._asked) >= ASKED:
            self._asked.clear()
        asks = flags_of(walked.type_name, 0, walked.number) is NLM_F_GET
        self._asked[where, walked.protocol, walked.seq] = walked.number, walked.flags, walked.pid, asks
        return TO_KERNEL

    def _is_copy(self, time: int | None, walked: Walked, where: str | None) -> bool:
        """Whether it repeats the message before."""
        last, latest, self._latest = self._last, self._latest, time
        if last is None or last.walked.flags & NLM_F.MULTI or latest is None or time is None:
            return False
        before = last.walked
        same = before.data[before.start : before.end] == walked.data[walked.start : walked.end]
        if not same or time - latest > NEAR or (where, walked.protocol) != last.key[:2]:
            return False
        last.copies += 1
        return True

    def _end(self, walked: Walked, where: str | None) -> None:
        """The end of a dump: what it told of was all there is, unless it was filtered."""
        sorts = self._dumped.pop(_dump(walked, where), set())
        if not walked.flags & NLM_F.DUMP_FILTERED:
            self._whole |= sorts

    def _change(self, change: Change, gone: bool, multi: bool, heard: bool, where: str | None) -> Change:
        thing, walked, key = change.thing, change.walked, change.key
        known = self._kept.get(key)
        if gone:
            self._kept.pop(key, None)
            self._gone.add(key)
            change.what = REMOVED
            return change
        if known is None:
            change.what = self._first(change, multi, heard, where)
            self._kept[key] = Kept(dict(_leaves(_members(walked))), walked)
            return change
        if _body(known.walked) == _body(walked):
            change.what = THERE if multi else UNCHANGED
            return change
        leaves = dict(_leaves(_members(walked)))
        change.differences = list(self._compare(thing, known, leaves, walked))
        change.what = CHANGED if change.differences else THERE if multi else UNCHANGED
        change.unseen = multi and bool(change.differences)
        self._note(known, change)
        known.leaves = known.leaves | leaves if thing.leaves else leaves
        for one in change.differences:
            if one.new is None:
                known.leaves.pop(one.path, None)
        known.walked = walked
        return change

    def _first(self, change: Change, multi: bool, heard: bool, where: str | None) -> str:
        """What to call it that an object was not known before."""
        walked = change.walked
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
        asked = self._asked.get((where, walked.protocol, walked.seq)) if walked.seq else None
        if asked is not None and asked[0] == walked.number and asked[1] & NLM_F_NEW.EXCL:
            return ADDED
        known = change.key in self._gone or _sort(change.thing, walked, where) in self._whole
        return ADDED if known else FIRST

    def _compare(self, thing: Thing, known: Kept, leaves: Leaves, walked: Walked) -> Iterator[Difference]:
        for path, node in leaves.items():
            if self._passes(thing, path):
                continue
            old = known.leaves.get(path)
            if old is None:
                if not (thing.leaves and walked.flags & NLM_F.MULTI):  # dumps tell more than notifications do
                    yield Difference(path, None, node)
            elif old.value != node.value:
                yield Difference(path, old, node)
        for path, node in known.leaves.items():
            if path not in leaves and not self._passes(thing, path):
                if not thing.leaves or thing.ends.intersection(path.split(".")):
                    yield Difference(path, node, None)

    def _passes(self, thing: Thing, path: str) -> bool:
        return not self._quiet and _is_quiet(thing, path)

    def _note(self, known: Kept, change: Change) -> None:
        """Count changes, and values that come back."""
        change.flaps = known.flaps
        for path, old, new in change.differences:
            value = b"" if new is None else _bytes(change.walked, new)
            had = known.had.setdefault(path, {b"" if old is None else _bytes(known.walked, old)})
            if value in had:
                known.flaps[path] = known.flaps.get(path, 0) + 1
            had.add(value)


def called(change: Change) -> str:
    """What people call the object."""
    walked = change.walked

    def find(name: str) -> tuple[Kind, Any] | None:
        node = walked.find(name)
        return None if node is None else (node.kind, node.value)

    return fill(change.thing.called, find, walked.context)


@lru_cache(maxsize=8192)
def _is_quiet(thing: Thing, path: str) -> bool:
    return not thing.quiet.isdisjoint(step.partition("#")[0] for step in path.split("."))


def _body(walked: Walked) -> bytes:
    return walked.data[walked.start + HEADER : walked.end]


def _bytes(walked: Walked, node: Node) -> bytes:
    return walked.data[node.start : node.end]


def _dump(walked: Walked, where: str | None) -> tuple[str | None, int, int, int]:
    return where, walked.protocol, walked.seq, walked.pid


def _sort(thing: Thing, walked: Walked, where: str | None) -> tuple[str | None, str, int]:
    """What one dump asks for: objects of a sort, of one address family."""
    at = walked.start + HEADER
    return where, thing.name, walked.data[at] if at < walked.end else 0


def _key(thing: Thing, walked: Walked, where: str | None) -> Key:
    told = (None if node is None else _bytes(walked, node) for _, node in identity(thing, walked))
    return where, walked.protocol, thing.name, *told


def identity(thing: Thing, walked: Walked) -> Iterator[tuple[list[str], Node | None]]:
    """What tells an object from others of its sort: the names that each part of that may have, and what it is here."""
    members = {node.name: node for node in reversed(list(_members(walked)))}
    for name in thing.key:
        names = name.split("|")
        yield names, next(filter(None, (_member(members, one) for one in names)), None)


def _members(walked: Walked) -> Iterator[Node]:
    """The fields of a message's own layer, and the attributes behind them."""
    layer = walked.layers[-1] if walked.layers else None
    if layer is None or layer.kind.name == genlmsghdr.__name__ or not isinstance(layer.value, list):
        return
    for node in layer.value:
        if node.kind.shape == "attrs" and node.number is None:
            yield from node.value
        else:
            yield node


def _member(members: dict[str, Node], path: str) -> Node | None:
    first, _, inner = path.partition(".")
    found = members.get(first)
    if found is None or not inner:
        return found
    return find(found.value, inner) if isinstance(found.value, list) else None


def _leaves(nodes: Iterable[Node], above: str = "") -> Iterator[tuple[str, Node]]:
    """Every value by its path."""
    count: dict[str, int] = {}
    for node in nodes:
        if node.kind.hidden:
            continue
        seen = count[node.name] = count.get(node.name, 0) + 1
        path = f"{above}{node.name}" + (f"#{seen}" if seen > 1 else "")
        if inner := inner_nodes(node):
            yield from _leaves(inner, f"{path}.")
        elif not isinstance(node.value, Walked) and node.value != []:
            yield path, node
