"""Heads: what a native core needs to know of messages besides their bytes, the same for messages that are alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from nldissect.columns.blocks.message_type import MessageTypeOf, generic_meaning, typed_meaning
from nldissect.escapes import escaped
from nldissect.native.catalog import BodyDescription, Catalog
from nldissect.native.core import Core
from nldissect.native.loader import FORM_BRIEF, FORM_JSON, FORM_TREE, TREE, HeadStruct
from nldissect.uapi import (
    GENL_HDRLEN,
    NLM_F_DUMP,
    NLMSG_DONE,
    NLMSG_ERROR,
    NLMSG_HDRLEN,
    NLMSG_MIN_TYPE,
    STRUCT_NLMSGHDR_BY_ORDER,
)
from nldissect.wire.protocol import NETLINK, NLM_F, TO_KERNEL, TO_USER, direction_of, flag_names

DescribedType = MessageTypeOf[BodyDescription]
DUMP = 0x301
"""NLM_F_REQUEST and NLM_F_DUMP."""
PEEKED = 5
"""Bytes of a generic message's body that decide its type: its header and one more."""

Around = Callable[[DescribedType, int, bool, str], dict[str, str]]
"""Function that returns the texts around the bodies of messages, by name.

Its arguments are the message type, the flags, whether the direction is known, and the note that no table describes the
command."""


class Heads:
    """The heads of a core's messages, and the texts of values that the core asks for.

    catalog   describes message classes
    around    returns texts of a head, all but `ahead`
    secrets   key material is shown: a tree with such is left to the caller
    """

    def __init__(self, core: Core, catalog: Catalog, around: Around, secrets: bool) -> None:
        self.core, self.catalog, self.around, self.secrets = core, catalog, around, secrets

    def head(self, about: DescribedType, flags: int, big: bool, told: bool, ahead: str) -> HeadStruct:
        """Return the head of messages: properties, and texts around their bodies; `ahead`: the text before."""
        program, message = self.core.program, about.message
        is_dump = flags & DUMP == DUMP and "NLM_F_MATCH" in flag_names(about.called, flags, about.number)
        is_unknown = message is not None and not message.known
        is_generic = about.protocol == NETLINK.GENERIC and about.skip > 0
        fields: dict[str, Any] = {
            "selectors": (about.number, -1 if about.command is None else about.command, about.protocol, flags),
            "skip": about.skip, "to_kernel": about.direction == TO_KERNEL, "dump": is_dump, "big": big,
            "interrupted": bool(flags & NLM_F.DUMP_INTR), "odd": self.secrets and self.core.output == TREE,
            "unknown": (2 if about.family is None else 1) if is_unknown else 0,
            "keyed": self._may_carry_keys(about),
            "peek": PEEKED if is_generic else 1, "names_types": is_generic,
        }  # fmt: skip
        if message is not None:
            fields["layer"], fields["template"] = message.layer_in(program)
        words = self.untold(about)
        names = {"name": about.type_name, "called": escaped(about.called), "words": words}
        texts = {"ahead": ahead, **names, **self.around(about, flags, told, words)}
        for name, text in texts.items():
            fields[name], fields[f"{name}_size"] = program.pool.text(text)
        return HeadStruct(**fields)

    def echoed(
        self,
        family: Callable[[int, int], tuple[str | None, str | None]],
        protocol: int,
        order: str,
        raw: bytes,
        at: int,
    ) -> int | None:
        """Return the head of a message that an acknowledgement repeats, None if the core is to leave that.

        family   returns the name and the policy of a generic family at an offset
        raw      header and first bytes of the message, which is at offset `at`
        """
        length, number, flags, seq, pid = STRUCT_NLMSGHDR_BY_ORDER[order].unpack_from(raw)
        body, size = raw[NLMSG_HDRLEN:], length - NLMSG_HDRLEN
        direction = direction_of(protocol, number, flags, seq, pid)[0] or TO_USER
        policy = None
        if protocol == NETLINK.GENERIC and number >= NLMSG_MIN_TYPE:
            command = body[0] if len(body) >= GENL_HDRLEN else None
            name, policy = family(number, at)
            about = generic_meaning(self.catalog, number, direction, command, name)
        else:
            dump = flags & NLM_F_DUMP == NLM_F_DUMP
            first = body[0] if body else None
            about = typed_meaning(self.catalog, protocol, number, direction, first, size, dump)
        if number in (NLMSG_ERROR, NLMSG_DONE):
            about = about._replace(message=None)
        message = about.message
        told_by_policy = message is not None and message.untyped and policy is not None
        if body and (told_by_policy or self.may_be_rest(about)):
            return None
        alone = about, flags, order == ">", False, ""
        return self.core.head(alone, partial(self.head, *alone))

    def leaf(self, row: int, form: int, order: str, raw: bytes) -> str | None:
        """Return the text of a value in a form, or of bytes that no layer describes.

        None: the message is to be decoded instead.
        """
        program = self.core.program
        if form in (FORM_BRIEF, FORM_JSON, FORM_TREE):
            stored = program.stored_text(row, form, order, raw)
            if stored is not None:
                return stored
        from .leaf_texts import leaf

        return leaf(program, row, form, order, raw, self.secrets)

    def _may_carry_keys(self, about: DescribedType) -> bool:
        """Return whether a message may carry keys; a headerless one only if no table describes it (see walk_bare)."""
        if about.skip:
            return self.catalog.may_carry_keys(about.protocol, about.number, about.family, about.message)
        return about.message is None and self.catalog.section(about.protocol).keyed

    def untold(self, about: DescribedType) -> str:
        """Return the note that no table describes a command; "" where one does."""
        if about.command is None or about.command_name is not None or about.message is None:
            return ""
        return self.catalog.untold(about.family, about.number, about.command, about.message)

    def may_be_rest(self, about: DescribedType) -> bool:
        """Return whether a message after another may be its rest, so that the bytes may be a key (see walk_place)."""
        unknown = about.family is None if about.protocol == NETLINK.GENERIC else about.message is None
        return unknown and self.catalog.section(about.protocol).keyed


def around_line(about: DescribedType, flags: int, told: bool, words: str) -> dict[str, str]:
    """Return the texts around the summary of a list's line: none."""
    return {}
