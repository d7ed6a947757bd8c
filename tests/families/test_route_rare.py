"""Route messages that few programs send or hear: bytes from a Linux 6.12, or laid out as the headers say."""

from __future__ import annotations

from tests.helpers.captures import value
from tests.helpers.route_messages import attribute, attrs, body, from_body, from_hex, line

# A router advertisement heard: lifetime of the prefix 7200 and 3600 s, RDNSS 2001:db8::53, DNSSL example.com.
PREFIX = (
    "3c0000003400000000000000000000000a000000030000000340c0001400010020010db8000500000000000000000000"
    "0c000200100e0000201c0000"
)
RDNSS = (
    "4c0000004400000000000000000000000a001800030000008600000000000000190300000000025820010db8000000000000000000000053"
    "14000100fe80000000000000c0514dfffe380790"
)
DNSSL = (
    "4c0000004400000000000000000000000a0018000300000086000000000000001f03000000000258076578616d706c6503636f6d00000000"
    "14000100fe80000000000000c0514dfffe380790"
)


def test_prefix() -> None:
    """The flags are those of the option: on-link and autonomous."""
    message = from_hex(PREFIX)

    assert {
        "prefix_family": "AF_INET6",
        "prefix_ifindex": 3,
        "prefix_type": "ND_OPT_PREFIX_INFO",
        "prefix_len": 64,
        "prefix_flags": ["IF_PREFIX_RA_AUTOCONF", "IF_PREFIX_RA_ONLINK"],
        "attrs": {
            "PREFIX_ADDRESS": "2001:db8:5::",
            "PREFIX_CACHEINFO": {"preferred_time": 3600, "valid_time": 7200},
        },
    } == body(message)
    assert "2001:db8:5::/64 dev if3 <RA_AUTOCONF,RA_ONLINK> valid 7200 s preferred 3600 s" == line(message)


def test_name_server_option() -> None:
    """The option stands between header and attributes; its length is counted in units of 8 bytes."""
    message = from_hex(RDNSS)

    assert {
        "nd_opt_type": "ND_OPT_RDNSS",
        "nd_opt_len": 3,
        "data": {"lifetime": 600, "addresses": ["2001:db8::53"]},
    } == value(message, "options")
    assert {"NDUSEROPT_SRCADDR": "fe80::c051:4dff:fe38:790"} == attrs(message)
    assert "dev if3 rdnss from fe80::c051:4dff:fe38:790" == line(message)


def test_search_list_option() -> None:
    data = value(from_hex(DNSSL), "options")["data"]
    assert (600, b"\x07example\x03com\0".ljust(16, b"\0").hex()) == (data["lifetime"], data["names"])


# A multicast routing daemon: a packet nobody asked for, one handed over whole, a cache entry, the state of the tables.
NOCACHE = (
    "48000000600000000000000000000000800000000500010001000000080002000000000008000300c000020708000400ef090909"
    "08000600fd0000000c00050001000000ffffffff"
)
WHOLE = (
    "60000000600000000000000000000000800000000500010003000000080002000200000008000300c000020708000400ef090908"
    "08000600fd000000220005004500001e3082400008118834c0000207ef090908d1ff0009000aba3468690000"
)
CACHE = (
    "7800000018000200c7cb046b2700000080202000fd1100050000000008000f00fd00000008000200c000020708000100ef090909"
    "08000300030000000c0009000800000104000000040018001c00110000000000000000000000000000000000000000000000000004001800"
    "0c0017000600000000000000"
)


def test_cache_report() -> None:
    """A packet from 192.0.2.7 to 239.9.9.9 came in on the first interface and no route is known."""
    message = from_hex(NOCACHE)

    assert "RTM_NEWCACHEREPORT" == message.type_name
    assert {
        "IPMRA_CREPORT_MSGTYPE": "IGMPMSG_NOCACHE",
        "IPMRA_CREPORT_VIF_ID": 0,
        "IPMRA_CREPORT_SRC_ADDR": "192.0.2.7",
        "IPMRA_CREPORT_DST_ADDR": "239.9.9.9",
        "IPMRA_CREPORT_TABLE": "RT_TABLE_DEFAULT",
    }.items() <= attrs(message).items()


def test_cache_report_with_the_packet() -> None:
    """The register interface hands the whole packet over; Scapy opens it."""
    node = from_hex(WHOLE).find("IPMRA_CREPORT_PKT")
    assert node is not None
    packet = node.kind.opened(node.value)  # type: ignore[attr-defined]
    assert ("192.0.2.7", "239.9.9.8", b"hi") == (packet.src, packet.dst, packet["Raw"].load)


def test_ipv6_cache_report() -> None:
    """RTNL_FAMILY_IP6MR has a set of its own (linux/mroute6.h)."""
    message = from_body(96, b"\x81\0\0\0" + attribute(1, b"\x01") + attribute(2, b"\x02\0\0\0"), flags=0)
    assert {"IP6MRA_CREPORT_MSGTYPE": "MRT6MSG_NOCACHE", "IP6MRA_CREPORT_MIF_ID": 2} == attrs(message)


def test_multicast_route() -> None:
    """ip mroute show: "(192.0.2.7,239.9.9.9) Iif: d0 Oifs: d1 State: resolved"; RTA_EXPIRES is 64 bits wide here"""
    message = from_hex(CACHE)

    assert ("RTNL_FAMILY_IPMR", "RTN_MULTICAST", "RTPROT_MROUTED") == tuple(
        value(message, name) for name in ("rtm_family", "rtm_type", "rtm_protocol")
    )
    assert ("192.0.2.7", "239.9.9.9", 3, 6) == tuple(
        value(message, f"RTA_{name}") for name in ("SRC", "DST", "IIF", "EXPIRES")
    )
    assert {"mfcs_packets": 0, "mfcs_bytes": 0, "mfcs_wrong_if": 0} == value(message, "RTA_MFC_STATS")
    assert [4] == [hop["rtnh_ifindex"] for hop in value(message, "RTA_MULTIPATH")]


def test_multicast_tables() -> None:
    """RTM_GETLINK of that family: interfaces by index or by address, as their flags say"""
    by_index = attribute(3, b"\x08\0") + attribute(8, b"\x04\0\0\0")
    by_address = attribute(3, b"\x01\0") + attribute(8, bytes([192, 0, 2, 1]))
    vifs = attribute(6, attribute(1, by_index) + attribute(1, by_address))
    message = from_body(16, b"\x80" + bytes(15) + attribute(26, attribute(1, b"\xfd\0\0\0") + vifs), flags=2)
    table = attrs(message)["IFLA_AF_SPEC"]

    assert "RT_TABLE_DEFAULT" == table["IPMRA_TABLE_ID"]
    assert [(["VIFF_USE_IFINDEX"], 4), (["VIFF_TUNNEL"], "192.0.2.1")] == [
        (one["IPMRA_VIFA_FLAGS"], one["IPMRA_VIFA_LOCAL_ADDR"]) for one in table["IPMRA_TABLE_VIFS"]["IPMRA_VIF"]
    ]


def test_can_gateway() -> None:
    """A CAN gateway job is a route of AF_CAN: a request, and the job as the kernel lists it."""
    request = from_hex(
        "580000001800050001000000000000001d010100080009000500000008000a00060000000c000b0023010000ff070000"
        "15000400560400000800000000010203040506070500000008000500000304aa08000e004d000000"
    )
    assert {
        "can_family": "AF_CAN",
        "gwtype": "CGW_TYPE_CAN_CAN",
        "flags": ["CGW_FLAGS_CAN_ECHO"],
        "attrs": {
            "CGW_SRC_IF": 5,
            "CGW_DST_IF": 6,
            "CGW_FILTER": {"can_id": 0x123, "can_mask": 0x7FF},
            "CGW_MOD_SET": {
                "can_id": 0x456,
                "len": 8,
                "len8_dlc": 0,
                "data": "0001020304050607",
                "modtype": ["CGW_MOD_ID", "CGW_MOD_DATA"],
            },
            "CGW_CS_XOR": {"from_idx": 0, "to_idx": 3, "result_idx": 4, "init_xor_val": 0xAA},
            "CGW_MOD_UID": 77,
        },
    } == body(request)
    assert "can_can src if5 dst if6 <CAN_ECHO> uid 77" == line(request)
    dump = from_hex("140000001a00010302000000000000001d000000")
    assert "rtcanmsg" == dump.layers[-1].name


def test_priority_flow_control() -> None:
    """dcb pfc show dev eth0: struct ieee_pfc has two holes (linux/dcbnl.h)."""
    ieee = attribute(2, bytes([8, 0x0C, 1, 0]) + b"\x2a\0\0\0" + bytes(range(64)) + bytes(64))
    message = from_body(78, b"\0\x15\0\0" + attribute(1, b"eth0\0") + attribute(13, ieee), flags=0)
    pfc = attrs(message)["DCB_ATTR_IEEE"]["DCB_ATTR_IEEE_PFC"]

    assert (8, 0x0C, 1, 42) == tuple(pfc[name] for name in ("pfc_cap", "pfc_en", "mbc", "delay"))
    assert int.from_bytes(range(8), "little") == pfc["requests"][0]
    assert [0] * 8 == pfc["indications"]
    assert line(message).startswith("ieee_get dev eth0")


def test_application_priorities() -> None:
    """dcb app: an entry {selector, priority, protocol}; selectors of two number spaces share a table."""
    table = attribute(3, attribute(1, bytes([1, 3, 0x06, 0x89])) + attribute(2, bytes([255, 5, 2, 0])))
    message = from_body(79, b"\0\x14\0\0" + attribute(1, b"eth0\0") + attribute(13, table))

    assert {
        "DCB_ATTR_IEEE_APP": [{"selector": "IEEE_8021QAZ_APP_SEL_ETHERTYPE", "priority": 3, "protocol": 0x8906}],
        "DCB_ATTR_DCB_APP": [{"selector": "DCB_APP_SEL_PCP", "priority": 5, "protocol": 2}],
    } == attrs(message)["DCB_ATTR_IEEE"]["DCB_ATTR_IEEE_APP_TABLE"]


def test_result_of_a_dcb_command() -> None:
    """The answer to DCB_CMD_IEEE_SET has one byte where the question had a nest."""
    message = from_body(79, b"\0\x14\0\0" + attribute(13, b"\0"), flags=0)
    assert {"DCB_ATTR_IEEE": 0} == attrs(message)


def test_cee_priority_groups() -> None:
    """Nests numbered by traffic class and by group."""
    group = attribute(1, b"\x02") + attribute(4, b"\x32")
    message = from_body(
        78, b"\0\x03\0\0" + attribute(1, b"eth0\0") + attribute(6, attribute(1, group) + attribute(11, b"\x64"))
    )
    assert {
        "DCB_PG_ATTR_TC_0": {"DCB_TC_ATTR_PARAM_PGID": 2, "DCB_TC_ATTR_PARAM_BW_PCT": 50},
        "DCB_PG_ATTR_BW_ID_0": 100,
    } == attrs(message)["DCB_ATTR_PG_CFG"]
