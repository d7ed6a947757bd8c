"""Scapy's data from this host, read when it is imported: interfaces, routes, and tables kept in the user's home.

Dissecting a packet inside a message needs none of it, so a command leaves it out. Where Scapy would import a module
that holds nothing else it finds an empty one: half of the time that importing its layers takes is saved, no socket is
opened to read a file, and nothing is written to the user's home. Programs and the shell have the whole of Scapy.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

TABLES: dict[str, dict[str, Any]] = {
    "scapy.main": {"SCAPY_CACHE_FOLDER": None},
    "scapy.libs.manuf": {"DATA": ""},
    "scapy.libs.bluetoothids": {"DATA": {}},
}
"""Modules by which Scapy fills tables of 40,000 makers of network cards and of Bluetooth devices, 15 MB, and keeps them
in ~/.cache/scapy, and what stands in them instead: no summary of a packet inside a message names a maker."""
INTERFACES = "scapy.arch"
"""The module that asks the kernel for all interfaces."""
MAKERS = "share/wireshark/manuf"
"""Path at which older Wiresharks have a table of makers, which Scapy prefers to its own."""

_is_left_out = False


class EmptyModule(ModuleType):
    """A module in place of one of Scapy's, until a function imported from it is called."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*arguments: Any, **options: Any) -> Any:
            bring_back()
            return getattr(import_module(self.__name__), name)(*arguments, **options)

        return call


def leave_out(interfaces: bool) -> None:
    """Have Scapy imported without tables and routes, unless it has been imported.

    interfaces   leave out the interfaces of this host, too
    """
    global _is_left_out
    _is_left_out = True
    if "scapy" not in sys.modules:
        for name, values in (TABLES | ({INTERFACES: {}} if interfaces else {})).items():
            sys.modules[name] = EmptyModule(name)
            vars(sys.modules[name]).update(values)


def bring_back() -> None:
    """Have all further imports of Scapy's modules be whole: for modules of others, which may use any of them."""
    for name in (*TABLES, INTERFACES):
        if isinstance(sys.modules.get(name), EmptyModule):
            del sys.modules[name]


def prepare(module: ModuleType) -> None:
    """Replace `open` in Scapy's module of tables, if `module` is that, before it is executed."""
    if _is_left_out and module.__name__ == "scapy.data":
        vars(module)["open"] = _open


def configure(conf: Any) -> None:
    """Set Scapy's settings before its other modules read them."""
    if _is_left_out:
        conf.route_autoload = conf.route6_autoload = False


def _open(path: str, *arguments: Any, **options: Any) -> Any:
    """Open a file for scapy.data, except a table of makers: FileNotFoundError."""
    if path.endswith(MAKERS):
        raise FileNotFoundError(path)
    return open(path, *arguments, **options)
