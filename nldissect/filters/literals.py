"""Literals: what is on the right of an operator, read as values of one kind.

`value_test` makes the test of such values, or raises LiteralMismatch with the reason why the literal is none. A bare
name may have several meanings (see constants.py), so one literal may become several tests.
"""

from __future__ import annotations

import re
from re import fullmatch
from typing import Any

from nldissect.columns.fields.derived import ChoiceText, Moment
from nldissect.wire.addresses import Addr, Mac
from nldissect.wire.kind import Kind
from nldissect.wire.numbers import Handle

from .constants import ANY, Applicability, Constant, constants, has_bits, has_names
from .parser import JoinedWords, Literal, Quoted, Range, SetLiteral, TextSpan, Word
from .value_tests import (
    ORDERS,
    AnyBit,
    Between,
    Contains,
    Equal,
    Guarded,
    Matches,
    Order,
    Prefix,
    ValueTest,
    Within,
    any_of,
)
from .value_types import ADDRESS, BYTES, LABELS, NOTHING, NUMBER, TEXT, TIME, Key, bounds, packed, single, value_type

EVERY = {"==", "!=", "in"}
ALLOWED = {
    NUMBER: EVERY | {*ORDERS, "&"},
    TEXT: EVERY | {*ORDERS, "contains", "matches"},
    ADDRESS: EVERY | {*ORDERS},
    BYTES: EVERY | {*ORDERS, "contains"},
    TIME: EVERY | {*ORDERS},
    LABELS: EVERY,
}
SLICED = {TEXT, BYTES}
CALLED = {
    NUMBER: "a number", TEXT: "text", ADDRESS: "an address", BYTES: "bytes", TIME: "a time", LABELS: "a label stack",
    NOTHING: "nothing to compare",
}  # fmt: skip
UNITS = {"ns": 1, "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "": 1_000_000_000}

_NUMBER = r"-?(?:0[xX][0-9A-Fa-f]{1,40}|0|[1-9][0-9]{0,40})"
_TIME = r"(-?)([0-9]{1,12})(?:\.([0-9]{1,9}))?(ns|us|ms|s|)"
_HANDLE = r"([0-9A-Fa-f]{1,4}):([0-9A-Fa-f]{0,4})"
_BYTES = r"(?:0[xX])?(?:[0-9A-Fa-f]{2})+|[0-9A-Fa-f]{1,2}(?::[0-9A-Fa-f]{1,2})+"
_LABEL = "[0-9]{1,7}(?::[0-9]{1,3}:[01]:[0-9]{1,3})?"
_LABELS = f"{_LABEL}(?:/{_LABEL})*"


class LiteralMismatch(Exception):
    """A literal that is no value of a kind.

    rank    how near it came: the reason shown is the one of the nearest place
    word    a name that is no constant there
    """

    def __init__(self, reason: str, part: TextSpan, rank: int = 1, word: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.part, self.rank, self.word = reason, part, rank, word


def value_test(
    kind: Kind, name: str, operator: str, sign: TextSpan, value: Literal | SetLiteral, *, sliced: bool, bounded: bool
) -> ValueTest:
    """Return the test of values of this kind where the field `name` is compared so; LiteralMismatch if there is none.

    sliced    only a part of each value counts
    bounded   a number that the kind can't hold is a mistake
    """
    kind = single(kind)
    type_ = value_type(kind)
    if kind.secret:
        raise LiteralMismatch(f"{name} is secret; only whether it is there can be asked", sign, 5)
    if type_ == NOTHING:
        raise LiteralMismatch(f"{name} has no value of its own; only whether it is there can be asked", sign, 0)
    if sliced and type_ not in SLICED:
        raise LiteralMismatch(f"{name} is {CALLED[type_]}; only text, bytes and link-layer addresses have slices", sign)
    if operator not in ALLOWED[type_]:
        raise LiteralMismatch(f'{name} is {CALLED[type_]}, which "{operator}" does not compare', sign)
    if operator in EVERY and not sliced and isinstance(kind, ChoiceText):
        _check_choices(kind, name, value)
    return _LiteralReader(kind, name, type_, bounded).read(operator, value)


def _check_choices(kind: ChoiceText, name: str, value: Literal | SetLiteral) -> None:
    """Raise LiteralMismatch at a text that is none of the few that a field may be."""
    for one in value.items if isinstance(value, SetLiteral) else (value,):
        if isinstance(one, Quoted) and one.text not in kind.choices:
            raise LiteralMismatch(f'{name} is never "{one.text}"', one, 3, one.text)


class _LiteralReader:
    """Reads literals as values of one kind, and what an operator makes of them as tests."""

    def __init__(self, kind: Kind, name: str, value_type: str, bounded: bool) -> None:
        self.kind, self.name, self.value_type, self.bounded = kind, name, value_type, bounded

    def read(self, operator: str, value: Literal | SetLiteral) -> ValueTest:
        if isinstance(value, SetLiteral):
            return self.one_of(value)
        if operator in ORDERS:
            return Order(operator, self.key(value))
        if operator == "&":
            return any_of([_placed(one.only, AnyBit(one.number)) for one in self.bits(value)])
        if operator == "contains":
            return Contains(self.part(value))
        if operator == "matches":
            return self.matches(value)
        return self.equal(value)

    def equal(self, value: Literal) -> ValueTest:
        if self.value_type == NUMBER:
            return any_of([_placed(one.only, Equal(one.number)) for one in self.numbers(value)])
        if self.value_type == ADDRESS and _is_prefix(value):
            network, length = self.network(value)
            if getattr(self.kind, "prefix", None) is None:
                raise LiteralMismatch(
                    f"{self.name} has no prefix length; write {self.name} in {_text(value)}", value, 3
                )
            return Prefix(network, length)
        return Equal(self.key(value))

    def one_of(self, value: SetLiteral) -> ValueTest:
        first = value.items[0]
        if not value.braces and not (self.value_type == ADDRESS and _is_prefix(first)):
            what = "a set in braces or a prefix" if self.value_type == ADDRESS else "a set in braces"
            raise LiteralMismatch(f'"in" asks for {what}', value)
        found, reasons = [], []
        for one in value.items:
            try:
                found.append(self.item(one))
            except LiteralMismatch as mismatch:
                reasons.append(mismatch)
        if not found:
            raise reasons[0]
        return any_of(found)

    def item(self, value: Literal | Range) -> ValueTest:
        if isinstance(value, Range):
            low, high = self.key(value.low), self.key(value.high)
            if type(low) is bytes and len(low) != len(high):  # type: ignore[arg-type]
                raise LiteralMismatch("the ends of this range are of different length", value, 3)
            if low > high:  # type: ignore[operator]
                raise LiteralMismatch("this range holds nothing: the lower end comes first", value, 3)
            return Between(low, high)
        if self.value_type == ADDRESS and _is_prefix(value):
            return Within(*self.network(value))
        return self.equal(value)

    def key(self, value: Literal) -> Key:
        """Return the key of one value without a name."""
        if isinstance(value, JoinedWords):
            raise LiteralMismatch('"|" joins names of flags', value, 3 if self.value_type == NUMBER else 1)
        if self.value_type == NUMBER:
            return self.number(value)
        if self.value_type == ADDRESS:
            return self.address(value)
        if self.value_type == TIME:
            return self.time(value)
        if self.value_type == BYTES:
            return self.bytes(value)
        if self.value_type == LABELS:
            return self.labels(value)
        if isinstance(value, Quoted):
            return value.text
        raise LiteralMismatch(f'{self.name} is text, and text is quoted: "{value.text}"', value)

    def labels(self, value: Word | Quoted) -> str:
        if not fullmatch(_LABELS, value.text):
            raise LiteralMismatch(f"{self.name} is a stack of MPLS labels: 16 or 16/17", value, 0)
        return value.text

    def part(self, value: Literal) -> str | bytes:
        """Return what text or bytes must contain."""
        key = self.key(value)
        assert not isinstance(key, int)
        if not key:
            raise LiteralMismatch("everything contains an empty text", value, 3)
        return key

    def matches(self, value: Literal) -> ValueTest:
        if not isinstance(value, Quoted):
            raise LiteralMismatch('a regular expression is quoted: "..."', value)
        try:
            return Matches(re.compile(value.raw, re.IGNORECASE))
        except (re.error, OverflowError, RecursionError) as error:
            at = getattr(error, "pos", None)
            where = value if at is None else TextSpan(value.at + 1 + at, value.at + 2 + at)
            raise LiteralMismatch(f"no regular expression: {getattr(error, 'msg', error)}", where, 3) from None

    def numbers(self, value: Literal) -> list[Constant]:
        """Return what a number, a name, or names joined by "|" can mean."""
        if isinstance(value, JoinedWords):
            if not has_bits(self.kind):
                raise LiteralMismatch(
                    f'"|" joins names of flags, and {self.name} has none; write {self.name} in {{...}}', value
                )
            found = [ALL_BITS]
            for word in value.words:
                found = [_both(one, other) for one in found for other in self.numbers(word)]
            return found
        if isinstance(value, Word) and not self.is_number(value.text):
            return self.named(value)
        return [Constant("", self.number(value))]

    def bits(self, value: Literal) -> list[Constant]:
        """Return the bits of which any must be set, with the messages they count in."""
        words = value.words if isinstance(value, JoinedWords) else (value,)
        found = [constant for word in words for constant in self.numbers(word)]
        if any(one.name for one in found) and not has_bits(self.kind):
            raise LiteralMismatch(f'the names of {self.name} are no bits; compare them with "==" or "in"', value, 3)
        return found

    def named(self, word: Word) -> list[Constant]:
        found = constants(self.kind, word.text) if word.slice is None else []
        if found:
            return found
        if (elsewhere := self.elsewhere(word.text)) is not None:
            raise LiteralMismatch(
                f'"{word.text}" is no value of {self.name}; write {elsewhere} == {word.text}', word, 3
            )
        if has_names(self.kind) and word.text[:1] not in "-.:/0123456789":
            raise LiteralMismatch(f'{self.name} knows no "{word.text}"', word, 2, word.text)
        self.no_name(word)
        raise LiteralMismatch(f'{self.name} is a number, "{word.text}" is none', word)

    def elsewhere(self, name: str) -> str | None:
        """Return the header field that knows a name, where types and commands were mixed up."""
        from nldissect.columns.fields.header_fields import COMMAND, TYPE

        other = {TYPE: (COMMAND, "genlmsghdr.cmd"), COMMAND: (TYPE, "nlmsg_type")}.get(self.kind)
        return other[1] if other is not None and constants(other[0], name) else None

    def no_name(self, value: Literal) -> None:
        """Raise LiteralMismatch if the name of an interface is written for its number."""
        if getattr(self.kind, "refers", None) == "interface":
            raise LiteralMismatch(
                f"{self.name} is an interface's number, not its name; links are listed with it: eth0 #2", value
            )

    def is_number(self, text: str) -> bool:
        return bool(fullmatch(_NUMBER, text) or (isinstance(self.kind, Handle) and fullmatch(_HANDLE, text)))

    def number(self, value: Literal) -> int:
        if not isinstance(value, Word):
            self.no_name(value)
            raise LiteralMismatch(f"{self.name} is a number{self._unquoted(value)}", value, 1)
        handle = fullmatch(_HANDLE, value.text) if isinstance(self.kind, Handle) else None
        if handle is not None:
            return int(handle[1], 16) << 16 | int(handle[2] or "0", 16)
        if not fullmatch(_NUMBER, value.text):
            if constants(self.kind, value.text):
                raise LiteralMismatch('names are compared with "==", "!=" and "in" only', value, 3)
            raise LiteralMismatch(f'{self.name} is a number, "{value.text}" is none; write 10 or 0x10', value)
        number, (low, high) = int(value.text, 0), bounds(self.kind)
        if self.bounded and not low <= number <= high:
            raise LiteralMismatch(f"{self.name} is never {value.text}; it holds {low} to {high}", value, 3)
        return number

    def _unquoted(self, value: Literal) -> str:
        known = isinstance(value, Quoted) and has_names(self.kind) and constants(self.kind, value.text)
        return "; names of numbers stand without quotes" if known else ""

    def address(self, value: Literal) -> bytes:
        if isinstance(value, Quoted):
            raise LiteralMismatch(f"{self.name} is an address, and addresses stand without quotes", value)
        text = _text(value)
        if "/" in text:
            raise LiteralMismatch('a prefix is compared with "==" and "in" only', value, 3)
        try:
            return packed(text)
        except (OSError, ValueError):
            raise LiteralMismatch(f'{self.name} is an address, "{text}" is none', value) from None

    def network(self, value: Any) -> tuple[bytes, int]:
        text, _, length = value.text.partition("/")
        address = self.address(Word(value.at, value.end, text))
        if not length.isdigit() or len(length) > 3 or int(length) > 8 * len(address):
            raise LiteralMismatch(f"the length of this prefix is no number from 0 to {8 * len(address)}", value, 3)
        rest = 8 * len(address) - int(length)
        network = (int.from_bytes(address, "big") >> rest << rest).to_bytes(len(address), "big")
        if network != address:
            plain = Addr(None).decoder("<")(network, 0, len(network))
            raise LiteralMismatch(f"{value.text} has bits behind its length; write {plain}/{length}", value, 3)
        return address, int(length)

    def time(self, value: Literal) -> int:
        if isinstance(value, Quoted):
            if isinstance(self.kind, Moment):
                return self.moment(value)
            raise LiteralMismatch(f"{self.name} is a time: 10ms, 5us, 1.5s", value)
        found = fullmatch(_TIME, _text(value))
        if found is None:
            raise LiteralMismatch(
                f'{self.name} is a time, "{_text(value)}" is none; write 10ms, 5us, 100ns or 2s', value
            )
        scale = UNITS[found[4]]
        fraction = int((found[3] or "").ljust(9, "0")) * scale // UNITS["s"]
        number = int(found[2]) * scale + fraction
        return -number if found[1] else number

    def moment(self, value: Quoted) -> int:
        """Return nanoseconds since 1970 of a date; one without a zone is in this host's."""
        from datetime import datetime

        try:
            date = datetime.fromisoformat(value.text)
            return int(date.replace(microsecond=0).timestamp()) * UNITS["s"] + date.microsecond * UNITS["us"]
        except (ValueError, OverflowError, OSError):
            raise LiteralMismatch('no date; write "2026-01-31 23:59:59", or seconds since 1970', value, 3) from None

    def bytes(self, value: Literal) -> bytes:
        if isinstance(value, Quoted):
            if isinstance(self.kind, Mac):
                raise LiteralMismatch(f"{self.name} is a link-layer address, and those stand without quotes", value)
            return value.text.encode("utf-8", "surrogatepass")
        text = _text(value)
        if not fullmatch(_BYTES, text):
            raise LiteralMismatch(f'{self.name} is bytes, "{text}" is none; write 0a:1b:2c', value)
        if ":" in text:
            return bytes(int(part, 16) for part in text.split(":"))
        return bytes.fromhex(text[2:] if text[:2].lower() == "0x" else text)


ALL_BITS = Constant("", 0)


def _both(one: Constant, other: Constant) -> Constant:
    """Return two flags set together, in the messages that know both."""
    verbs = one.only.verbs
    if other.only.verbs is not None:
        verbs = tuple(verb for verb in other.only.verbs if verbs is None or verb in verbs)
    return Constant(f"{one.name}|{other.name}", one.number | other.number, Applicability(verbs=verbs))


def _placed(only: Applicability, test: ValueTest) -> ValueTest:
    return test if only == ANY else Guarded(only, test)


def _is_prefix(value: Any) -> bool:
    return isinstance(value, Word) and "/" in value.text


def _text(value: Literal) -> str:
    return value.text if isinstance(value, Word) and value.slice is None else "..."
