"""Changes of objects: what one message did to one object, and how that is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nldissect.wire import DecodedMessage, Kind
from nldissect.wire.decode.acks import PriorRequest
from nldissect.wire.semantics.objects import ObjectType, ObservedChange
from nldissect.wire.summary_template import brief, field_text, line_of
from nldissect.wire.template_nodes import node_named, nodes_named, parts_with

from .identity import Key
from .next_hops import MULTIPATH, Difference, hops_text
from .observed_message import ObservedMessage
from .requests import SentRequest

ADDED, REMOVED, CHANGED, UNCHANGED, FIRST, THERE = "added", "removed", "changed", "unchanged", "first seen", "there"
EVENT, DUMP, REQUEST, INFERRED = "event", "dump", "request", "inferred"
"""How a change is known: an event tells of it; a dump or answer shows it afterwards; a request for it was accepted and
no event tells of it; the kernel does it without a word when it does what `trigger` tells."""


@dataclass
class Change:
    """The change that one message made to one object.

    what         ADDED, REMOVED, CHANGED, UNCHANGED, FIRST, or THERE: listed by a dump or answer
    known        EVENT, DUMP, REQUEST or INFERRED
    walked       the message; of an object that is gone by inference, the last one about it
    about        the caller's own value, passed along with the message; `where`: the namespace
    request      the request that caused it by sequence number, if that is remembered; for REQUEST the request itself
    after        of what a dump shows: the last request about the object that was accepted, if no event told of it
    trigger      the change after which the kernel made this one without a word; None unless it is inferred
    copies       number of consecutive deliveries
    flaps        of the object, so far: number of times a path got back a value that it had before
    """

    frame: int
    place: int
    time: int | None
    thing: ObjectType
    key: Key
    what: str
    walked: DecodedMessage
    about: Any = None
    where: str | None = None
    request: PriorRequest | None = None
    differences: list[Difference] = field(default_factory=list)
    known: str = EVENT
    trigger: Change | None = None
    after: SentRequest | None = None
    copies: int = 1
    flaps: dict[str, int] = field(default_factory=dict)

    @classmethod
    def by(cls, message: ObservedMessage, thing: ObjectType, key: Key, known: str = EVENT) -> Change:
        """Return a change, not told yet, that a message makes to an object."""
        frame, place, time, walked, where, about = message
        return cls(frame, place, time, thing, key, "", walked, about, where, known=known)

    @property
    def unseen(self) -> bool:
        """True if it was found by a dump: the message that made the change is not in the capture."""
        return self.known == DUMP and self.what in (ADDED, REMOVED, CHANGED)

    @property
    def by_kernel(self) -> str | None:
        """Words for what the kernel did by itself, if the change proves that; None if it does not."""
        if self.thing.action is None:
            return None
        changed = {path.rpartition(".")[2].partition("#")[0]: (old, new) for path, old, new in self.differences}
        return self.thing.action(ObservedChange(self.walked, self.what in (ADDED, FIRST), changed))


def called(change: Change) -> str:
    """Return the usual name of the object of a change."""
    return name_of(change.thing, change.walked)


def name_of(thing: ObjectType, walked: DecodedMessage) -> str:
    """Return the usual name of the object in a message, with the parts that distinguish it from others."""

    nodes = nodes_named(walked, thing.called)

    def find(name: str) -> tuple[Kind, Any] | None:
        node = node_named(walked, thing.called, nodes, name)
        return None if node is None else (node.kind, node.value)

    def field(name: str) -> str | None:
        node = nodes.get(name)
        if node is not None:
            return brief(node.kind, node.value, walked.context)
        return hops_text(walked) if name == f"{MULTIPATH}+" else field_text(name, find, walked.context)

    return line_of(parts_with(thing.called, nodes), field)
