"""The core's shared library: the one that is used, or the reason why none is. Without NumPy, for `--version`."""

from __future__ import annotations

import ctypes
import math
import os
from pathlib import Path
from typing import Any, NamedTuple

from nldissect.errors import NldissectError

HERE = Path(__file__).parent
PACKAGED = HERE / "libnldissect.so"
VERSION = 3
"""NL_ABI of core.h."""
LARGE = 10 << 20
"""Size in bytes of a file that takes seconds without the library."""


class AbiStruct(ctypes.Structure):
    """struct abi."""

    _fields_ = [("version", ctypes.c_uint32), ("sizes", ctypes.c_uint32 * 32), ("sources", ctypes.c_char * 68)]


class Library(NamedTuple):
    """The library to use, or None and the reason.

    silent_below   bytes of a file; printing one of this size or more without the library prints the reason
    """

    path: str | None
    reason: str = ""
    silent_below: float = math.inf


def find_library() -> Library:
    """Return the library that NLDISSECT_NATIVE names, else that of this installation."""
    asked = os.environ.get("NLDISSECT_NATIVE", "")
    if asked == "0":
        return Library(None, "NLDISSECT_NATIVE=0")
    if asked:
        return Library(os.path.abspath(asked))
    if not PACKAGED.exists():
        return Library(None, "nldissect was built without it; README.md says how it is built", LARGE)
    try:
        made_from = abi_of(load(str(PACKAGED))).sources.decode()
    except NldissectError as error:
        return Library(None, str(error), 0)
    if any(HERE.glob("*.c")) and made_from != source_hash(HERE):
        return Library(None, f"{PACKAGED.name} is not made from these C sources: `pip install -e .` again", 0)
    return Library(str(PACKAGED))


def described() -> str:
    """Return the path of the library in use, or a text with the reason why none is."""
    library = find_library()
    if library.path is None:
        return f"not used: {library.reason}"
    try:
        load(library.path)
    except NldissectError as error:
        return f"not used: {error}"
    return library.path


def load(path: str) -> Any:
    """Return a library; NldissectError if it can't be loaded, or does not have the core's functions."""
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise NldissectError(f"the native core can't be loaded: {error}") from None
    if not hasattr(library, "nl_abi"):
        raise NldissectError(f"the native core can't be loaded: {path} has no function nl_abi")
    library.nl_abi.restype = ctypes.POINTER(AbiStruct)
    return library


def abi_of(library: Any) -> AbiStruct:
    """Return the struct abi of a library: its version, the sizes of its structures, the hash of its sources."""
    found: AbiStruct = library.nl_abi().contents
    return found


def source_hash(folder: Path) -> str:
    """Return the SHA-256 of the C sources in a folder, with their names (build_backend.py computes the same)."""
    import hashlib

    total = hashlib.sha256()
    for path in sorted([*folder.glob("*.c"), *folder.glob("*.h")]):
        total.update(b"%s\0%d\0" % (path.name.encode(), path.stat().st_size) + path.read_bytes())
    return total.hexdigest()
