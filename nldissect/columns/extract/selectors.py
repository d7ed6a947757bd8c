"""Selectors: the values on which payloads depend, as columns that are computed on first use.

Selectors have one line per extent (message, nest, struct). Values are value codes: a small integer as itself, any other
value by its place in a list of values seen. `wire.selectors` defines the names: a header's own field goes before one
around it, and a set's selectors hide those of the same name outside, present or not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nldissect.wire.attr_set import PRESENT
from nldissect.wire.kind import Kind
from nldissect.wire.selectors import is_plain_number

from ..blocks.buffer import Array, Buffer, group_by
from ..blocks.distinct import distinct

ABSENT = -(1 << 62)
MET = ABSENT + 1


class ValueCodes:
    """Value codes of values that are no small integers; a value keeps its code through one pass over a block."""

    def __init__(self) -> None:
        self._met: list[Any] = []
        self._numbers: dict[Any, int] = {}

    def code(self, value: Any) -> int:
        """Return the value code of a value."""
        if value is None:
            return ABSENT
        if isinstance(value, int) and abs(value) < 1 << 60:
            return int(value)
        if isinstance(value, list):
            value = repr(value)  # no table names a list: any other value serves
        if value not in self._numbers:
            self._numbers[value] = MET + len(self._met)
            self._met.append(value)
        return self._numbers[value]

    def value(self, code: int) -> Any:
        """Return the value of a code."""
        if code == ABSENT:
            return None
        return self._met[code - MET] if code < ABSENT >> 1 else code


class OrderedBuffer:
    """One byte order of one block: its bytes and value codes."""

    def __init__(self, raw: Buffer, order: str, values: ValueCodes) -> None:
        self.raw, self.order, self.values = raw, order, values

    def codes(self, kind: Kind, start: Array, end: Array) -> Array:
        """Return the value codes of values at [start, end), which fit the kind; int64, one per value."""
        found: Array
        if is_plain_number(kind) and (kind.size or 8) < 8:
            return self.numbers(kind, start)
        which, first = distinct(self.raw, start, end)
        decode = kind.decoder(self.order)
        pairs = zip(start[first].tolist(), end[first].tolist(), strict=True)
        known = [self.values.code(decode(bytes(self.raw.buffer[one:other]), 0, other - one)) for one, other in pairs]
        found = np.array(known, np.int64)[which]
        return found

    def numbers(self, kind: Any, start: Array) -> Array:
        """Return the values of a plain number, int64."""
        code = np.dtype(kind.codec(self.order).format)
        return self.raw.words(code.str if code.itemsize > 1 else "<" + code.str[1:])[start].astype(np.int64)


class Selectors:
    """Values that hold in each of some extents; `up`: for each extent the line in `around`, None for the same line."""

    def __init__(self, around: Selectors | None = None, up: Array | None = None) -> None:
        self.around, self.up = around, up
        self._known: dict[str, Array | None] = {}

    def get(self, name: str) -> Array | None:
        """Return the value codes of a name, ABSENT where it has no value; None if it has none anywhere."""
        if name not in self._known:
            self._known[name] = self.find(name)
        return self._known[name]

    def find(self, name: str) -> Array | None:
        """Return the same, looked up around these extents."""
        if self.around is None:
            return None
        codes = self.around.get(name)
        return codes if codes is None or self.up is None else codes[self.up]


class OwnSelectors(Selectors):
    """Selectors with names of their own, found by `find_own`; `through`: where a code is ABSENT, that around holds."""

    def __init__(
        self, around: Selectors | None, names: set[str], find_own: Callable[[str], Array | None], through: bool
    ) -> None:
        super().__init__(around)
        self._names, self._find_own, self._through = names, find_own, through

    def find(self, name: str) -> Array | None:
        if name.removesuffix(PRESENT) not in self._names:
            return super().find(name)
        own = self._find_own(name)
        if not self._through or (own is not None and not (own == ABSENT).any()):
            return own
        around = super().find(name)
        if own is None or around is None:
            return around if own is None else own
        return np.where(own == ABSENT, around, own)


def resolved(kind: Kind, scope: Selectors, count: int, values: ValueCodes) -> list[tuple[Kind, Array | None]]:
    """Return the content of `count` extents by `Kind.resolve`: kinds and the lines they are in, None for all."""
    names = list(dict.fromkeys(name for group in kind.bindings for name in group))
    columns = {name: codes for name in names if (codes := scope.get(name)) is not None}
    found: list[tuple[Kind, Array | None]] = []
    for case, lines in _cases(list(columns.values()), count):
        known = {name: values.value(code) for name, code in zip(columns, case, strict=True)}
        target = kind.resolve({name: value for name, value in known.items() if value is not None})
        found.append((target, lines))
    return _merged(found)


def _cases(columns: list[Array], count: int) -> list[tuple[tuple[int, ...], Array | None]]:
    """Return each combination of codes that occurs, and its lines."""
    cases: list[tuple[tuple[int, ...], Array | None]] = [((), None)]
    for column in columns:
        finer: list[tuple[tuple[int, ...], Array | None]] = []
        for case, lines in cases:
            mine = column if lines is None else column[lines]
            parts = group_by(mine)
            for code, places in parts:
                if len(parts) == 1:
                    finer.append(((*case, code), lines))
                else:
                    finer.append(((*case, code), places if lines is None else lines[places]))
        cases = finer
    return cases if count else []


def _merged(found: list[tuple[Kind, Array | None]]) -> list[tuple[Kind, Array | None]]:
    """Join the lines of cases that lead to the same kind."""
    if len(found) < 2:
        return found
    together: dict[int, tuple[Kind, list[Array]]] = {}
    for kind, lines in found:
        if lines is not None:
            together.setdefault(id(kind), (kind, []))[1].append(lines)
    return [(kind, np.concatenate(lines)) for kind, lines in together.values()]
