"""The end of a capture in the real kernel: nothing left behind, whoever dies."""

from __future__ import annotations

from typing import Any

import pytest

from nldissect.capfile import open_capture
from tests.helpers.cli import run

HOLDER = """
def hold():
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        try:
            with CaptureProcess(CaptureConfig(write="x.pcap")) as live:
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
with CaptureProcess(CaptureConfig()) as live:
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
with CaptureProcess(CaptureConfig()) as live:
    sh(f"ip link del {live.device}; ip link add {live.device} type dummy")
    told["error"] = counts(live)[3]
    told["device"] = live.device
with CaptureProcess(CaptureConfig()) as live:
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
told["down"] = refused(interfaces=["tap9"])
sh("ip link set tap9 up")
with CaptureProcess(CaptureConfig(interfaces=["tap9"])) as live:
    told["links"], told["janitors"] = sorted(links()), named("nldissect-tidy")
    sh("ip link add dum0 type dummy")
    live.stop()
    told["seen"] = any(b"dum0\\0" in record.data for record in frames(live))
told["after"] = sorted(links())
told["elsewhere"] = refused(interfaces=["tap8"])
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
with CaptureProcess(CaptureConfig()):
    pass
told["after"] = sorted(links())
told["kept"] = sorted(["lo", foreign, "nlmon0", "nlmon-x", mine.name, third.name])
""")

    assert told["expected"] == told["found"]
    assert [False, True] == told["doctor"]
    assert told["kept"] == told["after"]


def test_full_disk(guest: Any) -> None:
    told = guest("""
os.chdir("/run")
os.mkdir("small")
sh("mount -t tmpfs -o size=16k tmpfs small")
with CaptureProcess(CaptureConfig(write="small/x.pcap")) as live:
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


LARGE = """
import socket, struct
one = struct.pack("=IHHII", 1000, 1, 1, 7, 0) + bytes(984)  # NLMSG_NOOP, which the kernel passes over
def send():
    sender = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    sender.setsockopt(socket.SOL_SOCKET, 32, 1 << 20)  # SO_SNDBUFFORCE
    sender.bind((0, 0))
    sender.sendto(one * 400, (0, 0))
"""


def test_a_send_that_the_packet_socket_cuts_is_told_at_the_end(guest: Any) -> None:
    """400,000 bytes in one send, as nft sends a large set."""
    told = guest(f"""{LARGE}
with CaptureProcess(CaptureConfig(write="x.pcapng")) as live:
    send()
    live.stop()
    told["result"] = [live.result.captured, live.result.cut, live.result.missing]
""")
    with open_capture("x.pcapng") as reader:
        (whole,) = (record for record in reader if record.wire_length > 1 << 18)
    missing = whole.wire_length - len(whole.data)
    assert 400_000 + 16 == whole.wire_length
    assert [1, 1, missing] == told["result"]
    own = 1000 - (len(whole.data) - 16) % 1000
    text = f"{own} bytes of the message were not captured, {missing} of the frame"
    shown = run("read", "x.pcapng", "-Y", 'expert.kind == "cut"', "-T", "fields", "-e", "expert").stdout.decode()
    assert text in shown
    (line,) = run("read", "x.pcapng", "-Y", 'expert.kind == "cut"').stdout.decode().splitlines()
    assert line.endswith(f"[cut, {1000 - own} of 1000 bytes; {missing} bytes of the frame were not captured]")


@pytest.mark.parametrize("more, status", [([], 1), (["-s", "100"], 0)])
def test_such_a_capture_ends_with_1_unless_it_was_asked_to_cut(guest: Any, more: list[str], status: int) -> None:
    told = guest(f"""{LARGE}
capture = subprocess.Popen([sys.executable, "-m", "nldissect", "capture", "-w", "x.pcapng", "-c", "1", *{more}],
                           stderr=subprocess.PIPE, text=True)
line = capture.stderr.readline()
send()
told["said"] = capture.stderr.read().splitlines()
told["status"] = capture.wait()
""")
    assert status == told["status"]
    cut = [line for line in told["said"] if "256 KiB" in line]
    with open_capture("x.pcapng") as reader:
        (frame,) = (record for record in reader if record.wire_length > 1 << 18)
    missing = frame.wire_length - len(frame.data)
    text = f"a frame was longer than the 256 KiB that a packet socket's ring holds: {missing} bytes are missing"
    assert ([f"nldissect: {text}"] if status else []) == cut
