"""Object types: what notifications are about, a link, a route; identity of objects, and what counts as a change.

Their tables are next to the families' own, and are loaded with these.
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
"""Something with which objects are removed, by sort and identity: ("interface", 3)."""
AnchorFinder = Callable[[DecodedMessage], Iterable[ObjectAnchor]]
Regroup = Callable[[dict[str, Node]], dict[str, Node]]
PartLoss = Callable[[dict[str, Node], ObjectAnchor], dict[str, Node]]


class ObservedChange(NamedTuple):
    """A change of an object, as far as it may prove that the kernel made it by itself.

    new       the object is new, or was not known before
    changed   old and new values of what changed, by path
    """

    walked: DecodedMessage
    new: bool
    changed: Mapping[str, tuple[Node | None, Node | None]]


class Reach(NamedTuple):
    """Addresses that are reached over an interface: those with the first `length` bits of `prefix`."""

    prefix: bytes
    length: int
    interface: int


class Counterpart(NamedTuple):
    """The other object of a pair, and what the kernel makes it say of the object of a message, without a word.

    identity   the last part of its key
    path       its value that changes with the pair
    value      the new value
    """

    identity: bytes
    path: str
    value: int


class RepeatedValue(NamedTuple):
    """A value of another object that repeats what is said of the object of a message.

    thing      type of the other object; `identity`: its key
    path       of the value
    value      None: what the other object has now is not known
    """

    thing: str
    identity: tuple[object, ...]
    path: str
    value: object | None


RepetitionFinder = Callable[[DecodedMessage, bool], RepeatedValue | None]
ReachFinder = Callable[[DecodedMessage], Reach | None]
CounterpartFinder = Callable[[DecodedMessage], Counterpart | None]
KernelAction = Callable[[ObservedChange], str | None]
"""The kernel's own doing, in words, that a change proves; None if it proves none."""


class SiblingRule(Enum):
    """The relation of objects of one place, and so the meaning of a notification's flags there.

    FREE     no order: no flag means another object than the one with the message's own identity
    ORDERED  in order: NLM_F_REPLACE changes the first, CREATE comes first, APPEND last, EXCL is the only one
    JOINED   the same, but objects with a gateway are one object with several next hops, each of which may have messages
             of its own
    ECHO     a message repeats what others reported in full of its place, and adds nothing; where none did: FREE
    """

    FREE = 1
    ORDERED = 2
    JOINED = 3
    ECHO = 4


@dataclass(frozen=True)
class ObjectType:
    """An object type.

    key       fields and attributes that identify an object, or paths to them; an absent one is part of the identity,
              too
    called    summary template of the name that people use for an object
    quiet     values that vary without a change of the object: counters, caches, timers; with everything inside them
    untold    values that change without any message: what dumps show of them is a change, but no contradiction
    leaves    a message may leave out attributes that the object still has; then only those in `ends` can vanish
    born      a field, and the value that it has in the first message about a new object
    answers   an answer to a request for one object describes an object (else it may be computed for the request)
    place     parts of the key that sibling objects have in common; `beside` is their relation
    states    fields of flags in the key, and their bits that count there; the other bits vary
    equals    objects that are equal in every value may exist; then each notification is about a further one
    on        anchors with which an object is removed, without a notification of its own: see `bears`
    on_all    anchors with which an object is removed once each of them is in force: see `falls`
    bears     anchors of the objects that are removed with an object, as the `on` of these: ("interface", 3)
    shared    others of its type may bear the same: what depends on that goes with the last of them
    withdraws the same of objects of each of which the kernel tells, if somebody listens
    falls     anchors of the objects that are removed with an object that exists, but is in a state that removes them
    regroup   renames the paths of values in lists from an element's position to its identity
    lists     prefixes of the paths of such values; a message has a list in full, or not at all
    full      attribute that only messages have in which every list that is not empty is present; a request for a dump
              may have asked for less
    reaches   the addresses that are reached because the object exists
    told      the kernel notifies listeners of each such object that it removes with what it stands on
    chained   the kernel notifies listeners of each that it removes or lessens with another of its type
    loses     what is left of an object's values when one of `on_all` falls, and it stays
    listed    a dump of an address family without conditions lists all objects
    action    what the kernel does to it by itself
    pair      the other object of its pair
    repeats   what another object repeats of it, of a message about it and whether it is gone
    """

    name: str
    key: tuple[str, ...]
    called: str
    quiet: frozenset[str]
    untold: frozenset[str]
    leaves: bool
    ends: frozenset[str]
    born: tuple[str, int] | None
    answers: bool
    place: tuple[str, ...]
    beside: SiblingRule
    states: tuple[tuple[str, int], ...]
    equals: bool
    on: AnchorFinder | None
    on_all: AnchorFinder | None
    bears: AnchorFinder | None
    withdraws: AnchorFinder | None
    falls: AnchorFinder | None
    regroup: Regroup | None
    lists: tuple[str, ...]
    full: str
    reaches: ReachFinder | None
    told: bool
    chained: bool
    loses: PartLoss | None
    listed: bool
    action: KernelAction | None
    pair: CounterpartFinder | None
    repeats: RepetitionFinder | None
    shared: bool


class Means(NamedTuple):
    """The statement of a message about an object: that it exists, or that it is gone.

    thing   the object type; None: nothing that lasts
    gone    the object is gone
    first   value of the first byte of the body, None for any
    where   a further condition, see bind_object
    same    all objects are gone that have these parts of the key in common with the message; None: only the message's
            own
    """

    thing: ObjectType | None
    gone: bool
    first: int | None
    where: MessagePredicate | None = None
    same: tuple[str, ...] | None = None


OBJECTS: dict[tuple[int | str, str], list[Means]] = {}
"""Statements by protocol or generic family, and name of the type or command."""


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
    untold: str = "",
    leaves: bool = False,
    ends: str = "",
    born: tuple[str, int] | None = None,
    answers: bool = True,
    place: str = "",
    beside: SiblingRule = SiblingRule.FREE,
    states: Mapping[str, int] | None = None,
    equals: bool = False,
    on: AnchorFinder | None = None,
    on_all: AnchorFinder | None = None,
    bears: AnchorFinder | None = None,
    withdraws: AnchorFinder | None = None,
    falls: AnchorFinder | None = None,
    regroup: Regroup | None = None,
    lists: str = "",
    full: str = "",
    reaches: ReachFinder | None = None,
    told: bool = False,
    chained: bool = False,
    loses: PartLoss | None = None,
    listed: bool = False,
    action: KernelAction | None = None,
    pair: CounterpartFinder | None = None,
    repeats: RepetitionFinder | None = None,
    shared: bool = False,
) -> ObjectType:
    """Declare an object type of a protocol or generic family; names are separated by blanks, see ObjectType.

    new     types or commands of messages about an object that exists
    gone    types or commands of messages about an object that is gone
    first   only of messages whose body begins with this byte
    where   only of messages for which this predicate holds
    place   ObjectType.place; those names belong to the key, too

    The first declaration that holds counts: one with conditions has to precede one without.
    TableError if one without conditions was declared before.
    """
    thing = ObjectType(
        name, (*place.split(), *key.split()), called, frozenset(quiet.split()), frozenset(untold.split()), leaves,
        frozenset(ends.split()), born, answers, tuple(place.split()), beside, tuple((states or {}).items()), equals, on,
        on_all, bears, withdraws, falls, regroup, tuple(lists.split()), full, reaches, told, chained, loses, listed,
        action, pair, repeats, shared,
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
    """Declare more messages that report an object as gone; with `same`, all objects with these parts of the key."""
    for type_name in types.split():
        _bind(protocol, type_name, Means(thing, True, None, where, None if same is None else tuple(same.split())))


def bind_no_object(protocol: int | str, types: str, where: MessagePredicate) -> None:
    """Declare messages that are about nothing that lasts, although others of their types are."""
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
    """Return the statement of a message about an object, None if it is about none."""
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
    """Return the name of a generic message's command, None for other messages."""
    header = walked.layers[0].value if walked.layers else None
    if not isinstance(header, list) or not header or not isinstance(header[0].kind, GenericCommand):
        return None
    return header[0].kind.shown(header[0].value)
