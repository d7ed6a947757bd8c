"""Standard input as a segmented capture, whose oldest segments are released to limit its size."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nldissect.capfile import LINUX_SLL2, Interface
from nldissect.capfile.continuation import description, whole_record
from nldissect.capfile.pcapng import is_pcapng
from nldissect.columns.blocks.message_type import MessageType
from nldissect.store.capture_file import CaptureFile
from nldissect.store.segmented import SegmentedCapture
from nldissect.terminal.colors import Piece
from nldissect.uapi import GENL_ID_CTRL
from nldissect.wire import NETLINK
from nldissect.wire.protocol import TO_KERNEL

from ..model.capture_model import CaptureModel
from .spool import Spool

TEACHING = 1 << 18
"""Maximum bytes of the frames that are repeated at the beginning of each further file; see _teaching."""


class PipedSession:
    """Control of the files of a spool, used in the thread that indexes them.

    forget   is called after a segment was released
    """

    def __init__(self, spool: Spool, store: CaptureModel, forget: Callable[[], object]) -> None:
        self.spool, self._store, self._forget = spool, store, forget
        self._seen: object = None
        self._cut: str | None = None

    def look(self) -> bool:
        """Continue in another file if the present one is large enough; return whether the state has changed."""
        capture = self._store.capture
        assert isinstance(capture, SegmentedCapture)
        last = capture.part(capture.files - 1)
        spool = self.spool
        if last.reader.cut is not None and not spool.over:
            spool.stop(f"damaged after {capture.records:,} records: {last.reader.cut.partition(': ')[2]}")
        elif spool.over and not capture.behind:
            self._cut = last.cut.removeprefix(f"{last.name}: ") if last.cut else None
        before, self._seen = self._seen, (capture.files, spool.over, spool.problem, self._cut)
        if spool.records and not spool.over and not capture.behind and last.reader.position >= spool.share:
            self._go_on(capture, last)
        return before != self._seen

    def _go_on(self, capture: SegmentedCapture, part: CaptureFile) -> None:
        position, records = part.reader.position, capture.records
        said = description(part.take, position)
        count = len(said) - 1 if is_pcapng(said[0]) else 1
        interfaces = part.interfaces[len(part.interfaces) - count :]
        teaching = _teaching(capture, part, interfaces, min(TEACHING, self.spool.share // 2))
        path = self.spool.go_on(position, b"".join([*said, *teaching]))
        capture.add_segment(path, records - len(teaching))
        capture.part(capture.files - 1).call(part.name)
        self._store.heads.append(len(teaching))
        while self._size(capture) > self.spool.room and capture.gone < capture.files - 1:
            capture.release(capture.gone + 1)
            self._forget()

    def _size(self, capture: SegmentedCapture) -> int:
        """Return the bytes of all files that were not released."""
        return sum(capture.part(number).size for number in range(capture.gone, capture.files))

    @property
    def pieces(self) -> list[Piece]:
        """Styled text of its state for the status line."""
        if self.spool.problem:
            return [("error", f" {self.spool.problem} ")]
        if self._cut:
            return [("warning", f" {self._cut} ")]
        return [("", " all has come " if self.spool.over else " more may come ")]


def _teaching(capture: SegmentedCapture, part: CaptureFile, interfaces: list[Interface], most: int) -> list[bytes]:
    """Return records of the last file that name generic families: the latest ones, of at most `most` bytes in all.

    interfaces   interfaces of the next file, in its order
    """
    places = {_key(one): place for place, one in enumerate(interfaces)}
    first = capture.begins(capture.files - 1)
    frames, messages = capture.frames, capture.messages
    start = int(messages["frame"].searchsorted(np.uint32(first)))
    tells = np.array([_tells(one) for one in capture.meanings] or [False])[messages["meaning"][start:]]
    found: list[bytes] = []
    size = 0
    for frame in reversed(np.unique(messages["frame"][start:][tells]).tolist()):
        interface = part.interfaces[int(frames["interface"][frame])]
        place = places.get(_key(interface))
        if place is None:
            continue
        moved = 4 if interface.linktype == LINUX_SLL2 else 0
        at, captured = int(frames["at"][frame]) - moved, int(frames["captured"][frame]) + moved
        data = whole_record(part.take, at, captured, interface.byte_order, place)
        size += len(data)
        if size > most:
            break
        found += [data] if data else []
    return found[::-1]


def _key(interface: Interface) -> tuple[object, ...]:
    """Return the properties that two interfaces must share for a record of one to be valid for the other."""
    return interface.name, interface.linktype, interface.byte_order, interface.decimals


def _tells(meaning: MessageType) -> bool:
    return meaning.protocol == NETLINK.GENERIC and meaning.number == GENL_ID_CTRL and meaning.direction != TO_KERNEL
