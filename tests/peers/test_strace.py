"""Values against what strace makes of the same commands: every number, name and address it prints."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nldissect.render.json_objects import frame_objects
from nldissect.render.json_text import encode
from nldissect.stream.frames import FrameStream
from nldissect.uapi import NLM_F_DUMP
from nldissect.wire import DecodedMessage, Text
from nldissect.wire.decode.nodes import Node
from nldissect.wire.protocol import NLM_F
from tests.helpers.peer_tools import Asked

VALUE = r'("(?:[^"\\]|\\.)*"|\w+\([^)]*\)|[^\[\]{},]+?)(?=[\],}])'
ATTRIBUTE = re.compile(r"nla_type=(?:NLA_F_NESTED\|)?(\w+)\}, " + VALUE)
FIELD = re.compile(r"[\[{ ]([a-z][a-z0-9]*_\w+)=" + VALUE)

HEADER = re.compile(r"nlmsg_len=(\d+), nlmsg_type=([^,]*), nlmsg_flags=([^,]*), nlmsg_seq=(\d+), nlmsg_pid=(-?\d+)\}")

UNNAMED = {"0xa10": "NFT_MSG_GETGEN"}
"""Types that strace gives as numbers, if the message is the first on its socket."""

EXEMPT = {
    "CTRL_ATTR_OP_ID": "requests; strace gives them the names that the numbers have in answers",
    "res_id": "strace leaves out what is behind a type that it does not name",
    "nfgen_family": "1 is NFPROTO_INET; strace calls it AF_UNIX",
    "FRA_SUPPRESS_PREFIXLEN": "-1 where nothing is suppressed: strace prints it without sign",
    "idiag_src": "strace puts the name of an IPv6 address elsewhere",
    "idiag_dst": "strace puts the name of an IPv6 address elsewhere",
}


def by_name(messages: list[DecodedMessage]) -> dict[str, list[Node]]:
    """Every value of some messages by its name, in their order, with requests that errors repeat; but for strace's own
    questions about sockets and generic families."""
    found: dict[str, list[Node]] = defaultdict(list)

    def below(node: Node) -> None:
        if isinstance(node.value, DecodedMessage):
            for layer in node.value.layers:
                below(layer)
        elif node.kind.shape == "leaf":
            found[node.name].append(node)
        else:
            for inner in node.value:
                below(inner)

    for message in messages:
        if message.family == "nlctrl" and message.flags & (NLM_F.MULTI | NLM_F_DUMP):
            continue
        for layer in message.layers:
            if not layer.name.startswith("netlink_diag"):
                below(layer)
    return found


def agree(text: str, node: Node, indexes: dict[str, int]) -> bool:
    """Whether strace's text is the value of a node; true also where strace prints bytes alone."""
    text = re.sub(r" /\*.*?\*/", "", text)
    text = re.sub(r"1<<TCP_", "TCPF_", re.sub(r"1<<\((\w+)-1\)", r"\1", text))
    value, told = node.value, node.kind.json(node.value)
    call = re.fullmatch(r"(\w+)\((.*)\)", text)
    if call is not None:
        words = [word.strip('"') for word in call[2].split(", ")]
        if call[1] == "if_nametoindex":
            return value == indexes[words[0]]
        text = words[-1]
    if text.startswith('"'):
        text = text.removesuffix("...")
        return r"\x" in text or (isinstance(node.kind, Text) and text[1:-1] == value)
    if re.fullmatch(r"0[xX][0-9a-fA-F]+|-?\d+", text):
        return bool(value == int(text, 0) or text == told or value == text)
    if isinstance(told, list):
        return set(text.split("|")) == set(told) or (text.endswith("NONE") and not told)
    return bool(text == told)


def calls(log: str) -> list[str]:
    """The calls of a log, without the bytes below them."""
    return [line for line in log.splitlines() if not line.startswith((" |", " *")) and "MSG_PEEK" not in line]


Header = tuple[int, str, frozenset[str], int, int]


def printed_headers(log: str) -> list[Header]:
    """Every nlmsghdr that strace prints, also in what errors repeat; padding that it takes for one is left out."""
    found = []
    for line in calls(log):
        for length, kind, flags, sequence, port in HEADER.findall(re.sub(r" /\*.*?\*/", "", line)):
            if int(length):
                names = re.sub(r"NLM_F_DUMP\b", "NLM_F_ROOT|NLM_F_MATCH", flags).split("|") if flags != "0" else []
                kind = UNNAMED.get(kind, kind.rpartition("<<8|")[2])
                found.append((int(length), kind, frozenset(names), int(sequence), int(port) & 0xFFFFFFFF))
    return found


def our_headers(item: dict[str, Any], families: dict[str, str]) -> list[Header]:
    """The same of one NDJSON object; generic messages by family, as strace has them."""
    kind = str(item["nlmsg_type"])
    layers = item.get("layers", {})
    if "genlmsghdr" in layers:
        kind = families.setdefault(kind, layers["genlmsghdr"]["family"])
    flags = frozenset(item["nlmsg_flags"])
    mine = item["nlmsg_len"], families.get(kind, kind), flags, item["nlmsg_seq"], item["nlmsg_pid"]
    inner = layers.get("nlmsgerr", {}).get("request")
    return [mine, *(our_headers(inner, families) if inner else [])]


def test_every_header_of_strace(about: Callable[[str], Asked], tmp_path: Path) -> None:
    """The same log read as a capture: every message in strace's order, what failed and why."""
    log = about("strace").printed
    (tmp_path / "log").write_text(log)
    capture = FrameStream(str(tmp_path / "log"))
    items = [
        json.loads(encode(one)) for seen in capture.frames() for one in frame_objects(seen, secrets=False)
    ]  # fmt: skip
    assert capture.finish() is None
    families: dict[str, str] = {}
    ours = [header for item in items for header in our_headers(item, families)]

    assert printed_headers(log) == ours
    told = [item["layers"]["nlmsgerr"] for item in items if "nlmsgerr" in item.get("layers", {})]
    assert re.findall(r"\{error=-?(\w+)", "\n".join(calls(log))) == [str(one["error"]) for one in told]
    words = re.findall(r'NLMSGERR_ATTR_MSG\}, "([^"]*)"', "\n".join(calls(log)))
    assert words == [word for one in told if (word := one.get("attrs", {}).get("NLMSGERR_ATTR_MSG"))]
    assert {"Unknown device type", "mtu less than device minimum", "Nexthop has invalid gateway"} <= set(words)


def test_every_value_of_strace(about: Callable[[str], Asked], capsys: pytest.CaptureFixture[str]) -> None:
    """ip, tc, bridge and ss one after the other under strace -v."""
    asked = about("strace")
    found = by_name(asked.walked)
    indexes = {
        name.value: index.value
        for message in asked.walked
        if (name := message.find("IFLA_IFNAME")) is not None and (index := message.find("ifi_index")) is not None
    }
    printed: dict[str, list[str]] = defaultdict(list)
    for pattern in (ATTRIBUTE, FIELD):
        for name, text in pattern.findall("\n".join(calls(asked.printed))):
            if name in found and not name.startswith(("nlmsg_", "nla_")):
                printed[name].append(text)
    wrong, right = [], 0
    for name, texts in printed.items():
        nodes = found[name]
        if len(texts) != len(nodes) and name not in EXEMPT:
            wrong.append(f"{name}: {len(texts)} times, {len(nodes)} for us")
        for text, node in zip(texts, nodes, strict=False):
            if (name, text, node.value) == ("ifi_type", "ARPHRD_NETROM", 0):
                continue  # of requests: nothing was set, whatever constant is 0
            if agree(text, node, indexes):
                right += 1
            elif name not in EXEMPT:
                wrong.append(f"{name}: {text}, but {node.kind.json(node.value)} for us")
    with capsys.disabled():
        print(f"\n{right} values of {len(printed)} names agree with strace")
    assert [] == wrong
    assert len(printed) > 150
