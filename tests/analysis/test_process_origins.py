"""Origins of processes: when they began, who started them, their control groups; in files and in the real kernel."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import nldissect
from nldissect.capfile import comments
from nldissect.capfile.cgroup_units import unit_of
from nldissect.cli import main
from tests.helpers.netlink_users import (
    ROUTE,
    SECOND,
    START,
    Line,
    answer,
    ask,
    ended,
    executed,
    forked,
    listed,
    printed,
    written,
)
from tests.helpers.paths import ROOT

ID = "0123456789ab" + 52 * "c"
NAMES = "process.name", "process.pid", "process.parent", "process.tree", "process.unit"


def facts(path: Path, *fields: str, where: str = "nlmsg_type == RTM_GETLINK") -> list[tuple[Any, ...]]:
    cap = nldissect.open(str(path)).filter(where)
    found = cap.select(*fields)
    return list(zip(*(column.tolist() for column in found.values()), strict=True))


def said(fact: str, *words: str | int) -> str:
    return comments.format_comment(fact, *words)


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        ("/system.slice/ssh.service", "ssh.service"),
        ("/system.slice/ssh.service/inner", "ssh.service"),
        ("/user.slice/user-1000.slice/session-2.scope", "session-2.scope"),
        ("/user.slice/user-1000.slice/user@1000.service/app.slice/chat.service", "chat.service"),
        ("/user.slice/user-1000.slice/user@1000.service/init.scope", "init.scope"),
        ("/system.slice/_cpu.service", "cpu.service"),
        (f"/system.slice/docker-{ID}.scope", "0123456789ab"),
        (f"/docker/{ID}", "0123456789ab"),
        (f"/machine.slice/libpod-{ID}.scope/container", "0123456789ab"),
        (f"/kubepods/besteffort/pod1-2/{ID}", "0123456789ab"),
        (f"/kubepods.slice/kubepods-pod1.slice/cri-containerd-{ID}.scope", "0123456789ab"),
        ("/services/dnsmasq/cfg01411c", None),
        ("/", None),
    ],
)
def test_units_and_containers_of_control_groups(path: str, unit: str | None) -> None:
    """As systemd's test-cgroup-util.c has them, and as the tools name their containers."""
    assert unit == unit_of(path)


def test_a_process_has_parents_by_events(tmp_path: Path) -> None:
    """sh was there before; it starts ip, which takes its name later; the name of an ancestor is that of its time."""
    known = [*listed(1)[:-1], (listed(1)[-1], [said("processes", 1, "init", 80, "sh"), said("parents", 80, 1)])]
    lines: list[Line] = [
        *known, forked(80, 90), (executed(90), [said("processes", 90, "ip")]),
        ask(90, 7), answer(90, 7), ended(90), forked(80, 91), (executed(91), [said("processes", 91, "tc")]),
        (executed(80), [said("processes", 80, "bash")]), ask(91, 8), answer(91, 8),
    ]  # fmt: skip
    path = written(tmp_path / "x.pcapng", lines)

    assert [
        ("ip", 90, 80, "init[1] > sh[80] > ip[90]", None),
        ("tc", 91, 80, "init[1] > sh[80] > tc[91]", None),
    ] == facts(path, *NAMES)
    begins = [start - START for (start,) in facts(path, "process.start")]
    assert [20_000_000, 45_000_000] == begins  # the events' own frames


def test_a_control_group_is_inherited(tmp_path: Path) -> None:
    group = [said("cgroups", 80, "/system.slice/a.service")]
    lines: list[Line] = [
        *listed(1)[:-1], (listed(1)[-1], [said("processes", 80, "sh"), *group]), forked(80, 90),
        (executed(90), [said("processes", 90, "ip")]), ask(90, 7), answer(90, 7), forked(80, 91),
        (executed(91), [said("processes", 91, "tc"), said("cgroups", 91, f"/docker/{ID}")]), ask(91, 8), answer(91, 8),
    ]  # fmt: skip
    path = written(tmp_path / "x.pcapng", lines)

    found = [("a.service", "/system.slice/a.service"), ("0123456789ab", f"/docker/{ID}")]
    assert found == facts(path, "process.unit", "process.cgroup")
    assert 2 == len(facts(path, "frame.number", where='process.unit == "a.service"'))


def reused(path: Path, *more: Sequence[str]) -> Path:
    """Two daemons of one name that had one process id after each other, both known from /proc."""
    facts = [
        [said("processes", 90, "ntpd"), said("started", 90, comments.seconds(START + start)), *words]
        for start, words in zip((0, SECOND), more, strict=True)
    ]
    first, second = listed(1), listed(2)
    return written(
        path,
        [
            *first[:-1], (first[-1], facts[0]), ask(90, 7), answer(90, 7, claimed=90), None,
            *second[:-1], (second[-1], facts[1]), ask(90, 8), answer(90, 8, claimed=90),
        ],
        watched=True,
    )  # fmt: skip


def test_processes_of_one_id_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parents = [said("parents", 90, 1)], [said("parents", 90, 80)]
    path = reused(tmp_path / "x.pcapng", *parents)

    assert [(START, 1), (START + SECOND, 80)] == facts(path, "process.start", "process.parent")
    assert 0 == main(["stats", str(path), "processes", "-T", "json"])
    rows = json.loads(capsys.readouterr().out)["processes"]
    assert [(90, "ntpd", 2), (90, "ntpd", 2)] == [
        (row.get("pid"), row.get("name"), row["messages"]) for row in rows[:2]
    ]


def test_exchanges_tell_of_their_process(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = [said("parents", 90, 1), said("cgroups", 90, "/system.slice/ntp.service")]
    path = reused(tmp_path / "x.pcapng", more, more)

    assert 0 == main(["exchanges", str(path), "-T", "json"])
    found = json.loads(capsys.readouterr().out)
    expected = {"process": "ntpd", "pid": 90, "parent": 1, "unit": "ntp.service", "confidence": "guessed"}
    assert [expected | {"start": comments.seconds(START + start)} for start in (0, SECOND)] == [
        {key: one[key] for key in (*expected, "start")} for one in found
    ]


@pytest.mark.parametrize("engine", ["walk", "native"])
def test_trees_show_ancestors(engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the file names processes, and only where it tells more than a name."""
    group = [said("processes", 1, "init", 80, "sh\x1b"), said("cgroups", 80, "/system.slice/a.service")]
    known = *listed(1)[:-1], (listed(1)[-1], [*group, said("parents", 80, 1)])
    lives = forked(80, 90), (executed(90), [said("processes", 90, "ip")])
    path = written(tmp_path / "x.pcapng", [*known, *lives, ask(90, 7), answer(90, 7), ask(95, 8)], watched=True)

    lines = printed(path, capsys, "-V", "--engine", engine)
    shown = [line.strip().rpartition(", since ")[0] for line in lines if line.startswith("  process: ")]
    assert 2 * ["process: init[1] > sh\\x1b[80] > ip[90], in a.service"] == shown


def test_old_captures_show_no_more_than_before(capsys: pytest.CaptureFixture[str]) -> None:
    """tests/logs/talk.log is strace's: it names processes, and nothing else of them."""
    path = ROOT / "tests" / "logs" / "talk.log"
    lines = printed(path, capsys, "-T", "fields", *(word for name in NAMES[2:] for word in ("-e", name)))
    assert lines and not any(line.strip() for line in lines)
    assert "process: " not in "".join(printed(path, capsys, "-V")).replace("nldissect: process", "")


GUEST = """
import importlib.util, json, os, subprocess, sys, time, types
sys.path.insert(0, {root!r})
package = types.ModuleType("nldissect")
package.__path__ = importlib.util.find_spec("nldissect").submodule_search_locations
sys.modules["nldissect"] = package
from nldissect.capture import CaptureConfig, CaptureProcess
from nldissect.capture.process_watch import parent
if {blind!r}:
    parent.process_events = lambda: (None, "not wanted")
group = "/run/groups/system.slice/a.service"
os.makedirs("/run/groups")
subprocess.run(["mount", "-t", "cgroup2", "none", "/run/groups"], check=True)
os.makedirs(group, exist_ok=True)
ask = '''import os, socket, sys
one = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
one.bind((0, 0))
two = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
two.bind((0, 0))
for number, sender in ((7, one), (8, two)):
    sender.send(bytes.fromhex("2000000012000500") + number.to_bytes(4, "little") + bytes(8) + bytes([1]) + bytes(11))
    sender.recv(1 << 16)
print(os.getpid(), os.getppid(), flush=True)
sys.stdin.read()'''
told = []
with CaptureProcess(CaptureConfig(write={path!r}, processes=True)) as live:
    for place in ("/run/groups", group):
        line = "echo $$ > " + place + "/cgroup.procs; '" + sys.executable + "' -c \\"$0\\"; true"
        shell = subprocess.Popen(["sh", "-c", line, ask], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        told.append([shell.pid, *map(int, shell.stdout.readline().split())])
        captured, deadline = live.progress.captured, time.monotonic() + 20
        while live.progress.captured < 4 * len(told) and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(0.7 if {blind!r} else 0)
        shell.stdin.close()
        shell.wait()
    live.stop()
print(json.dumps([os.getpid(), told, live.result.error]))
"""


@pytest.mark.parametrize("blind", [False, True])
def test_origins_in_the_real_kernel(blind: bool, kernel: ModuleType, tmp_path: Path) -> None:
    """A shell in a control group starts a program with two sockets; with process events and by /proc alone."""
    path = tmp_path / "x.pcapng"
    script = GUEST.format(root=str(ROOT), blind=blind, path=str(path))
    ran = kernel.run(script, interpreter=sys.executable)
    assert 0 == ran.status, ran.output
    capturer, told, error = json.loads(ran.output.splitlines()[-1])
    assert error is None

    where = f"protocol == {ROUTE} and nlmsg_seq in {{7, 8}} and nlmsg_type == RTM_NEWLINK"
    found = facts(path, "process.pid", "process.parent", "process.unit", "process.tree", where=where)
    expected = [(pid, parent, unit) for (_, pid, parent), unit in zip(told, (None, "a.service"), strict=True)]
    assert [one for one in expected for _ in range(2)] == [row[:3] for row in found]
    for (shell, pid, parent), (_, _, _, tree) in zip([one for one in told for _ in range(2)], found, strict=True):
        assert parent == shell
        assert tree.endswith(f"[{capturer}] > sh[{shell}] > {tree.rpartition(' > ')[2]}")
        assert tree.endswith(f"[{pid}]")
    starts = facts(path, "process.start", "frame.time", where=where)
    assert all(0 < time - start < 20 * SECOND for start, time in starts)
    assert starts[0][0] == starts[1][0] < starts[2][0] == starts[3][0]
