"""Where messages have the names that they give to numbers, as plain numbers: what name_learning.py makes."""

from __future__ import annotations

from struct import Struct as Codec
from struct import unpack_from
from typing import Any, NamedTuple

from nldissect.uapi import NLA_TYPE_MASK, STRUCT_NLATTR_BY_ORDER, nla_align

from .protocol import TO_KERNEL
from .text import decode_text

ASKED = ("nft_set",)
"""What requests teach: a set of nftables has its id only in the batch that makes it. All else the kernel tells."""


def may_teach(what: str, direction: str | None, echoed: bool = False) -> bool:
    """Return whether a message that went there gives names of a sort; a request that an acknowledgement repeats, which
    is `echoed`, gives none."""
    return (direction == TO_KERNEL) == (what in ASKED) and not echoed


class NamePlan(NamedTuple):
    """Where a message that teaches has what it teaches; of what repeats, the first counts.

    attributes   bytes before its attributes
    number       the attribute that is the number; None where that stands in the header, at `place`
    code, order  struct code of the number, and its byte order where that is not the host's
    longer       the attribute may have more bytes than the number
    name         the attribute that is the name
    elsewhere    the attribute with which the number is of another namespace; None if there is no such
    """

    what: str
    attributes: int
    number: int | None
    place: int
    code: str
    order: str
    longer: bool
    name: int
    elsewhere: int | None

    @property
    def size(self) -> int:
        """Bytes of the number."""
        return Codec(f"={self.code}").size


class NameGiven(NamedTuple):
    """What a message says of a number: its name, None where that is no text; whether it is of another namespace."""

    number: int
    name: str | None
    elsewhere: bool


def name_given(plan: NamePlan, data: Any, start: int, end: int, order: str) -> NameGiven | None:
    """Return what the body in [start, end) says; None if its header is not whole."""
    at = start + plan.attributes
    if at > end:
        return None
    found = _first_of({plan.number, plan.name, plan.elsewhere}, data, at, end, order)
    codec = Codec((plan.order or order) + plan.code)
    learnt = 0
    if plan.number is None:
        learnt = codec.unpack_from(data, start + plan.place)[0]
    elif span := found.get(plan.number):
        size = span[1] - span[0]
        if size == codec.size or (plan.longer and size > codec.size):
            learnt = codec.unpack_from(data, span[0])[0]
    text = decode_text(data, *found[plan.name]) if plan.name in found else None
    return NameGiven(learnt, text if isinstance(text, str) else None, plan.elsewhere in found)


def _first_of(numbers: set[int | None], data: Any, at: int, end: int, order: str) -> dict[int | None, tuple[int, int]]:
    """Where the payloads of the first attributes with some numbers begin and end; goes no further than that takes."""
    found: dict[int | None, tuple[int, int]] = {}
    wanted = numbers - {None}
    unpack = STRUCT_NLATTR_BY_ORDER[order].unpack_from
    while at + 4 <= end and wanted:
        length, number = unpack(data, at)
        if length < 4 or at + length > end:
            break
        number &= NLA_TYPE_MASK
        if number in wanted:
            found[number] = at + 4, at + length
            wanted.discard(number)
        at += nla_align(length)
    return found


class Birth(NamedTuple):
    """How the messages of a type tell that their object was just made: by `value` at a place in their header.

    first   the first byte of a body that this is said of; None for any
    code    struct code; "" where nothing tells it
    """

    first: int | None
    at: int = 0
    code: str = ""
    value: int = 0


def is_birth(births: tuple[Birth, ...], data: Any, at: int, order: str) -> bool:
    """Return whether the body that begins at a place tells that its object was just made."""
    one = next((one for one in births if one.first in (None, *data[at : at + 1])), None)
    if one is None or not one.code:
        return False
    return bool(unpack_from(order + one.code, data, at + one.at)[0] == one.value)
