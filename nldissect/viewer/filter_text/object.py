"""Filter text for all messages about the same object as a given one: the same link, the same route."""

from __future__ import annotations

from collections.abc import Iterator

from nldissect.analysis.objects.identity import identity
from nldissect.columns.fields.derived import MessageContext
from nldissect.wire import DecodedMessage, Node
from nldissect.wire.decode.nodes import inner_nodes
from nldissect.wire.semantics.objects import OBJECTS, object_of

from ..model.capture_model import MessageEntry
from .from_cursor import literals, texts_of_node, understood


def of_object(entry: MessageEntry) -> str | None:
    """Return the filter; None for a message about no object. An acknowledgement is about the object of its request."""
    situation = entry.situation
    if entry.asked is not None:
        situation = situation._replace(walked=entry.asked.request)
    walked = situation.walked
    means = object_of(walked) if walked is not None else None
    if means is None or walked is None or means.thing is None:
        return None
    thing = means.thing
    place = walked.protocol if walked.family is None else walked.family
    field = "nlmsg_type" if walked.family is None else "genlmsghdr.cmd"
    told = (name for (where, name), known in OBJECTS.items() if where == place for one in known if one.thing == thing)
    terms = [f"{field} in {{{', '.join(told)}}}"]
    if means.first is not None:
        terms += [_term([node.name], node, situation) for node in _first(walked)]
    states = dict(thing.states)
    for names, node in identity(thing, walked):
        if states.keys().isdisjoint(names):
            terms += _terms(names, node, situation)
    return " and ".join(dict.fromkeys(terms))


def _first(walked: DecodedMessage) -> list[Node]:
    """Return the first field of a message's body, in a list; empty if there is none."""
    return inner_nodes(walked.layers[-1])[:1] if walked.layers else []


def _terms(names: list[str], node: Node | None, situation: MessageContext) -> Iterator[str]:
    """Yield the terms for one part of the identity, under any of its names; for a nest, those of its contents."""
    if node is None:
        yield from (f"not {name}" for name in names if understood(name) is not None)
    elif inside := inner_nodes(node):
        for inner in inside:
            yield from _terms([f"{name}.{inner.name}" for name in names], inner, situation)
    elif not node.kind.hidden:
        yield _term(names, node, situation)


def _term(names: list[str], node: Node, situation: MessageContext) -> str:
    """Return a comparison that matches the message, for each name that messages of these types may have."""
    for text in texts_of_node(node):
        for literal in literals(text):
            asked = [f"{name} == {literal}" for name in names]
            known = [one for one in asked if understood(one) is not None]
            if any(understood(one).holds(situation) for one in known):  # type: ignore[union-attr]
                return known[0] if len(known) == 1 else f"({' or '.join(known)})"
    return " or ".join(names)
