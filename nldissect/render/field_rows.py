"""`-T fields` and `-T csv`: one line a message, one cell a field."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from nldissect.capfile import time_text
from nldissect.columns.fields.derived import Line, Situation, Time
from nldissect.errors import NldissectError
from nldissect.filters.header_kinds import COMMAND, FLAGS, TYPE
from nldissect.filters.resolve import Field, Present, check
from nldissect.filters.row_fields import Gatherer, Hit, header_hits, in_header
from nldissect.wire import Kind, Nest, Walked
from nldissect.wire.protocol import flag_names

from .field_cells import Layout, flat, text_of
from .names import command_of, message_name


def field_named(name: str) -> Field:
    """The field that -e names; FilterError with the nearest names if there is none."""
    tree = check(name)
    if not isinstance(tree, Present) or tree.field.slice is not None:
        raise NldissectError(f"-e {name}: name one field, see `nldissect fields`")
    return tree.field


class Extractor:
    """Takes the values of some fields out of messages, as text."""

    def __init__(self, names: list[str], layout: Layout, secrets: bool = False) -> None:
        self.names, self.layout, self.secrets = names, layout, secrets
        self.fields = [field_named(name) for name in names]
        self._plain = [one for one in dict.fromkeys(self.fields) if one.derived is None and in_header(one) is None]
        self._gatherer = Gatherer(self._plain)

    def header(self) -> str:
        """The line that names the fields, or nothing."""
        return self.layout.line(map(self.layout.quoted, self.names)) if self.layout.header else ""

    def line(self, situation: Situation) -> str:
        """The line of one message."""
        walked = situation.walked
        found = self._gatherer.gather(walked) if walked is not None and self._plain else []
        hits = dict(zip(self._plain, found, strict=False))
        cells = (self._one(one, situation, hits.get(one, [])) for one in self.fields)
        return self.layout.line(self.layout.cell(list(texts)) for texts in cells)

    def of(self, field: Field) -> Callable[[Situation], Iterator[str]]:
        """A function that gives the texts of one field alone."""
        gatherer = Gatherer([field])

        def texts(situation: Situation) -> Iterator[str]:
            walked = situation.walked
            own = field.derived is None and in_header(field) is None and walked is not None
            return self._one(field, situation, gatherer.gather(walked)[0] if own and walked is not None else [])

        return texts

    def _one(self, field: Field, situation: Situation, hits: list[Hit]) -> Iterator[str]:
        """The texts of one field; `hits` are its nodes in the message's layers."""
        if field.derived is not None:
            return self._derived(field, situation)
        kind = in_header(field)
        return self._texts(hits if kind is None else header_hits(kind, situation.walked), situation.walked)

    def _derived(self, field: Field, situation: Situation) -> Iterator[str]:
        assert field.derived is not None
        kind, decimals = field.derived.kind, situation.record.interface.decimals
        for value in field.derived.values(situation):
            if isinstance(kind, Time):
                yield time_text(value, decimals)
            else:
                yield value if isinstance(kind, Line) else flat(kind.json(value))

    def _texts(self, hits: list[Hit], walked: Walked | None) -> Iterator[str]:
        for hit in hits:
            if is_array_of_values(hit.kind):
                continue
            yield header_text(hit.kind, hit.value, walked) or text_of(hit.kind, hit.value, self.secrets)


def is_array_of_values(kind: Kind) -> bool:
    """Whether the elements stand for the array: each of them is a value of its own."""
    if not isinstance(kind, Nest) or not kind.known or not kind.inner.indexed:
        return False
    element = kind.inner.row(0)
    return element is not None and element.shape == "leaf"


def header_text(kind: Kind, value: Any, walked: Walked | None) -> str | None:
    """What is called after the message it stands in: its type, flags and command."""
    if walked is None or kind not in (TYPE, FLAGS, COMMAND):
        return None
    if kind is TYPE:
        return walked.type_name
    if kind is FLAGS:
        return "|".join(flag_names(message_name(walked), value, walked.number)) or "0"
    command = command_of(walked)
    return flat(command.kind.json(command.value)) if command is not None else None
