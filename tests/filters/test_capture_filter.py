"""Capture filters: what libpcap's arithmetic lets through is what the display filter says, frame by frame."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from nldissect.capfile import open_capture
from nldissect.cli import main
from nldissect.columns.fields.derived import MessageContext
from nldissect.errors import FilterError, NetlinkError
from nldissect.filters import compile_filter
from nldissect.filters.capture_filter import compile_capture_filter
from nldissect.wire import Context, walk
from tests.helpers.paths import CAPTURES

pcapy = pytest.importorskip("pcapy")

WORDS = "protocol, family, type, command, flags, error, port, seq, nlmsg_len, len"
FILES = (
    "tour",
    "errors",
    "ethtool",
    "vlan_add",
    "nlctrl",
    "usersock",
    "conntrack",
    "xfrm",
    "sock_diag",
    "lone_headers",
)

# A capture filter, and the display filter that asks the same of a first message.
PAIRS = [
    ("protocol route", "protocol == NETLINK_ROUTE"),
    ("protocol NETLINK_GENERIC or protocol nfnetlink", "protocol in {NETLINK_GENERIC, NETLINK_NETFILTER}"),
    ("not protocol 0", "not protocol == 0"),
    ("type RTM_NEWLINK", "nlmsg_type == RTM_NEWLINK"),
    ("type != RTM_NEWLINK", "not nlmsg_type == RTM_NEWLINK"),
    ("type newaddr", "nlmsg_type == RTM_NEWADDR"),
    ("type 20", "nlmsg_type == 20"),
    ("type NLMSG_ERROR", "nlmsg_type == NLMSG_ERROR"),
    ("type SOCK_DIAG_BY_FAMILY", "nlmsg_type == SOCK_DIAG_BY_FAMILY"),
    ("family ethtool", 'genlmsghdr.family == "ethtool"'),
    ("family nlctrl and flags request", 'genlmsghdr.family == "nlctrl" and nlmsg_flags & NLM_F_REQUEST'),
    ("command CTRL_CMD_GETFAMILY", "genlmsghdr.cmd == CTRL_CMD_GETFAMILY"),
    ("command ETHTOOL_MSG_LINKINFO_GET", "genlmsghdr.cmd == ETHTOOL_MSG_LINKINFO_GET"),
    ("command ETHTOOL_MSG_LINKINFO_GET_REPLY", "genlmsghdr.cmd == ETHTOOL_MSG_LINKINFO_GET_REPLY"),
    ("command 3", "genlmsghdr.cmd == 3"),
    ("flags request", "nlmsg_flags & NLM_F_REQUEST"),
    ("flags request|multi", "nlmsg_flags & NLM_F_REQUEST|NLM_F_MULTI"),
    ("flags ack and not flags echo", "nlmsg_flags & NLM_F_ACK and not nlmsg_flags & NLM_F_ECHO"),
    ("flags 0x300", "nlmsg_flags & 0x100 and nlmsg_flags & 0x200"),
    ("port 0", "nlmsg_pid == 0"),
    ("port > 1000", "nlmsg_pid > 1000"),
    ("not port 0 and port < 1000000", "nlmsg_pid != 0 and nlmsg_pid < 1000000"),
    ("seq 0", "nlmsg_seq == 0"),
    ("seq >= 1700000000", "nlmsg_seq >= 1700000000"),
    ("len > 100", "frame.len > 100"),
    ("len <= 52", "frame.len <= 52"),
    ("len == 48 or len >= 1000", "frame.len == 48 or frame.len >= 1000"),
    ("len > 4", "frame.len > 4"),
    ("len < 4", "frame.len < 4"),
    ("nlmsg_len > 1000", "nlmsg_len > 1000"),
    ("nlmsg_len != 36", "nlmsg_len != 36"),
    ("error", "error"),
    ("not error", "not error"),
    ("error EINVAL", "error == EINVAL"),
    ("error == 34 or error enodev", "error == 34 or error == ENODEV"),
    ("(type RTM_GETLINK or type RTM_GETADDR) and flags dump and not (port 1 or seq 2)",
     "nlmsg_type in {RTM_GETLINK, RTM_GETADDR} and nlmsg_flags & 0x100 and nlmsg_flags & 0x200 and not (nlmsg_pid == 1 "
     "or nlmsg_seq == 2)"),
    ("nlmsg_type == RTM_NEWROUTE && !nlmsg_flags & NLM_F_MULTI",
     "nlmsg_type == RTM_NEWROUTE and not nlmsg_flags & NLM_F_MULTI"),
]  # fmt: skip


class Frames:
    """Frames of several captures with what the display filter is asked about each first message."""

    def __init__(self) -> None:
        self.names: dict[str, dict[str, int]] = {}
        self.found: list[tuple[str, bytes, MessageContext]] = []
        for name in FILES:
            path = CAPTURES / f"{name}.pcap"
            if not path.exists():
                continue
            context = Context()
            with open_capture(path) as reader:
                for record in reader:
                    frame = walk(record.data, context, wire_length=record.wire_length)
                    first = frame.messages[0] if frame.messages else None
                    self.found.append((name, record.data, MessageContext(record.number, record, frame, first)))
            self.names[name] = {family: number for number, family in context.names["genl"].items()}


@pytest.fixture(scope="module")
def frames() -> Frames:
    return Frames()


def known(name: str, frames: Frames) -> Callable[[str], int]:
    """The ids of a capture's own host; of others a number that its messages do not have."""
    return lambda family: frames.names[name].get(family, 0xFFF0)


@pytest.mark.parametrize(("words", "shown"), PAIRS, ids=[words for words, _ in PAIRS])
def test_the_same_as_the_display_filter(frames: Frames, words: str, shown: str) -> None:
    holds = compile_filter(shown).holds
    wrong = []
    seen = set()
    for name in frames.names:
        text = compile_capture_filter(words, known(name, frames), order="little", cooked=True)
        program = pcapy.compile(253, 262144, text, 1, 0)
        for where, data, situation in frames.found:
            if where == name:
                passed = program.filter(data) != 0
                seen.add(passed)
                if passed != holds(situation):
                    wrong.append((name, situation.number, passed))
    assert [] == wrong
    assert seen == ({True, False} if words not in ("len > 4", "len < 4") else {words == "len > 4"})


def test_what_is_short_is_refused_by_no_load_beyond_its_end() -> None:
    """A frame of 20 bytes, and one that ends with nlmsghdr: "not" holds for both."""
    cooked = struct.pack(">HHH8xH", 4, 824, 0, 16)
    text = compile_capture_filter("not command 3 and not error and not type 5 and not port 7", int, cooked=True)
    program = pcapy.compile(253, 262144, text, 1, 0)
    header = struct.pack("=IHHII", 16, 28, 1, 1, 0)
    assert program.filter(cooked + b"abcd") and program.filter(cooked + header)
    assert not program.filter(cooked + struct.pack("=IHHII", 20, 28, 1, 1, 0) + b"\3\1\0\0")


def test_byte_orders() -> None:
    """A header packed as either host has it: the bytes are the ones asked for."""
    for order, sign in (("little", "<"), ("big", ">")):
        cooked = struct.pack(">HHH8xH", 4, 824, 0, 0)
        frame = cooked + struct.pack(sign + "IHHII", 1000, 16, 0x0301, 70000, 754) + bytes(984)
        for text, wanted in [
            ("type RTM_NEWLINK", True), ("port 754", True), ("port < 755", True), ("port > 754", False),
            ("seq > 69999 and seq < 70001", True), ("flags request", True), ("flags multi", False),
            ("nlmsg_len > 999", True), ("nlmsg_len >= 1001", False), ("flags dump", True),
        ]:  # fmt: skip
            compiled = compile_capture_filter(text, int, order=order, cooked=True)
            program = pcapy.compile(253, 262144, compiled, 1, 0)
            assert (program.filter(frame) != 0) is wanted, (order, text)


MISTAKES = [
    ("host 10.0.0.1", "no packets of a network", "^^^^"),
    ("not tcp port 80", "no packets of a network", "    ^^^"),
    ("inbound", 'flags request" is what goes to the kernel', "^^^^^^^"),
    ("link[14:2] == 16", 'stands behind "pcap:", like pcap:link[14:2]==16', "^^^^"),
    ("prtocol route", 'did you mean "protocol"?', "^^^^^^^"),
    ("protocol rout", 'did you mean "route"?', "         ^^^^"),
    ("protocol uevent", "never reaches an nlmon device; listen to its groups with -g", "         ^^^^^^"),
    ("type RTM_NEWLNK", 'did you mean "RTM_NEWLINK"?', "     ^^^^^^^^^^"),
    ("RTM_NEWLINK", "write type RTM_NEWLINK", "^^^^^^^^^^^"),
    ("IFLA_MTU > 1500", "sees a frame's first header only, not IFLA_MTU", "^^^^^^^^"),
    ("process.name == ip", "knows no processes", "^^^^^^^^^^^^"),
    ("flags reqest", 'did you mean "request"', "      ^^^^^^"),
    ("port ssh", "asked for a number, like port == 100", "     ^^^"),
    ("seq 0x100000000", "does not fit into 32 bits", "    ^^^^^^^^^^^"),
    ("error EINVAAL", 'did you mean "EINVAL"?', "      ^^^^^^^"),
    ("family ethtol", 'no generic family "ethtol"; did you mean "ethtool"?', "       ^^^^^^"),
    ("type", "is missing: type NAME", "    ^"),
    ("(port 4", 'this "(" is never closed', "^"),
    ("port 4)", 'no "(" stands before this ")"', "      ^"),
    ("port 4 port 5", '"and" or "or" is missing', "       ^^^^"),
    ("port 4 and", "a test is missing at the end", "          ^"),
    ("", "the capture filter is empty", "^"),
    ("type = 4", 'write "=="', "     ^"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said", "mark"), MISTAKES, ids=[text for text, _, _ in MISTAKES])
def test_mistakes(text: str, said: str, mark: str) -> None:
    def family(name: str) -> int:
        raise NetlinkError(f'this kernel has no generic family "{name}"; did you mean "ethtool"?', 2)

    with pytest.raises(FilterError) as caught:
        compile_capture_filter(text, family)
    first, line, place = str(caught.value).split("\n")
    assert said in first
    assert f"  {text}" == line and f"  {mark}" == place


EXACT_MISTAKES = [
    ("  (", "a test is missing at the end", "   ^"),
    ("(", "a test is missing at the end", " ^"),
    ("not", "a test is missing at the end", "   ^"),
    ("and port 4", 'no capture filter knows "and"; did you mean "command"?', "^^^"),
    ("port 4 and )", f'no capture filter knows ")"; it asks for {WORDS}', "           ^"),
    ("((port 4)", 'this "(" is never closed', "^"),
    ("port 4 (port 5)", '"and" or "or" is missing before this', "       ^"),
    ("port 4 not port 5", '"and" or "or" is missing before this', "       ^^^"),
    ("error (", '"and" or "or" is missing before this', "      ^"),
    ("type 4|5", '"and" or "or" is missing before this', "      ^"),
    ("port 4 [0:2]", "libpcap's own language stands behind \"pcap:\", like pcap:link[14:2]==16", "       ^^^^^"),
    ("type[0:2] == 4", 'what "type" is asked for is missing: type NAME', "    ^^^^^"),
    ("type ==", 'what "type" is asked for is missing: type NAME', "       ^"),
    ("type in {1,2}", 'what "type" is asked for is missing: type NAME', "     ^^"),
    ("type contains x", 'what "type" is asked for is missing: type NAME', "     ^^^^^^^^"),
    ('type "4"', 'what "type" is asked for is missing: type NAME', "     ^^^"),
    ('protocol "route"', 'what "protocol" is asked for is missing: protocol NAME', "         ^^^^^^^"),
    ("flags &", 'what "flags" is asked for is missing: flags NAME', "       ^"),
    ("flags |dump", 'what "flags" is asked for is missing: flags NAME', "      ^"),
    ("error ==", 'what "error" is asked for is missing: error NAME', "        ^"),
    ("type & 4", '"type" is asked by name: type NAME', "     ^"),
    ("error & 4", '"error" is asked by name: error NAME', "      ^"),
    ("flags == dump", '"flags" is asked by name: flags NAME', "      ^^"),
    ("flags ack|", 'no flag is called ""', "          ^"),
    ("flags dump|)", 'no flag is called ")"', "           ^"),
    ("flags dump||ack",
     "the kernel's filter sees a frame's first header only, not ack; -Y \"ack ...\" shows by it",
     "            ^^^"),
    ("flags 0", "flags are bits of 16", "      ^"),
    ("flags 0x10000", "flags are bits of 16", "      ^^^^^^^"),
    ("error 0", "errors are numbers from 1 on", "      ^"),
    ("port (", '"port" is asked for a number, like port == 100', "     ^"),
    ("port gt 4", '"port" is asked for a number, like port == 100', "     ^^"),
    ("port <> 4", '"port" is asked for a number, like port < 100', "      ^"),
    ("port 1.5", '"port" is asked for a number, like port == 100', "     ^^^"),
    ("seq -1", "the number does not fit into 32 bits", "    ^^"),
    ("family 65536", "an id has 16 bits", "       ^^^^^"),
    ("type 65536", "a type has 16 bits", "     ^^^^^"),
    ("command 256", "a command has 8 bits", "        ^^^"),
    ("nosuch.field", f'no capture filter knows "nosuch.field"; it asks for {WORDS}', "^^^^^^^^^^^^"),
    ("frame.time > 4",
     "the kernel's filter sees a frame's first header only, not frame.time; -Y \"frame.time ...\" shows by it",
     "^^^^^^^^^^"),
    ('direction == "to kernel"',
     'an nlmon device does not tell directions; "flags request" is what goes to the kernel',
     "^^^^^^^^^"),
    ("CTRL_CMD_GETFAMILY",
     '"CTRL_CMD_GETFAMILY" alone asks nothing; write command CTRL_CMD_GETFAMILY',
     "^^^^^^^^^^^^^^^^^^"),
    ("tcp and",
     "netlink messages are no packets of a network; they have protocol, type, family, port (the port id), ...",
     "^^^"),
    ("typ 4 and", 'no capture filter knows "typ"; did you mean "type"?', "^^^"),
    ("RTM_NEWLINK and (", '"RTM_NEWLINK" alone asks nothing; write type RTM_NEWLINK', "^^^^^^^^^^^"),
    ("(type nosuchx and", 'no type is called "nosuchx"', "      ^^^^^^^"),
    ("port 4 and IFLA_MTU == 4 and (",
     "the kernel's filter sees a frame's first header only, not IFLA_MTU; -Y \"IFLA_MTU ...\" shows by it",
     "           ^^^^^^^^"),
]  # fmt: skip
"""The whole message of each form of mistake, and of two in one text the first."""


@pytest.mark.parametrize(("text", "message", "mark"), EXACT_MISTAKES, ids=[text for text, _, _ in EXACT_MISTAKES])
def test_the_whole_message_of_every_form_of_mistake(text: str, message: str, mark: str) -> None:
    with pytest.raises(FilterError) as caught:
        compile_capture_filter(text, int)
    assert f"{message}\n  {text}\n  {mark}" == str(caught.value)


SAME = [
    ("type == 16", "type 16"),
    ("TYPE 16", "type 16"),
    ("nlmsg_type 0x10", "type 16"),
    ("type != 16", "not type 16"),
    ("proto route", "protocol NETLINK_ROUTE"),
    ("pid == 754", "port 754"),
    ("nlmsg_pid 754", "port 754"),
    ("port -5", "port 4294967291"),
    ("seq == 7", "nlmsg_seq 7"),
    ("frame.len >= 100", "len >= 100"),
    ("cmd 3", "genlmsghdr.cmd == 3"),
    ("genlmsghdr.family 21", "family 21"),
    ("flags & request|multi", "nlmsg_flags request | multi"),
    ("flags request|request", "flags request"),
    ("error EINVAL", "error == 22"),
    ("error != einval", "not error 22"),
    ("port 1 && !port 2 || seq 3", "(port 1 and (not port 2)) or seq 3"),
    ("((port 1))", "port 1"),
    ("not not port 1", "port 1"),
    ("not ! not port 1", "not port 1"),
]


@pytest.mark.parametrize(("text", "other"), SAME, ids=[text for text, _ in SAME])
def test_two_ways_to_write_one_filter(text: str, other: str) -> None:
    assert compile_capture_filter(text, int) == compile_capture_filter(other, int)


def test_raw_text_and_what_only_groups_show() -> None:
    assert "link[14:2] == 16" == compile_capture_filter("pcap: link[14:2] == 16", int)
    assert "link[14:2] == 15" == compile_capture_filter("protocol uevent", int, tapped=False)
    assert "(len > 84)" == compile_capture_filter("len > 100", int)  # the kernel counts without the cooked header


def test_the_command_refuses_before_it_makes_a_device(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["capture", "-f", "tcp"]) == 2
    assert capsys.readouterr().err.startswith("nldissect: netlink messages are no packets of a network")


def test_in_the_real_kernel(kernel: ModuleType, tmp_path: Path) -> None:
    """Each filter on a socket of its own, at once, over the same traffic as one without a filter."""
    words = [
        "type RTM_NEWLINK", "flags request", "protocol sock_diag", "len > 100", "len <= 52", "len < 10", "not error",
        "error", "port 0 and seq > 0", "family nlctrl", "command CTRL_CMD_GETFAMILY", "nlmsg_len >= 1000",
        "not (type RTM_NEWLINK or type RTM_GETLINK) and not flags multi",
    ]  # fmt: skip
    texts = [compile_capture_filter(one, lambda name: 16) for one in words]
    whole = [compile_capture_filter(one, lambda name: 16, cooked=True) for one in words]
    program = f"""
import os, pcapy, subprocess, time
texts = {texts!r}
os.system("ip link add nlmon0 type nlmon && ip link set nlmon0 up")
def opened(text):
    handle = pcapy.create("nlmon0")
    handle.set_snaplen(262144)
    handle.set_buffer_size(4 << 20)
    handle.set_timeout(10)
    assert handle.activate() >= 0
    handle.setnonblock(1)
    if text:
        handle.setfilter(text)
    return handle
handles = [opened(text) for text in ["", *texts]]
os.system("ip link add d0 type dummy; ip link add d0 type dummy; ip -d link; ip addr; ss -f netlink; genl ctrl list; "
          "ip link set lo mtu 1; ip route show table all; ip link del d0")
got = [[] for _ in handles]
end = time.monotonic() + 60
last = time.monotonic()
while time.monotonic() < min(end, last + 0.5):
    for place, handle in enumerate(handles):
        if handle.dispatch(1000, lambda header, data: got[place].append(data)) > 0:
            last = time.monotonic()
for frames in got:
    print("@", *[frame.hex() for frame in frames])
"""
    ran = kernel.run(program, interpreter=sys.executable)
    assert 0 == ran.status, ran.output
    lines = [line[2:].split() for line in ran.output.splitlines() if line.startswith("@")]
    everything, *filtered = [[bytes.fromhex(word) for word in line] for line in lines]
    assert len(everything) > 20
    for word, text, passed in zip(words, whole, filtered, strict=True):
        program_of = pcapy.compile(253, 262144, text, 1, 0)
        wanted = [frame for frame in everything if program_of.filter(frame)]
        assert wanted == passed, word
        assert passed or word == "len < 10" or "nlctrl" in word or "CTRL" in word, word
