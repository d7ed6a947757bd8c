"""struct sockaddr_nl as a Scapy layer, and its mask of multicast groups (linux/netlink.h)."""

from __future__ import annotations

from typing import Any

from nldissect.errors import FieldError

from ..enums import Enum
from ..numbers import U16, U32
from .fields import KindField
from .message import Message


class _AF(Enum, prefix="AF"):
    NETLINK = 16


def mask_of(*groups: int) -> int:
    """Return the mask in nl_groups for some group numbers: 0x4 for group 3.

    FieldError for a group that is not 1 to 32: those above can only be joined.
    """
    for group in groups:
        if not 1 <= group <= 32:
            raise FieldError(f"group {group} fits no mask: a mask has groups 1 to 32, those above are only joined")
    return sum({1 << group - 1 for group in groups})


def groups_in(mask: int) -> list[int]:
    """Return the group numbers in a mask: 3 for 0x4."""
    return [bit + 1 for bit in range(32) if mask >> bit & 1]


class GroupMask(U32):
    """nl_groups. Bit 0 is group 1: 0x4 is group 3, and 3 is groups 1 and 2."""

    def shown(self, value: Any) -> str:
        if not isinstance(value, int) or not value:
            return super().shown(value)
        groups = groups_in(value)
        return f"{value:#x} (group{'s' * (len(groups) > 1)} {', '.join(map(str, groups))})"


class sockaddr_nl(Message):
    """A netlink socket's address: port id (0 is the kernel) and a mask of multicast groups."""

    fields_desc = [
        KindField("nl_family", U16(None, _AF).named("nl_family"), _AF.NETLINK),
        U16.of("nl_pad"),
        U32.of("nl_pid"),
        GroupMask.of("nl_groups", base=16),
    ]

    @property
    def groups(self) -> list[int]:
        """The groups as numbers."""
        return groups_in(self.nl_groups)

    def mysummary(self) -> Any:
        who = f"port {self.nl_pid}" if self.nl_pid else "kernel"
        return f"{who}, groups {', '.join(map(str, self.groups))}" if self.nl_groups else who
