"""The lines that are typed on: what a terminal would act on stands in them as an escape."""

from __future__ import annotations

from textual.widgets import Input

from nldissect.escapes import visible


class VisibleInput(Input):
    """Holds no character that is not seen. In the texts of a filter an escape means what it stands for."""

    def validate_value(self, value: str) -> str:
        """Also what was not typed: a filter of the command line, of an earlier session, of a value under the cursor."""
        return visible(value)

    def replace(self, text: str, start: int, end: int) -> None:
        """Put what is typed or pasted in the place of a part."""
        super().replace(visible(text), start, end)
