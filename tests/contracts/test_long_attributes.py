"""Attributes longer than their numbers: the kernel reads the first bytes and logs it, and so do all readers here.

Most programs that make them put an __u32 where the kernel wants an __u8 (validate_nla in lib/nlattr.c of the kernel:
"attribute type %d has an invalid length").
"""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import nldissect.all
from nldissect.all import IFLA, Context, nlmon, nlmsghdr, walk
from nldissect.cli import main
from nldissect.render.refusal import explanation
from nldissect.sockets.request_difference import differences
from nldissect.store.capture import Capture
from nldissect.viewer.actions.copy_text import CopyForms
from nldissect.viewer.model.capture_model import CaptureModel
from nldissect.viewer.model.message_diff import CHANGED, compared
from nldissect.viewer.model.tree_lines import items_of
from nldissect.wire import NETLINK_XFRM, Node, Scalar
from nldissect.wire.decode.nodes import nodes_of
from tests.helpers import reader_agreement
from tests.helpers.column_hits import by_columns, compare
from tests.helpers.messages import REQUEST, ROUTE, attribute, error, frame, link, message, write
from tests.helpers.stats import stats

LONG = bytes.fromhex("dc050000 0102030405060708")
"""IFLA_MTU (4), __u32, as 12 bytes."""
MTU = frame(ROUTE, link(1, attribute(4, LONG)))
ROWS = [row for row in IFLA.rows.values() if type(row).__module__.endswith("numbers") and isinstance(row, Scalar)]


def read(capfd: pytest.CaptureFixture[str], path: Path, *options: str) -> str:
    capfd.readouterr()
    main(["read", *options, str(path)])
    return capfd.readouterr().out


def node_of(raw: bytes, name: str) -> Node:
    found = walk(raw, Context()).messages[0].find(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("number", "payload", "name", "value"),
    [
        (4, LONG, "IFLA_MTU", 1500),
        (16, b"\6\0\0\0", "IFLA_OPERSTATE", 6),
        (33, b"\1\0\0\0", "IFLA_CARRIER", 1),
        (28, b"\xfe\xff\xff\xff\0\0\0\0", "IFLA_NET_NS_FD", 0xFFFFFFFE),
        (46, b"\xfe\xff\xff\xff\0", "IFLA_TARGET_NETNSID", -2),
    ],
)
def test_the_value_and_a_note(number: int, payload: bytes, name: str, value: int) -> None:
    (one,) = walk(frame(ROUTE, link(1, attribute(number, payload))), Context()).messages
    node = one.find(name)
    assert node is not None
    size = node.kind.size or 0
    assert (value, size, len(payload)) == (node.value, node.value_end - node.start, node.end - node.start)
    (note,) = one.notes
    assert ("warning", "wrong length") == note[:2]
    assert (node.start + size, len(payload) - size) == (note.offset, note.length)
    assert f"{name}: {len(payload)} bytes, not {size}; a kernel that does not refuse it reads the first" in note.text


def test_shorter_ones_do_not_decode() -> None:
    assert b"\1\2\3" == node_of(frame(ROUTE, link(1, attribute(4, b"\1\2\3"))), "IFLA_MTU").value


def test_scapy_keeps_the_bytes_behind_the_number() -> None:
    packet = nlmon(MTU)
    assert (1500, 16) == (packet[IFLA.MTU].value, packet[IFLA.MTU].nla_len)
    assert MTU == bytes(packet) == bytes(packet.copy())
    assert MTU == bytes(eval(packet.command(), vars(nldissect.all)))
    packet[IFLA.MTU].value = 9000
    assert frame(ROUTE, link(1, attribute(4, struct.pack("<I", 9000)))) == bytes(packet)


def test_what_is_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "long.pcap", *[MTU] * 3, frame(ROUTE, link(2, attribute(4, struct.pack("<I", 68)))))
    assert "1500\n1500\n1500\n68\n" == read(capfd, path, "-T", "fields", "-e", "IFLA_MTU")
    assert 3 == read(capfd, path, "-Y", "IFLA_MTU == 1500").count("mtu 1500 [warning: IFLA_MTU: 12 bytes, not 4;")
    item: dict[str, Any] = json.loads(read(capfd, path, "-T", "ndjson", "-c", "1"))
    assert {"IFLA_MTU": 1500, "leftover": {"undecoded": "0102030405060708"}} == item["layers"]["ifinfomsg"]["attrs"]
    (note,) = item["notes"]
    assert (40, 8) == (note["offset"], note["length"])
    tree = read(capfd, path, "-V", "-x", "-c", "1").splitlines()
    place = next(at for at, line in enumerate(tree) if "IFLA_MTU" in line and "mtu" not in line)
    assert ["32-47    IFLA_MTU (4): 1500", "40-47      leftover: 0102030405060708"] == [
        line.strip() for line in tree[place : place + 2]
    ]
    assert "! warning: IFLA_MTU: 12 bytes, not 4;" in tree[place + 2]
    assert "dc 05 00 00  01 02 03 04 05 06 07 08" in "\n".join(tree)
    assert "01 02 03 04 05 06 07 08" in read(capfd, path, "-T", "hex", "-c", "1")


@pytest.mark.usefixtures("printer")
@pytest.mark.parametrize("form", [[], ["-V"], ["-T", "ndjson"]])
def test_what_is_printed_among_others(form: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Among links that are alike, of which some are as long as a longer attribute makes others."""
    plain = [frame(ROUTE, link(1, attribute(4, struct.pack("<I", mtu)), attribute(13, LONG[:4]))) for mtu in range(9)]
    path = write(tmp_path / "long.pcap", *plain, MTU, *plain, MTU, *plain)
    assert 2 == read(capfd, path, *form).count("a kernel that does not refuse it")


def test_export(tmp_path: Path) -> None:
    feather = pytest.importorskip("pyarrow.feather")
    assert 0 == main(["export", str(write(tmp_path / "x.pcap", MTU)), str(tmp_path / "x.arrow"), "-e", "IFLA_MTU"])
    assert [1500] == feather.read_table(tmp_path / "x.arrow")["IFLA_MTU"].to_pylist()


def test_what_changes_are(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """RTA_OIF (4) and RTA_PRIORITY (6), __u32, of one route, once as 8 bytes: the same route, and nothing changed."""

    def route(surplus: bytes) -> bytes:
        attributes = (
            attribute(1, bytes([10, 0, 0, 0])),
            attribute(4, b"\2\0\0\0" + surplus),
            attribute(6, b"\7\0\0\0" + surplus),
        )
        return frame(ROUTE, message(24, bytes([2, 8, 0, 0, 254, 3, 253, 1]) + bytes(4) + b"".join(attributes)))

    path = write(tmp_path / "routes.pcap", route(b""), route(LONG[4:8]))
    assert 0 == main(["changes", "-T", "json", str(path)])
    assert [("first seen", 1)] == [(one["change"], one["frame"]) for one in json.loads(capfd.readouterr().out)]


def test_coverage(tmp_path: Path) -> None:
    """ifinfomsg is 15 bytes of fields and one of padding; IFLA_MTU is 4 of 12."""
    (row,) = stats(write(tmp_path / "long.pcap", MTU), "coverage")["coverage"]
    assert (19, 8, 5) == (row["decoded"], row["undecoded"], row["structure"])
    assert {"IFLA_MTU leftover": 8} == row["names"]


def test_the_viewer(tmp_path: Path) -> None:
    """Tree, values as they stand in the message, copies, and two messages that differ in nothing else."""
    path = write(tmp_path / "long.pcap", MTU, MTU[:-1] + b"\t")
    store = CaptureModel(Capture([str(path)], {}, None))
    one, other = store.entry(0), store.entry(1)
    items = items_of(one, "", raw=True)
    place = next(place for place, item in enumerate(items) if item.name == "IFLA_MTU")
    assert [(48, 64), (56, 64)] == [(item.start, item.end) for item in items[place : place + 2]]
    assert ["IFLA_MTU (4): 1500 (0x5dc)", "leftover: 0102030405060708"] == [
        "".join(text for _, text in item.pieces).strip() for item in items[place : place + 2]
    ]
    copies = CopyForms(one)
    assert "IFLA_MTU: 1500\n  leftover: 0102030405060708" == copies.item(items[place], "text")
    assert "dc 05 00 00 01 02 03 04 05 06 07 08" == copies.item(items[place], "hex")
    assert "01 02 03 04 05 06 07 08" == copies.item(items[place + 1], "hex")
    assert "IFLA_MTU == 1500" == copies.item(items[place], "filter")
    assert [("IFLA_MTU", "1500", "1500"), ("leftover", "0102030405060708", "0102030405060709")] == [
        (row.name, row.left, row.right) for row in compared(one.walked, other.walked) if row.state == CHANGED
    ][-2:]


def test_what_a_fake_kernel_says_of_them() -> None:
    """The kernel reads the same, and the requests are not the same; what may be a key is not shown."""
    (asked,), (recorded,) = (walk(raw, Context()).messages for raw in (MTU, MTU[:-1] + b"\t"))
    told = "IFLA_MTU dc0500000102030405060708, recorded dc0500000102030405060709 (bytes)"
    assert [told] == differences(asked, recorded)
    shown = "XFRM_SA_XFLAG_DONT_ENCAP_DSCP (secret)"
    (asked,), (recorded,) = (walk(flags(last), Context()).messages for last in (b"j", b"k"))
    assert [f"XFRMA_SA_EXTRA_FLAGS {shown}, recorded {shown}"] == differences(asked, recorded)


def test_what_a_refusal_points_at() -> None:
    """nla_validate: "invalid attribute length", with the offset of IFLA_MTU's header."""
    told = attribute(1, b"invalid attribute length\0") + attribute(2, struct.pack("<I", 32))
    refusal = frame(ROUTE, error(22, link(1, attribute(4, LONG), flags=REQUEST), told))
    (one,) = walk(refusal, Context()).messages
    lines = ["".join(text for _, text in line) for line in explanation(one, None)]
    assert "        32-47 | IFLA_MTU: 1500  dc0500000102030405060708" in lines


def test_a_selector_that_is_longer_selects(tmp_path: Path) -> None:
    """RTA_ENCAP_TYPE (21), __u16, as 4 bytes; RTA_ENCAP (22) of type 1 is MPLS, whose DST is 1."""
    route = bytes([2, 24, 0, 0, 254, 3, 0, 1]) + bytes(4)
    encap = attribute(22, attribute(1, struct.pack(">I", 100 << 12 | 0x100)))
    raw = frame(ROUTE, message(24, route + encap + attribute(21, b"\1\0\0\0")))
    assert "100" == node_of(raw, "MPLS_IPTUNNEL_DST").value
    path = write(tmp_path / "route.pcap", raw)
    compare(path)
    assert ["100"] == [hit[4] for hit in by_columns(path, ["MPLS_IPTUNNEL_DST"])["MPLS_IPTUNNEL_DST"]]
    (packet,) = nlmon(raw).messages
    assert reader_agreement.tree_of_packet(packet) == reader_agreement.tree_of_walked(walk(raw, Context()).messages[0])


KEY = b"0123456789abcdefghij"


def flags(more: bytes = b"") -> bytes:
    """XFRMA_SA_EXTRA_FLAGS (24), __u32, as 24 bytes or more, in XFRM_MSG_NEWSA."""
    return frame(NETLINK_XFRM, message(16, bytes(224) + attribute(24, struct.pack("<I", 1) + KEY + more)))


def test_bytes_behind_a_number_may_be_a_key(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    raw = flags()
    (one,) = walk(raw, Context()).messages
    node = next(node for node, _ in nodes_of(one) if node.name == "XFRMA_SA_EXTRA_FLAGS")
    assert 1 == node.value
    assert (node.value_end, node.end) in list(one.secret_spans())
    path = write(tmp_path / "key.pcap", raw)
    assert "leftover: <may be a key, 20 bytes>" in read(capfd, path, "-V")
    layers = json.loads(read(capfd, path, "-T", "ndjson"))["layers"]
    assert {"secret": 20} == layers["xfrm_usersa_info"]["attrs"]["leftover"]
    assert KEY.hex() in read(capfd, path, "-V", "--show-secrets")
    for options in (["-V", "-x"], ["-T", "ndjson"], ["-T", "c"], ["-T", "python"], ["-T", "hex"]):
        shown = read(capfd, path, *options)
        assert not any(part in shown.lower() for part in ("456789", "34353637", "34 35 36 37", "0x34, 0x35")), options
    main(["read", "-q", "-w", str(tmp_path / "out.pcap"), "--redact", str(path)])
    assert KEY[:4] not in (tmp_path / "out.pcap").read_bytes()


def test_a_long_number_that_is_longer_may_be_a_key() -> None:
    """XFRMA_LASTUSED (15), __u64, as 20 bytes: its first 8 could be those of a key."""
    (one,) = walk(frame(NETLINK_XFRM, message(16, bytes(224) + attribute(15, KEY))), Context()).messages
    node = one.find("XFRMA_LASTUSED")
    assert node is not None and node.kind.secret and KEY == node.value


@st.composite
def links(draw: st.DrawFn) -> bytes:
    """A link with some attributes of a wrong length."""
    chosen = draw(st.lists(st.sampled_from(ROWS), min_size=1, max_size=6))
    payloads = [(row.number or 0, draw(st.binary(max_size=12))) for row in chosen]
    return frame(ROUTE, link(1, *(attribute(*one) for one in payloads)))


@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(links(), min_size=1, max_size=8))
def test_all_readers_agree(tmp_path_factory: pytest.TempPathFactory, frames: list[bytes]) -> None:
    for raw in frames:
        packet, (one,) = nlmon(raw), walk(raw, Context()).messages
        assert raw == bytes(packet)
        (again,) = [item for item in packet.messages if isinstance(item, nlmsghdr)]
        assert reader_agreement.tree_of_packet(again) == reader_agreement.tree_of_walked(one)
    compare(write(tmp_path_factory.mktemp("long") / "frames.pcap", *frames))


PROGRAM = """
import json, struct, subprocess
from nldissect.all import *
from nldissect.errors import NldissectError

def sh(command):
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout

def new(type, body):
    return nlmsghdr(nlmsg_type=type, nlmsg_flags="REQUEST|ACK|CREATE") / body

told = {}
sock = NetlinkSocket("route")
mtu, mode = struct.pack("=I", 1400) + bytes(range(1, 9)), struct.pack("<I", 1)
info = [IFLA.IFNAME("d0"), IFLA.LINKINFO([IFLA_INFO.KIND("dummy")])]
sock.sr1(new("RTM_NEWLINK", ifinfomsg(attrs=[*info, IFLA.MTU(value=mtu), IFLA.LINKMODE(value=mode)])))
(link,) = json.loads(sh("ip -d -j link show d0"))
told["mtu"], told["linkmode"], told["log"] = link["mtu"], link["linkmode"], sh("dmesg")
try:
    hop = nhmsg(nh_family="AF_INET", attrs=[NHA.ID(value=bytes([7, 0, 0, 0, 0, 0, 0, 0])), NHA.BLACKHOLE()])
    sock.sr1(new("RTM_NEWNEXTHOP", hop))
except NldissectError as error:
    told["refused"] = str(error)
print(json.dumps(told))
"""


def test_a_real_kernel(kernel: ModuleType) -> None:
    """IFLA_MTU as 12 bytes and IFLA_LINKMODE, __u8, as 4: Linux takes the first 4, and the first, and logs it. For
    nexthops it checks strictly, and refuses."""
    result = kernel.run(PROGRAM, interpreter=sys.executable)
    assert 0 == result.status, result.output
    told = json.loads(result.output.splitlines()[-1])
    assert (1400, "DORMANT") == (told["mtu"], told["linkmode"])
    assert "attribute type 4 has an invalid length" in told["log"]
    assert "attribute type 17 has an invalid length" in told["log"]
    assert "EINVAL (Invalid argument), invalid attribute length, at NHA_ID" in told["refused"]
