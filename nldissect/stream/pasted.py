"""`read --hex`: pasted text as a capture in memory."""

from __future__ import annotations

import io
import re
import struct
import sys
from typing import NamedTuple

from nldissect.capfile import NETLINK, PcapngWriter
from nldissect.capfile.byte_source import open_source
from nldissect.capfile.pasted.text import TextBlock, TextBlocks, is_cooked, read_text
from nldissect.errors import FileError, NldissectError, print_notice
from nldissect.uapi import SLL_HDR_LEN, sll_header
from nldissect.wire import NETLINK as PROTOCOLS
from nldissect.wire.protocol import PACKET

SIMPLE_PACKET = 3
LIMIT = 64 << 20

_OURS = re.compile(
    r"frame (?P<frame>\d+)(?:, message (?P<message>\d+))?"
    r"(?:, (?:(?P<name>NETLINK_\w+)|protocol (?P<number>\d+))(?:, family (?P<id>0x[0-9a-f]+)=(?P<family>[^,]+))?"
    r"|: (?P<behind>bytes behind the last message)|: (?P<none>no message))?.*"
)
_GROUP = re.compile(r"(?:message (?P<message>\d+)|(?P<trailing>trailing bytes)|cooked header), \d+ bytes?")


class NamedBytes(io.BytesIO):
    """Bytes with the name of the file they come from."""

    name = ""


class PastedCapture(NamedTuple):
    """A text as a capture: its bytes, and the generic families named in it."""

    stream: NamedBytes
    families: dict[int, str]


def protocol_number(text: str) -> int:
    """Return a protocol given by number or name, with or without NETLINK_; NldissectError if there is none."""
    if text.isdecimal() and int(text) <= 0xFFFF:
        return int(text)
    name = "NETLINK_" + text.upper().removeprefix("NETLINK_")
    if name not in PROTOCOLS.numbers:
        known = ", ".join(one.removeprefix("NETLINK_") for one in PROTOCOLS.numbers)
        raise NldissectError(f"no protocol is called {text!r}; known are {known}, or give its number")
    return PROTOCOLS.numbers[name]


def pasted(path: str, protocol: int) -> PastedCapture:
    """Return the frames of a text as a capture; FileError if there are none.

    A notice on stderr states the number of lines that held no bytes.

    protocol   of blocks that do not state theirs
    """
    name, text = _text(path)
    found = read_text(text, name)
    if not found.blocks:
        raise FileError(f"{name} holds no bytes; {_hint(text)}")
    _say_passed(found, name, text)
    frames = _Frames(protocol)
    for block in found.blocks:
        frames.take(block)
    if not frames.done:
        raise FileError(f"{name}: line {found.blocks[-1].line} is a header without a message; paste what follows it")
    stream = NamedBytes()
    stream.name = name
    writer = PcapngWriter(stream, name=name)
    writer.add_interface(None, NETLINK)
    writer.flush()
    for data in frames.done:
        length = 16 + (len(data) + 3 & ~3)
        head = struct.pack("=III", SIMPLE_PACKET, length, len(data))  # the block that has no time
        stream.write(head + data + bytes(-len(data) % 4) + struct.pack("=I", length))
    stream.seek(0)
    return PastedCapture(stream, frames.families)


def _text(path: str) -> tuple[str, str]:
    if path == "-" and sys.stdin.isatty():
        print_notice("paste, then Ctrl-D on a line of its own")
        name, raw = "standard input", sys.stdin.buffer.read()
    else:
        name, source = open_source(path)
        try:
            parts: list[bytes] = []
            room = bytearray(1 << 16)
            while count := source.readinto(memoryview(room)):
                parts.append(bytes(room[:count]))
                if len(parts) * len(room) > LIMIT:
                    raise FileError(f"{name} is too large for pasted text; paste what matters")
            raw = b"".join(parts)
            if source.problem:
                raise FileError(f"{name} {source.problem}")
        finally:
            source.close()
    if b"\0" in raw and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileError(f"{name} is no text; leave out --hex if it is a capture")
    coding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    return name, raw.decode(coding, "replace")


def _hint(text: str) -> str:
    if "nlmsg_len=" in text or "nlmsg_type=" in text:
        return "strace decoded the messages; let it print bytes as well, with -e write=all -e read=all"
    return "paste a hex dump, a list of bytes or a string with escapes"


def _say_passed(found: TextBlocks, name: str, text: str) -> None:
    count = len(found.passed)
    if count:
        line = text.splitlines()[found.passed[0] - 1].strip()
        shown = ascii(line if len(line) <= 40 else line[:37] + "...")
        lines = "one line holds" if count == 1 else f"{count} lines hold"
        first = "" if count == 1 else "the first is "
        print_notice(f"{name}: {lines} no bytes, {first}line {found.passed[0]}: {shown}")


class _Frames:
    """Blocks as frames with a cooked header.

    protocol   of blocks that do not state theirs
    families   generic families named in comments
    """

    def __init__(self, protocol: int) -> None:
        self.protocol = protocol
        self.done: list[bytes] = []
        self.families: dict[int, str] = {}
        self._header: bytes | None = None  # a cooked header in a block of its own
        self._frame: str | None = None  # number of the last block's frame

    def take(self, block: TextBlock) -> None:
        """Add one block: a frame, a message of the frame before, or a cooked header for the next block."""
        said = next((found for text in reversed(block.said) if (found := _OURS.fullmatch(text))), None)
        group = next((found for text in reversed(block.said) if (found := _GROUP.fullmatch(text))), None)
        if said is not None and said["family"]:
            self.families[int(said["id"], 16)] = said["family"]
        if self.done and self._goes_on(said, group):
            self.done[-1] += bytes(-len(self.done[-1]) % 4) + block.data
        elif is_cooked(block.data) or (said is not None and said["none"]):
            if len(block.data) == SLL_HDR_LEN and (group is not None or said is None):
                self._header = block.data
                return
            self.done.append(block.data)
        else:
            self.done.append((self._header or self._cooked(said)) + block.data)
        self._header = None
        self._frame = said["frame"] if said is not None else None

    def _goes_on(self, said: re.Match[str] | None, group: re.Match[str] | None) -> bool:
        """Return whether a block belongs to the frame before it."""
        if said is not None:
            later = said["behind"] or int(said["message"] or 1) > 1
            return bool(later) and said["frame"] == self._frame
        return group is not None and bool(group["trailing"] or int(group["message"] or 1) > 1)

    def _cooked(self, said: re.Match[str] | None) -> bytes:
        protocol = self.protocol
        if said is not None and said["number"]:
            protocol = int(said["number"])
        elif said is not None and said["name"] in PROTOCOLS.numbers:
            protocol = PROTOCOLS.numbers[said["name"]]
        return sll_header(PACKET.OUTGOING, protocol & 0xFFFF)
