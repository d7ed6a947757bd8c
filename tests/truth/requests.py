"""Random requests of route netlink, as bytes: about few links, addresses and routes, so that many meet or are refused.

Numbers that a request gives away (a rule's priority, the id of a nexthop, the alias of a link) are often its sequence
number: what the kernel then tells shows by itself which request it is about.
"""

from __future__ import annotations

import random
import socket
import struct
from collections.abc import Callable
from typing import NamedTuple

NEWLINK, DELLINK, NEWADDR, DELADDR, NEWROUTE, DELROUTE, NEWNEIGH, DELNEIGH = 16, 17, 20, 21, 24, 25, 28, 29
NEWRULE, DELRULE, NEWQDISC, DELQDISC, NEWNEXTHOP, DELNEXTHOP = 32, 33, 36, 37, 104, 105
REQUEST, ACK, REPLACE, EXCL, CREATE, APPEND = 1, 4, 0x100, 0x200, 0x400, 0x800
IFF_UP, NESTED, ROOT, CLSACT, PERMANENT = 1, 0x8000, 0xFFFF_FFFF, 0xFFFF_FFF1, 0x80
V4, V6 = int(socket.AF_INET), int(socket.AF_INET6)
KINDS = {
    "d0": "dummy", "d1": "dummy", "d2": "dummy", "v0": "veth", "w0": "veth", "b0": "bridge", "o0": "bond", "l0": "vlan",
    "l1": "vlan", "m0": "macvlan", "x0": "dummy", "x1": "veth",
}  # fmt: skip
"""Links and their kinds; w0 is what v0 and x1 have at their other end."""
LINKS = tuple(KINDS)


class Wanted(NamedTuple):
    """A request without its header."""

    type: int
    flags: int
    body: bytes


def attr(kind: int, data: bytes | str | int) -> bytes:
    """An attribute; text ends with NUL, a number has four bytes."""
    data = data.encode() + b"\0" if isinstance(data, str) else data
    data = struct.pack("=I", data) if isinstance(data, int) else data
    return struct.pack("=HH", len(data) + 4, kind) + data + bytes(-len(data) % 4)


class Requests:
    """Requests by chance; `sequence` is the number of the next one."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.sequence = 0

    def next(self, sequence: int) -> Wanted:
        """Return the next request."""
        self.sequence = sequence
        makers: dict[Callable[[], Wanted], int] = {
            self.new_link: 5, self.set_link: 9, self.old_link: 2, self.address: 7, self.route: 11, self.rule: 4,
            self.nexthop: 5, self.neighbour: 4, self.qdisc: 4,
        }  # fmt: skip
        return self.chance.choices(list(makers), list(makers.values()))[0]()

    def index(self) -> int:
        """The index of a link; of one that does not exist, an unused number."""
        try:
            return socket.if_nametoindex(self.chance.choice(LINKS))
        except OSError:
            return 999

    def ip(self, family: int, host: bool = True) -> bytes:
        """An address in one of the few subnets; without `host` one behind a gateway."""
        net, end = self.chance.randrange(3), self.chance.randrange(1, 6)
        if family == V4:
            return bytes([10, 0, net, end] if host else [10, 1, net, 0])
        return bytes([0x20, 1, 0xD, 0xB8, 0, net, 0, 0 if host else end, *bytes(7), end if host else 0])

    def flags(self) -> int:
        return ACK | self.chance.choice((CREATE | EXCL, CREATE | EXCL, CREATE | REPLACE, CREATE, CREATE | APPEND))

    def new_link(self) -> Wanted:
        name = self.chance.choice([one for one in LINKS if one != "w0"])
        kind, more, data = KINDS[name], b"", b""
        if kind in ("vlan", "macvlan"):
            more = attr(5, self.index())
            data = attr(1, struct.pack("=H", self.chance.randrange(1, 4))) if kind == "vlan" else attr(1, 4)
        if kind == "veth":
            data = attr(1, bytes(16) + attr(3, "w0"))
        info = attr(18 | NESTED, attr(1, kind) + (attr(2 | NESTED, data) if data else b""))
        up = IFF_UP if self.chance.random() < 0.6 else 0
        body = struct.pack("=BxHiII", 0, 0, 0, up, up) + attr(3, name) + more + info
        return Wanted(NEWLINK, ACK | CREATE | EXCL, body)

    def set_link(self) -> Wanted:
        flags, mask, more = 0, 0, b""
        what = self.chance.choice(("up", "up", "up", "down", "mtu", "alias", "master", "master", "free", "name"))
        if what in ("up", "down"):
            flags, mask = IFF_UP * (what == "up"), IFF_UP
        elif what == "mtu":
            more = attr(4, self.chance.choice((1280, 1400, 1450, 1500)))
        elif what == "alias":
            more = attr(20, str(self.sequence))
        elif what in ("master", "free"):
            more = attr(10, self.index() if what == "master" else 0)
        else:
            more = attr(3, self.chance.choice(LINKS))
        return Wanted(NEWLINK, ACK, struct.pack("=BxHiII", 0, 0, self.index(), flags, mask) + more)

    def old_link(self) -> Wanted:
        by_name = self.chance.random() < 0.5
        name = attr(3, self.chance.choice(LINKS)) if by_name else b""
        return Wanted(DELLINK, ACK, struct.pack("=BxHiII", 0, 0, 0 if by_name else self.index(), 0, 0) + name)

    def address(self) -> Wanted:
        family = self.chance.choice((V4, V4, V6))
        own, length = self.ip(family), self.chance.choice((24, 24, 32)) if family == V4 else 64
        body = struct.pack("=BBBBI", family, length, 0, 0, self.index()) + attr(2, own) + attr(1, own)
        return Wanted(NEWADDR, self.flags(), body) if self.chance.random() < 0.7 else Wanted(DELADDR, ACK, body)

    def route(self) -> Wanted:
        family = self.chance.choice((V4, V4, V6))
        gone = self.chance.random() < 0.3
        metric = self.sequence if self.chance.random() < 0.3 and not gone else self.chance.choice((0, 0, 7))
        table, kind = self.chance.choice((254, 254, 100)), self.chance.choice((1, 1, 1, 1, 1, 6, 7))
        to = self.ip(family, host=False)
        body = struct.pack("=8BI", family, 16 + 8 * (family == V4) or 0, 0, 0, table, 3, 0, kind, 0)
        body = body if family == V4 else struct.pack("=8BI", family, 64, 0, 0, table, 3, 0, kind, 0)
        body += attr(1, to) + (attr(6, metric) if metric else b"")
        body += self.hops(family) if kind == 1 and not (gone and self.chance.random() < 0.5) else b""
        if family == V4 and self.chance.random() < 0.2:
            body += attr(7, self.ip(V4))
        return Wanted(DELROUTE, ACK, body) if gone else Wanted(NEWROUTE, self.flags(), body)

    def hops(self, family: int) -> bytes:
        """The next hops of a route."""
        what = self.chance.choice(("via", "via", "dev", "both", "several", "several", "object"))
        if what == "object":
            return attr(30, self.chance.randrange(1, 7))
        if what == "several":
            hops = (attr(5, self.ip(family)) for _ in range(2))
            return attr(9, b"".join(struct.pack("=HBBI", 8 + len(hop), 0, n, 0) + hop for n, hop in enumerate(hops)))
        via = attr(5, self.ip(family)) if what in ("via", "both") else b""
        return via + (attr(4, self.index()) if what != "via" else b"")

    def rule(self) -> Wanted:
        family, gone = self.chance.choice((V4, V6)), self.chance.random() < 0.4
        tagged = not gone and self.chance.random() < 0.3
        body = struct.pack("=8BI", family, 0, 0, 0, self.chance.choice((100, 254)), 0, 0, 1, 0)
        body += attr(6, self.sequence if tagged else self.chance.randrange(10, 14))
        body += attr(10, self.chance.randrange(1, 3)) if self.chance.random() < 0.5 else b""
        body += attr(3, self.chance.choice(LINKS)) if self.chance.random() < 0.3 else b""
        return Wanted(DELRULE, ACK, body) if gone else Wanted(NEWRULE, ACK | CREATE | EXCL, body)

    def nexthop(self) -> Wanted:
        number = self.chance.randrange(1, 7)
        if self.chance.random() < 0.3:
            return Wanted(DELNEXTHOP, ACK, struct.pack("=BBBBI", 0, 0, 0, 0, 0) + attr(1, number))
        family = self.chance.choice((V4, V6))
        body = attr(1, self.sequence if self.chance.random() < 0.1 else number)
        if self.chance.random() < 0.3:
            members = self.chance.sample(range(1, 7), self.chance.randrange(1, 4))
            family, more = 0, attr(2, b"".join(struct.pack("=IBBH", one, 0, 0, 0) for one in members))
        elif self.chance.random() < 0.1:
            more = attr(4, b"")
        else:
            more = attr(5, self.index()) + (attr(6, self.ip(family)) if self.chance.random() < 0.7 else b"")
        return Wanted(NEWNEXTHOP, self.flags(), struct.pack("=BBBBI", family, 0, 0, 0, 0) + body + more)

    def neighbour(self) -> Wanted:
        family = self.chance.choice((V4, V6))
        body = struct.pack("=BxHiHBB", family, 0, self.index(), PERMANENT, 0, 0) + attr(1, self.ip(family))
        if self.chance.random() < 0.3:
            return Wanted(DELNEIGH, ACK, body)
        station = bytes([2, 0, 0, 0, 0, self.chance.randrange(1, 4)])
        return Wanted(NEWNEIGH, self.flags() & ~APPEND, body + attr(2, station))

    def qdisc(self) -> Wanted:
        kind = self.chance.choice(("pfifo", "bfifo", "fq_codel", "clsact"))
        parent, handle = (CLSACT, 0xFFFF << 16) if kind == "clsact" else (ROOT, self.chance.choice((0, 7, 8)) << 16)
        body = struct.pack("=BBHiIII", 0, 0, 0, self.index(), handle, parent, 0)
        if self.chance.random() < 0.3:
            return Wanted(DELQDISC, ACK, body)
        limit = attr(2, self.chance.choice((100, 200))) if kind.endswith("fifo") else b""
        return Wanted(NEWQDISC, self.flags() & ~APPEND, body + attr(1, kind) + limit)
