"""Values against what strace makes of the same commands: every number, name and address it prints (tests/peers.py)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable

import pytest
from peers import Asked

from nldissect.wire import Text, Walked
from nldissect.wire.nodes import Node

VALUE = r'("(?:[^"\\]|\\.)*"|\w+\([^)]*\)|[^\[\]{},]+?)(?=[\],}])'
ATTRIBUTE = re.compile(r"nla_type=(?:NLA_F_NESTED\|)?(\w+)\}, " + VALUE)
FIELD = re.compile(r"[\[{ ]([a-z][a-z0-9]*_\w+)=" + VALUE)

EXEMPT = {
    "FRA_SUPPRESS_PREFIXLEN": "-1 where nothing is suppressed: strace prints it without sign",
    "idiag_src": "strace puts the name of an IPv6 address elsewhere",
    "idiag_dst": "strace puts the name of an IPv6 address elsewhere",
}


def by_name(messages: list[Walked]) -> dict[str, list[Node]]:
    """Every value of some messages by its name, in their order; but for strace's own questions about sockets."""
    found: dict[str, list[Node]] = defaultdict(list)

    def below(node: Node) -> None:
        if isinstance(node.value, Walked):
            return
        if node.kind.shape == "leaf":
            found[node.name].append(node)
        else:
            for inner in node.value:
                below(inner)

    for message in messages:
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
        return r"\x" in text or (isinstance(node.kind, Text) and text[1:-1] == value)
    if re.fullmatch(r"0[xX][0-9a-fA-F]+|-?\d+", text):
        return bool(value == int(text, 0) or text == told or value == text)
    if isinstance(told, list):
        return set(text.split("|")) == set(told) or (text.endswith("NONE") and not told)
    return bool(text == told)


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
        for name, text in pattern.findall(asked.printed):
            if name in found and not name.startswith(("nlmsg_", "nla_")):
                printed[name].append(text)
    wrong, right = [], 0
    for name, texts in printed.items():
        nodes = found[name]
        if len(texts) != len(nodes) and name not in EXEMPT:
            wrong.append(f"{name}: {len(texts)} times, {len(nodes)} for us")
        for text, node in zip(texts, nodes, strict=False):
            if agree(text, node, indexes):
                right += 1
            elif name not in EXEMPT:
                wrong.append(f"{name}: {text}, but {node.kind.json(node.value)} for us")
    with capsys.disabled():
        print(f"\n{right} values of {len(printed)} names agree with strace")
    assert [] == wrong
    assert len(printed) > 150
