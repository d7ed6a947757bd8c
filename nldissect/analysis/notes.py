"""Expert notes: what a reader of a capture should look at, each with a severity and a kind.

Some stand in a message itself, what its decoder found odd among them (`of_message`); others are known of exchanges only
(`Noted`), and so of captures that can be read twice. `expert` is the field with their texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from nldissect.index.block import Block
from nldissect.index.derived import Situation, register
from nldissect.index.walker import Walker
from nldissect.index.whole import MAKERS
from nldissect.wire import Nest, Text, Walked
from nldissect.wire.acks import ack_of
from nldissect.wire.attrs import NLA_F_NESTED
from nldissect.wire.errno import ERRNO
from nldissect.wire.flags import NLM_F, NLMSG_DONE, NLMSG_ERROR, TO_KERNEL
from nldissect.wire.nodes import nodes_of

from .exchangefields import EXCHANGE
from .exchanges import INTERRUPTED, UNANSWERED, UNASKED, UNFINISHED, Exchanges
from .pairs import NONE, ORDER

NOTE, WARNING, ERROR = "note", "warning", "error"
SEVERITIES = (ERROR, WARNING, NOTE)
NLMSG_OVERRUN = 4
BUFFERS = (32, 16, 4)
"""Common sizes of receive buffers, in KiB."""
KINDS = (
    (re.compile("has no attribute"), "unknown attribute"),
    (re.compile("left over|longer than known"), "leftover bytes"),
    (re.compile("repeats$"), "repeated attribute"), (re.compile("^padding"), "padding"),
)  # fmt: skip
"""What notes of the decoder are about, by their text; all others are of a wrong length."""


class Expert(NamedTuple):
    """One note."""

    severity: str
    kind: str
    text: str


def of_message(walked: Walked) -> Iterator[Expert]:
    """What a message says by itself."""
    for note in walked.notes:
        kind = next((kind for pattern, kind in KINDS if pattern.search(note.text)), "wrong length")
        yield Expert(note.severity, kind, note.text)
    if not walked.has_header:
        return
    if walked.number in (NLMSG_ERROR, NLMSG_DONE):
        yield from _of_ack(walked)
    elif walked.number == NLMSG_OVERRUN:
        yield Expert(ERROR, "overrun", "the receiver was told that messages were lost")
    elif walked.message is None and walked.type_name.isdigit() and walked.family is None:
        yield Expert(NOTE, "unknown message", f"no table describes type {walked.number}")
    if walked.end - walked.start < walked.length:
        missing = walked.length - (walked.end - walked.start)
        yield Expert(NOTE, "cut", f"{missing} bytes were not captured")
    for size in BUFFERS:
        if walked.length > size << 10:
            yield Expert(NOTE, "large message", f"longer than {size} KiB, a common size of receive buffers")
            break
    if walked.direction == TO_KERNEL:
        yield from _of_request(walked)


def _of_ack(walked: Walked) -> Iterator[Expert]:
    ack = ack_of(walked)
    told = walked.find("NLMSGERR_ATTR_MSG")
    words = f": {told.value}" if told is not None and isinstance(told.value, str) else ""
    if ack is not None and ack.error < 0:
        yield Expert(ERROR, "refused", f"{ERRNO.names.get(-ack.error, -ack.error)}{words}")
    elif ack is not None and words:
        yield Expert(WARNING, "warning of the kernel", words[2:])


def _of_request(walked: Walked) -> Iterator[Expert]:
    """What newer kernels check in requests."""
    for node, _ in nodes_of(walked):
        if node.number is None:
            continue
        if node.kind.deprecated:
            yield Expert(NOTE, "deprecated attribute", f"{node.name} is deprecated")
        if isinstance(node.kind, Nest) and node.kind.set is not None and node.end - node.start >= 4:
            high = walked.data[node.start - 1 if walked.order == "<" else node.start - 2]
            if not high & NLA_F_NESTED >> 8:
                yield Expert(NOTE, "missing nested flag", f"{node.name} holds attributes, without NLA_F_NESTED")


class Noted:
    """What is known of exchanges, by the key of the message that bears the note."""

    def __init__(self, found: Exchanges) -> None:
        self.notes: dict[int, list[Expert]] = {}
        table, (ledger, _) = found.table(), found.ledger.tables()
        self._key = ledger["key"]
        result, head = table["result"], table["head"]
        for place in np.isin(result, (UNANSWERED, UNFINISHED, UNASKED, INTERRUPTED)).nonzero()[0].tolist():
            self._ended(found, int(result[place]), place + 1, int(head[place]), int(table["decisive"][place]))
        for place in (table["proof"] == ORDER).nonzero()[0].tolist():
            text = f"one of {table['alike'][place]} requests that the answers fit, taken in order"
            self._add(int(head[place]), Expert(NOTE, "alike", text))
        filtered = ledger["flags"] & NLM_F.DUMP_FILTERED != 0
        numbers, first = np.unique(np.where(filtered, found.of(np.arange(len(filtered))), 0), return_index=True)
        for number, row in zip(numbers.tolist(), first.tolist(), strict=True):
            if number:
                self._add(row, Expert(NOTE, "filtered dump", "the kernel left out what was not asked for"))
        self._repeated(table, ledger)

    def _ended(self, found: Exchanges, result: int, number: int, head: int, decisive: int) -> None:
        if result == INTERRUPTED:
            cause = found.cause(number)
            by = f", by what frame {found.place(cause)[0]} changed" if cause != NONE else ""
            text = f"the dump was interrupted and may be inconsistent{by}"
            self._add(decisive, Expert(WARNING, "interrupted dump", text))
        elif result == UNANSWERED:
            self._add(head, Expert(WARNING, "unanswered", "no answer is in the capture"))
        elif result == UNFINISHED:
            self._add(head, Expert(WARNING, "unfinished", "the end of the answer is not in the capture"))
        else:
            self._add(head, Expert(NOTE, "unasked", "the request is not in the capture"))

    def _repeated(self, table: dict[str, Any], ledger: dict[str, Any]) -> None:
        """A port that uses a sequence number twice, one request behind the other."""
        asked = ((table["requests"] == 1) & (table["port"] != 0)).nonzero()[0]
        lane = ledger["lane"][table["head"][asked]]
        order = np.lexsort((asked, table["port"][asked], lane))
        mine = asked[order]
        seq, port = ledger["seq"][table["head"][mine]], table["port"][mine]
        same = (seq[1:] == seq[:-1]) & (port[1:] == port[:-1]) & (lane[order][1:] == lane[order][:-1])
        for place in mine[1:][same].tolist():
            text = f"the port's request before has sequence number {ledger['seq'][table['head'][place]]} too"
            self._add(int(table["head"][place]), Expert(NOTE, "duplicate sequence number", text))

    def _add(self, row: int, note: Expert) -> None:
        self.notes.setdefault(int(self._key[row]), []).append(note)


MAKERS["noted"] = lambda whole: Noted(whole.of(EXCHANGE))


def notes_of(situation: Situation) -> Iterator[Expert]:
    """All notes of a message; those of its exchange only where the capture can be read twice."""
    if situation.walked is None:
        return
    yield from of_message(situation.walked)
    for text in situation.record.comments if situation.place == 1 else ():
        if text.startswith("nldissect: lost"):
            yield Expert(ERROR, "lost", text.removeprefix("nldissect: "))
    if situation.whole is not None and situation.whole.again:
        noted: Noted = situation.whole.of("noted")
        yield from noted.notes.get(situation.key, ())


def notes_in(block: Block, rows: Iterable[int] | None = None) -> Iterator[tuple[Situation, Expert]]:
    """The notes of a block's messages, or of those in these rows; each message is walked."""
    walker = Walker(block, None)
    for row in range(len(block)) if rows is None else rows:
        situation = walker.situation(row)
        for note in notes_of(situation):
            yield situation, note


@register("expert", Text(None), "expert notes: what to look at in a message, or in its exchange")
def _text(situation: Situation) -> tuple[Any, ...]:
    return tuple(one.text for one in notes_of(situation))


@register("expert.kind", Text(None), 'what an expert note is about, as "unanswered" or "unknown attribute"')
def _kind(situation: Situation) -> tuple[Any, ...]:
    return tuple(one.kind for one in notes_of(situation))


@register("expert.severity", Text(None), '"error", "warning" or "note"')
def _severity(situation: Situation) -> tuple[Any, ...]:
    return tuple(one.severity for one in notes_of(situation))
