"""`-T fields` and `-T csv` for a whole block: a column of texts for each field, then lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

import numpy as np

from nldissect.capfile import time_text
from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.extract.plan import Hits
from nldissect.columns.extract.values import column, each, kinds_in
from nldissect.columns.fields.column_reader import BlockInput, ColumnForm, ColumnReader, column_form
from nldissect.columns.fields.derived import MessageContext, TimeSpan
from nldissect.columns.fields.derived_columns import FieldColumn
from nldissect.columns.fields.field import Field
from nldissect.columns.fields.header_fields import FLAGS, TYPE
from nldissect.columns.fields.message_decoder import MessageDecoder
from nldissect.store.series import flag_texts
from nldissect.wire import Kind
from nldissect.wire.numbers import Scalar
from nldissect.wire.selectors import is_plain_number

from ..field_cells import flat, text_of
from ..field_rows import Extractor, is_array_of_values


class ShownRows(NamedTuple):
    """The messages of a block that are shown.

    chosen   int64, their indexes
    row      int64, for every message of the block the number of its row; -1 if it is not shown
    """

    found: BlockInput
    chosen: Array
    row: Array


Cells = list[str]
Fill = Callable[[ShownRows], Cells]
"""Function that makes the cells of one field, one for each message shown."""


class FieldsRenderer:
    """A renderer of an Extractor's lines from columns; other fields come from decoded messages."""

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor
        self._layout = extractor.layout
        self._bare = not self._layout.quote and not self._layout.csv
        forms = [self._form(field) for field in extractor.fields]
        self._fills = [self._fill(field, form) for field, form in zip(extractor.fields, forms, strict=True)]
        self._reader = ColumnReader(path for form in forms for path in form.needs)

    def lines(self, block: Block, mask: Array | None, first: int | None) -> list[str]:
        """Return the lines of the selected messages, without line ends.

        mask    bool, one per message; None: all of them
        first   time of the capture's first frame, in nanoseconds
        """
        chosen = np.arange(len(block)) if mask is None else mask.nonzero()[0]
        if not len(chosen):
            return []
        row = np.full(len(block), -1)
        row[chosen] = np.arange(len(chosen))
        shown = ShownRows(self._reader.read(block, first), chosen, row)
        columns = [fill(shown) for fill in self._fills]
        if not self._bare:
            columns = [list(map(self._layout.quoted, one)) for one in columns]
        if len(columns) == 1:
            return columns[0]
        return list(map(self._layout.separator.join, zip(*columns, strict=True)))

    def empty(self, block: Block, frame: int, first: int | None) -> str:
        """Return the line of a frame without any message, without its line end."""
        return self._extractor.line(MessageDecoder(block, first).without_message(frame)).removesuffix("\n")

    def _form(self, field: Field) -> ColumnForm:
        """Return how the values of a field are read; values with text made of inner nodes are read row by row."""
        texts = field.derived is not None or all(_has_text(place.kind) for place in field.places)
        return column_form(field) if texts else ColumnForm()

    def _fill(self, field: Field, form: ColumnForm) -> Fill:
        if form.by_message:
            return partial(self._by_message, self._extractor.of(field))
        return partial(_of_column, form) if field.derived is not None else partial(self._of_hits, form)

    def _by_message(self, texts: Callable[[MessageContext], Iterable[str]], shown: ShownRows) -> Cells:
        cell, decoder = self._layout.joined, shown.found.decoder
        return [cell(list(texts(decoder.situation(message)))) for message in shown.chosen.tolist()]

    def _of_hits(self, form: ColumnForm, shown: ShownRows) -> Cells:
        pieces: list[tuple[Array, list[str]]] = []
        for path in form.hits:
            hits = shown.found.hits[path]
            rows = shown.row[hits.message]
            shown_mask = rows >= 0
            if not shown_mask.all():
                hits, rows = hits.where(shown_mask), rows[shown_mask]
            if len(hits):
                pieces.append((rows, self._texts(hits, shown.found.block)))
        if form.column is not None:
            pieces.append(_names(form.column(shown.found), shown))
        return self._joined([piece for piece in pieces if len(piece[0])], len(shown.chosen))

    def _joined(self, found: list[tuple[Array, list[str]]], count: int) -> Cells:
        """Return one cell for each of `count` rows, from texts and their rows, which ascend within each piece."""
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
            names = [one.type_name for one in block.message_types]
            return [names[one] for one in block.headers.message_type[hits.message].tolist()]
        if kind is FLAGS:
            return flag_texts(block, hits.message)
        if isinstance(kind, Scalar) and is_plain_number(kind) and kind.names is None and type(kind).json is Scalar.json:
            numbers = column(hits, block.buffer)
            assert numbers is not None
            return list(map(str, numbers.tolist()))
        secrets = self._extractor.secrets
        return each(hits, block.buffer, lambda one: partial(text_of, one, secrets=secrets))


def _has_text(kind: Kind) -> bool:
    """Return whether the values of a kind become text without the nodes inside them."""
    return kind.shape == "leaf" or is_array_of_values(kind)


def _names(made: FieldColumn, shown: ShownRows) -> tuple[Array, list[str]]:
    """Return rows (int64) and texts of the values that a column of names has."""
    assert made.table is not None
    rows = (np.ones(len(shown.chosen), bool) if made.there is None else made.there[shown.chosen]).nonzero()[0]
    return rows, [flat(made.table[place]) for place in made.values[shown.chosen[rows]].tolist()]


def _of_column(form: ColumnForm, shown: ShownRows) -> Cells:
    """Return the cells of a derived field."""
    assert form.column is not None and form.kind is not None
    kind, made = form.kind, form.column(shown.found)
    values = made.values[shown.chosen].tolist()
    if made.table is not None:
        table = ["" if value is None else flat(value) for value in made.table]
        texts = [table[place] for place in values]
    elif isinstance(kind, TimeSpan):
        texts = _times(values, shown)
    elif getattr(kind, "names", None) is not None:
        names = {value: flat(kind.json(value)) for value in set(values)}
        texts = [names[value] for value in values]
    else:
        texts = list(map(str, values))
    if made.there is not None and not (there := made.there[shown.chosen]).all():
        texts = [text if one else "" for text, one in zip(texts, there.tolist(), strict=True)]
    return texts


def _times(values: list[int], shown: ShownRows) -> Cells:
    """Return times as text with the decimals of their interface."""
    decimals = [one.decimals for one in shown.found.block.interfaces]
    if len(set(decimals)) == 1:
        return [time_text(value, decimals[0]) for value in values]
    interface = shown.found.block.frames.interface[shown.found.block.messages.frame[shown.chosen]].tolist()
    return [time_text(value, decimals[one]) for value, one in zip(values, interface, strict=True)]
