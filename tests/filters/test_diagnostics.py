"""What is said about a filter that can't be understood: the exact line, and where the caret stands."""

from __future__ import annotations

import pytest

from nldissect.errors import FilterError, NldissectError
from nldissect.filters import compile_filter

# A filter, the marks under it, and the line about it.
MISTAKES = [
    ("IFLA_MTUU > 1500", "^^^^^^^^^", 'no field "IFLA_MTUU"; did you mean "IFLA_MTU"?'),
    ("IFLA_MTU = 1500", "         ^", '"=" compares nothing; write "=="'),
    ("IFLA_MTU === 1500", "         ^^^", '"===" compares nothing; write "=="'),
    ("IFLA_MTU => 1500", "         ^^", 'write ">=" instead'),
    ("IFLA_IFNAME == eth0", "               ^^^^", 'IFLA_IFNAME is text, and text is quoted: "eth0"'),
    ("IFLA_IFNAME == 'eth0'", "               ^", 'text stands in double quotes: "..."'),
    ('IFLA_IFNAME == "eth0', "               ^", "this text has no closing quote"),
    ("(IFLA_MTU > 1", "^", 'this "(" is never closed'),
    ("IFLA_MTU > 1)", "            ^", 'no "(" stands before this ")"'),
    ("IFLA_MTU > 1 | IFLA_MTU < 4", "             ^", '"|" joins names of flags; between tests write "or"'),
    ("IFLA_MTU | IFLA_IFNAME", "         ^", '"|" joins names of flags; between tests write "or"'),
    ("IFLA_MTU > 1 IFLA_IFNAME", "             ^^^^^^^^^^^", '"and" or "or" is missing before this'),
    ("ifi_flags & IFF_UPP", "            ^^^^^^^", 'ifi_flags knows no "IFF_UPP"; did you mean "IFF_UP"?'),
    (
        "nlmsg_type == RTM_NEWLNK",
        "              ^^^^^^^^^^",
        'nlmsg_type knows no "RTM_NEWLNK"; did you mean "RTM_NEWLINK"?',
    ),
    (
        "nlmsg_type == CTRL_CMD_GETFAMILY",
        "              ^^^^^^^^^^^^^^^^^^",
        '"CTRL_CMD_GETFAMILY" is no value of nlmsg_type; write genlmsghdr.cmd == CTRL_CMD_GETFAMILY',
    ),
    ("cmd == RTM_NEWLINK", "       ^^^^^^^^^^^", '"RTM_NEWLINK" is no value of cmd; write nlmsg_type == RTM_NEWLINK'),
    (
        "genlmsghdr.family == ethtool",
        "                     ^^^^^^^",
        'genlmsghdr.family is text, and text is quoted: "ethtool"',
    ),
    (
        'RTA_OIF == "eth0"',
        "           ^^^^^^",
        "RTA_OIF is an interface's number, not its name; links are listed with it: eth0 #2",
    ),
    (
        "RTA_OIF in {eth0}",
        "            ^^^^",
        "RTA_OIF is an interface's number, not its name; links are listed with it: eth0 #2",
    ),
    (
        "gnet_stats_basic.bytes > 1",
        "^^^^^^^^^^^^^^^^^^^^^^",
        'no field "gnet_stats_basic.bytes"; did you mean "bytes"?',
    ),
    ("nlmsg_type > RTM_NEWLINK", "             ^^^^^^^^^^^", 'names are compared with "==", "!=" and "in" only'),
    (
        "nlmsg_type & RTM_NEWLINK",
        "             ^^^^^^^^^^^",
        'the names of nlmsg_type are no bits; compare them with "==" or "in"',
    ),
    (
        "ifi_type & ARPHRD_LOOPBACK",
        "           ^^^^^^^^^^^^^^^",
        'the names of ifi_type are no bits; compare them with "==" or "in"',
    ),
    ('IFLA_IFNAME matches "eth[0"', "                        ^", "no regular expression: unterminated character set"),
    ("IFLA_IFNAME matches eth", "                    ^^^", 'a regular expression is quoted: "..."'),
    ("RTA_DST == 10.0.0.1/8", "           ^^^^^^^^^^", "10.0.0.1/8 has bits behind its length; write 10.0.0.0/8"),
    ("RTA_DST == 10.0.0.0/33", "           ^^^^^^^^^^^", "the length of this prefix is no number from 0 to 32"),
    (
        "RTA_GATEWAY == 10.0.0.0/8",
        "               ^^^^^^^^^^",
        "RTA_GATEWAY has no prefix length; write RTA_GATEWAY in 10.0.0.0/8",
    ),
    ("RTA_DST > 10.0.0.0/8", "          ^^^^^^^^^^", 'a prefix is compared with "==" and "in" only'),
    ('RTA_DST == "10.0.0.0"', "           ^^^^^^^^^^", "RTA_DST is an address, and addresses stand without quotes"),
    ("RTA_DST == 10.0.0", "           ^^^^^^", 'RTA_DST is an address, "10.0.0" is none'),
    ("IFLA_MTU == 5000000000", "            ^^^^^^^^^^", "IFLA_MTU is never 5000000000; it holds 0 to 4294967295"),
    ("IFLA_MTU == -1", "            ^^", "IFLA_MTU is never -1; it holds 0 to 4294967295"),
    ("IFLA_MTU == 010", "            ^^^", 'IFLA_MTU is a number, "010" is none'),
    ("IFLA_MTU == 1.5", "            ^^^", 'IFLA_MTU is a number, "1.5" is none'),
    ('IFLA_MTU == "1500"', "            ^^^^^^", "IFLA_MTU is a number"),
    (
        'nlmsg_type == "RTM_NEWLINK"',
        "              ^^^^^^^^^^^^^",
        "nlmsg_type is a number; names of numbers stand without quotes",
    ),
    ("IFLA_MTU in 5", "            ^", '"in" asks for a set in braces'),
    ("IFLA_MTU in {}", "            ^^", "the set is empty"),
    ("IFLA_MTU in {1 2}", "               ^", "items of a set are separated by commas"),
    ("IFLA_MTU in {5..1}", "             ^^^^", "this range holds nothing: the lower end comes first"),
    ("IFLA_MTU in (1,2)", "            ^", "a set stands in braces: {1, 2, 5..9}"),
    ("IFLA_MTU in {1,2", "            ^", 'this "{" is never closed'),
    ("IFLA_MTU == {1}", "            ^", 'a set stands behind "in"'),
    (
        "IFLA_LINKINFO == 4",
        "              ^^",
        "IFLA_LINKINFO has no value of its own; only whether it is there can be asked",
    ),
    ("IFLA_LINKINFO.IFLA_MTU == 4", "^^^^^^^^^^^^^^^^^^^^^^", 'IFLA_LINKINFO holds no "IFLA_MTU"'),
    (
        "IFLA_MTU[0:1] == 2",
        "              ^^",
        "IFLA_MTU is a number; only text, bytes and link-layer addresses have slices",
    ),
    ("IFLA_ADDRESS[0] == 2", "            ^", "a slice is [offset:length], two numbers"),
    ("IFLA_ADDRESS[0:0] == 2", "            ^^^^^", "a slice of length 0 holds nothing"),
    (
        'IFLA_ADDRESS == "aa:bb:cc:dd:ee:ff"',
        "                ^^^^^^^^^^^^^^^^^^^",
        "IFLA_ADDRESS is a link-layer address, and those stand without quotes",
    ),
    ("IFLA_ADDRESS == zz", "                ^^", 'IFLA_ADDRESS is bytes, "zz" is none; write 0a:1b:2c'),
    ("IFLA_IFNAME > ", "              ^", "a value is missing at the end"),
    ('IFLA_IFNAME contains ""', "                     ^^", "everything contains an empty text"),
    ("and IFLA_MTU", "^^^", 'a field is missing before "and"'),
    ("IFLA_MTU and", "            ^", "a field is missing at the end"),
    ("not", "   ^", "a field is missing at the end"),
    ("1500 < IFLA_MTU", "^^^^", 'a field stands on the left, and "1500" is none'),
    ('"eth0" == IFLA_IFNAME', "^^^^^^", "a field stands on the left, what it is compared with on the right"),
    ("RTM_NEWLINK", "^^^^^^^^^^^", '"RTM_NEWLINK" is a constant; write nlmsg_type == RTM_NEWLINK'),
    (
        "CTRL_CMD_GETFAMILY",
        "^^^^^^^^^^^^^^^^^^",
        '"CTRL_CMD_GETFAMILY" is a constant; write genlmsghdr.cmd == CTRL_CMD_GETFAMILY',
    ),
    ("IFLA_MTU eq 5", "         ^^", '"eq" is written "=="'),
    ("IFLA_MTU not in {1}", "         ^^^", '"not" stands before the field: not field in {...}'),
    (
        "netlink-route.ifla_mtu == 4",
        "^^^^^^^^^^^^^^^^^^^^^^",
        'no field "netlink-route.ifla_mtu"; here it is "IFLA_MTU"',
    ),
    ("netlink.hdr_type == 16", "^^^^^^^^^^^^^^^^", 'no field "netlink.hdr_type"; here it is "nlmsg_type"'),
    ("genl.cmd == 1", "^^^^^^^^", 'no field "genl.cmd"; here it is "genlmsghdr.cmd"'),
    (
        "frame.time_relative > 10xs",
        "                      ^^^^",
        'frame.time_relative is a time, "10xs" is none; write 10ms, 5us, 100ns or 2s',
    ),
    ("frame.number > 10ms", "               ^^^^", 'frame.number is a number, "10ms" is none; write 10 or 0x10'),
    (
        'frame.time > "yesterday"',
        "             ^^^^^^^^^^^",
        'no date; write "2026-01-31 23:59:59", or seconds since 1970',
    ),
    ("alg_key == 11", "        ^^", "alg_key is secret; only whether it is there can be asked"),
    (
        "MACSEC_SA_ATTR_KEY == 00",
        "                   ^^",
        "MACSEC_SA_ATTR_KEY is secret; only whether it is there can be asked",
    ),
    (
        "IFLA_IFNAME == IFLA_MTU",
        "               ^^^^^^^^",
        "IFLA_IFNAME is text, IFLA_MTU is a number; they can't be compared",
    ),
    ("IFLA_IFNAME & IFLA_QDISC", "            ^", 'IFLA_IFNAME is text, which "&" does not compare'),
    ("IFLA_MTU in IFLA_LINK", "            ^^^^^^^^^", '"in" asks for a set in braces'),
    ('IFLA_MTU ~ "x"', "         ^", '"~" compares nothing; write "matches"'),
    ("IFLA_MTU > 1 and $x", "                 ^", '"$" has no meaning here'),
    ('IFLA_IFNAME == "a\\qb"', "                 ^^", 'no such escape; a backslash is written "\\\\"'),
    ("error == EINVALL", "         ^^^^^^^", 'error knows no "EINVALL"; did you mean "EINVAL"?'),
    (
        "protocol == NETLINK_ROUT",
        "            ^^^^^^^^^^^^",
        'protocol knows no "NETLINK_ROUT"; did you mean "NETLINK_ROUTE"?',
    ),
    (
        "genlmsghdr.cmd == CTRL_CMD_GETFAMIL",
        "                  ^^^^^^^^^^^^^^^^^",
        'genlmsghdr.cmd knows no "CTRL_CMD_GETFAMIL"; did you mean "CTRL_CMD_GETFAMILY"?',
    ),
    ("ifi_index | ifi_type", "          ^", '"|" joins names of flags; between tests write "or"'),
    ("IFLA_MTU > 1 > 2", "             ^", 'one comparison at a time; join two with "and"'),
    ("IFLA_IFNAME contains eth", "                     ^^^", 'IFLA_IFNAME is text, and text is quoted: "eth"'),
    ("direction == notification", "             ^^^^^^^^^^^^", 'direction is text, and text is quoted: "notification"'),
    (
        "nlmsg_flags & NLM_F_CREAT",
        "              ^^^^^^^^^^^",
        'nlmsg_flags knows no "NLM_F_CREAT"; did you mean "NLM_F_CREATE"?',
    ),
    ("IFLA_MTU == 1|2", "            ^^^", '"|" joins names of flags, and IFLA_MTU has none; write IFLA_MTU in {...}'),
    ("ip.addr == 10.0.0.1", "^^^^^^^", 'no field "ip.addr"; "nldissect fields" lists them all'),
    ("udp.stream", "^^^^^^^^^^", 'no field "udp.stream"; "nldissect fields" lists them all'),
    ('IFLA_IFNAME == "é" & x', "                   ^", 'one comparison at a time; join two with "and"'),
    (
        'IFLA_IFNAME "eth0"',
        "            ^^^^^^",
        "an operator is missing before this: == != < <= > >= in contains matches &",
    ),
    ("IFLA_MTU 1500", "         ^^^^", "an operator is missing before this: == != < <= > >= in contains matches &"),
    ("IFLA_MTU > 1 & IFLA_MTU < 4", "             ^", 'one comparison at a time; join two with "and"'),
    ("frame.numbre == 4", "^^^^^^^^^^^^", 'no field "frame.numbre"; did you mean "frame.number"?'),
    (
        'IFLA_LINKINFO.IFLA_INFO_KIN == "vlan"',
        "^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        'IFLA_LINKINFO holds no "IFLA_INFO_KIN"; did you mean "IFLA_INFO_KIND"?',
    ),
    (
        "RTA_DST in {10.0.0.1..2001:db8::1}",
        "            ^^^^^^^^^^^^^^^^^^^^^",
        "the ends of this range are of different length",
    ),
    ("RTA_DST in {10.0.0.0/8..11.0.0.0/8}", "            ^^^^^^^^^^", 'a prefix is compared with "==" and "in" only'),
    ("IFLA_MTU in {RTM_NEWLINK}", "             ^^^^^^^^^^^", 'IFLA_MTU is a number, "RTM_NEWLINK" is none'),
    ("IFLA_MTU <> 1", "         ^^", '"<>" is written "!="'),
    ("IFLA_MTU == == 1", "            ^^", 'a value is missing here; "==" is none'),
    (
        "IFLA_LINKINFO[0:1] == 11",
        "                   ^^",
        "IFLA_LINKINFO has no value of its own; only whether it is there can be asked",
    ),
    (
        "IFLA_IFNAME contains IFLA_MTU",
        "                     ^^^^^^^^",
        "IFLA_IFNAME is text, IFLA_MTU is a number; they can't be compared",
    ),
    (
        'frame.time_relative == "2026-01-01"',
        "                       ^^^^^^^^^^^^",
        "frame.time_relative is a time: 10ms, 5us, 1.5s",
    ),
    (
        "TCA_RED_FLAGS.selecto & 1",
        "^^^^^^^^^^^^^^^^^^^^^",
        'TCA_RED_FLAGS holds no "selecto"; did you mean "selector"?',
    ),
    (
        "IFLA_ADDRESS in {aa:bb, eth0}",
        "                        ^^^^",
        'IFLA_ADDRESS is bytes, "eth0" is none; write 0a:1b:2c',
    ),
    ("IFLA_MTU in {1, 5..9, -3}", "                      ^^", "IFLA_MTU is never -3; it holds 0 to 4294967295"),
]


@pytest.mark.parametrize(("text", "marks", "message"), MISTAKES)
def test_one_line_and_a_caret(text: str, marks: str, message: str) -> None:
    with pytest.raises(FilterError) as caught:
        compile_filter(text)
    assert message == caught.value.message
    assert f"{message}\n  {text}\n  {marks}" == str(caught.value)
    assert (len(marks) - len(marks.lstrip()), len(marks)) == (caught.value.at, caught.value.end)


def test_the_error_is_one_of_ours() -> None:
    assert issubclass(FilterError, NldissectError)


def test_control_characters_do_not_reach_the_terminal() -> None:
    with pytest.raises(FilterError) as caught:
        compile_filter('IFLA_IFNAME == "\x1b[31m\n\t" and IFLA_MTUU')
    lines = str(caught.value).split("\n")
    assert 3 == len(lines) and "\x1b" not in lines[1]
    assert "^^^^^^^^^" == lines[2].strip() and lines[2].index("^") == lines[1].index("IFLA_MTUU")


def test_what_is_nested_too_deep() -> None:
    compile_filter("(" * 100 + "error" + ")" * 100)
    with pytest.raises(FilterError, match="nested more than 100 deep"):
        compile_filter("(" * 101 + "error" + ")" * 101)


def test_a_number_is_out_of_range_only_where_no_place_can_hold_it() -> None:
    """rx_packets has 32 bits in struct rtnl_link_stats and 64 in rtnl_link_stats64."""
    compile_filter("rx_packets < 5000000000")
    compile_filter("IFLA_STATS64.rx_packets < 5000000000")
    with pytest.raises(FilterError, match=r"IFLA_STATS\.rx_packets is never 5000000000"):
        compile_filter("IFLA_STATS.rx_packets < 5000000000")
