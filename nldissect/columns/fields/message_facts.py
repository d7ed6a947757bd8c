"""Facts of a message on which the name of a constant depends."""

from __future__ import annotations

from typing import NamedTuple

from nldissect.wire.decode.nodes import DecodedMessage

GENERIC_HEADER = "genlmsghdr"


class MessageFacts(NamedTuple):
    """Facts of a message: `number` is its type, `name` that of its command or else of its type."""

    protocol: int
    number: int
    flags: int
    direction: str | None
    family: str | None
    name: str | None


def message_facts(walked: DecodedMessage) -> MessageFacts:
    """Return the facts of a decoded message."""
    name = walked.type_name
    if walked.layers and walked.layers[0].kind.name == GENERIC_HEADER and walked.layers[0].value:
        command = walked.layers[0].value[0]
        name = command.kind.shown(command.value)
    return MessageFacts(walked.protocol, walked.number, walked.flags, walked.direction, walked.family, name)
