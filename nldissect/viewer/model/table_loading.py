"""Tables are loaded when somebody needs them, and two threads may need them: until all are there, they take turns."""

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
    """For decoding, and for making filters: `with turn(): ...`."""
    return _nothing if _loaded else _lock


def load() -> Iterator[bool]:
    """A job: load all tables, and what filters are checked and completed with, before somebody waits for it."""
    global _loaded
    for _ in loading():
        yield True
    catalogue()
    yield True
    words()
    _loaded = True
