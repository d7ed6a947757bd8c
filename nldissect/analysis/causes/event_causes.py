"""Requests that caused events, found for a whole capture.

1. An event that carries sequence number and port id of its cause is paired with that request (analysis/exchanges).
2. An event that carries the port id alone (neighbours, connections) is caused by the request of that port in whose
   window it stands.
3. Any other event is caused by the request in whose window it stands (request_windows.py), if only one window there is
   of a request that mentions the event's interface, or one that earlier events in its window mention: so an address
   goes with its link, and a VLAN link with the link below. That is inferred: the kernel may act by itself meanwhile.

An event that a listener read later (strace) has no place among the requests: for it there is only 1.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.whole_capture import PASSES, WholeCapture
from nldissect.columns.fields.message_decoder import MessageDecoder
from nldissect.families.answer_rules import INTERFACE_NAMES
from nldissect.request_tracker import GET
from nldissect.uapi import NETLINK_GENERIC, NETLINK_ROUTE
from nldissect.wire import DecodedMessage, nodes_of

from ..exchanges.fields import EXCHANGE
from ..exchanges.ledger import EVENT, Table
from ..exchanges.pairs import ECHO, NONE, ONLY, ORDER, PORT, Pairs
from ..exchanges.table import Exchanges
from ..processes.process import EXACT, GUESSED, LEARNT, said
from .request_windows import RequestWindows, request_windows

CAUSE = "cause"
INFERRED = "inferred"
CONFIDENCE = ("", EXACT, LEARNT, GUESSED, INFERRED)
"""Confidences by number; 0: there is no cause."""
BY_PROOF = np.zeros(ECHO + 1, np.uint8)
BY_PROOF[[ECHO, PORT, ONLY, ORDER]] = 1, 1, 2, 3
Mention = tuple[str, object]


class EventCauses:
    """Causes of all events of a capture; arrays have one entry per message, as the ledger counts.

    request      int64, row of the request that caused an event, -1: none is known
    confidence   uint8, index in CONFIDENCE
    """

    def __init__(self, exchanges: Exchanges, blocks: Iterator[Block]) -> None:
        self.exchanges = exchanges
        table, pairs = exchanges.ledger.tables()[0], exchanges.pairs
        self.request, self.confidence = _paired(table, pairs)
        windows = request_windows(table, pairs, exchanges.dump)
        _Inference(table, windows, _ports(exchanges, windows.row), self.request, self.confidence).run(blocks)

    def at(self, keys: Array) -> tuple[Array, Array]:
        """Return for messages, by key, the row of the request that caused each, and the confidence; -1 and 0: none."""
        rows, there = self.exchanges.ledger.find(keys)
        if not len(self.request):
            return np.full(len(keys), NONE, np.int64), np.zeros(len(keys), np.uint8)
        return np.where(there, self.request[rows], NONE), np.where(there, self.confidence[rows], 0)


def _ports(exchanges: Exchanges, rows: Array) -> dict[int, int]:
    """Return the port ids of requests, by row, where they or their answers have one."""
    numbers = exchanges.of(rows)
    ports = np.append(exchanges.table()["port"], 0)[numbers - 1]
    return {
        row: port for row, port, number in zip(rows.tolist(), ports.tolist(), numbers.tolist(), strict=True) if number
    }


def _paired(table: Table, pairs: Pairs) -> tuple[Array, Array]:
    """Return request and confidence of the events that are paired with their requests."""
    request = np.where(table["event"], pairs.request, NONE).astype(np.int64)
    asked = np.where(request >= 0, table["verb"][request] if len(request) else 0, 0)
    request = np.where(asked == GET, NONE, request)
    return request, np.where(request >= 0, BY_PROOF[pairs.proof], 0).astype(np.uint8)


class _Inference:
    """The search for causes by position; it fills `request` and `confidence` in place."""

    def __init__(
        self, table: Table, windows: RequestWindows, ports: dict[int, int], request: Array, confidence: Array
    ) -> None:
        self._table, self._windows, self._ports = table, windows, ports
        self._request, self._confidence = request, confidence
        self._events = table["event"] & (table["role"] == EVENT) & (request < 0)
        self._mentions: dict[int, set[Mention]] = {}
        self._open: list[int] = []  # places in `windows`
        self._next = 0

    def run(self, blocks: Iterator[Block]) -> None:
        events, asked = self._inside()
        wanted = np.zeros(len(self._request), bool)
        wanted[events] = wanted[asked] = True
        if not wanted.any():
            return
        first = 0
        for block in blocks:
            mine = wanted[first : first + len(block)].nonzero()[0]
            decoder = MessageDecoder(block, None)
            for index in mine.tolist():
                self._meet(first + index, decoder.message(index), _is_read_later(block, index))
            first += len(block)

    def _inside(self) -> tuple[Array, Array]:
        """Return the rows of the events that stand in a window, and of the requests that have such windows."""
        events, (row, start, stop) = self._events.nonzero()[0], self._windows
        begin, end = events.searchsorted(start, side="right"), events.searchsorted(stop)
        has = end > begin
        edges = np.zeros(len(events) + 1, np.int64)
        np.add.at(edges, begin[has], 1)
        np.add.at(edges, end[has], -1)
        return events[edges.cumsum()[:-1] > 0], row[has]

    def _meet(self, row: int, walked: DecodedMessage, late: bool) -> None:
        if not self._events[row]:
            self._mentions[row] = mentions(walked)
            return
        around = self._around(row)
        if late:
            return
        told = mentions(walked)
        fitting = [one for one in around if self._fits(one, row, told)]
        if len(fitting) == 1:
            sure = LEARNT if self._table["pid"][row] else INFERRED
            self._request[row], self._confidence[row] = fitting[0], CONFIDENCE.index(sure)
            self._mentions[fitting[0]] |= told

    def _around(self, row: int) -> list[int]:
        """Return the requests in whose windows a row stands."""
        asked, start, stop = self._windows
        while self._next < len(asked) and asked[self._next] < row:
            self._open.append(self._next)
            self._next += 1
        for place in [place for place in self._open if stop[place] <= row]:
            self._open.remove(place)
            self._mentions.pop(int(asked[place]), None)
        return [int(asked[place]) for place in self._open if start[place] < row and int(asked[place]) in self._mentions]

    def _fits(self, asked: int, row: int, told: set[Mention]) -> bool:
        """Return whether a request can have caused an event that stands in its window."""
        space = self._table["port_space"]
        if space[asked] >> 16 != space[row] >> 16:
            return False
        protocols = int(space[asked] & 0xFFFF), int(space[row] & 0xFFFF)
        if protocols[0] != protocols[1] and protocols != (NETLINK_GENERIC, NETLINK_ROUTE):
            return False
        if port := int(self._table["pid"][row]):
            return self._ports.get(asked) == port
        if told:
            return bool(told & self._mentions[asked])
        return bool(self._table["pairing_key"][asked] == self._table["pairing_key"][row])


def mentions(walked: DecodedMessage) -> set[Mention]:
    """Return the interfaces that a message mentions, by index and by name."""
    found = set[Mention]()
    for node, _ in nodes_of(walked):
        value = node.value
        if getattr(node.kind, "refers", None) == "interface" and isinstance(value, int) and value > 0:
            found.add(("interface", value))
        elif node.name in INTERFACE_NAMES and isinstance(value, str):
            found.add(("name", value))
    return found


def _is_read_later(block: Block, index: int) -> bool:
    """Return whether the frame of a message is what a listener read, as strace logs have it."""
    comments = block.comments.get(int(block.frames.start[int(block.messages.frame[index])]), ())
    return bool(comments) and said(comments) is not None


def event_causes(whole: WholeCapture) -> EventCauses:
    """Return the causes of all events of a capture; NldissectError if it can't be read twice."""
    return EventCauses(whole.result(EXCHANGE), whole.blocks())


PASSES[CAUSE] = event_causes
