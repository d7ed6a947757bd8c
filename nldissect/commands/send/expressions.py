"""Python text as datagrams: an expression, or several as `read -T python` prints them (see python_subset.py)."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from scapy.packet import NoPayload, Packet, Raw

from nldissect.errors import NldissectError
from nldissect.sockets.exchange import acknowledged
from nldissect.uapi import NLMSG_MIN_TYPE
from nldissect.wire import NETLINK, Context, genlmsghdr, nlmon, nlmsghdr
from nldissect.wire.context import Env
from nldissect.wire.packets.bindings import COMMANDS, MESSAGES
from nldissect.wire.protocol import NLM_F

from .python_subset import UNFIT, Expressions, unfit
from .requests import NATIVE, PlannedDatagram, open_datagram


def from_text(text: str, protocol: int | None, genl: Callable[..., Any]) -> list[PlannedDatagram]:
    """Return a datagram for each expression in the text; a list is one datagram.

    NldissectError if an expression makes no message, or the text says that its keys are zeros.

    protocol   of expressions that do not say theirs, or None
    genl       makes a request to a generic family, as NetlinkSocket.genl
    """
    if "keys are zeros" in text:
        raise NldissectError("the text says that its keys are zeros; print it again with --show-secrets")
    expressions = Expressions(text.strip(), genl)
    values = list(expressions)
    if not values:
        raise NldissectError(
            "the text holds no expression; write one, like nlmsghdr(nlmsg_type='RTM_GETLINK')/ifinfomsg()"
        )
    seq = int.from_bytes(os.urandom(3), "little")
    made = []
    for place, (value, node) in enumerate(values, 1):
        seq += 1
        which = "the expression" if len(values) == 1 else f"expression {place}"
        try:
            made.append(_datagram(value, protocol, seq, which))
        except UNFIT as error:
            raise expressions.wrong(node, f"{which}: {unfit(error)}") from None
    return made


def _datagram(value: Any, protocol: int | None, seq: int, place: str) -> PlannedDatagram:
    if isinstance(value, nlmon):
        protocol = value.sll_protocol if protocol is None else protocol
        value = value.messages
    parts = list(value) if isinstance(value, (list, tuple)) else [value]
    if not parts or not all(isinstance(part, nlmsghdr) for part in parts):
        wrong = next((part for part in parts if not isinstance(part, nlmsghdr)), None)
        what = type(wrong).__name__ if wrong is not None else "nothing"
        hint = "write nlmsghdr(nlmsg_type=...)/ before it" if isinstance(wrong, Packet) else "it must be a message"
        raise NldissectError(f"{place} is {what}; {hint}")
    if protocol is None:
        protocol = _protocol(parts[0], place)
    context, raw = Context(), b""
    for offset, part in enumerate(parts):
        message = _ready(part, protocol, seq + offset, context)
        if not message.nlmsg_flags & NLM_F.REQUEST:
            raise NldissectError(
                f"{place} has no NLM_F_REQUEST, and the kernel takes no notice of it; send requests only"
            )
        one = bytes(message)
        raw += one + bytes(-len(one) % 4)
    return open_datagram(protocol, raw, context, place)


def _ready(message: nlmsghdr, protocol: int, seq: int, context: Context) -> nlmsghdr:
    """Return a copy of a message in this host's byte order, with flags and number set where they were left open."""
    copy: nlmsghdr = message.copy()
    object.__setattr__(copy, "_env", Env(NATIVE, protocol, context, None, message._env.values))
    if "nlmsg_flags" not in copy.fields:
        copy.nlmsg_flags = NLM_F.REQUEST | NLM_F.ACK * acknowledged(protocol, copy.nlmsg_type)
    if not copy.nlmsg_seq:
        copy.nlmsg_seq = seq
    family = _family(copy)
    if protocol == NETLINK.GENERIC and family is not None:
        context.learn("genl", copy.nlmsg_type, family)
    return copy


def _protocol(message: nlmsghdr, place: str) -> int:
    """Return the protocol that has such a message; NldissectError if it is not certain."""
    body = message.payload
    if isinstance(body, genlmsghdr):
        return NETLINK.GENERIC
    number = message.nlmsg_type
    found = {
        protocol
        for protocol, table in MESSAGES.items()
        if protocol is not None
        for one in table.get(number, [])
        if isinstance(body, (NoPayload, Raw)) or one.message is type(body)
    }
    if len(found) != 1 or number < NLMSG_MIN_TYPE:
        maybe = ", ".join(sorted(NETLINK.names.get(one, str(one)) for one in found))
        hint = f"it may be of {maybe}; choose" if found else "name it"
        raise NldissectError(f"{place} does not say its protocol; {hint} with --protocol")
    return found.pop()


def _family(message: nlmsghdr) -> str | None:
    """Return the generic family whose command has such a body, by its attributes; None if it is not certain."""
    head = message.payload
    if not isinstance(head, genlmsghdr) or not isinstance(head.payload, Packet):
        return None
    body = head.payload
    rows = next((item.row.set for item in getattr(body, "attrs", []) if hasattr(item, "row")), None)
    found = {
        family
        for family, table in COMMANDS.items()
        for one in table.get(head.cmd, [])
        if one.to != "user" and (one.message is type(body) or (rows is not None and rows in _sets(one.message)))
    }
    return found.pop() if len(found) == 1 else None


def _sets(message: Any) -> list[Any]:
    return [field.kind.inner for field in message.fields_desc if field.kind.shape == "attrs"]
