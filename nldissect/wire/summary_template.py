"""Summary templates: one line of text for a message, from its table alone.

    {IFLA_IFNAME}         the attribute of the message itself, if its set has that name; else the first field or
                          attribute of that name; {A.B} a B inside an A; {*.NAME} the first NAME anywhere
    {A|B|"text"}          the first that is there and not empty
    {A/B/C}               parallel lists, as the kind of the first prints them (see Conditions)
    {A%B}                 flags, those alone that the mask B has: set ones by name, others with a minus before it
    {NAME#}               number of elements
    {NAME*}               all values of that name at the depth of the first, joined by blanks
    {NAME+}               by its own template: that of its set or struct, else of each element in it
    {NAME~}               by the composer of the attribute, see composers.py; where there is none, as {NAME+}
    {NAME=} {NAME@}       the plain number of an interface index; its name alone, absent if no frame gave it one
    {?NAME} {!NAME}       prints nothing; in brackets: only if NAME is there, only if it is not
    {?NAME=VALUE}         the same of a value by name (AF_MPLS); also of nlmsg_type, and of `to`: kernel or user
    {?NAME&FLAG}          the same of a flag among others
    {?NAME==OTHER}        the same of two equal values
    [ ... ]               vanishes when a field in it is absent or empty: no flag set, *_UNSPEC, no interface
    [[ ]] {{ }}           the characters themselves

Enumerations and flags are printed by their short names, as `ip` does: RT_SCOPE_LINK is "link", IFF_UP is "UP".
Interface indexes are printed by the name that earlier frames gave them, else as "if3", like iproute2.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from nldissect.errors import TableError
from nldissect.escapes import escaped

from .bits import BitList
from .context import Context
from .enums import Flags, flag_list
from .kind import Kind
from .numbers import Scalar
from .rule_matches import Conditions
from .text import KeyValues, Text
from .units import brief_measure

_TOKEN = re.compile(r"\[\[|\]\]|\{\{|\}\}|\[|\]|\{[^{}]*\}|[^\[\]{}]+")

ABOUT = ("nlmsg_type", "to")
"""Names in conditions that are no field or attribute of the message itself."""

OF_ACK = ("attribute", "missing")
"""Names in templates for what an acknowledgement refers to in its request."""

ANYWHERE = "*."
"""Prefix of a name: its first occurrence anywhere in the message."""

SHOWN_THINGS = 8
"""Largest number of elements that `{NAME+}` prints."""

Part = str | tuple[str, ...] | list[Any]
"""Literal text, the alternatives of a field, or an optional group of parts."""

Find = Callable[[str], tuple[Kind, Any] | None]
"""A function that returns the kind and value of a name, None if it is absent; for `NAME*` the list of all values."""


@cache
def parse(template: str) -> list[Part]:
    """Return the parts of a template; TableError if its brackets do not match."""
    stack: list[list[Part]] = [[]]
    for token in _TOKEN.findall(template):
        if token == "[":
            stack.append([])
        elif token == "]":
            if len(stack) == 1:
                raise TableError(f"summary template: ']' without '[' in {template!r}")
            group = stack.pop()
            stack[-1].append(group)
        elif token.startswith("{") and token != "{{":
            stack[-1].append(tuple(token[1:-1].split("|")))
        else:
            stack[-1].append(token[0] if token in ("[[", "]]", "{{", "}}") else token)
    if len(stack) > 1:
        raise TableError(f"summary template: '[' without ']' in {template!r}")
    return stack[0]


def check_brackets(owner: str, template: str) -> None:
    """Raise TableError for a template of `owner` whose brackets or braces do not come in pairs."""
    for pair in ("[]", "{}"):
        if template.count(pair[0]) != template.count(pair[1]):
            raise TableError(f"{owner}: {pair[0]} and {pair[1]} do not come in pairs in the template {template!r}")


def fill(template: str, find: Find, context: Context | None) -> str:
    """Return the line of one message; `find` returns kind and value of a name."""
    return template_line(template, lambda name: field_text(name, find, context))


def template_line(template: str, field: Callable[[str], str | None]) -> str:
    """Return the line of a template; `field` returns the text of an alternative in braces."""
    return line_of(parse(template), field)


def line_of(parts: list[Part], field: Callable[[str], str | None]) -> str:
    """Return the line of the parts of a template."""
    return " ".join("".join(_fill(parts, field, False)[0]).replace("\0", "").split())


def _fill(parts: list[Part], field: Callable[[str], str | None], group: bool) -> tuple[list[str], bool]:
    """Return the texts of some parts, and whether all their fields have text; a group ends at one without."""
    texts: list[str] = []
    whole = True
    for part in parts:
        if isinstance(part, str):
            if part.startswith(":") and texts and ":" in texts[-1]:  # an IPv6 address before its port
                texts[-1] = f"[{texts[-1]}]"
            texts.append(part)
        elif isinstance(part, tuple):
            text = field(part[0]) if len(part) == 1 else next(filter(None, map(field, part)), None)
            if not text:
                if group:
                    return [], False
                whole = False
            texts.append(text or "")
        else:
            inner, complete = _fill(part, field, True)
            if complete:
                texts.extend(inner)
    return texts, whole


def field_text(name: str, find: Find, context: Context | None) -> str | None:
    """Return the text of one name in a template; None or "" where it is absent or empty."""
    if name.startswith('"'):
        return name.strip('"')
    if "/" in name:
        return _beside([find(one) for one in name.split("/")])
    if "%" in name:
        flags, mask = map(find, name.split("%"))
        return _masked(*flags, mask[1]) if flags is not None and mask is not None else None
    found = find(plain_name(name))
    if name[0] in "?!":
        holds = alike(found, find(other_name(name))) if "==" in name else _holds(name, found)
        return "\0" if holds == (name[0] == "?") else None
    if found is not None and name.endswith("*"):
        return " ".join(filter(None, (brief(found[0], value, context) for value in found[1])))
    if found is None:
        return None
    kind, value = found
    if name.endswith("#"):
        return str(len(value)) if isinstance(value, list) else None
    if name.endswith("="):
        return str(value) if value else None
    if name.endswith("@"):
        known = context.name(getattr(kind, "refers", None) or "", value) if context is not None else None
        return escaped(known) if known else None
    return brief(kind, value, context)


def _beside(lists: list[tuple[Kind, Any] | None]) -> str | None:
    """Return parallel lists as text; those after the first may be absent.

    None if a list, other than the last, did not decode: bytes are no list.
    """
    values = [None if one is None else one[1] for one in lists]
    kind = None if lists[0] is None else lists[0][0]
    if not isinstance(kind, Conditions) or any(isinstance(one, bytes) for one in values[:-1]):
        return None
    return kind.side_by_side(*values)


def _masked(kind: Kind, flags: Any, mask: Any) -> str | None:
    """Return the flags among those of a mask; all that are set if the mask has no bits or all of 32."""
    names = getattr(kind, "names", None)
    if names is None or not isinstance(flags, int) or not isinstance(mask, int):
        return None
    if mask in (0, 0xFFFF_FFFF):
        return brief(kind, flags, None)
    texts = []
    for name in flag_list(names, mask):
        number = names.numbers.get(name)
        short = names.short(name)
        on = flags & (int(name, 0) if number is None else number)
        texts.append(short if on else names.off.get(name) or f"-{short}")
    return ",".join(texts)


@cache
def plain_name(name: str) -> str:
    """Return a name of a template without the signs around it."""
    return name.strip("?!#=@+~").partition("=")[0].partition("&")[0]


def other_name(name: str) -> str:
    """Return the second name of a condition with ==."""
    return name.partition("==")[2]


def alike(one: tuple[Kind, Any] | None, other: tuple[Kind, Any] | None) -> bool:
    """Return whether two names are present and have the same value."""
    return one is not None and other is not None and one[1] == other[1]


def _holds(name: str, found: tuple[Kind, Any] | None) -> bool:
    """Return whether a name is present, with the value or flag that its condition asks for."""
    if found is None:
        return False
    flag, wanted = name.partition("&")[2], name.partition("=")[2]
    if flag:
        value = found[0].json(found[1])
        return isinstance(value, list) and flag in value
    return not wanted or wanted == str(found[0].json(found[1]))


def own_template(kind: Kind) -> str:
    """Return the template of the set or struct that a kind holds, "" if there is none."""
    held = getattr(kind, "message", None) if kind.shape == "fields" else None
    if kind.shape == "attrs" and getattr(kind, "known", False):
        held = kind.inner  # type: ignore[attr-defined]
    return str(getattr(held, "template", ""))


def shortened(lines: list[str]) -> str:
    """Return the lines of several elements as one line, of at most SHOWN_THINGS."""
    return ", ".join(lines[:SHOWN_THINGS] + ["..."] * (len(lines) > SHOWN_THINGS))


def brief(kind: Kind, value: Any, context: Context | None) -> str:
    """Return a value as a summary prints it: like `shown`, but without quotes, flag prefixes and hexadecimal noise."""
    if value.__class__ is int and isinstance(kind, Scalar):
        return _brief_number(kind, value, context)
    request = getattr(value, "type_name", None)
    if request is not None:
        return str(request)
    if isinstance(kind, BitList):
        return kind.brief(value)
    if isinstance(kind, Text):
        text = value.decode("utf-8", "replace").rstrip("\0") if isinstance(value, bytes) else str(value)
        return escaped(text)
    if isinstance(kind, Scalar) and isinstance(value, int):
        return _brief_number(kind, value, context)
    if isinstance(value, list) and value and not isinstance(value[0], (int, str)) and not isinstance(kind, KeyValues):
        return str(len(value))
    if value is True:
        return getattr(kind, "word", None) or kind.name
    return kind.shown(value)


def _brief_number(kind: Scalar, value: int, context: Context | None) -> str:
    if value in kind.silent:
        return ""
    if kind.refers is not None:
        known = context.name(kind.refers, value) if context is not None else None
        return escaped(known) if known else unnamed(kind, value) if value else ""
    if kind.names is not None and issubclass(kind.names, Flags):
        names, rest = kind.names.split(value)
        short = [kind.names.short(name) for name in names]
        return ",".join(short + ([hex(rest)] if rest else []))
    return short_name(kind, value)


def unnamed(kind: Scalar, value: int) -> str:
    """Return the text of a number that refers to something whose name is unknown."""
    name = kind.names.names.get(value) if kind.names is not None else None
    if kind.names is not None and name is not None:
        return kind.names.short(name).lower()
    return f"if{value}" if kind.refers == "interface" and value > 0 else kind.shown(value)


def short_name(kind: Scalar, value: int) -> str:
    """Return a number's constant without its prefix, in lower case; "" for *_UNSPEC."""
    name = kind.names.names.get(value) if kind.names is not None else None
    if kind.names is None or name is None:
        return kind.shown(value) if kind.measure is None else brief_measure(value, kind.measure)
    short = kind.names.short(name).lower()
    return "" if short == "unspec" else short
