"""Body of `nldissect state`: what existed at a moment, as text or as JSON.

JSON is one object, with a list for each kind of objects (KINDS) that has any, or that list alone if one kind is asked
for. An object has the keys of iproute2 where that prints such objects, else `object`, `name` and `summary`; and:

netns        the network namespace, if the capture tells of several
since        number of the frame that last told of a change of it, or told of it first
known        event, dump, request: by what it is known; see `changes`
cause        who caused that change: see `changes`
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nldissect.analysis.objects.change import name_of
from nldissect.analysis.objects.changes import Changes
from nldissect.analysis.objects.object_store import KeptObject
from nldissect.errors import NldissectError, print_notice
from nldissect.escapes import escaped
from nldissect.records.moment import EndOfState, moment
from nldissect.records.object_changes import ChangeCauses, changes_of_frame
from nldissect.render.change_text import cause_object, cause_text
from nldissect.render.iproute.shape import iproute_object
from nldissect.render.json_text import encode
from nldissect.render.origins.frame_source import netns_names
from nldissect.render.summaries.summary import summary_of
from nldissect.stream.frames import FrameStream, pass_progress, with_progress
from nldissect.terminal.colors import Piece, painter_for
from nldissect.wire import DecodedMessage

from ..exit_status import DONE, INCOMPLETE
from ..netns import check_netns, is_wanted
from . import KINDS


def state(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    files, kinds = divided(options.files)
    captures = [FrameStream(path, dict(options.families), options.order) for path in files]
    causes = ChangeCauses(captures, pass_progress)
    kept = _kept(captures, files, moment(options.at, "--at"), causes)
    interfaces = [one for capture in captures for one in capture.reader.interfaces]
    check_netns(interfaces, options)
    wanted = netns_names(one for one in interfaces if is_wanted(one, options))
    kept = [one for one in kept if options.netns is None or one.key[0] in wanted]
    printer = _Printer(options, kinds, causes, netns_names(interfaces))
    if options.format == "json":
        printer.print_objects(kept)
    else:
        printer.print_text(kept)
    sys.stdout.flush()
    cuts = [cut for capture in captures if (cut := capture.finish())]
    for cut in cuts:
        print_notice(cut)
    return INCOMPLETE if cuts else DONE


def divided(words: list[str]) -> tuple[list[str], list[str]]:
    """Return the files and the kinds among the words of the command line: kinds come last.

    NldissectError if the last word looks like a kind, and is none.
    """
    files = list(words)
    kinds: list[str] = []
    while len(files) > 1 and files[-1] in KINDS and not Path(files[-1]).exists():
        kinds.insert(0, files.pop())
    last = files[-1]
    if len(files) > 1 and last.isalpha() and not Path(last).exists():
        raise NldissectError(f"{escaped(last)} is neither a file nor a kind of objects; kinds: {', '.join(KINDS)}")
    return files, kinds


def _kept(captures: list[FrameStream], paths: list[str], end: EndOfState, causes: ChangeCauses) -> list[KeptObject]:
    """Return the objects that existed at a moment."""
    found, first = Changes(), None
    for seen in with_progress(captures, paths, printing=False):
        first = seen.record.time if first is None else first
        if end.is_over(seen, first):
            break
        causes.observe(seen)
        for _ in changes_of_frame(found, seen):
            pass
    for _ in found.finish():
        pass
    return list(found.kept().values())


class _Printer:
    """A printer of objects in the output format of the options."""

    def __init__(
        self,
        options: argparse.Namespace,
        kinds: list[str],
        causes: ChangeCauses,
        spaces: Mapping[Any, str | None],
    ) -> None:
        self.kinds, self.causes, self.spaces = kinds or list(KINDS), causes, spaces
        self.alone = len(kinds) == 1
        self.paint = painter_for(sys.stdout, options.color)

    def print_text(self, kept: list[KeptObject]) -> None:
        """Print the objects by kind, and of each how it is known."""
        spaces = list(dict.fromkeys(one.key[0] for one in kept))
        count = 0
        for kind in self.kinds:
            for space in spaces:
                mine = [one for one in kept if is_of(one.walked.protocol, one.thing.name, kind) and one.key[0] == space]
                if not mine:
                    continue
                count += len(mine)
                head = kind if len(spaces) == 1 else f"{kind} [netns {escaped(self.spaces.get(space) or '?')}]"
                self._line([("title", f"{head} ({len(mine)})")])
                for one in mine:
                    self._line(self._text(one))
        if not count:
            self._line([("dim", "nothing is known of these objects")])

    def print_objects(self, kept: list[KeptObject]) -> None:
        """Print the objects as JSON."""
        names: dict[object, dict[int, str]] = {one.key[0]: {} for one in kept}
        for one in kept:
            index, label = one.leaves.get("ifi_index"), one.leaves.get("IFLA_IFNAME")
            if one.thing.name == "link" and index is not None and label is not None:
                names[one.key[0]][index.value] = label.value
        lists = {
            kind: [
                self._object(one, names[one.key[0]])
                | ({"netns": self.spaces.get(one.key[0])} if len(names) > 1 else {})
                for one in kept
                if is_of(one.walked.protocol, one.thing.name, kind)
            ]
            for kind in self.kinds
        }
        whole: Any = lists[self.kinds[0]] if self.alone else {kind: some for kind, some in lists.items() if some}
        sys.stdout.write(encode(whole) + "\n")

    def _text(self, one: KeptObject) -> list[Piece]:
        pieces: list[Piece] = [("", f"  {summary_of(_whole_message(one))}")]
        if one.count > 1:
            pieces.append(("dim", f"  x{one.count}"))
        change = one.change
        if change is None:
            return pieces
        pieces.append(("dim", f"  since frame {change.frame}"))
        return pieces + cause_text(change, self.causes.of(change))

    def _object(self, one: KeptObject, names: dict[int, str]) -> dict[str, Any]:
        shape = iproute_object(one, names.get)
        if shape is None:
            shape = {
                "object": one.thing.name,
                "name": name_of(one.thing, one.walked),
                "summary": summary_of(one.walked),
            }
        if one.change is not None:
            shape |= {"since": one.change.frame, "known": one.change.known}
            cause = self.causes.of(one.change)
            if cause is not None:
                shape["cause"] = cause_object(cause)
        return shape

    def _line(self, pieces: list[Piece]) -> None:
        sys.stdout.write(self.paint(pieces).rstrip(" ") + "\n")


def is_of(protocol: int, name: str, kind: str) -> bool:
    """Return whether a kind holds the objects of a type."""
    return protocol == KINDS[kind][0] and name in KINDS[kind][1]


def _whole_message(one: KeptObject) -> DecodedMessage:
    """Return a message with all that is known of an object, of which several messages may tell a part each."""
    if not one.thing.leaves or not one.walked.layers:
        return one.walked
    layer = one.walked.layers[-1]._replace(value=list(one.leaves.values()))
    return replace(one.walked, layers=[*one.walked.layers[:-1], layer])
