"""Names of types, commands and flags: constants of nlmsghdr and genlmsghdr, each for certain messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nldissect.columns.fields.header_fields import COMMAND, FLAGS, TYPE
from nldissect.wire import NETLINK, Kind
from nldissect.wire.packets.bindings import COMMANDS, EVERY, MESSAGES, ensure_family, ensure_protocol

from .constants import Applicability, Constant, flags


def is_named(kind: Kind) -> bool:
    """Return whether a kind is one of these fields."""
    return kind in (TYPE, FLAGS, COMMAND)


def constants(kind: Kind, wanted: str) -> list[Constant] | None:
    """Return what a name in lower case means there; None of any other kind."""
    if kind is TYPE:
        return _types(wanted)
    if kind is COMMAND:
        return _commands(wanted)
    return flags().get(wanted, []) if kind is FLAGS else None


def spellings(kind: Kind) -> Iterable[str] | None:
    """Return all full names of their values; None of any other kind."""
    if kind is FLAGS:
        return {constant.name for found in flags().values() for constant in found}
    if kind not in (TYPE, COMMAND):
        return None
    ensure_protocol(EVERY)
    return [one.name for one in (_all_types() if kind is TYPE else _all_commands())]


def _all_types() -> Iterator[Constant]:
    for protocol, table in MESSAGES.items():
        for number, bindings in table.items():
            for name in {one.name for one in bindings}:
                yield Constant(name, number, Applicability(protocol))


def _all_commands() -> Iterator[Constant]:
    for family, table in COMMANDS.items():
        for number, bindings in table.items():
            for name, to in {(one.name, one.to) for one in bindings}:
                yield Constant(name, number, Applicability(NETLINK.GENERIC, family, to))


LIKELY = {"RTM": "ROUTE", "NLMSG": "ROUTE", "XFRM": "XFRM", "SOCK": "SOCK_DIAG", "GENL": "GENERIC"}
"""Where to look first for a type by how its name begins; a name that is not there is looked for everywhere."""


def _types(wanted: str) -> list[Constant]:
    protocol = LIKELY.get(wanted.partition("_")[0].upper(), "NETFILTER")
    ensure_protocol(getattr(NETLINK, protocol))
    found = [one for one in _all_types() if one.name.lower() == wanted]
    if not found:
        ensure_protocol(EVERY)
        found = [one for one in _all_types() if one.name.lower() == wanted] or _short(wanted, _all_types())
    return found


def _commands(wanted: str) -> list[Constant]:
    ensure_family(wanted.partition("_")[0])
    found = [one for one in _all_commands() if one.name.lower() == wanted]
    if not found:
        ensure_protocol(EVERY)
        found = [one for one in _all_commands() if one.name.lower() == wanted] or _short(wanted, _all_commands())
    return found


def _short(wanted: str, known: Iterable[Constant]) -> list[Constant]:
    """Return the constants whose name ends so, if all of them bear one name; one prefix is nearer than two."""
    found = [one for one in known if one.name.lower().endswith(f"_{wanted}")]
    least = min((one.name.count("_") for one in found), default=0)
    found = [one for one in found if one.name.count("_") == least]
    return found if len({one.name for one in found}) == 1 else []
