"""States how much of a capture repeats: messages, different bodies (all but nlmsghdr), different layouts.

    .venv/bin/python tests/bench/bodies.py FILE...

A layout is the type of a message with the names and lengths of its headers, fields and attributes as they are nested.
Layouts are those of the first 50,000 messages, since each is walked. What asks for a dump or ends one can't differ from
others, nor can much that is acknowledged: the share of bytes says more than that of messages. What repeats is listed.
"""

from __future__ import annotations

import collections
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pcapfile

from nldissect.wire import Context, DecodedMessage, walk
from nldissect.wire.decode.nodes import nodes_of

COOKED, HEADER = 16, 16
WALKED = 50_000
Key = tuple[int, int]
"""Protocol and type."""


@dataclass
class Figures:
    """What of a capture repeats; `repeated` counts, by type, the messages that have the body of one before.

    bodies   how many are different
    share    bytes of different bodies, of those of all
    """

    messages: int
    bodies: int
    share: float
    layouts: int
    repeated: collections.Counter[Key]


def bodies(path: Path) -> Iterator[tuple[Key, bytes]]:
    """Yield protocol and type, and the body, of each message of a little-endian capture; type 0: a bare datagram."""
    for record in pcapfile.read(path):
        data = record.data
        (protocol,) = struct.unpack_from(">H", data, COOKED - 2)
        at = COOKED
        while at + HEADER <= len(data):
            length, kind = struct.unpack_from("<IH", data, at)
            if not HEADER <= length <= len(data) - at:
                break
            yield (protocol, kind), data[at + HEADER : at + length]
            at += length + 3 & ~3
        else:
            continue
        if at == COOKED:
            yield (protocol, 0), data[COOKED:]


def layout(message: DecodedMessage) -> int:
    return hash((message.type_name, *((depth, node.name, node.end - node.start) for node, depth in nodes_of(message))))


def figures(path: Path) -> Figures:
    seen: set[int] = set()
    repeated: collections.Counter[Key] = collections.Counter()
    messages = size = different = 0
    for kind, body in bodies(path):
        messages, size = messages + 1, size + len(body)
        code = hash((kind, body))
        if code in seen:
            repeated[kind] += 1
        else:
            different += len(body)
        seen.add(code)
    context = Context()
    layouts: set[int] = set()
    walked = 0
    for record in pcapfile.read(path):
        found = walk(record.data, context, wire_length=record.wire_length).messages
        layouts.update(map(layout, found))
        walked += len(found)
        if walked >= WALKED:
            break
    return Figures(messages, len(seen), different / max(size, 1), len(layouts), repeated)


def main() -> None:
    if not sys.argv[1:]:
        sys.exit(__doc__)
    for name in sys.argv[1:]:
        found = figures(Path(name))
        share = found.bodies / max(found.messages, 1)
        print(f"{name}: {found.messages} messages, {found.bodies} different bodies: {share:.1%}, ", end="")
        print(f"{found.share:.1%} of the bytes; {found.layouts} layouts", end="")
        print(f" among the first {WALKED:,}" if found.messages > WALKED else "")
        if found.repeated:
            parts = (f"{count} of protocol {one} type {kind}" for (one, kind), count in found.repeated.most_common(6))
            print(f"  repeated: {', '.join(parts)}", flush=True)


if __name__ == "__main__":
    main()
