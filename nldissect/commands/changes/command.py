"""`nldissect changes`: what each notification changed, one line or one JSON object a message.

Keys of an object; one that does not apply is left out.

frame message time netns interface protocol   of the message; the first one, where copies of it follow
object name                             type of the object, and the name that people use for it
change                                  added, removed, changed, unchanged, first seen
known                                   how the change is known: event, dump (it shows it, the change itself is not in
                                        the capture), request (accepted, and no event tells of it), inferred (the
                                        kernel does it without a word with what this frame tells)
unseen                                  true: a dump shows it, the change itself is not in the capture
cause                                   process, pid; frame, message, exchange of the request; confidence: exact,
                                        learnt, guessed, inferred; or kernel: what the kernel did by itself
peer                                    of a veth: name and netns of its other end, if the capture shows that in another
                                        network namespace; known: inferred
fields                                  by path: {"old": ..., "new": ...}; one of them if the other is absent
copies                                  number of listeners that received the notification, if more than one
summary                                 of what was added, removed or seen first
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from typing import Any

from nldissect.analysis.causes.cause import Cause
from nldissect.analysis.link_peers import LinkPeer, LinkPeers
from nldissect.analysis.objects.change import CHANGED, INFERRED, REMOVED, THERE, UNCHANGED, Change, called
from nldissect.analysis.objects.changes import Changes
from nldissect.errors import print_notice
from nldissect.filters import compile_filter
from nldissect.records.moment import moment
from nldissect.records.object_changes import CaptureMessage, ChangeCauses, changes_of_frame
from nldissect.render.change_text import ChangeText, cause_object, fields_object, short_path
from nldissect.render.json_objects import place_object
from nldissect.render.json_text import encode
from nldissect.render.list_columns import protocol_shown
from nldissect.render.origins.frame_facts import peer_text
from nldissect.render.origins.frame_source import netns_label
from nldissect.render.summaries.summary import summary_of
from nldissect.render.times import Clock
from nldissect.stream.frames import FrameStream, StreamFrame, pass_progress, with_progress
from nldissect.stream.message_contexts import MessageContextBuilder, filter_frame
from nldissect.terminal.colors import Piece, painter_for, takes_arrows
from nldissect.terminal.wrap import terminal_width, wrapped

from ..exit_status import DONE, INCOMPLETE
from ..netns import check_netns, is_wanted

FLAPS, SHOWN = 3, 4
"""Returns to an earlier value from which a field is reported at the end, and most such fields of an object."""


def changes(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    wanted = compile_filter(options.filter) if options.filter is not None else None
    captures = [FrameStream(path, dict(options.families), options.order) for path in options.files]
    causes = ChangeCauses(captures, pass_progress)
    found, printer, situations = Changes(options.all), _Printer(options, causes), MessageContextBuilder()
    since = None if options.since is None else moment(options.since, "--since")
    until, first = moment(options.until or "end", "--until"), None
    for seen in with_progress(captures, options.files, printing=True):
        first = seen.record.time if first is None else first
        if until.is_over(seen, first):
            break
        situations.meet(seen)
        shown = None if since is not None and not since.is_over(seen, first) else seen
        if not is_wanted(seen.record.interface, options):
            shown = None
        if wanted is not None and shown is not None:
            shown = filter_frame(wanted, seen, situations)
        places = [place for place, _, _ in shown.messages()] if shown is not None else []
        causes.observe(seen)
        for change in changes_of_frame(found, seen, places):
            printer.meet(change)
        printer.clock.observe(seen.record)
    for change in found.finish():
        printer.meet(change)
    check_netns((one for capture in captures for one in capture.reader.interfaces), options)
    printer.end()
    sys.stdout.flush()
    cuts = [cut for capture in captures if (cut := capture.finish())]
    for cut in cuts:
        print_notice(cut)
    return INCOMPLETE if cuts else DONE


class _Printer:
    """A printer of changes in the output format of the options."""

    def __init__(self, options: argparse.Namespace, causes: ChangeCauses) -> None:
        self.causes = causes
        self.json: bool = options.format == "json"
        self.all: bool = options.all
        self.secrets: bool = options.secrets
        self.clock = Clock(options.time)
        self.paint = painter_for(sys.stdout, options.color)
        self.teller = ChangeText("→" if takes_arrows(sys.stdout.encoding) else "->", options.secrets)
        self.widths = [4, 8, 5]
        self.counts: Counter[str] = Counter()
        self.flaps: dict[tuple[object, ...], tuple[str, dict[str, int]]] = {}
        self.count = 0

    def meet(self, change: Change) -> None:
        """Count a change of a shown message, and print it unless it is to be hidden."""
        about: CaptureMessage = change.about
        if not about.shown or change.what == THERE:
            return
        seen = about.seen
        self.counts[change.what] += 1
        if change.what == UNCHANGED and not self.all:
            return
        if change.flaps:
            self.flaps[change.key] = f"{change.thing.name} {called(change)}", change.flaps
        cause = self.causes.of(change)
        if self.json:
            text = encode(self._object(change, seen, cause))
            sys.stdout.write(("[\n" if not self.count else ",\n") + text)
        else:
            self._line(change, seen, cause)
        self.count += 1

    def end(self) -> None:
        """Print which fields flapped, and the number of changes of each kind; end the JSON array."""
        if self.json:
            sys.stdout.write("\n]\n" if self.count else "[]\n")
            return
        for name, flaps in self.flaps.values():
            most = sorted(flaps, key=lambda path: -flaps[path])[:SHOWN]
            told = [f"{short_path(path)} {flaps[path]} times" for path in most if flaps[path] >= FLAPS]
            if told:
                self._print([("warning", f"flapping: {name}: {', '.join(told)} back to a value it had")], 2)
        counts = [f"{count} {what}" for what, count in self.counts.items()]
        self._print([("dim", f"{', '.join(counts) or 'nothing changed'}")], 2)

    def _line(self, change: Change, seen: StreamFrame, cause: Cause | None) -> None:
        cells = [str(change.frame), self.clock.text(seen.record), protocol_shown(change.walked.protocol)]
        self.widths = [max(width, len(cell)) for width, cell in zip(self.widths, cells, strict=True)]
        number, time, protocol = self.widths
        label = netns_label(seen.record.interface)
        pieces: list[Piece] = [
            ("dim", f"{cells[0]:>{number}} {cells[1]:>{time}} "),
            ("name", label),
            ("", f"{cells[2]:<{protocol}} {change.thing.name} "),
            ("title", called(change)),
            ("", ": "),
            *self.teller.said(change, cause),
        ]
        peer = _peer(change, seen)
        if peer is not None:
            pieces.append(("dim", f"  {peer_text(peer)}"))
        self._print(pieces, number + time + len(label) + protocol + 3)

    def _object(self, change: Change, seen: StreamFrame, cause: Cause | None) -> dict[str, Any]:
        record = seen.record
        about = record.time_text, record.interface, change.walked.protocol
        out = place_object(change.frame, change.place, *about)
        out |= {"object": change.thing.name, "name": called(change), "change": change.what}
        if change.unseen:
            out["unseen"] = True
        if cause is not None:
            out["cause"] = cause_object(cause)
        out["known"] = change.known
        if change.differences:
            out["fields"] = fields_object(change, self.secrets)
        peer = _peer(change, seen)
        if peer is not None:
            out["peer"] = {"name": peer.name, "netns": peer.netns, "known": INFERRED}
        if change.copies > 1:
            out["copies"] = change.copies
        if change.what not in (CHANGED, UNCHANGED):
            out["summary"] = summary_of(change.walked)
        return out

    def _print(self, pieces: list[Piece], indent: int) -> None:
        if not sys.stdout.isatty():
            sys.stdout.write(self.paint(pieces).rstrip(" ") + "\n")
            return
        for line in wrapped(pieces, terminal_width(sys.stdout), indent):
            sys.stdout.write(self.paint(line) + "\n")


def _peer(change: Change, seen: StreamFrame) -> LinkPeer | None:
    """Return the other end of a link that changed, if it is in another network namespace."""
    if change.thing.name != "link" or change.what == REMOVED or seen.record.interface.shown_netns is None:
        return None
    about: CaptureMessage = change.about
    links = None if seen.whole is None else seen.whole.live_result(LinkPeers)
    index = change.walked.find("ifi_index")
    if links is None or index is None:
        return None
    return links.peer_of(seen.record.interface.space, index.value, about.key())
