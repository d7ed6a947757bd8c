"""Connection tracking on real bytes: what conntrack asked and printed, and what the kernel told of real connections."""

from __future__ import annotations

from typing import Any

from nldissect.families.netfilter.conntrack import CTA, CTA_IP, CTA_PROTO, CTA_SEQADJ, CTA_TUPLE, nf_conntrack
from nldissect.wire import NETLINK_NETFILTER, DecodedMessage, nlmon, nlmsghdr, walk
from nldissect.wire.summary_template import fill
from tests.helpers.captures import messages, plain, replies, requests, undecoded, value

CAPTURE, EXPECT, TIMEOUT = "conntrack.pcap", "ct_expect.pcap", "ct_timeout.pcap"


def attributes(message: DecodedMessage) -> dict[str, Any]:
    """The attributes behind the header."""
    found: dict[str, Any] = plain(message.layers[-1])["attrs"]
    return found


def line(message: DecodedMessage) -> str:
    """The summary."""

    def find(name: str) -> Any:
        node = message.find(name)
        return None if node is None else (node.kind, node.value)

    assert message.message is not None
    return fill(message.message.template, find, message.context)


def test_nothing_is_left_undecoded() -> None:
    assert undecoded(CAPTURE) == undecoded(EXPECT) == undecoded(TIMEOUT) == []


def test_states_of_a_connection() -> None:
    """A connection to port 8080 of 127.0.0.1, as `conntrack -E` hears of it."""
    told = [
        one
        for one in messages(CAPTURE, "IPCTNL_MSG_CT_NEW")
        if one.direction == "notification" and value(one, "CTA_TUPLE_ORIG.CTA_PROTO_DST_PORT") == 8080
    ]

    states = [value(one, "CTA_PROTOINFO_TCP_STATE").removeprefix("TCP_CONNTRACK_") for one in told]
    assert ["SYN_SENT", "SYN_RECV", "ESTABLISHED"] == states[:3]
    assert "TIME_WAIT" == states[-1]
    assert [["IPS_CONFIRMED"], ["IPS_SEEN_REPLY", "IPS_CONFIRMED"]] == [value(one, "CTA_STATUS") for one in told[:2]]
    assert {8080} == {value(one, "CTA_TUPLE_REPLY.CTA_PROTO_SRC_PORT") for one in told}
    assert "-> 127.0.0.1 port 8080 <SEEN_REPLY,ASSURED,CONFIRMED> timeout 432000 s" in line(told[2])


def test_made_by_hand() -> None:
    """conntrack -I -p tcp -s 192.0.2.1 -d 198.51.100.1 --sport 1024 --dport 80 --state ESTABLISHED ..."""
    made = attributes(requests(CAPTURE, "IPCTNL_MSG_CT_NEW")[0])

    assert {
        "CTA_TUPLE_IP": {"CTA_IP_V4_SRC": "192.0.2.1", "CTA_IP_V4_DST": "198.51.100.1"},
        "CTA_TUPLE_PROTO": {"CTA_PROTO_NUM": "IPPROTO_TCP", "CTA_PROTO_SRC_PORT": 1024, "CTA_PROTO_DST_PORT": 80},
    } == made["CTA_TUPLE_ORIG"]
    assert {"CTA_IP_V4_SRC": "198.51.100.1", "CTA_IP_V4_DST": "192.0.2.1"} == made["CTA_TUPLE_REPLY"]["CTA_TUPLE_IP"]
    assert (600, 5) == (made["CTA_TIMEOUT"], made["CTA_MARK"])
    assert "IPS_ASSURED" in made["CTA_STATUS"]
    assert "TCP_CONNTRACK_ESTABLISHED" == made["CTA_PROTOINFO"]["CTA_PROTOINFO_TCP"]["CTA_PROTOINFO_TCP_STATE"]


def test_address_translation() -> None:
    """conntrack -I -p udp ... --src-nat 203.0.113.1: answers come for that address."""
    made = attributes(requests(CAPTURE, "IPCTNL_MSG_CT_NEW")[1])
    shown = next(one for one in replies(CAPTURE, "IPCTNL_MSG_CT_NEW") if value(one, "CTA_TIMEOUT") == 29
                 and "IPS_SRC_NAT" in value(one, "CTA_STATUS"))  # fmt: skip

    assert "203.0.113.1" == made["CTA_NAT_SRC"]["CTA_NAT_V4_MINIP"]
    assert "203.0.113.1" == value(shown, "CTA_TUPLE_REPLY.CTA_IP_V4_DST")


def test_ipv6() -> None:
    """conntrack -I -p udp -s 2001:db8::1 -d 2001:db8::2 --sport 1026 --dport 53 -t 30"""
    made = requests(CAPTURE, "IPCTNL_MSG_CT_NEW")[2]

    assert "NFPROTO_IPV6" == value(made, "nfgen_family")
    assert "udp 2001:db8::1 port 1026 -> 2001:db8::2 port 53 timeout 30 s" == line(made)


def test_statistics() -> None:
    """conntrack -C: 5; conntrack -S: "cpu=0 found=0 invalid=0 insert=3 insert_failed=0 drop=0 ..." """
    total = attributes(replies(CAPTURE, "IPCTNL_MSG_CT_GET_STATS")[0])
    cpu = replies(CAPTURE, "IPCTNL_MSG_CT_GET_STATS_CPU")[0]

    assert 5 == total["CTA_STATS_GLOBAL_ENTRIES"]
    assert 0 == value(cpu, "res_id")
    assert {"CTA_STATS_FOUND": 0, "CTA_STATS_INSERT": 3, "CTA_STATS_DROP": 0}.items() <= attributes(cpu).items()


def test_icmp_has_no_ports() -> None:
    """ping 127.0.0.1: type 8 there, type 0 back"""
    told = messages(CAPTURE, "IPCTNL_MSG_CT_NEW")[0]

    assert ("IPPROTO_ICMP", "ICMP_ECHO", 0) == tuple(
        value(told, "CTA_TUPLE_ORIG.CTA_PROTO_" + name) for name in ("NUM", "ICMP_TYPE", "ICMP_CODE")
    )
    assert "ICMP_ECHOREPLY" == value(told, "CTA_TUPLE_REPLY.CTA_PROTO_ICMP_TYPE")


def test_expectation() -> None:
    """An FTP server announces 127,0,0,1,31,144: the helper expects a connection to port 31 * 256 + 144 = 8080."""
    told = attributes(messages(EXPECT, "IPCTNL_MSG_EXP_NEW")[0])

    assert 21 == told["CTA_EXPECT_MASTER"]["CTA_TUPLE_PROTO"]["CTA_PROTO_DST_PORT"]
    assert 31 * 256 + 144 == told["CTA_EXPECT_TUPLE"]["CTA_TUPLE_PROTO"]["CTA_PROTO_DST_PORT"]
    assert 0xFFFF == told["CTA_EXPECT_MASK"]["CTA_TUPLE_PROTO"]["CTA_PROTO_DST_PORT"]
    assert ("ftp", 300) == (told["CTA_EXPECT_HELP_NAME"], told["CTA_EXPECT_TIMEOUT"])


def test_helper_of_a_connection() -> None:
    """conntrack -L: "... helper=ftp" """
    shown = next(one for one in replies(EXPECT, "IPCTNL_MSG_CT_NEW") if value(one, "CTA_HELP_NAME"))

    assert "ftp" == value(shown, "CTA_HELP_NAME")
    assert "IPS_HELPER" in value(shown, "CTA_STATUS")


def test_timeouts_depend_on_the_protocol() -> None:
    """nfct add timeout mytcp inet tcp established 100 close 10 · udp unreplied 10 replied 20 · generic timeout 30"""
    data = [attributes(one)["CTA_TIMEOUT_DATA"] for one in requests(TIMEOUT, "IPCTNL_MSG_TIMEOUT_NEW")]

    assert [
        {"CTA_TIMEOUT_TCP_ESTABLISHED": 100, "CTA_TIMEOUT_TCP_CLOSE": 10},
        {"CTA_TIMEOUT_UDP_UNREPLIED": 10, "CTA_TIMEOUT_UDP_REPLIED": 20},
        {"CTA_TIMEOUT_GENERIC_TIMEOUT": 30},
    ] == data
    shown = attributes(replies(TIMEOUT, "IPCTNL_MSG_TIMEOUT_NEW")[0])["CTA_TIMEOUT_DATA"]
    assert [120, 60, 100, 120, 60, 30, 120, 10, 120, 300, 300] == list(shown.values())


def test_build() -> None:
    """What is built reads back: a tuple, and an offset that may be negative."""
    message = nlmsghdr(nlmsg_type="IPCTNL_MSG_CT_NEW") / nf_conntrack(nfgen_family="IPV4", attrs=[
        CTA.TUPLE_ORIG([
            CTA_TUPLE.IP([CTA_IP.V4_SRC("192.0.2.1")]), CTA_TUPLE.PROTO([CTA_PROTO.NUM("TCP"), CTA_PROTO.SRC_PORT(80)]),
        ]),
        CTA.SEQ_ADJ_ORIG([CTA_SEQADJ.SEQADJ_OFFSET_AFTER(-7)]),
        CTA.STATUS(["SEEN_REPLY", "ASSURED"]),
    ])  # fmt: skip
    raw = bytes(nlmon(sll_pkttype=4, sll_hatype=824, sll_protocol=NETLINK_NETFILTER, messages=[message]))
    (one,) = walk(raw).messages

    assert ("192.0.2.1", 80, -7) == tuple(
        value(one, name) for name in ("CTA_IP_V4_SRC", "CTA_PROTO_SRC_PORT", "CTA_SEQADJ_OFFSET_AFTER")
    )
    assert ["IPS_SEEN_REPLY", "IPS_ASSURED"] == value(one, "CTA_STATUS")
    assert b"\x00\x50" in raw and b"\xff\xff\xff\xf9" in raw
