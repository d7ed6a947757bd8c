"""Values as the text of a cell: what `-T fields` and `-T csv` print, with the options of -E."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from nldissect.errors import NldissectError
from nldissect.escapes import escaped
from nldissect.wire.decode.nodes import Node
from nldissect.wire.kind import Kind

_SEPARATORS = {"/t": "\t", "/s": " "}
_OPTIONS = ("header", "separator", "occurrence", "aggregator", "quote")
_VALUES = {"header": ("y", "n"), "occurrence": ("f", "l", "a"), "quote": ("d", "s", "n")}
_QUOTES = {"d": '"', "s": "'", "n": ""}


class CellFormat(NamedTuple):
    """The format of cells and lines.

    header       the first line names the fields
    separator    between cells; aggregator between several values of one cell
    occurrence   "f" the first value of a field, "l" the last, "a" all
    quote        around every cell; doubled inside it
    csv          quotes where a cell needs them (RFC 4180)
    """

    header: bool = False
    separator: str = "\t"
    occurrence: str = "a"
    aggregator: str = ","
    quote: str = ""
    csv: bool = False

    def cell(self, texts: list[str]) -> str:
        """Return the values of one field of one message as one cell."""
        return self.quoted(self.joined(texts))

    def joined(self, texts: list[str]) -> str:
        """Return the values of one field of one message as one cell without quotes."""
        if len(texts) > 1:
            texts = texts[:1] if self.occurrence == "f" else texts[-1:] if self.occurrence == "l" else texts
            return self.aggregator.join(texts)
        return texts[0] if texts else ""

    def quoted(self, text: str) -> str:
        """Return a cell with the quotes it needs."""
        quote = self.quote
        if self.csv and not quote:
            quote = '"' if '"' in text or self.separator in text or "\n" in text or "\r" in text else ""
        return f"{quote}{text.replace(quote, quote * 2)}{quote}" if quote else text

    def line(self, cells: Iterable[str]) -> str:
        """Return one line, its end included."""
        return self.separator.join(cells) + "\n"


def cell_format(form: str, options: list[str]) -> CellFormat:
    """Return the format of `-T fields` or `-T csv` with these -E options; NldissectError if one makes no sense."""
    values: dict[str, Any] = {"header": True, "separator": ",", "csv": True} if form == "csv" else {}
    for option in options:
        name, _, value = option.partition("=")
        if name not in _OPTIONS:
            raise NldissectError(f"-E {option}: known are {', '.join(_OPTIONS)}, like header=y")
        if name in _VALUES and value not in _VALUES[name]:
            raise NldissectError(f"-E {option}: {name} is one of {', '.join(_VALUES[name])}")
        if name == "header":
            values[name] = value == "y"
        elif name == "quote":
            values[name] = _QUOTES[value]
        else:
            values[name] = _SEPARATORS.get(value, value)
            if name != "occurrence" and not values[name]:
                raise NldissectError(f"-E {option}: give a character, or /t for a tab, /s for a space")
    return CellFormat(**values)


def text_of(kind: Kind, value: Any, secrets: bool = False) -> str:
    """Return one value as programs read it: names of constants, addresses, plain numbers; nests as JSON."""
    if kind.shape != "leaf":
        from .json_objects import value_of
        from .json_text import encode

        return encode(value_of(Node(kind, 0, 0, value), secrets))
    if kind.secret:
        return value.hex() if secrets and isinstance(value, bytes) else kind.shown(value)
    return flat(kind.json(value))


def flat(value: Any) -> str:
    """Return a value of JSON as the text of a cell."""
    if isinstance(value, str):
        return escaped(value)
    if value is True:
        return "true"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return escaped("|".join(value)) or "0"
    if isinstance(value, dict) and value.keys() == {"text", "bytes"}:
        return escaped(value["text"])
    from .json_text import encode

    return encode(value)
