"""Events that the kernel numbers, so that a gap in the numbers tells of events that are not in a capture.

The tables stand beside the families.
"""

from __future__ import annotations

from typing import NamedTuple

Place = int | str


class SequenceCounter(NamedTuple):
    """How one sort of message is numbered: each by one more than the last.

    field    the number, a name or path
    by       fields that say which count it is: each group has its own
    what     what they are called, with the names of `by` in braces
    unless   a field, and the value with which a message is not counted
    lost     whether whoever was listening must have been sent what is missing
    """

    field: str
    by: tuple[str, ...]
    what: str
    unless: tuple[str, str] | None
    lost: bool


COUNTERS: dict[tuple[Place, str], SequenceCounter] = {}
"""By protocol or generic family, and name of the type, the command, or (without header) the layer."""


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
