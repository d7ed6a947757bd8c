"""Kernel texts of the tracepoint (tracepoint.py), joined to the refusals that they explain by time and thread.

The kernel handles a request while its sender waits in send(): its text between request and refusal, for the thread
that sent, is about that request. Where several threads are possible, no text is added.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Sequence

from nldissect.capfile.comments import format_comment
from nldissect.request_tracker import TO_KERNEL, TO_USER, AnswerRules, RequestHeader, RequestTracker
from nldissect.uapi import (
    NLM_F_ACK_TLVS,
    NLM_F_REQUEST,
    NLMSG_DONE,
    NLMSG_ERROR,
    NLMSG_HDRLEN,
    SLL_HDR_LEN,
    STRUCT_NLMSGHDR,
    nlmsg_align,
)

from ..source import FrameSource, OnFrame, Origin
from .tracepoint import ExtackText, Tracepoint

SLACK = 20_000
"""Nanoseconds that the clocks of frames and of the tracepoint may differ."""
ROOM = 4096


class ExtackMatcher:
    """A matcher of refusals and kernel texts; it remembers requests and texts."""

    def __init__(self) -> None:
        self._requests: RequestTracker[tuple[int, int | None]] = RequestTracker(AnswerRules(), ROOM)
        self._told: deque[ExtackText] = deque(maxlen=ROOM)
        self._frame = 0

    def add_text(self, told: Sequence[ExtackText]) -> None:
        """Add kernel texts, in order of time."""
        self._told.extend(told)

    def match(self, stamp: int, data: bytes, task: int | None = None) -> list[str]:
        """Observe the next frame, in order of time; return the comments for it.

        stamp   time of the frame in nanoseconds
        task    thread that sent it, if known
        """
        if len(data) < SLL_HDR_LEN + NLMSG_HDRLEN:
            return []
        self._frame += 1
        header = _header(data, SLL_HDR_LEN)
        if header.type in (NLMSG_ERROR, NLMSG_DONE):
            start = SLL_HDR_LEN + NLMSG_HDRLEN
            echoes = header.type == NLMSG_ERROR and len(data) >= start + 4 + NLMSG_HDRLEN
            echo = _header(data, start + 4) if echoes else None
            request = self._requests.observe(self._frame, header, TO_USER, (stamp, task), echo=echo)
            refuses = len(data) >= start + 4 and int.from_bytes(data[start : start + 4], sys.byteorder, signed=True) < 0
            if request is None or not refuses or header.flags & NLM_F_ACK_TLVS:  # these carry them themselves
                return []
            return self._words(stamp, header.pid, *request.kept)
        at = SLL_HDR_LEN
        while header.flags & NLM_F_REQUEST and len(data) - at >= NLMSG_HDRLEN:  # of a batch each is answered for itself
            header = _header(data, at)
            self._requests.observe(self._frame, header, TO_KERNEL, (stamp, task))
            if header.length < NLMSG_HDRLEN:
                break
            at += nlmsg_align(header.length)
        return []

    def _words(self, stamp: int, port: int, since: int, task: int | None) -> list[str]:
        """Return the comment for a refusal: the kernel's text between it and its request; an empty list without one."""
        found = [one for one in self._told if since - SLACK <= one.time <= stamp + SLACK]
        if task is not None:
            found = [one for one in found if one.task == task]
        elif len({one.task for one in found}) > 1:
            found = [one for one in found if one.task == port]  # a first socket has its process's number
        if not found:
            return []
        last = found[-1]  # the kernel's later words replace the earlier
        self._told = deque((one for one in self._told if one.task != last.task or one.time > last.time), maxlen=ROOM)
        return [format_comment("extack", last.text, f"{last.name}[{last.task}]")]


def _header(data: bytes, at: int) -> RequestHeader:
    return RequestHeader(int.from_bytes(data[14:16], "big"), *STRUCT_NLMSGHDR.unpack_from(data, at))


class ExtackSource:
    """A source whose refusals carry the tracepoint's texts as comments."""

    def __init__(self, inner: FrameSource, tracepoint: Tracepoint) -> None:
        self._inner, self._tracepoint = inner, tracepoint
        self._joiner = ExtackMatcher()

    @property
    def origins(self) -> Sequence[Origin]:
        return self._inner.origins

    @property
    def late(self) -> int:
        return self._inner.late

    def fileno(self) -> int:
        return self._inner.fileno()

    def read(self, take: OnFrame) -> int:
        def one(stamp: int, wire: int, data: bytes, origin: int = 0, comments: Sequence[str] = (), /) -> None:
            self._joiner.add_text(self._tracepoint.read())
            take(stamp, wire, data, origin, [*comments, *self._joiner.match(stamp, data)])

        return self._inner.read(one)

    def counts(self) -> tuple[int, int]:
        return self._inner.counts()

    def close(self) -> None:
        self._inner.close()
        self._tracepoint.close()
