"""Shapes of objects by their type: which table makes which object, and the commands that join several into one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nldissect.analysis.objects.object_store import KeptObject
from nldissect.uapi import NETLINK_ROUTE

from .address import ADDRESS
from .bridge_port import PORT_LINK, PORT_VLANS, VLANS
from .converters import Table, filled
from .link import ADDRESS_LINK, LINK
from .neighbour import FDB_ENTRY, NEIGHBOUR
from .nexthop import NEXTHOP
from .route import ROUTE
from .rule import RULE
from .values import NameOf, ObjectValues

SHAPES: Mapping[str, Table] = {
    "link": LINK,
    "bridge port": PORT_LINK,
    "address": ADDRESS,
    "route": ROUTE,
    "rule": RULE,
    "neighbour": NEIGHBOUR,
    "proxy neighbour": NEIGHBOUR,
    "fdb entry": FDB_ENTRY,
    "nexthop": NEXTHOP,
}
"""Tables by the name of the object type in families/route/objects.py."""


def iproute_object(kept: KeptObject, name_of: NameOf) -> dict[str, Any] | None:
    """Return an object as iproute2 prints it; None for an object that it prints in no such form."""
    table = SHAPES.get(kept.thing.name) if kept.walked.protocol == NETLINK_ROUTE else None
    return None if table is None else filled(table, ObjectValues(kept.leaves, name_of))


def addresses_by_link(objects: Iterable[KeptObject], name_of: NameOf) -> list[dict[str, Any]]:
    """Return the objects of `ip -j -d address show`: each link with its addresses in "addr_info", by index.

    objects   links and addresses, in any order; others are passed over. A link of which only addresses are known has
              no key but its index and name.
    """
    kept = list(objects)
    found = {
        one.leaves["ifi_index"].value: filled(ADDRESS_LINK, ObjectValues(one.leaves, name_of)) | {"addr_info": []}
        for one in kept
        if one.thing.name == "link"
    }
    for one in kept:
        if one.thing.name == "address":
            index = one.leaves["ifa_index"].value
            values = ObjectValues(one.leaves, name_of)
            link = found.setdefault(index, {"ifindex": index, "ifname": values.device(index), "addr_info": []})
            link["addr_info"].append(filled(ADDRESS, values))
    return [found[index] for index in sorted(found)]


def vlans_by_port(objects: Iterable[KeptObject], name_of: NameOf) -> list[dict[str, Any]]:
    """Return the objects of `bridge -j vlan show`: each port, or bridge, that has VLANs."""
    return [
        filled(PORT_VLANS, ObjectValues(one.leaves, name_of))
        for one in objects
        if one.thing.name == "bridge port" and any(path.startswith(VLANS) for path in one.leaves)
    ]
