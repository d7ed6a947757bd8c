"""What a capture teaches about generic families: who has which id, from which frame on."""

from __future__ import annotations

import numpy as np

from nldissect.wire import NETLINK, Context, walk

from .block import Learnt
from .opening import NLCTRL, Later
from .raw import Array, Raw
from .scan import Frames


class Notebook(Context):
    """A Context that writes down what it learns."""

    def __init__(self, byte_order: str) -> None:
        super().__init__(byte_order=byte_order)
        self.written: list[tuple[str, int, str]] = []

    def learn(self, what: str, number: int, name: str) -> None:
        self.written.append((what, number, name))


def families_taught(raw: Raw, frames: Frames, frame: Array, number: Array) -> list[Learnt]:
    """The families that nlctrl's answers and notifications in these frames name."""
    found: list[Learnt] = []
    answers = (frames.protocol[frame] == NETLINK.GENERIC) & (number == NLCTRL)
    for index in np.unique(frame[answers]).tolist():
        notebook = Notebook("big" if frames.big[index] else "little")
        walk(bytes(raw.buffer[int(frames.at[index]) : int(frames.end[index])]), notebook)
        found += [Learnt(index, *line) for line in notebook.written if line[0] == "genl"]
    return found


class Turns:
    """Names of family ids within one block, frame by frame."""

    def __init__(self, context: Context, learnt: list[Learnt], later: Later) -> None:
        self._context = context
        self._before = dict(context.names["genl"])
        self._later = later
        self._told: dict[int, list[tuple[int, str]]] = {}
        for one in learnt:
            self._told.setdefault(one.number, []).append((one.frame, one.name))

    def name(self, number: int, frame: int) -> str | None:
        """What an id stands for in a frame; that frame's own messages count."""
        fixed = self._context.fixed.get("genl", {}).get(number)
        if fixed:
            return fixed
        told = [name for at, name in self._told.get(number, ()) if at <= frame]
        if told:
            return told[-1]
        return self._before.get(number) or self._later.name(number)
