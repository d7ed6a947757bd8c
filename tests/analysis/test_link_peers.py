"""The other end of a veth in another network namespace: in trees and changes, from files and the real kernel."""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from nldissect.capfile import PcapngWriter, comments, private
from nldissect.cli import main
from tests.helpers.messages import attribute, frame, link
from tests.helpers.paths import ROOT

DELLINK = 17


def end(index: int, name: str, other: int, nsid: int | None = 0, kind: int = 16) -> bytes:
    """RTM_NEWLINK with IFLA_IFNAME, IFLA_LINK and IFLA_LINK_NETNSID."""
    rows = [attribute(3, name.encode() + b"\0"), attribute(5, struct.pack("<I", other))]
    return link(index, *rows, *([] if nsid is None else [attribute(37, struct.pack("<i", nsid))]), kind=kind)


def spaces(path: Path, *frames: tuple[str, bytes]) -> str:
    """A pcapng of the namespaces blue, red and green, with these messages of theirs."""
    names = ["blue", "red", "green"]
    with PcapngWriter(private(path)) as writer:
        for number, name in enumerate(names):
            writer.add_interface("nlmon", comments=[comments.format_comment("netns", name, 4026532000 + number)])
        for place, (name, message) in enumerate(frames, 1):
            writer.write(place * 1000, frame(0, message), interface=names.index(name))
    return str(path)


def peers(path: str, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str, str]]:
    """Name and peer of each link whose changes name one; the text says the same as the JSON."""
    assert 0 == main(["changes", "-T", "json", path])
    found = [one for one in json.loads(capsys.readouterr().out) if "peer" in one]
    assert {"inferred"} >= {one["peer"]["known"] for one in found}
    assert 0 == main(["changes", path])
    text = capsys.readouterr().out
    assert text.count("  peer ") == len(found)
    assert all(f"  peer {one['peer']['name']} in netns {one['peer']['netns']} (inferred)" in text for one in found)
    return [(one["name"], one["peer"]["name"], one["peer"]["netns"]) for one in found]


def test_both_ends_name_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second end is told of later; ids of namespaces differ, indexes may be equal."""
    path = spaces(tmp_path / "x.pcapng", ("blue", end(5, "veth0", 2)), ("red", end(2, "eth0", 5, nsid=3)))
    assert [("veth0", "eth0", "red"), ("eth0", "veth0", "blue")] == peers(path, capsys)

    path = spaces(tmp_path / "y.pcapng", ("blue", end(2, "left", 2)), ("red", end(2, "right", 2)))
    assert [("left", "right", "red"), ("right", "left", "blue")] == peers(path, capsys)


@pytest.mark.parametrize(
    "frames",
    [
        [("blue", end(5, "veth0", 2)), ("red", end(2, "eth0", 6))],  # its other end is another link
        [("blue", end(5, "veth0", 2)), ("red", end(2, "eth0", 5)), ("green", end(2, "eth1", 5))],  # which of two?
        [("blue", end(5, "veth0", 2, nsid=None)), ("red", end(2, "eth0", 5, nsid=None))],  # both in their own
        [("blue", end(5, "vlan0", 2)), ("red", end(2, "eth0", 0, nsid=None))],  # the link below knows nothing of it
        [("blue", end(5, "veth0", 2)), ("blue", end(2, "eth0", 5))],  # in one namespace
    ],
)
def test_what_proves_no_peer(
    frames: list[tuple[str, bytes]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = [name for name, data in frames if name == "green"]
    found = peers(spaces(tmp_path / "x.pcapng", *frames), capsys)
    assert not [one for one in found if one[0] == "veth0"] and (expected or not found)


def test_an_end_that_moved_is_named_where_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It leaves red for green, under the same index."""
    moved = ("red", end(2, "eth0", 5, kind=DELLINK)), ("green", end(2, "eth7", 5))
    path = spaces(
        tmp_path / "x.pcapng",
        ("blue", end(5, "veth0", 2)), ("red", end(2, "eth0", 5)), *moved, ("blue", end(5, "veth1", 2)),
    )  # fmt: skip
    found = [one for one in peers(path, capsys) if one[0].startswith("veth")]
    assert ("veth1", "eth7", "green") == found[-1] and ("veth0", "eth0", "red") not in found[1:]


@pytest.mark.parametrize("engine", ["walk", "native"])
def test_trees_name_the_peer(engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = spaces(tmp_path / "x.pcapng", ("blue", end(5, "veth0", 2)), ("red", end(2, "eth\x1b", 5, nsid=3)))

    assert 0 == main(["read", "-V", "--engine", engine, path])
    lines = [line for line in capsys.readouterr().out.splitlines() if ": peer " in line]
    assert [
        "  veth0: peer eth\\x1b in netns red (inferred)",
        "  eth\\x1b: peer veth0 in netns blue (inferred)",
    ] == lines


GUEST = """
import importlib.util, os, subprocess, sys, time, types
sys.path.insert(0, {root!r})
package = types.ModuleType("nldissect")
package.__path__ = importlib.util.find_spec("nldissect").submodule_search_locations
sys.modules["nldissect"] = package
from nldissect.capture import CaptureConfig, CaptureProcess

def sh(line):
    subprocess.run(line, shell=True, check=True, stdout=subprocess.DEVNULL)

sh("mkdir -p /run/netns; ip netns add uxc1; ip netns add uxc2")
there = subprocess.Popen(["ip", "netns", "exec", "uxc2", "sleep", "60"])
while os.stat(f"/proc/{{there.pid}}/ns/net").st_ino != os.stat("/run/netns/uxc2").st_ino:
    time.sleep(0.005)
with CaptureProcess(CaptureConfig(netns=["uxc1", str(there.pid)], write={path!r})) as live:
    sh("ip link add host0 type veth peer name in1 netns uxc1")
    sh("ip -n uxc1 link add in2 type veth peer name out2 netns uxc2")
    sh("ip -n uxc1 link show; ip -n uxc2 link show")
    sh("ip -n uxc2 link set out2 mtu 1400; ip -n uxc1 link set in2 mtu 1400")
    live.stop()
    assert live.result.error is None
there.kill()
"""


def test_a_veth_between_two_namespaces_of_the_real_kernel(
    kernel: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second namespace is named by a process in it, and known by its name in /run/netns all the same.

    The end of the other veth is in a namespace that is not captured.
    """
    path = tmp_path / "x.pcapng"
    ran = kernel.run(GUEST.format(root=str(ROOT), path=str(path)), interpreter=sys.executable)
    assert 0 == ran.status, ran.output

    found: list[Any] = peers(str(path), capsys)
    assert {("in2", "out2", "uxc2"), ("out2", "in2", "uxc1")} == set(found)
    assert 0 == main(["read", "-T", "fields", "-e", "netns", str(path)])
    assert {"uxc1", "uxc2"} == set(capsys.readouterr().out.split())
    assert 0 == main(["state", str(path), "links", "--netns", "uxc2", "-T", "json"])
    links = {one["ifname"]: one for one in json.loads(capsys.readouterr().out)}
    assert 1400 == links["out2"]["mtu"] and "in2" not in links
