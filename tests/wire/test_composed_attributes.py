"""Attributes that a function beside their family writes in summaries: next hops, in the words that ip(8) takes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from nldissect.families.route.route import RTA, RTM_FAMILY, rtmsg
from nldissect.wire import Context, nlmon, nlmsghdr, walk
from nldissect.wire.composers import Composer, composed, composed_row
from nldissect.wire.packets.summary import packet_summary
from nldissect.wire.text_nodes import TextNode
from tests.helpers.captures import frames, requests
from tests.helpers.large_captures import Run, written
from tests.helpers.messages import attribute
from tests.helpers.nexthop_routes import hop, route
from tests.helpers.route_messages import line


def via(last: int) -> bytes:
    return attribute(5, bytes([192, 0, 2, last]))


def shown(data: bytes, context: Context | None = None) -> str:
    """The summary of the message in a frame; Scapy's is the same."""
    (walked,) = walk(data, context or Context("little")).messages
    (packet,) = nlmon(data, _context=context or Context("little")).messages
    text = line(walked)
    assert text == packet_summary(packet.payload)
    return text


@pytest.mark.parametrize(
    "name, words",
    [
        ("route", "nexthop via 192.0.2.253 weight 3 nexthop via 198.51.100.253 dev d1 weight 10 onlink"),
        (
            "route_encap",
            "nexthop encap mpls 300 via 192.0.2.253 weight 1 nexthop encap mpls 400 via 192.0.2.254 weight 1",
        ),
        ("mpls", "nexthop as to 400 via inet 192.0.2.2 dev d0 nexthop as to 500 via inet 192.0.2.3 dev d0"),
    ],
)
def test_requests_are_shown_as_they_were_typed(name: str, words: str) -> None:
    """ip route add 10.3.0.0/16 WORDS; ip -f mpls route add 103 WORDS: weights of 1 were left out."""
    assert any(line(one).endswith(" " + words) for one in requests(f"{name}.pcap", "RTM_NEWROUTE"))


@pytest.mark.parametrize("name", ["route", "route_encap", "mpls", "mroute", "nexthop"])
def test_scapy_writes_the_same(name: str) -> None:
    ours, theirs = Context(), Context()
    lines = []
    for data in frames(f"{name}.pcap"):
        packet = nlmon(data, _context=theirs)
        messages = [one for one in packet.messages if isinstance(one, nlmsghdr)]
        for one, walked in zip(messages, walk(data, ours).messages, strict=True):
            if walked.message is rtmsg:
                lines.append(line(walked))
                assert lines[-1] == packet_summary(one.payload)
    assert any("nexthop " in one for one in lines)


def test_a_header_field_decides_what_a_byte_is() -> None:
    """rtnh_hops: one less than the weight; of multicast routes the TTL (mr_fill_mroute); of MPLS nothing."""
    families = (2, RTM_FAMILY.IPMR, 28)
    lines = [shown(route(hop(hops=3, dev=7), family=family)) for family in families]
    assert ["dev if7 weight 4", "dev if7 ttl 3", "dev if7"] == [one.partition(" nexthop ")[2] for one in lines]


def test_a_next_hop_of_which_little_is_there(run: Run, tmp_path: Path) -> None:
    """struct rtnexthop of four bytes: its length, its flags, and no more."""
    short = (4).to_bytes(2, "little") + bytes(2)
    path = written(tmp_path / "short.pcap", [route(hop(via(1), dev=7), short, hop(via(2), dev=8))])
    lines = [run(path, native=native) for native in (True, False)]
    assert lines[0] == lines[1]
    assert b" nexthop via 192.0.2.1 dev if7 weight 1 nexthop weight 1 nexthop via " in lines[0]


def test_words_of_a_next_hop() -> None:
    """The order of print_route, names that the capture taught, flags that no name is for."""
    context = Context("little")
    context.learn("interface", 7, "d1 \n")
    encap = attribute(21, b"\1\0"), attribute(22, attribute(1, bytes([0, 1, 0x41, 0])) + attribute(2, b"\x40"))
    one = hop(via(1), *encap, attribute(11, b"\2\0\1\0"), flags=0x81 | 4, hops=1, dev=7)

    expected = "nexthop encap mpls 20 ttl 64 via 192.0.2.1 realms 1/2 dev d1 \\n weight 2 dead onlink 0x80"
    assert shown(route(one), context).endswith(expected)


def test_many_next_hops_and_bytes_behind_them() -> None:
    text = shown(route(*[hop(via(one)) for one in range(9)]))
    assert (8, True) == (text.count("nexthop via 192.0.2."), text.endswith("nexthop via 192.0.2.7 weight 1 ..."))
    assert shown(route(hop(via(1)), b"\x63\0\0\0")).endswith("nexthop via 192.0.2.1 weight 1 63000000")


def test_a_function_knows_what_it_asked_for_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that its text may be kept for the same texts of these."""
    seen: list[list[TextNode]] = []

    def compose(nodes: Sequence[TextNode]) -> str:
        seen.append([*nodes])
        return "COMPOSED"

    monkeypatch.setattr(RTA.MULTIPATH, "composer", Composer(compose, ("rtnh_ifindex", "RTA_GATEWAY"), ("rtm_family",)))
    assert shown(route(hop(via(1), dev=7), b"\x63\0\0\0")).endswith("COMPOSED")
    empty = TextNode("", "", [])
    attributes = TextNode("", "", [TextNode("RTA_GATEWAY", "192.0.2.1", [])])
    fields = [empty, empty, empty, TextNode("rtnh_ifindex", "if7", []), attributes]
    assert [[TextNode("", "", fields), TextNode("", "63000000", [])]] * 2 == seen
    assert RTA.MULTIPATH is composed_row(rtmsg, "RTA_MULTIPATH~")
    assert composed_row(rtmsg, "RTA_OIF~") is None
    assert composed(RTA.OIF, b"\0\0\0\0", "<", {}, Context()) is None
