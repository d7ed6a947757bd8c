"""`nldissect run`: the command under strace, on this host's own kernel, by requests that everybody may make."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nldissect.commands.run import doctor_check
from tests.helpers.cli import lines, run
from tests.helpers.skips import needs, needs_strace

TIMEOUT = 120

ASK = """
import os, socket, struct, sys
kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
def ask(index):
    kernel.send(struct.pack("=IHHIIBxHiII", 32, 18, 1, 5, 0, 0, 0, index, 0, 0))
    return kernel.recv(65536)
"""
"""A program's beginning; `ask` is RTM_GETLINK."""


@pytest.fixture(autouse=True)
def traces() -> None:
    needs_strace()


def line(*arguments: str, program: str = "") -> list[str]:
    ours = [sys.executable, "-m", "nldissect", "run", *arguments, "--"]
    return ours + ([sys.executable, "-S", "-I", "-c", ASK + program] if program else [])


def shown(text: str) -> list[str]:
    """The lines of messages in a list; explanations stand between them, the end behind."""
    return [one for one in text.splitlines() if re.match(r" *\d+ \d+\.\d{6} ", one)]


def ran(*command: str) -> tuple[int, str, str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT, env=environment())
    return done.returncode, done.stdout, done.stderr


def environment() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}


def test_messages_go_to_standard_error_and_the_status_is_kept() -> None:
    status, out, err = ran(*line(program="ask(1); ask(77777); print('mine'); sys.exit(7)"))
    messages, end = shown(err), err.splitlines()[-1]

    assert (7, "mine\n") == (status, out)
    assert [
        "→ ROUTE RTM_GETLINK  lo #1",
        "← ROUTE RTM_NEWLINK  lo #1",
        "→ ROUTE RTM_GETLINK  #77777",
        "← ROUTE NLMSG_ERROR  ENODEV (No such device) for RTM_GETLINK",
    ] == [re.sub(r"( #\d+).*", r"\1", one).partition(" ")[2] for one in (text[4:].lstrip() for text in messages)]
    assert re.search(r"ended with status 7 after .*: 2 requests, 1 error, 4 messages, \d+ bytes, waited \d", end)


@pytest.mark.parametrize(("number", "status"), [("KILL", 137), ("TERM", 143)])
def test_death_by_signal_is_told_as_shells_do(number: str, status: int) -> None:
    found, _, err = ran(*line(), "sh", "-c", f"kill -{number} $$")

    assert found == status and f"ended with status {status} (128 + SIG{number}) after" in err


def test_several_processes_are_told_apart() -> None:
    program = "ask(1)\nif os.fork() == 0: ask(77777); os._exit(0)\nos.wait(); ask(1)"
    status, _, err = ran(*line("-q", program=program))
    told = [one.removeprefix("nldissect: ") for one in err.splitlines()]

    assert (0, 3) == (status, len(told))
    assert told[0].split("  ")[1].startswith("2 requests, 0 errors, 4 messages,")
    assert told[1].split("  ")[1].startswith("1 request, 1 error, 2 messages,")
    assert ": 3 requests, 1 error, 6 messages," in told[2]

    named = [re.search(r" (\S+\[\d+\]) [→←]", one) for one in shown(ran(*line(program=program))[2])]
    assert [False, False, True, True, True, True] == [one is not None for one in named]
    assert 2 == len({one[1] for one in named if one is not None})


def test_what_is_written_says_who_and_which_way(tmp_path: Path) -> None:
    """-w keeps a capture that reads like any other; -o the text, and then standard error has the end alone."""
    file, text = tmp_path / "x.pcapng", tmp_path / "x.txt"
    status, _, err = ran(*line("-w", str(file), "-o", str(text), program="ask(1); ask(77777)"))
    fields = ["-e", "direction", "-e", "frame.comment", "-T", "fields"]
    rows = lines("read", file, *fields)
    objects: list[dict[str, Any]] = [json.loads(one) for one in lines("read", file, "-T", "ndjson")]

    assert (0, 1, 4) == (status, len(err.splitlines()), len(shown(text.read_text())))
    assert ["to kernel", "to user"] * 2 == [one.split("\t")[0] for one in rows]
    assert all(re.search(r"nldissect: process \S+\[(\d+)\] \1(?:,|$)", one) for one in rows[1:])
    assert [False, False, False, True] == [one.endswith(",nldissect: no-ext-ack") for one in rows]
    assert all(one["direction_known"] and one["interface"] == "strace" for one in objects)
    assert 0o600 == text.stat().st_mode & 0o777 == file.stat().st_mode & 0o777


def test_a_filter_chooses_and_other_forms_are_there() -> None:
    _, _, err = ran(*line("-Y", "error", "-T", "ndjson", program="ask(1); ask(77777)"))
    message, end = err.splitlines()

    assert "ENODEV" == json.loads(message)["layers"]["nlmsgerr"]["error"]
    assert ": 2 requests, 1 error, 4 messages," in end


def test_what_no_message_shows_is_said() -> None:
    """A protocol that this kernel does not have."""
    program = "try: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 31)\nexcept OSError: print('none')"
    status, out, err = ran(*line(program=program))

    assert (0, "none\n") == (status, out)
    assert re.match(r"nldissect: socket\(AF_NETLINK, .*\) failed with EPROTONOSUPPORT\n", err)


def test_commands_that_are_not_there(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("")

    def told(*arguments: object, status: int = 2) -> str:
        done = run("run", *arguments)
        assert (status, b"") == (done.returncode, done.stdout)
        return done.stderr.decode()

    assert "nldissect: no command gone-away; see PATH\n" == told("--", "gone-away", status=127)
    assert f"nldissect: {plain} may not be executed; see its mode\n" == told("--", plain, status=126)
    needs = told("-Y", "exchange.latency > 1ms", "--", "echo", "never")
    assert needs.startswith("nldissect: exchange.* needs the end, ")
    nowhere = told("-w", tmp_path / "no/x.pcap", "--", "echo", "never")
    assert f"nldissect: no directory for {tmp_path}/no/x.pcap; make it first\n" == nowhere
    assert "nldissect: no command to run; write it last, like `nldissect run -- ip link`\n" == told()


@pytest.fixture
def started() -> Iterator[Any]:
    """Starts one in a session of its own, as a terminal's shell does; nothing of it is left."""
    processes: list[subprocess.Popen[str]] = []

    def start(*command: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        processes.append(
            subprocess.Popen(
                command,
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                text=True,
                bufsize=1,
                env=environment(),
                process_group=0,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # whatever these tests run under
            )
        )
        return processes[-1]

    yield start
    for process in processes:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.communicate()


def test_messages_come_while_it_runs_and_input_is_the_commands(started: Any) -> None:
    process = started(*line(program="ask(1); print('got', sys.stdin.readline())"))

    assert "RTM_GETLINK" in process.stderr.readline()
    assert "RTM_NEWLINK" in process.stderr.readline()
    out, err = process.communicate("a word\n", timeout=TIMEOUT)
    assert "got a word\n\n" == out
    assert re.fullmatch(r"nldissect: .* ended after .*: 1 request, 0 errors, 2 messages, .* waited \d+.*\n", err)
    assert not err.endswith(" 0 us\n")


@pytest.mark.parametrize(("number", "whole"), [(signal.SIGINT, True), (signal.SIGTERM, False)])
def test_signals_are_the_commands(started: Any, number: signal.Signals, whole: bool) -> None:
    """Ctrl-C reaches the whole group, what is sent to us alone is passed on; the end is told all the same."""
    program = f"import signal\nsignal.signal({number:d}, lambda *_: sys.exit(5))\nask(1)\nsignal.pause()"
    process = started(*line(program=program))
    process.stderr.readline()
    process.stderr.readline()
    if whole:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    _, err = process.communicate(timeout=TIMEOUT)

    assert 5 == process.returncode
    assert "ended with status 5 after" in err


def test_what_a_command_leaves_running_is_followed_until_control_c(started: Any) -> None:
    """It is let go then, not ended."""
    process = started(*line(), "sh", "-c", f"{sys.executable} -S -I -c '{LEFT}' & echo $!")
    left = int(process.stdout.readline())
    assert "RTM_GETLINK" in process.stderr.readline()
    assert "RTM_NEWLINK" in process.stderr.readline()
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=TIMEOUT)
    os.kill(left, signal.SIGKILL)

    assert 0 == process.returncode
    assert " ended after " in err


def test_a_second_control_c_ends_a_tracer_that_hangs(started: Any) -> None:
    """strace hangs where a command forks while it detaches; here it is stopped. What it traced goes on."""
    process = started(*line(), "sh", "-c", f"{sys.executable} -S -I -c '{LEFT}' & echo $!")
    left = int(process.stdout.readline())
    assert "RTM_GETLINK" in process.stderr.readline()
    assert "RTM_NEWLINK" in process.stderr.readline()
    status = Path(f"/proc/{left}/status")
    tracer = int(status.read_text().partition("TracerPid:")[2].split()[0])
    os.kill(tracer, signal.SIGSTOP)
    os.kill(process.pid, signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=TIMEOUT)

    assert "TracerPid:\t0\n" in status.read_text()
    os.kill(left, signal.SIGKILL)
    assert 0 == process.returncode
    assert " ended after " in err


LEFT = (
    ASK
    + """
ask(1)
for number in 0, 1, 2: os.close(number)
import signal
signal.pause()
"""
)


@pytest.mark.skipif(os.geteuid() != 0, reason="this host: root alone can take its rights away")
def test_without_the_right_to_an_nlmon_device() -> None:
    needs("setpriv")
    without = ["setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-all"]
    status, out, err = ran(*without, *line("--via", "nlmon"), "echo", "never")

    assert (2, "", "nldissect: nlmon can't watch here: it needs CAP_NET_ADMIN; use sudo\n") == (status, out, err)


def test_who_did_not_ask_for_a_reason_is_told_so() -> None:
    """The second refusal comes to a socket with NETLINK_EXT_ACK; for this one the kernel has no words all the same."""
    _, _, err = ran(*line(program="ask(77777); kernel.setsockopt(270, 11, 1); ask(77778)"))
    reasons = [one.strip() for one in err.splitlines() if "no reason" in one]

    assert 2 == len(reasons) and "= the kernel gives no reason" == reasons[1]
    assert reasons[0] == f"{reasons[1]}: the program did not ask for one (NETLINK_EXT_ACK); --extack may hear it"


def test_the_doctor_says_how_commands_are_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (True, "`nldissect run -- COMMAND` watches a command with strace") == watching_here()
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(doctor_check, "unable", lambda: None)
    assert (True, "`nldissect run -- COMMAND` watches a command on an nlmon device: strace is not installed") == (
        watching_here()
    )
    monkeypatch.setattr(doctor_check, "unable", lambda: "it needs CAP_NET_ADMIN; use sudo")
    assert (False, "strace is not installed") == watching_here()


def watching_here() -> tuple[bool, str]:
    check = doctor_check.watching()
    return check.ok, check.text
