"""Bytes as programs write them: lists of numbers (Go, C, Rust, Python), string literals with escapes or hex digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from nldissect.errors import FileError

FEWEST = 16
"""Bytes of the shortest literal: shorter strings and lists are something else, names or arguments."""

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/|\#[^\n]*)
    |(?P<string>[bBrRuU]{0,2}(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[0-9a-fA-F\s:]*`)(?:\.\.\.)?)
    |(?P<escapes>(?:\\x[0-9a-fA-F]{2})+(?:\.\.\.)?)
    |(?P<number>(?<![\w.])-?(?:0[xX][0-9a-fA-F]+|[0-9a-fA-F]{32,}|[0-9a-fA-F]{2}|\d+)(?:_?u8|[uU])?(?![\w.]))
    |(?P<open>[\[{(])|(?P<close>[\]})])
    |(?P<join>(?:[\s+]|\\(?!x))+)
    |(?P<comma>,)
    |(?P<told>[=:])
    |(?P<word>[A-Za-z_][\w.]*)
    |(?P<other>.)""",
    re.X | re.S,
)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|\n|.)", re.S)
_NAMED = {"n": 10, "t": 9, "r": 13, "a": 7, "b": 8, "f": 12, "v": 11, "e": 27}
_HEX = re.compile(r"(?:0[xX])?(?:[0-9a-fA-F]{2}[\s:]*)+")
_DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}


@dataclass
class Literal:
    """Bytes found in a program; `cut` if the text states that more followed."""

    line: int
    data: bytes
    cut: bool = False


@dataclass
class _Group:
    """Numbers and words between two brackets."""

    line: int
    numbers: list[tuple[int, str]] = field(default_factory=list)
    words: list[tuple[int, str]] = field(default_factory=list)
    told: bool = False  # names have values here: it is a struct
    decoded: bool = False  # such a struct is inside: strace has decoded these bytes


def depth_after(line: str) -> int:
    """Return the number of brackets that a line leaves open; negative if it closes more than it opens."""
    return sum(_DEPTH.get(token["open"] or token["close"] or "", 0) for token in _TOKEN.finditer(line))


def literals(text: str, first: int, name: str, sensible: Callable[[bytes], bool]) -> Iterator[Literal]:
    """Yield lists and strings in a text that begins at line `first`.

    sensible   returns whether bytes begin as netlink does

    Raises FileError if a list of bytes holds something else.
    """
    yield from _Lexer(text, first, name, sensible).run()


class _Lexer:
    def __init__(self, text: str, first: int, name: str, sensible: Callable[[bytes], bool]) -> None:
        self.text, self.first, self.name, self.sensible = text, first, name, sensible
        self.groups = [_Group(first)]
        self.pieces: list[tuple[int, str]] = []
        self.named = False  # the string follows "name=" or "name:"
        self.last = ""

    def run(self) -> Iterator[Literal]:
        line = self.first
        for token in _TOKEN.finditer(self.text):
            kind, text = token.lastgroup, token[0]
            if kind in ("string", "escapes"):
                self.named = self.last == "told" if not self.pieces else self.named
                self._string(line, text)
            elif kind not in ("join", "comment"):
                yield from self._strings()
                yield from self._other(kind or "", line, text)
            self.last = self.last if kind in ("join", "comment") else kind or ""
            line += text.count("\n")
        yield from self._strings()
        while self.groups:
            yield from self._list(self.groups.pop())

    def _string(self, line: int, text: str) -> None:
        one = _character(text)
        if one is not None and len(self.groups) > 1:
            self.groups[-1].numbers.append((line, str(one)))
        else:
            self.pieces.append((line, text))

    def _other(self, kind: str, line: int, text: str) -> Iterator[Literal]:
        group = self.groups[-1]
        if kind == "number" and len(text) >= 2 * FEWEST:
            yield Literal(line, _whole_hex(text, line, self.name))
        elif kind == "number":
            group.numbers.append((line, text))
        elif kind == "open":
            self.groups.append(_Group(line))
        elif kind == "close" and len(self.groups) > 1:
            inner = self.groups.pop()
            self.groups[-1].decoded |= inner.told
            yield from self._list(inner)
        elif kind == "told":
            group.told = True
        elif kind == "word" and len(self.groups) > 1:
            group.words.append((line, text))
        elif len(self.groups) == 1 and kind != "comma":
            yield from self._list(self.groups.pop())
            self.groups.append(_Group(line))

    def _strings(self) -> Iterator[Literal]:
        pieces, self.pieces = self.pieces, []
        if not pieces:
            return
        bodies = [_body(text) for _, text in pieces]
        cut = pieces[-1][1].endswith("...")
        if all(_HEX.fullmatch(body) for body in bodies):
            data = b"".join(bytes.fromhex(re.sub(r"[\s:]|0[xX]", "", body)) for body in bodies)
            if len(data) >= FEWEST:
                yield Literal(pieces[0][0], data, cut)
                return
        data = b"".join(map(_unescaped, bodies))
        group = self.groups[-1]
        named = pieces[0][1][0] in "bB" or 8 * sum(map(_numeric, bodies)) >= len(data)
        if len(self.groups) > 1 and (group.told or group.decoded) and not (self.named and (self.sensible(data) or cut)):
            return  # a value in a struct
        if len(data) >= FEWEST and (named or self.sensible(data)):
            yield Literal(pieces[0][0], data, cut)

    def _list(self, group: _Group) -> Iterator[Literal]:
        numbers = group.numbers
        if group.told or len(numbers) < FEWEST or 2 * len(group.words) > len(numbers):
            return
        values = [_value(text) for _, text in numbers]
        if sum(value is None for value in values) * 2 > len(values):
            return
        if group.words:
            line, word = group.words[0]
            raise FileError(f"{self.name}, line {line}: {word!r} stands among bytes; write its value")
        digits = [text for _, text in numbers]
        pairs = all(len(text) == 2 for text in digits)
        as_hex = bytes.fromhex("".join(digits)) if pairs else b""
        if pairs and (any(not text.isdecimal() or text[0] == "0" for text in digits) or not self._fits(values)):
            yield Literal(group.line, as_hex)
            return
        for (line, text), value in zip(numbers, values, strict=True):
            if value is None:
                raise FileError(f"{self.name}, line {line}: {text} is no byte; bytes are 0 to 255")
        yield Literal(group.line, bytes(value for value in values if value is not None))

    def _fits(self, values: list[int | None]) -> bool:
        return None not in values and self.sensible(bytes(value for value in values if value is not None))


def _value(text: str) -> int | None:
    """Return the byte of a number, a negative one as a signed byte; None if it is out of range."""
    text = re.sub(r"(_?u8|[uU])$", "", text)
    try:
        value = int(text, 0)
    except ValueError:
        value = int(text, 10) if text.lstrip("-").isdecimal() else 256
    return value & 0xFF if -128 <= value < 256 else None


def _whole_hex(text: str, line: int, name: str) -> bytes:
    digits = text.lower().removeprefix("0x")
    if len(digits) % 2:
        raise FileError(f"{name}, line {line}: {len(digits)} hex digits are half a byte too many; paste all of them")
    return bytes.fromhex(digits)


def _character(text: str) -> int | None:
    """Return the byte of a character literal, as 'x' and '\\0' in C; None if it is not one."""
    if text[:1] != "'":
        return None
    data = _unescaped(_body(text))
    return data[0] if len(data) == 1 else None


def _numeric(body: str) -> int:
    """Return the number of bytes of a string that are written as numbers."""
    return len(re.findall(r"\\(?:x|[0-7])", body))


def _body(text: str) -> str:
    text = text.removesuffix("...").lstrip("bBrRuU") if text[-4:-3] in "\"'`" or text[-1] in "\"'`" else text
    return text[1:-1] if text[:1] in "\"'`" and len(text) > 1 else text.removesuffix("...")


def _unescaped(body: str) -> bytes:
    parts, at = [], 0
    for found in _ESCAPE.finditer(body):
        parts.append(body[at : found.start()].encode())
        at = found.end()
        code = found[1]
        if code[0] == "x" and len(code) > 1:
            parts.append(bytes([int(code[1:], 16)]))
        elif code[0] in "01234567":
            parts.append(bytes([int(code, 8) & 0xFF]))
        elif code != "\n":
            parts.append(bytes([_NAMED[code]]) if code in _NAMED else code.encode())
    return b"".join([*parts, body[at:].encode()])
