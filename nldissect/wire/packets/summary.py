"""Summary lines of Scapy messages: look-up of a template's names in a packet."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..composers import composed
from ..context import Context
from ..kind import Kind
from ..summary_template import (
    ABOUT,
    ANYWHERE,
    brief,
    field_text,
    fill,
    own_template,
    plain_name,
    shortened,
    template_line,
)
from ..template_names import own_names
from ..text import KeyValues, Text


def packet_summary(packet: Any) -> str:
    """Return the line of a Scapy message."""
    find, context = partial(find_in_packet, packet), packet._env.context

    def field(name: str) -> str | None:
        if name[-1] not in "+~":
            return field_text(name, find, context)
        text = _composed(packet, plain_name(name)) if name.endswith("~") else None
        if text is not None:
            return text
        found = find(plain_name(name))
        return _line(*found, context) if found is not None else None

    return template_line(packet.template, field)


def _composed(packet: Any, name: str) -> str | None:
    """Return the text that a composer makes of an attribute after the message's header; None if it makes none."""
    lists = (value for value in packet.fields.values() if isinstance(value, list))
    attr = next((item for items in lists for item in items if getattr(item, "name", "") == name), None)
    if attr is None or not isinstance(attr.value, list):
        return None
    header = {field.kind.name: packet.getfieldval(field.name) for field in packet.fields_desc}
    return composed(attr.row, attr.payload_bytes(), packet._env.order, header, packet._env.context or Context())


def _line(kind: Kind, value: Any, context: Context | None) -> str:
    """Return the text of a value by the template of its set or struct, or of each element by its own."""
    if kind.shape == "list":
        packets = [packet for packet in value if getattr(packet, "template", "")]
        lines = [fill(packet.template, partial(_find_in, _members(packet)), context) for packet in packets]
        return shortened(lines)
    members = _inner((kind, value))
    if not members:
        return brief(kind, value, context)
    template = own_template(kind)
    if template:
        return fill(template, partial(_find_in, members), context)
    return shortened([_line(*member, context) for member in members])


Member = tuple[Kind, Any]

OWN_DEPTH = 2
"""Levels of a packet that are its own: its fields, and the attributes after them."""


def find_in_packet(packet: Any, path: str) -> Member | None:
    """Return kind and value of the first field or attribute of a name, outer before inner; `A.B`: a B inside an A."""
    if path in ABOUT:
        about = {"to": packet._scope.get("to"), "nlmsg_type": getattr(packet.underlayer, "type_name", None)}[path]
        return (Text().named(path), about) if about is not None else None
    own = path in own_names(type(packet), packet.template)
    path = path.removeprefix(f"{type(packet).__name__}.").removeprefix(ANYWHERE)
    return _find_in(_members(packet), path, OWN_DEPTH if own else None)


def _find_in(members: list[Member], path: str, depth: int | None = None) -> Member | None:
    """Return kind and value for a name or path among some members and inside them."""
    return _find_all(members, path[:-1]) if path.endswith("*") else _find(members, path, depth)


def _find_all(level: list[Member], name: str) -> Member | None:
    while level:
        found = [member for member in level if member[0].has_name(name)]
        if found:
            return found[0][0], [value for _, value in found]
        level = [inner for member in level for inner in _inner(member)]
    return None


def _find(level: list[Member], path: str, depth: int | None = None) -> Member | None:
    """Return the first member to which a path leads, outer before inner; `depth`: levels to search, None for all."""
    first, _, rest = path.partition(".")
    while level and depth != 0:
        for member in level:
            if member[0].has_name(first):
                found = _inside(member, rest) if rest else member
                if found is not None:
                    return found
        level = [inner for member in level for inner in _inner(member)]
        depth = None if depth is None else depth - 1
    return None


def _members(packet: Any) -> list[Member]:
    """Return the fields of a message, or an attribute itself."""
    row = getattr(packet, "row", None)
    if row is not None:
        return [(row.resolve(packet._scope), packet.getfieldval("value"))]
    fields = [field for field in getattr(packet, "fields_desc", ()) if hasattr(field, "kind")]
    there = [field for field in fields if field.name not in packet._missing]
    return [(field.kind.resolve(packet._scope), packet.getfieldval(field.name)) for field in there]


def _inner(member: Member) -> list[Member]:
    value = member[1]
    return [inner for packet in (value if isinstance(value, list) else [value]) for inner in _members(packet)]


def _inside(member: Member, path: str) -> Member | None:
    """Return the member to which a path leads inside a member; the path may be a key of KeyValues."""
    if isinstance(member[0], KeyValues) and isinstance(member[1], list):
        return next(((Text().named(key), text) for key, text in member[1] if key == path), None)
    return _find(_inner(member), path)
