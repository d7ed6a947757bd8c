"""Strict checks: the kernel's demands on requests beyond their form: strict headers, nested flags, current types.

Their tables are next to the families, taken from the kernel's source.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nldissect.uapi import NLA_TYPE_MASK, NLM_F_DUMP, NLMSG_HDRLEN

from ..attr_set import AttrSet, split_attrs
from ..containers import Nest
from ..decode.nodes import DecodedMessage, Node
from ..kind import Kind
from ..packets.message import Message
from .objects import command_name


@dataclass(frozen=True)
class Strict:
    """Requests that a socket with NETLINK_GET_STRICT_CHK may send.

    header   struct with which the request has to begin
    zero     fields that have to be 0
    takes    attributes that may follow
    first    values of the body's first byte; empty: any
    dump     the check is of dumps, else of requests for one object
    """

    header: type[Message]
    zero: frozenset[str]
    takes: frozenset[str]
    first: tuple[int, ...]
    dump: bool


Place = int | str
STRICT: dict[tuple[int, str], list[Strict]] = {}
NEEDS_NESTED_FLAG: dict[Place, frozenset[str] | None] = {}
OBSOLETE: dict[tuple[Place, str], str] = {}


def bind_strict(
    header: type[Message],
    protocol: int,
    *names: str,
    zero: str = "",
    takes: str = "",
    first: tuple[int, ...] = (),
    dump: bool = True,
) -> None:
    """Declare the check of requests of these types, see Strict; the first whose `first` fits the first byte holds."""
    check = Strict(header, frozenset(zero.split()), frozenset(takes.split()), first, dump)
    for name in names:
        STRICT.setdefault((protocol, name), []).append(check)


def bind_flagged(place: Place, sets: str | None = None) -> None:
    """Declare attribute sets that the kernel accepts only in nests with NLA_F_NESTED.

    place   protocol or generic family
    sets    names of the sets, separated by blanks; None: all
    """
    NEEDS_NESTED_FLAG[place] = None if sets is None else frozenset(sets.split())


def bind_obsolete(place: Place, names: str, instead: str) -> None:
    """Declare obsolete requests of a protocol or generic family, and their replacement."""
    for name in names.split():
        OBSOLETE[place, name] = instead


def obsolete(walked: DecodedMessage) -> tuple[str, str] | None:
    """Return the name of an obsolete message and its replacement; None if it is not obsolete."""
    name = walked.type_name if walked.family is None else command_name(walked) or ""
    instead = OBSOLETE.get((walked.family or walked.protocol, name))
    return None if instead is None else (name, instead)


def needs_nested_flag(walked: DecodedMessage, node: Node) -> bool:
    """Return whether the kernel accepts this nest only with NLA_F_NESTED."""
    kind = node.kind
    place = walked.family or walked.protocol
    if node.number is None or not isinstance(kind, Nest) or place not in NEEDS_NESTED_FLAG:
        return False
    sets = NEEDS_NESTED_FLAG[place]
    return sets is None or kind.inner.__name__ in sets


def strict_violation(walked: DecodedMessage) -> str | None:
    """Return the reason why the kernel would refuse this request of a strict socket; None if it would not.

    A strict socket has NETLINK_GET_STRICT_CHK set.
    """
    check = _check(walked)
    if check is None or walked.end - walked.start < walked.length:
        return None
    return next(_reasons(walked, check), None)


def _check(walked: DecodedMessage) -> Strict | None:
    at = walked.start + NLMSG_HDRLEN
    first = walked.data[at] if at < walked.end else None
    dump = walked.flags & NLM_F_DUMP != 0
    found = STRICT.get((walked.protocol, walked.type_name), ())
    return next((one for one in found if one.dump == dump and (not one.first or first in one.first)), None)


def _reasons(walked: DecodedMessage, check: Strict) -> Iterator[str]:
    at, end = walked.start + NLMSG_HDRLEN, walked.start + walked.length
    kinds: list[Kind] = [field.kind for field in check.header.fields_desc]
    fields = [kind for kind in kinds if kind.size is not None]
    size, name = sum(kind.size or 0 for kind in fields), check.header.__name__
    if end - at < size:
        yield f"{end - at} of the {size} bytes of struct {name} are there"
        return
    for kind in fields:
        after = at + (kind.size or 0)
        if kind.name in check.zero and any(walked.data[at:after]):
            yield f"{kind.name} is not 0"
        at = after
    if at < end and not check.takes:
        yield f"{end - at} bytes follow struct {name}"
    items, stop = split_attrs(walked.data, at, end, walked.order)
    sets = [one for kind in kinds if isinstance(kind, Nest) for one in _sets(kind)]
    for number in (item[0] & NLA_TYPE_MASK for item in items):
        names = [row.name for one in sets if (row := one.row(number)) is not None]
        if not check.takes.intersection(names):
            yield f"{names[0] if names else f'attribute {number}'} is not taken there"
    if stop < end:
        yield f"{end - stop} bytes are left over behind the attributes"


def _sets(kind: Nest) -> list[type[AttrSet]]:
    """Return the sets that a header's attributes may be."""
    return [kind.inner, *(target.inner for target in kind.bound() if isinstance(target, Nest))]
