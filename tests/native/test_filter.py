"""Filters before the native core: byte for byte what the message engine prints of what they let through."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from nldissect.filters import compile_filter
from nldissect.render.native.filter_program import stored_filter_program
from tests.helpers import pcap_bytes as files
from tests.helpers.large_captures import (
    COOKED,
    FORMS,
    Run,
    family,
    generic,
    link,
    message,
    of_interfaces,
    repeated,
    route,
    same,
    written,
)
from tests.helpers.mutants import damaged
from tests.helpers.own_frames import beside_own
from tests.helpers.paths import CAPTURES
from tests.helpers.sizes import SetSizes

LEFT = [
    "sll_pkttype == PACKET_KERNEL",
    "nlmsg_seq == nlmsg_pid or nlmsg_pid == 0",
    'IFLA_IFNAME matches "^(br|veth)[0-9]+"',
    "notes",
    'notes.severity == "warning"',
    'expert.severity == "error"',
    'summary contains "dev "',
    "exchange.request",
    "exchange.result > 0",
    "exchange.latency > 100us",
    "event.copies > 1",
    "process.pid > 0",
    "UEVENT or frame.interface",
]
"""Filters that the core does not decide: columns do, or the message engine."""
FILTERS = [
    "frame.number > 3 and frame.number < 3000",
    "frame.time_relative > 1ms",
    "frame.time > 5s or frame.time_relative in {0s..300us}",
    "frame.len > 200 and frame.cap_len > 200",
    "message.number == 2",
    "protocol == NETLINK_GENERIC",
    "protocol in {NETLINK_ROUTE, NETLINK_NETFILTER}",
    'direction == "to kernel"',
    'direction == "notification" and not error',
    "nlmsg_type == RTM_NEWROUTE",
    "nlmsg_type in {RTM_NEWLINK, RTM_DELLINK}",
    "nlmsg_flags & NLM_F_DUMP",
    "nlmsg_len > 40",
    'genlmsghdr.family == "nl80211"',
    "genlmsghdr.cmd == CTRL_CMD_GETFAMILY",
    'genlmsghdr.family[0:1] == "n" or direction[0:2] == "to"',
    'ifinfomsg.ifi_index == 2 and IFLA_LINKINFO.IFLA_INFO_KIND != "veth"',
    "RTA_METRICS.RTAX_MTU or nlmsghdr and not genlmsghdr",
    "error in {1..20, 95} or ifi_family < 3",
    "ETHTOOL_A_HEADER_DEV_NAME",
    'IFLA_IFNAME == "lo"',
    'IFLA_IFNAME contains "eth" or IFLA_IFNAME matches "^br[0-9]"',
    "IFLA_MTU > 1400",
    "IFLA_MTU != 1500",
    "ifi_index == 2",
    "ifi_flags & IFF_UP",
    "RTA_DST in 10.0.0.0/8",
    "IFA_ADDRESS in 127.0.0.0/8",
    "IFLA_ADDRESS[0:2] == 02:00",
    'TCA_KIND == "htb"',
    'NFTA_EXPR_NAME == "cmp"',
    "error",
    "error == EEXIST",
    "extack",
    'extack contains "invalid"',
    "not (error or extack)",
    "ifi_family == AF_UNSPEC and ifi_type == 1 or rtm_table > 200",
    *LEFT,
]


def test_most_are_decided_by_the_core(library: str) -> None:
    assert [one for one in FILTERS if one not in LEFT] == [
        one for one in FILTERS if stored_filter_program(one, library)
    ]


@pytest.mark.parametrize("place", range(len(FILTERS)), ids=FILTERS)
def test_filters(place: int, run: Run, beginnings: Path, sizes: SetSizes) -> None:
    """Each in one of the forms; names, families and requests come from windows before."""
    compile_filter(FILTERS[place])
    sizes(native_window=(4096, 1 << 16, 1 << 20)[place % 3])
    same(run, beginnings, "-Y", FILTERS[place], *list(FORMS.values())[place % len(FORMS)])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("options", ["", "-c 7", "-c 100000", "-t d", "-t a", "-t e", "--show-secrets"])
def test_counts_and_times(options: str, form: str, run: Run, tmp_path: Path) -> None:
    """Times count from the first frame, and from the one before, whether these are shown or not."""
    large = repeated(CAPTURES / "tour.pcap", tmp_path / "large.pcap", 2)
    for wanted in ("nlmsg_type == RTM_NEWLINK", "frame.number > 300", "IFLA_MTU > 1500"):
        assert same(run, large, *FORMS[form], "-Y", wanted, *options.split())


@pytest.mark.parametrize("name", ["ack_layouts", "errors", "missing_attribute", "refusals"])
def test_refusals_are_explained(name: str, run: Run, sizes: SetSizes) -> None:
    """Below the line of each, where the filter asks for errors: by requests of windows before, too."""
    sizes(native_window=4096)
    path = CAPTURES / f"{name}.pcap"
    assert b"\n          --> " in same(run, path, "-Y", "error")
    same(run, path, "-Y", "extack or error == 0")
    same(run, path, "-Y", "error", "-V")


@pytest.mark.parametrize("form", FORMS)
def test_some_messages_of_a_frame(form: str, run: Run, tmp_path: Path) -> None:
    """The first, one amid, the last with bytes that trail, all of them, none; frames without any."""
    three = route(2, 1) + route(3, 2)[16:] + route(4, 3)[16:]
    frames = [three + bytes(6), COOKED, three + b"\1\2\3", three, COOKED + b"\1\2", generic(family(0x23, b"netdev"))]
    path = written(tmp_path / "three.pcap", frames)
    for wanted in (
        "RTA_OIF == 2",
        "RTA_OIF == 3",
        "RTA_OIF == 4",
        "RTA_OIF != 3",
        "RTA_OIF",
        "frame.len < 20",
        "error",
    ):
        same(run, path, "-Y", wanted, *FORMS[form])
        same(run, path, "-Y", wanted, "-c", "2", *FORMS[form])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("own", [[], ["--own"]])
def test_what_the_capture_itself_sent(own: list[str], form: str, run: Run, tmp_path: Path) -> None:
    """Of an own frame before which something was lost the first message, if the filter lets it through."""
    path = beside_own(tmp_path / "own.pcapng")
    for wanted in ("nlmsg_len > 0", "message.number == 2", 'expert.kind == "lost"'):
        same(run, path, "-Y", wanted, *own, *FORMS[form])


@pytest.mark.parametrize("form", FORMS)
def test_several_interfaces(form: str, run: Run, tmp_path: Path) -> None:
    path = of_interfaces(tmp_path / "several.pcapng")
    for wanted in ('frame.interface == "other"', 'frame.comment == "here"', "frame.time_relative > 0.01s"):
        for mode in "rade":
            same(run, path, "-Y", wanted, "-t", mode, *FORMS[form])


def test_times_beyond_64_bits(run: Run, tmp_path: Path) -> None:
    """if_tsoffset moves them there."""
    blocks = [files.section(), files.described(options=files.option(14, struct.pack("<q", 1 << 34)))]
    blocks += [files.packet(link(2, b"eth%d" % place), files.SECONDS * 10**6 + place) for place in range(5)]
    path = tmp_path / "far.pcapng"
    path.write_bytes(b"".join(blocks))
    assert same(run, path, "-Y", "ifi_index == 2", "-T", "ndjson")
    for wanted in ("frame.time_relative > 1us", "frame.time > 3s", "not frame.time_relative < 2us and ifi_index"):
        assert same(run, path, "-Y", wanted)


def test_families_change_within_a_window(run: Run, tmp_path: Path) -> None:
    """One id is two families in turn; a filter asks for one of them."""
    asked = generic(message(0x23, 1, struct.pack("<BBxx", 1, 1)))
    first, other = generic(family(0x23, b"netdev")), generic(family(0x23, b"devlink"))
    path = written(tmp_path / "turns.pcap", [first, *[asked] * 5, other, *[asked] * 3, first, *[asked] * 4])
    assert 9 == same(run, path, "-Y", 'genlmsghdr.family == "netdev" and nlmsg_type != 16').count(b"NETDEV_CMD_DEV_GET")
    assert 3 == same(run, path, "-Y", "genlmsghdr.cmd == DEVLINK_CMD_GET").count(b"DEVLINK_CMD_GET")


@pytest.mark.parametrize("form", FORMS)
def test_pipe(form: str, library: str, tmp_path: Path) -> None:
    data = (CAPTURES / "tour.pcap").read_bytes() * 1
    outs = []
    for native in ("0", library):
        command = [sys.executable, "-m", "nldissect", "read", *FORMS[form], "-", "-Y", "IFLA_MTU > 1400"]
        environment = {**os.environ, "NLDISSECT_NATIVE": native}
        done = subprocess.run(command, input=data, capture_output=True, env=environment, check=True)
        outs.append(done.stdout + done.stderr)
    assert outs[0] == outs[1] != b""


@damaged
def test_damaged_frames(run: Run, tmp_path: Path, frames: list[bytes]) -> None:
    path = written(tmp_path / "damaged.pcap", frames)
    for form, wanted in (
        ("list", "nlmsg_len > 30 and notes"),
        ("ndjson", "not nlmsg_flags & NLM_F_ACK"),
        ("tree", "error"),
    ):
        same(run, path, *FORMS[form], "-Y", wanted)
