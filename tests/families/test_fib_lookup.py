"""NETLINK_FIB_LOOKUP: single addresses asked for, against the routes that the topic made."""

from __future__ import annotations

import pytest

from tests.helpers.captures import frames, messages, rebuilt, undecoded
from tests.helpers.route_messages import body, line


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (1, "198.51.100.7 in main, mark 0: main unicast/24 scope universe nexthop 0"),
        (3, "203.0.113.7 in main, mark 0: EHOSTUNREACH (No route to host)"),
        (5, "192.0.2.1 in local, mark 9: local local/32 scope host nexthop 0"),
        (7, "8.8.8.8 in main, mark 0: EAGAIN (Resource temporarily unavailable)"),
        (9, "192.0.2.1 in 7, mark 0: ENOENT (No such file or directory)"),
    ],
)
def test_answers(place: int, text: str) -> None:
    assert text == line(messages("fib_lookup.pcap")[place])


def test_fields() -> None:
    asked, told = (body(one) for one in messages("fib_lookup.pcap")[:2])

    assert {
        "fl_addr": "198.51.100.7", "fl_mark": 0, "fl_tos": 0, "fl_scope": "RT_SCOPE_UNIVERSE",
        "tb_id_in": "RT_TABLE_MAIN", "tb_id": "RT_TABLE_MAIN", "prefixlen": 24, "nh_sel": 0, "type": "RTN_UNICAST",
        "scope": "RT_SCOPE_UNIVERSE", "err": 0,
    } == told  # fmt: skip
    assert ("RT_TABLE_UNSPEC", 0) == (asked["tb_id"], asked["prefixlen"])


def test_nothing_is_lost() -> None:
    assert [] == undecoded("fib_lookup.pcap")
    assert list(frames("fib_lookup.pcap")) == rebuilt("fib_lookup.pcap")
