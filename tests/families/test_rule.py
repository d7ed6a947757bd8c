"""Policy rules on real bytes, with what ip rule printed of them."""

from __future__ import annotations

from typing import Any

from nldissect.families.route.rule import FRA, fib_rule_hdr, fib_rule_port_range
from nldissect.wire import DecodedMessage
from tests.helpers.captures import messages, replies, requests, value
from tests.helpers.route_messages import attribute, attrs, body, from_body, line, packets


def asked(priority: int) -> DecodedMessage:
    """The request of the IPv4 rule of that priority."""
    return requests("rule.pcap", "RTM_NEWRULE", FRA_PRIORITY=priority, family="AF_INET")[0]


def listed(priority: int) -> dict[str, Any]:
    """The attributes of that rule as the kernel keeps it."""
    return attrs(replies("rule.pcap", "RTM_NEWRULE", FRA_PRIORITY=priority, family="AF_INET")[0])


def test_from_to() -> None:
    """ip rule add from 10.0.0.0/8 to 192.0.2.0/24 table 100 priority 1000"""
    assert {
        "family": "AF_INET",
        "dst_len": 24,
        "src_len": 8,
        "tos": 0,
        "table": 100,
        "action": "FR_ACT_TO_TBL",
        "flags": [],
        "attrs": {"FRA_SRC": "10.0.0.0", "FRA_DST": "192.0.2.0", "FRA_PRIORITY": 1000},
    } == body(asked(1000))
    assert line(asked(1000)) == "inet 1000: from 10.0.0.0/8 to 192.0.2.0/24 to_tbl table 100"


def test_from_to_by_hand() -> None:
    """The same request built from names gives the same bytes."""
    built = fib_rule_hdr(
        family="AF_INET", dst_len=24, src_len=8, table=100, action="FR_ACT_TO_TBL",
        attrs=[FRA.PRIORITY(1000), FRA.SRC("10.0.0.0"), FRA.DST("192.0.2.0")],
    )  # fmt: skip
    sent = packets("rule.pcap", fib_rule_hdr)[0]
    assert sorted(map(bytes, sent.attrs)) == sorted(map(bytes, built.attrs))
    assert bytes(sent)[:12] == bytes(built)[:12]


def test_mark_and_interface() -> None:
    """ip rule add fwmark 0x10/0xff iif lo table 1000 priority 1001; ... oif eth9 ...: detached"""
    rule = attrs(asked(1001))
    assert (0x10, 0xFF, "lo", 1000) == tuple(rule[f"FRA_{name}"] for name in ("FWMARK", "FWMASK", "IIFNAME", "TABLE"))
    kept = replies("rule.pcap", "RTM_NEWRULE", FRA_PRIORITY=1002, family="AF_INET")[0]
    assert (["FIB_RULE_OIF_DETACHED"], "eth9", 0) == tuple(
        value(kept, name) for name in ("flags", "FRA_OIFNAME", "FRA_SUPPRESS_PREFIXLEN")
    )


def test_ranges() -> None:
    """ip rule add uidrange 1000-1999 ipproto tcp sport 1024-2048 dport 443 prohibit: ports in host order"""
    rule = listed(1003)

    assert {"start": 1000, "end": 1999} == rule["FRA_UID_RANGE"]
    assert {"start": 1024, "end": 2048} == rule["FRA_SPORT_RANGE"]
    assert {"start": 443, "end": 443} == rule["FRA_DPORT_RANGE"]
    assert "IPPROTO_TCP" == rule["FRA_IP_PROTO"]
    assert "ipproto tcp sport 1024-2048 dport 443 uidrange 1000-1999 prohibit" in line(asked(1003))
    assert bytes.fromhex("08001700 0004 0008") == bytes(FRA.SPORT_RANGE(fib_rule_port_range(start=1024, end=2048)))


def test_actions() -> None:
    """goto 2000 (not there yet), nop, unreachable, not ... blackhole"""
    assert {1004: "FR_ACT_GOTO", 2000: "FR_ACT_NOP", 1006: "FR_ACT_UNREACHABLE", 1007: "FR_ACT_BLACKHOLE"} == {
        priority: value(asked(priority), "action") for priority in (1004, 2000, 1006, 1007)
    }
    first = replies("rule.pcap", "RTM_NEWRULE", FRA_PRIORITY=1004) or messages("rule.pcap", FRA_PRIORITY=1004)
    assert 2000 == value(first[0], "FRA_GOTO")
    assert any("FIB_RULE_UNRESOLVED" in value(one, "flags") for one in messages("rule.pcap", FRA_PRIORITY=1004))
    assert ["FIB_RULE_INVERT"] == value(asked(1007), "flags")


def test_the_rest() -> None:
    """l3mdev protocol 99; realms 3/4; suppress_ifgroup 7; tun_id 500; dscp 46 ("EF")"""
    assert (1, "RTPROT_OPENR") == (listed(1005)["FRA_L3MDEV"], listed(1005)["FRA_PROTOCOL"])
    assert 3 << 16 | 4 == listed(1006)["FRA_FLOW"]
    assert (7, -1) == (listed(1008)["FRA_SUPPRESS_IFGROUP"], listed(1008)["FRA_SUPPRESS_PREFIXLEN"])
    assert (500, 46) == (listed(1009)["FRA_TUN_ID"], listed(1010)["FRA_DSCP"])


def test_tables_of_a_fresh_system() -> None:
    """ip -d rule show: 32766 main proto kernel, 32767 default proto kernel"""
    tables = ("RT_TABLE_MAIN", "RT_TABLE_DEFAULT")
    assert tables == (listed(32766)["FRA_TABLE"], listed(32767)["FRA_TABLE"])
    assert "RTPROT_KERNEL" == listed(32767)["FRA_PROTOCOL"]


def test_ipv6() -> None:
    """ip -6 rule add from 2001:db8::/32 lookup 200 priority 1000"""
    (rule,) = requests("rule.pcap", "RTM_NEWRULE", family="AF_INET6")
    assert "inet6 1000: from 2001:db8::/32 to_tbl table 200" == line(rule)


def test_masks_of_later_kernels() -> None:
    """flowlabel 0x12345/0xfffff, sport 80/0xff00, dscp 0x8/0x38: numbers 26 to 30 (Linux 6.14 and 6.15)"""
    rows = [(26, "00012345"), (27, "000fffff"), (28, "00ff"), (29, "0ff0"), (30, "38")]
    encoded = b"".join(attribute(number, bytes.fromhex(text)) for number, text in rows)
    message = from_body(32, b"\x0a" + bytes(11) + encoded)

    assert {
        "FRA_FLOWLABEL": 0x12345,
        "FRA_FLOWLABEL_MASK": 0xFFFFF,
        "FRA_SPORT_MASK": 0xFF00,
        "FRA_DPORT_MASK": 0xF00F,
        "FRA_DSCP_MASK": 0x38,
    } == attrs(message)


def test_marks_without_a_mask() -> None:
    """ip rule add fwmark 5 lookup default suppress_ifgroup default pref 52: the request names no mask"""
    request = "02000000fd0000010000000008000a000500000008000d00000000000800060034000000"
    assert "inet 52: fwmark 0x5 suppress_ifgroup 0 to_tbl table default" == line(from_body(32, bytes.fromhex(request)))


def test_from_all() -> None:
    """ip rule add pref 83 from all goto 90: iproute2 sends FRA_SRC without an address, and the kernel takes that"""
    request = "0200000000000002000000000800060053000000040002000800" + "04005a000000"
    rule = from_body(32, bytes.fromhex(request))
    assert "inet 83: goto 90" == line(rule) and not rule.notes
    (wrong,) = from_body(32, bytes.fromhex("020000000000000100000000" + "06000200" + "0a000000")).notes
    assert "FRA_SRC: 2 bytes" == wrong.text


def test_flow_labels() -> None:
    """ip -6 rule add flowlabel 0x12/0xff lookup 9 pref 53"""
    request = "0a000000090000010000000008001a000000001208001b00000000ff0800060035000000"
    assert "inet6 53: flowlabel 0x12/0xff to_tbl table 9" == line(from_body(32, bytes.fromhex(request)))


def test_everything_is_described() -> None:
    assert not [note for message in messages("rule.pcap") if "RULE" in message.type_name for note in message.notes]
