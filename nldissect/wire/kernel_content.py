"""Content that only the kernel writes: it distinguishes an event or answer with its request's flags from a request.

`nldissect.request_tracker` recognizes such messages by the request before them. Where that was not captured, or was
filtered out, NLM_F_REQUEST alone would make the kernel's message a request; its content can prove that it is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from nldissect.request_tracker import RequestHeader
from nldissect.uapi import NLA_TYPE_MASK, NLMSG_HDRLEN, STRUCT_NLATTR_BY_ORDER, nla_align

from .protocol import NLM_F_NEW, NOTIFICATION, TO_KERNEL, TO_USER

KIND = 1
"""The attribute on which the others of its set depend: TCA_KIND."""
MODIFIERS = NLM_F_NEW.REPLACE | NLM_F_NEW.EXCL | NLM_F_NEW.CREATE | NLM_F_NEW.APPEND

AttrPath = tuple[int | None, ...]
"""Numbers of nested attributes, outermost first; None is any number."""


class KernelContent(NamedTuple):
    """Evidence that the kernel wrote a message of some type: one of `unset`, `paths` and `of_kind` is enough.

    size      bytes before the first attribute
    unset     offsets of bytes among these that are 0 in every request that the kernel accepts
    paths     attributes that only the kernel writes, or that it refuses in a request
    of_kind   further paths by the text of attribute KIND
    answers   answers to a GET carry the flags of their request, too, not only events
    """

    size: int
    unset: tuple[int, ...] = ()
    paths: tuple[AttrPath, ...] = ()
    of_kind: Mapping[bytes, tuple[AttrPath, ...]] = {}
    answers: bool = False


CONTENTS: dict[tuple[int, int], KernelContent] = {}
"""Evidence by protocol and type."""


def bind_kernel_content(content: KernelContent, protocol: int, number: int) -> None:
    """Declare the content that only the kernel writes into messages of a type that carry the flags of their request."""
    CONTENTS[protocol, number] = content


def types_with_kernel_content(protocol: int) -> list[int]:
    """Return the types of a protocol whose content may prove that the kernel wrote them; loads its tables."""
    _load(protocol)
    return [number for one, number in CONTENTS if one == protocol]


def direction_by_content(header: RequestHeader, data: Any, start: int, end: int, order: str) -> str:
    """Return the direction of a message that looks like a request, at [start, end) of `data`, by its content.

    TO_KERNEL unless the content proves that the kernel wrote it. A repeated request has the port of its sender, which
    is never 0. Loads the protocol's tables.
    """
    if not header.pid:
        return TO_KERNEL
    _load(header.protocol)
    return direction_shown(CONTENTS.get((header.protocol, header.type)), header, data, start, end, order)


def direction_shown(
    content: KernelContent | None, header: RequestHeader, data: Any, start: int, end: int, order: str
) -> str:
    """Return the direction of a message that looks like a request, by the evidence in `content`."""
    if not header.pid or content is None or not _is_kernels(content, data, start + NLMSG_HDRLEN, end, order):
        return TO_KERNEL
    return TO_USER if content.answers and not header.flags & MODIFIERS else NOTIFICATION


def _load(protocol: int) -> None:
    from .packets.bindings import ensure_protocol

    ensure_protocol(protocol)


def _is_kernels(content: KernelContent, data: Any, at: int, end: int, order: str) -> bool:
    if any(data[at + place] for place in content.unset if at + place < end):
        return True
    at += content.size
    kinds = (bytes(data[s:e]).rstrip(b"\0") for number, s, e in _attributes(data, at, end, order) if number == KIND)
    paths = content.paths + content.of_kind.get(next(kinds, b""), ())
    return any(_has(path, data, at, end, order) for path in paths)


def _has(path: AttrPath, data: Any, at: int, end: int, order: str) -> bool:
    number, *inner = path
    found = [(s, e) for one, s, e in _attributes(data, at, end, order) if number in (None, one)]
    return any(_has(tuple(inner), data, s, e, order) for s, e in found) if inner else bool(found)


def _attributes(data: Any, at: int, end: int, order: str) -> Iterator[tuple[int, int, int]]:
    """Yield number, start and end of the payload of each attribute; stop at the first with an impossible length."""
    while at + 4 <= end:
        length, number = STRUCT_NLATTR_BY_ORDER[order].unpack_from(data, at)
        if length < 4:
            return
        yield number & NLA_TYPE_MASK, at + 4, min(at + length, end)
        at += nla_align(length)
