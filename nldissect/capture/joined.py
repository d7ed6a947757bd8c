"""The words of the tracepoint (extack.py) put on the message that refuses what they are about, by time and thread.

The kernel handles a request while its sender waits in send(): what it says between request and refusal, to the thread
that sent, is about that request. Where several threads could be meant, nothing is said.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Sequence

from nldissect.record.comments import say

from .extack import Told, Tracepoint
from .source import Origin, Source, Take

NLM_F_REQUEST, NLM_F_ACK_TLVS = 1, 0x200
NLMSG_ERROR, NLMSG_DONE = 2, 3
SLACK = 20_000
"""Nanoseconds that the clocks of frames and of the tracepoint may differ."""
ROOM = 4096

_COOKED = 16
_HEADER = struct.Struct("=IHHII")


class Joiner:
    """Remembers requests and words."""

    def __init__(self) -> None:
        self._asked: dict[tuple[bytes, bytes], tuple[int, int | None]] = {}
        self._told: deque[Told] = deque(maxlen=ROOM)

    def hear(self, told: Sequence[Told]) -> None:
        """Words more, in order of time."""
        self._told.extend(told)

    def meet(self, stamp: int, data: bytes, task: int | None = None) -> list[str]:
        """A frame more, in order of time; the comments that it gets. `task` sent it, if that is known."""
        if len(data) < _COOKED + _HEADER.size:
            return []
        protocol = data[14:16]
        _, kind, flags, sequence, port = _HEADER.unpack_from(data, _COOKED)
        if kind in (NLMSG_ERROR, NLMSG_DONE):
            return self._answered(stamp, data, kind, flags, port)
        if flags & NLM_F_REQUEST:
            at = _COOKED
            while len(data) - at >= _HEADER.size:  # every message of a batch is answered for itself
                length, _, _, sequence, _ = _HEADER.unpack_from(data, at)
                self._remember((protocol, data[at : at + 16]), stamp, task)
                self._remember((protocol, sequence.to_bytes(4, "little")), stamp, task)
                if length < _HEADER.size:
                    break
                at += length + 3 & ~3
        return []

    def _remember(self, key: tuple[bytes, bytes], stamp: int, task: int | None) -> None:
        self._asked.pop(key, None)
        self._asked[key] = stamp, task
        if len(self._asked) > ROOM:
            del self._asked[next(iter(self._asked))]

    def _answered(self, stamp: int, data: bytes, kind: int, flags: int, port: int) -> list[str]:
        start = _COOKED + _HEADER.size
        if len(data) < start + 4 or int.from_bytes(data[start : start + 4], "little", signed=True) >= 0:
            return []
        if flags & NLM_F_ACK_TLVS:
            return []  # it carries them itself
        sequence = _HEADER.unpack_from(data, _COOKED)[3]
        echo = data[start + 4 : start + 20] if kind == NLMSG_ERROR else sequence.to_bytes(4, "little")
        asked = self._asked.get((data[14:16], echo))
        if asked is None:
            return []
        since, task = asked
        found = [one for one in self._told if since - SLACK <= one.time <= stamp + SLACK]
        if task is not None:
            found = [one for one in found if one.task == task]
        elif len({one.task for one in found}) > 1:
            found = [one for one in found if one.task == port]  # a first socket is called after its process
        if not found:
            return []
        last = found[-1]  # the kernel's later words replace the earlier
        self._told = deque((one for one in self._told if one.task != last.task or one.time > last.time), maxlen=ROOM)
        return [say("extack", last.text, f"{last.name}[{last.task}]")]


class Explained:
    """A source whose refusals carry the tracepoint's words."""

    def __init__(self, inner: Source, tracepoint: Tracepoint) -> None:
        self._inner, self._tracepoint = inner, tracepoint
        self._joiner = Joiner()

    @property
    def origins(self) -> Sequence[Origin]:
        return self._inner.origins

    @property
    def late(self) -> int:
        return self._inner.late

    def fileno(self) -> int:
        return self._inner.fileno()

    def read(self, take: Take) -> int:
        def one(stamp: int, wire: int, data: bytes, origin: int = 0, comments: Sequence[str] = (), /) -> None:
            self._joiner.hear(self._tracepoint.read())
            take(stamp, wire, data, origin, [*comments, *self._joiner.meet(stamp, data)])

        return self._inner.read(one)

    def counts(self) -> tuple[int, int]:
        return self._inner.counts()

    def close(self) -> None:
        self._inner.close()
        self._tracepoint.close()
