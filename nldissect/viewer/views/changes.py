"""View of object changes: the values each notification changed, from the state kept of every object in the list."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nldissect.analysis.objects.change import THERE, UNCHANGED, Change, called
from nldissect.analysis.objects.changes import Changes
from nldissect.analysis.stats.objects import tells_of_object
from nldissect.columns.blocks.message_type import MessageType
from nldissect.render.change_text import ChangeText
from nldissect.terminal.colors import plain
from nldissect.uapi import NLMSG_DONE

from . import Cell, Heading, TableLine, ViewInput
from .counting import protocol_shown

HEADINGS = [
    Heading("No.", right=True),
    Heading("Protocol"),
    Heading("Object"),
    Heading("Name"),
    Heading("What changed"),
]


def rows(scene: ViewInput) -> Iterator[list[TableLine]]:
    """Yield the table of changes in the order of time."""
    found, lines = Changes(), list[TableLine]()
    teller = ChangeText()
    for block, held, mask in scene.blocks():
        telling = np.array([_tells(one) for one in block.message_types] or [False])[block.headers.message_type]
        if mask is not None:
            telling = telling & mask
        for index in telling.nonzero()[0].tolist():
            entry = scene.store.entry(int(held[index]))
            about = entry.record.interface.name
            for change in found.meet(entry.number, entry.place, entry.record.time, entry.walked, about, entry.row):
                _add(lines, change, teller)
        yield lines
    for change in found.finish():
        _add(lines, change, teller)
    yield lines


def _tells(meaning: MessageType) -> bool:
    """Return whether messages of this type can be about an object, or end a dump."""
    return meaning.number == NLMSG_DONE or tells_of_object(meaning)


def _add(lines: list[TableLine], change: Change, teller: ChangeText) -> None:
    if change.what in (THERE, UNCHANGED):
        return
    cells: list[Cell] = [
        str(change.frame),
        protocol_shown(change.walked.protocol),
        change.thing.name,
        ("title", called(change)),
        ("", plain(teller.said(change))),
    ]
    lines.append(TableLine(cells, change.about))
