"""Parser of capture filters: the grammar of parser.py with tests of its own, whose operator may be left out.

test    = ( "protocol" | "family" | "type" | "command" ) [ "==" | "!=" ] name or number
        | "flags" [ "&" ] name { "|" name }  |  "error" [ [ "==" | "!=" ] name or number ]
        | ( "port" | "seq" | "len" | "nlmsg_len" ) [ "==" "!=" "<" "<=" ">" ">=" ] number

The syntax tree is that of parser.py: a test is a Presence ("error" alone) or a Comparison, its field one of FIELDS, its
value a Word or JoinedWords. An operator that is left out is "==", of flags "&".
"""

from __future__ import annotations

from typing import NoReturn

from nldissect.columns.fields.header_fields import COMMAND, FLAGS, TYPE
from nldissect.wire import Kind

from .constants import constants
from .diagnostics import did_you_mean
from .parser import Comparison, FilterParser, JoinedWords, Presence, Syntax, TextSpan, Word
from .tokenizer import Token

RAW = "pcap:"
"""Text after it is libpcap's own."""
NAMED = ("protocol", "family", "type", "command", "flags", "error")
NUMBERS = ("port", "seq", "nlmsg_len", "len")
FIELDS = (*NAMED, *NUMBERS)
ALSO = {
    "nlmsg_type": "type", "nlmsg_flags": "flags", "nlmsg_seq": "seq", "nlmsg_pid": "port", "frame.len": "len",
    "genlmsghdr.cmd": "command", "genlmsghdr.family": "family", "cmd": "command", "pid": "port", "proto": "protocol",
}  # fmt: skip
"""Names of the same fields in display filters, and in filters of tcpdump's users."""
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")

NO_PACKET = "netlink messages are no packets of a network; they have protocol, type, family, port (the port id), ..."
NO_SIDE = 'an nlmon device does not tell directions; "flags request" is what goes to the kernel'
REFUSED = {
    **dict.fromkeys(
        ("host", "net", "ip", "ip6", "arp", "rarp", "tcp", "udp", "sctp", "icmp", "icmp6", "vlan", "mpls", "gateway",
         "broadcast", "multicast", "wlan", "llc", "src", "dst"), NO_PACKET,
    ),
    **dict.fromkeys(("inbound", "outbound", "direction"), NO_SIDE),
    **dict.fromkeys(("ether", "link"), f'libpcap\'s own language stands behind "{RAW}", like {RAW}link[14:2]==16'),
    "portrange": "a range is written port >= 1 and port <= 9",
    "greater": "a length is asked by len >= 100",
    "less": "a length is asked by len <= 100",
    "ifname": "an interface is chosen by -i",
    "process": "the kernel's filter knows no processes; -Y can show those of one",
}  # fmt: skip
"""Words of libpcap's language and fields of display filters, and what is said of them here."""
CONSTANTS: tuple[tuple[Kind, str], ...] = ((TYPE, "type"), (COMMAND, "command"), (FLAGS, "flags"))


class CaptureParser(FilterParser):
    """Parses a capture filter. `tests` holds the tests parsed so far, in the order of the text."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.tests: list[Presence | Comparison] = []

    def parse(self) -> Syntax:
        if self.current.kind == "end":
            self.fail(f"the capture filter is empty; it asks for {', '.join(FIELDS)}", self.current)
        return super().parse()

    def parse_test(self) -> Syntax:
        field = self.parse_field()
        test = self._number_test(field) if field.text in NUMBERS else self._name_test(field)
        self.tests.append(test)
        return test

    def parse_field(self) -> Word:
        """Return the field's word, its text one of FIELDS."""
        token = self.advance()
        if token.kind == "end":
            self.fail("a test is missing at the end", token)
        name = ALSO.get(token.text.lower(), token.text.lower())
        if token.kind != "word" or name not in FIELDS:
            self._unknown(token, name)
        return Word(token.at, token.end, name)

    def _number_test(self, field: Word) -> Comparison:
        sign = self.advance() if self.at_sign(*COMPARISONS) else None
        operator, token = "==" if sign is None else sign.text, self.advance()
        if token.kind != "word" or number_of(token.text) is None:
            self.fail(f'"{field.text}" is asked for a number, like {field.text} {operator} 100', token)
        return _comparison(field, operator, sign, _word(token))

    def _name_test(self, field: Word) -> Presence | Comparison:
        usual = "&" if field.text == "flags" else "=="
        sign = self.advance() if self.at_sign("==", "!=", "&") else None
        if sign is not None and (sign.text == "&") != (usual == "&"):
            self.fail(f'"{field.text}" is asked by name: {field.text} NAME', sign)
        if field.text == "error" and sign is None and self.current.kind != "word":
            return Presence(field.at, field.end, field)
        token = self.advance()
        if token.kind != "word":
            self.fail(f'what "{field.text}" is asked for is missing: {field.text} NAME', token)
        value = self._flags(token) if field.text == "flags" else _word(token)
        return _comparison(field, usual if sign is None else sign.text, sign, value)

    def _flags(self, token: Token) -> Word | JoinedWords:
        """Return the names joined by "|", the first of which is `token`; any token after a bar stands for a name."""
        words = [_word(token)]
        while self.at_sign("|"):
            self.advance()
            words.append(_word(self.advance()))
        return words[0] if len(words) == 1 else JoinedWords(words[0].at, words[-1].end, tuple(words))

    def unexpected(self, token: Token) -> NoReturn:
        if token.text == ")":
            self.fail('no "(" stands before this ")"', token)
        if token.kind == "slice":
            self.fail(REFUSED["link"], token)
        self.fail('"and" or "or" is missing before this', token)

    def _unknown(self, token: Token, name: str) -> NoReturn:
        """Raise FilterError: no field of capture filters stands here."""
        first = name.partition(".")[0]
        if first in REFUSED:
            self.fail(REFUSED[first], token)
        for kind, field in CONSTANTS:
            if token.kind == "word" and (token.text.isupper() or "_" in token.text) and constants(kind, token.text):
                self.fail(f'"{token.text}" alone asks nothing; write {field} {token.text}', token)
        if token.kind == "word" and _is_display_field(token.text):
            where = f'-Y "{token.text} ..." shows by it'
            self.fail(f"the kernel's filter sees a frame's first header only, not {token.text}; {where}", token)
        if near := did_you_mean(name, FIELDS, 0.6):
            self.fail(f'no capture filter knows "{token.text}"{near}', token)
        self.fail(f'no capture filter knows "{token.text}"; it asks for {", ".join(FIELDS)}', token)


def number_of(text: str) -> int | None:
    """Return a number as Python writes it; None if the text is none."""
    try:
        return int(text, 0)
    except ValueError:
        return None


def _word(token: Token) -> Word:
    return Word(token.at, token.end, token.text)


def _comparison(field: Word, operator: str, sign: Token | None, value: Word | JoinedWords) -> Comparison:
    """Return a test; the span of an operator that is left out is empty, after the field."""
    span = TextSpan(field.end, field.end) if sign is None else TextSpan(sign.at, sign.end)
    return Comparison(field.at, value.end, field, operator, span, value)


def _is_display_field(name: str) -> bool:
    from nldissect.columns.fields.catalog import field_locations
    from nldissect.columns.fields.derived import derived

    return derived(name) is not None or bool(field_locations(name))
