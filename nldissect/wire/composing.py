"""Attributes that a summary writes by a function beside their family, where a template can't: `{NAME~}`.

The function is given what the tables read in the bytes, and is pure in its arguments: a text may be kept for the same
bytes, the same values of the header fields that it needs, and as long as no name changes.

    def next_hops(nodes, header, names): ...
    bind_composer(RTA.MULTIPATH, next_hops, needs=("rtm_family",))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from .context import Context
from .kinds import Kind
from .nodes import Node
from .readers import State, reader

if TYPE_CHECKING:
    from .message import Message

Compose = Callable[[Sequence[Node], Mapping[str, Any], Context], str]
"""Writes what an attribute holds: its nodes, values of header fields by name, and a context to be asked for names."""


class Composer(NamedTuple):
    """A function that writes an attribute, and the fields in the header of its message that it needs."""

    compose: Compose
    needs: tuple[str, ...]


def bind_composer(row: Kind, compose: Compose, needs: tuple[str, ...] = ()) -> None:
    """Let a function write what a row holds in summaries that name it with `~`.

    needs   fields of the message's header whose values the text depends on; what is bound to others does not decode
    """
    row.composer = Composer(compose, needs)


def composed(row: Kind, raw: bytes, order: str, header: Mapping[str, Any], names: Context) -> str | None:
    """Return what the function of a row writes of these bytes; None where the row has none, or they do not decode.

    header   values of the header fields of the message, by name
    """
    composer = row.composer
    if composer is None:
        return None
    needed = {name: header[name] for name in composer.needs if name in header}
    node = reader(row, order)(raw, 0, len(raw), needed, State(), 1)
    return composer.compose(node.value, needed, names) if isinstance(node.value, list) else None


def composed_row(message: type[Message], name: str) -> Kind | None:
    """Return the row that a template of a message class names with `~`: an attribute behind its header."""
    kinds = (field.kind for field in message.fields_desc if field.kind.shape == "attrs")
    rows = (row for kind in kinds for row in kind.inner.rows.values())
    return next((row for row in rows if row.called(name.rstrip("~")) and row.composer is not None), None)
