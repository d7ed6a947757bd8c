"""Objects as JSON text: by orjson if it is there and able, else Python's own, for larger numbers and odd text."""

from __future__ import annotations

import json
from typing import Any

from nldissect.escapes import is_visible, rewritten

try:
    import orjson
except ImportError:
    orjson = None  # type: ignore[assignment]


def encode(value: Any) -> str:
    """Return compact JSON on one line; what a terminal would act on, or hide, is escaped as control characters are."""
    text = _encoded(value)
    return text if is_visible(text) else rewritten(text, _escape)


def encode_alone(value: Any) -> str:
    """Return the JSON text of a part of a larger value.

    TypeError if that part decides how all the rest is written: orjson can't write it.
    """
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
