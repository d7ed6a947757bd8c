"""Kinds of numbers that people write in words: a subclass has the text, JSON and fields keep the number."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from .numbers import S32, U8, U32, Scalar


class Worded(Scalar):
    """A number whose subclass has the text for people; a summary prints nothing for 0."""

    silent: Container[int] = (0,)

    def shown(self, value: Any) -> str:
        return self.words(value) if isinstance(value, int) and value not in self.silent else super().shown(value)

    def words(self, value: int) -> str:
        """Return the number as people write it."""
        return hex(value)


class Worded8(Worded, U8):
    """Such a number of 1 byte."""


class Worded32(Worded, U32):
    """Such a number of 4 bytes."""


class WordedS32(Worded, S32):
    """Such a number of 4 bytes, signed."""
