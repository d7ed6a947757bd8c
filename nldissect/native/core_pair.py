"""Two cores that make the halves of a batch at the same time: calls of the library do not hold Python's lock.

Not for lines of cells, whose structure belongs to one core.
"""

from __future__ import annotations

import ctypes
import os
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from nldissect.sizes import SIZES

from .core import Core, Echoed, Leaf, Names
from .loader import MessageStruct

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor


class CorePair:
    """A core, and a second where batches are large, there are several processors, and few texts are asked for.

    make   returns the second, see Core; None: there is none
    """

    def __init__(self, first: Core, make: Callable[[], Core] | None) -> None:
        self.first = first
        self._make = make if _processors() > 1 else None
        self._second: Core | None = None
        self._threads: ThreadPoolExecutor | None = None
        self._asks_rarely = False
        self._begin = 0  # of the second core's messages

    def forget_names(self) -> None:
        """Drop the remembered names of numbers."""
        for core in self._cores():
            core.forget_names()

    def turn_to(self, changing: bool) -> None:
        """Begin the next messages, see Core."""
        for core in self._cores():
            core.turn_to(changing)

    def render(
        self, data: bytearray, messages: Any, count: int, texts: bytes, names: Names, leaf: Leaf, echoed: Echoed
    ) -> None:
        """Make texts, see Core."""
        job = texts, names, leaf, echoed
        middle = self._begin = self._middle(messages, count)
        if middle == count or self._make is None:
            self.first.render(data, messages, count, *job)
        else:
            self._second = self._second or self._make()
            later = partial(self._second.render, data, _part(messages, middle, count), count - middle, *job)
            beside = self._begun(later)
            try:
                self.first.render(data, messages, middle, *job)
            finally:
                is_left = beside is None or beside.cancel()  # no processor was free for it
                error = None if is_left or beside is None else beside.exception()
            if error is not None:
                raise error
            if is_left:
                later()
        self._asks_rarely = self.first.asked * SIZES.messages_per_question < middle

    def texts(self, messages: Any, count: int) -> Iterator[memoryview | int]:
        """Yield the texts that were made, in order, and the index of each message that is left to the caller."""
        middle = self._begin
        yield from _texts(self.first, messages, middle, 0)
        if self._second is not None and middle < count:
            yield from _texts(self._second, _part(messages, middle, count), count - middle, middle)

    def _begun(self, later: Callable[[], None]) -> Future[None] | None:
        """Start a call in the thread as soon as possible; return its future, None if there can be no thread."""
        if self._threads is None:
            from concurrent.futures import ThreadPoolExecutor

            self._threads = ThreadPoolExecutor(max_workers=1)
        try:
            return self._threads.submit(later)
        except RuntimeError:
            self._make = None
            return None

    def _middle(self, messages: Any, count: int) -> int:
        """Return the index of the first message of the second core."""
        begin, end = messages[0].at, messages[count - 1].at
        if self._make is None or not self._asks_rarely or end - begin < SIZES.second_core_from:
            return count
        return bisect_left(range(count), (begin + end) // 2, key=lambda index: int(messages[index].at))

    def _cores(self) -> list[Core]:
        return [self.first] if self._second is None else [self.first, self._second]


def _part(messages: Any, begin: int, end: int) -> Any:
    """Return some elements of an array of MessageStruct, in place."""
    return (MessageStruct * (end - begin)).from_buffer(messages, begin * ctypes.sizeof(MessageStruct))


def _texts(core: Core, messages: Any, count: int, begin: int) -> Iterator[memoryview | int]:
    made = memoryview(core.out)
    for at, size, odd in core.runs(messages, count):
        yield begin + odd - 1 if odd else made[at : at + size]


def _processors() -> int:
    """Return the number of processors to use."""
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return SIZES.processors or own
