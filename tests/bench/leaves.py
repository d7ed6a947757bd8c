"""Which bytes of a message may be others in another copy of it: `changes` says of each what varies it.

A leaf is judged by its kind and name, so no family is named here. What decoding depends on is left alone: lengths,
types, enumerations, flags, selectors, counts, what nlctrl tells of families but for three numbers, errors, text but
for names, and what means something of its own (0, all ones, loopback, multicast).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import NamedTuple

from nldissect.uapi import GENL_ID_CTRL
from nldissect.wire import DecodedMessage
from nldissect.wire.addresses import Addr, Mac
from nldissect.wire.decode.nodes import Node, inner_nodes
from nldissect.wire.kind import SELECTORS, Kind
from nldissect.wire.numbers import Array, Handle, Scalar
from nldissect.wire.protocol import NETLINK
from nldissect.wire.text import is_plain_text

SEQ, PID = 8, 12
"""Where they stand in nlmsghdr."""
LONG = 8
NUMBERS = {"U16", "Be16", "U32", "S32", "Be32", "Le32", "U64", "S64", "Be64", "Le64", "Uint", "BeUint", "Sint"}
"""Classes of kinds whose value may be any number; those derived from them mean more."""
COUNTER = re.compile(r"packets|bytes|octets|pkts", re.IGNORECASE)
MOVING = re.compile(r"(rx|tx)_(packets|bytes)$|CTA_COUNTERS_(PACKETS|BYTES)$")
"""Counters that move also where they were 0: those of the interfaces and flows of a busy host."""
PORT = re.compile(r"port|ICMP\w*_ID", re.IGNORECASE)
KEPT = re.compile(
    r"len|size|off|mask|msk|version|type|proto|flags|code|cmd|magic|max|min|vendor|suite|freq|mtu|rate|width|window|num"
    r"|policy|quantum|limit|thresh",
    re.IGNORECASE,
)
NAME = re.compile(
    r"(IFNAME|_IFN|_IFACE|DEV_NAME|DEVICE_NAME|_HOOK_DEV|_LABEL|PHY_NAME|DP_ATTR_NAME|VPORT_ATTR_NAME|SETNAME2?|ETHNAME"
    r"|NFTA_\w+_(TABLE|CHAIN|SET)|NFTA_(TABLE|CHAIN|SET|OBJ|FLOWTABLE)_NAME|_COMMENT|IFALIAS)$"
)
LOOPBACK = "lo"
FAMILY_NUMBERS = {"CTRL_ATTR_VERSION": 0x0F, "CTRL_ATTR_MAXATTR": 0xFF, "CTRL_ATTR_MCAST_GRP_ID": 0xFFF}
"""What may be others in the descriptions of generic families, on which all that follows depends; and their bits."""


class By(Enum):
    """What the change of a byte (of a number where it grows) comes from."""

    SEQ = "grows with each copy by the step of sequence numbers"
    PID = "grows with each copy by the step of port ids"
    INDEX = "grows with each copy by the number of interfaces"
    LETTER = "is another letter or digit, the same all over a copy"
    COPY = "has other bits, the same all over a copy"
    EXCHANGE = "has other bits, the same all over an exchange"
    MESSAGE = "has other bits"


class Change(NamedTuple):
    """A byte that may be another; `slot` says which byte of the key gives the bits, of those that `mask` has."""

    by: By
    place: int
    mask: int = 0xFF
    slot: int = 0


UNPRIVILEGED = 1024
RESERVED_HANDLES = 0xFFFF0000
ADDRESS_SLOT, LINK_SLOT, HANDLE_SLOT, PORT_SLOT, SLOTS = 0, 2, 5, 7, 9
"""Where the bits stand in a key: for each of them so many bytes until the next."""


def changes(message: DecodedMessage) -> Iterator[Change]:
    """Yield the bytes of a message, and of the request inside it, that may be others; offsets are the frame's."""
    if not message.has_header or message.order != "<":
        return
    if message.seq:
        yield Change(By.SEQ, message.start + SEQ)
    if message.pid:
        yield Change(By.PID, message.start + PID)
    if message.protocol == NETLINK.GENERIC and message.number == GENL_ID_CTRL:
        for node in _leaves(message.layers):
            yield from _masked(node.start, FAMILY_NUMBERS.get(node.name, 0), node.end - node.start, message.order)
        return
    numbers = {node.name: node.value for node in _leaves(message.layers) if isinstance(node.value, int)}
    yield from _node_changes(message.layers, message.data, message.order, numbers)


def _leaves(nodes: list[Node]) -> Iterator[Node]:
    for node in nodes:
        inner = inner_nodes(node)
        yield from _leaves(inner) if inner else (node,)


def _node_changes(nodes: list[Node], data: bytes, order: str, numbers: dict[str, int]) -> Iterator[Change]:
    """Yield the changes of all leaves below; `numbers`: the numbers of the message by name."""
    counts = {node.kind.count for node in nodes}
    for node in nodes:
        inner = inner_nodes(node)
        if isinstance(node.value, DecodedMessage):
            yield from changes(node.value)
        elif inner:
            yield from _node_changes(inner, data, order, numbers)
        elif node.kind.shape == "leaf" and node.name not in counts and not _is_selector(node.kind):
            yield from _leaf_changes(node, data[node.start : node.end], order, numbers)


@cache
def _is_selector(kind: Kind) -> bool:
    """Whether other payloads depend on it."""
    return any(kind.has_name(name) for name in SELECTORS)


def _leaf_changes(node: Node, raw: bytes, order: str, numbers: dict[str, int]) -> Iterator[Change]:
    kind = node.kind
    if isinstance(kind, Addr) and isinstance(node.value, str) and not KEPT.search(kind.name):
        masks = _address(node.value, raw, _prefix(kind, numbers))
        yield from (Change(By.EXCHANGE, node.start + at, mask, ADDRESS_SLOT + at % 2) for at, mask in masks.items())
    elif isinstance(kind, Mac) and len(raw) == 6 and not KEPT.search(kind.name) and raw not in (bytes(6), b"\xff" * 6):
        yield from (Change(By.COPY, node.start + 3 + at, 0xFF, LINK_SLOT + at) for at in range(3))
    elif is_plain_text(kind) and NAME.search(kind.name) and isinstance(node.value, str) and node.value != LOOPBACK:
        yield from (Change(By.LETTER, node.start + at) for at in range(len(raw)))
    elif isinstance(kind, Scalar) and isinstance(node.value, int):
        yield from _scalar_changes(kind, node.start, node.value, len(raw), kind.fixed_order or order)
    elif isinstance(kind, Array) and kind.step == LONG and isinstance(node.value, list):
        for index, value in enumerate(node.value[1:], 1):  # the first may say how many there are
            yield from _masked(node.start + LONG * index, _low_bits(value), LONG, order)


def _scalar_changes(kind: Scalar, place: int, value: int, size: int, order: str) -> Iterator[Change]:
    if kind.refers == "interface" and (size, order) == (4, "<"):
        if 0 < value < 1 << 30:
            yield Change(By.INDEX, place)
    elif isinstance(kind, Handle):
        if 0 < value < RESERVED_HANDLES:
            yield from _masked(place, 0xFF_0000, size, order, By.COPY, HANDLE_SLOT)
    elif kind.names is not None or type(kind).__name__ not in NUMBERS or kind.refers is not None:
        return
    elif kind.name.upper().endswith("HANDLE"):
        if value:
            yield from _masked(place, 0xFFFF, size, order, By.COPY, HANDLE_SLOT)
    elif size == 2:
        if PORT.search(kind.name) and value >= UNPRIVILEGED:
            yield from _masked(place, _low_bits(value) & 0xFFF, size, order, By.EXCHANGE, PORT_SLOT)
    elif COUNTER.search(kind.name) and (value > 0 or MOVING.search(kind.name)):
        yield from _masked(place, max(0xFFFF, _low_bits(value)), size, order)
    elif not KEPT.search(kind.name):
        yield from _masked(place, _low_bits(value), size, order)


def _low_bits(value: int) -> int:
    """Return the bits that may change without changing the magnitude: none of a small or negative number."""
    return (1 << value.bit_length() - 2) - 1 if value > 255 else 0


def _masked(place: int, mask: int, size: int, order: str, by: By = By.MESSAGE, slot: int = 0) -> Iterator[Change]:
    """Yield the bytes of a number that a mask has bits of; they take those of the key from `slot` on."""
    if mask >> 8 * size:
        return
    for at in range(size):
        part = mask >> 8 * at & 0xFF
        if part:
            yield Change(by, place + (at if order == "<" else size - 1 - at), part, slot)
            slot += 1


def _prefix(kind: Addr, numbers: dict[str, int]) -> int | None:
    """Return how many bits of an address count, if the message says so."""
    name = kind.prefix
    return None if name is None else next((bits for one, bits in numbers.items() if one.endswith(name)), None)


def _address(text: str, raw: bytes, prefix: int | None) -> dict[int, int]:
    """Return the bits of each byte of an address that may be others: a host stays one, a network has none of a host."""
    if ":" not in text:
        special = raw[0] in (0, 127) or raw[0] >= 224 or "." not in text
        places = () if special else (1, 2)
        size = 32
    elif raw[:12] in (bytes(12), bytes(10) + b"\xff\xff"):
        return {}
    else:
        places = {0xFF: (), 0xFE: (12, 13)}.get(raw[0], (4, 5))
        size = 128
    lowest = int.from_bytes(raw[: size // 8], "big")
    bits = size - ((lowest & -lowest).bit_length() - 1) if prefix is None else prefix
    kept = ((1 << size) - 1) >> bits if bits < size else 0
    allowed = (~kept & (1 << size) - 1).to_bytes(size // 8, "big")
    return {place: allowed[place] for place in places if allowed[place]}
