"""Messages as plain dicts and lists, as `-T ndjson` prints them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nldissect.capfile import Interface
from nldissect.capfile.comments import losses
from nldissect.stream.frames import StreamFrame
from nldissect.wire import DecodedMessage, Nest, Node
from nldissect.wire.decode.acks import PriorRequest, ack_of
from nldissect.wire.protocol import flag_names

from .bytes_text import printable
from .names import message_name, protocol_name
from .origins.frame_source import source_object
from .summaries.summary import summary_of


def frame_objects(seen: StreamFrame, *, secrets: bool = False) -> list[dict[str, Any]]:
    """Return one object a message, keys in the order of the page "json"; a frame without any is an object too.

    secrets   show key material
    """
    record, frame = seen.record, seen.frame
    about = record.time_text, record.interface, frame.protocol
    objects = [
        place_object(seen.number, index, *about) | message_object(walked, asked, secrets=secrets)
        for index, walked, asked in seen.messages()
    ] or [place_object(seen.number, None, *about)]
    start, end = seen.trailing
    if start < end:
        add_trailing(objects[-1], frame.data[start:end], frame.keyed and not secrets)
    if not frame.messages:
        add_losses(objects[-1], record.comments)
    return objects


def add_losses(item: dict[str, Any], comments: Iterable[str]) -> None:
    """Add notes on what was lost before a frame to its object, for a frame that has no message to hold them."""
    notes = [{"severity": "error", "text": text, "offset": 0, "length": 0} for _, text in losses(comments)]
    if notes:
        item["notes"] = notes


def add_trailing(last: dict[str, Any], data: bytes, masked: bool) -> None:
    """Add the bytes after the last message of a frame to its object, before the notes.

    masked   only the number of bytes, if any is not zero
    """
    notes = last.pop("notes", None)
    last["trailing"] = {"secret": len(data)} if masked and any(data) else _rest(data)
    if notes:
        last["notes"] = notes


def place_object(number: Any, index: Any, time: str | None, interface: Interface, protocol: int) -> dict[str, Any]:
    """Return the object of a message's frame and place; `index` is its number there, None if there is no message."""
    place: dict[str, Any] = {"frame": number}
    if index is not None:
        place["message"] = index
    if time is not None:
        place["time"] = time
    place |= source_object(interface)
    if protocol >= 0:
        place["protocol"] = protocol_name(protocol) or protocol
    return place


def message_object(
    walked: DecodedMessage, asked: PriorRequest | None = None, *, secrets: bool = False
) -> dict[str, Any]:
    """Return the object of a message from its direction to its notes; `asked` is the request it acknowledges."""
    out: dict[str, Any] = {"direction": walked.direction}
    if walked.direction_known:
        out["direction_known"] = True
    if walked.has_header:
        if walked.end - walked.start < walked.length:
            out["captured"] = walked.end - walked.start
        out |= _header(walked)
    out["summary"] = summary_of(walked, asked)
    out |= _body(walked, asked, secrets)
    if walked.notes:
        out["notes"] = [
            {"severity": note.severity, "text": note.text, "offset": note.offset - walked.start, "length": note.length}
            for note in walked.notes
        ]
    return out


def _header(walked: DecodedMessage) -> dict[str, Any]:
    return {
        "nlmsg_len": walked.length,
        "nlmsg_type": walked.number if walked.type_name == str(walked.number) else walked.type_name,
        "nlmsg_flags": flag_names(message_name(walked), walked.flags, walked.number),
        "nlmsg_seq": walked.seq,
        "nlmsg_pid": walked.pid,
    }


def _body(walked: DecodedMessage, asked: PriorRequest | None, secrets: bool) -> dict[str, Any]:
    """Return the layers of a message, and the bytes that are in none."""
    out: dict[str, Any] = {}
    if walked.layers:
        out["layers"] = _layers(walked, asked, secrets)
    start, end = walked.undecoded_span
    if start < end:
        text = printable(walked.data[start:end])
        out["payload"] = {"undecoded": walked.data[start:end].hex()} if text is None else {"text": text}
        if walked.keyed and not secrets:
            out["payload"] = {"secret": end - start}
    if walked.cut_at is not None and not start < end and walked.cut_at < walked.end:
        masked = walked.keyed and not secrets
        rest = walked.data[walked.cut_at : walked.end]
        out["cut"] = {"secret": len(rest)} if masked else {"undecoded": rest.hex()}
    return out


def _layers(walked: DecodedMessage, asked: PriorRequest | None, secrets: bool) -> dict[str, Any]:
    out: dict[str, Any] = {}
    counts: dict[str, int] = {}
    ack = ack_of(walked, asked)
    for layer in walked.layers:
        value = value_of(layer, secrets, walked)
        if ack is not None and isinstance(value, dict):
            value |= {key: path for key in ("attribute", "missing") if (path := getattr(ack, key))}
            value |= {"tracepoint": walked.tracepoint_text} if walked.tracepoint_text and ack.error < 0 else {}
        out[_free(out, layer.name, counts)] = value
    return out


def value_of(node: Node, secrets: bool = False, walked: DecodedMessage | None = None) -> Any:
    """Return the JSON form of one node.

    walked   its message: adds the bytes after the numbers of attributes that are longer than their numbers
    """
    kind, value = node.kind, node.value
    if isinstance(value, DecodedMessage):
        return _header(value) | _body(value, None, secrets)
    if isinstance(kind, Nest) and isinstance(value, list):
        nodes = _with_surplus(value, walked)
        if kind.inner.sequence:
            return [{node.name: value_of(node, secrets, walked)} for node in nodes if not node.kind.hidden]
        return _elements(nodes, secrets, walked) if kind.inner.indexed else members(nodes, secrets, walked)
    if kind.shape == "fields" and isinstance(value, list):
        return members(value, secrets, walked)
    if kind.shape == "list" and isinstance(value, list):
        values = [value_of(item, secrets, walked) for item in value]
        return [{"leftover": one} if item.name == "leftover" else one for item, one in zip(value, values, strict=True)]
    if kind.secret and secrets and isinstance(value, bytes):
        return value.hex()
    return kind.json(value)


def _with_surplus(nodes: list[Node], walked: DecodedMessage | None) -> list[Node]:
    """Return the attributes of a message; one longer than its number is followed by a node of the other bytes."""
    if walked is None or all(node.value_end == node.end for node in nodes):
        return nodes
    pairs = ((node, walked.surplus(node)) for node in nodes)
    return [one for pair in pairs for one in pair if one is not None]


def members(nodes: list[Node], secrets: bool = False, walked: DecodedMessage | None = None) -> dict[str, Any]:
    """Return attributes or fields by name: a row declared `many` as a list, another that repeats as NAME#2."""
    out: dict[str, Any] = {}
    counts: dict[str, int] = {}
    for node in nodes:
        kind = node.kind
        if kind.hidden and not any(node.value):
            continue
        value = value_of(node, secrets, walked)
        if kind.many:
            out.setdefault(kind.name, []).append(value)
        else:
            out[_free(out, kind.name, counts)] = value
    return out


def _free(taken: dict[str, Any], name: str, counts: dict[str, int]) -> str:
    """Return a name that is not taken.

    counts   next suffix to try for each name: searching from the first would take long where many names are equal
    """
    if name not in taken:
        return name
    count = counts.get(name, 2)
    while f"{name}#{count}" in taken:
        count += 1
    counts[name] = count + 1
    return f"{name}#{count}"


def _elements(nodes: list[Node], secrets: bool, walked: DecodedMessage | None) -> list[Any]:
    """Return an array; the type of each attribute is its index, which is given where they are not 1, 2, 3 ..."""
    values = [
        {"leftover": value_of(node, secrets)} if node.number is None else value_of(node, secrets, walked)
        for node in nodes
    ]
    numbers = [node.number for node in nodes if node.number is not None]
    if numbers == list(range(1, len(numbers) + 1)):
        return values
    pairs = zip(nodes, values, strict=True)
    return [value if node.number is None else _numbered(node.number, value) for node, value in pairs]


def _numbered(number: int, value: Any) -> dict[str, Any]:
    if isinstance(value, dict) and "index" not in value:
        return {"index": number} | value
    return {"index": number, "value": value}


def _rest(data: bytes) -> dict[str, Any]:
    return {"undecoded": data.hex()} if any(data) else {"zeros": len(data)}
