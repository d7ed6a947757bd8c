"""Sections of the catalog made of the tables themselves; imports Scapy and the families."""

from __future__ import annotations

from functools import cache

from nldissect.wire.binding import Binding, DatagramBinding
from nldissect.wire.containers import layer_kind
from nldissect.wire.kernel_content import CONTENTS, types_with_kernel_content
from nldissect.wire.name_learning import births_of, name_plan
from nldissect.wire.name_plans import Birth
from nldissect.wire.packets.bindings import (
    CATCH_ALL,
    COMMANDS,
    DATAGRAMS,
    EVERY,
    MESSAGES,
    common_body,
    ensure_family,
    ensure_protocol,
    unknown_body,
)
from nldissect.wire.packets.message import Message, generic, sealed
from nldissect.wire.packets.policy import untold_body
from nldissect.wire.secrets import holds_secrets, is_keyed_family, is_keyed_protocol

from . import catalog
from .catalog import BodyDescription, CatalogSection, Key


@cache
def body_of(message: type[Message]) -> BodyDescription:
    """Return the description of a message class."""
    kind = layer_kind(message)
    known = message not in (generic, sealed)
    return BodyDescription(
        kind.name, holds_secrets(kind), known, message is generic, name_plan(message), None, lambda: message
    )


def section_of(key: Key) -> CatalogSection:
    """Return the section of a protocol, a generic family, or every protocol."""
    if key == catalog.SEALED:
        return CatalogSection({}, False, {}, {}, unknown=body_of(sealed))
    if isinstance(key, str):
        return _family(key)
    protocol = None if key == catalog.EVERY else key
    if protocol is None:
        return CatalogSection(_described(MESSAGES[EVERY]), False, {}, {})
    ensure_protocol(protocol)
    table = MESSAGES.get(protocol, {})
    contents = {number: CONTENTS[protocol, number] for number in types_with_kernel_content(protocol)}
    return CatalogSection(
        _described(table), is_keyed_protocol(protocol), contents, _births(protocol, table),
        [DatagramBinding(body_of(one.message), *one[1:]) for one in DATAGRAMS.get(protocol, ())],
    )  # fmt: skip


def _family(name: str) -> CatalogSection:
    ensure_family(name)
    table = COMMANDS.get(name, {})
    unknown = unknown_body(name)
    common = unknown is common_body(name)
    births = _births(name, table)
    return CatalogSection(
        _described(table), is_keyed_family(name), {}, births, (), body_of(unknown), common, name in CATCH_ALL
    )  # fmt: skip


def _described(table: dict[int, list[Binding[type[Message]]]]) -> dict[int, list[Binding[BodyDescription]]]:
    return {number: [_with_body(one) for one in bindings] for number, bindings in table.items()}


def _with_body(one: Binding[type[Message]]) -> Binding[BodyDescription]:
    return Binding(one.name, body_of(one.message), one.to, one.first, one.size, one.dump, one.title)


def _births(place: int | str, table: dict[int, list[Binding[type[Message]]]]) -> dict[str, tuple[Birth, ...]]:
    """Return the signs of new objects in the types whose messages give names to interfaces."""
    named = {one.name: one.message for bindings in table.values() for one in bindings if one.message.teaches}
    found = {name: births_of(place, name, message) for name, message in named.items()}
    return {name: births for name, births in found.items() if any(one.code for one in births)}


def told_body(family: str | None, known: str, command: int, flags: int, direction: str | None) -> BodyDescription:
    """Return the body of a command without a table, whose family's policy is known to be `known`."""
    return body_of(untold_body(family, known, command, flags, direction))
