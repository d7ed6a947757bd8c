"""Runs commands in the user-mode kernel, records what netlink they make, and keeps the state that iproute2 then prints.

    with Scenario(folder, "route4") as scenario:    # inside the guest, see kernel.run
        scenario.known()                            # dumps that are in the capture: what was there before
        scenario.run("ip link add d0 type dummy")
        scenario.state()                            # dumps that are not

Written to `folder`: capture.pcap, and state.json, a list of {"frame": frames before, "state": output by command}.
Listeners of every group that `ip monitor` knows are open, so that the kernel has somebody to notify.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, SO_RCVBUFFORCE = 270, 1, 33
ROUTE, XFRM, NETFILTER = 0, 6, 12
NLM_F_REQUEST = 1
RTM_GET = 2
"""The two lowest bits of a type that asks (enum rtnl_kinds in net/rtnetlink.h)."""
GROUPS = {ROUTE: range(1, 36), XFRM: range(1, 9), NETFILTER: range(1, 11)}
DUMPS = {
    "link": "ip -N -j -d link show",
    "address": "ip -N -j address show",
    "route4": "ip -N -j -4 route show table all",
    "route6": "ip -N -j -6 route show table all",
    "proc6": "cat /proc/net/ipv6_route",
    "rule4": "ip -d -N -j -4 rule show",
    "rule6": "ip -d -N -j -6 rule show",
    "neighbour": "ip -N -j neigh show",
    "proxy": "ip -N -j neigh show proxy",
    "fdb": "bridge -j fdb show",
    "nexthop": "ip -N -j nexthop show",
    "vlan": "bridge -j vlan show",
    "qdisc": "tc -N -j qdisc show",
    "filter": "tc -j filter show dev d0 ingress",
    "mpls": "ip -N -j -f mpls route show",
    "mroute": "ip -N -j mroute show table all",
    "nftables": "nft -j list ruleset",
    "state": "ip xfrm state",
    "policy": "ip xfrm policy",
}
"""Commands that print state, most as JSON, by what they show."""
QUIET = 0.06
"""Seconds without a frame after which a command has had its effect."""


class Scenario:
    """A capture of this network namespace, and its state at some moments."""

    def __init__(self, folder: str, about: str, settle: float = 60.0, listens: bool = True) -> None:
        """`about`: names of DUMPS that matter; without `listens` the kernel has nobody to notify."""
        self._folder = Path(folder)
        self._dumps = {name: DUMPS[name] for name in ("link", *about.split())}
        self._settle = settle
        for command in ("ip link add nlmon0 type nlmon", "ip link set nlmon0 up"):
            subprocess.run(command.split(), check=True)
        self._tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self._tap.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
        self._tap.bind(("nlmon0", 3))
        self._listeners = [listener(protocol, groups) for protocol, groups in GROUPS.items() if listens]
        self._frames: list[tuple[float, bytes]] = []
        self._heard: set[bytes] = set()
        self._started: list[subprocess.Popen[bytes]] = []
        self._states: list[dict[str, Any]] = []

    def __enter__(self) -> Scenario:
        return self

    def __exit__(self, *_: object) -> None:
        for program in self._started:
            program.kill()
        header = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 0x40000, 253)
        records = [
            struct.pack("<IIII", int(at), int(at % 1 * 1e6), len(data), len(data)) + data for at, data in self._frames
        ]
        (self._folder / "capture.pcap").write_bytes(header + b"".join(records))
        (self._folder / "state.json").write_text(json.dumps(self._states))

    def known(self) -> None:
        """Ask for all there is, where the capture shows it."""
        for command in self._dumps.values():
            subprocess.run(command.split(), check=True, stdout=subprocess.DEVNULL)
        self._record()

    def run(self, *commands: str) -> None:
        """Run shell commands one after the other; each must succeed."""
        for command in commands:
            subprocess.run(command, shell=True, check=True)
            self._record()

    def start(self, command: str) -> subprocess.Popen[bytes]:
        """Start a program that goes on until `stop`."""
        self._started.append(subprocess.Popen(["sh", "-c", f"exec {command}"]))
        return self._started[-1]

    def stop(self) -> None:
        """End what was started, the last first."""
        while self._started:
            program = self._started.pop()
            program.terminate()
            program.wait()
        self._record()

    def wait(self, command: str) -> None:
        """Wait until a shell command succeeds."""
        deadline = time.monotonic() + self._settle
        while subprocess.run(command, shell=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
            if time.monotonic() > deadline:
                raise TimeoutError(command)
            self._record()

    def state(self) -> None:
        """Keep what the kernel has now. Where it changes meanwhile, ask again."""
        deadline = time.monotonic() + self._settle
        while True:
            self._record()
            frames, found = len(self._frames), {name: dump(command) for name, command in self._dumps.items()}
            self._heard.clear()
            others = [frame for frame in list(self._drained()) if frame[1][16:] in self._heard or changes(frame[1])]
            if not others:
                self._states.append({"frame": frames, "state": found})
                return
            self._frames += others
            if time.monotonic() > deadline:
                raise TimeoutError("the state does not settle")

    def shown(self, command: str) -> None:
        """Keep what a command prints, and the frames of its own dump: from "first" to "frame"."""
        self._record()
        first, printed = len(self._frames), dump(command)
        self._record()
        self._states.append({"command": command, "first": first, "frame": len(self._frames), "printed": printed})

    def _record(self) -> None:
        self._frames += list(self._drained())

    def _drained(self) -> Iterator[tuple[float, bytes]]:
        """Frames until there is none for QUIET seconds, with the cooked header of link type 253."""
        while select.select([self._tap, *self._listeners], [], [], QUIET)[0]:
            for one in self._listeners:
                while one in select.select([one], [], [], 0)[0]:
                    self._heard.add(one.recv(1 << 18))
            while select.select([self._tap], [], [], 0)[0]:
                data, (_, protocol, packet_type, hardware, _) = self._tap.recvfrom(1 << 18)
                yield time.time(), struct.pack(">HH10xH", packet_type, hardware, protocol) + data


def changes(frame: bytes) -> bool:
    """Whether a frame asks for a change of rtnetlink: what the kernel tells of it may look like a request itself."""
    number, flags = struct.unpack_from("=HH", frame, 20)
    return frame[14:16] == bytes(2) and bool(flags & NLM_F_REQUEST) and number & 3 != RTM_GET


def listener(protocol: int, groups: range) -> socket.socket:
    """A socket that hears every multicast group of a protocol."""
    found = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
    found.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
    found.bind((0, 0))  # without a port it would not hear what has none (do_one_broadcast in net/netlink/af_netlink.c)
    for group in groups:
        found.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group)
    return found


def dump(command: str) -> Any:
    """What a command prints."""
    text = subprocess.run(command.split(), check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(text or "[]") if "-j" in command else text
