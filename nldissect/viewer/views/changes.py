"""View of object changes: the values each notification changed, from the state kept of every object in the list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from nldissect.analysis.causes.cause import CauseResolver, cause_of_change
from nldissect.analysis.objects.change import THERE, UNCHANGED, Change, called
from nldissect.analysis.objects.changes import Changes
from nldissect.analysis.stats.objects import tells_of_object
from nldissect.columns.blocks.message_type import MessageType
from nldissect.columns.blocks.whole_capture import WholeCapture
from nldissect.render.change_text import ChangeText
from nldissect.render.origins.frame_source import netns_label
from nldissect.terminal.colors import plain
from nldissect.uapi import NLMSG_DONE, NLMSG_ERROR

from . import Cell, Heading, TableLine, ViewInput
from .counting import protocol_shown

HEADINGS = [
    Heading("No.", right=True),
    Heading("Protocol"),
    Heading("Object"),
    Heading("Name"),
    Heading("What changed"),
]


class ListedMessage(NamedTuple):
    """A message of the list: its row, its key in its file, that file as a whole, and the label of its namespace."""

    row: int
    key: int
    whole: WholeCapture | None
    label: str


def rows(scene: ViewInput) -> Iterator[list[TableLine]]:
    """Yield the table of changes in the order of time."""
    found, lines = Changes(), list[TableLine]()
    teller, alone = ChangeText(), True
    for block, held, mask in scene.blocks():
        telling = np.array([_tells(one) for one in block.message_types] or [False])[block.headers.message_type]
        if mask is not None:
            telling = telling & mask
        for index in telling.nonzero()[0].tolist():
            entry = scene.store.entry(int(held[index]))
            where, label = entry.record.interface.space_or_name, netns_label(entry.record.interface).strip()
            about = ListedMessage(entry.row, entry.situation.key, entry.whole, label)
            alone = alone and entry.number == entry.own_number
            for change in found.meet(entry.number, entry.place, entry.record.time, entry.walked, where, about):
                _add(lines, change, teller, alone)
        yield lines
    for change in found.finish():
        _add(lines, change, teller, alone)
    yield lines


def _tells(meaning: MessageType) -> bool:
    """Return whether messages of this type can be about an object, acknowledge a request, or end a dump."""
    return meaning.number in (NLMSG_DONE, NLMSG_ERROR) or tells_of_object(meaning)


def _add(lines: list[TableLine], change: Change, teller: ChangeText, alone: bool) -> None:
    """Add a change with its cause; of one of several files the number of the cause's frame is not known."""
    if change.what in (THERE, UNCHANGED):
        return
    about: ListedMessage = change.about
    resolver = None if about.whole is None or not alone else about.whole.live_result(CauseResolver)
    cause = None if resolver is None else cause_of_change(change, lambda one: int(one.key), resolver)
    cells: list[Cell] = [
        str(change.frame),
        protocol_shown(change.walked.protocol),
        change.thing.name,
        ("title", f"{about.label} {called(change)}".strip()),
        ("", plain(teller.said(change, cause))),
    ]
    lines.append(TableLine(cells, about.row))
