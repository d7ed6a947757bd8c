"""`nldissect.open`: captures as columns and as packets, for programs."""

from __future__ import annotations

import doctest
import gzip
import io
import os
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nldissect
from nldissect.errors import FieldError, FileError, FilterError, NldissectError
from nldissect.store import capture as module
from nldissect.store import view
from nldissect.wire import nlmon, nlmsghdr
from tests.helpers.messages import ACK, MULTI, REQUEST, ROUTE, USERSOCK, attribute, frame, link, write
from tests.helpers.paths import CAPTURES, ROOT
from tests.helpers.pcap_bytes import SECONDS, described, option, packet, pcap, section

IFNAME, MTU, MAP, ALT_IFNAME = 3, 4, 14, 53  # linux/if_link.h


def named(index: int, name: str, mtu: int = 1500, **header: int) -> bytes:
    """RTM_NEWLINK of an interface."""
    return link(index, attribute(IFNAME, name.encode() + b"\0"), attribute(MTU, struct.pack("<I", mtu)), **header)


def shifted(path: Path, frames: list[bytes], start: int, step: int = 1000) -> Path:
    """A pcap whose first frame comes `start` microseconds late."""
    records = [struct.pack("<IIII", SECONDS, start + n * step, len(f), len(f)) + f for n, f in enumerate(frames)]
    path.write_bytes(pcap() + b"".join(records))
    return path


@pytest.mark.parametrize("source", [module, view], ids=lambda one: one.__name__.rpartition(".")[2])
def test_examples_of_the_documentation(source: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = doctest.testmod(source, optionflags=doctest.ELLIPSIS)
    assert result.attempted and not result.failed


def test_values_of_a_capture_are_those_of_tshark() -> None:
    """tshark -T fields -e frame.number -e netlink-route.ifla_ifname -e netlink-route.ifla_mtu, 4.4.9"""
    with nldissect.open(CAPTURES / "vlan_add.pcap") as cap:
        found = cap.filter("frame.number <= 20").select("frame.number", "IFLA_IFNAME", "IFLA_MTU")
    names = dict(zip(found["frame.number"].tolist(), found["IFLA_IFNAME"].tolist(), strict=True))
    mtus = found["IFLA_MTU"]
    assert {1: "d0", 2: "d0", 3: "v10", 7: "v20", 13: None, 16: "v20"}.items() <= names.items()
    assert [1500] * 8 == mtus.compressed().tolist()
    assert [True, False, True] == mtus.mask[:3].tolist()


def test_types_of_columns(tmp_path: Path) -> None:
    odd = attribute(MAP, struct.pack("<QQQHBB4x", 1 << 63, 2, 3, 4, 5, 6))
    path = write(tmp_path / "x.pcap", frame(ROUTE, named(1, "lo", flags=MULTI)), frame(ROUTE, link(2, odd)))
    cap = nldissect.open(path)
    found = cap.select(
        "IFLA_IFNAME", "IFLA_MTU", "IFLA_MAP.mem_start", "ifi_flags", "nlmsg_flags", "frame.time", "protocol"
    )
    assert ["lo", None] == found["IFLA_IFNAME"].tolist()
    assert ("int64", [1500, None]) == (str(found["IFLA_MTU"].dtype), found["IFLA_MTU"].tolist())
    assert ("uint64", [None, 1 << 63]) == (str(found["IFLA_MAP.mem_start"].dtype), found["IFLA_MAP.mem_start"].tolist())
    assert ["IFF_UP", "IFF_UP"] == found["ifi_flags"].tolist()
    assert ["NLM_F_MULTI", "0"] == found["nlmsg_flags"].tolist()
    assert [SECONDS * 10**9, SECONDS * 10**9 + 10**6] == found["frame.time"].astype("int64").tolist()
    assert "datetime64[ns]" == str(found["frame.time"].dtype)
    assert ["NETLINK_ROUTE"] * 2 == found["protocol"].tolist()
    numbers = cap.select("ifi_flags", "nlmsg_type", "nlmsg_flags", "protocol", numbers=True)
    assert [[1, 1], [16, 16], [2, 0], [0, 0]] == [one.tolist() for one in numbers.values()]


def test_several_values_of_one_message(tmp_path: Path) -> None:
    names = [attribute(ALT_IFNAME, name + b"\0") for name in (b"wan", b"uplink")]
    path = write(tmp_path / "x.pcap", frame(ROUTE, link(1), link(2, attribute(52, b"".join(names)))))
    cap = nldissect.open(path)
    assert [None, "wan"] == cap.select("IFLA_ALT_IFNAME")["IFLA_ALT_IFNAME"].tolist()
    assert [[], ["wan", "uplink"]] == cap.select("IFLA_ALT_IFNAME", several=True)["IFLA_ALT_IFNAME"].tolist()


def test_filters_chain_and_views_have_the_same_methods() -> None:
    cap = nldissect.open(CAPTURES / "vlan_add.pcap")
    links = cap.filter("nlmsg_type == RTM_NEWLINK")
    asked = links.filter("nlmsg_flags & NLM_F_REQUEST")
    assert (28, 13, 3) == (len(cap), len(links), len(asked))
    assert len(asked) == len(cap.filter("nlmsg_type == RTM_NEWLINK and nlmsg_flags & NLM_F_REQUEST"))
    assert [3, 7, 17] == asked.columns["frame"].tolist()
    assert [7, 17] == asked[1:].columns["frame"].tolist() == asked[-2:].columns["frame"].tolist()
    assert [17, 7, 3] == asked[::-1].columns["frame"].tolist()
    assert (
        not cap.filter("IFLA_MTU > 9000") and cap.filter("IFLA_MTU > 9000")[:0].select("IFLA_MTU")["IFLA_MTU"].size == 0
    )
    assert "vlan_add.pcap" in repr(asked) and repr(asked).startswith("<3 of ")


def test_packets_at_random(tmp_path: Path) -> None:
    from scapy.utils import rdpcap

    path = CAPTURES / "vlan_add.pcap"
    cap, packets = nldissect.open(path), rdpcap(str(path))
    for number in (20, 1, 27, 7):
        one = cap.frame(number)
        assert isinstance(one, nlmon) and bytes(packets[number - 1]) == bytes(one)
        assert packets[number - 1].time == one.time and packets[number - 1].wirelen == one.wirelen
    assert isinstance(cap[0], nlmsghdr) and 48 == cap[0].nlmsg_len
    assert [bytes(one) for one in cap] == [bytes(one) for packet in packets for one in packet.messages]
    assert bytes(cap[-1]) == bytes(cap[len(cap) - 1]) == bytes(packets[26].messages[-1])
    for wrong in (28, -29):
        with pytest.raises(IndexError):
            cap[wrong]
    with pytest.raises(NldissectError, match="no frame 28; .*frames 1 to 27"):
        cap.frame(28)


def test_a_packet_knows_the_names_of_its_place(tmp_path: Path) -> None:
    """Interface 7 is called old, then new: each frame is shown with the name of its time, in any order."""
    asking = link(7, kind=18, flags=REQUEST | ACK, seq=1)
    frames = [frame(ROUTE, one) for one in (asking, named(7, "old"), asking, named(7, "new"), asking)]
    cap = nldissect.open(write(tmp_path / "x.pcap", *frames))
    shown = {number: cap.frame(number).messages[0].summary() for number in (5, 3, 1)}
    assert ("RTM_GETLINK new #7", "RTM_GETLINK old #7") == (shown[5], shown[3])
    assert "RTM_GETLINK old #7" == shown[1]  # what a later frame tells first
    assert [3, 2] == [len(cap.filter(f'summary contains "{name}"')) for name in ("old", "new")]
    assert ["old #7", "new #7"] == cap.select("summary")["summary"].tolist()[2::2]


def test_a_generic_family_is_known_at_random() -> None:
    cap = nldissect.open(CAPTURES / "ethtool.pcap")
    one = cap.filter("genlmsghdr.cmd == ETHTOOL_MSG_LINKMODES_GET")[-1]
    assert "ethtool" in [type(layer).__name__ for layer in one.iterpayloads()]
    families = set(cap.columns["family"].tolist())
    assert {"nlctrl", "ethtool", None} == families


def test_several_files_are_merged_by_time(tmp_path: Path) -> None:
    first = shifted(
        tmp_path / "a.pcap", [frame(ROUTE, named(1, "a1")), frame(ROUTE, named(2, "a2"), named(3, "a3"))], 0, 2000
    )
    second = shifted(tmp_path / "b.pcap", [frame(ROUTE, named(4, "b1")), frame(ROUTE, named(5, "b2"))], 1000, 2000)
    cap = nldissect.open(first, second)
    found = cap.select("IFLA_IFNAME", "frame.number", "message.number", "frame.time_relative")
    assert ["a1", "b1", "a2", "a3", "b2"] == found["IFLA_IFNAME"].tolist()
    assert [1, 2, 3, 3, 4] == found["frame.number"].tolist() == cap.columns["frame"].tolist()
    assert [1, 1, 1, 2, 1] == found["message.number"].tolist() == cap.columns["message"].tolist()
    assert [0, 1, 2, 2, 3] == (found["frame.time_relative"] // np.timedelta64(1, "ms")).tolist()
    assert ["b1"] == cap.filter("frame.number == 2").select("IFLA_IFNAME")["IFLA_IFNAME"].tolist()
    assert b"b2\0" in bytes(cap.frame(4)) and b"a3\0" in bytes(cap[3])
    assert [str(first), str(second)] == sorted(set(cap.columns["capture"].tolist()))


def test_a_file_that_grows(tmp_path: Path) -> None:
    frames = [frame(ROUTE, named(n, f"if{n}", mtu=1000 + n)) for n in range(1, 6)]
    whole = write(tmp_path / "whole.pcap", *frames).read_bytes()
    half = 24 + 2 * (16 + len(frames[0])) + 20
    path = tmp_path / "x.pcap"
    path.write_bytes(whole[:half])
    cap = nldissect.open(path)
    wide = cap.filter("IFLA_MTU >= 1002")
    assert (2, 1) == (len(cap), len(wide))
    (cut,) = cap.cut
    assert "cut short in record 3" in cut and str(path) in cut
    with path.open("ab") as file:
        file.write(whole[half:])
    assert 1 == len(wide.select("IFLA_IFNAME")["IFLA_IFNAME"])  # not before it is asked to look
    assert (3, 0) == (cap.refresh(), cap.refresh())
    assert [] == cap.cut
    assert ["if2", "if3", "if4", "if5"] == wide.select("IFLA_IFNAME")["IFLA_IFNAME"].tolist()
    assert frames[4] == bytes(cap.frame(5)) and frames[0] == bytes(cap.frame(1))


def test_merged_files_that_grow(tmp_path: Path) -> None:
    late = shifted(tmp_path / "late.pcap", [frame(ROUTE, named(1, "late"))], 5000)
    path = shifted(tmp_path / "x.pcap", [frame(ROUTE, named(2, "x1"))], 0)
    cap = nldissect.open(late, path)
    with path.open("ab") as file:
        more = frame(ROUTE, named(3, "x2"))
        file.write(struct.pack("<IIII", SECONDS, 1000, len(more), len(more)) + more)
    assert 1 == cap.refresh()
    assert ["x1", "x2", "late"] == cap.select("IFLA_IFNAME")["IFLA_IFNAME"].tolist()
    assert [1, 2, 3] == cap.columns["frame"].tolist()


def test_packed_files_streams_and_pipes_can_be_read_again(tmp_path: Path) -> None:
    data = (CAPTURES / "vlan_add.pcap").read_bytes()
    packed = tmp_path / "x.pcap.gz"
    packed.write_bytes(gzip.compress(data))
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    writer = threading.Thread(target=fifo.write_bytes, args=(data,))
    writer.start()
    with (tmp_path / "moved.pcap").open("wb+") as moved:
        moved.write(data)
        moved.seek(0)
        for where in (packed, fifo, io.BytesIO(data), moved):
            with nldissect.open(where) as cap:
                assert 13 == len(cap.filter("nlmsg_type == RTM_NEWLINK"))
                assert 136 == cap.frame(3).messages[0].nlmsg_len
                assert 0 == cap.refresh() and [] == cap.cut
    writer.join()


def test_standard_input() -> None:
    program = "import nldissect; print(len(nldissect.open('-').filter('nlmsg_type == RTM_NEWLINK')))"
    data = (CAPTURES / "vlan_add.pcap").read_bytes()
    done = subprocess.run([sys.executable, "-c", program], input=data, capture_output=True, cwd=ROOT, check=True)
    assert b"13\n" == done.stdout


def test_a_packed_file_that_ends_early(tmp_path: Path) -> None:
    path = tmp_path / "x.pcap.gz"
    path.write_bytes(gzip.compress((CAPTURES / "vlan_add.pcap").read_bytes())[:-200])
    cap = nldissect.open(path)
    (cut,) = cap.cut
    assert 0 < len(cap) < 28 and cut.startswith(str(path)) and "/proc" not in cut


def test_what_is_odd_is_marked_and_stays(tmp_path: Path) -> None:
    long = struct.pack("<IHHII", 400, 16, 0, 1, 0) + bytes(16)
    frames = [frame(ROUTE, link(1)), frame(ROUTE, long), frame(ROUTE, link(2)) + b"\1\2\3\4", frame(ROUTE), b"\0\4"]
    frames += [frame(USERSOCK, b"hello")]
    cap = nldissect.open(write(tmp_path / "x.pcap", *frames))
    assert [1, 2, 3, 6] == cap.columns["frame"].tolist()
    assert [False, True, False, False] == cap.columns["malformed"].tolist()
    assert [False, False, True, False] == cap.columns["trailing"].tolist()
    assert [32, 32, 32, 8] == cap.columns["captured"].tolist()
    assert [32, 400, 32, None] == cap.columns["nlmsg_len"].tolist()
    assert [4, 5] == cap.without_messages.tolist()
    assert b"\0\4" == bytes(cap.frame(5)) and [] == cap.frame(4).messages


def test_cut_by_a_snap_length_is_not_malformed(tmp_path: Path) -> None:
    cap = nldissect.open(write(tmp_path / "x.pcap", frame(ROUTE, named(1, "lo")), snap=56))
    assert ([False], [40]) == (cap.columns["malformed"].tolist(), cap.columns["captured"].tolist())
    assert 56 < cap.frame(1).wirelen == 16 + int(cap.columns["nlmsg_len"][0])


def test_interfaces_comments_and_indexes(tmp_path: Path) -> None:
    path = tmp_path / "x.pcapng"
    described_ = described(options=option(2, b"nlmon0"))
    noted = packet(frame(ROUTE, link(9)), 1000, options=option(1, b"look here"))
    path.write_bytes(section() + described_ + packet(frame(ROUTE, link(7)), 500) + noted)
    cap = nldissect.open(path)
    assert (
        ["nlmon0", "nlmon0"]
        == cap.columns["interface"].tolist()
        == cap.select("frame.interface")["frame.interface"].tolist()
    )
    assert [7, 9] == cap.columns["ifindex"].tolist()
    assert [b"look here"] == cap.frame(2).comments and "nlmon0" == cap.frame(2).sniffed_on


def test_cooked_captures_of_the_second_kind(tmp_path: Path) -> None:
    """LINKTYPE_LINUX_SLL2: protocol, index, device type, packet type, address; other devices are passed over."""
    body = link(3, attribute(IFNAME, b"eth0\0"))
    ours = struct.pack(">H2xIHBB8s", ROUTE, 5, 824, 4, 0, bytes(8)) + body
    other = struct.pack(">H2xIHBB8s", 0x800, 1, 1, 0, 6, bytes(8)) + bytes(40)
    records = [struct.pack("<IIII", SECONDS, n, len(f), len(f)) + f for n, f in enumerate((other, ours, ours))]
    (tmp_path / "any.pcap").write_bytes(pcap(linktype=276) + b"".join(records))
    cap = nldissect.open(tmp_path / "any.pcap")
    assert [2, 3] == cap.columns["frame"].tolist()
    assert frame(ROUTE, body) == bytes(cap.frame(3)) and len(frame(ROUTE, body)) == cap.frame(2).wirelen


def test_the_index_takes_at_most_64_bytes_a_message(tmp_path: Path) -> None:
    """One message a frame is the most it can take; several files need a column more."""
    frames = [frame(ROUTE, named(n, "lo")) for n in range(1, 2000)]
    first, second = (write(tmp_path / name, *frames) for name in ("a.pcap", "b.pcap"))
    for files in ([first], [first, second]):
        cap = nldissect.open(*files)
        assert 1999 * len(files) == len(cap)
        assert 0 < cap.nbytes <= 64 * len(cap)
    held = sum(array.nbytes for table in (cap._frames, cap._messages) for array in table.values())
    assert held == cap.nbytes and not any(hasattr(part, "frames") for part in cap._parts)


def test_the_index_is_made_without_a_second_one(tmp_path: Path) -> None:
    """Peak memory; a capture opened before has loaded all that is needed."""
    small, large = CAPTURES / "route.pcap", tmp_path / "large.pcap"
    data = small.read_bytes()
    large.write_bytes(data[:24] + data[24:] * (60 * 10**6 // len(data)))
    program = """
import sys, nldissect
def peak():
    return int(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0]) << 10
before = nldissect.open(sys.argv[1])
start = peak()
cap = nldissect.open(sys.argv[2])
print(peak() - start, len(cap), cap.nbytes)
"""
    done = subprocess.run([sys.executable, "-c", program, small, large], capture_output=True, cwd=ROOT, check=True)
    taken, count, kept = map(int, done.stdout.split())
    assert count > 200_000 and taken < 2.5 * kept


def test_mistakes(tmp_path: Path) -> None:
    cap = nldissect.open(CAPTURES / "vlan_add.pcap")
    with pytest.raises(FilterError, match="IFLA_MTU"):
        cap.filter("IFLA_MTUU == 1")
    with pytest.raises(FilterError, match="name one field"):
        cap.select("IFLA_MTU == 1")
    with pytest.raises(
        FieldError, match=r"IFLA_LINKINFO holds other fields; name one of them, like IFLA_LINKINFO\.IFLA_INFO"
    ):
        cap.select("IFLA_LINKINFO")
    with pytest.raises(FileError, match="no file"):
        nldissect.open(tmp_path / "none.pcap")
    (tmp_path / "text").write_text("no capture, but more than a header is long")
    with pytest.raises(FileError, match=rf"{tmp_path}/text is no capture"):
        nldissect.open(tmp_path / "text")
    for wrong in ({}, {"byte_order": "middle"}):
        with pytest.raises(NldissectError):
            nldissect.open(*([] if not wrong else [CAPTURES / "tour.pcap"]), **wrong)  # type: ignore[arg-type]
    cap.close()
    cap.close()
    with pytest.raises(NldissectError, match="is closed"):
        cap.select("IFLA_MTU")


def test_a_file_that_shrinks_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.pcap"
    path.write_bytes((CAPTURES / "vlan_add.pcap").read_bytes())
    cap = nldissect.open(path)
    os.truncate(path, 3000)
    for ask in (lambda: cap.select("IFLA_MTU"), lambda: cap.frame(27)):
        with pytest.raises(FileError, match=r"x\.pcap has become shorter"):
            ask()


def test_a_file_that_is_renamed_or_deleted_stays_open(tmp_path: Path) -> None:
    path = tmp_path / "x.pcap"
    path.write_bytes((CAPTURES / "vlan_add.pcap").read_bytes())
    cap = nldissect.open(path)
    path.unlink()
    assert 13 == len(cap.filter("nlmsg_type == RTM_NEWLINK")) and 136 == cap.frame(3).messages[0].nlmsg_len


@pytest.mark.parametrize("name", ["pyarrow", "pandas"])
def test_a_library_that_is_missing_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    cap = nldissect.open(CAPTURES / "vlan_add.pcap")
    with pytest.raises(NldissectError, match=f"pip install {name}"):
        cap.to_arrow() if name == "pyarrow" else cap.to_pandas()


def test_arrow_and_pandas(tmp_path: Path) -> None:
    pyarrow, pandas = pytest.importorskip("pyarrow"), pytest.importorskip("pandas")
    path = write(tmp_path / "x.pcap", frame(ROUTE, named(1, "lo", mtu=65536)), frame(ROUTE, link(2)))
    cap = nldissect.open(path)
    table = cap.to_arrow("IFLA_IFNAME", "IFLA_MTU", "frame.time")
    assert {"IFLA_IFNAME": ["lo", None], "IFLA_MTU": [65536, None]}.items() <= table.drop(
        ["frame.time"]
    ).to_pydict().items()
    assert [pyarrow.string(), pyarrow.int64(), pyarrow.timestamp("ns", "UTC")] == table.schema.types
    assert [["lo"], []] == cap.to_arrow("IFLA_IFNAME", several=True)["IFLA_IFNAME"].to_pylist()
    data = cap.to_pandas("IFLA_MTU", "IFLA_IFNAME", "frame.time")
    assert "Int64" == str(data["IFLA_MTU"].dtype) and 65536 == data["IFLA_MTU"][0] and data["IFLA_MTU"][1] is pandas.NA
    assert pandas.isna(data["IFLA_IFNAME"][1]) and SECONDS * 10**9 == data["frame.time"][0].value
    assert ["RTM_NEWLINK"] * 2 == cap.to_arrow()["nlmsg_type"].to_pylist()


def test_keys_are_masked() -> None:
    with nldissect.open(CAPTURES / "xfrm.pcap") as cap:
        shown = {one for one in cap.select("XFRMA_ALG_AEAD.alg_key")["XFRMA_ALG_AEAD.alg_key"].tolist() if one}
    assert shown and all("secret" in one for one in shown)
