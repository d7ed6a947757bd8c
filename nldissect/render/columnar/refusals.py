"""Lines below exchanges that were refused, or succeeded with a warning: made in a pass of their own."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from nldissect.analysis.exchanges.pairs import NONE
from nldissect.analysis.exchanges.table import INTERRUPTED, OK, Exchanges
from nldissect.columns.block_reader import BlockReader
from nldissect.columns.fields.decoded_message import decode_message, walked_again
from nldissect.columns.requests.prior_requests import kept_of
from nldissect.columns.requests.request_copy import SavedRequest

from ..refusal import Line, explanation


def explanations(source: BlockReader, found: Exchanges, numbers: Iterable[int], secrets: bool) -> dict[int, list[Line]]:
    """Return the lines below each of these exchanges, by number.

    source   the capture, opened anew
    """
    answers, asked = _ends(found, numbers)
    wanted = np.unique([row for row in asked.values() if row != NONE]).astype(np.int64)
    decisive = np.array(sorted(answers), np.int64)
    kept: dict[int, SavedRequest] = {}
    lines: dict[int, list[Line]] = {}
    start = 0
    for block in source.blocks():
        stop = start + len(block)
        mine = wanted[wanted.searchsorted(start) : wanted.searchsorted(stop)]
        kept.update(zip(mine.tolist(), kept_of(block, mine - start), strict=True))
        for row in decisive[decisive.searchsorted(start) : decisive.searchsorted(stop)].tolist():
            context = block.context(int(block.messages.frame[row - start]))
            request = walked_again(kept[asked[row]], block.names) if asked[row] in kept else None
            lines[answers[row]] = list(explanation(decode_message(block, row - start, context), request, secrets))
        start = stop
    source.finish()
    return lines


def _ends(found: Exchanges, numbers: Iterable[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Return the exchange number, and the request's row, of each message that refuses or warns, by its row."""
    table, told = found.table(), found.ledger.texts
    answers: dict[int, int] = {}
    for number in numbers:
        row, result = int(table["decisive"][number - 1]), int(table["result"][number - 1])
        if row != NONE and (OK < result < INTERRUPTED or row in told):
            answers[row] = number
    return answers, {row: found.request_of(row) for row in answers}
