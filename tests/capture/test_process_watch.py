"""Watching processes while a capture runs: in the real kernel, and with the proc connector of this one."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import nldissect
from nldissect.capfile import comments, open_capture
from nldissect.capture import CaptureConfig, CaptureProcess
from nldissect.capture.process_watch.child import PORT, Watcher
from nldissect.capture.process_watch.proc_events import process_events
from nldissect.cli import main
from tests.helpers.skips import missing_programs

ROUTE, IPV4_IFADDR = 0, 5
EXECS = 200

IN_GUEST = """
import importlib.util, json, os, shutil, socket, subprocess, sys, time, types
package = types.ModuleType("nldissect")
package.__path__ = importlib.util.find_spec("nldissect").submodule_search_locations
sys.modules["nldissect"] = package
from nldissect.capture import CaptureConfig, CaptureProcess
from nldissect.capture.process_watch.proc_events import process_events

def opened():
    one = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    one.bind((0, 0))
    return one

def ask(one, number):
    one.send(bytes.fromhex("2000000012000500") + number.to_bytes(4, "little") + bytes(8) + b"\\1" + bytes(11))
    one.recv(1 << 16)

before = opened()
os.chmod("/run", 0o755)
os.mkdir("/run/theirs")
os.chown("/run/theirs", 65534, 65534)
with CaptureProcess(CaptureConfig(write="/run/theirs/x.pcapng", processes=True, user="nobody")) as live:
    second = opened()
    ask(before, 1)
    ask(second, 2)
    time.sleep(0.1)                     # not waited for: what is new is seen at the end at the latest
    live.stop()
    result = live.result
    ask(before, 3)
shutil.copyfile("/run/theirs/x.pcapng", sys.argv[1])
for name in os.listdir("/proc"):
    if name.isdecimal():
        comm = open(f"/proc/{name}/comm").read() if os.path.exists(f"/proc/{name}/comm") else ""
        assert "nldissect-watch" not in comm
print(json.dumps([os.getpid(), before.getsockname()[0], second.getsockname()[0], result.captured, result.error]))
"""


@pytest.fixture(scope="module")
def watched(kernel: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any]]:
    """A capture in the real kernel, and what its program told."""
    path = tmp_path_factory.mktemp("watched") / "x.pcapng"
    ran = kernel.run(IN_GUEST.replace("sys.argv[1]", repr(str(path))), interpreter=sys.executable)
    assert 0 == ran.status, ran.output
    return path, json.loads(ran.output.splitlines()[-1])


def test_two_sockets_of_one_process_in_the_real_kernel(watched: tuple[Path, list[Any]]) -> None:
    """The one opened before is known for sure; the second, whose port id says nothing, was listed after it spoke.

    The capture has become another user by then, which may not look into the process.
    """
    path, (pid, first, second, captured, error) = watched
    assert error is None and captured >= 4
    assert pid == first and second > 1 << 22

    cap = nldissect.open(str(path)).filter("nlmsg_type in {RTM_GETLINK, RTM_NEWLINK} and nlmsg_seq in {1, 2}")
    found = cap.select("nlmsg_seq", "nlmsg_pid", "process.pid", "process.confidence")
    rows = [tuple(row) for row in zip(*(column.tolist() for column in found.values()), strict=True)]
    assert [
        (1, 0, pid, "learnt"), (1, first, pid, "exact"), (2, 0, pid, "learnt"), (2, second, pid, "learnt"),
    ] == rows  # fmt: skip
    names = {*cap.select("process.name")["process.name"].tolist()}
    assert 1 == len(names) and names.pop().startswith("python")


@pytest.mark.parametrize("blind", [False, True])
def test_a_new_port_is_looked_up_at_once_unless_its_process_is_known(blind: bool) -> None:
    """Ports that the kernel chose tell nothing of their process: the sockets are looked at."""
    mine, theirs = socket.socketpair()
    with mine, theirs, subprocess.Popen(["sleep", "60"]) as other:
        watcher = Watcher(mine, None if blind else theirs, [])
        watcher._roster.meet(os.getpid())
        ports = [os.getpid(), 0xF000_0000 | os.getpid(), (1 << 32) - 7]
        assert [True, True, False] == [watcher._meet(PORT.pack(port)) for port in ports]
        assert watcher._meet(PORT.pack(other.pid)) is blind  # looked up by its number, where no event told of it
        assert not watcher._meet(b"".join(map(PORT.pack, ports)))
        other.kill()


def test_what_is_watched_is_hidden_and_marked(
    watched: tuple[Path, list[Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    """The raw answers are in the file, with an interface of their own; lists do not show them."""
    path, _ = watched
    with open_capture(path) as reader:
        records = list(reader)
        watched = [record for record in records if record.interface.name == "processes"]
    assert watched and all(comments.format_comment("own") in record.comments for record in watched)
    assert {4} == {int.from_bytes(record.data[14:16], "big") for record in watched}
    told = [text for record in watched for text in record.comments if text.startswith("nldissect: processes 1 ")]
    assert told
    assert main(["read", str(path)]) == 0
    assert "netlink_diag" not in capsys.readouterr().out
    assert main(["read", str(path), "--own", "-Y", "ndiag_ino"]) == 0
    assert "SOCK_DIAG_BY_FAMILY" in capsys.readouterr().out


def no_events() -> str | None:
    """Why there is no proc connector here for this user."""
    if reason := missing_programs("ip"):
        return reason
    connector, lack = process_events()
    if connector is not None:
        connector.close()
    return lack and f"this host: {lack}"


@pytest.mark.skipif(no_events() is not None, reason=no_events() or "")
def test_process_events_are_had_from_another_network_namespace() -> None:
    """The connector is in the first alone: it is entered for that."""
    program = (
        "import os\n"
        "from nldissect.capture.process_watch import proc_events\n"
        "proc_events._first_network = lambda: str(os.getppid())  # that of process 1 may be closed to this test\n"
        "connector, lack = proc_events.process_events()\n"
        "print(lack)\n"
    )
    done = subprocess.run(["unshare", "-n", sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "None\n" == done.stdout


@pytest.mark.parametrize(
    ("way", "lack"),
    [
        (["unshare", "--user", "--map-root-user"], "first pid and user namespace only, not to a container"),
        (["unshare", "--user", "--map-root-user", "--pid", "--fork"], "not to a container"),
        (["setpriv", "--bounding-set=-net_admin"], "they need root"),
        (["unshare", "--net"], "they are heard in the first network namespace only"),
    ],
)
def test_why_there_are_no_process_events(way: list[str], lack: str, tmp_path: Path) -> None:
    """Said once by `doctor`, and by `capture` at its end."""
    if os.geteuid() != 0:
        pytest.skip("this host: needs root, which goes into namespaces without being asked for more")
    if subprocess.run([*way, "true"], capture_output=True, check=False).returncode:
        pytest.skip(f"this host: {' '.join(way)} is refused here, as in a changed root")
    program = tmp_path / "program.py"
    program.write_text(
        "from nldissect.capture import doctor\n"
        "from nldissect.capture.process_watch import proc_events\n"
        "proc_events._first_network = lambda: None\n"
        "print(next(check.text for check in doctor.checks() if check.name == 'process events'))\n"
    )
    tmp_path.chmod(0o755)
    told = subprocess.run([*way, sys.executable, program], capture_output=True, text=True, check=True).stdout
    assert told.startswith("no process events: ") and lack in told


@pytest.mark.skipif(no_events() is not None, reason=no_events() or "")
def test_two_hundred_short_commands_have_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each adds an address, of which the kernel tells with the port id of who did it; ip lives about a millisecond.

    On a machine under load a few end before their name is read.
    """
    space = f"nldissect-{os.getpid()}"
    subprocess.run(["ip", "netns", "add", space], check=True)
    path = tmp_path / "x.pcapng"
    try:
        groups = [(ROUTE, IPV4_IFADDR, "route/ipv4-ifaddr", True)]
        with CaptureProcess(CaptureConfig(groups=groups, netns=[space], write=str(path), processes=True)) as live:
            line = f"for i in $(seq {EXECS}); do ip -n {space} addr add 127.0.1.$i/32 dev lo; done"
            subprocess.run(["sh", "-c", line], check=True)
            deadline = time.monotonic() + 20
            while live.progress.captured < EXECS and time.monotonic() < deadline:
                time.sleep(0.02)
            live.stop()
            assert live.result.captured == EXECS
    finally:
        subprocess.run(["ip", "netns", "del", space], check=True)

    cap = nldissect.open(str(path)).filter("nlmsg_type == RTM_NEWADDR")
    found: dict[str, Any] = cap.select("nlmsg_pid", "process.pid", "process.name")
    pids, named = found["process.pid"].tolist(), found["process.name"].tolist()
    assert EXECS == len(cap)
    known = [one for one in zip(found["nlmsg_pid"].tolist(), pids, strict=True) if one[1] is not None]
    assert all(port == pid for port, pid in known)
    share = sum(name == "ip" for name in named) / EXECS
    assert {*named} <= {"ip", None}
    assert share >= 0.8 and len(known) >= 0.95 * EXECS
    capsys.readouterr()
    assert main(["read", str(path)]) == 0
    assert EXECS == len(capsys.readouterr().out.splitlines())  # events of processes are not shown
