"""What a native core is told of messages besides their bytes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from struct import Struct as Codec
from typing import Any

from nldissect.escaping import escaped
from nldissect.index.meaning import Meaning, generic_meaning, typed_meaning
from nldissect.native.core import Core
from nldissect.native.loader import FORM_BESIDE, FORM_JSON, FORM_PART, FORM_PAYLOAD, FORM_TREE, TREE, Head
from nldissect.wire import Context, Kind, Node
from nldissect.wire.bindings import NLMSG_MIN_TYPE
from nldissect.wire.flags import (
    NETLINK,
    NLM_F,
    NLM_F_DUMP,
    NLMSG_DONE,
    NLMSG_ERROR,
    TO_KERNEL,
    TO_USER,
    direction_of,
    flag_names,
)
from nldissect.wire.frame import HEADER
from nldissect.wire.message import Message, generic, sealed
from nldissect.wire.nlmsg import genlmsghdr
from nldissect.wire.nodes import find
from nldissect.wire.policy import untold_words
from nldissect.wire.readers import State, reader
from nldissect.wire.secrets import is_keyed_protocol, may_carry_keys
from nldissect.wire.shapes import layer_kind
from nldissect.wire.summary import brief, field_text

from .jsontext import encode_alone
from .naming import protocol_name
from .objects import value_of
from .summary import payload_brief, printable
from .values import bytes_shown, shown

DUMP = 0x301
"""NLM_F_REQUEST and NLM_F_DUMP."""
PAYLOAD_BRIEF, PAYLOAD_TREE = 1, 2
"""enum payload_form: where bytes are shown that no layer describes; 0: as JSON."""
PEEKED = 5
"""Bytes of a generic message's body that decide what it is: its header and one more."""

Around = Callable[[Meaning, int, bool], dict[str, str]]
"""What stands around the bodies of messages of a meaning, with these flags, of a direction that was told or not."""


class Heads:
    """What a core is told of messages: what stands around their bodies, and texts of values that it asks for.

    around    gives texts of a head, all but `ahead`
    secrets   key material is shown: a tree with such is left to the caller
    """

    def __init__(self, core: Core, around: Around, secrets: bool) -> None:
        self.core, self.around, self.secrets = core, around, secrets

    def head(self, about: Meaning, flags: int, big: bool, told: bool, ahead: str) -> Head:
        """Return what stands around the bodies of messages; `ahead`: the text before."""
        program, message = self.core.program, about.message
        is_dump = flags & DUMP == DUMP and "NLM_F_MATCH" in flag_names(about.called, flags, about.number)
        is_unknown, is_generic = message in (generic, sealed), about.protocol == NETLINK.GENERIC
        fields: dict[str, Any] = {
            "selectors": (about.number, -1 if about.command is None else about.command, about.protocol, flags),
            "skip": about.skip, "to_kernel": about.direction == TO_KERNEL, "dump": is_dump, "big": big,
            "interrupted": bool(flags & NLM_F.DUMP_INTR), "odd": self.secrets and self.core.output == TREE,
            "unknown": (2 if about.family is None else 1) if is_unknown else 0,
            "keyed": may_carry_keys(about.protocol, about.number, about.family, message),
            "peek": PEEKED if is_generic else 1, "names_types": is_generic,
        }  # fmt: skip
        if message is not None:
            fields["layer"] = program.row(layer_kind(message))
            fields["template"] = program.templates.template(message, message.template)
        names = {"name": about.type_name, "called": escaped(about.called), "words": untold(about)}
        texts = {"ahead": ahead, **names, **self.around(about, flags, told)}
        for name, text in texts.items():
            fields[name], fields[f"{name}_size"] = program.pool.text(text)
        return Head(**fields)

    def echoed(
        self, family: Callable[[int, int], str | None], protocol: int, order: str, raw: bytes, at: int
    ) -> int | None:
        """Return the head of a message that an acknowledgement repeats, None if the core is to leave that.

        family   what the capture calls a generic family at a place
        raw      header and first bytes of the message, which stands at `at`
        """
        length, number, flags, seq, pid = Codec(f"{order}IHHII").unpack_from(raw)
        body, size = raw[HEADER:], length - HEADER
        direction = direction_of(protocol, number, flags, seq, pid)[0] or TO_USER
        if protocol == NETLINK.GENERIC and number >= NLMSG_MIN_TYPE:
            command = body[0] if len(body) >= genlmsghdr.size_of else None
            about = generic_meaning(number, direction, command, family(number, at))
        else:
            dump = flags & NLM_F_DUMP == NLM_F_DUMP
            about = typed_meaning(protocol, number, direction, body[0] if body else None, size, dump)
        if number in (NLMSG_ERROR, NLMSG_DONE):
            about = about._replace(message=None)
        told_by_policy = about.message is generic and about.family is not None
        if body and (told_by_policy or may_be_rest(about)):
            return None
        alone = about, flags, order == ">", False, ""
        return self.core.head(alone, partial(self.head, *alone))

    def leaf(self, row: int, form: int, order: str, raw: bytes) -> str | None:
        """The text of a value in a form, or of bytes that no layer describes."""
        if form == FORM_PAYLOAD:
            return _payload(row, raw)
        if form == FORM_BESIDE:
            return _beside(*self.core.program.templates.beside[row], order, raw)
        part, row = (row >> 16, row & 0xFFFF) if form == FORM_PART else (0, row)
        kind = self.core.program.kinds[row]
        if not kind.fits(len(raw)):
            return None
        value = kind.decoder(order)(raw, 0, len(raw))
        if form == FORM_TREE:
            text = shown(Node(kind, 0, len(raw), value, kind.number), None)[1]
            return f": {text}" if text else ""
        if form == FORM_JSON:
            return encode_alone(value_of(Node(kind, 0, len(raw), value, kind.number), secrets=False))
        if part:
            found = find([Node(kind, 0, len(raw), value)], f"{kind.name}.{self.core.program.name(part)}")
            return "" if found is None else brief(found.kind, found.value, Context())
        return brief(kind, value, Context())


def _beside(message: type[Message], name: str, order: str, raw: bytes) -> str | None:
    """Lists side by side in the summary of a message with this body; None where what its fields are depends on more."""
    if any(field.kind.bindings for field in message.fields_desc):
        return None
    body = reader(layer_kind(message), order)(raw, 0, len(raw), {}, State(), 0)

    def named(one: str) -> tuple[Kind, Any] | None:
        node = find([body], one)
        return None if node is None else (node.kind, node.value)

    return field_text(name, named, Context()) or ""


def _payload(form: int, raw: bytes) -> str:
    """Bytes that no layer describes, as JSON, in a summary, or in a tree."""
    plain = printable(raw)
    if form == PAYLOAD_BRIEF:
        return payload_brief(raw)
    if form == PAYLOAD_TREE:
        return bytes_shown(raw) if plain is None else f'"{escaped(plain)}"'
    return encode_alone({"undecoded": raw.hex()} if plain is None else {"text": plain})


def may_be_rest(about: Meaning) -> bool:
    """Return whether a message behind another may be the rest of that, so that its bytes may be a key (see
    walk_place)."""
    unknown = about.family is None if about.protocol == NETLINK.GENERIC else about.message is None
    return unknown and is_keyed_protocol(about.protocol)


def untold(about: Meaning) -> str:
    """Return the note that no table describes a command; "" where one does."""
    if about.command is None or about.command_name is not None or about.message is None:
        return ""
    return untold_words(about.family, about.number, about.command, about.message)


def around_line(about: Meaning, flags: int, told: bool) -> dict[str, str]:
    """What stands around the summary of a list's line: nothing."""
    return {}


def around_json(about: Meaning, flags: int, told: bool) -> dict[str, str]:
    """The JSON around the numbers of messages, `ahead` left out."""
    names = encode_alone(flag_names(about.called, flags, about.number))
    type_name = encode_alone(about.number if about.type_name == str(about.number) else about.type_name)
    command = encode_alone(about.command_name or about.command)
    words = untold(about)
    note = f',"notes":[{{"severity":"note","text":{encode_alone(words)},"offset":{HEADER},"length":'
    return {
        "type": f',"nlmsg_type":{type_name},"nlmsg_flags":{names},"nlmsg_seq":',
        "generic": f'"genlmsghdr":{{"cmd":{command},"version":' if about.command is not None else "",
        "family": "}" if about.family is None else f',"family":{encode_alone(about.family)}}}',
        "note": note if words else "",
    }


def ahead_json(about: Meaning, told: bool) -> str:
    """The JSON from the protocol to the length of messages."""
    known = ',"direction_known":true' if told else ""
    protocol = encode_alone(protocol_name(about.protocol) or about.protocol)
    return f',"protocol":{protocol},"direction":{encode_alone(about.direction)}{known},"nlmsg_len":'


def add(texts: bytearray, text: str) -> tuple[int, int]:
    """Append a text; return where it stands, and its size."""
    at, raw = len(texts), text.encode()
    texts += raw
    return at, len(raw)
