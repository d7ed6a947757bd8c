"""Exchanges as text: the request, and the result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from nldissect.analysis.exchanges.pairs import NONE
from nldissect.analysis.exchanges.table import (
    INTERRUPTED,
    OK,
    RESULT,
    SILENT,
    UNANSWERED,
    UNASKED,
    UNFINISHED,
    Exchanges,
)
from nldissect.escapes import escaped
from nldissect.families.answer_rules import BATCH_BEGIN, BATCH_END
from nldissect.terminal.colors import Piece

BATCH = "batch"
NAMES = 3
"""Most kinds of commands of a batch that are named."""
Row = dict[str, int]


class ExchangeText:
    """A formatter of paired exchanges.

    frame    returns the number of a message's frame as the reader knows it
    events   for each exchange the events among its answers, as event_copies.events_of returns them
    """

    def __init__(self, found: Exchanges, frame: Callable[[int], int] | None = None) -> None:
        self.found = found
        self.events: dict[int, list[tuple[int, int]]] = {}
        self._frame = frame or (lambda row: found.place(row)[0])

    def row(self, number: int) -> Row:
        """Return the columns of one exchange by name."""
        return {name: int(column[number - 1]) for name, column in self.found.table().items()}

    def asked(self, number: int, text: str) -> tuple[str, str]:
        """Return type and summary of the request, or of what there is in its place.

        text   summary of the first message
        """
        row = self.row(number)
        name = self._name(row["head"])
        if row["requests"] > 1:
            return BATCH, self._commands(number)
        return (name, text) if row["requests"] else (name, f"{text} (its request is not in the capture)".strip())

    def _commands(self, number: int) -> str:
        types = self.found.ledger.tables()[0]["type"]
        inner = [one for one in self.found.exchange(number).requests if int(types[one]) not in (BATCH_BEGIN, BATCH_END)]
        named = Counter(map(self._name, inner))
        some = [f"{count} {what}" if count > 1 else what for what, count in named.most_common(NAMES)]
        more = f", {sum(named.values()) - sum(count for _, count in named.most_common(NAMES))} more"
        return ", ".join(some) + (more if len(named) > NAMES else "")

    def result(self, number: int) -> Piece:
        """Return the result of an exchange as styled text."""
        role, text = self._result(number)
        return role, ", ".join(filter(None, (text, self.copied(number))))

    def copied(self, number: int) -> str:
        """Return the events of an exchange, each counted once, with the number of listeners that received it."""
        times = Counter(count for _, count in self.events.get(number, ()))
        return ", ".join(
            f"{events} event{'s' * (events != 1)}" + f" x{count}" * (count > 1)
            for count, events in sorted(times.items())
        )

    def _result(self, number: int) -> Piece:
        row = self.row(number)
        result, parts = row["result"], row["data"]
        count = f"{parts} message{'s' * (parts != 1)}"
        words = self.found.ledger.texts.get(row["decisive"])
        quoted = f' "{escaped(words)}"' if words else ""
        if result == OK:
            end = count if row["dump"] else "ok"
            return ("warning", f"ok, warning{quoted}") if words else ("good", end)
        if result == INTERRUPTED:
            cause = self.found.cause(number)
            by = f" by {self.named(cause)}" if cause != NONE else ", by a change that is not in the capture"
            return "warning", f"{count}, interrupted{by}"
        if result in (UNANSWERED, UNFINISHED, SILENT, UNASKED):
            others = row["parts"] - sum(copies for _, copies in self.events.get(number, ()))
            text = {
                UNANSWERED: "no answer",
                UNFINISHED: f"{count}, the end is missing",
                SILENT: "no answer asked for, and no error",
                UNASKED: f"{others} message{'s' * (others != 1)}" * (others > 0),
            }[result]
            return ("dim" if result in (SILENT, UNASKED) else "warning"), text
        where = self._culprit(row) if row["requests"] > 1 else ""
        return "error", f"{RESULT.names.get(result, str(result))}{quoted}{where}"

    def why(self, number: int) -> str:
        """Return a result's reason: the kernel's words, the refused command of a batch, the interrupting change."""
        row = self.row(number)
        if row["result"] == INTERRUPTED:
            cause = self.found.cause(number)
            return f"interrupted by {self.named(cause)}" if cause != NONE else ""
        words = escaped(self.found.ledger.texts.get(row["decisive"], ""))
        return words + (self._culprit(row) if row["requests"] > 1 and 0 < row["result"] < INTERRUPTED else "")

    def _culprit(self, row: Row) -> str:
        """Return the command of a batch that was refused, as the end of a sentence; empty if unknown."""
        owner = self.found.request_of(row["decisive"])
        if owner == NONE:
            return ""
        return f", for {self.named(owner)}; none of the batch was done"

    def named(self, row: int) -> str:
        """Return a message as text by which a reader finds it: name, frame, and number in the frame."""
        place = self.found.place(row)[1]
        return f"{self._name(row)} of frame {self._frame(row)}" + (f", message {place}" if place > 1 else "")

    def _name(self, row: int) -> str:
        ledger = self.found.ledger
        return escaped(ledger.meanings[int(ledger.tables()[0]["meaning"][row])].called)
