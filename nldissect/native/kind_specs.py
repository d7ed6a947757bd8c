"""Kinds as data: those that need neither Scapy nor a set of rows, so that their values are shown without either."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from typing import Any

from nldissect.wire.enums import Enum, Flags
from nldissect.wire.kind import Kind

WIRE = (
    "addresses", "audit_text", "bits", "enums", "errno", "kind", "numbers", "opaque", "protocol", "rule_matches",
    "text", "worded",
)  # fmt: skip
FAMILIES = (
    "audit.fields", "audit.rules", "constants", "netfilter.nftables_types", "route.ip_values", "route.tc_info",
    "sock_diag.groups",
)  # fmt: skip
MODULES = {*(f"nldissect.wire.{name}" for name in WIRE), *(f"nldissect.families.{name}" for name in FAMILIES)}
"""Modules that import no Scapy, of kinds and of the names of their values."""
OWN = ("set", "_layer", "bindings", "number", "many", "also", "deprecated", "selectors")
"""Attributes of a kind as a row, not as a value."""


def spec_of(kind: Kind) -> dict[str, Any] | None:
    """Return the state that makes a kind again, as JSON has it; None if that needs more than the modules above."""
    try:
        return _spec(kind)
    except LookupError:
        return None


def _spec(kind: Kind) -> dict[str, Any]:
    if type(kind).__module__ not in MODULES:
        raise LookupError(type(kind).__module__)
    made = [name for name, value in vars(type(kind)).items() if isinstance(value, cached_property)]
    values = vars(kind) | {name: getattr(kind, name) for name in made}
    state = {name: _told(value) for name, value in values.items() if name not in OWN}
    return {"class": [type(kind).__module__, type(kind).__qualname__], "state": state}


def _told(value: Any) -> Any:
    """Return one value as JSON has it; LookupError if that can't be."""
    match value:
        case None | bool() | int() | str() | float():
            return value
        case bytes():
            return {"bytes": value.hex()}
        case Kind():
            return {"kind": _spec(value)}
        case dict():
            return {"dict": [[_told(key), _told(one)] for key, one in value.items()]}
        case tuple():
            return {"tuple": [_told(one) for one in value]}
        case frozenset():
            return {"set": sorted(value)}
        case type() if issubclass(value, Enum) and value.__module__ in MODULES:
            return {"class": [value.__module__, value.__name__]}
        case type() if issubclass(value, Enum) and value.short.__func__ is Enum.short.__func__:  # type: ignore[attr-defined]
            return {"names": _names_of(value)}
    raise LookupError(value)


def kind_from(spec: Mapping[str, Any]) -> Kind:
    """Return the kind that a spec describes; ValueError if it is of another module than those above."""
    found = _class_of(spec["class"])
    kind: Kind = found.__new__(found)
    Kind.__init__(kind)
    vars(kind).update((name, _value(value)) for name, value in spec["state"].items())
    return kind


def _names_of(names: type[Enum]) -> dict[str, Any]:
    """Return an enumeration as data: prefixes, names of unset flags, names by value, and further names.

    The prefixes are those of its classes; the names of unset flags are None where it is not of flags.
    """
    prefixes = [one.prefix for one in names.__mro__ if issubclass(one, Enum) and one.prefix]
    off = names.off if issubclass(names, Flags) else None
    further = [(name, number) for name, number in names.numbers.items() if names.names.get(number) != name]
    return {"prefixes": prefixes, "off": off, "values": [*names.names.items()], "further": further}


def _enum_from(told: Mapping[str, Any]) -> type[Enum]:
    found: type[Enum] = Enum if told["off"] is None else Flags
    for prefix in reversed(told["prefixes"]):
        found = type("_Names", (found,), {}, prefix=prefix)
    if found in (Enum, Flags):
        found = type("_Names", (found,), {}, prefix="")
    found.names = dict(told["values"])
    found.numbers = {name: number for number, name in told["values"]} | dict(told["further"])
    if told["off"]:
        found.off = told["off"]  # type: ignore[attr-defined]
    return found


def _value(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((sort, told),) = value.items()
    match sort:
        case "kind":
            return kind_from(told)
        case "class":
            return _class_of(told)
        case "names":
            return _enum_from(told)
        case "bytes":
            return bytes.fromhex(told)
        case "tuple":
            return tuple(map(_value, told))
        case "set":
            return frozenset(told)
        case _:
            return {_value(key): _value(one) for key, one in told}


def _class_of(place: list[str]) -> Any:
    module, name = place
    if module not in MODULES:
        raise ValueError(f"{module} is none of the modules of kinds that need no Scapy")
    return getattr(import_module(module), name)
