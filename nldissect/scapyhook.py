"""Scapy learns netlink when it is imported, which may be long after nldissect, or never.

`install` puts a finder in front of Python's own (sys.meta_path). It looks at the import of `scapy` and of modules of
this package: as soon as the package `scapy` has been executed, before any other module of Scapy, link type 253 is
registered. Where it is a module of ours that imports Scapy, that one is let end first, with all that are being imported
around it: what is registered may need them.

Several threads may be the first to import Scapy, if they begin with one module of it. If they begin with different
ones, what is registered, which needs scapy.packet, can meet that half imported by another thread: one of the imports
then fails. A program that does so imports scapy.packet once before it starts its threads.
"""

from __future__ import annotations

import sys
from _thread import allocate_lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

DLT_NETLINK = 253

_taught = allocate_lock()
"""Held by who registers the link type, and from then on."""
_later: list[Callable[[], None]] = []


def install() -> None:
    """Register link type 253 with Scapy, if it has been imported, or have that done when it is."""
    if "scapy" in sys.modules:
        _teach()
    else:
        sys.meta_path.insert(0, _finder)


def after_scapy(call: Callable[[], None]) -> None:
    """Have a function called once Scapy has been imported and knows netlink; at once, if that is so."""
    if _taught.locked():
        call()
    else:
        _later.append(call)


def _teach() -> None:
    """Register, unless that was done; what fails, as an import that is interrupted, may be tried again."""
    if not _taught.acquire(blocking=False):
        return
    try:
        _prepare()
        from scapy.config import conf

        from . import scapywriter
        from .wire.frame import nlmon

        conf.l2types.register(DLT_NETLINK, nlmon)
        scapywriter.install(DLT_NETLINK)
    except BaseException:
        _taught.release()
        raise
    while _later:
        _later.pop(0)()


def _prepare() -> None:
    from . import scapycache as scapycache


class _Finder:
    """Finds what the other finders find, with a loader that tells when a module has been executed.

    executing   modules whose execution has begun, in any thread
    """

    def __init__(self) -> None:
        self.executing: set[str] = set()

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if _taught.locked() or (name != "scapy" and not name.startswith("nldissect.")):
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _Loader(spec.loader)  # type: ignore[assignment]
                return spec
        return None

    def execute(self, module: ModuleType, loader: Any) -> None:
        """Have a module executed by its loader, and the link type registered if none is waited for any more."""
        name = module.__name__
        self.executing.add(name)
        try:
            loader.exec_module(module)
            if name == "scapy":
                _prepare()
        finally:
            self.executing.discard(name)
        if not self.executing and "scapy" in sys.modules:
            _teach()


class _Loader:
    """Stands for a module's loader until the module is executed."""

    def __init__(self, loader: Any) -> None:
        self.loader = loader

    def __getattr__(self, name: str) -> Any:
        """What else is asked of it, as `python -m` asks for the code."""
        return getattr(self.loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self.loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        module.__spec__.loader = module.__loader__ = self.loader
        _finder.execute(module, self.loader)


_finder: Any = _Finder()
"""Stays where it is: another thread may be going through sys.meta_path."""
