"""`nldissect sockets`: what the kernel, /proc and ss say of netlink sockets, said together."""

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
from typing import Any

import pytest

from nldissect.cli import main
from nldissect.sockets import socket_list
from nldissect.sockets.socket_list import OpenSocket, SocketProcess
from tests.helpers.skips import needs

ROUTE, GENERIC, SOL_NETLINK, ADD_MEMBERSHIP, CAP_ACK, NO_ENOBUFS = 0, 16, 270, 1, 10, 5
SS = re.compile(r"^UNCONN +\d+ +\d+ +(\d+):(-?\d+) .* groups=(0x[0-9a-f]+)", re.MULTILINE)


def opened(protocol: int, *groups: int) -> socket.socket:
    one = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
    one.bind((0, 0))
    for group in groups:
        one.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP, group)
    return one


def inode(one: socket.socket) -> int:
    return os.fstat(one.fileno()).st_ino


def listed(capsys: pytest.CaptureFixture[str]) -> dict[int, Any]:
    """The command's objects by inode."""
    capsys.readouterr()
    assert main(["sockets", "-T", "json"]) == 0
    return {one["inode"]: one for one in json.loads(capsys.readouterr().out)}


def test_a_socket_with_all_that_is_known_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Group 33 (bridge vlan) and 36 (statistics) stand in the second word of the mask, which /proc does not show."""
    with opened(ROUTE, 1, 5, 33, 36) as listener:
        listener.setsockopt(SOL_NETLINK, CAP_ACK, 1)
        listener.setsockopt(SOL_NETLINK, NO_ENOBUFS, 1)
        found = listed(capsys)[inode(listener)]
        room = listener.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        port = listener.getsockname()[0]

    name = Path("/proc/self/comm").read_text().strip()
    assert ("NETLINK_ROUTE", port) == (found["protocol"], found["port"])
    assert [{"pid": os.getpid(), "name": name}] == found["processes"]
    assert ["route/link", "route/ipv4-ifaddr", "route/brvlan", "route/stats"] == found["groups"]
    assert 0 == found["drops"]
    assert room == found["memory"]["SK_MEMINFO_RCVBUF"]
    assert ["NDIAG_FLAG_NO_ENOBUFS", "NDIAG_FLAG_CAP_ACK"] == found["flags"]


def test_two_sockets_of_one_process_and_two_processes_of_one_socket(capsys: pytest.CaptureFixture[str]) -> None:
    with opened(ROUTE) as first, opened(ROUTE) as second:
        sleeper = subprocess.Popen(["sleep", "60"], pass_fds=[second.fileno()])
        try:
            found = listed(capsys)
            one, two = found[inode(first)], found[inode(second)]
        finally:
            sleeper.kill()
            sleeper.wait()

    assert [os.getpid()] == [owner["pid"] for owner in one["processes"]]
    assert {os.getpid(), sleeper.pid} == {owner["pid"] for owner in two["processes"]}
    assert "sleep" in [owner["name"] for owner in two["processes"]] or "python" in str(two["processes"])
    assert one["port"] != two["port"]


def test_drops_of_a_socket_that_nobody_reads(capsys: pytest.CaptureFixture[str]) -> None:
    """Answers to a hundred questions find no room: what the kernel counts is what is shown."""
    with opened(ROUTE) as asker:
        asker.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        asker.setblocking(False)
        get = struct.pack("=IHHII4xi8x", 32, 18, 5, 1, 0, 999999)  # RTM_GETLINK of an interface that is not there
        for _ in range(100):
            asker.send(get)
        found = listed(capsys)[inode(asker)]
    assert found["drops"] > 0
    assert found["memory"]["SK_MEMINFO_RMEM_ALLOC"] > 0


def test_groups_of_generic_families_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    number = next((one for one, name in socket_list.generic_groups().items() if name == "ethtool/monitor"), None)
    with opened(GENERIC, 16, *([number] if number else [])) as listener:
        groups = listed(capsys)[inode(listener)]["groups"]
    assert {"generic/nlctrl/notify", *(["generic/ethtool/monitor"] if number else [])} == {*groups}


def test_the_same_as_ss(capsys: pytest.CaptureFixture[str]) -> None:
    """ss prints a second socket's port id as a negative number and finds no process for it; of the others the same."""
    needs("ss")
    with opened(ROUTE, 1) as first, opened(GENERIC) as second:
        mine = {inode(first): first.getsockname()[0], inode(second): second.getsockname()[0]}
        found = listed(capsys)
        command = ["ss", "-f", "netlink", "-a", "-p", "-n", "-e"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    shown = [(int(one), int(port) % (1 << 32), int(mask, 16)) for one, port, mask in SS.findall(said)]
    for number, port in mine.items():
        protocol = {"NETLINK_ROUTE": 0, "NETLINK_GENERIC": 16}[found[number]["protocol"]]
        assert (protocol, port, 1 - protocol // 16) in shown
        assert found[number]["port"] == port
    assert {one["port"] for one in found.values() if one["protocol"] == "NETLINK_KOBJECT_UEVENT"} == {
        port for protocol, port, _ in shown if protocol == 15
    }


def test_text(capsys: pytest.CaptureFixture[str]) -> None:
    with opened(ROUTE, 1, 33) as listener:
        capsys.readouterr()
        assert main(["sockets"]) == 0
        port = listener.getsockname()[0]
        lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["protocol", "port", "process", "drops", "queued", "buffer", "flags", "groups"]
    (line,) = [line for line in lines if re.search(rf"route +{port} ", line)]
    assert f"[{os.getpid()}]" in line
    assert line.endswith("link brvlan")
    assert any(re.match(r"generic +0 +kernel +0", line) for line in lines)


def test_without_netlink_diag_proc_serves(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse() -> list[OpenSocket]:
        raise socket_list.NetlinkError("no kernel module has registered NETLINK_SOCK_DIAG; load the one that does", 93)

    monkeypatch.setattr(socket_list, "_of_diag", refuse)
    with opened(ROUTE, 2, 33) as listener:
        assert main(["sockets", "-T", "json"]) == 0
        out = capsys.readouterr()
        (found,) = [one for one in json.loads(out.out) if one["inode"] == inode(listener)]
    assert ["route/notify"] == found["groups"]
    assert [os.getpid()] == [one["pid"] for one in found["processes"]]
    assert "flags" not in found and "memory" not in found
    assert "no groups above 32: the kernel has no NETLINK_DIAG" in out.err


def test_a_holder_that_may_not_be_seen_is_a_guess(tmp_path: Path) -> None:
    """/proc as an ordinary user has it, built by hand: a process whose files are closed, and none."""
    (tmp_path / "net").mkdir()
    (tmp_path / "net/netlink").write_text(
        "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n"
        "0000000000000000 0   0          00000000 0        0        0     2        0        4\n"
        "0000000000000000 0   41         00000011 0        0        0     2        7        1000\n"
    )
    (tmp_path / "41").mkdir()
    (tmp_path / "41/comm").write_text("daemon\n")
    (kernel, one) = socket_list._of_proc(tmp_path) or []
    assert OpenSocket(0, 0, 4, drops=0) == kernel
    assert OpenSocket(0, 41, 1000, groups=(1, 5), drops=7) == one
    assert "daemon" == socket_list.comm(41, tmp_path) and socket_list.comm(42, tmp_path) is None
    assert ({}, 0) == socket_list.owners(tmp_path)
    mine = OpenSocket(0, os.getpid(), 1)
    assert mine.guess is not None and mine.guess.pid == os.getpid()
    assert mine._replace(owners=(SocketProcess(1, "init"),)).guess is None


def test_masks() -> None:
    assert () == socket_list.numbers([0, 0])
    assert (1, 32, 33, 64, 65) == socket_list.numbers([0x8000_0001, 0x8000_0001, 1])


def test_as_an_ordinary_user_in_the_real_kernel(kernel: ModuleType) -> None:
    """Root's socket has an owner for root; nobody is told a guess, and that sudo would tell more."""
    program = """
import os, socket
from nldissect.cli import main
one = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
one.bind((0, 0))
print("PID", os.getpid())
main(["sockets"])
print("AS NOBODY", flush=True)
if os.fork() == 0:
    one.close()
    os.setgroups([])
    os.setresgid(*[65534] * 3)
    os.setresuid(*[65534] * 3)
    main(["sockets"])
    os._exit(0)
os.wait()
"""
    ran = kernel.run(program, interpreter=sys.executable)
    assert 0 == ran.status, ran.output
    pid = re.findall(r"PID (\d+)", ran.output)[0]
    root, _, nobody = ran.output.partition("AS NOBODY")
    assert re.search(rf"^route +{pid} +python\S*\[{pid}\] ", root, re.MULTILINE), ran.output
    assert re.search(rf"^route +{pid} +python\S*\[{pid}\]\? ", nobody, re.MULTILINE), ran.output
    assert "the holder of 1 socket can't be seen by this user; use sudo" in nobody
    assert "can't be seen" not in root
