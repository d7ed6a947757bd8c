"""Requests of batches that were printed, for acknowledgements that come later."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from functools import cached_property

from nldissect.columns.requests.request_copy import SavedRequest
from nldissect.native.scanner import KEPT
from nldissect.sizes import SIZES


class KeptRequests:
    """The latest requests, as the scanner copied them; they are unpacked only when one is looked up."""

    def __init__(self) -> None:
        self._batches: deque[Batch] = deque()
        self._count = 0

    def add(self, copies: bytes, count: int, offset: int, spaces: Sequence[str]) -> None:
        """Keep the requests of a batch, and of earlier batches as many as may still be acknowledged.

        copies   `count` requests, see struct kept
        offset   offset of the window in the file
        spaces   network namespace of each source
        """
        if not count:
            return
        self._batches.append(Batch(copies, count, offset, spaces))
        self._count += count
        most = SIZES.kept_requests * len({*spaces})
        while self._count - self._batches[0].count >= most:
            self._count -= self._batches.popleft().count

    def find(self, space: str, ordinal: int) -> SavedRequest | None:
        """Return a request of a network namespace by its number; None if it is gone."""
        found = (batch.requests.get((space, ordinal)) for batch in reversed(self._batches))
        return next(filter(None, found), None)


class Batch:
    """The requests of one batch; see KeptRequests.add."""

    def __init__(self, copies: bytes, count: int, offset: int, spaces: Sequence[str]) -> None:
        self.count = count
        self._copies, self._offset, self._spaces = copies, offset, spaces

    @cached_property
    def requests(self) -> dict[tuple[str, int], SavedRequest]:
        """The requests by network namespace and number."""
        return {(one.space, ordinal): one for ordinal, one in self._requests()}

    def _requests(self) -> Iterator[tuple[int, SavedRequest]]:
        at = 0
        while at < len(self._copies):
            ordinal, frame_at, frame, captured, size, protocol, source, kind, big = KEPT.unpack_from(self._copies, at)
            at += KEPT.size
            data, space = self._copies[at : at + size], self._spaces[source]
            order = ">" if big else "<"
            yield ordinal, SavedRequest(frame, frame_at + self._offset, space, 0, data, captured, protocol, order, kind)
            at += -(-size // 8) * 8
