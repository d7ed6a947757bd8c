"""Capturing in the real kernel: nothing lost, nothing left behind, whoever dies."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from nldissect.capture.host import SUDO
from nldissect.record import open_capture

# Capturing stands on `record` and `errors` alone: the decoders are kept out, they take seconds to import in there.
PRELUDE = """
import ctypes, importlib.util, json, os, select, signal, subprocess, sys, time, types
from pathlib import Path
package = types.ModuleType("nldissect")
package.__path__ = importlib.util.find_spec("nldissect").submodule_search_locations
sys.modules["nldissect"] = package
import pcapy
from nldissect.capture import Capture, doctor, host, nlmon, privileges
from nldissect.errors import NldissectError
from nldissect.record import follow, open_capture

def sh(command):
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout

def links():
    return {link["ifname"] for link in json.loads(sh("ip -json link"))}

def until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)

def status(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.split() for name, _, value in (line.partition(":") for line in lines)}

def named(comm):
    pids = (path.parent for path in Path("/proc").glob("[0-9]*/comm") if path.read_text().strip() == comm)
    return [int(path.name) for path in pids if status(path.name)["State"][0] != "Z"]

def refused(**options):
    try:
        with Capture(**options):
            return None
    except NldissectError as error:
        return f"{type(error).__name__}: {error}"

def protocol(record):
    return int.from_bytes(record.data[14:16], "big")

def frames(live):
    return list(follow(open_capture(live.path), live.ended))

def forked(function):                       # the child stays a zombie
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(into, json.dumps(function()).encode())
        finally:
            os._exit(0)
    os.close(into)
    with open(out) as told:
        return json.load(told)

def counts(live):
    result = live.result
    return [result.captured, result.received, result.dropped, result.error]
"""


@pytest.fixture
def guest(kernel: ModuleType) -> Any:
    """Run a program in the guest; it gives back what it `told`."""

    def run(program: str, **environment: str) -> Any:
        script = f"{PRELUDE}\ntold = {{}}\n{program}\nprint('@' + json.dumps(told))\n"
        result = kernel.run(script, interpreter=sys.executable, environment=environment)
        assert result.status == 0, result.output
        lines = [line for line in result.output.splitlines() if line.startswith("@")]
        return json.loads(lines[-1][1:])

    return run


def test_all_that_a_command_says_is_captured(guest: Any) -> None:
    told = guest("""
with Capture() as live:
    told["during"] = sorted(links() - {"lo"})
    told["named"] = live.device
    for number in range(20):
        sh(f"ip link add dum{number} type dummy")
    live.stop()
    records = frames(live)
    told["seen"] = [n for n in range(20) if any(f"dum{n}\\0".encode() in record.data for record in records)]
    told["counts"] = counts(live)
    told["frames"], told["preamble"] = len(records), live.preamble
    told["numbers"] = [record.number for record in records] == list(range(1, len(records) + 1))
    told["times"] = all(0 <= time.time_ns() - record.time < 60 * 10**9 for record in records)
    told["mode"] = oct(os.stat(live.path).st_mode & 0o777)
told["after"] = sorted(name for name in links() if name.startswith("nlmon"))
told["file"] = os.path.exists(live.path)
told["processes"] = named("nldissect-live") + named("nldissect-tidy")
""")

    assert [told["named"]] == told["during"]
    assert told["named"].startswith("nlmon-")
    assert list(range(20)) == told["seen"]
    captured, received, dropped, error = told["counts"]
    assert (captured, 0, None) == (received, dropped, error)
    assert captured >= 20
    assert told["frames"] == told["preamble"] + captured
    assert told["numbers"] and told["times"]
    assert "0o600" == told["mode"]
    assert ([], False, []) == (told["after"], told["file"], told["processes"])


def test_frames_show_while_it_runs(guest: Any) -> None:
    told = guest("""
with Capture() as live:
    reader = open_capture(live.path)
    list(reader)
    begin = time.monotonic()
    sh("ip link add dum0 type dummy")
    fresh = []
    until(lambda: fresh.extend(reader) or any(b"dum0\\0" in record.data for record in fresh))
    told["waited"], told["ended"] = time.monotonic() - begin, live.ended()
""")

    assert not told["ended"]
    assert told["waited"] < 1  # libpcap's own default would be a second


def test_family_table_comes_first_and_whole(guest: Any) -> None:
    told = guest("""
sh("modprobe team")
with Capture(snaplen=40, filter="link[14:2] == 0") as live:
    sh("ip link")
    live.stop()
    records = frames(live)
    table, rest = records[:live.preamble], records[live.preamble:]
    told["requests"] = [record.data[20:24].hex() + record.data[32:36].hex() for record in table][:1]
    told["families"] = [name for name in ("nlctrl", "team") if any(name.encode() in record.data for record in table)]
    told["done"] = table[-1].data[-20:-14].hex()
    told["protocols"] = [sorted({protocol(record) for record in part}) for part in (table, rest)]
    told["cut"] = [max(len(record.data) for record in rest), max(record.wire_length for record in rest)]
    told["whole"] = all(len(record.data) == record.wire_length for record in table)
with Capture(ask_families=False) as live:
    live.stop()
    told["unasked"] = [live.preamble, len(frames(live))]
""")

    assert ["10000503" + "03010000"] == told["requests"]  # nlctrl, request|ack|dump; CTRL_CMD_GETFAMILY
    assert ["nlctrl", "team"] == told["families"]
    assert "14000000" + "0300" == told["done"]  # NLMSG_DONE, perhaps in the last datagram of the answer
    assert [[16], [0]] == told["protocols"]
    assert 40 == told["cut"][0] and told["cut"][1] > 1000
    assert told["whole"]
    assert [0, 0] == told["unasked"]


def test_family_that_comes_later_is_announced(guest: Any) -> None:
    """nlmon shows a notification only where somebody listens: the capture process does."""
    told = guest("""
sh("modprobe macsec; modprobe -r macsec")
with Capture() as live:
    sh("modprobe macsec")
    live.stop()
    told["news"] = [r.data[32] for r in frames(live)[live.preamble:] if protocol(r) == 16 and b"macsec\\0" in r.data]
""")

    assert 1 in told["news"]  # CTRL_CMD_NEWFAMILY


def test_ten_thousand_messages_are_not_lost(guest: Any) -> None:
    told = guest("""
lines = "".join(f"route add 10.{n // 250}.{n % 250}.0/24 dev dum0\\n" for n in range(5000))
sh("ip link add dum0 type dummy; ip link set dum0 up")
with Capture() as live:
    subprocess.run(["ip", "-batch", "-"], input=lines, text=True, check=True)
    live.stop()
    told["frames"] = sum(len(window.starts) for window in open_capture(live.path).windows()) if live.result else 0
    told["counts"], told["preamble"] = counts(live), live.preamble
""")

    captured, received, dropped, error = told["counts"]
    assert captured == received >= 10_000  # a request and its answer
    assert (0, None) == (dropped, error)
    assert told["frames"] == captured + told["preamble"]


def test_frames_lost_for_want_of_room_are_counted(guest: Any) -> None:
    told = guest("""
lines = "".join(f"link add dum{n} type dummy\\n" for n in range(100))
subprocess.run(["ip", "-batch", "-"], input=lines, text=True, check=True)
with Capture(buffer_mib=1) as live:
    (capture,) = named("nldissect-live")
    os.kill(capture, signal.SIGSTOP)
    subprocess.run(["ip", "-batch", "-"], input="link show\\n" * 40, text=True, check=True, stdout=subprocess.DEVNULL)
    os.kill(capture, signal.SIGCONT)
    until(lambda: live.progress.captured + live.progress.dropped > 40)
    before = live.progress.captured
    sh("ip link show")
    live.stop()
    told["counts"] = counts(live)
    records = frames(live)
    told["whole"] = len(records) - live.preamble
    told["comments"] = [[r.number - live.preamble > before, r.comments] for r in records if r.comments and not r.own]
""")

    captured, received, dropped, error = told["counts"]
    assert dropped > 0 and captured > 0
    assert [[True, [f"nldissect: lost {dropped}"]]] == told["comments"]
    assert captured + dropped == received
    assert error is None
    assert captured == told["whole"]


def test_count_and_duration_end_it(guest: Any) -> None:
    told = guest("""
with Capture(count=3) as live:
    sh("ip link; ip link; ip addr")
    records = frames(live)
    told["count"] = [len(records) - live.preamble, *counts(live)[:1]]
begin = time.monotonic()
with Capture(duration=0.3) as live:
    ready = time.monotonic()
    told["duration"] = [counts(live)[3], time.monotonic() - ready]
""")

    assert [3, 3] == told["count"]
    error, seconds = told["duration"]
    assert error is None and 0.25 < seconds < 3


def test_written_file_stays_and_wireshark_reads_it(guest: Any, tmp_path: Path) -> None:
    told = guest("""
for name in ("x.pcap", "x.pcapng"):
    with Capture(write=name) as live:
        sh("ip link add dum0 type dummy; ip link del dum0")
        live.stop()
        told[name] = [live.path, live.preamble, *counts(live)]
""")

    for name in ("x.pcap", "x.pcapng"):
        path, preamble, captured, received, dropped, error = told[name]
        assert (name, received, 0, None) == (path, captured, dropped, error)
        with open_capture(name) as reader:
            records = list(reader)
            assert preamble + captured == len(records)
            assert reader.finish() is None
            counted = [(entry.received, entry.dropped) for entry in reader.statistics]
        assert ([(received, 0)] if name.endswith("ng") else []) == counted
        assert 0o600 == Path(name).stat().st_mode & 0o777
        if shutil.which("tshark") is not None:
            show = [
                "tshark",
                "-r",
                name,
                "-T",
                "fields",
                "-e",
                "genl.ctrl.family_name",
                "-e",
                "netlink-route.ifla_ifname",
            ]
            shown = subprocess.run(show, capture_output=True, text=True, check=True).stdout
            assert "nlctrl" in shown and "dum0" in shown


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_standard_output(guest: Any) -> None:
    told = guest("""
out, into = os.pipe()
pid = os.fork()
if pid == 0:
    os.dup2(into, 1)
    os.close(into)
    with Capture(write="-", count=2) as live:
        live.result
    os._exit(0)
os.close(into)
with open(out, "rb") as stream:
    reader = open_capture(stream)
    while not reader.over:
        sh("ip link")
        next(iter(reader), None)
    told["frames"], told["cut"] = reader.count, reader.finish()
told["status"] = os.waitpid(pid, 0)[1]
""")

    assert {"frames": 4, "cut": None, "status": 0} == told


HOLDER = """
def hold():
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        try:
            with Capture(write="x.pcap") as live:
                os.write(into, live.device.encode() + b"\\n")
                try:
                    live.result
                except KeyboardInterrupt:
                    pass
            os.write(into, json.dumps([*counts(live), live.device in links()]).encode() + b"\\n")
        finally:
            os._exit(0)
    os.close(into)
    said = open(out)
    device = said.readline().strip()
    assert device in links()
    sh("ip link add dum0 type dummy")
    return pid, device, said

def wrote():
    return b"dum0\\0" in Path("x.pcap").read_bytes()

def gone(device):
    until(lambda: device not in links())
    until(lambda: not named("nldissect-live") and not named("nldissect-tidy"))
    reader = open_capture("x.pcap")
    return [len(list(reader)) > 0 and wrote(), reader.finish()]
"""


@pytest.mark.parametrize("number", ["SIGTERM", "SIGKILL"])
def test_parent_killed(guest: Any, number: str) -> None:
    told = guest(f"""{HOLDER}
pid, device, said = hold()
os.kill(pid, signal.{number})
told["status"] = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
told["left"] = gone(device)
""")

    assert told["status"] < 0
    assert [True, None] == told["left"]


def test_capture_process_killed(guest: Any) -> None:
    """It can't drain then: what it had written is whole, and the parent says what happened."""
    told = guest(f"""{HOLDER}
pid, device, said = hold()
until(wrote)
(janitor,) = named("nldissect-tidy")
os.kill(janitor, signal.SIGSTOP)
os.kill(*named("nldissect-live"), signal.SIGKILL)
told["early"] = select.select([said], [], [], 0.3)[0] != []
os.kill(janitor, signal.SIGCONT)
told["said"] = json.loads(said.readline())[3:]
told["left"] = gone(device)
""")

    killed = "the capture process was killed by signal 9; x.pcap holds what came before"
    assert [killed, False] == told["said"]
    assert not told["early"]  # the block is left when the device is gone
    assert [True, None] == told["left"]


def test_parent_and_capture_process_killed_together(guest: Any) -> None:
    told = guest(f"""{HOLDER}
pid, device, said = hold()
until(wrote)
pids = [pid, *named("nldissect-live")]
for number in (signal.SIGSTOP, signal.SIGKILL):
    for pid in pids:
        os.kill(pid, number)
told["processes"], told["left"] = len(pids), gone(device)
""")

    assert 2 == told["processes"]
    assert [True, None] == told["left"]


def test_control_c_reaches_all_and_ends_in_order(guest: Any) -> None:
    told = guest(f"""{HOLDER}
pid, device, said = hold()
os.killpg(pid, signal.SIGINT)
told["said"] = json.loads(said.readline())
told["status"], told["left"] = os.waitpid(pid, 0)[1], gone(device)
""")

    captured, received, *rest = told["said"]
    assert captured == received > 0
    assert [0, None, False] == rest
    assert 0 == told["status"]
    assert [True, None] == told["left"]


def test_janitor_is_deaf_and_holds_one_privilege(guest: Any) -> None:
    told = guest("""
with Capture() as live:
    (janitor,), (capture,) = named("nldissect-tidy"), named("nldissect-live")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(janitor, number)
    told["capabilities"] = [status(pid)[name][0] for pid in (janitor, capture) for name in ("CapEff", "CapPrm")]
    told["session"] = [os.getsid(janitor) == janitor, os.getsid(capture) == os.getsid(0)]
    told["janitor"] = sorted(os.readlink(path).partition(":")[0] for path in Path(f"/proc/{janitor}/fd").iterdir())
told["after"] = [named("nldissect-tidy"), sorted(links())]
""")

    net_admin = f"{1 << 12:016x}"
    assert [net_admin, net_admin, "0" * 16, "0" * 16] == told["capabilities"]
    assert [True, True] == told["session"]
    assert ["/dev/null"] * 3 + ["pipe", "socket"] == told["janitor"]
    assert [[], ["lo"]] == told["after"]


def test_janitor_removes_its_own_device_only(guest: Any) -> None:
    """The device went, and another took its name or its number: both must fit."""
    told = guest("""
with Capture() as live:
    sh(f"ip link del {live.device}; ip link add {live.device} type dummy")
    told["error"] = counts(live)[3]
    told["device"] = live.device
with Capture() as live:
    index = Path(f"/sys/class/net/{live.device}/ifindex").read_text().strip()
    os.kill(*named("nldissect-tidy"), signal.SIGSTOP)
    sh(f"ip link del {live.device}; ip link add dum0 index {index} type dummy")
    os.kill(*named("nldissect-tidy"), signal.SIGCONT)
told["after"] = sorted(links())
""")

    assert told["error"].startswith(f"{told['device']}: ") and told["error"].endswith(
        "was the device removed or set down?"
    )
    assert ["dum0", "lo", told["device"]] == told["after"]


def test_existing_device_is_used_and_left(guest: Any) -> None:
    told = guest("""
sh("ip link add tap9 type nlmon")
told["down"] = refused(interface="tap9")
sh("ip link set tap9 up")
with Capture("tap9") as live:
    told["links"], told["janitors"] = sorted(links()), named("nldissect-tidy")
    sh("ip link add dum0 type dummy")
    live.stop()
    told["seen"] = any(b"dum0\\0" in record.data for record in frames(live))
told["after"] = sorted(links())
told["elsewhere"] = refused(interface="tap8")
""")

    assert "CaptureError: tap9 is down; run `ip link set tap9 up` first" == told["down"]
    assert (["lo", "tap9"], [], True) == (told["links"], told["janitors"], told["seen"])
    assert ["dum0", "lo", "tap9"] == told["after"]
    assert "CaptureError: no interface tap8 here; nlmon devices: tap9" == told["elsewhere"]


def test_leftovers(guest: Any) -> None:
    told = guest("""
left = [forked(lambda: nlmon.create().name) for _ in "ab"]
unsigned, foreign = "nlmon-4194301", "nlmon-4194302"
for name in (unsigned, foreign, "nlmon0", "nlmon-x"):
    sh(f"ip link add {name} type nlmon")
sh(f"ip link set {foreign} alias 'made by somebody'")
mine = nlmon.create()
other = nlmon.create()
sh(f"ip link set {other.name} alias 'nldissect pid {os.getpid()} started 1 in {os.stat('/proc/self/ns/pid').st_ino}'")
third = nlmon.create()
sh(f"ip link set {third.name} alias 'nldissect pid 4194301 started 1 in 1'")
told["expected"] = sorted([*left, unsigned, other.name])
told["found"] = sorted(device.name for device in nlmon.leftovers())
(check,) = [check for check in doctor.checks() if check.name == "leftovers"]
told["doctor"] = [check.ok, all(f"sudo ip link del {name}" in check.remedy for name in told["found"])]
with Capture():
    pass
told["after"] = sorted(links())
told["kept"] = sorted(["lo", foreign, "nlmon0", "nlmon-x", mine.name, third.name])
""")

    assert told["expected"] == told["found"]
    assert [False, True] == told["doctor"]
    assert told["kept"] == told["after"]


def test_capture_filters(guest: Any) -> None:
    told = guest("""
told["wrong"] = refused(filter="link[14:2] == == 3")
told["other"] = refused(filter="tcp")
told["left"] = sorted(links())
""")

    assert told["wrong"].startswith("CaptureError: capture filter link[14:2] == == 3: ")
    assert told["wrong"].endswith("syntax error; see pcap-filter(7)")
    assert told["other"].startswith("CaptureError: capture filter tcp: ")
    assert ["lo"] == told["left"]


def test_final_user(guest: Any) -> None:
    """The file is opened as the final user, and the process keeps nothing of root."""
    told = guest("""
os.chdir("/run")
os.environ["TMPDIR"] = "/run"
os.chmod("/run", 0o755)
os.mkdir("theirs")
os.chown("theirs", 65534, 65534)
os.mkdir("ours", 0o755)
with Capture(user="nobody", write="theirs/x.pcap") as live:
    told["ids"] = [status(*named("nldissect-live"))[name] for name in ("Uid", "Gid", "Groups", "CapPrm")]
    told["owner"] = [os.stat(live.path).st_uid, oct(os.stat(live.path).st_mode & 0o777)]
with Capture(user="nobody") as live:
    told["private"] = [os.stat(live.path).st_uid, oct(os.stat(live.path).st_mode & 0o777)]
    sh("ip link add dum0 type dummy")
    live.stop()
    told["seen"] = any(b"dum0\\0" in record.data for record in frames(live))
os.environ["SUDO_UID"] = "65534"
told["refused"] = refused(write="ours/x.pcap")
told["root"] = refused(write="ours/x.pcap", user="root")
told["left"] = sorted(links())
""")

    nobody = ["65534"] * 4
    assert [nobody, nobody, told["ids"][2], ["0" * 16]] == told["ids"]
    assert "0" not in told["ids"][2]
    assert [65534, "0o600"] == told["owner"] == told["private"]
    assert told["seen"]
    refusal = "FileError: ours/x.pcap may not be written by user nobody; choose another place or user"
    assert refusal.removeprefix("FileError: ") in told["refused"]
    assert told["root"] is None
    assert ["dum0", "lo"] == told["left"]


def test_missing_privileges(guest: Any) -> None:
    told = guest("""
def without(number, interface):
    def drop_and_try():
        privileges.keep_only(*(other for other in range(38) if other != number))
        return refused(interface=interface)
    return forked(drop_and_try)
sh("ip link add tap9 up type nlmon")
told["told"] = [without(12, None), without(13, "tap9"), without(12, "tap9")]
""")

    line = f"{SUDO}, or `sudo setpriv --reuid "
    making, reading, using = told["told"]
    assert making.startswith(f"CaptureError: making an nlmon device needs CAP_NET_ADMIN; {line}")
    assert reading.startswith(f"CaptureError: reading tap9 needs CAP_NET_RAW; {line}")
    assert using is None


def test_ambient_capabilities_as_the_doctor_advises(guest: Any) -> None:
    """setpriv --ambient-caps; whoever shows the messages holds none of them."""
    program = """
import json, os
from nldissect.capture import Capture, drop_privileges
with Capture(write="/run/theirs/x.pcapng") as live:
    drop_privileges()
    live.stop()
    print(json.dumps([os.getuid(), live.result.error, os.stat(live.path).st_uid, live.device[:5]]))
"""
    told = guest(
        """
os.chmod("/run", 0o755)
os.mkdir("/run/theirs")
os.chown("/run/theirs", 65534, 65534)
Path("/run/program").write_text(os.environ["PROGRAM"])
(check,) = [check for check in doctor.checks() if check.name == "CAP_NET_ADMIN"]
told["root"] = check.ok
line = host.ambient_line().removeprefix("sudo ").removesuffix(" nldissect capture")
line = line.replace("--reuid 0 --regid 0 --init-groups", "--reuid 65534 --regid 65534 --clear-groups")
told["said"] = json.loads(sh(f"{line} {sys.executable} /run/program").splitlines()[-1])
told["left"] = sorted(links())
""",
        PROGRAM=program,
    )

    assert told["root"]
    assert [65534, None, 65534, "nlmon"] == told["said"]
    assert ["lo"] == told["left"]


@pytest.mark.skipif(shutil.which("dumpcap") is None, reason="no dumpcap; install the package wireshark-common")
@pytest.mark.skipif(shutil.which("setcap") is None, reason="no setcap; install the package libcap2-bin")
def test_dumpcap_reads_where_we_may_not(guest: Any) -> None:
    told = guest(f"""
os.chmod("/run", 0o1777)
sh("cp {shutil.which("dumpcap")} /run/dumpcap; setcap cap_net_raw,cap_net_admin+ep /run/dumpcap")
os.environ["PATH"] = "/run:" + os.environ["PATH"]
os.environ["TMPDIR"] = "/run"
sh("ip link add tap9 up type nlmon; ip link add dum0 type dummy")
def capture():
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
    told = [[check.ok, check.text] for check in (doctor._net_admin(), doctor._net_raw())]
    wrong = refused(interface="tap9", filter="link[14:2] == == 3")
    with Capture("tap9", filter="link[14:2] == 0", write="/run/x.pcapng") as live:
        sh("ip link show dev dum0")
        live.stop()
        return [told, wrong, counts(live), live.preamble]
told["said"] = forked(capture)
with open_capture("/run/x.pcapng") as reader:
    records = list(reader)
    told["seen"] = [b"dum0\\0" in record.data for record in records].count(True)
    told["frames"], told["protocols"] = len(records), sorted({{protocol(record) for record in records}})
    told["decimals"] = reader.interfaces[0].decimals
    told["counted"] = [[one.received, one.dropped] for one in reader.statistics]
told["left"] = named("dumpcap")
""")

    (admin, raw), wrong, (captured, received, dropped, error), preamble = told["said"]
    making = "this process may not make nlmon devices; one that is there serves: `nldissect capture -i tap9`"
    assert [True, making] == admin
    assert [True, "this process may not read from nlmon devices; /run/dumpcap may and is used instead"] == raw
    assert wrong.startswith("CaptureError: dumpcap can't read tap9: ")
    assert (received, 0, None) == (captured, dropped, error)
    assert captured >= 2 and told["seen"] >= 2
    assert preamble > 0 and [0, 16] == told["protocols"]
    assert preamble + captured == told["frames"]
    assert (9, [[captured, 0]], []) == (told["decimals"], told["counted"], told["left"])


def test_ordinary_user_in_a_namespace_of_their_own(guest: Any) -> None:
    told = guest(
        """
sh("modprobe nlmon")
os.chmod("/run", 0o1777)
def capture():
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
    libc = ctypes.CDLL(None)
    assert libc.prctl(4, 1, 0, 0, 0) == 0                   # PR_SET_DUMPABLE, or the maps belong to root
    assert libc.unshare(0x10000000 | 0x40000000) == 0       # CLONE_NEWUSER, CLONE_NEWNET
    for name, text in (("setgroups", "deny"), ("uid_map", "0 65534 1"), ("gid_map", "0 65534 1")):
        Path(f"/proc/self/{name}").write_text(text)
    with Capture() as live:
        told = [live.device in links()]
        sh("ip link add dum0 type dummy")
        live.stop()
        return [*told, any(b"dum0" in record.data for record in frames(live)), live.result.error]
told["said"] = forked(capture)
""",
        TMPDIR="/run",
    )

    assert [True, True, None] == told["said"]


def test_network_namespaces_see_their_own_traffic(guest: Any) -> None:
    told = guest("""
sh("mkdir -p /run/netns; ip netns add blue")
with Capture(netns="blue") as live:
    told["here"], told["there"] = sorted(links()), sh("ip -n blue -json link")
    sh("ip link add outside type dummy; ip -n blue link add inside type dummy")
    live.stop()
    data = b"".join(record.data for record in frames(live))
    told["seen"] = [b"outside\\0" in data, b"inside\\0" in data]
told["after"] = sh("ip -n blue -json link")
""")

    assert ["lo"] == told["here"]
    assert "nlmon-" in told["there"] and "nlmon-" not in told["after"]
    assert [False, True] == told["seen"]


def test_full_disk(guest: Any) -> None:
    told = guest("""
os.chdir("/run")
os.mkdir("small")
sh("mount -t tmpfs -o size=16k tmpfs small")
with Capture(write="small/x.pcap") as live:
    for number in range(6):
        sh("ip -d link; ip addr; ip route show table all")
    told["error"] = live.result.error
    told["captured"], told["preamble"] = live.result.captured, live.preamble
with open_capture("small/x.pcap") as reader:
    told["records"], told["cut"] = len(list(reader)), reader.finish()
told["left"] = sorted(links())
""")

    kept = f"can't write small/x.pcap: No space left on device; {told['records']} records kept in it"
    assert kept == told["error"]
    assert told["records"] > told["preamble"]
    assert told["cut"] is None
    assert ["lo"] == told["left"]


def test_doctor(guest: Any) -> None:
    told = guest("""
sh("modprobe nlmon")
told["checks"] = {check.name: [check.ok, check.text] for check in doctor.checks()}
""")

    checks = told["checks"]
    assert [True, "nlmon is loaded"] == checks["nlmon"]
    for name in ("netlink", "CAP_NET_ADMIN", "CAP_NET_RAW", "user namespaces", "pcapy", "devices", "leftovers"):
        assert checks[name][0], checks[name]
    assert "nlmon devices here: none" == checks["devices"][1]


def test_several_sources_in_several_namespaces(guest: Any) -> None:
    """Two namespaces, in each of them nlmon and a group: by time, and interface 2 has a name of its own in each."""
    told = guest("""
sh("mkdir -p /run/netns; ip netns add blue; ip netns add red")
sources = dict(interface="nlmon", groups=[(0, 1, "route/link", True)], netns=["blue", "red"], write="x.pcapng")
with Capture(**sources) as live:
    told["sources"] = live.sources
    for number in range(3):
        for name in ("blue", "red"):
            sh(f"ip -n {name} link add {name}{number} index {100 + number} type dummy")
    live.stop()
    told["counts"] = counts(live)
    told["by"] = live.result.sources
told["left"] = [sh(f"ip -n {name} -br link | grep -c nlmon || true").strip() for name in ("blue", "red")]
told["inodes"] = [str(os.stat(f"/run/netns/{name}").st_ino) for name in ("blue", "red")]
""")

    made = [told["sources"][0], told["sources"][2]]
    expected = [made[0], "route/link in blue", made[1], "route/link in red"]
    assert (expected, ["0", "0"]) == (told["sources"], told["left"])
    assert made[0].startswith("nlmon-") and made[0].endswith(" in blue")
    captured, received, dropped, error = told["counts"]
    assert (captured, 0, None) == (received, dropped, error)
    assert received == sum(one[1] for one in told["by"])
    with open_capture("x.pcapng") as reader:
        records = list(reader)
        spaces = [one.space for one in reader.interfaces]
        names = [one.name for one in reader.interfaces]
    blue, red = told["inodes"]
    assert [blue, blue, red, red] == spaces
    assert ["@blue", "route@blue", "@red", "route@red"] == [re.sub("^nlmon-[0-9.]+", "", str(name)) for name in names]
    times = [record.time for record in records if not record.own]
    assert times == sorted(times) and len(times) == captured
    for number in range(3):
        for space, inside, outside in ((blue, b"blue%d\0", b"red%d\0"), (red, b"red%d\0", b"blue%d\0")):
            mine = b"".join(record.data for record in records if record.interface.space == space)
            assert mine.count(inside % number) >= 3  # request, notification to our group, and that group itself
            assert outside % number not in mine


def test_our_own_traffic_is_marked(guest: Any) -> None:
    told = guest("""
sh("ip link add tap8 up type nlmon; ip link add tap9 up type nlmon")
with Capture(["tap8", "tap9"], write="x.pcapng") as live:
    sh("ip link add dum0 type dummy")
    live.stop()
    told["preamble"] = live.preamble
""")

    with open_capture("x.pcapng") as reader:
        records = list(reader)
    own = [record for record in records if record.own]
    assert own == records[: told["preamble"]] != []
    assert {("tap8", 16)} == {(record.interface.name, int.from_bytes(record.data[14:16], "big")) for record in own}
    seen = {record.interface.name for record in records if b"dum0\0" in record.data}
    assert {"tap8", "tap9"} == seen  # one copy each


def test_all_namespaces_with_an_id(guest: Any) -> None:
    guest("""
sh("mkdir -p /run/netns; ip netns add blue; ip netns add red; ip netns set blue 7")
with Capture(groups=[(0, 1, "route/link", True)], all_nsid=True, write="x.pcapng") as live:
    sh("ip link add here type dummy; ip -n blue link add known type dummy; ip -n red link add nowhere type dummy")
    live.stop()
""")

    with open_capture("x.pcapng") as reader:
        records = list(reader)
    found = {
        name: record.interface for record in records for name in (b"here", b"known") if name + b"\0" in record.data
    }
    assert ["route", "route@nsid-7"] == [found[name].name for name in (b"here", b"known")]
    assert ["nldissect: netns nsid-7"] == found[b"known"].comments
    assert all(b"nowhere\0" not in record.data for record in records)


def test_an_ordinary_user_runs_a_command_in_a_network_of_their_own(guest: Any) -> None:
    """The module is loaded by root; the rest needs none."""
    told = guest(
        """
from nldissect.capture.private import Inside, enter_private_network
sh("modprobe nlmon")
os.chmod("/run", 0o1777)
os.chdir("/run")
def capture():
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
    assert ctypes.CDLL(None).prctl(4, 1, 0, 0, 0) == 0      # PR_SET_DUMPABLE, or the maps belong to root
    enter_private_network()
    with Capture(write="x.pcapng") as live:
        inside = Inside(["sh", "-c", "ip link add dum0 type dummy; exit 5"], live)
        error = live.result.error
    data = b"".join(record.data for record in open_capture("x.pcapng"))
    up = sh("ip -br link show lo")
    return [inside.status, error, b"dum0\\0" in data, "UP" in up, sorted(links())]
told["said"] = forked(capture)
told["owner"] = os.stat("x.pcapng").st_uid
told["outside"] = sorted(links())
""",
        TMPDIR="/run",
    )

    assert [5, None, True, True, ["dum0", "lo"]] == told["said"]
    assert (65534, ["lo"]) == (told["owner"], told["outside"])


def test_a_hundred_thousand_in_a_burst_are_not_lost(guest: Any) -> None:
    """Within half a second, on one processor, at the default size of the buffer."""
    told = guest(f"""
sys.path.insert(0, {str(Path(__file__).parent)!r})
from flood import Flood
with Capture(write="x.pcapng") as live:
    flood = Flood()
    flood.send(100_000)
    live.stop()
    told["device"] = [*counts(live), live.preamble]
""")

    captured, received, dropped, error, preamble = told["device"]
    assert (0, None) == (dropped, error)
    assert captured == received >= 100_000
    with open_capture("x.pcapng") as reader:
        assert captured + preamble <= sum(len(window.starts) for window in reader.windows())


def test_groups_that_nlmon_never_shows(guest: Any) -> None:
    """The kernel's uevents; and those of xfrm and of generic families beside them, with nlmon at the same time."""
    told = guest("""
sh("modprobe -r macsec 2>/dev/null || true; modprobe xfrm_user")
wanted = [(15, 1, "uevent/kernel", True), (6, 3, "xfrm/sa", True), (16, 16, "generic/nlctrl/notify", True)]
with Capture("nlmon", groups=wanted, write="x.pcapng") as live:
    Path("/sys/class/net/lo/uevent").write_text("change")
    sh("modprobe macsec")
    sh("ip xfrm state add src 10.0.0.1 dst 10.0.0.2 proto esp spi 7 mode tunnel enc 'cipher_null' ''")
    live.stop()
    told["counts"], told["sources"], told["preamble"] = counts(live), live.sources, live.preamble
""")

    assert ["uevent/kernel", "xfrm/sa", "generic/nlctrl/notify"] == told["sources"][1:]
    assert [0, None] == told["counts"][2:]
    with open_capture("x.pcapng") as reader:
        records = list(reader)
    seen: dict[str, list[bytes]] = {}
    for record in records[told["preamble"] :]:
        seen.setdefault(re.sub("-.*", "", str(record.interface.name)), []).append(record.data)
    (uevent,) = [data for data in seen["uevent"] if b"change@/devices/virtual/net/lo\0" in data]
    assert bytes.fromhex("00020338" + "00" * 10 + "000f") == uevent[:16]
    assert any(16 == int.from_bytes(data[20:22], sys.byteorder) for data in seen["xfrm"])  # XFRM_MSG_NEWSA
    assert any(b"macsec\0" in data and data[32] == 1 for data in seen["generic"])  # CTRL_CMD_NEWFAMILY
    assert {6, 16} <= {int.from_bytes(data[14:16], "big") for data in seen["nlmon"]}
    assert all(data[1] == 2 for name in ("uevent", "xfrm", "generic") for data in seen[name])  # PACKET_MULTICAST
    assert all(data[1] == 4 for data in seen["nlmon"])  # PACKET_OUTGOING, whichever way it goes
