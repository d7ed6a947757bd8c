"""Tokens of a filter, each with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from nldissect.errors import FilterError

OPERATORS = ("==", "!=", "<=", ">=", "<", ">", "&", "in", "contains", "matches")
JOINS = {"and": "and", "&&": "and", "or": "or", "||": "or", "not": "not", "!": "not"}
KEYWORDS = {"and", "or", "not", "in", "contains", "matches"}
WRITTEN = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "bitand": "&", "bitwise_and": "&"}

_TOKEN = re.compile(
    r"""
    (?P<space> \s+ )
  | (?P<text>  "(?: [^"\\] | \\. )*" )
  | (?P<slice> \[ \s* [0-9]{1,9} \s* : \s* [0-9]{1,9} \s* \] )
  | (?P<sign>  && | \|\| | == | != | <= | >= | \.\. | [<>&|!(){},] )
  | (?P<word>  -? (?: [A-Za-z0-9_:/] | \.(?!\.) | (?<=[a-z])-(?=[a-z]) )+ )
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """kind is "text" (quoted), "slice", "sign", "word", "keyword" (in lower case) or "end"."""

    kind: str
    text: str
    at: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """All tokens, an "end" last; FilterError where none begins."""
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _odd(text, at)
        kind, word = str(found.lastgroup), found.group()
        if kind == "word" and word.lower() in KEYWORDS:
            kind, word = "keyword", word.lower()
        if kind != "space":
            yield Token(kind, word, at, found.end())
        at = found.end()
    yield Token("end", "", at, at + 1)


def _odd(text: str, at: int) -> FilterError:
    """What is wrong where no token begins."""
    character, before = text[at], text[at - 1 : at]
    if character == '"':
        return FilterError("this text has no closing quote", text, at)
    if character == "=":
        if before == "=":
            return FilterError('"===" compares nothing; write "=="', text, at - 2, at + 1)
        if text[at + 1 : at + 2] in ("<", ">"):
            return FilterError(f'write "{text[at + 1]}=" instead', text, at, at + 2)
        return FilterError('"=" compares nothing; write "=="', text, at)
    if character == "'":
        return FilterError('text stands in double quotes: "..."', text, at)
    if character in "[]":
        return FilterError("a slice is [offset:length], two numbers", text, at)
    if character == "~":
        return FilterError('"~" compares nothing; write "matches"', text, at)
    return FilterError(
        f'"{character}" has no meaning here' if character.isprintable() else "a control character", text, at
    )


_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", '"': '"', "\\": "\\"}


def unquoted(text: str, token: Token) -> str:
    """What a quoted text means; FilterError at an escape that means nothing."""

    def replace(found: re.Match[str]) -> str:
        code, plain = found[1] or found[2], found[3]
        if code:
            return chr(int(code, 16))
        if plain not in _PLAIN:
            at = token.at + 1 + found.start()
            raise FilterError(r'no such escape; a backslash is written "\\"', text, at, at + 2)
        return _PLAIN[plain]

    return _ESCAPE.sub(replace, token.text[1:-1])
