"""Values of fields as people write them in Python: names for numbers, defaults left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nldissect.errors import FieldError

from ..numbers import Handle, Scalar
from ..selectors import encodes_alike

if TYPE_CHECKING:
    from .fields import KindField
    from .layer import Layer


def goes_without_saying(field: KindField, value: Any) -> bool:
    """Return whether a packet without this value for a field builds the same bytes."""
    default = field.default
    if isinstance(value, list):
        return not value and default == []
    if field.kind.shape == "fields" or not all(encodes_alike(field.kind, one) for one in field.kind.bound()):
        return False
    if isinstance(value, bytes):
        return default is None and value == bytes(field.kind.size or 0)
    return type(value) is type(default) and bool(value == default)


def to_source(field: KindField, layer: Layer, value: Any) -> Any:
    """Return a value that the field accepts for this one: names where it has some, else the value itself."""
    kind = field.kind.resolve(layer._scope)
    if not isinstance(kind, Scalar) or type(value) is not int:
        return value
    name = kind.shown(value) if isinstance(kind, Handle) else kind.json(value)
    if isinstance(name, list):
        name = "|".join(name)
    if name == value or not name:
        return Hexadecimal(value) if kind.base == 16 and value > 9 else value
    try:
        return name if field.any2i(layer, name) == value else value
    except FieldError:
        return value


class Hexadecimal(int):
    """A number that `repr` prints in hexadecimal."""

    def __repr__(self) -> str:
        return hex(self)
