"""Summary of a message, one line: its class's template filled in, or its first values if there is no template."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nldissect.escapes import escaped
from nldissect.wire import Context, Text
from nldissect.wire.composers import composed
from nldissect.wire.decode.acks import PriorRequest, ack_of
from nldissect.wire.decode.nodes import DecodedMessage, Node, find, find_all
from nldissect.wire.kind import Kind
from nldissect.wire.packets.message import generic, sealed
from nldissect.wire.protocol import TO_KERNEL, flag_names
from nldissect.wire.summary_template import (
    ABOUT,
    OF_ACK,
    brief,
    field_text,
    line_of,
    other_name,
    own_template,
    plain_name,
    shortened,
    template_line,
)
from nldissect.wire.template_nodes import needed_node, node_named, nodes_named, parts_with

from ..bytes_text import payload_brief
from ..names import command_of, message_name

SHOWN_FIELDS = 6
_TEXT = Text(None).named("text")


Found = tuple[Kind, Any] | None


class SummaryTexts:
    """The texts that a summary is made of."""

    def __init__(self, context: Context | None) -> None:
        self.context = context

    def field(self, name: str, found: Found) -> str | None:
        """Return the text of a template's name; `found` is its kind and value."""
        if name[-1] in "+~":
            return self.line(*found) if found is not None else None
        return field_text(name, lambda _: found, self.context)

    def same(self, name: str, one: Found, other: Found) -> str | None:
        """Return the text of a condition in a template that compares two values."""
        return field_text(name, {plain_name(name): one, other_name(name): other}.get, self.context)

    def line(self, kind: Kind, value: Any) -> str:
        """Return the text of a value that holds others: by its own template, else by those of the inner values."""
        if not isinstance(value, list):
            return brief(kind, value, self.context)
        template = own_template(kind)
        if template:
            return template_line(template, lambda name: self._inside(value, name))
        lines = [self.line(node.kind, node.value) for node in value if isinstance(node, Node)]
        return shortened(lines)

    def _inside(self, nodes: list[Node], name: str) -> str | None:
        if name.endswith("*"):
            every = find_all(nodes, name[:-1])
            return self.field(name, (every[0].kind, [node.value for node in every]) if every else None)
        if "==" in name:
            return self.same(name, *(_member(nodes, one) for one in (plain_name(name), other_name(name))))
        return self.field(name, _member(nodes, plain_name(name)))

    def part(self, node: Node) -> str:
        """Return a field or attribute of a message without template.

        Empty for what is hidden, an empty list, and a field that is 0 or empty.
        """
        if node.kind.hidden or node.value == [] or (node.number is None and node.value in (0, "")):
            return ""
        text = brief(node.kind, node.value, self.context) if not isinstance(node.value, DecodedMessage) else ""
        return node.name if text == node.name or not text else f"{node.name} {clipped(text)}"


def _member(nodes: list[Node], name: str) -> Found:
    node = find(nodes, name)
    return None if node is None else (node.kind, node.value)


def summary_of(walked: DecodedMessage, asked: PriorRequest | None = None) -> str:
    """Return the summary of a message, one line; `asked` is the request it acknowledges."""
    body = body_of(walked, asked, SummaryTexts(walked.context))
    return " ".join(filter(None, (_ahead(walked), body + _explained(walked), _behind(walked))))


def _explained(walked: DecodedMessage) -> str:
    """Return the tracepoint's text for a refusal that comes without a message of the kernel, else ""."""
    if (
        walked.tracepoint_text is None
        or not (ack := ack_of(walked))
        or ack.error >= 0
        or walked.find("NLMSGERR_ATTR_MSG")
    ):
        return ""
    return f": {escaped(walked.tracepoint_text)} (tracepoint)"


def _ahead(walked: DecodedMessage) -> str:
    if walked.has_header and walked.flags & 0x301 == 0x301:
        flags = flag_names(message_name(walked), walked.flags, walked.number)
        return "dump" if "NLM_F_MATCH" in flags else ""
    return ""


def _behind(walked: DecodedMessage) -> str:
    return "(dump interrupted)" if walked.has_header and walked.flags & 0x10 else ""


def body_of(walked: DecodedMessage, asked: PriorRequest | None, words: SummaryTexts) -> str:
    start, end = walked.undecoded_span
    if start < end:
        return f"{end - start} bytes" if walked.keyed else payload_brief(walked.data[start:end])
    message = walked.message
    if message in (None, generic, sealed):
        return _unknown(walked) if walked.layers else ""
    if message.template:
        nodes = nodes_named(walked, message.template)

        def field(name: str) -> str | None:
            needed = needed_node(name)
            node = nodes.get(needed)
            if needed and node is None:
                return None
            if node is not None and needed == name and not isinstance(node.value, DecodedMessage):
                return brief(node.kind, node.value, words.context)
            if "/" in name or "%" in name:
                return field_text(name, lambda one: _find(walked, asked, nodes, one), words.context)
            if "==" in name:
                both = (_find(walked, asked, nodes, one) for one in (plain_name(name), other_name(name)))
                return words.same(name, *both)
            text = _composed(walked, nodes, plain_name(name), words) if name.endswith("~") else None
            return words.field(name, _find(walked, asked, nodes, plain_name(name))) if text is None else text

        text = line_of(parts_with(message.template, nodes), field)
        if text or _ahead(walked):
            return text
    own = walked.layers and walked.layers[-1].name == message.__name__
    return _plain(walked.layers[-1], words) if own else ""


def _node(walked: DecodedMessage, nodes: dict[str, Node], name: str) -> Node | None:
    return node_named(walked, walked.message.template if walked.message is not None else "", nodes, name)


def _composed(walked: DecodedMessage, nodes: dict[str, Node], name: str, words: SummaryTexts) -> str | None:
    """Return the text that the composer of an attribute makes of it; None if it has none, or does not decode."""
    node = _node(walked, nodes, name)
    if node is None or not isinstance(node.value, list):
        return None
    header = {field.name: field.value for field in walked.layers[-1].value}
    raw = bytes(walked.data[node.start : node.end])
    return composed(node.kind, raw, walked.order, header, words.context or Context())


def _find(walked: DecodedMessage, asked: PriorRequest | None, nodes: dict[str, Node], name: str) -> Found:
    if name.endswith("*"):
        found = find_all(walked.layers, name[:-1])
        return (found[0].kind, [one.value for one in found]) if found else None
    if name in ABOUT:
        return (
            _TEXT,
            walked.type_name if name == "nlmsg_type" else "kernel" if walked.direction == TO_KERNEL else "user",
        )
    node = _node(walked, nodes, name)
    if node is not None:
        echo = node.value if isinstance(node.value, DecodedMessage) else None
        return (node.kind, node.value) if echo is None else (_TEXT, message_name(asked.request if asked else echo))
    ack = ack_of(walked, asked) if name in OF_ACK else None
    path = getattr(ack, name, None)
    return (_TEXT, path) if path else None


def _unknown(walked: DecodedMessage) -> str:
    """Return the summary of a generic message whose family or command no table knows, or that is only a header."""
    command = command_of(walked)
    bare = walked.message is None
    count = 0 if bare else sum(len(node.value) for node in walked.layers[-1].value if isinstance(node.value, list))
    attributes = f"{count} attribute{'s' * (count != 1)}"
    if walked.family is not None:
        return attributes if count else ""
    return f"family {walked.number:#x} cmd {command.value if command else '?'}, {attributes}"


def _plain(layer: Node, words: SummaryTexts) -> str:
    """Return the first fields and attributes of a message without a template."""
    parts: list[str] = []
    for node in _outer(layer):
        text = words.part(node)
        if not text:
            continue
        if len(parts) == SHOWN_FIELDS:
            parts.append("...")
            break
        parts.append(text)
    return " ".join(parts)


def _outer(layer: Node) -> Iterator[Node]:
    for node in layer.value:
        if node.kind.shape == "attrs" and node.number is None:
            yield from node.value
        else:
            yield node


def clipped(text: str, width: int = 40) -> str:
    """Return text cut to `width` characters."""
    return text if len(text) <= width else text[: width - 3] + "..."
