"""The grammar of filters: text to a tree in which every part knows its place in the text. Knows no field.

filter     = [ either ]
either     = both { ("or" | "||") both }
both       = term { ("and" | "&&") term }
term       = { "not" | "!" } ( "(" either ")" | test )
test       = field [ operator value ]
field      = name [ "[" offset ":" length "]" ]
operator   = "==" "!=" "<" "<=" ">" ">=" "&" "in" "contains" "matches"
value      = quoted text | word { "|" word } | field | "{" item { "," item } "}" after "in"
item       = value | value ".." value
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from .tokenizer import JOINS, OPERATORS, WRITTEN, Reading, Token, unquoted

DEEPEST = 100


@dataclass(eq=False)
class Part:
    """Where something stands in the filter's text."""

    at: int
    end: int


@dataclass(eq=False)
class Word(Part):
    """A bare word: a field, a constant, a number, an address; `slice` is (offset, length)."""

    text: str
    slice: tuple[int, int] | None = None


@dataclass(eq=False)
class Quoted(Part):
    """Text in quotes; `raw` as it was written between them, for regular expressions."""

    text: str
    raw: str


@dataclass(eq=False)
class Joined(Part):
    """Names or numbers joined by "|"."""

    words: tuple[Word, ...]


@dataclass(eq=False)
class Range(Part):
    """Two ends, both included."""

    low: Word | Quoted
    high: Word | Quoted


Literal = Word | Quoted | Joined


@dataclass(eq=False)
class Items(Part):
    """A set in braces, or the one thing that stands for one behind `in`."""

    items: tuple[Literal | Range, ...]
    braces: bool = True


@dataclass(eq=False)
class Presence(Part):
    """A field alone."""

    field: Word


@dataclass(eq=False)
class Comparison(Part):
    """A field and what it is compared with; `sign` is where the operator stands."""

    field: Word
    operator: str
    sign: Part
    value: Literal | Items


@dataclass(eq=False)
class Negation(Part):
    term: Syntax


@dataclass(eq=False)
class Both(Part):
    """All of them hold; without any it is the filter that always holds."""

    terms: tuple[Syntax, ...]


@dataclass(eq=False)
class Either(Part):
    terms: tuple[Syntax, ...]


Syntax = Presence | Comparison | Negation | Both | Either


def parse(text: str) -> Syntax:
    """The tree of a filter; FilterError says what is wrong and where."""
    return _Parser(text).whole()


class _Parser(Reading):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.open: list[Token] = []

    def sees(self, *signs: str) -> bool:
        return self.now.kind == "sign" and self.now.text in signs

    def whole(self) -> Syntax:
        if self.now.kind == "end":
            return Both(0, 0, ())
        tree = self.either()
        if self.now.kind != "end":
            self.unexpected(self.now)
        return tree

    def either(self) -> Syntax:
        terms = [self.both()]
        while self.joins("or"):
            self.take()
            terms.append(self.both())
        return terms[0] if len(terms) == 1 else Either(terms[0].at, terms[-1].end, tuple(terms))

    def both(self) -> Syntax:
        terms = [self.term()]
        while self.joins("and"):
            self.take()
            terms.append(self.term())
        return terms[0] if len(terms) == 1 else Both(terms[0].at, terms[-1].end, tuple(terms))

    def term(self) -> Syntax:
        at, negated = self.now.at, False
        while self.joins("not"):
            self.take()
            negated = not negated
        tree = self.inner() if self.sees("(") else self.test()
        return Negation(at, tree.end, tree) if negated else tree

    def inner(self) -> Syntax:
        self.open.append(self.take())
        if len(self.open) > DEEPEST:
            self.fail(f"parentheses are nested more than {DEEPEST} deep", self.open[-1])
        tree = self.either()
        if not self.sees(")"):
            if self.now.kind == "end":
                self.fail('this "(" is never closed', self.open[-1])
            self.unexpected(self.now)
        self.take()
        self.open.pop()
        return tree

    def test(self) -> Syntax:
        field = self.field()
        token = self.now
        if token.kind not in ("sign", "keyword") or token.text not in OPERATORS:
            return Presence(field.at, field.end, field)
        self.take()
        operator, sign = token.text, Part(token.at, token.end)
        value = self.items() if operator == "in" else self.literal()
        return Comparison(field.at, value.end, field, operator, sign, value)

    def field(self) -> Word:
        token = self.now
        if token.kind == "text":
            self.fail("a field stands on the left, what it is compared with on the right", token)
        if token.kind != "word":
            self.missing("a field", token)
        return self.word()

    def word(self) -> Word:
        token = self.take()
        if self.now.kind != "slice":
            return Word(token.at, token.end, token.text)
        bracket = self.take()
        offset, _, length = bracket.text[1:-1].partition(":")
        if not int(length):
            self.fail("a slice of length 0 holds nothing", bracket)
        return Word(token.at, bracket.end, token.text, (int(offset), int(length)))

    def literal(self) -> Literal:
        token = self.now
        if token.kind == "text":
            self.take()
            return Quoted(token.at, token.end, self._unquoted(token), token.text[1:-1])
        if self.sees("{"):
            self.fail('a set stands behind "in"', token)
        if token.kind != "word":
            self.missing("a value", token)
        words = [self.word()]
        while self.sees("|"):
            bar = self.take()
            follows = self.tokens[self.place : self.place + 2]
            if follows[0].kind != "word" or (follows[1].text in OPERATORS and follows[1].kind != "text"):
                self.fail('"|" joins names of flags; between tests write "or"', bar)
            words.append(self.word())
        return words[0] if len(words) == 1 else Joined(words[0].at, words[-1].end, tuple(words))

    def _unquoted(self, token: Token) -> str:
        before = self.tokens[self.place - 2]
        return "" if before.kind == "keyword" and before.text == "matches" else unquoted(self.text, token)

    def items(self) -> Items:
        if not self.sees("{"):
            if self.sees("("):
                self.fail("a set stands in braces: {1, 2, 5..9}", self.now)
            one = self.literal()
            return Items(one.at, one.end, (one,), braces=False)
        brace = self.take()
        found: list[Literal | Range] = []
        while True:
            if self.now.kind == "end":
                self.fail('this "{" is never closed', brace)
            if self.sees("}") and not found:
                self.fail("the set is empty", Part(brace.at, self.now.end))
            found.append(self.item())
            if self.sees(","):
                self.take()
                continue
            if self.sees("}"):
                return Items(brace.at, self.take().end, tuple(found))
            if self.now.kind == "end":
                self.fail('this "{" is never closed', brace)
            self.fail("items of a set are separated by commas", self.now)

    def item(self) -> Literal | Range:
        low = self.literal()
        if not self.sees(".."):
            return low
        self.take()
        high = self.literal()
        if isinstance(low, Joined) or isinstance(high, Joined):
            self.fail("the ends of a range are single values", Part(low.at, high.end))
        return Range(low.at, high.end, low, high)

    def missing(self, what: str, token: Token) -> NoReturn:
        """Something else, or nothing, stands where `what` must be."""
        if token.kind == "end":
            self.fail(f"{what} is missing at the end", token)
        if token.kind in ("sign", "keyword") and token.text in JOINS:
            self.fail(f'{what} is missing before "{token.text}"', token)
        before = self.tokens[self.place - 1]
        if (before.text, token.text) == ("<", ">"):
            self.fail('"<>" is written "!="', Part(before.at, token.end))
        self.fail(f'{what} is missing here; "{token.text}" is none', token)

    def unexpected(self, token: Token) -> NoReturn:
        """A whole filter could end here, but something follows."""
        if token.kind == "sign" and token.text == ")":
            self.fail('no "(" stands before this ")"', token)
        if token.kind == "sign" and token.text == "|":
            self.fail('"|" joins names of flags; between tests write "or"', token)
        if token.kind == "keyword" and token.text == "not":
            self.fail('"not" stands before the field: not field in {...}', token)
        if token.kind in ("sign", "keyword") and token.text in OPERATORS:
            self.fail('one comparison at a time; join two with "and"', token)
        if token.text.lower() in WRITTEN:
            self.fail(f'"{token.text}" is written "{WRITTEN[token.text.lower()]}"', token)
        if token.kind == "slice":
            self.fail("a slice stands right behind a field", token)
        if token.kind == "sign":
            self.fail(f'"{token.text}" has no meaning here', token)
        if token.kind == "text" or token.text[:1].isdigit():
            self.fail("an operator is missing before this: == != < <= > >= in contains matches &", token)
        self.fail('"and" or "or" is missing before this', token)
