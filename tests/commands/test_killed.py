"""What is left when a capture or `run` is killed with -9, and what takes it away."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nldissect.capture import private_folders
from nldissect.commands.run import setuid
from tests.helpers.cli import run
from tests.helpers.skips import needs, needs_strace

PATIENCE = 60.0
SHOWING = """
out, into = os.pipe()
pid = os.fork()
if pid == 0:
    live = CaptureProcess(CaptureConfig()).__enter__()
    os.write(into, f"{live.path}\\n".encode())
    signal.pause()
path = open(out, closefd=False).readline().strip()
"""
"""In the guest: a child shows a capture of its own, whose file is at `path`, until it is killed."""


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def gone(pid: int) -> bool:
    """Whether a process has ended, waited for or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory for temporary files."""
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    monkeypatch.setenv("TMPDIR", str(place))
    return place


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The same for the guest alone: what boots it has a temporary directory too."""
    files = tmp_path / "files"
    files.mkdir()
    return files


def started(place: Path, program: str) -> tuple[subprocess.Popen[str], int, int]:
    """`nldissect run` of a shell program that prints its pid; the pids of that and of strace."""
    command = [sys.executable, "-m", "nldissect", "run", "-q", "--", "sh", "-c", f"echo $$; {program}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(place)})
    assert process.stdout is not None
    pid = int(process.stdout.readline())
    status = Path(f"/proc/{pid}/status").read_text()
    return process, pid, int(status.partition("TracerPid:")[2].split()[0])


@pytest.mark.parametrize("program", ["sleep 600", "while :; do ls; done >/dev/null"])
def test_run_that_is_killed_leaves_nothing(place: Path, program: str) -> None:
    """Neither an idle command, of which strace would hear nothing more, nor a busy one."""
    needs_strace()
    process, command, strace = started(place, program)
    until(lambda: not gone(strace))
    process.kill()
    process.wait()
    until(lambda: gone(command) and gone(strace) and not os.listdir(place))


def test_a_tracer_that_does_not_end_is_killed(place: Path) -> None:
    """strace hangs where a command forks while it detaches; here it is stopped, and hears no other signal."""
    needs_strace()
    process, command, strace = started(place, "sleep 600")
    os.kill(strace, signal.SIGSTOP)
    process.kill()
    process.wait()
    until(lambda: gone(command) and gone(strace) and not os.listdir(place))


def test_what_a_command_left_running_is_let_go(place: Path) -> None:
    """Its child is no business of ours once nobody watches it."""
    needs_strace()
    process, command, strace = started(place, "sleep 600 & echo $!; exec sleep 600")
    assert process.stdout is not None
    child = int(process.stdout.readline())
    process.kill()
    process.wait()
    until(lambda: gone(command) and gone(strace))
    assert not gone(child)
    os.kill(child, signal.SIGKILL)


def test_run_through_nlmon_that_is_killed(guest: Any) -> None:
    told = guest("""
run = subprocess.Popen([sys.executable, "-m", "nldissect", "run", "-q", "--via", "nlmon", "--",
                        "sh", "-c", "echo $$; exec sleep 600"], stdout=subprocess.PIPE, text=True)
pid = int(run.stdout.readline())
run.kill()
run.wait()
until(lambda: not any(name.startswith("nlmon") for name in links()))
until(lambda: not Path(f"/proc/{pid}").exists() or status(pid)["State"][0] == "Z")
""")
    assert {} == told


def test_private_files_go_with_a_capture_that_is_killed(guest: Any) -> None:
    """Whoever shows it is killed: the capture process ends, and removes what nobody can read on. On the guest's own
    file system: without capabilities its root may not remove what the host's user owns."""
    made = """
import tempfile
os.makedirs(os.environ["TMPDIR"])
tempfile.tempdir = None
"""
    told = guest(made + SHOWING + """
told["there"] = os.path.exists(path)
os.kill(pid, signal.SIGKILL)
until(lambda: not named("nldissect-live"))
told["left"] = os.listdir(os.environ["TMPDIR"])
""", TMPDIR="/run/files")  # fmt: skip
    assert {"there": True, "left": []} == told


def test_what_is_left_all_the_same_the_next_start_removes(guest: Any, files: Path) -> None:
    """The capture process is killed too; the doctor says it, as `run` and `capture` do."""
    told = guest(SHOWING + """
from nldissect.capture import private_folders
told["held"] = private_folders.remove_leftovers()
(capture,) = named("nldissect-live")
os.kill(capture, signal.SIGSTOP)
os.kill(pid, signal.SIGKILL)
told["still held"] = private_folders.remove_leftovers()
os.kill(capture, signal.SIGKILL)
os.waitpid(pid, 0)
until(lambda: not named("nldissect-live"))
until(lambda: not named("nldissect-tidy"))
told["left"] = os.listdir(os.environ["TMPDIR"]) == [os.path.basename(os.path.dirname(path))]
(check,) = [check for check in doctor.checks() if check.name == "leftovers"]
told["said"] = check.text.replace(os.path.dirname(path), "FOLDER")
told["gone"] = os.listdir(os.environ["TMPDIR"])
""", TMPDIR=str(files))  # fmt: skip
    said = "no device of an earlier capture is left; removed FOLDER, left by a process that was killed"
    assert {"held": [], "still held": [], "left": True, "said": said, "gone": []} == told


def test_the_next_run_says_what_it_removes(place: Path) -> None:
    needs_strace()
    path, folder = private_folders.make_folder()
    os.close(folder)
    Path(path, "00001.pcapng").write_bytes(b"keys")
    done = run("run", "-q", "--", "true", TMPDIR=str(place))
    assert f"nldissect: removed {path}, left by a process that was killed" in done.stderr.decode().splitlines()
    assert [] == os.listdir(place)


@pytest.mark.parametrize("other", ["held", "a file", "open to others", "holds something else"])
def test_what_is_not_ours_stays(place: Path, other: str) -> None:
    path, folder = private_folders.make_folder()
    if other != "held":
        os.close(folder)
    if other == "a file":
        os.rmdir(path)
        Path(path).touch()
    elif other == "open to others":
        os.chmod(path, 0o755)
    elif other == "holds something else":
        Path(path, "thesis.txt").touch()
    assert [] == private_folders.remove_leftovers()
    assert [os.path.basename(path)] == os.listdir(place)


def program(path: Path, mode: int) -> Path:
    """`id` as a file of nobody's with these bits."""
    shutil.copy(shutil.which("id") or "id", path)
    if os.geteuid() == 0:
        os.chown(path, 65534, -1)
    path.chmod(mode)
    return path


@pytest.mark.skipif(os.geteuid() != 0, reason="this host: another user's file needs root")
@pytest.mark.parametrize("words", [["{}", "-u"], ["sh", "-c", "{} -u; true"]])
def test_a_set_user_id_program_loses_its_bit_and_that_is_said(tmp_path: Path, words: list[str]) -> None:
    """Without CAP_SYS_PTRACE and CAP_SETUID, as a user: itself before it runs, a program that it runs at the end."""
    needs_strace()
    needs("setpriv")
    tmp_path.chmod(0o755)
    path = program(tmp_path / "id", 0o4755)
    bare = ["setpriv", "--bounding-set", "-sys_ptrace,-setuid"]
    ours = [sys.executable, "-m", "nldissect", "run", "-q", "--", *(word.format(path) for word in words)]
    done = subprocess.run([*bare, *ours], capture_output=True, text=True, check=True)
    assert "0\n" == done.stdout  # not 65534
    said = [line for line in done.stderr.splitlines() if "set-user-ID" in line]
    (line,) = said
    assert re.fullmatch(rf"nldissect: {re.escape(str(path))} is set-user-ID \w+, and r[ua]n[s]? without that, .*", line)


@pytest.mark.parametrize(
    "mode, capabilities, what",
    [
        (0o4755, 0, "set-user-ID"),
        (0o755, 0, None),
        (0o4755, 1 << setuid.CAP_SYS_PTRACE, None),
        (0o4755, 1 << setuid.CAP_SETUID, None),
    ],
)
def test_what_is_withheld(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int, capabilities: int, what: str | None
) -> None:
    path = program(tmp_path / "id", mode)
    monkeypatch.setattr(setuid, "effective_capabilities", lambda: capabilities)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    found = setuid.withheld(str(path))
    assert what == (found and found.split()[0])


def test_capabilities_of_a_file_are_withheld(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """setcap cap_net_raw+ep, as ping has it."""
    path = program(tmp_path / "id", 0o755)
    try:
        os.setxattr(path, "security.capability", bytes.fromhex("0100000200200000" + "00" * 12))
    except OSError as error:
        pytest.skip(f"this host has no capabilities of files: {error.strerror}")
    monkeypatch.setattr(setuid, "effective_capabilities", lambda: 0)
    assert "given capabilities by its file" == setuid.withheld(str(path))
