"""Objects as JSON text: orjson where it is and can, else Python's own, which knows larger numbers and odd text."""

from __future__ import annotations

import json
from typing import Any

from nldissect.escapes import is_visible, rewritten

try:
    import orjson
except ImportError:
    orjson = None  # type: ignore[assignment]


def encode(value: Any) -> str:
    """Compact JSON on one line; what a terminal would act on, or hide, is escaped as control characters are."""
    text = _encoded(value)
    return text if is_visible(text) else rewritten(text, _escape)


def encode_alone(value: Any) -> str:
    """The text of a part of a larger value; TypeError where that part decides how all the rest is written."""
    if orjson is None:
        return encode(value)
    text = orjson.dumps(value).decode()
    return text if is_visible(text) else rewritten(text, _escape)


def _encoded(value: Any) -> str:
    if orjson is not None:
        try:
            return orjson.dumps(value).decode()
        except TypeError:  # an integer beyond 64 bits, or text that is no Unicode
            pass
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)


def _escape(character: str) -> str:
    return "\\u007f" if character == "\x7f" else json.dumps(character)[1:-1]  # DEL is ASCII to json
