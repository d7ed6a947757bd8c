"""Any field as a column of the list, as the settings name it.

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
"""Fields that the list shows in its own way: times in the format that is set, directions as arrows."""
NARROW, USUAL, WIDE, WIDEST = 8, 18, 24, 200
MORE = ","
"""Between several values of one field, as `-T fields` has it."""


class ColumnSpec(NamedTuple):
    """One column.

    field   as filters name it
    title   what stands above it; "": the field
    width   in cells; 0: as wide as its title, and at least NARROW for plain numbers, USUAL for what is longer
    raw     numbers instead of the names of constants
    """

    field: str
    title: str = ""
    width: int = 0
    raw: bool = False

    @property
    def heading(self) -> str:
        """What stands above it."""
        return self.title or self.field

    @property
    def cells(self) -> int:
        """How wide it is."""
        least = NARROW if self.raw or _plain_number(self.field) else USUAL
        return self.width or max(least, min(len(self.heading), WIDE))


DEFAULT = tuple(ColumnSpec(name) for name in BUILT_IN)


def checked(spec: ColumnSpec) -> ColumnSpec:
    """The same, the field as tables spell it; FieldError, one line, unless there is such a field and it has values."""
    built_in = next((name for name in BUILT_IN if name == spec.field.lower()), None)
    if built_in is not None:
        return spec._replace(field=built_in)
    try:
        _values_of(spec.field)
    except FilterError as error:
        raise FieldError(error.message) from None
    return spec


def column_text(spec: ColumnSpec, situation: MessageContext) -> str:
    """What a message has in a column of a field, several values joined; nothing where it has none."""
    found = field_values(spec.field, situation)
    return escaped(MORE.join(_text(kind, value, spec.raw, situation) for kind, value in found))


def field_values(name: str, situation: MessageContext) -> list[tuple[Kind, Any]]:
    """The values of a field in a message, as they are decoded."""
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
    """Whether all values of a field are numbers without names."""
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
    """A column as it stands in a settings file."""
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
    """The opposite of `said`; NldissectError if it can't be understood."""
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
    """A column on one line: `IFLA_MTU`, `IFLA_MTU as MTU width 6 raw`."""
    parts = [spec.field]
    parts += ["as", spec.title] if spec.title else []
    parts += ["width", str(spec.width)] if spec.width else []
    parts += ["raw"] if spec.raw else []
    return " ".join(parts)


def read(text: str) -> ColumnSpec:
    """The opposite of `written`; NldissectError if it can't be understood."""
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
