"""Derived fields of the cooked header of frames: imported on demand, as Scapy is needed for it."""

from __future__ import annotations

from functools import partial
from typing import Any

from nldissect.wire.kind import Kind
from nldissect.wire.packets.frame import nlmon

from .derived import MessageContext, derived_field


def _cooked(kind: Kind, start: int, end: int, situation: MessageContext) -> tuple[Any, ...]:
    data = situation.frame.data
    return () if len(data) < end else (kind.decoder(">")(data, start, end),)


def _register_cooked_header() -> None:
    at = 0
    for one in nlmon.fields_desc:
        kind: Kind = one.kind
        if kind.size is None:
            return
        values = partial(_cooked, kind, at, at + kind.size)
        derived_field(kind.name, kind, "cooked header of the frame")(values)
        at += kind.size


_register_cooked_header()
