"""Batches: messages of one layout as rows of bytes, made into text column by column."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cache
from operator import itemgetter
from typing import Any

import numpy as np

from nldissect.index.blocknames import BlockNames
from nldissect.index.raw import Array
from nldissect.index.timeline import History

from .forms import Form, Whole
from .layouts import Layout
from .said import Cases
from .slots import ODD, Part, Slot, Texts, case_of

FEW = 16
"""Slots from which on all leaves of a batch are compared at once."""
Strings = str | list[Any]
"""One text for all rows, or one for each."""


class Batch:
    """Rows of one layout.

    messages   the index of each row's message in its block
    column     gives the texts of something that is not in the bytes
    names      those of interfaces, which may change within the block
    same       for each leaf whether all rows have the same value there
    first      the values of the first row: numbers, or bytes
    """

    def __init__(
        self,
        layout: Layout,
        rows: Array,
        messages: Array,
        column: Callable[[str, Array], Strings],
        names: BlockNames,
    ) -> None:
        self.layout, self.rows, self.messages, self.column, self.names = layout, rows, messages, column, names
        self._raw: dict[int, list[Any]] = {}
        self._texts: dict[tuple[int, int], Strings] = {}
        self.same: list[bool] = []
        self.first: tuple[Any, ...] = ()

    def __len__(self) -> int:
        return len(self.messages)

    def some(self, chosen: Any) -> Batch:
        """A batch of some of the rows."""
        return Batch(self.layout, self.rows[chosen], self.messages[chosen], self.column, self.names)

    def compare(self) -> None:
        """Find `same` and `first` for all leaves at once; for a few slots each by itself is quicker."""
        layout, words = self.layout, self.rows.view(np.uint64)
        either: Any = np.bitwise_or  # NumPy's stubs forget the axis of reduce in some releases
        differs = either.reduce(words ^ words[:1], axis=0).view(np.uint8)
        counts = np.concatenate(([0], np.cumsum(differs != 0)))
        self.same = (counts[layout.starts] == counts[layout.ends]).tolist()
        self.first = self.rows[0].view(layout.record)[0].item()

    def texts(self, slot: Slot) -> Strings:
        """What stands in a slot."""
        place, texts = slot
        refers = None if texts is None else texts.refers
        if self.same and self.same[place] and refers is None:
            raw = self.first[place]
            return str(raw) if texts is None else texts[raw]
        known = self._texts.get((place, id(texts)))
        if known is not None:
            return known
        if self.same[place] if self.same else self._is_same(place):
            raw = self.first[place] if self.same else self._read(place, 1)[0]
            text = str(raw) if texts is None else texts[raw]
            if refers is None or raw not in self._changing(refers):
                self._texts[place, id(texts)] = text
                return text
        raws = self._raw.get(place)
        if raws is None:
            raws = self._raw[place] = self._read(place, len(self.rows))
        if texts is None:
            return raws
        found = list(map(texts.__getitem__, raws))
        if refers is not None and self._changing(refers):  # asked after the texts: those may be the first to look ahead
            self._rename(found, raws, texts)
        self._texts[place, id(texts)] = found
        return found

    def _changing(self, what: str) -> dict[int, History]:
        """Numbers of a kind whose names change in the block: all rows are of one interface, so of one namespace."""
        return self.names.changing(what, int(self.messages[0]))

    def _read(self, place: int, count: int) -> list[Any]:
        """What a leaf holds in the first rows: numbers, or bytes."""
        code, start, _ = self.layout.columns[place]
        column: list[Any] = np.ndarray((count,), code, self.rows, start, self.rows.strides[:1]).tolist()
        return column

    def _is_same(self, place: int) -> bool:
        _, start, end = self.layout.columns[place]
        column = self.rows[:, start:end]
        first = column[0].tobytes()
        return bool(column[-1].tobytes() == first and column.tobytes() == first * len(column))

    def _rename(self, found: list[str], raws: list[Any], texts: Texts) -> None:
        """Put in the names that hold where each message stands, in a block in which some change."""
        assert texts.refers is not None
        known: dict[tuple[Any, int], str] = {}
        turns = self._changing(texts.refers)
        for row, raw in enumerate(raws):
            if raw in turns:
                key = raw, bisect_right(turns[raw], self.names.position(int(self.messages[row])), key=itemgetter(0))
                text = known.get(key)
                if text is None:
                    text = known[key] = texts.at(raw, self.names.as_of(int(self.messages[row])))
                found[row] = text


def render(form: Form, batch: Batch, cases: Cases = ()) -> Iterator[tuple[Array, list[str] | None]]:
    """The texts of a batch, some messages at a time; None for those that only the slow path can do."""
    step = form.said.step(cases)
    if not step.words:
        whole = form.with_summary(step.parts)
        yield batch.messages, _lines(whole, batch) if form.is_line else _filled(whole, batch)
        return
    known: list[tuple[int, int]] = []
    varying: list[tuple[int, list[int]]] = []
    for word in step.words:
        slot = form.said.words[word]
        texts = batch.texts(slot)
        if isinstance(texts, str):
            known.append((word, case_of(texts)))
        elif slot.texts is not None and len(slot.texts.cases) == 1:
            known.append((word, next(iter(slot.texts.cases))))
        else:
            case = {text: case_of(text) for text in set(texts)}
            if len(set(case.values())) == 1:
                known.append((word, case[texts[0]]))
            else:
                varying.append((word, list(map(case.__getitem__, texts))))
    groups: dict[tuple[int, ...], list[int]] = {}
    if varying:
        for row, cases_of in enumerate(zip(*(column for _, column in varying), strict=True)):
            groups.setdefault(cases_of, []).append(row)
    else:
        groups[()] = []
    for values, rows in groups.items():
        some = batch.some(rows) if len(groups) > 1 else batch
        found = known + [(word, value) for (word, _), value in zip(varying, values, strict=True)]
        if any(value == ODD for _, value in found):
            yield some.messages, None
        else:
            yield from render(form, some, (*cases, *sorted(found)))


def _filled(whole: Whole, batch: Batch) -> list[str]:
    if len(whole.open) > FEW and not batch.same:
        batch.compare()
    pieces = whole.pieces.copy()
    columns: list[list[Any]] = []
    for place, part in whole.open:
        texts = _texts(part, batch)
        if isinstance(texts, str):
            pieces[place] = texts.replace("%", "%%") if "%" in texts else texts
        else:
            pieces[place] = "%s"
            columns.append(texts)
    form = "".join(pieces)
    if not columns:
        return [form % ()] * len(batch)
    return list(map(form.__mod__, zip(*columns, strict=True)))


def _lines(whole: Whole, batch: Batch) -> list[str]:
    """The same for lines of a list, where nearly all columns are texts."""
    constants, columns = [""], list[list[str]]()
    for part in whole.parts:
        texts = part if isinstance(part, str) else _texts(part, batch)
        if isinstance(texts, str):
            constants[-1] += texts
        else:
            columns.append(texts if isinstance(texts[0], str) else list(map(str, texts)))
            constants.append("")
    lines = _join(len(columns))(*constants)(columns) if columns else constants * len(batch)
    return [line.rstrip(" \n") + "\n" for line in lines] if whole.bare else lines


def _texts(part: Part, batch: Batch) -> Strings:
    """What stands in the place of a part that is no constant."""
    return batch.texts(part) if isinstance(part, Slot) else batch.column(part.name, batch.messages)  # type: ignore[union-attr]


@cache
def _join(count: int) -> Callable[..., Callable[[list[list[str]]], list[str]]]:
    """Constants around so many columns; an f-string takes half the time of the operator %."""
    constants = [f"c{place}" for place in range(count + 1)]
    rows = [f"r{place}" for place in range(count)]
    text = "".join(f"{{{constant}}}{{{row}}}" for constant, row in zip(constants, rows, strict=False))
    inner = f"[f'{text}{{{constants[-1]}}}' for {', '.join(rows)}, in zip(*columns, strict=True)]"
    made: Callable[..., Callable[[list[list[str]]], list[str]]] = eval(
        f"lambda {', '.join(constants)}: lambda columns: {inner}"
    )
    return made
