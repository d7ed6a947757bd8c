"""Values of fields in a block: the only module that defines where the column form of a field is read from.

    form = column_form(field)
    reader = ColumnReader(form.needs)     one pass over a block for all fields of a query
    found = reader.read(block, first)
    form.column(found)                    values that are in no bytes, if there are such
    [found.hits[path] for path in form.hits]

A field that has neither column nor hits is read message by message, see message_reader.py: bit-fields, notes, text made
for people.
tests/contracts/test_vector_filter_agrees.py and test_block_extract_agrees.py hold both together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from nldissect.wire import genlmsghdr
from nldissect.wire.decode.walk import FAMILY
from nldissect.wire.kind import Kind

from ..blocks.block import Block
from ..blocks.buffer import Array
from ..extract.plan import Hits, Plan
from .derived import DerivedField, block_form_of
from .derived_columns import FieldColumn, answers, error_column, family_column
from .field import Field
from .message_decoder import MessageDecoder
from .subfields import is_part


class BlockInput(NamedTuple):
    """A block, and the hits found in it.

    first     time of the capture's first frame, in nanoseconds since 1970; None if none has a time
    hits      by path, those of all paths of the reader
    decoder   decodes single messages
    """

    block: Block
    first: int | None
    hits: dict[str, Hits]
    decoder: MessageDecoder


class ColumnForm(NamedTuple):
    """Column form of a field: the sources of its values in a block.

    hits         paths with hits that are values of the field
    needs        paths that the reader must find: those, and the ones from which the column is made
    kind         of the values of the column
    column       makes the column of values that are in no bytes; None if the field has none
    candidates   makes a mask of the messages that can have a value at all; None: any can
    """

    hits: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    kind: Kind | None = None
    column: Callable[[BlockInput], FieldColumn] | None = None
    candidates: Callable[[Block], Array] | None = None

    @property
    def by_message(self) -> bool:
        """True if the values are only in decoded messages."""
        return not self.hits and self.column is None


class ColumnReader:
    """Reader of the paths that column forms need, in one block after another."""

    def __init__(self, paths: Iterable[str]) -> None:
        paths = dict.fromkeys(paths)
        self._plan = Plan(paths) if paths else None

    def read(self, block: Block, first: int | None) -> BlockInput:
        """Return the input of column forms for a block; `first`: see BlockInput."""
        hits = self._plan.run(block) if self._plan is not None else {}
        return BlockInput(block, first, hits, MessageDecoder(block, first))


def column_form(field: Field) -> ColumnForm:
    """Return the column form of a field."""
    if field.derived is not None:
        return _derived_form(field.derived)
    if any(is_part(place.kind) for place in field.places):
        return ColumnForm()
    path = ".".join(field.path)
    hits = (path, f"{path}[]")
    if any(place.kind is FAMILY and place.owner is genlmsghdr for place in field.places):
        return ColumnForm(hits, hits, FAMILY, lambda found: family_column(found.block, found.first))
    return ColumnForm(hits, hits)


def _derived_form(derived: DerivedField) -> ColumnForm:
    name, kind = derived.name.lower(), derived.kind
    if name == "error":
        return ColumnForm((), ("error",), kind, lambda found: error_column(found.block, found.hits["error"]))
    make = block_form_of(derived)
    if make is not None:
        return ColumnForm((), (), kind, lambda found: make(found.block, found.first))
    return ColumnForm(candidates=answers if name == "extack" else None)
