"""Answers to a scanner's questions, from the tables and the names timeline: protocols, types, families, classes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from nldissect.columns.blocks.message_type import DIRECTIONS, bare_meaning, generic_meaning, typed_meaning
from nldissect.columns.names.timeline import GENL, INTERFACE, START, NameChange, NameTimeline
from nldissect.native import scanner
from nldissect.native.catalog import chosen_body
from nldissect.native.scanner import ELSEWHERE, NAME_GIVEN, FrameStruct, ItemStruct, Told, TypeStruct
from nldissect.request_tracker import DEL, NEW, RequestHeader
from nldissect.uapi import GENL_HDRLEN, NLM_F_DUMP, NLMSG_HDRLEN, NLMSG_MIN_TYPE
from nldissect.wire.binding import verb_for
from nldissect.wire.context import POLICY, SHARED
from nldissect.wire.kernel_content import direction_shown
from nldissect.wire.name_plans import Birth, NameGiven, NamePlan, is_birth, may_teach, name_given
from nldissect.wire.policy_words import format_policy, merged
from nldissect.wire.protocol import NETLINK, NLM_F_NEW, TO_KERNEL, is_headed
from nldissect.wire.text import decode_text

from .head_table import HeadTable
from .heads import DescribedType

CREATE = int(NLM_F_NEW.CREATE)
Teaching = tuple[str, bool, tuple[Birth, ...], int]
"""Naming by messages with a head: the kind of the numbers that they name, whether they give names or ask for them, the
signs that an object was just made, and the offset of the body."""


class Classifier:
    """Answers for the scanners of a capture; it learns names from messages.

    buffer  the current window, which begins at `offset` of the file
    spaces  network namespace of each source, by the source's number
    heads   what scanners of this capture have in common
    news    names that were learned: offset in the file from which they hold, name, network namespace
    """

    def __init__(self, names: NameTimeline, heads: HeadTable) -> None:
        self.names, self.heads = names, heads
        self.catalog = heads.catalog
        names.trust.is_keyed_family = lambda family: self.catalog.section(family).keyed
        self.buffer = bytearray()
        self.offset = 0
        self.spaces: list[str] = []
        self.news: list[tuple[int, NameChange, str]] = []
        self._settled: set[int] | None = None
        self._taught: dict[int, Teaching] = {}

    @property
    def captions(self) -> Any:
        return self.heads.captions

    @property
    def meanings(self) -> dict[int, DescribedType]:
        """Message types by head."""
        return self.heads.meanings

    def begin(self, buffer: bytearray, offset: int, spaces: list[str]) -> None:
        """Turn to the next window."""
        self.buffer, self.offset, self.spaces = buffer, offset, spaces
        self._settled = None

    def settle(self, last: int) -> bool:
        """Return whether all names up to the frame at `last`, the window's last, are known: none is learned then."""
        if last >= self.names.known_until():
            return False
        changes = self.names.changes(self.offset, last + 1)
        self._settled = {at for at, one, _ in changes if one.what in SHARED}
        return True

    def changes(self, start: int, end: int) -> list[tuple[int, NameChange, str]]:
        """Return the name changes in the frames at `start` to `end` of the file, those of the latest batch."""
        if self._settled is None:
            return self.news
        return self.names.changes(start, end + 1)

    def position(self, frame: FrameStruct) -> int:
        """Return the offset of a frame in the file."""
        return int(frame.at) + self.offset

    # ---- what a scanner asks ----

    def protocol(self, protocol: int) -> int:
        section = self.catalog.section(protocol)
        marks = scanner.HEADED if is_headed(protocol, bool(section.datagrams)) else 0
        marks |= scanner.DATAGRAM if section.datagrams else 0
        return marks | (scanner.KEYED_PROTOCOL if section.keyed else 0)

    def type(self, protocol: int, number: int) -> TypeStruct:
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
        return TypeStruct(rules.about(*place) & 0xFFFFFFFF, rules.rewritten.get(place, 0), marks, verb)

    def family(self, number: int, frame: FrameStruct) -> tuple[int, bool]:
        at = self.position(frame)
        name, policy = self.names.name(GENL, number, at), self.names.name(POLICY, number, at)
        number = self.heads.family_number(name, policy)
        return number, (NETLINK.GENERIC, name) in self.catalog.rules.returned

    def content(self, item: ItemStruct, frame: FrameStruct) -> int:
        header = RequestHeader(
            frame.protocol, item.length, item.type, item.flags, item.seq,
            item.pid,
        )  # fmt: skip
        start, end = self._span(item)
        content = self.catalog.section(frame.protocol).contents.get(item.type)
        return DIRECTIONS.index(direction_shown(content, header, self.buffer, start, end, order_of(frame)))

    def head(self, item: ItemStruct, frame: FrameStruct, family: int) -> int:
        about = self._meaning(item, frame, family)
        return self.heads.number(about, item.flags, bool(frame.big), bool(item.marks & scanner.TOLD))

    def learn_family(self, item: ItemStruct, frame: FrameStruct) -> bool:
        seq, pid = item.seq, item.pid
        if DIRECTIONS[item.direction] == TO_KERNEL:
            self.names.trust.observe_request(seq)
            return False
        at, order = self.position(frame), order_of(frame)
        if self._settled is not None:
            return at in self._settled
        if at < self.names.known_until():  # the whole file was searched for names since this window began
            changes = [one for one in self.names.changes(at, at + 1) if one[1].what in SHARED]
            self.news += changes
            return bool(changes)
        start, end = self._span(item)
        start += NLMSG_HDRLEN
        bindings = self.catalog.commands_of("nlctrl", self.buffer[start]) if end - start >= GENL_HDRLEN else []
        message = bindings[0].message if bindings else self.catalog.unknown_body("nlctrl")
        if end - start < GENL_HDRLEN or (plan := message.plan) is None:
            return False
        given, words = _family_told(plan, bytes(self.buffer[start + GENL_HDRLEN : end]), order)
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
        if words is not None:
            known = merged(self.names.known(POLICY, words[0], at), words[1])
            if self.names.learn(POLICY, words[0], known, at):
                self.news.append((at, NameChange(0, POLICY, words[0], known), ""))
                news = True
        return news

    def learn_names(self, told: Iterable[Told]) -> None:
        names, buffer = self.names, self.buffer
        for frame_at, message_at, number, name_at, size, head, source, flags, marks, big in told:
            what, teaches, births, skip = self._taught.get(head) or self._teaching(head)
            space, at = self.spaces[source], frame_at + self.offset
            text = decode_text(buffer, name_at, name_at + size) if marks & NAME_GIVEN else None
            name = text if isinstance(text, str) else None
            if not teaches:
                names.observe_request(at, space, number, name, bool(flags & CREATE))
                continue
            if name is None or number <= 0 or marks & ELSEWHERE:
                continue
            since = START
            if names.lends and what == INTERFACE and names.is_first(what, number, space):
                is_born = is_birth(births, buffer, message_at + skip, ">" if big else "<")
                since = names.origin(space, number, name, is_born)
            if names.learn(what, number, name, at, space, since):
                self.news.append((at, NameChange(0, what, number, name), space))

    def _teaching(self, head: int) -> Teaching:
        about = self.meanings[head]
        assert about.message is not None and about.message.plan is not None
        what = about.message.plan.what
        place = about.protocol if about.family is None else about.family
        births = self.catalog.births(place, about.type_name if about.family is None else about.command_name)
        found = self._taught[head] = what, may_teach(what, about.direction), births, about.skip
        return found

    def _span(self, item: ItemStruct) -> tuple[int, int]:
        start = item.at
        return start, start + item.captured

    def _meaning(self, item: ItemStruct, frame: FrameStruct, family: int) -> DescribedType:
        direction, number, protocol = DIRECTIONS[item.direction], item.type, frame.protocol
        start, end = self._span(item)
        if item.marks & scanner.BARE:
            if not item.place:
                return DescribedType(protocol, 0, "", None, None, skip=0)
            bare = DescribedType(protocol, 0, "", direction, None, skip=0)
            if self.heads.passes_over(bare):
                return bare
            return bare_meaning(self.catalog, protocol, direction, bytes(self.buffer[start:end]))
        start += NLMSG_HDRLEN
        flags = item.flags
        if protocol != NETLINK.GENERIC or number < NLMSG_MIN_TYPE:
            first = self.buffer[start] if start < end else None
            dump = flags & NLM_F_DUMP == NLM_F_DUMP
            return typed_meaning(self.catalog, protocol, number, direction, first, item.length - NLMSG_HDRLEN, dump)
        name, policy = self.heads.family(family)
        command = self.buffer[start] if start + GENL_HDRLEN <= end else None
        about = generic_meaning(self.catalog, number, direction, command, name)
        untyped = about.message is not None and about.message.untyped
        if untyped and policy is not None and command is not None:
            return about._replace(message=chosen_body(name, policy, command, flags, direction))
        return about


@lru_cache(maxsize=4096)
def _family_told(plan: NamePlan, body: bytes, order: str) -> tuple[NameGiven | None, tuple[int, str] | None]:
    """Return the name and the policy that a message of nlctrl gives a family, each None if absent.

    Results are cached: a file is often searched twice.
    """
    return name_given(plan, body, 0, len(body), order), format_policy(body, order)


def order_of(frame: FrameStruct) -> str:
    """Return the byte order of a frame as a struct code."""
    return ">" if frame.big else "<"
