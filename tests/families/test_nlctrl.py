"""The generic netlink controller on real bytes: what genl(8) asked and printed."""

from __future__ import annotations

from typing import Any

from nldissect.families.generic.nlctrl import CTRL_ATTR, CTRL_ATTR_OP, nlctrl
from nldissect.uapi import NLM_F_DUMP
from nldissect.wire import NETLINK_GENERIC, Context, DecodedMessage, genlmsghdr, nlmon, nlmsghdr, walk
from tests.helpers.captures import frames, messages, requests, undecoded, value
from tests.helpers.route_messages import attrs, line, packets


def heard(name: str) -> Context:
    """What a whole capture teaches."""
    context = Context()
    for frame in frames(name):
        walk(frame, context)
    return context


def about(name: str, family: str) -> DecodedMessage:
    """The first answer that describes a family."""
    return messages(name, "nlctrl", "to user", CTRL_ATTR_FAMILY_NAME=family)[0]


def test_family_ids_are_learnt() -> None:
    """genl ctrl list prints "Name: nlctrl ID: 0x10" and others; each family's id is the next message type."""
    context = heard("nlctrl.pcap")
    families = {
        value(one, "CTRL_ATTR_FAMILY_ID"): value(one, "CTRL_ATTR_FAMILY_NAME") for one in messages("nlctrl.pcap")
    }

    assert "nlctrl" == families[0x10]
    assert {"ethtool", "netdev", "TASKSTATS", "SEG6"} < set(families.values())
    for number, name in families.items():
        if number is not None and name is not None:
            assert name == context.name("genl", number)


def test_scapy_learns_them_too() -> None:
    ours, theirs = Context(), heard("nlctrl.pcap")
    for frame in frames("nlctrl.pcap"):
        nlmon(frame, _context=ours)

    assert theirs.names["genl"] == ours.names["genl"]


def test_family() -> None:
    """genl ctrl list: "ID: 0x10 Version: 0x2 header size: 0 max attribs: 0", commands 3 (0xe), 10 (0xc), "notify"."""
    controller = attrs(about("nlctrl.pcap", "nlctrl"))

    assert 0x10 == controller["CTRL_ATTR_FAMILY_ID"]
    assert (2, 0, 0) == tuple(controller[f"CTRL_ATTR_{name}"] for name in ("VERSION", "HDRSIZE", "MAXATTR"))
    do, dump, policy = "GENL_CMD_CAP_DO", "GENL_CMD_CAP_DUMP", "GENL_CMD_CAP_HASPOL"
    assert [
        {"CTRL_ATTR_OP_ID": 3, "CTRL_ATTR_OP_FLAGS": [do, dump, policy]},
        {"CTRL_ATTR_OP_ID": 10, "CTRL_ATTR_OP_FLAGS": [dump, policy]},
    ] == list(controller["CTRL_ATTR_OPS"].values())
    assert [{"CTRL_ATTR_MCAST_GRP_ID": 0x10, "CTRL_ATTR_MCAST_GRP_NAME": "notify"}] == list(
        controller["CTRL_ATTR_MCAST_GROUPS"].values()
    )


def test_capabilities() -> None:
    """genl ctrl list: ethtool's command 3 has 0x1a: GENL_UNS_ADMIN_PERM, do, policy."""
    operations = list(attrs(about("nlctrl.pcap", "ethtool"))["CTRL_ATTR_OPS"].values())

    assert ["GENL_CMD_CAP_DO", "GENL_CMD_CAP_HASPOL", "GENL_UNS_ADMIN_PERM"] == next(
        one["CTRL_ATTR_OP_FLAGS"] for one in operations if one["CTRL_ATTR_OP_ID"] == 3
    )


def test_requests() -> None:
    """genl ctrl get name nlctrl, get id 0x10, get name nosuch (fails)."""
    asked = requests("nlctrl.pcap", "nlctrl")

    assert {"CTRL_CMD_GETFAMILY"} == {value(one, "cmd") for one in asked}
    assert NLM_F_DUMP == asked[0].flags & NLM_F_DUMP
    assert [{"CTRL_ATTR_FAMILY_NAME": "nlctrl"}, {"CTRL_ATTR_FAMILY_ID": 16}, {"CTRL_ATTR_FAMILY_NAME": "nosuch"}] == [
        attrs(one) for one in asked[1:]
    ]
    (failed,) = messages("nlctrl.pcap", "NLMSG_ERROR", error="ENOENT")
    assert "nosuch" == failed.find("request").value.find("CTRL_ATTR_FAMILY_NAME").value  # type: ignore[union-attr]


def test_families_come_and_go() -> None:
    """modprobe tipc, modprobe -r tipc while genl ctrl monitor listens."""
    told = messages("nlctrl.pcap", "nlctrl", "notification")

    assert [("NEW", "TIPCv2"), ("NEW", "TIPC"), ("DEL", "TIPC"), ("DEL", "TIPCv2")] == [
        (value(one, "cmd")[9:12], value(one, "CTRL_ATTR_FAMILY_NAME")) for one in told
    ]
    assert [8, 8] == [value(one, "CTRL_ATTR_HDRSIZE") for one in told if value(one, "CTRL_ATTR_FAMILY_NAME") == "TIPC"]


def test_policy() -> None:
    """genl ctrl policy name fou, name nlctrl: what they printed."""
    printed = []
    for message in messages("genl_policy.pcap", "nlctrl", "to user"):
        found = attrs(message)
        for operation, policies in found.get("CTRL_ATTR_OP_POLICY", {}).items():
            printed.append(f"op {operation.split('[')[1]} " + " ".join(f"{k[17:]}={v}" for k, v in policies.items()))
        for policy in found.get("CTRL_ATTR_POLICY", {}).values():
            printed += [f"{name[16:]} {limits(rule)}" for name, rule in policy.items()]

    assert [
        "op 1] DO=0",
        "op 2] DO=0",
        "op 3] DO=0",
        "[0][1] U16 [0,65535]",
        "[0][2] U8 [0,255]",
        "[0][3] U8 [1,255]",
        "[0][4] U8 [0,255]",
        "[0][5] FLAG",
        "[0][6] U32 [0,4294967295]",
        "[0][8] U32 [0,4294967295]",
        "[0][10] U16 [0,65535]",
        "[0][11] S32 [-2147483648,2147483647]",
        "op 3] DO=0 DUMP=0",
        "op 10] DUMP=1",
        "[0][1] U16 [0,65535]",
        "[0][2] NUL_STRING max len:15",
        "[1][1] U16 [0,65535]",
        "[1][2] NUL_STRING max len:15",
        "[1][10] U32 [0,4294967295]",
    ] == printed


def limits(rule: dict[str, Any]) -> str:
    """A policy's type and range as genl(8) prints them."""
    short = {name.removeprefix("NL_POLICY_TYPE_ATTR_"): number for name, number in rule.items()}
    text = str(short["TYPE"].removeprefix("NL_ATTR_TYPE_"))
    for sign in "US":
        if f"MIN_VALUE_{sign}" in short:
            text += f" [{short[f'MIN_VALUE_{sign}']},{short[f'MAX_VALUE_{sign}']}]"
    return text + (f" max len:{short['MAX_LENGTH']}" if "MAX_LENGTH" in short else "")


def test_summary() -> None:
    assert "nlctrl id 0x10 version 2 hdrsize 0 maxattr 0 ops 2 groups 1" == line(about("nlctrl.pcap", "nlctrl"))
    lines = [line(one) for one in messages("genl_policy.pcap", "nlctrl", "to user")]
    assert "id 0x10 policy of do 0 policy of dump 0" in lines
    assert "id 0x10 policy nul_string at most 15 bytes" in lines
    assert "id 0x10 policy u32 0..4294967295" in lines


def test_everything_is_described() -> None:
    assert [] == undecoded("nlctrl.pcap") == undecoded("genl_policy.pcap")


def test_scapy_builds_a_request() -> None:
    """The bytes of genl ctrl get name nlctrl, sequence number and port aside."""
    (real,) = [
        one for one in packets("nlctrl.pcap", nlctrl)[:-1] if bytes(one) == bytes(CTRL_ATTR.FAMILY_NAME("nlctrl"))
    ]
    request = nlmon(sll_protocol=NETLINK_GENERIC) / b""
    request.messages = [
        nlmsghdr(nlmsg_type=0x10, nlmsg_flags="NLM_F_REQUEST|NLM_F_ACK")
        / genlmsghdr(cmd=3, version=1)
        / nlctrl(attrs=[CTRL_ATTR.FAMILY_NAME("nlctrl")])
    ]

    assert bytes(real) == bytes(request)[36:]
    assert (32).to_bytes(4, "little") == bytes(request)[16:20]


def test_scapy_finds_rows() -> None:
    (first, *_) = [one for one in packets("nlctrl.pcap", nlctrl) if CTRL_ATTR_OP.FLAGS in one]

    assert "nlctrl" == first[CTRL_ATTR.FAMILY_NAME].value
    assert 3 == first[CTRL_ATTR_OP.ID].value
    assert "GENL_CMD_CAP_DO|GENL_CMD_CAP_DUMP|GENL_CMD_CAP_HASPOL" == first[CTRL_ATTR_OP.FLAGS].shown
