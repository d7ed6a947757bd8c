"""Objects as iproute2 prints them and as nldissect does, from one dump: iproute2's, recorded while it ran.

record(folder)                  makes the objects in the user-mode kernel and records what iproute2 asks and prints
for command, theirs, ours in compared(folder): differences(theirs, ours)
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nldissect.analysis.objects.changes import Changes
from nldissect.analysis.objects.object_store import KeptObject
from nldissect.render.iproute.shape import addresses_by_link, iproute_object, vlans_by_port
from nldissect.stream.frames import FrameStream
from tests.helpers import uml_kernel
from tests.helpers.iproute2_objects import SHOWS
from tests.helpers.paths import ROOT

GUEST = """
import sys
sys.path.insert(0, {root!r})
from tests.helpers.guest_scenario import Scenario
from tests.helpers.iproute2_objects import SETUP, SHOWS
with Scenario({folder!r}, "") as scenario:
    scenario.run(f"set -e; {{SETUP}}")
    for command in SHOWS.strip().splitlines():
        scenario.shown(command)
"""
TYPES = {
    "ip link": "link", "ip route": "route", "ip rule": "rule", "ip neigh": "neighbour, proxy neighbour",
    "ip nexthop": "nexthop", "bridge fdb": "fdb entry", "bridge link": "bridge port",
    "tc qdisc": "qdisc", "tc class": "class", "tc filter": "filter", "tc chain": "chain",
}  # fmt: skip
JOINED = {"ip address": addresses_by_link, "bridge vlan": vlans_by_port}
Place = tuple[str, Any, Any]
ABSENT = "absent"


def record(folder: Path) -> None:
    """Make the objects, and a folder of capture.pcap and state.json (tests/helpers/guest_scenario.py)."""
    folder.mkdir()
    script = GUEST.format(root=str(ROOT), folder=str(folder))
    done = uml_kernel.run(script, interpreter=sys.executable, timeout=300)
    assert 0 == done.status, done.output


def compared(folder: Path) -> Iterator[tuple[str, list[dict[str, Any]], list[dict[str, Any]]]]:
    """Yield each command with the objects that it printed, and ours of the frames that it got."""
    frames = list(FrameStream(str(folder / "capture.pcap")).frames())
    states = json.loads((folder / "state.json").read_text())
    names = {one["ifindex"]: one["ifname"] for one in states[0]["printed"]}
    for state in states:
        found = Changes()
        for seen in frames[state["first"] : state["frame"]]:
            for place, walked in enumerate(seen.frame.messages, 1):
                if walked.seq:  # not what the kernel tells of itself after the answer: a neighbour fails with time
                    list(found.meet(seen.number, place, seen.record.time, walked))
        kept = list(found.kept().values())
        yield state["command"], [one for one in state["printed"] if one], ours(state["command"], kept, names.get)


def ours(command: str, kept: list[KeptObject], name_of: Callable[[int], str | None]) -> list[dict[str, Any]]:
    """Return the objects of a command's kind, those of its device where it names one."""
    words = [word for word in command.split() if not word.startswith("-") and word != "mpls"]
    noun = " ".join(words[:2])
    if noun in JOINED:
        return JOINED[noun](kept, name_of)
    wanted = [iproute_object(one, name_of) for one in kept if one.thing.name in TYPES[noun].split(", ")]
    objects = [one for one in wanted if one is not None]
    return [one for one in objects if words[0] != "tc" or one.get("dev", words[-1]) in words]


def differences(theirs: Any, ours: Any, path: str = "") -> Iterator[Place]:
    """Yield where two values differ: the path, iproute2's value, ours; the order of keys counts."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in theirs | ours:
            yield from differences(theirs.get(key, ABSENT), ours.get(key, ABSENT), f"{path}.{key}" if path else key)
        if theirs.keys() == ours.keys() and list(theirs) != list(ours):
            yield path, list(theirs), list(ours)
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for one, other in zip(theirs, ours, strict=True):
            yield from differences(one, other, f"{path}[]")
    elif json.dumps(theirs) != json.dumps(ours):
        yield path, theirs, ours


def commands() -> list[str]:
    """Return the commands that print objects."""
    return [command for command in SHOWS.strip().splitlines() if not command.startswith("tc ")]
