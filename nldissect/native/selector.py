"""A filter on the items of a scan by the core: struct selection of scan.h and the structures it refers to."""

from __future__ import annotations

import ctypes
from struct import Struct as Codec

from .loader import fields

(
    OF_HEAD, OF_NODES, OF_ERROR, OF_TEXT, OF_LENGTH, OF_SEQ, OF_PID, OF_PLACE, OF_NUMBER, OF_WIRE, OF_CAPTURED, OF_TIME,
    OF_RELATIVE,
) = range(13)  # fmt: skip
"""enum test_of."""
RANGE, BITS, EQUAL, LESS, AT_MOST, MORE, AT_LEAST, BETWEEN, WITHIN, CONTAINS, MATCHES = range(11)
"""enum check_op."""
SOME, GOOD, UNSURE = 1, 2, 4
"""enum test_state: a test of a message has values, one of them fulfils it; it has to be looked at."""
NOT_CHOSEN, CHOSEN, ASKED_FOR, LOOKED_AT = range(4)
"""enum verdict."""
STEP_NOT, STEP_AND, STEP_OR = 0xFFFD, 0xFFFE, 0xFFFF
MOST_TESTS, MOST_PROBES, DEEPEST = 64, 0xFFFF, 64
NO_LIMIT = 0xFFFFFFFF
CHECK, CRITERION, PROBE = Codec("<2Q6I"), Codec("<4IH6B"), Codec("<4IH2B")
"""struct check, criterion, probe."""


class SelectionStruct(ctypes.Structure):
    """struct selection."""

    _fields_ = [
        ("program", ctypes.c_void_p), ("data", ctypes.c_void_p), ("size", ctypes.c_uint64),
        *((name, ctypes.c_void_p) for name in (
            "heads", "frames", "items", "verdicts", "known", "tests", "probes", "of_row", "needed", "checks", "texts",
            "code", "chosen",
        )),
        *fields("head_count test_count row_count code_count item_count first stop limit met explains", "I"),
        *fields("is_timed has_first", "I"), ("first_time", ctypes.c_int64),
    ]  # fmt: skip


SIZES = CHECK.size, CRITERION.size, PROBE.size, ctypes.sizeof(SelectionStruct)
"""Sizes of these structures, in the order of struct abi."""
