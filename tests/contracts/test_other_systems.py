"""Reading on macOS and Windows, whose Python lacks modules and calls: hidden here, in a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.paths import ROOT

HIDE = """
import asyncio, builtins, os, pydoc, signal, socket, sys, types    # asyncio and pydoc take the real system's parts
sys.platform = sys.argv.pop(1)
sys.modules["_winapi"] = types.ModuleType("_winapi")        # shutil of Python 3.12 and newer asks for it
sys.modules["_scproxy"] = types.SimpleNamespace(_get_proxies=dict, _get_proxy_settings=dict)
hidden = {os: "sched_getaffinity", socket: "AF_NETLINK AF_PACKET"}
modules = "pcapy"
if sys.platform == "darwin":
    import fcntl
    hidden[fcntl] = "F_SETPIPE_SZ"
else:
    modules += " fcntl grp pwd resource termios"
    hidden[os] += " fork geteuid getegid getuid getgid fchmod fchown chown pread preadv uname O_CLOEXEC O_NONBLOCK"
    hidden[socket] += " AF_UNIX"
    hidden[signal] = "SIGHUP SIGUSR1 SIGUSR2 SIGCHLD SIGPIPE SIGQUIT SIGALRM"
for place, names in hidden.items():
    for name in names.split():
        delattr(place, name)
sys.modules |= dict.fromkeys(modules.split())

def without_proc(call):
    def checked(path, *others, **options):
        if str(path).startswith("/proc"):
            raise FileNotFoundError(2, "No such file or directory", str(path))
        return call(path, *others, **options)
    return checked

def without_10(call):                       # AF_INET6 has another number there
    def checked(family, address):
        if type(family) is int and family == 10:
            raise OSError("unknown address family")
        return call(family, address)
    return checked

builtins.open, os.open, os.stat = without_proc(open), without_proc(os.open), without_proc(os.stat)
socket.inet_ntop, socket.inet_pton = without_10(socket.inet_ntop), without_10(socket.inet_pton)
os.strerror = lambda number: "another error"
"""

COMMAND = f"{HIDE}\nfrom nldissect.cli import main\nsys.exit(main(sys.argv[1:]))"

READ = {
    "list": ["read", "captures/tour.pcap"],
    "tree": ["read", "-V", "captures/tour.pcap"],
    "ndjson": ["read", "-T", "ndjson", "captures/tour.pcap"],
    "fields": ["read", "captures/tour.pcap", "-Y", "IFA_ADDRESS in fe80::/10", "-T", "fields", "-e", "IFA_ADDRESS"],
    "stats": ["stats", "captures/tour.pcap"],
    "exchanges": ["exchanges", "captures/errors.pcap"],
    "changes": ["changes", "captures/tour.pcap"],
    "several": ["read", "captures/tour.pcap", "captures/errors.pcap"],
    "names": ["fields", "IFLA_VLAN"],
    "send": ["send", "--dry-run", "captures/vlan_add.pcap"],
}


def run(*command: str, data: bytes | None = None) -> tuple[int, bytes, bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SystemRoot": "/"}
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, input=data, capture_output=True)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("system", ["darwin", "win32"])
@pytest.mark.parametrize("name", READ)
def test_the_same_as_here(name: str, system: str) -> None:
    expected = run("-m", "nldissect", *READ[name])
    assert 0 == expected[0] and expected[1]
    assert expected == run("-c", COMMAND, system, *READ[name])


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_files_are_written(system: str, tmp_path: Path) -> None:
    for name in ("x.pcapng", "x.pcap"):
        assert (0, b"", b"") == run("-c", COMMAND, system, "read", "captures/tour.pcap", "-w", str(tmp_path / name))
    assert (tmp_path / "x.pcap").read_bytes() == (ROOT / "captures/tour.pcap").read_bytes()
    pytest.importorskip("pyarrow", reason="no pyarrow; pip install pyarrow")
    assert 0 == run("-c", COMMAND, system, "export", "captures/tour.pcap", str(tmp_path / "x.parquet"))[0]


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_a_copy_of_standard_input_is_read_again_and_goes(system: str, tmp_path: Path) -> None:
    """Off Linux an open file without a name can't be opened anew."""
    data = (ROOT / "captures/tour.pcap").read_bytes()
    program = f"import tempfile; tempfile.tempdir = {str(tmp_path)!r}\n{COMMAND}"
    assert run("-m", "nldissect", "stats", "-", data=data) == run("-c", program, system, "stats", "-", data=data)
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("system", ["darwin", "win32"])
@pytest.mark.parametrize(
    "command", [["capture"], ["doctor"], ["run", "--", "true"], ["sockets"], ["send", "captures/vlan_add.pcap"]]
)
def test_what_needs_linux_says_so(command: list[str], system: str) -> None:
    says = f"nldissect: {command[0]} needs Linux, and this is {system}; captures made there can be read here\n"
    assert (2, b"", says.encode()) == run("-c", COMMAND, system, *command)


def test_the_viewer_on_windows_is_not_to_be_had() -> None:
    says = b"nldissect: view needs a terminal of Linux or macOS; nldissect read prints lines\n"
    assert (2, b"", says) == run("-c", COMMAND, "win32", "view", "captures/tour.pcap")


@pytest.mark.parametrize(
    ("system", "viewer"), [("darwin", "import nldissect.viewer.app, nldissect.viewer.user_config"), ("win32", "")]
)
def test_python(system: str, viewer: str) -> None:
    program = f"""{HIDE}
import nldissect
from nldissect.wire import nlmsghdr
{viewer}
with nldissect.open("captures/tour.pcap") as cap:
    print(len(cap.filter("error")), cap.frame(3).messages[0].summary())
"""
    status, out, errors = run("-c", program, system)
    assert (0, b"") == (status, errors) and out
