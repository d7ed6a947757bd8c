"""Links on real bytes: what iproute2 asked for and what it printed of the same answers."""

from __future__ import annotations

import struct
from typing import Any

from nldissect.families.route.link import IFLA, IFLA_INFO, ifinfomsg
from nldissect.families.route.rtgen import rtgenmsg
from nldissect.render.summaries.summary import summary_of
from nldissect.wire import NETLINK_ROUTE, NLM_F, Context, nlmon, nlmsghdr, walk
from nldissect.wire.decode.nodes import DecodedMessage
from tests.helpers.captures import frames, messages, plain, rebuilt, replies, requests, undecoded, value
from tests.helpers.link_messages import attribute, datagram, walked


def attributes(message: DecodedMessage) -> dict[str, Any]:
    """The attributes behind the header of a message."""
    found: dict[str, Any] = plain(message.layers[-1])["attrs"]
    return found


def line(message: DecodedMessage) -> str:
    """The summary."""
    return summary_of(message)


def test_link_show() -> None:
    """ip -d link show: "3: d0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN mode DEFAULT ... qlen 1000" """
    (d0,) = replies("link_dump.pcap", "RTM_NEWLINK", IFLA_IFNAME="d0")[:1]
    header = plain(d0.layers[-1])
    link = header["attrs"]

    assert ("AF_UNSPEC", "ARPHRD_ETHER", 3) == (header["ifi_family"], header["ifi_type"], header["ifi_index"])
    assert ["IFF_BROADCAST", "IFF_NOARP"] == header["ifi_flags"]
    assert (1500, 0, 0, 1000) == (link["IFLA_MTU"], link["IFLA_MIN_MTU"], link["IFLA_MAX_MTU"], link["IFLA_TXQLEN"])
    assert ("noop", "IF_OPER_DOWN", "IF_LINK_MODE_DEFAULT") == tuple(
        link[name] for name in ("IFLA_QDISC", "IFLA_OPERSTATE", "IFLA_LINKMODE")
    )
    assert "02:00:00:00:00:01" == link["IFLA_ADDRESS"]
    assert "ff:ff:ff:ff:ff:ff" == link["IFLA_BROADCAST"]
    assert (65536, 65535, 65536, 65535) == tuple(
        link[name] for name in ("IFLA_GSO_MAX_SIZE", "IFLA_GSO_MAX_SEGS", "IFLA_TSO_MAX_SIZE", "IFLA_TSO_MAX_SEGS")
    )
    assert {"IFLA_INFO_KIND": "dummy"} == link["IFLA_LINKINFO"]
    assert {"IFLA_XDP_ATTACHED": "XDP_ATTACHED_NONE"} == link["IFLA_XDP"]
    assert "IN6_ADDR_GEN_MODE_EUI64" == value(d0, "AF_INET6.IFLA_INET6_ADDR_GEN_MODE")


def test_every_link_of_a_dump() -> None:
    """ip -d link show lists seven links, in this order."""
    dump = replies("link_dump.pcap", "RTM_NEWLINK")[:7]

    assert ["lo", "br0", "d0", "v10", "right", "left", "nlmon0"] == [value(one, "IFLA_IFNAME") for one in dump]
    assert [1, 2, 3, 4, 5, 6, 7] == [value(one, "ifi_index") for one in dump]
    assert [65536, 1500, 1500, 1500, 1500, 1500, 3776] == [value(one, "IFLA_MTU") for one in dump]
    assert ["ARPHRD_LOOPBACK"] + 5 * ["ARPHRD_ETHER"] + ["ARPHRD_NETLINK"] == [value(one, "ifi_type") for one in dump]
    assert [None, "bridge", "dummy", "vlan", "veth", "veth", "nlmon"] == [value(one, "IFLA_INFO_KIND") for one in dump]
    assert {NLM_F.MULTI} == {one.flags for one in dump}


def test_dump_request() -> None:
    """ip -d link show asks with IFLA_EXT_MASK for virtual functions, without counters."""
    request = requests("link_dump.pcap", "RTM_GETLINK")[0]

    assert {"IFLA_EXT_MASK": ["RTEXT_FILTER_VF", "RTEXT_FILTER_SKIP_STATS"]} == attributes(request)


def test_device_configuration() -> None:
    """The arrays in IFLA_AF_SPEC by name: the defaults that Documentation/networking/ip-sysctl.rst gives."""
    (d0,) = replies("link_dump.pcap", "RTM_NEWLINK", IFLA_IFNAME="d0")[:1]
    ipv4 = value(d0, "AF_INET.IFLA_INET_CONF")
    ipv6 = value(d0, "AF_INET6.IFLA_INET6_CONF")

    assert 33 == len(ipv4)
    assert (10000, 1000) == tuple(ipv4[f"IPV4_DEVCONF_IGMPV{n}_UNSOLICITED_REPORT_INTERVAL"] for n in (2, 3))
    assert (1, 0) == (ipv4["IPV4_DEVCONF_SEND_REDIRECTS"], ipv4["IPV4_DEVCONF_FORWARDING"])
    assert 1 == ipv4["IPV4_DEVCONF_ARP_EVICT_NOCARRIER"]
    assert 59 == len(ipv6)
    assert (64, 1500, 604800, 86400) == tuple(
        ipv6[f"DEVCONF_{name}"] for name in ("HOPLIMIT", "MTU6", "TEMP_VALID_LFT", "TEMP_PREFERED_LFT")
    )
    assert (-1, 60000, 3600000, 1024) == tuple(
        ipv6[f"DEVCONF_{name}"]
        for name in ("RTR_SOLICITS", "RTR_PROBE_INTERVAL", "RTR_SOLICIT_MAX_INTERVAL", "RA_DEFRTR_METRIC")
    )
    assert (0xFFFF, 0xFFFFFFFF) == (ipv6["DEVCONF_IOAM6_ID"], ipv6["DEVCONF_IOAM6_ID_WIDE"])  # __u32, "no id"
    assert 65535 == value(d0, "IFLA_INET6_CACHEINFO")["max_reasm_len"]
    assert "::" == value(d0, "IFLA_INET6_TOKEN")


def test_counters() -> None:
    """ip -s link show dev lo after 3 pings to itself: 504 bytes and 6 packets each way."""
    lo = replies("link_stats.pcap", "RTM_NEWLINK", IFLA_IFNAME="lo")[0]

    for name in ("IFLA_STATS", "IFLA_STATS64"):
        counters = value(lo, name)
        assert (6, 504, 6, 504) == tuple(counters[one] for one in ("rx_packets", "rx_bytes", "tx_packets", "tx_bytes"))
        assert {0} == {number for one, number in counters.items() if not one.endswith(("_packets", "_bytes"))}
    assert (24, 25) == (len(value(lo, "IFLA_STATS")), len(value(lo, "IFLA_STATS64")))


def test_per_family_counters_are_plain_numbers() -> None:
    """The first of IPv6's counters says how many there are; kernels differ in their order."""
    d0 = messages("link_notify.pcap", "RTM_NEWLINK", "notification")[0]
    counters = value(d0, "IFLA_INET6_STATS")

    assert len(counters) == counters[0] > 30
    assert 7 == len(value(d0, "IFLA_INET6_ICMP6STATS")) == value(d0, "ICMP6_MIB_NUM")


def test_notifications() -> None:
    """ip monitor link while a dummy is added, renamed, resized, brought up, readdressed, named again, deleted."""
    told = messages("link_notify.pcap", "RTM_NEWLINK", "notification")

    assert [("d0", 1500), ("dmy", 1500), ("dmy", 9000), ("dmy", 9000)] == [
        (value(one, "IFLA_IFNAME"), value(one, "IFLA_MTU")) for one in told[:4]
    ]
    up = told[3]
    assert ["IFF_UP", "IFF_BROADCAST", "IFF_RUNNING", "IFF_NOARP", "IFF_LOWER_UP"] == value(up, "ifi_flags")
    assert "IF_OPER_UNKNOWN" == value(up, "IFLA_OPERSTATE")
    assert "02:00:00:00:00:02" in [value(one, "IFLA_ADDRESS") for one in told]
    named = [one for one in told if value(one, "IFLA_PROP_LIST")]
    assert {"IFLA_ALT_IFNAME": ["a-much-longer-alternative-name"]} == value(named[0], "IFLA_PROP_LIST")
    assert any("IFF_PROMISC" in value(one, "ifi_flags") for one in told)

    (gone,) = messages("link_notify.pcap", "RTM_DELLINK", "notification")
    assert "dmy" == value(gone, "IFLA_IFNAME")
    assert ["IFF_BROADCAST", "IFF_NOARP", "IFF_PROMISC"] == value(gone, "ifi_flags")


def test_changes_asked_for() -> None:
    """ip link set d0 up: flag and mask; ip link property add: a message type of its own."""
    (up,) = [one for one in requests("link_notify.pcap", "RTM_NEWLINK") if value(one, "ifi_flags") == ["IFF_UP"]]
    assert ["IFF_UP"] == value(up, "ifi_change")
    assert 3 == value(up, "ifi_index")

    (added,) = requests("link_notify.pcap", "RTM_NEWLINKPROP")
    (removed,) = requests("link_notify.pcap", "RTM_DELLINKPROP")
    for one in (added, removed):
        assert {"IFLA_ALT_IFNAME": ["a-much-longer-alternative-name"]} == value(one, "IFLA_PROP_LIST")


def test_alias_group_and_queue() -> None:
    """ip link set dev right alias "the far end" group 7 txqueuelen 50"""
    (request,) = [one for one in requests("veth_add.pcap", "RTM_NEWLINK") if value(one, "IFLA_IFALIAS")]

    assert {"IFLA_IFALIAS": "the far end", "IFLA_GROUP": 7, "IFLA_TXQLEN": 50} == attributes(request)


def test_summary() -> None:
    """A line like ip monitor's, with master and kind; parts that a message lacks are dropped."""
    context = Context()
    lines = {}
    for frame in frames("link_dump.pcap"):
        for message in walk(frame, context).messages:
            if message.message is ifinfomsg and message.direction == "to user":
                lines.setdefault(value(message, "IFLA_IFNAME"), line(message))

    assert "d0 #3 <BROADCAST,NOARP> mtu 1500 qdisc noop state down dummy" == lines["d0"]
    assert "v10@d0 #4 <BROADCAST,NOARP> mtu 1500 qdisc noop state down vlan id 10" == lines["v10"]
    assert lines["left"].startswith("left@right #6 <UP,BROADCAST,MULTICAST> mtu 1500 qdisc noqueue state ")
    assert lines["left"].endswith(" master br0 port disabled veth")
    (deleted,) = requests("link_notify.pcap", "RTM_DELLINK")
    assert line(deleted).endswith("#3")


def test_a_link_in_another_namespace_gets_no_name_from_here() -> None:
    """ip link add here type veth peer name there netns red: IFLA_LINK is an index of red, not of here."""
    seen = [
        one
        for one in messages("nsid.pcap", "RTM_NEWLINK")
        if value(one, "IFLA_IFNAME") == "here" and value(one, "IFLA_LINK_NETNSID") is not None
    ]

    assert seen
    for one in seen:
        peer = value(one, "IFLA_LINK")
        assert isinstance(peer, int)
        assert line(one).startswith(f"here@if{peer} #")


def test_address_of_a_tunnel_is_an_ip_address() -> None:
    """ip -d link show: "link/ipip 192.0.2.1 peer 192.0.2.2", "link/tunnel6 2001:db8::1 peer 2001:db8::2" """
    ipip = replies("ipip_gre_sit.pcap", "RTM_NEWLINK", IFLA_IFNAME="ipip1")[0]
    ip6tnl = replies("ipip_gre_sit.pcap", "RTM_NEWLINK", IFLA_IFNAME="ip6tnl1")[0]
    gretap = replies("ipip_gre_sit.pcap", "RTM_NEWLINK", IFLA_IFNAME="gretap1")[0]

    assert ("192.0.2.1", "192.0.2.2") == (value(ipip, "IFLA_ADDRESS"), value(ipip, "IFLA_BROADCAST"))
    assert ("2001:db8::1", "2001:db8::2") == (value(ip6tnl, "IFLA_ADDRESS"), value(ip6tnl, "IFLA_BROADCAST"))
    assert value(ip6tnl, "IFLA_PERM_ADDRESS").endswith("::")
    assert "02:00:00:00:00:01" == value(gretap, "IFLA_ADDRESS")


def test_ipv4_configuration_in_a_request_is_a_nest() -> None:
    """What the kernel tells as an array, it takes as attributes numbered by IPV4_DEVCONF_*."""
    conf = attribute(1, attribute(1, struct.pack("=i", 1)) + attribute(14, struct.pack("=i", -1)))
    body = struct.pack("=BxHiII", 0, 0, 2, 0, 0) + attribute(26, attribute(2, conf))
    for number in (16, 19):
        asked = walked(datagram(body, number, 0x5))
        assert {"IPV4_DEVCONF_FORWARDING": 1, "IPV4_DEVCONF_MEDIUM_ID": -1} == value(asked, "IFLA_INET_CONF")
    array = attribute(1, struct.pack("=ii", 1, 0))
    told = walked(datagram(struct.pack("=BxHiII", 0, 0, 2, 0, 0) + attribute(26, attribute(2, array)), 16, 0))
    assert ["IPV4_DEVCONF_FORWARDING", "IPV4_DEVCONF_MC_FORWARDING"] == list(value(told, "IFLA_INET_CONF"))


def test_virtual_functions() -> None:
    """Layouts of linux/if_link.h: ip link set eth0 vf 3 mac ... vlan 100 qos 5 proto 802.1ad spoofchk on state auto"""
    vlan = struct.pack("=III", 3, 100, 5) + b"\x88\xa8\0\0"
    vf = (
        attribute(1, struct.pack("=I", 3) + b"\x02\0\0\0\0\x03" + bytes(26))
        + attribute(12, attribute(1, vlan))
        + attribute(4, struct.pack("=II", 3, 1))
        + attribute(5, struct.pack("=II", 3, 0))
        + attribute(11, struct.pack("=IxxxxQ", 3, 0x0011223344556677))
        + attribute(8, attribute(0, struct.pack("=Q", 9)) + attribute(8, struct.pack("=Q", 4)))
    )
    message = walked(datagram(struct.pack("=BxHiII", 0, 0, 2, 0, 0) + attribute(22, attribute(1, vf)), 16, 5))
    (first,) = value(message, "IFLA_VFINFO_LIST")["IFLA_VF_INFO"]

    assert [] == message.notes
    assert first["IFLA_VF_MAC"]["mac"].startswith("02:00:00:00:00:03:00")
    (tag,) = first["IFLA_VF_VLAN_LIST"]["IFLA_VF_VLAN_INFO"]
    assert {"vf": 3, "vlan": 100, "qos": 5, "vlan_proto": "ETH_P_8021AD"} == tag
    assert {"vf": 3, "setting": 1} == first["IFLA_VF_SPOOFCHK"]
    assert {"vf": 3, "link_state": "IFLA_VF_LINK_STATE_AUTO"} == first["IFLA_VF_LINK_STATE"]
    assert 0x0011223344556677 == first["IFLA_VF_IB_PORT_GUID"]["guid"]
    assert {"IFLA_VF_STATS_RX_PACKETS": 9, "IFLA_VF_STATS_TX_DROPPED": 4} == first["IFLA_VF_STATS"]


def test_family_alone_as_a_request() -> None:
    """glibc's getifaddrs asks for links with struct rtgenmsg: one byte, padded by the size of a C struct."""
    asked = [one for one in requests("libc.pcap", "RTM_GETLINK") if one.message is rtgenmsg]

    assert asked
    assert {20} == {one.length for one in asked}
    assert {"AF_UNSPEC"} == {value(one, "rtgen_family") for one in asked}
    for body in (b"\x0a", b"\x0a\0\0\0"):
        message = walked(datagram(body, 18))
        assert (rtgenmsg, "AF_INET6") == (message.message, value(message, "rtgen_family"))
        assert [] == message.notes
    assert ifinfomsg is walked(datagram(bytes(16), 18)).message


def test_written_at_the_prompt() -> None:
    """ip link add d0 address 02:00:00:00:00:01 type dummy: the same request from names."""
    asked = next(
        message
        for frame in frames("link_notify.pcap")
        for message in nlmon(frame).messages
        if IFLA.LINKINFO in message and message.nlmsg_flags & NLM_F.REQUEST
    )
    made = nlmsghdr(nlmsg_type="RTM_NEWLINK", nlmsg_flags=["REQUEST", "ACK", "EXCL", "CREATE"]) / ifinfomsg(
        attrs=[IFLA.ADDRESS("02:00:00:00:00:01"), IFLA.IFNAME("d0"), IFLA.LINKINFO([IFLA_INFO.KIND("dummy")])]
    )
    header = struct.pack(">HHH8xH", 4, 824, 0, NETLINK_ROUTE)
    first, second = (walked(header + bytes(message)) for message in (asked, made))

    assert "dummy" == asked[IFLA_INFO.KIND].value == made[IFLA_INFO.KIND].value
    assert (first.type_name, first.flags) == (second.type_name, second.flags) == ("RTM_NEWLINK", 0x605)
    assert plain(first.layers[-1]) == plain(second.layers[-1])


def test_nothing_is_left_undecoded() -> None:
    """Every link message of the captures about links, and the same bytes back."""
    for name in ("link_dump.pcap", "link_notify.pcap", "link_stats.pcap", "link_del.pcap", "veth_add.pcap"):
        assert [] == undecoded(name)
        assert list(frames(name)) == rebuilt(name)
