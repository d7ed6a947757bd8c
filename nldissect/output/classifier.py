"""What a scanner asks of the tables and of the timeline of names: protocols, types, families, classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nldissect.escaping import escaped
from nldissect.families.answering import RULES
from nldissect.index.meaning import DIRECTIONS, Meaning, bare_meaning, generic_meaning, typed_meaning
from nldissect.index.timeline import GENL, INTERFACE, START, NameChange, NameTimeline
from nldissect.native import scanner
from nldissect.native.scanner import Caption, Frame, Item, Type
from nldissect.requests import DEL, NEW, Header
from nldissect.wire import NETLINK, genlmsghdr
from nldissect.wire.bindings import DATAGRAMS, NLMSG_MIN_TYPE, bindings_of, commands_of, ensure_protocol, verb_of
from nldissect.wire.context import POLICY
from nldissect.wire.flags import NLM_F_DUMP, NLM_F_NEW, TO_KERNEL
from nldissect.wire.frame import HEADER, may_have_header
from nldissect.wire.kernelcontent import direction_by_content, types_with_kernel_content
from nldissect.wire.learning import NamePlan, is_new, name_given, name_plan
from nldissect.wire.message import generic, may_teach
from nldissect.wire.policy import merged, untold_body
from nldissect.wire.secrets import is_keyed_protocol

from .line import protocol_shown, type_shown

TAUGHT = ("", INTERFACE, "nft_set")
"""Kinds of numbers whose names a scanner looks for, by number."""

CAPTIONS = 256
"""For how many heads there is room at first."""


class Classifier:
    """Answers a scanner's questions, and learns what messages teach. The window at hand is `buffer`, which begins at
    `offset` of the file; the frames of its source number i are of network namespace `spaces[i]`.

    number_of   gives what is printed of a meaning a number, its head
    asks        requests tell of names, too, see `NameTimeline.origin`
    news        names that changed since `begin`
    """

    def __init__(
        self,
        names: NameTimeline,
        arrow: Callable[[str | None], str],
        text: Callable[[str], tuple[int, int]],
        number_of: Callable[[Meaning, int, bool, bool], int],
        asks: bool = False,
    ) -> None:
        self.names, self.arrow, self.text, self.number_of, self.asks = names, arrow, text, number_of, asks
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
        ensure_protocol(protocol)
        marks = scanner.HEADED if may_have_header(protocol) else 0
        marks |= scanner.DATAGRAM if protocol in DATAGRAMS else 0
        return marks | (scanner.KEYED_PROTOCOL if is_keyed_protocol(protocol) else 0)

    def type(self, protocol: int, number: int) -> Type:
        place, verb = (protocol, number), verb_of(protocol, number)
        is_generic = protocol == NETLINK.GENERIC and number >= NLMSG_MIN_TYPE
        bindings = [] if is_generic else bindings_of(protocol, number)
        changes = place in RULES.batches or (verb in (NEW, DEL) and place not in RULES.replied)
        known = {
            scanner.BY_FIRST: any(one.first for one in bindings), scanner.BY_SIZE: any(one.size for one in bindings),
            scanner.PORT_ONLY: place in RULES.port_only,
            scanner.REPEATED: place in RULES.repeated, scanner.RETURNED: (protocol, None) in RULES.returned,
            scanner.LISTED: place in RULES.listed, scanner.CHANGES: changes,
            scanner.CONTENT: number in types_with_kernel_content(protocol),
        }  # fmt: skip
        marks = sum(mark for mark, holds in known.items() if holds)
        return Type(RULES.about(*place) & 0xFFFFFFFF, RULES.rewritten.get(place, 0), marks, verb)

    def family(self, number: int, frame: Frame) -> tuple[int, bool]:
        at = self.position(frame)
        name, policy = self.names.name(GENL, number, at), self.names.name(POLICY, number, at)
        if (name, policy) not in self._families:
            self._families[name, policy] = len(self._known)
            self._known.append((name, policy))
        return self._families[name, policy], (NETLINK.GENERIC, name) in RULES.returned

    def content(self, item: Item, frame: Frame) -> int:
        header = Header(
            frame.protocol, item.length, item.type, item.flags, item.seq,
            item.pid,
        )  # fmt: skip
        start, end = self._span(item)
        return DIRECTIONS.index(direction_by_content(header, self.buffer, start, end, order_of(frame)))

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
            self.captions[number] = self._caption(about, order_of(frame))
        return number

    def learn_family(self, item: Item, frame: Frame) -> None:
        seq, pid = item.seq, item.pid
        if DIRECTIONS[item.direction] == TO_KERNEL:
            self.names.trust.observe_request(seq)
            return
        at, order = self.position(frame), order_of(frame)
        start, end = self._span(item)
        start += HEADER
        bindings = commands_of("nlctrl", self.buffer[start]) if end - start >= genlmsghdr.size_of else []
        if not bindings or (plan := name_plan(bindings[0].message, order)) is None:
            return
        body = bytes(self.buffer[start + genlmsghdr.size_of : end])
        given = name_given(plan, body, 0, len(body), order)
        if given is not None and given.number > 0 and given.name is not None:
            known = self.names.known(GENL, given.number, at)
            name = self.names.trust.name(given.number, given.name, known, seq, pid)
            if name is not None and self.names.learn(GENL, given.number, name, at):
                self.news.append((at, NameChange(0, GENL, given.number, name), ""))
        words = bindings[0].message.tell_policy(body, order)
        if words is not None:
            self.names.learn(POLICY, words[0], merged(self.names.known(POLICY, words[0], at), words[1]), at)

    def learn_name(self, item: Item, frame: Frame) -> None:
        about, order = self.meanings[item.head], order_of(frame)
        assert about.message is not None
        plan = name_plan(about.message, order)
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
            new = is_new(place, type_name, about.message, body, 0, order)
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
            return bare_meaning(protocol, direction, bytes(self.buffer[start:end]))
        start += HEADER
        flags = item.flags
        if protocol != NETLINK.GENERIC or number < NLMSG_MIN_TYPE:
            first = self.buffer[start] if start < end else None
            dump = flags & NLM_F_DUMP == NLM_F_DUMP
            return typed_meaning(protocol, number, direction, first, item.length - HEADER, dump)
        name, policy = self._known[family]
        command = self.buffer[start] if start + genlmsghdr.size_of <= end else None
        about = generic_meaning(number, direction, command, name)
        if about.message is generic and policy is not None and command is not None:
            return about._replace(message=untold_body(name, policy, command, flags, direction))
        return about

    def _caption(self, about: Meaning, order: str) -> tuple[Any, ...]:
        protocol = protocol_shown(about.protocol) if about.protocol >= 0 else "-"
        shown = type_shown(about.called)
        unknown = about.message is None if about.protocol != NETLINK.GENERIC else about.family is None
        return (
            *self.text(escaped(about.called)), *self.text(self.arrow(about.direction)),
            *self.text(protocol), len(protocol), *self.text(shown), len(shown), unknown, *self._plan(about, order),
        )  # fmt: skip

    def _plan(self, about: Meaning, order: str) -> tuple[Any, ...]:
        """Where messages of a meaning have what they teach, as struct plan."""
        plan: NamePlan | None = name_plan(about.message, order) if about.message is not None else None
        if plan is None or plan.what not in TAUGHT:
            return ()
        asks = self.asks and about.direction == TO_KERNEL and plan.what == INTERFACE
        if not asks and not may_teach(plan.what, about.direction):
            return ()
        fixed = {None: 0, "<": 1, ">": 2}[plan.number.fixed_order]  # type: ignore[attr-defined]
        size = 0 if plan.place is None else plan.number.size
        return (
            TAUGHT.index(plan.what), plan.attributes, plan.place or 0, plan.number.number or 0, plan.name.number, size,
            fixed,
        )  # fmt: skip


def order_of(frame: Frame) -> str:
    """Return the byte order of a frame as a struct code."""
    return ">" if frame.big else "<"
