"""Multicast groups that a capture is to listen to, as users write them: `route/link,uevent`, `all`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from nldissect.errors import FieldError, NetlinkError
from nldissect.families.multicast_groups import GROUPS, NLCTRL_NOTIFY, Group, group_name, parse
from nldissect.wire import NETLINK

from .error_text import rows
from .genl_families import LiveFamilies
from .netlink_socket import NetlinkSocket

ALL, EVERYWHERE = "all", "all-nsid"
LEAST = 32
"""Number of groups that every protocol has room for."""


class SelectedGroup(NamedTuple):
    """One group, with everything that the capture process must know of it.

    needed   it must be joined; a group that is not needed is left out where that is refused
    """

    protocol: int
    number: int
    name: str
    needed: bool


class GroupSelection(NamedTuple):
    """The groups of a list, and whether to listen in all namespaces that have an id here."""

    groups: list[SelectedGroup]
    everywhere: bool


def parse_groups(text: str | Iterable[str]) -> GroupSelection:
    """Return the groups of a list with commas, or of several such lists; each once. "all-nsid" alone is all of them.

    Raises FieldError for an empty word or an unknown name.
    """
    found: dict[tuple[int, int], SelectedGroup] = {}
    words = [part.strip() for one in ([text] if isinstance(text, str) else text) for part in one.split(",")]
    everywhere = EVERYWHERE in words
    for word in [word for word in words if word != EVERYWHERE] or [ALL] * everywhere:
        if not word:
            raise FieldError("a group is missing beside a comma; groups are written route/link,uevent")
        for group in _all() if word.lower() == ALL else _meant(word):
            before = found.setdefault(group[:2], group)
            found[group[:2]] = group if group.needed else before
    return GroupSelection(list(found.values()), everywhere)


def _meant(word: str) -> Iterator[SelectedGroup]:
    if word.lower() in ("generic/all", "generic/*"):
        yield from _generic()
        return
    meant = parse(word)
    for group in meant:
        number = _number(group) if group.number is None else group.number
        yield SelectedGroup(group.protocol, number, str(group), len(meant) == 1)


def _number(group: Group) -> int:
    with NetlinkSocket(NETLINK.GENERIC) as socket:
        return LiveFamilies(socket).group(group.family, group.name)


def _generic() -> Iterator[SelectedGroup]:
    """Yield every group of every generic family there is now."""
    try:
        with NetlinkSocket(NETLINK.GENERIC) as socket:
            families = LiveFamilies(socket)
            for family in families.names():
                for name, number in families.groups(family).items():
                    yield SelectedGroup(NETLINK.GENERIC, number, f"generic/{family}/{name}", False)
    except NetlinkError:
        yield SelectedGroup(NETLINK.GENERIC, NLCTRL_NOTIFY, "generic/nlctrl/notify", False)


def _all() -> Iterator[SelectedGroup]:
    """Yield every group of every protocol that the kernel has sockets of; no protocol is loaded for it."""
    there = sorted({row.protocol for row in rows()}) or list(NETLINK.names)
    for protocol in there:
        if protocol == NETLINK.GENERIC:
            yield from _generic()
            continue
        names = GROUPS.get(protocol)
        most = max(LEAST, *names.names) if names is not None else LEAST
        for number in range(1, most + 1):
            yield SelectedGroup(protocol, number, group_name(protocol, number), False)
