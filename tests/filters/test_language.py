"""The filter language on real traffic: frame numbers as tshark, the command that was run or the bytes have them."""

from __future__ import annotations

import struct

import pytest

from nldissect.errors import FilterError
from nldissect.filters import compile_filter
from tests.helpers.message_rows import made, matching, situations, those
from tests.helpers.messages import ROUTE, attribute, frame, link, message

IFLA_ADDRESS, IFLA_IFNAME, IFLA_MTU, IFLA_LINK, IFLA_LINKINFO = 1, 3, 4, 5, 18


def u32(number: int) -> bytes:
    return struct.pack("<I", number)


def named(index: int, name: str, *more: bytes) -> bytes:
    return frame(ROUTE, link(index, attribute(IFLA_IFNAME, name.encode() + b"\0"), *more))


def mtu(*values: int) -> bytes:
    return frame(ROUTE, link(1, *(attribute(IFLA_MTU, u32(value)) for value in values)))


# What `tshark -r captures/FILE -Y FILTER -T fields -e frame.number` prints for the filter behind "#".
AS_TSHARK = [
    ("link_dump.pcap", "IFLA_MTU > 1500", [2, 4, 7, 9, 12, 14]),  # netlink-route.ifla_mtu > 1500
    ("link_dump.pcap", "ifla_mtu == 1500", [2, 3, 7, 8]),  # netlink-route.ifla_mtu == 1500
    ("link_dump.pcap", "frame.len > 3000", [2, 3, 7, 8]),  # frame.len > 3000
    ("link_dump.pcap", "frame.time_relative > 1ms", [*range(5, 15)]),  # frame.time_relative > 0.001
    ("link_dump.pcap", "frame.time_relative > 0.001", [*range(5, 15)]),  # the same
    ("link_notify.pcap", "ifi_flags & IFF_UP", [2, 19, 20, 23, 25, 27, 30, 32, 35, 37, 40]),  # ...ifi_flags.iff_up == 1
    ("link_notify.pcap", "IFLA_IFNAME matches \"^D\"", [
        4, 5, 7, 8, 9, 10, 12, 13, 15, 17, 18, 20, 22, 23, 25, 27, 29, 30, 32, 34, 35, 37, 39, 40, 42, 44, 45, 48, 49,
        51,
    ]),  # netlink-route.ifla_ifname matches "^D"
    ("route.pcap", "RTA_OIF == 2", [
        7, 8, 12, 13, 16, 36, 40, 41, 49, 62, 66, 70, 77, 83, 84, 88, 89, 93, 94,
    ]),  # netlink-route.rta_oif == 2
    ("errors.pcap", "error == EINVAL", [20, 32, 44]),  # netlink.error == -22
    ("errors.pcap", "nlmsgerr.error == -22", [20, 32, 44]),  # the same
    ("errors.pcap", "nlmsgerr.error == EINVAL", [20, 32, 44]),  # the same
    ("errors.pcap", "error", [4, 12, 14, 16, 20, 22, 28, 32, 36, 40, 44, 46, 50, 52, 54, 56, 63, 77, 91]),
    # netlink.error != 0
    ("errors.pcap", "nlmsgerr.error == 0", [8, 70, 84]),  # netlink.error == 0
    ("addr.pcap", "nlmsg_type == RTM_NEWADDR", [
        7, 8, 12, 13, 17, 18, 22, 24, 27, 28, 30, 33, 34, 36, 42, 49, 56, 59, 60, 64, 65, 75, 80, 84,
    ]),  # netlink-route.nltype == 20
    ("nlctrl.pcap", "genlmsghdr.cmd == CTRL_CMD_GETFAMILY", [1, 4, 7, 10]),  # genl.ctrl.cmd == 3
    ("sock_diag.pcap", "nlmsg_type == SOCK_DIAG_BY_FAMILY", [
        1, 2, 4, 5, 7, 8, 10, 12, 13, 15, 17, 18, 20, 22, 23, 25, 26, 31, 32, 33, 34, 36, 41, 42, 44, 45, 47, 48,
        50, 52, 53,
    ]),  # netlink-sock_diag.nltype == 20
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "frames"), AS_TSHARK)
def test_same_frames_as_tshark(name: str, text: str, frames: list[int]) -> None:
    assert frames == matching(name, text)


# Read off the commands in captures/README.md and the list `nldissect read` prints.
AS_COMMANDED = [
    ("route.pcap", "RTA_DST == 10.0.0.0/8", [7, 8, 70, 88, 89, 93, 94]),
    ("route.pcap", "RTA_DST == 203.0.113.7/32", [45, 46, 70]),
    ("route.pcap", "RTA_DST == 203.0.113.7", [45, 46, 70]),
    ("route.pcap", "RTA_DST == 10.3.0.0/8", None),
    ("route.pcap", "RTA_DST == 2001:db8:1::/48", [48, 49, 84]),
    ("route.pcap", "RTA_DST in 2001:db8::/32 and nlmsg_flags & NLM_F_CREATE and direction == \"to kernel\"",
     [48, 51, 54]),
    ("rule.pcap", "FRA_SRC == 10.0.0.0/8 and FRA_DST == 192.0.2.0/24 and frame.number < 40", [5, 6]),
    ("rule.pcap", "FRA_SRC in {10.9.0.0/16, 192.0.2.7} and frame.number < 40", [26, 27, 29, 30]),
    ("xfrm.pcap", "sel.saddr == 10.0.0.0/8 and frame.number < 20", [1, 2, 16, 17]),
    ("xfrm.pcap", "sel.daddr == 10.1.0.0/16 and sel.saddr != 10.0.0.0/9 and frame.number < 20",
     [1, 2, 16, 17]),
    ("xfrm.pcap", "sel.saddr == 10.0.0.0/9", []),
    ("errors.pcap", "extack contains \"VLAN\"", [4, 12]),
    ("errors.pcap", "extack contains \"vlan\"", []),
    ("errors.pcap", "extack matches \"vlan\"", [4, 12]),
    ("errors.pcap", "extack and not error", [84]),
    ("errors.pcap", "IFLA_VLAN_ID == 5000", [3]),
    ("errors.pcap", "IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_VLAN_ID in {10, 5000} and nlmsg_flags & NLM_F_EXCL", [3, 7, 11]),
    ("link_notify.pcap", "direction == \"notification\" and nlmsg_type == RTM_DELLINK", [51]),
    ("ethtool.pcap", "genlmsghdr.cmd == ETHTOOL_MSG_FEATURES_GET", [24]),
    ("ethtool.pcap", "genlmsghdr.cmd == ETHTOOL_MSG_FEATURES_SET_REPLY", [37]),
    ("ethtool.pcap", "genlmsghdr.family == \"ethtool\" and frame.number < 10", [4, 5, 7, 8]),
    ("ethtool.pcap", "protocol == NETLINK_ROUTE and frame.number < 100", [59, 60, 61]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "frames"), AS_COMMANDED)
def test_what_the_commands_said(name: str, text: str, frames: list[int] | None) -> None:
    if frames is None:
        with pytest.raises(FilterError):
            compile_filter(text)
    else:
        assert frames == matching(name, text)


def test_a_field_has_no_one_or_several_values() -> None:
    found = made(frame(ROUTE, link(1)), mtu(1500), mtu(1500, 9000))
    assert [2, 3] == those(found, "IFLA_MTU")
    assert [2, 3] == those(found, "IFLA_MTU == 1500") and [3] == those(found, "IFLA_MTU == 9000")
    assert [3] == those(found, "IFLA_MTU > 1500") and [2, 3] == those(found, "IFLA_MTU <= 1500")
    assert [2, 3] == those(found, "IFLA_MTU in {1, 1500}") and [2, 3] == those(found, "IFLA_MTU & 0x4")


def test_unequal_holds_where_there_is_a_value_and_none_equals() -> None:
    found = made(frame(ROUTE, link(1)), mtu(1500), mtu(1500, 9000), mtu(9000))
    assert [4] == those(found, "IFLA_MTU != 1500")
    assert [1, 4] == those(found, "not IFLA_MTU == 1500")
    assert [1, 4] == those(found, "not (IFLA_MTU == 1500)") == those(found, "!(IFLA_MTU == 1500)")


@pytest.mark.parametrize("test", ["== 1", "!= 1", "< 1", "<= 1", "> 1", ">= 1", "in {0..9}", "& 1"])
def test_every_comparison_is_false_where_there_is_no_value(test: str) -> None:
    found = made(frame(ROUTE, link(1)))
    assert [] == those(found, f"IFLA_MTU {test}")
    assert [1] == those(found, f"not IFLA_MTU {test}")


def test_not_binds_tighter_than_and_and_than_or() -> None:
    found = made(mtu(1), mtu(2), named(3, "x"))
    assert [1, 3] == those(found, "IFLA_MTU == 1 or IFLA_IFNAME and ifi_index == 3")
    assert [1, 3] == those(found, "IFLA_IFNAME and ifi_index == 3 or IFLA_MTU == 1")
    assert [3] == those(found, "(IFLA_MTU == 1 or IFLA_IFNAME) and ifi_index == 3")
    assert [3] == those(found, "not IFLA_MTU and IFLA_IFNAME")
    assert [2, 3] == those(found, "not (IFLA_MTU and IFLA_MTU == 1)")
    assert (
        [1, 3] == those(found, "IFLA_MTU == 1 || IFLA_IFNAME && ! IFLA_MTU") == those(found, "!IFLA_MTU||IFLA_MTU==1")
    )
    assert [1, 2] == those(found, "not not IFLA_MTU")


def test_case_of_names_and_words_does_not_matter() -> None:
    found = made(mtu(9000), mtu(1))
    for text in ("ifla_mtu > 1500", "Ifla_Mtu>1500 AND nlmsg_TYPE == rtm_newlink", "IFLA_MTU IN {9000}"):
        assert [1] == those(found, text)


def test_an_empty_filter_holds_for_everything() -> None:
    assert [1, 2] == those(made(mtu(1), mtu(2)), "") == those(made(mtu(1), mtu(2)), " \t")


def test_contains_minds_case_and_matches_does_not() -> None:
    found = made(named(1, "eth0"), named(2, "ETH0"))
    assert [1] == those(found, 'IFLA_IFNAME contains "th"')
    assert [1, 2] == those(found, 'IFLA_IFNAME matches "TH"')
    assert [1] == those(found, 'IFLA_IFNAME == "eth0"')
    assert [1, 2] == those(found, r'IFLA_IFNAME matches "^\w+\d$"')


def test_text_has_an_order_and_escapes() -> None:
    found = made(named(1, "a"), named(2, "b"), named(3, 'q"\\'))
    assert [1] == those(found, 'IFLA_IFNAME < "b"') and [2, 3] == those(found, 'IFLA_IFNAME in {"b".."r"}')
    assert [3] == those(found, r'IFLA_IFNAME == "q\"\\"') == those(found, r'IFLA_IFNAME == "\x71\u0022\\"')
    assert [3] == those(found, r'IFLA_IFNAME matches "\"\\"')


def test_slices_of_addresses_and_text() -> None:
    address = bytes.fromhex("0242ac110002")
    found = made(
        named(1, "veth1", attribute(IFLA_ADDRESS, address)), named(2, "eth1", attribute(IFLA_ADDRESS, b"\2\x42"))
    )
    assert [1, 2] == those(found, "IFLA_ADDRESS[0:2] == 02:42")
    assert [1] == those(found, "IFLA_ADDRESS[0:3] == 02:42:ac") == those(found, "IFLA_ADDRESS[3:3] == 0x110002")
    assert [1] == those(found, 'IFLA_IFNAME[0:4] == "veth"') and [2] == those(found, 'IFLA_IFNAME[0:4] != "veth"')
    assert [1] == those(found, "IFLA_ADDRESS[2:1]") and [] == those(found, "IFLA_ADDRESS[5:2]")
    assert [2] == those(found, 'IFLA_IFNAME[0:3] == "eth"') and [1] == those(found, "IFLA_IFNAME[4:1]")


def test_link_layer_addresses_and_bytes() -> None:
    found = made(
        *(named(1, "x", attribute(IFLA_ADDRESS, bytes.fromhex(raw))) for raw in ("0242ac110002", "00000000", "ff"))
    )
    assert [1] == those(found, "IFLA_ADDRESS == 02:42:ac:11:00:02") == those(found, "IFLA_ADDRESS == 2:42:AC:11:0:2")
    assert [1] == those(found, "IFLA_ADDRESS contains 42:ac") and [3] == those(found, "IFLA_ADDRESS == ff")
    assert [1] == those(found, "IFLA_ADDRESS >= 02:00:00:00:00:00")


def test_a_place_that_the_literal_does_not_fit_is_not_compared() -> None:
    """IFLA_ADDRESS is an IPv4 address on tunnels (ifi_type ARPHRD_TUNNEL, 768) and a link-layer address elsewhere."""
    tunnel = message(16, struct.pack("<BxHiII", 0, 768, 5, 1, 0) + attribute(IFLA_ADDRESS, b"\x0a\0\0\1"))
    found = made(named(1, "x", attribute(IFLA_ADDRESS, b"\x0a\0\0\1")), frame(ROUTE, tunnel))
    assert [2] == those(found, "IFLA_ADDRESS == 10.0.0.1") == those(found, "IFLA_ADDRESS in 10.0.0.0/8")
    assert [1] == those(found, "IFLA_ADDRESS == 0a:00:00:01")
    assert [1, 2] == those(found, "IFLA_ADDRESS in {10.0.0.1, 0a:00:00:01}")
    assert [] == those(found, "IFLA_ADDRESS != 10.0.0.1") and [2] == those(found, "IFLA_ADDRESS != 10.0.0.2")


def test_sorts_are_not_mixed_where_fields_are_compared() -> None:
    """IFLA_ADDRESS may be an IPv4 address; here it is a link-layer address of the same four bytes."""
    local = attribute(2, attribute(6, b"\x0a\0\0\1"))  # IFLA_INFO_DATA of a gre link holds IFLA_GRE_LOCAL
    info = attribute(18, attribute(1, b"gre\0") + local)
    found = made(frame(ROUTE, link(1, attribute(IFLA_ADDRESS, b"\x0a\0\0\1"), info)))
    assert [1] == those(found, "IFLA_GRE_LOCAL == 10.0.0.1 and IFLA_ADDRESS == 0a:00:00:01")
    assert [] == those(found, "IFLA_ADDRESS == IFLA_GRE_LOCAL or IFLA_ADDRESS != IFLA_GRE_LOCAL")


def test_stacks_of_labels() -> None:
    """ip -f mpls route add 100 as 200/300 via inet 192.0.2.2 dev d0, and the same listed, shown, deleted."""
    assert [8, 9] == matching("mpls.pcap", "RTA_DST == 100 and frame.number < 20")
    assert [8, 9] == matching("mpls.pcap", "RTA_NEWDST == 200/300 and frame.number < 20")
    assert [13, 14] == matching("mpls.pcap", 'RTA_DST in {"101"} and frame.number < 20')
    assert [18, 19] == matching("mpls.pcap", "RTA_DST != 100 and not RTA_DST == 101 and frame.number < 20")


def test_the_bare_name_of_a_bitfield_is_its_values() -> None:
    """struct nla_bitfield32 has values and a selector; TCA_ROOT_FLAGS is number 2 behind struct tcamsg."""
    found = made(frame(ROUTE, message(50, bytes(4) + attribute(2, u32(1) + u32(3)))))
    assert [1] == those(found, "TCA_ROOT_FLAGS == 1") == those(found, "TCA_ROOT_FLAGS.selector == 3")
    assert [] == those(found, "TCA_ROOT_FLAGS == 3") and [1] == those(found, "TCA_ROOT_FLAGS.value == 1")


def test_a_number_too_large_for_one_place_counts_there_all_the_same() -> None:
    """rx_packets has 32 bits in IFLA_STATS, 64 in IFLA_STATS64; this link shows the first only."""
    found = made(frame(ROUTE, link(1, attribute(7, u32(9) + bytes(92)))))
    assert [1] == those(found, "rx_packets < 5000000000") == those(found, "rx_packets != 5000000000")


def destinations(text: str) -> set[str]:
    """RTA_DST of the routes that match."""
    holds = compile_filter(text).holds
    nodes = [one.walked.find("RTA_DST") for one in situations("route.pcap") if one.walked is not None and holds(one)]
    return {node.value for node in nodes if node is not None}


def test_addresses_have_an_order_within_their_family() -> None:
    assert {"10.0.0.0", "10.1.0.0", "10.1.2.3", "10.2.0.0"} == destinations("RTA_DST < 10.3.0.0")
    assert {"10.1.0.0", "10.1.2.3", "10.2.0.0"} == destinations("RTA_DST in {10.1.0.0..10.2.0.0}")
