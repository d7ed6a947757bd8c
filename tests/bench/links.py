"""A dump of 1000 links: NetlinkSocket against pyroute2, in the real kernel. Run it at a quiet moment:

    python tests/bench/links.py [LINKS]

It prints the best of some rounds, in milliseconds, and ours over pyroute2's. Packets here and messages there decode an
attribute when it is looked at, so both are timed twice: with the name of each link looked at, and with every value. A
walked message has every value from the start. pyroute2 is no dependency; it has to be installed for this.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from tests.helpers import uml_kernel

ROUNDS = 5

PROGRAM = """
import json, subprocess, time
from scapy.packet import Packet
from nldissect.all import IFLA, ifinfomsg
from nldissect.sockets import NetlinkSocket
from nldissect.wire import Context, nlmon, nlmsghdr, walk
from pyroute2 import IPRoute
from pyroute2.netlink.rtnl.marshal import MarshalRtnl

COUNT, ROUNDS = {count}, {rounds}
batch = "".join(f"link add x{{number}} type dummy\\n" for number in range(COUNT))
subprocess.run(["ip", "-batch", "-"], input=batch, text=True, check=True)

def best(do):
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        count = do()
        times.append(time.perf_counter() - begun)
    assert count >= COUNT, count
    return 1000 * min(times)

sock = NetlinkSocket("route")
request = nlmsghdr(nlmsg_type="RTM_GETLINK") / ifinfomsg()
route = IPRoute()

raw = NetlinkSocket("route")
raw.send(nlmsghdr(nlmsg_type="RTM_GETLINK", nlmsg_flags="REQUEST|DUMP", nlmsg_seq=1) / ifinfomsg())
datagrams = []
while not datagrams or datagrams[-1][4:6] != b"\\3\\0":
    datagrams.append(raw.endpoint.receive(5).data)
frames = [bytes.fromhex("00060338") + bytes(12) + one for one in datagrams]
marshal = MarshalRtnl()

def look(message):
    if isinstance(message, (list, tuple)):
        for one in message:
            look(one)
    elif isinstance(message, dict):
        for name, value in message.items():
            look(value)
    elif hasattr(message, "get_value") or type(message).__name__ == "nla_slot":
        look(message[1])

def touched(messages):
    messages = list(messages)
    look(messages)
    return len(messages)

def named(messages):
    return sum(message.get_attr("IFLA_IFNAME") is not None for message in messages)

def opened(packet):
    for name in packet.fieldtype:
        value = packet.getfieldval(name) if name not in ("nla_len", "nla_type", "nlmsg_len") else None
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, Packet):
                opened(inner)
    if packet.payload:
        opened(packet.payload)

def all_opened(messages):
    for message in messages:
        opened(message)
    return len(messages)

def packets():
    return [message for one in frames for message in nlmon(one, _context=Context()).messages]

def called(messages):
    return sum(IFLA.IFNAME in message for message in messages)

def parsed():
    return (message for one in datagrams for message in marshal.parse(one))

told = {{
    "dump, packets, names": best(lambda: called(sock.dump(request))),
    "dump, packets, every value": best(lambda: all_opened(sock.dump(request))),
    "dump, walked": best(lambda: len(sock.dump(request, walked=True))),
    "get_links(), names": best(lambda: named(route.get_links())),
    "get_links(), every value": best(lambda: touched(route.get_links())),
    "decode, packets, names": best(lambda: called(packets())),
    "decode, packets, every value": best(lambda: all_opened(packets())),
    "decode, walked": best(lambda: sum(len(walk(one, Context()).messages) for one in frames)),
    "pyroute2 decodes, names": best(lambda: named(parsed())),
    "pyroute2 decodes, every value": best(lambda: touched(parsed())),
}}
print("@" + json.dumps(told))
"""


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    reason = uml_kernel.missing()
    if reason is not None:
        raise SystemExit(f"needs the real kernel: {reason}")
    ran = uml_kernel.run(PROGRAM.format(count=count, rounds=ROUNDS), interpreter=sys.executable, timeout=900)
    if ran.status:
        raise SystemExit(ran.output)
    told = json.loads(next(line for line in ran.output.splitlines() if line.startswith("@"))[1:])
    print(f"{count} links{'':25}ms   of pyroute2's: names, every value")
    for name, time in told.items():
        peer = "pyroute2 decodes" if "decode" in name else "get_links()"
        ratios = (time / told[f"{peer}, {what}"] for what in ("names", "every value"))
        print(f"{name:30}{time:10.1f}  " + "".join(f"{one:8.2f}" for one in ratios))


if __name__ == "__main__":
    main()
