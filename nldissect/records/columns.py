"""Columns of records, for data frames: pandas, Polars and pyarrow all take a dict of equally long lists."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from .model import RequestCause

INNER = {"RequestCause | None": RequestCause}
"""Classes of records in other records, by the type that the field declares."""


def record_columns(records: Iterable[Any]) -> dict[str, list[Any]]:
    """Return the fields of records of one class as columns: a list by name, one entry per record.

    Entries are int, str or None. The fields of a record in another one have both names, as in "cause.pid", and are
    None where it is absent; what holds several values (fields, values, frames, changes) is JSON text.
    """
    rows = list(records)
    return _columns(rows, type(rows[0])) if rows else {}


def _columns(rows: Sequence[Any], of: type[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for field in fields(of):
        values = [None if row is None else getattr(row, field.name) for row in rows]
        inner = INNER.get(str(field.type))
        if inner is not None:
            found |= {f"{field.name}.{name}": column for name, column in _columns(values, inner).items()}
        else:
            found[field.name] = [_plain(value) for value in values]
    return found


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (int, str)):
        return value
    return json.dumps(value, default=_encoded, ensure_ascii=False)


def _encoded(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return str(value)
