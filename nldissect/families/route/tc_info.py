"""Traffic control: numbers as tc(8) writes them: tcm_info, handles of filters (linux/pkt_sched.h, linux/pkt_cls.h)."""

from __future__ import annotations

from typing import Any

from nldissect.wire.enums import Enum
from nldissect.wire.numbers import S32, Handle
from nldissect.wire.worded import Worded32

from ..constants import ETH_P


class TC_H(Enum):
    UNSPEC  = 0
    INGRESS = 0xFFFFFFF1
    ROOT    = 0xFFFFFFFF


class TC_ACT(Enum):
    UNSPEC     = -1
    OK         = 0
    RECLASSIFY = 1
    SHOT       = 2
    PIPE       = 3
    STOLEN     = 4
    QUEUED     = 5
    REPEAT     = 6
    REDIRECT   = 7
    TRAP       = 8
    JUMP       = 0x10000000                 # plus the number of actions to jump over
    GOTO_CHAIN = 0x20000000                 # plus the number of the chain


class Control(S32):
    """What becomes of a packet; a jump says over how many actions, goto chain to which."""

    def __init__(self, number: int | None = None, **options: Any) -> None:
        super().__init__(number, TC_ACT, base=16, **options)

    def shown(self, value: Any) -> str:
        within = value & 0xFFFFFFF if isinstance(value, int) and value > 0 else 0
        words = {TC_ACT.JUMP: "jump", TC_ACT.GOTO_CHAIN: "goto chain"}.get(value - within) if within else None
        return f"{words} {within}" if words else super().shown(value)


class Refcount(Worded32):
    """tcm_info of a queue: how often it is used."""

    def words(self, value: int) -> str:
        return f"refcnt {value}"


class Leaf(Worded32):
    """tcm_info of a class: the handle of the queue below it."""

    def words(self, value: int) -> str:
        return f"leaf {Handle().shown(value)}"


class Preference(Worded32):
    """tcm_info of a filter: its preference, and an Ethernet type in network order below it."""

    def words(self, value: int) -> str:
        kind = int.from_bytes((value & 0xFFFF).to_bytes(2, "little"), "big")
        known = ETH_P.names.get(kind, hex(kind)).removeprefix("ETH_P_").lower()
        return f"pref {value >> 16} protocol {known}" if kind else f"pref {value >> 16}"


class HashHandle(Worded32):
    """The handle of a u32 filter: 12 bits of hash table, 8 of bucket, 12 of node."""

    def words(self, value: int) -> str:
        table, bucket, node = value >> 20, value >> 12 & 0xFF, value & 0xFFF
        within = f"{bucket:x}" * bool(bucket) + f":{node:x}" * bool(node)
        return f"{table:x}:{within}" if table else within


class Place(Handle):
    """Where a filter is: at a class or queue, or at a hook of clsact."""

    words = {0xFFFFFFF2: "ingress", 0xFFFFFFF3: "egress"}
