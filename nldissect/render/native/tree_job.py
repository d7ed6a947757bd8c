"""`-V` of one capture by the native core, window by window."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from nldissect.capfile import Interface
from nldissect.capfile.link_types import LINUX_SLL2
from nldissect.escapes import escaped
from nldissect.native.loader import TREE
from nldissect.native.preparation import GivenTexts
from nldissect.native.scanner import NO_TIME
from nldissect.wire.protocol import flag_names

from ..origins.frame_source import source_words
from ..times import Clock, date_at
from ..trees.tree_lines import (
    commented,
    cooked_text,
    flags_and_number,
    frame_form,
    size_shown,
    type_and_number,
    way_shown,
)
from ..watched_file import is_watched
from .heads import DescribedType
from .read_job import ERRORS, NativeRead

if TYPE_CHECKING:
    from ..origins.frame_facts import FrameFacts
    from .read_job import RequestedFilter


class NativeTreeRead(NativeRead):
    """The job of printing the trees of one capture, window by window."""

    def __init__(self, options: argparse.Namespace, wanted: RequestedFilter | None, library: str) -> None:
        super().__init__(options, wanted, library, TREE, around_tree)
        self._core_timed = False
        self._names_processes = is_watched(options.files[0])
        self._facts: FrameFacts | None = None

    def first_piece(self, piece: bytes | memoryview) -> bytes | memoryview:
        return bytes(piece).removeprefix(b"\n")

    def _ahead(self, about: DescribedType, told: bool) -> str:
        return ahead_tree(about, told)

    def _interface(self, interface: Interface) -> bytes:
        return source_words(interface).encode(errors=ERRORS)

    def _given(self, first: int, stop: int) -> GivenTexts:
        """Return the lines about each frame itself, unless the core is to make them.

        It does not where there are comments, or facts about processes, times beyond its 64 bits, or headers that were
        shortened (SLL2).
        """
        setting, interfaces = self.preparation.setting, self.reader.interfaces
        told = bool(self.sight.window.comments) or self._names_processes or any(one.shown_netns for one in interfaces)
        longer = any(one.linktype == LINUX_SLL2 for one in interfaces)
        before, self._core_timed = self._core_timed, self.sight.timed and not told and not longer
        if self._core_timed:
            return GivenTexts(None)
        if before and setting.has_first:  # continue where the core stopped
            self.clock = Clock(self.options.time, setting.first, setting.present)
        return GivenTexts(self._lines(first, stop))

    def _lines(self, first: int, stop: int) -> list[bytes]:
        """Return the lines about the frames in [first, stop), by their places in the window; empty for those before."""
        window, interfaces = self.sight.window, self.reader.interfaces
        kinds = [(frame_form(source_words(one)), one.decimals, 4 * (one.linktype == LINUX_SLL2)) for one in interfaces]
        lines = [b""] * first
        frames = self.scanner.frames[first:stop]
        for frame, facts in zip(frames, self._facts_about(frames), strict=True):
            form, decimals, longer = kinds[frame.source]
            timed = self.sight.timed and not frame.marks & NO_TIME
            now = frame.time if timed else self.moment(frame.at, interfaces[frame.source])
            size = size_shown(frame.captured + longer, frame.wire + longer)
            hardware = int.from_bytes(window.buffer[frame.at + 2 : frame.at + 4], "big")
            cooked = cooked_text(frame.kind, hardware, frame.protocol)
            head = form % (frame.number, date_at(now, decimals), self.clock.at(now, decimals), size, cooked)
            comments = window.comments.get(frame.at, ())
            lines.append((commented(head, comments, facts) if comments or facts else head).encode(errors=ERRORS))
        return lines

    def _facts_about(self, frames: Any) -> list[list[str]]:
        """Return what the whole capture tells of frames, if it can be read twice."""
        several = [one.shown_netns is not None for one in self.reader.interfaces]
        if not (self._names_processes or any(several)):
            return [[] for _ in frames]
        from ..origins.frame_facts import FrameFacts, FrameKey

        if self._facts is None:
            from nldissect.columns.blocks.whole_capture import WholeCapture

            options = self.options
            self._facts = FrameFacts(WholeCapture(options.files[0], dict(options.families), options.order))
        return self._facts.lines([FrameKey(frame.number, frame.count, several[frame.source]) for frame in frames])

    def _walked_text(self, index: int, before: bytes) -> bytes:
        from .walked_messages import walked_tree

        return walked_tree(self, index, before)


def ahead_tree(about: DescribedType, told: bool) -> str:
    """Return the name of messages."""
    return escaped(about.called) or "datagram"


def around_tree(about: DescribedType, flags: int, told: bool, words: str) -> dict[str, str]:
    """Return the lines around the numbers of messages."""
    command = about.command
    called = command if about.command_name is None else f"{escaped(about.command_name)} ({command})"
    return {
        "way": f"{way_shown(about.direction, told)}: ",
        "type": type_and_number(about.type_name, about.number, about.family),
        "flags": flags_and_number(flag_names(about.called, flags, about.number), flags),
        "generic": f"cmd: {called}" if command is not None else "",
        "family": f'family: "{escaped(about.family)}"' if about.family is not None else "",
        "note": f"! note: {escaped(words)}" if words else "",
    }
