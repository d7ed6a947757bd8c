"""Filter texts built from a line of the tree, a column or a message; each matches the message it was built from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from nldissect.errors import FilterError
from nldissect.filters import Filter, compile_filter
from nldissect.filters.tokenizer import is_literal, quoted
from nldissect.render.field_cells import CellFormat
from nldissect.render.field_rows import Extractor, field_named
from nldissect.render.names import command_of, message_name, protocol_name
from nldissect.wire import DecodedMessage, Kind, Node
from nldissect.wire.attr_set import TableVersion
from nldissect.wire.packets.bindings import MESSAGES
from nldissect.wire.packets.message import Message
from nldissect.wire.selectors import fixed_prefix

from ..model.capture_model import CaptureModel, MessageEntry
from ..model.table_loading import turn
from ..model.tree_lines import TreeItem

ROUTES = ("RTA_OIF", "RTA_IIF", "IFLA_LINK", "IFLA_MASTER", "NDA_MASTER")
"""Attributes that name an interface, in addition to header fields."""


def of_item(item: TreeItem, entry: MessageEntry) -> str | None:
    """Return a filter on a line of the tree: on its value, else on the presence of the field; None if there is none."""
    if item.path[0] == "frame":
        return f"frame.number == {entry.number}"
    if item.path == ("message",):
        return of_type(entry)
    if item.node is None and item.name in ("nlmsg_type", "nlmsghdr"):
        return of_type(entry)
    texts = texts_of_node(item.node) if item.node is not None else _texts_of_line(item)
    steps = [step for step in item.path if step.replace("_", "").isalnum()]
    names = [".".join(steps[-count:]) for count in range(1, min(len(steps), 4) + 1)]
    return _first(names, texts, entry)


def of_field(name: str, entry: MessageEntry) -> str | None:
    """Return a filter on a column of the list; None if there is none."""
    if name in ("summary", "nlmsg_type"):
        return of_type(entry)
    if name == "frame.time":
        name = "frame.number"
    field = field_named(name)
    return _first([name], Extractor([], CellFormat()).of(field)(entry.situation), entry)


def of_title(protocol: int, title: str) -> str | None:
    """Return a filter on messages of a protocol with this title in lists, by the first field of their body."""
    titled = [one for same in MESSAGES.get(protocol, {}).values() for one in same if one.title]
    mine = next((one for one in titled if one.title == title), None)
    if mine is None:
        return None
    field = f"{mine.message.__name__}.{mine.message.fields_desc[0].name}"
    others = [f"not {field} == {one.first[0]}" for one in titled if one.first and not mine.first]
    tests = [f"{field} == {value}" for value in mine.first] or others
    return " and ".join([f"protocol == {protocol_name(protocol) or protocol}", *tests])


def of_type(entry: MessageEntry) -> str | None:
    """Return a filter on all messages of this name; for an error, on those with this error number."""
    walked = entry.walked
    name = protocol_name(walked.protocol) or str(walked.protocol)
    found: list[str] = []
    if not walked.has_header:
        found.append(f"protocol == {name}")
    elif (command := command_of(walked)) is not None:
        called = message_name(walked)
        family = f"genlmsghdr.family == {quoted(walked.family)}" if walked.family else f"nlmsg_type == {walked.number}"
        found += [f"genlmsghdr.cmd == {called}"] * is_literal(called)
        found.append(f"{family} and genlmsghdr.cmd == {command.value}")
    else:
        found += _errors(entry)
        found += [titled] if (titled := of_title(walked.protocol, walked.title)) is not None else []
        found += [f"nlmsg_type == {walked.type_name}", f"protocol == {name} and nlmsg_type == {walked.number}"]
    return next((text for text in found if holds(text, entry)), None)


def _errors(entry: MessageEntry) -> Iterator[str]:
    error = entry.walked.layers[0].value[0] if entry.walked.type_name == "NLMSG_ERROR" and entry.walked.layers else None
    if isinstance(error, Node) and isinstance(error.value, int) and error.value:
        yield f"error == {error.kind.shown(error.value).removeprefix('-').partition(' ')[0]}"
        yield f"error == {-error.value}"


def of_port(entry: MessageEntry, store: CaptureModel) -> str | None:
    """Return a filter on messages from and to one port id; None without nlmsghdr.

    Many requests have no port id: it is taken from the answer with the same sequence number.
    """
    walked = entry.walked
    if not walked.has_header:
        return None
    name = protocol_name(walked.protocol) or str(walked.protocol)
    if walked.pid:
        return f"protocol == {name} and nlmsg_pid == {walked.pid}"
    port = store.port_of(entry)
    mine = f"nlmsg_seq == {walked.seq}" if walked.seq else "nlmsg_pid == 0"
    return f"protocol == {name} and ({mine} or nlmsg_pid == {port})" if port else f"protocol == {name} and {mine}"


def of_interface(entry: MessageEntry, store: CaptureModel) -> str | None:
    """Return a filter on the message's interface in headers and attributes; None if it names none by number."""
    node = next(_interfaces(entry.walked), None)
    if node is None:
        return None
    index = node.value
    classes = dict.fromkeys(one.message for one in store.capture.meanings if one.message is not None)
    own = [] if node.number is None else [node.kind.name]
    headers = dict.fromkeys(f"{one.__name__}.{name}" for one in classes for name in _interface_fields(one))
    return " or ".join(
        text
        for name in dict.fromkeys([*headers, *ROUTES, *own])
        if understood(text := f"{name} == {index}") is not None
    )


def _interfaces(walked: DecodedMessage) -> Iterator[Node]:
    level = list(walked.layers)
    while level:
        for node in level:
            if getattr(node.kind, "refers", None) == "interface" and isinstance(node.value, int) and node.value > 0:
                yield node
        level = [
            inner for node in level if isinstance(node.value, list) for inner in node.value if isinstance(inner, Node)
        ]


def _interface_fields(message: type[Message]) -> Iterator[str]:
    for kind, start, end in fixed_prefix(message, "<", TableVersion.version)[1]:
        if end - start == 4 and getattr(kind, "refers", None) == "interface":
            yield kind.name


def both(before: str, text: str) -> str:
    """Return the conjunction of two filters, with parentheses where needed."""
    return f"{_held(before)} and {_held(text)}" if before else text


def without(before: str, text: str) -> str:
    """Return the first filter without the messages that match the second."""
    return f"{_held(before)} and not ({text})" if before else f"not ({text})"


def _held(text: str) -> str:
    return f"({text})" if " or " in text or "||" in text else text


def _first(names: Iterable[str], texts: Iterable[str], entry: MessageEntry) -> str | None:
    """Return the first comparison that matches the message, else a test for the field's presence; None if none does."""
    known = list(names)
    values = list(texts)
    for name in known:
        for text in values:
            for literal in literals(text):
                if holds(found := f"{name} == {literal}", entry):
                    return found
    return next((name for name in known if holds(name, entry)), None)


def literals(text: str) -> Iterator[str]:
    """Yield the literals by which a value may be written."""
    if text and not text.isspace():
        if is_literal(text):
            yield text
        yield quoted(text)


def texts_of_node(node: Node) -> Iterator[str]:
    kind: Kind = node.kind
    if kind.secret or kind.shape != "leaf" or isinstance(node.value, (list, DecodedMessage)):
        return
    yield kind.shown(node.value)
    if isinstance(node.value, (int, str)) and not isinstance(node.value, bool):
        yield str(node.value)
    if isinstance(node.value, bytes) and len(node.value) <= 64:
        yield node.value.hex()
        yield node.value.hex(":")


def _texts_of_line(item: TreeItem) -> Iterator[str]:
    """Yield the texts of a field of nlmsghdr after its name, the number in parentheses first."""
    text = "".join(text for _, text in item.pieces).partition(": ")[2]
    shown, _, number = text.partition(" (")
    if number:
        yield number.rstrip(")")
    yield shown


def holds(text: str, entry: MessageEntry) -> bool:
    """Return whether a text is a valid filter that matches a message."""
    found = understood(text)
    return found is not None and found.holds(entry.situation)


@lru_cache(maxsize=64)
def understood(text: str) -> Filter | None:
    """Return the compiled filter; None if the text is not valid."""
    try:
        with turn():
            return compile_filter(text)
    except FilterError:
        return None
