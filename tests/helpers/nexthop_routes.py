"""Routes with next hops."""

from __future__ import annotations

from tests.helpers.messages import attribute, frame, message


def hop(*attributes: bytes, flags: int = 0, hops: int = 0, dev: int = 0) -> bytes:
    """struct rtnexthop and its attributes."""
    body = b"".join(attributes)
    return (8 + len(body)).to_bytes(2, "little") + bytes([flags, hops]) + dev.to_bytes(4, "little") + body


def route(*hops: bytes, family: int = 2) -> bytes:
    """RTM_NEWROUTE with RTA_MULTIPATH: a frame."""
    return frame(0, message(24, bytes([family, *[0] * 11]) + attribute(9, b"".join(hops))))
