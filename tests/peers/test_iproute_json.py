"""Objects in the shape of iproute2's JSON, against what iproute2 prints of the same dumps."""

from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest

from nldissect.render.iproute.link_kinds import KINDS
from tests.helpers import uml_kernel
from tests.helpers.iproute2_shapes import commands, compared, differences, record
from tests.helpers.shared_files import once
from tests.helpers.skips import needs

pytestmark = pytest.mark.skipif(bool(uml_kernel.excuse()), reason=uml_kernel.excuse())

Printed = dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]]
Difference = tuple[str, Any, Any]
OTHERS = {
    "nh_info": "another object, of which `ip -d` asks the kernel for each route with a nexthop object",
}
"""Keys that iproute2 prints from elsewhere than the object's own message."""


def explained(difference: Difference) -> bool:
    """Return whether iproute2 knows more than the object's own message says.

    The address of a neighbour over a tunnel is four bytes; that they are an IPv4 address, its link's type tells.
    """
    path, theirs, ours = difference
    return path in OTHERS or (path == "lladdr" and theirs == str(IPv4Address(bytes.fromhex(ours.replace(":", "")))))


@pytest.fixture(scope="module")
def printed(shared: Path) -> Printed:
    """The objects of each command, iproute2's and ours."""
    needs("ip", "bridge", "tc")
    return {command: (theirs, ours) for command, theirs, ours in compared(once(shared / "iproute", record))}


@pytest.mark.parametrize("command", commands())
def test_objects(printed: Printed, command: str) -> None:
    theirs, ours = printed[command]
    assert len(theirs) == len(ours)
    pairs = zip(theirs, ours, strict=True)
    assert [] == [one for pair in pairs for one in differences(*pair) if not explained(one)]


def test_all_sorts_are_there(printed: Printed) -> None:
    """Of each command at least so many objects; every kind of link that has a table but those of IPv6 tunnels."""
    counts = {command: len(theirs) for command, (theirs, _) in printed.items()}
    kinds = {one.get("linkinfo", {}).get("info_kind") for one in printed["ip -j -d link show"][0]}
    assert kinds >= KINDS.keys() - {"ipvtap", "ip6gretap", "ip6erspan", "vti6"}
    assert sum(counts.values()) > 400


def test_a_difference_is_found() -> None:
    """A value, a type, a key on either side, an order."""
    theirs = {"a": 1, "b": [{"c": True}], "d": None}
    assert [] == list(differences(theirs, {"a": 1, "b": [{"c": True}], "d": None}))
    assert [("a", 1, 2)] == list(differences(theirs, theirs | {"a": 2}))
    assert [("b[].c", True, 1)] == list(differences(theirs, theirs | {"b": [{"c": 1}]}))
    assert [("e", "absent", 0)] == list(differences(theirs, theirs | {"e": 0}))
    assert [("d", None, "absent")] == list(differences(theirs, {"a": 1, "b": [{"c": True}]}))
    assert [("", ["a", "b", "d"], ["d", "a", "b"])] == list(differences(theirs, {"d": None} | theirs))
