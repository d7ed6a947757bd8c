"""Lines of cells by the core: struct cells of scan.h and the structures it refers to."""

from __future__ import annotations

import ctypes
from struct import Struct as Codec

from .loader import fields
from .selector import OF_RELATIVE

OF_INTERFACE, OF_NETNS, OF_SUMMARY, OF_NOTES, OF_SEVERITIES = range(OF_RELATIVE + 1, OF_RELATIVE + 6)
"""The rest of enum test_of."""
SHOWN = 2
"""Of enum need."""
LEFT, NOT_LOOKED_INTO, LOOKED_INTO, READ_WHOLE = range(4)
"""enum look."""
MOST_FIELDS = 256
HITS = 1 << 17
"""Nodes of a message that are shown, at most."""
CELL_SOURCE, HIT = Codec("<H2B"), Codec("<2I")
"""struct cell_source, hit."""


class WordsStruct(ctypes.Structure):
    """struct words."""

    _fields_ = fields("text size", "I")


class CellsStruct(ctypes.Structure):
    """struct cells."""

    _fields_ = [
        *((name, ctypes.c_void_p) for name in (
            "items", "frames", "sources", "columns", "probes", "of_row", "needed", "looks", "fixed", "interfaces",
            "errors", "texts", "hits",
        )),
        *fields("hit_room column_count row_count head_count source_count error_count", "I"),
        ("separator", WordsStruct), ("aggregator", WordsStruct),
        *fields("occurrence quote is_csv is_timed has_first", "B"),
        ("pad", ctypes.c_uint8 * 3), ("first_time", ctypes.c_int64),
    ]  # fmt: skip


SIZES = CELL_SOURCE.size, ctypes.sizeof(CellsStruct)
"""Sizes of these structures, in the order of struct abi."""
