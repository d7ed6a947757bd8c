"""The tree of errors that a user can cause or see.

NldissectError            the event, then the remedy, on one line
|-- FileError             a file can't be opened, is no capture, or has the wrong link type
|-- CaptureError          no device, no module, no privilege, wrong interface
|-- FieldError            an unknown name, or a value that does not fit its field
|-- SpecError             a YNL specification that can't be understood; names the place
|-- FilterError           a filter that can't be understood; on three lines, the last marks the place
|-- ExpressionError       an expression that can't be read; on three lines, the last marks the place
|-- NetlinkError          a socket can't be used, or the kernel refused a request; `errno` is the reason
|   |-- Overrun           the kernel dropped messages for a socket that was read too slowly
|   |-- Interrupted       dumped objects changed during the dump; `messages` holds the answers
|   `-- Unanswered        no answer, or not all of it, in time
|-- NotRecorded         a fake kernel got a request that its capture lacks; names the differences from the nearest
`-- TableError            a mistake in a family's table, raised when it is imported
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from .escapes import is_visible, visible


class NldissectError(Exception):
    """The base of all errors meant for the user; `str(error)` is one line for stderr, safe on any screen."""

    def __str__(self) -> str:
        return visible(super().__str__())


class FileError(NldissectError):
    """The error for a file that can't be opened, is no capture, or has a link type nldissect does not read."""


class CaptureError(NldissectError):
    """The error for a capture that can't start or continue: device, module, privilege or interface."""


class FieldError(NldissectError):
    """The error for an unknown field or constant name, or a value that does not fit its field."""


class SpecError(NldissectError):
    """The error for a YNL specification that can't be understood; names file and place."""


class TableError(NldissectError):
    """The error for a family's table that contradicts itself; names the set and the number."""


class NotRecorded(NldissectError):
    """The error for a request that a fake kernel's capture lacks; names the differences from the nearest one."""


class _PointedError(NldissectError):
    """An error with a message and a text, on three lines, of which the last marks the text from `at` to `end`."""

    def __init__(self, message: str, text: str, at: int, end: int) -> None:
        line = "".join(one if is_visible(one) else " " for one in text)
        super().__init__(f"{visible(message)}\n  {line}\n  {' ' * at}{'^' * (end - at)}")

    def __str__(self) -> str:
        return Exception.__str__(self)


class FilterError(_PointedError):
    """The error for a filter that can't be understood, or that asks for a test its fields do not have.

    message   the mistake and the remedy, on one line
    text      the filter; the mistake is from `at` to `end`
    """

    def __init__(self, message: str, text: str, at: int, end: int | None = None) -> None:
        self.message, self.text, self.at = visible(message), text, at
        self.end = at + 1 if end is None else end
        super().__init__(message, text, at, self.end)


class ExpressionError(_PointedError):
    """The error for an expression that can't be read, or whose values do not fit.

    message   the mistake, on one line
    text      the line of the expression with the mistake, from `at` to `end`
    """

    def __init__(self, message: str, text: str, at: int, end: int) -> None:
        self.message, self.text, self.at, self.end = visible(message), text, at, end
        first, last = max(at - _BESIDE, 0), min(at + 2 * _BESIDE, len(text))
        ahead, behind = "..." * (first > 0), "..." * (last < len(text))
        start = len(ahead) + at - first
        line = ahead + text[first:last] + behind
        super().__init__(message, line, start, start + max(min(end, last) - at, 1))


_BESIDE = 50
"""Characters of a long line that are shown before the mistake."""


class NetlinkError(NldissectError):
    """The error for a socket that can't be used, or for a request that the kernel refused.

    errno       the error number, positive
    text        the kernel's own text (extended ack), or ""
    attribute   path of the attribute of the request that the kernel points at, or None
    missing     path of the attribute that the kernel asks for, or None
    request     the message that was refused, as sent, or None
    answer      the message with the refusal, or None
    messages    the messages before it, where it is part of an answer
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
    """The error for messages that the kernel dropped as a socket was read too slowly; recv() continues after them."""


class Interrupted(NetlinkError):
    """The error for a dump during which objects changed: `messages` may lack some or have them twice."""


class Unanswered(NetlinkError):
    """The error for an answer that did not come in time, or not whole; `messages` holds its received part."""


def print_notice(notice: str | NldissectError) -> None:
    """Print a notice to standard error, with escapes for unprintable characters in names."""
    print(f"nldissect: {visible(notice) if isinstance(notice, str) else notice}", file=sys.stderr)
