"""Words for the policies of generic families that nlctrl reports, and notes on messages without a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nldissect.escapes import escaped
from nldissect.uapi import NLA_TYPE_MASK

from .attr_set import split_attrs

FAMILY_ID, POLICIES, OPERATIONS = 1, 8, 9  # CTRL_ATTR_* (linux/genetlink.h)
DO, DUMP = 1, 2  # CTRL_ATTR_POLICY_*
TYPE, INNER = 1, 8  # NL_POLICY_TYPE_ATTR_TYPE, _POLICY_IDX (linux/netlink.h)


def format_policy(body: bytes, order: str) -> tuple[int, str] | None:
    """Return the id of a family and, as words, its policy from attributes of nlctrl; None if one of them is missing.

    body    attributes of an answer to CTRL_CMD_GETPOLICY
    order   byte order as a struct code
    """
    outer = list(_numbers(body, 0, len(body), order))
    family = next(
        (int.from_bytes(body[at : at + 2], _LONG[order]) for number, at, end in outer if number == FAMILY_ID), 0
    )
    words = []
    for number, at, end in outer:
        for first, start, stop in _numbers(body, at, end, order) if number in (POLICIES, OPERATIONS) else ():
            if number == OPERATIONS:
                values = _u32s(body, start, stop, order)
                words += [f"{name}{first}={values[key]}" for name, key in (("do", DO), ("dump", DUMP)) if key in values]
                continue
            for attribute, begin, finish in _numbers(body, start, stop, order):
                values = _u32s(body, begin, finish, order)
                if TYPE in values:
                    inner = f">{values[INNER]}" if INNER in values else ""
                    words.append(f"{first}.{attribute}={values[TYPE]}{inner}")
    return (family, " ".join(words)) if family and words else None


_LONG: Any = {"<": "little", ">": "big"}


def _numbers(data: bytes, start: int, end: int, order: str) -> Iterator[tuple[int, int, int]]:
    """Yield number, start and end of the payload of each attribute."""
    for kind, at, stop, _ in split_attrs(data, start, end, order)[0]:
        yield kind & NLA_TYPE_MASK, at, stop


def _u32s(data: bytes, start: int, end: int, order: str) -> dict[int, int]:
    return {
        number: int.from_bytes(data[at:stop], _LONG[order])
        for number, at, stop in _numbers(data, start, end, order)
        if stop - at == 4
    }


def merged(before: str | None, words: str) -> str:
    """Return a policy as words after one more answer, sorted; a new word replaces one with the same left side."""
    known = dict(word.split("=") for word in f"{before or ''} {words}".split())
    return " ".join(f"{key}={value}" for key, value in sorted(known.items()))


def untold_text(family: str | None, number: int, command: int, is_common: bool) -> str:
    """Return the text of the expert note on a command without a table.

    is_common   it is decoded like all other commands of its family
    """
    text = f"no table describes command {command} of family {escaped(family or hex(number))}"
    return f"{text}; it is read as all others of the family are" if is_common else text
