"""Every error a user can cause or meet, as one tree.

NldissectError            what happened, then what to do, on one line
|-- FileError             a file can't be opened, is no capture, or has the wrong link type
|-- CaptureError          no device, no module, no privilege, wrong interface
|-- FieldError            an unknown name, or a value that does not fit its field
|-- FilterError           a filter that can't be understood; on three lines, the last marks the place
`-- TableError            a mistake in a family's table, raised when it is imported
"""


class NldissectError(Exception):
    """Base of all errors meant for the user; `str(error)` is one line for stderr."""


class FileError(NldissectError):
    """A file can't be opened, is no capture, or has a link type nldissect does not read."""


class CaptureError(NldissectError):
    """Capturing can't start or go on: device, module, privilege or interface."""


class FieldError(NldissectError):
    """An unknown field or constant name, or a value that does not fit its field."""


class TableError(NldissectError):
    """A family's table contradicts itself; names the set and the number."""


class FilterError(NldissectError):
    """A filter that can't be understood, or that asks what its fields can't answer.

    message   what is wrong, and what to do, on one line
    text      the filter; what is wrong stands from `at` to `end`
    """

    def __init__(self, message: str, text: str, at: int, end: int | None = None) -> None:
        self.message, self.text, self.at = message, text, at
        self.end = at + 1 if end is None else end
        line = "".join(one if one.isprintable() else " " for one in text)
        super().__init__(f"{message}\n  {line}\n  {' ' * at}{'^' * (self.end - at)}")
