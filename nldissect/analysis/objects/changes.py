"""Changes of objects: the change each message makes, derived from the state kept of every object.

    found = Changes()
    for frame, place, time, walked in messages:
        for change in found.meet(frame, place, time, walked): ...
    for change in found.finish(): ...

A dump lists what exists: that is no change, unless it differs from the known state; then the change itself is not in
the capture. An object first seen in a notification is "added" if its message, the request that caused it or an earlier
dump shows that it is new, else "first seen". Consecutive copies for several listeners (see analysis/event_copies.py)
are one change. An accepted request of which no event tells is a change, too (requests.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from nldissect.families.answer_rules import RULES
from nldissect.request_tracker import GET, RequestTracker
from nldissect.uapi import NLMSG_DONE, NLMSG_ERROR
from nldissect.wire import DecodedMessage
from nldissect.wire.decode.acks import PriorRequest, ack_of, observe
from nldissect.wire.packets.bindings import verb_of
from nldissect.wire.protocol import NLM_F, NLM_F_NEW, NOTIFICATION, TO_KERNEL, TO_USER
from nldissect.wire.semantics.objects import Means, ObjectType, SiblingRule, object_of

from ..event_copies import NEAR
from .accepted import accepted_change
from .change import ADDED, DUMP, EVENT, FIRST, REMOVED, UNCHANGED, Change
from .comparison import ObjectComparison
from .dumps import ObjectDump, Sort, asks_all, subject_of
from .identity import Key, key_of, parts_of, place_of
from .object_state import MAKES, ObjectState
from .object_store import KeptObject
from .observed_message import ObservedMessage
from .requests import PendingRequests, SentRequest

MADE = MAKES | NLM_F_NEW.REPLACE | NLM_F_NEW.APPEND
"""All flags that modify a NEW request: the kernel sets some when it notifies of a route, none when it answers."""


class Changes:
    """The objects of one capture and their changes; `quiet`: counters and caches count as changes too.

    state   the objects as the messages so far tell
    """

    def __init__(self, quiet: bool = False) -> None:
        self.state = ObjectState(ObjectComparison(quiet))
        self.dumped: dict[Sort, ObjectDump] = {}  # the last dump that listed all objects of a subject
        self._dumps: dict[tuple[str | None, int, int, int], ObjectDump] = {}
        self._requests: dict[str | None, RequestTracker[DecodedMessage]] = {}
        self._last: list[Change] = []
        self._latest: tuple[DecodedMessage, int | None] | None = None  # the last message about an object, and its time
        self._sent = PendingRequests()

    def meet(
        self,
        frame: int,
        place: int,
        time: int | None,
        walked: DecodedMessage,
        where: str | None = None,
        about: Any = None,
    ) -> Iterator[Change]:
        """Observe the next message; yield the changes that are complete by now.

        Requests count too: an object that a request created did not exist before.

        where   distinguishes namespaces
        about   value to be kept in the changes of this message
        """
        if not walked.has_header:
            return
        message = ObservedMessage(frame, place, time, walked, where, about)
        if where not in self._requests:
            self._requests[where] = RequestTracker(RULES)
        cause = observe(self._requests[where], frame, walked)
        for sent in self._sent.unanswered(time):
            yield from self._accepted(sent)
        if walked.number == NLMSG_DONE:
            yield from self._ended(message, cause)
        elif walked.number == NLMSG_ERROR:
            yield from self._answered(walked, cause)
        elif walked.direction == TO_KERNEL:
            self._sent.add(message)
        elif walked.direction in (NOTIFICATION, TO_USER):
            means = object_of(walked)
            if means is not None and means.thing is not None:
                yield from self._told(message, means.thing, means, cause)

    def finish(self) -> Iterator[Change]:
        """Yield the last changes, after the last message."""
        for sent in self._sent.unanswered(None):
            yield from self._accepted(sent)
        yield from self._complete()

    def kept(self) -> dict[Key, KeptObject]:
        """Return all objects that exist now, by identity."""
        return self.state.store.kept

    def incomplete(self) -> list[Change]:
        """Return the changes of the last message about an object, which are yielded later: it may have more copies."""
        return list(self._last)

    def _told(
        self, message: ObservedMessage, thing: ObjectType, means: Means, cause: PriorRequest | None
    ) -> Iterator[Change]:
        """Observe a message of the kernel about an object; yield the changes that are complete by now."""
        walked, where, state = message.walked, message.where, self.state
        event, multi = walked.direction == NOTIFICATION, bool(walked.flags & NLM_F.MULTI)
        heard = event or (cause is not None and not multi and _changes(cause.request))
        if not (thing.answers or multi or heard or means.gone or walked.flags & MADE):
            return
        if self._is_copy(message):
            return
        key = key_of(thing, walked, where)
        if thing.beside == SiblingRule.ECHO and self._is_echo(thing, key):
            return
        yield from self._complete()
        if event:
            state.heard.add((where, id(thing)))
            self._sent.forget_told(thing, walked, where, None if cause is None else cause.request)
        state.turn += 1
        change = Change.by(message, thing, key, EVENT if heard or means.gone else DUMP)
        change.request = cause
        if means.same is not None:
            self._last = list(state.remove_all(change, parts_of(thing, walked, means.same)))
        else:
            state.store.adopt(thing, key, walked)
            self._last = [state.removed(change) if means.gone else state.tell(change, multi, heard)]
            if cause is not None and self._sent.was_accepted(cause.request):
                if change.what in (ADDED, REMOVED, FIRST):
                    change.what = UNCHANGED  # a listener read late what the request was taken to do
        self._last += state.take_silent()
        if multi:
            new = ObjectDump(walked.protocol, state.turn, message.frame)
            dump = self._dumps.setdefault(_dump(walked, where), new)
            dump.sorts.add(subject_of(thing, walked, where))
            dump.interrupted |= bool(walked.flags & NLM_F.DUMP_INTR)
            dump.add(thing, key, change.key)

    def _complete(self) -> Iterator[Change]:
        """Yield the changes of the last message about an object: it has no more copies."""
        last, self._last = self._last, []
        yield from last

    def _answered(self, walked: DecodedMessage, cause: PriorRequest | None) -> Iterator[Change]:
        """Yield the changes by a request that is acknowledged, if no event told of them."""
        sent = None if cause is None else self._sent.answered(cause.request)
        ack = None if sent is None else ack_of(walked)
        if sent is not None and ack is not None and not ack.error:
            yield from self._accepted(sent)

    def _accepted(self, sent: SentRequest) -> Iterator[Change]:
        """Take a request to be accepted; if it is about an object, yield the changes before its own."""
        self.state.turn += 1
        change = accepted_change(self.state, sent)
        if change is not None:
            yield from self._complete()
            self._sent.accept(sent)
            self._last = [change, *self.state.take_silent()]
            self._latest = None

    def _is_copy(self, message: ObservedMessage) -> bool:
        """Return whether a message repeats the one before; if so, count the copy."""
        walked, time = message.walked, message.time
        latest, self._latest = self._latest, (walked, time)
        if not self._last or latest is None or latest[1] is None or time is None:
            return False
        before = latest[0]
        same = before.data[before.start : before.end] == walked.data[walked.start : walked.end]
        same = same and (message.where, walked.protocol) == self._last[0].key[:2] and not walked.flags & NLM_F.MULTI
        if not same or time - latest[1] > NEAR:
            return False
        for change in self._last:
            change.copies += 1
        return True

    def _is_echo(self, thing: ObjectType, key: Key) -> bool:
        """Return whether an object's place was reported in full just now, or is known in full."""
        name = place_of(thing, key)
        known = self.state.store.places.get(name)
        full = (self.state.store.kept[one].thing for one in known.keys) if known is not None else ()
        last = (one.thing for one in self._last if place_of(one.thing, one.key) == name)
        return any(one.beside != SiblingRule.ECHO for one in (*full, *last))

    def _ended(self, message: ObservedMessage, cause: PriorRequest | None) -> Iterator[Change]:
        """End a dump: it listed all objects, unless filtered; yield the removal of those that it did not list."""
        walked, state = message.walked, self.state
        dump = self._dumps.pop(_dump(walked, message.where), None)
        if dump is None or walked.flags & NLM_F.DUMP_FILTERED:
            return
        state.whole |= dump.sorts
        if dump.interrupted or walked.flags & NLM_F.DUMP_INTR:
            return
        dump.settle(state.store)
        if cause is None or not asks_all(cause.request):
            return
        yield from self._complete()
        dump.last = message.frame
        dump.again = {sort for sort in dump.sorts if sort in self.dumped}
        self.dumped |= dict.fromkeys(dump.sorts, dump)
        for key, kept in dump.missing(state.store):
            state.forget(key)
            change = Change.by(message._replace(walked=kept.walked), kept.thing, key, DUMP)
            self._last.append(replace(change, what=REMOVED, after=kept.sent))
        self._latest = None


def _changes(request: DecodedMessage) -> bool:
    """Return whether answers to a request report what it did, as the state that XFRM_MSG_ALLOCSPI makes."""
    return verb_of(request.protocol, request.number) != GET and request.protocol in RULES.caused


def _dump(walked: DecodedMessage, where: str | None) -> tuple[str | None, int, int, int]:
    return where, walked.protocol, walked.seq, walked.pid
