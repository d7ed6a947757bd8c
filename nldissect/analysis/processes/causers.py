"""Causers of notifications, for captures that name the process of each frame, as those of strace do."""

from __future__ import annotations

import numpy as np

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.message_type import DIRECTIONS
from nldissect.families.answer_rules import RULES
from nldissect.request_tracker import NOTIFICATION


def is_notification(block: Block) -> Array:
    """Return a mask of notifications: the process in the comments of their frames is a listener."""
    found: Array = (block.headers.direction == DIRECTIONS.index(NOTIFICATION)) & ~block.messages.headerless
    return found


def names_cause(block: Block) -> Array:
    """Return a mask of notifications with sequence number and port id of their request (AnswerRules.names_cause)."""
    caused = np.isin(block.frames.protocol, list(RULES.caused))[block.messages.frame]
    found: Array = is_notification(block) & (block.headers.seq != 0) & (block.headers.pid != 0) & caused
    return found


def last_spoken(events: Array, speaks: Array, ports: Array, seqs: Array) -> Array:
    """Return for each event the last message before it that its causer sent or was answered by; int64, -1: none.

    events   rows of notifications
    speaks   bool, one per row: the message is known to be of the process that has its port
    ports    uint64, one per row: port space and port id
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
