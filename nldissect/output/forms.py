"""Forms: what the slow path prints of one message of a layout, cut into constant text and slots.

The message is printed with marks for values; nothing here knows how a message looks in JSON or as a tree.
"""

from __future__ import annotations

import re

from nldissect.wire import Node, Text, Walked
from nldissect.wire.acks import Asked

from .jsontext import encode
from .layouts import CLOSE, OPEN, Leaf, mark
from .line import remarks_on
from .objects import message_object, place_object
from .paint import plain
from .said import Remake, Said
from .slots import JSON, LIST, Column, Part, Store, Summary
from .tree import MessageTree, forget_kinds, title

_JSON_MARK = re.compile(f'"{re.escape(OPEN)}([a-z0-9]+){re.escape(CLOSE)}"')
_TREE_MARK = re.compile(f"((?:: )?){re.escape(OPEN)}([a-z0-9]+){re.escape(CLOSE)}")
_QUOTED = ("time", "summary")
LINE = tuple(map(Column, ("numbered", "whose", "head")))
"""What stands before the summary in a line of the list."""


class Form:
    """The parts of one message's text, and the summaries that go into it."""

    def __init__(self, parts: list[Part], said: Said) -> None:
        self.parts = parts
        self.is_line = LINE[0] in parts
        self.said = said
        self._whole: dict[int, Whole] = {}

    def with_summary(self, summary: list[Part]) -> Whole:
        """The parts with those of a summary in their place; no blank is left before an empty one."""
        found = self._whole.get(id(summary))
        if found is None:
            empty = summary == [""]
            parts: list[Part] = []
            for part in self.parts:
                if isinstance(part, Summary):
                    if empty and isinstance(parts[-1], str):
                        parts[-1] = parts[-1].rstrip(" ")
                    parts += summary
                else:
                    parts.append(part.lstrip(" ") if empty and self.is_line and isinstance(part, str) else part)
            found = self._whole[id(summary)] = Whole(_joined(parts), bare=empty and self.is_line)
        return found


class Whole:
    """Parts made ready to be filled in.

    parts    as they are
    pieces   constants for the operator %, and room for the rest
    open     which pieces are missing
    bare     a line of a list whose summary is empty: no blanks are left at its end
    """

    def __init__(self, parts: list[Part], bare: bool) -> None:
        self.parts = parts
        self.pieces = [part.replace("%", "%%") if isinstance(part, str) else "" for part in parts]
        self.open = [(place, part) for place, part in enumerate(parts) if not isinstance(part, str)]
        self.bare = bare


def _joined(parts: list[Part]) -> list[Part]:
    """Neighbouring constants as one."""
    out: list[Part] = []
    for part in parts:
        if isinstance(part, str) and out and isinstance(out[-1], str):
            out[-1] += part
        elif part != "":
            out.append(part)
    return out


def form_of(remake: Remake, store: Store, acknowledges: bool, timed: bool, interface: str | None) -> Form:
    """The form of a regular message.

    acknowledges   its request was met
    timed          its frame has a time
    interface      where its frame was captured, if that has a name
    """
    asked = Asked(mark("request"), _request()) if acknowledges else None  # type: ignore[arg-type]
    walked, leaves = remake()
    said = Said(remake, walked.order, asked, store)
    if store.form == LIST:
        remarks = "".join(f" [{text}]" for _, text in remarks_on(walked))
        return Form([*LINE, Summary(), f"{remarks}\n"], said)
    if store.form == JSON:
        place = place_object(mark("number"), mark("place"), mark("time") if timed else None, interface, walked.protocol)
        body = message_object(walked, asked, secrets=store.secrets, summary=mark("summary"))
        return Form(_cut_json(encode(place | body), leaves, walked.order, store), said)
    lines = [title(walked, mark("shown"), mark("summary")), *MessageTree(walked, asked, store.secrets).lines()]
    text = "\n".join(plain(line).rstrip(" ") for line in lines) + "\n"
    forget_kinds()
    return Form(_cut_tree(text, leaves, walked.order, store), said)


def _request() -> Walked:
    """Stands for a request that was met: its name is a mark."""
    name = Text(None).named(mark("asked"))
    return Walked(b"", 0, 0, 0, "<", layers=[Node(name, 0, 0, "")])


def _cut_json(text: str, leaves: list[Leaf], order: str, store: Store) -> list[Part]:
    parts: list[Part] = []
    for place, piece in enumerate(_JSON_MARK.split(text)):
        if place % 2 == 0:
            parts.append(piece)
        elif piece in _QUOTED:
            parts += ['"', Summary() if piece == "summary" else Column(piece), '"']
        else:
            parts.append(store.slot(leaves[int(piece)], order, int(piece)) if piece.isdigit() else Column(piece))
    return _joined(parts)


def _cut_tree(text: str, leaves: list[Leaf], order: str, store: Store) -> list[Part]:
    parts: list[Part] = []
    pieces = iter(_TREE_MARK.split(text))
    parts.append(next(pieces))
    for colon, name, constant in zip(pieces, pieces, pieces, strict=True):
        if name.isdigit():
            slot = store.slot(leaves[int(name)], order, int(name))
            parts += [colon, slot] if slot.texts is None else [slot]
        else:
            parts += [colon, Summary() if name == "summary" else Column(name)]
        parts.append(constant)
    return _joined(parts)
