"""Families nobody declared: the kernel's YAML specifications (Documentation/netlink/specs) as attribute sets.

    use("tools/foo.yaml")       this specification decodes its family from now on, instead of a table of ours
    use("linux")                a folder, or a kernel tree: for the families no table of ours describes

Where nobody said so, the folders where distributions put specifications are looked into for families without a table.
A specification is read when its family is met; PyYAML is imported only then.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

from nldissect.errors import NldissectError, SpecError, print_notice
from nldissect.families import load_genl, more
from nldissect.wire import NETLINK
from nldissect.wire.packets.bindings import COMMANDS, DATAGRAMS, GIVEN, MESSAGES, ensure_protocol
from nldissect.wire.table_providers import load_family

from .search_path import SpecFile, families_in, file_of, is_folder
from .spec import RAW, Spec

USUAL = ("/usr/share/ynl/specs", "/usr/share/ynl")

_folders: list[dict[str, SpecFile]] = []
_loaded: set[str] = set()


def use(path: str) -> None:
    """Take a specification, or those of a folder; SpecError says what is wrong with it, and where."""
    if find_spec("yaml") is None:
        raise SpecError(f"{path}: specifications are YAML; install PyYAML (pip install 'nldissect[ynl]')")
    if is_folder(path):
        _folders.append(families_in(path))
        return
    place = file_of(path)
    _bind(place, instead=True)


def _bind(place: SpecFile, instead: bool = False) -> None:
    """Read a specification and bind its commands, `instead` of those that are known."""
    from .operations import bind
    from .spec import read

    spec = read(place)
    if spec.protocol is not None:
        _bind_protocol(spec)
        return
    if spec.family in GIVEN and not instead:
        return
    load_genl(spec.family)
    if instead:
        COMMANDS[spec.family] = {}
        GIVEN.discard(spec.family)
    bind(spec)
    if instead:
        GIVEN.add(spec.family)
    _loaded.add(spec.family)


def _bind_protocol(spec: Spec) -> None:
    """Bind the messages of a protocol of its own, which no table of ours may describe."""
    from .operations import bind

    assert spec.protocol is not None
    ensure_protocol(spec.protocol)
    if spec.protocol in MESSAGES or spec.protocol in DATAGRAMS or spec.protocol == NETLINK.GENERIC:
        name = NETLINK.names.get(spec.protocol, f"protocol {spec.protocol}")
        spec.top.fail(f"{name} has tables here; a specification of {RAW} is for protocols that have none")
    bind(spec)


def _serve(family: str) -> None:
    """Called for a family that is met the first time."""
    if family in COMMANDS or family in _loaded:
        return
    for folder in _folders:
        if family in folder:
            _bind(folder[family])
            return
    for path in USUAL:
        if is_folder(path) and find_spec("yaml") is not None:
            place = families_in(path).get(family)
            if place is not None:
                try:
                    _bind(place)
                except NldissectError as error:
                    print_notice(f"{error}; family {family} is shown by number")
                return


def _serve_all() -> None:
    """Called when every table is asked for: names of a folder the user gave are known then, too."""
    for folder in _folders:
        for family in folder:
            if family not in COMMANDS:
                _bind(folder[family])


load_family.append(_serve)
more.append(_serve_all)
