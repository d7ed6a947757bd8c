"""What an acknowledgement says of the request it echoes: the attribute at fault, the attribute that is missing.

Offsets in the extended ack count from the request's own nlmsghdr (linux/netlink.h), so they mean something only where
the request is echoed in full.
"""

from __future__ import annotations

from typing import Any

from nldissect.wire import Nest
from nldissect.wire.walk import Node, Walked

from .naming import path_text, path_to

OFFSET, MISSING, MISSING_IN = "NLMSGERR_ATTR_OFFS", "NLMSGERR_ATTR_MISS_TYPE", "NLMSGERR_ATTR_MISS_NEST"


class Ack:
    """The last layer of an NLMSG_ERROR or NLMSG_DONE.

    error       0, or an error number negated
    request     the echoed request; None where there is no echo (NLMSG_DONE)
    culprit     nodes of the request down to the attribute the kernel points at
    attribute   the same as a path of names
    missing     path of the attribute the kernel asks for
    """

    def __init__(self, layer: Node, error: int) -> None:
        self.error = error
        self.request: Walked | None = next((node.value for node in layer.value if isinstance(node.value, Walked)), None)
        self.culprit: list[Node] = []
        self.missing: str | None = None
        told = next((node.value for node in layer.value if node.name == "attrs"), [])
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


def ack_of(walked: Walked) -> Ack | None:
    """What this message acknowledges, or None; a message whose `error` was cut off says nothing."""
    for layer in walked.layers if walked.has_header and walked.number in (2, 3) else []:
        for node in layer.value:
            if node.name == "error" and isinstance(node.value, int):
                return Ack(layer, node.value)
    return None


def _missing(request: Walked, number: int, nest: Any) -> str | None:
    path = path_to(request.layers, request.start + nest) if isinstance(nest, int) else []
    places = path[-1:] if isinstance(nest, int) else _attributes(request)
    for place in places:
        if isinstance(place.kind, Nest) and (row := place.kind.inner.row(number)) is not None:
            return ".".join(filter(None, [path_text(path), row.name]))
    return None


def _attributes(request: Walked) -> list[Node]:
    """Where the request's own attributes stand."""
    return [node for node in request.layers[-1].value if isinstance(node.kind, Nest) and node.number is None]
