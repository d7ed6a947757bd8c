"""Routes on real bytes: what iproute2 was told, what the kernel answered, and what iproute2 printed of that."""

from __future__ import annotations

from nldissect.families.route.route import RTA, RTAX, rtmsg, rtnexthop, rtvia
from nldissect.wire import nlmon, nlmsghdr, walk
from tests.helpers.captures import messages, replies, requests, value
from tests.helpers.route_messages import attrs, body, line, packets


def test_static_route() -> None:
    """ip route add 10.0.0.0/8 via 192.0.2.254 dev d0 proto static"""
    request = requests("route.pcap", "RTM_NEWROUTE", RTA_DST="10.0.0.0")[0]

    assert {
        "rtm_family": "AF_INET",
        "rtm_dst_len": 8,
        "rtm_src_len": 0,
        "rtm_tos": 0,
        "rtm_table": "RT_TABLE_MAIN",
        "rtm_protocol": "RTPROT_STATIC",
        "rtm_scope": "RT_SCOPE_UNIVERSE",
        "rtm_type": "RTN_UNICAST",
        "rtm_flags": [],
        "attrs": {"RTA_DST": "10.0.0.0", "RTA_GATEWAY": "192.0.2.254", "RTA_OIF": 2},
    } == body(request)
    assert "unicast 10.0.0.0/8 via 192.0.2.254 dev d0 proto static scope universe table main" == line(request)


def test_static_route_by_hand() -> None:
    """The same request built from names gives the bytes that iproute2 sent."""
    sent = packets("route.pcap", rtmsg)[0]
    built = rtmsg(
        rtm_family="AF_INET",
        rtm_dst_len=8,
        rtm_table="RT_TABLE_MAIN",
        rtm_protocol="RTPROT_STATIC",
        rtm_type="RTN_UNICAST",
        attrs=[RTA.DST("10.0.0.0"), RTA.GATEWAY("192.0.2.254"), RTA.OIF(2)],
    )

    assert bytes(sent) == bytes(built)
    assert 24 == (nlmsghdr(nlmsg_type="RTM_NEWROUTE") / built).nlmsg_type


def test_source_metric_and_realm() -> None:
    """ip route add 10.1.0.0/16 dev d0 scope link src 192.0.2.1 metric 50 realm 5"""
    (route,) = requests("route.pcap", "RTM_NEWROUTE", RTA_DST="10.1.0.0")

    assert {"RTA_PREFSRC": "192.0.2.1", "RTA_PRIORITY": 50, "RTA_FLOW": 5} == {
        name: value(route, name) for name in ("RTA_PREFSRC", "RTA_PRIORITY", "RTA_FLOW")
    }
    assert "RT_SCOPE_LINK" == value(route, "rtm_scope")


def test_metrics_and_locks() -> None:
    """ip route add 10.2.0.0/16 ... mtu lock 1400 advmss 1360 initcwnd 20 rtt 30ms window 65535 features ecn ...

    iproute2 counts rtt in eighths of a millisecond."""
    route = replies("route.pcap", "RTM_NEWROUTE", RTA_DST="10.2.0.0")[0]

    assert {
        "RTAX_LOCK": ["RTAX_MTU"],
        "RTAX_MTU": 1400,
        "RTAX_WINDOW": 65535,
        "RTAX_RTT": 30 * 8,
        "RTAX_ADVMSS": 1360,
        "RTAX_INITCWND": 20,
        "RTAX_FEATURES": ["RTAX_FEATURE_ECN"],
        "RTAX_QUICKACK": 1,
        "RTAX_CC_ALGO": "cubic",
    } == attrs(route)["RTA_METRICS"]


def test_multipath() -> None:
    """ip route add 10.3.0.0/16 nexthop via 192.0.2.253 weight 3 nexthop via 198.51.100.253 dev d1 weight 10 onlink

    The kernel keeps one less than the weight."""
    route = replies("route.pcap", "RTM_NEWROUTE", RTA_DST="10.3.0.0")[0]
    first, second = attrs(route)["RTA_MULTIPATH"]

    assert (3 - 1, 2, [], "192.0.2.253") == (
        first["rtnh_hops"], first["rtnh_ifindex"], first["rtnh_flags"], first["attrs"]["RTA_GATEWAY"],
    )  # fmt: skip
    assert (10 - 1, 3, ["RTNH_F_ONLINK"], "198.51.100.253") == (
        second["rtnh_hops"], second["rtnh_ifindex"], second["rtnh_flags"], second["attrs"]["RTA_GATEWAY"],
    )  # fmt: skip
    assert line(route).endswith(
        " table main nexthop via 192.0.2.253 dev d0 weight 3 nexthop via 198.51.100.253 dev d1 weight 10 onlink"
    )


def test_multipath_in_scapy() -> None:
    """The same next hops as packets; a gateway may be changed where it stands."""
    route = next(packet for packet in packets("route.pcap", rtmsg) if packet[RTA.DST].value == "10.3.0.0")
    first, second = route[RTA.MULTIPATH].value
    before = bytes(route)

    assert [16, 16] == [first.rtnh_len, second.rtnh_len]
    assert 9 == second.rtnh_hops
    second[RTA.GATEWAY].value = "198.51.100.77"
    assert bytes([198, 51, 100, 253]) in before
    assert before.replace(bytes([198, 51, 100, 253]), bytes([198, 51, 100, 77])) == bytes(route)


def test_kinds_of_route() -> None:
    """ip route add blackhole|unreachable|prohibit|throw ...: shown by that word."""
    kinds = {
        value(route, "RTA_DST"): value(route, "rtm_type")
        for route in requests("route.pcap", "RTM_NEWROUTE")
        if value(route, "rtm_type") != "RTN_UNICAST" and value(route, "rtm_family") == "AF_INET"
    }

    assert {
        "10.4.0.0": "RTN_BLACKHOLE",
        "10.5.0.0": "RTN_UNREACHABLE",
        "10.6.0.0": "RTN_PROHIBIT",
        "10.7.0.0": "RTN_THROW",
    } == kinds
    (unreachable,) = requests("route.pcap", "RTM_NEWROUTE", RTA_DST="10.5.0.0")
    assert 4278198272 == value(unreachable, "RTA_PRIORITY")


def test_large_table_and_default() -> None:
    """ip route add default via 192.0.2.254 table 1000 tos 0x10: the header's byte can't hold 1000"""
    (route,) = requests("route.pcap", "RTM_NEWROUTE", RTA_TABLE=1000)

    assert ("RT_TABLE_UNSPEC", 0x10, 0) == tuple(value(route, name) for name in ("rtm_table", "rtm_tos", "rtm_dst_len"))
    assert value(route, "RTA_DST") is None
    assert line(route).startswith("unicast default tos 0x10 via 192.0.2.254 ")
    told = replies("route.pcap", "RTM_NEWROUTE", RTA_TABLE=1000)[0]
    assert "RT_TABLE_COMPAT" == value(told, "rtm_table")


def test_gateway_of_another_family() -> None:
    """ip route add 10.8.0.0/16 via inet6 2001:db8::fe dev d0"""
    (route,) = requests("route.pcap", "RTM_NEWROUTE", RTA_DST="10.8.0.0")

    assert {"rtvia_family": "AF_INET6", "rtvia_addr": "2001:db8::fe"} == value(route, "RTA_VIA")
    assert "via inet6 2001:db8::fe dev d0" in line(route)
    packet = next(packet for packet in packets("route.pcap", rtmsg) if RTA.VIA in packet)
    assert bytes(packet[RTA.VIA]) == bytes(RTA.VIA(rtvia(rtvia_family="AF_INET6", rtvia_addr="2001:db8::fe")))


def test_next_hop_flags_in_the_header() -> None:
    """ip route add 203.0.113.7 via 203.0.113.1 dev d1 onlink; ip route get shows a clone"""
    (route,) = requests("route.pcap", "RTM_NEWROUTE", RTA_DST="203.0.113.7")
    (cloned,) = replies("route.pcap", "RTM_NEWROUTE", RTA_DST="10.3.1.2")

    assert ["RTNH_F_ONLINK"] == value(route, "rtm_flags")
    assert ["RTM_F_CLONED"] == value(cloned, "rtm_flags")


def test_ipv6_preference_and_life_time() -> None:
    """ip route add 2001:db8:1::/48 via 2001:db8::fe pref high expires 600; "expires 600sec pref high" """
    (request,) = requests("route.pcap", "RTM_NEWROUTE", RTA_DST="2001:db8:1::")
    answer = replies("route.pcap", "RTM_NEWROUTE", RTA_DST="2001:db8:1::")[0]

    assert (600, "ICMPV6_ROUTER_PREF_HIGH") == (value(request, "RTA_EXPIRES"), value(request, "RTA_PREF"))
    assert "ICMPV6_ROUTER_PREF_HIGH" == value(answer, "RTA_PREF")
    expires = value(answer, "rta_expires")
    assert 599 * 100 <= expires <= 600 * 100


def test_asking_for_a_route() -> None:
    """ip route get 2001:db8:2::9 mark 7 ipproto udp dport 53"""
    (request,) = requests("route.pcap", "RTM_GETROUTE", RTA_DST="2001:db8:2::9")

    assert {"RTA_MARK": 7, "RTA_IP_PROTO": "IPPROTO_UDP", "RTA_DPORT": 53} == {
        name: value(request, name) for name in ("RTA_MARK", "RTA_IP_PROTO", "RTA_DPORT")
    }
    (fibmatch,) = requests("route.pcap", "RTM_GETROUTE", RTA_DST="10.1.2.3")
    assert ["RTM_F_LOOKUP_TABLE", "RTM_F_FIB_MATCH"] == value(fibmatch, "rtm_flags")
    assert ("192.0.2.1", 32) == (value(fibmatch, "RTA_SRC"), value(fibmatch, "rtm_src_len"))


def test_dump_in_order() -> None:
    """ip route show: these destinations, in this order"""
    table = [
        value(route, "RTA_DST")
        for route in replies("route.pcap", "RTM_NEWROUTE")
        if route.flags & 2 and value(route, "rtm_family") == "AF_INET" and value(route, "RTA_TABLE") == "RT_TABLE_MAIN"
    ]

    assert [
        "10.0.0.0", "10.1.0.0", "10.2.0.0", "10.3.0.0", "10.4.0.0", "10.5.0.0", "10.6.0.0", "10.8.0.0", "192.0.2.0",
        "198.51.100.0", "203.0.113.7",
    ] == table[:11]  # fmt: skip


def test_mpls_labels() -> None:
    """ip -f mpls route add 100 as 200/300 via inet 192.0.2.2 dev d0"""
    (route,) = requests("mpls.pcap", "RTM_NEWROUTE", RTA_DST="100")

    assert ("AF_MPLS", 20) == (value(route, "rtm_family"), value(route, "rtm_dst_len"))
    assert "200/300" == value(route, "RTA_NEWDST")
    assert {"rtvia_family": "AF_INET", "rtvia_addr": "192.0.2.2"} == value(route, "RTA_VIA")
    assert line(route).startswith("unicast 100 as to 200/300 via inet 192.0.2.2 dev d0 ")


def test_mpls_multipath() -> None:
    """103: nexthop as to 400 via inet 192.0.2.2 dev d0, nexthop as to 500 via inet 192.0.2.3 dev d0"""
    route = replies("mpls.pcap", "RTM_NEWROUTE", RTA_DST="103")[0]
    hops = [hop["attrs"] for hop in attrs(route)["RTA_MULTIPATH"]]

    assert [("400", "192.0.2.2"), ("500", "192.0.2.3")] == [
        (hop["RTA_NEWDST"], hop["RTA_VIA"]["rtvia_addr"]) for hop in hops
    ]
    assert {2} == {hop["rtnh_ifindex"] for hop in attrs(route)["RTA_MULTIPATH"]}


def test_mpls_label_bytes() -> None:
    """A label is 20 bits, then 3 of class, the bottom-of-stack bit, 8 of TTL (RFC 3032)."""
    assert bytes.fromhex("0c001300 000c8000 0012c100") == bytes(RTA.NEWDST("200/300"))


def test_link_layer_gateway_of_mpls() -> None:
    """A next hop of family AF_PACKET has a link-layer address."""
    raw = bytes.fromhex("0c001200 1100 020000000001")
    assert "02:00:00:00:00:01" == RTA.VIA(raw).value.rtvia_addr
    assert raw == bytes(RTA.VIA(raw))


def test_small_families() -> None:
    """MCTP and Phonet have addresses of one byte."""
    route = rtmsg(bytes.fromhex("2d000000 00000001 00000000 0500010009000000"))
    assert 9 == route[RTA.DST].value


def test_every_route_is_described() -> None:
    """Nothing in these captures is left to guess, except garbage that iproute2 leaves in padding."""
    notes = {
        note.text
        for name in ("route.pcap", "route_dump.pcap", "mpls.pcap")
        for message in messages(name)
        if message.type_name.endswith("ROUTE")
        for note in message.notes
    }
    assert notes <= {"padding is not zero"}


def test_metrics_by_hand() -> None:
    """Names of features and locks are understood where a program builds a route."""
    metrics = RTA.METRICS([RTAX.LOCK("RTAX_MTU"), RTAX.MTU(1400), RTAX.FEATURES(["RTAX_FEATURE_ECN"])])

    assert (4, 1400, 1) == tuple(metrics[row].value for row in (RTAX.LOCK, RTAX.MTU, RTAX.FEATURES))
    assert 28 == metrics.nla_len
    assert rtnexthop(rtnh_flags="RTNH_F_ONLINK").rtnh_flags == 4


def test_an_mpls_route_whose_address_is_empty() -> None:
    """RTM_NEWROUTE of AF_MPLS with an RTA_DST of no bytes."""
    raw = bytes.fromhex(
        "0004 0338 000000000000000000000000 20000000 1800 0000 00000000 00000000 1c140000fe03000100000000 04000100"
    )

    (message,) = walk(raw).messages

    assert ["RTA_DST: 0 bytes"] == [note.text for note in message.notes]
    assert raw == bytes(nlmon(raw))
