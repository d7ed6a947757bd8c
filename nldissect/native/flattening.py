"""Message classes and attribute sets flattened into the program that the core interprets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nldissect.wire import Kind, Nest
from nldissect.wire.addresses import AF_INET, AF_INET6, AF_MPLS, Addr, Mac
from nldissect.wire.attr_set import PRESENT, AttrSet, TableVersion
from nldissect.wire.containers import Records, Struct, Structs, layer_kind
from nldissect.wire.decode.acks import MISSING, MISSING_IN, OFFSET
from nldissect.wire.enums import Enum, Flags
from nldissect.wire.key_masks import COOKIE, LONGEST_COOKIE
from nldissect.wire.kind import SELECTORS
from nldissect.wire.numbers import Array, Handle, Scalar, Sint, Uint
from nldissect.wire.opaque import Blob, Flag, Pad, Rest, Secret
from nldissect.wire.packets.message import SEALED, Message
from nldissect.wire.packets.message import UNKNOWN as UNKNOWN_SET
from nldissect.wire.secrets import holds_secrets, may_grow
from nldissect.wire.selectors import is_plain_number, trailing_selectors
from nldissect.wire.text import KeyValues, Text, is_plain_text

from .kind_origins import CASE_OF, ELEMENT_OF, FIELD_OF, NOWHERE, ROW_OF, Origin
from .program import REFERRED, Program
from .tables import (
    ADDRESS,
    ARRAY,
    ASKED,
    AT_MOST,
    BIG,
    BOUND,
    BYTES,
    DEPENDENT,
    ECHO,
    ELEMENT,
    ENDED,
    ENUM,
    FILLED,
    FLAG,
    FLAGS,
    GROWS,
    HANDLE,
    HEXADECIMAL,
    HOST,
    INT,
    KEYED,
    LEAF,
    MAC,
    MANY,
    MEASURES,
    NAMED_OR_ASKED,
    NEST,
    ODD,
    OPTIONAL,
    PAD,
    PAIRS,
    PLAIN,
    RECORDS,
    ROOMY,
    SECRET,
    SIGNED,
    SIZED,
    STEPPED,
    STRUCT,
    STRUCTS,
    SURPLUS,
    TEXT,
    TO_END,
    UNDECODED,
    UNKNOWN,
    VARINT,
    TextPool,
)
from .templates import Templates

SIMPLE: dict[type[Kind], int] = {Mac: MAC, Blob: BYTES, Flag: FLAG, Pad: PAD}
VERSIONS = {AF_INET: 4, AF_INET6: 6}
FORMS = ("json", "brief", "tree")
SOMETIMES = (ASKED, NAMED_OR_ASKED, *MEASURES.values())
"""Forms of numbers of which the core asks for some."""
MPLS_LABEL = 4
"""Bytes of a label; an address is a stack of them."""
POINTERS = {OFFSET: 1, MISSING: 2, MISSING_IN: 3}
"""enum pointing: attributes that point into another message."""


class Flattener:
    """A flattener, which adds message classes to a program. `quote` returns a value as JSON.

    kinds     the kind of each row, for questions of the core
    origins   place of each row's kind in the tables, see kind_origins.py
    asked     forms of a row's values, or of some of them, that the core does not print itself: json, brief, tree
    """

    def __init__(self, program: Program, quote: Callable[[Any], str]) -> None:
        self.program, self.quote = program, quote
        self.pool, self.rows, self.sets, self.structs = program.pool, program.rows, program.sets, program.structs
        self.choices, self.choosings, self.named = program.choices, program.choosings, program.named
        self.numbers, self.fields = program.numbers, program.fields
        self.selectors, self.silents = program.selectors, program.silents
        self.templates = Templates(program, self._name)
        self.kinds: dict[int, Kind] = {}
        self.origins: dict[int, Origin] = {}
        self.asked: dict[int, list[str]] = {}
        self._rows: dict[tuple[int, int | None, bool], tuple[Kind, int]] = {}
        self._sets: dict[type[AttrSet], int] = {}
        self._structs: dict[type[Message], int] = {}
        self._enums: dict[object, tuple[int, int]] = {}
        self._names = {name: number for number, name in enumerate(program.names, 1)}
        self._selectors = {name: number for number, name in enumerate(program.selected, 1)}

    def add(self, message: type[Message]) -> tuple[int, int]:
        """Flatten a message class; return the row of its layer, and its template."""
        return self.row(layer_kind(message)), self.templates.template(message, message.template)

    def constants(self) -> tuple[int, int, int]:
        """Make rows for content that has none: bytes, key material, and bytes left over after a number."""
        leftover = self.pool.text(f"{self.quote('leftover')}:")
        return (
            self._nameless(UNDECODED, UNKNOWN), self._nameless(SECRET, UNKNOWN), self._nameless(UNDECODED, 0, *leftover)
        )  # fmt: skip

    def _name(self, name: str) -> int:
        number = self._names.get(name)
        if number is None:
            self.program.names.append(name)
            number = self._names[name] = len(self.program.names)
        return number

    def _selector(self, name: str) -> int:
        if name not in SELECTORS:
            return 0
        if name not in self._selectors:
            self._selectors[name] = self.program.select(name)
        return self._selectors[name]

    def _nameless(self, op: int, marks: int, key: int = 0, size: int = 0) -> int:
        return self.rows.add(key, size, 0, 0, 0, 0, 0, 0, -1, 1, -1, *[0] * 5, op, 0, 0, 0, 0, 0, marks, 0, 0)

    def row(self, kind: Kind, origin: Origin = NOWHERE, places: Mapping[str, int] | None = None) -> int:
        """Return the row of a kind. `places`: the place of each field by name, if the kind is a field of a struct."""
        counted = None if places is None or kind.count is None else places.get(kind.count)
        key = id(kind), counted, places is not None
        known = self._rows.get(key)
        if known is not None:
            return known[1]
        at = self.rows.reserve(2)
        self._rows[key] = kind, at
        self.kinds[at], self.origins[at] = kind, origin
        about = self._about(kind, at, counted, places is not None)
        self.asked[at] = _asked(kind, about)
        choice = self._choice(kind, at) if kind.bindings else 0
        also = f"{kind.set.prefix if kind.set is not None else ''}_{kind.also[0]}" if kind.also else ""
        refers = getattr(kind, "refers", None)
        marks = _marks(kind)
        called = self._name(kind.name), self._name(also) if also else 0
        ahead = kind.set.header.size if kind.set is not None else 0
        key_text = self.pool.text(f"{self.quote(kind.name)}:")
        self.rows.set(at, (
            *key_text, about.get("target", 0), *about.get("names", (0, 0)), choice,
            *self.pool.text(getattr(kind, "word", None) or kind.name),
            about["size"], about.get("unit", 1), -1 if counted is None else counted,
            *called, self._selector(kind.name), self._selector(kind.name + PRESENT),
            0 if refers is None else REFERRED.index(refers) + 1,
            about.get("op", ODD), about.get("json", 0), about.get("brief", 0), ahead, POINTERS.get(kind.name, 0),
            about.get("tree", 0), about.get("marks", 0) | marks, *about.get("silent", (0, 0)),
        ))  # fmt: skip
        instead = SECRET if holds_secrets(kind) else UNDECODED
        self.rows.set(at + 1, (
            *key_text, 0, 0, 0, 0, 0, 0, -1, 1, -1, *called, 0, 0, 0, instead, 0, 0, ahead,
            POINTERS.get(kind.name, 0), 0, marks & (MANY | ELEMENT), 0, 0,
        ))  # fmt: skip
        return at

    def _about(self, kind: Kind, at: int, counted: int | None, is_field: bool) -> dict[str, Any]:
        """Return the row fields of a kind in the core; without "op" the kind is left to the caller."""
        found: dict[str, Any] = {"size": -1 if kind.size is None else kind.size}
        plain = not is_field or kind.size is not None
        plain |= type(kind).extent in (Kind.extent, Struct.extent, Structs.extent)
        if is_field and kind.size is None and kind.count is not None:
            if counted is None or not (plain or isinstance(kind, (Text, Secret, Rest))):
                return found
        if isinstance(kind, Nest):
            return found | ({"op": NEST, "target": self._set(kind.inner, at)} if kind.known else {"op": BOUND})
        if kind.shape == "message":
            return found | {"op": ECHO}
        if isinstance(kind, Structs):
            return found | self._structs_about(kind, at, is_field)
        if isinstance(kind, Struct):
            size = kind.message.wire_size() if is_field else None
            return found | {"op": STRUCT, "target": self._struct(kind.message), "size": -1 if size is None else size}
        return found | self._leaf(kind, at, plain, is_field)

    def _leaf(self, kind: Kind, at: int, plain: bool, is_field: bool) -> dict[str, Any]:
        if type(kind) in SIMPLE:
            return {"op": SIMPLE[type(kind)], "unit": LONGEST_COOKIE if kind.name == COOKIE else 1}
        if isinstance(kind, Scalar):
            return self._scalar(kind)
        if type(kind) is Text and is_plain_text(kind) and len(kind.ends) == 1:
            to_end = kind.size is None and kind.count is None
            return {"op": TEXT, "target": kind.ends[0], "marks": TO_END if to_end else 0}
        if type(kind) is KeyValues and plain:
            return {"op": PAIRS}
        if type(kind) is Addr and kind.known != AF_MPLS:
            marks = (ROOMY if kind.roomy else 0) | (DEPENDENT if kind.family is not None else 0)
            return {"op": ADDRESS, "target": VERSIONS.get(kind.known, 0), "marks": marks}
        if type(kind) is Secret:
            share = round(1 / kind.share)
            return {"op": SECRET, "unit": share} if share * kind.share == 1 else {}
        if type(kind) is Rest:
            return {"op": PAD, "unit": kind.each, "target": kind.room}
        if type(kind) is Array:
            asked = not is_plain_number(kind.element) or self._naming(kind.element)[0] == ASKED
            return {
                "op": LEAF if asked else ARRAY, "marks": STEPPED if asked else 0,
                "target": self.row(kind.element, (ELEMENT_OF, at, 0)), "unit": kind.step,
            }  # fmt: skip
        if type(kind) is Addr and plain:
            return {"op": LEAF, "unit": MPLS_LABEL, "marks": STEPPED | FILLED}
        marks = STEPPED if isinstance(kind, Array) else 0
        return {"op": LEAF, "unit": kind.unit, "marks": marks} if kind.shape == "leaf" and plain else {}

    def _structs_about(self, kind: Structs, at: int, is_field: bool) -> dict[str, Any]:
        if type(kind) not in (Structs, Records):
            return {}
        element = self.row(Struct(None, kind.message).named(kind.name), (ELEMENT_OF, at, 0))
        found = {"target": self._struct(kind.message), "names": (element, 0)}
        if type(kind) is Records:
            return found | {"op": RECORDS}
        if kind.length is not None and is_field:
            found["size"] = kind.length * kind.unit
        return found | {"op": STRUCTS, "unit": kind.unit}

    def _scalar(self, kind: Scalar) -> dict[str, Any]:
        if type(kind).decoder not in (Scalar.decoder, Uint.decoder):
            return {"op": LEAF}
        naming, names = self._naming(kind)
        silent = list(kind.silent)  # type: ignore[call-overload]
        begin = len(self.silents)
        self.silents.extend(silent)
        varies = isinstance(kind, Uint)
        signed = isinstance(kind, Sint) if varies else kind.letter.islower()
        order = HOST if kind.fixed_order is None else BIG if kind.fixed_order == ">" else 0
        return {
            "op": VARINT if varies else INT, "marks": order | (SIGNED if signed else 0), "names": names,
            "json": naming, "brief": _in_line(kind, naming, signed), "tree": _in_tree(kind, naming, signed),
            "silent": (begin, len(silent)),
        }  # fmt: skip

    def _naming(self, kind: Scalar) -> tuple[int, tuple[int, int]]:
        if type(kind).json is not Scalar.json:
            return ASKED, (0, 0)
        if kind.names is None:
            return PLAIN, (0, 0)
        return (FLAGS if issubclass(kind.names, Flags) else ENUM), self._enum(kind.names)

    def _enum(self, names: type[Enum]) -> tuple[int, int]:
        """Return the first index and the number of its named values, ascending; of flags those of single bits."""
        if names not in self._enums:
            flags = names if issubclass(names, Flags) else None
            values = sorted(value for value in names.names if flags is None or (value > 0 and not value & (value - 1)))
            begin = len(self.named)
            for value in values:
                name = names.names[value]
                short = names.short(name)
                off = (flags.off.get(name) or f"-{short}") if flags is not None else ""
                if flags is None:
                    short = "" if short.lower() == "unspec" else short.lower()
                texts = *self.pool.text(self.quote(name)), *self.pool.text(short), *self.pool.text(off)
                self.named.add(value if value < 1 << 63 else value - (1 << 64), *texts)
            self._enums[names] = begin, len(values)
        return self._enums[names]

    def _choice(self, kind: Kind, at: int) -> int:
        """Add its groups of cases, the last first, as each refers to the next; return the first."""
        following = 0
        for names, targets in reversed(kind.bindings.items()):
            cases = [
                _case(self.pool, case, self.row(target, (CASE_OF, at, self.program.case(names, case))))
                for case, target in targets.items()
            ]
            begin = self.choosings.reserve(len(cases))
            self.choosings.put(begin, cases)
            ids = [self._selector(name) for name in names]
            following = self.choices.add(len(names), *ids, *[0] * (4 - len(names)), begin, len(cases), following)
        return following

    def _set(self, rows: type[AttrSet], holder: int) -> int:
        """Return the index of a set; `holder`: the row of the nest that holds it."""
        if rows in self._sets:
            return self._sets[rows]
        at = self._sets[rows] = self.sets.reserve()
        header = rows.header
        begin = count = element = 0
        unknown = {UNKNOWN_SET: 1, SEALED: 2}.get(rows, 0)
        odd = header.codes not in ("HH", "BB") or max(rows.rows, default=0) > 0xFFFF
        odd |= "row" in vars(rows) and not rows.indexed and not unknown
        if rows.indexed and (one := rows.row(1)) is not None:
            element = self.row(one, (ELEMENT_OF, holder, 0))
        elif rows.rows and not odd:
            found = {number: self.row(row, (ROW_OF, at, number)) for number, row in rows.rows.items()}
            begin, count = len(self.numbers), max(found) + 1
            self.numbers.extend(found.get(number, 0) for number in range(count))
        special = 1 if odd else 2 if rows.sequence else 0
        told = rows.selectors(TableVersion.version).values()
        own = [name for row in told for name in (row.name, row.name + PRESENT) if name in SELECTORS]
        first = len(self.selectors)
        self.selectors.extend(map(self._selector, own))
        template = self.templates.template(None, getattr(rows, "template", ""))
        self.program.set_names[at] = rows.__module__, rows.__name__
        self.sets.set(at, (
            begin, count, element, first, len(own), template, header.size, header.whole, header.align,
            header.codes == "HH", header.type_first, {"": 0, "<": 1, ">": 2}[header.order], special, unknown,
            header.mask, *self.pool.text(rows.prefix),
        ))  # fmt: skip
        return at

    def _struct(self, message: type[Message]) -> int:
        if message in self._structs:
            return self._structs[message]
        at = self._structs[message] = self.structs.reserve()
        kinds = [field.kind for field in message.fields_desc]
        places = {kind.name: place for place, kind in enumerate(kinds)}
        self.program.struct_names[at] = message.__module__, message.__qualname__
        rows = [self.row(kind, (FIELD_OF, at, place), places) for place, kind in enumerate(kinds)]
        begin = len(self.fields)
        self.fields.extend(rows)
        told = trailing_selectors(message, TableVersion.version)
        told_set = self._set(kinds[-1].inner, rows[-1]) if told is not None else 0
        choosy = any(kind.name in SELECTORS for kind in kinds)
        self.structs.set(at, (
            begin, len(rows), self.templates.template(message, message.template), told_set,
            told[0] if told is not None else 0, 0, choosy, 0,
        ))  # fmt: skip
        return at


def _asked(kind: Kind, about: Mapping[str, Any]) -> list[str]:
    """Return the forms in which the core may ask for a value: text that is not ASCII, numbers without a name, ..."""
    if about.get("op") in (LEAF, ARRAY, TEXT, ADDRESS, PAIRS):
        return [*FORMS]
    referring = getattr(kind, "refers", None) is not None
    return [form for form in FORMS if about.get(form) in SOMETIMES or (form == "brief" and referring)]


def _marks(kind: Kind) -> int:
    """Return the marks of a kind that hold for every content."""
    ended, roomy = is_plain_text(kind), isinstance(kind, Scalar) and kind.may_be_longer
    return (
        (MANY if kind.many else 0) | (KEYED if isinstance(kind, KeyValues) else 0) | (SURPLUS if roomy else 0)
        | (ENDED if ended else 0) | (AT_MOST if kind.name == COOKIE else 0) | (GROWS if may_grow(kind) else 0)
        | (OPTIONAL if isinstance(kind, Addr) and kind.empty else 0) | (SIZED if kind.size is not None else 0)
        | (ELEMENT if kind.set is not None and kind.set.indexed else 0)
    )  # fmt: skip


def _in_line(kind: Scalar, naming: int, signed: bool) -> int:
    """Return the form in which a summary shows a number with no word of its own (wire/summary_template.py: brief)."""
    if _is_handle(kind):
        return HANDLE if not kind.words else NAMED_OR_ASKED if naming == ENUM else ASKED  # type: ignore[attr-defined]
    if naming == FLAGS:
        return FLAGS if _as_declared(kind) else ASKED
    plain = _as_declared(kind) and kind.base == 10 and kind.measure is None
    if plain or kind.refers is not None:
        return naming if plain else ASKED
    if naming == ENUM:
        return NAMED_OR_ASKED
    if naming != PLAIN or not _as_declared(kind):
        return ASKED
    if kind.measure is not None:
        return MEASURES.get(kind.measure, ASKED)
    return ASKED if signed else HEXADECIMAL


def _in_tree(kind: Scalar, naming: int, signed: bool) -> int:
    """Return the form in which a tree shows a number with no word of its own."""
    if _is_handle(kind) and not kind.words:  # type: ignore[attr-defined]
        return HANDLE
    if not _as_declared(kind):
        return ASKED
    if kind.measure is not None:
        return MEASURES.get(kind.measure, ASKED) if naming == PLAIN and kind.refers is None else ASKED
    if naming == FLAGS or kind.base == 10:
        return ASKED if naming == FLAGS and signed else naming
    return HEXADECIMAL if naming == PLAIN and not signed else ASKED


def _is_handle(kind: Scalar) -> bool:
    return type(kind).shown is Handle.shown and kind.refers is None and not kind.unsure


def _as_declared(kind: Scalar) -> bool:
    """Return whether its declaration alone decides how it is shown."""
    return type(kind).shown is Scalar.shown and not kind.unsure


def _case(pool: TextPool, values: tuple[Any, ...], row: int) -> tuple[Any, ...]:
    """Return one case of a choice: numbers, texts, sizes and sorts of its selectors' values, and the row it chooses."""
    numbers, texts, sizes, sorts = [0] * 4, [0] * 4, [0] * 4, [0] * 4
    for at, value in enumerate(values):
        if isinstance(value, str):
            texts[at], sizes[at] = pool.text(value)
            sorts[at] = 1
        elif value is None:
            sorts[at] = 2
        else:
            numbers[at] = int(value)
    return *numbers, *texts, *sizes, *sorts, row
