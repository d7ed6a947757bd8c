"""Every error a user can cause or meet, as one tree.

NldissectError            what happened, then what to do, on one line
|-- FileError             a file can't be opened, is no capture, or has the wrong link type
|-- CaptureError          no device, no module, no privilege, wrong interface
|-- FieldError            an unknown name, or a value that does not fit its field
|-- SpecError             a YNL specification that can't be understood; says where
|-- FilterError           a filter that can't be understood; on three lines, the last marks the place
|-- ExpressionError       an expression that can't be read; on three lines, the last marks the place
|-- NetlinkError          a socket can't be used, or the kernel refused a request; `errno` says why
|   |-- Overrun           the kernel dropped messages for a socket that was read too slowly
|   |-- Interrupted       what was dumped changed meanwhile; `messages` holds what came
|   `-- Unanswered        no answer, or not all of it, in time
|-- NotRecorded         a fake kernel was asked what its capture has not; says what the nearest request differs in
`-- TableError            a mistake in a family's table, raised when it is imported
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from .escapes import is_visible, visible


class NldissectError(Exception):
    """Base of all errors meant for the user; `str(error)` is one line for stderr, safe on any screen."""

    def __str__(self) -> str:
        return visible(super().__str__())


class FileError(NldissectError):
    """A file can't be opened, is no capture, or has a link type nldissect does not read."""


class CaptureError(NldissectError):
    """Capturing can't start or go on: device, module, privilege or interface."""


class FieldError(NldissectError):
    """An unknown field or constant name, or a value that does not fit its field."""


class SpecError(NldissectError):
    """A YNL specification that can't be understood; names file and place."""


class TableError(NldissectError):
    """A family's table contradicts itself; names the set and the number."""


class NotRecorded(NldissectError):
    """A fake kernel was asked what its capture has not; says what the nearest recorded request differs in."""


class _PointedError(NldissectError):
    """A message and a text, on three lines, the last of which marks what is wrong with the text from `at` to `end`."""

    def __init__(self, message: str, text: str, at: int, end: int) -> None:
        line = "".join(one if is_visible(one) else " " for one in text)
        super().__init__(f"{visible(message)}\n  {line}\n  {' ' * at}{'^' * (end - at)}")

    def __str__(self) -> str:
        return Exception.__str__(self)


class FilterError(_PointedError):
    """A filter that can't be understood, or that asks what its fields can't answer.

    message   what is wrong, and what to do, on one line
    text      the filter; what is wrong stands from `at` to `end`
    """

    def __init__(self, message: str, text: str, at: int, end: int | None = None) -> None:
        self.message, self.text, self.at = visible(message), text, at
        self.end = at + 1 if end is None else end
        super().__init__(message, text, at, self.end)


class ExpressionError(_PointedError):
    """An expression that can't be read, or whose values do not fit.

    message   what is wrong, on one line
    text      the line of the expression where it is; what is wrong stands from `at` to `end`
    """

    def __init__(self, message: str, text: str, at: int, end: int) -> None:
        self.message, self.text, self.at, self.end = visible(message), text, at, end
        first, last = max(at - _BESIDE, 0), min(at + 2 * _BESIDE, len(text))
        ahead, behind = "..." * (first > 0), "..." * (last < len(text))
        start = len(ahead) + at - first
        line = ahead + text[first:last] + behind
        super().__init__(message, line, start, start + max(min(end, last) - at, 1))


_BESIDE = 50
"""Characters of a long line that are shown before what is wrong."""


class NetlinkError(NldissectError):
    """A socket can't be used, or the kernel refused a request.

    errno       the error number, positive
    text        the kernel's own words (extended ack), or ""
    attribute   path of the attribute of the request the kernel points at, or None
    missing     path of the attribute the kernel asks for, or None
    request     the message that was refused, as sent, or None
    answer      the message that says so, or None
    messages    what had come before, where that is part of an answer
    """

    def __init__(
        self,
        message: str,
        errno: int,
        *,
        text: str = "",
        attribute: str | None = None,
        missing: str | None = None,
        request: Any = None,
        answer: Any = None,
        messages: Sequence[Any] = (),
    ) -> None:
        super().__init__(message)
        self.errno, self.text, self.attribute, self.missing = errno, text, attribute, missing
        self.request, self.answer, self.messages = request, answer, messages


class Overrun(NetlinkError):
    """The kernel dropped messages for a socket that was read too slowly; recv() goes on with what came after."""


class Interrupted(NetlinkError):
    """What was dumped changed meanwhile: `messages` may lack things or have them twice."""


class Unanswered(NetlinkError):
    """No answer, or not all of it, in time; `messages` holds what came."""


def print_notice(notice: str | NldissectError) -> None:
    """Print what is to be said to standard error, harmless whatever names stand in it."""
    print(f"nldissect: {visible(notice) if isinstance(notice, str) else notice}", file=sys.stderr)
