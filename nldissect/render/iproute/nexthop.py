"""Nexthop objects: `ip -j -d nexthop show` (ip/ipnexthop.c)."""

from __future__ import annotations

from typing import Any

from .converters import Table, bits, device, filled, named, nested, null, number, short_seconds, text, where
from .encap import encapsulated
from .names import protocol_name, scope_name
from .route import FLAGS
from .values import ObjectValues

WEIGHT_HIGH_SHIFT = 8


def member_weight(values: ObjectValues) -> int:
    """Return the weight of a member of a group, which the kernel keeps less one."""
    return (values.number("weight_high") << WEIGHT_HIGH_SHIFT | values.number("weight")) + 1


def members(values: ObjectValues) -> list[dict[str, Any]]:
    """Return the members of a group; a weight of 1 is left out."""
    return [
        filled({"id": number("id")}, one) | ({"weight": member_weight(one)} if member_weight(one) > 1 else {})
        for one in values.elements("NHA_GROUP")
    ]


RESILIENT: Table = {
    "buckets": number("NHA_RES_GROUP_BUCKETS"),
    "idle_timer": short_seconds("NHA_RES_GROUP_IDLE_TIMER"),
    "unbalanced_timer": short_seconds("NHA_RES_GROUP_UNBALANCED_TIMER"),
    "unbalanced_time": short_seconds("NHA_RES_GROUP_UNBALANCED_TIME"),
}
NEXTHOP: Table = {
    "id": number("NHA_ID"),
    "group": where("NHA_GROUP", members),
    "type": named("NHA_GROUP_TYPE", {1: "resilient"}),
    "resilient_args": nested("NHA_RES_GROUP", RESILIENT),
    "encap": encapsulated("NHA"),
    "gateway": text("NHA_GATEWAY"),
    "dev": device("NHA_OIF"),
    "scope": scope_name("nh_scope"),
    "blackhole": null("NHA_BLACKHOLE"),
    "protocol": protocol_name("nh_protocol"),
    "flags": bits("nh_flags", FLAGS),
    "fdb": null("NHA_FDB"),
}
