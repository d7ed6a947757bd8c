"""A real Linux kernel for tests: user-mode-linux boots once on the host's own file system and runs scripts.

    kernel.missing()                    None, or why there is no such kernel here and what to install
    kernel.run("ip link show").output   what the script printed; the first call boots, later calls take milliseconds

Each script starts in its own network, mount and process namespace (`lo` up, empty /run, nothing left behind), sees the
host's files as the calling user does, and may write wherever the user may, pytest's tmp_path included. A file keeps the
host's owner, and the caller is root in there: where an ordinary user calls, root without capabilities is a stranger to
what it made, so temporary files go to /run, which is the guest's own. Of a home that is closed to others only what
leads to this repository, its Python and the temporary files is there, and is open to all users of the guest.
Kernel: Debian's package user-mode-linux, installed or unpacked with `dpkg -x` into $NLDISSECT_UML_ROOT.
"""

from __future__ import annotations

import atexit
import os
import selectors
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.helpers.paths import ROOT

SEARCH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"])
TOOLS = {"modprobe": "kmod", "ip": "iproute2", "unshare": "util-linux", "mount": "mount"}
BOOT_TIMEOUT = 60.0
WARNINGS = "error:This process:DeprecationWarning"  # "... is multi-threaded, use of fork() may lead to deadlocks"

INIT = """#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
mountpoint -q /dev || mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts -o ptmxmode=666 devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
ln -sf pts/ptmx /dev/ptmx
ln -sfn /proc/self/fd /dev/fd
echo > /proc/sys/kernel/hotplug
echo {work}/bin/modprobe > /proc/sys/kernel/modprobe
{work}/bin/modprobe ipv6
# Without this a module loaded for one script puts tunl0, sit0 and the like into every later script's namespace.
echo 2 > /proc/sys/net/core/fb_tunnels_only_for_init_net
ip link set lo up
echo @ready
while read -r number; do
    job={work}/$number
    sh $job/start </dev/null >$job/output 2>&1
    echo $? >$job/status
    sync
    echo @done $number
done
echo o > /proc/sysrq-trigger
sleep 60
"""

ISOLATED = "unshare --mount --net --pid --fork --kill-child --mount-proc sh {job}/inside"

INSIDE = """mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
ip link set lo up
"""

OPENED = """mkdir /run/closed
mount --bind {closed} /run/closed
mount -t tmpfs -o mode=755 tmpfs {closed}
for name in {names}; do
    mkdir {closed}/"$name"
    mount --bind /run/closed/"$name" {closed}/"$name"
done
umount /run/closed
rmdir /run/closed
"""


@dataclass(frozen=True)
class Result:
    """What a script left: its exit status, and all it printed on stdout and stderr."""

    status: int
    output: str


class KernelError(RuntimeError):
    """The kernel did not boot, died, or the script outlasted its timeout."""


def _program() -> str | None:
    root = os.environ.get("NLDISSECT_UML_ROOT")
    return shutil.which("linux.uml", path=f"{root}/usr/bin" if root else SEARCH)


def _modules() -> Path | None:
    base = Path(os.environ.get("NLDISSECT_UML_ROOT") or "/") / "usr/lib/uml/modules"
    program = _program()
    if program is None:
        return None
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    return base / version if version and (base / version).is_dir() else None


def _needs_whole_registers() -> bool:
    """Whether linux.uml can't set this processor's registers by itself (xstate.c says why)."""
    flags = Path("/proc/cpuinfo").read_text().partition("flags")[2].partition("\n")[0].split()
    return "amx_tile" in flags


def missing() -> str | None:
    """Why the kernel can't be used here, in one line that says what to install; None if it can."""
    if sys.platform != "linux":
        return "user-mode-linux runs on Linux only"
    lacks = {} if _program() else {"linux.uml": "user-mode-linux"}
    lacks |= {tool: package for tool, package in TOOLS.items() if shutil.which(tool, path=SEARCH) is None}
    if lacks:
        packages = f"the package{'s'[: len(lacks) > 1]} {' '.join(lacks.values())}"
        return f"no {', '.join(lacks)}; install {packages} (NLDISSECT_UML_ROOT names an unpacked user-mode-linux)"
    if _modules() is None:
        return "no modules for linux.uml below usr/lib/uml/modules; install the package user-mode-linux whole"
    if _needs_whole_registers() and shutil.which("cc") is None:
        return "no cc, and linux.uml needs help on a processor with AMX; install the packages gcc libc6-dev"
    return None


def excuse() -> str:
    """Why tests that boot it are skipped here; "" where they are not: it is there, or it is required."""
    return "" if required() else missing() or ""


def required() -> str:
    """NLDISSECT_REQUIRE_KERNEL: "1" where the kernel and all else that tests need must be there (skips.py), "alone"
    where the kernel must, "" where nothing must."""
    value = os.environ.get("NLDISSECT_REQUIRE_KERNEL", "")
    return value if value in ("1", "alone") else ""


def _opening() -> str:
    """Lines that let every user of the guest in where the host lets the caller's user only, outermost place first."""
    entries: dict[Path, set[str]] = {}
    for path in (ROOT, Path(sys.prefix), Path(sys.base_prefix)):
        for above, below in pairwise([*reversed(path.parents), path]):
            if not above.stat().st_mode & stat.S_IXOTH:
                entries.setdefault(above, set()).add(below.name)
    for closed, names in entries.items():
        for path in (Path.cwd(), Path(tempfile.gettempdir())):
            if closed in path.parents:
                names.add(path.relative_to(closed).parts[0])
    return "".join(
        OPENED.format(closed=shlex.quote(str(closed)), names=shlex.join(sorted(names)))
        for closed, names in sorted(entries.items())
    )


class Guest:
    """One running kernel. Scripts go in by number over its console; status and output come back as files."""

    def __init__(self, memory: str = "768M") -> None:
        reason = missing()
        if reason is not None:
            raise KernelError(reason)
        program, modules = _program(), _modules()
        assert program is not None and modules is not None
        self._work = Path(tempfile.mkdtemp(prefix="nldissect-kernel-"))
        self._console = b""
        self._number = 0
        self._install(modules)
        preload = {"LD_PRELOAD": self._whole_registers()} if _needs_whole_registers() else {}
        command = [
            program, f"mem={memory}", "rootfstype=hostfs", "rootflags=/", "rw", "quiet",
            f"init={self._work}/init", f"uml_dir={self._work}/uml", "con=null", "con0=fd:0,fd:1",
        ]  # fmt: skip
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={"PATH": SEARCH, "HOME": str(self._work), "TERM": "linux", **preload},
        )
        self._wait(b"@ready", BOOT_TIMEOUT, "boot")

    def _install(self, modules: Path) -> None:
        """The guest's init and modprobe. `modprobe -d ROOT` wants ROOT/lib/modules/VERSION."""
        library = self._work / "root/lib/modules"
        library.mkdir(parents=True)
        (library / modules.name).symlink_to(modules)
        modprobe = shutil.which("modprobe", path=SEARCH)
        (self._work / "bin").mkdir()
        self._write(self._work / "bin/modprobe", f'#!/bin/sh\nexec {modprobe} -d {self._work}/root "$@"\n')
        self._write(self._work / "init", INIT.format(work=self._work))

    def _whole_registers(self) -> str:
        """xstate.c as a library for LD_PRELOAD."""
        library = str(self._work / "xstate.so")
        subprocess.run(
            ["cc", "-O2", "-shared", "-fPIC", "-o", library, Path(__file__).with_name("xstate.c")], check=True
        )
        return library

    @staticmethod
    def _write(path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o755)

    def _wait(self, marker: bytes, timeout: float, what: str) -> None:
        """Read the console until `marker` is a line of it."""
        assert self._process.stdout is not None
        deadline = time.monotonic() + timeout
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while marker not in self._console.splitlines():
                ready = selector.select(max(0.0, deadline - time.monotonic()))
                chunk = os.read(self._process.stdout.fileno(), 65536) if ready else b""
                if not chunk:
                    tail = self._console.decode(errors="replace")[-2000:]
                    self.close()
                    raise KernelError(f"{what}: {'the kernel died' if ready else f'no end after {timeout} s'}\n{tail}")
                self._console += chunk

    def run(
        self,
        script: str,
        *,
        timeout: float = 120,
        environment: Mapping[str, str] | None = None,
        interpreter: str = "/bin/sh",
        isolated: bool = True,
    ) -> Result:
        """Run a script (interpreter=sys.executable for Python); isolated=False: in the kernel's first namespaces."""
        self._number += 1
        job = self._work / str(self._number)
        job.mkdir()
        variables = {
            "PATH": os.pathsep.join([str(self._work / "bin"), str(Path(sys.executable).parent), SEARCH]),
            "HOME": str(self._work),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONWARNINGS": WARNINGS,
            "TMPDIR": "/run",
            **(environment or {}),
        }
        exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
        enter = exports + f"cd {shlex.quote(str(Path.cwd()))}\nexec {interpreter} {job}/script\n"
        self._write(job / "script", script)
        self._write(job / "inside", INSIDE + _opening() + enter)
        self._write(job / "start", ISOLATED.format(job=job) if isolated else enter)
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(b"%d\n" % self._number)
            self._process.stdin.flush()
        except BrokenPipeError:
            self.close()
            raise KernelError("the kernel died before the script") from None
        self._wait(b"@done %d" % self._number, timeout, "script")
        output = (job / "output").read_bytes().decode(errors="replace")
        return Result(int((job / "status").read_text()), output)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """End the kernel with all its processes and remove its directory."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()
        shutil.rmtree(self._work, ignore_errors=True)


_guest: Guest | None = None


def run(
    script: str,
    *,
    timeout: float = 120,
    environment: Mapping[str, str] | None = None,
    interpreter: str = "/bin/sh",
    isolated: bool = True,
) -> Result:
    """Run a script in the one kernel of this process, booting it first if need be."""
    global _guest
    if _guest is None or not _guest.alive:
        _guest = Guest()
        atexit.register(_guest.close)
    return _guest.run(script, timeout=timeout, environment=environment, interpreter=interpreter, isolated=isolated)
