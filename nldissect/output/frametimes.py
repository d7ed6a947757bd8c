"""Times of frames in columns: `times.Clock` for a block at once."""

from __future__ import annotations

import time

import numpy as np

from nldissect.index.block import NO_TIME, Block
from nldissect.index.raw import Array
from nldissect.record.records import SECOND, time_text

from .times import DAY

_POWERS = 10 ** np.arange(1, 19)


class Times:
    """The times of a block's frames as the list and the tree show them, "-" where there is none.

    since   nanoseconds, none negative, of which the text has so many decimals; None where `texts` are made already
    """

    def __init__(self, since: Array | None, decimals: int, texts: list[str]) -> None:
        self._decimals = decimals
        self._texts = texts
        self._parts = None if since is None else (since // SECOND, since % SECOND // 10 ** (9 - decimals))

    def lengths(self) -> Array:
        """How long each text is."""
        if self._parts is None:
            return np.array(list(map(len, self._texts)), np.int64)
        return digits(self._parts[0]) + 1 + self._decimals

    def longest(self) -> int:
        """How long the longest is."""
        if self._parts is None:
            return max(map(len, self._texts), default=0)
        return len(str(int(self._parts[0].max()))) + 1 + self._decimals

    def texts(self) -> list[str]:
        """The text of every frame."""
        if not self._texts and self._parts is not None:
            pairs = zip(self._parts[0].tolist(), self._parts[1].tolist(), strict=True)
            self._texts = list(map(f"%d.%0{self._decimals}d".__mod__, pairs))
        return self._texts

    def numbered(self, numbers: Array, width: int, time_width: int) -> list[str]:
        """The number of each frame and its time, in columns of these widths, a blank behind each."""
        point = width + time_width - self._decimals
        if self._parts is None or len(str(int(numbers.max()))) > width or self.longest() > time_width:
            return list(map(f"%{width}d %{time_width}s ".__mod__, zip(numbers.tolist(), self.texts(), strict=True)))
        text = np.full((len(numbers), width + 1 + time_width + 1), ord(" "), np.uint8)
        _write(text[:, :width], numbers, " ")
        _write(text[:, width + 1 : point], self._parts[0], " ")
        text[:, point] = ord(".")
        _write(text[:, point + 1 : -1], self._parts[1], "0")
        lines = text.tobytes().decode("ascii")
        step = text.shape[1]
        return [lines[start : start + step] for start in range(0, len(lines), step)]


class Clocks:
    """The time column of the list, frame after frame; see `Clock`."""

    def __init__(self, mode: str) -> None:
        self.mode = mode
        self._first: int | None = None
        self._before: int | None = None

    def times(self, block: Block) -> Times:
        """The times of the next block."""
        known = block.frame_time != NO_TIME
        before = self._before
        self.meet(block)
        if self.mode == "a":
            return Times(None, 0, [text or "-" for text in local_times(block, DAY)])
        base = np.zeros(len(known), np.int64)
        if known.any():
            base[known] = self._base(block.frame_time[known], before)
        decimals = block.interfaces[0].decimals
        since: Array = block.frame_time - base
        if known.all() and len(block.interfaces) == 1 and decimals and since.min() >= 0:
            return Times(since, decimals, [])
        return Times(None, 0, [text or "-" for text in times_since(block, base)])

    def _base(self, times: Array, before: int | None) -> Array | int:
        """What times count from; `before` is the time of the frame before the first of these."""
        if self.mode == "d":
            return np.concatenate(([times[0] if before is None else before], times[:-1]))
        return (self._first or 0) if self.mode == "r" else 0

    def meet(self, block: Block) -> None:
        """Take note of frames that are not shown."""
        times = block.frame_time[block.frame_time != NO_TIME]
        if times.size:
            self._first = int(times[0]) if self._first is None else self._first
            self._before = int(times[-1])


def times_since(block: Block, base: Array | int = 0) -> list[str | None]:
    """The time of each frame after `base`, with its file's decimals; None where it has none."""
    out: list[str | None] = [None] * len(block.frame_time)
    for mine, decimals in _alike(block):
        texts = time_texts(block.frame_time[mine] - (base if isinstance(base, int) else base[mine]), decimals)
        _put(out, mine, texts)
    return out


def local_times(block: Block, form: str) -> list[str | None]:
    """The time of each frame in this host's zone."""
    out: list[str | None] = [None] * len(block.frame_time)
    for mine, decimals in _alike(block):
        seconds, rest = np.divmod(block.frame_time[mine], SECOND)
        shown = {second: time.strftime(form, time.localtime(second)) for second in np.unique(seconds).tolist()}
        fractions = [text[1:] for text in time_texts(rest, decimals)]
        _put(out, mine, [shown[second] + part for second, part in zip(seconds.tolist(), fractions, strict=True)])
    return out


def _alike(block: Block) -> list[tuple[Array, int]]:
    """Frames that have a time, those of each interface apart, and how many decimals they have."""
    known = block.frame_time != NO_TIME
    found = []
    for number, interface in enumerate(block.interfaces):
        mine = (known & (block.frame_interface == number)).nonzero()[0]
        if mine.size:
            found.append((mine, interface.decimals))
    return found


def _put(out: list[str | None], mine: Array, texts: list[str]) -> None:
    if len(mine) == len(out):
        out[:] = texts
        return
    for frame, text in zip(mine.tolist(), texts, strict=True):
        out[frame] = text


def _write(text: Array, numbers: Array, fill: str) -> None:
    """Write numbers as decimal digits at the right of a row of characters each."""
    rest: Array = numbers.astype(np.uint32 if int(numbers.max()) < 1 << 32 else np.uint64)
    for place in range(text.shape[1] - 1, -1, -1):
        more = rest // 10
        text[:, place] = rest - more * 10 + ord("0")
        if fill == " " and place < text.shape[1] - 1:
            text[rest == 0, place] = ord(fill)
        rest = more


def digits(numbers: Array) -> Array:
    """How many digits numbers have."""
    found: Array = np.searchsorted(_POWERS, numbers, side="right") + 1
    return found


def time_texts(times: Array, decimals: int) -> list[str]:
    """`record.time_text` of many times."""
    if not decimals or times.min() < 0:
        return [time_text(one, decimals) for one in times.tolist()]
    seconds, rest = np.divmod(times, SECOND)
    pairs = zip(seconds.tolist(), (rest // 10 ** (9 - decimals)).tolist(), strict=True)
    return list(map(f"%d.%0{decimals}d".__mod__, pairs))
