"""`ls` and `explore` at the prompt: Scapy's functions, extended by rows, sets, constants and families."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from scapy.config import conf
from scapy.packet import NoPayload, Packet
from scapy.packet import explore as scapy_explore
from scapy.packet import ls as scapy_ls

from nldissect import families
from nldissect.columns.extract.field_paths import aliases
from nldissect.columns.fields.catalog import entries, variants
from nldissect.errors import NldissectError
from nldissect.families import load_all
from nldissect.filters.constants import enum_of
from nldissect.wire import AttrSet, Enum, Kind, Message
from nldissect.wire.attr_set import PRESENT
from nldissect.wire.enums import Flags
from nldissect.wire.packets.attribute import Attr
from nldissect.wire.packets.bindings import COMMANDS, DATAGRAMS, MESSAGES
from nldissect.wire.packets.fields import KindField
from nldissect.wire.packets.layer import Layer
from nldissect.wire.packets.message import generic

from ..fields.listing import kind_text

Pair = tuple[str, str]


def ls(obj: Any = None, *arguments: Any, **options: Any) -> None:
    """Print matches of part of a name, ls("ifinfo"), or a content: ls(IFLA.MTU), ls(IFLA), ls(ifinfomsg), ls(AF).

    Anything else is listed by Scapy's own ls.
    """
    if isinstance(obj, type) and issubclass(obj, Attr):
        obj = obj.row
    if isinstance(obj, str):
        _print([*found(obj), *scapy_layers(obj)])
    elif isinstance(obj, Kind):
        _print(row_lines(obj))
    elif isinstance(obj, type) and issubclass(obj, AttrSet):
        _print((row.name, f"{number:<6} {kind_text(row)}") for number, row in sorted(obj.rows.items()))
    elif isinstance(obj, type) and issubclass(obj, Enum):
        _print((name, number_text(obj, number)) for name, number in obj.numbers.items())
    elif isinstance(obj, type) and issubclass(obj, Message):
        _print((one.name, f"{kind_text(one.kind):<30} {default(one)}".rstrip()) for one in obj.fields_desc)
        _print([("", f"stands in {text}")] if (text := types_text(obj)) else [])
    elif isinstance(obj, Layer):
        _list_packet(obj)
    else:
        scapy_ls(obj, *arguments, **options)


def _list_packet(packet: Layer) -> None:
    """Print the fields of a packet with its values, layer by layer, as Scapy does."""
    values = ((one, packet.getfieldval(one.name)) for one in packet.fields_desc)
    _print((one.name, f"{kind_text(one.kind):<30} = {_value_text(packet, one, value)}") for one, value in values)
    if not isinstance(packet.payload, NoPayload):
        print("--")
        ls(packet.payload)


def _value_text(packet: Layer, field: KindField, value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], Packet):
        return ", ".join(one.name for one in value)
    return str(field.i2repr(packet, value))


def found(part: str) -> Iterator[Pair]:
    """Yield all names with this part and a text of each: messages and sets, rows, constants; best matches first."""
    wanted = part.lower()
    load_all()
    classes = {item.__name__: item for module in _modules(families.__name__) for item in declared(module)}
    classes |= {item.__name__: item for item in (*_headers(), *_bodies())}
    things = {name: about(item) for name, item in classes.items()}
    rows: dict[str, str] = {}
    constants: dict[str, str] = {}
    for entry in entries():
        if entry.kind is not None:
            text = f"{entry.number if entry.number is not None else 'field'} in {entry.owner.__name__.lstrip('_')}"
            for name in (entry.kind.name, *aliases(entry.kind)):
                rows.setdefault(name, f"{text}: {kind_text(entry.kind)}")
        else:
            what = "command of" if entry.command else "message of"
            constants.setdefault(entry.name, f"{entry.number}, {what} {entry.family}, holds {entry.owner.__name__}")
    for item in classes.values():
        if issubclass(item, Enum):
            for name, number in item.numbers.items():
                constants.setdefault(name, f"{number_text(item, number)} of {item.__name__}")
    for table in (things, rows, constants):
        fits = [name for name in table if wanted in name.lower()]
        for name in sorted(fits, key=lambda name: (name.lower().index(wanted), len(name), name)):
            yield name, table[name]


def scapy_layers(part: str) -> Iterator[Pair]:
    """Yield Scapy's own layers with this part in their names."""
    wanted = part.lower()
    for layer in sorted(conf.layers, key=lambda layer: (len(layer.__name__), layer.__name__)):
        title = str(layer._name or layer.__module__)
        if not issubclass(layer, Layer) and (wanted in layer.__name__.lower() or wanted in title.lower()):
            yield layer.__name__, f"layer of Scapy: {title}"


def row_lines(row: Kind) -> Iterator[Pair]:
    """Yield number, kind, set and names of a row, and what it holds in which case."""
    yield row.name, kind_text(row)
    if row.number is not None:
        yield "number", str(row.number)
    if row.set is not None:
        yield "set", row.set.__name__
    if aliases(row):
        yield "also", ", ".join(aliases(row))
    if row.size is not None:
        yield "bytes", str(row.size)
    for names, cases in row.bindings.items():
        holds: dict[str, list[str]] = {}
        for case, kind in cases.items():
            holds.setdefault(kind_text(kind), []).append(", ".join(map(str, case)))
        selectors = ", ".join(name.removesuffix(PRESENT) for name in names)
        yield from (
            (f"  {text}", f"where {selectors} is {' or '.join(values)}" if names else "else")
            for text, values in holds.items()
        )
    enums = dict.fromkeys(enum for kind in variants(row) if (enum := enum_of(kind)) is not None)
    for enum in enums:
        for name, number in enum.numbers.items():
            yield f"  {name}", number_text(enum, number)


def explore(layer: str | ModuleType | None = None) -> None:
    """Print the families, explore(), or one's contents: explore("route"), explore("nldissect.families.route.link").

    Any other name is explored by Scapy: explore("dns").
    """
    name = layer.__name__ if isinstance(layer, ModuleType) else layer
    if name is None:
        _print((_short(module), doc(module)) for module in _families())
        print('\nexplore("route") and explore("route.link") tell more; explore("dns") and such are Scapy\'s')
        return
    full = _family_module(name)
    if full is None:
        if name.startswith("nldissect"):
            raise NldissectError(f"no module {name!r}; explore() lists the families")
        scapy_explore(name)
        return
    several = hasattr(import_module(full), "__path__")
    for module in _modules(full):
        print(f"{_short(module)}: {doc(module)}")
        classes = [item for item in declared(module) if not several or (issubclass(item, Message) and types_text(item))]
        _print((f"  {item.__name__}", about(item)) for item in classes)


def _short(module: ModuleType) -> str:
    return module.__name__.removeprefix(families.__name__).lstrip(".")


def _families() -> Iterator[ModuleType]:
    """Yield one module or package for each protocol and generic family."""
    for package in (families.__name__, f"{families.__name__}.generic"):
        for inner in sorted(iter_modules(import_module(package).__path__), key=lambda one: one.name):
            if inner.name not in ("generic", "common"):
                yield import_module(f"{package}.{inner.name}")


def _family_module(name: str) -> str | None:
    """Return the full name of a module of families from its short name ("route.link", "ethtool"), None if unknown."""
    base = families.__name__
    short = name.removeprefix(base).lstrip(".").lower()
    load_all()
    return next((one for one in (f"{base}.{short}", f"{base}.generic.{short}") if one in sys.modules), None)


def _modules(name: str) -> Iterator[ModuleType]:
    """Yield a module and the modules under it; the package of all families itself is left out."""
    module = import_module(name)
    if name != families.__name__:
        yield module
    for inner in sorted(iter_modules(getattr(module, "__path__", [])), key=lambda one: one.name):
        yield from _modules(f"{name}.{inner.name}")


def declared(module: ModuleType) -> Iterator[type[Any]]:
    """Yield the messages, sets and enumerations that a module itself declares."""
    for item in vars(module).values():
        if isinstance(item, type) and issubclass(item, (Message, AttrSet, Enum)) and item.__module__ == module.__name__:
            if not item.__name__.startswith("_"):
                yield item


def _headers() -> Iterator[type[Message]]:
    from nldissect.wire import genlmsghdr, nlmon, nlmsghdr

    return iter((nlmon, nlmsghdr, genlmsghdr))


def _bodies() -> Iterator[type[Message]]:
    """Yield the bodies that are nothing but attributes, which are called after their family."""
    for table in COMMANDS.values():
        yield from (one.message for many in table.values() for one in many if issubclass(one.message, generic))


def about(item: type[Any]) -> str:
    """Return one line about a message, a set or an enumeration."""
    if issubclass(item, AttrSet):
        return f"attribute set, {len(item.rows)} rows"
    if issubclass(item, Enum):
        return f"{'flags' if issubclass(item, Flags) else 'constants'}, {len(item.numbers)} names"
    size = item.wire_size()
    kind = "struct" if size is None else f"struct of {size} bytes"
    types = types_text(item)
    return f"message {types}" if types else kind


def types_text(message: type[Message]) -> str:
    """Return the types and commands whose body a message is; empty for a struct that is only part of others."""
    tables: Iterable[Any] = (*MESSAGES.values(), *COMMANDS.values())
    found = [one for table in tables for many in table.values() for one in many if one.message is message]
    names = [one.name for one in sorted(found, key=lambda one: bool(one.size or one.dump or one.first))]
    names += ["(no nlmsghdr)" for some in DATAGRAMS.values() if any(one.message is message for one in some)]
    return ", ".join(dict.fromkeys(names))


def default(field: KindField) -> str:
    """Return a field's default as Scapy's ls shows it."""
    return "" if field.default is None or field.default == [] else f"({field.default!r})"


def number_text(names: type[Enum], number: int) -> str:
    return f"{number:#x}" if issubclass(names, Flags) else str(number)


def doc(module: ModuleType) -> str:
    """Return the first line of a module's docstring."""
    return (inspect.getdoc(module) or "").partition("\n")[0]


def _print(pairs: Iterable[Pair]) -> None:
    lines = list(pairs)
    width = min(max((len(name) for name, _ in lines), default=0), 40)
    for name, text in lines:
        print(f"{name:<{width}} : {text}".rstrip())
