"""Input lines that display control characters, on which a terminal would act, as escapes."""

from __future__ import annotations

from textual.widgets import Input

from nldissect.escapes import visible


class VisibleInput(Input):
    """An input line without invisible characters; in the texts of a filter an escape means the character itself."""

    def validate_value(self, value: str) -> str:
        """Escape also text that was not typed: a filter of the command line, of an earlier session, of a value."""
        return visible(value)

    def replace(self, text: str, start: int, end: int) -> None:
        """Replace a part of the text by what is typed or pasted, escaped."""
        super().replace(visible(text), start, end)
