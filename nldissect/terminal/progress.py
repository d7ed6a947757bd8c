"""A progress bar on standard error, for work that takes longer than a moment and whose user is looking."""

from __future__ import annotations

import os
import stat
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from nldissect.capfile.byte_source import is_packed
from nldissect.sizes import SIZES

if TYPE_CHECKING:
    import rich.progress


class Progress:
    """A progress bar: `with Progress(path) as progress: ... progress.at(bytes_done)`.

    The path "-" or a pipe has no length to compare with. Bytes of several files count together.

    printing   the work prints while it runs: no bar then where standard output is the same terminal
    """

    def __init__(self, *paths: str, printing: bool = True) -> None:
        lengths = [*map(_length, paths)]
        self.total = None if None in lengths else sum(filter(None, lengths))
        self.wanted = sys.stderr.isatty() and not (printing and _one_terminal())
        self._next = time.monotonic() + SIZES.bar_patience
        self._bar: rich.progress.Progress | None = None

    def at(self, done: int) -> None:
        """Show that `done` bytes of the files are done; cheap, so it may be called often."""
        if not self.wanted or (now := time.monotonic()) < self._next:
            return
        self._next = now + SIZES.bar_pause
        if self._bar is None:
            self._bar = _bar(self.total)
        self._bar.update(self._bar.task_ids[0], completed=done)
        self._bar.refresh()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wanted = False
        if self._bar is not None:
            self._bar.stop()


def _bar(total: int | None) -> rich.progress.Progress:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TimeRemainingColumn

    console = Console(stderr=True, no_color=True if os.environ.get("NO_COLOR") else None)
    columns = [BarColumn(), TimeRemainingColumn()] if total else [SpinnerColumn("line")]
    bar = Progress(
        *columns[:1],
        DownloadColumn(),
        *columns[1:],
        console=console,
        transient=True,
        auto_refresh=False,
        redirect_stdout=False,  # what is printed goes where the user sent it
    )
    bar.add_task("", total=total)
    bar.start()
    return bar


def _length(path: str) -> int | None:
    """Return the number of bytes that will be read; None if unknown, as for packed files."""
    try:
        about = os.stat(0 if path == "-" else path)
        if not stat.S_ISREG(about.st_mode):
            return None
        if path == "-":
            return about.st_size
        packed = is_packed(path)
    except OSError:
        return None
    return None if packed else about.st_size


def _one_terminal() -> bool:
    """Return whether standard output and standard error are the same terminal."""
    try:
        return sys.stdout.isatty() and os.path.sameopenfile(sys.stdout.fileno(), sys.stderr.fileno())
    except (OSError, ValueError):
        return sys.stdout.isatty()
