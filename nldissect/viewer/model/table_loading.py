"""Loading of all family tables in the background, and the lock that threads share until all are loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from threading import RLock

from nldissect.columns.fields.catalog import catalogue
from nldissect.families import loading
from nldissect.filters.completion import words

_lock = RLock()
_nothing: AbstractContextManager[object] = nullcontext()
_loaded = False


def turn() -> AbstractContextManager[object]:
    """Return a context manager for decoding and compiling filters: the lock, or no lock once all tables are loaded."""
    return _nothing if _loaded else _lock


def load() -> Iterator[bool]:
    """Load all tables, and the catalogues that check and complete filters, step by step: a job."""
    global _loaded
    for _ in loading():
        yield True
    catalogue()
    yield True
    words()
    _loaded = True
