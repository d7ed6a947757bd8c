"""Texts of the messages that the core leaves, decoded one by one. Imports Scapy and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nldissect.capfile import Interface, Record, time_text
from nldissect.columns.blocks.message_type import DIRECTIONS
from nldissect.columns.fields.decoded_message import walked_again
from nldissect.columns.fields.derived import MessageContext
from nldissect.columns.fields.frame_comments import apply_comments
from nldissect.native import scanner
from nldissect.terminal.colors import plain
from nldissect.uapi import NLMSG_DONE, NLMSG_ERROR
from nldissect.wire import DecodedMessage, walk
from nldissect.wire.decode.acks import PriorRequest
from nldissect.wire.decode.nodes import DecodedFrame
from nldissect.wire.decode.walk import walk_bare, walk_place
from nldissect.wire.secrets import is_keyed_protocol

from ..json_objects import add_losses, add_trailing, message_object, place_object
from ..json_text import encode
from ..list_line import ListFormatter, list_text
from ..trees.tree_lines import place_shown, trailing_text
from ..trees.tree_text import tree_text
from .classifier import order_of

if TYPE_CHECKING:
    from .read_job import NativeRead

ERRORS = "backslashreplace"


def walked_text(read: NativeRead, index: int, before: bytes) -> bytes:
    """Return the text of an item from its decoded form; `before`: the columns of a list."""
    item = read.scanner.items[index]
    frame = read.scanner.frames[item.frame]
    comments = read.sight.window.comments.get(frame.at, ())
    if read.is_list:
        line, *more = _lines(read, item, frame, comments)
        texts = [before + line.encode(errors=ERRORS), *(one.encode(errors=ERRORS) for one in more)]
        return b"".join(text.rstrip(b" \n") + b"\n" for text in texts)
    ahead, behind = (",\n", "") if read.options.format == "json" else ("", "\n")
    return f"{ahead}{encode(_object(read, item, frame, comments))}{behind}".encode(errors=ERRORS)


def _lines(read: NativeRead, item: Any, frame: Any, comments: tuple[str, ...]) -> list[str]:
    """Return the text after the columns of a list, and the lines below it that explain a refusal."""
    if not item.place:
        lines = ListFormatter()
        whole = walk(frame_data(read, frame), wire_length=frame.wire)
        *_, (_, last) = lines.empty(frame.number, "", whole, frame.wire, comments)
        return [last[lines.widths["type"] + 1 :]]
    walked, asked = walked_item(read, item, frame, comments)
    line = plain(list_text(walked, asked))
    if read.selection is None or not read.selection.explains or item.type not in (NLMSG_ERROR, NLMSG_DONE):
        return [line]
    from nldissect.columns.blocks.whole_capture import WholeCapture

    from ..reasons.frame_reasons import known_reason
    from ..refusal import explanation

    if read.whole is None:
        read.whole = WholeCapture(read.options.files[0], dict(read.options.families), read.options.order)
    request = _prior(read, item, frame) if asked is None else asked
    reason = known_reason(read.whole, walked, request, frame.number, item.place)
    return [line, *map(plain, explanation(walked, request, read.secrets, reason))]


def _object(read: NativeRead, item: Any, frame: Any, comments: tuple[str, ...]) -> dict[str, Any]:
    interface = read.reader.interfaces[frame.source]
    place = item.place or None
    found = place_object(frame.number, place, _time(read, frame, interface), interface, frame.protocol)
    if place is not None:
        found |= message_object(*walked_item(read, item, frame, comments), secrets=read.secrets)
    rest = frame_data(read, frame)[frame.rest :]
    if rest and item.marks & scanner.LAST:
        add_trailing(found, rest, is_keyed_protocol(frame.protocol) and not read.secrets)
    if place is None:
        add_losses(found, comments)
    return found


def walked_item(
    read: NativeRead, item: Any, frame: Any, comments: tuple[str, ...]
) -> tuple[DecodedMessage, PriorRequest | None]:
    """Decode an item; return the message, and the request that it acknowledges, None if there is none."""
    window, order = read.sight.window, order_of(frame)
    position, space = frame.at + window.offset, read.classifier.spaces[frame.source]
    context = read.names.context(position, space, order)
    data, protocol, kind = frame_data(read, frame), frame.protocol, frame.kind
    if item.marks & scanner.BARE:
        walked = walk_bare(data, len(data), protocol, order, kind, context)
    else:
        start = item.at - frame.at
        span = start, start + item.captured, start + item.padded
        walked = walk_place(data, span, protocol, order, context, kind, DIRECTIONS[item.direction])
    if item.marks & scanner.LAST:
        walked.missing = frame.wire - len(data)
    if comments:
        apply_comments(walked, comments, item.place)
    return walked, _prior(read, item, frame) if item.type == NLMSG_ERROR else None


def _prior(read: NativeRead, item: Any, frame: Any) -> PriorRequest | None:
    """Return the request that a message acknowledges, or whose dump it ends; None if there is none."""
    if not item.prior:
        return None
    if not item.prior_item:
        space = read.classifier.spaces[frame.source]
        kept = read.kept.find(space, item.prior)
        return None if kept is None else walked_again(kept, read.names)
    request = read.scanner.items[item.prior_item - 1]
    frame = read.scanner.frames[request.frame]
    comments = read.sight.window.comments.get(frame.at, ())
    return PriorRequest(frame.number, walked_item(read, request, frame, comments)[0])


def situation_of(read: NativeRead, index: int, first: int | None) -> MessageContext:
    """Return the context of an item of the current batch: what filters and fields look at.

    first   time of the capture's first frame, in nanoseconds since 1970
    """
    item = read.scanner.items[index]
    frame = read.scanner.frames[item.frame]
    data, interface = frame_data(read, frame), read.reader.interfaces[frame.source]
    comments = read.sight.window.comments.get(frame.at, ())
    walked = walked_item(read, item, frame, comments)[0] if item.place else None
    record = Record(frame.number, read.time(item.frame), data, frame.wire, interface, comments)
    whole = DecodedFrame(data, frame.kind, 0, frame.protocol, order_of(frame), [], (frame.rest, len(data)))
    return MessageContext(frame.number, record, whole, walked, item.place, first)


def frame_data(read: NativeRead, frame: Any) -> bytes:
    """Return a copy of the bytes of a frame."""
    at = frame.at
    return bytes(read.sight.window.buffer[at : at + frame.captured])


def _time(read: NativeRead, frame: Any, interface: Interface) -> str | None:
    now = read.moment(frame.at, interface)
    return None if now is None else time_text(now, interface.decimals)


def walked_tree(read: NativeRead, index: int, before: bytes) -> bytes:
    """Return the tree of an item from its decoded form; `before`: the lines about its frame."""
    item = read.scanner.items[index]
    frame = read.scanner.frames[item.frame]
    text, place, protocol = "", item.place, frame.protocol
    if place:
        comments = read.sight.window.comments.get(frame.at, ())
        walked, asked = walked_item(read, item, frame, comments)
        text = tree_text(walked, asked, place_shown(place, frame.count), read.secrets)
    rest = frame_data(read, frame)[frame.rest :]
    if rest and item.marks & scanner.LAST:
        text += trailing_text(rest, is_keyed_protocol(protocol) and not read.secrets)
    return before + text.encode(errors=ERRORS)
