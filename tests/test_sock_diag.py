"""Socket monitoring on real bytes: what ss(8) asked, what the kernel answered, and what ss printed of it."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from captured import messages, plain, replies, requests, undecoded, value
from hexed import attribute, from_hex, of_body, u32
from routed import attrs, body, line, packets

from nldissect.errors import FieldError
from nldissect.families.sock_diag.bits import Bits
from nldissect.families.sock_diag.inet import INET_DIAG, inet_diag_msg, inet_diag_req_v2
from nldissect.families.sock_diag.netlink import netlink_diag_msg
from nldissect.families.sock_diag.packet import packet_diag_msg
from nldissect.families.sock_diag.tcp_info import tcp_info
from nldissect.families.sock_diag.unix import unix_diag_msg, unix_diag_req
from nldissect.wire import NETLINK_SOCK_DIAG, Message, Walked, nlmsghdr

FILE = "sock_diag.pcap"
BY_FAMILY = "SOCK_DIAG_BY_FAMILY"


def answers(layer: type[Message], **wanted: Any) -> list[Walked]:
    """Sockets of one kind."""
    return [one for one in replies(FILE, BY_FAMILY, **wanted) if one.message is layer]


def filters() -> list[list[tuple[str, dict[str, Any]]]]:
    """The byte code of every request that has some."""
    found = [one.find("INET_DIAG_REQ_BYTECODE") for one in requests(FILE, BY_FAMILY)]
    return [[(code.name, plain(code)) for code in program.value] for program in found if program is not None]


def test_requests_and_replies_share_a_number() -> None:
    """SOCK_DIAG_BY_FAMILY is 20 both ways; direction and address family say what stands behind it."""
    asked = requests(FILE, BY_FAMILY)

    assert {20} == {one.number for one in asked + replies(FILE, BY_FAMILY)}
    assert (inet_diag_req_v2, "IPPROTO_TCP") == (asked[0].message, value(asked[0], "sdiag_protocol"))
    assert unix_diag_req in [one.message for one in asked]
    assert {inet_diag_msg, unix_diag_msg, packet_diag_msg, netlink_diag_msg} == {
        one.message for one in replies(FILE, BY_FAMILY)
    }


def test_tcp() -> None:
    """ss -tna: "LISTEN 0 128 127.0.0.1:8080 0.0.0.0:*", "ESTAB 5 0 127.0.0.1:8080 127.0.0.1:PORT", ..."""
    (listening,) = {
        line(one): one for one in answers(inet_diag_msg, idiag_state="TCP_LISTEN", idiag_sport=8080)
    }.values()
    found = body(listening)

    assert ("AF_INET", 0, 128) == (found["idiag_family"], found["idiag_rqueue"], found["idiag_wqueue"])
    assert ("127.0.0.1", 8080, "0.0.0.0", 0) == tuple(
        found["id"][name] for name in ("idiag_src", "idiag_sport", "idiag_dst", "idiag_dport")
    )
    server = answers(inet_diag_msg, idiag_state="TCP_ESTABLISHED", idiag_sport=8080)[0]
    client = answers(inet_diag_msg, idiag_state="TCP_ESTABLISHED", idiag_dport=8080)[0]
    assert (5, 0) == (value(server, "idiag_rqueue"), value(client, "idiag_rqueue"))
    assert value(server, "idiag_dport") == value(client, "idiag_sport") > 1024


def test_ipv6_any_address() -> None:
    """ss -tna: "LISTEN 0 128 [::1]:8081 [::]:*": the family says that zero is ::, not 0.0.0.0."""
    found = body(answers(inet_diag_msg, idiag_sport=8081)[0])

    assert ("AF_INET6", "::1", "::") == (found["idiag_family"], found["id"]["idiag_src"], found["id"]["idiag_dst"])
    assert 1 == found["attrs"]["INET_DIAG_SKV6ONLY"]  # Python's create_server asks for it


def test_tcp_in_depth() -> None:
    """ss -tinemo: "skmem:(r901,rb131072,...) ts sack cubic wscale:7,7 ... mss:32768 pmtu:65535 rcvmss:536 advmss:65483
    cwnd:10 bytes_received:5 segs_out:1 segs_in:3 data_segs_in:1 ... app_limited rcv_space:65483 snd_wnd:65536" """
    (server,) = answers(inet_diag_msg, idiag_sport=8080, INET_DIAG_CONG="cubic")
    found = attrs(server)
    info = found["INET_DIAG_INFO"]

    assert ["TCPI_OPT_TIMESTAMPS", "TCPI_OPT_SACK", "TCPI_OPT_WSCALE"] == info["tcpi_options"]
    assert {"tcpi_snd_wscale": 7, "tcpi_rcv_wscale": 7} == info["tcpi_wscale"]
    assert 1 == info["tcpi_delivery"]["tcpi_delivery_rate_app_limited"]
    assert ("TCP_ESTABLISHED", "TCP_CA_Open") == (info["tcpi_state"], info["tcpi_ca_state"])
    assert (32768, 536, 65483, 65535, 10) == tuple(
        info[f"tcpi_{name}"] for name in ("snd_mss", "rcv_mss", "advmss", "pmtu", "snd_cwnd")
    )
    assert (5, 1, 3, 1, 0) == tuple(
        info[f"tcpi_{name}"] for name in ("bytes_received", "segs_out", "segs_in", "data_segs_in", "data_segs_out")
    )
    assert (65536, 65536, 0) == tuple(info[f"tcpi_{name}"] for name in ("snd_wnd", "rcv_wnd", "total_rto_time"))
    assert (901, 131072, 2626560) == tuple(
        found["INET_DIAG_SKMEMINFO"][f"SK_MEMINFO_{name}"] for name in ("RMEM_ALLOC", "RCVBUF", "SNDBUF")
    )
    assert 901 == found["INET_DIAG_MEMINFO"]["idiag_rmem"]
    assert ["is_icsk", "mc_loop", "mc_all"] == found["INET_DIAG_SOCKOPT"]
    assert ([], 0) == (found["INET_DIAG_SHUTDOWN"], found["INET_DIAG_MARK"])


def test_what_was_asked_for() -> None:
    (deep, _) = requests(FILE, BY_FAMILY, idiag_ext=["INET_DIAG_" + name for name in EXTENSIONS])

    assert "TCPF_LISTEN" not in value(deep, "idiag_states")
    assert {"TCPF_ESTABLISHED", "TCPF_SYN_SENT", "TCPF_CLOSE_WAIT"} < set(value(deep, "idiag_states"))


EXTENSIONS = ("MEMINFO", "INFO", "VEGASINFO", "CONG", "SKMEMINFO")


def test_udp_and_raw() -> None:
    """ss -una: "UNCONN 0 0 127.0.0.1:5353"; ss -wna: "UNCONN 0 0 0.0.0.0:1" (ICMP)."""
    (udp,), (raw,) = (answers(inet_diag_msg, idiag_sport=port) for port in (5353, 1))

    assert "TCP_CLOSE" == value(udp, "idiag_state") == value(raw, "idiag_state")
    assert "IPPROTO_ICMP" == value(raw, "INET_DIAG_PROTOCOL")


def test_filter_with_or() -> None:
    """ss -tn sport = :8080 or ( dst 127.0.0.0/8 and dport >= :8000 ): conditions, and a jump over the second arm."""
    sport, jump, dst, dport = filters()[0]

    assert ("INET_DIAG_BC_S_COND", 8080, "AF_UNSPEC") == (sport[0], sport[1]["port"], sport[1]["family"])
    assert ("INET_DIAG_BC_JMP", {"no": 28}) == jump
    assert "INET_DIAG_BC_D_COND" == dst[0]
    assert ("AF_INET", 8, "127.0.0.0", -1) == tuple(dst[1][name] for name in ("family", "prefix_len", "addr", "port"))
    assert ("INET_DIAG_BC_D_GE", 8000) == (dport[0], dport[1]["port"])


def test_filter_with_mark() -> None:
    """ss -tn state established fwmark = 0x0/0xff"""
    assert [("INET_DIAG_BC_MARK_COND", {"no": 16, "mark": 0, "mask": 0xFF})] == filters()[-1]


def test_filters_of_other_programs() -> None:
    """As linux/inet_diag.h lays them out: a device, an IPv6 prefix, a port that is equal, a control group, the end."""
    device = bytes([9, 8]) + b"\x0c\0" + u32(3)
    prefix = (
        bytes([7, 28]) + b"\x20\0" + bytes([10, 64, 0, 0]) + u32(0xFFFFFFFF) + bytes.fromhex("20010db8") + bytes(12)
    )
    port = bytes([12, 8]) + b"\x0c\0" + bytes(2) + (443).to_bytes(2, "little")
    group = bytes([13, 12]) + b"\x10\0" + (1 << 40).to_bytes(8, "little")
    program = attribute(1, device + prefix + port + group + bytes([1, 4, 4, 0]))
    message = of_body(NETLINK_SOCK_DIAG, 20, bytes([10, 6, 0, 0]) + bytes(52) + program, flags=0x301)

    assert [] == message.notes
    assert {
        "INET_DIAG_BC_DEV_COND": {"no": 12, "ifindex": 3},
        "INET_DIAG_BC_S_COND": {"no": 32, "family": "AF_INET6", "prefix_len": 64, "port": -1, "addr": "2001:db8::"},
        "INET_DIAG_BC_D_EQ": {"no": 12, "port": 443},
        "INET_DIAG_BC_CGROUP_COND": {"no": 16, "cgroup_id": 1 << 40},
        "INET_DIAG_BC_JMP": {"no": 4},
    } == value(message, "INET_DIAG_REQ_BYTECODE")


def test_unix() -> None:
    """ss -xa: u_str LISTEN /run/listening, two u_seq ESTAB that are each other's peers, u_dgr @abstract."""
    (listening,) = {line(one): one for one in answers(unix_diag_msg, UNIX_DIAG_NAME="/run/listening")}.values()
    left, right = answers(unix_diag_msg, udiag_type="SOCK_SEQPACKET")[:2]
    (abstract,) = {line(one): one for one in answers(unix_diag_msg, udiag_type="SOCK_DGRAM")}.values()

    assert ("SOCK_STREAM", "TCP_LISTEN") == (value(listening, "udiag_type"), value(listening, "udiag_state"))
    assert {"udiag_rqueue": 0, "udiag_wqueue": 5} == value(listening, "UNIX_DIAG_RQLEN")
    assert value(left, "udiag_ino") == value(right, "UNIX_DIAG_PEER")
    assert value(right, "udiag_ino") == value(left, "UNIX_DIAG_PEER")
    assert {"text": "\0abstract", "bytes": b"\0abstract".hex()} == value(abstract, "UNIX_DIAG_NAME")
    request = requests(FILE, BY_FAMILY, sdiag_family="AF_UNIX")[0]
    assert ["UDIAG_SHOW_NAME", "UDIAG_SHOW_PEER", "UDIAG_SHOW_RQLEN"] == value(request, "udiag_show")


def test_packet() -> None:
    """ss -0 -e: tcpdump's own socket: "ver:1 flags( running auxdata ) ring_rx(blk_size:524288,frm_size:262240,...)"."""
    (tcpdump,) = answers(packet_diag_msg)
    found = attrs(tcpdump)

    assert ("SOCK_DGRAM", "ETH_P_ALL") == (value(tcpdump, "pdiag_type"), value(tcpdump, "pdiag_num"))
    info = found["PACKET_DIAG_INFO"]
    assert ("TPACKET_V2", ["PDI_RUNNING", "PDI_AUXDATA"]) == (info["pdi_version"], info["pdi_flags"])
    ring = found["PACKET_DIAG_RX_RING"]
    assert ring["pdr_block_size"] * ring["pdr_block_nr"] >= ring["pdr_frame_size"] * ring["pdr_frame_nr"] > 0
    assert 524288 == ring["pdr_block_size"]


def test_netlink() -> None:
    """ss -f netlink -e: a socket bound to groups 1 and 5 (0x11) of NETLINK_ROUTE, and the kernel's own."""
    bound = answers(netlink_diag_msg, ndiag_protocol="NETLINK_ROUTE", ndiag_type="SOCK_RAW")
    kernel = answers(netlink_diag_msg, ndiag_portid=0)

    assert {0x11} == {value(one, "NETLINK_DIAG_GROUPS")[0] for one in bound}
    assert {"NETLINK_ROUTE", "NETLINK_SOCK_DIAG", "NETLINK_GENERIC"} < {value(one, "ndiag_protocol") for one in kernel}
    (request,) = requests(FILE, BY_FAMILY, sdiag_family="AF_NETLINK")
    assert "NDIAG_PROTO_ALL" == value(request, "sdiag_protocol")


def test_everything_is_described() -> None:
    assert [] == undecoded(FILE)


def test_summary() -> None:
    told = [line(one) for one in answers(inet_diag_msg, idiag_sport=8080, idiag_state="TCP_LISTEN")]

    assert told[0].startswith("listen 0 128 127.0.0.1:8080 0.0.0.0:0 uid 0 ino ")
    assert "inet tcp filter of 4" in [line(one) for one in requests(FILE, BY_FAMILY)]


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
    assert "raw ino 99 dev 3 queue 2" == line(message)


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


def test_scapy_edits_and_builds() -> None:
    (packet, *_) = [one for one in packets(FILE, inet_diag_msg) if INET_DIAG.INFO in one]

    assert 0x77 == packet[tcp_info].tcpi_wscale
    packet[tcp_info].tcpi_wscale = {"tcpi_snd_wscale": 2, "tcpi_rcv_wscale": 1}
    assert 0x12 == packet[tcp_info].tcpi_wscale
    request = nlmsghdr(nlmsg_type="SOCK_DIAG_BY_FAMILY", nlmsg_flags="NLM_F_REQUEST|NLM_F_DUMP") / inet_diag_req_v2(
        sdiag_family="AF_INET", sdiag_protocol="IPPROTO_TCP", idiag_states=["TCPF_LISTEN"]
    )
    assert 72 == len(bytes(request))
    assert 1 << 10 == int.from_bytes(bytes(request)[20:24], "little")


def test_names_of_messages_outside_a_capture() -> None:
    assert {"SOCK_DIAG_BY_FAMILY", "NLMSG_DONE"} < {one.type_name for one in messages(FILE)}
