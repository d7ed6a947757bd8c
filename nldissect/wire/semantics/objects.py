"""Objects that messages tell of again and again, a link, a route: what tells one from another, what is a change of it.

A table of them stands beside the family's own, and is loaded with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from nldissect.errors import TableError
from nldissect.uapi import NLMSG_HDRLEN

from ..decode.nodes import DecodedMessage, Node
from ..decode.walk import GenericCommand

MessagePredicate = Callable[[DecodedMessage], bool]
ObjectAnchor = tuple[object, ...]
"""Something that objects go with when it is removed, by sort and identity: ("interface", 3)."""
AnchorFinder = Callable[[DecodedMessage], Iterable[ObjectAnchor]]
Regroup = Callable[[dict[str, Node]], dict[str, Node]]


class SiblingRule(Enum):
    """How objects of one place stand beside one another, and so what the flags of a notification do there.

    FREE     in no order: no flag means another than the one with the message's own identity
    ORDERED  in order: NLM_F_REPLACE changes the first, CREATE comes first, APPEND last, EXCL is the only one
    JOINED   the same, but those with a gateway are one object with several next hops, which messages may tell of singly
    ECHO     a message that only repeats what was told of its place in full; where nothing was: FREE
    """

    FREE = 1
    ORDERED = 2
    JOINED = 3
    ECHO = 4


@dataclass(frozen=True)
class ObjectType:
    """One sort of object.

    key       fields and attributes that tell one from another, or paths to them; what is absent tells too
    called    summary template of what people call one
    quiet     what moves without being a change: counters, caches, timers; with all that is inside
    leaves    whether a message may leave out what is there all the same; then only `ends` can be gone
    born      a field, and the value that it has in the first message about a new object
    answers   whether an answer to a single question tells of an object (else it may be made up for the question)
    place     the parts of the key that objects have in common which stand beside one another, as `beside` says
    states    fields of flags in the key, and their bits that count there; the others come and go
    equals    whether two can be there that are equal in everything; then each notification tells of one more
    on        what an object goes with, without a word of its own: see `bears`
    bears     what goes with an object that is removed, as the `on` of others says: ("interface", 3)
    falls     what goes with an object that is there, but in a state in which the kernel takes things from it
    regroup   gives values of lists paths by what an element is instead of where it stands
    lists     what the paths of such values begin with; a list is told of whole, if at all
    full      what only messages have that tell of all lists which are not empty; a dump may have been asked for less
    """

    name: str
    key: tuple[str, ...]
    called: str
    quiet: frozenset[str]
    leaves: bool
    ends: frozenset[str]
    born: tuple[str, int] | None
    answers: bool
    place: tuple[str, ...]
    beside: SiblingRule
    states: tuple[tuple[str, int], ...]
    equals: bool
    on: AnchorFinder | None
    bears: AnchorFinder | None
    falls: AnchorFinder | None
    regroup: Regroup | None
    lists: tuple[str, ...]
    full: str


class Means(NamedTuple):
    """What a message says of an object: that it is there, or that it is gone.

    thing   None: nothing that lasts
    first   the first byte of the body, where it matters
    where   a condition for it, see bind_object
    same    all are gone that have these parts of the key in common with the message; None: the one it tells of
    """

    thing: ObjectType | None
    gone: bool
    first: int | None
    where: MessagePredicate | None = None
    same: tuple[str, ...] | None = None


OBJECTS: dict[tuple[int | str, str], list[Means]] = {}
"""By protocol or generic family, and name of the type or command."""


def bind_object(
    name: str,
    protocol: int | str,
    *,
    new: str,
    gone: str = "",
    first: int | None = None,
    where: MessagePredicate | None = None,
    key: str,
    called: str,
    quiet: str = "",
    leaves: bool = False,
    ends: str = "",
    born: tuple[str, int] | None = None,
    answers: bool = True,
    place: str = "",
    beside: SiblingRule = SiblingRule.FREE,
    states: Mapping[str, int] | None = None,
    equals: bool = False,
    on: AnchorFinder | None = None,
    bears: AnchorFinder | None = None,
    falls: AnchorFinder | None = None,
    regroup: Regroup | None = None,
    lists: str = "",
    full: str = "",
) -> ObjectType:
    """Declare a sort of object of a protocol or generic family; names are separated by blanks, see ObjectType.

    first   only of messages whose body begins with this byte
    where   only of messages for which this holds
    place   ObjectType.place; those names belong to the key too

    What is declared first counts: those with conditions have to come before the same without.
    """
    thing = ObjectType(
        name, (*place.split(), *key.split()), called, frozenset(quiet.split()), leaves, frozenset(ends.split()), born,
        answers, tuple(place.split()), beside, tuple((states or {}).items()), equals, on, bears, falls,
        regroup, tuple(lists.split()), full,
    )  # fmt: skip
    for type_name in new.split():
        _bind(protocol, type_name, Means(thing, False, first, where))
    for type_name in gone.split():
        _bind(protocol, type_name, Means(thing, True, first, where))
    return thing


def bind_gone(
    thing: ObjectType,
    protocol: int | str,
    types: str,
    *,
    where: MessagePredicate | None = None,
    same: str | None = None,
) -> None:
    """Declare more messages that say that such an object is gone; with `same`: all with these parts of the key."""
    for type_name in types.split():
        _bind(protocol, type_name, Means(thing, True, None, where, None if same is None else tuple(same.split())))


def bind_no_object(protocol: int | str, types: str, where: MessagePredicate) -> None:
    """Declare messages that tell of nothing that lasts, although others of their types do."""
    for type_name in types.split():
        _bind(protocol, type_name, Means(None, False, None, where))


def _bind(protocol: int | str, type_name: str, means: Means) -> None:
    meanings = OBJECTS.setdefault((protocol, type_name), [])
    for one in meanings:
        if one.first in (None, means.first) and one.where is None:
            names = " and ".join(each.thing.name for each in (one, means) if each.thing is not None)
            raise TableError(f"{type_name} means two sorts of objects: {names}")
    meanings.append(means)


def has_field(name: str) -> MessagePredicate:
    """Return a predicate: a message has the field or attribute `name`."""
    return lambda walked: walked.find(name) is not None


def has_flag(name: str, bits: int) -> MessagePredicate:
    """Return a predicate: the field or attribute `name` of a message has at least one of `bits`."""
    return lambda walked: bool(get_int(walked, name) & bits)


def get_int(walked: DecodedMessage, name: str) -> int:
    """Return the number that a field or attribute of a message holds, 0 where it is absent or holds none."""
    node = walked.find(name)
    return node.value if node is not None and isinstance(node.value, int) else 0


def object_of(walked: DecodedMessage) -> Means | None:
    """Which sort of object a message tells of, if it is of one."""
    meanings: Sequence[Means]
    if walked.family is None:
        meanings = OBJECTS.get((walked.protocol, walked.type_name), ())
    else:
        meanings = OBJECTS.get((walked.family, command_name(walked) or ""), ())
    at = walked.start + NLMSG_HDRLEN
    first = walked.data[at] if at < walked.end else None
    for one in meanings:
        if one.first in (None, first) and (one.where is None or one.where(walked)):
            return None if one.thing is None else one
    return None


def command_name(walked: DecodedMessage) -> str | None:
    """The command of a generic message by name."""
    header = walked.layers[0].value if walked.layers else None
    if not isinstance(header, list) or not header or not isinstance(header[0].kind, GenericCommand):
        return None
    return header[0].kind.shown(header[0].value)
