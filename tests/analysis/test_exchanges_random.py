"""Sockets that ask at once with few sequence numbers, made up by chance: what is joined is right, or said to be unsure.

The model: a socket asks, gets all its answers, asks again, as the kernel answers inside the sender's send(); what
several sockets do comes in any order.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from nldissect.analysis.exchanges.ambiguous import DOUBTFUL
from nldissect.analysis.exchanges.table import Exchanges
from tests.helpers.exchanges import DUMP, exchanges_of
from tests.helpers.messages import ACK, MULTI, REQUEST, ROUTE, error, frame, link, message, write

Place = tuple[int, int]
"""Frame, and message in it."""
Truth = dict[int, Place]


class Sender:
    """A socket that asks one thing after another."""

    def __init__(self, chance: random.Random, port: int) -> None:
        self.chance, self.port = chance, port
        self.told = chance.random() < 0.3
        self.left: list[tuple[int, bytes]] = []

    def ask(self) -> list[bytes]:
        """The requests of a datagram; what will be answered to which of them is then `left`."""
        seq = self.chance.randrange(1, 4)
        pid = self.port if self.told else 0
        kind = self.chance.choice(("dump", "get", "set", "quiet"))
        if kind == "dump":
            what = self.chance.choice((18, 22, 26))
            body = b"\0" * {18: 16, 22: 8, 26: 12}[what]
            parts = [message(what - 2, body, MULTI, seq, self.port) for _ in range(self.chance.randrange(4))]
            self.left = [(1, one) for one in (*parts, message(3, b"\0" * 4, MULTI, seq, self.port))]
            return [message(what, body, REQUEST | DUMP, seq, pid)]
        index = self.chance.randrange(1, 5)
        if kind == "get":
            request = link(index, kind=18, flags=REQUEST, seq=seq, pid=pid)
            good = link(index, kind=16, seq=seq, pid=self.port)
            self.left = [(1, self.chance.choice((good, error(19, request, seq=seq, pid=self.port))))]
            return [request]
        request = link(index, kind=19, flags=REQUEST | (ACK if kind == "set" else 0), seq=seq, pid=pid)
        heard = [link(index, kind=16, seq=seq, pid=self.port)] * self.chance.randrange(3)
        ends = [error(self.chance.choice((0, 1)), request, capped=True, seq=seq, pid=self.port)]
        self.left = [(1, one) for one in (*heard, *(ends if kind == "set" else []))]
        return [request]


class Batcher(Sender):
    """A socket that asks for several things in one datagram too, of four kinds of object, and gets what they became."""

    BODY = {16: 16, 20: 8, 24: 12, 28: 12}

    def __init__(self, chance: random.Random, port: int) -> None:
        super().__init__(chance, port)
        self.seq = chance.randrange(1, 4)
        self.counts = chance.choice(("same", "next", "any"))

    def ask(self) -> list[bytes]:
        count = self.chance.choice((1, 1, 1, 2, 3))
        asked = [self._one(count == 1) for _ in range(count)]
        self.left = [(place, one) for place, (_, told) in enumerate(asked, 1) for one in told]
        return [request for request, _ in asked]

    def _one(self, alone: bool) -> tuple[bytes, list[bytes]]:
        chance, port = self.chance, self.port
        self.seq = {"same": self.seq, "next": self.seq + 1, "any": chance.randrange(1, 5)}[self.counts]
        seq, pid = self.seq, port if self.told else 0
        what = chance.choice(tuple(self.BODY))
        family = chance.choice((0, 2, 10)) if what in (20, 24) else 0
        body = bytes([family]) + bytes(self.BODY[what] - 1)
        acks = ACK if chance.random() < 0.2 else 0
        kind = chance.choice(("get", "set", "quiet", *(["dump"] if alone else [])))
        if kind == "dump":
            request = message(what + 2, body, REQUEST | DUMP | acks, seq, pid)
            part = bytes([family or (chance.choice((2, 10)) if what in (20, 24) else 0)]) + body[1:]
            parts = [message(what, part, MULTI, seq, port)] * chance.randrange(6)
            return request, [*parts, message(3, b"\0" * 4, MULTI, seq, port)]
        if kind == "get":
            request = message(what + 2, body, REQUEST | acks, seq, pid)
            ends = [error(0, request, capped=True, seq=seq, pid=port)] if acks else []
            told = [message(what, body, 0, seq, port), *ends]
        else:
            change, body = what + chance.randrange(2), body + bytes(4 * chance.randrange(3))
            flags = REQUEST | (ACK if kind == "set" else 0) | chance.choice((0, 0x400))
            request = message(change, body, flags, seq, pid)
            ends = [error(0, request, capped=True, seq=seq, pid=port)] if kind == "set" else []
            told = [message(change, body, 0, seq, port)] * chance.randrange(3) + ends
        return request, [error(17, request, seq=seq, pid=port)] if chance.random() < 0.2 else told


def crowd(chance: random.Random, make: Callable[[random.Random, int], Sender], steps: int) -> tuple[list[bytes], Truth]:
    """Frames of some sockets, and for each answer's frame its request."""
    senders = [make(chance, 100 + number) for number in range(chance.randrange(2, 6))]
    traffic: list[bytes] = []
    truth: Truth = {}
    asked: dict[int, int] = {}
    for _ in range(steps):
        sender = chance.choice(senders)
        if sender.left:
            place, data = sender.left.pop(0)
            traffic.append(frame(ROUTE, data))
            truth[len(traffic)] = asked[sender.port], place
        else:
            traffic.append(frame(ROUTE, *sender.ask()))
            asked[sender.port] = len(traffic)
    return traffic, truth


SINGLE = (*range(25), 122, 210, 213, 275, 340, 347, 630)
"""The last ones were joined falsely once: what had been given to another in doubt was held for answered."""
SEVERAL = range(25)


@pytest.mark.parametrize(
    ("make", "steps", "seed"), [(Sender, 120, one) for one in SINGLE] + [(Batcher, 200, one) for one in SEVERAL]
)
def test_no_false_pairing_where_the_truth_is_known(tmp_path: Path, make: type[Sender], steps: int, seed: int) -> None:
    """What belongs to one port is never torn apart, and little is left unpaired; the same as the capture grows."""
    traffic, truth = crowd(random.Random(seed), make, steps)
    path = write(tmp_path / "x.pcap", *traffic, step=20)
    joined, unsure = _joined(exchanges_of(path))
    assert (joined, unsure) == _joined(exchanges_of(path, window=1000, asking=True))
    wrong = {answer for answer, request in joined.items() if truth[answer] != request}
    assert {answer for answer in wrong if joined[answer] not in unsure and truth[answer] not in unsure} == set()
    assert len(truth) * 0.9 <= len(joined)


class OneNumber(random.Random):
    """Sequence numbers that are always the same."""

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        return 1 if (start, stop) in ((1, 4), (1, 5)) else super().randrange(start, stop, step)


@pytest.mark.parametrize("make", [Sender, Batcher])
def test_all_with_one_sequence_number(tmp_path: Path, make: type[Sender]) -> None:
    """More is in doubt than is kept: what is joined is still right, or said to be unsure."""
    traffic, truth = crowd(OneNumber(1), make, 1500)
    joined, unsure = _joined(exchanges_of(write(tmp_path / "x.pcap", *traffic, step=20)))
    wrong = {answer for answer, request in joined.items() if truth[answer] != request}
    assert {answer for answer in wrong if joined[answer] not in unsure and truth[answer] not in unsure} == set()
    assert DOUBTFUL < len(unsure) and len(truth) * 0.9 <= len(joined)


def _joined(found: Exchanges) -> tuple[dict[int, Place], set[Place]]:
    """The request of each answer's frame; requests that are one of several alike."""
    joined: dict[int, Place] = {}
    unsure: set[Place] = set()
    alike = found.table()["alike"].tolist()
    for number in range(1, len(found) + 1):
        one = found.exchange(number)
        for answer, owner in zip(one.answers, one.owners, strict=True):
            if owner >= 0:
                joined[found.place(answer)[0]] = found.place(owner)
        if alike[number - 1]:
            unsure.update(map(found.place, one.requests))
    return joined, unsure
