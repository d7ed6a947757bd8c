"""NDJSON: one object a message (page "json" describes it). Values are those of the commands that made the captures."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path
from typing import Any

import pytest

from nldissect.render.json_objects import _free, frame_objects
from nldissect.render.json_text import encode
from nldissect.stream.frames import FrameStream
from nldissect.wire.packets import bindings
from nldissect.wire.packets.message import generic, sealed
from tests.helpers import messages
from tests.helpers.messages import ACK, GENERIC, REQUEST, ROUTE, USERSOCK, attribute, error, frame, link, message, write
from tests.helpers.paths import CAPTURES


def objects(path: Path | str, *, secrets: bool = False, **options: Any) -> list[dict[str, Any]]:
    capture = FrameStream(str(path), **options)
    found = [json.loads(encode(item)) for seen in capture.frames() for item in frame_objects(seen, secrets=secrets)]
    capture.finish()
    return found


def only(path: Path, *frames: bytes, **options: Any) -> dict[str, Any]:
    (found,) = objects(write(path / "x.pcap", *frames), **options)
    return found


def test_a_request_as_ip_link_made_it() -> None:
    """ip link add link d0 name v10 type vlan id 10 protocol 802.1ad gvrp on ingress-qos-map 3:4 egress-qos-map ..."""
    item = objects(CAPTURES / "vlan_add.pcap")[2]
    assert [
        "frame", "message", "time", "protocol", "direction", "nlmsg_len", "nlmsg_type", "nlmsg_flags", "nlmsg_seq",
        "nlmsg_pid", "summary", "layers",
    ] == list(item)  # fmt: skip
    assert (3, 1, "NETLINK_ROUTE", "to kernel") == tuple(
        item[key] for key in ("frame", "message", "protocol", "direction")
    )
    assert "RTM_NEWLINK" == item["nlmsg_type"]
    assert ["NLM_F_REQUEST", "NLM_F_ACK", "NLM_F_EXCL", "NLM_F_CREATE"] == item["nlmsg_flags"]
    body = item["layers"]["ifinfomsg"]
    assert ["ifi_family", "ifi_type", "ifi_index", "ifi_flags", "ifi_change", "attrs"] == list(body)
    assert "v10" == body["attrs"]["IFLA_IFNAME"]
    assert "vlan" == body["attrs"]["IFLA_LINKINFO"]["IFLA_INFO_KIND"]
    data = body["attrs"]["IFLA_LINKINFO"]["IFLA_INFO_DATA"]
    assert (10, "ETH_P_8021AD") == (data["IFLA_VLAN_ID"], data["IFLA_VLAN_PROTOCOL"])
    assert {"IFLA_VLAN_QOS_MAPPING": [{"from": 3, "to": 4}]} == data["IFLA_VLAN_INGRESS_QOS"]


def test_time_has_the_decimals_of_the_file(tmp_path: Path) -> None:
    item = only(tmp_path, frame(ROUTE, link(1)))
    assert f"{messages.SECONDS}.000000" == item["time"]


def test_several_messages_of_one_frame_are_numbered(tmp_path: Path) -> None:
    found = objects(write(tmp_path / "x.pcap", frame(ROUTE, link(1, flags=2), link(2, flags=2)), frame(ROUTE, link(3))))
    assert [(1, 1), (1, 2), (2, 1)] == [(item["frame"], item["message"]) for item in found]


def test_integers_above_2_to_the_53_are_exact(tmp_path: Path) -> None:
    counters = struct.pack("<24Q", 2**64 - 1, 2**53 + 1, *range(22))  # struct rtnl_link_stats64 of Linux 4.6
    path = write(tmp_path / "x.pcap", frame(ROUTE, link(1, attribute(23, counters))))
    (seen,) = FrameStream(str(path)).frames()
    text = encode(frame_objects(seen)[0])
    assert '"rx_packets":18446744073709551615' in text
    assert '"tx_packets":9007199254740993' in text


def test_text_that_is_no_utf8_keeps_its_bytes(tmp_path: Path) -> None:
    attrs = only(tmp_path, frame(ROUTE, link(1, attribute(3, b"a\xffb\0"))))["layers"]["ifinfomsg"]["attrs"]
    assert {"text": "a�b", "bytes": "61ff6200"} == attrs["IFLA_IFNAME"]


def test_text_beyond_unicode_and_integers_beyond_64_bits_are_written() -> None:
    assert {"a": "\udc80", "b": 2**70} == json.loads(encode({"a": "\udc80", "b": 2**70}))


def test_a_size_that_does_not_fit_is_bytes_with_a_note(tmp_path: Path) -> None:
    item = only(tmp_path, frame(ROUTE, link(1, attribute(4, b"\x01\x02\x03"))))
    assert {"undecoded": "010203"} == item["layers"]["ifinfomsg"]["attrs"]["IFLA_MTU"]
    (note,) = item["notes"]
    assert ("warning", 36, 3) == (note["severity"], note["offset"], note["length"])
    assert "notes" == list(item)[-1]


def test_what_repeats_is_numbered_and_noted(tmp_path: Path) -> None:
    mtu = struct.pack("<I", 1500)
    item = only(tmp_path, frame(ROUTE, link(1, attribute(4, mtu), attribute(4, mtu), attribute(4, mtu))))
    attrs = item["layers"]["ifinfomsg"]["attrs"]
    assert ["IFLA_MTU", "IFLA_MTU#2", "IFLA_MTU#3"] == list(attrs)
    assert {1500} == set(attrs.values())
    assert 2 == len(item["notes"])


def test_what_repeats_very_often_is_numbered_without_trying_each_number(tmp_path: Path) -> None:
    attrs = only(tmp_path, frame(ROUTE, link(1, attribute(4, bytes(4)) * 20_000)))["layers"]["ifinfomsg"]["attrs"]
    assert ["IFLA_MTU", *(f"IFLA_MTU#{count}" for count in range(2, 20_001))] == list(attrs)


class Watched(dict[str, int]):
    """A table that counts how often it is asked for a name."""

    asked = 0

    def __contains__(self, name: object) -> bool:
        self.asked += 1
        return super().__contains__(name)


def test_a_free_name_is_found_at_once() -> None:
    taken, counts = Watched(), dict[str, int]()
    for place in range(100):
        taken[_free(taken, "IFLA_MTU", counts)] = place
    assert "IFLA_MTU#100" in taken and taken.asked < 300


def test_an_unknown_attribute_is_its_number(tmp_path: Path) -> None:
    item = only(tmp_path, frame(ROUTE, link(1, attribute(3000, b"ab"), attribute(3000))))
    assert {"3000": {"undecoded": "6162"}, "3000#2": {"undecoded": ""}} == item["layers"]["ifinfomsg"]["attrs"]
    assert item["notes"]


def test_bytes_behind_the_attributes_are_left_over(tmp_path: Path) -> None:
    item = only(tmp_path, frame(ROUTE, link(1, attribute(4, struct.pack("<I", 9)), b"\x03\0\x01\0")))
    assert {"IFLA_MTU": 9, "leftover": {"undecoded": "03000100"}} == item["layers"]["ifinfomsg"]["attrs"]
    assert "left over" in item["notes"][0]["text"]


def test_a_cut_message_keeps_whole_attributes_and_the_rest(tmp_path: Path) -> None:
    data = frame(ROUTE, link(1, attribute(4, struct.pack("<I", 1500)), attribute(3, b"eth0\0")))
    (item,) = objects(write(tmp_path / "x.pcap", data, snap=16 + 16 + 16 + 8 + 6))
    assert (46, 52) == (item["captured"], item["nlmsg_len"])
    assert {"IFLA_MTU": 1500} == item["layers"]["ifinfomsg"]["attrs"]
    assert {"undecoded": "090003006574"} == item["cut"]
    assert "notes" not in item  # the sender did nothing wrong


@pytest.mark.parametrize(
    ("tail", "told"), [(bytes(8), {"zeros": 8}), (b"\0\0\1\0\0\0\0\0", {"undecoded": "0000010000000000"})]
)
def test_bytes_behind_the_last_message(tmp_path: Path, tail: bytes, told: dict[str, Any]) -> None:
    found = objects(write(tmp_path / "x.pcap", frame(ROUTE, link(1), link(2)) + tail))
    assert "trailing" not in found[0]
    assert told == found[1]["trailing"]


def test_a_frame_too_short_for_a_header(tmp_path: Path) -> None:
    assert {"undecoded": "0004"} == only(tmp_path, b"\0\4")["trailing"]
    empty = only(tmp_path, frame(ROUTE))
    assert "NETLINK_ROUTE" == empty["protocol"] and "message" not in empty


def test_ack_and_error_hold_the_request(tmp_path: Path) -> None:
    """Offsets of the extended ack count from the request's nlmsghdr: 16 + 16 + 4 + 4 is IFLA_INFO_DATA's first row."""
    data = attribute(2, attribute(1, struct.pack("<H", 5000)))
    ask = link(0, attribute(18, attribute(1, b"vlan\0") + data), flags=REQUEST | ACK, seq=7)
    offset = 32 + 4 + 12 + 4
    answer = error(34, ask, attribute(1, b"no such VLAN\0"), attribute(2, struct.pack("<I", offset)), seq=7)
    (item,) = objects(write(tmp_path / "x.pcap", frame(ROUTE, answer)))
    layer = item["layers"]["nlmsgerr"]
    assert ["error", "request", "attrs", "attribute"] == list(layer)
    assert ("ERANGE", "RTM_NEWLINK") == (layer["error"], layer["request"]["nlmsg_type"])
    inside = layer["request"]["layers"]["ifinfomsg"]["attrs"]["IFLA_LINKINFO"]
    assert {"IFLA_INFO_KIND": "vlan", "IFLA_INFO_DATA": {"IFLA_VLAN_ID": 5000}} == inside
    assert {"NLMSGERR_ATTR_MSG": "no such VLAN", "NLMSGERR_ATTR_OFFS": offset} == layer["attrs"]
    assert "IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_VLAN_ID" == layer["attribute"]
    assert item["summary"].startswith("ERANGE (")
    assert item["summary"].endswith(") for RTM_NEWLINK: no such VLAN [at IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_VLAN_ID]")


def test_a_capped_error_is_resolved_by_the_request_seen_before(tmp_path: Path) -> None:
    ask = link(0, attribute(4, struct.pack("<I", 70000)), flags=REQUEST | ACK, seq=7)
    answer = error(22, ask, attribute(2, struct.pack("<I", 32)), capped=True, seq=7)
    found = objects(write(tmp_path / "x.pcap", frame(ROUTE, ask), frame(ROUTE, answer)))
    assert "IFLA_MTU" == found[1]["layers"]["nlmsgerr"]["attribute"]
    alone = only(tmp_path, frame(ROUTE, answer))["layers"]["nlmsgerr"]
    assert "attribute" not in alone and "layers" not in alone["request"]
    assert 32 == alone["attrs"]["NLMSGERR_ATTR_OFFS"]


def test_a_missing_attribute_is_named_in_its_nest(tmp_path: Path) -> None:
    """NLMSGERR_ATTR_MISS_NEST is where the nest begins, MISS_TYPE what it lacks (linux/netlink.h)."""
    ask = link(0, attribute(18, attribute(2)), flags=REQUEST | ACK)
    answer = error(22, ask, attribute(5, struct.pack("<I", 1)), attribute(6, struct.pack("<I", 32)))
    assert "IFLA_LINKINFO.IFLA_INFO_KIND" == only(tmp_path, frame(ROUTE, answer))["layers"]["nlmsgerr"]["missing"]
    top = error(22, ask, attribute(5, struct.pack("<I", 3)))
    assert "IFLA_IFNAME" == only(tmp_path, frame(ROUTE, top))["layers"]["nlmsgerr"]["missing"]


def test_a_success_is_error_0(tmp_path: Path) -> None:
    item = only(tmp_path, frame(ROUTE, error(0, link(0, flags=REQUEST), capped=True)))
    assert 0 == item["layers"]["nlmsgerr"]["error"]
    assert "ack for RTM_NEWLINK" == item["summary"]


def test_the_end_of_a_refused_dump_says_why() -> None:
    """ack_layouts: a strict RTM_GETLINK dump with a bad header is answered by NLMSG_DONE with errno and sentence."""
    done = [item for item in objects(CAPTURES / "ack_layouts.pcap") if item["nlmsg_type"] == "NLMSG_DONE"]
    assert "EINVAL" == done[0]["layers"]["nlmsgdone"]["error"]
    told = done[0]["layers"]["nlmsgdone"]["attrs"]["NLMSGERR_ATTR_MSG"]
    assert "Invalid values in header for link dump request" == told


def test_generic_messages_have_two_layers() -> None:
    item = objects(CAPTURES / "missing_attribute.pcap")[0]
    assert 2 == len(item["layers"])
    assert {"cmd": "CTRL_CMD_GETFAMILY", "version": 1, "family": "nlctrl"} == item["layers"]["genlmsghdr"]


def family(number: int, name: str) -> bytes:
    """CTRL_CMD_NEWFAMILY: CTRL_ATTR_FAMILY_NAME is 2, CTRL_ATTR_FAMILY_ID is 1 (linux/genetlink.h)."""
    body = b"\1\2\0\0" + attribute(2, name.encode() + b"\0") + attribute(1, struct.pack("<H", number))
    return message(0x10, body, pid=77, seq=1)


def test_a_generic_family_is_known_from_the_user_or_from_anywhere_in_the_file(tmp_path: Path) -> None:
    ask = frame(GENERIC, message(0x1C, b"\x63\1\0\0" + attribute(1, b"ab"), flags=REQUEST))
    unknown = only(tmp_path, ask)
    assert 0x1C == unknown["nlmsg_type"]
    assert {"cmd": 0x63, "version": 1} == unknown["layers"]["genlmsghdr"]
    assert {"1": {"undecoded": "6162"}} == unknown["layers"]["generic"]["attrs"]
    assert "family 0x1c cmd 99, 1 attribute" == unknown["summary"]
    told = only(tmp_path, ask, families={0x1C: "made_up"})
    assert (0x1C, "made_up") == (told["nlmsg_type"], told["layers"]["genlmsghdr"]["family"])
    later = objects(write(tmp_path / "x.pcap", ask, frame(GENERIC, family(0x1C, "later")), ask))
    assert [0x1C, "GENL_ID_CTRL", 0x1C] == [item["nlmsg_type"] for item in later]
    assert ["later", "nlctrl", "later"] == [item["layers"]["genlmsghdr"]["family"] for item in later]
    reused = objects(
        write(tmp_path / "x.pcap", frame(GENERIC, family(0x1C, "one")), ask, frame(GENERIC, family(0x1C, "two")), ask)
    )
    assert ["one", "two"] == [item["layers"]["genlmsghdr"]["family"] for item in reused][1::2]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"Hello you!", {"text": "Hello you!"}),
        ("grüß dich\n".encode(), {"text": "grüß dich\n"}),
        (b"ends at NUL\0", {"text": "ends at NUL"}),
        (b"\1\2\3\xff", {"undecoded": "010203ff"}),
        (b"A\0\0\0", {"undecoded": "41000000"}),
        (b"\x1b[2J", {"undecoded": "1b5b324a"}),
    ],
)
def test_unknown_payloads_are_text_or_bytes(tmp_path: Path, body: bytes, told: dict[str, str]) -> None:
    assert told == only(tmp_path, frame(USERSOCK, message(40, body)))["payload"]


def test_a_datagram_without_header() -> None:
    item = next(item for item in objects(CAPTURES / "usersock.pcap") if "nlmsg_len" not in item)
    assert (1, "user to user", {"text": "no header at all"}) == (item["message"], item["direction"], item["payload"])


def test_uevents_have_a_layer_of_their_own() -> None:
    item = next(item for item in objects(CAPTURES / "uevent.pcap") if item["layers"]["uevent"]["action"] == "add")
    layer = item["layers"]["uevent"]
    assert layer["devpath"].startswith("/devices/virtual/net/")
    assert ("add", "net") == (layer["env"]["ACTION"], layer["env"]["SUBSYSTEM"])
    assert "nlmsg_type" not in item and "notification" == item["direction"]


def test_direction_is_called_known_only_where_the_source_says_so(tmp_path: Path) -> None:
    assert "direction_known" not in only(tmp_path, frame(ROUTE, link(1)))
    multicast = only(tmp_path, frame(ROUTE, link(1, pid=5), packet_type=2))
    assert ("notification", True) == (multicast["direction"], multicast["direction_known"])


def test_secrets_are_masked_unless_asked_for() -> None:
    """ip xfrm state add ... with keys written out on the command line."""
    given = set(re.findall(r"0x([0-9a-f]{16,})", (CAPTURES / "topics" / "xfrm.sh").read_text()))
    assert given
    masked, shown = (json.dumps(objects(CAPTURES / "xfrm.pcap", secrets=secrets)) for secrets in (False, True))
    assert '{"secret": 16}' in masked
    assert not [secret for secret in given if secret in masked]
    assert not [secret for secret in given if secret not in shown]


def test_both_byte_orders_read_alike(tmp_path: Path) -> None:
    order = ">"
    body = struct.pack(">BxHiII", 0, 1, 3, 1, 0) + attribute(4, struct.pack(">I", 1500), order)
    data = frame(ROUTE, message(16, body, order=order))
    item = only(tmp_path, data)  # the file's own order is little
    assert (3, 1500) == (item["layers"]["ifinfomsg"]["ifi_index"], item["layers"]["ifinfomsg"]["attrs"]["IFLA_MTU"])
    assert 1500 == only(tmp_path, data, order="big")["layers"]["ifinfomsg"]["attrs"]["IFLA_MTU"]


def test_an_array_of_nests_tells_its_indexes_where_they_are_odd(tmp_path: Path) -> None:
    """CTRL_ATTR_MCAST_GROUPS (7) is an array; the kernel numbers it from 1 (net/netlink/genetlink.c)."""

    def groups(*numbers: int) -> Any:
        inner = b"".join(attribute(n, attribute(1, f"g{n}\0".encode())) for n in numbers)
        body = b"\1\2\0\0" + attribute(7, inner)
        layers = only(tmp_path, frame(GENERIC, message(0x10, body, pid=77, seq=1)))["layers"]
        return list(layers.values())[1]["attrs"]["CTRL_ATTR_MCAST_GROUPS"]

    assert [{"CTRL_ATTR_MCAST_GRP_NAME": "g1"}, {"CTRL_ATTR_MCAST_GRP_NAME": "g2"}] == groups(1, 2)
    assert [{"index": 5, "CTRL_ATTR_MCAST_GRP_NAME": "g5"}] == groups(5)


def test_every_capture_is_written_without_loss_of_a_message() -> None:
    """Every frame has an object at least, in order, and all of it parses."""
    for path in sorted(CAPTURES.glob("*.pcap")):
        found = objects(path)
        numbers = [item["frame"] for item in found]
        assert numbers == sorted(numbers) and set(numbers) == set(range(1, numbers[-1] + 1)), path.name


def test_keys_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    """ip macsec add ... key 00 00112233...: frames of macsec.pcap hold the key; a family without a table may, too."""
    told = [item for item in objects(CAPTURES / "macsec.pcap") if "macsec" in item.get("layers", {})]
    keys = [
        item["layers"]["macsec"]["attrs"].get("MACSEC_ATTR_SA_CONFIG", {}).get("MACSEC_SA_ATTR_KEY") for item in told
    ]

    assert [{"secret": 32}, {"secret": 32}] == [key for key in keys if key]
    monkeypatch.setattr(bindings, "SECRET_FAMILIES", {"new"})
    assert (sealed, generic) == (bindings.unknown_body("new"), bindings.unknown_body("other"))
