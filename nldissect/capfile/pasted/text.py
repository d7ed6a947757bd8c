"""Bytes in pasted text: hex dumps, lists of numbers, string literals, plain hex (see `hexdump` and `literals`).

A line that looks like a line of a dump is read as one. Blocks end at blank lines, at comments, and where another dump
begins. Lines that hold no bytes are counted; text that looks like bytes but can't be read raises FileError.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nldissect.errors import FileError
from nldissect.uapi import ARPHRD_NETLINK, NLMSG_HDRLEN, SLL_HDR_LEN, nlmsg_align

from .hexdump import DumpLine, dump_blocks, dump_line, total
from .literals import depth_after, literals


@dataclass
class TextBlock:
    """Bytes that belong together, and the line where they begin.

    said    the comments before them
    cut     the text states that bytes are missing at the end
    """

    line: int
    data: bytes
    said: list[str] = field(default_factory=list)
    cut: bool = False


@dataclass
class TextBlocks:
    """All blocks of a text, and the numbers, from 1, of the lines that hold no bytes."""

    blocks: list[TextBlock] = field(default_factory=list)
    passed: list[int] = field(default_factory=list)


_COMMENT = re.compile(r"\s*(?:#|//|;)\s?(.*)")
_OURS = re.compile(r"\s*((?:cooked header|message \d+|trailing bytes), \d+ bytes?)")
_PLAIN = re.compile(r"\s*(?:[0-9a-fA-F]{2})+(?:[ \t:,-]+(?:[0-9a-fA-F]{2})+)*[ \t,;]*")
_ODD = re.compile(r"\s*[0-9a-fA-F]{2,}(?:[ \t:,-]+[0-9a-fA-F]+)*\s*")
_COLOR = re.compile(r"\x1b\[[0-9;]*m")
_QUOTED = re.compile(r"(?:> ?)+")  # in a mail
_GDB = re.compile(r"\s*(0x[0-9a-f]+)(?: <[^>]*>)?:((?:\s+0x(?:[0-9a-f]{2})+)+)\s*")
_BUFFER = re.compile(r"\s*\* \d+ bytes in buffer \d+")  # strace -e write=all
_WORDS = re.compile(r"[A-Za-z0-9]")


def read_text(text: str, name: str) -> TextBlocks:
    """Return the bytes in a text; FileError, with the line, if something looks like bytes but can't be read."""
    reader = _Reader(name)
    for number, line in enumerate(_COLOR.sub("", text).splitlines(), 1):
        reader.take(number, line.rstrip())
    reader.end()
    return reader.found


class _Reader:
    """A collector of lines of one kind, which become blocks where another kind begins."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found = TextBlocks()
        self.said: list[str] = []
        self.dumps: list[DumpLine] = []
        self.plain: list[tuple[int, bytes]] = []
        self.code: list[tuple[int, str]] = []
        self.depth = 0

    def take(self, number: int, line: str) -> None:
        """Add one line."""
        line = line[quoted.end() :] if (quoted := _QUOTED.match(line)) else line
        if gdb := _GDB.fullmatch(line):
            line = f"{gdb[1]}: {' '.join(one.removeprefix('0x') for one in gdb[2].split())}"
        dump = dump_line(number, line, bool(self.dumps))
        if dump is not None and (self.depth <= 0 or dump.offset is not None):
            self._end_code()
            self._end_plain()
            self.dumps.append(dump)
        elif self.dumps and line.strip(" |") == "*":
            self.dumps[-1].repeats = True
        elif self.dumps and total(line, self.dumps):
            self._end_dump(line.strip(" \t|").removeprefix("0x"))
        elif self.depth > 0:
            self._take_code(number, line)
        elif not line.strip():
            self.end()
        elif comment := _COMMENT.fullmatch(line) or _OURS.fullmatch(line):
            self.end()
            self.said.append(comment[1])
        elif _PLAIN.fullmatch(line):
            self._end_code()
            self._end_dump()
            self.plain.append((number, bytes.fromhex(re.sub(r"[^0-9a-fA-F]", "", line))))
        elif _ODD.fullmatch(line) and len(line) >= 8:
            digits = next(one for one in re.split(r"[ \t:,-]+", line.strip()) if len(one) % 2)
            raise FileError(f"{self.name}, line {number}: {digits!r} is half a byte too long or short; mend the line")
        else:
            self._end_plain()
            self._end_dump()
            self._take_code(number, line)

    def _take_code(self, number: int, line: str) -> None:
        self.code.append((number, line))
        self.depth += depth_after(line)

    def end(self) -> None:
        """Make blocks of the lines collected so far."""
        self._end_code()
        self._end_plain()
        self._end_dump()

    def _block(self, line: int, data: bytes, cut: bool = False) -> None:
        self.found.blocks.append(TextBlock(line, data, self.said, cut))
        self.said = []

    def _end_dump(self, end: str | None = None) -> None:
        dumps, self.dumps = self.dumps, []
        if dumps:
            for line, data in dump_blocks(dumps, end, self.name, little):
                self._block(line, data)

    def _end_plain(self) -> None:
        plain, self.plain = self.plain, []
        if not plain:
            return
        if all(whole(data) for _, data in plain):
            for line, data in plain:
                self._block(line, data)
        else:
            self._block(plain[0][0], b"".join(data for _, data in plain))

    def _end_code(self) -> None:
        code, self.code, self.depth = self.code, [], 0
        if not code:
            return
        before = len(self.found.blocks)
        for one in literals("\n".join(line for _, line in code), code[0][0], self.name, sensible):
            self._block(one.line, one.data, one.cut)
        if before == len(self.found.blocks):
            words = [number for number, line in code if _WORDS.search(line) and not _BUFFER.fullmatch(line)]
            self.found.passed += words
            self.said = []


def is_cooked(data: bytes) -> bool:
    """Return whether bytes begin with the header of LINKTYPE_NETLINK: a device type of 824, and no address."""
    return len(data) >= SLL_HDR_LEN and int.from_bytes(data[2:4], "big") == ARPHRD_NETLINK and not any(data[4:6])


def sensible(data: bytes) -> bool:
    """Return whether bytes begin as netlink does: with the cooked header, or a length that is not too long."""
    return is_cooked(data) or any(NLMSG_HDRLEN <= length <= len(data) + 3 for length in _lengths(data))


def little(data: bytes) -> bool:
    """Return whether bytes begin with the cooked header, or with a message length of a little-endian host."""
    return is_cooked(data) or NLMSG_HDRLEN <= _lengths(data)[0] <= len(data) + 3


def whole(data: bytes) -> bool:
    """Return whether bytes are messages from end to end."""
    return any(_chain(data[SLL_HDR_LEN:] if is_cooked(data) else data, order) for order in ("little", "big"))


def _lengths(data: bytes) -> tuple[int, int]:
    return int.from_bytes(data[:4], "little"), int.from_bytes(data[:4], "big")


def _chain(data: bytes, order: str) -> bool:
    at = 0
    while len(data) - at >= NLMSG_HDRLEN:
        length = int.from_bytes(data[at : at + 4], "little" if order == "little" else "big")
        if length < NLMSG_HDRLEN:
            return False
        at += nlmsg_align(length)
    return at >= len(data) > 0 and at - len(data) < 4
