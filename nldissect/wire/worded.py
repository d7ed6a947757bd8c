"""Numbers that people write in words: what a subclass makes of them is text, programs keep the number."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from .numbers import S32, U8, U32, Scalar


class Worded(Scalar):
    """A number whose subclass says how people write it; of 0 a summary says nothing."""

    silent: Container[int] = (0,)

    def shown(self, value: Any) -> str:
        return self.words(value) if isinstance(value, int) and value not in self.silent else super().shown(value)

    def words(self, value: int) -> str:
        """The number as people write it."""
        return hex(value)


class Worded8(Worded, U8):
    """In 1 byte."""


class Worded32(Worded, U32):
    """In 4 bytes."""


class WordedS32(Worded, S32):
    """Signed, in 4 bytes."""
