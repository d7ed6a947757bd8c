"""Objects that messages tell of again and again, a link, a route: what tells one from another, what is a change of it.

A table of them stands beside the family's own, and is loaded with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nldissect.errors import TableError

from .frame import HEADER
from .nodes import Walked
from .walk import Command


@dataclass(frozen=True)
class Thing:
    """One sort of object.

    key       fields and attributes that tell one from another, or paths to them; what is absent tells too
    called    summary template of what people call one
    quiet     what moves without being a change: counters, caches, timers; with all that is inside
    leaves    whether a message may leave out what is there all the same; then only `ends` can be gone
    born      a field, and the value that it has in the first message about a new object
    answers   whether an answer to a single question tells of an object (else it may be made up for the question)
    """

    name: str
    key: tuple[str, ...]
    called: str
    quiet: frozenset[str]
    leaves: bool
    ends: frozenset[str]
    born: tuple[str, int] | None
    answers: bool


class Means(NamedTuple):
    """What a message says of an object: that it is there, or that it is gone; `first` is its body's first byte."""

    thing: Thing
    gone: bool
    first: int | None


OBJECTS: dict[tuple[int | str, str], list[Means]] = {}
"""By protocol or generic family, and name of the type or command."""


def bind_object(
    name: str,
    place: int | str,
    *,
    new: str,
    gone: str = "",
    first: int | None = None,
    key: str,
    called: str,
    quiet: str = "",
    leaves: bool = False,
    ends: str = "",
    born: tuple[str, int] | None = None,
    answers: bool = True,
) -> None:
    """Declare a sort of object of a protocol or generic family; names are separated by blanks, see Thing.

    first   only of messages whose body begins with this byte; has to come before the same without it
    """
    thing = Thing(
        name, tuple(key.split()), called, frozenset(quiet.split()), leaves, frozenset(ends.split()), born, answers
    )
    for type_name in (*new.split(), *gone.split()):
        meanings = OBJECTS.setdefault((place, type_name), [])
        if any(one.first in (None, first) for one in meanings):
            raise TableError(f"{type_name} means two sorts of objects: {meanings[0].thing.name} and {name}")
        meanings.append(Means(thing, type_name not in new.split(), first))


def object_of(walked: Walked) -> Means | None:
    """Which sort of object a message tells of, if it is of one."""
    meanings: Sequence[Means]
    if walked.family is None:
        meanings = OBJECTS.get((walked.protocol, walked.type_name), ())
    else:
        meanings = OBJECTS.get((walked.family, command_name(walked) or ""), ())
    at = walked.start + HEADER
    first = walked.data[at] if at < walked.end else None
    return next((one for one in meanings if one.first in (None, first)), None)


def command_name(walked: Walked) -> str | None:
    """The command of a generic message by name."""
    header = walked.layers[0].value if walked.layers else None
    if not isinstance(header, list) or not header or not isinstance(header[0].kind, Command):
        return None
    return header[0].kind.shown(header[0].value)
