"""`nldissect changes`: what each notification changed, one line or one JSON object a message.

Keys of an object; one that does not apply is left out.

frame message time interface protocol   of the message; the first one, where copies of it follow
object name                             sort of object, and what people call it
change                                  added, removed, changed, unchanged, first seen
unseen                                  true: a dump told of it, the change itself is not in the capture
fields                                  by path: {"old": ..., "new": ...}, without the one that was, or is, not there
copies                                  listeners that were told, if more than one
summary                                 of what was added, removed or seen first
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from typing import Any

from nldissect.analysis.objects.changes import (
    ADDED,
    CHANGED,
    FIRST,
    REMOVED,
    THERE,
    UNCHANGED,
    Change,
    Changes,
    called,
)
from nldissect.analysis.objects.next_hops import MULTIPATH, Difference, hop_words
from nldissect.analysis.stats.objects import ObjectRow
from nldissect.errors import print_notice
from nldissect.escapes import escaped
from nldissect.filters import compile_filter
from nldissect.render.json_objects import place_object, value_of
from nldissect.render.json_text import encode
from nldissect.render.list_columns import protocol_shown
from nldissect.render.summary import clipped, summary_of
from nldissect.render.times import Clock
from nldissect.stream.frames import Capture, Seen, watched
from nldissect.stream.rows import Situations, chosen
from nldissect.terminal.colors import Piece, painter_for, takes_arrows
from nldissect.terminal.wrap import terminal_width, wrapped
from nldissect.wire import Kind, Node, Scalar
from nldissect.wire.enums import Flags
from nldissect.wire.summary_template import brief

DONE, INCOMPLETE = 0, 1
ROLES = {ADDED: "good", REMOVED: "error", CHANGED: "name", UNCHANGED: "dim", FIRST: "dim"}
FLAPS, SHOWN, MOST = 3, 4, 4
"""Values that came back so often are told of at the end, and so many of an object; so many are told
of one that changed often."""


def changes(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    wanted = compile_filter(options.filter) if options.filter is not None else None
    captures = [Capture(path, dict(options.families), options.order) for path in options.files]
    found, printer, situations = Changes(options.all), _Printer(options), Situations()
    for seen in watched(captures, options.files, printing=True):
        situations.meet(seen)
        shown = seen if wanted is None else chosen(wanted, seen, situations)
        places = [place for place, _, _ in shown.messages()] if shown is not None else []
        where, time = seen.record.interface.name, seen.record.time
        for place, walked in enumerate(seen.frame.messages, 1):
            about = seen if place in places else None
            for change in found.meet(seen.number, place, time, walked, where, about):
                printer.meet(change)
        printer.clock.meet(seen.record)
    for change in found.finish():
        printer.meet(change)
    printer.end()
    sys.stdout.flush()
    cuts = [cut for capture in captures if (cut := capture.finish())]
    for cut in cuts:
        print_notice(cut)
    return INCOMPLETE if cuts else DONE


class Teller:
    """Tells of changes in words. `arrow` stands between the old and the new."""

    def __init__(self, arrow: str = "→", secrets: bool = False) -> None:
        self.arrow, self.secrets = arrow, secrets

    def said(self, change: Change) -> list[Piece]:
        """What became of the object."""
        pieces: list[Piece] = []
        if change.what == CHANGED:
            told = {tuple(self._difference(one, change)): None for one in change.differences}  # once: some stand twice
            for place, difference in enumerate(told):
                pieces += [("", ", ")] if place else []
                pieces += difference
        else:
            pieces.append((ROLES[change.what], change.what))
            if change.what != UNCHANGED:
                pieces.append(("dim", f"  {summary_of(change.walked)}"))
        if change.unseen:
            pieces.append(("warning", "  (told by a dump: the change itself was not captured)"))
        if change.copies > 1:
            pieces.append(("dim", f"  x{change.copies}"))
        return pieces

    def _difference(self, one: Difference, change: Change) -> list[Piece]:
        name: Piece = ("name", f"{short_path(one.path)} ")
        node = one.new or one.old
        assert node is not None
        if one.old and one.new and (told := _flags(node.kind, one.old.value, one.new.value)):
            return [name, ("", told)]
        if one.path.partition("#")[0] == MULTIPATH:
            return self._hop(one, change)
        element = one.path.rpartition(".")[2]
        if " " in element and not (one.old and one.new):  # of a list, by what it is: vlan 20
            word, number = element.split(" ", 1)
            sign, flags = "-" if one.new is None else "+", self._value(node, change) if node.value else ""
            return [("name", f"{word} "), ("", f"{sign}{number} {flags}".rstrip())]
        old, new = (self._value(side, change) if side is not None else "none" for side in (one.old, one.new))
        return [name, ("", f"{old} "), ("dim", f"{self.arrow} "), ("", new)]

    def _hop(self, one: Difference, change: Change) -> list[Piece]:
        """A next hop that came or went, or whose weight or flags are others."""
        sides = [hop_words(side) for side in (one.old, one.new) if side is not None]
        texts = [" ".join(self._word(word, node, change) for word, node in side) for side in sides]
        if len(texts) == 2:
            return [("name", "next hop "), ("", f"{texts[0]} "), ("dim", f"{self.arrow} "), ("", texts[1])]
        return [("name", "next hop "), ("", ("-" if one.new is None else "+") + texts[0])]

    def _word(self, word: str, node: Node | None, change: Change) -> str:
        return word if node is None else f"{word} {self._value(node, change)}"

    def _value(self, node: Node, change: Change) -> str:
        kind = node.kind
        if kind.secret and not self.secrets:
            return kind.shown(node.value)
        names = kind.names if isinstance(kind, Scalar) and kind.refers is None else None
        if names is not None and isinstance(node.value, int) and node.value in names.names:
            return names.short(names.names[node.value])
        return clipped(brief(kind, node.value, change.walked.context)) or kind.shown(node.value)


class _Printer:
    """Prints changes in the form the options ask for."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.json: bool = options.format == "json"
        self.all: bool = options.all
        self.secrets: bool = options.secrets
        self.clock = Clock(options.time)
        self.paint = painter_for(sys.stdout, options.color)
        self.teller = Teller("→" if takes_arrows(sys.stdout.encoding) else "->", options.secrets)
        self.widths = [4, 8, 5]
        self.counts: Counter[str] = Counter()
        self.flaps: dict[tuple[object, ...], tuple[str, dict[str, int]]] = {}
        self.count = 0

    def meet(self, change: Change) -> None:
        """Show a change, if it is to be shown."""
        seen = change.about
        if seen is None or change.what == THERE:
            return
        self.counts[change.what] += 1
        if change.what == UNCHANGED and not self.all:
            return
        if change.flaps:
            self.flaps[change.key] = f"{change.thing.name} {called(change)}", change.flaps
        if self.json:
            text = encode(self._object(change, seen))
            sys.stdout.write(("[\n" if not self.count else ",\n") + text)
        else:
            self._line(change, seen)
        self.count += 1

    def end(self) -> None:
        """What came back again and again, and how much there was."""
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

    def _line(self, change: Change, seen: Seen) -> None:
        cells = [str(change.frame), self.clock.text(seen.record), protocol_shown(change.walked.protocol)]
        self.widths = [max(width, len(cell)) for width, cell in zip(self.widths, cells, strict=True)]
        number, time, protocol = self.widths
        pieces: list[Piece] = [
            ("dim", f"{cells[0]:>{number}} {cells[1]:>{time}} "),
            ("", f"{cells[2]:<{protocol}} {change.thing.name} "),
            ("title", called(change)),
            ("", ": "),
            *self.teller.said(change),
        ]
        self._print(pieces, number + time + protocol + 3)

    def _object(self, change: Change, seen: Seen) -> dict[str, Any]:
        record = seen.record
        about = record.time_text, record.interface.name, change.walked.protocol
        out = place_object(change.frame, change.place, *about)
        out |= {"object": change.thing.name, "name": called(change), "change": change.what}
        if change.unseen:
            out["unseen"] = True
        if change.differences:
            out["fields"] = {one.path: self._sides(one) for one in change.differences}
        if change.copies > 1:
            out["copies"] = change.copies
        if change.what not in (CHANGED, UNCHANGED):
            out["summary"] = summary_of(change.walked)
        return out

    def _sides(self, one: Difference) -> dict[str, Any]:
        sides = {"old": one.old, "new": one.new}
        return {side: value_of(node, self.secrets) for side, node in sides.items() if node is not None}

    def _print(self, pieces: list[Piece], indent: int) -> None:
        if not sys.stdout.isatty():
            sys.stdout.write(self.paint(pieces).rstrip(" ") + "\n")
            return
        for line in wrapped(pieces, terminal_width(sys.stdout), indent):
            sys.stdout.write(self.paint(line) + "\n")


def short_path(path: str) -> str:
    """A name as tools write it: IFLA_OPERSTATE is "operstate"; a field of a struct stands behind what holds it."""
    *above, last = (_bare(step) for step in path.split("."))
    return escaped(f"{above[-1]}.{last}" if above and path.rpartition(".")[2].islower() else last)


def _bare(step: str) -> str:
    """Without the prefix of its set or struct; of an element its place, where it is known by that."""
    name, _, place = step.partition("#")
    return (name.partition("_")[2] or name).lower() + (f" {place}" if place.isdigit() else "")


def _flags(kind: Kind, old: Any, new: Any) -> str:
    """The flags that came, and those that went; nothing where it is no set of flags."""
    names = kind.names if isinstance(kind, Scalar) else None
    if names is None or not issubclass(names, Flags) or not isinstance(old, int) or not isinstance(new, int):
        return ""
    told = []
    for sign, value in (("+", new & ~old), ("-", old & ~new)):
        known, rest = names.split(value)
        told += [f"{sign}{names.short(name)}" for name in known] + ([f"{sign}{rest:#x}"] if rest else [])
    return " ".join(told)


def told_changes(row: ObjectRow) -> str:
    """What of an object changed how often, and how often that was to a value that it had before."""
    told = []
    for path, count in row.what.most_common(MOST):
        back = row.came_back.get(path, 0)
        told.append(f"{short_path(path)} {count}" + (f" ({back} back)" if back else ""))
    return ", ".join(told) + (f", {len(row.what) - MOST} more" if len(row.what) > MOST else "")
