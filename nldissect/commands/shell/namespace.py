"""Names that the shell starts with: all of Scapy, the vocabulary of netlink, and helpers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scapy.config import conf
from scapy.main import DEFAULT_PRESTART_FILE, DEFAULT_STARTUP_FILE, init_session
from scapy.packet import Packet

import nldissect
import nldissect.all
from nldissect.sockets import NetlinkSocket
from nldissect.wire.protocol import NETLINK

from .filter_function import chooser
from .ls_explore import explore, ls
from .prompts import Script

if TYPE_CHECKING:
    from nldissect import Capture


def session(capture: Capture | None) -> dict[str, Any]:
    """Return the names of a session; Scapy's own start-up files and extensions are run for it."""
    interactive = sys.stdin.isatty()
    conf.interactive = interactive
    if interactive and DEFAULT_PRESTART_FILE:
        _run(DEFAULT_PRESTART_FILE, dict(vars(sys.modules["scapy.config"])))
    names: dict[str, Any] = init_session(None, True)
    names |= {name: value for name, value in _vocabulary().items() if not _is_layer(names.get(name))}
    names |= {
        "__name__": "__main__",
        "nldissect": nldissect,
        "cap": capture,
        "filter": chooser(capture),
        "ls": ls,
        "explore": explore,
        "genl": genl,
    }
    if interactive and DEFAULT_STARTUP_FILE:
        _run(DEFAULT_STARTUP_FILE, names)
    conf.exts.loadall()
    return names


def genl(family: str, command: str | int, body: Any = (), **fields: Any) -> Any:
    """Return a request to a generic family of this host, as `nldissect send`: genl("ethtool", "RINGS_GET", [...]).

    nlctrl is asked for the family's id and version.
    """
    with NetlinkSocket(NETLINK.GENERIC) as socket:
        return socket.genl(family, command, body, **fields)


def _vocabulary() -> dict[str, Any]:
    return {name: getattr(nldissect.all, name) for name in nldissect.all.__all__}


def _is_layer(value: Any) -> bool:
    """Return whether a value is a protocol of Scapy (TCP), which our enumeration of that name must not hide."""
    return isinstance(value, type) and issubclass(value, Packet) and not value.__module__.startswith("nldissect")


def _run(file: str, names: dict[str, Any]) -> None:
    """Run one of Scapy's start-up files, if the user has it; an error in it is shown and does not stop the shell."""
    try:
        source = Path(file).read_text()
    except OSError:
        return
    Script(names).run(source, file)
