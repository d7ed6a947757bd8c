"""Kind of the request inside an acknowledgement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from nldissect.uapi import nlmsg_align

from ..containers import Struct
from ..kind import SELECTORS
from ..protocol import NLM_F_ACK
from .nlmsghdr import nlmsghdr

SELECTORS.add("nlmsg_flags")


class Echo(Struct):
    """The request that is acknowledged: all of it, or only its header where the flags say CAPPED.

    Extended-ack attributes follow the whole request, aligned to 4, or its header (linux/netlink.h).
    """

    shape: ClassVar[str] = "message"

    def __init__(self, number: int | None = None, **options: Any) -> None:
        super().__init__(number, nlmsghdr, **options)

    def extent(self, values: Mapping[str, Any], data: bytes, at: int, end: int, order: str) -> int:
        flags = values.get("nlmsg_flags") or 0
        room = end - at
        if room < 16 or flags & NLM_F_ACK.CAPPED:
            return min(room, 16)
        if not flags & NLM_F_ACK.ACK_TLVS:
            return room
        length = int.from_bytes(data[at : at + 4], "little" if order == "<" else "big")
        return min(nlmsg_align(length), room) if length >= 16 else room
