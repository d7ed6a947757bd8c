"""Who has tables: modules that say, once imported, how the tables of a protocol or generic family are loaded.

The grammar knows no family and imports none. The package names the modules (nldissect/__init__.py); the first look-up
imports them, in this order, and each appends its functions to the lists below.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

GROUP = "nldissect.families"
"""The group of entry points by which other packages bring tables (plugins.py)."""
MODULES: list[str] = []
load_protocol: list[Callable[[int | None], None]] = []
load_family: list[Callable[[str], None]] = []
"""Called with the protocol (None: all), or the generic family, that is looked up for the first time."""
load_home: list[Callable[[str], None]] = []
"""Called with a generic family whose set another one needs."""


def provide() -> None:
    """Import the modules, unless that was done; in another thread, wait for it."""
    for name in MODULES:
        import_module(name)
