"""Families without a table of ours: the kernel's YAML specifications (Documentation/netlink/specs) as attribute sets.

    use("tools/foo.yaml")       this specification decodes its family from now on, instead of a table of ours
    use("linux")                a folder, or a kernel tree: for the families no table of ours describes

    search_path > spec > tables      attribute sets, enumerations, structs
                       > operations  commands and messages bound to them

Entry point: `use`. Without it, the folders where distributions put specifications are searched for families without a
table. A specification in a folder is parsed on the first look-up of its family; PyYAML is imported only then.

To add a type of attribute: tables.SpecTables._row; to add a type of struct member: tables.SpecTables._member.
tests/ynl holds every type, and the errors for wrong specifications.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

from nldissect.errors import NldissectError, SpecError, print_notice
from nldissect.families import load_genl, more
from nldissect.wire import NETLINK
from nldissect.wire.packets.bindings import COMMANDS, DATAGRAMS, MESSAGES, USER_FAMILIES, ensure_protocol
from nldissect.wire.table_providers import load_family

from .search_path import SpecFile, families_in, file_of, is_folder
from .spec import RAW, Spec

USUAL = ("/usr/share/ynl/specs", "/usr/share/ynl")

_folders: list[dict[str, SpecFile]] = []
_loaded: set[str] = set()


def use(path: str) -> None:
    """Use a specification, or those of a folder, from now on.

    SpecError if PyYAML is absent; SpecError with file and line for a mistake in a specification.
    """
    if find_spec("yaml") is None:
        raise SpecError(f"{path}: specifications are YAML; install PyYAML (pip install 'nldissect[ynl]')")
    if is_folder(path):
        _folders.append(families_in(path))
        return
    place = file_of(path)
    _bind(place, instead=True)


def _bind(place: SpecFile, instead: bool = False) -> None:
    """Read a specification and bind its commands, `instead` of the known ones."""
    from .operations import bind
    from .spec import read

    spec = read(place)
    if spec.protocol is not None:
        _bind_protocol(spec)
        return
    if spec.family in USER_FAMILIES and not instead:
        return
    load_genl(spec.family)
    if instead:
        COMMANDS[spec.family] = {}
        USER_FAMILIES.discard(spec.family)
    bind(spec)
    if instead:
        USER_FAMILIES.add(spec.family)
    _loaded.add(spec.family)


def _bind_protocol(spec: Spec) -> None:
    """Bind the messages of a protocol of its own; SpecError if a table of ours describes it."""
    from .operations import bind

    assert spec.protocol is not None
    ensure_protocol(spec.protocol)
    if spec.protocol in MESSAGES or spec.protocol in DATAGRAMS or spec.protocol == NETLINK.GENERIC:
        name = NETLINK.names.get(spec.protocol, f"protocol {spec.protocol}")
        spec.top.fail(f"{name} has tables here; a specification of {RAW} is for protocols that have none")
    bind(spec)


def _serve(family: str) -> None:
    """Bind the specification of a family that is looked up for the first time, if there is one."""
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
    """Bind all specifications in the user's folders, whose names are looked up when all tables are loaded."""
    for folder in _folders:
        for family in folder:
            if family not in COMMANDS:
                _bind(folder[family])


load_family.append(_serve)
more.append(_serve_all)
