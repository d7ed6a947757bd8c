"""Summary templates as the core reads them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Container
from typing import Any

from nldissect.wire.composers import Compose, composed_row
from nldissect.wire.kind import Kind
from nldissect.wire.packets.message import Message
from nldissect.wire.phrases import Phrases
from nldissect.wire.summary_template import ABOUT, ANYWHERE, other_name, parse, plain_name
from nldissect.wire.template_names import own_names

from .program import Program
from .tables import (
    ALIKE,
    HAS_FLAG,
    JSON,
    MODE_BESIDE,
    MODE_COMPOSED,
    MODE_COUNT,
    MODE_EVERY,
    MODE_IF,
    MODE_LINE,
    MODE_MASKED,
    MODE_NAME,
    MODE_NUMBER,
    MODE_ODD,
    MODE_PHRASES,
    MODE_PLAIN,
    MODE_TEXT,
    MODE_UNLESS,
    THERE,
    TO,
    TYPE,
)

LONGEST_PATH = 4
SIGNS = {"#": MODE_COUNT, "=": MODE_NUMBER, "@": MODE_NAME, "*": MODE_EVERY, "+": MODE_LINE, "~": MODE_LINE}
GENERIC = ("cmd", "version", "family")
"""Fields of genlmsghdr, of which the core has no nodes."""
POINTED = {"attribute": 1, "missing": 2}
"""Parts of a request that an acknowledgement points at, as enum pointing."""

NEEDING = {*range(MODE_PHRASES + 1)} - {MODE_UNLESS, MODE_TEXT, MODE_ODD, MODE_BESIDE}
"""Modes that write nothing where no row has the name."""

Parts = list[tuple[int, int, int]]
"""struct part: of texts, fields and groups."""


class Templates:
    """The templates of a program, which grows with those that occur; `name` returns the number of a name of rows.

    beside      alternatives that are lists side by side: the fields of the message, and the names of the lists
    composers   alternatives that a function writes: the function, and the names that it asks for by number
    phrases     alternatives that the core writes by itself: the names that it looks for
    """

    def __init__(self, program: Program, name: Callable[[str], int]) -> None:
        self.pool, self.name = program.pool, name
        self.templates, self.parts, self.alternatives = program.templates, program.parts, program.alternatives
        self.beside: dict[int, tuple[list[Kind], str]] = {}
        self.composers: dict[int, tuple[Compose, dict[int, str]]] = {}
        self.phrases: dict[int, set[int]] = {}
        self._known: dict[tuple[type[Message] | None, str], int] = {}

    def template(self, message: type[Message] | None, template: str) -> int:
        """Return the index of a template of a message class or of a set; 0 for none."""
        if not template:
            return 0
        key = message, template
        if key not in self._known:
            own = own_names(message, template) if message is not None else frozenset()
            fields = (
                frozenset(field.kind.name for field in message.fields_desc) if message is not None else frozenset[str]()
            )
            parts: Parts = []
            self._parts(parse(template), parts, own, fields, message)
            begin = self.parts.reserve(len(parts))
            self.parts.put(begin, parts)
            self._known[key] = self.templates.add(begin, len(parts))
        return self._known[key]

    def _parts(self, parsed: list[Any], out: Parts, own: frozenset[str], fields: frozenset[str], message: Any) -> None:
        for part in parsed:
            if isinstance(part, str):
                out.append((0, *self.pool.text(part)))
            elif isinstance(part, tuple):
                found = [self._alternative(name, own, fields, message) for name in part]
                begin = self.alternatives.reserve(len(found))
                self.alternatives.put(begin, found)
                for at, name in enumerate(part, begin):
                    self._remember(at, name, message)
                out.append((1, begin, len(found)))
            else:
                place = len(out)
                out.append((2, 0, 0))
                self._parts(part, out, own, fields, message)
                out[place] = (2, len(out) - place - 1, self._needed(out[place + 1 :]))

    def _needed(self, group: Parts) -> int:
        """Return a name that must be there for a group to be written, of a field with no other alternative; 0: none."""
        at = 0
        while at < len(group):
            kind, first, count = group[at]
            at += 1 + (first if kind == 2 else 0)
            if (kind, count) != (1, 1):
                continue
            mode, _, _, points, size, _, name, *_ = self.alternatives[first]
            if mode in NEEDING and size and not points:
                return int(name)
        return 0

    def _remember(self, at: int, name: str, message: type[Message] | None) -> None:
        """Keep the facts about an alternative that the core will ask for."""
        fields = [] if message is None else [field.kind for field in message.fields_desc]
        if "/" in name and not any(kind.bindings for kind in fields):
            self.beside[at] = fields, name
        row = composed_row(message, name) if message is not None and name[-1] == "~" else None
        if row is None or row.composer is None:
            return
        names = {self.name(one): one for one in row.composer.names}
        if isinstance(row.composer.compose, Phrases):
            self.phrases[at] = {*names}
        else:
            self.composers[at] = row.composer.compose, names

    def _alternative(self, name: str, own: Container[str], fields: Container[str], message: Any) -> tuple[Any, ...]:
        if name.startswith('"'):
            return self._packed(MODE_TEXT, text=name.strip('"'))
        if "/" in name:
            return self._packed(MODE_BESIDE if fields else MODE_ODD)
        if "%" in name:
            flags, mask = (self._path(one) for one in name.split("%"))
            return self._packed(MODE_MASKED, path=flags, other=mask, own=name in own)
        plain = plain_name(name)
        if name[0] in "?!":
            return self._condition(name, plain, plain in own)
        if plain in ABOUT or (plain.partition(".")[0] in GENERIC and plain not in fields):
            return self._packed(MODE_ODD)
        row = composed_row(message, name) if message is not None and name[-1] == "~" else None
        if row is not None and row.composer is not None:
            compose, mode = row.composer.compose, MODE_COMPOSED
            text = array("H", map(self.name, row.composer.names)).tobytes()
            if isinstance(compose, Phrases):
                text, mode = compose.packed(self.name), MODE_PHRASES
            return self._packed(mode, path=self._path(plain), own=plain in own, text=text)
        mode, key = SIGNS.get(name[-1], MODE_PLAIN), plain.rpartition(".")[2] if "." in plain else ""
        return self._packed(
            mode, path=self._path(plain), own=plain in own, points=POINTED.get(plain, 0),
            text=key if mode == MODE_PLAIN else "",
        )  # fmt: skip

    def _condition(self, name: str, plain: str, own: bool) -> tuple[Any, ...]:
        mode = MODE_IF if name[0] == "?" else MODE_UNLESS
        if plain in ABOUT:
            test = TYPE if plain == "nlmsg_type" else TO
            return self._packed(mode, test, text=name.partition("=")[2])
        path = self._path(plain)
        if "==" in name:
            return self._packed(mode, ALIKE, path=path, other=self._path(other_name(name)), own=own)
        flag, wanted = name.partition("&")[2], name.partition("=")[2]
        test = HAS_FLAG if flag else JSON if wanted else THERE
        return self._packed(mode, test, path=path, own=own, text=flag or wanted)

    def _packed(
        self,
        mode: int,
        test: int = THERE,
        *,
        path: list[int] | None = None,
        other: list[int] | None = None,
        own: bool = False,
        text: str | bytes = "",
        points: int = 0,
    ) -> tuple[Any, ...]:
        path, other = path or [], other or []
        if max(len(path), len(other)) > LONGEST_PATH:
            mode, path, other = MODE_ODD, [], []
        rooms = [(*names, *[0] * (LONGEST_PATH - len(names))) for names in (path, other)]
        return mode, test, own, points, len(path), len(other), *rooms[0], *rooms[1], *self.pool.text(text)

    def _path(self, name: str) -> list[int]:
        return [self.name(one) for one in name.rstrip("*").removeprefix(ANYWHERE).split(".")]
