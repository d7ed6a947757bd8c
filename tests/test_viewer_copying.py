"""Copies of messages and fields, filters made from them, two messages side by side, marks."""

from __future__ import annotations

import pytest
from situations import situations

from nldissect.index.derived import Situation
from nldissect.viewer.nodefilters import field_filter, filter_for, header_filter, holds, joined
from nldissect.viewer.comparing import ADDED, CHANGED, REMOVED, SAME, Row, compared, differences
from nldissect.viewer.copying import Copies, path_to
from nldissect.viewer.marks import Marks
from nldissect.wire import Node, Walked
from nldissect.wire.nodes import inner_nodes


def frame(capture: str, number: int) -> Situation:
    return next(one for one in situations(capture) if one.number == number)


def walked(capture: str, number: int) -> Walked:
    found = frame(capture, number).walked
    assert found is not None
    return found


def path(one: Situation, name: str) -> tuple[Node, ...]:
    assert one.walked is not None
    node = one.walked.find(name)
    assert node is not None
    return path_to(one.walked.layers, node)


@pytest.mark.parametrize(
    ("name", "form", "text"),
    [
        ("IFLA_VLAN_ID", "text", "IFLA_VLAN_ID: 10"),
        ("IFLA_VLAN_ID", "hex", "0a 00"),
        ("IFLA_VLAN_ID", "python", "IFLA_VLAN.ID(10)"),
        ("IFLA_VLAN_ID", "json", '{"IFLA_VLAN_ID":10}'),
        ("IFLA_VLAN_ID", "filter", "IFLA_VLAN_ID == 10"),
        ("IFLA_IFNAME", "c", "const unsigned char IFLA_IFNAME[4] = {\n    0x76, 0x31, 0x30, 0x00,\n};"),
        ("IFLA_IFNAME", "filter", 'IFLA_IFNAME == "v10"'),
        ("IFLA_VLAN_FLAGS.mask", "filter", "IFLA_VLAN_FLAGS.mask == VLAN_FLAG_REORDER_HDR|VLAN_FLAG_GVRP"),
        ("IFLA_VLAN_EGRESS_QOS", "filter", "IFLA_VLAN_EGRESS_QOS"),
        ("IFLA_VLAN_INGRESS_QOS", "text", "IFLA_VLAN_INGRESS_QOS\n  IFLA_VLAN_QOS_MAPPING\n    from: 3\n    to: 4"),
        ("ifi_type", "python", "ifi_type=0"),
        ("ifi_type", "filter", "ifi_type == ARPHRD_NETROM"),
        ("IFLA_VLAN_QOS_MAPPING", "python", "IFLA_VLAN_QOS.MAPPING(ifla_vlan_qos_mapping(from_=1, to=2))"),
    ],
)
def test_a_field_in_every_form(name: str, form: str, text: str) -> None:
    """ip link add link d0 name v10 type vlan id 10 gvrp on egress-qos-map 1:2 4:5 ingress-qos-map 3:4"""
    one = frame("vlan_add.pcap", 3)
    assert text == Copies(one).node(path(one, name), form)


def test_a_message_in_every_form() -> None:
    one = frame("vlan_add.pcap", 3)
    copies = Copies(one)
    assert '    40-47    IFLA_IFNAME (3): "v10"\n' in copies.message("text")
    assert copies.message("hex").startswith("# frame 3, NETLINK_ROUTE, to kernel: RTM_NEWLINK v10@")
    assert "\n88 00 00 00 10 00 05 06 " in copies.message("hex")
    assert "/ifinfomsg(attrs=[IFLA.LINK(2), IFLA.IFNAME('v10')" in copies.message("python")
    assert "const unsigned char frame3[136] = {\n    /* nlmsghdr: RTM_NEWLINK */\n" in copies.message("c")
    assert copies.message("json").startswith('{"frame":3,"message":1,"time":"1795477023.298643","protocol":"NETLINK_RO')
    assert "frame.number == 3" == copies.message("filter")


def test_the_second_message_of_a_frame_is_called_so() -> None:
    """Also where the frame at hand holds this message alone, as the viewer keeps it."""
    whole = [one for one in situations("vlan_add.pcap") if one.number == 20][1]
    assert whole.walked is not None
    alone = whole._replace(frame=type(whole.frame)(*[getattr(whole.frame, name) for name in (
        "data", "packet_type", "hardware", "protocol", "order")], [whole.walked], whole.frame.trailing))  # fmt: skip
    assert "frame.number == 20 and message.number == 2" == Copies(alone, of=2).message("filter")
    assert Copies(alone, of=2).message("hex").startswith("# frame 20, message 2, NETLINK_ROUTE")
    assert Copies(whole).message("python") == Copies(alone, of=2).message("python")


def test_keys_are_zeros_in_every_copy() -> None:
    """wg set: WGDEVICE_A_PRIVATE_KEY, 32 bytes that nobody may see."""
    one = next(one for one in situations("wireguard.pcap") if one.walked and one.walked.find("WGDEVICE_A_PRIVATE_KEY"))
    key = path(one, "WGDEVICE_A_PRIVATE_KEY")
    raw = one.frame.data[key[-1].start : key[-1].end]
    assert 32 == len(raw) and any(raw)
    copies = Copies(one)
    for form in ("text", "hex", "python", "c", "json"):
        for text in (copies.message(form), copies.node(key, form)):
            assert raw.hex() not in text.replace(" ", "").replace("0x", "").replace(",", "").replace("\n", "")
            assert repr(raw)[2:-1] not in text
    assert "WGDEVICE_A_PRIVATE_KEY" == copies.node(key, "filter")


@pytest.mark.parametrize("capture", ["tour.pcap", "nft_families.pcap"])
def test_every_filter_that_is_offered_holds_where_it_came_from(capture: str) -> None:
    """One node of each name."""
    found: dict[str, tuple[tuple[Node, ...], Situation]] = {}

    def visit(nodes: list[Node], above: tuple[Node, ...], one: Situation) -> None:
        for node in nodes:
            found.setdefault(node.name, ((*above, node), one))
            visit(inner_nodes(node), (*above, node), one)

    for one in situations(capture)[:30]:
        if one.walked is not None and one.walked.has_header:
            visit(one.walked.layers, (), one)
    assert len(found) > 50
    for here, one in list(found.values())[::2]:
        text = filter_for(here, one)
        assert text is not None and holds(text, one), [step.name for step in here]


def test_filters_from_headers_and_columns() -> None:
    one, generic = frame("vlan_add.pcap", 3), frame("ethtool.pcap", 3)
    assert "nlmsg_type == RTM_NEWLINK" == header_filter("nlmsg_type", one) == field_filter("nlmsg_type", one)
    assert "nlmsg_seq == 1795477024" == header_filter("nlmsg_seq", one)
    assert "nlmsg_flags == NLM_F_REQUEST|NLM_F_ACK|NLM_F_EXCL|NLM_F_CREATE" == header_filter("nlmsg_flags", one)
    assert "frame.number == 3" == field_filter("frame.number", one)
    assert 'direction == "to kernel"' == field_filter("direction", one)
    assert "protocol == NETLINK_ROUTE" == field_filter("protocol", one)
    assert None is field_filter("error", one)
    assert str(field_filter("nlmsg_type", generic)).startswith(("genlmsghdr.cmd == ", "nlmsg_type == "))


@pytest.mark.parametrize(
    ("text", "other", "how", "whole"),
    [
        ("", "error", "and", "error"),
        ("", "error", "and not", "not error"),
        ("", "a == 1", "and not", "not a == 1"),
        ("a or b", "c", "and", "(a or b) and c"),
        ("a and b", "c", "and", "a and b and c"),
        ("a and b", "c or d", "and not", "a and b and not (c or d)"),
        ("a or b", "c", "or", "a or b or c"),
        ("a and b", "c", "or", "a and b or c"),
    ],
)
def test_filters_are_joined(text: str, other: str, how: str, whole: str) -> None:
    assert whole == joined(text, other, how)


def rows(one: tuple[str, int], other: tuple[str, int]) -> list[Row]:
    return differences(compared(walked(*one), walked(*other)))


def test_two_requests_side_by_side() -> None:
    """vlan id 10 with maps, and vlan id 20."""
    found = {row.name: row for row in rows(("vlan_add.pcap", 3), ("vlan_add.pcap", 7))}
    assert Row(CHANGED, 3, "IFLA_VLAN_ID", "10", "20") == found["IFLA_VLAN_ID"]._replace(depth=3)
    name = found["IFLA_IFNAME"]
    assert (CHANGED, '"v10"', '"v20"') == (name.state, name.left, name.right)
    assert "IFLA_LINK" not in found
    assert REMOVED == found["IFLA_VLAN_EGRESS_QOS"].state


def test_a_message_beside_itself_has_no_differences() -> None:
    one = walked("vlan_add.pcap", 3)
    assert [] == differences(compared(one, one))
    assert {SAME} == {row.state for row in compared(one, one)}


def test_what_is_added_stands_behind_what_it_follows() -> None:
    """The same two, the other way round: what only the right one has."""
    names = [(row.state, row.name) for row in compared(walked("vlan_add.pcap", 7), walked("vlan_add.pcap", 3))]
    added = [name for state, name in names if state == ADDED]
    assert "IFLA_VLAN_EGRESS_QOS" in added
    assert names.index((ADDED, "IFLA_VLAN_EGRESS_QOS")) > [name for _, name in names].index("IFLA_VLAN_ID")


def test_marks_are_gone_through_in_order_and_around() -> None:
    marks = Marks()
    assert None is marks.next(3) is marks.previous(3)
    assert [True, True, True] == [marks.toggle(row) for row in (7, 2, 5)]
    assert [2, 5, 7] == list(marks)
    assert (5, 2, 2, 7) == (marks.next(2), marks.next(7), marks.previous(5), marks.previous(2))
    assert marks.toggle(5) is False and 5 not in marks and 7 in marks
    marks.add([9, 2])
    assert [2, 7, 9] == list(marks)
    marks.clear()
    assert 0 == len(marks)
