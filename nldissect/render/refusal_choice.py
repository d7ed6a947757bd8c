"""Choice of lists that explain refusals: those with a filter that asks for errors."""

from __future__ import annotations

from collections.abc import Iterable

ASKING = ("error", "extack")
"""Fields for errors: a list with a filter that names one of them explains the refusals it shows."""


def asks_errors(names: Iterable[str], *more: str) -> bool:
    """Return whether one of the fields with these names asks for errors; `more` are further fields that do."""
    return any(name.lower() in (*ASKING, *more) for name in names)
