"""NETLINK_RDMA: a software RoCE device of a real kernel against what rdma(8) printed of it in the same run; what takes
hardware or daemons as nldev.c, iwpm_msg.c and sa_query.c of Linux 6.12 lay it out."""

from __future__ import annotations

import struct
from ipaddress import ip_address

from nldissect.families.rdma.nldev import RDMA_NLDEV, nldev
from nldissect.wire import NETLINK_RDMA, DecodedMessage
from tests.helpers.captures import frames, messages, plain, rebuilt, replies, undecoded, value
from tests.helpers.hex_messages import attribute, of_body, u32
from tests.helpers.route_messages import attrs, body, line

REQUEST = 1


def u64(number: int) -> bytes:
    return number.to_bytes(8, "little")


def nest(number: int, *inner: bytes) -> bytes:
    return attribute(number | 0x8000, b"".join(inner))


def told(operation: int, *inner: bytes) -> DecodedMessage:
    """What the kernel says of its devices."""
    found = of_body(NETLINK_RDMA, 5 << 10 | operation, b"".join(inner))
    assert [] == found.notes
    return found


def test_software_roce_device() -> None:
    """rdma -j -d dev show; rdma -j -d link show"""
    (device,) = replies("rdma.pcap", "RDMA_NLDEV_CMD_GET")
    (port,) = replies("rdma.pcap", "RDMA_NLDEV_CMD_PORT_GET")

    assert ("rxe0", "RDMA_NODE_IB_CA", "roce", 0x000000FFFE000001) == tuple(
        attrs(device)[f"RDMA_NLDEV_ATTR_{name}"] for name in ("DEV_NAME", "DEV_NODE_TYPE", "DEV_PROTOCOL", "NODE_GUID")
    )
    flags = value(device, "RDMA_NLDEV_ATTR_CAP_FLAGS")
    assert [
        "BAD_PKEY_CNTR", "BAD_QKEY_CNTR", "AUTO_PATH_MIG", "CHANGE_PHY_PORT", "UD_AV_PORT_ENFORCE", "PORT_ACTIVE_EVENT",
        "SYS_IMAGE_GUID", "RC_RNR_NAK_GEN", "SRQ_RESIZE", "MEM_WINDOW", "MEM_MGT_EXTENSIONS", "MEM_WINDOW_TYPE_2B",
        "FLUSH_GLOBAL", "FLUSH_PERSISTENT", "ATOMIC_WRITE",
    ] == [name.removeprefix("IB_DEVICE_") for name in flags]  # fmt: skip
    assert {
        "RDMA_NLDEV_ATTR_DEV_INDEX": 0, "RDMA_NLDEV_ATTR_DEV_NAME": "rxe0", "RDMA_NLDEV_ATTR_PORT_INDEX": 1,
        "RDMA_NLDEV_ATTR_PORT_STATE": "IB_PORT_ACTIVE", "RDMA_NLDEV_ATTR_PORT_PHYS_STATE": "IB_PORT_PHYS_STATE_LINK_UP",
        "RDMA_NLDEV_ATTR_NDEV_INDEX": 2, "RDMA_NLDEV_ATTR_NDEV_NAME": "d0",
    } == attrs(port)  # fmt: skip


def test_what_the_device_holds() -> None:
    """rdma -j resource show: [{"ifname":"rxe0","pd":1,"cq":1,"qp":1,"cm_id":0,"mr":0,"ctx":0,"srq":0}]"""
    (summary,) = replies("rdma.pcap", "RDMA_NLDEV_CMD_RES_GET")
    rows = value(summary, "RDMA_NLDEV_ATTR_RES_SUMMARY")["RDMA_NLDEV_ATTR_RES_SUMMARY_ENTRY"]
    (pair,) = replies("rdma.pcap", "RDMA_NLDEV_CMD_RES_QP_GET")

    assert {"pd": 1, "cq": 1, "qp": 1, "cm_id": 0, "mr": 0, "ctx": 0, "srq": 0} == {
        row["RDMA_NLDEV_ATTR_RES_SUMMARY_ENTRY_NAME"]: row["RDMA_NLDEV_ATTR_RES_SUMMARY_ENTRY_CURR"] for row in rows
    }
    assert ("IB_QPT_GSI", "IB_QPS_RTS", "ib_core", 1) == tuple(
        value(pair, f"RDMA_NLDEV_ATTR_RES_{name}") for name in ("TYPE", "STATE", "KERN_NAME", "LQPN")
    )


def test_statistics_of_a_port() -> None:
    """rdma -j statistic show: fifteen counters, "sent_pkts" first, all of them 0"""
    (found,) = replies("rdma.pcap", "RDMA_NLDEV_CMD_STAT_GET")
    rows = value(found, "RDMA_NLDEV_ATTR_STAT_HWCOUNTERS")["RDMA_NLDEV_ATTR_STAT_HWCOUNTER_ENTRY"]
    pairs = [tuple(row[f"RDMA_NLDEV_ATTR_STAT_HWCOUNTER_ENTRY_{key}"] for key in ("NAME", "VALUE")) for row in rows]

    assert (15, ("sent_pkts", 0), ("rdma_recvs", 0)) == (len(pairs), pairs[0], pairs[-1])


def test_character_device_and_system() -> None:
    (file,) = replies("rdma.pcap", "RDMA_NLDEV_CMD_GET_CHARDEV")
    (system,) = replies("rdma.pcap", "RDMA_NLDEV_CMD_SYS_GET")

    assert ("uverbs0", 2) == tuple(attrs(file)[f"RDMA_NLDEV_ATTR_CHARDEV_{key}"] for key in ("NAME", "ABI"))
    assert "RDMA_DRIVER_RXE" == attrs(file)["RDMA_NLDEV_ATTR_UVERBS_DRIVER_ID"]
    assert 1 == attrs(system)["RDMA_NLDEV_SYS_ATTR_NETNS_MODE"]  # shared


def test_monitor_hears_of_the_device() -> None:
    """rdma monitor, while it was made, renamed and taken away"""
    assert [
        "register_event rxe0",
        "netdev_attach_event rxe0/1 netdev d0",
        "unregister_event renamed",
    ] == [line(one) for one in messages("rdma.pcap", "RDMA_NLDEV_CMD_MONITOR", "notification")]


def test_everything_of_the_capture_is_described() -> None:
    assert [] == undecoded("rdma.pcap")
    assert list(frames("rdma.pcap")) == rebuilt("rdma.pcap")


SIW = attribute(1, u32(0)) + attribute(2, b"siw0\0")


def test_device() -> None:
    """rdma dev show siw0"""
    found = told(
        1, SIW, attribute(3, u32(1)), attribute(4, u64(1 << 21 | 1 << 40)), attribute(6, u64(0x0200000000000001)),
        attribute(7, u64(0x0200000000000001)), attribute(14, b"\4"), attribute(84, b"\0"), attribute(101, b"\1"),
        attribute(67, b"iw\0"),
    )  # fmt: skip

    assert "RDMA_NLDEV_CMD_GET" == found.type_name
    assert ["IB_DEVICE_MEM_MGT_EXTENSIONS", "IB_DEVICE_ATOMIC_WRITE"] == value(found, "RDMA_NLDEV_ATTR_CAP_FLAGS")
    assert ("RDMA_NODE_RNIC", "iw") == (attrs(found)["RDMA_NLDEV_ATTR_DEV_NODE_TYPE"],
                                        attrs(found)["RDMA_NLDEV_ATTR_DEV_PROTOCOL"])  # fmt: skip
    assert "siw0/1 node_type rnic protocol iw node_guid 0x200000000000001" == line(found)


def test_port() -> None:
    """rdma link show; capabilities of a port are others than those of a device."""
    found = told(
        5, SIW, attribute(3, u32(1)), attribute(4, u64(1 << 16 | 1 << 37)), attribute(12, b"\4"), attribute(13, b"\5"),
        attribute(50, u32(2)), attribute(51, b"eth0\0"),
    )  # fmt: skip

    assert ["IB_PORT_CM_SUP", "IB_PORT_LINK_SPEED_HDR_SUP"] == value(found, "RDMA_NLDEV_ATTR_CAP_FLAGS")
    assert "siw0/1 state active physical_state link_up netdev eth0" == line(found)


def test_resources() -> None:
    """rdma resource show"""
    rows = (nest(16, attribute(17, name), attribute(18, u64(count))) for name, count in ((b"qp\0", 1), (b"cq\0", 2)))
    found = told(9, SIW, nest(15, *rows))

    assert [
        {"RDMA_NLDEV_ATTR_RES_SUMMARY_ENTRY_NAME": "qp", "RDMA_NLDEV_ATTR_RES_SUMMARY_ENTRY_CURR": 1},
        {"RDMA_NLDEV_ATTR_RES_SUMMARY_ENTRY_NAME": "cq", "RDMA_NLDEV_ATTR_RES_SUMMARY_ENTRY_CURR": 2},
    ] == attrs(found)["RDMA_NLDEV_ATTR_RES_SUMMARY"]["RDMA_NLDEV_ATTR_RES_SUMMARY_ENTRY"]
    assert "siw0 resources 2" == line(found)


def test_state_and_type_depend_on_the_object() -> None:
    """rdma resource show qp, cm_id, srq: one number, three enumerations."""
    both = attribute(26, b"\2") + attribute(27, b"\3")
    qp = told(10, SIW, nest(19, nest(20, attribute(21, u32(17)), both, attribute(29, b"ib_core\0"))))
    peer = attribute(33, struct.pack("<H", 2) + bytes.fromhex("0014 c0000201") + bytes(120))
    cm = told(11, SIW, nest(30, nest(31, both, attribute(32, u32(0x106)), peer)))
    srq = told(23, SIW, nest(88, nest(89, both)))

    def pair(message: DecodedMessage) -> tuple[str, str]:
        return value(message, "RDMA_NLDEV_ATTR_RES_TYPE"), value(message, "RDMA_NLDEV_ATTR_RES_STATE")

    assert ("IB_QPT_RC", "IB_QPS_RTS") == pair(qp)
    assert ("IB_QPT_RC", "RDMA_CM_ROUTE_QUERY") == pair(cm)
    assert "IB_SRQT_TM" == pair(srq)[0]
    assert ("AF_INET", 20, "192.0.2.1") == tuple(value(cm, key) for key in ("ss_family", "sin_port", "sin_addr"))
    assert "RDMA_PS_TCP" == value(cm, "RDMA_NLDEV_ATTR_RES_PS")


def test_driver_details_stand_flat() -> None:
    """cxgb4's restrack.c: name, then value, one after the other in one nest."""
    pairs = (attribute(54, b"sqid\0"), attribute(57, u32(5)), attribute(54, b"memsize\0"), attribute(55, b"\1"),
             attribute(57, u32(4096)))  # fmt: skip
    found = told(10, SIW, nest(19, nest(20, nest(52, *pairs))))

    assert {
        "RDMA_NLDEV_ATTR_DRIVER_STRING": ["sqid", "memsize"],
        "RDMA_NLDEV_ATTR_DRIVER_U32": [5, 4096],
        "RDMA_NLDEV_ATTR_DRIVER_PRINT_TYPE": ["RDMA_NLDEV_PRINT_TYPE_HEX"],
    } == value(found, "RDMA_NLDEV_ATTR_DRIVER")


def test_counters() -> None:
    """rdma statistic show link siw0/1, with the padding that 64-bit values need on some machines."""
    entry = nest(81, attribute(82, b"tx_pkts\0"), attribute(0, b""), attribute(83, u64(1 << 40)))
    found = told(17, SIW, attribute(3, u32(1)), attribute(75, u32(19)), nest(80, entry))

    assert [
        {
            "RDMA_NLDEV_ATTR_STAT_HWCOUNTER_ENTRY_NAME": "tx_pkts",
            "RDMA_NLDEV_ATTR_STAT_HWCOUNTER_ENTRY_VALUE": 1 << 40,
        }
    ] == value(found, "RDMA_NLDEV_ATTR_STAT_HWCOUNTERS")["RDMA_NLDEV_ATTR_STAT_HWCOUNTER_ENTRY"]
    assert "RDMA_NLDEV_ATTR_RES_QP" == value(found, "RDMA_NLDEV_ATTR_STAT_RES")
    assert "siw0/1 stat qp hwcounters 1" == line(found)


def test_event() -> None:
    """rdma monitor"""
    found = told(28, attribute(102, b"\2"), SIW, attribute(3, u32(1)), attribute(50, u32(2)), attribute(51, b"eth0\0"))

    assert "RDMA_NLDEV_CMD_MONITOR" == found.type_name
    assert "netdev_attach_event siw0/1 netdev eth0" == line(found)


def test_new_link_from_scapy() -> None:
    """rdma link add siw0 type siw netdev eth0"""
    message = nldev(attrs=[RDMA_NLDEV.ATTR_DEV_NAME("siw0"), RDMA_NLDEV.ATTR_LINK_TYPE("siw"),
                           RDMA_NLDEV.ATTR_NDEV_NAME("eth0")])  # fmt: skip
    found = of_body(NETLINK_RDMA, 5 << 10 | 3, bytes(message), REQUEST)

    assert "RDMA_NLDEV_CMD_NEWLINK" == found.type_name
    assert "siw0 type siw netdev eth0" == line(found)


def storage(text: str, port: int) -> bytes:
    """struct sockaddr_storage"""
    packed = ip_address(text).packed
    head = struct.pack("<H", 2 if len(packed) == 4 else 10) + port.to_bytes(2, "big")
    return (head + (packed if len(packed) == 4 else bytes(4) + packed)).ljust(128, b"\0")


def test_port_mapper_answers_the_kernel() -> None:
    """What the kernel asks iwpmd, and what that answers under the same number."""
    asked = attribute(1, u32(9)) + attribute(2, storage("192.0.2.1", 4000))
    answer = attribute(3, storage("192.0.2.1", 33000)) + attribute(4, struct.pack("<H", 0))
    to_user = of_body(NETLINK_RDMA, 0x801, asked + attribute(3, u32(1)))
    to_kernel = of_body(NETLINK_RDMA, 0x801, asked + answer, REQUEST)

    assert {"RDMA_NL_IWPM_ADD_MAPPING"} == {to_user.type_name, to_kernel.type_name}
    assert "192.0.2.1:4000 NO_PORT_MAP" == line(to_user)
    assert "192.0.2.1:4000 mapped to 192.0.2.1:33000 error 0" == line(to_kernel)
    assert 33000 == value(to_kernel, "IWPM_NLA_RMANAGE_MAPPED_LOC_ADDR.sin_port")


def test_port_mapper_over_ipv6() -> None:
    asked = attribute(1, u32(9)) + attribute(2, storage("2001:db8::1", 1)) + attribute(3, storage("2001:db8::2", 2))

    assert "[2001:db8::1]:1 > [2001:db8::2]:2" == line(of_body(NETLINK_RDMA, 0x802, asked))


def test_port_mapper_registers() -> None:
    """Names in fields of fixed size: 16 bytes of interface, 32 of device and of library."""
    names = (b"eth0".ljust(16, b"\0"), b"siw0".ljust(32, b"\0"), b"iWarpPortMapperUser".ljust(32, b"\0"))
    hello = attribute(1, u32(1)) + b"".join(attribute(number, name) for number, name in enumerate(names, 2))

    assert "siw0 (eth0) with iWarpPortMapperUser" == line(of_body(NETLINK_RDMA, 0x800, hello))
    refused = attribute(1, u32(1)) + attribute(2, names[1]) + attribute(5, struct.pack("<H", 14))
    assert "siw0: client_dev_info_err" == line(of_body(NETLINK_RDMA, 0x800, refused, REQUEST))


GID = ip_address("fe80::2:c903:0:1").packed


def test_path_is_resolved() -> None:
    """The kernel's question has a header; its attributes carry RDMA_NLA_F_MANDATORY."""
    head = b"mlx4_0".ljust(64, b"\0") + bytes([1, 1, 0, 0])
    rows = attribute(0x2004, GID) + attribute(0x2007, struct.pack("<H", 0xFFFF)) + attribute(0x2006, b"\0")
    found = of_body(NETLINK_RDMA, 0x1000, head + rows)

    assert [] == found.notes
    assert {"LS_NLA_TYPE_DGID": "fe80::2:c903:0:1", "LS_NLA_TYPE_PKEY": 0xFFFF, "LS_NLA_TYPE_TCLASS": 0} == attrs(found)
    assert "mlx4_0/1 unidirectional to fe80::2:c903:0:1" == line(found)


def test_path_record() -> None:
    """The answer has no header: records as on the wire of InfiniBand, in network order."""
    record = struct.pack(">Q16s16sHHIBBHHBBBB6x", 7, GID, GID, 3, 4, 0x40, 0, 0x81, 0xFFFF, 0x0001, 0x84, 0x83, 0x92, 0)
    found = of_body(NETLINK_RDMA, 0x1000, attribute(1, u32(1 << 1 | 1 << 3) + u32(0) + record), REQUEST)

    assert [] == found.notes
    (one,) = attrs(found)["LS_NLA_TYPE_PATH_RECORD"]
    assert ["IB_PATH_PRIMARY", "IB_PATH_OUTBOUND"] == one["flags"]
    assert (7, 3, 4, 0xFFFF) == tuple(one[key] for key in ("service_id", "dlid", "slid", "pkey"))


def test_address_is_resolved() -> None:
    found = of_body(NETLINK_RDMA, 0x1002, u32(2) + attribute(0x2009, bytes([192, 0, 2, 9])))

    assert {"ifindex": 2, "attrs": {"LS_NLA_TYPE_IPV4": "192.0.2.9"}} == body(found)
    assert "192.0.2.9 dev if2" == line(found)


def test_timeout() -> None:
    found = of_body(NETLINK_RDMA, 0x1001, attribute(2, u32(2000)), REQUEST)

    assert "timeout 2000 ms" == line(found)
    assert {"attrs": {"LS_NLA_TYPE_TIMEOUT": 2000}} == plain(found.layers[-1])
