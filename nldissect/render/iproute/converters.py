"""Converters: functions from an object's values to the value of one key, in the forms that iproute2's JSON knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from .values import ObjectValues

ABSENT: Final = object()
"""The value of a key that is not printed."""
USER_HZ = 100
Converter = Callable[[ObjectValues], Any]
Table = Mapping[str, Converter]
BitNames = tuple[tuple[int, str], ...]
"""Names of bits, in the order in which they are printed."""


def filled(table: Table, values: ObjectValues) -> dict[str, Any]:
    """Return the object that a table makes of values."""
    found = {key: convert(values) for key, convert in table.items()}
    return {key: value for key, value in found.items() if value is not ABSENT}


def number(path: str) -> Converter:
    """Convert a number to itself."""
    return _present(path, lambda values: values.number(path))


def positive(path: str) -> Converter:
    """Convert a number that is not zero to itself."""
    return lambda values: values.number(path) or ABSENT


def text(path: str) -> Converter:
    """Convert an address or a name to text."""
    return _present(path, lambda values: values.text(path))


def first_text(*paths: str) -> Converter:
    """Convert the first address or name that is there to text."""
    return lambda values: next((values.text(path) for path in paths if path in values.leaves), ABSENT)


def truth(path: str) -> Converter:
    """Convert a number to true or false."""
    return _present(path, lambda values: bool(values.value(path)))


def true(path: str) -> Converter:
    """Convert a number that is not zero, or a flag that is there, to true."""
    return lambda values: True if values.value(path) else ABSENT


def null(path: str) -> Converter:
    """Convert a number that is not zero, or a flag that is there, to null: iproute2's word without a value."""
    return lambda values: None if values.value(path) else ABSENT


def bit(path: str, mask: int, value: Any = True) -> Converter:
    """Convert a bit that is set to `value`."""
    return lambda values: value if values.number(path) & mask else ABSENT


def hexed(path: str, form: str = "0x{:x}") -> Converter:
    """Convert a number to hexadecimal digits."""
    return _present(path, lambda values: form.format(values.number(path)))


def positive_hexed(path: str, form: str = "0x{:x}") -> Converter:
    """Convert a number that is not zero to hexadecimal digits."""
    return lambda values: form.format(values.number(path)) if values.number(path) else ABSENT


def seconds(path: str) -> Converter:
    """Convert ticks of USER_HZ to seconds."""
    return _present(path, lambda values: values.number(path) / USER_HZ)


def short_seconds(path: str) -> Converter:
    """Convert ticks of USER_HZ to seconds, without a fraction of zero."""

    def convert(values: ObjectValues) -> float:
        whole, rest = divmod(values.number(path), USER_HZ)
        return whole + rest / USER_HZ if rest else whole

    return _present(path, convert)


def named(path: str, names: Mapping[int, Any], form: str | None = None) -> Converter:
    """Convert a number to its name; one without a name by `form`, else the key is absent."""

    def convert(values: ObjectValues) -> Any:
        value = values.number(path)
        return names.get(value, ABSENT if form is None else form.format(value))

    return _present(path, convert)


def device(path: str) -> Converter:
    """Convert an interface's index to its name; 0 is none."""
    return lambda values: values.device(values.number(path)) if values.number(path) else ABSENT


def bits(path: str, names: BitNames, rest: str | None = None) -> Converter:
    """Convert the bits that are set to the list of their names; those without a name to one more word, by `rest`."""
    return _present(path, lambda values: bit_names(values.number(path), names, rest))


def bit_names(value: int, names: BitNames, rest: str | None = None) -> list[str]:
    """Return the names of the bits that are set; of those without a name one more word, by the format `rest`."""
    found = [name for mask, name in names if value & mask]
    left = value & ~sum(mask for mask, _ in names)
    return found + ([rest.format(left)] if left and rest is not None else [])


def nested(path: str, table: Table) -> Converter:
    """Convert what is inside an attribute to an object."""
    return lambda values: filled(table, values.below(path)) if path in values else ABSENT


def inside(path: str, convert: Converter) -> Converter:
    """Convert by `convert` what is inside an attribute."""
    return lambda values: convert(values.below(path))


def listed(path: str, table: Table) -> Converter:
    """Convert the elements of a list to objects."""
    return lambda values: [filled(table, one) for one in values.elements(path)] if path in values else ABSENT


def texts(path: str) -> Converter:
    """Convert a list of addresses or names to text."""
    return lambda values: values.texts(path) if path in values else ABSENT


def always(value: Any) -> Converter:
    """Give the same value whatever an object holds."""
    return lambda values: value


def where(path: str, convert: Converter) -> Converter:
    """Convert by `convert` if there is a value at, or below, a path."""
    return lambda values: convert(values) if path in values else ABSENT


def _present(path: str, convert: Converter) -> Converter:
    return lambda values: convert(values) if path in values.leaves else ABSENT
