"""Content of a request, and its differences from another: for a fake kernel, which answers recorded requests only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from nldissect.uapi import NLMSG_HDRLEN
from nldissect.wire.decode.nodes import DecodedMessage, Node, inner_nodes, nodes_of
from nldissect.wire.protocol import flag_names

MOST = 3
"""Differences that are listed; of the others, only the number."""
LONGEST = 40
"""Characters of a value that are shown."""
SECRET = "(secret)"


class RequestValue(NamedTuple):
    """A leaf of a request: its bytes, and its text."""

    data: bytes
    text: str


def content_of(request: DecodedMessage) -> tuple[int, int, bytes]:
    """Return type, flags, and the bytes of the body, with zeros for the padding after attributes, which kernels skip.

    The order of attributes counts: a refusal's NLMSGERR_ATTR_OFFS is right for this order only.
    """
    data = bytearray(request.data[: request.end])
    for node, _ in nodes_of(request):
        if node.number is not None and node.kind.set is not None:
            padding = -(node.end - node.whole) % node.kind.set.header.align
            stop = min(node.end + padding, request.end)
            data[node.end : stop] = bytes(stop - node.end)
    return request.number, request.flags, bytes(data[request.start + NLMSG_HDRLEN :])


def differences(asked: DecodedMessage, recorded: DecodedMessage) -> list[str]:
    """Return the flags, fields and attributes in which a request differs from a recorded one of the same type."""
    found = []
    if asked.flags != recorded.flags:
        found.append(f"flags {_flags(asked)}, recorded {_flags(recorded)}")
    ours, theirs = _values(asked), _values(recorded)
    for path in dict.fromkeys([*ours, *theirs]):
        if path not in theirs:
            found.append(f"{path} {ours[path].text}, recorded without it")
        elif path not in ours:
            found.append(f"no {path}, recorded {theirs[path].text}")
        elif ours[path].data != theirs[path].data:
            found.append(f"{path} {_apart(ours[path], theirs[path])}")
    if not found:
        found.append(
            "the order of attributes" if list(ours) != list(theirs) else "headers of attributes, in NLA_F_NESTED say"
        )
    return found


def listed(found: list[str]) -> str:
    """Return differences on one line, the first few by name."""
    more = f"; and {len(found) - MOST} more" if len(found) > MOST else ""
    return "; ".join(found[:MOST]) + more


def _apart(one: RequestValue, other: RequestValue) -> str:
    """Return the text of two values, as bytes where their text is the same, as with and without a closing NUL."""
    if one.text != other.text or one.text.endswith(SECRET):
        return f"{one.text}, recorded {other.text}"
    return f"{_short(one.data.hex())}, recorded {_short(other.data.hex())} (bytes)"


def _flags(request: DecodedMessage) -> str:
    return "|".join(flag_names(request.type_name, request.flags, request.number)) or "0"


def _values(request: DecodedMessage) -> dict[str, RequestValue]:
    """Return every leaf by its path of attributes, with a number where the path occurs again."""
    found: dict[str, RequestValue] = {}
    count: dict[str, int] = {}
    for path, node in _leaves(request.layers):
        count[path] = count.get(path, 0) + 1
        data = request.data[node.start : node.end]
        text = _text(node, data)
        if (rest := request.surplus(node)) is not None and rest.kind.secret:
            text = f"{text} {SECRET}"
        found[path if count[path] == 1 else f"{path}#{count[path]}"] = RequestValue(data, text)
    return found


def _leaves(nodes: list[Node], above: str = "") -> Iterator[tuple[str, Node]]:
    for node in nodes:
        path = above + node.name
        if inner := inner_nodes(node):
            yield from _leaves(inner, f"{path}." if node.number is not None else above)
        elif node.number is not None or node.start < node.end:
            yield path, node


def _text(node: Node, data: bytes) -> str:
    if node.kind.secret:
        return SECRET
    return _short(str(node.kind.shown(node.value)) if node.kind.shape == "leaf" else data.hex())


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."
