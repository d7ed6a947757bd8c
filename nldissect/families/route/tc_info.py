"""Traffic control: what tcm_info means, as tc(8) writes it (linux/pkt_sched.h)."""

from __future__ import annotations

from typing import Any

from nldissect.wire import U32, Enum, Handle

from ..common import ETH_P


class SILENT(Enum):
    UNSPEC = 0                              # what a summary leaves out


class Silent(U32):
    """A number that has a meaning only where it is not 0."""

    def __init__(self, number: int | None = None, **options: Any) -> None:
        super().__init__(number, SILENT, **options)

    def shown(self, value: Any) -> str:
        return super().shown(value) if isinstance(value, bytes) else self.words(value) if value else "0"

    def json(self, value: Any) -> Any:
        return super().json(value) if isinstance(value, bytes) else value

    def words(self, value: int) -> str:
        """What a number other than 0 says."""
        return hex(value)


class Refcount(Silent):
    """tcm_info of a queue: how often it is used."""

    def words(self, value: int) -> str:
        return f"refcnt {value}"


class Leaf(Silent):
    """tcm_info of a class: the handle of the queue below it."""

    def words(self, value: int) -> str:
        return f"leaf {Handle().shown(value)}"


class Preference(Silent):
    """tcm_info of a filter: its preference, and an Ethernet type in network order below it."""

    def words(self, value: int) -> str:
        kind = int.from_bytes((value & 0xFFFF).to_bytes(2, "little"), "big")
        known = ETH_P.names.get(kind, hex(kind)).removeprefix("ETH_P_").lower()
        return f"pref {value >> 16} protocol {known}" if kind else f"pref {value >> 16}"
