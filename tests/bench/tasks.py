"""What is compared: our command and tshark's for one question, the limit of their ratio, whether both answer alike."""

from __future__ import annotations

import collections
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from measure import NLDISSECT, output

Check = Callable[[Path, "Task"], str]


class DifferError(Exception):
    """Two programs gave different answers to one question."""


@dataclass(frozen=True)
class Task:
    """One question. `limit` bounds our slope over tshark's; `printed`: for each line printed."""

    name: str
    capture: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    limit: float
    check: Check
    printed: bool = False

    @property
    def heavy(self) -> bool:
        """Whether comparing needs all output of both in memory: then only the smallest file is compared."""
        return self.check is not same_frames and self.check is not same_values

    @property
    def title(self) -> str:
        return f"{self.name} {self.capture}"

    def our_words(self, path: Path) -> tuple[str, ...]:
        return (*NLDISSECT, "read", str(path), *self.ours)

    def their_words(self, path: Path) -> tuple[str, ...]:
        return ("tshark", "-r", str(path), *self.theirs)


def fields(*names: str) -> tuple[str, ...]:
    return ("-T", "fields", *(word for name in names for word in ("-e", name)))


def rows(words: tuple[str, ...]) -> Iterator[list[str]]:
    """The cells of `-T fields`, line by line."""
    for line in output(words).decode().splitlines():
        yield line.split("\t")


def alike(ours: dict[int, Any], theirs: dict[int, Any], what: str) -> None:
    """Raise, naming the first frame that differs."""
    for frame in sorted(ours.keys() | theirs.keys()):
        if ours.get(frame) != theirs.get(frame):
            odd = sum(ours.get(each) != theirs.get(each) for each in ours.keys() | theirs.keys())
            text = f"{what} of frame {frame}: {ours.get(frame)}, tshark {theirs.get(frame)}"
            raise DifferError(f"{text[:300]}; {odd} frames differ")


def same_frames(path: Path, task: Task) -> str:
    ours = {int(cells[0]): True for cells in rows(task.our_words(path))}
    theirs = {int(cells[0]): True for cells in rows(task.their_words(path))}
    alike(ours, theirs, "match")
    return f"{len(ours)} frames, the same"


def same_values(path: Path, task: Task) -> str:
    """Each column but the first, the frame's number: all values of a frame, one after the other."""
    ours, theirs = gathered(rows(task.our_words(path))), gathered(rows(task.their_words(path)))
    names = task.ours[5::2]
    for column, name in enumerate(names):
        alike(ours[column], theirs[column], name)
    count = sum(len(values) for column in ours.values() for values in column.values())
    return f"{len(names)} columns, {count} values, the same"


def gathered(lines: Iterable[list[str]]) -> dict[int, dict[int, list[str]]]:
    """Column by column, the values of each frame."""
    found: dict[int, dict[int, list[str]]] = collections.defaultdict(dict)
    for number, *cells in lines:
        for column, cell in enumerate(cells):
            if cell:
                found[column].setdefault(int(number), []).extend(map(plain, cell.split(",")))
    return found


def plain(value: str) -> str:
    """tshark writes some numbers in hex."""
    return str(int(value, 16)) if value.startswith("0x") else value


MARKERS = {"IFLA_IFNAME": "ifla_ifname", "IFLA_MTU": "ifla_mtu", "RTA_OIF": "rta_oif", "ifi_index": "ifi_index"}


def leaves(value: Any, name: str, counts: collections.Counter[str]) -> None:
    """Count the values of a decoded object below `name`, and how many bear each name."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            leaves(inner, key, counts)
    elif isinstance(value, list) and value:
        for inner in value:
            leaves(inner, name, counts)
    else:
        counts[name] += 1


def same_objects(path: Path, task: Task) -> str:
    """Frames, and how many values there are of what both name, outside of errors: tshark opens no echoed request."""
    ours: collections.Counter[str] = collections.Counter()
    echoed: collections.Counter[str] = collections.Counter()
    frames = set()
    messages = 0
    for line in output(task.our_words(path)).splitlines():
        item = orjson.loads(line)
        messages += 1
        frames.add(item["frame"])
        layers = item.get("layers", {})
        leaves(layers, "", ours)
        leaves(layers.get("nlmsgerr", {}), "", echoed)
    theirs: collections.Counter[str] = collections.Counter()
    other = 0
    for line in output(task.their_words(path)).splitlines():
        item = json.loads(line)
        if "layers" in item:
            other += 1
            for layer, content in item["layers"].items():
                if layer != "frame":
                    leaves(content, layer, theirs)
    if len(frames) != other:
        raise DifferError(f"{len(frames)} frames, tshark {other}")
    for name, field in MARKERS.items():
        found = theirs[f"netlink-route_netlink-route_{field}"]
        if ours[name] - echoed[name] != found:
            raise DifferError(f"{name} {ours[name] - echoed[name]} times, tshark {found}")
    named = ", ".join(f"{name} {ours[name] - echoed[name]}" for name in MARKERS if ours[name])
    total, undecoded = ours.total(), ours["undecoded"]
    return (
        f"{other} frames, the same; {messages} messages of {total} values, {undecoded} undecoded; "
        f"tshark {theirs.total()} values; the same number of {named}"
    )


def same_listing(path: Path, task: Task) -> str:
    """tshark prints a line a frame, we one a message: the frames named at the left are the same."""
    ours = {int(line.split(None, 1)[0]): True for line in output(task.our_words(path)).splitlines()}
    theirs = {int(line.split(None, 1)[0]): True for line in output(task.their_words(path)).splitlines()}
    alike(ours, theirs, "line")
    return f"{len(ours)} frames, the same"


def same_trees(path: Path, task: Task) -> str:
    ours = output(task.our_words(path)).splitlines()
    theirs = output(task.their_words(path)).splitlines()
    one, other = (sum(line.startswith(b"Frame ") for line in lines) for lines in (ours, theirs))
    if one != other:
        raise DifferError(f"{one} frames, tshark {other}")
    return f"{one} frames, the same; {len(ours)} lines, tshark {len(theirs)}"


NUMBER = "frame.number"
MTU = ("-Y", "netlink-route.ifla_mtu > 1400", *fields(NUMBER))
OIF = ("-Y", "netlink-route.rta_oif", *fields(NUMBER))
LINK_FIELDS = ("ifi_index", "IFLA_IFNAME", "IFLA_MTU", "IFLA_TXQLEN", "IFLA_PROMISCUITY")
ROUTE_FIELDS = ("RTA_OIF", "rtm_dst_len", "rtm_src_len", "rtm_tos")
THEIR_LINK_FIELDS = ("ifi_index", "ifla_ifname", "ifla_mtu", "ifla_txqlen", "ifla_promiscuity")
THEIR_ROUTE_FIELDS = ("rta_oif", "rt_dst_len", "rt_src_len", "rt_tos")


def route(*names: str) -> tuple[str, ...]:
    return fields(NUMBER, *(f"netlink-route.{name}" for name in names))


TASKS = (
    Task("filter", "routes", ("-Y", "RTA_OIF", *fields(NUMBER)), OIF, 0.25, same_frames),
    Task("filter", "links", ("-Y", "IFLA_MTU > 1400", *fields(NUMBER)), MTU, 0.4, same_frames),
    Task("fields", "routes", fields(NUMBER, *ROUTE_FIELDS), route(*THEIR_ROUTE_FIELDS), 0.33, same_values),
    Task("fields", "links", fields(NUMBER, *LINK_FIELDS), route(*THEIR_LINK_FIELDS), 0.33, same_values),
    Task("ndjson", "routes", ("-T", "ndjson"), ("-T", "ek"), 0.17, same_objects),
    Task("ndjson", "links", ("-T", "ndjson"), ("-T", "ek"), 0.17, same_objects),
    Task("list", "routes", (), (), 0.6, same_listing, printed=True),
    Task("list", "links", (), (), 0.6, same_listing, printed=True),
    Task("tree", "routes", ("-V",), ("-V",), 0.8, same_trees),
    Task("tree", "links", ("-V",), ("-V",), 0.8, same_trees),
)
