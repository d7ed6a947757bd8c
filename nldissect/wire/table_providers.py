"""Table providers: modules that register, once imported, how the tables of a protocol or generic family are loaded.

The package wire knows no family and imports none. The modules are named in MODULES (nldissect/__init__.py); the first
look-up imports them, in this order, and each appends its functions to the lists below.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

GROUP = "nldissect.families"
"""The group of entry points through which other packages add tables (plugins.py)."""
MODULES: list[str] = []
load_protocol: list[Callable[[int | None], None]] = []
load_family: list[Callable[[str], None]] = []
"""Called with the protocol (None: all), or the generic family, that is looked up for the first time."""
load_home: list[Callable[[str], None]] = []
"""Called with a generic family whose set another one needs."""


def provide() -> None:
    """Import the modules unless they are; where another thread does so, wait for it."""
    for name in MODULES:
        import_module(name)
