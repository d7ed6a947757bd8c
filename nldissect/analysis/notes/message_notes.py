"""Expert notes: oddities that a reader of a capture should look at, each with a severity and a kind.

Some are found in a single message, such as what its decoder found odd (`of_message`); others concern exchanges
(`CaptureNotes`) and need a capture that can be read twice. `expert` is the field with their texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from nldissect.capfile.comments import losses
from nldissect.columns.blocks.block import Block
from nldissect.columns.fields.derived import ChoiceText, MessageContext, derived_field
from nldissect.columns.fields.message_decoder import MessageDecoder
from nldissect.uapi import NLA_F_NESTED, NLMSG_DONE, NLMSG_ERROR, NLMSG_OVERRUN
from nldissect.wire import DecodedMessage, Text
from nldissect.wire.decode.acks import ack_of
from nldissect.wire.decode.nodes import Node, nodes_of
from nldissect.wire.errno import ERRNO
from nldissect.wire.protocol import TO_KERNEL
from nldissect.wire.semantics.strict import needs_nested_flag, obsolete, strict_violation

from .capture_notes import NOTED, CaptureNotes
from .model import ERROR, KINDS, NOTE, SEVERITIES, WARNING, ExpertNote

BUFFERS = (32, 16, 4)
"""Common sizes of receive buffers, in KiB."""


def of_message(walked: DecodedMessage) -> Iterator[ExpertNote]:
    """Yield the notes that follow from a message alone."""
    for note in walked.notes:
        yield ExpertNote(note.severity, note.kind, note.text)
    yield from _cut(walked)
    if not walked.has_header:
        return
    if walked.number in (NLMSG_ERROR, NLMSG_DONE):
        yield from _of_ack(walked)
    elif walked.number == NLMSG_OVERRUN:
        yield ExpertNote(ERROR, "overrun", "the receiver was told that messages were lost")
    elif walked.message is None and walked.type_name.isdigit() and walked.family is None:
        yield ExpertNote(NOTE, "unknown message", f"no table describes type {walked.number}")
    for size in BUFFERS:
        if walked.length > size << 10:
            yield ExpertNote(NOTE, "large message", f"longer than {size} KiB, a common size of receive buffers")
            break
    if walked.direction == TO_KERNEL:
        yield from _of_request(walked)


def _cut(walked: DecodedMessage) -> Iterator[ExpertNote]:
    own, frame = walked.lacks
    if own and frame:
        yield ExpertNote(NOTE, "cut", f"{own} bytes of the message were not captured, {frame} of the frame")
    elif frame:
        yield ExpertNote(NOTE, "cut", f"{frame} bytes of the frame were not captured, behind this message")
    elif own:
        yield ExpertNote(NOTE, "cut", f"{own} bytes were not captured")


def _of_ack(walked: DecodedMessage) -> Iterator[ExpertNote]:
    ack = ack_of(walked)
    told = walked.find("NLMSGERR_ATTR_MSG")
    quoted = f": {told.value}" if told is not None and isinstance(told.value, str) else ""
    if ack is not None and ack.error < 0:
        yield ExpertNote(ERROR, "refused", f"{ERRNO.names.get(-ack.error, -ack.error)}{quoted}")
    elif ack is not None and quoted:
        yield ExpertNote(WARNING, "warning of the kernel", quoted[2:])


def _of_request(walked: DecodedMessage) -> Iterator[ExpertNote]:
    """Yield notes on what the kernel objects to in a request, or would refuse under strict checking."""
    if (old := obsolete(walked)) is not None:
        yield ExpertNote(NOTE, "obsolete message", f"{old[0]} is obsolete; {old[1]} takes its place")
    if (why := strict_violation(walked)) is not None:
        text = f"a socket with NETLINK_GET_STRICT_CHK would be refused: {why}"
        yield ExpertNote(NOTE, "strict check", text)
    for node, _ in nodes_of(walked):
        if node.number is None:
            continue
        if node.kind.deprecated:
            yield ExpertNote(NOTE, "deprecated attribute", f"{node.name} is deprecated")
        if needs_nested_flag(walked, node) and not _flagged(walked, node):
            yield ExpertNote(WARNING, "missing nested flag", f"the kernel takes {node.name} only with NLA_F_NESTED")


def _flagged(walked: DecodedMessage, node: Node) -> bool:
    high = walked.data[node.start - 1 if walked.order == "<" else node.start - 2]
    return bool(high & NLA_F_NESTED >> 8)


def notes_of(situation: MessageContext) -> Iterator[ExpertNote]:
    """Yield all notes of a message, or of a frame without any message.

    Those of its exchange are included only if the capture can be read twice.
    """
    if situation.walked is None:
        yield from (ExpertNote(ERROR, kind, text) for kind, text in losses(situation.record.comments))
        return
    yield from of_message(situation.walked)
    if situation.whole is not None and situation.whole.again:
        noted: CaptureNotes = situation.whole.result(NOTED)
        yield from noted.notes.get(situation.key, ())


def notes_in(block: Block, rows: Iterable[int] | None = None) -> Iterator[tuple[MessageContext, ExpertNote]]:
    """Yield the notes of a block's messages, or of those in `rows`; each message is decoded in full."""
    walker = MessageDecoder(block, None)
    for row in range(len(block)) if rows is None else rows:
        situation = walker.situation(row)
        for note in notes_of(situation):
            yield situation, note


@derived_field("expert", Text(None), "expert notes: what to look at in a message, or in its exchange")
def _text(situation: MessageContext) -> tuple[Any, ...]:
    return tuple(one.text for one in notes_of(situation))


@derived_field(
    "expert.kind", ChoiceText(*KINDS), 'what an expert note is about, as "unanswered" or "unknown attribute"'
)
def _kind(situation: MessageContext) -> tuple[Any, ...]:
    return tuple(one.kind for one in notes_of(situation))


@derived_field("expert.severity", ChoiceText(*SEVERITIES), '"error", "warning" or "note"')
def _severity(situation: MessageContext) -> tuple[Any, ...]:
    return tuple(one.severity for one in notes_of(situation))
