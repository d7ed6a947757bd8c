"""Frames of captures, and damaged ones made of them: bytes changed anywhere, and attributes changed so that the lengths
around them still fit."""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from nldissect.capfile import open_capture
from nldissect.capfile.link_types import NETLINK
from nldissect.wire import Context, Node, walk

COOKED, HEADER, ATTRIBUTE = 16, 16, 4
"""Bytes of the cooked header, of nlmsghdr and of nlattr."""
ODD_BYTES = (0, 1, 2, 3, 4, 5, 8, 15, 16, 17, 20, 0x7F, 0x80, 0xFF)


class Seed(NamedTuple):
    """A frame, and where its messages and attributes stand: (begin, end), headers included."""

    raw: bytes
    order: str
    messages: list[tuple[int, int]]
    attributes: list[tuple[int, int]]


def seeds_of(path: str | os.PathLike[str]) -> list[Seed]:
    """Return the frames of a capture."""
    with open_capture(path) as reader:
        return [_seed(record.data) for record in reader if record.interface.linktype == NETLINK]


def _seed(raw: bytes) -> Seed:
    messages = [one for one in walk(raw, Context()).messages if one.has_header]
    nodes = [node for message in messages for node in _nodes(message.layers)]
    attributes = [(node.whole, node.end) for node in nodes if node.start - node.whole == ATTRIBUTE]
    order = "big" if messages and messages[0].order == ">" else "little"
    return Seed(raw, order, [(message.start, message.end) for message in messages], attributes)


def _nodes(nodes: list[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        if isinstance(node.value, list) and node.value and isinstance(node.value[0], Node):
            yield from _nodes(node.value)


class Mutator:
    """Makes damaged frames of seeds; the same for the same seed number."""

    def __init__(self, seeds: list[Seed], number: int) -> None:
        self.seeds, self.random = seeds, Random(number)

    def frames(self, seeds: list[Seed]) -> list[bytes]:
        """Return frames made of some that follow one another: a part as they are, others damaged, left out, repeated,
        or swapped."""
        random, found = self.random, []
        share = random.choice((0.4, 0.8, 1))
        for seed in seeds:
            chance = random.random()
            if chance < 0.02:
                continue
            found.append(self.frame(seed) if random.random() < share else seed.raw)
            if chance > 0.98:
                found.append(seed.raw)
            if chance > 0.95 and len(found) > 1:
                found[-2:] = found[:-3:-1]
        return found

    def frame(self, seed: Seed) -> bytes:
        """Return a damaged frame."""
        random = self.random
        raw = bytearray(seed.raw)
        if seed.attributes and random.random() < 0.6:
            raw = self._reshaped(seed)
        if random.random() < 0.6:
            for _ in range(random.choice((1, 1, 2, 4, 8))):
                self._damage(raw, seed)
        return bytes(raw)

    def _reshaped(self, seed: Seed) -> bytearray:
        """One attribute has another size, number or content, or stands twice; all lengths around it fit."""
        random = self.random
        raw, (begin, end) = bytearray(seed.raw), random.choice(seed.attributes)
        head, content = raw[begin : begin + ATTRIBUTE], raw[begin + ATTRIBUTE : end]
        choice = random.randrange(7)
        if choice == 0:
            content = content[: random.randrange(len(content) + 1)]
        elif choice == 1:
            content += random.randbytes(random.randrange(1, 9))
        elif choice == 2:
            content = bytearray(random.randbytes(random.choice((0, 1, 2, 3, 4, 6, 8, 16, 20, random.randrange(300)))))
        elif choice == 3:
            other = random.choice(self.seeds)
            if other.attributes:
                start, stop = random.choice(other.attributes)
                content = bytearray(other.raw[start + ATTRIBUTE : stop])
        elif choice == 4:
            number = random.choice((0, random.randrange(64), random.randrange(1 << 16)))
            head[2:4] = number.to_bytes(2, seed.order)
        elif choice == 5:
            head[3 if seed.order == "little" else 2] ^= random.choice((0x40, 0x80, 0xC0))
        elif random.random() < 0.2:
            content = bytearray()
        size = ATTRIBUTE + len(content)
        if size > 0xFFFF:
            return raw
        head[:2] = size.to_bytes(2, seed.order)
        made = (head + content + bytes(-size % 4)) * (2 if choice == 6 else 1)
        stop = min(end + -end % 4, len(raw))
        raw[begin:stop] = made
        self._lengthen(raw, seed, begin, end, len(made) - (stop - begin))
        return raw

    def _lengthen(self, raw: bytearray, seed: Seed, begin: int, end: int, more: int) -> None:
        holders = [(at, 2) for at, stop in seed.attributes if at < begin and stop >= end]
        holders += [(at, 4) for at, stop in seed.messages if at < begin and stop >= end]
        for at, size in holders:
            length = int.from_bytes(raw[at : at + size], seed.order) + more
            raw[at : at + size] = (length & ((1 << 8 * size) - 1)).to_bytes(size, seed.order)

    def _damage(self, raw: bytearray, seed: Seed) -> None:
        random = self.random
        if not raw:
            return
        at, choice = random.randrange(len(raw)), random.randrange(10)
        if choice < 3:
            raw[at] ^= 1 << random.randrange(8)
        elif choice < 4:
            raw[at] = random.choice(ODD_BYTES)
        elif choice == 4:  # the header of a message
            start = random.choice(seed.messages)[0] if seed.messages else COOKED
            raw[start + random.randrange(HEADER) : start + HEADER] = random.randbytes(1)
        elif choice == 5:
            self._put(raw, at & ~1, 2, (0, 3, 4, 5, 8, 0xFFFF, len(raw) - at, random.randrange(1 << 16)), seed)
        elif choice == 6:
            self._put(raw, at & ~3, 4, (0, 15, 16, 17, len(raw) - at, 0x7FFFFFFF, 0xFFFFFFFF), seed)
        elif choice == 7:
            del raw[at : at + random.choice((1, 2, 4, 8, random.randrange(1, 40), len(raw)))]
        elif choice == 8:
            raw[at:at] = random.randbytes(random.choice((1, 2, 4, 8, random.randrange(1, 40))))
        else:
            other = random.choice(self.seeds).raw
            raw[at:] = other[random.randrange(len(other) + 1) :]

    def _put(self, raw: bytearray, at: int, size: int, values: tuple[int, ...], seed: Seed) -> None:
        value = self.random.choice(values) & ((1 << 8 * size) - 1)
        raw[at : at + size] = value.to_bytes(size, seed.order)
