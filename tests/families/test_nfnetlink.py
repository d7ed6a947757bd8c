"""The small netfilter subsystems on real bytes: logged and queued packets, accounting, fingerprints."""

from __future__ import annotations

from typing import Any

from scapy.layers.inet import ICMP, IP, UDP

from nldissect.families.netfilter.hook import NFNLA_CHAIN, NFNLA_HOOK, NFNLA_HOOK_BPF, NFNLA_HOOK_INFO, nfnl_hook
from nldissect.wire import NETLINK_NETFILTER, DecodedMessage, Inside, nlmon, nlmsghdr, walk
from tests.helpers.captures import messages, plain, replies, requests, undecoded, value

LOG, ACCT = "nflog.pcap", "nfacct.pcap"


def attributes(message: DecodedMessage) -> dict[str, Any]:
    """The attributes behind the header."""
    found: dict[str, Any] = plain(message.layers[-1])["attrs"]
    return found


def packet(message: DecodedMessage, row: str) -> Any:
    """The packet inside, as Scapy opens it."""
    node = message.find(row)
    assert node is not None and isinstance(node.kind, Inside)
    return node.kind.opened(node.value)


def test_nothing_is_left_undecoded() -> None:
    assert undecoded(LOG) == undecoded(ACCT) == []


def test_logged_packet() -> None:
    """-j NFLOG --nflog-group 5 --nflog-prefix "ping goes out" --nflog-size 64, on an echo request"""
    told = messages(LOG, "NFULNL_MSG_PACKET")[0]

    assert 5 == value(told, "res_id")
    assert {"hw_protocol": "ETH_P_IP", "hook": "NF_INET_LOCAL_OUT"} == value(told, "NFULA_PACKET_HDR")
    assert ("ping goes out", 0, 0) == tuple(value(told, "NFULA_" + name) for name in ("PREFIX", "UID", "SEQ"))
    ping = packet(told, "NFULA_PAYLOAD")
    assert ("127.0.0.1", 8) == (ping[IP].dst, ping[ICMP].type)
    assert 64 == len(ping.original)


def test_queued_packet_and_its_verdict() -> None:
    """-j NFQUEUE --queue-num 7 on a datagram b"queued" to port 5353; accepted, mark 66"""
    told = messages(LOG, "NFQNL_MSG_PACKET")[0]
    (verdict,) = requests(LOG, "NFQNL_MSG_VERDICT")

    assert 7 == value(told, "res_id") == value(verdict, "res_id")
    assert {"packet_id": 1, "hw_protocol": "ETH_P_IP", "hook": "NF_INET_LOCAL_IN"} == value(told, "NFQA_PACKET_HDR")
    datagram = packet(told, "NFQA_PAYLOAD")
    assert (5353, b"queued") == (datagram[UDP].dport, bytes(datagram[UDP].payload)[:6])
    assert {"verdict": "NF_ACCEPT", "id": 1} == value(verdict, "NFQA_VERDICT_HDR")
    assert 66 == value(verdict, "NFQA_MARK")


def test_configuration() -> None:
    """Bind the group, ask for whole packets, number them; bind the queue, take large packets unsplit."""
    log = [attributes(one) for one in requests(LOG, "NFULNL_MSG_CONFIG")]
    queue = [attributes(one) for one in requests(LOG, "NFQNL_MSG_CONFIG")]

    assert {"NFULA_CFG_CMD": {"command": "NFULNL_CFG_CMD_BIND"}} == log[0]
    assert {"copy_range": 65535, "copy_mode": "NFULNL_COPY_PACKET"} == log[1]["NFULA_CFG_MODE"]
    assert ["NFULNL_CFG_F_SEQ", "NFULNL_CFG_F_SEQ_GLOBAL"] == log[2]["NFULA_CFG_FLAGS"]
    assert {"command": "NFQNL_CFG_CMD_BIND", "pf": "AF_INET"} == queue[0]["NFQA_CFG_CMD"]
    assert {"copy_range": 65535, "copy_mode": "NFQNL_COPY_PACKET"} == queue[1]["NFQA_CFG_PARAMS"]
    assert ["NFQA_CFG_F_GSO"] == queue[2]["NFQA_CFG_FLAGS"] == queue[2]["NFQA_CFG_MASK"]


def test_accounting() -> None:
    """nfacct add web; nfacct add limited packet 100"""
    web, limited = (attributes(one) for one in replies(ACCT, "NFNL_MSG_ACCT_NEW")[:2])

    assert {"NFACCT_NAME": "web", "NFACCT_PKTS": 0, "NFACCT_BYTES": 0, "NFACCT_USE": 1} == web
    assert (100, ["NFACCT_F_QUOTA_PKTS"]) == (limited["NFACCT_QUOTA"], limited["NFACCT_FLAGS"])


def test_fingerprint() -> None:
    """S10:64:1:60:M*,S,T,N,W7:Linux:3.10::Linux 3.10: window 10 MSS, ttl 64, df, size 60, five options"""
    finger = value(requests(ACCT, "OSF_MSG_ADD")[0], "OSF_ATTR_FINGER")

    assert {"wc": "OSF_WSS_MSS", "val": 10} == finger["wss"]
    assert (64, 1, 60, 5) == tuple(finger[name] for name in ("ttl", "df", "ss", "opt_num"))
    assert "Linux" == finger["genre"]
    kinds = [option["kind"] for option in finger["opt"][:5]]
    assert ["OSFOPT_MSS", "OSFOPT_SACKP", "OSFOPT_TS", "OSFOPT_NOP", "OSFOPT_WSO"] == kinds


def test_description_of_a_hook_depends_on_its_type() -> None:
    """NFNLA_HOOK_INFO_DESC is a chain of nftables or a BPF program, as NFNLA_HOOK_INFO_TYPE behind it says."""

    def message(kind: str, description: list[Any]) -> Any:
        return nlmsghdr(nlmsg_type="NFNL_MSG_HOOK_GET") / nfnl_hook(nfgen_family="NETDEV", attrs=[
            NFNLA_HOOK.HOOKNUM(1), NFNLA_HOOK.PRIORITY(-1),
            NFNLA_HOOK.CHAIN_INFO([NFNLA_HOOK_INFO.DESC(description), NFNLA_HOOK_INFO.TYPE(kind)]),
        ])  # fmt: skip

    both = [message("NFTABLES", [NFNLA_CHAIN.NAME("input")]), message("BPF", [NFNLA_HOOK_BPF.ID(7)])]
    raw = bytes(nlmon(sll_pkttype=4, sll_hatype=824, sll_protocol=NETLINK_NETFILTER, messages=both))
    chain, program = walk(raw).messages

    assert {"NFNLA_CHAIN_NAME": "input"} == value(chain, "NFNLA_HOOK_INFO_DESC")
    assert {"NFNLA_HOOK_BPF_ID": 7} == value(program, "NFNLA_HOOK_INFO_DESC")
    assert ("NF_NETDEV_EGRESS", -1) == (value(chain, "NFNLA_HOOK_HOOKNUM"), value(chain, "NFNLA_HOOK_PRIORITY"))
