"""HTML elements. Text is escaped here and nowhere else: only what this module returns is markup, any str is text."""

from __future__ import annotations

import html
from dataclasses import dataclass

from nldissect.escapes import visible

VOID = {"meta"}
"""Elements that hold nothing and have no end tag (HTML, "Void elements")."""
SHAPES = {"line", "path", "rect"}
"""Elements of SVG that close themselves where they hold nothing."""
RAW_TEXT = {"style"}
"""Elements whose text a browser takes as it stands, without character references (HTML, "Raw text elements")."""


@dataclass(frozen=True, slots=True)
class Markup:
    """HTML, made by the functions of this module alone."""

    text: str


DOCTYPE = Markup("<!doctype html>")
NEWLINE = Markup("\n")
NO_BREAK_SPACE = Markup("&nbsp;")


class Unquoted(str):
    """An attribute's value that is written without quotes: letters, digits and dashes."""

    def __new__(cls, text: str) -> Unquoted:
        """ValueError for a text that needs quotes."""
        if not text.replace("-", "").isalnum():
            raise ValueError(f"{text!r} needs quotes")
        return super().__new__(cls, text)


def element(name: str, /, *children: str | Markup, **attributes: str | float | None) -> Markup:
    """Return an element with its children in order: text, which is escaped, and markup, which stays.

    `class_` is the attribute class, `text_anchor` is text-anchor. A str stands in quotes and escaped, a number and an
    Unquoted text without them; an attribute that is None is left out. ValueError for raw text that holds a "<".
    """
    start = name + "".join(_attribute(key, value) for key, value in attributes.items() if value is not None)
    if not children and name in VOID:
        return Markup(f"<{start}>")
    if not children and name in SHAPES:
        return Markup(f"<{start} />")
    inside = _raw_text(children) if name in RAW_TEXT else fragment(*children).text
    return Markup(f"<{start}>{inside}</{name}>")


def fragment(*children: str | Markup) -> Markup:
    """Return text, escaped, and markup one after the other, in no element of their own."""
    return Markup("".join(child.text if isinstance(child, Markup) else _escape(child) for child in children))


def _attribute(key: str, value: str | float) -> str:
    quoted = isinstance(value, str) and not isinstance(value, Unquoted)
    return f" {key.rstrip('_').replace('_', '-')}=" + (f'"{_escape(str(value))}"' if quoted else str(value))


def _escape(text: str) -> str:
    """Return text without markup, nor what a terminal acts on or a reader can't see."""
    return html.escape(visible(text))


def _raw_text(children: tuple[str | Markup, ...]) -> str:
    text = "".join(child for child in children if isinstance(child, str))
    if "<" in text or not all(isinstance(child, str) for child in children):
        raise ValueError("raw text can't hold markup")
    return text
