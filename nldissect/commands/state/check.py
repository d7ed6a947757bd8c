"""Body of `state --check`: the state that messages told, against the last dump of it or this host's own.

JSON is a list, with an object for each type and address family of which a dump listed all:

object       type of the objects; `family`: their address family, if the dump has only that
netns        the network namespace, if the capture tells of several
dump         first and last frame of the dump; absent with --live
alike        number of objects that the dump has as they were known
unheard      number of those in the first dump of which no message told before: they say nothing of what was known
differences  what the dump has otherwise: `name`, `change`, and the other keys of such a change in `changes`
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nldissect.analysis.objects.change import Change, called
from nldissect.analysis.objects.changes import Changes
from nldissect.analysis.objects.dump_check import DumpCheck, dump_checks
from nldissect.errors import NldissectError, print_notice
from nldissect.escapes import escaped
from nldissect.families.constants import AF
from nldissect.families.netfilter.nfnetlink import NFPROTO
from nldissect.records.moment import EndOfState, moment
from nldissect.records.object_changes import ChangeCauses, changes_of_frame
from nldissect.render.change_text import ChangeText, cause_object, fields_object
from nldissect.render.json_text import encode
from nldissect.render.origins.frame_source import netns_names
from nldissect.render.summaries.summary import summary_of
from nldissect.stream.frames import FrameStream, StreamFrame, pass_progress, with_progress
from nldissect.terminal.colors import Piece, painter_for
from nldissect.uapi import NETLINK_NETFILTER
from nldissect.wire.enums import Enum

from ..exit_status import DONE, INCOMPLETE
from ..netns import check_netns, is_wanted
from . import KINDS, LIVE
from .command import divided, is_of

DIFFERENT = INCOMPLETE


def check(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    if not options.check:
        raise NldissectError("--live goes with --check")
    files, kinds = divided(options.files)
    if options.live and (others := [kind for kind in kinds if kind not in LIVE]):
        raise NldissectError(f"--live compares {', '.join(LIVE)}, not {', '.join(others)}")
    captures = [FrameStream(path, dict(options.families), options.order) for path in files]
    causes = ChangeCauses(captures, pass_progress)
    seen = _followed(with_progress(captures, files, printing=False), moment(options.at, "--at"), causes)
    if options.live:
        changes = _live_changes(seen.objects, kinds or list(LIVE), seen.own_space(), seen.last + 1)
        seen.told = [one for one in changes if one.thing.name != "link" or called(one) not in seen.devices]
    interfaces = [one for capture in captures for one in capture.reader.interfaces]
    check_netns(interfaces, options)
    wanted = netns_names(one for one in interfaces if is_wanted(one, options))
    checks = [
        one
        for one in dump_checks(seen.objects, seen.told)
        if any(is_of(one.protocol, one.sort[1], kind) for kind in kinds or KINDS)
        and (one.first > seen.last or not options.live)
        and (options.netns is None or one.sort[0] in wanted)
    ]
    printer = _Printer(options, causes, netns_names(interfaces) if len(seen.spaces) > 1 else {})
    printer.print_json(checks) if options.format == "json" else printer.print_text(checks)
    cuts = [cut for capture in captures if (cut := capture.finish())]
    for cut in cuts:
        print_notice(cut)
    return DIFFERENT if cuts or any(one.differences for one in checks) else DONE


@dataclass
class _Followed:
    """The objects of a capture at a moment, and what is needed to compare them.

    told      changes that only dumps and answers show
    spaces    keys of its network namespaces; `devices`: names of the interfaces it was captured at
    last      number of its last frame before the moment
    """

    objects: Changes = field(default_factory=Changes)
    told: list[Change] = field(default_factory=list)
    spaces: set[str | None] = field(default_factory=set)
    devices: set[str | None] = field(default_factory=set)
    last: int = 0

    def own_space(self) -> str | None:
        """Return the key of the namespace to compare with this process's own: the only one, or the one of its inode.

        NldissectError if it is none of several.
        """
        own = str(os.stat("/proc/self/ns/net").st_ino)
        if own not in self.spaces and len(self.spaces) > 1:
            raise NldissectError(
                "--live compares one namespace, and the capture tells of several; run it in one of them"
            )
        return own if own in self.spaces else next(iter(self.spaces), None)


def _followed(frames: Iterable[StreamFrame], end: EndOfState, causes: ChangeCauses) -> _Followed:
    """Observe the frames up to a moment."""
    found, first = _Followed(), None
    for seen in frames:
        first = seen.record.time if first is None else first
        if end.is_over(seen, first):
            break
        causes.observe(seen)
        interface = seen.record.interface
        found.spaces.add(interface.space_or_name)
        found.devices.add(interface.name)
        found.last = seen.number
        found.told += [change for change in changes_of_frame(found.objects, seen) if change.unseen]
    found.told += [change for change in found.objects.finish() if change.unseen]
    return found


def _live_changes(found: Changes, kinds: list[str], where: str | None, frame: int) -> list[Change]:
    """Observe dumps of this host as frames after the capture's; return the changes."""
    from .live_dumps import live_messages

    told: list[Change] = []
    for number, walked in enumerate(live_messages(kinds), frame):
        told += found.meet(number, 1, None, walked, where)
    return [*told, *found.finish()]


class _Printer:
    """A printer of checks in the output format of the options."""

    def __init__(self, options: argparse.Namespace, causes: ChangeCauses, spaces: Mapping[Any, str | None]) -> None:
        self.causes, self.live, self.spaces = None if options.live else causes, options.live, spaces
        self.teller, self.paint = ChangeText(dumped=False), painter_for(sys.stdout, options.color)

    def print_text(self, checks: list[DumpCheck]) -> None:
        """Print a line for each subject, and one for each of its differences."""
        for one in checks:
            dump = "this host" if self.live else f"the dump in frames {one.first}-{one.last}"
            place = f"on {dump}" if self.live else f"in {dump}"
            count, unheard = len(one.differences), f", {one.unheard} not known before" if one.unheard else ""
            role = "error" if count else "good"
            verdict = f"{count} {'differs' if count == 1 else 'differ'} from {dump}" if count else f"as {place}"
            counts = f", {one.alike} alike{unheard}"
            self._line([("title", self._title(one)), ("", ": "), (role, verdict), ("dim", counts)])
            for change in one.differences:
                cause = None if self.causes is None else self.causes.of(change)
                self._line([("title", f"  {called(change)}"), ("", ": "), *self.teller.said(change, cause)])
        if not checks:
            self._line([("dim", "no dump of all these objects is there to compare with")])

    def print_json(self, checks: list[DumpCheck]) -> None:
        """Print the checks as JSON."""
        sys.stdout.write(encode([self._object(one) for one in checks]) + "\n")

    def _title(self, one: DumpCheck) -> str:
        space = f" [netns {escaped(self.spaces.get(one.sort[0]) or '?')}]" if self.spaces else ""
        return " ".join(filter(None, (one.sort[1], _family(one)))) + space

    def _object(self, one: DumpCheck) -> dict[str, Any]:
        family = _family(one)
        out: dict[str, Any] = {"object": one.sort[1]} | ({"family": family} if family else {})
        out |= {"netns": self.spaces.get(one.sort[0])} if self.spaces else {}
        out |= {} if self.live else {"dump": [one.first, one.last]}
        differences = [self._difference(change) for change in one.differences]
        return out | {"alike": one.alike, "unheard": one.unheard, "differences": differences}

    def _difference(self, change: Change) -> dict[str, Any]:
        out: dict[str, Any] = {"name": called(change), "change": change.what}
        cause = None if self.causes is None else self.causes.of(change)
        if cause is not None:
            out["cause"] = cause_object(cause)
        if change.differences:
            out["fields"] = fields_object(change, secrets=False)
        return out | {"summary": summary_of(change.walked)}

    def _line(self, pieces: list[Piece]) -> None:
        sys.stdout.write(self.paint(pieces).rstrip(" ") + "\n")


def _family(one: DumpCheck) -> str:
    """Return the address family of a subject, "" where it has none."""
    names: type[Enum] = NFPROTO if one.protocol == NETLINK_NETFILTER else AF
    number = one.sort[2]
    return names.short(names.names.get(number, str(number))).lower() if number else ""
