"""What a capture teaches about generic families: who has which id, from which frame on."""

from __future__ import annotations

from typing import Any

import numpy as np

from nldissect.wire import NETLINK, Context, Message, Nest, genlmsghdr
from nldissect.wire.attrs import split
from nldissect.wire.bindings import commands_of
from nldissect.wire.flags import TO_KERNEL
from nldissect.wire.frame import HEADER
from nldissect.wire.policy import POLICY, merged

from .block import DIRECTIONS, Learnt
from .opening import NLCTRL, Later
from .raw import Array, Raw, alike
from .scan import Frames, Messages


def families_taught(
    raw: Raw,
    frames: Frames,
    messages: Messages,
    number: Array,
    seq: Array,
    pid: Array,
    direction: Array,
    context: Context,
) -> list[Learnt]:
    """The families that nlctrl's answers and notifications in these frames name, and what is then known of policies."""
    known: dict[int, str] = {}
    called = dict(context.names["genl"])
    mine = (frames.protocol[messages.frame] == NETLINK.GENERIC) & (number == NLCTRL) & ~messages.bare
    requests = direction == DIRECTIONS.index(TO_KERNEL)
    found: list[Learnt] = []
    for index in mine.nonzero()[0].tolist():
        if requests[index]:
            context.trust.observe_request(int(seq[index]))
            continue
        frame = int(messages.frame[index])
        order = ">" if frames.big[frame] else "<"
        at, end = int(messages.at[index]) + HEADER, int(messages.end[index])
        bindings = commands_of("nlctrl", raw.buffer[at]) if end - at >= genlmsghdr.size_of else []
        if bindings and bindings[0].message.teaches is not None:
            data = bytes(raw.buffer[at + genlmsghdr.size_of : end])
            told = taught(bindings[0].message, data, order)
            if told is not None:
                what, family, text = told
                name = context.trust.name(family, text, called.get(family), int(seq[index]), int(pid[index]))
                if name is not None:
                    called[family] = name
                    found.append(Learnt(frame, what, family, name))
            words = bindings[0].message.tell_policy(data, order)
            if words is not None:
                known[words[0]] = merged(known.get(words[0]) or context.name(POLICY, words[0]), words[1])
                found.append(Learnt(frame, POLICY, words[0], known[words[0]]))
    return found


def taught(message: type[Message], data: bytes, order: str) -> tuple[str, int, str] | None:
    """What a body teaches (see Message.teaches), read from its fixed fields and outermost attributes alone."""
    if message.teaches is None:
        return None
    what, number, name = message.teaches
    values: dict[str, Any] = {}
    at = 0
    for field in message.fields_desc:
        kind = field.kind
        if isinstance(kind, Nest):
            for raw, start, end, _ in split(data, at, len(data), order, kind.inner.header)[0]:
                row = kind.inner.row(raw & kind.inner.header.mask)
                if row is not None and row.name in (number, name) and row.fits(end - start):
                    values.setdefault(row.name, row.decoder(order)(data, start, end))
        elif kind.size is None or at + kind.size > len(data):
            return None
        elif kind.name in (number, name):
            values[kind.name] = kind.decoder(order)(data, at, at + kind.size)
        at += kind.size or 0
    learnt, text = values.get(number), values.get(name)
    return (what, learnt, text) if isinstance(learnt, int) and learnt > 0 and isinstance(text, str) else None


class Turns:
    """Names of family ids within one block, frame by frame."""

    def __init__(self, context: Context, learnt: list[Learnt], later: Later) -> None:
        self._context = context
        self._before = dict(context.names["genl"])
        self._later = later
        self._told: dict[int, list[tuple[int, str]]] = {}
        self._policies: dict[int, list[tuple[int, str]]] = {}
        for one in learnt:
            table = self._policies if one.what == POLICY else self._told
            table.setdefault(one.number, []).append((one.frame, one.name))
        self._policy_before = dict(context.names.get(POLICY, {}))

    def names(self, number: int, frames: Array) -> list[tuple[str | None, Array]]:
        """What an id is called in some frames: its names, and the places of each one's frames. An id may change
        hands and come back.
        """
        begins = [at for at, _ in self._told.get(number, ())]
        found: dict[str | None, list[Array]] = {}
        for _, places in alike(np.searchsorted(begins, frames, side="right")):
            found.setdefault(self._name(number, int(frames[places[0]])), []).append(places)
        return [(name, np.concatenate(places)) for name, places in found.items()]

    def _name(self, number: int, frame: int) -> str | None:
        """What an id stands for in a frame; that frame's own messages count."""
        fixed = self._context.fixed.get("genl", {}).get(number)
        if fixed:
            return fixed
        told = [name for at, name in self._told.get(number, ()) if at <= frame]
        if told:
            return told[-1]
        return self._before.get(number) or self._later.name(number)

    def policy(self, number: int, frame: int) -> str | None:
        """What is known of a family's policy in a frame."""
        told = [words for at, words in self._policies.get(number, ()) if at <= frame]
        return told[-1] if told else self._policy_before.get(number)
