"""Refusals as a compiler would print them: the request, the culprit with a caret under it, the kernel's reason.

  --> RTM_NEWRULE of frame 9: inet dscp 200 to_tbl table main
      |
28-32 | FRA_DSCP: 200  c8
      | ^^^^^^^^
      = policy: NL_ATTR_TYPE_U8, 0 to 63
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from nldissect.escapes import escaped
from nldissect.terminal.colors import Piece
from nldissect.wire import Context, DecodedMessage, Node
from nldissect.wire.decode.acks import MISSING, OFFSET, Ack, PriorRequest, ack_of
from nldissect.wire.decode.nodes import path_text

from .bytes_text import bytes_shown
from .names import message_name
from .summaries.summary import clipped, summary_of
from .values import shown

MARGIN = 14
ROOM = 1024
POLICY = "NLMSGERR_ATTR_POLICY"
COOKIE = "NLMSGERR_ATTR_COOKIE"
LIMITS = (("MIN_VALUE_U", "MAX_VALUE_U"), ("MIN_VALUE_S", "MAX_VALUE_S"), ("MIN_LENGTH", "MAX_LENGTH"))

Line = list[Piece]
Request = Callable[[Context | None], PriorRequest]
Key = tuple[int, int]
"""Protocol and sequence number."""


def explanation(
    walked: DecodedMessage, asked: PriorRequest | None, secrets: bool = False, reason: str = ""
) -> Iterator[Line]:
    """Yield the lines below a refusal, or a warning; none for other messages.

    reason   what the capture told before that explains it (reason_text.py), empty without that
    """
    ack = ack_of(walked, asked)
    if ack is None or (not ack.error and walked.find("NLMSGERR_ATTR_MSG") is None):
        return
    role = "error" if ack.error else "warning"
    if ack.request is None:
        yield _margin(("dim", "--> "), ("", "the request is not repeated, and not in the capture before"))
    else:
        yield _margin(("dim", "--> "), *_request(ack.request, ack.frame, _differs(ack.request, asked)))
    told = {node.name: node for node in walked.layers[-1].value for node in _attributes(node)}
    if ack.request is not None and ack.culprit:
        yield from _culprit(ack.request, ack.culprit, role, secrets)
    elif OFFSET in told:
        yield _reason("dim", f"the kernel points at byte {told[OFFSET].value}, of which the capture has nothing")
    if ack.missing is not None and ack.request is not None:
        yield from _missing(ack, told, role)
    elif MISSING in told:
        yield _reason(role, f"attribute {told[MISSING].value} is missing")
    for name, say in (("NLMSGERR_ATTR_MSG", _said), (POLICY, _policy), (COOKIE, _cookie)):
        if name in told and (text := say(told[name])):
            yield _reason(role if name == "NLMSGERR_ATTR_MSG" else "", text)
    if walked.tracepoint_text and "NLMSGERR_ATTR_MSG" not in told:
        yield _reason(role, f"{escaped(walked.tracepoint_text)} (tracepoint)")
    elif not told:
        why = ": the program did not ask for one (NETLINK_EXT_ACK); --extack may hear it" if walked.no_ext_ack else ""
        yield _reason("dim", f"the kernel gives no reason{why}")
    if reason:
        yield _reason("", reason)


def _attributes(node: Node) -> list[Node]:
    return node.value if node.name == "attrs" else []


def _differs(echo: DecodedMessage, asked: PriorRequest | None) -> bool:
    """Return whether a request is repeated otherwise than it was captured.

    The kernel fills in some before it refuses them (br_mdb_del in net/bridge/br_mdb.c).
    """
    if asked is None or echo is asked.request:
        return False
    mine, sent = (one.data[one.start : one.end] for one in (echo, asked.request))
    both = min(len(mine), len(sent))
    return mine[:both] != sent[:both]


def _request(request: DecodedMessage, frame: int | None, differs: bool) -> Line:
    where = f" of frame {frame}" if frame is not None else ", as it is repeated here"
    where += ", which the kernel changed" if differs else ""
    text = summary_of(request)
    return [("kernel", escaped(message_name(request))), ("dim", where), ("", f": {text}" if text else "")]


def _culprit(request: DecodedMessage, path: list[Node], role: str, secrets: bool) -> Iterator[Line]:
    """Yield the bytes at fault, the path to them and their value, and carets below the last name."""
    node = path[-1]
    text = path_text(path) or node.name
    last = text.rpartition(".")[2]
    value = shown(node, request.context, secrets)
    masked = node.kind.secret and not secrets
    end = node.value_end if request.keyed and not secrets else node.end
    data = "" if masked else bytes_shown(request.data[node.start : end])
    start, end = node.whole - request.start, max(node.end - request.start - 1, node.whole - request.start)
    span = f"{start}-{end}" if start < end else str(start)
    yield _bar("")
    shows = [("", ": "), (value[0], clipped(value[1]))] if value[1] else []
    yield [*_bar(span), ("name", text), *shows, ("dim", f"  {data}" if data and node.kind.shape == "leaf" else "")]
    yield [*_bar(""), ("", " " * (len(text) - len(last))), (role, "^" * len(last))]


def _missing(ack: Ack, told: dict[str, Node], role: str) -> Iterator[Line]:
    """Yield the attribute that is missing, below the nest it belongs to."""
    assert ack.missing is not None and ack.request is not None
    outer, _, name = ack.missing.rpartition(".")
    yield _bar("")
    place = outer or escaped(message_name(ack.request))
    nest = told.get("NLMSGERR_ATTR_MISS_NEST")
    yield [*_bar(str(nest.value) if nest is not None else ""), ("name", place), ("", ": ")]
    yield [*_bar(""), ("", " " * (len(place) + 2)), (role, f"^ {name} is missing")]


def _said(node: Node) -> str:
    return escaped(node.value) if isinstance(node.value, str) else bytes_shown(node.value)


def _policy(node: Node) -> str:
    """Return the values that the kernel would have taken."""
    values: dict[str, Any] = {
        one.name.removeprefix("NL_POLICY_TYPE_ATTR_"): one for one in node.value if isinstance(one, Node)
    }
    parts = []
    if "TYPE" in values:
        parts.append(values["TYPE"].kind.shown(values["TYPE"].value) or str(values["TYPE"].value))
    for low, high in LIMITS:
        unit = " bytes" if low.endswith("LENGTH") else ""
        if low in values and high in values:
            parts.append(f"{values[low].value} to {values[high].value}{unit}")
        elif low in values:
            parts.append(f"at least {values[low].value}{unit}")
        elif high in values:
            parts.append(f"at most {values[high].value}{unit}")
    for name in ("MASK", "BITFIELD32_MASK"):
        if name in values:
            parts.append(f"bits of {values[name].value:#x} only")
    return f"policy: {', '.join(parts)}" if parts else ""


def _cookie(node: Node) -> str:
    return f"cookie: {bytes_shown(node.value)}" if isinstance(node.value, bytes) else ""


def _margin(*pieces: Piece) -> Line:
    return [("", " " * (MARGIN - 4)), *pieces]


def _bar(span: str) -> Line:
    return [("dim", f"{span:>{MARGIN - 1}} | ")]


def _reason(role: str, text: str) -> Line:
    return [("dim", " " * MARGIN + "= "), (role, text)]
