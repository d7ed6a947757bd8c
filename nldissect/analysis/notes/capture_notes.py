"""Expert notes that need the whole capture: on exchanges, missing events, lost frames, ids of generic families."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np

from nldissect.columns.blocks.whole_capture import PASSES, WholeCapture, run_to_end
from nldissect.columns.names.timeline import GENL, START
from nldissect.wire.protocol import NLM_F

from ..exchanges.fields import EXCHANGE
from ..exchanges.pairs import NONE, ORDER
from ..exchanges.table import INTERRUPTED, UNANSWERED, UNASKED, UNFINISHED, Exchanges
from .family_ids import FamilyIds
from .lost_frames import Drops
from .model import NOTE, WARNING, ExpertNote
from .sequence_gaps import Gaps

NOTED = "noted"


class CaptureNotes:
    """The notes of a capture by the key of their message."""

    def __init__(self, found: Exchanges) -> None:
        self.notes: dict[int, list[ExpertNote]] = {}
        table, (ledger, _) = found.table(), found.ledger.tables()
        self._key = ledger["key"]
        result, head = table["result"], table["head"]
        for place in np.isin(result, (UNANSWERED, UNFINISHED, UNASKED, INTERRUPTED)).nonzero()[0].tolist():
            self._ended(found, int(result[place]), place + 1, int(head[place]), int(table["decisive"][place]))
        for place in (table["proof"] == ORDER).nonzero()[0].tolist():
            text = f"one of {table['alike'][place]} requests that the answers fit, taken in order"
            self._add(int(head[place]), ExpertNote(NOTE, "alike", text))
        filtered = ledger["flags"] & NLM_F.DUMP_FILTERED != 0
        numbers, first = np.unique(np.where(filtered, found.of(np.arange(len(filtered))), 0), return_index=True)
        for number, row in zip(numbers.tolist(), first.tolist(), strict=True):
            if number:
                self._add(row, ExpertNote(NOTE, "filtered dump", "the kernel left out what was not asked for"))
        self._repeated(table, ledger)
        self._claimed(table, ledger)

    def add(self, key: int, note: ExpertNote) -> None:
        """Add a note to the message with that key."""
        self.notes.setdefault(key, []).append(note)

    def _ended(self, found: Exchanges, result: int, number: int, head: int, decisive: int) -> None:
        if result == INTERRUPTED:
            cause = found.cause(number)
            by = f", by what frame {found.place(cause)[0]} changed" if cause != NONE else ""
            text = f"the dump was interrupted and may be inconsistent{by}"
            self._add(decisive, ExpertNote(WARNING, "interrupted dump", text))
        elif result == UNANSWERED:
            self._add(head, ExpertNote(WARNING, "unanswered", "no answer is in the capture"))
        elif result == UNFINISHED:
            self._add(head, ExpertNote(WARNING, "unfinished", "the end of the answer is not in the capture"))
        else:
            self._add(head, ExpertNote(NOTE, "unasked", "the request is not in the capture"))

    def _repeated(self, table: dict[str, Any], ledger: dict[str, Any]) -> None:
        """Add notes to requests whose port used the same sequence number in its request before."""
        asked = ((table["requests"] == 1) & (table["port"] != 0)).nonzero()[0]
        port_space = ledger["port_space"][table["head"][asked]]
        order = np.lexsort((asked, table["port"][asked], port_space))
        mine = asked[order]
        seq, port = ledger["seq"][table["head"][mine]], table["port"][mine]
        same = (seq[1:] == seq[:-1]) & (port[1:] == port[:-1]) & (port_space[order][1:] == port_space[order][:-1])
        for place in mine[1:][same].tolist():
            text = f"the port's request before has sequence number {ledger['seq'][table['head'][place]]} too"
            self._add(int(table["head"][place]), ExpertNote(NOTE, "duplicate sequence number", text))

    def _claimed(self, table: dict[str, Any], ledger: dict[str, Any]) -> None:
        """Add notes to requests with a port id not their socket's: the kernel ignores it, other readers may not."""
        head = table["head"]
        claimed, port = ledger["pid"][head], table["port"]
        for place in ((table["requests"] > 0) & (claimed != 0) & (claimed != port)).nonzero()[0].tolist():
            text = f"nlmsg_pid is {claimed[place]}, and the socket's port id is {port[place]}"
            self._add(int(head[place]), ExpertNote(NOTE, "port id", text))

    def _add(self, row: int, note: ExpertNote) -> None:
        self.add(int(self._key[row]), note)


def noting(whole: WholeCapture) -> Generator[bool, None, CaptureNotes]:
    """Collect the notes that need the whole capture; yield after each block, return the notes at the end."""
    noted = CaptureNotes(whole.result(EXCHANGE))
    source = whole.reader()
    gaps, drops, families = Gaps(), Drops(), FamilyIds(source.names.names(START)[GENL])
    for block in source.blocks():
        gaps.add(block)
        drops.add(block)
        families.add(block)
        yield True
    source.finish()
    for key, note in (*gaps.found, *families.found, *drops.notes(source.reader.statistics, source.reader.interfaces)):
        noted.add(key, note)
    return noted


PASSES[NOTED] = lambda whole: run_to_end(noting(whole))
