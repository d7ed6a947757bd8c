"""Bytes without key material: zeros stand where keys are, or may be."""

from __future__ import annotations

from collections.abc import Iterable

from nldissect.wire import Frame, Walked


def without_keys(walked: Walked) -> bytes:
    """The bytes of a message's frame with zeros for the keys of the message."""
    return _without(walked.data, walked.secret_spans())


def frame_without_keys(frame: Frame) -> bytes:
    """The bytes of a frame with zeros for the keys of all its messages."""
    return _without(frame.data, (span for walked in frame.messages for span in walked.secret_spans()))


def _without(data: bytes, spans: Iterable[tuple[int, int]]) -> bytes:
    found = list(spans)
    if not found:
        return data
    out = bytearray(data)
    for start, end in found:
        out[start:end] = bytes(end - start)
    return bytes(out)
