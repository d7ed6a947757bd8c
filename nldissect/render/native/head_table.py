"""Table of the heads of a capture's messages: message types, captions in lists, and where messages have names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nldissect.columns.names.timeline import INTERFACE
from nldissect.escapes import escaped
from nldissect.native import scanner
from nldissect.native.catalog import Catalog
from nldissect.native.scanner import CaptionStruct
from nldissect.wire.name_plans import NamePlan, may_teach
from nldissect.wire.protocol import NETLINK, TO_KERNEL

from ..list_columns import protocol_shown, type_shown
from .heads import DescribedType

TAUGHT = ("", INTERFACE, "nft_set")
"""Kinds of numbers with names that a scanner looks for, by number."""
CAPTIONS = 256
"""Number of heads for which there is room at first."""


class HeadTable:
    """The heads that the scanners of one capture have in common.

    catalog     describes message classes
    number_of   returns the head of a message type: a number for what is printed of it
    captions    array of CaptionStruct by head, as are `meanings`
    passes_over returns whether no headerless datagram of a type is shown, so that it need not be described
    """

    def __init__(
        self,
        catalog: Catalog,
        arrow: Callable[[str | None], str],
        text: Callable[[str], tuple[int, int]],
        number_of: Callable[[DescribedType, int, bool, bool], int],
    ) -> None:
        self.catalog, self.arrow, self.text, self.number_of = catalog, arrow, text, number_of
        self.captions: Any = (CaptionStruct * CAPTIONS)()
        self.passes_over: Callable[[DescribedType], bool] = lambda about: False
        self.meanings: dict[int, DescribedType] = {}
        self._families: dict[tuple[str | None, str | None], int] = {}
        self._known: list[tuple[str | None, str | None]] = [(None, None)]

    def number(self, about: DescribedType, flags: int, big: bool, told: bool) -> int:
        """Return the head of messages with a message type and these flags."""
        number = self.number_of(about, flags, big, told)
        if number not in self.meanings:
            self.meanings[number] = about
            while number >= len(self.captions):
                before, self.captions = self.captions, (CaptionStruct * (2 * len(self.captions)))()
                self.captions[: len(before)] = before
            self.captions[number] = self._caption(about)
        return number

    def family_number(self, name: str | None, policy: str | None) -> int:
        """Return the number of a generic family by its name and its policy, as far as known."""
        if (name, policy) not in self._families:
            self._families[name, policy] = len(self._known)
            self._known.append((name, policy))
        return self._families[name, policy]

    def family(self, number: int) -> tuple[str | None, str | None]:
        """Return the name of the generic family with a number, and its policy, as far as seen."""
        return self._known[number]

    def _caption(self, about: DescribedType) -> tuple[Any, ...]:
        protocol = protocol_shown(about.protocol) if about.protocol >= 0 else "-"
        shown = type_shown(about.called)
        unknown = about.message is None if about.protocol != NETLINK.GENERIC else about.family is None
        return (
            *self.text(escaped(about.called)), *self.text(self.arrow(about.direction)),
            *self.text(protocol), len(protocol), *self.text(shown), len(shown), unknown, *self._plan(about),
        )  # fmt: skip

    def _plan(self, about: DescribedType) -> tuple[Any, ...]:
        """Return where messages of a type have names to learn, as struct plan; empty if nowhere."""
        plan: NamePlan | None = about.message.plan if about.message is not None else None
        if plan is None or plan.what not in TAUGHT:
            return ()
        gives = may_teach(plan.what, about.direction)
        if not gives and not (about.direction == TO_KERNEL and plan.what == INTERFACE):
            return ()
        marks = scanner.IN_ATTRIBUTE if plan.number is not None else 0
        marks |= scanner.LONGER if plan.longer else 0
        marks |= scanner.NEGATIVE if plan.code.islower() else 0
        marks |= 0 if gives else scanner.ASKS
        return (
            TAUGHT.index(plan.what), plan.attributes, plan.place, _attribute(plan.number), plan.name,
            _attribute(plan.elsewhere), plan.size, {"": 0, "<": 1, ">": 2}[plan.order], marks,
        )  # fmt: skip


def _attribute(number: int | None) -> int:
    """Return the number of an attribute; for None a number that no attribute has."""
    return 0xFFFF if number is None else number
