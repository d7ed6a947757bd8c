"""Kinds as data: those that need neither Scapy nor a set of rows, so that their values are shown without either."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from nldissect.wire.kinds import Kind
from nldissect.wire.names import Enum, Flags

WIRE = ("addresses", "bits", "errno", "flags", "kinds", "names", "scalars", "texts", "worded")
FAMILIES = ("constants", "netfilter.nftables_types", "route.ip_words", "route.tc_info")
MODULES = {*(f"nldissect.wire.{name}" for name in WIRE), *(f"nldissect.families.{name}" for name in FAMILIES)}
"""Modules that import no Scapy, of kinds and of the names of their values."""
OWN = ("set", "_layer", "bindings", "number", "many", "also", "deprecated", "selectors")
"""What a kind is as a row, not as a value."""


def spec_of(kind: Kind) -> dict[str, Any] | None:
    """Return what makes a kind anew, as JSON has it; None if that would take more than the modules above."""
    if type(kind).__module__ not in MODULES:
        return None
    state: dict[str, Any] = {}
    for name, value in vars(kind).items():
        if name in OWN:
            continue
        if isinstance(value, Kind):
            inner = spec_of(value)
            if inner is None:
                return None
            state[name] = {"kind": inner}
        elif isinstance(value, type) and issubclass(value, Enum):
            if value.__module__ in MODULES:
                state[name] = {"class": [value.__module__, value.__name__]}
            elif value.short.__func__ is not Enum.short.__func__:  # type: ignore[attr-defined]
                return None
            else:
                state[name] = {"names": _names_of(value)}
        elif isinstance(value, bytes):
            state[name] = {"bytes": value.hex()}
        elif isinstance(value, tuple) and all(isinstance(one, (int, str)) for one in value):
            state[name] = {"tuple": [*value]}
        elif value is None or isinstance(value, (bool, int, str, float)):
            state[name] = value
        elif value != {}:
            return None
        else:
            state[name] = {"empty": None}
    return {"class": [type(kind).__module__, type(kind).__qualname__], "state": state}


def kind_from(spec: Mapping[str, Any]) -> Kind:
    """Return the kind that a spec describes; ValueError if that is of none of the modules above."""
    found = _class_of(spec["class"])
    kind: Kind = found.__new__(found)
    Kind.__init__(kind)
    vars(kind).update((name, _value(value)) for name, value in spec["state"].items())
    return kind


def _names_of(names: type[Enum]) -> dict[str, Any]:
    """An enumeration: the prefixes of its classes, what unset flags are called if it is of flags, names by value, and
    further names of these."""
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
            return tuple(told)
        case _:
            return {}


def _class_of(place: list[str]) -> Any:
    module, name = place
    if module not in MODULES:
        raise ValueError(f"{module} is none of the modules of kinds that need no Scapy")
    return getattr(import_module(module), name)
