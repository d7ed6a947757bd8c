"""Which groups a netlink socket is in: a bitmap in words of 32 bits, in which bit 0 of the first is group 1."""

from __future__ import annotations

from typing import Any

from nldissect.wire.bits import bit_list
from nldissect.wire.enums import Enum
from nldissect.wire.numbers import U32, Array

NAMED = 8
"""So many groups are told by name."""


class Groups(Array):
    """The words; shown as the groups in them, by the names of their protocol if it has some and they are few."""

    def __init__(self, number: int | None = None, names: type[Enum] | None = None, **options: Any) -> None:
        super().__init__(number, U32(None, base=16), **options)
        self.names = names

    def shown(self, value: Any) -> str:
        if isinstance(value, bytes):
            return super().shown(value)
        groups = [32 * place + bit + 1 for place, word in enumerate(value) for bit in range(32) if word >> bit & 1]
        names = self.names
        if names is None or len(groups) > NAMED:
            return bit_list(groups) or "none"
        called = (names.short(names.names[one]) if one in names.names else str(one) for one in groups)
        return ",".join(name.lower().replace("_", "-") for name in called) or "none"
