"""Parser of filters: text to a syntax tree in which every part has its span in the text. Knows no field.

filter     = [ or ]
or         = and { ("or" | "||") and }
and        = not { ("and" | "&&") not }
not        = { "not" | "!" } ( "(" or ")" | test )
test       = field [ operator value ]
field      = name [ "[" offset ":" length "]" ]
operator   = "==" "!=" "<" "<=" ">" ">=" "&" "in" "contains" "matches"
value      = quoted text | word { "|" word } | field | "{" item { "," item } "}" after "in"
item       = value | value ".." value

Capture filters have tests of their own (capture_parser.py) in the same grammar of `or`, `and`, `not` and parentheses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from .tokenizer import JOINS, OPERATORS, WRITTEN, Token, TokenStream, unquoted

DEEPEST = 100


@dataclass(eq=False)
class TextSpan:
    """The span of a part in the filter's text: index of its first character, and of the first one after it."""

    at: int
    end: int


@dataclass(eq=False)
class Word(TextSpan):
    """A bare word: a field, a constant, a number, an address; `slice` is (offset, length)."""

    text: str
    slice: tuple[int, int] | None = None


@dataclass(eq=False)
class Quoted(TextSpan):
    """Text in quotes; `raw` as it was written between them, for regular expressions."""

    text: str
    raw: str


@dataclass(eq=False)
class JoinedWords(TextSpan):
    """Names or numbers joined by "|"."""

    words: tuple[Word, ...]


@dataclass(eq=False)
class Range(TextSpan):
    """Two ends, both included."""

    low: Word | Quoted
    high: Word | Quoted


Literal = Word | Quoted | JoinedWords


@dataclass(eq=False)
class SetLiteral(TextSpan):
    """A set in braces, or the one value that stands for one after `in`."""

    items: tuple[Literal | Range, ...]
    braces: bool = True


@dataclass(eq=False)
class Presence(TextSpan):
    """A field alone."""

    field: Word


@dataclass(eq=False)
class Comparison(TextSpan):
    """A field and the value it is compared with; `sign` is the operator's span."""

    field: Word
    operator: str
    sign: TextSpan
    value: Literal | SetLiteral


@dataclass(eq=False)
class NotSyntax(TextSpan):
    term: Syntax


@dataclass(eq=False)
class AndSyntax(TextSpan):
    """Terms that all hold; without any it is the filter that always holds."""

    terms: tuple[Syntax, ...]


@dataclass(eq=False)
class OrSyntax(TextSpan):
    terms: tuple[Syntax, ...]


Syntax = Presence | Comparison | NotSyntax | AndSyntax | OrSyntax


def parse(text: str) -> Syntax:
    """Return the syntax tree of a filter; FilterError (message, filter, caret) if it has none."""
    return FilterParser(text).parse()


class FilterParser(TokenStream):
    """Recursive descent: one method for each rule of the grammar."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._open_brackets: list[Token] = []

    def parse(self) -> Syntax:
        if self.current.kind == "end":
            return AndSyntax(0, 0, ())
        tree = self.parse_or()
        if self.current.kind != "end":
            self.unexpected(self.current)
        return tree

    def parse_or(self) -> Syntax:
        terms = [self.parse_and()]
        while self.at_join("or"):
            self.advance()
            terms.append(self.parse_and())
        return terms[0] if len(terms) == 1 else OrSyntax(terms[0].at, terms[-1].end, tuple(terms))

    def parse_and(self) -> Syntax:
        terms = [self.parse_not()]
        while self.at_join("and"):
            self.advance()
            terms.append(self.parse_not())
        return terms[0] if len(terms) == 1 else AndSyntax(terms[0].at, terms[-1].end, tuple(terms))

    def parse_not(self) -> Syntax:
        at, negated = self.current.at, False
        while self.at_join("not"):
            self.advance()
            negated = not negated
        tree = self.parse_group() if self.at_sign("(") else self.parse_test()
        return NotSyntax(at, tree.end, tree) if negated else tree

    def parse_group(self) -> Syntax:
        self._open_brackets.append(self.advance())
        if len(self._open_brackets) > DEEPEST:
            self.fail(f"parentheses are nested more than {DEEPEST} deep", self._open_brackets[-1])
        tree = self.parse_or()
        if not self.at_sign(")"):
            if self.current.kind == "end":
                self.fail('this "(" is never closed', self._open_brackets[-1])
            self.unexpected(self.current)
        self.advance()
        self._open_brackets.pop()
        return tree

    def parse_test(self) -> Syntax:
        field = self.parse_field()
        token = self.current
        if token.kind not in ("sign", "keyword") or token.text not in OPERATORS:
            return Presence(field.at, field.end, field)
        self.advance()
        operator, sign = token.text, TextSpan(token.at, token.end)
        value = self.parse_set() if operator == "in" else self.parse_value()
        return Comparison(field.at, value.end, field, operator, sign, value)

    def parse_field(self) -> Word:
        token = self.current
        if token.kind == "text":
            self.fail("a field stands on the left, what it is compared with on the right", token)
        if token.kind != "word":
            self.missing("a field", token)
        return self.parse_word()

    def parse_word(self) -> Word:
        token = self.advance()
        if self.current.kind != "slice":
            return Word(token.at, token.end, token.text)
        bracket = self.advance()
        offset, _, length = bracket.text[1:-1].partition(":")
        if not int(length):
            self.fail("a slice of length 0 holds nothing", bracket)
        return Word(token.at, bracket.end, token.text, (int(offset), int(length)))

    def parse_value(self) -> Literal:
        token = self.current
        if token.kind == "text":
            self.advance()
            return Quoted(token.at, token.end, self._text_of(token), token.text[1:-1])
        if self.at_sign("{"):
            self.fail('a set stands behind "in"', token)
        if token.kind != "word":
            self.missing("a value", token)
        words = [self.parse_word()]
        while self.at_sign("|"):
            bar = self.advance()
            follows = self.tokens[self.index : self.index + 2]
            if follows[0].kind != "word" or (follows[1].text in OPERATORS and follows[1].kind != "text"):
                self.fail('"|" joins names of flags; between tests write "or"', bar)
            words.append(self.parse_word())
        return words[0] if len(words) == 1 else JoinedWords(words[0].at, words[-1].end, tuple(words))

    def _text_of(self, token: Token) -> str:
        before = self.tokens[self.index - 2]
        return "" if before.kind == "keyword" and before.text == "matches" else unquoted(self.text, token)

    def parse_set(self) -> SetLiteral:
        if not self.at_sign("{"):
            if self.at_sign("("):
                self.fail("a set stands in braces: {1, 2, 5..9}", self.current)
            one = self.parse_value()
            return SetLiteral(one.at, one.end, (one,), braces=False)
        brace = self.advance()
        found: list[Literal | Range] = []
        while True:
            if self.current.kind == "end":
                self.fail('this "{" is never closed', brace)
            if self.at_sign("}") and not found:
                self.fail("the set is empty", TextSpan(brace.at, self.current.end))
            found.append(self.parse_item())
            if self.at_sign(","):
                self.advance()
                continue
            if self.at_sign("}"):
                return SetLiteral(brace.at, self.advance().end, tuple(found))
            if self.current.kind == "end":
                self.fail('this "{" is never closed', brace)
            self.fail("items of a set are separated by commas", self.current)

    def parse_item(self) -> Literal | Range:
        low = self.parse_value()
        if not self.at_sign(".."):
            return low
        self.advance()
        high = self.parse_value()
        if isinstance(low, JoinedWords) or isinstance(high, JoinedWords):
            self.fail("the ends of a range are single values", TextSpan(low.at, high.end))
        return Range(low.at, high.end, low, high)

    def missing(self, what: str, token: Token) -> NoReturn:
        """Raise FilterError: something else, or nothing, stands where `what` must be."""
        if token.kind == "end":
            self.fail(f"{what} is missing at the end", token)
        if token.kind in ("sign", "keyword") and token.text in JOINS:
            self.fail(f'{what} is missing before "{token.text}"', token)
        before = self.tokens[self.index - 1]
        if (before.text, token.text) == ("<", ">"):
            self.fail('"<>" is written "!="', TextSpan(before.at, token.end))
        self.fail(f'{what} is missing here; "{token.text}" is none', token)

    def unexpected(self, token: Token) -> NoReturn:
        """Raise FilterError: the filter could end here, but `token` follows."""
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
