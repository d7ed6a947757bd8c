"""Refusals explained: request, culprit, reason, in a list whose filter asks for errors."""

from __future__ import annotations

import struct
from pathlib import Path

from tests.helpers.cli import lines
from tests.helpers.messages import ACK, REQUEST, ROUTE, attribute, error, frame, link, message, write
from tests.helpers.paths import CAPTURES

CAPPED, TLVS = 0x100, 0x200


def explained(path: Path, *options: str) -> list[str]:
    return lines("read", path, "-Y", "error", *options)


def test_a_caret_under_the_culprit() -> None:
    """ip rule add dscp 200, from a program that has extended acks: the kernel sends offset and policy."""
    found = explained(CAPTURES / "ack_layouts.pcap")
    at = next(place for place, line in enumerate(found) if line.startswith("  10 "))
    assert found[at].endswith("for RTM_NEWRULE: Error parsing msg [at FRA_DSCP]")
    assert [
        "          --> RTM_NEWRULE of frame 9: inet dscp 200 to_tbl table main",
        "              |",
        "        28-32 | FRA_DSCP: 200  c8",
        "              | ^^^^^^^^",
        "              = Error parsing msg",
        "              = policy: NL_ATTR_TYPE_U8, 0 to 63",
    ] == found[at + 1 : at + 7]


def test_the_three_layouts_find_their_request() -> None:
    """Echoed whole, echoed as a header only, and the end of a dump, which repeats nothing."""
    found = explained(CAPTURES / "ack_layouts.pcap")
    whole, capped, end = (
        next(place for place, line in enumerate(found) if line.startswith(f"{n:>4} ")) for n in (4, 8, 14)
    )
    route = "unicast 10.0.0.1/8 dev if1 proto static scope link table main"
    assert f"          --> RTM_NEWROUTE of frame 3: {route}" == found[whole + 1]
    assert f"          --> RTM_NEWROUTE of frame 7: {route}" == found[capped + 1]
    assert "          --> RTM_GETLINK of frame 13: dump" == found[end + 1]
    assert "              = Invalid values in header for link dump request" == found[end + 2]


def test_a_missing_attribute_by_name() -> None:
    """In the message, of which the request has no attribute at all, and inside a nest."""
    found = explained(CAPTURES / "missing_attribute.pcap")
    assert "^ NETDEV_A_DEV_IFINDEX is missing" == found[4].strip(" |")
    (nested,) = [
        line for line in found if "NETDEV_A_PAGE_POOL_ID is missing" in line and "^" in line and "STATS" not in line
    ][1:] or [line for line in found if line.endswith("^ NETDEV_A_PAGE_POOL_ID is missing")][-1:]
    assert nested.index("^") > len("              | NETDEV_A_PAGE_POOL_STATS_INFO")
    assert "           20 | NETDEV_A_PAGE_POOL_STATS_INFO:" in found


def test_a_capped_echo_with_an_offset(tmp_path: Path) -> None:
    """By hand: the offset leads into the request as it was captured, three nests deep; the socket caps echoes."""
    vlan = attribute(18, attribute(1, b"vlan\0") + attribute(2, attribute(1, struct.pack("<H", 5000))))
    request = link(2, attribute(3, b"v\0"), vlan, flags=REQUEST | ACK, seq=5)
    tlvs = attribute(1, b"8021q: Invalid VLAN id\0") + attribute(2, struct.pack("<I", 60)) + attribute(3, b"\1\2\3")
    answer = message(2, struct.pack("<i", -34) + request[:16] + tlvs, CAPPED | TLVS, 5, 77)
    found = explained(write(tmp_path / "x.pcap", frame(ROUTE, request), frame(ROUTE, answer)))
    assert [
        "        60-65 | IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_VLAN_ID: 5000  8813",
        "              |                              ^^^^^^^^^^^^",
        "              = 8021q: Invalid VLAN id",
        "              = cookie: 010203",
    ] == found[3:]


def test_a_warning_on_success_and_words_that_ask_for_it(tmp_path: Path) -> None:
    """By hand: an ack of 0 with a sentence is no error, but is explained where `extack` is asked for."""
    request = link(2, flags=REQUEST | ACK, seq=5)
    answer = error(0, request, attribute(1, b"deprecated\0"), capped=True, seq=5)
    path = write(tmp_path / "x.pcap", frame(ROUTE, request), frame(ROUTE, answer))
    assert [] == explained(path)
    assert "              = deprecated" == lines("read", path, "-Y", "extack")[2]
    assert 1 == len(lines("read", path, "-Y", "nlmsg_type == NLMSG_ERROR"))


def test_offsets_that_lead_nowhere(tmp_path: Path) -> None:
    """By hand: beyond the request, and of a request that is nowhere: said so, and no more."""
    request = link(2, flags=REQUEST | ACK, seq=5)
    tlvs = attribute(2, struct.pack("<I", 4000)) + attribute(5, struct.pack("<I", 3))
    beyond = message(2, struct.pack("<i", -22) + request + tlvs, TLVS, 5, 77)
    alone = message(2, struct.pack("<i", -22) + request[:12] + b"\1\0\0\0" + tlvs, CAPPED | TLVS, 5, 77)
    found = explained(write(tmp_path / "x.pcap", frame(ROUTE, request), frame(ROUTE, beyond), frame(ROUTE, alone)))
    assert "points at byte 4000, of which the capture has nothing" in found[2]
    assert found[5].endswith("^ IFLA_IFNAME is missing")
    assert "RTM_NEWLINK, as it is repeated here" in found[7]
    assert "attribute 3 is missing" in found[9]


def test_a_request_that_the_kernel_changed(tmp_path: Path) -> None:
    """bridge mdb del dev br7 port p1 grp 239.4.4.9: the kernel tries each VLAN of the port, and repeats the last."""
    asked = (
        "380000005500050001000000000000000700000003000000200001000500000000000000ef040409000000000000000000000000"
        "08000000"
    )
    request, vid = bytes.fromhex(asked), 34
    refused = request[:vid] + b"\x0a\0" + request[vid + 2 :]
    answer = error(-22, refused, seq=1)
    found = explained(write(tmp_path / "x.pcap", frame(ROUTE, request), frame(ROUTE, answer)))
    assert "--> RTM_DELMDB of frame 1, which the kernel changed: dev if3 port if5" in found[1] and "vid 10" in found[1]
    found = explained(write(tmp_path / "x.pcap", frame(ROUTE, refused), frame(ROUTE, answer)))
    assert "--> RTM_DELMDB of frame 1: dev" in found[1]


def test_names_are_those_of_the_request_s_time(tmp_path: Path) -> None:
    """`ip address add 10.0.0.1/24 dev eth0`, refused when eth0 is called wan0; `exchanges` tells it like `read`."""
    body = struct.pack("<BBBBI", 2, 24, 0, 0, 2) + attribute(2, bytes([10, 0, 0, 1]))
    request = message(20, body, REQUEST | ACK, seq=5, pid=9)
    named = [link(2, attribute(3, name)) for name in (b"eth0\0", b"wan0\0")]
    refused = error(22, request, capped=True, seq=5)
    path = write(tmp_path / "x.pcap", *(frame(ROUTE, one) for one in (named[0], request, named[1], refused)))
    for found in (explained(path), lines("exchanges", path, "-Y", "error")):
        assert "          --> RTM_NEWADDR of frame 2: 10.0.0.1/24 dev eth0 scope universe" == found[1]


def test_large_files_and_pipes_are_explained_alike(tmp_path: Path) -> None:
    """More than a megabyte, which is printed by columns, and the same from a pipe."""
    parts = [
        (CAPTURES / f"{name}.pcap").read_bytes() for name in ("ack_layouts", "errors", "missing_attribute", "tour")
    ]
    records = b"".join(part[24:] for part in parts)
    data = parts[0][:24] + records * (1 + (1 << 20) // len(records))
    path = tmp_path / "large.pcap"
    path.write_bytes(data)
    assert lines("read", "-", "-Y", "error", stdin=data) == explained(path)
