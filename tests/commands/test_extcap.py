"""nldissect as an external capture program of Wireshark: what it is asked, and the real tshark that asks it."""

from __future__ import annotations

import shutil
import socket
import sys
from pathlib import Path
from types import ModuleType

import pytest

from nldissect.capfile import open_capture
from nldissect.capture import doctor
from nldissect.cli import main
from tests.helpers.paths import ROOT
from tests.helpers.skips import missing_programs

PLACE = ".local/lib/wireshark/extcap"


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    capsys.readouterr()
    assert main(arguments) == 0
    return capsys.readouterr().out.splitlines()


def test_what_wireshark_asks(capsys: pytest.CaptureFixture[str]) -> None:
    program, *interfaces = asked(capsys, "--extcap-interfaces", "--extcap-version=4.4")
    assert program.startswith("extcap {version=") and program.endswith("{display=nldissect}")
    assert [
        "interface {value=nlmon}{display=netlink (nldissect)}",
        "interface {value=netlink-groups}{display=netlink groups (nldissect)}",
    ] == interfaces
    (dlt,) = asked(capsys, "--extcap-interface", "nlmon", "--extcap-dlts")
    assert dlt == "dlt {number=253}{name=NETLINK}{display=Linux netlink}"
    space, groups = asked(capsys, "--extcap-config", "--extcap-interface", "netlink-groups")
    assert space.startswith("arg {number=0}{call=--netns}") and groups.startswith("arg {number=1}{call=--groups}")
    assert [space] == asked(capsys, "--extcap-config", "--extcap-interface", "nlmon")


def test_filters_are_judged(capsys: pytest.CaptureFixture[str]) -> None:
    """Silence is consent; so is a protocol that groups show and nlmon does not."""
    ask = ("--extcap-interface", "nlmon", "--extcap-capture-filter")
    assert [] == asked(capsys, *ask, "type RTM_NEWLINK")
    (why,) = asked(capsys, *ask, "tcp port 80")
    assert why.startswith("netlink messages are no packets of a network")
    (why,) = asked(capsys, *ask, "protocol uevent")
    assert "never reaches an nlmon device" in why
    assert [] == asked(capsys, "--extcap-interface", "netlink-groups", *ask[2:], "protocol uevent")


def test_mistakes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--extcap-interface", "eth0", "--extcap-dlts"]) == 2
    assert "no interface eth0; there are nlmon, netlink-groups" in capsys.readouterr().err
    assert main(["--capture", "--extcap-interface", "nlmon"]) == 2
    assert "--capture needs --fifo FILE" in capsys.readouterr().err


def installed(home: Path) -> Path:
    """The program where Wireshark looks for it (page "capture"); not installed here, so by a line of shell."""
    script = home / PLACE / "nldissect"
    script.parent.mkdir(parents=True)
    script.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -B -m nldissect "$@"\n')
    script.chmod(0o755)
    return script


def test_the_doctor_looks_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/" + name)
    absent = doctor._wireshark(tmp_path, tmp_path)
    assert absent.ok and absent.remedy == f'mkdir -p ~/{PLACE} && ln -s "$(command -v nldissect)" ~/{PLACE}/'
    installed(tmp_path)
    there = doctor._wireshark(tmp_path, tmp_path)
    assert there.remedy is None and str(tmp_path / PLACE) in there.text
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert "not installed here" in doctor._wireshark(tmp_path, tmp_path).text


TSHARK = """
import contextlib, shutil, signal, socket, subprocess, sys, time
from pathlib import Path

def captures():                             # processes of ours that tshark began
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            lines.append(path.read_bytes().replace(b"\\0", b" ").decode())
    return [line for line in lines if "--extcap-interface" in line and "--capture" in line]

print(subprocess.check_output(["tshark", "-D"], text=True))
command = ["tshark", "-q", "-i", "netlink-groups", "-o", "extcap.netlink_groups.groups:usersock/3", "-w", "/run/x"]
process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
one, path, begun = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_USERSOCK), Path("/run/x"), []
deadline = time.monotonic() + 60
while time.monotonic() < deadline and process.poll() is None and not (path.exists() and b"hey!" in path.read_bytes()):
    with contextlib.suppress(ConnectionRefusedError):                   # port 0 is the kernel, which hears nothing here
        one.sendto(bytes.fromhex("1400000020000000") + bytes(8) + b"hey!", (0, 1 << 2))
    begun = captures()
    time.sleep(0.1)
process.send_signal(signal.SIGINT)
print(process.communicate(timeout=30)[1])
deadline = time.monotonic() + 20
while captures() and time.monotonic() < deadline:
    time.sleep(0.05)
shutil.copyfile(path, "x.pcapng")           # dumpcap, root without capabilities, may not write there
print("begun", bool(begun), "left", len(captures()))
"""


@pytest.mark.skipif(bool(missing_programs("tshark")), reason=missing_programs("tshark"))
def test_tshark_lists_and_captures_groups(kernel: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a lone listener of a user's own group says is what tshark writes; it ends when tshark does."""
    installed(tmp_path)
    monkeypatch.chdir(tmp_path)
    ran = kernel.run(TSHARK, interpreter=sys.executable, environment={"HOME": str(tmp_path)})

    assert 0 == ran.status, ran.output
    assert "nlmon (netlink (nldissect))" in ran.output and "netlink-groups (netlink groups (nldissect))" in ran.output
    assert "begun True left 0" == ran.output.splitlines()[-1], ran.output
    with open_capture(tmp_path / "x.pcapng") as reader:
        first = next(iter(reader)).data
    assert (socket.NETLINK_USERSOCK, b"hey!") == (int.from_bytes(first[14:16], "big"), first[-4:])


def test_nlmon_in_the_real_kernel(kernel: ModuleType, tmp_path: Path) -> None:
    """Called as tshark calls; it ends, and its device goes, when the pipe is closed."""
    program = f"""
import importlib.util, os, subprocess, sys, types
package = types.ModuleType("nldissect")
package.__path__ = importlib.util.find_spec("nldissect").submodule_search_locations
sys.modules["nldissect"] = package
from nldissect.commands.extcap import extcap
os.chdir({str(tmp_path)!r})
os.mkfifo("fifo")
if os.fork() == 0:
    os._exit(extcap(["--capture", "--extcap-interface", "nlmon", "--fifo", "fifo"]))
data = b""
with open("fifo", "rb", buffering=0) as pipe:
    while b"dum1\\0" not in data:
        subprocess.run("ip link add dum1 type dummy; ip link del dum1", shell=True)
        data += pipe.read(1 << 16)
while os.waitpid(-1, os.WNOHANG) == (0, 0):
    subprocess.run("ip link add dum2 type dummy; ip link del dum2", shell=True)
open("x.pcap", "wb").write(data)
print(sorted(one.name for one in os.scandir("/sys/class/net") if one.is_dir()))  # bonding_masters is a file
"""
    ran = kernel.run(program, interpreter=sys.executable)
    assert 0 == ran.status, ran.output
    assert "['lo']" == ran.output.splitlines()[-1]
    with open_capture(tmp_path / "x.pcap") as reader:
        assert any(b"dum1\0" in record.data for record in reader)
