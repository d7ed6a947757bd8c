"""A filter on all messages that tell of the same object as one does: the same link, the same route."""

from __future__ import annotations

from collections.abc import Iterator

from nldissect.analysis.changes import identity, leaves_of
from nldissect.wire import Node, Walked
from nldissect.wire.objects import OBJECTS, Thing, object_of

from .asking import literals, texts_of_node, understood
from .store import Entry


def of_object(entry: Entry) -> str | None:
    """The filter; None for a message about no object. An acknowledgement is about what was asked."""
    walked = entry.asked.request if entry.asked is not None else entry.walked
    means = object_of(walked)
    if means is None:
        return None
    thing = means.thing
    place = walked.protocol if walked.family is None else walked.family
    types = [name for (where, name), known in OBJECTS.items() if where == place and thing in {one.thing for one in known}]
    field = "nlmsg_type" if walked.family is None else "genlmsghdr.cmd"
    terms = [f"{field} in {{{', '.join(types)}}}"]
    if means.first is not None and (first := _first_field(walked)) is not None:
        terms += _terms([first.name], first)
    for names, node in identity(thing, walked):
        terms += _terms(names, node)
    return " and ".join(dict.fromkeys(terms))
