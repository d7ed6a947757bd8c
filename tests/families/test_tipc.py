"""TIPC on real bytes: what tipc(8) asked and printed in a cluster of two nodes; the older family of tipc-config(8)."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from nldissect.families.generic.tipc import TIPC_CMD, TIPC_TLV, tipc_genlmsghdr
from nldissect.families.generic.tipcv2 import TIPC_NLA, TIPC_NLA_NET, TIPC_NLA_NODE, tipc_aead_key
from nldissect.render.json_objects import frame_objects
from nldissect.stream.frames import FrameStream
from nldissect.wire import NETLINK_GENERIC, Context, DecodedMessage, walk
from tests.helpers.captures import messages, requests, undecoded, value
from tests.helpers.hex_messages import FAMILY, attribute, frame_of
from tests.helpers.paths import CAPTURES
from tests.helpers.route_messages import attrs, body, line, packets

CLUSTER = "tipc_cluster.pcap"


def of(command: str, direction: str = "to user", name: str = CLUSTER) -> list[DecodedMessage]:
    """Every message of TIPCv2 with that command."""
    return [one for one in messages(name, "TIPCv2", direction) if value(one, "cmd") == f"TIPC_NL_{command}"]


def test_nothing_is_left() -> None:
    """But for a quirk: __tipc_nl_add_link puts the priority twice."""
    assert [] == undecoded("tipc.pcap") + undecoded("tipc_config.pcap")
    assert {("TIPCv2", "TIPC_NLA_PROP_PRIO repeats")} == set(undecoded(CLUSTER))


def test_node_list() -> None:
    """tipc node list: "peer2  42656572 up"; its own identity was set as text."""
    (node,) = of("NODE_GET")
    (identity, *_) = of("NET_SET", "to kernel")

    assert {"TIPC_NLA_NODE_ADDR": 0x42656572, "TIPC_NLA_NODE_UP": True} == attrs(node)["TIPC_NLA_NODE"]
    assert "node 0x42656572 up" == line(node)
    assert "identity router1" == line(identity)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [(b"router1\0", "router1"), (b"\0" * 8, ""), (bytes.fromhex("5254001234560000"), "5254001234560000")],
)
def test_identities(raw: bytes, shown: str) -> None:
    """Text where somebody gave it one (tipc node set identity); else the kernel makes one of a hash: hexadecimal."""
    row = TIPC_NLA_NET.NODEID(attribute(3, raw))

    assert shown == row.value
    assert attribute(3, raw) == bytes(TIPC_NLA_NET.NODEID(row.value))


def test_links() -> None:
    """tipc link list: "router1:left-peer2:right: up"; its statistics: "ACTIVE MTU:1500 Priority:10 Tolerance:1500 ms
    Window:50 packets", "TX profile sample:1 packets average:40 octets", "RX states:10 probes:4"."""
    (broadcast, left, udp, *_) = of("LINK_GET")
    link = attrs(left)["TIPC_NLA_LINK"]

    assert True is attrs(broadcast)["TIPC_NLA_LINK"]["TIPC_NLA_LINK_BROADCAST"]
    assert "BCLINK_MODE_SEL" == value(broadcast, "TIPC_NLA_PROP_BROADCAST")
    assert ("router1:left-peer2:right", 1500, True, True) == tuple(
        link[f"TIPC_NLA_LINK_{name}"] for name in ("NAME", "MTU", "UP", "ACTIVE")
    )
    assert (10, 1500, 50) == tuple(
        link["TIPC_NLA_LINK_PROP"][f"TIPC_NLA_PROP_{name}"] for name in ("PRIO", "TOL", "WIN")
    )
    assert (1, 40, 1, 0) == tuple(
        link["TIPC_NLA_LINK_STATS"][f"TIPC_NLA_STATS_{name}"]
        for name in ("MSG_LEN_CNT", "MSG_LEN_TOT", "MSG_LEN_P0", "MSG_LEN_P6")
    )
    assert 14000 == value(udp, "TIPC_NLA_LINK_MTU")
    assert "router1:left-peer2:right priority 12" == line(of("LINK_SET", "to kernel")[0])


def test_names() -> None:
    """tipc nametable show: "2 1113941362 1113941362 node 65537 router1", and what the kernel publishes itself."""
    names = [attrs(one)["TIPC_NLA_NAME_TABLE"]["TIPC_NLA_NAME_TABLE_PUBL"] for one in of("NAME_TABLE_GET")]

    assert ["TIPC_NODE_STATE", "TIPC_NODE_STATE", "TIPC_TOP_SRV", "TIPC_LINK_STATE"] == [
        name["TIPC_NLA_PUBL_TYPE"] for name in names
    ]
    assert ["TIPC_CLUSTER_SCOPE"] * 2 + ["TIPC_NODE_SCOPE"] * 2 == [name["TIPC_NLA_PUBL_SCOPE"] for name in names]
    assert (1113941362, 65537) == (names[-1]["TIPC_NLA_PUBL_LOWER"], names[-1]["TIPC_NLA_PUBL_REF"])


def test_addresses_of_a_bearer() -> None:
    """tipc bearer enable media udp name udp6 localip 2001:db8::1 remoteip 2001:db8::2, asked for again."""
    told = attrs(of("BEARER_GET")[-3])["TIPC_NLA_BEARER"]["TIPC_NLA_BEARER_UDP_OPTS"]
    local = {"ss_family": "AF_INET6", "address": {"sin6_port": 6118, "sin6_flowinfo": 0, "sin6_scope_id": 0}}
    local["address"]["sin6_addr"] = "2001:db8::1"  # type: ignore[index]

    assert local == told["TIPC_NLA_UDP_LOCAL"]
    assert "2001:db8::2" == told["TIPC_NLA_UDP_REMOTE"]["address"]["sin6_addr"]
    assert True is told["TIPC_NLA_UDP_MULTI_REMOTEIP"]
    asked = requests(CLUSTER, "TIPCv2", TIPC_NLA_BEARER_NAME="udp:udp0")[0]
    assert ("192.0.2.1", 6118) == (value(asked, "sin_addr"), value(asked, "sin_port"))


def test_addresses_of_peers() -> None:
    """tipc bearer get media udp name udp6 remoteip prints 2001:db8::3, 2001:db8::2: the answers bear the number of
    TIPC_NL_BEARER_GET and TIPC_NLA_UDP_REMOTE, which is TIPC_NLA_SOCK's."""
    found = [value(one, "TIPC_NLA_SOCK.sin6_addr") for one in of("BEARER_GET")[-2:]]

    assert ["2001:db8::3", "2001:db8::2"] == found
    assert "[2001:db8::2]:6118" == line(of("BEARER_GET")[-1])


def test_monitor() -> None:
    """tipc link monitor list: 23.468.1140 up, 66.1622.1394 down on the first bearer."""
    own, peer = (attrs(one)["TIPC_NLA_MON_PEER"] for one in of("MON_PEER_GET")[:2])

    assert (23 << 24 | 468 << 12 | 1140, True, True) == (
        own["TIPC_NLA_MON_PEER_ADDR"],
        own["TIPC_NLA_MON_PEER_UP"],
        own["TIPC_NLA_MON_PEER_HEAD"],
    )
    assert (66 << 24 | 1622 << 12 | 1394, True, None) == (
        peer["TIPC_NLA_MON_PEER_ADDR"],
        peer["TIPC_NLA_MON_PEER_LOCAL"],
        peer.get("TIPC_NLA_MON_PEER_UP"),
    )
    assert [66 << 24 | 1622 << 12 | 1394] == own["TIPC_NLA_MON_PEER_MEMBERS"]
    assert "threshold 40" == line(of("MON_SET", "to kernel")[0])


def test_keys_are_secret() -> None:
    """tipc node set key this_is_a_secret_key; another for all; the peer's; the refused one comes back in the error."""
    short, own, master, peer = (attrs(one)["TIPC_NLA_NODE"] for one in of("KEY_SET", "to kernel")[:4])

    assert {"alg_name": "gcm(aes)", "keylen": 20, "key": {"secret": 20}} == own["TIPC_NLA_NODE_KEY"]
    assert True is master["TIPC_NLA_NODE_KEY_MASTER"]
    assert "peer2" == peer["TIPC_NLA_NODE_ID"]
    assert "rekeying 10" == line(of("KEY_SET", "to kernel")[4])
    assert {"secret": len("too_short")} == short["TIPC_NLA_NODE_KEY"]["key"]
    capture = FrameStream(str(CAPTURES / CLUSTER))
    shown = "".join(str(item) for seen in capture.frames() for item in frame_objects(seen, secrets=False))
    assert "EKEYREJECTED" in shown
    assert not any(key.hex() in shown for key in (b"this_is_a_secret_key", b"too_short"))


def test_a_key_is_built() -> None:
    """The attributes of `tipc node set key this_is_a_secret_key`, from their values."""
    key = tipc_aead_key(alg_name="gcm(aes)", keylen=20, key=b"this_is_a_secret_key")
    made = TIPC_NLA.NODE([TIPC_NLA_NODE.KEY(key)])
    (real, *_) = [one for one in of("KEY_SET", "to kernel") if value(one, "keylen") == 20]

    assert bytes(made) == real.data[real.start + 20 : real.end]


CONFIG = "tipc_config.pcap"


def config(command: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Question and answer of one command of the older family; the kernel copies the header with its flags."""
    asked, answered = [body(one) for one in messages(CONFIG, "TIPC") if body(one)["cmd"] == f"TIPC_CMD_{command}"][:2]
    return asked["attrs"], answered["attrs"]


def test_older_family() -> None:
    """TLVs in network order behind a header of the family's own (what the answers hold is printed by the topic)."""
    assert ({"TIPC_TLV_NET_ADDR": 0x01001001}, {}) == config("SET_NODE_ADDR")
    assert ({}, {"TIPC_TLV_UNSIGNED": 4711}) == config("GET_NETID")
    assert ({}, {"TIPC_TLV_MEDIA_NAME": ["eth", "udp"]}) == config("GET_MEDIA_NAMES")
    assert {"TIPC_TLV_BEARER_CONFIG": {"priority": 7, "disc_domain": 0x01001000, "name": "eth:d0"}} == config(
        "ENABLE_BEARER"
    )[0]
    assert {"TIPC_TLV_LINK_INFO": [{"dest": 0, "up": 1, "str": "broadcast-link"}]} == config("GET_LINKS")[1]
    assert {"TIPC_TLV_ERROR_STRING": {"code": "TIPC_CFG_NOT_SUPPORTED", "string": ""}} == config("GET_MAX_PORTS")[1]


def test_older_family_texts() -> None:
    """The length of a long text leaves out its own TLV's header (tipc_tlv_sprintf): 19 is all of "TIPC version"."""
    asked, answered = config("SHOW_NAME_TABLE")

    assert {"depth": 0x80000004, "type": 0, "lowbound": 0, "upbound": 0} == asked["tlv_data"]
    assert "Type       Lower " == answered["tlv_data"][:17]
    assert {"tlv_len": 19, "tlv_type": "TIPC_TLV_ULTRA_STRING", "tlv_data": "TIPC version 2.0.0\n"} == config(
        "SHOW_STATS"
    )[1]
    assert "show_name_table depth 0x80000004 type 0 0-0" == line(
        next(one for one in messages(CONFIG, "TIPC") if body(one)["cmd"] == "TIPC_CMD_SHOW_NAME_TABLE")
    )


def test_older_family_is_built() -> None:
    """A TLV's length and padding are worked out, in network order."""
    made = tipc_genlmsghdr(cmd="TIPC_CMD_DISABLE_BEARER", attrs=[TIPC_TLV.BEARER_NAME("eth:d0")])
    (real, *_) = [one for one in packets(CONFIG, tipc_genlmsghdr) if one.cmd == TIPC_CMD.GET_BEARER_NAMES and one.attrs]

    assert bytes.fromhex("00000000 0241 0000") + bytes(real)[8:] == bytes(made)


def test_older_family_on_other_hosts() -> None:
    """A big-endian host writes its own header in its order; TLVs are in network order on every host."""
    tlv = bytes.fromhex("0008 0011 01001001")
    for order, name in (("<", "little"), (">", "big")):
        body_of = struct.pack(order + "IHH", 0, TIPC_CMD.SET_NODE_ADDR, 0) + tlv
        header = struct.pack(order + "IHHII", 20 + len(body_of), FAMILY, 1, 7, 0) + bytes([1, 1, 0, 0])
        context = Context(name)
        context.learn("genl", FAMILY, "TIPC")
        (message,) = walk(frame_of(NETLINK_GENERIC, header + body_of), context).messages
        assert 0x01001001 == value(message, "TIPC_TLV_NET_ADDR")
    assert tlv == bytes(TIPC_TLV.NET_ADDR(0x01001001))
