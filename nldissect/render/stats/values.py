"""Values of the JSON objects of statistics."""

from __future__ import annotations

from typing import Any

from ..names import protocol_name


def given(**values: Any) -> dict[str, Any]:
    """Return the values that are not None by their keys."""
    return {key: value for key, value in values.items() if value is not None}


def protocol(number: int) -> str | int:
    """Return a protocol's name, or its number where it has none."""
    return protocol_name(number) or number
