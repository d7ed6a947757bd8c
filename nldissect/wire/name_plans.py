"""Positions of names in messages, as plain numbers that name_learning.py makes from the tables."""

from __future__ import annotations

from struct import Struct as Codec
from struct import unpack_from
from typing import Any, NamedTuple

from nldissect.uapi import NLA_TYPE_MASK, STRUCT_NLATTR_BY_ORDER, nla_align

from .protocol import TO_KERNEL
from .text import decode_text

TAUGHT_BY_REQUESTS = ("nft_set",)
"""Sorts of names that requests give; all others are given by messages from the kernel.

A set of nftables has its id only in the batch that creates it.
"""


def may_teach(what: str, direction: str | None, echoed: bool = False) -> bool:
    """Return whether a message of a direction gives names of the sort `what`.

    echoed   it is a request that an acknowledgement repeats, which gives none
    """
    return (direction == TO_KERNEL) == (what in TAUGHT_BY_REQUESTS) and not echoed


class NamePlan(NamedTuple):
    """Position of a number and its name in messages of a class; of repeated attributes the first counts.

    what         sort of name
    attributes   bytes before the attributes
    number       attribute that holds the number; None if it is in the header
    place        offset of the number in the header
    code, order  struct code of the number, and its byte order where it is not the host's
    longer       the attribute may have more bytes than the number
    name         attribute that holds the name
    elsewhere    attribute that is present where the number is of another namespace; None if there is none
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
    """A number and its name in a message.

    number      0 if the message has none
    name        None if it is absent or no text
    elsewhere   the number is of another namespace
    """

    number: int
    name: str | None
    elsewhere: bool


def name_given(plan: NamePlan, data: Any, start: int, end: int, order: str) -> NameGiven | None:
    """Return number and name in the body at [start, end) of `data`; None if its header is not whole."""
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
    """Return the payload spans of the first attributes with some numbers, by number; stop once all are found."""
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
    """The mark by which messages of a type announce a new object: `value` at offset `at` of their header.

    first   value of the body's first byte for which this holds; None for any
    code    struct code of the mark; "" where the messages have none
    """

    first: int | None
    at: int = 0
    code: str = ""
    value: int = 0


def is_birth(births: tuple[Birth, ...], data: Any, at: int, order: str) -> bool:
    """Return whether the body at offset `at` of `data` announces a new object."""
    one = next((one for one in births if one.first in (None, *data[at : at + 1])), None)
    if one is None or not one.code:
        return False
    return bool(unpack_from(order + one.code, data, at + one.at)[0] == one.value)
