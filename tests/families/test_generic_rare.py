"""Generic families that no kernel here can exercise: bytes laid out by hand as the kernel's sources put them."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from nldissect.wire import DecodedMessage
from nldissect.wire.packets.bindings import commands_of
from tests.helpers.captures import plain, value
from tests.helpers.hex_messages import attribute, of_command, u32
from tests.helpers.route_messages import attrs, line

REQUEST = 1


def u8(number: int) -> bytes:
    return bytes([number])


def u16(number: int) -> bytes:
    return number.to_bytes(2, "little")


def u64(number: int) -> bytes:
    return number.to_bytes(8, "little")


def nest(number: int, *parts: bytes) -> bytes:
    return attribute(number | 0x8000, b"".join(parts))


def said(family: str, command: int, *parts: bytes, flags: int = 0) -> DecodedMessage:
    """A message of that family; without flags it comes from the kernel."""
    message = of_command(family, command, b"".join(parts), flags)
    assert [] == message.notes
    return message


@pytest.mark.parametrize(
    ("family", "name", "number"),
    [
        ("SMC_PNETID", "SMC_PNETID_FLUSH", 4),
        ("SMC_GEN_NETLINK", "SMC_NETLINK_DISABLE_HS_LIMITATION", 18),
        ("nfc", "NFC_CMD_DEACTIVATE_TARGET", 30),
        ("NCSI", "NCSI_CMD_SET_CHANNEL_MASK", 6),
        ("vdpa", "VDPA_CMD_DEV_ATTR_SET", 8),
        ("cifs", "CIFS_GENL_CMD_SWN_NOTIFY", 3),
        ("TCM-USER", "TCMU_CMD_SET_FEATURES", 7),
        ("SMBD_GENL", "KSMBD_EVENT_LOGIN_RESPONSE_EXT", 17),
        ("drbd", "DRBD_INITIAL_STATE_DONE", 41),
        ("TIPCv2", "TIPC_NL_ADDR_LEGACY_GET", 25),
    ],
)
def test_last_commands(family: str, name: str, number: int) -> None:
    assert name in {one.name for one in commands_of(family, number)}
    assert [] == commands_of(family, number + 1)


def test_smc_network() -> None:
    """smc_pnet_set_nla(): a device that is not told is "n/a", its port 255."""
    message = said(
        "SMC_PNETID", 1, attribute(1, b"NET1\0"), attribute(2, b"eth0\0"), attribute(3, b"n/a\0"), attribute(4, b"\xff")
    )

    assert {
        "SMC_PNETID_NAME": "NET1",
        "SMC_PNETID_ETHNAME": "eth0",
        "SMC_PNETID_IBNAME": "n/a",
        "SMC_PNETID_IBPORT": 255,
    } == attrs(message)


def test_smc_link_group() -> None:
    """smc_nl_fill_lgr(), smc_nl_fill_lgr_v2_common(): the common part numbers its attributes from 0."""
    common = nest(7, attribute(0, u8(2)), attribute(1, u8(1)), attribute(2, u8(2)), attribute(4, b"peerhost\0"))
    group = nest(
        2,
        attribute(1, u32(0x100)),
        attribute(6, u32(3)),
        attribute(2, u8(1)),
        attribute(3, u8(2)),
        attribute(11, u8(2)),
        attribute(5, u8(0)),
        attribute(9, u64(4097)),
        attribute(4, b"NET1\0"),
        attribute(12, u32(32768)),
        attribute(13, u64(1 << 33)),
        common,
    )
    message = said("SMC_GEN_NETLINK", 2, group)
    found = attrs(message)["SMC_GEN_LGR_SMCR"]

    assert ("SMC_SERV", "SMC_LGR_SYMMETRIC", "SMCR_MIXED_BUFS", 32768, 1 << 33) == tuple(
        found[f"SMC_NLA_LGR_R_{name}"] for name in ("ROLE", "TYPE", "BUF_TYPE", "SNDBUF_ALLOC", "RMB_ALLOC")
    )
    assert {
        "SMC_NLA_LGR_V2_VER": 2,
        "SMC_NLA_LGR_V2_REL": 1,
        "SMC_NLA_LGR_V2_OS": "SMC_CLC_OS_LINUX",
        "SMC_NLA_LGR_V2_PEER_HOST": "peerhost",
    } == found["SMC_NLA_LGR_R_V2_COMMON"]
    assert "group 0x100 serv symmetric connections 3 pnetid NET1" == line(message)


def test_smc_statistics() -> None:
    """smc_nl_fill_stats_tech_data() and smc_nl_fill_fback_details(), with padding of number 0."""
    sizes = nest(3, attribute(0, b""), attribute(1, u64(5)), attribute(0, b""), attribute(9, u64(1)))
    counts = said("SMC_GEN_NETLINK", 7, nest(7, nest(2, sizes, attribute(16, u64(1 << 40))), attribute(3, u64(6))))
    fallback = said(
        "SMC_GEN_NETLINK",
        8,
        nest(8, attribute(1, u8(0)), attribute(3, u64(2)), attribute(4, u32(0x03030000)), attribute(5, u16(7))),
    )

    assert {"SMC_NLA_STATS_PLOAD_8K": 5, "SMC_NLA_STATS_PLOAD_G_1024K": 1} == value(
        counts, "SMC_NLA_STATS_T_TXPLOAD_SIZE"
    )
    assert (1 << 40, 6) == (value(counts, "SMC_NLA_STATS_T_RX_BYTES"), value(counts, "SMC_NLA_STATS_CLNT_HS_ERR_CNT"))
    assert ("SMC_CLC_DECL_NOSMCDEV", 7) == tuple(
        value(fallback, f"SMC_NLA_FBACK_STATS_RSN_{name}") for name in ("CODE", "CNT")
    )
    assert "fallback of clnt nosmcdev 7 times" == line(fallback)


def test_smc_commands_have_sets_of_their_own() -> None:
    """Attribute 1 of three more commands is a user's identifier, the system's, and whether handshakes are limited."""
    assert {"SMC_NLA_EID_TABLE_ENTRY": "MYEID"} == attrs(said("SMC_GEN_NETLINK", 10, attribute(1, b"MYEID\0"), flags=5))
    assert "IBM-SYSZ-ISMSEID00000000 enabled 1" == line(
        said("SMC_GEN_NETLINK", 13, attribute(1, b"IBM-SYSZ-ISMSEID00000000\0"), attribute(2, u8(1)))
    )
    assert {"SMC_NLA_HS_LIMITATION_ENABLED": 1} == attrs(said("SMC_GEN_NETLINK", 16, attribute(1, u8(1))))


def test_nfc_device_and_target() -> None:
    """nfc_genl_setup_device_added() and nfc_genl_send_target()."""
    device = said(
        "nfc",
        10,
        attribute(2, b"nfc0\0"),
        attribute(1, u32(0)),
        attribute(3, u32(0x24)),
        attribute(12, u8(1)),
        attribute(11, u8(2)),
    )
    target = said(
        "nfc",
        8,
        attribute(4, u32(1)),
        attribute(3, u32(0x10)),
        attribute(5, u16(0x0344)),
        attribute(6, u8(0x20)),
        attribute(7, bytes.fromhex("04a2b3c4d5e6f7")),
    )

    assert ["NFC_PROTO_MIFARE_MASK", "NFC_PROTO_NFC_DEP_MASK"] == attrs(device)["NFC_ATTR_PROTOCOLS"]
    assert "NFC_RF_NONE" == attrs(device)["NFC_ATTR_RF_MODE"]
    assert "04:a2:b3:c4:d5:e6:f7" == attrs(target)["NFC_ATTR_TARGET_NFCID1"]
    assert "target 1 04:a2:b3:c4:d5:e6:f7 <ISO14443_MASK>" == line(target)


def test_nfc_activates_one_protocol() -> None:
    """nfc_genl_activate_target() takes a protocol, where all others take a mask: 4 is ISO 14443, not MIFARE's bit."""
    ask = said("nfc", 28, attribute(1, u32(0)), attribute(4, u32(1)), attribute(3, u32(4)), flags=5)

    assert "NFC_PROTO_ISO14443" == value(ask, "NFC_ATTR_PROTOCOLS")
    assert ["NFC_PROTO_MIFARE_MASK"] == value(said("nfc", 6, attribute(3, u32(4)), flags=5), "NFC_ATTR_PROTOCOLS")


def test_nfc_service_discovery() -> None:
    """nfc_genl_llc_send_sdres(): services in nests numbered from 1."""
    first, second = (
        nest(index, attribute(2, u8(sap)), attribute(1, uri))
        for index, sap, uri in ((1, 4, b"urn:nfc:sn:snep\0"), (2, 0, b"urn:nfc:sn:none\0"))
    )
    message = said("nfc", 20, attribute(1, u32(0)), nest(19, first, second))
    services = [plain(one) for one in message.find("NFC_ATTR_LLC_SDP").value]  # type: ignore[union-attr]

    assert [
        {"NFC_SDP_ATTR_SAP": 4, "NFC_SDP_ATTR_URI": "urn:nfc:sn:snep"},
        {"NFC_SDP_ATTR_SAP": 0, "NFC_SDP_ATTR_URI": "urn:nfc:sn:none"},
    ] == services


def test_ncsi_package() -> None:
    """ncsi_write_package_info() and ncsi_write_channel_info()."""
    channel = nest(
        1,
        attribute(2, u32(0)),
        attribute(6, u32(0x1)),
        attribute(7, b""),
        attribute(3, u32(1)),
        attribute(4, u32(2)),
        attribute(5, b"mlx0.1\0"),
        nest(9, attribute(10, u16(100)), attribute(10, u16(200))),
    )
    package = nest(1, attribute(2, u32(0)), attribute(3, b""), nest(4, channel))
    (found,) = attrs(said("NCSI", 1, nest(2, package)))["NCSI_ATTR_PACKAGE_LIST"]["NCSI_PKG_ATTR"]

    assert (0, True) == (found["NCSI_PKG_ATTR_ID"], found["NCSI_PKG_ATTR_FORCED"])
    assert {
        "NCSI_CHANNEL_ATTR_ID": 0,
        "NCSI_CHANNEL_ATTR_LINK_STATE": 1,
        "NCSI_CHANNEL_ATTR_ACTIVE": True,
        "NCSI_CHANNEL_ATTR_VERSION_MAJOR": 1,
        "NCSI_CHANNEL_ATTR_VERSION_MINOR": 2,
        "NCSI_CHANNEL_ATTR_VERSION_STR": "mlx0.1",
        "NCSI_CHANNEL_ATTR_VLAN_LIST": {"NCSI_CHANNEL_ATTR_VLAN_ID": [100, 200]},
    } == found["NCSI_PKG_ATTR_CHANNEL_LIST"]["NCSI_CHANNEL_ATTR"][0]


def test_vdpa_features_by_device() -> None:
    """vdpa_dev_net_config_fill() and vdpa_mgmtdev_fill(): bit 5 is a network device's MAC, or a read-only disk."""
    net = said(
        "vdpa",
        6,
        attribute(4, b"vdpa0\0"),
        attribute(5, u32(1)),
        attribute(10, bytes.fromhex("020000000001")),
        attribute(11, u16(1)),
        attribute(13, u16(1500)),
        attribute(14, u64(1 << 32 | 1 << 5 | 1 << 22)),
    )
    disk = said("vdpa", 5, attribute(5, u32(2)), attribute(20, u64(1 << 32 | 1 << 5)))
    manager = said("vdpa", 1, attribute(1, b"pci\0"), attribute(3, u64(1 << 1)), attribute(16, u64(1 << 28 | 1 << 5)))

    assert ["VIRTIO_NET_F_MAC", "VIRTIO_NET_F_MQ", "VIRTIO_F_VERSION_1"] == attrs(net)[
        "VDPA_ATTR_DEV_NEGOTIATED_FEATURES"
    ]
    assert ["VIRTIO_BLK_F_RO", "VIRTIO_F_VERSION_1"] == attrs(disk)["VDPA_ATTR_DEV_FEATURES"]
    assert (["VIRTIO_ID_NET"], ["VIRTIO_NET_F_MAC", "VIRTIO_RING_F_INDIRECT_DESC"]) == (
        attrs(manager)["VDPA_ATTR_MGMTDEV_SUPPORTED_CLASSES"],
        attrs(manager)["VDPA_ATTR_DEV_SUPPORTED_FEATURES"],
    )
    assert "vdpa0 type net mac 02:00:00:00:00:01 mtu 1500 LINK_UP features MAC,MQ,VERSION_1" == line(net)


def test_vdpa_vendor_statistics() -> None:
    """mlx5_vdpa_get_vendor_vq_stats() puts names and values in turn."""
    message = said(
        "vdpa",
        7,
        attribute(18, b"received_desc\0"),
        attribute(19, u64(7)),
        attribute(18, b"completed_desc\0"),
        attribute(19, u64(5)),
    )

    assert ["received_desc", "completed_desc"] == attrs(message)["VDPA_ATTR_DEV_VENDOR_ATTR_NAME"]
    assert [7, 5] == attrs(message)["VDPA_ATTR_DEV_VENDOR_ATTR_VALUE"]


def test_cifs_witness() -> None:
    """cifs_swn_send_register_message(): the address in a struct sockaddr_storage, user and password if not Kerberos."""
    storage = (struct.pack("<HH", 2, 0) + bytes([192, 0, 2, 9])).ljust(128, b"\0")
    message = said(
        "cifs",
        1,
        attribute(1, u32(1)),
        attribute(2, b"fileserver\0"),
        attribute(3, b"share\0"),
        attribute(4, storage),
        attribute(5, b""),
        attribute(9, b"user\0"),
        attribute(10, b"donttell\0"),
        attribute(11, b"DOMAIN\0"),
    )

    assert "192.0.2.9" == value(message, "sin_addr")
    assert {"secret": 9} == attrs(message)["CIFS_GENL_ATTR_SWN_PASSWORD"]
    assert "id 1 fileserver share share at 192.0.2.9 user user" == line(message)
    notice = said("cifs", 3, attribute(1, u32(1)), attribute(12, u32(1)), attribute(13, u32(0xFF)), flags=1)
    assert ("CIFS_SWN_NOTIFICATION_RESOURCE_CHANGE", "CIFS_SWN_RESOURCE_STATE_UNAVAILABLE") == tuple(
        value(notice, f"CIFS_GENL_ATTR_SWN_{name}") for name in ("NOTIFICATION_TYPE", "RESOURCE_STATE")
    )


def ksmbd(number: int, payload: bytes) -> dict[str, Any]:
    """The one struct of an event; command and attribute have the same number."""
    (found,) = attrs(said("SMBD_GENL", number, attribute(number, payload), flags=1)).values()
    return dict(found)


def text(content: bytes, size: int) -> bytes:
    return content.ljust(size, b"\0")


def test_ksmbd_starts() -> None:
    """struct ksmbd_startup_request is packed: 40 bytes of numbers after bind_interfaces_only are not aligned."""
    start = (
        struct.pack("<Ii", 0x5, 2)
        + text(b"SMB2_10", 16)
        + text(b"SMB3_11", 16)
        + text(b"SERVER", 16)
        + text(b"WORKGROUP", 64)
        + text(b"my server", 64)
        + struct.pack("<HH", 445, 10)
        + struct.pack("<13I", 0, 10000, 1, 2, 3, 64, 11, 12, 13, 8192, 8 << 20, 512, 0)[:-4]
        + struct.pack("<bI", 1, 64)
        + bytes(499)
        + u32(9)
        + b"eth0\0lo0\0"
    )
    found = ksmbd(2, start)

    assert ["KSMBD_GLOBAL_FLAG_SMB2_LEASES", "KSMBD_GLOBAL_FLAG_SMB3_MULTICHANNEL"] == found["flags"]
    assert ("SMB2_10", "SMB3_11", "WORKGROUP", 445) == tuple(
        found[name] for name in ("min_prot", "max_prot", "work_group", "tcp_port")
    )
    assert ([11, 12, 13], 512, 1, 64) == tuple(
        found[name] for name in ("sub_auth", "max_connections", "bind_interfaces_only", "max_ip_connections")
    )
    assert ["eth0", "lo0"] == found["interfaces"]


def test_ksmbd_login() -> None:
    """struct ksmbd_login_response, 148 bytes, alone and inside the Kerberos answer with its session key."""
    login = struct.pack("<III", 7, 100, 1000) + text(b"alice", 48) + struct.pack("<HH", 1, 16) + bytes(range(18))
    login = login + bytes(2) + bytes(64)
    assert 148 == len(login)
    found = ksmbd(5, login)
    kerberos = ksmbd(15, u32(7) + login + struct.pack("<HH", 4, 3) + b"SKEYREP")

    assert ("alice", ["KSMBD_USER_FLAG_OK"], {"secret": 18}) == (found["account"], found["status"], found["hash"])
    assert ({"secret": 4}, {"secret": 3}) == (kerberos["session_key"], kerberos["spnego_blob"])
    token = ksmbd(14, struct.pack("<IH", 7, 5) + b"TOKEN" + bytes(3))
    assert {"handle": 7, "spnego_blob_len": 5, "spnego_blob": {"secret": 5}} == token
    groups = ksmbd(17, struct.pack("<Ii", 7, 2) + bytes(128) + u32(27) + u32(100))
    assert [27, 100] == groups["groups"]


def test_ksmbd_share() -> None:
    """struct ksmbd_share_config_response, 536 bytes, then the names to hide, an empty one, the path."""
    share = (
        struct.pack("<II6H", 8, 0x5, 0o744, 0o755, 0, 0, 0xFFFF, 0xFFFF)
        + text(b"data", 64)
        + bytes(444)
        + struct.pack("<II", 20, 9)
    )
    assert 536 == len(share)
    found = ksmbd(7, share + b".git\0tmp\0\0/srv/data\0")

    assert ["KSMBD_SHARE_FLAG_AVAILABLE", "KSMBD_SHARE_FLAG_WRITEABLE"] == found["flags"]
    assert [".git", "tmp", "", "/srv/data"] == found["payload"]


def test_ksmbd_pipes() -> None:
    """struct ksmbd_rpc_command: flags say what to do, and in an answer what became of it; the kernel adds a byte."""
    asked = ksmbd(12, struct.pack("<III", 9, 0x402, 2) + b"\x05\x00" + b"\0")
    told = ksmbd(13, struct.pack("<III", 9, 0xEA, 0))

    assert ["KSMBD_RPC_SRVSVC_METHOD_INVOKE", "KSMBD_RPC_SAMR_METHOD_INVOKE"] == asked["flags"]
    assert "0500" == asked["payload"]
    assert "KSMBD_RPC_EMORE_DATA" == told["flags"]


def test_ksmbd_tree() -> None:
    """struct ksmbd_tree_connect_request and its answer."""
    ask = (
        struct.pack("<IHHQQ", 3, 1, 2, 0xABCD, 1)
        + text(b"alice", 48)
        + text(b"data", 64)
        + text(b"::1", 64)
        + bytes(64)
    )
    found = ksmbd(8, ask)
    answer = ksmbd(9, struct.pack("<IHH", 3, 0, 0x14) + bytes(64))

    assert ("data", "::1", ["KSMBD_TREE_CONN_FLAG_REQUEST_SMB2"]) == tuple(
        found[name] for name in ("share", "peer_addr", "flags")
    )
    assert "KSMBD_TREE_CONN_STATUS_OK" == answer["status"]
    assert ["KSMBD_TREE_CONN_FLAG_WRITABLE", "KSMBD_TREE_CONN_FLAG_UPDATE"] == answer["connection_flags"]


def test_acpi() -> None:
    """struct acpi_genl_event: char[20], char[15], padding, two numbers."""
    event = text(b"button/lid", 20) + text(b"PNP0C0D:00", 15) + b"\0" + struct.pack("<II", 0x80, 1)
    message = said("acpi_event", 1, attribute(1, event))

    assert {"device_class": "button/lid", "bus_id": "PNP0C0D:00", "type": 0x80, "data": 1} == attrs(message)[
        "ACPI_GENL_ATTR_EVENT"
    ]
    assert "button/lid PNP0C0D:00 0x80 0x1" == line(message)


def test_regulator() -> None:
    """struct reg_genl_event."""
    message = said("reg_event", 1, attribute(1, text(b"vdd_cpu", 32) + u64(0x2001)))

    assert "vdd_cpu UNDER_VOLTAGE,UNDER_VOLTAGE_WARN" == line(message)


def test_pmcraid() -> None:
    """pmcraid_notify_ccn() and pmcraid_notify_ioastate(): struct pmcraid_aen_msg and what its length tells."""
    entry = struct.pack("<BBHBBBBII", 2, 8, 1, 0, 0, 0, 5, 0x11223344, 0x55) + bytes(16)
    assert 32 == len(entry)
    hcam = struct.pack("<BBBBB3xIIII", 0xE1, 1, 0, 0, 0, 9, 100, 0, 64) + entry + entry
    changed = said("pmcraid", 1, attribute(1, struct.pack("<II8x", 0x10000, len(hcam)) + hcam))
    state = said("pmcraid", 1, attribute(1, struct.pack("<II8xI", 0x10000, 4, 0x11000001)))

    assert "host 0x10000 ccn entry_new vset handle 0x11223344" == line(changed)
    assert "PMC_DEVICE_EVENT_RESET_SUCCESS" == attrs(state)["PMCRAID_AEN_ATTR_EVENT"]["data"]
    error = struct.pack("<BBBBB3xIIII", 0xE2, 0x10, 0, 0, 9, 9, 100, 0, 20) + struct.pack("<IIII", 0x04088000, 1, 2, 3)
    logged = said("pmcraid", 1, attribute(1, struct.pack("<II8x", 0x10000, len(error) + 4) + error + b"logs"))
    found = attrs(logged)["PMCRAID_AEN_ATTR_EVENT"]["data"]
    assert (0x04088000, b"logs".hex()) == (found["u"]["fd_ioasc"], found["u"]["data"])
