"""Attributes and values of one family that others carry too, or that kernels call differently."""

from __future__ import annotations

from pathlib import Path

from nldissect.render.values import shown
from nldissect.wire import NETLINK_ROUTE, NETLINK_SOCK_DIAG, Context, walk
from tests.helpers.captures import value
from tests.helpers.genl_messages import said, u32
from tests.helpers.hex_messages import of_body
from tests.helpers.messages import attribute, link
from tests.helpers.messages import frame as frame_of


def test_the_devlink_port_of_a_link() -> None:
    """Linux 7.1 adds the index of the devlink instance (184), as `devlink` itself has it."""
    port = attribute(1, b"netdevsim\0") + attribute(3, u32(0)) + attribute(184, u32(0))
    message = link(2, attribute(0x8000 | 62, port), attribute(0x8000 | 65, attribute(1, u32(4))))
    (told,) = walk(frame_of(NETLINK_ROUTE, message), Context("little")).messages

    assert [] == told.notes
    assert {"DEVLINK_ATTR_BUS_NAME": "netdevsim", "DEVLINK_ATTR_PORT_INDEX": 0, "DEVLINK_ATTR_INDEX": 0} == value(
        told, "IFLA_DEVLINK_PORT"
    )
    assert {"DPLL_A_PIN_ID": 4} == value(told, "IFLA_DPLL_PIN")


def test_state_of_a_netlink_socket() -> None:
    """ss -f netlink: connect() leaves 0 or 1 (linux/netlink.h), a socket as it was made TCP_CLOSE (sock_init_data)"""
    states = [
        value(of_body(NETLINK_SOCK_DIAG, 20, bytes([16, 3, 0, one]) + bytes(24)), "ndiag_state") for one in (0, 1, 7)
    ]

    assert ["NETLINK_UNCONNECTED", "NETLINK_CONNECTED", "TCP_CLOSE"] == states


def test_how_to_authenticate(tmp_path: Path) -> None:
    """NL80211_AUTHTYPE_AUTOMATIC was 8 until EPPKE came: of programs and kernels of both times nothing tells which."""
    found = [said(tmp_path, "nl80211", 46, {53: u32(one)}, to="kernel") for one in (7, 8)]
    nodes = [one.find("NL80211_ATTR_AUTH_TYPE") for one in found]

    assert ["NL80211_AUTHTYPE_FILS_PK", 8] == [value(one, "NL80211_ATTR_AUTH_TYPE") for one in found]
    assert [
        "NL80211_AUTHTYPE_FILS_PK (7)",
        "NL80211_AUTHTYPE_AUTOMATIC or NL80211_AUTHTYPE_EPPKE (8)",
    ] == [shown(node, None)[1] for node in nodes if node is not None]
