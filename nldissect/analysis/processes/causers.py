"""Who caused a notification, where the capture says of each frame which process spoke or listened, as strace does."""

from __future__ import annotations

import numpy as np

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.message_case import DIRECTIONS
from nldissect.families.answer_rules import RULES
from nldissect.request_tracker import NOTIFICATION


def is_notification(block: Block) -> Array:
    """Return which messages of a block are notifications: the process beside their frames is a listener."""
    found: Array = (block.direction == DIRECTIONS.index(NOTIFICATION)) & ~block.bare
    return found


def names_cause(block: Block) -> Array:
    """Return which messages of a block are notifications with sequence number and port id of the request behind them
    (AnswerRules.names_cause)."""
    caused = np.isin(block.frame_protocol, list(RULES.caused))[block.frame]
    found: Array = is_notification(block) & (block.seq != 0) & (block.pid != 0) & caused
    return found


def last_spoken(events: Array, speaks: Array, ports: Array, seqs: Array) -> Array:
    """Return for each event the last message before it that its causer sent or was answered by; -1 for none.

    events   rows of notifications
    speaks   for each row whether it is known to be of the process that has its port
    ports    for each row lane and port id
    seqs     sequence number of each row
    """
    rows = (speaks & np.isin(seqs, seqs[events])).nonzero()[0]
    count = len(rows)
    rows = np.concatenate((rows, events))
    order = np.lexsort((rows, seqs[rows], ports[rows]))
    ordered = rows[order]
    ports, seqs = ports[ordered], seqs[ordered]
    begins = np.append(True, (ports[1:] != ports[:-1]) | (seqs[1:] != seqs[:-1]))[: len(ordered)]
    places = np.arange(len(ordered))
    start = np.maximum.accumulate(np.where(begins, places, 0))
    last = np.maximum.accumulate(np.where(order < count, places, -1))
    found = np.full(len(rows), -1, np.int64)
    found[order] = np.where(last >= start, ordered[last], -1)
    result: Array = found[count:]
    return result
