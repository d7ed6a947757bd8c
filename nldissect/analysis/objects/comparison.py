"""Comparison of an object's known state with what a message says of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from nldissect.wire import Node
from nldissect.wire.decode.nodes import inner_nodes
from nldissect.wire.protocol import NLM_F
from nldissect.wire.semantics.objects import ObjectType

from .change import Change
from .identity import Leaves
from .next_hops import Difference, has_several, hop_differences, hops_of, is_of_hop
from .object_store import KeptObject


class ObjectComparison:
    """Comparison of states; `quiet`: counters and caches count as changes too."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet

    def differences(self, known: KeptObject, fresh: KeptObject, by_kernel: bool) -> Iterator[Difference]:
        """Yield how a message differs from the known state; next hops are compared whole where one has several.

        by_kernel   the kernel sent the message: where a request said otherwise, it had its reasons
        """
        if known.requested and by_kernel:
            return  # the first whole report of it
        thing, dumped = fresh.thing, bool(fresh.walked.flags & NLM_F.MULTI)
        hops = has_several(known.walked) or has_several(fresh.walked)
        for path, node in fresh.leaves.items():
            old = known.leaves.get(path)
            if old is None and thing.leaves and dumped:  # dumps hold more than notifications do
                continue
            if old is not None and old.value == node.value:
                continue
            if not (self.passes(thing, path) or (hops and is_of_hop(path)) or (by_kernel and path in known.asked)):
                yield Difference(path, old, node)
        for path, node in known.leaves.items():
            if path not in fresh.leaves and not self.passes(thing, path) and not (hops and is_of_hop(path)):
                if not thing.leaves or thing.ends.intersection(path.split(".")) or _ended(fresh, path):
                    yield Difference(path, node, None)
        if hops:
            yield from hop_differences(known.walked, known.hops, fresh.walked, hops_of(fresh.walked))

    def replaced(self, old: Leaves, new: Leaves) -> Iterator[Difference]:
        """Yield how all values of an object differ from those before."""
        for path in dict.fromkeys((*old, *new)):
            before, after = old.get(path), new.get(path)
            if before is None or after is None or before.value != after.value:
                yield Difference(path, before, after)

    def passes(self, thing: ObjectType, path: str) -> bool:
        """Return whether the value at a path may differ without a change of the object."""
        return not self._quiet and is_among(thing.quiet, path)

    def note(self, known: KeptObject, change: Change) -> None:
        """Count the values that come back to an object, and remember its new values."""
        change.flaps = known.flaps
        for path, old, new in change.differences:
            value = repr(_plain(new))
            had = known.had.setdefault(path, {repr(_plain(old))})
            if value in had:
                known.flaps[path] = known.flaps.get(path, 0) + 1
            had.add(value)


@lru_cache(maxsize=8192)
def is_among(names: frozenset[str], path: str) -> bool:
    """Return whether the value at a path has one of the names, or is inside such a value."""
    return not names.isdisjoint(step.partition("#")[0] for step in path.split("."))


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
