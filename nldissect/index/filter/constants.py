"""Constants: names of numbers, and the place a name brings with it.

`RTM_NEWADDR` is 20 in NETLINK_ROUTE only, a command belongs to its family and direction, NLM_F_CREATE to requests that
make something. Other names belong to the enumeration of their field and bring nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from nldissect.wire import NETLINK, Enum, Errno, Flags, Kind, Walked, genlmsghdr, nlmsghdr
from nldissect.wire.binding import goes
from nldissect.wire.bindings import COMMANDS, EVERY, MESSAGES, ensure_family, ensure_protocol
from nldissect.wire.errno import ERRNO
from nldissect.wire.flags import (
    NLM_F,
    NLM_F_ACK,
    NLM_F_DEL,
    NLM_F_DUMP,
    NLM_F_GET,
    NLM_F_NEW,
    flags_of,
)

from .sorts import single

TYPE, FLAGS = (one.kind for one in nlmsghdr.fields_desc[1:3])
COMMAND: Kind = genlmsghdr.fields_desc[0].kind


class About(NamedTuple):
    """What a message is, as far as constants ask: `name` is that of its command or else of its type."""

    protocol: int
    number: int
    flags: int
    direction: str | None
    family: str | None
    name: str | None


class Only(NamedTuple):
    """Which messages a constant speaks of; None for any.

    to      where they go, as a binding says it
    verbs   the sets of flag names it is in, by the message's verb
    """

    protocol: int | None = None
    family: str | None = None
    to: str | None = None
    verbs: tuple[type[Flags], ...] | None = None

    def fits(self, about: About) -> bool:
        """Whether a message is one of them; in doubt about the direction it is."""
        if self.protocol is not None and about.protocol != self.protocol:
            return False
        if self.family is not None and about.family != self.family:
            return False
        if not goes(self.to, about.direction):
            return False
        return self.verbs is None or flags_of(about.name, about.flags, about.number) in self.verbs


ANY = Only()


class Constant(NamedTuple):
    """One meaning of a name."""

    name: str
    number: int
    only: Only = ANY


def about(walked: Walked) -> About:
    """What constants ask of a message."""
    name = walked.type_name
    if walked.layers and walked.layers[0].kind.name == genlmsghdr.__name__ and walked.layers[0].value:
        command = walked.layers[0].value[0]
        name = command.kind.shown(command.value)
    return About(walked.protocol, walked.number, walked.flags, walked.direction, walked.family, name)


def has_names(kind: Kind) -> bool:
    """Whether the values of a kind have names."""
    return kind in (TYPE, FLAGS, COMMAND) or enum_of(kind) is not None


def has_bits(kind: Kind) -> bool:
    """Whether the names of a kind are those of single bits."""
    names = enum_of(kind)
    return kind is FLAGS or (names is not None and issubclass(names, Flags))


def enum_of(kind: Kind) -> type[Enum] | None:
    """The enumeration of a kind, or of the elements of an array."""
    kind = single(kind)
    names: type[Enum] | None = ERRNO if isinstance(kind, Errno) else getattr(kind, "names", None)
    return names


def constants(kind: Kind, name: str) -> list[Constant]:
    """What a full or short name means there, in any case; none if it is no constant of that kind."""
    wanted = name.lower()
    if kind is TYPE:
        return _types(wanted)
    if kind is COMMAND:
        return _commands(wanted)
    if kind is FLAGS:
        return _flags().get(wanted, [])
    names = enum_of(kind)
    found = by_name(names).get(wanted) if names is not None else None
    if found is None:
        return []
    return [Constant(found[0], -found[1] if isinstance(kind, Errno) else found[1])]


def spellings(kind: Kind) -> Iterable[str]:
    """All full names of a kind's values."""
    if kind is TYPE:
        ensure_protocol(EVERY)
        return [one.name for one in _all_types()]
    if kind is COMMAND:
        ensure_protocol(EVERY)
        return [one.name for one in _all_commands()]
    if kind is FLAGS:
        return {constant.name for found in _flags().values() for constant in found}
    names = enum_of(kind)
    return names.numbers if names is not None else ()


_by_name: dict[type[Enum], dict[str, tuple[str, int]]] = {}


def by_name(names: type[Enum]) -> dict[str, tuple[str, int]]:
    """Full and short names in lower case; a short name of two numbers is none."""
    if names not in _by_name:
        _by_name[names] = _read_names(names)
    return _by_name[names]


def _read_names(names: type[Enum]) -> dict[str, tuple[str, int]]:
    found = {name.lower(): (name, number) for name, number in names.numbers.items()}
    short: dict[str, set[tuple[str, int]]] = {}
    for name, number in names.numbers.items():
        short.setdefault(names.short(name).lower(), set()).add((name, number))
    for name, meant in short.items():
        if len({number for _, number in meant}) == 1:
            found.setdefault(name, min(meant))
    return found


def _flags() -> dict[str, list[Constant]]:
    """Flags of nlmsghdr: most of the upper ones belong to a verb."""
    if not _known_flags:
        verbs = (NLM_F, NLM_F_GET, NLM_F_NEW, NLM_F_DEL, NLM_F_ACK)
        where: dict[tuple[str, int], list[type[Flags]]] = {("NLM_F_DUMP", NLM_F_DUMP): [NLM_F_GET]}
        for one in verbs:
            for name, number in one.numbers.items():
                where.setdefault((name, number), []).append(one)
        for (name, number), those in where.items():
            only = ANY if len(those) == len(verbs) else Only(verbs=tuple(those))
            for spelt in (name.lower(), name.lower().removeprefix("nlm_f_")):
                _known_flags.setdefault(spelt, []).append(Constant(name, number, only))
    return _known_flags


_known_flags: dict[str, list[Constant]] = {}


def _all_types() -> Iterator[Constant]:
    for protocol, table in MESSAGES.items():
        for number, bindings in table.items():
            for name in {one.name for one in bindings}:
                yield Constant(name, number, Only(protocol))


def _all_commands() -> Iterator[Constant]:
    for family, table in COMMANDS.items():
        for number, bindings in table.items():
            for name, to in {(one.name, one.to) for one in bindings}:
                yield Constant(name, number, Only(NETLINK.GENERIC, family, to))


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
    """The constants whose name ends so, if all of them bear one name; one prefix is nearer than two."""
    found = [one for one in known if one.name.lower().endswith(f"_{wanted}")]
    least = min((one.name.count("_") for one in found), default=0)
    found = [one for one in found if one.name.count("_") == least]
    return found if len({one.name for one in found}) == 1 else []
