"""Sockets that no capture shows: real bytes of one kernel, or as the kernel's headers lay them out."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from nldissect.errors import FieldError
from nldissect.wire import NETLINK_SOCK_DIAG, Bits
from tests.helpers.captures import value
from tests.helpers.hex_messages import attribute, from_hex, of_body, u32
from tests.helpers.route_messages import attrs, body, line


def u64(number: int) -> bytes:
    return number.to_bytes(8, "little")


def inet(extra: bytes) -> dict[str, Any]:
    """The attributes of a TCP socket of a 6.12 kernel, given as bytes."""
    message = of_body(NETLINK_SOCK_DIAG, 20, b"\x02\x01" + bytes(70) + extra)
    assert [] == message.notes
    return attrs(message)


@pytest.mark.parametrize(
    ("raw", "name", "expected"),
    [
        (
            "1800100000f44efc0100000004000000e3020000e3020000",
            "INET_DIAG_BBRINFO",  # ss: bbr:(bw:68224000000bps,mrtt:0.004,pacing_gain:2.88672,cwnd_gain:2.88672)
            {
                "bbr_bw_lo": 68224000000 // 8 % 2**32,
                "bbr_bw_hi": 68224000000 // 8 // 2**32,
                "bbr_min_rtt": 4,
                "bbr_pacing_gain": round(2.88672 * 256),
                "bbr_cwnd_gain": round(2.88672 * 256),
            },
        ),
        (
            "14000300010000000000000007000000ffffff7f",
            "INET_DIAG_VEGASINFO",
            {"tcpv_enabled": 1, "tcpv_rttcnt": 0, "tcpv_rtt": 7, "tcpv_minrtt": 0x7FFFFFFF},
        ),
        (
            "1400090001000000c00300000000000000000000",
            "INET_DIAG_DCTCPINFO",  # ss: dctcp:(ce_state:0,alpha:960,ab_ecn:0,ab_tot:0)
            {"dctcp_enabled": 1, "dctcp_ce_state": 0, "dctcp_alpha": 960, "dctcp_ab_ecn": 0, "dctcp_ab_tot": 0},
        ),
        (
            "3000130008000100746c7300240002000600010003030000060002003300000006000300020000000600040001000000",
            "INET_DIAG_ULP_INFO",  # a socket with a TLS 1.2 transmit key
            {
                "INET_ULP_INFO_NAME": "tls",
                "INET_ULP_INFO_TLS": {
                    "TLS_INFO_VERSION": "TLS_1_2_VERSION",
                    "TLS_INFO_CIPHER": "TLS_CIPHER_AES_GCM_128",
                    "TLS_INFO_TXCONF": "TLS_CONF_SW",
                    "TLS_INFO_RXCONF": "TLS_CONF_BASE",
                },
            },
        ),
        (
            "6800120002200600" + "0a090807" + 24 * "0" + b"secret".hex() + 148 * "0",
            "INET_DIAG_MD5SIG",  # ss: md5keys:10.9.8.7/32=secret
            [
                {
                    "tcpm_family": "AF_INET",
                    "tcpm_prefixlen": 32,
                    "tcpm_keylen": 6,
                    "tcpm_addr": "10.9.8.7",
                    "tcpm_key": {"secret": 80},
                }
            ],
        ),
    ],
)
def test_attributes_of_special_sockets(raw: str, name: str, expected: Any) -> None:
    """Seen from ss -tinaemo on a 6.12 kernel."""
    assert {name: expected} == inet(bytes.fromhex(raw))


def test_multipath_tcp_subflow() -> None:
    """As net/mptcp/diag.c writes it."""
    inside = attribute(1, u32(0xDEADBEEF)) + attribute(4, (1 << 40).to_bytes(8, "little")) + attribute(7, b"\x05\0")
    inside += attribute(8, u32(0x1C3)) + attribute(9, b"\x02")
    found = inet(attribute(19, attribute(1, b"mptcp\0") + attribute(3, inside)))["INET_DIAG_ULP_INFO"]

    assert {
        "MPTCP_SUBFLOW_ATTR_TOKEN_REM": 0xDEADBEEF,
        "MPTCP_SUBFLOW_ATTR_MAP_SEQ": 1 << 40,
        "MPTCP_SUBFLOW_ATTR_MAP_DATALEN": 5,
        "MPTCP_SUBFLOW_ATTR_FLAGS": [
            f"MPTCP_SUBFLOW_FLAG_{name}"
            for name in ("MCAP_REM", "MCAP_LOC", "FULLY_ESTABLISHED", "CONNECTED", "MAPVALID")
        ],
        "MPTCP_SUBFLOW_ATTR_ID_REM": 2,
    } == found["INET_ULP_INFO_MPTCP"]


def test_shorter_and_longer_tcp_info() -> None:
    """Kernels before 3.15 sent 104 bytes, without pacing rates; those with accurate ECN send 280."""
    full = bytes([1, 0, 0, 0, 0, 7, 0x97, 3]) + bytes(268) + u32(2 | 3 << 4)

    assert "tcpi_pacing_rate" not in inet(attribute(2, full[:104]))["INET_DIAG_INFO"]
    found = inet(attribute(2, full))["INET_DIAG_INFO"]
    assert {"tcpi_snd_wscale": 7, "tcpi_rcv_wscale": 9} == found["tcpi_wscale"]
    assert (2, 0, 3) == tuple(found["tcpi_ecn"].values())[:3]
    assert {"tcpi_delivery_rate_app_limited": 1, "tcpi_fastopen_client_fail": 1, "unused": 0} == found["tcpi_delivery"]


def test_sctp_association() -> None:
    """ss -Sanei: "ESTAB 127.0.0.1%lo:40464 127.0.0.1:9999 locals:127.0.0.1 peers:127.0.0.1 tag:91024e2e state:ESTAB
    rwnd:106496 instrms:10 outstrms:10 maxburst:4 maxseg:65484 prwnd:106496 ptag:d4e50c6 pcapable:98 psack:6":
    what stands in INET_DIAG_INFO is known by the addresses behind it."""
    local, peer = (bytes.fromhex(text).ljust(128, b"\0") for text in ("02009e107f000001", "0200270f7f000001"))
    info = bytes.fromhex("2e4e029103000000 00a00100 00000000 0a000a00") + bytes(16) + bytes.fromhex("04000000 ccff0000")
    info += (
        bytes.fromhex("00a00100 c6504e0d 62060000") + bytes(16) + u64(2) + u64(2) + bytes(64) + u64(2) + u64(2) + peer
    )
    info += bytes.fromhex("02000000 f8ff0100 00000000 b80b0000 b80b0000 05000000 c8000000 00000000 00a00100") + bytes(
        36
    )
    found = inet(attribute(2, info) + attribute(12, local) + attribute(13, peer))

    shown = {name.removeprefix("sctpi_"): number for name, number in found["INET_DIAG_INFO"].items()}
    assert (0x91024E2E, "SCTP_STATE_ESTABLISHED", 106496, 10, 10, 4, 65484, 106496, 0xD4E50C6, 98, 6) == tuple(
        shown[name]
        for name in (
            *("tag", "state", "rwnd", "instrms", "outstrms", "max_burst", "maxseg"),
            *("peer_rwnd", "peer_tag", "peer_capable", "peer_sack"),
        )
    )
    assert ("SCTP_ACTIVE", 3000, 200) == (shown["p_state"], shown["p_rto"], shown["p_sackdelay"])
    assert ("AF_INET", 9999, "127.0.0.1") == tuple(shown["p_address"].values())[:3]
    assert [40464] == [one["sin_port"] for one in found["INET_DIAG_LOCALS"]]
    assert [9999] == [one["sin_port"] for one in found["INET_DIAG_PEERS"]]


def test_old_requests() -> None:
    """struct inet_diag_req of TCPDIAG_GETSOCK; the answer is today's."""
    sockid = struct.pack(">HH", 80, 0) + bytes.fromhex("7f000001") + bytes(28) + bytes(12)
    request = of_body(NETLINK_SOCK_DIAG, 18, bytes([2, 0, 0, 2]) + sockid + u32(1 << 10) + u32(0), flags=0x301)
    answer = of_body(NETLINK_SOCK_DIAG, 18, bytes([2, 10, 0, 0]) + sockid + bytes(20))

    assert "TCPDIAG_GETSOCK" == request.type_name == answer.type_name
    assert (["INET_DIAG_INFO"], ["TCPF_LISTEN"]) == (value(request, "idiag_ext"), value(request, "idiag_states"))
    assert (80, "127.0.0.1", "TCP_LISTEN") == (
        value(request, "idiag_sport"),
        value(request, "idiag_src"),
        value(answer, "idiag_state"),
    )


def test_destruction() -> None:
    """ss -K dst 192.0.2.1: SOCK_DESTROY carries the same request."""
    sockid = (
        struct.pack(">HH", 1000, 443) + bytes(16) + bytes.fromhex("c0000201") + bytes(12) + u32(0) + u32(9) + u32(0)
    )
    message = of_body(NETLINK_SOCK_DIAG, 21, bytes([2, 6, 0, 0]) + u32(2) + sockid, flags=5)

    assert "SOCK_DESTROY" == message.type_name
    assert (443, "192.0.2.1", [9, 0]) == tuple(
        value(message, name) for name in ("idiag_dport", "idiag_dst", "idiag_cookie")
    )


def test_tipc() -> None:
    """ss --tipc -e: "LISTEN 0 0 0:18287782": the answer has no header at all."""
    request = from_hex(NETLINK_SOCK_DIAG, "180000001400010340e20100000000001e00000082040000")
    answer = from_hex(
        NETLINK_SOCK_DIAG,
        "740000001400020040e201001e0000006400020008000200a60c17010800010000000000040004000800060001000000080009000a0000"
        "000800070089000000080008000000000004000b000c000a000d000000000000001c0005000800000000000000080001000000000008000400"
        "00000000",
    )
    socket = attrs(answer)["TIPC_NLA_SOCK"]

    assert ["TCPF_ESTABLISHED", "TCPF_CLOSE", "TCPF_LISTEN"] == value(request, "tidiag_states")
    assert (18287782, "SOCK_STREAM", "TIPC_LISTEN", True) == tuple(
        socket[f"TIPC_NLA_SOCK_{name}"] for name in ("REF", "TYPE", "TIPC_STATE", "HAS_PUBL")
    )
    assert {"RCVQ": 0, "SENDQ": 0, "DROP": 0} == {
        name[19:]: number for name, number in socket["TIPC_NLA_SOCK_STAT"].items()
    }
    assert "stream listen 0x0:18287782 ino 137 uid 0" == line(answer)


def test_vsock() -> None:
    """ss --vsock -a: "v_str LISTEN 0 0 *:1234 *:*" """
    answer = from_hex(
        NETLINK_SOCK_DIAG,
        "300000001400020040e201001f00000028010a00ffffffffd2040000ffffffffffffffff8a0000000f00000000000000",
    )

    assert "stream listen any:1234 any:any ino 138" == line(answer)


def test_packet_with_fanout_and_filter() -> None:
    """ss -0 -e -b: "ip:d0 ... fanout(id:7,type:lb) bpf filter (4): 0x28 0 0 12, 0x15 0 1 2048, 0x06 0 0 65535, ..." """
    answer = from_hex(
        NETLINK_SOCK_DIAG,
        "980000001400020040e2010021000000110300089800000013000000000000001c0000000200000000000000000000000000000000000000"
        "01000000080005000000000008000400070001002800060000000000004003000000000000400300000000000000000018010000000000000000"
        "000024000700280000000c000000150000010008000006000000ffff00000600000000000000",
    )
    found = attrs(answer)

    assert ("SOCK_RAW", "ETH_P_IP") == (value(answer, "pdiag_type"), value(answer, "pdiag_num"))
    assert 0x10007 == found["PACKET_DIAG_FANOUT"]
    assert [(0x28, 0, 0, 12), (0x15, 0, 1, 2048), (6, 0, 0, 65535), (6, 0, 0, 0)] == [
        tuple(one.values()) for one in found["PACKET_DIAG_FILTER"]
    ]


def test_xdp() -> None:
    """As linux/xdp_diag.h lays it out: a zero-copy socket on interface 3, queue 2."""
    umem = struct.pack("<QIIIIIIII", 1 << 24, 7, 4096, 4096, 256, 3, 2, 1, 1)
    rows = attribute(1, u32(3) + u32(2)) + attribute(3, u32(2048)) + attribute(5, umem)
    message = of_body(NETLINK_SOCK_DIAG, 20, b"\x2c\x03\0\0" + u32(99) + bytes(8) + rows)
    found = attrs(message)

    assert [] == message.notes
    assert ({"ifindex": 3, "queue_id": 2}, {"entries": 2048}) == (found["XDP_DIAG_INFO"], found["XDP_DIAG_RX_RING"])
    assert (1 << 24, 4096, ["XDP_DU_F_ZEROCOPY"]) == tuple(
        found["XDP_DIAG_UMEM"][name] for name in ("size", "chunk_size", "flags")
    )
    assert "raw ino 99 dev if3 queue 2" == line(message)


def test_smc() -> None:
    """As linux/smc_diag.h lays it out; the header's family is AF_SMC, the addresses are IPv4."""
    sockid = (
        struct.pack(">HH", 5000, 6000) + bytes.fromhex("0a000001") + bytes(12) + bytes.fromhex("0a000002") + bytes(24)
    )
    link = b"\x01" + b"mlx5_0".ljust(64, b"\0") + b"\x02" + b"fe80::1".ljust(40, b"\0") + b"fe80::2".ljust(40, b"\0")
    cursors = b"".join(struct.pack("<HHI", 0, number, number * 100) for number in range(1, 8))
    conninfo = u32(0xABC) + u32(65536) + u32(16384) + u32(16384) + cursors[:32] + bytes([1, 2, 3, 4]) + cursors[32:]
    rows = attribute(1, conninfo) + attribute(2, link + b"\x01") + attribute(5, u32(0) + u32(0))
    message = of_body(NETLINK_SOCK_DIAG, 20, bytes([43, 1, 0, 0]) + sockid + u32(1000) + bytes(8) + rows)
    found = body(message)

    assert [] == message.notes
    assert ("SMC_ACTIVE", "SMC_DIAG_MODE_SMCR", 1000) == (found["diag_state"], found["diag_mode"], found["diag_uid"])
    assert ("10.0.0.1", 5000, "10.0.0.2", 6000) == tuple(
        found["id"][name] for name in ("idiag_src", "idiag_sport", "idiag_dst", "idiag_dport")
    )
    group = found["attrs"]["SMC_DIAG_LGRINFO"]
    assert "SMC_SERV" == group["role"]
    assert [{"link_id": 1, "ibname": "mlx5_0", "ibport": 2, "gid": "fe80::1", "peer_gid": "fe80::2"}] == group["lnk"]
    assert {"reserved": 0, "wrap": 7, "count": 700} == found["attrs"]["SMC_DIAG_CONNINFO"]["tx_fin"]
    assert 4 == found["attrs"]["SMC_DIAG_CONNINFO"]["tx_conn_state_flags"]


def test_bit_fields_on_hosts_of_both_orders() -> None:
    """struct { u8 a:4, b:4; }: the first is in the low bits on little-endian hosts, in the high bits on others."""
    kind = Bits(None, {"a": 4, "b": 3, "c": 1})

    for order, raw in (("<", b"\xa5"), (">", b"\x55")):
        value = kind.decoder(order)(raw, 0, 1)
        assert {"a": 5, "b": 2, "c": 1} == kind.json(value)
        assert raw == kind.encode({"a": 5, "b": 2, "c": 1}, order)
    assert "a 5 b 2 c 1" == kind.shown(0xA5)
    with pytest.raises(FieldError, match="b: 8 does not fit into 3 bits"):
        kind.encode({"b": 8}, "<")
