"""Names that frames give to numbers, found without decoding the rest, by the rules by which `walk` learns names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from nldissect.errors import TableError
from nldissect.uapi import GENL_ID_CTRL, NLMSG_HDRLEN, NLMSG_MIN_TYPE, SLL_HDR_LEN, STRUCT_NLMSGHDR_BY_ORDER

from .attr_set import TableVersion
from .binding import choose, name_of
from .containers import Nest
from .context import Context
from .name_plans import Birth, NameGiven, NamePlan, is_birth, may_teach, name_given
from .numbers import Scalar
from .packets.bindings import bindings_of, commands_of, unknown_body
from .packets.frame import frame_order, has_header, messages_in
from .packets.message import Message
from .packets.nlmsghdr import genlmsghdr
from .protocol import NETLINK, NLM_F_NEW, TO_KERNEL, direction_of
from .selectors import fixed_prefix
from .semantics.objects import OBJECTS, ObjectType
from .text import Text


@cache
def name_plan(message: type[Message]) -> NamePlan | None:
    """Return the offsets and attribute numbers of names in messages of a class; None if it gives no names.

    TableError if the class's `teaches` names a field that is no number or no plain text.
    """
    if message.teaches is None:
        return None
    what, number_name, text_name = message.teaches
    attributes = message.fields_desc[-1].kind
    assert isinstance(attributes, Nest)
    rows = {row.name: row for row in attributes.inner.rows.values()}
    places: dict[str, int] = {}
    size = 0
    for field in message.fields_desc[:-1]:
        places[field.kind.name] = size
        size += field.kind.size or 0
    name, elsewhere = rows[text_name], rows.get(message.elsewhere)
    kinds = {field.kind.name: field.kind for field in message.fields_desc} | rows
    number = kinds[number_name]
    if not isinstance(number, Scalar) or type(name) is not Text or name.size is not None or name.number is None:
        raise TableError(f"{message.__name__}.teaches: {number_name} is no number, or {text_name} is no plain text")
    return NamePlan(
        what, size, number.number, places.get(number_name, 0), number.letter, number.fixed_order or "",
        number.may_be_longer, name.number, elsewhere.number if elsewhere else None,
    )  # fmt: skip


def births_of(place: int | str, type_name: str | None, message: type[Message]) -> tuple[Birth, ...]:
    """Return the marks by which messages of a type announce a new object.

    place       number of the protocol, or name of the generic family
    type_name   name of the message type or command
    """
    means = OBJECTS.get((place, type_name or ""), ())
    return tuple(Birth(one.first, *_born(one.thing if not one.gone else None, message)) for one in means)


def _born(thing: ObjectType | None, message: type[Message]) -> tuple[int, str, int] | tuple[()]:
    if thing is None or thing.born is None:
        return ()
    name, value = thing.born
    for kind, at, _ in fixed_prefix(message, "<", TableVersion.version)[1]:
        if kind.name == name and isinstance(kind, Scalar):
            return at, kind.letter, value
    return ()


class Teaching(NamedTuple):
    """A name that one message of a frame gives to a number.

    what    sort of name: "genl", "interface", ...
    given   number and name
    asks    the message is a request: the name is to be given
    makes   the message is a request that creates an object, or it announces a new object
    """

    what: str
    given: NameGiven
    asks: bool
    makes: bool


def teachings(data: bytes, context: Context, wire_length: int | None = None) -> Iterator[Teaching]:
    """Yield the names that the messages of a frame give to numbers.

    data          the frame, cooked header included
    context       names so far, of which those of generic families are read; its trust observes requests to nlctrl
    wire_length   length of the frame before a snap length cut it
    """
    if len(data) < SLL_HDR_LEN + NLMSG_HDRLEN:
        return
    packet_type, protocol = (int.from_bytes(data[at : at + 2], "big") for at in (0, 14))
    room = max(wire_length or 0, len(data)) - SLL_HDR_LEN
    order = frame_order(context, protocol, data, SLL_HDR_LEN, room)
    if not has_header(protocol, data, SLL_HDR_LEN, len(data), order, room):
        return
    for start, end, _ in messages_in(data, SLL_HDR_LEN, len(data), order)[0]:
        yield from _teaching(data, start, end, order, protocol, packet_type, context)


def _teaching(
    data: bytes, start: int, end: int, order: str, protocol: int, packet_type: int, context: Context
) -> Iterator[Teaching]:
    length, number, flags, seq, pid = STRUCT_NLMSGHDR_BY_ORDER[order].unpack_from(data, start)
    direction, _ = direction_of(protocol, number, flags, seq, pid, packet_type)
    if (protocol, number, direction) == (NETLINK.GENERIC, GENL_ID_CTRL, TO_KERNEL):
        context.trust.observe_request(seq)
    at = start + NLMSG_HDRLEN
    place: int | str | None = protocol
    message: type[Message] | None
    if protocol == NETLINK.GENERIC and number >= NLMSG_MIN_TYPE:
        place = family = context.name("genl", number)
        bindings = commands_of(family, data[at]) if family is not None and at + genlmsghdr.size_of < end else []
        at += genlmsghdr.size_of
        chosen = choose(bindings, direction, data[at : at + 1], start + length - at)
        message = unknown_body(family) if chosen is None else chosen.message
    else:
        bindings = bindings_of(protocol, number)
        chosen = choose(bindings, direction, data[at : min(at + 1, end)], start + length - at, flags)
        message = None if chosen is None else chosen.message
    plan = name_plan(message) if message is not None else None
    if message is None or plan is None or place is None or (given := name_given(plan, data, at, end, order)) is None:
        return
    if may_teach(plan.what, direction):
        if plan.what == "genl" and given.number > 0 and given.name is not None:
            name = context.trust.name(given.number, given.name, context.known("genl", given.number), seq, pid)
            given = given._replace(name=name)
        births = births_of(place, None if chosen is None else name_of(bindings, chosen, direction), message)
        yield Teaching(plan.what, given, asks=False, makes=is_birth(births, data, at, order))
    elif direction == TO_KERNEL:
        yield Teaching(plan.what, given, asks=True, makes=bool(flags & NLM_F_NEW.CREATE))
