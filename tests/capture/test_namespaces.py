"""Capturing in other network namespaces of the real kernel, and in several at once."""

from __future__ import annotations

import re
from typing import Any

import pytest

from nldissect.capfile import open_capture
from nldissect.capture import procfs
from nldissect.capture.netns_name import netns_name


def test_network_namespaces_see_their_own_traffic(guest: Any) -> None:
    told = guest("""
sh("mkdir -p /run/netns; ip netns add blue")
with CaptureProcess(CaptureConfig(netns=["blue"])) as live:
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


def test_several_sources_in_several_namespaces(guest: Any) -> None:
    """Two namespaces, in each of them nlmon and a group: by time, and interface 2 has a name of its own in each."""
    told = guest("""
sh("mkdir -p /run/netns; ip netns add blue; ip netns add red")
sources = dict(interfaces=["nlmon"], groups=[(0, 1, "route/link", True)], netns=["blue", "red"], write="x.pcapng")
with CaptureProcess(CaptureConfig(**sources)) as live:
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


def test_processes_of_several_namespaces(guest: Any) -> None:
    """The watch's sockets have the same port id in each: the first one of a process has its number."""
    guest("""
sh("mkdir -p /run/netns; ip netns add blue; ip netns add red")
config = CaptureConfig(netns=["blue", "red"], ask_families=False, processes=True, write="x.pcapng")
with CaptureProcess(config) as live:
    live.stop()
""")

    with open_capture("x.pcapng") as reader:
        records = list(reader)
    watched = [record for record in records if record.data[14:16] == b"\0\4"]
    assert watched and all(record.own for record in watched)
    assert 2 == len({record.interface.space for record in watched})
    assert 1 == len({record.data[28:32] for record in watched})


def test_all_namespaces_with_an_id(guest: Any) -> None:
    guest("""
sh("mkdir -p /run/netns; ip netns add blue; ip netns add red; ip netns set blue 7")
with CaptureProcess(CaptureConfig(groups=[(0, 1, "route/link", True)], all_nsid=True, write="x.pcapng")) as live:
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


def test_names_of_namespaces(guest: Any) -> None:
    """By /run/netns, whatever the user wrote; files there that are no namespaces do not count."""
    told = guest("""
from nldissect.capture.netns_name import netns_name
sh("mkdir -p /run/netns; ip netns add blue; ln -s blue /run/netns/alias; touch /run/netns/empty")
inode, own = os.stat("/run/netns/blue").st_ino, os.stat("/proc/self/ns/net").st_ino
words = ["blue", "/run/netns/blue", "alias", None, "77", "/proc/77/ns/net"]
told["named"] = [netns_name(one, inode) for one in words]
told["not"] = [netns_name(one, own) for one in (None, "/proc/1/ns/net", "99999")]
told["not"] += [netns_name(one, 0) for one in (None, "nsid-7")]
""")

    assert ["blue", "blue", "alias", "alias", "alias", "alias"] == told["named"]
    assert [None, "/proc/1/ns/net", "99999", None, "nsid-7"] == told["not"]


def test_a_process_tells_its_container(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(procfs, "cgroup", {77: f"/docker/{64 * 'a'}", 78: "/system.slice/a.service"}.get)
    assert ["a" * 12, "78", "79"] == [netns_name(pid, 0) for pid in ("77", "78", "79")]
