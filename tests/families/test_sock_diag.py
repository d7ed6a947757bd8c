"""Socket monitoring on real bytes: what ss(8) asked, what the kernel answered, and what ss printed of it."""

from __future__ import annotations

import socket
import struct
from typing import Any

from nldissect.families.sock_diag.inet import INET_DIAG, inet_diag_msg, inet_diag_req_v2
from nldissect.families.sock_diag.netlink import netlink_diag_msg
from nldissect.families.sock_diag.packet import packet_diag_msg
from nldissect.families.sock_diag.tcp_info import tcp_info
from nldissect.families.sock_diag.unix import unix_diag_msg, unix_diag_req
from nldissect.render.json_objects import value_of
from nldissect.wire import NETLINK_SOCK_DIAG, DecodedMessage, Message, nlmsghdr
from tests.helpers.captures import plain, replies, requests, undecoded, value
from tests.helpers.hex_messages import attribute, of_body, u32
from tests.helpers.route_messages import attrs, body, line, packets

FILE = "sock_diag.pcap"
BY_FAMILY = "SOCK_DIAG_BY_FAMILY"


def answers(layer: type[Message], **wanted: Any) -> list[DecodedMessage]:
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


def test_filters_say_the_same_operation_again() -> None:
    """By hand: ss "sport > 10 and sport > 20" is S_GE twice; a program repeats, which is nothing to be noted."""
    twice = b"".join(bytes([2, 8]) + b"\x0c\0" + bytes(2) + port.to_bytes(2, "little") for port in (10, 20))
    message = of_body(NETLINK_SOCK_DIAG, 20, bytes([2, 6, 0, 0]) + bytes(52) + attribute(1, twice), flags=0x301)

    assert [] == message.notes
    (program,) = [one for one in [message.find("INET_DIAG_REQ_BYTECODE")] if one is not None]
    ports = [one["INET_DIAG_BC_S_GE"]["port"] for one in value_of(program)]
    assert [10, 20] == ports


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
    assert all(line(one).endswith(" groups link,ipv4-ifaddr") for one in bound)
    assert {"NETLINK_ROUTE", "NETLINK_SOCK_DIAG", "NETLINK_GENERIC"} < {value(one, "ndiag_protocol") for one in kernel}
    (request,) = requests(FILE, BY_FAMILY, sdiag_family="AF_NETLINK")
    assert "NDIAG_PROTO_ALL" == value(request, "sdiag_protocol")


def test_everything_is_described() -> None:
    assert [] == undecoded(FILE)


def test_summary() -> None:
    told = [line(one) for one in answers(inet_diag_msg, idiag_sport=8080, idiag_state="TCP_LISTEN")]

    assert told[0].startswith("listen recv-q 0 send-q 128 127.0.0.1:8080 0.0.0.0:0 uid 0 ino ")
    assert "inet tcp filter of 4" in [line(one) for one in requests(FILE, BY_FAMILY)]


def test_an_ipv6_address_stands_in_brackets_before_its_port() -> None:
    """As ss prints it: "2001:db8::1:65535" could be an address."""
    six = socket.inet_pton(socket.AF_INET6, "2001:db8::1")
    sockets = struct.pack(">HH16s16s", 65535, 80, six, bytes(16)) + bytes(12)
    told = of_body(NETLINK_SOCK_DIAG, 20, bytes([socket.AF_INET6, 10, 0, 0]) + sockets + bytes(20))

    assert line(told).startswith("listen recv-q 0 send-q 0 [2001:db8::1]:65535 [::]:80 uid 0 ino 0")


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
