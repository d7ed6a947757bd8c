"""Constants: names of numbers, and the messages in which a name has its meaning.

`RTM_NEWADDR` is 20 in NETLINK_ROUTE only, a command belongs to its family and direction, NLM_F_CREATE to requests that
make something. Other names belong to the enumeration of their field and bring nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import NamedTuple

from nldissect.columns.fields.message_facts import MessageFacts
from nldissect.uapi import NLM_F_DUMP
from nldissect.wire.binding import direction_fits
from nldissect.wire.enums import Enum, Flags
from nldissect.wire.errno import ERRNO, Errno
from nldissect.wire.kind import Kind
from nldissect.wire.numbers import U16
from nldissect.wire.protocol import NLM_F, NLM_F_ACK, NLM_F_DEL, NLM_F_GET, NLM_F_NEW, flags_of

from .value_types import single


class Applicability(NamedTuple):
    """The messages of which a constant speaks; None: any.

    to      where they go, as a binding says it
    verbs   the sets of flag names it is in, by the message's verb
    """

    protocol: int | None = None
    family: str | None = None
    to: str | None = None
    verbs: tuple[type[Flags], ...] | None = None

    def fits(self, facts: MessageFacts) -> bool:
        """Return whether a message is one of them; in doubt about the direction it is."""
        if self.protocol is not None and facts.protocol != self.protocol:
            return False
        if self.family is not None and facts.family != self.family:
            return False
        if not direction_fits(self.to, facts.direction):
            return False
        return self.verbs is None or flags_of(facts.name, facts.flags, facts.number) in self.verbs


ANY = Applicability()


class Constant(NamedTuple):
    """One meaning of a name."""

    name: str
    number: int
    only: Applicability = ANY


class Spelt(U16):
    """A field of netlink's headers whose names were looked up elsewhere.

    constants   gives what a name means, in lower case
    bits        the names are those of bits
    letter      of struct, for its size
    """

    def __init__(self, constants: Callable[[str], list[Constant]], bits: bool = False, letter: str = "H") -> None:
        super().__init__(None)
        self.constants, self.bits, self.letter = constants, bits, letter  # type: ignore[misc]


def has_names(kind: Kind) -> bool:
    """Return whether the values of a kind have names."""
    headers = _headers()
    named = isinstance(kind, Spelt) or (headers is not None and headers.is_named(kind))
    return named or enum_of(kind) is not None


def has_bits(kind: Kind) -> bool:
    """Return whether the names of a kind are those of single bits."""
    headers, names = _headers(), enum_of(kind)
    if isinstance(kind, Spelt):
        return kind.bits
    return (headers is not None and kind is headers.FLAGS) or (names is not None and issubclass(names, Flags))


def enum_of(kind: Kind) -> type[Enum] | None:
    """Return the enumeration of a kind, or of the elements of an array."""
    kind = single(kind)
    names: type[Enum] | None = ERRNO if isinstance(kind, Errno) else getattr(kind, "names", None)
    return names


def constants(kind: Kind, name: str) -> list[Constant]:
    """Return what a full or short name, in any case, means in a kind; empty if it is no constant of that kind."""
    wanted, headers = name.lower(), _headers()
    if isinstance(kind, Spelt):
        return kind.constants(wanted)
    own: list[Constant] | None = None if headers is None else headers.constants(kind, wanted)
    if own is not None:
        return own
    names = enum_of(kind)
    found = by_name(names).get(wanted) if names is not None else None
    if found is None:
        return []
    return [Constant(found[0], -found[1] if isinstance(kind, Errno) else found[1])]


def spellings(kind: Kind) -> Iterable[str]:
    """Return all full names of a kind's values."""
    headers = _headers()
    found: Iterable[str] | None = None if headers is None else headers.spellings(kind)
    if found is not None:
        return found
    names = enum_of(kind)
    return names.numbers if names is not None else ()


def _headers() -> ModuleType | None:
    """Return the module with the names of nlmsghdr's and genlmsghdr's fields.

    None where nothing has imported these: no kind is one of them.
    """
    if "nldissect.wire.packets.nlmsghdr" not in sys.modules:
        return None
    from . import header_kinds

    return header_kinds


_by_name: dict[type[Enum], dict[str, tuple[str, int]]] = {}


def by_name(names: type[Enum]) -> dict[str, tuple[str, int]]:
    """Return full and short names in lower case; a short name of two numbers is none."""
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


def flags() -> dict[str, list[Constant]]:
    """Return the flags of nlmsghdr: most of the upper ones belong to a verb."""
    if not _known_flags:
        verbs = (NLM_F, NLM_F_GET, NLM_F_NEW, NLM_F_DEL, NLM_F_ACK)
        where: dict[tuple[str, int], list[type[Flags]]] = {("NLM_F_DUMP", NLM_F_DUMP): [NLM_F_GET]}
        for one in verbs:
            for name, number in one.numbers.items():
                where.setdefault((name, number), []).append(one)
        for (name, number), those in where.items():
            only = ANY if len(those) == len(verbs) else Applicability(verbs=tuple(those))
            for spelt in (name.lower(), name.lower().removeprefix("nlm_f_")):
                _known_flags.setdefault(spelt, []).append(Constant(name, number, only))
    return _known_flags


_known_flags: dict[str, list[Constant]] = {}
