"""`-T fields` and `-T csv` for a whole block: a column of texts for each field, then lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

import numpy as np

from nldissect.capfile import time_text
from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.extract.plan import Hits, Plan
from nldissect.columns.extract.values import column, each, kinds_in
from nldissect.columns.fields.derived import Situation, Time
from nldissect.columns.fields.derived_columns import COLUMNS, FAMILY, Column, errors
from nldissect.columns.fields.row_decoder import Walker
from nldissect.columns.fields.subfields import is_part
from nldissect.filters.header_kinds import FLAGS, TYPE
from nldissect.filters.resolve import Field
from nldissect.store.series import flag_texts
from nldissect.wire import Kind, genlmsghdr
from nldissect.wire.decode.walk import FAMILY as FAMILY_KIND
from nldissect.wire.numbers import Scalar
from nldissect.wire.selectors import is_plain_number

from ..field_cells import flat, text_of
from ..field_rows import Extractor, is_array_of_values


class View(NamedTuple):
    """The messages of a block that are shown.

    chosen   their indexes
    row      for every message the number of its row, -1 if it is not shown
    """

    block: Block
    chosen: Array
    row: Array
    hits: dict[str, Hits]
    walker: Walker
    first: int | None


Cells = list[str]
Fill = Callable[[View], Cells]
"""Makes the cells of one field, one for each message shown."""


class Rows:
    """Makes the lines of an Extractor from columns; what they can't tell, from messages as walked."""

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor
        self._layout = extractor.layout
        self._bare = not self._layout.quote and not self._layout.csv
        paths: dict[str, None] = {}
        self._fills = [self._fill(one, paths) for one in extractor.fields]
        self._plan = Plan(paths) if paths else None

    def lines(self, block: Block, mask: Array | None, first: int | None) -> list[str]:
        """The lines of the messages that `mask` chooses (None: all), without their ends.

        first   time of the capture's first frame, in nanoseconds
        """
        chosen = np.arange(len(block)) if mask is None else mask.nonzero()[0]
        if not len(chosen):
            return []
        row = np.full(len(block), -1)
        row[chosen] = np.arange(len(chosen))
        hits = self._plan.run(block) if self._plan is not None else {}
        view = View(block, chosen, row, hits, Walker(block, first), first)
        columns = [fill(view) for fill in self._fills]
        if not self._bare:
            columns = [list(map(self._layout.quoted, one)) for one in columns]
        if len(columns) == 1:
            return columns[0]
        return list(map(self._layout.separator.join, zip(*columns, strict=True)))

    def empty(self, block: Block, frame: int, first: int | None) -> str:
        """The line of a frame without any message, without its end."""
        return self._extractor.line(Walker(block, first).without_message(frame)).removesuffix("\n")

    def _fill(self, field: Field, paths: dict[str, None]) -> Fill:
        if field.derived is not None:
            return self._derived(field, paths)
        if any(is_part(place.kind) or not _has_text(place.kind) for place in field.places):
            return partial(self._walked, self._extractor.of(field))
        own = [".".join(field.path), ".".join(field.path) + "[]"]
        paths.update(dict.fromkeys(own))
        family = any(place.kind is FAMILY_KIND and place.owner is genlmsghdr for place in field.places)
        return partial(self._hits, own, family)

    def _derived(self, field: Field, paths: dict[str, None]) -> Fill:
        assert field.derived is not None
        kind, name = field.derived.kind, field.derived.name.lower()
        if name == "error":
            paths["error"] = None
            return lambda view: _of_column(kind, errors(view.block, view.hits["error"]), view)
        if name not in COLUMNS:
            return partial(self._walked, self._extractor.of(field))
        make = COLUMNS[name]
        return lambda view: _of_column(kind, make(view.block, view.first), view)

    def _walked(self, texts: Callable[[Situation], Iterable[str]], view: View) -> Cells:
        cell = self._layout.joined
        return [cell(list(texts(view.walker.situation(message)))) for message in view.chosen.tolist()]

    def _hits(self, paths: list[str], family: bool, view: View) -> Cells:
        found: list[tuple[Array, list[str]]] = []
        for path in paths:
            hits = view.hits[path]
            rows = view.row[hits.message]
            shown = rows >= 0
            if not shown.all():
                hits, rows = hits.where(shown), rows[shown]
            if len(hits):
                found.append((rows, self._texts(hits, view.block)))
        if family:
            found.append(_there(FAMILY(view.block, view.first), view))
        return self._joined([one for one in found if len(one[0])], len(view.chosen))

    def _joined(self, found: list[tuple[Array, list[str]]], count: int) -> Cells:
        """One cell a row from texts and their rows, which ascend within each piece."""
        if not found:
            return [""] * count
        if len(found) > 1:
            rows = np.concatenate([one[0] for one in found])
            order = rows.argsort(kind="stable")
            texts = [text for one in found for text in one[1]]
            found = [(rows[order], [texts[place] for place in order.tolist()])]
        rows, texts = found[0]
        if len(rows) == count and bool((rows[1:] > rows[:-1]).all()):
            return texts
        cells = np.full(count, "", object)
        cells[rows] = np.array([*texts, None], object)[:-1]
        again = np.zeros(count, bool)
        again[rows[1:][rows[1:] == rows[:-1]]] = True
        several: dict[int, list[str]] = {}
        for line in again[rows].nonzero()[0].tolist():
            several.setdefault(int(rows[line]), []).append(texts[line])
        for row, values in several.items():
            cells[row] = self._layout.joined(values)
        out: Cells = cells.tolist()
        return out

    def _texts(self, hits: Hits, block: Block) -> list[str]:
        pieces = [(lines, self._of_kind(kind, hits.where(lines), block)) for kind, _, lines in kinds_in(hits)]
        if len(pieces) == 1:
            return pieces[0][1]
        out = [""] * len(hits)
        for lines, texts in pieces:
            for line, text in zip(lines.tolist(), texts, strict=True):
                out[line] = text
        return out

    def _of_kind(self, kind: Kind, hits: Hits, block: Block) -> list[str]:
        if kind is TYPE:
            names = [one.type_name for one in block.meanings]
            return [names[one] for one in block.meaning[hits.message].tolist()]
        if kind is FLAGS:
            return flag_texts(block, hits.message)
        if isinstance(kind, Scalar) and is_plain_number(kind) and kind.names is None and type(kind).json is Scalar.json:
            numbers = column(hits, block.raw)
            assert numbers is not None
            return list(map(str, numbers.tolist()))
        secrets = self._extractor.secrets
        return each(hits, block.raw, lambda one: partial(text_of, one, secrets=secrets))


def _has_text(kind: Kind) -> bool:
    """Whether the values of a kind become text without what is inside them."""
    return kind.shape == "leaf" or is_array_of_values(kind)


def _there(made: Column, view: View) -> tuple[Array, list[str]]:
    """Rows and texts of a column of names."""
    assert made.table is not None
    rows = (np.ones(len(view.chosen), bool) if made.there is None else made.there[view.chosen]).nonzero()[0]
    return rows, [flat(made.table[place]) for place in made.values[view.chosen[rows]].tolist()]


def _of_column(kind: Kind, made: Column, view: View) -> Cells:
    """The cells of a derived column."""
    values = made.values[view.chosen].tolist()
    if made.table is not None:
        table = ["" if value is None else flat(value) for value in made.table]
        texts = [table[place] for place in values]
    elif isinstance(kind, Time):
        texts = _times(values, view)
    elif getattr(kind, "names", None) is not None:
        shown = {value: flat(kind.json(value)) for value in set(values)}
        texts = [shown[value] for value in values]
    else:
        texts = list(map(str, values))
    if made.there is not None and not (there := made.there[view.chosen]).all():
        texts = [text if one else "" for text, one in zip(texts, there.tolist(), strict=True)]
    return texts


def _times(values: list[int], view: View) -> Cells:
    """Times with the decimals of their interface."""
    decimals = [one.decimals for one in view.block.interfaces]
    if len(set(decimals)) == 1:
        return [time_text(value, decimals[0]) for value in values]
    interface = view.block.frame_interface[view.block.frame[view.chosen]].tolist()
    return [time_text(value, decimals[one]) for value, one in zip(values, interface, strict=True)]
