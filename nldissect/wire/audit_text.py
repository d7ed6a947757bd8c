"""Kinds of log lines: text in which some words are key=value."""

from __future__ import annotations

import contextlib
import re
from socket import inet_ntop
from typing import Any

from nldissect.errors import FieldError
from nldissect.escapes import escaped

from .addresses import AF_INET, AF_INET6, HOST_INET6
from .kind import Decode
from .text import KeyValues

Pair = tuple[str, Any]
"""A key and its text; a quoted text that holds pairs is a list of them."""

_STAMP = re.compile(r"audit\(([\d.]+):(\d+)\): ?")
_KEY = re.compile(r"(?:(?<=[\s,(])|^)([A-Za-z_][\w.\-\[\]]*)=")
_HEX = re.compile(r"(?:[0-9A-F]{2})+")
AF_UNIX = 1
_ARGUMENT = re.compile(r"a\d+(\[\d+\])?")


class LogLine(KeyValues):
    """A record of the audit subsystem: `audit(TIME:SERIAL): key=value key="value" msg='key=value ...'`.

    hexed       keys, separated by blanks, whose texts the kernel prints as hexadecimal digits where they have blanks,
                quotes or other than ASCII (audit_log_untrustedstring)
    arguments   a0, a1 and so on are such keys, too
    addresses   keys, separated by blanks, whose texts are a struct sockaddr in hexadecimal digits

    The value is a list of pairs: "text" is the whole line, the only pair that is encoded; then come timestamp, serial
    and the keys of the line, including those inside quotes.
    """

    def __init__(
        self,
        number: int | None = None,
        hexed: str = "",
        *,
        arguments: bool = False,
        addresses: str = "",
        **options: Any,
    ) -> None:
        super().__init__(number, **options)
        self.addresses = frozenset(addresses.split())
        self.hexed = frozenset(hexed.split())
        self.arguments = arguments

    def decoder(self, order: str) -> Decode:
        def decode(data: bytes, start: int, end: int) -> Any:
            try:
                text = data[start:end].decode()
            except UnicodeDecodeError:
                return data[start:end]
            return [("text", text.rstrip("\n\0")), *_flat(self.pairs(text))]

        return decode

    def encode(self, value: Any, order: str) -> bytes:
        value = self.accept(value)
        if isinstance(value, bytes):
            return value
        match value:
            case []:
                return b""
            case [("text", str(text)), *_]:
                with contextlib.suppress(UnicodeEncodeError):
                    return text.encode()
        raise FieldError(f"{self.name}: {value!r} is no line of text")

    def accept(self, value: Any) -> Any:
        return self.decoder("<")(value.encode(), 0, len(value.encode())) if isinstance(value, str) else value

    def shown(self, value: Any) -> str:
        """Return the line without its timestamp and serial, with hexadecimal texts decoded."""
        if isinstance(value, bytes) or not value:
            return super().shown(value)
        text = _STAMP.sub("", value[0][1], count=1)
        first = _KEY.search(text)
        words = escaped(" ".join((text if first is None else text[: first.start()]).split()))
        pairs = self.pairs(text)
        return " ".join([*filter(None, [words]), *(f"{key}={_written(item)}" for key, item in pairs)])

    def json(self, value: Any) -> Any:
        if isinstance(value, bytes) or not value:
            return super().json(value)
        return {"text": value[0][1], "fields": _object(self.pairs(value[0][1]))}

    def pairs(self, text: str) -> list[Pair]:
        """Return the pairs of a line; the text of a quoted list of pairs is a list of pairs."""
        stamp = _STAMP.match(text)
        if stamp is None:
            return self._pairs(text)
        return [("timestamp", stamp[1]), ("serial", stamp[2]), *self._pairs(text[stamp.end() :])]

    def _pairs(self, text: str, quoted: bool = False) -> list[Pair]:
        text = text.rstrip("\n\0")
        found: list[Pair] = []
        key = _KEY.search(text)
        while key is not None:
            value, at = self._value(key[1], text, key.end(), quoted)
            following = _KEY.search(text, at)
            words = text[at : following.start() if following is not None else len(text)].strip(" ,\n")
            if words and isinstance(value, str):
                value = f"{value} {words}"
            found.append((key[1], value))
            key = following
        return found

    def _value(self, key: str, text: str, at: int, quoted: bool) -> tuple[Any, int]:
        """Return the value of a key, which begins at `at`, and the offset where it ends.

        The value is text, or the list of the pairs in single quotes; quotes within quotes are not parsed.
        """
        quote = text[at : at + 1]
        close = text.find('"', at + 1) if quote == '"' else text.rfind("'", at + 1) if quote == "'" else -1
        if close > 0:
            inside = text[at + 1 : close]
            return (quote == "'" and not quoted and self._pairs(inside, quoted=True)) or inside, close + 1
        end = at
        while end < len(text) and not text[end].isspace():
            end += 1
        return self._plain(key, text[at:end].rstrip(",")), end

    def _plain(self, key: str, text: str) -> str:
        """Return the text of a key, decoded where it is in hexadecimal; NULs between arguments become blanks."""
        if key in self.addresses and _HEX.fullmatch(text):
            return _address(bytes.fromhex(text)) or text
        if key in self.hexed or (self.arguments and _ARGUMENT.fullmatch(key)):
            if _HEX.fullmatch(text):
                raw = bytes.fromhex(text).rstrip(b"\0").replace(b"\0", b" ")
                try:
                    plain = raw.decode()
                except UnicodeDecodeError:
                    return text
                if plain.replace("\n", " ").replace("\t", " ").isprintable():
                    return plain
        return text


def _address(raw: bytes) -> str | None:
    """Return a struct sockaddr of AF_INET, AF_INET6 or AF_UNIX as text; None for other families."""
    family, port = sum(raw[:2]), int.from_bytes(raw[2:4], "big")  # one of these bytes is 0, whatever the host's order
    if family == AF_INET and len(raw) >= 8:
        return f"{inet_ntop(AF_INET, raw[4:8])}:{port}"
    if family == AF_INET6 and len(raw) >= 24:
        return f"[{inet_ntop(HOST_INET6, raw[8:24])}]:{port}"
    if family != AF_UNIX or len(raw) < 3:
        return None
    path = raw[2:].replace(b"\0", b"@", 1) if raw[2] == 0 else raw[2:].partition(b"\0")[0]
    text = path.decode("utf-8", "replace")
    return text if text.isprintable() and "\ufffd" not in text else None


def _flat(pairs: list[Pair]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in pairs:
        found += [(key, value)] if isinstance(value, str) else _flat(value)
    return found


def _written(value: Any) -> str:
    if isinstance(value, str):
        return escaped(value)
    return "(" + " ".join(f"{key}={_written(item)}" for key, item in value) + ")"


def _object(pairs: list[Pair]) -> Any:
    made = [(key, value if isinstance(value, str) else _object(value)) for key, value in pairs]
    return dict(made) if len(dict(made)) == len(made) else [list(pair) for pair in made]
