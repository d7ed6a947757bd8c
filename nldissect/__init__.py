"""nldissect: the Wireshark of Linux netlink.

Importing it registers link type 253 (NETLINK) with Scapy: `rdpcap`, `wrpcap`, `sniff(offline=...)` and the pcapng
classes then read and write netlink. `nldissect.open("x.pcap")` is a capture to query for columns and frames, and
`from nldissect.all import *` brings the vocabulary.

Neither Scapy nor NumPy is imported here: names that need them are imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import interrupts as interrupts

# isort: split
from . import scapy_hook
from .wire.table_providers import MODULES as _PROVIDERS

if TYPE_CHECKING:
    from . import errors, families, filters, plugins, wire, ynl
    from .scapy_session import NetlinkSession
    from .store.capture import Capture
    from .store.capture import open_captures as open
    from .wire import Context, nlmon, nlmsghdr, walk

__version__ = "0.2.0"
__all__ = ["Capture", "Context", "NetlinkSession", "nlmon", "nlmsghdr", "open", "walk"]

LAZY_FIELDS = {
    **dict.fromkeys(
        ("sll_pkttype", "sll_hatype", "sll_halen", "sll_addr", "sll_protocol"), "nldissect.columns.fields.cooked_header"
    ),
    "cause": "nldissect.analysis.causes.fields",
    "event": "nldissect.analysis.event_copies",
    "exchange": "nldissect.analysis.exchanges.fields",
    "expert": "nldissect.analysis.notes.message_notes",
    "listener": "nldissect.analysis.processes.fields",
    "process": "nldissect.analysis.processes.fields",
    "reason": "nldissect.analysis.refusals.fields",
    "summary": "nldissect.render.summaries.summary_field",
}
"""Modules that define the derived fields of a prefix (columns/fields/derived.py)."""

_PLACES = {
    "Capture": "store.capture",
    "Context": "wire.context",
    "NetlinkSession": "scapy_session",
    "nlmon": "wire",
    "nlmsghdr": "wire",
    "open": "store.capture",
    "walk": "wire",
}
_PARTS = ("errors", "families", "filters", "plugins", "wire", "ynl")


def __getattr__(name: str) -> Any:
    """Import a name of the package on first use (PEP 562)."""
    from importlib import import_module

    if name in _PARTS:
        return import_module(f"{__name__}.{name}")
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{_PLACES[name]}")
    value = globals()[name] = getattr(module, "open_captures" if name == "open" else name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_PARTS})


def scapy_ext(ext: Any) -> None:
    """Register with Scapy's extension loader, which calls this; `load_contrib("netlink")` then has the vocabulary."""
    from pathlib import Path

    ext.config(name="nldissect", version=__version__)
    ext.register(name="netlink", mode=ext.MODE.CONTRIB, path=Path(__file__).parent / "all.py")


_PROVIDERS += ["nldissect.families", "nldissect.plugins", "nldissect.ynl"]
scapy_hook.install()
