"""Bytes without key material: zeros replace bytes that are keys, or may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from nldissect.uapi import NLMSG_HDRLEN, NLMSG_MIN_TYPE
from nldissect.wire import NETLINK, DecodedFrame, DecodedMessage, genlmsghdr
from nldissect.wire.decode.nodes import nodes_of
from nldissect.wire.opaque import MayBeKey


class RedactedFrame(NamedTuple):
    """The bytes of a frame with zeros for keys.

    keys      number of bytes of keys that are zeros now
    unknown   number of zeros for bytes that can't be shown to be no key
    """

    data: bytes
    keys: int
    unknown: int


def redacted(frame: DecodedFrame) -> RedactedFrame:
    """Return a frame's bytes with zeros for all that can't be shown to be no key."""
    keys = _zeroed(frame.data, (span for walked in frame.messages for span in _keys(walked)))
    data = _zeroed(keys, [*frame.secret_spans(), *_unproven(frame.messages)])
    return RedactedFrame(data, _differing(frame.data, keys), _differing(keys, data))


def without_keys(walked: DecodedMessage) -> bytes:
    """Return the bytes of a message's frame with zeros for all of the message that can't be shown to be no key."""
    return _zeroed(walked.data, [*walked.secret_spans(), *_unproven([walked])])


def _keys(walked: DecodedMessage) -> Iterator[tuple[int, int]]:
    """Yield start and end of the values that rows of a message declare as keys."""
    for node, _ in nodes_of(walked):
        if isinstance(node.value, DecodedMessage):
            yield from _keys(node.value)
        elif node.kind.secret and not isinstance(node.kind, MayBeKey):
            yield node.start, node.end


def _unproven(messages: Sequence[DecodedMessage]) -> Iterator[tuple[int, int]]:
    """Yield start and end of bodies with unknown content.

    They are of families that the capture does not name, or that are named only in answers without a request; and of
    damaged messages and those after them.
    """
    damaged = False
    for walked in messages:
        damaged |= walked.damaged
        for one in (walked, *(node.value for node, _ in nodes_of(walked) if isinstance(node.value, DecodedMessage))):
            if damaged or _is_unnamed(one):
                header = NLMSG_HDRLEN + (one.protocol == NETLINK.GENERIC) * (genlmsghdr.size_of or 0)
                yield min(one.start + header, one.end), one.end


def _is_unnamed(walked: DecodedMessage) -> bool:
    if walked.protocol != NETLINK.GENERIC or walked.number < NLMSG_MIN_TYPE or not walked.has_header:
        return False
    return walked.family is None or (walked.context is not None and not walked.context.trust.is_sure(walked.number))


def _zeroed(data: bytes, spans: Iterable[tuple[int, int]]) -> bytes:
    out = bytearray(data)
    for start, end in spans:
        out[start:end] = bytes(max(end - start, 0))
    return bytes(out)


def _differing(before: bytes, after: bytes) -> int:
    """Return the number of bytes that became zeros."""
    return sum(one != other for one, other in zip(before, after, strict=True)) if before != after else 0
