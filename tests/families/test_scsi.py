"""NETLINK_ISCSI as a real kernel spoke it, and what takes hardware as scsi/*.h lay it out; NETLINK_SCSITRANSPORT."""

from __future__ import annotations

import struct

import pytest

from nldissect.families.iscsi.names import ISCSI_EVENT_TYPE
from nldissect.families.iscsi.uevent import iscsi_set_param
from nldissect.wire import NETLINK_ISCSI, NETLINK_SCSITRANSPORT, DecodedMessage, nlmon
from tests.helpers.captures import frames, messages, rebuilt, undecoded, value
from tests.helpers.hex_messages import attribute, of_body, u32
from tests.helpers.route_messages import body, line


def uevent(kind: str, asked: bytes = b"", told: bytes = b"", behind: bytes = b"", own: bool = False) -> DecodedMessage:
    """struct iscsi_uevent on its way to user space; `own`: the kernel tells it by itself."""
    number = getattr(ISCSI_EVENT_TYPE, kind)
    content = struct.pack("<IiQ24s16s", number, 0, 0xABC, asked, told) + behind
    found = of_body(NETLINK_ISCSI, 0 if own else number, content)
    assert [] == found.notes
    return found


def test_session() -> None:
    """What is asked stands in `u`, the answer repeats it and tells the rest in `r`; a group hears of it too."""
    asked, heard, told = messages("iscsi.pcap")[:3]

    assert {"initial_cmdsn": 1, "cmds_max": 128, "queue_depth": 32} == body(asked)["u"] == body(told)["u"]
    assert "r" not in body(asked)
    assert {"sid": 1, "host_no": 0} == body(told)["r"]
    assert ("ISCSI_UEVENT_UNKNOWN", "ISCSI_KEVENT_CREATE_SESSION") == (heard.type_name, body(heard)["type"])
    assert "kevent_create_session sid 1 host 0" == line(heard)


def test_parameters() -> None:
    """ISCSI_UEVENT_SET_PARAM: a text behind the struct, a password masked; the kernel refuses without a socket."""
    found = messages("iscsi.pcap", "ISCSI_UEVENT_SET_PARAM")

    assert [
        ("ISCSI_PARAM_MAX_RECV_DLENGTH", "262144"),
        ("ISCSI_PARAM_TARGET_NAME", "iqn.2026-11.org.example:disk"),
        ("ISCSI_PARAM_USERNAME", "initiator"),
        ("ISCSI_PARAM_PASSWORD", {"secret": 9}),
    ] == [(body(one)["param"], body(one)["value"]) for one in found[::2]]
    assert ["ENOTCONN", "EINVAL", "EINVAL", "ENOTCONN"] == [body(one)["iferror"] for one in found[1::2]]
    assert {"ISCSI_KEVENT_IF_ERROR"} == {body(one)["type"] for one in found[1::2]}
    assert "uevent_set_param sid 1 cid 0 password <secret, 9 bytes>" == line(found[6])


def test_statistics() -> None:
    (told,) = (one for one in messages("iscsi.pcap") if value(one, "custom_length"))

    assert ["tx_sendpage_failures", "rx_discontiguous_hdr", "eh_abort_cnt"] == [
        one["desc"] for one in body(told)["data"]["custom"]
    ]


def test_errors_and_states_of_connections() -> None:
    error = uevent("KEVENT_CONN_ERROR", told=struct.pack("<III", 1, 0, 1011), own=True)
    state = uevent("KEVENT_CONN_LOGIN_STATE", told=struct.pack("<III", 1, 0, 3), own=True)

    assert "kevent_conn_error sid 1 cid 0 err_conn_failed" == line(error)
    assert "kevent_conn_login_state sid 1 cid 0 logged_in" == line(state)


def test_endpoint_and_path() -> None:
    """An offloading adapter is told where to connect to, and asks for the path."""
    address = struct.pack("<H", 2) + struct.pack(">H", 3260) + bytes([192, 0, 2, 5]) + bytes(120)
    connect = uevent("UEVENT_TRANSPORT_EP_CONNECT", u32(1), (7).to_bytes(8, "little"), address)
    path = struct.pack("<Q6s6sI16s16sHH4x", 9, b"\2\0\0\0\0\1", bytes(6), 4, bytes([192, 0, 2, 1]),
                       bytes([192, 0, 2, 5]), 0, 1500)  # fmt: skip
    asked = uevent("KEVENT_PATH_REQ", told=u32(3), behind=path, own=True)

    assert "uevent_transport_ep_connect to 192.0.2.5:3260" == line(connect)
    assert {"handle": 7} == body(connect)["r"]
    assert ("02:00:00:00:00:01", "192.0.2.1", "192.0.2.5", 1500) == tuple(
        value(asked, key) for key in ("mac_addr", "src", "dst", "pmtu")
    )


def test_flash_targets_and_chap_hide_passwords() -> None:
    """Parameters in attributes whose type says nothing: packed structs."""

    def flash(param: int, text: bytes) -> bytes:
        return attribute(param, struct.pack("<IH", len(text), param) + text)

    target = uevent(
        "UEVENT_SET_FLASHNODE_PARAMS", struct.pack("<III", 1, 0, 2), behind=flash(43, b"iqn.x") + flash(54, b"pw")
    )
    record = struct.pack("<H2xI256s256sB3x", 1, 0, b"user", b"geheim", 6)
    chap = uevent("UEVENT_GET_CHAP", struct.pack("<IIH", 1, 1, 1), behind=record)
    interface = attribute(1, struct.pack("<IIHBB", 0, 1, 12, 1, 2) + b"\2")
    iface = uevent("UEVENT_SET_IFACE_PARAMS", struct.pack("<II", 1, 1), behind=interface)

    assert [b"iqn.x", b"pw"] == [node.value[2].value if isinstance(node.value[2].value, bytes) else
                                 node.value[2].value.encode() for node in target.layers[0].value[-1].value]  # fmt: skip
    assert b"geheim" not in repr(body(chap)).encode()
    assert ("user", {"secret": 256}) == tuple(body(chap)["data"][0][key] for key in ("username", "password"))
    (one,) = iface.layers[0].value[-1].value
    assert "ISCSI_NET_PARAM_IFACE_ENABLE" == one.value[2].kind.json(one.value[2].value)


def fc_event(code: int, data: bytes) -> DecodedMessage:
    """struct fc_nl_event as scsi_transport_fc.c fills it, padded to eight bytes."""
    event = struct.pack("<QQHHII", 1700000000, 0, 2, len(data), 77, code) + data
    event += bytes(-(8 + len(event)) % 8)
    found = of_body(NETLINK_SCSITRANSPORT, 17, struct.pack("<BBHHH", 1, 1, 0xA1B2, 0x100, 8 + len(event)) + event)
    assert [] == found.notes
    return found


@pytest.mark.parametrize(
    ("code", "data", "text"),
    [
        (0x2, u32(0), "fc_nl_async_event host2 linkup data 0x0 #77 vendor 0x0"),
        (0x5, u32(0x010203), "fc_nl_async_event host2 rscn data 0x10203 #77 vendor 0x0"),
        (0x501, bytes(16), f"fc_nl_async_event host2 link_fpin data {'00' * 16} #77 vendor 0x0"),
    ],
)
def test_fibre_channel_event(code: int, data: bytes, text: str) -> None:
    assert text == line(fc_event(code, data))


def test_vendor_message() -> None:
    content = struct.pack("<BBHHHQHH4x", 1, 0, 0xA1B2, 1, 32, 0x01000000000010DF, 5, 8) + b"\1\2\3\4\5\6\7\x08"
    found = of_body(NETLINK_SCSITRANSPORT, 17, content)

    assert ("SCSI_NL_SHOST_VENDOR", "0102030405060708") == (body(found)["msgtype"], body(found)["body"]["data"])


def test_everything_is_described() -> None:
    assert [] == undecoded("iscsi.pcap")


def test_scapy_reads_and_builds() -> None:
    assert list(frames("iscsi.pcap")) == rebuilt("iscsi.pcap")

    found = nlmon(list(frames("iscsi.pcap"))[5])[iscsi_set_param]
    found.value = "65536"
    assert bytes(found).endswith(b"65536\0")
