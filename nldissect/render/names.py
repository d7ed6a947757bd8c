"""Names of messages, protocols and generic commands."""

from __future__ import annotations

from nldissect.wire import NETLINK
from nldissect.wire.decode.nodes import DecodedMessage, Node
from nldissect.wire.packets.nlmsghdr import genlmsghdr


def protocol_name(number: int) -> str | None:
    """Return NETLINK_ROUTE and its like; None if the number has no name."""
    return NETLINK.names.get(number)


def message_name(walked: DecodedMessage) -> str:
    """Return the type by name, for generic netlink the command by name; numbers where there is none."""
    if not walked.has_header:
        return walked.layers[0].name if walked.layers else ""
    command = command_of(walked)
    if command is None:
        return walked.family or walked.title or walked.type_name
    name = command.kind.shown(command.value)
    return name if not name.isdigit() else f"{walked.family or walked.number} cmd {name}"


def command_of(walked: DecodedMessage) -> Node | None:
    """Return the `cmd` field of a generic message, None for any other message."""
    if walked.layers and walked.layers[0].kind.name == genlmsghdr.__name__ and walked.layers[0].value:
        command = walked.layers[0].value[0]
        return command if isinstance(command, Node) else None
    return None
