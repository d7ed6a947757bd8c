"""Reasons of the refusals of one capture: its objects are followed up to the last refusal for which there are rules.

Only messages that tell of the rules' objects are decoded, and what they are about: requests, acknowledgements, dumps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from nldissect.columns.blocks.block import NO_TIME, Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.message_type import MessageType
from nldissect.columns.blocks.whole_capture import PASSES, WholeCapture
from nldissect.columns.fields.message_decoder import MessageDecoder
from nldissect.wire.semantics.objects import OBJECTS
from nldissect.wire.semantics.refusals import REFUSALS, RefusalRule
from nldissect.wire.semantics.request_forms import REQUEST_FORMS

from ..causes.cause import CauseResolver, cause_of_change
from ..exchanges.fields import EXCHANGE
from ..exchanges.ledger import ACK, END, PLACES
from ..exchanges.pairs import NONE
from ..exchanges.table import INTERRUPTED, OK, Exchanges
from ..objects.observed_message import ObservedMessage
from .explainer import ExplainedRefusal, RefusalExplainer
from .reason import Reason

REASON = "reason"


class Refusal(NamedTuple):
    """A refused request: row of the message that refuses it, row of the request, error number."""

    row: int
    request: int
    error: int


class ReasonFinder:
    """The search for reasons in one capture, message by message; `found`: by row of the message that refuses."""

    def __init__(self, exchanges: Exchanges, refusals: Iterable[Refusal]) -> None:
        self._texts = exchanges.ledger.texts
        self._explainer = RefusalExplainer()
        self._refusals = {one.row: one for one in refusals}
        self._asked = {one.request for one in self._refusals.values()}
        self._requests: dict[int, ObservedMessage] = {}
        self.found: dict[int, ExplainedRefusal] = {}

    def meet(self, row: int, message: ObservedMessage) -> None:
        """Observe the next message."""
        if row in self._asked:
            self._requests[row] = message
        self._explainer.observe(message)
        refusal = self._refusals.get(row)
        request = None if refusal is None else self._requests.pop(refusal.request, None)
        if refusal is not None and request is not None:
            found = self._explainer.explain(request, refusal.error, self._texts.get(row))
            if found is not None:
                self.found[row] = found


class RefusalReasons:
    """The reasons of the refusals of one capture; NldissectError if it can't be read twice.

    Those of a file that grows are those of the time of the making.
    """

    def __init__(self, whole: WholeCapture) -> None:
        self._exchanges: Exchanges = whole.result(EXCHANGE)
        self._reasons: dict[int, Reason] = {}
        refusals = list(_refusals(self._exchanges))
        if not refusals:
            return
        finder, losses = ReasonFinder(self._exchanges, refusals), list[int]()
        wanted = _wanted(self._exchanges, refusals)
        first = 0
        source = whole.reader()
        for block in source.blocks():
            mine = wanted[first : first + len(block)].nonzero()[0]
            losses += block.frames.number[block.loss_frames()].tolist()
            for index, message in _messages(block, mine):
                finder.meet(first + index, message)
            first += len(block)
            if first >= len(wanted):
                break
        moved = source.reader.moved
        source.finish()
        found = {row: one for row, one in finder.found.items() if not moved or one.fact.change is None}
        self._take(found, whole, losses)

    def of_row(self, row: int) -> Reason | None:
        """Return the reason of a refusal, by the row of the message that refuses; None where none is known."""
        return self._reasons.get(row)

    def of_key(self, key: int) -> Reason | None:
        """Return the reason of a refusal, by the key of the message that refuses; None where none is known."""
        return self.of_keys(np.array([key], np.int64))[0][-1]

    def of_keys(self, keys: Array) -> tuple[list[Reason | None], Array]:
        """Return reasons, None the first of them, and for each message, by key, the index of its reason, int64."""
        numbers = np.zeros(len(keys), np.int64)
        if not self._reasons:
            return [None], numbers
        rows, there = self._exchanges.ledger.find(keys)
        mine = (there & np.isin(rows, list(self._reasons))).nonzero()[0]
        numbers[mine] = np.arange(1, len(mine) + 1)
        return [None, *(self._reasons[row] for row in rows[mine].tolist())], numbers

    def _take(self, found: dict[int, ExplainedRefusal], whole: WholeCapture, losses: list[int]) -> None:
        """Keep what was found, each with the cause of its change."""
        causes = CauseResolver(whole) if any(one.fact.change is not None for one in found.values()) else None
        for row, one in found.items():
            change, frame = one.fact.change, self._exchanges.place(row)[0]
            lost = change is not None and any(change.frame < loss <= frame for loss in losses)
            self._reasons[row] = one.reason(None if change is None else cause_of_change(change, int, causes), lost)


def _refusals(exchanges: Exchanges) -> Iterator[Refusal]:
    """Yield the refusals of requests for which there are rules."""
    table, ledger = exchanges.table(), exchanges.ledger
    meanings = ledger.tables()[0]["meaning"]
    for number in ((table["result"] > OK) & (table["result"] < INTERRUPTED)).nonzero()[0].tolist():
        row, error = int(table["decisive"][number]), int(table["result"][number])
        request = exchanges.request_of(row)
        if request != NONE and error in _errors(ledger.meanings[int(meanings[request])]):
            yield Refusal(row, request, error)


def _errors(meaning: MessageType) -> set[int]:
    """Return the error numbers for which there are rules for requests of a type."""
    return {error for rule in _rules(meaning) for error in rule.errors}


def _wanted(exchanges: Exchanges, refusals: list[Refusal]) -> Array:
    """Return a mask of the messages that are decoded, by row, up to the last refusal."""
    ledger = exchanges.ledger
    table = ledger.tables()[0]
    stop = max(one.row for one in refusals) + 1
    kinds = {(int(table["meaning"][one.request]), one.error) for one in refusals}
    about = {name for meaning, error in kinds for name in _about(ledger.meanings[meaning], error)}
    told = np.array([_tells(one, about) for one in ledger.meanings], bool)[table["meaning"]]
    role = table["role"]
    dumps = np.array([_lists(one, about) for one in ledger.meanings], bool)[table["meaning"]]
    told |= dumps & exchanges.dump
    told[[one.request for one in refusals]] = True
    ends = (role == ACK) | (role == END)
    owner = exchanges.pairs.request
    told &= ~ends & (role != 0)
    told |= ends & (owner >= 0) & told[np.maximum(owner, 0)]
    return told[:stop]


def _about(meaning: MessageType, error: int) -> Iterator[str]:
    """Yield the names of the types of objects that rules for refusals of a type of requests are about."""
    for rule in _rules(meaning):
        if error in rule.errors:
            yield from rule.about


def _rules(meaning: MessageType) -> list[RefusalRule]:
    """Return the rules for requests of a type."""
    place = meaning.protocol if meaning.family is None else meaning.family
    return [*REFUSALS.get((place, meaning.called), ()), *REFUSALS.get((place, "*"), ())]


def _tells(meaning: MessageType, about: set[str]) -> bool:
    """Return whether messages of a type tell of objects of some types, or may change them."""
    place = meaning.protocol if meaning.family is None else meaning.family
    told = OBJECTS.get((place, meaning.called))
    if told is not None:
        return any(one.thing is not None and one.thing.name in about for one in told)
    return (meaning.protocol, meaning.called) in REQUEST_FORMS


def _lists(meaning: MessageType, about: set[str]) -> bool:
    """Return whether messages of a type ask for objects of some types."""
    place = meaning.protocol if meaning.family is None else meaning.family
    told = OBJECTS.get((place, meaning.called.replace("_GET", "_NEW")), ())
    return any(one.thing is not None and one.thing.name in about for one in told)


def _messages(block: Block, rows: Array) -> Iterator[tuple[int, ObservedMessage]]:
    """Yield some messages of a block, decoded, each with its place in the block."""
    decoder = MessageDecoder(block, None)
    for index, key in zip(rows.tolist(), block.keys[rows].tolist(), strict=True):
        frame = int(block.messages.frame[index])
        time = int(block.frames.time[frame])
        where = block.interfaces[int(block.frames.interface[frame])].space_or_name
        place, moment = key & (1 << PLACES) - 1, None if time == NO_TIME else time
        yield index, ObservedMessage(key >> PLACES, place, moment, decoder.message(index), where, key)


PASSES[REASON] = RefusalReasons
