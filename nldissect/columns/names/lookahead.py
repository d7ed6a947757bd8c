"""Lookahead: the names of a whole file, for frames that come before the ones that name them."""

from __future__ import annotations

import os
from typing import BinaryIO

from nldissect.capfile import netlink_frame, open_capture
from nldissect.capfile.byte_source import is_packed
from nldissect.capfile.reopenable import readable_twice
from nldissect.sizes import SIZES
from nldissect.wire import NETLINK
from nldissect.wire.name_learning import teachings

from .initial import order_of, whole_timeline_of
from .timeline import GENL, INTERFACE, START, NameTimeline

PROTOCOLS = [number.to_bytes(2, "big") for number in (NETLINK.ROUTE, NETLINK.GENERIC)]
"""Protocols with messages that name interfaces and generic families."""


def names_ahead(
    path: str, families: dict[int, str] | None = None, order: str | None = None, counted: bool = False
) -> NameTimeline | None:
    """Return the names that a file gives, up to SIZES.lookahead_bytes; None if it can't be read twice.

    counted   positions in the timeline are numbers of records, else offsets of frames in the file
    """
    if not readable_twice(path):
        return None
    if counted and _is_small(path):
        return names_by_frame(path, families, order)
    names = _names_by_block(path, families, order, counted)
    return _names_by_block(path, families, order, counted, names) if names.misses_names() else names


def _names_by_block(
    path: str, families: dict[int, str] | None, order: str | None, counted: bool, known: NameTimeline | None = None
) -> NameTimeline:
    """Return the names of a file; `known`: names found in the pass before, of families that are named late."""
    from ..block_reader import BlockReader

    source = BlockReader(path, families, order, counted=counted)
    names = source.names = whole_timeline_of(source.reader, families, known)
    for block in source.blocks():
        if block.offset > SIZES.lookahead_bytes:
            break
    source.finish()
    return names


def names_by_frame(
    path: str | BinaryIO, families: dict[int, str] | None = None, order: str | None = None
) -> NameTimeline:
    """Return the names that a capture gives interfaces and families; positions are numbers of records."""
    names = _names_by_frame(path, families, order)
    if not names.misses_names():
        return names
    if not isinstance(path, str):
        path.seek(0)
    return _names_by_frame(path, families, order, names)


def _names_by_frame(
    path: str | BinaryIO, families: dict[int, str] | None, order: str | None, known: NameTimeline | None = None
) -> NameTimeline:
    with open_capture(path) as reader:
        names = whole_timeline_of(reader, families, known)
        byte_order, fixed = order_of(reader, order), order is not None
        for record in reader:
            data = netlink_frame(record)
            if data is None or data[14:16] not in PROTOCOLS:
                continue
            at, space = record.number, record.interface.space
            context = names.context(at, space, byte_order, learns=True)
            context.fixed_order = fixed
            cut_from = record.wire_length + len(data) - len(record.data)
            for what, given, asks, makes in teachings(data, context, cut_from):
                if asks and what == INTERFACE:
                    names.observe_request(at, space, given.number, given.name, makes)
                elif not asks and given.name is not None and given.number > 0 and not given.elsewhere:
                    since = names.origin(space, given.number, given.name, makes) if what == INTERFACE else START
                    names.learn(what, given.number, given.name, at, space, since)
            byte_order = context.order
    return names


def families_in(path: str | BinaryIO) -> dict[int, str]:
    """Return the generic families a capture names anywhere: the first name of each id, or one that was requested."""
    return names_by_frame(path).names(START)[GENL]


def _is_small(path: str) -> bool:
    try:
        return os.stat(path).st_size <= SIZES.lookahead_by_frame and not is_packed(path)
    except OSError:
        return True  # logs of strace, which have a prefix
