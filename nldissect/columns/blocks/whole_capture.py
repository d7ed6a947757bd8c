"""Second passes: results that need the whole capture, computed when a field first needs them.

Results are small columns kept in addition to the file, so that it is still read block by block afterwards. A module
that computes a result registers it in PASSES, under the part of its fields' names before the dot.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from nldissect.capfile.reopenable import readable_twice
from nldissect.errors import NldissectError

if TYPE_CHECKING:
    from ..block_reader import BlockReader
    from .block import Block

T = TypeVar("T")
PASSES: dict[str, Callable[[WholeCapture], Any]] = {}


class WholeCapture:
    """One file as a whole, and the results of second passes over it.

    path       to read it from again
    name       as shown to the user
    families   ids of generic families the user fixed
    order      the byte order the user fixed, else None
    progress   called with the offset in the file that a second pass has reached, after each block; None: nobody watches
    """

    def __init__(
        self, path: str, families: dict[int, str] | None = None, order: str | None = None, name: str | None = None
    ) -> None:
        self.path, self.families, self.order, self.name = path, families, order, name or path
        self.progress: Callable[[int], None] | None = None
        self._made: dict[str, Any] = {}
        self._growing: dict[Callable[[Any], Any], Any] = {}

    def result(self, what: str) -> Any:
        """Return the result of this name (see PASSES), computed on first use.

        NldissectError if the capture can't be read twice.
        """
        if what not in self._made:
            if not readable_twice(self.path):
                raise no_second_pass(what)
            self._made[what] = PASSES[what](self)
        return self._made[what]

    def cached(self, what: str) -> Any:
        """Return the result if it was computed already, else None."""
        return self._made.get(what)

    @property
    def again(self) -> bool:
        """True if the file can be read twice."""
        return readable_twice(self.path)

    def set(self, what: str, made: Any) -> None:
        """Store a result that was computed elsewhere."""
        self._made[what] = made

    def live_result(self, make: Callable[[WholeCapture], T]) -> T | None:
        """Return a result that follows a growing file by itself, made on first use; None if it can't be read twice."""
        if make not in self._growing:
            self._growing[make] = make(self) if readable_twice(self.path) else None
        found: T | None = self._growing[make]
        return found

    def grows(self, make: Callable[[Any], Any]) -> bool:
        """Return whether `growing` was called with `make` before."""
        return make in self._growing

    def reopened(self) -> WholeCapture:
        """Return the same file after it has grown: only results that follow it by themselves are kept."""
        fresh = WholeCapture(self.path, self.families, self.order, self.name)
        fresh._growing = self._growing
        return fresh

    def reader(self) -> BlockReader:
        """Return a reader of the whole file."""
        from ..block_reader import BlockReader

        source = BlockReader(self.path, self.families, self.order)
        source.progress = self.progress
        return source

    def blocks(self) -> Iterator[Block]:
        """Yield all blocks of the file."""
        source = self.reader()
        yield from source.blocks()
        source.finish()


def run_to_end(steps: Generator[Any, None, T]) -> T:
    """Run all steps of a generator; return its result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result


def no_second_pass(what: str) -> NldissectError:
    """Return the error for a result that needs the whole capture where there is none."""
    return NldissectError(f"{what}.* needs the whole capture, which is read twice; save it to a file and read that")


def second_pass_field(names: Iterable[str]) -> str | None:
    """Return the first of these fields that needs the whole capture, None if none does."""
    return next((name for name in names if name.lower().partition(".")[0] in PASSES), None)
