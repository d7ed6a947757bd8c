"""The command line as a shell sees it: what goes to standard output and error, and the exit status.

A command is a process of its own, with its own descriptors, environment and end, but it does not begin with half a
second of imports: it is forked from a process that has imported the program and done nothing else. Where the start
itself matters (PYTHON... and LC_... in the environment, what is imported when), `python -m nldissect` is run.
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import importlib
import marshal
import os
import pkgutil
import pty
import signal
import socket
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from tests.helpers.paths import ROOT

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
NLDISSECT = [sys.executable, "-m", "nldissect"]
TIMEOUT = 60
HIDES = "of the capture itself not shown; --own shows them"
PACKAGES = ("nldissect.columns", "nldissect.analysis", "nldissect.render")
"""What commands import when they run, besides `nldissect.all`."""


def run(*arguments: object, stdin: bytes | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run `nldissect ARGUMENTS`."""
    words = [str(one) for one in arguments]
    if any(name.startswith(("PYTHON", "LC_")) for name in environment):
        return started(*words, stdin=stdin, **environment)
    pipes = [os.pipe() for _ in range(3)]
    (theirs, into), (out, to_out), (error, to_error) = pipes
    with ThreadPoolExecutor(3) as pool:
        _server.start(words, [theirs, to_out, to_error], ENVIRONMENT | environment)
        for number in (theirs, to_out, to_error):
            os.close(number)
        texts = [pool.submit(_read, number) for number in (out, error)]
        pool.submit(_write, into, stdin or b"")
    return subprocess.CompletedProcess(words, _server.wait(), *(text.result() for text in texts))


def started(*arguments: object, stdin: bytes | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run `python -m nldissect ARGUMENTS`."""
    return subprocess.run(
        [*NLDISSECT, *map(str, arguments)],
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        env=ENVIRONMENT | environment,
        timeout=TIMEOUT,
        check=False,
    )


def lines(*arguments: object, status: int = 0, stdin: bytes | None = None, **environment: str) -> list[str]:
    """What a command prints; on standard error it may count what it hides, and must say nothing else."""
    done = run(*arguments, stdin=stdin, **environment)
    assert status == done.returncode, done.stderr.decode()
    assert status or not [line for line in done.stderr.decode().splitlines() if not line.endswith(HIDES)]
    return done.stdout.decode().splitlines()


def complaint(*arguments: object, status: int = 2, stdin: bytes | None = None) -> str:
    """The one line on standard error of a command that fails."""
    done = run(*arguments, stdin=stdin)
    assert status == done.returncode
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("nldissect: ")
    return line


def terminal(*arguments: str, **environment: str) -> str:
    """What a terminal of 100 columns gets."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    with open(os.devnull, "r+b") as nowhere:
        streams = [nowhere.fileno(), slave, nowhere.fileno()]
        _server.start(list(arguments), streams, {**ENVIRONMENT, "TERM": "xterm-256color", **environment})
    os.close(slave)
    data = b""
    with suppress(OSError):  # the other side is closed
        while more := os.read(master, 65536):
            data += more
    _server.wait()
    os.close(master)
    return data.decode()


def _read(number: int) -> bytes:
    with open(number, "rb") as stream:
        return stream.read()


def _write(number: int, data: bytes) -> None:
    with suppress(BrokenPipeError), open(number, "wb") as stream:
        stream.write(data)


class Server:
    """The process that commands are forked from, and the line to it. A request is answered by a pid and a status."""

    def __init__(self) -> None:
        self._line: socket.socket | None = None

    def start(self, arguments: list[str], streams: list[int], environment: Mapping[str, str]) -> None:
        """Begin a command with these descriptors as its standard input, output and error."""
        if self._line is None:
            self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            command = [sys.executable, __file__, str(theirs.fileno())]
            self._process = subprocess.Popen(
                command, pass_fds=[theirs.fileno()], env=ENVIRONMENT, stdin=subprocess.DEVNULL
            )
            theirs.close()
            self._line.settimeout(TIMEOUT)
            atexit.register(self._end)
        request = marshal.dumps((arguments, dict(environment), os.getcwd()))
        socket.send_fds(self._line, [request], streams)
        self._pid = int(self._line.recv(64))

    def wait(self) -> int:
        """The status of the command that was begun."""
        assert self._line is not None
        try:
            return int(self._line.recv(64))
        except TimeoutError:
            os.kill(self._pid, signal.SIGKILL)
            self._line.recv(64)
            raise

    def _end(self) -> None:
        assert self._line is not None
        self._line.close()
        self._process.wait()


_server = Server()


def _import_program() -> None:
    importlib.import_module("nldissect.all")
    importlib.import_module("nldissect.cli")
    for package in PACKAGES:
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
            importlib.import_module(module.name)


def _serve(line: socket.socket) -> None:
    """Fork a child for each request, until the other end is closed."""
    while True:
        request, streams, _, _ = socket.recv_fds(line, 1 << 16, 3)
        if not request:
            return
        pid = os.fork()
        if pid == 0:
            line.close()
            _become(*marshal.loads(request), streams)
            _end(_status())
        for number in streams:
            os.close(number)
        line.send(b"%d" % pid)
        line.send(b"%d" % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def _become(arguments: list[str], environment: dict[str, str], folder: str, streams: list[int]) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    sys.argv = ["nldissect", *arguments]
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", errors="backslashreplace", closefd=False)  # noqa: SIM115


def _status() -> int:
    """Run the command, as the interpreter runs a program."""
    try:
        status: object = importlib.import_module("nldissect.cli").main()
    except SystemExit as leaving:
        status = leaving.code
    return status if isinstance(status, int) else int(status is not None)


def _end(status: int) -> None:
    """At once: taking down every module by hand would write to all of the memory that is shared until then."""
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    _import_program()
    gc.freeze()
    _serve(socket.socket(fileno=int(sys.argv[1])))
