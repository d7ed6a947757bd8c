"""TCP metrics and FOU ports: what ip(8) asked, and printed of the answers."""

from __future__ import annotations

from nldissect.render.summaries.summary import summary_of
from tests.helpers.captures import messages, undecoded, value
from tests.helpers.route_messages import attrs

KEPT = "TCP_METRICS_A_METRICS_"


def test_metrics() -> None:
    """ip tcp_metrics show: "2001:db8::1 age 1.350sec cwnd 10 rtt 207us rttvar 376us fo_mss 65476 fo_cookie ... source
    2001:db8::1" and "127.0.0.1 age 1.360sec cwnd 10 rtt 43us rttvar 41us fo_mss 65495 ..."."""
    six, four = (attrs(one) for one in messages("tcp_metrics.pcap", "tcp_metrics", "to user")[:2])

    for found, address, age, rtt, rttvar, mss in (
        (six, "2001:db8::1", 1350, 207, 376, 65476),
        (four, "127.0.0.1", 1360, 43, 41, 65495),
    ):
        version = "IPV6" if ":" in address else "IPV4"
        kept = found["TCP_METRICS_ATTR_VALS"]
        assert (address, address, age, mss) == (
            found[f"TCP_METRICS_ATTR_ADDR_{version}"],
            found[f"TCP_METRICS_ATTR_SADDR_{version}"],
            found["TCP_METRICS_ATTR_AGE"],
            found["TCP_METRICS_ATTR_FOPEN_MSS"],
        )
        assert (rtt, rttvar, 10) == (kept[KEPT + "RTT_US"] >> 3, kept[KEPT + "RTTVAR_US"] >> 2, kept[KEPT + "CWND"])
    assert "62d8cbeb2d804d12" == four["TCP_METRICS_ATTR_FOPEN_COOKIE"]


def test_requests() -> None:
    asked = [(value(one, "cmd"), summary_of(one)) for one in messages("tcp_metrics.pcap", "tcp_metrics", "to kernel")]

    assert [
        ("TCP_METRICS_CMD_GET", "dump"),
        ("TCP_METRICS_CMD_GET", "127.0.0.1"),
        ("TCP_METRICS_CMD_DEL", "127.0.0.1"),
        ("TCP_METRICS_CMD_GET", "192.0.2.7"),
    ] == asked


def test_ports_of_fou() -> None:
    """ip fou show: "port 6666 gue -6" and "port 5555 ipproto 4 local 192.0.2.1"; local addresses unset are zero."""
    gue, direct = (attrs(one) for one in messages("fou.pcap", "fou", "to user"))

    assert {
        "FOU_ATTR_AF": "AF_INET",
        "FOU_ATTR_PORT": 5555,
        "FOU_ATTR_PEER_PORT": 0,
        "FOU_ATTR_IPPROTO": "IPPROTO_IPIP",
        "FOU_ATTR_TYPE": "FOU_ENCAP_DIRECT",
        "FOU_ATTR_IFINDEX": 0,
        "FOU_ATTR_LOCAL_V4": "192.0.2.1",
        "FOU_ATTR_PEER_V4": "0.0.0.0",
    } == {name: one for name, one in direct.items() if name != "FOU_ATTR_REMCSUM_NOPARTIAL"}
    assert ("AF_INET6", 6666, "FOU_ENCAP_GUE") == tuple(gue[f"FOU_ATTR_{name}"] for name in ("AF", "PORT", "TYPE"))


def test_everything_is_described() -> None:
    ours = ("tcp_metrics", "fou")
    notes = [note for name in ("tcp_metrics.pcap", "fou.pcap") for note in undecoded(name) if note[0] in ours]
    assert [] == notes
