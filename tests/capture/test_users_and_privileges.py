"""Who may capture in the real kernel, with which privileges, and as whom the rest runs."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from nldissect.capture.host_checks import SUDO
from tests.helpers.skips import missing_programs


def test_final_user(guest: Any) -> None:
    """The file is opened as the final user, and the process keeps nothing of root."""
    told = guest("""
os.chdir("/run")
os.chmod("/run", 0o755)
os.mkdir("theirs")
os.chown("theirs", 65534, 65534)
os.mkdir("ours", 0o755)
with CaptureProcess(CaptureConfig(user="nobody", write="theirs/x.pcap")) as live:
    told["ids"] = [status(*named("nldissect-live"))[name] for name in ("Uid", "Gid", "Groups", "CapPrm")]
    told["owner"] = [os.stat(live.path).st_uid, oct(os.stat(live.path).st_mode & 0o777)]
with CaptureProcess(CaptureConfig(user="nobody")) as live:
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
def without(number, interfaces):
    def drop_and_try():
        privileges.keep_only(*(other for other in range(38) if other != number))
        return refused(interfaces=interfaces)
    return forked(drop_and_try)
sh("ip link add tap9 up type nlmon")
told["told"] = [without(12, []), without(13, ["tap9"]), without(12, ["tap9"])]
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
from nldissect.capture import CaptureConfig, CaptureProcess, drop_privileges
with CaptureProcess(CaptureConfig(write="/run/theirs/x.pcapng")) as live:
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


@pytest.mark.skipif(bool(missing_programs("dumpcap", "setcap")), reason=missing_programs("dumpcap", "setcap"))
def test_dumpcap_reads_where_we_may_not(guest: Any) -> None:
    told = guest(f"""
os.chmod("/run", 0o1777)
sh("cp {shutil.which("dumpcap")} /run/dumpcap; setcap cap_net_raw,cap_net_admin+ep /run/dumpcap")
os.environ["PATH"] = "/run:" + os.environ["PATH"]
sh("ip link add tap9 up type nlmon; ip link add dum0 type dummy")
def capture():
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
    told = [[check.ok, check.text] for check in (doctor._net_admin(), doctor._net_raw())]
    wrong = refused(interfaces=["tap9"], filter="link[14:2] == == 3")
    with CaptureProcess(CaptureConfig(interfaces=["tap9"], filter="link[14:2] == 0", write="/run/x.pcapng")) as live:
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
    told = guest("""
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
    with CaptureProcess(CaptureConfig()) as live:
        told = [live.device in links()]
        sh("ip link add dum0 type dummy")
        live.stop()
        return [*told, any(b"dum0" in record.data for record in frames(live)), live.result.error]
told["said"] = forked(capture)
""")

    assert [True, True, None] == told["said"]


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


def test_an_ordinary_user_runs_a_command_in_a_network_of_their_own(guest: Any) -> None:
    """The module is loaded by root; the rest needs none."""
    told = guest("""
from nldissect.capture.private_netns import CommandInside, enter_private_network
sh("modprobe nlmon")
os.chmod("/run", 0o1777)
os.chdir("/run")
def capture():
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
    assert ctypes.CDLL(None).prctl(4, 1, 0, 0, 0) == 0      # PR_SET_DUMPABLE, or the maps belong to root
    enter_private_network()
    with CaptureProcess(CaptureConfig(write="x.pcapng")) as live:
        inside = CommandInside(["sh", "-c", "ip link add dum0 type dummy; exit 5"], live)
        error = live.result.error
    data = b"".join(record.data for record in open_capture("x.pcapng"))
    up = sh("ip -br link show lo")
    return [inside.status, error, b"dum0\\0" in data, "UP" in up, sorted(links())]
told["said"] = forked(capture)
told["owner"] = os.stat("x.pcapng").st_uid
told["outside"] = sorted(links())
""")

    assert [5, None, True, True, ["dum0", "lo"]] == told["said"]
    assert (65534, ["lo"]) == (told["owner"], told["outside"])
