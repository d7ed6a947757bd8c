"""Columns where it is hard: order of siblings, selectors near and far, odd lengths, depth, acknowledgements."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest

from nldissect.columns.extract import descend
from nldissect.store.capture import open_captures
from nldissect.wire import NETLINK_NETFILTER, NETLINK_SOCK_DIAG, Attrs, AttrSet, Message, Nest, bind_attrs, bind_message
from nldissect.wire.numbers import U16, U32
from tests.helpers.column_hits import by_columns, compare
from tests.helpers.genl_messages import FAMILY, told
from tests.helpers.messages import GENERIC, REQUEST, ROUTE, attribute, error, frame, link, message, write
from tests.helpers.mutants import LOOP

LINKINFO, AF_SPEC, MTU = 18, 26, 4
KIND, DATA = 1, 2


def u32(value: int) -> bytes:
    return struct.pack("<I", value)


def kind(name: str) -> bytes:
    return attribute(KIND, name.encode() + b"\0")


def values(tmp_path: Path, wanted: str, *frames: bytes) -> list[Any]:
    """What columns find under a bare name; for every name they must find what walk finds."""
    path = write(tmp_path / "case.pcap", *frames)
    compare(path)
    compare(path, few=100)
    return [hit[4] for hit in by_columns(path, [wanted])[wanted]]


def of_links(*links: bytes) -> bytes:
    return frame(ROUTE, *links)


VLAN_ID, VXLAN_ID = attribute(1, b"\x0a\0"), attribute(1, u32(77))


def test_a_selector_behind_what_depends_on_it(tmp_path: Path) -> None:
    first = link(1, attribute(LINKINFO, kind("vlan") + attribute(DATA, VLAN_ID)))
    last = link(2, attribute(LINKINFO, attribute(DATA, VLAN_ID) + kind("vlan")))
    assert [10, 10] == values(tmp_path, "IFLA_VLAN_ID", of_links(first, last))


def twice(*kinds: str) -> bytes:
    around = [kind(name) for name in kinds]
    return of_links(link(1, attribute(LINKINFO, around[0] + attribute(DATA, VXLAN_ID) + b"".join(around[1:]))))


def test_the_last_selector_decides(tmp_path: Path) -> None:
    assert [77] == values(tmp_path, "IFLA_VXLAN_ID", twice("vlan", "vxlan"))
    assert [] == values(tmp_path, "IFLA_VXLAN_ID", twice("vxlan", "vlan"))
    assert [77] == values(tmp_path, "IFLA_VXLAN_ID", twice("vxlan", "vlan", "vxlan"))


def test_a_fault_that_takes_the_first_selector_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = descend.attributes

    def backwards(*given: Any) -> Any:
        return type(items := right(*given))(*(column[::-1] for column in items))

    monkeypatch.setattr(descend, "attributes", backwards)
    with pytest.raises(AssertionError, match="ifla_vxlan_id"):
        values(tmp_path, "IFLA_VXLAN_ID", twice("vlan", "vxlan"))


def test_a_selector_that_does_not_fit_is_none(tmp_path: Path) -> None:
    """RTA_ENCAP_TYPE (21) is two bytes; ENCAP (22) of type 1 is MPLS, whose DST is 1."""
    route = bytes([2, 24, 0, 0, 254, 3, 0, 1]) + bytes(4)
    label = attribute(22, attribute(1, struct.pack(">I", 100 << 12 | 0x100)))
    good, odd = attribute(21, b"\1\0"), attribute(21, b"\2")
    bodies = [route + label + good + odd, route + odd + label + good, route + odd + label]
    assert ["100", "100"] == values(tmp_path, "MPLS_IPTUNNEL_DST", frame(ROUTE, *(message(24, one) for one in bodies)))


def test_an_inner_set_hides_the_selectors_around_it(tmp_path: Path) -> None:
    """A veth's peer with IFLA_INFO_DATA and no kind: the kind around it, veth, is not its own."""
    header = struct.pack("<BxHiII", 0, 1, 9, 1, 0)
    peer = header + attribute(3, b"right\0") + attribute(LINKINFO, attribute(DATA, attribute(1, header + VXLAN_ID)))
    whole = link(1, attribute(3, b"left\0"), attribute(LINKINFO, kind("veth") + attribute(DATA, attribute(1, peer))))
    assert ["left", "right"] == values(tmp_path, "IFLA_IFNAME", of_links(whole))
    assert [1, 9] == values(tmp_path, "ifi_index", of_links(whole))
    assert [None] == values(tmp_path, "VETH_INFO_PEER", of_links(whole))
    inner = by_columns(tmp_path / "case.pcap", ["VETH_INFO_PEER.IFLA_IFNAME"])["VETH_INFO_PEER.IFLA_IFNAME"]
    assert [len("right\0")] == [hit[2] - hit[1] for hit in inner]


def test_header_fields_select(tmp_path: Path) -> None:
    """IFLA_AF_SPEC: of AF_BRIDGE bridge settings (IFLA_BRIDGE_FLAGS = 0), else a nest for each address family."""
    spec = attribute(AF_SPEC, attribute(0, b"\2\0"))
    bridge = message(16, struct.pack("<BxHiII", 7, 1, 3, 1, 0) + spec)
    assert [2] == values(tmp_path, "IFLA_BRIDGE_FLAGS", of_links(link(1, spec), bridge))


def test_the_direction_selects(tmp_path: Path) -> None:
    """IFLA_VXLAN_TTL_INHERIT (28): present or not to the kernel, a number to the user."""
    inner = [attribute(28), attribute(28, b"\1")]
    whole = [attribute(LINKINFO, kind("vxlan") + attribute(DATA, one)) for one in inner]
    asked, told = link(1, whole[0], flags=REQUEST), link(1, whole[1])
    wrong = link(1, whole[1], flags=REQUEST)
    assert [True, 1] == values(tmp_path, "IFLA_VXLAN_TTL_INHERIT", of_links(asked, told, wrong))


def test_presence_selects(tmp_path: Path) -> None:
    """INET_DIAG_INFO (2) is struct sctp_info where INET_DIAG_LOCALS (12) is there, else struct tcp_info."""
    info = attribute(2, bytes(range(1, 9)) + bytes(300))
    body = struct.pack("<BBBB", 2, 1, 0, 0) + bytes(68) + info
    sctp = message(20, body + attribute(12, bytes(128)))
    assert [0x04030201] == values(tmp_path, "sctpi_tag", frame(NETLINK_SOCK_DIAG, message(20, body), sctp))
    assert [1] == values(tmp_path, "tcpi_state", frame(NETLINK_SOCK_DIAG, message(20, body), sctp))


class FAR(AttrSet):
    """A set whose innermost row depends on the header three levels out and on a row two levels out."""

    WHICH = U32(1)
    INSIDE = Nest(2, "FAR_INSIDE")


class FAR_INSIDE(AttrSet):
    DEEPER = Nest(1, "FAR_DEEPER")
    MANY = U16(2, many=True)


class FAR_DEEPER(AttrSet):
    VALUE = Nest(1)


class FAR_SEVEN(AttrSet):
    ANSWER = U32(1)


class FAR_EIGHT(AttrSet):
    ANSWER = U16(1)


class far(Message):
    fields_desc = [U32.of("far_family"), Attrs("attrs", FAR)]


bind_message(far, 30, FAR_AWAY=18)
bind_attrs(FAR_DEEPER.VALUE, FAR_SEVEN, FAR_WHICH=7)
bind_attrs(FAR_DEEPER.VALUE, FAR_EIGHT, FAR_WHICH=7, far_family=8)


def test_selectors_far_out(tmp_path: Path) -> None:
    def far_message(family: int, which: int, answer: bytes) -> bytes:
        inside = attribute(2, attribute(1, attribute(1, attribute(1, answer))))
        return message(18, u32(family) + inside + attribute(1, u32(which)))

    frames = [
        frame(30, far_message(1, 7, u32(5)), far_message(8, 7, b"\6\0"), far_message(8, 6, b"\6\0")),
        frame(30, far_message(8, 7, b"\5"), far_message(9, 7, u32(9))),
    ]
    assert [5, 9] == values(tmp_path, "FAR_SEVEN_ANSWER", *frames)
    assert [6] == values(tmp_path, "FAR_EIGHT_ANSWER", *frames)


def test_every_one_of_a_repeated_attribute(tmp_path: Path) -> None:
    mtus = [attribute(MTU, u32(number)) for number in (1500, 9000, 1500, 68)]
    assert [1500, 9000, 1500, 68] == values(tmp_path, "IFLA_MTU", of_links(link(1, *mtus[:3]), link(2, mtus[3])))


def test_odd_lengths(tmp_path: Path) -> None:
    """Wrong size, no room for a header, length below 4, beyond the end; the last one needs no padding."""
    good = attribute(MTU, u32(1500))
    bodies = {
        good + attribute(MTU, b"\1\2"): [1500],
        good + b"\x08\0": [1500],
        b"\3\0\4\0" + good: [],
        good + b"\x09\0\4\0" + u32(5): [1500],
        good + struct.pack("<HH", 8, 0x4004) + u32(7): [1500, 7],
        good + struct.pack("<HH", 8, 0x8004) + u32(7): [1500, 7],
        attribute(3, b"ab\0")[:-1]: [],
    }
    for body, expected in bodies.items():
        assert expected == values(tmp_path, "IFLA_MTU", of_links(link(1, body))), body
    name = link(1, good, struct.pack("<HH", 7, 3) + b"ab\0")
    assert ["ab"] == values(tmp_path, "IFLA_IFNAME", of_links(name))


def test_structs_shorter_and_longer_than_known(tmp_path: Path) -> None:
    """struct ifinfomsg cut after ifi_index; struct ifla_vlan_flags (2) of 4 and 12 bytes."""
    short = message(16, struct.pack("<BxHi", 0, 1, 77))
    assert [77] == values(tmp_path, "ifi_index", of_links(short))
    assert [] == values(tmp_path, "ifi_flags", of_links(short))
    flags = [attribute(DATA, attribute(2, u32(1) + bytes(more))) for more in (0, 4, 8)]
    links = [link(1, attribute(LINKINFO, kind("vlan") + one)) for one in flags]
    assert [1, 1, 1] == values(tmp_path, "flags", of_links(*links))


def test_a_counted_tail_that_is_cut(tmp_path: Path) -> None:
    """struct tc_u32_sel (TCA_U32_SEL = 5): nkeys says 3, one and a half are there."""
    selector = struct.pack("<BBBxHHHHhhI", 0, 0, 3, 0, 0, 0, 0, 0, 0, 0)[:16] + bytes(range(16)) + bytes(8)
    body = struct.pack("<BxxxiIII", 0, 1, 0, 0, 0) + attribute(1, b"u32\0") + attribute(2, attribute(5, selector))
    assert [3] == values(tmp_path, "nkeys", frame(ROUTE, message(44, body)))
    assert [0x04050607] == values(tmp_path, "val", frame(ROUTE, message(44, body)))


def test_attributes_inside_each_other_end(tmp_path: Path) -> None:
    """3000 deep: 20 are opened."""
    body = u32(4)
    for _ in range(3000):
        body = (len(body) + 4).to_bytes(2, "little") + b"\x01\x80" + body
    assert 20 == len(values(tmp_path, LOOP.AGAIN.name, frame(30, message(17, body))))


def test_thousands_of_empty_attributes(tmp_path: Path) -> None:
    many = link(1, b"".join(attribute(27 + place % 3) for place in range(15_000)), attribute(MTU, u32(1)))
    path = write(tmp_path / "case.pcap", of_links(many), of_links(link(2, attribute(MTU, u32(2)))))
    assert [1, 2] == [hit[4] for hit in by_columns(path, ["IFLA_MTU"], window=1 << 20)["IFLA_MTU"]]


def test_the_echoed_request_is_not_searched(tmp_path: Path) -> None:
    """The extended ack behind it is, whether the request was left out or not."""
    request = link(1, attribute(MTU, u32(10)), attribute(3, b"abc\0")[:-1], flags=REQUEST)
    acks = [
        error(22, request, attribute(1, b"too small\0"), attribute(2, u32(36))),
        error(22, request, attribute(1, b"capped\0"), capped=True),
        error(22, request),
        error(0, request, capped=True),
    ]
    frames = [frame(ROUTE, one) for one in acks]
    assert ["too small", "capped"] == values(tmp_path, "NLMSGERR_ATTR_MSG", *frames)
    assert [-22, -22, -22, 0] == values(tmp_path, "error", *frames)
    assert [] == values(tmp_path, "IFLA_MTU", *frames)
    assert [2, 2, 2, 2] == values(tmp_path, "nlmsg_type", *frames)
    assert 4 == len(values(tmp_path, "request", *frames))


def test_another_name_of_a_row(tmp_path: Path) -> None:
    """IPSET_ATTR_IP_FROM is IPSET_ATTR_IP (1) inside IPSET_ATTR_DATA (7) of IPSET_CMD_ADD."""
    address = attribute(7, attribute(1, attribute(1, bytes([192, 0, 2, 1]))))
    path = write(tmp_path / "case.pcap", frame(NETLINK_NETFILTER, message(0x0609, bytes(4) + address, REQUEST)))
    found = by_columns(path, ["ipset_attr_ip_from", "IPSET_ATTR_IP", "ipset_attr_data.ipset_attr_ip_from"])
    assert [1, 1, 1] == [len(hits) for hits in found.values()]
    full = "ipset_adt.IPSET_ATTR_DATA.IPSET_ATTR_IP_FROM.IPSET_ATTR_IPADDR_IPV4"
    assert [1] == [len(hits) for hits in by_columns(path, [full]).values()]


def test_elements_of_arrays(tmp_path: Path) -> None:
    """IFLA_BOND_ARP_IP_TARGET (8) of two addresses: one row, two elements."""
    targets = attribute(8, attribute(0, bytes([10, 0, 0, 1])) + attribute(1, bytes([10, 0, 0, 2])))
    bond = of_links(link(1, attribute(LINKINFO, kind("bond") + attribute(DATA, targets))))
    assert ["10.0.0.1", "10.0.0.2"] == values(tmp_path, "IFLA_BOND_ARP_IP_TARGET[]", bond)
    assert [None] == values(tmp_path, "IFLA_BOND_ARP_IP_TARGET", bond)


def test_both_byte_orders_in_one_block(tmp_path: Path) -> None:
    """Two frames of a little-endian host, then two of a big-endian one."""

    def big(index: int, mtu: int) -> bytes:
        body = struct.pack(">BxHiII", 0, 1, index, 1, 0) + struct.pack(">HHI", 8, MTU, mtu)
        return frame(ROUTE, message(16, body, order=">"))

    frames = [of_links(link(one, attribute(MTU, u32(100 + one)))) for one in (1, 2)] + [big(3, 103), big(4, 104)]
    assert [101, 102, 103, 104] == values(tmp_path, "IFLA_MTU", *frames)
    assert [1, 2, 3, 4] == values(tmp_path, "ifi_index", *frames)
    assert [32 + 8] * 4 == values(tmp_path, "nlmsg_len", *frames)


def test_a_message_cut_by_a_snap_length(tmp_path: Path) -> None:
    whole = of_links(link(1, attribute(MTU, u32(1500)), attribute(3, b"eth0\0")))
    for snap, mtu, name in ((55, [], []), (56, [1500], []), (64, [1500], []), (65, [1500], ["eth0"])):
        path = write(tmp_path / "cut.pcap", whole, snap=snap)
        compare(path)
        found = by_columns(path, ["IFLA_MTU", "IFLA_IFNAME"])
        assert [mtu, name] == [[hit[4] for hit in hits] for hits in found.values()]


def test_paths_end_the_full_path(tmp_path: Path) -> None:
    """Layer, enclosing rows, name; the attributes behind a header are no step, and steps can't be left out."""
    body = link(1, attribute(LINKINFO, kind("vlan") + attribute(DATA, VLAN_ID)))
    path = write(tmp_path / "case.pcap", of_links(body))
    names = {
        "IFLA_INFO_KIND": 1, "IFLA_LINKINFO.IFLA_INFO_KIND": 1, "ifinfomsg.IFLA_LINKINFO.IFLA_INFO_KIND": 1,
        "ifinfomsg.IFLA_INFO_KIND": 0, "ifinfomsg": 1, "ifinfomsg.attrs": 0, "ifinfomsg.ifi_index": 1,
        "nlmsghdr.nlmsg_type": 1, "nlmsghdr": 1, "IFLA_INFO_DATA.ifla_vlan_id": 1, "IFLA_LINKINFO.IFLA_VLAN_ID": 0,
        "": 0, ".": 0, "x..y": 0,
    }  # fmt: skip
    assert names == {name: len(hits) for name, hits in by_columns(path, list(names)).items()}


def test_commands_of_generic_families_have_names(tmp_path: Path) -> None:
    path = write(tmp_path / "case.pcap", frame(GENERIC, message(0x10, b"\3\1\0\0" + attribute(1, b"\x1c\0"), REQUEST)))
    compare(path)
    assert [(3, "CTRL_CMD_GETFAMILY")] == [hit[4:] for hit in by_columns(path, ["cmd"])["cmd"]]


def test_a_family_id_that_changes_hands_and_comes_back(tmp_path: Path) -> None:
    ask = frame(GENERIC, message(FAMILY, b"\1\1\0\0", REQUEST))
    path = write(
        tmp_path / "case.pcap", *(one for name in ("netdev", "devlink", "netdev") for one in (told(name), ask))
    )
    compare(path)
    with open_captures(path) as cap:
        asked = cap.filter('direction == "to kernel"').select("genlmsghdr.family", "genlmsghdr.cmd")
        assert [4] == cap.filter("genlmsghdr.cmd == DEVLINK_CMD_GET").columns["frame"].tolist()
    assert ["netdev", "devlink", "netdev"] == asked["genlmsghdr.family"].tolist()
    assert ["NETDEV_CMD_DEV_GET", "DEVLINK_CMD_GET", "NETDEV_CMD_DEV_GET"] == asked["genlmsghdr.cmd"].tolist()
