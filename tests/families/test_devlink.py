"""Devlink: bytes made as net/devlink/*.c lays them out, and what devlink(8) heard of a simulated device."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nldissect.render.summaries.summary import summary_of
from tests.helpers.captures import messages, undecoded, value
from tests.helpers.genl_messages import attrs as packed
from tests.helpers.genl_messages import line, s32, said, text, u8, u16, u32, u64, values

HANDLE = {1: text("netdevsim"), 2: text("netdevsim10")}
U8, U16, U32, STRING, FLAG, NUL_STRING, BINARY = 1, 2, 3, 5, 6, 10, 11


def test_port(tmp_path: Path) -> None:
    """devlink_nl_port_fill(): a physical port with an Ethernet device and a function."""
    function = {1: bytes.fromhex("020000000001"), 2: u8(1), 3: u8(0), 4: u32(3) + u32(7), 6: u32(12)}
    port = {3: u32(1), 4: u16(2), 5: u16(2), 6: u32(4), 7: text("eni10np1"), 77: u16(3), 127: u16(0), 145: function}
    message = said(tmp_path, "devlink", 7, HANDLE | port)

    assert "DEVLINK_CMD_PORT_NEW" == message.layers[0].value[0].kind.json(7)
    assert {
        "DEVLINK_ATTR_BUS_NAME": "netdevsim",
        "DEVLINK_ATTR_DEV_NAME": "netdevsim10",
        "DEVLINK_ATTR_PORT_INDEX": 1,
        "DEVLINK_ATTR_PORT_TYPE": "DEVLINK_PORT_TYPE_ETH",
        "DEVLINK_ATTR_PORT_DESIRED_TYPE": "DEVLINK_PORT_TYPE_ETH",
        "DEVLINK_ATTR_PORT_NETDEV_IFINDEX": 4,
        "DEVLINK_ATTR_PORT_NETDEV_NAME": "eni10np1",
        "DEVLINK_ATTR_PORT_FLAVOUR": "DEVLINK_PORT_FLAVOUR_PCI_PF",
        "DEVLINK_ATTR_PORT_PCI_PF_NUMBER": 0,
        "DEVLINK_ATTR_PORT_FUNCTION": {
            "DEVLINK_PORT_FUNCTION_ATTR_HW_ADDR": "02:00:00:00:00:01",
            "DEVLINK_PORT_FN_ATTR_STATE": "DEVLINK_PORT_FN_STATE_ACTIVE",
            "DEVLINK_PORT_FN_ATTR_OPSTATE": "DEVLINK_PORT_FN_OPSTATE_DETACHED",
            "DEVLINK_PORT_FN_ATTR_CAPS": {
                "value": ["DEVLINK_PORT_FN_CAP_ROCE", "DEVLINK_PORT_FN_CAP_MIGRATABLE"],
                "selector": [
                    "DEVLINK_PORT_FN_CAP_ROCE",
                    "DEVLINK_PORT_FN_CAP_MIGRATABLE",
                    "DEVLINK_PORT_FN_CAP_IPSEC_CRYPTO",
                ],
            },
            "DEVLINK_PORT_FN_ATTR_MAX_IO_EQS": 12,
        },
    } == values(message)
    assert (
        "netdevsim/netdevsim10/1 type eth netdev eni10np1 flavour pci_pf pfnum 0 hw_addr 02:00:00:00:00:01 state active"
        == line(message)
    )


@pytest.mark.parametrize(
    ("kind", "data", "value"),
    [(U8, u8(7), 7), (U16, u16(300), 300), (U32, u32(70000), 70000), (4, u64(1 << 40), 1 << 40),
     (STRING, text("auto"), "auto"), (FLAG, b"", True)],
)  # fmt: skip
def test_parameter_in_its_type(tmp_path: Path, kind: int, data: bytes, value: Any) -> None:
    """devlink_nl_param_fill(): the type stands around the list of values."""
    listed = {85: [{86: data, 87: u8(0)}, {86: data, 87: u8(1)}]}
    param = {81: text("max_macs"), 82: b"", 83: u8(kind), 84: listed}
    message = said(tmp_path, "devlink", 38, HANDLE | {80: param})

    found = values(message)["DEVLINK_ATTR_PARAM"]
    assert [
        {"DEVLINK_ATTR_PARAM_VALUE_DATA": value, "DEVLINK_ATTR_PARAM_VALUE_CMODE": f"DEVLINK_PARAM_CMODE_{cmode}"}
        for cmode in ("RUNTIME", "DRIVERINIT")
    ] == found["DEVLINK_ATTR_PARAM_VALUES_LIST"]["DEVLINK_ATTR_PARAM_VALUE"]
    assert "netdevsim/netdevsim10 param max_macs type " in line(message)


def test_parameter_set(tmp_path: Path) -> None:
    """devlink dev param set netdevsim/netdevsim10 name max_macs value 16 cmode driverinit: all at the top."""
    asked = HANDLE | {81: text("max_macs"), 83: u8(U32), 86: u32(16), 87: u8(1)}
    message = said(tmp_path, "devlink", 39, asked, to="kernel")

    assert 16 == values(message)["DEVLINK_ATTR_PARAM_VALUE_DATA"]
    assert "netdevsim/netdevsim10 param max_macs type u32 value 16 cmode driverinit" == line(message)


def test_default_of_a_parameter(tmp_path: Path) -> None:
    """Linux 6.19: the default beside the value, of the same type."""
    param = {81: text("max_macs"), 83: u8(U32), 84: {85: {86: u32(32), 87: u8(1), 182: u32(64)}}}
    found = values(said(tmp_path, "devlink", 38, HANDLE | {80: param}))

    (value,) = found["DEVLINK_ATTR_PARAM"]["DEVLINK_ATTR_PARAM_VALUES_LIST"]["DEVLINK_ATTR_PARAM_VALUE"]
    assert (32, 64) == (value["DEVLINK_ATTR_PARAM_VALUE_DATA"], value["DEVLINK_ATTR_PARAM_VALUE_DEFAULT"])


def fmsg(*pairs: tuple[str, int, bytes]) -> bytes:
    """devlink_fmsg_prepare_skb(): an object of pairs."""
    parts = [packed({107: b""})]
    for name, kind, data in pairs:
        parts += [packed(one) for one in ({108: b""}, {111: text(name)}, {112: u8(kind), 113: data}, {110: b""})]
    return b"".join([*parts, packed({110: b""})])


def test_each_value_of_a_report_has_its_own_type(tmp_path: Path) -> None:
    """devlink health diagnose: the same attributes again and again, each value behind its type."""
    report = fmsg(
        ("test_bool", FLAG, u8(1)),
        ("test_u8", U8, u8(3)),
        ("test_u32", U32, u32(4)),
        ("test_u64", 4, u64(5)),
        ("test_string", NUL_STRING, text("6")),
        ("test_binary", BINARY, u32(7)),
        ("test_again", U32, u32(8)),
    )
    message = said(tmp_path, "devlink", 56, {106: report})

    found = values(message)["DEVLINK_ATTR_FMSG"]
    assert [1, 3, 4, 5, "6", "07000000", 8] == found["DEVLINK_ATTR_FMSG_OBJ_VALUE_DATA"]
    assert ["FLAG", "U8", "U32", "U64", "NUL_STRING", "BINARY", "U32"] == [
        kind.removeprefix("DEVLINK_VAR_ATTR_TYPE_") for kind in found["DEVLINK_ATTR_FMSG_OBJ_VALUE_TYPE"]
    ]
    assert "test_bool test_u8 test_u32 test_u64 test_string test_binary test_again" == line(message)


def test_a_value_before_any_type_stays_bytes(tmp_path: Path) -> None:
    message = said(tmp_path, "devlink", 56, {106: packed({113: u32(1)}) + packed({112: u8(U32), 113: u32(1)})})

    assert ["01000000", 1] == values(message)["DEVLINK_ATTR_FMSG"]["DEVLINK_ATTR_FMSG_OBJ_VALUE_DATA"]


def test_health_reporter(tmp_path: Path) -> None:
    """devlink_nl_health_reporter_fill()"""
    reporter = {115: text("dummy"), 116: u8(1), 117: u64(2), 118: u64(1), 120: u64(500), 121: u8(1), 137: u64(10**18)}
    message = said(tmp_path, "devlink", 52, HANDLE | {114: reporter})

    found = values(message)["DEVLINK_ATTR_HEALTH_REPORTER"]
    assert "DEVLINK_HEALTH_REPORTER_STATE_ERROR" == found["DEVLINK_ATTR_HEALTH_REPORTER_STATE"]
    assert (500, 10**18) == (
        found["DEVLINK_ATTR_HEALTH_REPORTER_GRACEFUL_PERIOD"],
        found["DEVLINK_ATTR_HEALTH_REPORTER_DUMP_TS_NS"],
    )
    assert (
        "netdevsim/netdevsim10 reporter dummy state error error 2 recover 1 grace_period 500 ms auto_recover 1"
        == line(message)
    )


def test_selftests_are_named_and_judged(tmp_path: Path) -> None:
    """Number 1 is the flash test to be run, and its result in the answer to DEVLINK_CMD_SELFTESTS_RUN."""
    asked = said(tmp_path, "devlink", 83, HANDLE | {176: {1: b""}}, to="kernel")
    listed = said(tmp_path, "devlink", 82, HANDLE | {176: {1: b""}})
    judged = said(tmp_path, "devlink", 83, HANDLE | {176: {1: {2: u32(1), 3: u8(1)}}})

    for message in (asked, listed):
        assert {"DEVLINK_ATTR_SELFTEST_ID_FLASH": True} == values(message)["DEVLINK_ATTR_SELFTESTS"]
    result = {
        "DEVLINK_ATTR_SELFTEST_RESULT_ID": 1,
        "DEVLINK_ATTR_SELFTEST_RESULT_STATUS": "DEVLINK_SELFTEST_STATUS_PASS",
    }
    assert {"DEVLINK_ATTR_SELFTEST_RESULT": [result]} == values(judged)["DEVLINK_ATTR_SELFTESTS"]


def test_trap(tmp_path: Path) -> None:
    """devlink_nl_trap_fill(): metadata and statistics number their attributes from 0."""
    trap = {130: text("source_mac_is_multicast"), 131: u8(0), 132: u8(0), 133: b"", 134: {0: b""},
            135: text("l2_drops"), 129: {2: u64(9), 0: u64(3), 1: u64(300)}}  # fmt: skip
    message = said(tmp_path, "devlink", 63, HANDLE | trap)

    found = values(message)
    assert {"DEVLINK_ATTR_TRAP_METADATA_TYPE_IN_PORT": True} == found["DEVLINK_ATTR_TRAP_METADATA"]
    assert {
        "DEVLINK_ATTR_STATS_RX_DROPPED": 9,
        "DEVLINK_ATTR_STATS_RX_PACKETS": 3,
        "DEVLINK_ATTR_STATS_RX_BYTES": 300,
    } == found["DEVLINK_ATTR_STATS"]
    assert (
        "netdevsim/netdevsim10 trap source_mac_is_multicast type drop action drop group l2_drops dropped 9 rx 3 packets"
        == line(message)
    )


def test_reload(tmp_path: Path) -> None:
    """devlink dev reload ... action fw_activate limit no_reset; what it did; statistics of reloads."""
    asked = said(tmp_path, "devlink", 37, HANDLE | {153: u8(2), 155: u32(2) + u32(2)}, to="kernel")
    done = said(tmp_path, "devlink", 37, HANDLE | {154: u32(6) + u32(6)})
    entry = {159: u8(0), 160: u32(3)}
    statistics = {157: {162: {153: u8(1), 163: {158: entry}}}}
    about = said(tmp_path, "devlink", 3, HANDLE | {136: u8(0), 156: statistics})

    limits = values(asked)["DEVLINK_ATTR_RELOAD_LIMITS"]
    assert {"value": ["DEVLINK_RELOAD_LIMIT_NO_RESET"], "selector": ["DEVLINK_RELOAD_LIMIT_NO_RESET"]} == limits
    performed = values(done)["DEVLINK_ATTR_RELOAD_ACTIONS_PERFORMED"]["value"]
    assert ["DEVLINK_RELOAD_ACTION_DRIVER_REINIT", "DEVLINK_RELOAD_ACTION_FW_ACTIVATE"] == performed
    (action,) = values(about)["DEVLINK_ATTR_DEV_STATS"]["DEVLINK_ATTR_RELOAD_STATS"]["DEVLINK_ATTR_RELOAD_ACTION_INFO"]
    assert "DEVLINK_RELOAD_ACTION_DRIVER_REINIT" == action["DEVLINK_ATTR_RELOAD_ACTION"]
    (once,) = action["DEVLINK_ATTR_RELOAD_ACTION_STATS"]
    assert [
        {"DEVLINK_ATTR_RELOAD_STATS_LIMIT": "DEVLINK_RELOAD_LIMIT_UNSPEC", "DEVLINK_ATTR_RELOAD_STATS_VALUE": 3}
    ] == (once["DEVLINK_ATTR_RELOAD_STATS_ENTRY"])


def test_region(tmp_path: Path) -> None:
    """devlink region show, and a read of 16 bytes in one chunk."""
    shown = said(
        tmp_path, "devlink", 42, HANDLE | {88: text("dummy"), 89: u64(32768), 90: {91: [{92: u32(1)}, {92: u32(2)}]}}
    )
    chunk = {93: {94: {95: bytes(range(16)), 96: u64(256)}}}
    read = said(tmp_path, "devlink", 46, HANDLE | {88: text("dummy")} | chunk)

    assert "netdevsim/netdevsim10 region dummy size 32768 snapshot 1 2" == line(shown)
    (one,) = values(read)["DEVLINK_ATTR_REGION_CHUNKS"]["DEVLINK_ATTR_REGION_CHUNK"]
    assert {
        "DEVLINK_ATTR_REGION_CHUNK_DATA": "000102030405060708090a0b0c0d0e0f",
        "DEVLINK_ATTR_REGION_CHUNK_ADDR": 256,
    } == one
    assert "netdevsim/netdevsim10 region dummy address 0x100" == line(read)


def test_resources_hold_resources(tmp_path: Path) -> None:
    """devlink_resource_put(): a list in a resource."""
    fib = {65: text("fib"), 67: u64(4), 66: u64(2), 73: u8(0)}
    ipv4 = {65: text("IPv4"), 67: u64((1 << 64) - 1), 66: u64(1), 69: u8(1), 63: {64: fib}}
    message = said(tmp_path, "devlink", 36, HANDLE | {63: {64: ipv4}})

    (outer,) = values(message)["DEVLINK_ATTR_RESOURCE_LIST"]["DEVLINK_ATTR_RESOURCE"]
    (inner,) = outer["DEVLINK_ATTR_RESOURCE_LIST"]["DEVLINK_ATTR_RESOURCE"]
    assert (2**64 - 1, 4, "DEVLINK_RESOURCE_UNIT_ENTRY") == (
        outer["DEVLINK_ATTR_RESOURCE_SIZE"],
        inner["DEVLINK_ATTR_RESOURCE_SIZE"],
        inner["DEVLINK_ATTR_RESOURCE_UNIT"],
    )


def test_headers_are_named_where_all_devices_share_them(tmp_path: Path) -> None:
    """devlink_dpipe_header_put(): 1 is IPv4 among the global ones, whatever the device likes among its own."""
    common, own = ({49: {50: {51: text("x"), 52: u32(1), 54: u8(is_global)}}} for is_global in (1, 0))

    found = [values(said(tmp_path, "devlink", 33, HANDLE | one)) for one in (common, own)]
    ids = [
        one["DEVLINK_ATTR_DPIPE_HEADERS"]["DEVLINK_ATTR_DPIPE_HEADER"][0]["DEVLINK_ATTR_DPIPE_HEADER_ID"]
        for one in found
    ]
    assert ["DEVLINK_DPIPE_HEADER_IPV4", 1] == ids


def test_rate_linecard_namespace(tmp_path: Path) -> None:
    """devlink port function rate show; devlink lc show; the device inside another device, of no known namespace."""
    bandwidths = {180: [{1: u8(0), 2: u32(20)}, {1: u8(1), 2: u32(80)}]}
    rate = said(tmp_path, "devlink", 76, HANDLE | {165: u16(1), 168: text("g1"), 167: u64(125000)} | bandwidths)
    types = {
        174: {173: [text("16x100G"), text("8x400G")]},
        171: u32(8),
        172: u8(5),
        175: {1: text("pci"), 140: s32(-1)},
    }
    linecard = said(tmp_path, "devlink", 80, HANDLE | types)

    assert "netdevsim/netdevsim10 rate node g1 tx_max 1 Mbit/s" == line(rate)
    assert [{"DEVLINK_RATE_TC_ATTR_INDEX": 0, "DEVLINK_RATE_TC_ATTR_BW": 20}] == (
        values(rate)["DEVLINK_ATTR_RATE_TC_BWS"][:1]
    )
    found = values(linecard)
    assert ["16x100G", "8x400G"] == found["DEVLINK_ATTR_LINECARD_SUPPORTED_TYPES"]["DEVLINK_ATTR_LINECARD_TYPE"]
    assert -1 == found["DEVLINK_ATTR_NESTED_DEVLINK"]["DEVLINK_ATTR_NETNS_ID"]


def said_of(command: str, direction: str | None = "to user") -> list[dict[str, Any]]:
    return [values(one) for one in messages("devlink.pcap", "devlink", direction, cmd=f"DEVLINK_CMD_{command}")]


def lines_of(command: str, direction: str | None = "to user") -> list[str]:
    return [summary_of(one) for one in messages("devlink.pcap", "devlink", direction, cmd=f"DEVLINK_CMD_{command}")]


def test_all_of_a_device_is_known() -> None:
    """devlink(8) asks a reporter for what it has to say with every name written twice."""
    twice = {f"DEVLINK_ATTR_{name} repeats" for name in ("BUS_NAME", "DEV_NAME", "HEALTH_REPORTER_NAME")}
    assert {("devlink", notice) for notice in twice} == set(undecoded("devlink.pcap"))
    assert 50 == len({value(one, "cmd") for one in messages("devlink.pcap", "devlink")})


def test_parameters_of_a_device() -> None:
    """devlink dev param show: "max_macs ... cmode driverinit value 32", "test1 ... cmode driverinit value true"."""
    assert [
        "netdevsim/netdevsim1 param max_macs type u32 value 32 cmode driverinit",
        "netdevsim/netdevsim1 param test1 type flag value true cmode driverinit",
    ] == lines_of("PARAM_GET")[:2]
    assert "netdevsim/netdevsim1 param test1 type flag cmode driverinit" == lines_of("PARAM_SET", "to kernel")[1]


def test_resources_of_a_device() -> None:
    """devlink resource show: "name IPv4 size unlimited unit entry size_min 0 ... name fib size unlimited occ 3"."""
    four, six, hops = said_of("RESOURCE_DUMP")[0]["DEVLINK_ATTR_RESOURCE_LIST"]["DEVLINK_ATTR_RESOURCE"]
    found = {
        (outer["DEVLINK_ATTR_RESOURCE_NAME"], inner["DEVLINK_ATTR_RESOURCE_NAME"]): inner["DEVLINK_ATTR_RESOURCE_OCC"]
        for outer in (four, six)
        for inner in outer["DEVLINK_ATTR_RESOURCE_LIST"]["DEVLINK_ATTR_RESOURCE"]
    }

    assert {("IPv4", "fib"): 3, ("IPv4", "fib-rules"): 3, ("IPv6", "fib"): 1, ("IPv6", "fib-rules"): 2} == found
    assert ("nexthops", 0) == (hops["DEVLINK_ATTR_RESOURCE_NAME"], hops["DEVLINK_ATTR_RESOURCE_OCC"])
    assert 2**64 - 1 == four["DEVLINK_ATTR_RESOURCE_SIZE"]


def test_report_of_a_device() -> None:
    """devlink health diagnose: "test_bool: true test_u8: 1 test_u32: 3 test_u64: 4 test_string: somestring ..."."""
    report = said_of("HEALTH_REPORTER_DIAGNOSE")[0]["DEVLINK_ATTR_FMSG"]
    names, found = report["DEVLINK_ATTR_FMSG_OBJ_NAME"], report["DEVLINK_ATTR_FMSG_OBJ_VALUE_DATA"]

    assert ["test_bool", "test_u8", "test_u32", "test_u64", "test_string", "test_binary"] == names[:6]
    assert [1, 1, 3, 4, "somestring"] == found[:5]
    assert 16 == len(bytes.fromhex(found[5]))
    assert "reporter dummy state error error 1 recover 0" in lines_of("HEALTH_REPORTER_RECOVER", None)[0]


def test_traps_of_a_device() -> None:
    """devlink trap set ... blackhole_route action trap; devlink trap group set ... policer 3."""
    assert "netdevsim/netdevsim1 trap blackhole_route action trap" == lines_of("TRAP_SET", "to kernel")[0]
    assert "netdevsim/netdevsim1 action trap group l3_drops policer 3" == lines_of("TRAP_GROUP_SET", "to kernel")[0]
    assert (
        "netdevsim/netdevsim1 policer 3 rate 3000 packets/s burst 512 dropped 0"
        == lines_of("TRAP_POLICER_NEW", None)[2]
    )


def test_rates_of_a_device() -> None:
    """devlink port function rate show: "128: type leaf tx_max 5Mbit parent group"; rates go over in bytes a second."""
    shown = [one for one in said_of("RATE_NEW") if one.get("DEVLINK_ATTR_RATE_PARENT_NODE_NAME") == "group"]

    assert {(128, 5_000_000)} == {
        (one["DEVLINK_ATTR_PORT_INDEX"], 8 * one["DEVLINK_ATTR_RATE_TX_MAX"]) for one in shown
    }


def test_memory_of_a_device() -> None:
    """devlink region read ... address 0 length 64."""
    (chunk,) = said_of("REGION_READ")[0]["DEVLINK_ATTR_REGION_CHUNKS"]["DEVLINK_ATTR_REGION_CHUNK"]

    data = bytes.fromhex(chunk["DEVLINK_ATTR_REGION_CHUNK_DATA"])
    assert (0, 64) == (chunk["DEVLINK_ATTR_REGION_CHUNK_ADDR"], len(data))


def test_refusals_name_the_attribute() -> None:
    """devlink dev reload ... limit no_reset: "Attribute failed policy validation", at the bits that were asked for."""
    asked = said_of("RELOAD", "to kernel")[-1]

    assert ["DEVLINK_RELOAD_LIMIT_NO_RESET"] == asked["DEVLINK_ATTR_RELOAD_LIMITS"]["value"]
    assert "netdevsim/netdevsim1 file image component fw.mgmt" == lines_of("FLASH_UPDATE", "to kernel")[0]
