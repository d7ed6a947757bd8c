"""A firewall's ruleset for nft(8): as many rules as wanted, in forms that people write, of which no two are alike.

Of the bridge family, since user-mode-linux has no other: its rules match and do what those of inet do.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

RULES_A_CHAIN = 100

FORMS = """
ether type ip ip saddr <net4> tcp dport <service> counter <count> accept
ether type ip ip saddr <ip4> ip daddr <ip4> tcp dport <port> ct state new counter <count> accept
ether type ip ip saddr <range4> udp dport <service> accept
ether type ip ip daddr <ip4> tcp dport <ports> counter <count> accept comment "<words>"
ether type ip ip saddr @hosts ip daddr <net4> tcp dport { <service>, <port> } counter <count> accept
ether type ip ip saddr != <net4> ip daddr <ip4> counter <count> drop
ether type ip icmp type echo-request ip daddr <ip4> limit rate <small>/second burst <small> packets accept
ether type ip ip saddr <ip4> tcp flags & (fin|syn|rst|ack) == syn tcp dport <port> meta mark set <mark>
ether type ip ip daddr <net4> limit rate over <small>/minute log prefix "<word> " level warn
ether type ip ip saddr <ip4> log group <tiny> prefix "<word><tiny>" snaplen <small> counter <count> drop
ether type ip ip dscp <dscp> ip daddr <net4> meta mark set <mark> counter <count>
ether type ip ip ttl < <small> ip daddr <ip4> counter <count> drop
ether type ip udp sport <port> udp dport <service> ip saddr <net4> queue num <tiny> bypass
ether type ip ip saddr <ip4> meta mark set jhash ip daddr mod <small> seed <mark> offset <tiny>
ether type ip6 ip6 saddr <net6> tcp dport <service> counter <count> accept
ether type ip6 ip6 saddr <ip6> ip6 daddr <ip6> udp dport <port> ct state established,related accept
ether type ip6 ip6 daddr <net6> icmpv6 type { echo-request, nd-neighbor-solicit } accept comment "<words>"
ether type ip6 ip6 daddr <ip6> tcp dport <port> ct mark <mark> counter <count> jump later
ether type ip6 ip6 hoplimit <small> ip6 saddr <net6> counter <count> drop
ether saddr <mac> ip saddr <ip4> counter <count> accept
ether saddr <mac> ether daddr <mac> counter <count> drop comment "<words>"
meta iifname "<device>" ether type ip ip saddr <net4> accept
meta iifname "<device>" meta oifname "<device>" ether type ip tcp dport <port> counter <count> accept
meta iifname "<device>" vlan id <vlan> vlan type ip ip saddr <ip4> counter <count> accept
meta oifname "<device>" meta mark <mark> counter <count> goto later
meta iifname "<device>" meta pkttype multicast ether type ip udp dport <port> limit rate <small> kbytes/second accept
ether type arp arp operation request arp saddr ip <ip4> counter <count> accept
ether type arp arp saddr ether <mac> arp daddr ip <ip4> drop
ct state invalid ether type ip ip saddr <net4> counter <count> drop
ct state new ether type ip tcp dport <port> ct mark set <mark> counter <count>
quota over <large> mbytes ether type ip ip saddr <ip4> log prefix "<word> " drop
quota until <large> kbytes ether type ip6 ip6 saddr <ip6> counter <count> accept comment "<words>"
ether type ip ip daddr <ip4> numgen random mod 3 vmap { 0 : accept, 1 : continue, 2 : goto later } comment "<words>"
meta mark & <mark> == 0x10 ether type ip ip saddr <ip4> meta priority set <tiny>:<tiny> counter <count>
ether type ip ip saddr <net4> udp length <port> udp dport <service> counter <count> continue
ether type ip ip frag-off & 0x1fff != 0 ip daddr <ip4> counter <count> drop
ether type ip tcp option maxseg size <port> ip saddr <ip4> accept
ether type ip @nh,96,32 <mark> udp dport <port> counter <count> drop
ether type ip ip saddr <ip4> ip daddr <ip4> meta l4proto { tcp, udp } th dport <port> accept comment "<words>"
""".strip().splitlines()

SERVICES = (22, 25, 53, 80, 110, 123, 143, 179, 389, 443, 465, 587, 853, 993, 1194, 3306, 5432, 6443, 8080, 8443, 9100)
DSCP = ("cs1", "cs2", "cs3", "cs4", "af11", "af12", "af21", "af22", "af31", "af41", "ef")
DEVICES = ("veth", "vnet", "tap", "port")
WORDS = ("web", "mail", "dns", "office", "guest", "backup", "printer", "camera", "vpn", "rack", "voice", "storage")


def _ip4(dice: random.Random) -> str:
    return f"10.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(1, 255)}"


def _range4(dice: random.Random) -> str:
    network = f"10.{dice.randrange(256)}.{dice.randrange(256)}"
    return f"{network}.{dice.randrange(1, 100)}-{network}.{dice.randrange(100, 255)}"


def _ports(dice: random.Random) -> str:
    first = dice.randrange(1024, 60000)
    return f"{first}-{first + dice.randrange(1, 500)}"


VALUES: dict[str, Callable[[random.Random], object]] = {
    "ip4": _ip4,
    "net4": lambda dice: f"10.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(0, 256, 16)}/28",
    "range4": _range4,
    "ip6": lambda dice: f"2001:db8:{dice.getrandbits(16):x}:{dice.getrandbits(16):x}::{dice.getrandbits(16):x}",
    "net6": lambda dice: f"2001:db8:{dice.getrandbits(16):x}:{dice.getrandbits(16):x}::/64",
    "mac": lambda dice: ":".join(["02", *(f"{dice.getrandbits(8):02x}" for _ in range(5))]),
    "device": lambda dice: f"{dice.choice(DEVICES)}{dice.randrange(10**6)}",
    "service": lambda dice: dice.choice(SERVICES),
    "port": lambda dice: dice.randrange(1024, 60000),
    "ports": _ports,
    "count": lambda dice: f"packets {dice.randrange(10**7)} bytes {dice.randrange(10**11)}",
    "tiny": lambda dice: dice.randrange(1, 10),
    "small": lambda dice: dice.randrange(2, 250),
    "large": lambda dice: dice.randrange(1, 10**5),
    "mark": lambda dice: f"0x{dice.getrandbits(31) | 1:x}",
    "vlan": lambda dice: dice.randrange(2, 4095),
    "dscp": lambda dice: dice.choice(DSCP),
    "word": lambda dice: dice.choice(WORDS),
    "words": lambda dice: f"{' '.join(dice.sample(WORDS, 2))} {dice.randrange(10**6)}",
}


def ruleset(rules: int, seed: int = 1) -> str:
    """Return the text of a ruleset, chain by chain."""
    dice = random.Random(seed)
    lines = ["table bridge filter {", "set hosts { type ipv4_addr; flags interval; elements = { 10.0.0.0/9 } }"]
    lines += ["chain later {", "counter", "}"]
    for number in range(rules):
        if number % RULES_A_CHAIN == 0:
            lines += ["}" * (number > 0), f"chain rules{number // RULES_A_CHAIN} {{"]
        form = FORMS[number % len(FORMS)]
        lines.append(re.sub("<([a-z0-9]+)>", lambda name: str(VALUES[name[1]](dice)), form))
    return "\n".join([*lines, "}", "}", ""])
