"""What nldissect tells of a capture of `guest`, against the dumps in it and the log of what the programs did."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from nldissect.analysis.objects.change import (
    ADDED,
    DUMP,
    EVENT,
    INFERRED,
    REMOVED,
    REQUEST,
    THERE,
    UNCHANGED,
    Change,
    called,
    name_of,
)
from nldissect.analysis.objects.changes import Changes
from nldissect.analysis.objects.comparison import ObjectComparison, is_among
from nldissect.analysis.objects.identity import Key, place_of
from nldissect.analysis.objects.next_hops import has_several, is_of_hop
from nldissect.analysis.objects.object_store import KeptObject
from nldissect.analysis.processes.resolver import Processes
from nldissect.columns.fields.derived import PLACES
from nldissect.records.object_changes import CaptureMessage, ChangeCauses
from nldissect.stream.frames import FrameStream
from nldissect.uapi import NETLINK_ROUTE
from nldissect.wire import DecodedMessage, get_int
from nldissect.wire.protocol import TO_KERNEL

from .guest import OF_DUMPS
from .tally import Tally

LISTED = frozenset({"link", "address", "route", "rule", "nexthop", "neighbour", "qdisc", "class"})
"""Types of objects that the dumps list in full."""
PERMANENT = 0x80
WHOLE, UP = -1, 1
ASKED = {
    "link": {"ifi_flags": UP}
    | dict.fromkeys(("IFLA_IFNAME", "IFLA_MTU", "IFLA_MASTER", "IFLA_LINK", "IFLA_IFALIAS"), WHOLE)
    | {"IFLA_LINKINFO.IFLA_INFO_KIND": WHOLE}
}
"""Values that only requests change, where nobody listens: others follow from the states of links, and no one tells."""
Objects = dict[Key, KeptObject]


class Act(NamedTuple):
    """What a program did: one request, or a batch of lines; `began`, `ended`: nanoseconds since 1970."""

    pid: int
    name: str
    began: int
    ended: int

    def __str__(self) -> str:
        return f"{self.name}[{self.pid}]"

    def lasted(self, time: int | None) -> bool:
        return time is None or self.began <= time <= self.ended


class Acts:
    """What all programs did."""

    def __init__(self, log: list[dict[str, Any]]) -> None:
        self._asked, self._ran = dict[int, Act](), dict[int, Act]()
        for one in log:
            act = Act(one["pid"], one["name"], one["began"], one["ended"])
            if "sequence" in one:
                self._asked[one["sequence"]] = act
            else:
                self._ran[act.pid] = act

    def of(self, sequence: int, pid: int | None) -> Act | None:
        """Return what the request with a sequence number is, or what a process did."""
        return self._asked.get(sequence) or (None if pid is None else self._ran.get(pid))


@dataclass
class View:
    """One round of dumps in one namespace.

    told         what nldissect told just before
    first, last  its frames
    real         what the dumps list
    """

    told: Objects
    first: int
    last: int = 0
    real: Changes = field(default_factory=Changes)


def round_of(walked: DecodedMessage) -> int:
    """Return the round of a message of a dump, 0 for others."""
    mine = walked.has_header and walked.protocol == NETLINK_ROUTE and walked.seq >> 24 == OF_DUMPS >> 24
    return (walked.seq - OF_DUMPS) >> 8 if mine else 0


class Checker:
    """The check of one capture; `hidden`: nldissect sees none but the first dumps."""

    def __init__(self, folder: Path, hidden: bool) -> None:
        self._hidden = hidden
        self._capture = FrameStream(str(folder / "capture.pcapng"))
        self._causes = ChangeCauses([self._capture])
        self._log: dict[str, Any] = json.loads((folder / "log.json").read_text())
        self._acts = Acts(self._log["log"])
        self._views: dict[tuple[str | None, int], View] = {}
        self._changes: list[Change] = []
        self._requests: dict[tuple[int, int], int] = {}  # sequence numbers by frame and place
        self.tally = Tally(operations=sum(len(one.get("lines", "1")) for one in self._log["log"]))

    def run(self) -> Tally:
        self._read()
        for (where, number), view in self._views.items():
            if number > 1:
                self._compare(view, self._views[where, number - 1].last)
        self._check_causes()
        self._check_processes()
        return self.tally

    def _read(self) -> None:
        """Follow the capture; keep the views, and all changes."""
        found = Changes()
        for seen in self._capture.frames():
            self._causes.observe(seen)
            where = seen.record.interface.space_or_name
            for place, walked in enumerate(seen.frame.messages, 1):
                message = seen.number, place, seen.record.time, walked, where
                number, asks = round_of(walked), walked.direction == TO_KERNEL
                if asks and walked.protocol == NETLINK_ROUTE and not seen.record.own:
                    self._requests[seen.number, place] = walked.seq
                if asks or not number or number == 1 or not self._hidden:
                    self._changes += found.meet(*message, CaptureMessage(seen, place))
                if number and (where, number) not in self._views:
                    kept = found.kept().items()
                    self._views[where, number] = View({key: copy(one) for key, one in kept}, seen.number)
                if number:
                    view = self._views[where, number]
                    view.last = seen.number
                    for _ in view.real.meet(*message):
                        pass
        self._changes += found.finish()

    def _compare(self, view: View, before: int) -> None:
        """Compare what was told with a dump; `before`: the last frame of the dump before."""
        where = next(iter(view.real.kept()))[0]
        mine = [one for one in self._changes if one.key[0] == where and before < one.frame <= view.last]
        touched = {one.key for one in mine if one.frame >= view.first and one.known != DUMP}
        last = {one.key: one for one in mine if one.frame < view.first}
        told = {key: one for key, one in view.told.items() if key[0] == where and is_listed(one)}
        real = {key: one for key, one in view.real.kept().items() if is_listed(one)}
        for theirs, ours in matched(real, told):
            key = ours.key if ours is not None else theirs.key if theirs is not None else ()
            if key in touched:
                continue
            self._judge(theirs, ours, last.get(key), view.first)

    def _judge(self, real: KeptObject | None, told: KeptObject | None, last: Change | None, frame: int) -> None:
        one = real or told
        assert one is not None
        subject, name = f"state of {one.thing.name}", name_of(one.thing, one.walked)
        if told is None:
            default = real is not None and "tcm_handle" in real.leaves and not real.leaves["tcm_handle"].value
            if last is not None and last.what == REMOVED and not default:
                self.tally.add(
                    subject, last.known, False, f"before frame {frame} {name} is there, removed by {last.frame}"
                )
            else:
                self.tally.add(subject, "nothing", False, f"before frame {frame} {name} is there")
            return
        known = INFERRED if told.change is None else told.change.known
        since = 0 if told.change is None else told.change.frame
        if real is None:
            self.tally.add(subject, known, False, f"before frame {frame} {name} is gone, told in {since}")
            return
        wrong = list(differences(real, told, None if self._log["listens"] else ASKED.get(one.thing.name)))
        self.tally.add(subject, known, not wrong, f"before frame {frame} {name}, told in {since}: {'; '.join(wrong)}")

    def _check_causes(self) -> None:
        """Check that causes acted then, and that what their request gave away is theirs."""
        for change in self._changes:
            cause = None if change.what in (THERE, UNCHANGED) else self._causes.of(change)
            if cause is None or cause.kernel is not None:
                continue
            act = self._acts.of(self._requests.get((cause.frame, cause.message), 0), cause.process.pid)
            tag = next((one for one in tags(change) if self._acts.of(one, None) is not None), None)
            wrong = ""
            if act is not None and change.known in (EVENT, REQUEST) and not act.lasted(change.time):
                wrong = f"{act} did nothing at that time"
            elif tag is not None and self._acts.of(tag, None) is not act:
                wrong = f"it was {self._acts.of(tag, None)}, not {act}"
            words = f"{change.what} {called(change)} in frame {change.frame}, by frame {cause.frame}: {wrong}"
            if act is not None or wrong:
                self.tally.add("cause", cause.confidence, not wrong, words)

    def _check_processes(self) -> None:
        """Check the process of each request."""
        assert self._capture.whole is not None
        processes = self._capture.whole.live_result(Processes)
        assert processes is not None
        for (frame, place), sequence in self._requests.items():
            process = processes.process(frame << PLACES | place)
            act = self._acts.of(sequence, process.pid)
            if process.name is None:
                self.tally.add("process", "no name", True)
            elif act is not None:
                right = (act.pid, act.name) == (process.pid, process.name)
                self.tally.add("process", process.confidence, right, f"{process} in frame {frame} is {act}")


def tags(change: Change) -> Iterator[int]:
    """Yield the numbers that the request of a change gave away, see `requests`."""
    if change.what == ADDED:
        yield from (get_int(change.walked, name) for name in ("FRA_PRIORITY", "RTA_PRIORITY", "NHA_ID"))
    for one in change.differences:
        if one.path == "IFLA_IFALIAS" and one.new is not None and str(one.new.value).isdecimal():
            yield int(one.new.value)


def is_listed(one: KeptObject) -> bool:
    """Return whether dumps list an object, and it does not come and go with traffic."""
    if one.thing.name == "neighbour":
        return any(path == "ndm_state" and node.value & PERMANENT for path, node in one.leaves.items())
    return one.thing.name in LISTED


def matched(real: Objects, told: Objects) -> Iterator[tuple[KeptObject | None, KeptObject | None]]:
    """Yield what is real and what was told in pairs, None where there is no such object."""
    left = dict(told)
    rest = [one for key, one in real.items() if key not in left]
    for key in real.keys() & left.keys():
        yield real[key], left.pop(key)
    for one in rest:
        key = next((key for key, mine in left.items() if is_same(one, mine)), ())
        yield one, left.pop(key) if key else None
    for one in left.values():
        yield None, one


def is_same(real: KeptObject, told: KeptObject) -> bool:
    """Return whether what was told is meant to be this object, although its identity is not known in full."""
    if real.thing is not told.thing or real.key[0] != told.key[0]:
        return False
    if told.requested is not None:
        return told.requested.fits(real.walked)
    return bool(place_of(real.thing, real.key) == place_of(told.thing, told.key) != () and real.hops & told.hops)


def differences(real: KeptObject, told: KeptObject, asked: Mapping[str, int] | None) -> Iterator[str]:
    """Yield the values of an object that are not as they were told; what was not told is none.

    asked   bits of the values that count, None: all count
    """
    thing, comparison = real.thing, ObjectComparison(quiet=False)
    by_request = told.requested is not None or (told.change is not None and told.change.known == REQUEST)
    several = has_several(real.walked) or has_several(told.walked)
    if several and real.hops != told.hops:
        yield f"hops {real.hops} not {told.hops}"
    for path in {**real.leaves, **told.leaves}:
        theirs, ours = real.leaves.get(path), told.leaves.get(path)
        if comparison.passes(thing, path) or is_among(thing.untold, path) or (several and is_of_hop(path)):
            continue
        if ours is None and (thing.leaves or by_request):
            continue
        if theirs is None and thing.leaves and thing.ends.isdisjoint(path.split(".")):
            continue
        if asked is not None and path not in asked:
            continue
        mask = dict(thing.states).get(path) if asked is None else asked[path]
        mask = None if mask == WHOLE else mask
        values = [None if one is None else one.value if mask is None else one.value & mask for one in (theirs, ours)]
        if values[0] != values[1]:
            yield f"{path} {values[0]} not {values[1]}"
