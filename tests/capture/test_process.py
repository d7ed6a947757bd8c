"""Capturing in the real kernel: what a capture holds, and that nothing is lost."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from nldissect.capfile import open_capture
from nldissect.wire import NETLINK
from tests.helpers.paths import ROOT


def test_all_that_a_command_says_is_captured(guest: Any) -> None:
    told = guest("""
with CaptureProcess(CaptureConfig()) as live:
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
with CaptureProcess(CaptureConfig()) as live:
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
with CaptureProcess(CaptureConfig(snaplen=40, filter="link[14:2] == 0")) as live:
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
with CaptureProcess(CaptureConfig(ask_families=False)) as live:
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
with CaptureProcess(CaptureConfig()) as live:
    sh("modprobe macsec")
    live.stop()
    told["news"] = [r.data[32] for r in frames(live)[live.preamble:] if protocol(r) == 16 and b"macsec\\0" in r.data]
""")

    assert 1 in told["news"]  # CTRL_CMD_NEWFAMILY


def test_ten_thousand_messages_are_not_lost(guest: Any) -> None:
    told = guest("""
lines = "".join(f"route add 10.{n // 250}.{n % 250}.0/24 dev dum0\\n" for n in range(5000))
sh("ip link add dum0 type dummy; ip link set dum0 up")
with CaptureProcess(CaptureConfig()) as live:
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
with CaptureProcess(CaptureConfig(buffer_mib=1)) as live:
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
with CaptureProcess(CaptureConfig(count=3)) as live:
    sh("ip link; ip link; ip addr")
    records = frames(live)
    told["count"] = [len(records) - live.preamble, *counts(live)[:1]]
begin = time.monotonic()
with CaptureProcess(CaptureConfig(stop=Limits(duration=0.3))) as live:
    ready = time.monotonic()
    told["duration"] = [counts(live)[3], time.monotonic() - ready]
""")

    assert [3, 3] == told["count"]
    error, seconds = told["duration"]
    assert error is None and 0.25 < seconds < 3


def test_written_file_stays_and_wireshark_reads_it(guest: Any, tmp_path: Path) -> None:
    told = guest("""
for name in ("x.pcap", "x.pcapng"):
    with CaptureProcess(CaptureConfig(write=name)) as live:
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


def test_standard_output(guest: Any) -> None:
    told = guest("""
out, into = os.pipe()
pid = os.fork()
if pid == 0:
    os.dup2(into, 1)
    os.close(into)
    with CaptureProcess(CaptureConfig(write="-", count=2)) as live:
        live.result
    os._exit(0)
os.close(into)
with open(out, "rb") as stream:
    reader, records = open_capture(stream), []
    while not reader.over:
        sh("ip link")
        records += [one for one in [next(iter(reader), None)] if one is not None]
    told["protocols"], told["cut"] = [one.data[15] for one in records], reader.finish()
told["status"] = os.waitpid(pid, 0)[1]
""")

    assert (None, 0) == (told["cut"], told["status"])
    assert [NETLINK.GENERIC] * 2 == told["protocols"][:2]  # the families; look-ups of our own are not counted
    assert 2 == told["protocols"].count(NETLINK.ROUTE)


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


def test_our_own_traffic_is_marked(guest: Any) -> None:
    told = guest("""
sh("ip link add tap8 up type nlmon; ip link add tap9 up type nlmon")
with CaptureProcess(CaptureConfig(interfaces=["tap8", "tap9"], write="x.pcapng")) as live:
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


def test_a_hundred_thousand_in_a_burst_are_not_lost(guest: Any) -> None:
    """Within half a second, on one processor, at the default size of the buffer."""
    told = guest(f"""
sys.path.insert(0, {str(ROOT)!r})
from tests.helpers.flood import Flood
with CaptureProcess(CaptureConfig(write="x.pcapng")) as live:
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
with CaptureProcess(CaptureConfig(interfaces=["nlmon"], groups=wanted, write="x.pcapng")) as live:
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
