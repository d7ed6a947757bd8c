"""Tools that read the same traffic: they run in the real kernel while nlmon is recorded; what each one printed, and our
NDJSON of what it was told.

A comparison is a table: the tool's key, our path or paths, and how the tool writes our value. `#` stands for a place in
a list, `*` for the rest of a key (in upper case in our path). A key in no table fails, and a value that differs.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from nldissect.render.json_objects import frame_objects
from nldissect.render.json_text import encode
from nldissect.stream.frames import FrameStream
from nldissect.wire import Context, DecodedMessage, walk
from tests.helpers.captures import frames

SCENARIO = """
set -e
exec 2>>$OUT/errors
cd $OUT
has() { command -v $1 >/dev/null; }
modprobe nf_conntrack || true
ip link add left address 02:00:00:00:00:01 type veth peer name right address 02:00:00:00:00:02
ip link add br0 type bridge vlan_filtering 1 forward_delay 1500
ip link set left master br0
ip link add link right name right.10 type vlan id 10 protocol 802.1ad gvrp on
ip link add vx0 type vxlan id 42 dev right local 192.0.2.1 remote 192.0.2.2 dstport 4789 ttl 8
ip link add d0 address 02:00:00:00:00:03 mtu 1400 type dummy
ip link set d0 alias "a dummy" group 7
for one in left right br0 right.10 d0; do ip link set $one up; done
ip address add 192.0.2.1/24 broadcast 192.0.2.255 dev right label right:one valid_lft 3600 preferred_lft 1800
ip address add 2001:db8::1/64 dev right nodad
ip route add 198.51.100.0/24 via 192.0.2.254 dev right proto static metric 50 mtu 1300
ip route add 203.0.113.0/24 nexthop via 192.0.2.253 weight 2 nexthop via 192.0.2.252 weight 3
ip route add unreachable 10.9.0.0/16 table 77
ip route add 2001:db8:1::/48 via 2001:db8::fe dev right pref high
ip nexthop add id 5 via 192.0.2.251 dev right
ip rule add from 192.0.2.0/24 iif d0 fwmark 0x10/0xff table 77 priority 500
ip neigh add 192.0.2.254 lladdr 02:00:00:00:00:fe dev right nud permanent
ip neigh add 2001:db8::fe lladdr 02:00:00:00:00:fd dev right router nud permanent
if has bridge; then
    bridge vlan add dev left vid 20 pvid untagged
    bridge fdb add 02:00:00:00:00:99 dev left master static vlan 20
    bridge mdb add dev br0 port left grp 239.1.1.1 permanent vid 20
fi
if has tc; then
    tc qdisc add dev d0 root handle 1: htb default 20
    tc class add dev d0 parent 1: classid 1:20 htb rate 1mbit ceil 2mbit burst 15k
    tc qdisc add dev d0 parent 1:20 handle 20: fq_codel limit 1000 target 4ms interval 90ms
    tc filter add dev d0 parent 1: protocol ip prio 10 flower ip_proto tcp dst_ip 198.51.100.7 dst_port 443 action drop
fi
if has nft; then nft -f - <<N
table bridge t {
  set ports { type inet_service; elements = { 22, 443 } }
  map marks { type ipv4_addr : mark; elements = { 192.0.2.1 : 5 } }
  counter c1 { packets 3 bytes 300 }
  chain in { type filter hook forward priority 0; policy accept;
    tcp dport @ports counter name c1 accept
    ip saddr 192.0.2.0/24 counter drop comment "no"
    iifname "d0" meta mark set 7
  }
}
N
fi
if has conntrack; then
    conntrack -I -p tcp -s 192.0.2.1 -d 198.51.100.7 --sport 1234 --dport 443 --state ESTABLISHED -t 300 -u ASSURED \\
        --mark 9 >/dev/null 2>&1
    conntrack -I -p udp -s 192.0.2.1 -d 198.51.100.8 --sport 5353 --dport 53 -t 60 >/dev/null 2>&1
fi
python -c '
import socket, time
held = [socket.create_server(("127.0.0.1", 8080), backlog=7), socket.create_connection(("127.0.0.1", 8080))]
udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
udp.bind(("::1", 9090))
print("ready", flush=True)
time.sleep(60)' >ready &
holder=$!
until grep -qs ready ready; do sleep 0.02; done
cat >traced <<T
ip -d link show
ip address show
ip route show table all
ip rule show
ip neigh show
ip nexthop show
tc -s qdisc show
tc -s filter show dev d0
bridge mdb show
ss -n -e -i -m -t -u -a
nft list ruleset
conntrack -L
ethtool -k left
ip link add x0 type nosuch
ip link set left mtu 7
ip route add 198.51.100.128/25 via 203.0.113.99
ip address add 192.0.2.1/24 dev right
tc qdisc add dev d0 parent 9: nosuch
nft add rule bridge nosuch nosuch drop
ethtool -G left rx 7
T
ip link add nlmon0 type nlmon
ip link set nlmon0 up
tcpdump -i nlmon0 --immediate-mode -B 32768 -s 0 -U -Z root -w peers.pcap 2>tcpdump &
tcpdump=$!
until grep -qs listening tcpdump; do sleep 0.02; done
ask() {
    ip link show dev mark_$1 >/dev/null 2>&1 || true
    name=$1
    shift
    if has $1; then "$@" >$name.out; fi
}
ask link ip -j -d -s link show
ask address ip -j -d address show
ask route ip -j -d route show table all
ask rule ip -j -d rule show
ask neigh ip -j -d neigh show
ask nexthop ip -j -d nexthop show
ask qdisc tc -j -s -d qdisc show
ask class tc -j -s -d class show dev d0
ask filter tc -j -s -d filter show dev d0
ask brlink bridge -j -d link show
ask fdb bridge -j -d fdb show
ask vlan bridge -j -d vlan show
ask mdb bridge -j -d mdb show
ask nft nft -j list ruleset
ask conntrack conntrack -L -o xml
ask ss ss -H -O -n -e -i -m -t -u -a
ask ethtool ethtool --json -k left
if has strace; then
    ask strace sh -c 'strace -f -ttt -yy -v -s 1000000 -e trace=%network -e read=all -e write=all \\
        -o strace.text sh traced >/dev/null
        cat strace.text'
fi
ask end true
sleep 0.3
kill -INT $tcpdump
wait $tcpdump || true
kill $holder
"""

TOOLS = {
    **dict.fromkeys(("link", "address", "route", "rule", "neigh", "nexthop"), "ip"),
    **dict.fromkeys(("qdisc", "class", "filter"), "tc"),
    **dict.fromkeys(("brlink", "fdb", "vlan", "mdb"), "bridge"),
    **{name: name for name in ("nft", "conntrack", "ss", "ethtool", "strace")},
}


class Asked(NamedTuple):
    """What a tool printed, and the messages of its exchange as NDJSON has them."""

    printed: str
    objects: list[dict[str, Any]]
    walked: list[DecodedMessage]

    def told(self, *types: str) -> list[dict[str, Any]]:
        """Headers and attributes of the kernel's answers of these types."""
        return [body(one) for one in self.objects if one["nlmsg_type"] in types and one["direction"] == "to user"]


def body(item: dict[str, Any]) -> dict[str, Any]:
    """A message's own layer."""
    return dict(list(item["layers"].values())[-1])


def record(kernel: ModuleType, folder: Path) -> None:
    """Run the scenario; a folder of what was printed and captured."""
    folder.mkdir()
    ran = kernel.run(f"export OUT={folder}\n{SCENARIO}", timeout=300)
    errors = (folder / "errors").read_text()
    assert 0 == ran.status, f"{ran.output}\n{errors}"


def answers(folder: Path) -> dict[str, Asked]:
    """Read what `record` made; questions that this machine has no tool for are left out."""
    objects: dict[str, list[dict[str, Any]]] = {}
    walked: dict[str, list[DecodedMessage]] = {}
    name = "before"
    context = Context()
    capture = FrameStream(str(folder / "peers.pcap"))
    for seen, frame in zip(capture.frames(), frames(str(folder / "peers.pcap")), strict=True):
        told = [json.loads(encode(item)) for item in frame_objects(seen, secrets=False)]
        for item, message in zip(told, walk(frame, context).messages, strict=True):
            mark = re.search(r'"IFLA_IFNAME": "mark_(\w+)"', json.dumps(item))
            if mark is not None:
                name = mark[1]
                continue
            objects.setdefault(name, []).append(item)
            walked.setdefault(name, []).append(message)
    capture.finish()
    files = {path.stem: path.read_text() for path in folder.glob("*.out")}
    there = [name for name in TOOLS if name in files and shutil.which(TOOLS[name])]
    return {name: Asked(files[name], objects[name], walked[name]) for name in there}


Table = Mapping[str, tuple[str, Callable[..., Any]]]


def compare(theirs: Mapping[str, Any], ours: Mapping[str, Any], table: Table, only: Mapping[str, str]) -> list[str]:
    """What differs between an object of a tool and a message, by a table; `only`: the tool's own keys, and why."""
    wrong = []
    for key, value in flat(theirs):
        general = re.sub(r"(?<=\.)\d+(?=\.|$)", "#", key)
        if general in only:
            continue
        found = entry(table, general)
        if found is None:
            wrong.append(f"{key}: in no table ({value!r})")
            continue
        paths, convert = found
        places = re.findall(r"(?<=\.)\d+(?=\.|$)", key)
        try:
            ready = convert(*(dig(ours, path, places) for path in paths.split()))
        except (TypeError, KeyError, AttributeError, ValueError, IndexError) as error:
            ready = f"no value: {error!r}"
        if ordered(ready) != ordered(value):
            wrong.append(f"{key}: {value!r}, but {paths} is {ready!r}")
    return wrong


def entry(table: Table, key: str) -> tuple[str, Callable[..., Any]] | None:
    """The row of a key, exact ones first."""
    if key in table:
        return table[key]
    for pattern in sorted((one for one in table if one.endswith("*")), key=len, reverse=True):
        if key.startswith(pattern[:-1]):
            paths, convert = table[pattern]
            return paths.replace("*", key[len(pattern) - 1 :].upper()), convert
    return None


def flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The leaves of an object by path; a list of plain values is a leaf."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from flat(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for at, inner in enumerate(value):
            yield from flat(inner, f"{path}.{at}")
    else:
        yield path, value


def ordered(value: Any) -> Any:
    return sorted(value, key=str) if isinstance(value, list) else value


def dig(value: Any, path: str, places: list[str]) -> Any:
    """What stands at a path of NDJSON, None if nothing; the attributes behind a header are no step."""
    left = list(places)
    for step in path.split("."):
        if step == "#":
            value = value[int(left.pop(0))]
        elif isinstance(value, dict):
            value = value[step] if step in value else value.get("attrs", {}).get(step)
        else:
            return None
    return value


def same(value: Any) -> Any:
    return value


def low(prefix: str) -> Callable[[Any], Any]:
    """A constant as tools write it: without its prefix, in lower case; a number without a name as text."""
    return lambda value: None if value is None else str(value).removeprefix(prefix).lower()


def up(prefix: str) -> Callable[[Any], Any]:
    return lambda value: str(value).removeprefix(prefix)


def bits(prefix: str, *dropped: str) -> Callable[[Any], list[str]]:
    """Flags without prefix; `dropped`: those the tool leaves out."""
    return lambda value: [one.removeprefix(prefix) for one in value or [] if one not in dropped]


def hexed(value: Any) -> str:
    return hex(value)


def centi(value: int) -> float:
    """USER_HZ as seconds."""
    return value / 100
