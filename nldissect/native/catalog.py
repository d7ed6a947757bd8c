"""The catalog: facts of the tables about protocols, types, commands and message classes, as plain data.

They suffice to find the type of a message, and to have the core print it, without importing Scapy or a family.

A program file (program_file.py) brings the sections of all protocols and families that have tables here. Where there is
none, and for what none of them describes, catalog_sections.py makes sections of the tables themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from nldissect.request_tracker import AnswerRules
from nldissect.uapi import NLMSG_MIN_TYPE
from nldissect.wire.binding import Binding, DatagramBinding
from nldissect.wire.family_trust import is_former, may_carry
from nldissect.wire.kernel_content import KernelContent
from nldissect.wire.name_plans import Birth, NamePlan
from nldissect.wire.policy_words import untold_text
from nldissect.wire.table_providers import GROUP

if TYPE_CHECKING:
    from nldissect.wire.packets.message import Message

    from .program import Program

EVERY = 1 << 16
"""Key of the section for all protocols; the numbers of protocols have 16 bits, and a family may have any name."""
SEALED = EVERY + 1
"""Key of the section for generic families that carry keys and have no table."""
Key = int | str
"""A protocol's number, a generic family's name, EVERY or SEALED."""


def section_name(key: Key) -> str:
    """Return the name of a key's section in a program file."""
    return str(key) if isinstance(key, int) else f"family {key}"


class BodyDescription:
    """The description of a message class.

    name      of its layer
    keyed     it has rows for keys
    known     its fields have a table; false for messages whose attributes are only numbered
    untyped   it is the class of unknown families: attributes by number, whose values are shown
    plan      offsets of the names that its messages give to numbers
    layer     row and template in the program of a file; None: the class is flattened on first use
    find      returns the class
    """

    __slots__ = ("find", "keyed", "known", "layer", "name", "plan", "untyped")

    def __init__(
        self, name: str, keyed: bool, known: bool, untyped: bool, plan: NamePlan | None,
        layer: tuple[int, int] | None, find: Callable[[], type[Message]],
    ) -> None:  # fmt: skip
        self.name, self.keyed, self.known, self.untyped = name, keyed, known, untyped
        self.plan, self.layer, self.find = plan, layer, find

    @property
    def message(self) -> type[Message]:
        """The class itself; importing the tables that have it."""
        return self.find()

    def layer_in(self, program: Program) -> tuple[int, int]:
        """Return row and template of the class in a program."""
        return program.add(self.message) if self.layer is None else self.layer


BodyBindings = list[Binding[BodyDescription]]


class CatalogSection:
    """The facts of the tables about one protocol or generic family.

    bindings    by type or command
    keyed       its messages can carry keys
    contents    by type: the content that shows that the kernel wrote a message
    births      by name of a type or command: the signs in a message that its object was just made
    datagrams   bodies of its datagrams, if these have no nlmsghdr; the first that fits holds
    unknown     of a family: the body of commands without a table; `common` if it is the body of all other families
    rest        of a family: its commands have no numbers of their own (wire/packets/bindings.py: bind_rest)
    """

    def __init__(
        self,
        bindings: Mapping[int, BodyBindings],
        keyed: bool,
        contents: Mapping[int, KernelContent],
        births: Mapping[str, tuple[Birth, ...]],
        datagrams: Sequence[DatagramBinding[BodyDescription]] = (),
        unknown: BodyDescription | None = None,
        common: bool = False,
        rest: bool = False,
    ) -> None:
        self.bindings, self.keyed, self.contents, self.births = bindings, keyed, contents, births
        self.datagrams, self.unknown, self.common, self.rest = datagrams, unknown, common, rest


class Catalog:
    """The sections in use. `rules` are those of the request tracker.

    sections   returns the section of a key from a program file, None if the file has none
    """

    def __init__(
        self, rules: AnswerRules | None = None, sections: Callable[[Key], CatalogSection | None] | None = None
    ) -> None:
        self._rules, self._from_file = rules, sections
        self._sections: dict[Key, CatalogSection] = {}

    @property
    def rules(self) -> AnswerRules:
        """Rules by which the kernel answers where a protocol has its own way."""
        if self._rules is None:
            from nldissect.families.answer_rules import RULES

            self._rules = RULES
        return self._rules

    def section(self, key: Key) -> CatalogSection:
        """Return the section of a protocol, a family or every protocol."""
        found = self._sections.get(key)
        if found is None:
            found = self._sections[key] = self._made(key)
        return found

    def _made(self, key: Key) -> CatalogSection:
        if isinstance(key, str) and is_former(key):
            return CatalogSection({}, True, {}, {}, unknown=self.sealed)
        found = self._from_file(key) if self._from_file is not None else None
        if found is not None:
            return found
        if self._from_file is not None and isinstance(key, int) and key < EVERY and not _are_brought():
            return CatalogSection({}, False, {}, {})
        from .catalog_sections import section_of

        return section_of(key)

    @property
    def sealed(self) -> BodyDescription:
        """Body of a family that carries keys and has no table."""
        found = self.section(SEALED).unknown
        assert found is not None
        return found

    # ---- BindingTables of columns/blocks/message_type.py ----

    def bindings_of(self, protocol: int | None, number: int) -> BodyBindings:
        """Return the possible bindings of a message type, best conditions first."""
        own = self.section(protocol).bindings.get(number, []) if protocol is not None else []
        return own or self.section(EVERY).bindings.get(number, []) if number < NLMSG_MIN_TYPE else own

    def commands_of(self, family: str, number: int) -> BodyBindings:
        """Return the possible bindings of a generic family's command."""
        return self.section(family).bindings.get(number, [])

    def unknown_body(self, family: str | None) -> BodyDescription:
        """Return the body of a generic message that no table describes."""
        found = self.section("" if family is None else family).unknown
        assert found is not None
        return found

    def datagram_of(self, protocol: int, body: bytes) -> BodyDescription | None:
        """Return the body of a datagram without nlmsghdr; None if none fits."""
        return next((one.message for one in self.section(protocol).datagrams if one.opens(body)), None)

    def layer_name(self, message: BodyDescription) -> str:
        """Return the name of a message's layer."""
        return message.name

    # ---- further facts about a message ----

    def may_carry_keys(self, protocol: int, number: int, family: str | None, body: BodyDescription | None) -> bool:
        """Return whether a message can carry keys, where it is damaged too (see wire/secrets.py)."""
        keyed, known = (None, False) if body is None else (body.keyed, body.known)
        return may_carry(
            number < NLMSG_MIN_TYPE, family, keyed, known,
            lambda one: self.section(one).keyed, lambda: self.section(protocol).keyed,
        )  # fmt: skip

    def untold(self, family: str | None, number: int, command: int, body: BodyDescription) -> str:
        """Return the note on a command without a table (wire/packets/policy.py: untold_words); "" if it needs none."""
        section = self.section("" if family is None else family)
        if section.rest:
            return ""
        return untold_text(family, number, command, section.common and body is section.unknown)

    def births(self, key: Key, type_name: str | None) -> tuple[Birth, ...]:
        """Return the signs in messages of a type or command that their object was just made."""
        return self.section(key).births.get(type_name or "", ())


@cache
def _are_brought() -> bool:
    """Return whether other packages bring tables, which may be those of a protocol that has none here."""
    from importlib.metadata import entry_points

    return bool(entry_points(group=GROUP))


def chosen_body(family: str | None, known: str, command: int, flags: int, direction: str | None) -> BodyDescription:
    """Return the body of a command without a table, whose family's policy is known to be `known`."""
    from .catalog_sections import told_body

    return told_body(family, known, command, flags, direction)


def plan_of(values: Any) -> NamePlan | None:
    """Return a plan from the list that JSON has for it; None for None."""
    return None if values is None else NamePlan(*values)
