"""`-T fields` and `-T csv`: one line a message, one cell a field."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from nldissect.capfile import time_text
from nldissect.columns.fields.derived import EscapedText, MessageContext, TimeSpan
from nldissect.columns.fields.field import Field
from nldissect.columns.fields.header_fields import COMMAND, FLAGS, TYPE
from nldissect.columns.fields.message_fields import NodeValue
from nldissect.columns.fields.message_reader import MessageReader
from nldissect.errors import NldissectError
from nldissect.filters.resolve import single_field
from nldissect.wire import DecodedMessage, Kind, Nest
from nldissect.wire.protocol import flag_names

from .field_cells import CellFormat, flat, text_of
from .names import command_of, message_name


def field_named(name: str) -> Field:
    """Return the field that -e names.

    FilterError with the nearest names if there is none; NldissectError if it is more than a field.
    """
    field = single_field(name)
    if field is None:
        raise NldissectError(f"-e {name}: name one field, see `nldissect fields`")
    return field


class Extractor:
    """An extractor of the values of some fields from messages, as lines of text."""

    def __init__(self, names: list[str], layout: CellFormat, secrets: bool = False) -> None:
        self.names, self.layout, self.secrets = names, layout, secrets
        self.fields = [field_named(name) for name in names]
        self._reader = MessageReader(self.fields)
        self._values = [(field, self._reader.values_of(field)) for field in self.fields]

    def header(self) -> str:
        """Return the line that names the fields, or nothing."""
        return self.layout.line(map(self.layout.quoted, self.names)) if self.layout.header else ""

    def line(self, situation: MessageContext) -> str:
        """Return the line of one message."""
        row = self._reader.read(situation)
        cells = (self._texts(field, values_of(row), situation) for field, values_of in self._values)
        return self.layout.line(self.layout.cell(list(texts)) for texts in cells)

    def of(self, field: Field) -> Callable[[MessageContext], Iterator[str]]:
        """Return a function that yields the texts of one field alone."""
        reader = MessageReader([field])
        values_of = reader.values_of(field)
        return lambda situation: self._texts(field, values_of(reader.read(situation)), situation)

    def _texts(self, field: Field, values: list[NodeValue], situation: MessageContext) -> Iterator[str]:
        return _derived_texts(values, situation) if field.derived is not None else self._stored_texts(values, situation)

    def _stored_texts(self, values: list[NodeValue], situation: MessageContext) -> Iterator[str]:
        walked = situation.walked
        for value in values:
            if is_array_of_values(value.kind):
                continue
            yield header_text(value.kind, value.value, walked) or text_of(value.kind, value.value, self.secrets)


def _derived_texts(values: list[NodeValue], situation: MessageContext) -> Iterator[str]:
    decimals = situation.record.interface.decimals
    for value in values:
        if isinstance(value.kind, TimeSpan):
            yield time_text(value.value, decimals)
        else:
            yield value.value if isinstance(value.kind, EscapedText) else flat(value.kind.json(value.value))


def is_array_of_values(kind: Kind) -> bool:
    """Return whether a kind is an array of single values, whose elements are printed in its place."""
    if not isinstance(kind, Nest) or not kind.known or not kind.inner.indexed:
        return False
    element = kind.inner.row(0)
    return element is not None and element.shape == "leaf"


def header_text(kind: Kind, value: Any, walked: DecodedMessage | None) -> str | None:
    """Return the text of a field whose names depend on its message (type, flags, command), None for other fields."""
    if walked is None or kind not in (TYPE, FLAGS, COMMAND):
        return None
    if kind is TYPE:
        return walked.type_name
    if kind is FLAGS:
        return "|".join(flag_names(message_name(walked), value, walked.number)) or "0"
    command = command_of(walked)
    return flat(command.kind.json(command.value)) if command is not None else None
