"""Answers to CTRL_CMD_GETPOLICY."""

from __future__ import annotations

from typing import Any

from tests.helpers.genl_messages import FAMILY, attrs, text, u16, u32, u64
from tests.helpers.messages import GENERIC, REQUEST, frame, message

U16, NUL_STRING, NESTED, S64, FLAG = 3, 12, 13, 9, 1
DUMP, MULTI = 0x300, 2
BODY = {1: u16(5555), 2: text("hello"), 3: {4: u64(9)}, 9: u32(1)}


def policy_answer(given: dict[int, Any], family: int = FAMILY) -> bytes:
    """One answer to CTRL_CMD_GETPOLICY (ctrl_dumppolicy())."""
    body = bytes([10, 2, 0, 0]) + attrs({1: u16(family)} | given)
    return frame(GENERIC, message(16, body, MULTI, 5, 9))


POLICY = [
    policy_answer({9: {1: {1: u32(0)}, 2: {1: u32(0), 2: u32(1)}}}),
    policy_answer({8: {0: {1: {1: u32(U16), 4: u64(0), 5: u64(65535)}}}}),
    policy_answer({8: {0: {2: {1: u32(NUL_STRING), 7: u32(15)}}}}),
    policy_answer({8: {0: {3: {1: u32(NESTED), 8: u32(2), 9: u32(4)}}}}),
    policy_answer({8: {2: {4: {1: u32(S64)}}}}),
    policy_answer({8: {1: {7: {1: u32(FLAG)}}}}),
]


def generic_message(command: int, given: dict[int, Any], flags: int = REQUEST) -> bytes:
    return frame(GENERIC, message(FAMILY, bytes([command, 1, 0, 0]) + attrs(given), flags, 7, 9))
