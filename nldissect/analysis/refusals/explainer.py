"""Explainer of refusals: it follows the objects of a capture message by message, and knows them when one is refused."""

from __future__ import annotations

from typing import NamedTuple

from nldissect.families.answer_rules import RULES
from nldissect.request_tracker import TO_KERNEL
from nldissect.wire import DecodedMessage
from nldissect.wire.decode.acks import PriorRequest, ack_of
from nldissect.wire.semantics.refusals import AttributeMissing, GatewayUnreached, RefusalRule, refusal_rules

from ..causes.cause import Cause
from ..objects.change import INFERRED as BY_INFERENCE
from ..objects.change import REQUEST as BY_REQUEST
from ..objects.changes import Changes
from ..objects.observed_message import ObservedMessage
from .fact_words import FoundFact
from .object_history import ObjectHistory
from .reason import EXACT, INFERRED, LIKELY, Reason
from .state_facts import StateFacts

TEXT = "NLMSGERR_ATTR_MSG"
BATCHED = frozenset(protocol for protocol, _ in RULES.batches)
"""Protocols in which all commands of a datagram are done together, or none."""
ROOM = 64
"""Batches whose commands are remembered."""


class ExplainedRefusal(NamedTuple):
    """A rule whose fact holds, and the kernel's text for the refusal, None without one."""

    rule: RefusalRule
    fact: FoundFact
    text: str | None

    def reason(self, cause: Cause | None, lost: bool = False) -> Reason:
        """Return the reason.

        cause   of the fact's change
        lost    messages were lost between that change and the refusal
        """
        rule, (says, moment, change) = self.rule, self.fact
        if change is None:
            sure = LIKELY if isinstance(rule.fact, AttributeMissing) else INFERRED
            return Reason(says, rule.source, sure, moment)
        doubt = lost or change.known in (BY_REQUEST, BY_INFERENCE) or not rule.is_sure(self.text)
        doubt |= isinstance(rule.fact, GatewayUnreached)  # routes and rules decide that
        return Reason(
            says, rule.source, INFERRED if doubt else EXACT, moment, change.frame, change.known, cause
        )  # fmt: skip


class RefusalExplainer:
    """The objects of one capture, as its messages so far tell."""

    def __init__(self) -> None:
        self._changes = Changes()
        self._history = ObjectHistory(self._changes)
        self._batches: dict[tuple[str | None, int], list[DecodedMessage]] = {}

    def observe(self, message: ObservedMessage) -> None:
        """Observe the next message."""
        if message.walked.protocol in BATCHED and message.walked.direction == TO_KERNEL:
            self._batches.setdefault((message.where, message.frame), []).append(message.walked)
            if len(self._batches) > ROOM:
                del self._batches[next(iter(self._batches))]
        for change in self._changes.meet(*message[:5], message.about):
            self._history.observe(change)

    def explain(self, request: ObservedMessage, error: int, text: str | None) -> ExplainedRefusal | None:
        """Return why a request was refused just now, None if nothing tells.

        text   the kernel's own words
        """
        for change in self._changes.incomplete():
            self._history.observe(change)
        batch = self._batches.get((request.where, request.frame), [])
        before = [one for one in batch if one.start < request.walked.start]
        facts = StateFacts(self._changes, self._history, request, before)
        for rule in refusal_rules(request.walked, error):
            found = facts.found(rule.fact) if rule.fits(text) else None
            if found is not None:
                return ExplainedRefusal(rule, found, text)
        return None


class StreamReasons:
    """Reasons of refusals in messages that are read once: of a change only the request is known, not its process."""

    def __init__(self) -> None:
        self._explainer = RefusalExplainer()

    def meet(self, message: ObservedMessage, asked: PriorRequest | None) -> Reason | None:
        """Observe the next message; return the reason if it is a refusal, and one is known.

        asked   the request that it refuses
        """
        self._explainer.observe(message)
        ack = ack_of(message.walked)
        if ack is None or not ack.error or asked is None:
            return None
        words = message.walked.find(TEXT)
        text = message.walked.tracepoint_text if words is None else str(words.value)
        request = message._replace(frame=asked.frame, place=0, walked=asked.request)
        found = self._explainer.explain(request, -ack.error, text)
        return None if found is None else found.reason(None)
