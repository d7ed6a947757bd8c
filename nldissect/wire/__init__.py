"""The grammar of netlink as Scapy classes: what family files are written in. Knows no protocol.

The names of vocabulary.py are had from here, `from nldissect.wire import AttrSet`: the first one asked for brings all,
and Scapy. A module of the package that needs no Scapy (protocol, kind, numbers, context, ...) is imported without.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .vocabulary import *  # noqa: F403


def __getattr__(name: str) -> Any:
    if name.startswith("__") and name != "__all__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    grammar = import_module(f"{__name__}.vocabulary")  # `from . import` would ask this function for it
    names = {name: value for name, value in vars(grammar).items() if not name.startswith("_")}
    globals().update(names, __all__=[*names])
    try:
        return globals()[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None


def __dir__() -> list[str]:
    return sorted({*globals(), *__getattr__("__all__")})
