"""Follower of the files that a capture writes one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from nldissect.capfile import Reader, Record, follow, open_capture
from nldissect.errors import FileError

from .output_files import FileStart


class FileFollower:
    """Records of all files of a capture, numbered consecutively; the heads of later files are left out.

    path     of the first file that is still there
    let_go   records that were removed before they could be read
    """

    def __init__(self, files: Sequence[FileStart], ended: Callable[[], bool]) -> None:
        self._files, self._ended = files, ended
        self._place = 0
        self._taken = 0  # records, without heads
        self.let_go = 0
        self._reader = self._open()
        self.path = files[self._place].name

    def _open(self) -> Reader:
        while True:
            try:
                return open_capture(self._files[self._place].name)
            except FileError:
                if not self._more():
                    raise
                self._place += 1

    def _more(self) -> bool:
        """Return whether there is another file, so that this one is complete."""
        self._ended()  # reads the messages that have come
        return self._place + 1 < len(self._files)

    def __iter__(self) -> Iterator[Record]:
        first = True
        while True:
            made = self._files[self._place]
            self.let_go += made.before - self._taken
            self._taken = made.before
            shift = self._files[0].head + made.before - made.head
            for record in follow(self._reader, lambda: self._more() or self._ended()):
                if record.number > made.head:
                    self._taken += 1
                    yield record._replace(number=record.number + shift)
                elif first:
                    yield record
            self._reader.close()
            if not self._more():
                return
            first = False
            self._place += 1
            self._reader = self._open()
