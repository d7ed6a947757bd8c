"""Messages to paste elsewhere: Scapy expressions (-T python), C arrays (-T c), hex that `read --hex` takes back.

Key material is written as zeros unless it is asked for: what is pasted is soon public.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from scapy.packet import Packet, Raw

from nldissect.escapes import escaped
from nldissect.stream.frames import StreamFrame
from nldissect.stream.redact import redacted
from nldissect.uapi import SLL_HDR_LEN
from nldissect.wire import DecodedMessage, nlmsghdr
from nldissect.wire.context import Env
from nldissect.wire.decode.nodes import Node
from nldissect.wire.packets.bindings import datagram_of

from .names import message_name, protocol_name
from .summaries.summary import summary_of

IMPORT = "from nldissect.all import *"
WIDTH, C_WIDTH = 16, 8
LONGEST = 60
ORDINARY = bytes.fromhex("0004 0338 0000 0000000000000000")
"""A cooked header, all but its protocol, as nlmon gives it."""


class CodeMessage(NamedTuple):
    """A message to print.

    data    the bytes of its frame that may be shown
    after   offset in `data` where the message ends, padding included
    """

    walked: DecodedMessage
    data: bytes
    heading: str
    name: str
    after: int

    @property
    def own(self) -> bytes:
        """Bytes of the message, without padding."""
        return self.data[self.walked.start : self.walked.end]


class CodeFormatter:
    """A formatter of one frame after the other.

    masked   number of messages that were written with zeros for keys
    """

    def __init__(self, format: str, secrets: bool) -> None:
        self.secrets = secrets
        self.masked = 0
        self._begun = False
        forms: dict[str, Callable[[StreamFrame, list[CodeMessage]], Iterator[str]]] = {
            "python": self._python,
            "c": self._c,
            "hex": self._hex,
        }
        self._form = forms[format]
        self._comment = _c_comment if format == "c" else "# {}".format

    def text(self, seen: StreamFrame) -> str:
        """Return all lines of a frame."""
        lines = list(self._form(seen, list(self._messages(seen))))
        begun, self._begun = self._begun, True
        return ("\n" if begun and lines else "") + "".join(f"{line}\n" for line in lines)

    def _messages(self, seen: StreamFrame) -> Iterator[CodeMessage]:
        frame, clean = seen.frame, self._clean(seen)
        ends = [*(walked.start for walked in frame.messages[1:]), frame.trailing[0]]
        for index, walked, asked in seen.messages():
            after = max(walked.end, ends[index - 1])
            masked = clean[walked.start : after] != frame.data[walked.start : after]
            self.masked += masked
            name = escaped(message_name(walked)) or "datagram"
            place = f", message {index}" if len(frame.messages) > 1 else ""
            family = f", family {walked.number:#x}={escaped(walked.family)}" if walked.family else ""
            keys = ", keys are zeros" if masked else ""
            where = (
                f"frame {seen.number}{place}, {_protocol(walked)}{family}, {walked.direction or 'direction unknown'}"
            )
            heading = f"{where}{keys}: {name} {summary_of(walked, asked)}".rstrip()
            yield CodeMessage(walked, clean, heading, _identifier(seen, index), after)

    def _clean(self, seen: StreamFrame) -> bytes:
        """Return the bytes of a frame that may be shown."""
        return seen.frame.data if self.secrets else redacted(seen.frame).data

    def _python(self, seen: StreamFrame, messages: list[CodeMessage]) -> Iterator[str]:
        if not self._begun:
            yield IMPORT
            yield ""
        for one in messages:
            yield self._comment(one.heading)
            yield packet_of(one.walked, one.own).command()
        yield from self._unsaid(seen)

    def _c(self, seen: StreamFrame, messages: list[CodeMessage]) -> Iterator[str]:
        for one in messages:
            yield self._comment(one.heading)
            yield f"const unsigned char {one.name}[{len(one.own)}] = {{"
            for start, end, label in parts_of(one.walked):
                yield f"    {_c_comment(label)}"
                for at in range(start, end, C_WIDTH):
                    yield "    " + " ".join(f"0x{byte:02x}," for byte in one.data[at : min(at + C_WIDTH, end)])
            yield "};"
        yield from self._unsaid(seen)

    def _unsaid(self, seen: StreamFrame) -> Iterator[str]:
        """Yield a comment about the bytes of a frame that are in no message, or about a frame without any message."""
        start, end = seen.trailing
        if start < end:
            what = "bytes" if any(seen.frame.data[start:end]) else "zero bytes"
            yield self._comment(
                f"frame {seen.number}: {end - start} {what} {'are all' if start <= SLL_HDR_LEN else 'follow'}"
            )
        elif not seen.frame.messages:
            yield self._comment(f"frame {seen.number}: no message")

    def _hex(self, seen: StreamFrame, messages: list[CodeMessage]) -> Iterator[str]:
        data = self._clean(seen)
        extraordinary = data[: SLL_HDR_LEN - 2] != ORDINARY
        for place, one in enumerate(messages):
            yield self._comment(one.heading)
            if extraordinary and not place:
                yield from _hex_lines(data[:SLL_HDR_LEN])
            yield from _hex_lines(one.data[one.walked.start : one.after])
        start, end = seen.trailing
        if not messages:
            yield self._comment(f"frame {seen.number}: no message")
            yield from _hex_lines(data)
        elif start < end:
            yield self._comment(f"frame {seen.number}: bytes behind the last message")
            yield from _hex_lines(data[start:end])


def packet_of(walked: DecodedMessage, data: bytes) -> Packet:
    """Return a message as a packet, from bytes that may differ from those that it was decoded from."""
    env = Env(walked.order, walked.protocol, walked.context)
    if walked.has_header:
        made: Packet = nlmsghdr(data, _env=env)
        return made
    whole = datagram_of(walked.protocol, data)
    return whole(data, _env=env) if whole is not None else Raw(data)


def parts_of(walked: DecodedMessage) -> Iterator[tuple[int, int, str]]:
    """Yield the parts of a message, its headers and the attributes after them: start and end in the frame, label."""
    starts = dict(_starts(walked))
    starts.setdefault(walked.start, "datagram")
    places = sorted(place for place in starts if walked.start <= place < walked.end)
    for start, end in zip(places, [*places[1:], walked.end], strict=True):
        yield start, end, starts[start]


def _starts(walked: DecodedMessage) -> Iterator[tuple[int, str]]:
    if walked.has_header:
        yield walked.start, f"nlmsghdr: {escaped(message_name(walked))}"
    for layer in walked.layers:
        yield layer.start, layer.name
        fields = layer.value if isinstance(layer.value, list) else []
        for field in fields:
            if not isinstance(field, Node):
                continue
            inner = field.value if field.number is None and isinstance(field.value, list) else [field]
            for node in inner:
                if isinstance(node, Node) and node.number is not None:
                    yield node.whole, _label(node)
    start, end = walked.undecoded_span
    if start < end:
        yield start, "payload"


def _label(node: Node) -> str:
    if node.kind.shape != "leaf" or node.kind.opaque or node.kind.hidden:
        return node.name
    text = node.kind.shown(node.value)
    return f"{node.name} {text}" if text and len(text) <= LONGEST else node.name


def _protocol(walked: DecodedMessage) -> str:
    return protocol_name(walked.protocol) or f"protocol {walked.protocol}"


def _identifier(seen: StreamFrame, index: int) -> str:
    place = f"_message{index}" if len(seen.frame.messages) > 1 else ""
    return f"frame{seen.number}{place}"


def _hex_lines(data: bytes) -> Iterator[str]:
    for at in range(0, len(data), WIDTH):
        yield data[at : at + WIDTH].hex(" ")


def _c_comment(text: str) -> str:
    """Return a C comment that ends where it should; `??/` is a backslash to old compilers."""
    text = re.sub(r"([*/])(?=[*/])", r"\1 ", text.replace("??", "? ?"))
    return f"/* {text} */"
