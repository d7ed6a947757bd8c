"""The tables, loaded by need: a directory or file is named after the protocol or generic family it describes.

`route/` holds NETLINK_ROUTE, `kobject_uevent.py` NETLINK_KOBJECT_UEVENT, `generic/ethtool.py` (or a folder of that
name) the family "ethtool". A family that shares another's file is in SHARED.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules

from nldissect.wire.protocol import NETLINK
from nldissect.wire.table_providers import load_family, load_home, load_protocol, provide

HOMES = {
    "route": "ifa ifal ifi ifla bridge cgw dcb fra ife igmp ip6mra ipmra lwt lwtunnel mdba mdbe mld nda ndm ndta ndtm"
             " ndtpa nduseropt netconfa netnsa nha rta rtax rtm rtnh tca tcm vnifilter",
    "netfilter": "cta ipset nfacct nfcth nfnla nfqa nfta nfula",
    "sock_diag": "idiag inet ndiag pdiag tcpi udiag unix vdiag xdiag xdp",
    "xfrm": "xfrma",
    "crypto": "cru cryptocfga",
    "iscsi": "iscsi",
    "rdma": "iwpm rdma",
    "generic.batadv": "batadv",
    "generic.ethtool": "ethtool",
    "generic.802_15_4_mac": "ieee802154",
    "generic.ipvs": "ipvs",
    "generic.l2tp": "l2tp",
    "generic.macsec": "macsec",
    "generic.netdev": "netdev",
    "generic.nlctrl": "ctrl",
    "generic.taskstats": "taskstats",
    "generic.team": "team",
    "generic.wireguard": "wgallowedip wgdevice wgpeer",
    "generic.devlink route": "devlink",
    "generic.mac80211_hwsim generic.nl80211": "nl80211",
}
"""Which tables have all names that begin with a word, where those of others need not be loaded to find them."""
SHARED = {"em": "dev_energymodel"}
"""Files of generic families that are not called after them."""

_home = {word: units.split() for units, words in HOMES.items() for word in words.split()}
_loaded: set[str] = set()
more: list[Callable[[], None]] = []
"""What `load_all` calls last: tables that don't come along."""


def load(protocol: int | None) -> None:
    """Import the tables of one protocol, or of all (None)."""
    if protocol is None:
        load_all()
        return
    name = NETLINK.names.get(protocol, "")
    _once("control")
    _once(name.removeprefix("NETLINK_").lower())


def load_genl(family: str) -> None:
    """Import the tables of one generic family, if there are such."""
    file = SHARED.get(family) or re.sub(r"\W", "_", family).lower()
    _once(f"generic.{file}")


def load_naming(name: str) -> None:
    """Import the tables in which this name may be: by its first word those of one place, else all."""
    units = _home.get(name.lower().partition("_")[0])
    if units is None:
        load_all()
    else:
        _once("control")
        for unit in units:
            _once(unit)


def load_all() -> None:
    """Import every table."""
    for _ in loading():
        pass


def load_around(module: str) -> None:
    """Import every table of the file, or folder, that a module of tables belongs to: of its protocol or family."""
    parts = module.removeprefix(f"{__name__}.").split(".")
    _once(".".join(parts[: 2 if parts[0] == "generic" else 1]))


def load_own() -> None:
    """Import every table of this package, and none that others bring."""
    for _ in _loading_own():
        pass


def loading() -> Iterator[None]:
    """Import every table, file by file."""
    yield from _loading_own()
    provide()
    for bring in more:
        bring()


def _loading_own() -> Iterator[None]:
    for file in _files(""):
        _once(file)
        yield
    for file in _files("generic"):
        _once(f"generic.{file}")
        yield


@cache
def _files(folder: str) -> list[str]:
    """Names of what a folder of tables holds."""
    return [module.name for module in iter_modules([str(Path(__file__).parent / folder)])]


def _once(name: str) -> bool:
    """Import a file, or every file of a folder; whether there is one."""
    if name in _loaded:
        return True
    full = f"{__name__}.{name}"
    parent = name.rpartition(".")[0]
    if not name or (parent and find_spec(f"{__name__}.{parent}") is None) or find_spec(full) is None:
        return False
    _loaded.add(name)
    module = import_module(full)
    if name != "generic":
        for inner in iter_modules(getattr(module, "__path__", [])):
            _once(f"{name}.{inner.name}")
    return True


load_protocol.append(load)
load_family.append(load_genl)
load_home.append(load_genl)
