"""Copies of messages and fields, two messages side by side, marks."""

from __future__ import annotations

from functools import cache

import pytest

from nldissect.store.capture import Capture
from nldissect.viewer.actions.copy_text import CopyForms
from nldissect.viewer.model.capture_model import CaptureModel, MessageEntry
from nldissect.viewer.model.marks import Marks
from nldissect.viewer.model.message_diff import ADDED, CHANGED, REMOVED, SAME, DiffRow, compared, differences
from nldissect.viewer.model.tree_lines import TreeItem, items_of
from nldissect.viewer.panes.diff_screen import ComparisonScreen
from nldissect.wire import DecodedMessage
from tests.helpers.keyboard import Keyboard, run
from tests.helpers.paths import CAPTURES


@cache
def store(name: str) -> CaptureModel:
    return CaptureModel(Capture([str(CAPTURES / name)], {}, None))


def entry(capture: str, number: int, place: int = 1) -> MessageEntry:
    row = store(capture).row_of_frame(number)
    assert row is not None
    return store(capture).entry(row + place - 1)


def line(one: MessageEntry, *path: str) -> TreeItem:
    """The first line of its tree whose path ends so."""
    return next(item for item in items_of(one, "") if item.path[-len(path) :] == path)


def walked(capture: str, number: int) -> DecodedMessage:
    return entry(capture, number).walked


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
        ("IFLA_VLAN_FLAGS.mask", "filter", "mask == VLAN_FLAG_REORDER_HDR|VLAN_FLAG_GVRP"),
        ("IFLA_VLAN_EGRESS_QOS", "filter", "IFLA_VLAN_EGRESS_QOS"),
        ("IFLA_VLAN_INGRESS_QOS", "text", "IFLA_VLAN_INGRESS_QOS\n  IFLA_VLAN_QOS_MAPPING\n    from: 3\n    to: 4"),
        ("ifi_type", "python", "ifi_type=0"),
        ("ifi_type", "filter", "ifi_type == 0"),
        ("nlmsghdr", "hex", "88 00 00 00 10 00 05 06 20 ce 04 6b 00 00 00 00"),
        ("nlmsg_seq", "text", "nlmsg_seq: 1795477024"),
        ("nlmsg_seq", "python", r"b' \xce\x04k'"),
        ("IFLA_VLAN_QOS_MAPPING", "python", "IFLA_VLAN_QOS.MAPPING(ifla_vlan_qos_mapping(from_=1, to=2))"),
    ],
)
def test_a_field_in_every_form(name: str, form: str, text: str) -> None:
    """ip link add link d0 name v10 type vlan id 10 gvrp on egress-qos-map 1:2 4:5 ingress-qos-map 3:4"""
    one = entry("vlan_add.pcap", 3)
    assert text == CopyForms(one).item(line(one, *name.split(".")), form)


def test_a_message_in_every_form() -> None:
    copies = CopyForms(entry("vlan_add.pcap", 3))
    assert '    40-47    IFLA_IFNAME (3): "v10"\n' in copies.message("text")
    assert copies.message("hex").startswith("# frame 3, NETLINK_ROUTE, to kernel: RTM_NEWLINK v10@")
    assert "\n88 00 00 00 10 00 05 06 " in copies.message("hex")
    assert "/ifinfomsg(attrs=[IFLA.LINK(2), IFLA.IFNAME('v10')" in copies.message("python")
    assert "const unsigned char frame3[136] = {\n    /* nlmsghdr: RTM_NEWLINK */\n" in copies.message("c")
    assert copies.message("json").startswith('{"frame":3,"message":1,"time":"1795477023.298643","protocol":"NETLINK_RO')
    assert "frame.number == 3" == copies.message("filter")


def test_the_second_message_of_a_frame_is_called_so() -> None:
    copies = CopyForms(entry("vlan_add.pcap", 20, 2))
    assert "frame.number == 20 and message.number == 2" == copies.message("filter")
    assert copies.message("hex").startswith("# frame 20, message 2, NETLINK_ROUTE, to user: RTM_NEWLINK v20")
    assert "IFLA.IFNAME('v20')" in copies.message("python")


def test_keys_are_zeros_in_every_copy() -> None:
    """wg set: WGDEVICE_A_PRIVATE_KEY, 32 bytes that nobody may see."""
    mine = store("wireguard.pcap")
    one = next(one for one in map(mine.entry, range(mine.count)) if one.walked.find("WGDEVICE_A_PRIVATE_KEY"))
    key = line(one, "WGDEVICE_A_PRIVATE_KEY")
    assert key.node is not None
    raw = one.walked.data[key.node.start : key.node.end]
    assert 32 == len(raw) and any(raw)
    copies = CopyForms(one)
    for form in ("text", "hex", "python", "c", "json"):
        for text in (copies.message(form), copies.item(key, form)):
            assert raw.hex() not in text.replace(" ", "").replace("0x", "").replace(",", "").replace("\n", "")
            assert repr(raw)[2:-1] not in text
    assert "WGDEVICE_A_PRIVATE_KEY" == copies.item(key, "filter")


def rows(one: tuple[str, int], other: tuple[str, int]) -> list[DiffRow]:
    return differences(compared(walked(*one), walked(*other)))


def test_two_requests_side_by_side() -> None:
    """vlan id 10 with maps, and vlan id 20."""
    found = {row.name: row for row in rows(("vlan_add.pcap", 3), ("vlan_add.pcap", 7))}
    assert DiffRow(CHANGED, 3, "IFLA_VLAN_ID", "10", "20") == found["IFLA_VLAN_ID"]._replace(depth=3)
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


@pytest.mark.parametrize("capture", ["usersock.pcap"])
def test_comparing_asks_for_two(capture: str) -> None:
    async def steps(at: Keyboard) -> None:
        await at.press("d")
        assert at.app.status.note is not None and "mark two" in at.app.status.note[0][1]
        await at.press("m", "j", "d")
        await at.until(lambda: isinstance(at.app.screen, ComparisonScreen))

    run(steps, capture)
