"""The scene in the kernel: a capture of two namespaces, programs that change them at once, a program that dumps them.

Actors have names of their own and take turns with the dumper: each round all of them act at once, then all is quiet,
then everything is dumped. Written to the folder: capture.pcapng, and log.json with what each program did.
Run by `tests.truth.play` in the guest; only capturing is imported of nldissect.
"""

from __future__ import annotations

import ctypes
import importlib.util
import json
import os
import random
import socket
import struct
import subprocess
import sys
import time
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .commands import Commands
from .requests import ACK, REQUEST, V4, V6, Requests

CLONE_NEWNET, PR_SET_NAME, SO_RCVBUFFORCE = 0x4000_0000, 15, 33
OTHER = "/run/netns/other"
ERROR, DONE, DUMP = 2, 3, 0x300
OF_DUMPS, OF_ACTORS = 0x7000_0000, 1 << 20
"""Sequence numbers: those of dumps begin with the one; actor K has those from K times the other."""
DUMPS = (
    (18, bytes(16)), (22, bytes(8)), (26, bytes([V4, *bytes(11)])), (26, bytes([V6, *bytes(11)])), (30, bytes(12)),
    (34, bytes([V4, *bytes(11)])), (34, bytes([V6, *bytes(11)])), (106, bytes(8)), (38, bytes(20)),
)  # fmt: skip
"""Type and body of the requests for all links, addresses, routes, neighbours, rules, nexthops, qdiscs."""
GETTCLASS = 42
QUIET = 0.06
"""Seconds that the kernel is left alone before a dump: a request without an answer counts as accepted after 0.02."""
KINDS = "dummy", "veth", "bridge", "vlan", "macvlan", "bond"
PROGRAMS = {"ip": "zebra", "tc": "shaper"}
"""iproute2's programs, and other names by which some actors run them."""
Log = list[dict[str, Any]]


class Kernel:
    """A socket of route netlink."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self.socket.bind((0, 0))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
        self.port: int = self.socket.getsockname()[0]

    def send(self, kind: int, flags: int, sequence: int, body: bytes) -> None:
        self.socket.send(struct.pack("=IHHII", 16 + len(body), kind, flags | REQUEST, sequence, 0) + body)

    def answers(self, sequence: int) -> Iterator[tuple[int, bytes]]:
        """Yield type and body of the answers to a request, up to its acknowledgement or the end of its dump."""
        while True:
            data = self.socket.recv(1 << 20)
            while data:
                length, kind, _, number = struct.unpack_from("=IHHI", data)
                if number == sequence:
                    yield kind, data[16:length]
                    if kind in (ERROR, DONE):
                        return
                data = data[length + 3 & ~3 :]


def named(name: str) -> None:
    ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode(), 0, 0, 0)


def enter(space: str) -> None:
    with open(space) as there:
        if ctypes.CDLL(None, use_errno=True).setns(there.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), space)


class Actor:
    """A program that acts when it is told to; its process is a child of this one."""

    def __init__(self, number: int, name: str, space: str, act: Callable[[Actor, int], None], seed: int) -> None:
        self.number, self.name, self.log = number, name, Log()
        self.chance = random.Random(f"{seed} {number}")
        self.told, self.tells = socket.socketpair()
        self.pid = os.fork()
        if not self.pid:
            self.tells.close()
            enter(space)
            named(name)
            self._serve(act)
            os._exit(0)
        self.told.close()

    def _serve(self, act: Callable[[Actor, int], None]) -> None:
        while count := self.told.recv(16):
            act(self, int(count))
            self.told.send(b"done")
        self.told.sendall(json.dumps(self.log).encode())

    def go(self, count: int) -> None:
        self.tells.send(b"%d" % count)

    def wait(self) -> None:
        assert b"done" == self.tells.recv(16), self.name

    def end(self) -> Log:
        """End the program; return what it did."""
        self.tells.shutdown(socket.SHUT_WR)
        text = b"".join(iter(lambda: self.tells.recv(1 << 16), b""))
        os.waitpid(self.pid, 0)
        log: Log = json.loads(text)
        return log


def ask(actor: Actor, count: int) -> None:
    """Send requests, one after the other; some programs open a socket for each round, and some are not told."""
    requests, kernel = Requests(actor.chance), Kernel()
    for _ in range(count):
        sequence = OF_ACTORS * actor.number + len(actor.log)
        wanted = requests.next(sequence)
        asks = actor.chance.random() < 0.9
        began = time.time_ns()
        kernel.send(wanted.type, wanted.flags if asks else wanted.flags & ~ACK, sequence, wanted.body)
        error = None
        if asks:
            _, body = next(kernel.answers(sequence))
            error = -struct.unpack_from("=i", body)[0]
        actor.log.append(
            {"pid": os.getpid(), "name": actor.name, "port": kernel.port, "sequence": sequence, "error": error,
             "type": wanted.type, "began": began, "ended": time.time_ns()}
        )  # fmt: skip
    kernel.socket.close()


def command(actor: Actor, count: int) -> None:
    """Run a batch of lines under the actor's name."""
    program = next(one for one, other in PROGRAMS.items() if actor.name in (one, other))
    commands = Commands(actor.chance)
    lines = [commands.ip() if program == "ip" else commands.tc() for _ in range(count)]
    began = time.time_ns()
    child = subprocess.Popen(
        [program, "-force", "-batch", "-"], executable=f"/run/programs/{actor.name}", stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    _, said = child.communicate("\n".join(lines) + "\n")
    ran = {"pid": child.pid, "name": actor.name, "lines": lines, "said": said}
    actor.log.append(ran | {"began": began, "ended": time.time_ns()})


def dump(actor: Actor, number: int) -> None:
    """Dump everything; `number` is the round's, from 1."""
    kernel, indices, sequence = Kernel(), list[int](), OF_DUMPS + number * 256
    for kind, body in DUMPS:
        kernel.send(kind, DUMP, sequence, body)
        for answer, data in kernel.answers(sequence):
            if answer == DUMPS[0][0] - 2:
                indices.append(struct.unpack_from("=i", data, 4)[0])
        sequence += 1
    for index in indices:
        kernel.send(GETTCLASS, DUMP, sequence, struct.pack("=BBHiIII", 0, 0, 0, index, 0, 0, 0))
        for _ in kernel.answers(sequence):
            pass
        sequence += 1
    kernel.socket.close()


def actors(seed: int) -> list[Actor]:
    """Programs of three names that ask, ip and tc, some under other names; some of them in the other namespace."""
    own = "/proc/self/ns/net"
    casts: list[tuple[str, str, Callable[[Actor, int], None]]] = [
        ("alpha", own, ask), ("bravo", own, ask), ("ip", own, command), ("tc", own, command), ("zebra", own, command),
        ("charlie", OTHER, ask), ("shaper", OTHER, command), ("ip", OTHER, command),
    ]  # fmt: skip
    return [Actor(number, name, space, act, seed) for number, (name, space, act) in enumerate(casts, 1)]


def prepare(dad: bool) -> None:
    """Make the other namespace and the programs' names, and load the modules."""
    os.makedirs("/run/netns", exist_ok=True)
    os.makedirs("/run/programs")
    for program, other in PROGRAMS.items():
        path = subprocess.run(["which", program], check=True, capture_output=True, text=True).stdout.strip()
        for name in (program, other):
            os.symlink(path, f"/run/programs/{name}")
    lines = [f"ip link add probe type {kind} {'link lo id 9' if kind == 'vlan' else ''}" for kind in KINDS]
    lines = [f"{line}; ip link del probe" for line in lines if "macvlan" not in line]
    lines += ["ip netns add other", "ip -n other link set lo up"]
    lines += [f"tc qdisc add dev lo root {kind}; tc qdisc del dev lo root" for kind in ("htb", "prio", "fq_codel")]
    subprocess.run(";".join(lines), shell=True, stderr=subprocess.DEVNULL, check=False)
    for within in ("", "ip netns exec other "):
        for one in ("all", "default"):
            quiet = f"echo {int(dad)} >/proc/sys/net/ipv6/conf/{one}/accept_dad"
            subprocess.run(f"{within}sh -c '{quiet}'", shell=True, check=True)


@contextmanager
def capture(path: str) -> Iterator[None]:
    """Capture in both namespaces; the decoders stay out, they take seconds to import in there."""
    package = types.ModuleType("nldissect")
    found = importlib.util.find_spec("nldissect")
    assert found is not None and found.submodule_search_locations is not None
    package.__path__ = found.submodule_search_locations
    sys.modules["nldissect"] = package
    from nldissect.capture import CaptureConfig, CaptureProcess

    spaces = [f"/proc/{os.getpid()}/ns/net", "other"]
    with CaptureProcess(CaptureConfig(netns=spaces, write=path, processes=True)) as live:
        yield
        live.stop()
        assert live.result.dropped == 0 and live.result.error is None, live.result


def everybody(some: list[Actor], number: int) -> None:
    """Let actors act at once, and wait for them."""
    for one in some:
        one.go(number)
    for one in some:
        one.wait()


def play(folder: str, operations: int, seed: int, each: int = 200) -> None:
    """Play the scene: about so many operations, a dump after `each` of them."""
    chance = random.Random(seed)
    listens: list[str] = chance.choice(("", "ip", "ip tc")).split()
    prepare(dad=chance.random() < 0.3)
    with capture(f"{folder}/capture.pcapng"):
        listeners = [
            subprocess.Popen([program, *space, "monitor"], stdout=subprocess.DEVNULL)
            for program in listens
            for space in ([], ["-n", "other"])
        ]
        cast = actors(seed)
        dumpers = [Actor(90 + n, "dumper", space, dump, seed) for n, space in enumerate(("/proc/self/ns/net", OTHER))]
        everybody(dumpers, 1)
        for number in range(2, max(1, operations // each) + 2):
            everybody(cast, each // len(cast))
            time.sleep(QUIET)
            everybody(dumpers, number)
        log = [entry for one in cast for entry in one.end()]
        for one in dumpers:
            one.end()
        for program in listeners:
            program.terminate()
            program.wait()
    Path(folder, "log.json").write_text(json.dumps({"listens": listens, "log": log}))
