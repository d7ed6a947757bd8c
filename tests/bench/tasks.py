"""What is compared: our command and tshark's for one question, and whether both answer alike."""

from __future__ import annotations

import collections
import importlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from measure import NLDISSECT, printed

Check = Callable[[Path, "Task"], str]


class DifferError(Exception):
    """Two programs gave different answers to one question."""


@dataclass(frozen=True)
class Task:
    """One question to both.

    makes   our command writes a file of this name, in a folder of its own, for what tshark prints
    """

    name: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    check: Check
    makes: str = ""

    def our_words(self, path: Path, folder: Path | None = None) -> tuple[str, ...]:
        if self.makes:
            return (*NLDISSECT, "export", str(path), str((folder or Path()) / self.makes), *self.ours)
        return (*NLDISSECT, "read", str(path), *self.ours)

    def their_words(self, path: Path) -> tuple[str, ...]:
        return ("tshark", "-r", str(path), *self.theirs)


def fields(*names: str) -> tuple[str, ...]:
    return ("-T", "fields", *(word for name in names for word in ("-e", name)))


def rows(words: tuple[str, ...]) -> Iterator[list[str]]:
    """The cells of `-T fields`, line by line."""
    for line in printed(words):
        yield line.decode().rstrip("\n").split("\t")


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
    for line in printed(task.our_words(path)):
        item = orjson.loads(line)
        messages += 1
        frames.add(item["frame"])
        layers = item.get("layers", {})
        leaves(layers, "", ours)
        leaves(layers.get("nlmsgerr", {}), "", echoed)
    theirs: collections.Counter[str] = collections.Counter()
    other = 0
    for line in printed(task.their_words(path)):
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


def same_packets(path: Path, task: Task) -> str:
    """Frames of NDJSON and of tshark's; for captures where they count values differently (requests inside errors)."""
    numbers = [orjson.loads(line)["frame"] for line in printed(task.our_words(path))]
    frames = set(numbers)
    theirs = packets(task.their_words(path))
    if len(frames) != theirs:
        raise DifferError(f"{len(frames)} frames, tshark {theirs}")
    return f"{theirs} frames, the same; {len(numbers)} messages"


def packets(words: tuple[str, ...]) -> int:
    """How many packets tshark prints as objects; between them stand lines that say which index they are for."""
    return sum(not line.startswith(b'{"index"') for line in printed(words))


def same_rows(path: Path, task: Task) -> str:
    """Frames of the table that we export, and of what tshark prints."""
    parquet: Any = importlib.import_module("pyarrow.parquet")
    with tempfile.TemporaryDirectory() as folder:
        collections.deque(printed(task.our_words(path, Path(folder))), 0)
        numbers = parquet.read_table(Path(folder) / task.makes, columns=["frame"]).column("frame").to_pylist()
    theirs = packets(task.their_words(path))
    if len(set(numbers)) != theirs:
        raise DifferError(f"{len(set(numbers))} frames, tshark {theirs}")
    return f"{theirs} frames, the same; {len(numbers)} rows"


def same_listing(path: Path, task: Task) -> str:
    """tshark prints a line a frame, we one a message: the frames named at the left are the same."""
    ours = {int(line.split(None, 1)[0]): True for line in printed(task.our_words(path))}
    theirs = {int(line.split(None, 1)[0]): True for line in printed(task.their_words(path))}
    alike(ours, theirs, "line")
    return f"{len(ours)} frames, the same"


def same_trees(path: Path, task: Task) -> str:
    (ours, lines), (theirs, their_lines) = (headed(words) for words in (task.our_words(path), task.their_words(path)))
    if ours != theirs:
        raise DifferError(f"{ours} frames, tshark {theirs}")
    return f"{ours} frames, the same; {lines} lines, tshark {their_lines}"


def headed(words: tuple[str, ...]) -> tuple[int, int]:
    """How many frames a tree is of, and its lines."""
    frames = lines = 0
    for line in printed(words):
        lines += 1
        frames += line.startswith(b"Frame ")
    return frames, lines


NUMBER = "frame.number"
MTU = ("-Y", "netlink-route.ifla_mtu > 1400", *fields(NUMBER))
OIF = ("-Y", "netlink-route.rta_oif", *fields(NUMBER))
OUR_LINK_FIELDS = ("ifi_index", "IFLA_IFNAME", "IFLA_MTU", "IFLA_TXQLEN", "IFLA_PROMISCUITY")
OUR_ROUTE_FIELDS = ("RTA_OIF", "rtm_dst_len", "rtm_src_len", "rtm_tos")
THEIR_LINK_FIELDS = ("ifi_index", "ifla_ifname", "ifla_mtu", "ifla_txqlen", "ifla_promiscuity")
THEIR_ROUTE_FIELDS = ("rta_oif", "rt_dst_len", "rt_src_len", "rt_tos")


def route(*names: str) -> tuple[str, ...]:
    return fields(NUMBER, *(f"netlink-route.{name}" for name in names))


ROUTE_FILTER = Task("filter", ("-Y", "RTA_OIF", *fields(NUMBER)), OIF, same_frames)
LINK_FILTER = Task("filter", ("-Y", "IFLA_MTU > 1400", *fields(NUMBER)), MTU, same_frames)
ROUTE_FIELDS = Task("fields", fields(NUMBER, *OUR_ROUTE_FIELDS), route(*THEIR_ROUTE_FIELDS), same_values)
LINK_FIELDS = Task("fields", fields(NUMBER, *OUR_LINK_FIELDS), route(*THEIR_LINK_FIELDS), same_values)
LIST = Task("list", (), (), same_listing)
TREE = Task("-V", ("-V",), ("-V",), same_trees)
NDJSON = Task("NDJSON", ("-T", "ndjson"), ("-T", "ek"), same_objects)
PACKETS = Task("NDJSON", ("-T", "ndjson"), ("-T", "ek"), same_packets)
FIRST = Task("start-up", ("-c", "1"), ("-c", "1"), same_listing)
EXPORT = Task("export", (), ("-T", "ek"), same_rows, makes="out.parquet")
