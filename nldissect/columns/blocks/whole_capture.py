"""What only a whole capture can tell: worked out in a pass of its own, when a field first asks for it.

What is found is kept as small columns beside the file, so that it is still read block by block afterwards. The module
that works something out says so in MAKERS, under the part of its fields' names before the dot.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from nldissect.capfile.reopenable import readable_twice
from nldissect.errors import NldissectError

if TYPE_CHECKING:
    from .block import Block

T = TypeVar("T")
MAKERS: dict[str, Callable[[WholeCapture], Any]] = {}


class WholeCapture:
    """One file as a whole.

    path       to read it from again
    name       what the user calls it
    families   ids of generic families the user fixed
    order      the byte order the user fixed, else None
    """

    def __init__(
        self, path: str, families: dict[int, str] | None = None, order: str | None = None, name: str | None = None
    ) -> None:
        self.path, self.families, self.order, self.name = path, families, order, name or path
        self._made: dict[str, Any] = {}
        self._growing: dict[Callable[[Any], Any], Any] = {}

    def of(self, what: str) -> Any:
        """What is known by this name, see MAKERS; NldissectError if the capture can't be read twice."""
        if what not in self._made:
            if not readable_twice(self.path):
                raise missing(what)
            self._made[what] = MAKERS[what](self)
        return self._made[what]

    def made(self, what: str) -> Any:
        """The same if it was worked out already, else None."""
        return self._made.get(what)

    @property
    def again(self) -> bool:
        """Whether the file can be read twice."""
        return readable_twice(self.path)

    def put(self, what: str, made: Any) -> None:
        """Give what was worked out elsewhere."""
        self._made[what] = made

    def growing(self, make: Callable[[WholeCapture], T]) -> T | None:
        """What keeps up with a file that grows by itself; None if the capture can't be read twice."""
        if make not in self._growing:
            self._growing[make] = make(self) if readable_twice(self.path) else None
        found: T | None = self._growing[make]
        return found

    def grows(self, make: Callable[[Any], Any]) -> bool:
        """Whether that was asked for before."""
        return make in self._growing

    def grown(self) -> WholeCapture:
        """The same file once it has more: what does not keep up has to be worked out again."""
        fresh = WholeCapture(self.path, self.families, self.order, self.name)
        fresh._growing = self._growing
        return fresh

    def blocks(self) -> Iterator[Block]:
        """All blocks of the file."""
        from ..block_reader import BlockReader

        source = BlockReader(self.path, self.families, self.order)
        yield from source.blocks()
        source.finish()


def finished(steps: Generator[Any, None, T]) -> T:
    """What comes of something that is worked out in steps, after all of them."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result


def missing(what: str) -> NldissectError:
    """What to say where there is no whole capture to look at."""
    return NldissectError(f"{what}.* needs the whole capture, which is read twice; save it to a file and read that")


def asked_of_whole(names: Iterable[str]) -> str | None:
    """The first of these fields that needs the whole capture, if there is one."""
    return next((name for name in names if name.lower().partition(".")[0] in MAKERS), None)
