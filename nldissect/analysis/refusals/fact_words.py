"""Facts of refusals in words: what exists and since when, what is gone and how."""

from __future__ import annotations

from typing import NamedTuple

from nldissect.escapes import escaped
from nldissect.wire import DecodedMessage
from nldissect.wire.semantics.refusals import DEPARTURES, RequestedGateway
from nldissect.wire.summary_template import brief

from ..objects.change import ADDED, CHANGED, DUMP, EVENT, INFERRED, REMOVED, Change, called, name_of
from ..objects.object_store import KeptObject
from .reason import BY, IN, SINCE, SINCE_OR_BEFORE


class FoundFact(NamedTuple):
    """A fact that holds: in words, the moment's words, and the change since which it does, None if there is none."""

    says: str
    moment: str = ""
    change: Change | None = None


def address_text(walked: DecodedMessage, gateway: RequestedGateway) -> str:
    node = next(node for name in ("RTA_GATEWAY", "NHA_GATEWAY") if (node := walked.find(name)) is not None)
    return brief(node.kind, node.value, walked.context)


def named(kept: KeptObject) -> str:
    return f"{kept.thing.name} {name_of(kept.thing, kept.walked)}"


def born(kept: KeptObject) -> tuple[str, Change | None]:
    """Return since when an object exists: the moment's words, and the change."""
    change = kept.first
    if change is None:
        return "", None
    sure = change.what in (ADDED, CHANGED) and change.known != DUMP
    return SINCE if sure else SINCE_OR_BEFORE, change


def departure(change: Change, name: str = "") -> FoundFact:
    """Return how an object is gone; `name`: the one by which it was asked for."""
    thing, says = change.thing, f"{change.thing.name} {called(change)}"
    if change.what != REMOVED:
        return FoundFact(f"{says} is no longer called {escaped(name)}", SINCE, change)
    if change.known == INFERRED and change.trigger is not None:
        trigger = change.trigger
        other = f"{trigger.thing.name} {called(trigger)}"
        how = f"with {other}" if trigger.what == REMOVED else f"as {other} changed"
        return FoundFact(f"{says} went {how}", IN, change)
    if change.known == DUMP:
        return FoundFact(f"{says} was gone", BY, change)
    attribute, words = DEPARTURES.get(thing.name, ("", "")) if change.known == EVENT else ("", "")
    away = attribute and change.walked.find(attribute) is not None
    return FoundFact(f"{says} {words if away else 'was removed'}", IN, change)
