"""Whether refusals in a list are to be explained: where its filter asks for errors."""

from __future__ import annotations

from collections.abc import Iterable

ASKING = ("error", "extack")
"""A list whose filter names one of these explains what it shows."""


def asks_errors(names: Iterable[str], *more: str) -> bool:
    """Whether fields of these names ask for errors, or by one of `more`, so that these are to be explained."""
    return any(name.lower() in (*ASKING, *more) for name in names)
