"""Mutated frames of the shipped captures, and a set of attributes in itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nldissect.wire import U32, Attrs, AttrSet, Message, Nest, bind_message
from tests.helpers import captures
from tests.helpers.paths import CAPTURES


@cache
def corpus() -> list[bytes]:
    """A few frames of every capture, of every size."""
    frames: list[bytes] = []
    for path in sorted(CAPTURES.glob("*.pcap")):
        frames.extend(sorted(set(captures.frames(path.name)), key=len)[:-1:7])
    return [frame for frame in frames if len(frame) < 8000]


@st.composite
def mutants(draw: st.DrawFn) -> bytes:
    """A real frame with some bytes changed, a run copied elsewhere, or its end cut off."""
    frames = corpus()
    raw = bytearray(frames[draw(st.integers(0, len(frames) - 1))])
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(raw) - 1))
        raw[at] = draw(st.sampled_from([0, 1, 3, 4, 5, 0x7F, 0x80, 0xFF]) | st.integers(0, 255))
    if draw(st.booleans()):
        start, target = draw(st.integers(0, len(raw) - 1)), draw(st.integers(16, max(16, len(raw))))
        run = raw[start : start + draw(st.integers(1, 64))]
        raw[target : target + len(run)] = run
    if draw(st.booleans()):
        del raw[draw(st.integers(0, len(raw))) :]
    return bytes(raw) or b"\0"


EXAMPLES = int(os.environ.get("NLDISSECT_EXAMPLES", "300"))


QUICK = settings(
    max_examples=EXAMPLES, derandomize=EXAMPLES == 300, deadline=None, suppress_health_check=list(HealthCheck)
)


def damaged(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test on lists of such frames (`frames`), fewer than of single ones."""
    count = max(EXAMPLES // 6, 1)
    few = settings(
        max_examples=count, derandomize=EXAMPLES == 300, deadline=None, suppress_health_check=list(HealthCheck)
    )
    return few(given(frames=st.lists(mutants(), min_size=1, max_size=40))(test))


class LOOP(AttrSet):
    """A set that holds itself."""

    AGAIN = Nest(1, "self")
    END = U32(2)


class looping(Message):
    """A message of type 17 of a protocol that the kernel has not, 30."""

    fields_desc = [Attrs("attrs", LOOP)]


bind_message(looping, 30, LOOPING=17)
