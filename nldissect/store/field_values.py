"""Values of one field in many messages, as NumPy arrays or pandas columns (`arrow.py`: as Arrow columns)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from nldissect.columns.blocks.buffer import Array
from nldissect.optional import library

from .series import NUMBER, SPAN, TIME, Series

NUMPY = {TIME: "datetime64[ns]", SPAN: "timedelta64[ns]"}


class FieldValues(NamedTuple):
    """Values and their rows; rows ascend, a row may have no value or several.

    size     number of rows
    rows     int64, one per value
    values   dtype of the series
    """

    series: Series
    size: int
    rows: Array
    values: Array

    def firsts(self) -> tuple[Array, Array]:
        """Return two arrays, one entry per row: its first value, and a mask of the rows that have one."""
        begins = np.ones(len(self.rows), bool)
        begins[1:] = self.rows[1:] != self.rows[:-1]
        values = np.full(self.size, None) if self.series.dtype == object else np.zeros(self.size, self.series.dtype)
        there = np.zeros(self.size, bool)
        values[self.rows[begins]] = self.values[begins]
        there[self.rows] = True
        return values, there

    def array(self) -> Array:
        """Return the first value of each row; masked, None, NaT or False where there is none."""
        values, there = self.firsts()
        sort = self.series.sort
        if sort == NUMBER:
            if values.dtype == object:
                values[~there] = 0
            return np.ma.MaskedArray(values, ~there)
        if sort in NUMPY:
            moments = values.astype(NUMPY[sort])
            moments[~there] = np.array("NaT", moments.dtype)
            return moments
        return values

    def starts(self) -> Array:
        """Return the index in `values` of each row's first value, and one more for the end."""
        found: Array = np.searchsorted(self.rows, np.arange(self.size + 1))
        return found

    def lists(self) -> Array:
        """Return an object array with a list of values for each row."""
        starts = self.starts().tolist()
        values = (
            list(self.values.astype(NUMPY[self.series.sort])) if self.series.sort in NUMPY else self.values.tolist()
        )
        out = np.empty(self.size, object)
        for row in range(self.size):
            out[row] = values[starts[row] : starts[row + 1]]
        return out

    def pandas(self) -> Any:
        """Return a pandas.Series of first values; numbers as pandas' Int64 or UInt64, which have NA."""
        pd = library("pandas")
        if self.series.sort == NUMBER and self.series.dtype != object:
            values, there = self.firsts()
            return pd.Series(pd.arrays.IntegerArray(values, ~there))
        if self.series.sort == NUMBER:
            values, _ = self.firsts()
            return pd.Series(values, dtype=object)
        return pd.Series(self.array())


def gathered(series: Series, count: int, found: list[tuple[Array, Array]]) -> FieldValues:
    """Join pairs of rows and values into one; the rows of each pair ascend."""
    if not found:
        return FieldValues(series, count, np.zeros(0, np.int64), np.zeros(0, series.dtype))
    rows = np.concatenate([one[0] for one in found])
    values = np.concatenate([one[1] for one in found])
    if len(rows) > 1 and bool((rows[1:] < rows[:-1]).any()):
        order = rows.argsort(kind="stable")
        rows, values = rows[order], values[order]
    return FieldValues(series, count, rows, values)
