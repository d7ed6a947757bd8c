"""The core as a shared library: core.h's structures, and its functions through ctypes."""

from __future__ import annotations

import ctypes
from struct import Struct as Codec
from typing import Any

from nldissect.errors import NldissectError

from .abi import PACKAGED, VERSION, Library, abi_of, find_library, load
from .tables import (
    ALTERNATIVE,
    CHOICE,
    CHOOSING,
    NAMED,
    PART,
    ROW,
    SELECTOR,
    SET,
    STRCT,
    TEMPLATE,
    Bytes,
    StoredProgram,
)

MEMORY = 64 << 20
"""Bytes of a core's memory: nodes of one message, and remembered leaves with their keys."""
MISSES, SLOTS = 4096, 1 << 14
DONE, ODD, AGAIN, FULL = range(4)
NO_HEAD, SKIPPED = 0xFFFFFFFF, 0xFFFFFFFE
"""Heads of a message that is left to the caller, and of one that is not shown."""
(
    FORM_JSON, FORM_BRIEF, FORM_HEAD, FORM_PAYLOAD, FORM_NAME, FORM_PART, FORM_TREE, FORM_BESIDE, FORM_COMPOSED,
    FORM_COUNT, FORM_CELL,
) = range(11)  # fmt: skip
LIST, LINES, ARRAY, TREE, CELLS = range(5)
"""enum output: the form that is written of messages."""
CHANGING = 2
"""State of a slot whose number has several names in the block."""

MISS, SINCE, RUN = Codec("<6IQ"), Codec("<Q4I"), Codec("<2Q2I")
"""struct miss, since, run."""


KINDS: dict[str, Any] = {
    "B": ctypes.c_uint8, "H": ctypes.c_uint16, "I": ctypes.c_uint32, "Q": ctypes.c_uint64, "q": ctypes.c_int64,
}  # fmt: skip


def fields(names: str, kind: str) -> list[tuple[str, Any]]:
    """Return fields of a structure that are of one kind."""
    return [(name, KINDS[kind]) for name in names.split()]


class MessageStruct(ctypes.Structure):
    """struct message."""

    _fields_ = [
        ("at", ctypes.c_uint64),
        *fields("size head seq pid place count request space before before_size asked asked_size", "I"),
        *fields("asked_head asked_length", "I"), ("asked_at", ctypes.c_uint64), *fields("behind behind_size", "I"),
        ("out", ctypes.c_uint64), ("out_size", ctypes.c_uint32), *fields("status why", "H"),
    ]  # fmt: skip


class HeadStruct(ctypes.Structure):
    """struct head."""

    _fields_ = [
        *fields("ahead ahead_size type type_size generic generic_size layer template name name_size", "I"),
        *fields("family family_size called called_size words words_size note note_size", "I"),
        *fields("way way_size flags flags_size", "I"),
        ("selectors", ctypes.c_int64 * 4),
        *fields("skip to_kernel dump interrupted odd big unknown keyed peek names_types", "B"),
        ("pads", ctypes.c_uint8 * 6),
    ]  # fmt: skip


class SlotStruct(ctypes.Structure):
    """struct slot."""

    _fields_ = [*fields("number text size space", "I"), *fields("state what", "H")]


class ProgramPointers(ctypes.Structure):
    """struct program."""

    _fields_ = [
        *((name, ctypes.c_void_p) for name in (
            "pool", "rows", "sets", "numbers", "selectors", "structs", "fields", "choices", "choosings", "named",
            "templates", "parts", "alternatives", "silents", "selector_names",
        )),
        *((name, ctypes.c_uint32) for name in ("row_count", "wanted_count", "undecoded", "secret", "leftover")),
    ]  # fmt: skip


class ExtentStruct(ctypes.Structure):
    """struct extent."""

    _fields_ = fields(
        "pool rows sets numbers selectors structs fields choices choosings named templates parts alternatives silents"
        " selector_names", "I",
    )  # fmt: skip


class JobStruct(ctypes.Structure):
    """struct job."""

    _fields_ = [
        ("program", ctypes.POINTER(ProgramPointers)), ("data", ctypes.c_void_p), ("data_size", ctypes.c_uint64),
        ("heads", ctypes.c_void_p), ("texts", ctypes.c_void_p), ("names", ctypes.c_void_p),
        ("messages", ctypes.c_void_p), ("message_count", ctypes.c_uint32), ("output", ctypes.c_uint32),
        ("slots", ctypes.c_void_p), ("slot_mask", ctypes.c_uint32), ("slot_used", ctypes.c_uint32),
        ("sinces", ctypes.c_void_p), ("out", ctypes.c_void_p), ("out_size", ctypes.c_uint64),
        ("out_used", ctypes.c_uint64), ("misses", ctypes.c_void_p), ("miss_room", ctypes.c_uint32),
        *fields("miss_count shows_secrets pad epoch unsteady", "I"), ("cells", ctypes.c_void_p),
    ]  # fmt: skip


STRUCTURES: tuple[int, ...] = (
    *(codec.size for codec in (ROW, NAMED, SET, STRCT, CHOICE, CHOOSING, PART, ALTERNATIVE, TEMPLATE)),
    ctypes.sizeof(ProgramPointers), ctypes.sizeof(ExtentStruct), ctypes.sizeof(HeadStruct),
    ctypes.sizeof(MessageStruct), MISS.size,
    ctypes.sizeof(SlotStruct), SINCE.size, ctypes.sizeof(JobStruct),
)  # fmt: skip
"""Sizes of core.h's structures as Python knows them, in the order of struct abi (scanner.py has those of scan.h)."""


SIZES = {
    "pool": 1, "rows": ROW.size, "sets": SET.size, "numbers": 4, "selectors": 2, "structs": STRCT.size, "fields": 4,
    "choices": CHOICE.size, "choosings": CHOOSING.size, "named": NAMED.size, "templates": TEMPLATE.size,
    "parts": PART.size, "alternatives": ALTERNATIVE.size, "silents": 8, "selector_names": SELECTOR.size,
}  # fmt: skip
"""Bytes of one of each array of struct program."""


def usable_library() -> Library:
    """Return the library to use, or None and the reason; that of this installation must also fit."""
    library = find_library()
    if library.path == str(PACKAGED) and not _fits(load(library.path)):
        return Library(None, f"{library.path} does not fit this version of nldissect; install it again", 0)
    return library


def _fits(library: Any) -> bool:
    told = abi_of(library)
    return (told.version, *told.sizes[: len(STRUCTURES)]) == (VERSION, *STRUCTURES)


def address(buffer: Any) -> int:
    """Return the address of a writable buffer's bytes; 0 if it is empty."""
    return ctypes.addressof(ctypes.c_uint8.from_buffer(buffer)) if len(buffer) else 0


def pointer(data: bytes) -> int | None:
    """Return the address of bytes."""
    return ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value


def open_library(path: str) -> Any:
    """Return the library with the types of its functions; NldissectError if it can't be loaded or does not fit."""
    library = load(path)
    if not _fits(library):
        raise NldissectError(f"the native core {path} does not fit this version of nldissect; build it again")
    library.nl_open.restype = ctypes.c_void_p
    library.nl_open.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    library.nl_render.argtypes = [ctypes.c_void_p, ctypes.POINTER(JobStruct), ctypes.c_int]
    library.nl_runs.restype = ctypes.c_uint32
    library.nl_runs.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p]
    library.nl_select.restype = library.nl_mark.restype = ctypes.c_uint32
    library.nl_select.argtypes, library.nl_mark.argtypes = [ctypes.c_void_p] * 2, [ctypes.c_void_p]
    library.nl_reach.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint32]
    library.nl_check.argtypes = [ctypes.POINTER(ProgramPointers), ctypes.POINTER(ExtentStruct)]
    library.nl_learn.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_char_p, ctypes.c_uint32, ctypes.c_int]
    return library


def place_of(data: Bytes) -> int | None:
    """Return the address of bytes, or of a writable memoryview's bytes."""
    return pointer(data) if isinstance(data, bytes) else address(data)


def is_sound(library: Any, stored: StoredProgram) -> bool:
    """Return whether a program refers to nothing that it does not have."""
    undecoded, secret, leftover = stored.constants
    program = ProgramPointers(
        wanted_count=stored.name_count, undecoded=undecoded, secret=secret, leftover=leftover,
        **{name: place_of(data) for name, data in stored.arrays.items()},
    )  # fmt: skip
    counts = {name: len(data) // SIZES[name] for name, data in stored.arrays.items()}
    program.row_count = counts["rows"]
    return bool(library.nl_check(ctypes.byref(program), ctypes.byref(ExtentStruct(**counts))))
