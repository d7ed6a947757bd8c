"""Tokens of a filter, each with its span in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, NoReturn, Protocol

from nldissect.errors import FilterError
from nldissect.escapes import escaped, is_visible

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
    """A token and its span; kind is "text" (quoted), "slice", "sign", "word", "keyword" (in lower case) or "end"."""

    kind: str
    text: str
    at: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """Yield all tokens, an "end" last; FilterError where none begins."""
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


class Located(Protocol):
    """Anything that has a span in a filter's text."""

    @property
    def at(self) -> int: ...

    @property
    def end(self) -> int: ...


class TokenStream:
    """The tokens of a text, read one after the other, and what asks for the current one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(tokens(text))
        self.index = 0

    @property
    def current(self) -> Token:
        """The token that is read next; at the end, the "end"."""
        return self.tokens[self.index]

    def advance(self) -> Token:
        """Return the current token and go on to the next."""
        token = self.current
        self.index += token.kind != "end"
        return token

    def at_sign(self, *signs: str) -> bool:
        """Return whether the current token is one of these signs."""
        return self.current.kind == "sign" and self.current.text in signs

    def at_join(self, join: str) -> bool:
        """Return whether the current token is "and", "or" or "not", however written."""
        return self.current.kind in ("sign", "keyword") and JOINS.get(self.current.text) == join

    def fail(self, message: str, part: Located) -> NoReturn:
        """Raise FilterError with a caret under `part`."""
        raise FilterError(message, self.text, part.at, part.end)


def _odd(text: str, at: int) -> FilterError:
    """Return the error for a character where no token begins."""
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
        f'"{character}" has no meaning here' if is_visible(character) else "a control character", text, at
    )


_ESCAPE = re.compile(
    r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U(000[0-9A-Fa-f]{5}|0010[0-9A-Fa-f]{4})|(.))", re.DOTALL
)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", '"': '"', "\\": "\\"}


def is_literal(text: str) -> bool:
    """Return whether a text can only be one value in a filter: a number, a name, names joined by "|", a quoted text."""
    try:
        *parts, _ = tokens(text)
    except FilterError:
        return False
    kinds = [one.text if one.kind == "sign" else one.kind for one in parts]
    return kinds == ["text"] or kinds == ["word", *["|", "word"] * (len(kinds) // 2)]


def quoted(text: str) -> str:
    """Return a text as a filter has it, whatever is in it: the opposite of `unquoted`."""
    return f'"{escaped(text)}"'


def unquoted(text: str, token: Token) -> str:
    """Return what a quoted text means; FilterError at an escape that means nothing."""

    def replace(found: re.Match[str]) -> str:
        code, plain = found[1] or found[2] or found[3], found[4]
        if code:
            return chr(int(code, 16))
        if plain not in _PLAIN:
            at = token.at + 1 + found.start()
            raise FilterError(r'no such escape; a backslash is written "\\"', text, at, at + 2)
        return _PLAIN[plain]

    return _ESCAPE.sub(replace, token.text[1:-1])
