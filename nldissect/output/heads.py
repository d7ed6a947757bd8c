"""What a native core is told of messages besides their bytes."""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct as Codec
from typing import Any

from nldissect.escaping import escaped
from nldissect.index.meaning import Meaning
from nldissect.native.core import Core
from nldissect.native.loader import (
    FORM_ECHO,
    FORM_ECHO_BRIEF,
    FORM_ECHO_FLAGS,
    FORM_ECHO_TYPE,
    FORM_JSON,
    FORM_PART,
    FORM_TREE,
    Head,
)
from nldissect.wire import Context, Node
from nldissect.wire.bindings import NLMSG_MIN_TYPE, bindings_of, choose, name_of
from nldissect.wire.flags import NETLINK, NLM_F, TO_KERNEL, flag_names
from nldissect.wire.frame import HEADER
from nldissect.wire.message import generic, sealed
from nldissect.wire.nodes import find
from nldissect.wire.policy import untold_words
from nldissect.wire.secrets import may_carry_keys
from nldissect.wire.shapes import layer_kind
from nldissect.wire.summary import brief

from .jsontext import encode_alone
from .naming import protocol_name
from .objects import value_of
from .tree import flags_and_number, type_and_number
from .values import shown

DUMP = 0x301
"""NLM_F_REQUEST and NLM_F_DUMP."""
ECHOES = (FORM_ECHO, FORM_ECHO_BRIEF, FORM_ECHO_TYPE, FORM_ECHO_FLAGS)
"""Forms of an echoed header."""

Around = Callable[[Meaning, int, bool], dict[str, str]]
"""What stands around the bodies of messages of a meaning, with these flags, of a direction that was told or not."""


class Heads:
    """What a core is told of messages: what stands around their bodies, and texts of values that it asks for.

    around    gives texts of a head, all but `ahead`
    secrets   key material is shown: such messages are left to the caller
    """

    def __init__(self, core: Core, around: Around, secrets: bool) -> None:
        self.core, self.around, self.secrets = core, around, secrets

    def head(self, about: Meaning, flags: int, big: bool, told: bool, ahead: str) -> Head:
        """Return what stands around the bodies of messages; `ahead`: the text before."""
        program, message = self.core.program, about.message
        is_dump = flags & DUMP == DUMP and "NLM_F_MATCH" in flag_names(about.called, flags, about.number)
        is_unknown = message in (generic, sealed)
        fields: dict[str, Any] = {
            "selectors": (about.number, -1 if about.command is None else about.command, about.protocol, flags),
            "skip": about.skip, "to_kernel": about.direction == TO_KERNEL, "dump": is_dump, "big": big,
            "interrupted": bool(flags & NLM_F.DUMP_INTR), "odd": self.secrets,
            "unknown": (2 if about.family is None else 1) if is_unknown else 0,
            "keyed": may_carry_keys(about.protocol, about.number, about.family, message),
        }  # fmt: skip
        if message is not None and not self.secrets:
            fields["layer"] = program.row(layer_kind(message))
            fields["template"] = program.templates.template(message, message.template)
        texts = {"ahead": ahead, "name": about.type_name, **self.around(about, flags, told)}
        for name, text in texts.items():
            fields[name], fields[f"{name}_size"] = program.pool.text(text)
        return Head(**fields)

    def leaf(self, row: int, form: int, order: str, raw: bytes) -> str | None:
        """The text of a value in a form; that of an echoed header in an acknowledgement, whose protocol is `row`."""
        if form in ECHOES:
            return _echo(row, form, order, raw)
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


def untold(about: Meaning) -> str:
    """Return the note that no table describes a command; "" where one does."""
    if about.command is None or about.command_name is not None or about.message is None:
        return ""
    return untold_words(about.family, about.number, about.command, about.message)


def generic_echo(number: int, flags: int, family: str | None) -> tuple[str, str] | None:
    """Return the type, as a tree shows it, and the name of a generic request that an acknowledgement repeats; None
    where its flags depend on the name of its family."""
    type_name = name_of(bindings_of(NETLINK.GENERIC, number), None, TO_KERNEL) or str(number)
    alike = flag_names(family, flags, number) == flag_names(type_name, flags, number)
    if number < NLMSG_MIN_TYPE or not flags & NLM_F.REQUEST or not alike:
        return None
    return type_and_number(type_name, number, family), escaped(family or type_name)


def _echo(protocol: int, form: int, order: str, raw: bytes) -> str | None:
    """What stands of an echoed header's type, `raw` being its length, type and flags."""
    length, number, flags = Codec(f"{order}IHH").unpack(raw)
    is_generic = protocol == NETLINK.GENERIC and number >= NLMSG_MIN_TYPE
    if not flags & NLM_F.REQUEST or (is_generic and form in (FORM_ECHO_BRIEF, FORM_ECHO_TYPE)):
        return None  # another direction; a name that the capture gave
    bindings = bindings_of(protocol, number)
    chosen = choose(bindings, TO_KERNEL, b"", length - HEADER, flags)
    type_name = name_of(bindings, chosen, TO_KERNEL) or str(number)
    called = (chosen.title if chosen is not None else "") or type_name
    if form == FORM_ECHO_BRIEF:
        return escaped(called)
    name = number if type_name == str(number) else type_name
    names = flag_names(called, flags, number)
    if form == FORM_ECHO_TYPE:
        return type_and_number(type_name, number)
    if form == FORM_ECHO_FLAGS:
        return flags_and_number(names, flags)
    return f',"nlmsg_type":{encode_alone(name)},"nlmsg_flags":{encode_alone(names)},"nlmsg_seq":'


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
