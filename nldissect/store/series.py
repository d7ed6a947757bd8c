"""Fields as typed columns: the type common to all values of a field, and its values in a block.

    series = Series("IFLA_MTU")
    series.sort                            "number", "text", "bool", "time" or "span"
    message, values = series.of(found, chosen)      index of the message and value, in file order; a message may have
                                                    several

Numbers without names are numbers. Everything else is text as `-T fields` prints it: names of constants, flags joined by
"|", addresses, bytes in hexadecimal, keys masked; the value in a single message never decides the type of a field.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import numpy as np

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.extract.plan import Hits
from nldissect.columns.extract.values import column, each, kinds_in
from nldissect.columns.fields.catalog import field_locations, members
from nldissect.columns.fields.column_reader import BlockInput, column_form
from nldissect.columns.fields.derived import Moment, TimeSpan
from nldissect.columns.fields.derived_columns import FieldColumn
from nldissect.columns.fields.field import Field
from nldissect.columns.fields.header_fields import COMMAND, FLAGS, TYPE
from nldissect.columns.fields.message_reader import MessageReader
from nldissect.errors import FieldError, FilterError
from nldissect.filters.resolve import single_field
from nldissect.wire import Kind
from nldissect.wire.numbers import Scalar
from nldissect.wire.opaque import Flag, MaskedValue
from nldissect.wire.protocol import flag_names
from nldissect.wire.selectors import is_plain_number

NUMBER, TEXT, BOOL, TIME, SPAN = "number", "text", "bool", "time", "span"
TYPES = {TEXT: np.dtype(object), BOOL: np.dtype(bool), TIME: np.dtype(np.int64), SPAN: np.dtype(np.int64)}


Found = tuple[Array, Array]
"""Indices of messages, which ascend and may repeat, and a value for each."""


class Series:
    """One field as a column.

    numbers   constants and flags as numbers, not by name
    dtype     of its values; `object` for text, and for integers that do not all fit into one type of 64 bits
    paths     paths that a ColumnReader has to find for it
    """

    def __init__(self, name: str, numbers: bool = False) -> None:
        self.name, self.numbers = name, numbers
        self.field = field_named(name)
        self._form = column_form(self.field)
        self.paths = self._form.needs
        self.sort = self._sort()
        self.dtype = TYPES[self.sort] if self.sort != NUMBER else _width(self.field)

    def of(self, found: BlockInput, chosen: Array) -> Found:
        """Return its values in a block; `chosen`: bool, a mask of the messages to read."""
        message, values = self._by_message(found, chosen) if self._form.by_message else self._by_column(found)
        if not chosen.all():
            mine = chosen[message]
            message, values = message[mine], values[mine]
        return message, values.astype(self.dtype, copy=False)

    def _sort(self) -> str:
        derived = self.field.derived
        if derived is not None:
            kind = derived.kind
            return TIME if isinstance(kind, Moment) else SPAN if isinstance(kind, TimeSpan) else self._sort_of([kind])
        leaves = [kind for kind in self.field.kinds if kind.shape == "leaf"]
        if not leaves:
            raise FieldError(f"{self.name} holds other fields; name one of them, like {_inner(self.name)}")
        return self._sort_of(leaves)

    def _by_column(self, found: BlockInput) -> Found:
        """Return the values of the field's column form."""
        pieces = []
        if self._form.column is not None:
            assert self._form.kind is not None
            pieces.append(self._of_column(self._form.kind, self._form.column(found)))
        if self._form.hits:
            pieces.append(self._of_hits(found))
        return _together(pieces)

    def _of_column(self, kind: Kind, made: FieldColumn) -> Found:
        there = np.ones(len(made.values), bool) if made.there is None else made.there
        message = there.nonzero()[0]
        values = made.values[message]
        if made.table is not None:
            table = np.array([*made.table, None], object)
            return message, table[values]
        if self.sort != TEXT:
            return message, values
        names = {value: text_of(kind, value) for value in np.unique(values).tolist()}
        return message, _objects([names[value] for value in values.tolist()])

    def _by_message(self, found: BlockInput, chosen: Array) -> Found:
        """Return the values of messages decoded one by one."""
        reader = MessageReader([self.field])
        values_of = reader.values_of(self.field)
        message: list[int] = []
        values: list[Any] = []
        for index in chosen.nonzero()[0].tolist():
            for value in values_of(reader.read(found.decoder.situation(index))):
                if self._has_value(value.kind):
                    message.append(index)
                    values.append(text_of(value.kind, value.value) if self.sort == TEXT else value.value)
        return np.array(message, np.int64), _objects(values)

    def _of_hits(self, found: BlockInput) -> Found:
        pieces = []
        for path in self._form.hits:
            hits = found.hits[path]
            for number, kind in enumerate(hits.kinds):
                if not self._has_value(kind):
                    hits = hits.where(hits.kind != number)
            if len(hits):
                pieces.append((hits.message, self._values(hits, found.block)))
        return _together(pieces)

    def _has_value(self, kind: Kind) -> bool:
        """Return whether a value of this kind counts here: a masked value has a text, but no number."""
        return kind.shape == "leaf" and (self.sort == TEXT or not isinstance(kind, MaskedValue))

    def _values(self, hits: Hits, block: Block) -> Array:
        if self.sort == BOOL:
            return np.ones(len(hits), bool)
        if self.sort == NUMBER:
            numbers = column(hits, block.buffer)
            assert numbers is not None
            return numbers
        if any(kind in (TYPE, FLAGS) for kind in hits.kinds):
            texts: list[Any] = [None] * len(hits)
            for kind, _, lines in kinds_in(hits):
                for line, text in zip(lines.tolist(), _named(kind, hits.where(lines), block), strict=True):
                    texts[line] = text
            return _objects(texts)
        return _objects(_named(None, hits, block))

    def _sort_of(self, kinds: list[Kind]) -> str:
        if all(isinstance(kind, Flag) for kind in kinds):
            return BOOL
        return NUMBER if all(map(self._is_number, kinds)) else TEXT

    def _is_number(self, kind: Kind) -> bool:
        if not isinstance(kind, Scalar) or kind.secret:
            return False
        return self.numbers or (
            kind.names is None and kind not in (TYPE, FLAGS, COMMAND) and type(kind).json is Scalar.json
        )


def field_named(name: str) -> Field:
    """Return the field of that name or path; FilterError with the nearest names if there is none."""
    field = single_field(name)
    if field is None:
        raise FilterError(f'"{name}" is a test; name one field, see `nldissect fields`', name, 0, len(name))
    return field


def text_of(kind: Kind, value: Any) -> str:
    """Return one value as text; its characters are not escaped."""
    if kind.secret:
        return kind.shown(value)
    made = kind.json(value)
    if isinstance(made, str):
        return made
    if isinstance(made, list) and all(isinstance(item, str) for item in made):
        return "|".join(made) or "0"
    if isinstance(made, dict) and made.keys() == {"text", "bytes"}:
        return str(made["text"])
    return json.dumps(made, separators=(",", ":"))


def flag_texts(block: Block, messages: Array) -> list[str]:
    """Return nlmsg_flags as text, by the verb of each message."""
    key = block.headers.message_type[messages].astype(np.int64) << 16 | block.headers.flags[messages]
    values, which = np.unique(key, return_inverse=True)
    names = []
    for value in values.tolist():
        meaning = block.message_types[value >> 16]
        names.append("|".join(flag_names(meaning.called, value & 0xFFFF, meaning.number)) or "0")
    return [names[place] for place in which.reshape(-1).tolist()]


def _named(kind: Kind | None, hits: Hits, block: Block) -> list[str]:
    if kind is TYPE:
        names = [one.type_name for one in block.message_types]
        return [names[one] for one in block.headers.message_type[hits.message].tolist()]
    if kind is FLAGS:
        return flag_texts(block, hits.message)
    return each(hits, block.buffer, lambda one: partial(text_of, one))


def _width(field: Field) -> np.dtype[Any]:
    """Return int64, uint64 if a field has unsigned values of 64 bits, object if it has signed ones too."""
    kinds = [kind for kind in field.kinds if kind.shape == "leaf"]
    wide = {_letters(kind) for kind in kinds}
    unsigned = any("Q" in letters for letters in wide)
    signed = any(letters != letters.upper() for letters in wide)
    return np.dtype(object if unsigned and signed else np.uint64 if unsigned else np.int64)


def _letters(kind: Kind) -> str:
    assert isinstance(kind, Scalar)
    return kind.letter if is_plain_number(kind) else "".join(getattr(kind, "letters", {1: kind.letter}).values())


def _objects(values: list[Any]) -> Array:
    return np.array([*values, None], object)[:-1]


def _together(found: list[Found]) -> Found:
    """Return the values of one field from several places, in the order of messages."""
    if len(found) == 1:
        return found[0]
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    message = np.concatenate([one[0] for one in found])
    order = message.argsort(kind="stable")
    return message[order], np.concatenate([one[1] for one in found])[order]


def _inner(name: str) -> str:
    """Return a path to a field inside a nest, as an example."""
    for place in field_locations(name):
        for kind, _ in members(place.kind):
            if kind.name:
                return f"{name}.{kind.name}"
    return f"{name}.NAME"
