"""Registration of netlink with Scapy when Scapy is imported, which may be long after nldissect, or never.

`install` puts a finder in front of Python's own (sys.meta_path). It observes the import of scapy.config and of modules
of this package. As soon as scapy.config has been executed, its table of link types is given a class that registers 253
when the table is first read: then no module is half imported, whatever other threads import at that time. Where a
module of ours has imported Scapy, 253 is registered when that module, and all that are being imported around it, have
ended.
"""

from __future__ import annotations

import sys
from _thread import allocate_lock, get_ident
from typing import TYPE_CHECKING, Any

from . import scapy_host

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

DLT_NETLINK = 253
SCAPYS = ("scapy", "scapy.config", "scapy.data")
"""Modules of Scapy whose import is observed."""

_teaching = allocate_lock()
"""Lock of the thread that registers the link type: `_teacher`."""
_teacher: int | None = None
_taught = False


def install() -> None:
    """Register link type 253 with Scapy, if it has been imported, or have that done when it is."""
    if "scapy" in sys.modules:
        _teach()
    else:
        sys.meta_path.insert(0, _finder)


def _teach(wait: bool = False) -> None:
    """Register the link type, unless that was done; a failed attempt, such as an interrupted import, may be repeated.

    wait   for another thread that does it; not where a module is being imported, which that thread may wait for
    """
    global _teacher, _taught
    if _taught or _teacher == get_ident() or not _teaching.acquire(blocking=wait):
        return
    try:
        _teacher = get_ident()
        if not _taught:
            _register()
            _taught = True
    finally:
        _teacher = None
        _teaching.release()


def _register() -> None:
    _prepare()
    from scapy.config import Num2Layer, conf

    scapy_host.configure(conf)
    from . import scapy_writer
    from .wire.packets.frame import nlmon

    conf.l2types.register(DLT_NETLINK, nlmon)
    scapy_writer.install(DLT_NETLINK)
    conf.l2types.__class__ = Num2Layer


def _await_look_up(config: Any) -> None:
    """Have the link type registered when the table of link types that scapy.config has made is first read."""

    class Untaught(config.Num2Layer):  # type: ignore[misc]
        """The table before that. Scapy's own layers register themselves without reading it."""

        def __getattribute__(self, name: str) -> Any:
            if name in ("num2layer", "layer2num"):
                _teach(wait=True)
            return object.__getattribute__(self, name)  # its class may be another now

        def register_num2layer(self, num: int, layer: Any) -> None:
            object.__getattribute__(self, "num2layer")[num] = layer

        def register_layer2num(self, num: int, layer: Any) -> None:
            object.__getattribute__(self, "layer2num")[layer] = num

    if not _taught:
        config.conf.l2types.__class__ = Untaught


def _prepare() -> None:
    from . import scapy_cache as scapy_cache


class _Finder:
    """A finder of the modules that other finders find, with a loader that reports when a module has been executed.

    executing   modules whose execution has begun, in any thread
    """

    def __init__(self) -> None:
        self.executing: set[str] = set()

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if _taught or _teacher == get_ident() or (name not in SCAPYS and not name.startswith("nldissect.")):
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _Loader(spec.loader)  # type: ignore[assignment]
                return spec
        return None

    def execute(self, module: ModuleType, loader: Any) -> None:
        """Have a module executed by its loader; after the last of ours the link type is registered."""
        name = module.__name__
        self.executing.add(name)
        try:
            scapy_host.prepare(module)
            loader.exec_module(module)
            if name == "scapy":
                _prepare()
            elif name == "scapy.config":
                scapy_host.configure(module.conf)
                _await_look_up(module)
        finally:
            self.executing.discard(name)
        if name not in SCAPYS and not self.executing and "scapy" in sys.modules:
            _teach()


class _Loader:
    """A stand-in for a module's loader until the module is executed."""

    def __init__(self, loader: Any) -> None:
        self.loader = loader

    def __getattr__(self, name: str) -> Any:
        """Return any other attribute of the loader, such as the code for `python -m`."""
        return getattr(self.loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self.loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        module.__spec__.loader = module.__loader__ = self.loader
        _finder.execute(module, self.loader)


_finder: Any = _Finder()
"""The only finder; it stays in sys.meta_path, as another thread may be iterating over that."""
