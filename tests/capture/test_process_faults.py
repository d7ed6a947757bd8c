"""Capturing in the real kernel when things go wrong, and what is left then: whole records, and a line that is true."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

from nldissect.capfile import open_capture
from nldissect.capfile.comments import numbered_names, parse_comments

RINGS = """
import re
from nldissect.capture import FileFollower
from nldissect.capture.raw_netlink import Netlink, attribute
from nldissect.capfile.comments import parse_comments, numbered_names
from nldissect.uapi import NETLINK_ROUTE

def talk(first, last):
    "Each of these names is in one request; the answer is that there is no such interface."
    with Netlink(NETLINK_ROUTE) as kernel:
        for number in range(first, last):
            name = attribute(nlmon.IFLA_IFNAME, b"n%05d\\0" % number)
            try:
                kernel.ask(nlmon.RTM_GETLINK, 0, bytes(16) + name)
            except OSError:
                pass

def numbers(records):
    "Those whose requests are there."
    found = []
    for record in records:
        name = re.search(rb"n(\\d{5})\\0", record.data)
        if name and record.data[22] & 1:
            found.append(int(name[1]))
    return found
"""


def test_ring_loses_and_doubles_no_record(guest: Any) -> None:
    """Also with a viewer that is stopped all the while, and SIGUSR1 and SIGUSR2 to the capture process."""
    told = guest(f"""{RINGS}
sh("ip link add first0 type dummy; modprobe macsec; modprobe -r macsec")
seen = []
with CaptureProcess(CaptureConfig(write="x.pcapng", ring=Limits(filesize=100_000, duration=60))) as live:
    live.on_counts = lambda result: seen.append(result.captured)
    (capture,) = named("nldissect-live")
    talk(0, 1500)
    sh("ip link add late0 type dummy; modprobe macsec")
    os.kill(capture, signal.SIGUSR2)
    os.kill(capture, signal.SIGUSR1)
    until(lambda: live.ended() or seen)
    talk(1500, 2000)
    live.stop()
    told["counts"] = counts(live)
    told["files"] = [made.name for made in live.files]
    records = list(FileFollower(live.files, live.ended))
    told["followed"] = numbers(records) == list(range(2000))
    told["numbers"] = [record.number for record in records] == list(range(1, len(records) + 1))
    told["frames"] = [len(records) - live.preamble, len(seen)]
    told["captured"] = live.result.captured
told["each"] = []
for name in told["files"]:
    with open_capture(name) as reader:
        records = list(reader)
        names = [[*numbered_names(reader.section_comments, what).values()] for what in ("family", "interface")]
        told["each"].append([numbers(records), reader.finish(), *names, reader.statistics[0].received])
        later = [*numbered_names(reader.interfaces[0].comments, "interface").values()]
        told["later"] = told.get("later", []) + later
""")

    captured, received, dropped, error = told["counts"]
    assert (received, 0, None) == (captured, dropped, error)
    assert told["files"] == sorted(told["files"]) and len(told["files"]) > 3
    assert told["followed"] and told["numbers"]
    assert [captured, 1] == told["frames"]
    assert list(range(2000)) == [number for each in told["each"] for number in each[0]]
    assert all(each[1] is None and "nlctrl" in each[2] and {"lo", "first0"} <= {*each[3]} for each in told["each"])
    assert "macsec" not in told["each"][0][2] and "macsec" in told["each"][-1][2]
    assert "late0" in told["each"][-1][3] and "late0" in told["later"]
    assert received == sum(each[4] for each in told["each"])
    if shutil.which("capinfos") is not None:
        for name in told["files"]:
            infos = subprocess.run(["capinfos", name], capture_output=True, text=True, check=True).stdout
            assert "nldissect: file " in infos and "Number of stat entries = 1" in infos


def test_private_files_take_no_more_room_than_they_may(guest: Any) -> None:
    told = guest(f"""{RINGS}
with CaptureProcess(CaptureConfig(room=400_000)) as live:
    folder = Path(live.path).parent
    told["mode"] = [oct(folder.stat().st_mode & 0o777), oct(Path(live.path).stat().st_mode & 0o777)]
    follower = FileFollower(live.files, live.ended)
    talk(0, 3000)
    live.stop()
    told["counts"] = counts(live)
    told["size"] = sum(path.stat().st_size for path in folder.iterdir())
    told["files"] = [len([*folder.iterdir()]), len(live.files)]
    records = list(follower)
    told["sum"] = [len(records) - live.preamble, follower.let_go]
    told["last"] = numbers(records)[-1]
told["left"] = folder.exists()
""")

    captured, received, dropped, error = told["counts"]
    assert (received, 0, None) == (captured, dropped, error)
    assert ["0o700", "0o600"] == told["mode"]
    assert told["size"] < 450_000
    assert 4 == told["files"][0] < told["files"][1]
    shown, let_go = told["sum"]
    assert captured == shown + let_go and let_go > 0
    assert 2999 == told["last"]
    assert not told["left"]


def test_killed_at_any_moment(guest: Any) -> None:
    """`tests/bench/load.py kill` does so fifty times, under load."""
    told = guest(f"""{RINGS}
import random
told["each"] = []
for turn in range(3):
    name = f"x{{turn}}.pcap" + ("ng" if turn % 2 else "")
    with CaptureProcess(CaptureConfig(write=name)) as live:
        talker = os.fork()
        if talker == 0:
            talk(0, 9000)
            os._exit(0)
        until(lambda: os.stat(name).st_size > 20_000 + 30_000 * turn)
        time.sleep(random.random() / 20)
        size = os.stat(name).st_size
        records = sum(1 for _ in open_capture(name))
        os.kill(*named("nldissect-live"), signal.SIGKILL)
        error = live.result.error
    os.kill(talker, signal.SIGKILL)
    os.waitpid(talker, 0)
    reader = open_capture(name)
    found = numbers(reader)
    in_order, grown = found == list(range(len(found))), os.stat(name).st_size >= size
    told["each"].append([reader.count >= records, in_order, error, grown])
told["left"] = sorted(links())
""")

    for turn, (all_there, in_order, error, grown) in enumerate(told["each"]):
        name = f"x{turn}.pcap" + ("ng" if turn % 2 else "")
        assert all_there and in_order and grown
        assert f"the capture process was killed by signal 9; {name} holds what came before" == error
    assert ["lo"] == told["left"]


def test_places_that_can_not_be_written(guest: Any) -> None:
    told = guest(f"""{RINGS}
os.chdir("/run")
for place in ("full", "ring", "fixed"):
    os.mkdir(place)
sh("mount -t tmpfs -o size=256k tmpfs full; mount -t tmpfs -o size=256k tmpfs ring; mount -t tmpfs -o ro tmpfs fixed")
told["fixed"] = refused(write="fixed/x.pcapng")
told["nowhere"] = refused(write="nowhere/x.pcapng")
for place, ring in (("full", Limits()), ("ring", Limits(filesize=70_000))):
    with CaptureProcess(CaptureConfig(write=f"{{place}}/x.pcapng", ring=ring)) as live:
        talk(0, 2500)
        live.stop()
        error = live.result.error
    found, cut = [], []
    for path in sorted(Path(place).iterdir()):
        with open_capture(path) as reader:
            found += numbers(reader)
            cut.append(reader.finish())
    told[place] = [error, found == list(range(len(found))), len(found), cut]
told["left"] = sorted(links())
""")

    assert "can't write fixed/x.pcapng: Read-only file system; choose another name" in told["fixed"]
    assert "no directory for nowhere/x.pcapng; make it first" in told["nowhere"]
    error, in_order, count, cut = told["full"]
    assert error.startswith("can't write full/x.pcapng: No space left on device; ")
    assert error.endswith(" records kept in it")
    assert in_order and count > 500 and cut == [None]
    error, in_order, count, cut = told["ring"]
    assert "No space left on device" in error
    assert in_order and count > 500 and [None] * len(cut) == cut and len(cut) > 2
    assert ["lo"] == told["left"]


def test_viewer_that_is_stopped(guest: Any) -> None:
    """It holds the line and does not read it: files and counts are told later, and no frame is lost."""
    told = guest(f"""{RINGS}
viewer = os.fork()
if viewer == 0:
    with CaptureProcess(CaptureConfig(write="x.pcapng", ring=Limits(filesize=10_000))) as live:
        Path("ready").write_text("")
        os.kill(os.getpid(), signal.SIGSTOP)
        live.stop()
        Path("counts").write_text(json.dumps([counts(live), len(live.files)]))
    os._exit(0)
until(lambda: os.path.exists("ready") and status(viewer)["State"][0] == "T")
talk(0, 1500)
os.kill(viewer, signal.SIGCONT)
os.waitpid(viewer, 0)
told["counts"], told["files"] = json.loads(Path("counts").read_text())
found = []
for path in sorted(Path(".").glob("x_*")):
    found += numbers(open_capture(path))
told["found"], told["there"] = found == list(range(1500)), len([*Path(".").glob("x_*")])
""")

    captured, received, dropped, error = told["counts"]
    assert (received, 0, None) == (captured, dropped, error)
    assert told["found"] and told["files"] == told["there"] > 20


def test_who_shows_messages_holds_nothing(guest: Any) -> None:
    told = guest("""
os.chmod("/run", 0o755)
Path("/run/program").write_text("")
Path("/run/secret").write_text("")
os.chmod("/run/secret", 0o600)
def drop(**options):
    whole = privileges.drop_privileges(**options)
    return [whole, os.getresuid(), status(os.getpid())["CapPrm"], status(os.getpid())["CapEff"]]
told["theirs"] = forked(lambda: drop(user="nobody", reads=["/run/program"]))
told["unreadable"] = forked(lambda: drop(user="nobody", reads=["/run/program", "/run/secret"]))
os.environ["SUDO_UID"] = "65534"
told["sudo"] = forked(lambda: drop(reads=["/run/program"]))
""")

    nothing, to_read = ["0" * 16], [f"{1 << 2:016x}"]
    assert [True, [65534] * 3, nothing, nothing] == told["theirs"] == told["sudo"]
    assert [False, [0] * 3, to_read, to_read] == told["unreadable"]


def test_each_source_is_an_interface_of_the_file(guest: Any) -> None:
    told = guest(f"""{RINGS}
sh("mkdir -p /run/netns; ip netns add blue; ip link add here0 type dummy; ip -n blue link add there0 type dummy")
blue = os.stat("/run/netns/blue").st_ino
config = CaptureConfig(
    write="x.pcapng", netns=["blue", str(os.getpid())], filter="link[14:2] == 0", snaplen=2000
)
with CaptureProcess(config) as live:
    sh("ip link; ip -n blue link")
    live.stop()
    live.result
with open_capture("x.pcapng") as reader:
    list(reader)
    told["each"] = [[one.name, one.snaplen, one.filter, one.decimals, one.comments] for one in reader.interfaces]
    told["section"], told["said"] = reader.section_comments, reader.section
told["blue"], told["release"] = blue, os.uname().release
""")

    (first, second), release = told["each"], told["release"]
    assert first[0].startswith("nlmon-") and first[0].endswith("@blue")
    assert [2000, "link[14:2] == 0", 6] == first[1:4] == second[1:4]
    assert [["blue", str(told["blue"])]] == list(parse_comments(first[4], "netns"))
    assert (
        "there0" in numbered_names(first[4], "interface").values()
        and "here0" in numbered_names(second[4], "interface").values()
    )
    assert "here0" not in numbered_names(first[4], "interface").values()
    assert {} == numbered_names(told["section"], "interface")
    assert "nlctrl" in numbered_names(told["section"], "family").values()
    assert [[release, told["said"]["hardware"], "little"]] == list(parse_comments(told["section"], "host"))
    assert f"Linux {release}" == told["said"]["os"]


def test_pipe_that_is_closed(guest: Any) -> None:
    """nldissect capture -w - | head -c 2000, once it runs; and one that nobody reads from the start"""
    told = guest(f"""{RINGS}
def captured_into_a_pipe(size):
    out, into = os.pipe()
    heard, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(out)
        os.dup2(into, 1)
        try:
            with CaptureProcess(CaptureConfig(write="-")) as live:
                os.write(tell, b"%d" % len(live.sources))
                said = live.result.error
        except BaseException as error:
            said = repr(error)
        os.write(tell, f" {{said}}".encode())
        os._exit(0)
    os.close(into)
    os.close(tell)
    with open(out, "rb", buffering=0) as stream:
        told["running"] = size and int(os.read(heard, 1))
        told["head"] = len(stream.read(size))
    if size:
        talk(0, 50)
    with open(heard) as rest:
        os.waitpid(pid, 0)
        return rest.read()

told["never read"] = captured_into_a_pipe(0)
told["said"] = captured_into_a_pipe(2000)
told["left"] = sorted(links())
""")

    assert [1, 2000, " None"] == [told["running"], told["head"], told["said"]]
    assert "0 None" == told["never read"]
    assert ["lo"] == told["left"]


def test_files_of_a_capture_are_readable_at_once(guest: Any) -> None:
    """What another reader of the same file sees is whole records, at any moment; Wireshark opens it as well."""
    guest(f"""{RINGS}
with CaptureProcess(CaptureConfig(write="x.pcapng")) as live:
    talk(0, 100)
    until(lambda: len(numbers(open_capture("x.pcapng"))) == 100)
    sh("cp x.pcapng y.pcapng")
    live.stop()
    live.result
""")

    with open_capture("y.pcapng") as reader:
        list(reader)
        assert reader.finish() is None
    if shutil.which("tshark") is not None:
        done = subprocess.run(
            ["tshark", "-r", "y.pcapng", "-q", "-z", "io,phs"], capture_output=True, text=True, check=True
        )
        assert "netlink" in done.stdout and "cut short" not in done.stderr
