"""Compiled filter on the batches of a scanner: the core selects items, the message engine where that is not sure."""

from __future__ import annotations

import ctypes
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nldissect.columns.fields.derived import MessageContext
from nldissect.columns.fields.message_facts import MessageFacts
from nldissect.filters.typed_tree import Present
from nldissect.native.loader import address, pointer
from nldissect.native.selector import (
    ASKED_FOR,
    CHOSEN,
    GOOD,
    LOOKED_AT,
    NO_LIMIT,
    NOT_CHOSEN,
    OF_ERROR,
    OF_HEAD,
    OF_NODES,
    OF_TEXT,
    SOME,
    STEP_NOT,
    STEP_OR,
    UNSURE,
    SelectionStruct,
)
from nldissect.uapi import NLMSG_DONE, NLMSG_ERROR

from ..refusal_choice import asks_errors
from .filter_program import FilterProgram
from .header_fields import NUMBERED
from .scan_windows import LATEST, ScanWindow

if TYPE_CHECKING:
    from collections.abc import Callable

    from .filter_program import Criterion
    from .heads import DescribedType
    from .read_job import NativeRead


class NativeSelection:
    """The selection of one capture's messages by a compiled filter; as BlockSelection of block_selection.py.

    met        number of frames selected so far
    first      time of the first frame that has one, in nanoseconds since 1970, once that was read
    explains   refusals are explained where the filter asks for errors: they are left to the message engine
    """

    def __init__(self, wanted: FilterProgram, read: NativeRead, limit: int | None, explain: bool) -> None:
        self.wanted, self.read = wanted, read
        self.explains = explain and asks_errors(wanted.names)
        self.met = 0
        self.first: int | None = None
        self._verdicts, self._known = bytearray(), bytearray()
        self._reached = read.core.reach(wanted.of_row)
        self._given: dict[str, Any] = {name: pointer(data) for name, data in wanted.arrays.items()}
        self._given |= {"test_count": len(wanted.criteria), "row_count": wanted.table.row_count}
        self._given |= {"code_count": len(wanted.code), "needed": address(self._reached)}
        self._limit = NO_LIMIT if limit is None else limit
        self._observed: set[int] = set()
        read.classifier.heads.passes_over = self._passes_over

    def observe(self, head: int, about: DescribedType, flags: int) -> None:
        """Work out the outcome of the filter, as far as it is known, for messages with a head."""
        if head in self._observed:
            return
        self._observed.add(head)
        wanted = self.wanted
        if head * len(wanted.criteria) >= len(self._known) or head >= len(self._verdicts):
            more = head + 1 - len(self._verdicts) + 256
            self._verdicts += bytes([ASKED_FOR]) * more
            self._known += bytes(more * len(wanted.criteria))
        states = [self._state(one, about, flags) for one in wanted.criteria]
        found = _outcome(wanted, states)
        verdict = LOOKED_AT if found is None else CHOSEN if found else NOT_CHOSEN
        if found is None and self._is_foreign(about):
            verdict = ASKED_FOR
        self._verdicts[head] = verdict
        count = len(states)
        self._known[head * count : (head + 1) * count] = bytes(states)

    def _passes_over(self, about: DescribedType) -> bool:
        """Return whether no headerless datagram of a type is selected, whatever it holds."""
        if self.wanted.in_datagrams:
            return False
        return _outcome(self.wanted, [self._state(one, about, 0) for one in self.wanted.criteria]) is False

    def _is_foreign(self, about: DescribedType) -> bool:
        """Return whether a body's tables are not the program file's, nor made of a policy: numbers without names."""
        message = about.message
        return message is not None and message.layer is None and message.name not in NUMBERED

    def _state(self, one: Criterion, about: DescribedType, flags: int) -> int:
        if one.what == OF_HEAD:
            return _state_of_head(one, about, flags)
        message = about.message
        if one.what in (OF_ERROR, OF_TEXT):
            return UNSURE if about.skip and about.number in (NLMSG_ERROR, NLMSG_DONE) and message is not None else 0
        if one.what != OF_NODES:
            return UNSURE
        if message is None or message.name in NUMBERED:
            return 0
        if not about.skip:
            return UNSURE if self.wanted.in_datagrams else 0
        return UNSURE if message.layer is None or self._reached[message.layer[0]] else 0

    def choose(self, sight: ScanWindow, first: int, stop: int, count: int) -> int:
        """Mark the items and frames of a batch that are not to be shown; return the number of items to look at.

        first, stop   the frames of the batch, by their places in the window
        count         number of its items
        """
        read, core = self.read, self.read.core
        if self.first is None:
            self.first = next((now for now in map(read.time, range(first, stop)) if now is not None), None)
        first_time = 0 if self.first is None else self.first
        chosen = bytearray(count)
        job = SelectionStruct(
            data=address(sight.window.buffer), size=len(sight.window.buffer),
            frames=ctypes.addressof(read.scanner.frames), items=ctypes.addressof(read.scanner.items),
            verdicts=address(self._verdicts), known=address(self._known), chosen=address(chosen),
            head_count=len(self._verdicts), item_count=count, first=first, stop=stop, limit=self._limit, met=self.met,
            explains=self.explains, is_timed=sight.timed and abs(first_time) < LATEST,
            has_first=self.first is not None, first_time=first_time if abs(first_time) < LATEST else 0, **self._given,
        )  # fmt: skip
        if core.select(job):
            for item, verdict in enumerate(chosen):
                if verdict == ASKED_FOR:
                    chosen[item] = self._row_engine.holds(item, self.first)
        found = core.mark(job)
        self.met = job.met
        return found

    @cached_property
    def _row_engine(self) -> _RowEngine:
        return _RowEngine(self.wanted.text, self.read)


class _RowEngine:
    """The message engine, which decides the filter for single decoded items; imports Scapy and tables."""

    def __init__(self, text: str, read: NativeRead) -> None:
        from nldissect.filters import compile_filter

        self._holds: Callable[[MessageContext], bool] = compile_filter(text).holds
        self._read = read

    def holds(self, index: int, first: int | None) -> bool:
        """Return whether the filter holds for an item of the current batch.

        first   time of the capture's first frame, in nanoseconds since 1970
        """
        from .walked_messages import situation_of

        return self._holds(situation_of(self._read, index, first))


class _Head:
    """The context of tests of a message with a head."""

    def __init__(self, about: DescribedType, flags: int) -> None:
        self._about, self._flags = about, flags

    @property
    def facts(self) -> MessageFacts:
        about = self._about
        name = about.type_name if about.command is None else about.command_name or str(about.command)
        return MessageFacts(about.protocol, about.number, self._flags, about.direction, about.family, name)

    @property
    def prefix_length(self) -> int | None:
        return None


def _values(name: str, about: DescribedType, flags: int) -> list[Any]:
    """Return the values of a field in messages with a head."""
    has_header, command = bool(about.skip), about.command
    match name:
        case "nlmsghdr":
            return [None] * has_header
        case "genlmsghdr":
            return [None] * (command is not None)
        case "nlmsg_type":
            return [about.number] * has_header
        case "nlmsg_flags":
            return [flags] * has_header
        case "genlmsghdr.cmd":
            return [] if command is None else [command]
        case "genlmsghdr.family":
            return [] if command is None or about.family is None else [about.family]
        case "protocol":
            return [about.protocol] if about.protocol >= 0 else []
        case _:
            return [] if about.direction is None else [about.direction]


def _state_of_head(one: Criterion, about: DescribedType, flags: int) -> int:
    tree, field = one.tree, one.tree.field
    values = _values(".".join(field.path), about, flags)
    if field.slice is not None:
        offset, length = field.slice
        texts = (value for value in values if isinstance(value, str) and len(value) >= offset + length)
        values = [text[offset : offset + length] for text in texts]
    if isinstance(tree, Present):
        return SOME | GOOD if values else 0
    test = tree.test_for(field.kinds[0])
    if test is None:
        return 0
    asked = _Head(about, flags)
    return sum({SOME | (GOOD if test.holds(value, asked) else 0) for value in values})


def _outcome(wanted: FilterProgram, states: list[int]) -> bool | None:
    """Return whether the filter holds, None if that is not known yet; see `outcome` of select.c."""
    stack: list[bool | None] = []
    for step in wanted.code:
        if step < STEP_NOT:
            state, negated = states[step], wanted.criteria[step].negated
            good = bool(state & GOOD)
            stack.append(None if state & UNSURE else bool(state & SOME) and not good if negated else good)
        elif step == STEP_NOT:
            one = stack.pop()
            stack.append(None if one is None else not one)
        else:
            pair, settles = (stack.pop(), stack.pop()), step == STEP_OR
            stack.append(settles if settles in pair else None if None in pair else not settles)
    return stack[0]
