"""The program that the core interprets: the tables of struct program, from a program file or empty.

They grow with what is flattened on the way (flattening.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nldissect.wire.attr_set import PRESENT

from .tables import (
    ALTERNATIVE,
    CHOICE,
    CHOOSING,
    NAMED,
    PART,
    ROW,
    SELECTOR,
    SET,
    STRCT,
    TEMPLATE,
    Bytes,
    NumberColumn,
    RecordTable,
    StoredProgram,
    TextPool,
)

if TYPE_CHECKING:
    from nldissect.wire.composers import Compose
    from nldissect.wire.kind import Kind
    from nldissect.wire.packets.message import Message

    from .flattening import Flattener

REFERRED = ("interface", "nft_set")
"""Kinds of numbers that a capture gives names to, numbered from 1."""
HEAD_SELECTORS = ("nlmsg_type", "cmd", "protocol", "nlmsg_flags", "to")
"""Selectors that get their values from a message's headers, protocol and direction, numbered from 1."""
Case = tuple[tuple[str, ...], tuple[Any, ...]]
"""Names of selectors, and their values."""


class Program:
    """A program that grows with the message classes that occur. `quote` returns a value as JSON.

    names         names of rows by which templates look for them, numbered from 1
    selected      names of selectors, numbered from 1
    cases         selectors and values on which a row's payload depends, numbered from 0
    set_names, struct_names   module and name of the classes
    """

    def __init__(self, quote: Callable[[Any], str], stored: StoredProgram | None = None) -> None:
        self.quote, self._stored = quote, stored
        base: Mapping[str, Bytes] = {} if stored is None else stored.arrays

        def table(name: str, codec: Any) -> RecordTable:
            return RecordTable(codec, base.get(name, b""))

        self.pool = TextPool(base.get("pool", b""))
        self.rows, self.sets, self.structs = table("rows", ROW), table("sets", SET), table("structs", STRCT)
        self.choices, self.choosings = table("choices", CHOICE), table("choosings", CHOOSING)
        self.named, self.selector_names = table("named", NAMED), table("selector_names", SELECTOR)
        self.templates, self.parts = table("templates", TEMPLATE), table("parts", PART)
        self.alternatives = table("alternatives", ALTERNATIVE)
        self.numbers, self.fields = (
            NumberColumn("I", base.get("numbers", b"")),
            NumberColumn("I", base.get("fields", b"")),
        )
        self.selectors, self.silents = (
            NumberColumn("H", base.get("selectors", b"")),
            NumberColumn("q", base.get("silents", b"")),
        )
        self._kinds: dict[int, Kind] = {}
        self._tables: dict[int, tuple[dict[str, dict[str, str]], bool]] = {}
        self._composers: dict[int, tuple[Compose, dict[int, str]] | None] = {}
        if stored is None:
            for name in HEAD_SELECTORS:
                self.selector_names.add(*self.pool.text(name))
            self.undecoded, self.secret, self.leftover = self.flattener.constants()
        else:
            self.undecoded, self.secret, self.leftover = stored.constants

    def _words(self, name: str, empty: Any) -> Any:
        found = None if self._stored is None else self._stored.words(name)
        return empty if found is None else found

    @cached_property
    def names(self) -> list[str]:
        found: list[str] = self._words("names", [])
        return found

    @cached_property
    def selected(self) -> list[str]:
        found: list[str] = self._words("selected", [*HEAD_SELECTORS])
        return found

    @cached_property
    def cases(self) -> dict[Case, int]:
        found: list[Case] = [(tuple(names), tuple(values)) for names, values in self._words("cases", [])]
        return {case: number for number, case in enumerate(found)}

    @cached_property
    def set_names(self) -> dict[int, tuple[str, str]]:
        return {int(at): (module, name) for at, (module, name) in self._words("sets", {}).items()}

    @cached_property
    def struct_names(self) -> dict[int, tuple[str, str]]:
        return {int(at): (module, name) for at, (module, name) in self._words("structs", {}).items()}

    @cached_property
    def flattener(self) -> Flattener:
        """Flattener that adds message classes; it imports Scapy."""
        from .flattening import Flattener

        return Flattener(self, self.quote)

    @property
    def size(self) -> tuple[int, int]:
        """Numbers that change whenever something is added."""
        return len(self.rows), len(self.pool.data)

    @property
    def name_count(self) -> int:
        """Number of names, including 0, which is none."""
        if "names" not in vars(self) and self._stored is not None:
            return self._stored.name_count
        return len(self.names) + 1

    def add(self, message: type[Message]) -> tuple[int, int]:
        """Flatten a message class; return the row of its layer, and its template."""
        return self.flattener.add(message)

    def select(self, name: str) -> int:
        """Add a selector; return its number."""
        self.selected.append(name)
        self.selector_names.add(*self.pool.text(name.removesuffix(PRESENT)))
        return len(self.selected)

    def case(self, names: tuple[str, ...], values: tuple[Any, ...]) -> int:
        """Return the number of a case."""
        return self.cases.setdefault((names, values), len(self.cases))

    def packed(self) -> dict[str, Bytes]:
        """Return every array of struct program, by name."""
        names = (
            "rows sets numbers selectors structs fields choices choosings named templates parts alternatives silents"
            " selector_names"
        )
        return {"pool": bytes(self.pool.data), **{name: getattr(self, name).packed() for name in names.split()}}

    @cached_property
    def _texts(self) -> dict[str, int]:
        found: dict[str, int] = self._words("texts", {})
        return found

    def _table(self, number: int) -> tuple[dict[str, dict[str, str]], bool]:
        """Return texts by form and value, and whether values are signed."""
        if number not in self._tables:
            forms = self._words(f"texts {number}", {})
            is_signed = any(value.startswith("-") for values in forms.values() for value in values)
            self._tables[number] = forms, is_signed
        return self._tables[number]

    def stored_text(self, row: int, form: int, order: str, raw: bytes) -> str | None:
        """Return the text of a value in a form, if the program file has it; else None."""
        number = self._texts.get(str(row))
        if number is None:
            return None
        forms, is_signed = self._table(number)
        value = int.from_bytes(raw, "little" if order == "<" else "big", signed=is_signed)
        return forms.get(str(form), {}).get(str(value))

    def stored_kind(self, row: int) -> Kind | None:
        """Return the kind of a row, if the program file has it, and it needs no Scapy (kind_specs.py); else None."""
        spec = None if self._stored is None or row in self._kinds else self._stored.spec(row)
        if spec is not None:
            from .kind_specs import kind_from

            self._kinds[row] = kind_from(spec)
        return self._kinds.get(row)

    # ---- answers to the core: kinds and their names ----

    def name(self, number: int) -> str:
        """Return the name of rows that has a number."""
        return self.names[number - 1]

    def kind(self, row: int) -> Kind | None:
        """Return the kind of a row, None where it can't be found again; imports the tables that have it."""
        found = self.flattener.kinds.get(row)
        if found is None and self._stored is not None:
            from .kind_origins import found_kind

            found = found_kind(self, self._stored.origins, row)
        return found

    def beside(self, alternative: int) -> tuple[list[Kind], str] | None:
        """Return lists side by side in a template: the fields of the message, and the names of the lists."""
        told = self._words(f"beside {alternative}", None)
        if told is not None:
            from .kind_specs import kind_from

            return [kind_from(spec) for spec in told[0]], told[1]
        return self.flattener.templates.beside.get(alternative)

    def composer(self, alternative: int) -> tuple[Compose, dict[int, str]] | None:
        """Return the function that writes an attribute in a template, and the names that it asks for by number."""
        if alternative not in self._composers:
            self._composers[alternative] = self._composer(alternative)
        return self._composers[alternative]

    def _composer(self, alternative: int) -> tuple[Compose, dict[int, str]] | None:
        told = self._words(f"composer {alternative}", None)
        if told is None:
            return self.flattener.templates.composers.get(alternative)
        from importlib import import_module

        module, function, names = told
        return getattr(import_module(module), function), {int(number): name for number, name in names.items()}
