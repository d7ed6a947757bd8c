"""Capture filters: words that become libpcap's arithmetic on the bytes of a frame, so that the kernel can ask them.

either  = both { "or" both }        both = term { "and" term }        term = { "not" } ( "(" either ")" | test )
test    = ( "protocol" | "family" | "type" | "command" ) [ "==" | "!=" ] name or number
        | "flags" name { "|" name }  |  "error" [ [ "==" | "!=" ] name or number ]
        | ( "port" | "seq" | "len" | "nlmsg_len" ) [ "==" "!=" "<" "<=" ">" ">=" ] number

A frame is judged by its first message. Bytes of the netlink header stand in the host's own order, those of the cooked
header before it in network order. What comes behind "pcap:" is passed on as it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NoReturn

from nldissect.errors import FieldError, NldissectError
from nldissect.uapi import NLMSG_DONE, NLMSG_ERROR, NLMSG_MIN_TYPE, SLL_HDR_LEN
from nldissect.wire import NETLINK, Kind
from nldissect.wire.errno import ERRNO
from nldissect.wire.protocol_names import protocol_number

from .constants import Constant, by_name, constants, spellings
from .diagnostics import did_you_mean
from .header_kinds import COMMAND, FLAGS, TYPE
from .pcap_expressions import BITS, BODY, KIND, LENGTH, PORT, SEQ, Tests, any_of, is_protocol
from .tokenizer import Token, TokenStream

RAW = "pcap:"
NAMED = ("protocol", "family", "type", "command", "flags", "error")
COUNTED = {"port": (PORT, 4), "seq": (SEQ, 4), "nlmsg_len": (LENGTH, 4), "len": (0, 0)}
WORDS = (*NAMED, *COUNTED)
ALSO = {
    "nlmsg_type": "type", "nlmsg_flags": "flags", "nlmsg_seq": "seq", "nlmsg_pid": "port", "frame.len": "len",
    "genlmsghdr.cmd": "command", "genlmsghdr.family": "family", "cmd": "command", "pid": "port", "proto": "protocol",
}  # fmt: skip
"""What display filters and tcpdump's users call the same."""
SIGNS = ("==", "!=", "<", "<=", ">", ">=")
TAPPED = {
    NETLINK.ROUTE, NETLINK.USERSOCK, NETLINK.SOCK_DIAG, NETLINK.NFLOG, NETLINK.XFRM, NETLINK.FIB_LOOKUP,
    NETLINK.NETFILTER, NETLINK.GENERIC,
}  # fmt: skip
"""What reaches an nlmon device (netlink_filter_tap of net/netlink/af_netlink.c)."""

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

Families = Callable[[str], int]


def compile_capture_filter(
    text: str, family: Families, *, order: str = sys.byteorder, tapped: bool = True, cooked: bool = False
) -> str:
    """A capture filter as libpcap takes it; FilterError (with caret) if it can't be understood, or can't work.

    family   gives the id that a generic family has in this kernel; NldissectError if it has none
    order    the host's byte order
    tapped   it is for an nlmon device, which does not see every protocol
    cooked   it is for frames with the cooked header as files have them, not for the kernel, which counts a length
             without it
    """
    if text.strip().lower().startswith(RAW):
        return text.strip()[len(RAW) :].strip()
    return _Parser(text, family, tapped, Tests(order, 0 if cooked else SLL_HDR_LEN)).whole()


class _Parser(TokenStream):
    def __init__(self, text: str, family: Families, tapped: bool, frame: Tests) -> None:
        super().__init__(text)
        self.family, self.tapped, self.frame = family, tapped, frame

    def whole(self) -> str:
        if self.current.kind == "end":
            self.fail(f"the capture filter is empty; it asks for {', '.join(WORDS)}", self.current)
        found = self.either()
        if self.current.kind != "end":
            self.unexpected(self.current)
        return found

    def either(self) -> str:
        terms = [self.both()]
        while self.at_join("or"):
            self.advance()
            terms.append(self.both())
        return terms[0] if len(terms) == 1 else f"({' or '.join(terms)})"

    def both(self) -> str:
        terms = [self.term()]
        while self.at_join("and"):
            self.advance()
            terms.append(self.term())
        return terms[0] if len(terms) == 1 else f"({' and '.join(terms)})"

    def term(self) -> str:
        if self.at_join("not"):
            self.advance()
            return f"(not {self.term()})"
        if self.current.text != "(":
            return self.test()
        bracket = self.advance()
        found = self.either()
        if self.current.text != ")":
            self.fail('this "(" is never closed', bracket) if self.current.kind == "end" else self.unexpected(
                self.current
            )
        self.advance()
        return found

    def test(self) -> str:
        token = self.advance()
        word = ALSO.get(token.text.lower(), token.text.lower())
        if token.kind == "end":
            self.fail("a test is missing at the end", token)
        if token.kind != "word" or word not in WORDS:
            self.unknown(token, word)
        if word in COUNTED:
            return self.number_test(word)
        sign = self.advance() if self.current.text in ("==", "!=", "&") and self.current.kind == "sign" else None
        if sign is not None and (sign.text == "&") != (word == "flags"):
            self.fail(f'"{word}" is asked by name: {word} NAME', sign)
        alone = word == "error" and sign is None and self.current.kind != "word"
        found = self.refused(None) if alone else self.named(word)
        return f"(not {found})" if sign is not None and sign.text == "!=" else found

    def named(self, word: str) -> str:
        value = self.advance()
        if value.kind != "word":
            self.fail(f'what "{word}" is asked for is missing: {word} NAME', value)
        if word == "protocol":
            return self.protocol(value)
        if word == "family":
            return self.of_family(value)
        if word == "type":
            return self.of_type(value)
        if word == "command":
            return self.command(value)
        return self.flags(value) if word == "flags" else self.refused(value)

    def number_test(self, word: str) -> str:
        sign = self.advance().text if self.current.kind == "sign" and self.current.text in SIGNS else "=="
        token = self.advance()
        number = _number(token.text) if token.kind == "word" else None
        if number is None:
            self.fail(f'"{word}" is asked for a number, like {word} {sign} 100', token)
        if word == "port" and number < 0:
            number %= 1 << 32  # as ss prints them
        if not 0 <= number < 1 << 32:
            self.fail("the number does not fit into 32 bits", token)
        if word == "len":
            least = max(0, number - self.frame.uncounted)
            if number < self.frame.uncounted:  # every frame is longer
                return "(len >= 0)" if sign in ("!=", ">", ">=") else "(not len >= 0)"
            return f"(len {sign} {least})"
        at, size = COUNTED[word]
        if sign in ("==", "!="):
            return self.frame.there(f"link[{at}:{size}] {sign} {self.frame.swapped(number, size)}")
        return self.frame.there(f"{self.frame.assembled(at, size)} {sign} {number}")

    def protocol(self, token: Token) -> str:
        try:
            number = protocol_number(token.text)
        except FieldError as error:
            words = [name.removeprefix("NETLINK_").lower() for name in NETLINK.numbers]
            near = did_you_mean(token.text.lower().removeprefix("netlink_"), words)
            self.fail(f'no netlink protocol is called "{token.text}"{near}' if near else str(error), token)
        if self.tapped and number in NETLINK.names and number not in TAPPED:
            name = NETLINK.names[number]
            self.fail(f"{name} never reaches an nlmon device; listen to its groups with -g", token)
        return is_protocol(number)

    def of_family(self, token: Token) -> str:
        number = self.id(token, token.text, _number(token.text))
        return f"({is_protocol(NETLINK.GENERIC)} and {self.frame.there(self.frame.equal(KIND, 2, number))})"

    def id(self, token: Token, name: str, number: int | None = None) -> int:
        if number is None:
            try:
                number = self.family(name)
            except NldissectError as error:
                self.fail(str(error), token)
        if not 0 <= number <= 0xFFFF:
            self.fail("an id has 16 bits", token)
        return number

    def of_type(self, token: Token) -> str:
        number = _number(token.text)
        if number is not None:
            if not 0 <= number <= 0xFFFF:
                self.fail("a type has 16 bits", token)
            return self.frame.there(self.frame.equal(KIND, 2, number))
        return any_of([self.one_type(one) for one in self.known(TYPE, token, "type")])

    def one_type(self, one: Constant) -> str:
        test = self.frame.there(self.frame.equal(KIND, 2, one.number))
        return test if one.only.protocol is None else f"({is_protocol(one.only.protocol)} and {test})"

    def command(self, token: Token) -> str:
        generic, number = is_protocol(NETLINK.GENERIC), _number(token.text)
        above = f"({self.frame.assembled(KIND, 2)} >= {NLMSG_MIN_TYPE})"
        if number is not None:
            if not 0 <= number <= 0xFF:
                self.fail("a command has 8 bits", token)
            return f"({generic} and {self.frame.there(f'{above} and link[{BODY}] == {number}', BODY + 1)})"
        return any_of([self.one_command(one, token) for one in self.known(COMMAND, token, "command")])

    def one_command(self, one: Constant, token: Token) -> str:
        tests = [self.frame.equal(KIND, 2, self.id(token, one.only.family or "")), f"link[{BODY}] == {one.number}"]
        if one.only.to is not None:
            tests.append(self.frame.request(one.only.to == "kernel"))
        if one.only.to in ("reply", "notification"):
            asked = f"link[{SEQ}:4] == 0 and link[{PORT}:4] == 0"
            tests.append(f"({asked})" if one.only.to == "notification" else f"(not ({asked}))")
        return f"({is_protocol(NETLINK.GENERIC)} and {self.frame.there(' and '.join(tests), BODY + 1)})"

    def flags(self, token: Token) -> str:
        """Any of these names; a name of two bits (NLM_F_DUMP) needs both."""
        masks = [self.mask(token)]
        while self.current.text == "|":
            self.advance()
            masks.append(self.mask(self.advance()))
        return any_of([self.frame.there(f"link[{BITS}:2] & {mask} == {mask}") for mask in masks])

    def mask(self, token: Token) -> int:
        number = _number(token.text)
        if number is None:
            number = self.known(FLAGS, token, "flag")[0].number
        if not 0 < number <= 0xFFFF:
            self.fail("flags are bits of 16", token)
        return self.frame.swapped(number, 2)

    def refused(self, token: Token | None) -> str:
        """An NLMSG_ERROR or NLMSG_DONE with this error, or with any but 0."""
        answer = f"({self.frame.equal(KIND, 2, NLMSG_ERROR)} or {self.frame.equal(KIND, 2, NLMSG_DONE)})"
        if token is None:
            return self.frame.there(f"{answer} and link[{BODY}:4] != 0", BODY + 4)
        number = _number(token.text)
        if number is None:
            known = by_name(ERRNO).get(token.text.lower())
            if known is None:
                self.fail(f'no error is called "{token.text}"{did_you_mean(token.text, ERRNO.numbers)}', token)
            number = known[1]
        if not 0 < number < 1 << 31:
            self.fail("errors are numbers from 1 on", token)
        return self.frame.there(f"{answer} and {self.frame.equal(BODY, 4, (1 << 32) - number)}", BODY + 4)

    def known(self, kind: Kind, token: Token, what: str) -> list[Constant]:
        found = constants(kind, token.text)
        if not found:
            names = {name.removeprefix("NLM_F_").lower() if kind is FLAGS else name for name in spellings(kind)}
            self.fail(f'no {what} is called "{token.text}"{did_you_mean(token.text, names)}', token)
        return found

    def unknown(self, token: Token, word: str) -> NoReturn:
        first = word.partition(".")[0]
        if first in REFUSED:
            self.fail(REFUSED[first], token)
        for kind, asked in ((TYPE, "type"), (COMMAND, "command"), (FLAGS, "flags")):
            if token.kind == "word" and (token.text.isupper() or "_" in token.text) and constants(kind, token.text):
                self.fail(f'"{token.text}" alone asks nothing; write {asked} {token.text}', token)
        if token.kind == "word" and _is_field(token.text):
            where = f'-Y "{token.text} ..." shows by it'
            self.fail(f"the kernel's filter sees a frame's first header only, not {token.text}; {where}", token)
        if near := did_you_mean(word, WORDS, 0.6):
            self.fail(f'no capture filter knows "{token.text}"{near}', token)
        self.fail(f'no capture filter knows "{token.text}"; it asks for {", ".join(WORDS)}', token)

    def unexpected(self, token: Token) -> NoReturn:
        if token.text == ")":
            self.fail('no "(" stands before this ")"', token)
        if token.kind == "slice":
            self.fail(REFUSED["link"], token)
        self.fail('"and" or "or" is missing before this', token)


def _number(text: str) -> int | None:
    try:
        return int(text, 0)
    except ValueError:
        return None


def _is_field(name: str) -> bool:
    from nldissect.columns.fields.catalog import places
    from nldissect.columns.fields.derived import derived

    return derived(name) is not None or bool(places(name))
