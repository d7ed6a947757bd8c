"""Acknowledgements: error number, the request, the attribute at fault, the attribute that is missing.

Offsets in the extended ack count from the request's own nlmsghdr (linux/netlink.h), so they mean something only where
the request is echoed in full, or was captured before: the kernel caps the echo of every success, and of errors where
the socket asks for it (NETLINK_CAP_ACK).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from nldissect.request_tracker import RequestTracker
from nldissect.uapi import NLMSG_DONE, NLMSG_ERROR

from ..containers import Nest
from ..kind import Kind
from ..packets.bindings import verb_of
from .nodes import DecodedMessage, Node, path_text, path_to

OFFSET, MISSING, MISSING_IN = "NLMSGERR_ATTR_OFFS", "NLMSGERR_ATTR_MISS_TYPE", "NLMSGERR_ATTR_MISS_NEST"


class Ack:
    """An acknowledgement: content of the last layer of an NLMSG_ERROR or NLMSG_DONE.

    error       0, or an error number negated
    request     the request, as echoed or, where only its header was, as captured; None if neither is there (NLMSG_DONE)
    frame       number of the frame of the prior request, None if that is unknown
    culprit     nodes of the request down to the attribute that the kernel reports
    attribute   the same as a path of names, None if there is none
    missing     path of the attribute that the kernel requires; "attribute 9" where no table has it
    """

    def __init__(self, layer: Node, error: int, asked: PriorRequest | None) -> None:
        self.error = error
        echo = _echo(layer)
        self.frame = asked.frame if asked else None
        self.request = asked.request if asked and (echo is None or not echo.layers) else echo
        self.culprit: list[Node] = []
        self.missing: str | None = None
        told: list[Node] = next((node.value for node in layer.value if node.name == "attrs"), [])
        values: dict[str, Any] = {node.name: node.value for node in told}
        if self.request is None or not self.request.layers:
            return
        if isinstance(offset := values.get(OFFSET), int):
            self.culprit = path_to(self.request.layers, self.request.start + offset)
        if isinstance(number := values.get(MISSING), int):
            self.missing = _missing(self.request, number, values.get(MISSING_IN))

    @property
    def attribute(self) -> str | None:
        return path_text(self.culprit) or None


class PriorRequest(NamedTuple):
    """A prior request, and the number of its frame."""

    frame: int
    request: DecodedMessage


def observe(requests: RequestTracker[DecodedMessage] | None, frame: int, walked: DecodedMessage) -> PriorRequest | None:
    """Observe the next message of a capture; return the prior request to which it belongs, or None if that is unknown.

    That is the request that it answers or acknowledges, whose dump it ends, or that caused it. `requests` remembers the
    message if it is a request itself.
    """
    if requests is None or not walked.has_header:
        return None
    echo = next(filter(None, map(_echo, walked.layers)), None) if walked.number == NLMSG_ERROR else None
    found = requests.observe(
        frame, walked.header, walked.direction, walked, verb=verb_of(walked.protocol, walked.number),
        family=walked.family, echo=None if echo is None else echo.header,
    )  # fmt: skip
    return None if found is None else PriorRequest(found.frame, found.kept)


def _echo(layer: Node) -> DecodedMessage | None:
    return next((node.value for node in layer.value if isinstance(node.value, DecodedMessage)), None)


def ack_of(walked: DecodedMessage, asked: PriorRequest | None = None) -> Ack | None:
    """Return the acknowledgement that a message is, or None; also None where its `error` was cut off.

    asked   the prior request
    """
    for layer in walked.layers if walked.has_header and walked.number in (NLMSG_ERROR, NLMSG_DONE) else []:
        for node in layer.value:
            if node.name == "error" and isinstance(node.value, int):
                return Ack(layer, node.value, asked)
    return None


def _missing(request: DecodedMessage, number: int, nest: Any) -> str:
    path = path_to(request.layers, request.start + nest) if isinstance(nest, int) else []
    kinds = [node.kind for node in path[-1:]] if isinstance(nest, int) else _attributes(request)
    rows = (kind.inner.row(number) for kind in kinds if isinstance(kind, Nest))
    name = next((row.name for row in rows if row is not None), str(number))
    return ".".join(filter(None, [path_text(path), f"attribute {number}" if name == str(number) else name]))


def _attributes(request: DecodedMessage) -> list[Kind]:
    """Return the kinds of a request's own attribute lists, or those of its message class where it has none."""
    found: list[Kind] = [
        node.kind for node in request.layers[-1].value if isinstance(node.kind, Nest) and node.number is None
    ]
    fields = request.message.fields_desc if request.message is not None else []
    return found or [field.kind for field in fields if isinstance(field.kind, Nest)]
