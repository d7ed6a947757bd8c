"""What things are called: messages, protocols, paths to attributes (`IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_VLAN_ID`)."""

from __future__ import annotations

from nldissect.wire import NETLINK
from nldissect.wire.nlmsg import genlmsghdr
from nldissect.wire.nodes import Node, Walked


def protocol_name(number: int) -> str | None:
    """NETLINK_ROUTE and its like; None if the number has no name."""
    return NETLINK.names.get(number)


def message_name(walked: Walked) -> str:
    """The type by name, for generic netlink the command by name; numbers where there is none."""
    if not walked.has_header:
        return walked.layers[0].name if walked.layers else ""
    command = command_of(walked)
    if command is None:
        return walked.family or walked.type_name
    name = command.kind.shown(command.value)
    return name if not name.isdigit() else f"{walked.family or walked.number} cmd {name}"


def command_of(walked: Walked) -> Node | None:
    """The `cmd` field of a generic message."""
    if walked.layers and walked.layers[0].kind.name == genlmsghdr.__name__ and walked.layers[0].value:
        command = walked.layers[0].value[0]
        return command if isinstance(command, Node) else None
    return None


def path_to(nodes: list[Node], at: int) -> list[Node]:
    """The nodes that hold the byte at this offset, outermost first, down to the attribute that begins there."""
    for node in nodes:
        if not node.whole <= at < max(node.end, node.start):
            continue
        if node.number is not None and node.whole == at:
            return [node]
        inside = node.value if isinstance(node.value, list) and node.value and isinstance(node.value[0], Node) else []
        return [node, *path_to(inside, at)]
    return []


def path_text(path: list[Node]) -> str:
    """Attribute names joined by dots; a header field stands by its own name."""
    names = [node.name for node in path if node.number is not None]
    if path and path[-1].number is None and path[-1].kind.shape == "leaf":
        names.append(path[-1].name)
    return ".".join(names)
