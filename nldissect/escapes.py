"""Escapes for characters that a screen acts on or does not show.

visible(text)   any text that is printed, made harmless; visible text is unchanged
escaped(text)   a name from the wire: backslash and quote are escaped too, so that no two names look alike
"""

from __future__ import annotations

import re
from collections.abc import Callable
from unicodedata import category

_IGNORED = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
"""Letters and marks that str.isprintable() takes for printable, and that are drawn as nothing (Unicode's
Default_Ignorable_Code_Point)."""
MARKS = 3
"""Combining marks on one letter; every script's own need no more. Further ones are drawn over other lines."""
_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def is_visible(text: str) -> bool:
    """Return whether every character of a text is seen, and does nothing else on a screen."""
    if text.isascii() or not text.isprintable():
        return text.isprintable()
    return all(shown for _, shown in _characters(text))


def visible(text: str) -> str:
    """Return the text with escapes for characters that a screen acts on, or does not show: \\x1b, \\u202e."""
    return text if is_visible(text) else rewritten(text, escape)


def escaped(text: str) -> str:
    """Return a text from the wire, safe on any screen and between double quotes; no two texts are written alike."""
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return visible(text)


def rewritten(text: str, write: Callable[[str], str]) -> str:
    """Return the text with each character that is not seen replaced by the result of `write`."""
    return "".join(character if shown else write(character) for character, shown in _characters(text))


def escape(character: str) -> str:
    """Return a character as Python, C and the filter language write it."""
    return _SHORT.get(character) or character.encode("unicode_escape").decode()


def _characters(text: str) -> list[tuple[str, bool]]:
    """Return every character, and whether it is seen at its place: a combining mark needs a letter before it."""
    found = []
    marks = MARKS
    for character in text:
        if character.isascii():
            marks, shown = 0, character.isprintable()
        elif category(character) in ("Mn", "Me"):
            marks, shown = marks + 1, marks < MARKS and not _IGNORED.match(character)
        else:
            marks, shown = 0, character.isprintable() and not _IGNORED.match(character)
        found.append((character, shown))
    return found
