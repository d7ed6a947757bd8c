"""Capture filters: a syntax tree becomes libpcap's arithmetic on the bytes of a frame, which the kernel evaluates.

A frame is judged by its first message. Bytes of the netlink header are in the host's own order, those of the cooked
header before it in network order. Text after "pcap:" is passed on as it is. The language: capture_parser.py.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NoReturn

from nldissect.columns.fields.header_fields import COMMAND, FLAGS, TYPE
from nldissect.errors import FieldError, FilterError, NldissectError
from nldissect.uapi import NLMSG_DONE, NLMSG_ERROR, NLMSG_MIN_TYPE, SLL_HDR_LEN
from nldissect.wire import NETLINK, Kind
from nldissect.wire.errno import ERRNO
from nldissect.wire.protocol_names import protocol_number

from .capture_parser import RAW, CaptureParser, number_of
from .constants import Constant, by_name, constants, spellings
from .diagnostics import did_you_mean
from .parser import AndSyntax, Comparison, JoinedWords, Literal, NotSyntax, OrSyntax, Presence, SetLiteral, Syntax, Word
from .pcap_expressions import BITS, BODY, KIND, LENGTH, PORT, SEQ, Tests, any_of, is_protocol
from .tokenizer import Located

OFFSETS = {"port": PORT, "seq": SEQ, "nlmsg_len": LENGTH}
"""Where the numbers of 32 bits stand."""
TAPPED = {
    NETLINK.ROUTE, NETLINK.USERSOCK, NETLINK.SOCK_DIAG, NETLINK.NFLOG, NETLINK.XFRM, NETLINK.FIB_LOOKUP,
    NETLINK.NETFILTER, NETLINK.GENERIC,
}  # fmt: skip
"""What reaches an nlmon device (netlink_filter_tap of net/netlink/af_netlink.c)."""

Families = Callable[[str], int]


def compile_capture_filter(
    text: str, family: Families, *, order: str = sys.byteorder, tapped: bool = True, cooked: bool = False
) -> str:
    """Return a capture filter as libpcap takes it; FilterError (with caret) if it can't be understood, or can't work.

    family   gives the id that a generic family has in this kernel; NldissectError if it has none
    order    the host's byte order
    tapped   it is for an nlmon device, which does not see every protocol
    cooked   it is for frames with the cooked header as files have them, not for the kernel, which counts a length
             without it
    """
    if text.strip().lower().startswith(RAW):
        return text.strip()[len(RAW) :].strip()
    compiler = _Compiler(text, family, tapped, Tests(order, 0 if cooked else SLL_HDR_LEN))
    parser = CaptureParser(text)
    try:
        tree = parser.parse()
    except FilterError:
        for test in parser.tests:  # a name that is wrong before the place of the error is named first
            compiler.compile(test)
        raise
    return compiler.compile(tree)


class _Compiler:
    """Compiles syntax trees of one capture filter."""

    def __init__(self, text: str, family: Families, tapped: bool, frame: Tests) -> None:
        self.text, self.family, self.tapped, self.frame = text, family, tapped, frame

    def compile(self, tree: Syntax) -> str:
        """Return the text of a tree."""
        if isinstance(tree, AndSyntax):
            return f"({' and '.join(map(self.compile, tree.terms))})"
        if isinstance(tree, OrSyntax):
            return f"({' or '.join(map(self.compile, tree.terms))})"
        if isinstance(tree, NotSyntax):
            return f"(not {self.compile(tree.term)})"
        return self.refused(None) if isinstance(tree, Presence) else self.comparison(tree)

    def fail(self, message: str, part: Located) -> NoReturn:
        raise FilterError(message, self.text, part.at, part.end)

    def comparison(self, test: Comparison) -> str:
        field, words = test.field.text, _words(test.value)
        if field == "len" or field in OFFSETS:
            return self.number(field, test.operator, words[0])
        if field == "flags":
            return self.flags(words)
        found = self.named(field, words[0])
        return f"(not {found})" if test.operator == "!=" else found

    def named(self, field: str, word: Word) -> str:
        if field == "protocol":
            return self.protocol(word)
        if field == "family":
            return self.of_family(word)
        if field == "type":
            return self.of_type(word)
        return self.command(word) if field == "command" else self.refused(word)

    def number(self, field: str, operator: str, word: Word) -> str:
        number = number_of(word.text) or 0
        if field == "port" and number < 0:
            number %= 1 << 32  # as ss prints them
        if not 0 <= number < 1 << 32:
            self.fail("the number does not fit into 32 bits", word)
        if field == "len":
            return self.length(operator, number)
        at, size = OFFSETS[field], 4
        if operator in ("==", "!="):
            return self.frame.there(f"link[{at}:{size}] {operator} {self.frame.swapped(number, size)}")
        return self.frame.there(f"{self.frame.assembled(at, size)} {operator} {number}")

    def length(self, operator: str, number: int) -> str:
        """Return a test of a frame's length; every frame is longer than the bytes that `len` leaves out."""
        if number < self.frame.uncounted:
            return "(len >= 0)" if operator in ("!=", ">", ">=") else "(not len >= 0)"
        return f"(len {operator} {number - self.frame.uncounted})"

    def protocol(self, word: Word) -> str:
        try:
            number = protocol_number(word.text)
        except FieldError as error:
            names = [name.removeprefix("NETLINK_").lower() for name in NETLINK.numbers]
            near = did_you_mean(word.text.lower().removeprefix("netlink_"), names)
            self.fail(f'no netlink protocol is called "{word.text}"{near}' if near else str(error), word)
        if self.tapped and number in NETLINK.names and number not in TAPPED:
            name = NETLINK.names[number]
            self.fail(f"{name} never reaches an nlmon device; listen to its groups with -g", word)
        return is_protocol(number)

    def of_family(self, word: Word) -> str:
        number = self.id(word, word.text, number_of(word.text))
        return f"({is_protocol(NETLINK.GENERIC)} and {self.frame.there(self.frame.equal(KIND, 2, number))})"

    def id(self, word: Word, name: str, number: int | None = None) -> int:
        if number is None:
            try:
                number = self.family(name)
            except NldissectError as error:
                self.fail(str(error), word)
        if not 0 <= number <= 0xFFFF:
            self.fail("an id has 16 bits", word)
        return number

    def of_type(self, word: Word) -> str:
        number = number_of(word.text)
        if number is not None:
            if not 0 <= number <= 0xFFFF:
                self.fail("a type has 16 bits", word)
            return self.frame.there(self.frame.equal(KIND, 2, number))
        return any_of([self.one_type(constant) for constant in self.known(TYPE, word, "type")])

    def one_type(self, constant: Constant) -> str:
        test = self.frame.there(self.frame.equal(KIND, 2, constant.number))
        protocol = constant.only.protocol
        return test if protocol is None else f"({is_protocol(protocol)} and {test})"

    def command(self, word: Word) -> str:
        generic, number = is_protocol(NETLINK.GENERIC), number_of(word.text)
        above = f"({self.frame.assembled(KIND, 2)} >= {NLMSG_MIN_TYPE})"
        if number is not None:
            if not 0 <= number <= 0xFF:
                self.fail("a command has 8 bits", word)
            return f"({generic} and {self.frame.there(f'{above} and link[{BODY}] == {number}', BODY + 1)})"
        return any_of([self.one_command(constant, word) for constant in self.known(COMMAND, word, "command")])

    def one_command(self, constant: Constant, word: Word) -> str:
        only = constant.only
        tests = [self.frame.equal(KIND, 2, self.id(word, only.family or "")), f"link[{BODY}] == {constant.number}"]
        if only.to is not None:
            tests.append(self.frame.request(only.to == "kernel"))
        if only.to in ("reply", "notification"):
            unasked = f"(link[{SEQ}:4] == 0 and link[{PORT}:4] == 0)"
            tests.append(unasked if only.to == "notification" else f"(not {unasked})")
        return f"({is_protocol(NETLINK.GENERIC)} and {self.frame.there(' and '.join(tests), BODY + 1)})"

    def flags(self, words: tuple[Word, ...]) -> str:
        """Return a test for any of these names; a name of two bits (NLM_F_DUMP) needs both."""
        masks = [self.mask(word) for word in words]
        return any_of([self.frame.there(f"link[{BITS}:2] & {mask} == {mask}") for mask in masks])

    def mask(self, word: Word) -> int:
        number = number_of(word.text)
        if number is None:
            number = self.known(FLAGS, word, "flag")[0].number
        if not 0 < number <= 0xFFFF:
            self.fail("flags are bits of 16", word)
        return self.frame.swapped(number, 2)

    def refused(self, word: Word | None) -> str:
        """Return a test for an NLMSG_ERROR or NLMSG_DONE with this error, or with any but 0."""
        answer = f"({self.frame.equal(KIND, 2, NLMSG_ERROR)} or {self.frame.equal(KIND, 2, NLMSG_DONE)})"
        if word is None:
            return self.frame.there(f"{answer} and link[{BODY}:4] != 0", BODY + 4)
        number = number_of(word.text)
        if number is None:
            known = by_name(ERRNO).get(word.text.lower())
            if known is None:
                self.fail(f'no error is called "{word.text}"{did_you_mean(word.text, ERRNO.numbers)}', word)
            number = known[1]
        if not 0 < number < 1 << 31:
            self.fail("errors are numbers from 1 on", word)
        return self.frame.there(f"{answer} and {self.frame.equal(BODY, 4, (1 << 32) - number)}", BODY + 4)

    def known(self, kind: Kind, word: Word, noun: str) -> list[Constant]:
        """Return what a name means in a header field."""
        found = constants(kind, word.text)
        if not found:
            names = {name.removeprefix("NLM_F_").lower() if kind is FLAGS else name for name in spellings(kind)}
            self.fail(f'no {noun} is called "{word.text}"{did_you_mean(word.text, names)}', word)
        return found


def _words(value: Literal | SetLiteral) -> tuple[Word, ...]:
    """Return the words of a test's value; capture filters have neither quoted text nor sets."""
    words = value.words if isinstance(value, JoinedWords) else (value,)
    return tuple(word for word in words if isinstance(word, Word))
