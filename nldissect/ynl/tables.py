"""Attribute sets, enumerations and structs of a specification as the classes that family files are written in."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from keyword import iskeyword
from typing import Any

from nldissect.errors import NldissectError
from nldissect.wire import (
    S8,
    S16,
    S32,
    S64,
    U8,
    U16,
    U32,
    U64,
    Addr,
    Array,
    Attrs,
    AttrSet,
    Be16,
    Be32,
    Be64,
    BeS32,
    BeUint,
    Bitfield32,
    Blob,
    Enum,
    Flag,
    Flags,
    Kind,
    Le16,
    Le32,
    Le64,
    Mac,
    Message,
    Nest,
    Nests,
    Pad,
    Scalar,
    Secret,
    Sint,
    Struct,
    Text,
    Uint,
    bind_attrs,
)
from nldissect.wire.attr_set import SETS
from nldissect.wire.packets.layer import Layer

from .spec import Spec, SpecItem, constant

SCALARS: dict[str, type[Scalar]] = {
    "u8": U8, "u16": U16, "u32": U32, "u64": U64, "s8": S8, "s16": S16, "s32": S32, "s64": S64,
    "uint": Uint, "sint": Sint,
}  # fmt: skip
ORDERED: dict[tuple[type[Scalar], str], type[Scalar]] = {
    (U16, ">"): Be16, (U32, ">"): Be32, (U64, ">"): Be64, (S32, ">"): BeS32, (Uint, ">"): BeUint,
    (U16, "<"): Le16, (U32, "<"): Le32, (U64, "<"): Le64,
}  # fmt: skip
ADDRESSES = {"ipv4": 4, "ipv6": 16, "ipv4-or-v6": None}
KEYS = re.compile(r"(^|[-_])(key|keys|psk|secret|password|passphrase)($|[-_])")
"""Names of bytes that may be key material; a specification does not say."""


class SpecTables:
    """The classes of one specification, made on first use."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self._names: dict[tuple[str, bool], type[Enum]] = {}
        self._structs: dict[str, type[Message]] = {}
        self._open: set[str] = set()
        self._started: set[str] = set()
        for known in [one for one in SETS if one.startswith(self._key(""))]:
            del SETS[known]

    def _key(self, name: str) -> str:
        """Return the name of a set's class, which no table of ours has."""
        return f"{self.spec.family}:{name}"

    def set_named(self, name: str, asked: SpecItem) -> str:
        """Return the name of a set's class, or that of the set of which it is a subset; make the class on first use.

        asked   the mapping that names the set: SpecError if there is no such set
        """
        item = self.spec.sets.get(name)
        if item is None:
            asked.fail(f"there is no attribute set {name}")
        if "subset-of" in item:
            return self.set_named(item.text("subset-of"), item)
        if name not in self._started:
            self._started.add(name)
            self._make_set(name, item)
        return self._key(name)

    def set_class(self, name: str, asked: SpecItem) -> type[AttrSet]:
        """Return the class of a set; `asked` as for set_named."""
        return SETS[self.set_named(name, asked)]

    def _make_set(self, name: str, item: SpecItem) -> None:
        prefix = item.text("name-prefix", f"{self.spec.family}-a-" if name == self.spec.family else self._long(name))
        rows: dict[str, Any] = {}
        later: list[tuple[str, SpecItem]] = []
        number = 1
        if "attributes" not in item:
            item.fail("has no attributes")
        for one in item.items("attributes", f"attribute set {name}, attribute"):
            number = one.number("value", number)
            kind = self._row(number, one)
            if kind is not None:
                own = one.text("name-prefix", prefix)
                key = _cut(own + one.text("name"))
                if key in rows:
                    one.fail("stands there twice")
                rows[key] = kind
                if one.text("type") == "sub-message":
                    later.append((key, one))
            number += 1
        made = _make(item, lambda: type(self._key(name), (AttrSet,), rows, prefix=""))
        made.prefix = _cut(prefix)
        for key, one in later:
            self._submessage(rows[key], one, item, prefix)

    def _long(self, name: str) -> str:
        return f"{self.spec.family}-a-{name}-"

    def _row(self, number: int, one: SpecItem) -> Kind | None:
        """Return the row of an attribute; None for a number that is not in use."""
        kind = one.text("type")
        many = one.flag("multi-attr")
        if kind == "unused":
            return None
        if kind == "pad":
            return Pad(number)
        if kind == "flag":
            return Flag(number, many=many)
        if kind in SCALARS:
            return self._scalar(number, one, kind, many)
        if kind == "string":
            return Text(number, many=many)
        if kind == "binary":
            return self._binary(number, one, many)
        if kind == "bitfield32":
            return Bitfield32(number, self._flags(one), many=many)
        if kind == "nest":
            return Nest(number, self.set_named(one.text("nested-attributes"), one), many=many)
        if kind in ("indexed-array", "array-nest"):
            return Nests(number, self._element(one), many=many)
        if kind == "nest-type-value":
            element: Any = Nest(None, self.set_named(one.text("nested-attributes"), one))
            for _ in one.texts("type-value")[1:]:
                element = Nests(None, element)
            return Nests(number, element, many=many)
        if kind == "sub-message":
            return Blob(number, "the specification has no format for it", many=many)
        one.fail(f"type {kind} is not known")

    def _element(self, one: SpecItem) -> Any:
        """Return the kind of each attribute of an indexed array."""
        kind = one.text("sub-type", "nest")
        if kind == "nest":
            return Nest(None, self.set_named(one.text("nested-attributes"), one))
        if kind in SCALARS:
            return self._scalar(None, one, kind)
        if kind == "string":
            return Text()
        if kind == "binary":
            return self._bytes(None, one)
        one.fail(f"sub-type {kind} is not known")

    def _scalar(self, number: int | None, one: SpecItem, kind: str, many: bool = False) -> Kind:
        hint = one.maybe("display-hint")
        if hint == "ipv4" and kind == "u32" and one.maybe("byte-order") == "big-endian":
            return Addr(number, 4, many=many)
        return _ordered(one, SCALARS[kind])(number, self._enum(one), base=16 if hint == "hex" else 10, many=many)

    def _binary(self, number: int, one: SpecItem, many: bool) -> Kind:
        if "struct" in one:
            return Struct(number, self.struct(one.text("struct"), one), many=many)
        element = one.maybe("sub-type")
        if element in SCALARS and element not in ("uint", "sint"):
            base = 16 if one.maybe("display-hint") == "hex" else 10
            return Array(number, _ordered(one, SCALARS[element])(None, self._enum(one), base=base), many=many)
        return self._bytes(number, one, many)

    def _bytes(self, number: int | None, one: SpecItem, many: bool = False) -> Kind:
        hint = one.maybe("display-hint")
        if hint in ADDRESSES:
            return Addr(number, ADDRESSES[hint], many=many)
        if hint in ("mac", "fddi"):
            return Mac(number, many=many)
        if KEYS.search(one.text("name")):
            return Secret(number, many=many)
        return Blob(number, "bytes, as the specification has it", many=many)

    def _enum(self, one: SpecItem) -> type[Enum] | None:
        """Return the names of a number's values, or bits; None if it has none."""
        name = one.maybe("enum")
        if name is None:
            return None
        return self.names(name, one, one.flag("enum-as-flags"))

    def _flags(self, one: SpecItem) -> Any:
        name = one.maybe("enum")
        return None if name is None else self.names(name, one, True)

    def names(self, name: str, asked: SpecItem, as_flags: bool) -> type[Enum]:
        """Return an enumeration, or with `as_flags` its values as numbers of bits; `asked` as for set_named."""
        item = self.spec.definitions.get(name)
        if item is None or item.text("type") not in ("enum", "flags"):
            asked.fail(f"there is no enumeration {name}")
        bits = as_flags or item.text("type") == "flags"
        if (name, bits) not in self._names:
            prefix = item.text("name-prefix", f"{self.spec.family}-{name}-")
            value = item.number("value-start", 0)
            found: dict[str, Any] = {}
            for entry in item.items("entries", f"definition {name}, entry"):
                value = entry.number("value", value)
                if bits and not 0 <= value < 64:
                    entry.fail(f"{value} is no number of a bit")
                found[_cut(prefix + entry.text("name"))] = 1 << value if bits else value
                value += 1
            made: type[Enum] = type(_cut(prefix), (Flags if bits else Enum,), found, prefix="")
            made.prefix = _cut(prefix)
            self._names[name, bits] = made
        return self._names[name, bits]

    def struct(self, name: str, asked: SpecItem) -> type[Message]:
        """Return the class of a C struct; `asked` as for set_named."""
        if name not in self._structs:
            fields = self.fields(name, asked)
            bases = (Message,)
            self._structs[name] = _make(asked, lambda: type(_python(name), bases, {"fields_desc": fields}))
        return self._structs[name]

    def fields(self, name: str, asked: SpecItem) -> list[Any]:
        """Return the fields of a C struct; `asked` as for set_named. SpecError also for a struct that holds itself."""
        item = self.spec.definitions.get(name)
        if item is None or item.text("type") != "struct":
            asked.fail(f"there is no struct {name}")
        if name in self._open:
            asked.fail(f"struct {name} holds itself")
        self._open.add(name)
        fields = [self._member(one) for one in item.items("members", f"struct {name}, member")]
        self._open.discard(name)
        if not fields:
            item.fail("has no members")
        return fields

    def _member(self, one: SpecItem) -> Any:
        kind, name = one.text("type"), _python(one.text("name"))
        size = self._length(one) if "len" in one else None
        if kind in SCALARS and kind not in ("uint", "sint"):
            if one.maybe("display-hint") == "ipv4" and kind == "u32" and one.maybe("byte-order") == "big-endian":
                return Addr.of(name, 4)
            base = 16 if one.maybe("display-hint") == "hex" else 10
            return _ordered(one, SCALARS[kind]).of(name, self._enum(one), base=base)
        if kind == "string":
            return Text.of(name, size)
        if kind == "pad":
            return Pad.of(name, size)
        if kind == "binary":
            if "struct" in one:
                return Struct.of(name, self.struct(one.text("struct"), one))
            hint = one.maybe("display-hint")
            if hint in ADDRESSES and size in (4, 16):
                return Addr.of(name, size)
            if hint in ("mac", "fddi"):
                return Mac.of(name, size)
            if KEYS.search(one.text("name")):
                return Secret.of(name, size)
            return Blob.of(name, *([size] if size is not None else []), "bytes, as the specification has it")
        one.fail(f"type {kind} is not known in a struct")

    def _length(self, one: SpecItem) -> int:
        """Return a length, which may be the name of a constant."""
        text = one.text("len")
        defined = self.spec.definitions.get(text)
        if defined is not None and defined.text("type") == "const":
            return defined.number("value", 0)
        return one.number("len", 0)

    def _submessage(self, row: Any, one: SpecItem, holder: SpecItem, prefix: str) -> None:
        """Bind the payload of a row to the values of its selector."""
        name = one.text("sub-message")
        item = self.spec.messages.get(name)
        if item is None:
            one.fail(f"there is no sub-message {name}")
        selector, chooser = self._selector(one, holder, prefix)
        for form in item.items("formats", f"sub-message {name}, format"):
            target = self._form(form)
            if target is not None:
                _make(form, partial(bind_attrs, row, target, **{selector: _choice(form, chooser)}))

    def _selector(self, one: SpecItem, holder: SpecItem, prefix: str) -> tuple[str, SpecItem]:
        """Return the full name of the row that selects, a sibling or a row of an enclosing set, and its mapping."""
        wanted = one.text("selector")
        for item in (holder, *self.spec.sets.values()):
            own = prefix if item is holder else item.text("name-prefix", self._long(item.text("name")))
            for other in item.items("attributes", "attribute"):
                if other.text("name") == wanted and "type" in other:
                    return _cut(other.text("name-prefix", own) + wanted), other
        one.fail(f"there is no attribute {wanted} to select by")

    def _form(self, form: SpecItem) -> Any:
        """Return the content of a format of a sub-message: attributes, a struct, or both; None if it has none."""
        rows = self.set_named(form.text("attribute-set"), form) if "attribute-set" in form else None
        if "fixed-header" not in form:
            return None if rows is None else Nest(None, rows)
        header = form.text("fixed-header")
        if rows is None:
            return self.struct(header, form)
        fields = [*self.fields(header, form), Attrs("attrs", rows)]
        return _make(form, lambda: type(_python(header), (Message,), {"fields_desc": fields}))


def _choice(form: SpecItem, chooser: SpecItem) -> Any:
    """Return the value of the selector for a format."""
    text = form.text("value")
    if chooser.text("type") == "string":
        return text
    return form.number("value", 0)


def _cut(name: str) -> str:
    """Return a constant without the underscores at its end, if the name ends in a hyphen."""
    return constant(name).rstrip("_") if name.endswith("-") else constant(name)


def _python(name: str) -> str:
    """Return a member's or struct's name as a field of a Scapy packet may have it."""
    plain = re.sub(r"\W", "_", name)
    taken = hasattr(Layer, plain) or iskeyword(plain)
    return plain + "_" if taken else plain


def _ordered(one: SpecItem, kind: type[Scalar]) -> type[Scalar]:
    """Return a kind of number in the byte order of an attribute or member."""
    text = one.maybe("byte-order")
    if text is None or kind in (U8, S8):
        return kind
    if text not in ("big-endian", "little-endian"):
        one.fail(f"byte-order {text} is not known")
    order = ">" if text == "big-endian" else "<"
    if (kind, order) not in ORDERED:
        ORDERED[kind, order] = type(f"{'Be' if order == '>' else 'Le'}{kind.__name__}", (kind,), {"fixed_order": order})
    return ORDERED[kind, order]


def _make(item: SpecItem, make: Callable[[], Any]) -> Any:
    """Return the class or binding that `make` makes; SpecError where the tables refuse it."""
    try:
        return make()
    except NldissectError as error:
        item.fail(str(error))
