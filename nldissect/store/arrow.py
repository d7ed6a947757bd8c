"""Gathered values as Arrow columns; pyarrow is imported only here, on first use."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.scan import FURTHEST
from nldissect.optional import library

from .field_values import FieldValues
from .series import BOOL, NUMBER, SPAN, TEXT, TIME, Series

WIDEST = 20
"""Decimal digits of an integer of 64 bits, signed or not."""
NANOSECONDS = {"ns": 1, "us": 1000}
"""Nanoseconds per unit of time."""


def type_of(series: Series, several: bool, unit: str = "ns") -> Any:
    """Return the Arrow type of a field, a list of it if `several`; times are UTC, in `unit` ("ns" or "us")."""
    pa = library("pyarrow")
    if series.sort == NUMBER:
        exact = pa.decimal128(WIDEST, 0)
        kind = {"int64": pa.int64(), "uint64": pa.uint64()}.get(str(series.dtype), exact)
    else:
        kinds = {TEXT: pa.string(), BOOL: pa.bool_(), TIME: pa.timestamp(unit, "UTC"), SPAN: pa.duration("ns")}
        kind = kinds[series.sort]
    return pa.list_(kind) if several else kind


def arrow_column(values: FieldValues, several: bool = False, unit: str = "ns") -> Any:
    """Return an Arrow array of the first value of each row, null where there is none, or of lists of all if `several`.

    unit   of times, see type_of
    """
    pa = library("pyarrow")
    series = values.series
    if several:
        starts = pa.array(values.starts(), pa.int32())
        return pa.ListArray.from_arrays(starts, _array(series, values.values, None, unit))
    firsts, there = values.firsts()
    return _array(series, firsts, None if series.sort == BOOL else ~there, unit)


def _array(series: Series, values: Array, absent: Array | None, unit: str) -> Any:
    pa = library("pyarrow")
    kind = type_of(series, several=False, unit=unit)
    if series.sort == TIME:
        beyond = np.abs(values) == FURTHEST  # further than 64 bits of nanoseconds reach: the time is unknown
        absent = beyond if absent is None else absent | beyond
        values = values // NANOSECONDS[unit]
    if values.dtype == object and series.sort == NUMBER:
        return pa.array([None if value is None else Decimal(value) for value in values.tolist()], kind)
    if series.sort == TEXT:
        return pa.array(list(map(_clean, values.tolist())), kind)
    return pa.array(np.ascontiguousarray(values), mask=absent).cast(kind)


def _clean(text: str | None) -> str | None:
    """Return text that UTF-8 can hold: other characters become "?"."""
    return text if text is None or text.isascii() else text.encode(errors="replace").decode()
