"""`-V` of one capture by the native core: window by window, or where a filter chooses, block by block."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from struct import Struct as Codec
from typing import Any

from nldissect.escaping import escaped
from nldissect.index.block import Block
from nldissect.index.meaning import Meaning
from nldissect.index.priors import NO_REQUEST
from nldissect.index.raw import Array
from nldissect.index.timeline import GENL
from nldissect.native.loader import SKIPPED, TREE
from nldissect.native.scanner import LAST
from nldissect.record.link import LINUX_SLL2
from nldissect.wire.flags import NETLINK, NLMSG_ERROR, flag_names
from nldissect.wire.frame import ECHO, HEADER
from nldissect.wire.secrets import is_keyed_protocol

from .classifier import order_of
from .nativeblocks import NativeMessages, add_some, generic_echo, untold
from .nativeread import NativeRead
from .times import date_at
from .tree import flags_and_number, place_shown, size_shown, type_and_number, way_shown
from .treeblocks import Trees, commented, cooked_text, frame_form, trailing_text, tree_text


class NativeTrees(Trees):
    """The trees of frames in UTF-8."""

    def __init__(self, options: argparse.Namespace, path: str) -> None:
        super().__init__(options)
        self.native = NativeMessages(path, self.blocks, TREE, around_tree, self.secrets)

    def texts(self, block: Block, mask: Array, frames: Array) -> Iterator[str | bytes]:
        """What to write of a block, an empty line before each frame."""
        self.block = block
        self.blocks.messages.turn_to(block, [])
        mine = mask.nonzero()[0]
        before, behind, rest = self._around_frames(mine, frames)
        messages, texts = self.native.columns(block, mine, ahead_tree), bytearray()
        add_some(messages, texts, "before", before)
        add_some(messages, texts, "behind", behind)
        messages["place"], messages["count"] = block.place[mine], block.frame_count[block.frame[mine]]
        self.native.ask(block, mine, messages, texts)
        acks = (self.blocks.priors.requests[mine] != NO_REQUEST).nonzero()[0]
        messages["request"][acks] = self.blocks.priors.frames(mine[acks])

        def finish(text: str, index: int) -> str:
            place = int(mine.searchsorted(index))
            return f"{before.get(place, '')}{text}{behind.get(place, '')}"

        yield self.native.texts(block, mine, messages, self.native.regular(block)[mine], texts, finish)
        yield rest

    def _around_frames(self, mine: Array, frames: Array) -> tuple[dict[int, str], dict[int, str], str]:
        """What stands before and behind messages by their places among `mine`: lines about frames; and what follows."""
        block = self.block
        heads, tails = self.heads(self.clocks.times(block).texts()), self.tails()
        starts, stops = (block.frame[mine].searchsorted(frames, side).tolist() for side in ("left", "right"))
        before: dict[int, str] = {}
        behind: dict[int, str] = {}
        text = ""
        for frame, start, stop in zip(frames.tolist(), starts, stops, strict=True):
            text += heads[frame]
            count = int(block.frame_count[frame]) if start == stop or frame in tails else 0
            if start < stop:
                before[start], text = text, ""
            elif not count:
                text += tails.get(frame, "")
            if frame in tails and start < stop and block.place[mine[stop - 1]] == count:
                behind[stop - 1] = tails[frame]
        return before, behind, text


class NativeTreeRead(NativeRead):
    """The trees of one capture, window by window."""

    def __init__(self, options: argparse.Namespace, library: str) -> None:
        super().__init__(options, library, TREE, around_tree)

    def _ahead(self, about: Meaning, told: bool) -> str:
        return ahead_tree(about, told)

    def _given(self, first: int, stop: int) -> list[bytes]:
        """The lines about each frame itself."""
        window, interfaces = self.sight.window, self.reader.interfaces
        frames = self.scanner.frames[first:stop]
        kinds = [(frame_form(one.name), one.decimals, 4 * (one.linktype == LINUX_SLL2)) for one in interfaces]
        columns = (frames[name].tolist() for name in ("at", "source", "number", "captured", "wire", "kind", "protocol"))
        times = frames["time"].tolist() if self.sight.timed and not window.timeless else [None] * len(frames)
        lines = [b""] * first
        for time, at, source, number, captured, wire, kind, protocol in zip(times, *columns, strict=True):
            form, decimals, longer = kinds[source]
            now = self._moment(at, interfaces[source]) if time is None else time
            size = size_shown(captured + longer, wire + longer)
            hardware = int.from_bytes(window.buffer[at + 2 : at + 4], "big")
            cooked = cooked_text(kind, hardware, protocol)
            head = form % (number, date_at(now, decimals), self.clock.at(now, decimals), size, cooked)
            comments = window.comments.get(at)
            lines.append((commented(head, comments) if comments else head).encode())
        return lines

    def _told(self, messages: Array, texts: bytes, first: int) -> bytes:
        """Tell of the requests that messages acknowledge in which frame those are, and which families they are of."""
        items, more = self.scanner.items[first : first + len(messages)], bytearray(texts)
        types: dict[int, str] = {}
        names: dict[int, str] = {}
        for place in ((items["type"] == NLMSG_ERROR) & (messages["head"] < SKIPPED)).nonzero()[0].tolist():
            item = items[place]
            frame = self.scanner.frames[item["frame"]]
            space = self.classifier.spaces[int(frame["source"])]
            if item["prior"] and not item["prior_item"] and (kept := self.kept.get((space, int(item["prior"])))):
                messages["request"][place] = kept.frame
            if frame["protocol"] == NETLINK.GENERIC and item["length"] >= ECHO + HEADER:
                if told := self._generic_echo(int(item["at"]) + ECHO, frame):
                    types[place] = told[0]
                    if not messages["asked_size"][place]:
                        names[place] = told[1]
        add_some(messages, more, "echoed", types)
        add_some(messages, more, "asked", names)
        return bytes(more)

    def _generic_echo(self, at: int, frame: Any) -> tuple[str, str] | None:
        number, flags = Codec(f"{order_of(frame)}4xHH").unpack_from(self.sight.window.buffer, at)
        return generic_echo(number, flags, self.names.name(GENL, number, self.classifier.position(frame)))

    def _walked_text(self, index: int, before: bytes) -> bytes:
        item = self.scanner.items[index]
        frame = self.scanner.frames[item["frame"]]
        text, place, protocol = "", int(item["place"]), int(frame["protocol"])
        if place:
            comments = self.sight.window.comments.get(int(frame["at"]), ())
            walked, asked = self._walked(item, frame, comments)
            text = tree_text(walked, asked, place_shown(place, int(frame["count"])), self.secrets)
        rest = self._data(frame)[int(frame["rest"]) :]
        if rest and item["marks"] & LAST:
            text += trailing_text(rest, is_keyed_protocol(protocol) and not self.secrets)
        return before + text.encode()


def ahead_tree(about: Meaning, told: bool) -> str:
    """The name of messages."""
    return escaped(about.called) or "datagram"


def around_tree(about: Meaning, flags: int, told: bool) -> dict[str, str]:
    """The lines around the numbers of messages."""
    words, command = untold(about), about.command
    called = command if about.command_name is None else f"{escaped(about.command_name)} ({command})"
    return {
        "way": f"{way_shown(about.direction, told)}: ",
        "type": type_and_number(about.type_name, about.number, about.family),
        "flags": flags_and_number(flag_names(about.called, flags, about.number), flags),
        "generic": f"cmd: {called}" if command is not None else "",
        "family": f'family: "{escaped(about.family)}"' if about.family is not None else "",
        "note": f"! note: {escaped(words)}" if words else "",
    }
