"""Values against Wireshark's own dissectors: every typed field of tshark that a capture fills, in all captures.

One row maps a field of tshark to our name or names, in the order in which they stand in a message. Where the two
disagree, an exception says who is wrong and why; one that no longer applies fails.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from nldissect.uapi import NLMSG_MIN_TYPE
from nldissect.wire import Context, DecodedMessage, Mac, walk
from nldissect.wire.decode.nodes import Node
from tests.helpers.captures import frames
from tests.helpers.paths import CAPTURES
from tests.helpers.skips import needs

HEADER = ("len", "type", "flags", "seq", "pid")

PEERS = {"VETH_INFO_PEER", "VXCAN_INFO_PEER", "NETKIT_INFO_PEER"}
"""tshark does not open IFLA_LINKINFO, where a second interface may be described."""

STATISTICS = {
    "rxpackets": "rx_packets",
    "txpackets": "tx_packets",
    "rxbytes": "rx_bytes",
    "txbytes": "tx_bytes",
    "rxerrors": "rx_errors",
    "txerrors": "tx_errors",
    "rxdropped": "rx_dropped",
    "txdropped": "tx_dropped",
    "multicast": "multicast",
    "collisions": "collisions",
    "rx_errors.length_errs": "rx_length_errors",
    "rx_errors.over_errs": "rx_over_errors",
    "rx_errors.crc_errs": "rx_crc_errors",
    "rx_errors.frame_errs": "rx_frame_errors",
    "rx_errors.miss_errs": "rx_missed_errors",
    "rx_errors.abort_errs": "tx_aborted_errors",
    "rx_errors.carrier_errs": "tx_carrier_errors",
    "rx_errors.heartbeat_errs": "tx_heartbeat_errors",
    "rx_errors.window_errs": "tx_window_errors",
}

LINK = {
    "ifname": "IFNAME",
    "mtu": "MTU",
    "txqlen": "TXQLEN",
    "operstate": "OPERSTATE",
    "promiscuity": "PROMISCUITY",
    "txqnum": "NUM_TX_QUEUES",
    "rxqnum": "NUM_RX_QUEUES",
    "group": "GROUP",
    "gso_maxsize": "GSO_MAX_SIZE",
    "gso_maxsegs": "GSO_MAX_SEGS",
    "carrier": "CARRIER",
    "qdisc": "QDISC",
    "carrier_changes": "CARRIER_CHANGES",
    "hwaddr": "ADDRESS",
    "broadcast": "BROADCAST",
    "carrier_up_count": "CARRIER_UP_COUNT",
    "carrier_down_count": "CARRIER_DOWN_COUNT",
    "min_mtu": "MIN_MTU",
    "max_mtu": "MAX_MTU",
}

# "A B": both names, in the order of the message; "TYPE:A": only in that type; "A.B": a B right inside an A.
FIELDS = {
    **{f"netlink.hdr_{name}": f"nlmsg_{name}" for name in HEADER if name != "type"},
    "netlink-route.nltype": "nlmsg_type",
    "netlink-sock_diag.nltype": "nlmsg_type",
    "netlink.error": "error",
    "genl.version": "genlmsghdr.version",
    "genl.ctrl.family_id": "CTRL_ATTR_FAMILY_ID",
    "genl.ctrl.family_name": "CTRL_ATTR_FAMILY_NAME",
    "genl.ctrl.version": "CTRL_ATTR_VERSION",
    "genl.ctrl.hdrsize": "CTRL_ATTR_HDRSIZE",
    "genl.ctrl.maxattr": "CTRL_ATTR_MAXATTR",
    "genl.ctrl.op_id": "CTRL_ATTR_OP_ID",
    "genl.ctrl.op_flags": "CTRL_ATTR_OP_FLAGS",
    "genl.ctrl.group_name": "CTRL_ATTR_MCAST_GRP_NAME",
    "genl.ctrl.group_id": "CTRL_ATTR_MCAST_GRP_ID",
    "netlink-route.ifi_family": "ifi_family RTM_GETLINK:rtgen_family",
    **{f"netlink-route.ifi_{name}": f"ifi_{name}" for name in ("type", "index", "flags", "change")},
    **{f"netlink-route.ifla_{theirs}": f"IFLA_{ours}" for theirs, ours in LINK.items()},
    **{
        f"netlink-route.ifla_map.{name}": f"IFLA_MAP.{name}"
        for name in ("mem_start", "mem_end", "base_addr", "irq", "dma", "port")
    },
    **{
        f"netlink-route.ifla_linkstats.{theirs}": f"IFLA_STATS.{ours} IFLA_STATS64.{ours}"
        for theirs, ours in STATISTICS.items()
    },
    "netlink-route.ifla_linkstats.rx_errors.fifo_errs": " ".join(
        f"{group}.{way}_fifo_errors" for group in ("IFLA_STATS", "IFLA_STATS64") for way in ("rx", "tx")
    ),
    "netlink-route.ifa_family": "ifa_family RTM_GETADDR:rtgen_family",
    **{f"netlink-route.ifa_{name}": f"ifa_{name}" for name in ("prefixlen", "flags", "scope", "index")},
    "netlink-route.ifa_label": "IFA_LABEL",
    "netlink-route.ifa_flags32": "IFA_FLAGS",
    "netlink-route.ifa_address.ipv4": "IFA_ADDRESS IFA_LOCAL IFA_BROADCAST",
    "netlink-route.ifa_address.ipv6": "IFA_ADDRESS IFA_LOCAL",
    "netlink-route.rt_family": "rtm_family RTM_GETROUTE:rtgen_family",
    **{
        f"netlink-route.rt_{name}": f"rtm_{name}"
        for name in ("dst_len", "src_len", "tos", "table", "protocol", "scope", "type", "flags")
    },
    "netlink-route.rta_iif": "RTA_IIF",
    "netlink-route.rta_oif": "RTA_OIF",
    "netlink-route.nd_family": "ndm_family RTM_GETNEIGH:rtgen_family",
    "netlink-route.nd_index": "ndm_ifindex",
    **{f"netlink-route.nd_{name}": f"ndm_{name}" for name in ("state", "flags", "type")},
    "netlink-netfilter.family": "nfgen_family",
    "netlink-netfilter.version": "version",
    "netlink-netfilter.res_id": "res_id",
    "netlink-netfilter.nfct_tuple.proto.num": "CTA_PROTO_NUM",
    "netlink-netfilter.nfct_tuple.proto.src_port": "CTA_PROTO_SRC_PORT",
    "netlink-netfilter.nfct_tuple.proto.dst_port": "CTA_PROTO_DST_PORT",
    "netlink-netfilter.nfct_tuple.ip.ip_addr": "CTA_IP_V4_SRC CTA_IP_V4_DST",
    "netlink-netfilter.nfct_tuple.ip.ip6_addr": "CTA_IP_V6_SRC CTA_IP_V6_DST",
    "netlink-netfilter.nfct_tuple.zone": "CTA_TUPLE_ZONE",
    "netlink-netfilter.ct_attr.timeout": "CTA_TIMEOUT",
    "netlink-netfilter.ct_attr.id": "CTA_ID",
    "netlink-netfilter.ct_attr.status": "CTA_STATUS",
    "netlink-netfilter.ct_help_attr.help_name": "CTA_HELP_NAME",
    "netlink-netfilter.nfexp.timeout": "CTA_EXPECT_TIMEOUT",
    "netlink-netfilter.nfexp.id": "CTA_EXPECT_ID",
    "netlink-netfilter.nfexp.class": "CTA_EXPECT_CLASS",
    "netlink-netfilter.nfexp.flags": "CTA_EXPECT_FLAGS",
    "netlink-netfilter.nfexp.fn": "CTA_EXPECT_FN",
    "netlink-netfilter.ipset.setname": "IPSET_ATTR_SETNAME",
    "netlink-netfilter.ipset.typename": "IPSET_ATTR_TYPENAME IPSET_ATTR_SETNAME2",
    "netlink-netfilter.ipset.family": "IPSET_ATTR_FAMILY",
    "netlink-netfilter.ipset.flags": "IPSET_ATTR_FLAGS",
    "netlink-netfilter.ipset.cidr": "IPSET_ATTR_CIDR",
    "netlink-netfilter.ipset.timeout": "IPSET_ATTR_TIMEOUT",
    "netlink-netfilter.ipset.cadt_flags": "IPSET_ATTR_CADT_FLAGS",
    "netlink-netfilter.ipset.comment": "IPSET_ATTR_COMMENT",
    "netlink-netfilter.ipset.ip_addr": "IPSET_ATTR_IPADDR_IPV4",
    "netlink-netfilter.ipset.ip6_addr": "IPSET_ATTR_IPADDR_IPV6",
    "netlink-sock_diag.family": "sdiag_family idiag_family udiag_family ndiag_family pdiag_family",
    "netlink-sock_diag.type": "udiag_type ndiag_type pdiag_type",
    "netlink-sock_diag.state": "idiag_state udiag_state ndiag_state",
    "netlink-sock_diag.inode": "udiag_ino ndiag_ino pdiag_ino idiag_inode",
    "netlink-sock_diag.recv_queue": "idiag_rqueue udiag_rqueue",
    "netlink-sock_diag.send_queue": "idiag_wqueue udiag_wqueue",
    "netlink-sock_diag.shutdown": "INET_DIAG_SHUTDOWN UNIX_DIAG_SHUTDOWN",
    "netlink-sock_diag.unix_name": "UNIX_DIAG_NAME",
    "netlink-sock_diag.unix_peer_inode": "UNIX_DIAG_PEER",
    "netlink-sock_diag.unix_show": "udiag_show",
    "netlink-sock_diag.inet_sport": "idiag_sport",
    "netlink-sock_diag.inet_dport": "idiag_dport",
    "netlink-sock_diag.inet_src_ip4": "idiag_src",
    "netlink-sock_diag.inet_dest_ip4": "idiag_dst",
    "netlink-sock_diag.inet_src_ip6": "idiag_src",
    "netlink-sock_diag.inet_dest_ip6": "idiag_dst",
    "netlink-sock_diag.inet_interface": "idiag_if",
    "netlink-sock_diag.inet_protocol": "inet_diag_req_v2.sdiag_protocol",
    "netlink-sock_diag.inet_extended": "idiag_ext",
    "netlink-sock_diag.inet_states": "idiag_states",
    "netlink-sock_diag.netlink_protocol": "ndiag_protocol netlink_diag_req.sdiag_protocol",
    "netlink-sock_diag.netlink_portid": "ndiag_portid",
    "netlink-sock_diag.netlink_dst_portid": "ndiag_dst_portid",
    "netlink-sock_diag.netlink_show": "ndiag_show",
    "netlink-sock_diag.packet_protocol": "pdiag_num packet_diag_req.sdiag_protocol",
    "netlink-sock_diag.packet_show": "pdiag_show",
}


class Frame(NamedTuple):
    """One frame of a capture: the messages, and values by name and by path of two steps."""

    capture: str
    messages: list[DecodedMessage]
    values: dict[str, list[Any]]


def values(message: DecodedMessage) -> Iterator[tuple[str, int, Any]]:
    """Every value of a message by its name, by the name around it and by its type; of an echoed request its header."""
    header = message.length, message.number, message.flags, message.seq, message.pid
    for name, value in zip(HEADER, header, strict=True):
        yield f"nlmsg_{name}", message.start, value
    for layer in message.layers:
        yield from _below(layer, "", message.type_name)


def _below(node: Node, outer: str, type_name: str) -> Iterator[tuple[str, int, Any]]:
    if isinstance(node.value, DecodedMessage):
        echo = node.value
        for name, value in zip(HEADER, (echo.length, echo.number, echo.flags, echo.seq, echo.pid), strict=True):
            yield f"nlmsg_{name}", node.start, value
    elif node.kind.shape == "leaf":
        for name in (node.name, f"{outer}.{node.name}", f"{type_name}:{node.name}"):
            yield name, node.start, plain(node)
    elif node.name not in PEERS:
        for inner in node.value:
            yield from _below(inner, node.name if node.kind.shape != "list" else outer, type_name)


def plain(node: Node) -> Any:
    """A value as tshark prints it, numbers as numbers, bytes without colons."""
    if isinstance(node.kind, Mac):
        return str(node.value).replace(":", "")
    return int(node.value) if isinstance(node.value, (bool, int)) else node.value


def read_all() -> list[Frame]:
    """Every frame of every capture with the values that the rows name."""
    names = {name for row in FIELDS.values() for name in row.split()}
    found = []
    for path in sorted(CAPTURES.glob("*.pcap")):
        context = Context()
        for frame in frames(path.name):
            messages = walk(frame, context).messages
            by_name: dict[str, list[Any]] = defaultdict(list)
            for at, message in enumerate(messages):
                for name, start, value in values(message):
                    if name in names:
                        by_name[name].append((at, start, value))
            found.append(Frame(path.name, messages, by_name))
    return found


def ours(frame: Frame, field: str) -> list[Any]:
    """The values that stand for a field of tshark, in file order; fields of one kind of address take that kind only."""
    found = [value for name in FIELDS[field].split() for value in frame.values.get(name, [])]
    found = sorted(found, key=lambda value: value[:2])
    mark = "." if re.search(r"ip(v?4|_addr)$", field) else ":" if re.search(r"ip(v?6|6_addr)$", field) else None
    values = [value for _, _, value in found if mark is None or mark in str(value)]
    if field.endswith("nltype"):
        return [value for value in values if value >= NLMSG_MIN_TYPE]
    return values


def number(text: str) -> Any:
    """A value as tshark printed it."""
    if text in ("True", "False"):
        return int(text == "True")
    try:
        return int(text, 0)
    except ValueError:
        return text.replace(":", "") if re.fullmatch(r"[0-9a-f]{2}(:[0-9a-f]{2})*", text) else text


def printed(fields: list[str], folder: Path) -> Iterator[tuple[int, list[list[Any]]]]:
    """What tshark says of all captures at once: frame by frame the values of each field."""
    paths = sorted(CAPTURES.glob("*.pcap"))
    whole = folder / "all.pcap"
    whole.write_bytes(paths[0].read_bytes()[:24] + b"".join(path.read_bytes()[24:] for path in paths))
    form = ["-T", "fields", "-E", "occurrence=a", "-E", "aggregator=\x1f", "-e", "frame.number"]
    command = ["tshark", "-n", "-r", str(whole), *form, *(part for field in fields for part in ("-e", field))]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for line in text.splitlines():
        first, *cells = line.split("\t")
        yield int(first) - 1, [[number(one) for one in cell.split("\x1f")] if cell else [] for cell in cells]


def known_fields() -> set[str]:
    """The fields this tshark has."""
    listed = subprocess.run(["tshark", "-G", "fields"], capture_output=True, text=True, check=True).stdout
    return {line.split("\t")[2] for line in listed.splitlines() if line.startswith("F\t")}


def has(*layers: str) -> Callable[[Frame, list[Any], list[Any]], bool]:
    """Whether a message of the frame has one of these layers."""
    return lambda frame, theirs, mine: any(node.name in layers for message in frame.messages for node in message.layers)


def in_hex(frame: Frame, theirs: list[Any], mine: list[Any]) -> bool:
    """Whether the two differ only in that tshark prints addresses as bytes."""
    return theirs == [ip_address(one).packed.hex() if re.search(r"[.:]", one) else one for one in mine]


def zeros_follow(frame: Frame, theirs: list[Any], mine: list[Any]) -> bool:
    """Whether tshark takes what follows the last message for one more of length 0."""
    return theirs == [*mine, 0]


def is_read(change: Callable[[Any], Any]) -> Callable[[Frame, list[Any], list[Any]], bool]:
    """Whether tshark's values are ours, changed so."""
    return lambda frame, theirs, mine: theirs == [change(one) for one in mine]


def swapped(number: int) -> int:
    return int.from_bytes(number.to_bytes(4, "little"), "big")


class Exempt(NamedTuple):
    """Where tshark and we may differ, and why we are right."""

    field: str
    where: Callable[[Frame, list[Any], list[Any]], bool]
    reason: str

    def fits(self, field: str, frame: Frame, theirs: list[Any], mine: list[Any]) -> bool:
        return field.startswith(self.field) and self.where(frame, theirs, mine)


EXEMPT = [
    Exempt("netlink.hdr_", lambda frame, *_: not frame.messages[0].has_header, "uevents have no struct nlmsghdr"),
    Exempt("netlink.hdr_len", zeros_follow, "zeros that fill up the last datagram of a dump are no message"),
    Exempt("netlink-route.rt_", has("rtcanmsg"), "the header of AF_CAN is struct rtcanmsg (linux/can/gw.h), no rtmsg"),
    Exempt("netlink-route.ifla_", in_hex, "the hardware address of an IP tunnel is an IP address"),
    Exempt(
        "netlink-netfilter.ct_attr.id",
        lambda frame, *_: frame.messages[0].type_name == "IPCTNL_MSG_CT_GET_STATS_CPU",
        "attributes of counters by CPU are those of CTA_STATS, which has no id",
    ),
    Exempt(
        "netlink-netfilter.ipset.comment",
        lambda frame, theirs, mine: "" in theirs,
        "attribute 26 of a set is IPSET_ATTR_MEMSIZE; a comment only of its elements",
    ),
    Exempt("netlink-sock_diag.inet_states", is_read(swapped), "idiag_states is in host order (linux/inet_diag.h)"),
    Exempt(
        "netlink-sock_diag.send_queue",
        lambda frame, theirs, mine: theirs == ours(frame, "netlink-sock_diag.recv_queue"),
        "udiag_wqueue stands behind udiag_rqueue (linux/unix_diag.h); tshark reads the first twice",
    ),
    Exempt(
        "netlink-sock_diag.unix_name",
        is_read(lambda one: one.replace(b"\0", b"@").decode() if isinstance(one, bytes) else one),
        "an abstract name begins with a NUL",
    ),
]


def test_every_field_of_every_capture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    needs("tshark")
    fields = sorted(FIELDS.keys() & known_fields())
    found = read_all()
    agree: Counter[str] = Counter()
    used: Counter[str] = Counter()
    differ: list[str] = []
    for at, cells in printed(fields, tmp_path):
        for field, theirs in zip(fields, cells, strict=True):
            mine = ours(found[at], field)
            if field == "netlink.hdr_flags":  # told once more where bits have names by verb
                theirs, mine = list(dict.fromkeys(theirs)), list(dict.fromkeys(mine))
            if not theirs:
                continue
            if theirs == mine:
                agree[field] += 1
                continue
            exempt = next((one for one in EXEMPT if one.fits(field, found[at], theirs, mine)), None)
            if exempt is None:
                differ.append(f"{found[at].capture}: {field} is {theirs} for tshark, {mine} for us")
            else:
                used[exempt.reason] += 1
    with capsys.disabled():
        print(f"\n{agree.total()} cells of {len(agree)} fields agree with tshark, {used.total()} are exempt")
    assert [] == differ
    assert [] == [one.reason for one in EXEMPT if one.reason not in used]
    assert len(agree) > 80
