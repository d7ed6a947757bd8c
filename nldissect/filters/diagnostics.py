"""Diagnostics: messages for usual mistakes, with the nearest names and how it is written here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from typing import TYPE_CHECKING

from nldissect.columns.fields.catalog import catalogue, field_locations, members
from nldissect.columns.fields.derived import ChoiceText, all_derived

from .constants import spellings
from .literals import LiteralMismatch

if TYPE_CHECKING:
    from nldissect.columns.fields.field import Field

    from .parser import Word


FEW = 6
"""Choices that are all named."""
WIRESHARK = {
    "netlink.hdr_len": "nlmsg_len", "netlink.hdr_type": "nlmsg_type", "netlink.hdr_flags": "nlmsg_flags",
    "netlink.hdr_seq": "nlmsg_seq", "netlink.hdr_pid": "nlmsg_pid", "netlink.family": "protocol",
    "netlink.hatype": "sll_hatype", "netlink.error": "error", "genl.cmd": "genlmsghdr.cmd",
    "genl.version": "genlmsghdr.version", "genl.family_id": "nlmsg_type", "frame.time_epoch": "frame.time",
    "frame.protocols": "protocol",
}  # fmt: skip
"""Fields of Wireshark's that have another name here; others are ours behind a dot."""


def unknown(word: Word) -> tuple[str, Word]:
    """Return the message for a word that names no field, and the word it is about."""
    text = word.text
    if text[:1] in "-.:/0123456789":
        return f'a field stands on the left, and "{text}" is none', word
    ours = _ours(text)
    if ours:
        return f'no field "{text}"; here it is "{ours}"', word
    if text.isupper() or "_" in text:
        constant = _constant_of(text)
        if constant:
            return f'"{text}" is a constant; write {constant} == {text}', word
    if (astray := _astray(text)) is not None:
        return astray, word
    near = _holding(text) or did_you_mean(text, _fields(), 0.8 if "." in text else 0.7) or _of_struct(text)
    near = near or '; "nldissect fields" lists them all'
    return f'no field "{text}"{near}', word


FIRST = ("IFLA_", "frame.", "process.", "exchange.", "IFA_", "RTA_", "NDA_")
"""What most captures hold: fields that begin so are offered first."""


def _holding(text: str) -> str:
    """Return fields of which the text is a word, "ifname" of IFLA_IFNAME, "time" of frame.time, as a sentence's end."""
    word = re.escape(text.lower())
    whole = re.compile(rf"(?:^|[._]){word}(?:$|[._])")
    part = re.compile(rf"(?:^|[._])\w?{word}")
    if len(text) < 3:
        return ""
    found = [name for name in _fields() if whole.search(name.lower())]
    found = found or [name for name in _fields() if part.search(name.lower())]
    order = {start: place for place, start in enumerate(FIRST)}

    def rank(name: str) -> tuple[bool, bool, int, int, str]:
        start = next((place for begin, place in order.items() if name.startswith(begin)), len(order))
        lower = name.lower()
        return not lower.endswith(f".{text.lower()}"), not lower.endswith(text.lower()), start, len(name), name

    near = [f'"{name}"' for name in sorted(found, key=rank)[:3]]
    return f"; did you mean {' or '.join(near)}?" if near else ""


def _ours(text: str) -> str | None:
    lower = text.lower()
    if lower in WIRESHARK:
        return WIRESHARK[lower]
    first, _, rest = lower.partition(".")
    last = rest.rpartition(".")[2]
    if (first.startswith("netlink") or first == "genl") and last.isidentifier() and field_locations(last):
        return catalogue().spelt.get(last, last)
    return None


def _astray(text: str) -> str | None:
    """Return the message for a path whose first steps lead somewhere, but not to the next; None for any other."""
    steps = text.split(".")
    known = next((count for count in range(len(steps) - 1, 0, -1) if field_locations(".".join(steps[:count]))), 0)
    if not known:
        return None
    holder = ".".join(steps[:known])
    inside = {member.name for place in field_locations(holder) for member, _ in members(place.kind)}
    return f'{holder} holds no "{steps[known]}"{did_you_mean(steps[known], inside)}'


def _of_struct(text: str) -> str:
    """Return a hint for a field after the name of its struct or set, which is no step of a path."""
    owner, _, last = text.rpartition(".")
    known = owner and any(place.owner and place.owner.__name__ == owner for place in field_locations(last))
    return f'; did you mean "{last}"?' if known else ""


def _constant_of(text: str) -> str | None:
    """Return the header field that a type or command is a value of."""
    from nldissect.columns.fields.header_fields import COMMAND, TYPE

    from .constants import constants

    if constants(TYPE, text):
        return "nlmsg_type"
    return "genlmsghdr.cmd" if constants(COMMAND, text) else None


def _fields() -> Iterable[str]:
    return {**{one.name: None for one in all_derived()}, **dict.fromkeys(catalogue().spelt.values())}


def hint(mismatch: LiteralMismatch, field: Field) -> str:
    """Return a hint of the nearest constants of a field."""
    if mismatch.word is None:
        return ""
    choices = [one for kind in field.kinds if isinstance(kind, ChoiceText) for one in kind.choices]
    if choices:
        near = did_you_mean(mismatch.word, choices) if len(choices) > FEW else ""
        return near or f"; it is one of {', '.join(choices)}"
    return did_you_mean(mismatch.word, {name for kind in field.kinds for name in spellings(kind)})


def did_you_mean(word: str, known: Iterable[str], cutoff: float = 0.7) -> str:
    """Return the nearest names as the end of a sentence; empty if none is near."""
    spelt = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), spelt, 3, cutoff)
    ratios = [SequenceMatcher(None, word.lower(), name).ratio() for name in found]
    near = [f'"{spelt[name]}"' for name, ratio in zip(found, ratios, strict=True) if ratio > ratios[0] - 0.03]
    return f"; did you mean {' or '.join(near)}?" if near else ""
