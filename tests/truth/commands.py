"""Random lines for `ip -batch` and `tc -batch`, about the same links, addresses and routes as `requests`."""

from __future__ import annotations

import random

from .requests import KINDS, LINKS


class Commands:
    """Lines by chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def ip(self) -> str:
        """Return a line for ip."""
        makers = {self.link: 8, self.address: 6, self.route: 8, self.rule: 3, self.nexthop: 4, self.neighbour: 3}
        return self.chance.choices(list(makers), list(makers.values()))[0]()

    def link(self) -> str:
        name, other = self.chance.choice(LINKS), self.chance.choice(LINKS)
        lower = {"veth": "peer name w0", "vlan": f"id {self.chance.randrange(1, 4)}"}.get(KINDS[name], "")
        over = f"link {other}" if KINDS[name] in ("vlan", "macvlan") else ""
        return self.chance.choice(
            (
                f"link add {over} name {name} type {KINDS[name]} {lower}", f"link set {name} up", f"link set {name} up",
                f"link set {name} down", f"link set {name} master {self.chance.choice(('b0', 'o0'))}",
                f"link set {name} nomaster", f"link set {name} name {other}", f"link delete {name}",
                f"link set {name} address 02:00:00:00:01:0{self.chance.randrange(1, 4)}",
            )
        )  # fmt: skip

    def host(self, family: int) -> str:
        net, end = self.chance.randrange(3), self.chance.randrange(1, 6)
        return f"10.0.{net}.{end}" if family == 4 else f"2001:db8:{net}::{end}"

    def address(self) -> str:
        family = self.chance.choice((4, 4, 6))
        verb = self.chance.choice(("add", "add", "replace", "delete", "add", "flush"))
        name = self.chance.choice(LINKS)
        if verb == "flush":
            return f"-{family} address flush dev {name}"
        return f"address {verb} {self.host(family)}/{24 if family == 4 else 64} dev {name}"

    def route(self) -> str:
        family = self.chance.choice((4, 4, 6))
        verb = self.chance.choice(("add", "append", "replace", "delete", "prepend", "change"))
        net, table = self.chance.randrange(3), self.chance.choice(("main", "100"))
        to = f"10.1.{net}.0/24" if family == 4 else f"2001:db8:{net}:{self.chance.randrange(1, 6)}::/64"
        hop = self.chance.choice(
            (
                f"via {self.host(family)}", f"dev {self.chance.choice(LINKS)}", f"nhid {self.chance.randrange(1, 7)}",
                f"nexthop via {self.host(family)} nexthop via {self.host(family)} weight 2",
                f"via {self.host(family)} src {self.host(family)}",
            )
        )  # fmt: skip
        return f"-{family} route {verb} {to} table {table} {hop}"

    def rule(self) -> str:
        verb = self.chance.choice(("add", "add", "delete"))
        about = self.chance.choice((f"from {self.host(4)}", f"iif {self.chance.choice(LINKS)}", "fwmark 0x5"))
        return f"rule {verb} {about} lookup 100 priority {self.chance.randrange(10, 14)}"

    def nexthop(self) -> str:
        number = self.chance.randrange(1, 7)
        members = "/".join(str(one) for one in self.chance.sample(range(1, 7), 2))
        via = f"via {self.host(self.chance.choice((4, 6)))} dev {self.chance.choice(LINKS)}"
        verb, what = self.chance.choice(("add", "replace")), self.chance.choice((via, via, f"group {members}"))
        return self.chance.choice((f"nexthop {verb} id {number} {what}",) * 3 + (f"nexthop delete id {number}",))

    def neighbour(self) -> str:
        verb = self.chance.choice(("add", "replace", "delete"))
        station = f"02:00:00:00:00:0{self.chance.randrange(1, 4)}"
        name = self.chance.choice(LINKS)
        return f"neigh {verb} {self.host(self.chance.choice((4, 6)))} lladdr {station} dev {name} nud permanent"

    def tc(self) -> str:
        """Return a line for tc."""
        name, minor = self.chance.choice(LINKS), self.chance.randrange(1, 4)
        rate = self.chance.choice(("1mbit", "2mbit"))
        return self.chance.choice(
            (
                f"qdisc replace dev {name} root handle 1: htb", f"qdisc replace dev {name} root handle 2: prio",
                f"class replace dev {name} parent 1: classid 1:{minor} htb rate {rate}",
                f"class delete dev {name} classid 1:{minor}",
                f"qdisc add dev {name} parent 1:{minor} handle 1{minor}: pfifo limit 5",
                f"qdisc delete dev {name} parent 1:{minor}", f"qdisc delete dev {name} root",
                f"qdisc replace dev {name} clsact",
            )
        )  # fmt: skip
