"""Accepted requests: what the kernel did because of a request of which no event tells.

The kernel notifies nobody where nobody listens, so a capture may hold the request and its acknowledgement alone. Then
the request is decoded again in the form in which the kernel would report its object (wire/semantics/request_forms.py).
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any, Literal, NamedTuple

from nldissect.uapi import NLMSG_HDRLEN
from nldissect.wire import DecodedMessage, Node
from nldissect.wire.decode.nodes import find
from nldissect.wire.decode.walk import walk_message
from nldissect.wire.protocol import NLM_F, NLM_F_NEW, NOTIFICATION
from nldissect.wire.semantics.objects import ObjectType, object_of
from nldissect.wire.semantics.request_forms import RequestForm, request_form

from .identity import Key, bytes_of, identity, key_of, members_of

ATTRIBUTE_HEADER, ALIGNMENT = 4, 4
TYPE, FLAGS = 4, 6
"""Offsets of nlmsg_type and nlmsg_flags."""
IFF_UP = 1
CAPACITY = 1024
REFUSAL = 20_000_000
"""Nanoseconds after which a request that asked for no acknowledgement was accepted, if no refusal came."""
Part = tuple[str, bytes]


class SentRequest(NamedTuple):
    """A request for a change of an object, before its answer is known."""

    frame: int
    place: int
    time: int | None
    walked: DecodedMessage
    about: Any
    where: str | None
    form: RequestForm


class RequestedObject(NamedTuple):
    """An object as a request describes it.

    sent     the request
    walked   its message in the form in which the kernel would report the object
    thing    the object's type; `gone`: the request removes it
    key      its identity, with the parts that the request leaves open empty
    parts    what the request says of the identity: name and bytes of each part
    flags_known   the flags of the link that it leaves as they are, are known
    """

    sent: SentRequest
    walked: DecodedMessage
    thing: ObjectType
    gone: bool
    key: Key
    parts: frozenset[Part]
    flags_known: bool

    def fits(self, walked: DecodedMessage) -> bool:
        """Return whether a message about an object of the same type can be about this one."""
        return self.parts <= parts_of_message(self.thing, walked, self.sent.form.named)


DeviceFinder = Callable[[bytes], int | None]


def no_device(_: bytes) -> None:
    """Return None: the interface of a gateway is not looked up."""


class PendingRequests:
    """Requests for changes that wait for their answer, or for an event that tells of what they did."""

    def __init__(self) -> None:
        self._waiting: dict[int, SentRequest] = {}  # by identity of the decoded request
        self._objects: dict[int, RequestedObject | None] = {}
        self._accepted: dict[int, SentRequest] = {}

    def add(
        self, frame: int, place: int, time: int | None, walked: DecodedMessage, about: Any, where: str | None
    ) -> None:
        """Remember a request if it may change an object."""
        form = request_form(walked)
        if form is None:
            return
        if len(self._waiting) >= CAPACITY:
            self._drop(next(iter(self._waiting)))
        self._waiting[id(walked)] = SentRequest(frame, place, time, walked, about, where, form)

    def answered(self, request: DecodedMessage) -> SentRequest | None:
        """Return the request that an acknowledgement is about, if no event told of it, and forget it."""
        found = self._waiting.get(id(request))
        if found is not None:
            self._drop(id(request))
        return found

    def forget_told(self, thing: ObjectType, walked: DecodedMessage, where: str | None, cause: Any) -> None:
        """Forget requests that an event tells of: the one that it names as its cause, and others for that object."""
        self._drop(id(cause))
        for number, sent in list(self._waiting.items()):
            if sent.where == where and sent.walked.protocol == walked.protocol:
                wanted = self._object(number, sent)
                if wanted is not None and wanted.thing.name == thing.name and wanted.fits(walked):
                    self._drop(number)

    def accept(self, sent: SentRequest) -> None:
        """Remember a request that was taken to be accepted, for events that come late."""
        self._accepted[id(sent.walked)] = sent
        if len(self._accepted) > CAPACITY:
            del self._accepted[next(iter(self._accepted))]

    def was_accepted(self, request: DecodedMessage) -> bool:
        """Return whether the changes by a request were reported before any event told of them."""
        return id(request) in self._accepted

    def unanswered(self, time: int | None) -> list[SentRequest]:
        """Return the requests that asked for no acknowledgement and were not refused in time, and forget them.

        time   of the present message; None: after the last one
        """
        found = [one for one in self._waiting.values() if not one.walked.flags & NLM_F.ACK and _is_over(one, time)]
        for sent in found:
            self._drop(id(sent.walked))
        return found

    def _object(self, number: int, sent: SentRequest) -> RequestedObject | None:
        if number not in self._objects:
            self._objects[number] = requested_object(sent)
        return self._objects[number]

    def _drop(self, number: int) -> None:
        self._waiting.pop(number, None)
        self._objects.pop(number, None)


def _is_over(sent: SentRequest, time: int | None) -> bool:
    return time is None or sent.time is None or time - sent.time > REFUSAL


def requested_object(
    sent: SentRequest, base: int | None = None, devices: DeviceFinder = no_device
) -> RequestedObject | None:
    """Return the object that a request is about, None if it is of no known type.

    base      the flags that the link had before, where they are known
    devices   returns the interface over which a gateway is reached
    """
    form = sent.form
    walked = _reported(sent.walked, form, _new_flags(sent.walked, base), devices)
    means = object_of(walked)
    if means is None or means.thing is None:
        return None
    parts = parts_of_message(means.thing, walked, form.named)
    parts = frozenset(part for part in parts if part[0] not in form.open)
    key = key_of(means.thing, walked, sent.where)
    if form.named:
        key = (*key, *sorted(value for name, value in parts if name == NAME))
    return RequestedObject(sent, walked, means.thing, means.gone, key, parts, base is not None)


def parts_of_message(thing: ObjectType, walked: DecodedMessage, named: tuple[str, ...] = ()) -> frozenset[Part]:
    """Return name and bytes of the parts of an object's identity that a message has; `named`: of these instead."""
    if named:
        nodes = list(members_of(walked))
        found = [node for name in named if (node := find(nodes, name)) is not None]
        return frozenset((NAME, bytes_of(walked, node).rstrip(b"\0")) for node in found)
    pairs = ((names[0], node) for names, node in identity(thing, walked))
    return frozenset((name, bytes_of(walked, node)) for name, node in pairs if node is not None)


NAME = "name"


def _new_flags(walked: DecodedMessage, base: int | None) -> dict[str, int]:
    """Return the flags of a link after a request for some of them; {} for a message that has none.

    A link of which nothing is known counts as up, unless the request makes it: nothing follows from its state.
    """
    flags, change = walked.find("ifi_flags"), walked.find("ifi_change")
    if flags is None or change is None or not isinstance(flags.value, int):
        return {}
    mask = change.value or (0xFFFF_FFFF if flags.value else 0)  # rtnl_dev_get_flags: old programs leave the mask empty
    if base is None:
        base = 0 if walked.flags & NLM_F_NEW.CREATE else IFF_UP
    return {"ifi_flags": (flags.value & mask) | (base & ~mask)}


def _reported(
    walked: DecodedMessage, form: RequestForm, fields: dict[str, int], devices: DeviceFinder
) -> DecodedMessage:
    """Return a request's message as the kernel would report its object."""
    order: Literal["little", "big"] = "little" if walked.order == "<" else "big"
    data, start = bytearray(walked.data[: walked.end]), walked.start
    for name, value in (fields | dict(form.fields)).items():
        node: Node | None = walked.find(name)
        if node is not None:
            data[node.start : node.end] = value.to_bytes(node.end - node.start, order)
    data[start + TYPE : start + TYPE + 2] = form.type.to_bytes(2, order)
    more = list(form.attributes)
    for address, place, number in form.gateways:
        device = (devices(address) or 0).to_bytes(4, order)
        if place is not None:
            data[place : place + 4] = device
        elif any(device):
            more.append((number, device))
    for number, payload in more:
        data += b"\0" * (-(len(data) - start) % ALIGNMENT)
        data += (ATTRIBUTE_HEADER + len(payload)).to_bytes(2, order) + number.to_bytes(2, order) + payload
    data[start : start + 4] = (len(data) - start).to_bytes(4, order)
    assert walked.context is not None and len(data) - start >= NLMSG_HDRLEN
    context = copy(walked.context)
    context.learns = False
    return walk_message(bytes(data), start, len(data), walked.protocol, walked.order, context, direction=NOTIFICATION)
