"""Sources of frames without a device, for the capture loop."""

from __future__ import annotations

import io
import os

from nldissect.capfile import Record, open_capture
from nldissect.capture.source import OnFrame, Origin

TIME = 1763930784_636504000


class Fake:
    """Gives frames by batches, one batch a read. Like a ring it is readable while it holds a batch."""

    origins = (Origin("fake"),)
    late = 0

    def __init__(self, *batches: list[bytes], received: int | None = None, dropped: int = 0) -> None:
        self.batches = list(batches)
        self.received = sum(map(len, batches)) + dropped if received is None else received
        self.dropped = dropped
        self._out, self._into = os.pipe()
        os.set_blocking(self._out, False)
        if batches:
            os.write(self._into, b"x" * len(batches))

    def fileno(self) -> int:
        return self._out

    def more(self, batch: list[bytes]) -> None:
        self.batches.append(batch)
        os.write(self._into, b"x")

    def read(self, take: OnFrame) -> int:
        if not self.batches:
            return 0
        os.read(self._out, 1)
        batch = self.batches.pop(0)
        for number, data in enumerate(batch):
            take(TIME + 1000 * number, len(data) + 5, data)
        return len(batch)

    def counts(self) -> tuple[int, int]:
        return self.received, self.dropped

    def close(self) -> None:
        os.close(self._out)
        os.close(self._into)


def written(stream: io.BytesIO) -> list[Record]:
    return list(open_capture(io.BytesIO(stream.getvalue())))


def stopped() -> int:
    """A file that is readable from the start."""
    out, into = os.pipe()
    os.write(into, b"x")
    os.close(into)
    return out
