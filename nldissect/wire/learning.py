"""Names that frames give to numbers, without decoding the rest: by the rules by which `walk` lets a Context learn."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from struct import Struct as Codec
from typing import NamedTuple

from .attrs import NLA_TYPE_MASK, Tables, split
from .bindings import NLMSG_MIN_TYPE, bindings_of, choose, commands_of, name_of
from .context import Context
from .flags import NETLINK, NLCTRL, NLM_F_NEW, TO_KERNEL, direction_of
from .frame import COOKED, HEADER, frame_order, has_header, messages_in
from .kinds import Decode, Kind
from .message import Message, may_teach
from .nlmsg import genlmsghdr
from .objects import OBJECTS
from .scope import fixed_part
from .shapes import Nest

_HEADERS = {"<": Codec("<IHHII"), ">": Codec(">IHHII")}


class NamePlan(NamedTuple):
    """Where a message that teaches has what it teaches; of what repeats, the first counts.

    attributes   bytes before its attributes
    number       the number's kind, where it begins in the header; or the attribute it is, with the place None
    name         the row of the name, and its decoder
    elsewhere    number of the attribute with which it is of another namespace; None if there is no such
    """

    what: str
    attributes: int
    number: Kind
    place: int | None
    name: Kind
    decode: Decode
    elsewhere: int | None


class NameGiven(NamedTuple):
    """What a message says of a number: its name, None where that is no text; whether it is of another namespace."""

    number: int
    name: str | None
    elsewhere: bool


def name_plan(message: type[Message], order: str) -> NamePlan | None:
    """Return where messages of a class have names; None if they teach nothing."""
    return _name_plan(message, order, Tables.version) if message.teaches is not None else None


@cache
def _name_plan(message: type[Message], order: str, version: int) -> NamePlan:
    assert message.teaches is not None
    what, number_name, text_name = message.teaches
    attributes = message.fields_desc[-1].kind
    assert isinstance(attributes, Nest)
    rows = {row.name: row for row in attributes.inner.rows.values()}
    size = sum(field.kind.size or 0 for field in message.fields_desc[:-1])
    name, elsewhere = rows[text_name], rows.get(message.elsewhere)
    number, place = rows.get(number_name), None
    if number is None:
        number, place, _ = next(span for span in fixed_part(message, order, version)[1] if span[0].name == number_name)
    return NamePlan(what, size, number, place, name, name.decoder(order), elsewhere.number if elsewhere else None)


def name_given(plan: NamePlan, data: bytes, start: int, end: int, order: str) -> NameGiven | None:
    """Return what the body in [start, end) says; None if its header is not whole."""
    at = start + plan.attributes
    if at > end:
        return None
    found: dict[int, tuple[int, int]] = {}
    for number, begin, stop, _ in split(data, at, end, order)[0]:
        found.setdefault(number & NLA_TYPE_MASK, (begin, stop))
    learnt = 0
    if plan.place is not None:
        place = start + plan.place
        learnt = plan.number.decoder(order)(data, place, place + (plan.number.size or 0))
    elif (span := found.get(plan.number.number or 0)) and plan.number.fits(span[1] - span[0]):
        learnt = plan.number.decoder(order)(data, *span)
    span = found.get(plan.name.number or 0)
    text = plan.decode(data, *span) if span and plan.name.fits(span[1] - span[0]) else None
    return NameGiven(learnt, text if isinstance(text, str) else None, plan.elsewhere in found)


def is_new(place: int | str, type_name: str | None, message: type[Message], data: bytes, at: int, order: str) -> bool:
    """Return whether the body of a message of a protocol or generic family tells that its object was just made."""
    means = OBJECTS.get((place, type_name or ""), ())
    one = next((one for one in means if one.first in (None, *data[at : at + 1])), None)
    if one is None or one.thing is None or one.gone or one.thing.born is None:
        return False
    name, value = one.thing.born
    spans = fixed_part(message, order, Tables.version)[1]
    return any(kind.name == name and kind.decoder(order)(data, at + s, at + e) == value for kind, s, e in spans)


class Teaching(NamedTuple):
    """What one message of a frame says of a number.

    asks    it is a request: it tells what a name is to be
    makes   it is a request that makes something, or it tells that something was made
    """

    what: str
    given: NameGiven
    asks: bool
    makes: bool


def teachings(data: bytes, context: Context, wire_length: int | None = None) -> Iterator[Teaching]:
    """Return what the messages of a frame, cooked header included, say of numbers; `context` knows generic families."""
    if len(data) < COOKED + HEADER:
        return
    packet_type, protocol = (int.from_bytes(data[at : at + 2], "big") for at in (0, 14))
    room = max(wire_length or 0, len(data)) - COOKED
    order = frame_order(context, protocol, data, COOKED, room)
    if not has_header(protocol, data, COOKED, len(data), order, room):
        return
    for start, end, _ in messages_in(data, COOKED, len(data), order)[0]:
        yield from _teaching(data, start, end, order, protocol, packet_type, context)


def _teaching(
    data: bytes, start: int, end: int, order: str, protocol: int, packet_type: int, context: Context
) -> Iterator[Teaching]:
    length, number, flags, seq, pid = _HEADERS[order].unpack_from(data, start)
    direction, _ = direction_of(protocol, number, flags, seq, pid, packet_type)
    if (protocol, number, direction) == (NETLINK.GENERIC, NLCTRL, TO_KERNEL):
        context.trust.observe_request(seq)
    at = start + HEADER
    place: int | str | None = protocol
    if protocol == NETLINK.GENERIC and number >= NLMSG_MIN_TYPE:
        place = family = context.name("genl", number)
        bindings = commands_of(family, data[at]) if family is not None and at + genlmsghdr.size_of < end else []
        at += genlmsghdr.size_of
        chosen = choose(bindings, direction, data[at : at + 1], start + length - at)
    else:
        bindings = bindings_of(protocol, number)
        chosen = choose(bindings, direction, data[at : min(at + 1, end)], start + length - at, flags)
    plan = name_plan(chosen.message, order) if chosen is not None else None
    if chosen is None or plan is None or place is None or (given := name_given(plan, data, at, end, order)) is None:
        return
    if may_teach(plan.what, direction):
        if plan.what == "genl" and given.number > 0 and given.name is not None:
            name = context.trust.name(given.number, given.name, context.known("genl", given.number), seq, pid)
            given = given._replace(name=name)
        new = is_new(place, name_of(bindings, chosen, direction), chosen.message, data, at, order)
        yield Teaching(plan.what, given, asks=False, makes=new)
    elif direction == TO_KERNEL:
        yield Teaching(plan.what, given, asks=True, makes=bool(flags & NLM_F_NEW.CREATE))
