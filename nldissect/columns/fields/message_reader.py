"""Values of fields in one message: the only module that defines where a field is read from, message by message.

    reader = MessageReader([mtu, error])
    mtus, errors = reader.values_of(mtu), reader.values_of(error)
    message = reader.read(situation)          decoded nodes are searched when a field first needs them
    mtus(message), errors(message)            lists of NodeValue

column_reader.py does the same for a block; tests/contracts/test_vector_filter_agrees.py holds them together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nldissect.wire.kind import Kind

from .derived import DerivedField, MessageContext
from .field import Field
from .header_fields import header_attribute, header_kind
from .message_fields import NodeSearch, NodeValue


class MessageInput:
    """One message, and the nodes of all fields of a reader, searched on first use."""

    def __init__(self, situation: MessageContext, search: NodeSearch) -> None:
        self.situation = situation
        self._search = search
        self._found: list[list[NodeValue]] | None = None

    def nodes(self, index: int) -> list[NodeValue]:
        """Return the nodes of the search's field of that index."""
        if self._found is None:
            walked = self.situation.walked
            self._found = [[] for _ in range(self._search.count)] if walked is None else self._search.find(walked)
        return self._found[index]


Values = Callable[[MessageInput], list[NodeValue]]


class MessageReader:
    """Reader of the values of some fields in one message after another."""

    def __init__(self, fields: Iterable[Field]) -> None:
        in_nodes = [one for one in dict.fromkeys(fields) if one.derived is None and header_kind(one) is None]
        self._indexes = {field: index for index, field in enumerate(in_nodes)}
        self._search = NodeSearch(in_nodes)

    def read(self, situation: MessageContext) -> MessageInput:
        """Return the input of `values_of` for a message, or for a frame without any."""
        return MessageInput(situation, self._search)

    def values_of(self, field: Field) -> Values:
        """Return a function that returns the values of one of the fields, in wire order."""
        kind = header_kind(field)
        if field.derived is not None:
            return _derived_values(field.derived)
        if kind is not None:
            return _header_values(kind)
        index = self._indexes[field]
        return lambda message: message.nodes(index)


def _derived_values(derived: DerivedField) -> Values:
    kind, values = derived.kind, derived.values

    def read(message: MessageInput) -> list[NodeValue]:
        situation = message.situation
        return [NodeValue(kind, value, situation.walked) for value in values(situation)]

    return read


def _header_values(kind: Kind) -> Values:
    attribute = header_attribute(kind)

    def read(message: MessageInput) -> list[NodeValue]:
        walked = message.situation.walked
        if walked is None or not walked.has_header:
            return []
        return [NodeValue(kind, attribute and getattr(walked, attribute), walked)]

    return read
