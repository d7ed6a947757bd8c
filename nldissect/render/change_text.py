"""Changes of objects as text."""

from __future__ import annotations

from typing import Any

from nldissect.analysis.causes.cause import Cause
from nldissect.analysis.causes.event_causes import INFERRED as INFERRED_CAUSE
from nldissect.analysis.objects.change import (
    ADDED,
    CHANGED,
    FIRST,
    INFERRED,
    REMOVED,
    REQUEST,
    UNCHANGED,
    Change,
)
from nldissect.analysis.objects.next_hops import MULTIPATH, Difference, hop_words
from nldissect.analysis.processes.process import GUESSED
from nldissect.analysis.stats.objects import ObjectRow
from nldissect.escapes import escaped
from nldissect.terminal.colors import Piece
from nldissect.wire import Kind, Node, Scalar
from nldissect.wire.enums import Flags
from nldissect.wire.protocol import NLM_F
from nldissect.wire.summary_template import brief

from .json_objects import value_of
from .summaries.summary import clipped, summary_of

MOST = 4
"""Most fields named of an object that changed often."""


KNOWN = {REQUEST: "accepted, no event of it", INFERRED: "silently"}
ROLES = {ADDED: "good", REMOVED: "error", CHANGED: "name", UNCHANGED: "dim", FIRST: "dim"}


class ChangeText:
    """A formatter of changes; `arrow` is printed between the old and the new value.

    dumped   state of those that a dump or answer shows that the change itself was not captured
    """

    def __init__(self, arrow: str = "→", secrets: bool = False, dumped: bool = True) -> None:
        self.arrow, self.secrets, self.dumped = arrow, secrets, dumped

    def said(self, change: Change, cause: Cause | None = None) -> list[Piece]:
        """Return a change of an object and its cause as styled text."""
        pieces: list[Piece] = []
        if change.what == CHANGED:
            told = {tuple(self._difference(one, change)): None for one in change.differences}  # once: some occur twice
            for place, difference in enumerate(told):
                pieces += [("", ", ")] if place else []
                pieces += difference
        else:
            pieces.append((ROLES[change.what], change.what))
            if change.what != UNCHANGED:
                pieces.append(("dim", f"  {summary_of(change.walked)}"))
        if change.unseen and self.dumped:
            teller = "a dump" if change.walked.flags & NLM_F.MULTI else "an answer"
            pieces.append(("warning", f"  (told by {teller}: the change itself was not captured)"))
        if change.copies > 1:
            pieces.append(("dim", f"  x{change.copies}"))
        return [*pieces, *cause_text(change, cause)]

    def _difference(self, one: Difference, change: Change) -> list[Piece]:
        name: Piece = ("name", f"{short_path(one.path)} ")
        node = one.new or one.old
        assert node is not None
        if one.old and one.new and (told := _flags(node.kind, one.old.value, one.new.value)):
            return [name, ("", told)]
        if one.path.partition("#")[0] == MULTIPATH:
            return self._hop(one, change)
        element = one.path.rpartition(".")[2]
        if " " in element and not (one.old and one.new):  # an element of a list, by its identity: vlan 20
            word, number = element.split(" ", 1)
            sign, flags = "-" if one.new is None else "+", self._value(node, change) if node.value else ""
            return [("name", f"{word} "), ("", f"{sign}{number} {flags}".rstrip())]
        old, new = (self._value(side, change) if side is not None else "none" for side in (one.old, one.new))
        return [name, ("", f"{old} "), ("dim", f"{self.arrow} "), ("", new)]

    def _hop(self, one: Difference, change: Change) -> list[Piece]:
        """Return a next hop that came or went, or whose weight or flags changed."""
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


def cause_text(change: Change, cause: Cause | None) -> list[Piece]:
    """Return how a change is known, unless by an event, and who caused it: `by ip[27111], frame 25`."""
    known = KNOWN.get(change.known, "")
    if cause is None or (change.unseen and not cause.frame):
        return [("dim", f"  ({known})")] if known else []
    if cause.kernel is not None:
        return [("dim", f"  by the kernel: {cause.kernel}")]
    doubt = "?" if cause.confidence == GUESSED else ""
    frame = "" if change.known == REQUEST and cause.frame == change.frame else f"frame {cause.frame}{doubt}"
    who = ", ".join(filter(None, (escaped(str(cause.process)), frame)))
    how = ", ".join(filter(None, ("inferred" if cause.confidence == INFERRED_CAUSE else "", known)))
    return [("", "  by "), ("name", who)] * bool(who) + [("dim", f"  ({how})")] * bool(how)


def cause_object(cause: Cause) -> dict[str, Any]:
    """Return a cause as a JSON object; what is not known is left out."""
    facts = {
        "process": cause.process.name, "pid": cause.process.pid, "frame": cause.frame or None,
        "message": cause.message or None, "exchange": cause.exchange or None, "confidence": cause.confidence,
        "kernel": cause.kernel,
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value is not None}


def fields_object(change: Change, secrets: bool) -> dict[str, Any]:
    """Return the fields that a change changed, by their paths, each with its old and new value."""
    return {
        one.path: {
            side: value_of(node, secrets) for side, node in (("old", one.old), ("new", one.new)) if node is not None
        }
        for one in change.differences
    }


def short_path(path: str) -> str:
    """Return a name as tools write it: IFLA_OPERSTATE is "operstate"; a field of a struct follows the struct's name."""
    *above, last = (_bare(step) for step in path.split("."))
    return escaped(f"{above[-1]}.{last}" if above and path.rpartition(".")[2].islower() else last)


def _bare(step: str) -> str:
    """Return a step of a path without the prefix of its set or struct; an element known by its index keeps that."""
    name, _, place = step.partition("#")
    return (name.partition("_")[2] or name).lower() + (f" {place}" if place.isdigit() else "")


def _flags(kind: Kind, old: Any, new: Any) -> str:
    """Return the flags that were set and those that were cleared; empty if the kind is no set of flags."""
    names = kind.names if isinstance(kind, Scalar) else None
    if names is None or not issubclass(names, Flags) or not isinstance(old, int) or not isinstance(new, int):
        return ""
    told = []
    for sign, value in (("+", new & ~old), ("-", old & ~new)):
        known, rest = names.split(value)
        told += [f"{sign}{names.short(name)}" for name in known] + ([f"{sign}{rest:#x}"] if rest else [])
    return " ".join(told)


def told_changes(row: ObjectRow) -> str:
    """Return the fields of an object that changed, each with its changes and its returns to an earlier value."""
    told = []
    for path, count in row.what.most_common(MOST):
        back = row.came_back.get(path, 0)
        told.append(f"{short_path(path)} {count}" + (f" ({back} back)" if back else ""))
    return ", ".join(told) + (f", {len(row.what) - MOST} more" if len(row.what) > MOST else "")
