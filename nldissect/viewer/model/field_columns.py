"""Columns of the packet list that show a field, as the settings name them.

ColumnSpec("summary")                                 one of BUILT_IN, as `nldissect read` shows it
ColumnSpec("IFLA_MTU", title="MTU", width=6)          as `-T fields -e IFLA_MTU` prints it
ColumnSpec("nlmsg_flags", raw=True)                   the number instead of names
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from nldissect.capfile import time_text
from nldissect.columns.fields.derived import MessageContext, TimeSpan
from nldissect.columns.fields.message_reader import MessageReader
from nldissect.errors import FieldError, FilterError, NldissectError
from nldissect.escapes import escaped
from nldissect.render.names import message_name
from nldissect.store.series import field_named, text_of
from nldissect.wire import Kind, Scalar
from nldissect.wire.protocol import flag_names

BUILT_IN = ("frame.number", "frame.time", "direction", "protocol", "nlmsg_type", "summary")
"""Fields with a form of their own in the list: times in the chosen format, directions as arrows."""
NARROW, USUAL, WIDE, WIDEST = 8, 18, 24, 200
MORE = ","
"""Separator of several values of one field, as in `-T fields`."""


class ColumnSpec(NamedTuple):
    """One column.

    field   name, as in filters
    title   heading; "": the field
    width   in cells; 0: that of the heading, and at least NARROW for plain numbers, USUAL for other values
    raw     numbers instead of the names of constants
    """

    field: str
    title: str = ""
    width: int = 0
    raw: bool = False

    @property
    def heading(self) -> str:
        """Text in the heading line."""
        return self.title or self.field

    @property
    def cells(self) -> int:
        """Width in cells."""
        least = NARROW if self.raw or _plain_number(self.field) else USUAL
        return self.width or max(least, min(len(self.heading), WIDE))


DEFAULT = tuple(ColumnSpec(name) for name in BUILT_IN)


def checked(spec: ColumnSpec) -> ColumnSpec:
    """Return a column, its field spelled as in the tables; FieldError, one line, unless it is a field with values."""
    built_in = next((name for name in BUILT_IN if name == spec.field.lower()), None)
    if built_in is not None:
        return spec._replace(field=built_in)
    try:
        _values_of(spec.field)
    except FilterError as error:
        raise FieldError(error.message) from None
    return spec


def column_text(spec: ColumnSpec, situation: MessageContext) -> str:
    """Return the text of a message in a column, several values joined; empty if the message has no value."""
    found = field_values(spec.field, situation)
    return escaped(MORE.join(_text(kind, value, spec.raw, situation) for kind, value in found))


def field_values(name: str, situation: MessageContext) -> list[tuple[Kind, Any]]:
    """Return the values of a field in a message with their kinds, as decoded."""
    return _values_of(name)(situation)


Values = Callable[[MessageContext], list[tuple[Kind, Any]]]


@lru_cache(maxsize=256)
def _values_of(name: str) -> Values:
    """Return a function that finds the values of a field in one message."""
    field = field_named(name)
    if not any(kind.shape == "leaf" for kind in field.kinds):
        raise FieldError(f"{name} holds other fields; name one of them")
    reader = MessageReader([field])
    values_of = reader.values_of(field)

    def values(situation: MessageContext) -> list[tuple[Kind, Any]]:
        found = values_of(reader.read(situation))
        return [(value.kind, value.value) for value in found if value.kind.shape == "leaf"]

    return values


@lru_cache(maxsize=256)
def _plain_number(name: str) -> bool:
    """Return whether all values of a field are numbers without names."""
    field = field_named(name)
    leaves = [kind for kind in field.kinds if kind.shape == "leaf" and not isinstance(kind, TimeSpan)]
    return bool(leaves) and all(isinstance(kind, Scalar) and kind.names is None for kind in leaves)


def _text(kind: Kind, value: Any, raw: bool, situation: MessageContext) -> str:
    if isinstance(kind, TimeSpan):
        return time_text(value, situation.record.interface.decimals)
    if raw and isinstance(value, int) and isinstance(kind, Scalar) and not kind.secret:
        return str(value)
    walked = situation.walked
    if walked is not None and kind.name == "nlmsg_type":
        return walked.type_name
    if walked is not None and kind.name == "nlmsg_flags":
        return "|".join(flag_names(message_name(walked), walked.flags, walked.number)) or "0"
    return text_of(kind, value)


def said(spec: ColumnSpec) -> Any:
    """Return a column as a value of the settings file: the field's name, or a table."""
    if spec == ColumnSpec(spec.field):
        return spec.field
    out: dict[str, Any] = {"field": spec.field}
    if spec.title:
        out["title"] = spec.title
    if spec.width:
        out["width"] = spec.width
    if spec.raw:
        out["value"] = "raw"
    return out


def meant(value: Any) -> ColumnSpec:
    """Parse a column of the settings file, the inverse of `said`; NldissectError if it can't be parsed."""
    if isinstance(value, str):
        return checked(ColumnSpec(value))
    if not isinstance(value, dict) or not {"field"} <= value.keys() <= {"field", "title", "width", "value"}:
        raise NldissectError("a column is a field, or { field, title, width, value }")
    field, title, width, kind = (value.get(key, "") for key in ("field", "title", "width", "value"))
    if not isinstance(field, str) or not isinstance(title, str):
        raise NldissectError("field and title of a column are text in quotes")
    if width != "" and (type(width) is not int or not 0 <= width <= WIDEST):
        raise NldissectError(f"a width is a number up to {WIDEST}")
    if kind not in ("", "named", "raw"):
        raise NldissectError('the value of a column is "named" or "raw"')
    return checked(ColumnSpec(field, title, width or 0, kind == "raw"))


def written(spec: ColumnSpec) -> str:
    """Return a column as one line: `IFLA_MTU`, `IFLA_MTU as MTU width 6 raw`."""
    parts = [spec.field]
    parts += ["as", spec.title] if spec.title else []
    parts += ["width", str(spec.width)] if spec.width else []
    parts += ["raw"] if spec.raw else []
    return " ".join(parts)


def read(text: str) -> ColumnSpec:
    """Parse a column on one line, the inverse of `written`; NldissectError if it can't be parsed."""
    field, *words = text.split() or [""]
    if not field:
        raise NldissectError("name a field, like IFLA_MTU; see `nldissect fields`")
    value: dict[str, Any] = {"field": field}
    title: list[str] = []
    names = False
    while words:
        word = words.pop(0)
        if word == "width" and words and words[0].isdigit():
            value["width"] = int(words.pop(0))
            names = False
        elif word == "raw":
            value["value"] = "raw"
            names = False
        elif word == "as" and not title:
            names = True
        elif names:
            title.append(word)
        else:
            raise NldissectError(f'"{word}" is not understood; write FIELD as TITLE width N raw')
    return meant(value | ({"title": " ".join(title)} if title else {}))
