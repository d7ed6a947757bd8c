"""Capturing multicast groups: on this host's own kernel, as an ordinary user in a network of one's own."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from nldissect.capfile import open_capture
from nldissect.sockets.listen_groups import parse_groups
from tests.helpers.guest_capture import PRELUDE
from tests.helpers.paths import ROOT
from tests.helpers.skips import needs

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
PRELUDE += """
from nldissect.capture.group_source import GroupSpec, GroupSource
import socket, struct

LINK, ADDRESS = (0, 1, "route/link", True), (0, 5, "route/ipv4-ifaddr", True)
PRIVATE = (2, 5, "usersock/5", True)

def sender():
    one = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 2)
    one.bind((0, 0))
    return one

def send(one, number):
    try:
        one.sendto(struct.pack("=IHHIII", 20, 16, 0, 0, 0, number), (0, 1 << 4))
    except ConnectionRefusedError:
        pass                                # the kernel itself does not listen to USERSOCK

def number(data):
    return struct.unpack_from("=I", data, 32)[0]
"""


def alone(program: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a program, or with options a command, as root of new user and network namespaces."""
    needs("unshare", "ip")
    enter = ["unshare", "--user", "--map-root-user", "--net"]
    if subprocess.run([*enter, "true"], capture_output=True).returncode:
        pytest.skip("this host gives its users no namespaces of their own")
    command = [*options] if options else [sys.executable, "-c", f"{PRELUDE}\n{program}"]
    return subprocess.run([*enter, *command], capture_output=True, text=True, env=ENVIRONMENT)


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def told(program: str) -> Any:
    """What a program `told`."""
    ran = alone(f"told = {{}}\n{program}\nprint(json.dumps(told))")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


def test_messages_of_groups_are_captured() -> None:
    said = told("""
UEVENT = (15, 1, "uevent/kernel", True)
with CaptureProcess(CaptureConfig(groups=[ADDRESS, LINK, UEVENT], write="x.pcapng", filter="link[14:2] == 0")) as live:
    told["names"] = [live.device, live.sources, live.refused]
    begin = time.time_ns()
    sh("ip link set lo up; ip addr add 192.0.2.1/32 dev lo")
    live.stop()
    told["counts"] = counts(live)
    records = list(open_capture("x.pcapng"))
told["heads"] = sorted({record.data[:16].hex() for record in records})
told["types"] = [int.from_bytes(record.data[20:22], sys.byteorder) for record in records]
told["times"] = all(begin <= record.time <= time.time_ns() for record in records[-1:])
told["whole"] = all(len(record.data) == record.wire_length for record in records)
""")

    assert ["route/ipv4-ifaddr", "route/link", "uevent/kernel"] == said["names"][1]
    assert ", ".join(said["names"][1]) == said["names"][0]
    captured, received, dropped, error = said["counts"]
    assert (captured, 0, None) == (received, dropped, error)
    assert ["0002" + "0338" + "0000" + "00" * 8 + "0000"] == said["heads"]  # multicast, 824, NETLINK_ROUTE
    assert 16 in said["types"] and 20 in said["types"]  # RTM_NEWLINK, RTM_NEWADDR
    assert said["times"] and said["whole"]
    with open_capture("x.pcapng") as reader:
        frames = list(reader)
        names = [(one.name, one.description, one.filter) for one in reader.interfaces]
        counts = [(one.received, one.dropped) for one in reader.statistics]
    asked = "link[14:2] == 0"
    assert ("route", "multicast groups route/ipv4-ifaddr, route/link", asked) == names[0]
    assert ("uevent", "multicast groups uevent/kernel", asked) == names[1]
    assert {"route"} == {record.interface.name for record in frames}
    assert [(len(frames), 0), (0, 0)] == counts


def test_a_plain_pcap_says_the_same() -> None:
    said = told("""
with CaptureProcess(CaptureConfig(groups=[ADDRESS], write="x.pcap", snaplen=60)) as live:
    sh("ip link set lo up; ip addr add 192.0.2.1/32 dev lo")
    live.stop()
    told["preamble"], told["captured"] = live.preamble, live.result.captured
""")

    assert (0, 2) == (said["preamble"], said["captured"])  # that of lo itself is one
    with open_capture("x.pcap") as reader:
        *_, record = reader
    assert (60, 253) == (len(record.data), record.interface.linktype)
    assert record.wire_length > 60
    assert 20 == int.from_bytes(record.data[20:22], sys.byteorder)


def test_families_come_with_their_groups() -> None:
    said = told("""
with CaptureProcess(CaptureConfig(groups=[(16, 16, "generic/nlctrl/notify", True)], write="x.pcapng")) as live:
    live.stop()
    told["preamble"] = live.preamble
""")

    with open_capture("x.pcapng") as reader:
        records = list(reader)
        comments = reader.section_comments
    assert said["preamble"] == len(records) >= 2
    assert all(record.own for record in records)
    assert [7, 6] == [record.data[1] for record in records[:2]]  # PACKET_KERNEL, PACKET_USER
    assert b"nlctrl\0" in records[1].data
    assert any(text.startswith("nldissect: family 0x10 nlctrl") for text in comments)


def test_what_was_lost_stands_where_it_was_lost() -> None:
    """The queue is full after some messages, all others are dropped until it is empty: exactly then comes the next."""
    said = told("""
source = GroupSource([GroupSpec(*PRIVATE)])
source.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
one, found = sender(), []
take = lambda stamp, wire, data, origin=0, comments=(): found.append([number(data), list(comments)])
for begin in (0, 1000):
    for n in range(begin, begin + 1000):
        send(one, n)
    source.read(take)
send(one, 2000)
source.read(take)
told["found"], told["counts"] = found, source.counts()
""")

    found = said["found"]
    numbers = [number for number, _ in found]
    assert numbers == sorted(numbers) and 2000 == numbers[-1]
    jumps = {after: after - before - 1 for before, after in pairwise(numbers)}
    lost = {number: missing for number, missing in jumps.items() if missing}
    assert [1000, 2000] == list(lost)
    expected = [[f"nldissect: lost {lost[number]}"] if number in lost else [] for number in numbers]
    assert expected == [comments for _, comments in found]
    assert [2001, sum(lost.values())] == said["counts"]


def test_a_message_that_is_too_long_is_cut_and_says_so() -> None:
    said = told("""
from nldissect.sizes import SIZES
SIZES.group_message = 4096
source, one = GroupSource([GroupSpec(*PRIVATE)]), sender()
found = []
for size in (4096, 8000):
    try:
        one.sendto(struct.pack("=IHHII", size, 16, 0, 0, 0) + bytes(size - 16), (0, 1 << 4))
    except ConnectionRefusedError:
        pass
source.read(lambda stamp, wire, data, origin=0, comments=(): found.append([wire, len(data)]))
told["found"] = found
""")

    assert [[4096 + 16, 4096 + 16], [8000 + 16, 4096 + 16]] == said["found"]


FLOOD = """
with CaptureProcess(CaptureConfig(groups=[PRIVATE], write=NAME, buffer_mib=1)) as live:
    mine = [str(os.getpid())]               # others may capture on this host as well
    (capture,) = [pid for pid in named("nldissect-live") if status(pid)["PPid"] == mine]
    one = sender()
    os.kill(capture, signal.SIGSTOP)
    for n in range(6000):
        send(one, n)
    os.kill(capture, signal.SIGCONT)
    until(lambda: live.progress.captured + live.progress.dropped == 6000)
    send(one, 6000)
    live.stop()
    told["counts"] = counts(live)
"""


def test_what_was_lost_is_in_the_file() -> None:
    said = told(FLOOD.replace("NAME", "'x.pcapng'"))

    captured, received, dropped, error = said["counts"]
    assert (6001, None) == (received, error)
    assert captured + dropped == received and dropped > 0
    with open_capture("x.pcapng") as reader:
        records = list(reader)
        counted = [(one.received, one.dropped) for one in reader.statistics]
    numbers = [int.from_bytes(record.data[32:36], sys.byteorder) for record in records]
    assert [*range(captured - 1), 6000] == numbers  # nothing invented
    assert [()] * (captured - 1) + [(f"nldissect: lost {dropped}",)] == [record.comments for record in records]
    assert [(received, dropped)] == counted


def test_what_waits_at_the_end_is_captured() -> None:
    """More than is read at once."""
    said = told("""
with CaptureProcess(CaptureConfig(groups=[PRIVATE], write="x.pcap")) as live:
    one = sender()
    os.kill(live._pid, signal.SIGSTOP)
    for n in range(2100):
        send(one, n)
    live.stop()
    os.kill(live._pid, signal.SIGCONT)
    told["counts"] = counts(live)
""")

    captured, received, dropped, error = said["counts"]
    assert (2100, None) == (received, error)
    assert captured + dropped == received  # where net.core.rmem_max is small
    assert captured > 100
    with open_capture("x.pcap") as reader:
        numbers = [int.from_bytes(record.data[32:36], sys.byteorder) for record in reader]
    assert [*range(captured)] == numbers


def test_what_can_not_be_joined() -> None:
    said = told("""
needed = [(0, 200, "route/200"), (9, 1, "audit/readlog"), (31, 1, "31/1"), (11, 1, "connector/proc")]
told["refused"] = [refused(groups=[(*one, True)]) for one in needed]
others = [(0, 200, "route/200", False), (31, 1, "31/1", False), (9, 1, "audit/readlog", False)]
with CaptureProcess(CaptureConfig(groups=[*others, LINK])) as live:
    told["joined"] = [live.sources, live.refused]
""")

    route, audit, absent, processes = said["refused"]
    assert "CaptureError: this kernel has no group route/200; -g route takes those it has" == route
    assert (
        audit == "CaptureError: listening to audit/readlog needs CAP_AUDIT_READ in the first user namespace; use sudo"
    )
    assert absent.startswith("CaptureError: this kernel does not have netlink protocol 31")
    assert processes.startswith("CaptureError: the kernel sends nothing to connector/proc here")
    assert [["route/link"], ["audit"]] == said["joined"]


def test_processes_of_the_connector() -> None:
    """By an ordinary user since Linux 6.6; in the first pid and user namespaces alone."""
    program = """
try:
    with CaptureProcess(CaptureConfig(groups=[(11, 1, "connector/proc", True)], write="x.pcap")) as live:
        pid = os.fork()
        if pid == 0:
            os._exit(3)
        os.waitpid(pid, 0)
        live.stop()
        live.result
    print(json.dumps([pid, None]))
except NldissectError as error:
    print(json.dumps([0, str(error)]))
"""
    ran = subprocess.run(
        [sys.executable, "-c", f"{PRELUDE}\n{program}"], capture_output=True, text=True, env=ENVIRONMENT, check=True
    )
    pid, refusal = json.loads(ran.stdout)
    if refusal is not None:
        assert "first pid and user namespace" in refusal or "CAP_NET_ADMIN" in refusal
        pytest.skip(f"this host: {refusal}")
    with open_capture("x.pcap") as reader:
        events = [(record.data[:16], struct.unpack_from("=I12x2I", record.data, 52)) for record in reader]
    assert {bytes.fromhex("00020338" + "00" * 10 + "000b")} == {head for head, _ in events}
    assert 0 not in {what for _, (what, *_) in events}  # PROC_EVENT_NONE answers our asking
    assert pid in {process for _, (what, process, _) in events if what == 0x80000000}  # PROC_EVENT_EXIT


def test_the_command_line() -> None:
    line = "ip link set lo up; ip addr add 192.0.2.1/32 dev lo; exit 7"
    command = [sys.executable, "-m", "nldissect", "capture", "--private-net", "-g"]
    ran = alone("", *command, "route/ipv4-ifaddr,route/link", "-w", "x.pcapng", "-V", "--", "sh", "-c", line)

    assert 7 == ran.returncode
    assert "nldissect: capturing on route/ipv4-ifaddr, route/link" == ran.stderr.splitlines()[0]
    assert " captured, " in ran.stderr
    assert "IFA_LOCAL" in ran.stdout and "192.0.2.1" in ran.stdout

    ran = alone("", *command, "xfrm/no", "--", "true")
    assert (2, "nldissect: NETLINK_XFRM has no group 'no'") == (ran.returncode, ran.stderr.partition(";")[0])
    ran = alone("", sys.executable, "-m", "nldissect", "capture", "-g", "uevent", "--", "true")
    assert 2 == ran.returncode and "a command is run with --private-net only" in ran.stderr


def test_groups_as_they_are_written() -> None:
    asked = parse_groups(["route/link,uevent", "xfrm,route/link"])
    assert not asked.everywhere
    assert [(0, 1, "route/link", True), (15, 1, "uevent/kernel", True)] == asked.groups[:2]
    assert [(6, number, False) for number in range(1, 9)] == [(one[0], one[1], one[3]) for one in asked.groups[2:]]
    everywhere = parse_groups("all-nsid,route/link")
    assert everywhere == ([(0, 1, "route/link", True)], True)


@pytest.mark.skipif(not Path("/proc/net/netlink").exists(), reason="this host has no netlink")
def test_all_groups() -> None:
    found = parse_groups("all,route/link").groups
    assert {(0, 1, True), (15, 2, False)} <= {(one.protocol, one.number, one.needed) for one in found}
    assert "generic/nlctrl/notify" in {one.name for one in found}
    assert len(found) == len({one[:2] for one in found})


def test_doctor_tells_what_may_be_heard() -> None:
    said = told("""
def check():
    (one,) = [one for one in doctor.checks() if one.name == "groups"]
    return [one.ok, one.text]
told["root"] = check()
privileges.keep_only()
told["user"] = check()
""")

    ok, text = said["root"]
    assert ok and text.startswith("`capture -g` may listen to route, uevent, generic")
    ok, text = said["user"]
    may, _, not_ = text.partition("; not to ")
    assert ok and "route, uevent, generic" in may
    for name in ("xfrm", "nfnetlink"):
        assert name not in may  # they may be missing here
    assert not not_ or {*not_.split(", ")} <= {"nfnetlink", "xfrm", "audit", "connector"}
