"""MPTCP's path manager as a 6.18 kernel spoke it: endpoints, limits, and events whose numbers are commands' too."""

from __future__ import annotations

from pathlib import Path

import pytest

from nldissect.render.summaries.summary import summary_of
from nldissect.wire import NETLINK_GENERIC, DecodedMessage
from tests.helpers.column_hits import compare
from tests.helpers.genl_messages import told
from tests.helpers.hex_messages import from_hex
from tests.helpers.messages import frame, write
from tests.helpers.route_messages import attrs

ADD_ADDR = "300000001c0005000200000000000000010100001c000180060001000200000008000300c00002020800060001000000"
SET_LIMITS = "240000001c00050003000000000000000501000008000200040000000800030004000000"
LIMITS = "240000001c00000004000000220500000601000008000200040000000800030004000000"
ADDRESS = (
    "400000001c0002000500000022050000030100002c000180060001000200000006000500000000000500020001000000080006000100000008"
    "000300c0000202"
)
LISTENER = "2c0000001c00000000000000000000000f0100000600020002000000060009001f90000008000500c0000201"
CREATED = (
    "640000001c000000000000000000000001010000080001000f86b2a4050012000100000006000d0002000000060002000200000008000500c0"
    "00020108000700c0000201060009001f90000006000a00bb84000005000300000000000500040000000000"
)
ANNOUNCED = "340000001c00000000000000000000000601000008000100d3589ddd050004000100000006000a001f90000008000700c0000202"
SUB_CLOSED = (
    "640000001c00000000000000000000000b01000008000100d3589ddd060002000200000008000500c000020208000700c00002020600"
    "0900ae4d000006000a001f9000000500030001000000050004000100000005000b000000000005000c006f000000"
)
CLOSED = "1c0000001c00000000000000000000000301000008000100d3589ddd"


def message(text: str) -> DecodedMessage:
    return from_hex(NETLINK_GENERIC, text, "mptcp_pm")


@pytest.mark.parametrize(
    ("raw", "command", "line"),
    [
        (ADD_ADDR, "MPTCP_PM_CMD_ADD_ADDR", "192.0.2.2 SIGNAL"),
        (SET_LIMITS, "MPTCP_PM_CMD_SET_LIMITS", "add_addr_accepted 4 subflows 4"),
        (LIMITS, "MPTCP_PM_CMD_GET_LIMITS", "add_addr_accepted 4 subflows 4"),
        (ADDRESS, "MPTCP_PM_CMD_GET_ADDR", "192.0.2.2 port 0 id 1 SIGNAL"),
        (LISTENER, "MPTCP_EVENT_LISTENER_CREATED", "192.0.2.1 sport 8080"),
        (
            CREATED,
            "MPTCP_EVENT_CREATED",
            "token 0xa4b2860f remid 0 locid 0 192.0.2.1 sport 8080 to 192.0.2.1 dport 48004 server_side 1",
        ),
        (ANNOUNCED, "MPTCP_EVENT_ANNOUNCED", "token 0xdd9d58d3 remid 1 to 192.0.2.2 dport 8080"),
        (
            SUB_CLOSED,
            "MPTCP_EVENT_SUB_CLOSED",
            "token 0xdd9d58d3 remid 1 locid 1 192.0.2.2 sport 44621 to 192.0.2.2 dport 8080 backup 0 "
            "error econnrefused",
        ),
        (CLOSED, "MPTCP_EVENT_CLOSED", "token 0xdd9d58d3"),
    ],
)
def test_lines(raw: str, command: str, line: str) -> None:
    found = message(raw)
    name = found.layers[0].value[0]

    assert (command, line) == (name.kind.json(name.value), summary_of(found))
    assert [] == found.notes


def test_endpoint() -> None:
    """ip mptcp endpoint add 192.0.2.2 signal; ip mptcp endpoint show"""
    family = {"MPTCP_PM_ADDR_ATTR_FAMILY": "AF_INET"}
    flags = {"MPTCP_PM_ADDR_ATTR_ADDR4": "192.0.2.2", "MPTCP_PM_ADDR_ATTR_FLAGS": ["MPTCP_PM_ADDR_FLAG_SIGNAL"]}
    assert {"MPTCP_PM_ENDPOINT_ADDR": family | flags} == attrs(message(ADD_ADDR))
    shown = {"MPTCP_PM_ADDR_ATTR_PORT": 0, "MPTCP_PM_ADDR_ATTR_ID": 1}
    assert {"MPTCP_PM_ATTR_ADDR": family | shown | flags} == attrs(message(ADDRESS))


def test_event() -> None:
    assert {
        "MPTCP_ATTR_TOKEN": 0xA4B2860F,
        "MPTCP_ATTR_SERVER_SIDE": 1,
        "MPTCP_ATTR_FLAGS": ["MPTCP_PM_EV_FLAG_SERVER_SIDE"],
        "MPTCP_ATTR_FAMILY": "AF_INET",
        "MPTCP_ATTR_SADDR4": "192.0.2.1",
        "MPTCP_ATTR_DADDR4": "192.0.2.1",
        "MPTCP_ATTR_SPORT": 8080,
        "MPTCP_ATTR_DPORT": 48004,
        "MPTCP_ATTR_LOC_ID": 0,
        "MPTCP_ATTR_REM_ID": 0,
    } == attrs(message(CREATED))


def test_columns_tell_answers_from_events(tmp_path: Path) -> None:
    """3 and 6 are both: the answer has a port id, the event has not."""
    frames = [frame(NETLINK_GENERIC, bytes.fromhex(one)) for one in (ADDRESS, CLOSED, LIMITS, ANNOUNCED)]
    compare(write(tmp_path / "case.pcap", told("mptcp_pm"), *frames))
