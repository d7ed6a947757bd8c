"""The program file: every table of this package flattened, and their sections of the catalog; the build makes it.

    magic, the length of what follows (8 bytes), a JSON object with the place of everything, then at multiples of 8 the
    arrays of struct program and texts in JSON

It is used where it was made from these very sources, as Python uses its own compiled files: their names and sizes are
the same, and none is newer. Else, and for tables that others bring, the tables themselves are read
(catalog_sections.py).
"""

from __future__ import annotations

import json
import mmap
import os
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import starmap
from struct import Struct as Codec
from struct import error as Error
from typing import TYPE_CHECKING, Any
from zlib import crc32

from nldissect.request_tracker import AnswerRules
from nldissect.wire.binding import Binding, DatagramBinding
from nldissect.wire.kernel_content import KernelContent
from nldissect.wire.name_plans import Birth, NamePlan

from .catalog import BodyDescription, Catalog, CatalogSection, Key, section_name
from .field_table import FieldTable
from .loader import STRUCTURES, is_sound, open_library
from .program import Program
from .tables import ROW, StoredProgram

if TYPE_CHECKING:
    from nldissect.wire.packets.message import Message

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGED = os.path.join(HERE, "program.bin")
MAGIC = b"nldissect program, form 1\n"
LENGTH = Codec("<Q")
INSTALLED = 600.0
"""Seconds that unpacking a wheel takes at most: files that it writes before the program file may be newer by these."""
Quote = Callable[[Any], str]


def tables(library: str, quote: Quote, file: ProgramFile | None = None) -> tuple[Catalog, Program]:
    """Return a catalog, and a program with its tables: those of the program file if it is usable, and new ones.

    quote   returns a value as JSON
    file    the program file if it is known to be usable
    """
    found = file or usable_tables(library)
    if found is None:
        return Catalog(), Program(quote)
    return Catalog(found.rules, found.section), Program(quote, found.stored)


def usable_tables(library: str) -> ProgramFile | None:
    """Return the program file if it is usable, and no other tables were brought; else None."""
    found = None if _brought() else load(PACKAGED)
    return found if found is not None and is_sound(open_library(library), found.stored) else None


def _brought() -> bool:
    """Return whether the user brought tables instead of ours (`--ynl`)."""
    bindings = sys.modules.get("nldissect.wire.packets.bindings")
    return bindings is not None and bool(bindings.USER_FAMILIES)


def described(has_core: bool) -> str:
    """Return a text on whether the program file is used, which takes the core."""
    if not has_core:
        return "not used without the core"
    if load(PACKAGED) is not None:
        return f"small captures are read with the tables of {PACKAGED}"
    return "not used, each start takes longer: it is not there, or its sources have changed; `pip install` again"


class ProgramFile:
    """A program file in memory."""

    def __init__(self, data: memoryview, about: dict[str, Any]) -> None:
        self._data, self._about = data, about
        arrays = {name: self._part(place) for name, place in about["arrays"].items()}
        self.stored = StoredProgram(
            arrays, tuple(about["constants"]), about["name_count"], self._words,
            self._part(about["origins"]).cast("I"), self._part(about["row_specs"]).cast("I"),
            self._part(about["specs"]),
        )  # fmt: skip

    def _part(self, place: list[int]) -> memoryview:
        start, size = place
        if start < 0 or size < 0 or start + size > len(self._data):
            raise ValueError("a part lies outside of the program file")
        return self._data[start : start + size]

    def _words(self, name: str) -> Any:
        place = self._about["words"].get(name)
        return None if place is None else json.loads(bytes(self._part(place)))

    @property
    def fields(self) -> FieldTable | None:
        """Fields that a filter can name; None if the file is damaged there."""
        lines, kinds = self._part(self._about["fields"]), self._part(self._about["kinds"])
        if crc32(kinds, crc32(lines)) != self._about["fields_crc"]:
            return None
        return FieldTable(lines, kinds, len(self.stored.arrays["rows"]) // ROW.size)

    @property
    def rules(self) -> AnswerRules:
        return _rules(self._about["rules"])

    def section(self, key: Key) -> CatalogSection | None:
        place = self._about["sections"].get(section_name(key))
        return None if place is None else _section(key, json.loads(bytes(self._part(place))))


def load(path: str) -> ProgramFile | None:
    """Return a program file; None if there is none that can be used.

    It must be whole, safe from other users' writing, and made from these sources for this core.
    """
    try:
        with open(path, "rb") as file:
            status = os.fstat(file.fileno())
            data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
        about = _about(data)
        if not _is_trusted(status) or not _is_current(about, status.st_mtime):
            return None
        return ProgramFile(data[len(data) - about["size"] :], about)
    except (OSError, ValueError, KeyError, TypeError, IndexError, ArithmeticError, Error):
        return None


def _about(data: memoryview) -> dict[str, Any]:
    """Return the JSON object at the beginning of a program file; ValueError where it is not one, or is cut."""
    start = len(MAGIC) + LENGTH.size
    (length,) = LENGTH.unpack_from(data, len(MAGIC))
    if bytes(data[: len(MAGIC)]) != MAGIC:
        raise ValueError("no program file")
    about: dict[str, Any] = json.loads(bytes(data[start : start + length]))
    if start + length + about["size"] != len(data):
        raise ValueError("a program file of another size")
    return about


def _is_trusted(status: os.stat_result) -> bool:
    """Return whether only this user, root and the owner of the package may have written a file."""
    owners = {0, os.stat(__file__).st_uid, *([os.geteuid()] if hasattr(os, "geteuid") else [])}  # not on Windows
    return status.st_uid in owners and not status.st_mode & 0o002


def _is_current(about: dict[str, Any], written: float) -> bool:
    """Return whether it was made from these sources, for this core."""
    digest, newest = fingerprint()
    in_time = newest == about["newest"] if about["newest"] else newest <= written + INSTALLED
    return bool(about["sources"] == digest and about["sizes"] == [*STRUCTURES] and in_time)


def fingerprint() -> tuple[str, float]:
    """Return a checksum of names and sizes of the tables' sources, and the latest's time, in seconds since 1970."""
    package, newest, lines = os.path.dirname(HERE), 0.0, []
    for folder in ("wire", "families", "native"):
        for path, status in _sources(os.path.join(package, folder)):
            newest = max(newest, status.st_mtime)
            lines.append(f"{path[len(package) :]} {status.st_size}")
    return f"{crc32(' '.join(sorted(lines)).encode()):08x}", newest


def _sources(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                yield entry.path, entry.stat()
            elif entry.is_dir() and entry.name != "__pycache__":
                yield from _sources(entry.path)


# ---- sections as JSON ----


def _section(key: Key, told: dict[str, Any]) -> CatalogSection:
    bodies = [_body(key, number, *one) for number, one in enumerate(told["bodies"])]
    bindings = {
        int(number): [
            Binding(name, bodies[body], to, tuple(first), tuple(size), dump, title)
            for name, body, to, first, size, dump, title in some
        ]
        for number, some in told["bindings"].items()
    }
    contents = {int(number): _content(*one) for number, one in told["contents"].items()}
    births = {name: tuple(starmap(Birth, some)) for name, some in told["births"].items()}
    unknown = None if told["unknown"] is None else bodies[told["unknown"]]
    datagrams = [
        DatagramBinding(bodies[body], begins.encode("latin-1"), has.encode("latin-1"))
        for body, begins, has in told["datagrams"]
    ]
    return CatalogSection(bindings, told["keyed"], contents, births, datagrams, unknown, told["common"], told["rest"])


def _body(
    key: Key, number: int, name: str, keyed: bool, known: bool, untyped: bool, plan: Any, layer: tuple[int, int]
) -> BodyDescription:
    names = None if plan is None else NamePlan(*plan)
    return BodyDescription(name, keyed, known, untyped, names, (layer[0], layer[1]), partial(_class, key, number))


def _content(size: int, unset: list[int], paths: list[list[int]], of_kind: dict[str, Any], answers: bool) -> Any:
    kinds = {name.encode("latin-1"): tuple(map(tuple, some)) for name, some in of_kind.items()}
    return KernelContent(size, tuple(unset), tuple(map(tuple, paths)), kinds, answers)


def _class(key: Key, number: int) -> type[Message]:
    """Return the class of a body by its number in a section."""
    return _described_bodies(key)[number].message


@cache
def _described_bodies(key: Key) -> list[BodyDescription]:
    from .catalog_sections import section_of

    return bodies_of(section_of(key))


def bodies_of(section: CatalogSection) -> list[BodyDescription]:
    """Return the bodies of a section, each once, in the order of its bindings."""
    found = [one.message for number in sorted(section.bindings) for one in section.bindings[number]]
    found += [one.message for one in section.datagrams]
    return [*dict.fromkeys(found + ([] if section.unknown is None else [section.unknown]))]


def _rules(told: dict[str, Any]) -> AnswerRules:
    def pairs(name: str) -> Any:
        return frozenset(map(tuple, told[name]))

    return AnswerRules(
        caused={int(number): shift for number, shift in told["caused"]},
        replied=pairs("replied"), repeated=pairs("repeated"), port_only=pairs("port_only"), returned=pairs("returned"),
        batches={tuple(place): number for place, number in told["batches"]}, listed=pairs("listed"),
        rewritten={tuple(place): flags for place, flags in told["rewritten"]},
    )  # fmt: skip
