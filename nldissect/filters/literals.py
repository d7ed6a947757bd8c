"""Literals: what stands on the right of an operator, read as values of one kind.

`condition` makes what such a value must be, or raises Unfit with the reason why the literal is none. A bare name may
have several places (see constants.py), so one literal may become several conditions.
"""

from __future__ import annotations

import re
from re import fullmatch
from typing import Any

from nldissect.columns.fields.derived import Moment, OneOf
from nldissect.wire.addresses import Addr, Mac
from nldissect.wire.kind import Kind
from nldissect.wire.numbers import Handle

from .constants import ANY, Constant, Only, constants, has_bits, has_names
from .parser import Joined, Literal, Quoted, Range, SetLiteral, TextSpan, Word
from .value_tests import ORDERS, AnyBit, Between, Condition, Contains, Equal, In, Matches, Order, Prefix, Within, any_of
from .value_types import ADDRESS, BYTES, LABELS, NOTHING, NUMBER, TEXT, TIME, Key, bounds, packed, single, sort_of

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


class Unfit(Exception):
    """A literal that is no value of a kind.

    rank    how near it came: the reason shown is the one of the nearest place
    word    a name that is no constant there
    """

    def __init__(self, reason: str, part: TextSpan, rank: int = 1, word: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.part, self.rank, self.word = reason, part, rank, word


def condition(
    kind: Kind, name: str, operator: str, sign: TextSpan, value: Literal | SetLiteral, *, sliced: bool, bounded: bool
) -> Condition:
    """What a value of this kind must be where the field `name` is compared so; Unfit if that can't be asked.

    sliced    only a part of each value counts
    bounded   a number that the kind can't hold is a mistake
    """
    kind = single(kind)
    sort = sort_of(kind)
    if kind.secret:
        raise Unfit(f"{name} is secret; only whether it is there can be asked", sign, 5)
    if sort == NOTHING:
        raise Unfit(f"{name} has no value of its own; only whether it is there can be asked", sign, 0)
    if sliced and sort not in SLICED:
        raise Unfit(f"{name} is {CALLED[sort]}; only text, bytes and link-layer addresses have slices", sign)
    if operator not in ALLOWED[sort]:
        raise Unfit(f'{name} is {CALLED[sort]}, which "{operator}" does not compare', sign)
    if operator in EVERY and not sliced and isinstance(kind, OneOf):
        _check_choices(kind, name, value)
    return _Reader(kind, name, sort, bounded).read(operator, value)


def _check_choices(kind: OneOf, name: str, value: Literal | SetLiteral) -> None:
    """Unfit at a text that is none of the few that a field may be."""
    for one in value.items if isinstance(value, SetLiteral) else (value,):
        if isinstance(one, Quoted) and one.text not in kind.choices:
            raise Unfit(f'{name} is never "{one.text}"', one, 3, one.text)


class _Reader:
    def __init__(self, kind: Kind, name: str, sort: str, bounded: bool) -> None:
        self.kind, self.name, self.sort, self.bounded = kind, name, sort, bounded

    def read(self, operator: str, value: Literal | SetLiteral) -> Condition:
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

    def equal(self, value: Literal) -> Condition:
        if self.sort == NUMBER:
            return any_of([_placed(one.only, Equal(one.number)) for one in self.numbers(value)])
        if self.sort == ADDRESS and _is_prefix(value):
            network, length = self.network(value)
            if getattr(self.kind, "prefix", None) is None:
                raise Unfit(f"{self.name} has no prefix length; write {self.name} in {_text(value)}", value, 3)
            return Prefix(network, length)
        return Equal(self.key(value))

    def one_of(self, value: SetLiteral) -> Condition:
        first = value.items[0]
        if not value.braces and not (self.sort == ADDRESS and _is_prefix(first)):
            what = "a set in braces or a prefix" if self.sort == ADDRESS else "a set in braces"
            raise Unfit(f'"in" asks for {what}', value)
        found, reasons = [], []
        for one in value.items:
            try:
                found.append(self.item(one))
            except Unfit as unfit:
                reasons.append(unfit)
        if not found:
            raise reasons[0]
        return any_of(found)

    def item(self, value: Literal | Range) -> Condition:
        if isinstance(value, Range):
            low, high = self.key(value.low), self.key(value.high)
            if type(low) is bytes and len(low) != len(high):  # type: ignore[arg-type]
                raise Unfit("the ends of this range are of different length", value, 3)
            if low > high:  # type: ignore[operator]
                raise Unfit("this range holds nothing: the lower end comes first", value, 3)
            return Between(low, high)
        if self.sort == ADDRESS and _is_prefix(value):
            return Within(*self.network(value))
        return self.equal(value)

    def key(self, value: Literal) -> Key:
        """One value without a name."""
        if isinstance(value, Joined):
            raise Unfit('"|" joins names of flags', value, 3 if self.sort == NUMBER else 1)
        if self.sort == NUMBER:
            return self.number(value)
        if self.sort == ADDRESS:
            return self.address(value)
        if self.sort == TIME:
            return self.time(value)
        if self.sort == BYTES:
            return self.bytes(value)
        if self.sort == LABELS:
            return self.labels(value)
        if isinstance(value, Quoted):
            return value.text
        raise Unfit(f'{self.name} is text, and text is quoted: "{value.text}"', value)

    def labels(self, value: Word | Quoted) -> str:
        if not fullmatch(_LABELS, value.text):
            raise Unfit(f"{self.name} is a stack of MPLS labels: 16 or 16/17", value, 0)
        return value.text

    def part(self, value: Literal) -> str | bytes:
        """What text or bytes must contain."""
        key = self.key(value)
        assert not isinstance(key, int)
        if not key:
            raise Unfit("everything contains an empty text", value, 3)
        return key

    def matches(self, value: Literal) -> Condition:
        if not isinstance(value, Quoted):
            raise Unfit('a regular expression is quoted: "..."', value)
        try:
            return Matches(re.compile(value.raw, re.IGNORECASE))
        except (re.error, OverflowError, RecursionError) as error:
            at = getattr(error, "pos", None)
            where = value if at is None else TextSpan(value.at + 1 + at, value.at + 2 + at)
            raise Unfit(f"no regular expression: {getattr(error, 'msg', error)}", where, 3) from None

    def numbers(self, value: Literal) -> list[Constant]:
        """What a number, a name, or names joined by "|" can mean."""
        if isinstance(value, Joined):
            if not has_bits(self.kind):
                raise Unfit(f'"|" joins names of flags, and {self.name} has none; write {self.name} in {{...}}', value)
            found = [ALL_BITS]
            for word in value.words:
                found = [_both(one, other) for one in found for other in self.numbers(word)]
            return found
        if isinstance(value, Word) and not self.is_number(value.text):
            return self.named(value)
        return [Constant("", self.number(value))]

    def bits(self, value: Literal) -> list[Constant]:
        """The bits of which any must be set, with the messages they count in."""
        words = value.words if isinstance(value, Joined) else (value,)
        found = [constant for word in words for constant in self.numbers(word)]
        if any(one.name for one in found) and not has_bits(self.kind):
            raise Unfit(f'the names of {self.name} are no bits; compare them with "==" or "in"', value, 3)
        return found

    def named(self, word: Word) -> list[Constant]:
        found = constants(self.kind, word.text) if word.slice is None else []
        if found:
            return found
        if (elsewhere := self.elsewhere(word.text)) is not None:
            raise Unfit(f'"{word.text}" is no value of {self.name}; write {elsewhere} == {word.text}', word, 3)
        if has_names(self.kind) and word.text[:1] not in "-.:/0123456789":
            raise Unfit(f'{self.name} knows no "{word.text}"', word, 2, word.text)
        self.no_name(word)
        raise Unfit(f'{self.name} is a number, "{word.text}" is none', word)

    def elsewhere(self, name: str) -> str | None:
        """The header field that knows a name, where types and commands were mixed up."""
        from nldissect.columns.fields.header_fields import COMMAND, TYPE

        other = {TYPE: (COMMAND, "genlmsghdr.cmd"), COMMAND: (TYPE, "nlmsg_type")}.get(self.kind)
        return other[1] if other is not None and constants(other[0], name) else None

    def no_name(self, value: Literal) -> None:
        """Say where the number of an interface is found, if a name stands for it."""
        if getattr(self.kind, "refers", None) == "interface":
            raise Unfit(f"{self.name} is an interface's number, not its name; links are listed with it: eth0 #2", value)

    def is_number(self, text: str) -> bool:
        return bool(fullmatch(_NUMBER, text) or (isinstance(self.kind, Handle) and fullmatch(_HANDLE, text)))

    def number(self, value: Literal) -> int:
        if not isinstance(value, Word):
            self.no_name(value)
            raise Unfit(f"{self.name} is a number{self._unquoted(value)}", value, 1)
        handle = fullmatch(_HANDLE, value.text) if isinstance(self.kind, Handle) else None
        if handle is not None:
            return int(handle[1], 16) << 16 | int(handle[2] or "0", 16)
        if not fullmatch(_NUMBER, value.text):
            if constants(self.kind, value.text):
                raise Unfit('names are compared with "==", "!=" and "in" only', value, 3)
            raise Unfit(f'{self.name} is a number, "{value.text}" is none; write 10 or 0x10', value)
        number, (low, high) = int(value.text, 0), bounds(self.kind)
        if self.bounded and not low <= number <= high:
            raise Unfit(f"{self.name} is never {value.text}; it holds {low} to {high}", value, 3)
        return number

    def _unquoted(self, value: Literal) -> str:
        known = isinstance(value, Quoted) and has_names(self.kind) and constants(self.kind, value.text)
        return "; names of numbers stand without quotes" if known else ""

    def address(self, value: Literal) -> bytes:
        if isinstance(value, Quoted):
            raise Unfit(f"{self.name} is an address, and addresses stand without quotes", value)
        text = _text(value)
        if "/" in text:
            raise Unfit('a prefix is compared with "==" and "in" only', value, 3)
        try:
            return packed(text)
        except (OSError, ValueError):
            raise Unfit(f'{self.name} is an address, "{text}" is none', value) from None

    def network(self, value: Any) -> tuple[bytes, int]:
        text, _, length = value.text.partition("/")
        address = self.address(Word(value.at, value.end, text))
        if not length.isdigit() or len(length) > 3 or int(length) > 8 * len(address):
            raise Unfit(f"the length of this prefix is no number from 0 to {8 * len(address)}", value, 3)
        rest = 8 * len(address) - int(length)
        network = (int.from_bytes(address, "big") >> rest << rest).to_bytes(len(address), "big")
        if network != address:
            plain = Addr(None).decoder("<")(network, 0, len(network))
            raise Unfit(f"{value.text} has bits behind its length; write {plain}/{length}", value, 3)
        return address, int(length)

    def time(self, value: Literal) -> int:
        if isinstance(value, Quoted):
            if isinstance(self.kind, Moment):
                return self.moment(value)
            raise Unfit(f"{self.name} is a time: 10ms, 5us, 1.5s", value)
        found = fullmatch(_TIME, _text(value))
        if found is None:
            raise Unfit(f'{self.name} is a time, "{_text(value)}" is none; write 10ms, 5us, 100ns or 2s', value)
        scale = UNITS[found[4]]
        fraction = int((found[3] or "").ljust(9, "0")) * scale // UNITS["s"]
        number = int(found[2]) * scale + fraction
        return -number if found[1] else number

    def moment(self, value: Quoted) -> int:
        """Nanoseconds of a date, without a zone in this host's."""
        from datetime import datetime

        try:
            date = datetime.fromisoformat(value.text)
            return int(date.replace(microsecond=0).timestamp()) * UNITS["s"] + date.microsecond * UNITS["us"]
        except (ValueError, OverflowError, OSError):
            raise Unfit('no date; write "2026-01-31 23:59:59", or seconds since 1970', value, 3) from None

    def bytes(self, value: Literal) -> bytes:
        if isinstance(value, Quoted):
            if isinstance(self.kind, Mac):
                raise Unfit(f"{self.name} is a link-layer address, and those stand without quotes", value)
            return value.text.encode("utf-8", "surrogatepass")
        text = _text(value)
        if not fullmatch(_BYTES, text):
            raise Unfit(f'{self.name} is bytes, "{text}" is none; write 0a:1b:2c', value)
        if ":" in text:
            return bytes(int(part, 16) for part in text.split(":"))
        return bytes.fromhex(text[2:] if text[:2].lower() == "0x" else text)


ALL_BITS = Constant("", 0)


def _both(one: Constant, other: Constant) -> Constant:
    """Two flags set together, in the messages that know both."""
    verbs = one.only.verbs
    if other.only.verbs is not None:
        verbs = tuple(verb for verb in other.only.verbs if verbs is None or verb in verbs)
    return Constant(f"{one.name}|{other.name}", one.number | other.number, Only(verbs=verbs))


def _placed(only: Only, condition: Condition) -> Condition:
    return condition if only == ANY else In(only, condition)


def _is_prefix(value: Any) -> bool:
    return isinstance(value, Word) and "/" in value.text


def _text(value: Literal) -> str:
    return value.text if isinstance(value, Word) and value.slice is None else "..."
