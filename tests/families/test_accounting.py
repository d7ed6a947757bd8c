"""Families that report on the host: tasks, quotas, drops, heat."""

from __future__ import annotations

import struct
from typing import Any

from nldissect.wire import NETLINK_GENERIC, DecodedMessage, walk
from tests.helpers.captures import messages, replies, requests, undecoded, value
from tests.helpers.hex_messages import FAMILY, attribute, frame_of, knowing, of_command, u32
from tests.helpers.route_messages import attrs, line


def test_taskstats_of_a_process() -> None:
    """A Python that asks for itself, by pid and by thread group: only the former has a name."""
    (process, group) = replies("taskstats.pcap", "TASKSTATS")
    stats = value(process, "TASKSTATS_TYPE_AGGR_PID")["TASKSTATS_TYPE_STATS"]

    assert (14, "python", "SCHED_NORMAL", 0) == tuple(
        stats[name] for name in ("version", "ac_comm", "ac_sched", "ac_nice")
    )
    assert value(process, "TASKSTATS_TYPE_AGGR_PID")["TASKSTATS_TYPE_PID"] == stats["ac_pid"]
    assert 0 < stats["ac_stime"] < stats["ac_utime"] < stats["ac_etime"] < 1_000_000
    assert stats["ac_btime"] == stats["ac_btime64"]
    assert "TASKSTATS_TYPE_TGID" in value(group, "TASKSTATS_TYPE_AGGR_TGID")


def test_taskstats_requests() -> None:
    """The last one wants to be told of exits, which is refused inside a pid namespace."""
    asked = [attrs(one) for one in requests("taskstats.pcap", "TASKSTATS")]

    assert [{"TASKSTATS_CMD_ATTR_PID"}, {"TASKSTATS_CMD_ATTR_TGID"}, {"TASKSTATS_CMD_ATTR_REGISTER_CPUMASK"}] == [
        set(one) for one in asked
    ]
    assert "0" == asked[2]["TASKSTATS_CMD_ATTR_REGISTER_CPUMASK"]


def stats_of(size: int) -> DecodedMessage:
    """An answer whose struct has so many bytes."""
    return of_command(
        "TASKSTATS",
        2,
        attribute(4, attribute(1, u32(7)) + attribute(3, bytes(range(256)) * 2 if size > 500 else bytes(size))),
    )


def test_taskstats_of_other_versions() -> None:
    """Older kernels tell less (version 8 ends after freepages), newer ones more: the tail shows."""
    short, long = stats_of(328), stats_of(512)

    assert "freepages_delay_total" in value(short, "TASKSTATS_TYPE_STATS")
    assert "thrashing_count" not in value(short, "TASKSTATS_TYPE_STATS")
    assert ["TASKSTATS_TYPE_STATS: longer than known by 80 bytes"] == [note.text for note in long.notes][-1:]
    assert 80 == len(value(long, "TASKSTATS_TYPE_STATS")["leftover"]["undecoded"]) // 2


def test_exit() -> None:
    """/bin/true ends while somebody listens to its processor: told without having been asked."""
    (told,) = messages("taskstats_exit.pcap", "TASKSTATS", "notification")
    asked = [attrs(one) for one in requests("taskstats_exit.pcap", "TASKSTATS")]

    assert ("true", ["AGROUP"], 0) == tuple(value(told, name) for name in ("ac_comm", "ac_flag", "ac_exitcode"))
    assert [{"TASKSTATS_CMD_ATTR_REGISTER_CPUMASK": "0"}, {"TASKSTATS_CMD_ATTR_DEREGISTER_CPUMASK": "0"}] == asked[:2]
    assert line(told).startswith(f"pid {value(told, 'ac_pid')} true exit 0x0 user ")


def test_cgroup() -> None:
    """A cgroup with one task in it, which had no time to sleep yet."""
    (told,) = messages("taskstats_exit.pcap", "TASKSTATS", "to user", cmd="CGROUPSTATS_CMD_NEW")
    asked = requests("taskstats_exit.pcap", "TASKSTATS")[2]

    assert ("CGROUPSTATS_CMD_GET", "fd 4") == (value(asked, "cmd"), line(asked))
    assert 1 == value(told, "nr_running") + value(told, "nr_sleeping")
    assert {0} == {value(told, f"nr_{state}") for state in ("stopped", "uninterruptible", "io_wait")}


def test_quota() -> None:
    """Limits of 10 and 20 blocks, 2 and 3 inodes: a user writes 8 blocks into each of four files, deletes three."""
    warnings = messages("quota.pcap", "VFS_DQUOT")

    assert ["BSOFTWARN", "ISOFTWARN", "BHARDWARN", "IHARDWARN", "BHARDBELOW", "ISOFTBELOW", "BSOFTBELOW"] == [
        value(one, "QUOTA_NL_A_WARNING").removeprefix("QUOTA_NL_") for one in warnings
    ]
    assert {
        "QUOTA_NL_A_QTYPE": "USRQUOTA",
        "QUOTA_NL_A_EXCESS_ID": 1000,
        "QUOTA_NL_A_WARNING": "QUOTA_NL_BSOFTWARN",
        "QUOTA_NL_A_DEV_MAJOR": 7,
        "QUOTA_NL_A_DEV_MINOR": 0,
        "QUOTA_NL_A_CAUSED_ID": 1000,
    } == attrs(warnings[0])
    assert "bsoftwarn usrquota of 1000 dev 7:0 by 1000" == line(warnings[0])


def test_drop_summary() -> None:
    """struct net_dm_alert_msg in an attribute without a number: reset_per_cpu_data() and trace_drop_common()."""
    points = struct.pack("<QI", 0xFFFFFFFF81234567, 3) + struct.pack("<QI", 0xFFFFFFFF89ABCDEF, 1)
    message = of_command("NET_DM", 1, attribute(0, u32(2) + points))

    assert [] == message.notes
    assert {
        "entries": 2,
        "points": [{"pc": 0xFFFFFFFF81234567, "count": 3}, {"pc": 0xFFFFFFFF89ABCDEF, "count": 1}],
    } == value(message, "NET_DM_ATTR_UNSPEC")


def test_dropped_packet() -> None:
    """net_dm_packet_report_fill(): where, why, from which port, and the packet from its Ethernet header on."""
    port = attribute(4, attribute(0, u32(2)) + attribute(1, b"eth0\0"))
    packet = bytes.fromhex("020000000002 020000000001 0806") + bytes(28)
    body = [
        attribute(14, b"\0\0"), attribute(2, struct.pack("<Q", 0xFFFFFFFF81234567)), attribute(23, b"NO_SOCKET\0"),
        attribute(3, b"udp_queue_rcv_one_skb+0x1/0x2\0"), port, attribute(5, struct.pack("<Q", 10**18)),
        attribute(10, u32(42)), attribute(6, struct.pack("<H", 0x0806)), attribute(7, packet),
    ]  # fmt: skip
    message = of_command("NET_DM", 5, b"".join(body))

    assert [] == message.notes
    assert ("NET_DM_ORIGIN_SW", "NO_SOCKET", "ETH_P_ARP") == tuple(
        value(message, f"NET_DM_ATTR_{name}") for name in ("ORIGIN", "REASON", "PROTO")
    )
    payload = message.find("NET_DM_ATTR_PAYLOAD")
    assert payload is not None
    assert payload.kind.opened(payload.value).haslayer("ARP")  # type: ignore[attr-defined]
    assert "sw NO_SOCKET at udp_queue_rcv_one_skb+0x1/0x2 iif eth0 arp length 42" == line(message)


def test_drops_of_hardware() -> None:
    """net_dm_hw_summary_report_fill(): an empty summary, then entries."""
    entry = attribute(18, attribute(16, b"blackhole_route\0") + attribute(19, u32(5)))
    message = of_command("NET_DM", 1, attribute(0, bytes(4)) + attribute(17, entry))

    assert [{"NET_DM_ATTR_HW_TRAP_NAME": "blackhole_route", "NET_DM_ATTR_HW_TRAP_COUNT": 5}] == value(
        message, "NET_DM_ATTR_HW_ENTRIES"
    )["NET_DM_ATTR_HW_ENTRY"]


def thermal(command: int, body: bytes, *, seq: int, pid: int) -> DecodedMessage:
    """A message of the family "thermal" to user space."""
    header = u32(20 + len(body)) + FAMILY.to_bytes(2, "little") + bytes(2) + u32(seq) + u32(pid)
    frame = frame_of(NETLINK_GENERIC, header + bytes([command, 1, 0, 0]) + body)
    (message,) = walk(frame, knowing("thermal")).messages
    return message


def test_thermal_events_and_answers() -> None:
    """Number 1 is a zone that appears where it was multicast, and a list of zones where it was asked for."""
    event = thermal(1, attribute(2, u32(0)) + attribute(10, b"acpitz\0"), seq=0, pid=0)
    zones = attribute(2, u32(0)) + attribute(10, b"acpitz\0") + attribute(2, u32(1)) + attribute(10, b"x86_pkg_temp\0")
    answer = thermal(1, attribute(1, zones), seq=7, pid=99)

    assert ("THERMAL_GENL_EVENT_TZ_CREATE", "THERMAL_GENL_CMD_TZ_GET_ID") == (value(event, "cmd"), value(answer, "cmd"))
    assert "zone 0 acpitz" == line(event)
    assert {"THERMAL_GENL_ATTR_TZ_ID": [0, 1], "THERMAL_GENL_ATTR_TZ_NAME": ["acpitz", "x86_pkg_temp"]} == value(
        answer, "THERMAL_GENL_ATTR_TZ"
    )
    assert [] == answer.notes


def test_thermal_temperatures() -> None:
    """thermal_genl_sampling_temp() and thermal_genl_cmd_tz_get_trip(): thousandths of a degree, below zero too."""
    sample = thermal(0, attribute(2, u32(3)) + attribute(3, struct.pack("<i", -5250)), seq=0, pid=0)
    trip = attribute(5, u32(0)) + attribute(6, u32(3)) + attribute(7, u32(105000)) + attribute(8, u32(2000))
    answer = thermal(2, attribute(2, u32(3)) + attribute(4, trip), seq=7, pid=99)

    assert ("THERMAL_GENL_SAMPLING_TEMP", -5250) == (value(sample, "cmd"), value(sample, "THERMAL_GENL_ATTR_TZ_TEMP"))
    trips: dict[str, Any] = value(answer, "THERMAL_GENL_ATTR_TZ_TRIP")
    assert (["THERMAL_TRIP_CRITICAL"], [105000]) == (
        trips["THERMAL_GENL_ATTR_TZ_TRIP_TYPE"],
        trips["THERMAL_GENL_ATTR_TZ_TRIP_TEMP"],
    )


def test_everything_is_described() -> None:
    assert [] == undecoded("taskstats.pcap") == undecoded("taskstats_exit.pcap") == undecoded("quota.pcap")
