"""Jumps from an answer to its request and the attribute at fault, and back; and between messages of an exchange."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from nldissect.escapes import escaped
from nldissect.wire.decode.acks import MISSING_IN, PriorRequest, ack_of

from ..jobs.exchange_job import FileExchanges, joining
from ..model.capture_model import MessageEntry
from .base import ViewerBase

Goal = tuple[int, str]
"""Number of a message, and a text on its relation to the starting message."""
Find = Callable[[FileExchanges, int], Goal | None]
"""Returns the goal for a message of an exchange; both are numbers within the file."""


class Jump(NamedTuple):
    """Start and goal of a jump; `unfiltered`: the filter was switched off for the jump."""

    start: int
    goal: int
    unfiltered: bool


class JumpActions(ViewerBase):
    """Jumps between related messages, which are looked up in the background; the next key ends the look-up."""

    _jump: Jump | None = None

    def action_partner(self) -> None:
        if not self.at_message():
            return
        jump, row = self._jump, self.packets.row
        if jump is not None and jump.goal == row:
            self._back(jump)
        elif row is not None:
            self._seek(row, _partner)

    def action_member(self, step: int) -> None:
        row = self.packets.row if self.at_message() else None
        if row is not None:
            self._seek(row, partial(_beside, step))

    def drop_jump(self) -> None:
        """Discard the last jump."""
        self.worker.drop("jump")
        self._jump = None

    def _seek(self, row: int, find: Find) -> None:
        self.status.show("looking for what belongs to it ...", "")
        self.worker.put("jump", self._looked_up(row, find), 1)

    def _looked_up(self, row: int, find: Find) -> Iterator[bool]:
        for one in (yield from joining(self.store)):
            message = one.message(row)
            if message is not None:
                found = find(one, message) if one.number(message) else None
                goal = None if found is None else (one.row(found[0]), found[1])
                self.in_screen(partial(self._land, row, goal))

    def _land(self, row: int, goal: Goal | None) -> None:
        if row != self.packets.row:
            return  # the cursor was moved meanwhile
        if goal is None:
            self.status.show("nothing in the capture belongs to it there")
            return
        to, said = goal
        self._jump = Jump(row, to, self.uncover(to))
        self._show(to)
        fault = self._at_fault(self.store.entry(row), self.store.entry(to))
        unfiltered = "; the filter was switched off" if self._jump.unfiltered else ""
        self.status.show(f"{fault or said}{unfiltered}", "")

    def _back(self, jump: Jump) -> None:
        if jump.unfiltered and self.filtering.sieve is not None and not self.filtering.on:
            self.filtering.switch()
            self.refresh_all()
        self.uncover(jump.start)
        self._show(jump.start)
        self._jump = None

    def _show(self, row: int) -> None:
        self.packets.aim(row, told=False)
        self.show_message(row)

    def _at_fault(self, answer: MessageEntry, request: MessageEntry) -> str | None:
        """Move the tree's cursor to the part of the request that the kernel points at; return a text on it."""
        ack = ack_of(answer.walked, PriorRequest(request.number, request.walked))
        if ack is None or ack.request is None:
            return None
        nest = answer.walked.find(MISSING_IN)
        if ack.culprit:
            at = ack.culprit[-1].whole - ack.request.start
        elif ack.missing is not None and nest is not None:
            at = nest.value
        elif ack.missing is not None:
            return f"{ack.missing} is missing in this request"
        else:
            return None
        self.details.choose_start(request.walked.start + at)
        words = answer.walked.find("NLMSGERR_ATTR_MSG")
        said = f": {escaped(words.value)}" if words is not None and isinstance(words.value, str) else ""
        if ack.culprit:
            return f"the kernel points at {ack.attribute or ack.culprit[-1].name}{said}"
        return f"{ack.missing} is missing here{said}"


def _partner(joined: FileExchanges, message: int) -> Goal | None:
    """Return the request of an answer; for a request, the answer with the result, or else the first one."""
    request = joined.found.request_of(message)
    if request >= 0:
        return request, "the request; r goes back to the answer"
    one = joined.found.exchange(joined.number(message))
    if message not in one.requests:
        return None
    mine = [answer for answer, owner in zip(one.answers, one.owners, strict=True) if owner == message]
    found = one.decisive if one.decisive in mine else next(iter(mine), None)
    return None if found is None else (found, "the answer; r goes back to the request")


def _beside(step: int, joined: FileExchanges, message: int) -> Goal | None:
    """Return the message of the same exchange that is `step` messages further."""
    one = joined.found.exchange(joined.number(message))
    members = sorted([*one.requests, *one.answers])
    place = members.index(message) + step
    if not 0 <= place < len(members):
        return None
    return members[place], f"message {place + 1:,} of {len(members):,} of exchange {one.number:,}"
