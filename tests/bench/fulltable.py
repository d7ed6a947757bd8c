"""A router's full table: the dumps of `ip route show` and `ip -6 route show` with as many distinct prefixes as wanted.

The messages are those of a real dump (traffic.py, "router"): all but the kernel's own routes, in the same mixture; only
RTA_DST and rtm_dst_len are others. Prefix lengths are spread about as in the Internet's tables: 60 % of IPv4 are /24,
45 % of IPv6 are /48. Frames are as full and prefixes in such an order as in a dump for iproute2.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pcapfile
from numpy.typing import NDArray

from nldissect.wire import Context, DecodedMessage, walk

COOKED, HEADER = 16, 16
DST_LEN = HEADER + 1
"""Where rtm_dst_len stands in a message."""
BUFFER = 32_448
"""Bytes of messages in a frame: SKB_WITH_OVERHEAD(32768), netlink_dump in net/netlink/af_netlink.c."""
PACE = 250
"""Microseconds from one frame to the next."""
RTPROT_KERNEL = 2
RTN_UNICAST, RTN_BLACKHOLE, RTN_UNREACHABLE = 1, 6, 7
NLM_F_MULTI = 2
AF_INET, AF_INET6 = 2, 10
IPV4_SHARE = 0.8
LENGTHS = {
    AF_INET: {24: 600, 23: 100, 22: 115, 21: 50, 20: 45, 19: 28, 18: 14, 17: 9, 16: 14, 15: 5, 25: 8, 28: 7, 32: 5},
    AF_INET6: {48: 450, 32: 120, 44: 100, 40: 90, 36: 40, 33: 30, 46: 40, 47: 40, 42: 30, 29: 30, 64: 20, 128: 10},
}  # fmt: skip
Bytes = NDArray[np.uint8]


class Template(NamedTuple):
    """A message of the real dump, and where its RTA_DST stands."""

    data: Bytes
    dst: int


def prefixes(family: int, count: int, random: np.random.Generator) -> tuple[Bytes, Bytes]:
    """Return distinct prefixes in order: addresses (uint8, count x 4 or 16) and their lengths (uint8, one each)."""
    lengths = np.array(list(LENGTHS[family]), np.uint64)
    shares = np.array(list(LENGTHS[family].values()), float)
    bits = np.uint64(32 if family == AF_INET else 64)
    found: NDArray[np.uint64] = np.empty((0, 2), np.uint64)
    while len(found) < count:
        size = (count - len(found)) * 5 // 4 + 1000
        length = random.choice(lengths, size, p=shares / shares.sum())
        if family == AF_INET:
            address = random.integers(1 << 24, 224 << 24, size, np.uint64)
        else:
            address = random.integers(0x2400_0000_0000_0000, 0x2C10_0000_0000_0000, size, np.uint64)
        short = bits - np.minimum(length, bits)
        found = np.unique(np.vstack([found, np.stack([address >> short << short, length], 1)]), axis=0)
    found = found[np.sort(random.permutation(len(found))[:count])]
    octets = found[:, 0].astype(">u8").view(np.uint8).reshape(-1, 8)
    address = octets[:, 4:] if family == AF_INET else np.hstack([octets, np.zeros_like(octets)])
    return address, found[:, 1].astype(np.uint8)


def frames(templates: list[Template], count: int, random: np.random.Generator) -> list[Bytes]:
    """Return the messages of so many routes, a buffer full each."""
    family = int(templates[0].data[HEADER])
    address, length = prefixes(family, count, random)
    chosen = random.integers(0, len(templates), count)
    sizes = np.array([len(template.data) for template in templates])[chosen]
    ends = np.cumsum(sizes)
    starts = ends - sizes
    octets = np.empty(int(ends[-1]), np.uint8)
    for number, template in enumerate(templates):
        rows = np.flatnonzero(chosen == number)
        messages = np.tile(template.data, (len(rows), 1))
        messages[:, DST_LEN] = length[rows]
        messages[:, template.dst : template.dst + address.shape[1]] = address[rows]
        octets[starts[rows][:, None] + np.arange(len(template.data))] = messages
    cuts = [0]
    while cuts[-1] < len(octets):
        cuts.append(int(ends[np.searchsorted(ends, cuts[-1] + BUFFER, "right") - 1]))
    return [octets[start:end] for start, end in pairwise(cuts)]


def template(message: DecodedMessage) -> Template | None:
    """Return a route of a dump as an example of its shape; None if it is one of the kernel's own, or none at all."""
    dst, protocol, sort = (message.find(name) for name in ("RTA_DST", "rtm_protocol", "rtm_type"))
    if message.type_name != "RTM_NEWROUTE" or not message.flags & NLM_F_MULTI or None in (dst, protocol, sort):
        return None
    if protocol.value == RTPROT_KERNEL or sort.value not in (RTN_UNICAST, RTN_BLACKHOLE, RTN_UNREACHABLE):
        return None
    data = np.frombuffer(message.data, np.uint8)[message.start : message.end]
    return Template(data, dst.start - message.start)


def write(base: Path, path: Path, count: int, seed: int = 1) -> int:
    """Write the dumps of the base with so many routes; return the frames. The first dump of each family gets them."""
    random = np.random.default_rng(seed)
    context = Context()
    records = [
        (record, [(message, template(message)) for message in walk(record.data, context).messages])
        for record in pcapfile.read(base)
    ]
    shapes: dict[int, list[Template]] = {AF_INET: [], AF_INET6: []}
    for _, messages in records:
        for found in (found for _, found in messages if found is not None):
            shapes[int(found.data[HEADER])].append(found)
    share = IPV4_SHARE if all(shapes.values()) else float(bool(shapes[AF_INET]))
    counts = {AF_INET: round(count * share), AF_INET6: count - round(count * share)}
    later = written = 0
    with path.open("wb") as stream:
        stream.write(pcapfile.FIRST)
        for record, messages in records:
            bodies: list[bytes | Bytes] = []
            for family in {int(found.data[HEADER]) for _, found in messages if found is not None} & counts.keys():
                bodies += frames(shapes[family], counts.pop(family), random)
            others = [record.data[message.start : message.end] for message, found in messages if found is None]
            if len(others) == len(messages):
                bodies.append(record.data[COOKED:])
            elif others:
                bodies.append(b"".join(others))
            for body in bodies:
                length = COOKED + len(body)
                stream.write(pcapfile.header(record.time + later, length, length) + record.data[:COOKED])
                stream.write(body)
                later += PACE
            later -= PACE * min(1, len(bodies))
            written += len(bodies)
    return written
