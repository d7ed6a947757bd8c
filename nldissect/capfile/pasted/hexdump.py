"""Lines of hex dumps: strace -e write=all, the kernel's print_hex_dump, hexdump, xxd, od, tcpdump -x, `read -x`.

Each has an offset (or an address, or only a prefix), groups of digits, and often the same bytes as text. Groups of
several bytes may be words of a little-endian host; the caller decides which order makes sense.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nldissect.errors import FileError

ROW = 16
MASKED = "**"
OD = 7
"""Digits of an offset that od writes, in octal or decimal; hexdump without -C writes the same number in hexadecimal."""

_LINE = re.compile(
    r"(?P<prefix>.*?)(?<![0-9A-Za-z.])(?:0x)?(?P<offset>[0-9a-fA-F]{3,16})(?P<colon>:?)(?P<gap>[ \t]+)"
    r"(?P<rest>(?:[0-9a-fA-F]{2}|\*\*)+(?:[ \t].*)?)"
)
_BARE = re.compile(r"(?P<prefix>.*?[:\]] )(?P<rest>(?:[0-9a-fA-F]{2} ){3,}[0-9a-fA-F]{2}(?:  .*)?)")
_TOTAL = re.compile(r"[ \t|]*(?:0x)?([0-9a-fA-F]{4,16})[ \t|]*")
_GROUP = re.compile(r"((?:[0-9a-fA-F]{2})+|\*\*)(?=[ \t|)]|$)([ \t]*)")
_BASES = (16, 10, 8)


@dataclass
class DumpLine:
    """One line of a dump; `offset` is None where it has only a prefix, `repeats` if equal lines follow it."""

    line: int
    prefix: str
    offset: str | None
    rest: str
    column: int
    repeats: bool = False


def dump_line(number: int, line: str, within: bool) -> DumpLine | None:
    """Return the parts of a line of a dump; None if it is not one.

    `within` is true if the line before it was one. A line of digits alone may be something else.
    """
    found = _LINE.fullmatch(line)
    if found is not None:
        prefix, offset = found["prefix"], found["offset"]
        bare = not prefix.strip(" \t|")
        begins = not int(offset, 16) and (len(found["gap"]) > 1 or found["colon"] or "|" in prefix or len(offset) > 5)
        if (bare and (within or begins or found["colon"])) or (found["colon"] and prefix[-1:] in " \t]:"):
            return DumpLine(number, prefix.strip(), offset, found["rest"], found.start("rest"))
    found = _BARE.fullmatch(line)
    if found is not None:
        return DumpLine(number, found["prefix"].strip(), None, found["rest"], found.start("rest"))
    return None


def total(line: str, dumps: list[DumpLine]) -> bool:
    """Return whether a line after a dump is its length alone, as hexdump and od write it."""
    found = _TOTAL.fullmatch(line)
    if found is None or not dumps or dumps[-1].offset is None:
        return False
    return any(
        0 <= _number(found[1], base) - _number(dumps[-1].offset, base) <= 2 * ROW and len(found[1]) >= 6
        for base in _BASES
    )


def _number(text: str, base: int) -> int:
    try:
        return int(text, base)
    except ValueError:
        return -1


def dump_blocks(
    dumps: list[DumpLine], end: str | None, name: str, sensible: Callable[[bytes], bool]
) -> Iterator[tuple[int, bytes]]:
    """Yield line number and bytes of each block: the lines that belong to one dump.

    end        the offset after the last byte, if a line states it
    sensible   returns whether bytes can be what was dumped, on a little-endian host

    Raises FileError if bytes are missing, masked or not bytes.
    """
    for block in _split(dumps):
        last = end if block[-1] is dumps[-1] else None
        data, width = _bytes(block, last, name)
        if width > 1 and not sensible(data):
            swapped = b"".join(data[at : at + width][::-1] for at in range(0, len(data), width))
            data = swapped if sensible(swapped) else data
        yield block[0].line, data


def _split(dumps: list[DumpLine]) -> Iterator[list[DumpLine]]:
    """Yield blocks of lines: another dump begins where an offset goes back, or jumps as only an address does."""
    block: list[DumpLine] = []
    for dump in dumps:
        if block and dump.offset is not None and block[-1].offset is not None:
            step = int(dump.offset, 16) - int(block[-1].offset, 16)
            address = bool(int(block[0].offset or "0", 16))
            if step <= 0 or (address and step > 4 * ROW):
                yield block
                block = []
        block.append(dump)
    if block:
        yield block


def _bytes(block: list[DumpLine], end: str | None, name: str) -> tuple[bytes, int]:
    """Return the bytes of one block, and the number of bytes in a group."""
    if block[0].offset is None:
        rows = [_row(dump, 2 * ROW, None, name)[0] for dump in block]
        return b"".join(rows), 1
    problem: FileError | None = None
    for base in _BASES if len(block[0].offset) == OD else (16,):
        try:
            return _counted(block, end, base, name)
        except FileError as error:
            problem = problem or error
    assert problem is not None
    raise problem


def _counted(block: list[DumpLine], end: str | None, base: int, name: str) -> tuple[bytes, int]:
    offsets = [_number(dump.offset or "", base) for dump in block]
    stop = _number(end, base) if end is not None else -1
    data, row, width, column = b"", ROW, 1, None
    for place, dump in enumerate(block):
        following = offsets[place + 1] if place + 1 < len(block) else stop
        step = following - offsets[place] if following >= 0 else None
        if step is None or dump.repeats:
            part, width, ended = _row(dump, row if place else 2 * ROW, column, name)
        else:
            part, width, ended = _row(dump, step, None, name)
            if len(part) < step:
                raise _short(dump, len(part), step, name)
            row, column = max(step, 1), ended
        data += part
        if dump.repeats and step is not None:
            data += (part * (step // max(len(part), 1)))[: step - len(part)]
    return data, width


def _short(dump: DumpLine, have: int, step: int, name: str) -> FileError:
    odd = _rest_after(dump, have).split()
    if odd and have < ROW and len(odd[0]) < 9 and step <= 2 * ROW:
        return FileError(f"{name}, line {dump.line}: {odd[0]!r} is no byte; {_MEND}")
    return FileError(f"{name}, line {dump.line}: {step - have} bytes are missing before the next line; {_MEND}")


_MEND = "paste the dump whole, as it was printed"


def _rest_after(dump: DumpLine, count: int) -> str:
    at, seen = 0, 0
    while seen < count and (group := _GROUP.match(dump.rest, at)):
        at, seen = group.end(), seen + len(group[1]) // 2
    return dump.rest[at:]


def _row(dump: DumpLine, most: int, column: int | None, name: str) -> tuple[bytes, int, int]:
    """Return at most `most` bytes of one line, the bytes in a group, and the column where the digits end.

    column   column where the digits end in the line before; the line's text follows it
    """
    text = dump.rest if column is None else dump.rest[: max(column - dump.column, 0)]
    data, width, at, ended = b"", 0, 0, dump.column
    while len(data) < most and (group := _GROUP.match(text, at)):
        if group[1] == MASKED:
            raise FileError(f"{name}, line {dump.line}: ** stands for a key; print it with --show-secrets")
        raw = bytes.fromhex(group[1])
        if width and len(raw) > width:
            break
        width = width or len(raw)
        data += raw
        at, ended = group.end(), dump.column + group.end(1)
        gap = len(group[2].expandtabs())
        if gap > 2 or (gap == 2 and len(data) not in (8, 24)):
            return data[:most], width, ended
    rest = text[at:].split()
    if rest and len(data) < most and column is None and text[at - 1 : at] == " " and text[at - 2 : at - 1] != " ":
        raise FileError(f"{name}, line {dump.line}: {rest[0]!r} is no byte; {_MEND}")
    return data[:most], max(width, 1), ended
