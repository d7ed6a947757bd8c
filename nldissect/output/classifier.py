"""What a scanner asks of the tables and of the timeline of names: protocols, types, families, classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nldissect.escaping import escaped
from nldissect.index.meaning import DIRECTIONS, GENERIC, HEADER, bare_meaning, generic_meaning, typed_meaning
from nldissect.index.timeline import GENL, INTERFACE, START, NameChange, NameTimeline
from nldissect.native import scanner
from nldissect.native.catalog import Catalog, chosen_body
from nldissect.native.scanner import Caption, Frame, Item, Type
from nldissect.requests import DEL, NEW, Header
from nldissect.wire.binding import NLMSG_MIN_TYPE, verb_for
from nldissect.wire.context import POLICY
from nldissect.wire.flags import NETLINK, NLM_F_DUMP, NLM_F_NEW, TO_KERNEL, is_headed
from nldissect.wire.kernelcontent import direction_shown
from nldissect.wire.nameplans import NamePlan, is_birth, may_teach, name_given
from nldissect.wire.policywords import merged, policy_words

from .heads import Meaning
from .listcolumns import protocol_shown, type_shown

TAUGHT = ("", INTERFACE, "nft_set")
"""Kinds of numbers whose names a scanner looks for, by number."""

CAPTIONS = 256
"""For how many heads there is room at first."""


class Classifier:
    """Answers a scanner's questions, and learns what messages teach. The window at hand is `buffer`, which begins at
    `offset` of the file; the frames of its source number i are of network namespace `spaces[i]`.

    catalog     describes message classes
    number_of   gives what is printed of a meaning a number, its head
    asks        requests tell of names, too, see `NameTimeline.origin`
    news        names that changed since `begin`
    """

    def __init__(
        self,
        names: NameTimeline,
        catalog: Catalog,
        arrow: Callable[[str | None], str],
        text: Callable[[str], tuple[int, int]],
        number_of: Callable[[Meaning, int, bool, bool], int],
        asks: bool = False,
    ) -> None:
        self.names, self.catalog, self.arrow, self.text = names, catalog, arrow, text
        self.number_of, self.asks = number_of, asks
        names.trust.is_keyed_family = lambda family: catalog.section(family).keyed
        self.buffer = bytearray()
        self.offset = 0
        self.spaces: list[str] = []
        self.captions: Any = (Caption * CAPTIONS)()
        self.news: list[tuple[int, NameChange, str]] = []
        self._families: dict[tuple[str | None, str | None], int] = {}
        self._known: list[tuple[str | None, str | None]] = [(None, None)]
        self._captioned: set[int] = set()
        self.meanings: dict[int, Meaning] = {}

    def begin(self, buffer: bytearray, offset: int, spaces: list[str]) -> None:
        """Turn to the next window."""
        self.buffer, self.offset, self.spaces = buffer, offset, spaces

    def position(self, frame: Frame) -> int:
        """Return where a frame begins in the file."""
        return int(frame.at) + self.offset

    # ---- what a scanner asks ----

    def protocol(self, protocol: int) -> int:
        section = self.catalog.section(protocol)
        marks = scanner.HEADED if is_headed(protocol, section.datagrams) else 0
        marks |= scanner.DATAGRAM if section.datagrams else 0
        return marks | (scanner.KEYED_PROTOCOL if section.keyed else 0)

    def type(self, protocol: int, number: int) -> Type:
        place, rules = (protocol, number), self.catalog.rules
        is_generic = protocol == NETLINK.GENERIC and number >= NLMSG_MIN_TYPE
        bindings = self.catalog.bindings_of(protocol, number)
        verb = verb_for(bindings, protocol, number)
        if is_generic:
            bindings = []
        changes = place in rules.batches or (verb in (NEW, DEL) and place not in rules.replied)
        known = {
            scanner.BY_FIRST: any(one.first for one in bindings), scanner.BY_SIZE: any(one.size for one in bindings),
            scanner.PORT_ONLY: place in rules.port_only,
            scanner.REPEATED: place in rules.repeated, scanner.RETURNED: (protocol, None) in rules.returned,
            scanner.LISTED: place in rules.listed, scanner.CHANGES: changes,
            scanner.CONTENT: number in self.catalog.section(protocol).contents,
        }  # fmt: skip
        marks = sum(mark for mark, holds in known.items() if holds)
        return Type(rules.about(*place) & 0xFFFFFFFF, rules.rewritten.get(place, 0), marks, verb)

    def family(self, number: int, frame: Frame) -> tuple[int, bool]:
        at = self.position(frame)
        name, policy = self.names.name(GENL, number, at), self.names.name(POLICY, number, at)
        if (name, policy) not in self._families:
            self._families[name, policy] = len(self._known)
            self._known.append((name, policy))
        return self._families[name, policy], (NETLINK.GENERIC, name) in self.catalog.rules.returned

    def content(self, item: Item, frame: Frame) -> int:
        header = Header(
            frame.protocol, item.length, item.type, item.flags, item.seq,
            item.pid,
        )  # fmt: skip
        start, end = self._span(item)
        content = self.catalog.section(frame.protocol).contents.get(item.type)
        return DIRECTIONS.index(direction_shown(content, header, self.buffer, start, end, order_of(frame)))

    def head(self, item: Item, frame: Frame, family: int) -> int:
        about = self._meaning(item, frame, family)
        told = bool(item.marks & scanner.TOLD)
        number = self.number_of(about, item.flags, bool(frame.big), told)
        if number not in self._captioned:
            self._captioned.add(number)
            self.meanings[number] = about
            while number >= len(self.captions):
                before, self.captions = self.captions, (Caption * (2 * len(self.captions)))()
                self.captions[: len(before)] = before
            self.captions[number] = self._caption(about)
        return number

    def learn_family(self, item: Item, frame: Frame) -> bool:
        seq, pid = item.seq, item.pid
        if DIRECTIONS[item.direction] == TO_KERNEL:
            self.names.trust.observe_request(seq)
            return False
        at, order = self.position(frame), order_of(frame)
        start, end = self._span(item)
        start += HEADER
        bindings = self.catalog.commands_of("nlctrl", self.buffer[start]) if end - start >= GENERIC else []
        if not bindings or (plan := bindings[0].message.plan) is None:
            return False
        body = bytes(self.buffer[start + GENERIC : end])
        given = name_given(plan, body, 0, len(body), order)
        news = False
        if given is not None and given.number > 0 and given.name is not None:
            before = self.names.name(GENL, given.number, at) if self.names.lends else None
            known = self.names.known(GENL, given.number, at)
            name = self.names.trust.name(given.number, given.name, known, seq, pid)
            if name is not None and self.names.learn(GENL, given.number, name, at):
                self.news.append((at, NameChange(0, GENL, given.number, name), ""))
                news = True
            if self.names.lends:
                news |= self.names.name(GENL, given.number, at) != before
        words = policy_words(body, order)
        if words is not None:
            known = merged(self.names.known(POLICY, words[0], at), words[1])
            news |= self.names.learn(POLICY, words[0], known, at)
        return news

    def learn_name(self, item: Item, frame: Frame) -> None:
        about, order = self.meanings[item.head], order_of(frame)
        assert about.message is not None
        plan = about.message.plan
        start, end = self._span(item)
        body = bytes(self.buffer[start + about.skip : end])
        given = name_given(plan, body, 0, len(body), order) if plan is not None else None
        if plan is None or given is None:
            return
        at, space = self.position(frame), self.spaces[frame.source]
        if not may_teach(plan.what, about.direction):
            makes = bool(item.flags & NLM_F_NEW.CREATE)
            self.names.observe_request(at, space, given.number, given.name, makes)
            return
        if given.name is None or given.number <= 0 or given.elsewhere:
            return
        since = START
        if self.names.lends and plan.what == INTERFACE:
            place = about.protocol if about.family is None else about.family
            type_name = about.type_name if about.family is None else about.command_name
            new = is_birth(self.catalog.births(place, type_name), body, 0, order)
            since = self.names.origin(space, given.number, given.name, new)
        if self.names.learn(plan.what, given.number, given.name, at, space, since):
            self.news.append((at, NameChange(0, plan.what, given.number, given.name), space))

    def _span(self, item: Item) -> tuple[int, int]:
        start = item.at
        return start, start + item.captured

    def _meaning(self, item: Item, frame: Frame, family: int) -> Meaning:
        direction, number, protocol = DIRECTIONS[item.direction], item.type, frame.protocol
        start, end = self._span(item)
        if item.marks & scanner.BARE:
            if not item.place:
                return Meaning(protocol, 0, "", None, None, skip=0)
            return bare_meaning(self.catalog, protocol, direction, bytes(self.buffer[start:end]))
        start += HEADER
        flags = item.flags
        if protocol != NETLINK.GENERIC or number < NLMSG_MIN_TYPE:
            first = self.buffer[start] if start < end else None
            dump = flags & NLM_F_DUMP == NLM_F_DUMP
            return typed_meaning(self.catalog, protocol, number, direction, first, item.length - HEADER, dump)
        name, policy = self._known[family]
        command = self.buffer[start] if start + GENERIC <= end else None
        about = generic_meaning(self.catalog, number, direction, command, name)
        untyped = about.message is not None and about.message.untyped
        if untyped and policy is not None and command is not None:
            return about._replace(message=chosen_body(name, policy, command, flags, direction))
        return about

    def _caption(self, about: Meaning) -> tuple[Any, ...]:
        protocol = protocol_shown(about.protocol) if about.protocol >= 0 else "-"
        shown = type_shown(about.called)
        unknown = about.message is None if about.protocol != NETLINK.GENERIC else about.family is None
        return (
            *self.text(escaped(about.called)), *self.text(self.arrow(about.direction)),
            *self.text(protocol), len(protocol), *self.text(shown), len(shown), unknown, *self._plan(about),
        )  # fmt: skip

    def _plan(self, about: Meaning) -> tuple[Any, ...]:
        """Where messages of a meaning have what they teach, as struct plan."""
        plan: NamePlan | None = about.message.plan if about.message is not None else None
        if plan is None or plan.what not in TAUGHT:
            return ()
        asks = self.asks and about.direction == TO_KERNEL and plan.what == INTERFACE
        if not asks and not may_teach(plan.what, about.direction):
            return ()
        return (
            TAUGHT.index(plan.what), plan.attributes, plan.place, plan.number or 0, plan.name,
            plan.size if plan.number is None else 0, {"": 0, "<": 1, ">": 2}[plan.order],
        )  # fmt: skip


def order_of(frame: Frame) -> str:
    """Return the byte order of a frame as a struct code."""
    return ">" if frame.big else "<"
