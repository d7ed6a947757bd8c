"""Chain of records in a pcap, guessed and verified: each record gives the offset of the next.

A cooked header of nlmon begins with packet type 4 and ARPHRD_NETLINK. Where these four bytes occur, a record may begin
16 bytes before; it does begin there if the record before it ends there. So no guess is used unverified.
"""

from __future__ import annotations

from array import array

import numpy as np

from nldissect.capfile.records import ByteOrder
from nldissect.uapi import ARPHRD_NETLINK
from nldissect.wire.protocol import PACKET

HEAD = 16
_SIGN = (PACKET.OUTGOING.to_bytes(2, "big"), ARPHRD_NETLINK.to_bytes(2, "big"))
MAGIC = int.from_bytes(b"".join(_SIGN), "little")


def chain(buffer: bytearray, start: int, end: int, order: ByteOrder) -> tuple[array[int], int]:
    """Return the offsets of frames in whole records, as far as guesses hold, and of the first unsure record."""
    base = start & 3
    words = np.frombuffer(buffer, "<u4", (end - base) // 4, base)
    guesses = (words == MAGIC).nonzero()[0] * 4 + base - HEAD
    guesses = guesses[np.searchsorted(guesses, start) :]
    if not len(guesses) or guesses[0] != start:
        return array("q"), start
    lengths = words if order == "little" else words.view(">u4")
    following = guesses + HEAD + lengths[(guesses + 8 - base) >> 2]
    wrong = (following[:-1] != guesses[1:]).nonzero()[0]
    sure = int(wrong[0]) + 1 if len(wrong) else len(guesses)
    if following[sure - 1] > end:
        sure -= 1
    starts = array("q", (guesses[:sure] + HEAD).tobytes())
    return starts, int(following[sure - 1]) if sure else start
