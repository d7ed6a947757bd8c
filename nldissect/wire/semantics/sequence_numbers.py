"""Events that the kernel numbers, so that a gap in the numbers shows that events are not in a capture.

The tables are next to the families.
"""

from __future__ import annotations

from typing import NamedTuple

Place = int | str


class SequenceCounter(NamedTuple):
    """Numbering of a sort of message: each number is one more than the last.

    field    name or path of the field with the number
    by       fields that select the counter: each group has its own
    what     name of the events, with the names of `by` in braces
    unless   a field, and the value with which a message is not counted
    lost     every listener must have been sent the missing events
    """

    field: str
    by: tuple[str, ...]
    what: str
    unless: tuple[str, str] | None
    lost: bool


COUNTERS: dict[tuple[Place, str], SequenceCounter] = {}
"""Numberings by protocol or generic family, and name of the type, the command, or (without header) the layer."""


def bind_counter(
    place: Place,
    *names: str,
    field: str,
    what: str,
    by: str = "",
    unless: tuple[str, str] | None = None,
    lost: bool = True,
) -> None:
    """Declare that messages of a protocol or generic family are numbered, see SequenceCounter."""
    for name in names:
        COUNTERS[place, name] = SequenceCounter(field, tuple(by.split()), what, unless, lost)
