"""NETLINK_CONNECTOR: events of processes, and other users of the connector as their headers lay them out."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest

from nldissect.analysis.stats.collector import Collector
from nldissect.cli import main
from nldissect.columns.block_reader import BlockReader
from nldissect.families.connector import cn_msg
from nldissect.render.names import message_name
from nldissect.render.stats.model import counters
from nldissect.viewer.filter_text.from_cursor import of_title
from nldissect.wire import NETLINK_CONNECTOR, DecodedMessage, nlmon
from tests.helpers.captures import frames, messages, rebuilt, undecoded, value
from tests.helpers.hex_messages import of_body, u32
from tests.helpers.paths import CAPTURES
from tests.helpers.route_messages import body, line


def events(what: str) -> list[dict[str, Any]]:
    """What the events of that name say."""
    found = (body(one)["data"] for one in messages("connector.pcap", direction="notification"))
    return [data["event_data"] for data in found if data["what"] == f"PROC_EVENT_{what}"]


def of_user(idx: int, data: bytes, flags: int = 0) -> DecodedMessage:
    """A message of one user of the connector."""
    return of_body(NETLINK_CONNECTOR, 3, struct.pack("<IIIIHH", idx, 1, 9, 0, len(data), 0) + data, flags)


def test_listening() -> None:
    """PROC_CN_MCAST_LISTEN with one word, PROC_CN_MCAST_IGNORE with a set of events; the kernel acknowledges."""
    listen, ignore = messages("connector.pcap", direction="to kernel")
    (answer,) = messages("connector.pcap", direction="to user")

    assert {"mcast_op": "PROC_CN_MCAST_LISTEN"} == body(listen)["data"]
    assert [] == listen.notes
    assert ("NLMSG_DONE", 9) == (ignore.type_name, len(body(ignore)["data"]["event_type"]))
    assert ("PROC_EVENT_NONE", {"err": 0}) == tuple(body(answer)["data"][key] for key in ("what", "event_data"))
    assert (0, 1) == (body(listen)["ack"], body(answer)["ack"])


def test_life_of_processes() -> None:
    """/bin/sh -c "/bin/true; exit 3": a fork, an exec, another fork and exec, two exits."""
    parent = events("FORK")[0]["parent_pid"]
    shell = events("FORK")[0]["child_pid"]
    true = next(one["child_pid"] for one in events("FORK") if one["parent_pid"] == shell)

    assert [shell, true] == [one["process_pid"] for one in events("EXEC")]
    codes = {one["process_pid"]: one["exit_code"] for one in events("EXIT")}
    assert (0, 3 << 8) == (codes[true], codes[shell])
    assert [parent] * 4 == [one["parent_pid"] for one in events("FORK") if one["parent_pid"] != shell]
    assert {17} == {one["exit_signal"] for one in events("EXIT")}  # SIGCHLD


def test_changes_of_a_process() -> None:
    """A new name, session, group and user."""
    (name,) = events("COMM")
    pid = name["process_pid"]

    assert {"process_pid": pid, "process_tgid": pid, "comm": "renamed"} == name
    assert [{"process_pid": pid, "process_tgid": pid}] == events("SID")
    assert [{"process_pid": pid, "process_tgid": pid, "rgid": 65534, "egid": 65534}] == events("GID")
    assert [{"process_pid": pid, "process_tgid": pid, "ruid": 65534, "euid": 65534}] == events("UID")


def test_crash_and_trace() -> None:
    (crash,) = events("COREDUMP")
    code = next(one["exit_code"] for one in events("EXIT") if one["process_pid"] == crash["process_pid"])
    attached, detached = events("PTRACE")

    assert 11 == code & 0x7F  # SIGSEGV
    assert (crash["parent_pid"], 0) == (attached["tracer_pid"], detached["tracer_pid"])


def test_lines() -> None:
    lines = [line(one) for one in messages("connector.pcap")]

    assert "idx_proc listen" == lines[0]
    assert lines[2].startswith("idx_proc fork parent ")
    assert any(text.startswith("idx_proc comm pid ") and text.endswith(" renamed") for text in lines)
    assert any(text.endswith(" exit_code 768") for text in lines)


def test_nothing_is_an_error() -> None:
    """NLMSG_DONE is the type of every message here, idx stands where an error number does elsewhere."""
    source = BlockReader(str(CAPTURES / "connector.pcap"))
    gathered = Collector(source.context, counters(["errors"]))
    for block in source.blocks():
        gathered.add(block)
    source.finish()

    found = gathered.sections["errors"].result()
    assert (0, [], []) == tuple(getattr(found, key) for key in ("acks", "errors", "warnings"))


def test_lists_call_process_events_by_their_name(capsys: pytest.CaptureFixture[str]) -> None:
    """The kernel gives all messages of connectors the type that ends a dump elsewhere: in JSON and in filters it stays,
    lists and statistics say what they are. None is an error.
    """
    path = str(CAPTURES / "connector.pcap")
    assert main(["read", path, "-c", "3"]) == 0
    assert "* CONNECTOR cn_proc      idx_proc fork parent 13491 child 13540" in capsys.readouterr().out.splitlines()[2]
    assert main(["stats", path, "types", "-T", "json"]) == 0
    assert {"cn_proc"} == {row["name"] for row in json.loads(capsys.readouterr().out)["types"]}
    assert main(["stats", path, "processes", "-T", "json"]) == 0
    assert [(22, 0)] == [(row["messages"], row["errors"]) for row in json.loads(capsys.readouterr().out)["processes"]]
    assert main(["read", path, "-T", "ndjson", "-Y", "nlmsg_type == NLMSG_DONE", "-c", "1"]) == 0
    assert "NLMSG_DONE" == json.loads(capsys.readouterr().out)["nlmsg_type"]
    assert "cn_msg" == message_name(of_user(0x123, b"abc"))


def test_filters_of_the_viewer_tell_process_events_from_others() -> None:
    assert "protocol == NETLINK_CONNECTOR and cn_msg.idx == 1" == of_title(11, "cn_proc")
    assert "protocol == NETLINK_CONNECTOR and not cn_msg.idx == 1" == of_title(11, "cn_msg")
    assert of_title(11, "NLMSG_DONE") is None and of_title(0, "RTM_NEWLINK") is None


def test_dm_log() -> None:
    """linux/dm-log-userspace.h"""
    uuid = b"LVM-abc".ljust(129, b"\0") + bytes(3)
    found = of_user(7, struct.pack("<Q", 5) + uuid + struct.pack("<IiIII", 3, 0, 1, 1, 5) + b"disk\0")

    assert [] == found.notes
    assert ("DM_ULOG_CTR", "LVM-abc", "disk") == tuple(
        value(found, key) for key in ("request_type", "uuid", "data.data")
    )
    assert "idx_dm ctr LVM-abc" == line(found)


def test_one_wire_bus() -> None:
    """drivers/w1/w1_netlink.h: what `id` is depends on the type."""
    master = of_user(3, struct.pack("<BBHII", 2, 0, 0, 1, 0))
    slave = of_user(3, struct.pack("<BBH8s", 0, 0, 0, bytes.fromhex("28aabbccddeeff01")))

    assert ("W1_MASTER_ADD", {"id": 1, "res": 0}) == tuple(body(master)["data"][key] for key in ("type", "id"))
    assert "28:aa:bb:cc:dd:ee:ff:01" == body(slave)["data"]["id"]
    assert "w1_idx slave_add 28:aa:bb:cc:dd:ee:ff:01" == line(slave)


def test_video_bios() -> None:
    """video/uvesafb.h"""
    found = of_user(4, struct.pack("<B3xi10I6H", 1, 4, 0, 0, 0, 0, 0, 0, 0x4F00, *7 * [0], 0, 0) + u32(7))

    assert (["TF_VBEIB"], 0x4F00, "07000000") == tuple(value(found, key) for key in ("data.flags", "eax", "buf"))


def test_unknown_user() -> None:
    found = of_user(0x123, b"abc")

    assert (0x123, "616263") == (body(found)["idx"], body(found)["data"])


def test_everything_is_described() -> None:
    assert [] == undecoded("connector.pcap")


def test_scapy_reads_and_builds() -> None:
    assert list(frames("connector.pcap")) == rebuilt("connector.pcap")
    assert all(cn_msg in nlmon(frame) for frame in frames("connector.pcap"))
