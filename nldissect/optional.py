"""Libraries that only some uses need."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from nldissect.errors import NldissectError


def library(name: str) -> Any:
    """Return a library by its module name; NldissectError, with the line that installs it, if it is missing."""
    try:
        return import_module(name)
    except ImportError:
        raise NldissectError(f"this needs {name}, which is not installed; run: pip install {name}") from None
