"""`nldissect run --via nlmon` in the real kernel: a command's own messages, and nobody else's; whose a socket is."""

from __future__ import annotations

import json
import os
import re
import socket
import struct
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from nldissect.capfile import open_capture
from nldissect.capfile.comments import parse_comments
from nldissect.commands.run.socket_owners import CommandSockets, SocketOwner, sockets

ASK = """
import os, socket, struct, sys, time
kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
kernel.bind((0, 0))
def ask(index):
    kernel.send(struct.pack("=IHHIIBxHiII", 32, 18, 1, 5, 0, 0, 0, index, 0, 0))
    return kernel.recv(65536)
"""

STRANGER = f"""{ASK}
open("ready", "w").close()
while not os.path.exists("over"):
    ask(99999)
    time.sleep(0.02)
"""

COMMAND = f"""{ASK}
ask(1)
ask(77777)
second = kernel
kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
ask(55555)
os.system("ip link add d0 type dummy")
print("mine")
time.sleep(1)
sys.exit(4)
"""

SCRIPT = f"""
$PYTHON -S -I stranger.py &
until [ -e ready ]; do sleep 0.02; done
$PYTHON -m nldissect run --via nlmon -w x.pcapng -o x.txt -- $PYTHON -S -I command.py >out 2>err
echo $? >status
touch over
ip -json link >links
{sys.executable} -m nldissect capture --extack -a duration:1 >refused 2>&1 || true
wait
"""


def test_a_command_and_no_one_else(kernel: ModuleType, tmp_path: Path) -> None:
    """Another process asks all the time, on the same protocol with the same sequence number."""
    (tmp_path / "stranger.py").write_text(STRANGER)
    (tmp_path / "command.py").write_text(COMMAND)
    script = f"cd {tmp_path}\nPYTHON={sys.executable}\n{SCRIPT}"
    result = kernel.run(script, timeout=280)
    assert result.status == 0, result.output
    with open_capture(tmp_path / "x.pcapng") as reader:
        records = list(reader)
    data = b"".join(one.data for one in records)
    whose = [next(parse_comments(one.comments, "process"), ["", ""]) for one in records[:6]]

    assert ("4\n", "mine\n") == ((tmp_path / "status").read_text(), (tmp_path / "out").read_text())
    assert [True, True, True, False] == [struct.pack("=i", index) in data for index in (1, 77777, 55555, 99999)]
    assert b"d0\0" in data
    assert all(re.fullmatch(r"python\S*\[\d+\]", who) for who, _ in whose)
    assert [whose[0][0].rpartition("[")[2][:-1]] * 4 == [port for _, port in whose[:4]]  # its first socket
    assert 1 == len({port for _, port in whose[4:]}) and whose[4][1] != whose[0][1]
    assert len(records) == len(re.findall(r"(?m)^ +\d+ \d+\.\d{6} ", (tmp_path / "x.txt").read_text()))
    assert re.search(
        r"ended with status 4 after .*: 4 requests, \d errors?, \d+ messages", (tmp_path / "err").read_text()
    )
    assert ["d0", "lo"] == sorted(one["ifname"] for one in json.loads((tmp_path / "links").read_text()))
    assert "has no tracepoints (CONFIG_FTRACE); leave --extack out\n" in (tmp_path / "refused").read_text()


def test_whose_a_socket_is() -> None:
    """Those that were there before are strangers'; of a child it is known; of what is gone, it is guessed."""
    ours = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    ours.bind((0, 0))
    owners = CommandSockets()
    later = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    later.bind((0, 0))
    program = f"{ASK}\nkernel.setsockopt(270, 1, 1)\nprint(kernel.getsockname()[0], flush=True)\nsys.stdin.read()"
    child = subprocess.Popen(
        [sys.executable, "-S", "-I", "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    port = int(child.stdout.readline())
    owners.started(child.pid, "child")
    name = Path(f"/proc/{child.pid}/comm").read_text().strip()

    assert (0, port) in sockets() and (0, port) in sockets(joined=True)
    assert [False, False] == [owners.of(0, one.getsockname()[0]).mine for one in (ours, later)]
    assert SocketOwner(True, child.pid, name) == owners.of(0, port) == owners.any_of(0) == owners.listens(0)
    assert (None, None) == (owners.any_of(2), owners.listens(2))
    child.communicate("")
    assert f"{name}[{child.pid}]?" == str(owners.of(0, 4_100_000_000))
    assert str(os.getpid()) not in str(owners.of(0, 4_100_000_000))
    ours.close()
    later.close()


SLOW = f"""{ASK}
kind = struct.pack("=HHHH", 14, 18, 10, 1) + b"nosuch\\0\\0"
body = struct.pack("=BxHiII", 0, 0, 0, 0, 0) + b"\\7\\0\\3\\0v1\\0\\0" + kind
kernel.send(struct.pack("=IHHII", 16 + len(body), 16, 0x605, 7, 0) + body)
kernel.recv(65536)
"""


def test_a_request_may_wait_long_for_its_answer(kernel: ModuleType, tmp_path: Path) -> None:
    """For an unknown kind of link the kernel first runs modprobe, here for most of a second; then EOPNOTSUPP."""
    (tmp_path / "command.py").write_text(SLOW)
    (tmp_path / "modprobe").write_text("#!/bin/sh\nsleep 0.6\nexit 1\n")
    (tmp_path / "modprobe").chmod(0o755)
    script = f"""
    cd {tmp_path}
    before=$(cat /proc/sys/kernel/modprobe)
    modprobe nlmon
    echo {tmp_path}/modprobe >/proc/sys/kernel/modprobe
    {sys.executable} -m nldissect run --via nlmon -- {sys.executable} -S -I command.py
    echo $before >/proc/sys/kernel/modprobe
    """
    result = kernel.run(script, timeout=120)
    asked, answered, *_, end = [one for one in result.output.splitlines() if re.match(r" +\d+ \d|nldissect:", one)]

    assert "RTM_NEWLINK  v1 nosuch" in asked and "EOPNOTSUPP" in answered
    assert ": 1 request, 1 error, 2 messages," in end and "guess" not in result.output
    assert re.search(r"waited [6-9]\d\d\.", end)
