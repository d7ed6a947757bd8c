"""A capture made long by copies of itself, each rewritten so that hardly two messages have one body.

Every message of the base is walked once; leaves.py says which bytes may be others. A copy then takes some NumPy steps:
sequence numbers, port ids and interface indexes grow, names go through an alphabet of the copy's own, addresses and
numbers get other bits. A request, its answers and what they tell of stay together. Times of records go on.
"""

from __future__ import annotations

import collections
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pcapfile
from leaves import ADDRESS_SLOT, SLOTS, By, Change, changes
from numpy.typing import NDArray

from nldissect.uapi import NLMSG_DONE, NLMSG_ERROR
from nldissect.wire import Context, DecodedMessage, walk
from nldissect.wire.protocol import NLM_F, TO_KERNEL, TO_USER

SEQ_STEP, GENERATION_STEP, PID_STEP = 100_000_007, 65_537, 11
ODD = 40503
"""So an exchange has other addresses in each of 65,536 copies."""
COPY = 0
"""Number of the key that is the same all over a copy; each exchange has one too."""
Octets = NDArray[np.uint8]


class Base:
    """Records joined from some captures, each capture beginning a second after the one before, and what may change.

    limit   bytes taken of each capture, from its beginning on; None: all
    alone   each message has addresses and ports of its own, not only each exchange
    """

    def __init__(self, captures: Iterable[Path], *, limit: int | None = None, alone: bool = False) -> None:
        self._bytes = bytearray()
        self._ends: list[int] = []
        self._times: list[int] = []
        self._changes: dict[By, list[tuple[int, int, int]]] = {by: [] for by in By}
        self._keys: dict[object, int] = {}
        self._generations: dict[object, tuple[int, bool]] = {}
        self._types: collections.Counter[str] = collections.Counter()
        self._limit = limit
        self._alone = alone
        self._last_index = 0
        second = 0
        for number, path in enumerate(captures):
            second = self._join(path, number, second)
        self._seconds = second - self._first_second
        self.frames, self.size = len(self._ends), len(self._bytes)

    def _join(self, path: Path, number: int, second: int) -> int:
        """Take in one capture from that second on; return the first second after it."""
        records = list(pcapfile.read(path))
        if not records:
            return second
        began = min(record.time for record in records) // pcapfile.MICROSECONDS
        if not self._ends:
            second = self._first_second = began
        later = (second - began) * pcapfile.MICROSECONDS
        context = Context()
        start = len(self._bytes)
        for record in records:
            time = record.time + later
            place = len(self._bytes)
            if self._limit is not None and place - start + pcapfile.RECORD.size + len(record.data) > self._limit:
                break
            self._times.append(place)
            self._bytes += pcapfile.header(time, len(record.data), record.wire_length) + record.data
            self._ends.append(len(self._bytes))
            for message in walk(record.data, context, wire_length=record.wire_length).messages:
                self._types[message.type_name] += 1
                exchange = self._exchange(number, place, message)
                for change in changes(message):
                    self._take(change, place + pcapfile.RECORD.size, *exchange)
        return max(record.time + later for record in records) // pcapfile.MICROSECONDS + 1

    def _exchange(self, number: int, place: int, message: DecodedMessage) -> tuple[int, int]:
        """Return the key of the exchange that a message is of (its own, if of none), and which of its number that is.

        Programs number from the second they start in, so a number comes again: a request begins another exchange where
        the one before is over.
        """
        own = (number, message.protocol, message.seq)
        generation, over = self._generations.get(own, (0, False))
        if message.direction == TO_KERNEL:
            generation, over = generation + over, False
        else:
            ends = message.number in (NLMSG_ERROR, NLMSG_DONE)
            over |= ends or (message.direction == TO_USER and not message.flags & NLM_F.MULTI)
        self._generations[own] = generation, over
        exchange: object = (place, message.start) if self._alone or not message.seq else (own, generation)
        return self._keys.setdefault(exchange, COPY + 1 + len(self._keys)), generation

    def _take(self, change: Change, frame: int, key: int, generation: int) -> None:
        place = frame + change.place
        slot = change.slot + SLOTS * (COPY if change.by is By.COPY else key)
        if change.by is By.INDEX:
            self._last_index = max(self._last_index, int.from_bytes(self._bytes[place : place + 4], "little"))
        self._changes[change.by].append((place, change.mask, generation if change.by is By.SEQ else slot))

    def count(self, type_name: str) -> int:
        """Return how many messages of a type there are."""
        return self._types[type_name]

    def write(self, path: Path, size: int, *, seed: int = 1, first: bool = False) -> tuple[int, int]:
        """Write a capture of about `size` bytes; return its frames and the copies in it, the last of them cut.

        first   the first copy is the base as it is
        """
        random = np.random.default_rng(seed)
        base = np.frombuffer(bytes(self._bytes), np.uint8)
        ends = np.array(self._ends, np.int64)
        table = {by: np.array(rows, np.int64).reshape(-1, 3).T for by, rows in self._changes.items()}
        left = size - pcapfile.FILE_HEADER.size
        self._addresses = random.integers(0, 1 << 16, 1 + len(self._keys), np.uint16)
        frames = copy = 0
        with path.open("wb") as stream:
            stream.write(pcapfile.FIRST)
            while left >= self._ends[0]:
                octets = base if first and copy == 0 else self._copy(base, table, copy, random)
                whole = int(np.searchsorted(ends, left, "right"))
                stream.write(octets[: ends[whole - 1]])
                frames += whole
                left -= int(ends[whole - 1])
                copy += 1
                if whole < self.frames:
                    break
        return frames, copy

    def _copy(self, base: Octets, table: dict[By, NDArray[np.int64]], copy: int, random: np.random.Generator) -> Octets:
        """Return the bytes of the base with what belongs to one copy."""
        octets = base.copy()
        words = np.ndarray((max(0, len(octets) - 3),), "<u4", octets, strides=(1,))
        for by, step in {By.SEQ: SEQ_STEP, By.PID: PID_STEP, By.INDEX: self._last_index + 1}.items():
            words[table[by][0]] += np.uint32(copy * step & 0xFFFFFFFF)
        place, _, generation = table[By.SEQ]
        words[place] += (generation * GENERATION_STEP).astype(np.uint32)
        words[np.array(self._times)] += np.uint32(copy * self._seconds)
        letters = table[By.LETTER][0]
        octets[letters] = alphabet(random)[octets[letters]]
        keys = random.integers(0, 256, (1 + len(self._keys), SLOTS), np.uint8)
        addresses = self._addresses + np.uint16(copy * ODD & 0xFFFF)
        keys[:, ADDRESS_SLOT : ADDRESS_SLOT + 2] = addresses[:, None].view(np.uint8)
        keys = keys.ravel()
        for by in (By.COPY, By.EXCHANGE):
            place, mask, slot = table[by]
            octets[place] ^= keys[slot] & mask.astype(np.uint8)
        place, mask, _ = table[By.MESSAGE]
        octets[place] ^= random.integers(0, 256, len(place), np.uint8) & mask.astype(np.uint8)
        return octets


def alphabet(random: np.random.Generator) -> Octets:
    """Return what each byte of a name becomes: letters and digits are exchanged for others, all else stays."""
    found = np.arange(256, dtype=np.uint8)
    for characters in (b"abcdefghijklmnopqrstuvwxyz", b"0123456789"):
        codes = np.frombuffer(characters, np.uint8)
        found[codes] = random.permutation(codes)
    return found
