"""Accepted requests: what the kernel did because of a request of which no event tells.

The kernel notifies nobody where nobody listens, so a capture may hold the request and its acknowledgement alone. Then
the request is decoded again in the form in which the kernel would report its object (wire/semantics/request_forms.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from typing import Literal, NamedTuple, TypeVar

from nldissect.uapi import NLMSG_HDRLEN
from nldissect.wire import DecodedMessage, Node
from nldissect.wire.decode.nodes import find
from nldissect.wire.decode.walk import walk_message
from nldissect.wire.protocol import NLM_F, NOTIFICATION
from nldissect.wire.semantics.objects import ObjectType, object_of
from nldissect.wire.semantics.request_forms import RequestForm, request_form

from .identity import Key, bytes_of, identity, key_of, members_of
from .observed_message import ObservedMessage

ATTRIBUTE_HEADER, ALIGNMENT = 4, 4
TYPE = 4
"""Offset of nlmsg_type."""
NAME = "name"
"""What a part of an identity is called that is any of a form's names."""
CAPACITY = 1024
REFUSAL = 20_000_000
"""Nanoseconds after which a request that asked for no acknowledgement was accepted, if no refusal came."""
K = TypeVar("K")
Part = tuple[str, bytes]


class SentRequest(NamedTuple):
    """A request for a change of an object, before its answer is known."""

    message: ObservedMessage
    form: RequestForm


class RequestedObject(NamedTuple):
    """An object as a request describes it.

    sent     the request
    walked   its message in the form in which the kernel would report the object
    thing    the object's type; `gone`: the request removes it
    key      its identity, with the parts that the request leaves open empty
    parts    what the request says of the identity: name and bytes of each part
    """

    sent: SentRequest
    walked: DecodedMessage
    thing: ObjectType
    gone: bool
    key: Key
    parts: frozenset[Part]

    def fits(self, walked: DecodedMessage) -> bool:
        """Return whether a message about an object of the same type can be about this one."""
        return self.parts <= parts_of_message(self.thing, walked, self.sent.form.named)


def fitting(objects: Mapping[K, RequestedObject], walked: DecodedMessage) -> Iterator[K]:
    """Yield the keys of the requested objects that a message can be about."""
    parts: dict[tuple[int, tuple[str, ...]], frozenset[Part]] = {}
    for key, wanted in objects.items():
        kind = id(wanted.thing), wanted.sent.form.named
        if kind not in parts:
            parts[kind] = parts_of_message(wanted.thing, walked, wanted.sent.form.named)
        if wanted.parts <= parts[kind]:
            yield key


DeviceFinder = Callable[[bytes], int | None]


def no_device(_: bytes) -> None:
    """Return None: the interface of a gateway is not looked up."""


class PendingRequests:
    """Requests for changes that wait for their answer, or for an event that tells of what they did.

    Their objects are worked out only when an event comes that is not the one of their own.
    """

    def __init__(self) -> None:
        self._waiting: dict[int, SentRequest] = {}  # by identity of the decoded request, the oldest first
        self._silent: dict[int, SentRequest] = {}  # those of them that asked for no acknowledgement
        self._fresh: dict[tuple[str | None, int], dict[int, SentRequest]] = {}  # objects not worked out
        self._objects: dict[tuple[str | None, int, str], dict[int, RequestedObject]] = {}
        self._kinds: dict[int, tuple[str | None, int, str]] = {}
        self._accepted: dict[int, SentRequest] = {}

    def add(self, message: ObservedMessage) -> None:
        """Remember a request if it may change an object."""
        form = request_form(message.walked)
        if form is None:
            return
        sent, number = SentRequest(message, form), id(message.walked)
        if len(self._waiting) >= CAPACITY:
            self._drop(next(iter(self._waiting)))
        self._waiting[number] = sent
        if not message.walked.flags & NLM_F.ACK:
            self._silent[number] = sent
        self._fresh.setdefault((message.where, message.walked.protocol), {})[number] = sent

    def answered(self, request: DecodedMessage) -> SentRequest | None:
        """Return the request that an acknowledgement is about, if no event told of it, and forget it."""
        return self._drop(id(request))

    def forget_told(
        self, thing: ObjectType, walked: DecodedMessage, where: str | None, cause: DecodedMessage | None
    ) -> None:
        """Forget requests that an event tells of: the one that it names as its cause, and others for that object."""
        if cause is not None:
            self._drop(id(cause))
        self._work_out(where, walked.protocol)
        waiting = self._objects.get((where, walked.protocol, thing.name), {})
        for number in list(fitting(waiting, walked)):
            self._drop(number)

    def accept(self, sent: SentRequest) -> None:
        """Remember a request that was taken to be accepted, for events that come late."""
        self._accepted[id(sent.message.walked)] = sent
        if len(self._accepted) > CAPACITY:
            del self._accepted[next(iter(self._accepted))]

    def was_accepted(self, request: DecodedMessage) -> bool:
        """Return whether the changes by a request were reported before any event told of them."""
        return id(request) in self._accepted

    def unanswered(self, time: int | None) -> Iterator[SentRequest]:
        """Yield the requests that asked for no acknowledgement and were not refused in time, and forget them.

        time   of the present message; None: after the last one
        """
        while self._silent:
            sent = next(iter(self._silent.values()))
            if time is not None and sent.message.time is not None and time - sent.message.time <= REFUSAL:
                return
            self._drop(id(sent.message.walked))
            yield sent

    def _work_out(self, where: str | None, protocol: int) -> None:
        for number, sent in self._fresh.pop((where, protocol), {}).items():
            wanted = requested_object(sent)
            if wanted is not None:
                self._kinds[number] = where, protocol, wanted.thing.name
                self._objects.setdefault(self._kinds[number], {})[number] = wanted

    def _drop(self, number: int) -> SentRequest | None:
        self._silent.pop(number, None)
        sent = self._waiting.pop(number, None)
        kind = self._kinds.pop(number, None)
        if kind is not None:
            del self._objects[kind][number]
        elif sent is not None:
            message = sent.message
            self._fresh.get((message.where, message.walked.protocol), {}).pop(number, None)
        return sent


def requested_object(
    sent: SentRequest, known: int | None = None, devices: DeviceFinder = no_device
) -> RequestedObject | None:
    """Return the object that a request is about, None if it is of no known type.

    known     value of the form's masked field before the request, None if it is not known
    devices   returns the interface over which a gateway is reached
    """
    form = sent.form
    walked = _reported(sent.message.walked, form, known, devices)
    means = object_of(walked)
    if means is None or means.thing is None:
        return None
    parts = parts_of_message(means.thing, walked, form.named)
    parts = frozenset(part for part in parts if part[0] not in form.open)
    key = key_of(means.thing, walked, sent.message.where)
    if form.named:
        key = (*key, *sorted(value for name, value in parts if name == NAME))
    return RequestedObject(sent, walked, means.thing, means.gone, key, parts)


def parts_of_message(thing: ObjectType, walked: DecodedMessage, named: tuple[str, ...] = ()) -> frozenset[Part]:
    """Return name and bytes of the parts of an object's identity that a message has; `named`: of these instead."""
    if named:
        nodes = list(members_of(walked))
        found = [node for name in named if (node := find(nodes, name)) is not None]
        return frozenset((NAME, bytes_of(walked, node).rstrip(b"\0")) for node in found)
    pairs = ((names[0], node) for names, node in identity(thing, walked))
    return frozenset((name, bytes_of(walked, node)) for name, node in pairs if node is not None)


def _reported(walked: DecodedMessage, form: RequestForm, known: int | None, devices: DeviceFinder) -> DecodedMessage:
    """Return a request's message as the kernel would report its object."""
    fields = dict(form.fields) | ({} if form.masked is None else {form.masked.name: form.masked.after(known)})
    order: Literal["little", "big"] = "little" if walked.order == "<" else "big"
    data, start = bytearray(walked.data[: walked.end]), walked.start
    for name, value in fields.items():
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
