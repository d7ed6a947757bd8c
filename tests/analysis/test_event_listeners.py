"""What listeners hear of a request is an event of its exchange, whenever and by whatever call they read it.

logs/heard.py: one process changes routes with two sockets, which use one sequence number; a child listens with two
sockets, one of which reads with recv(2), and changes a route itself. It is told to read after the acknowledgements.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from nldissect.capfile import open_capture
from nldissect.commands.run.counts import ProcessCounts
from nldissect.stream.frames import FrameStream
from tests.helpers import paths
from tests.helpers.cli import lines
from tests.helpers.messages import MULTI, ROUTE, frame, message, write
from tests.helpers.paths import CAPTURES
from tests.helpers.prior_requests import by_blocks, by_frames, without_causes

HEARD = paths.LOGS / "heard.log"
SHOWN = ("frame.number", "direction", "exchange.id", "process.pid", "listener.pid")


def exchanges(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads("\n".join(lines("exchanges", path, "-T", "json")))
    return found


def ends(path: Path) -> list[str]:
    """How the exchanges ended, as their lines say."""
    return [line.rpartition(" → ")[2].partition("  ")[0] for line in lines("exchanges", path)]


def read(path: Path, *options: str) -> list[list[str]]:
    fields = [word for name in SHOWN for word in ("-e", name)]
    return [line.split("\t") for line in lines("read", path, "-T", "fields", *fields, *options)]


def kinds(text: str) -> list[int]:
    """Packet types of a log's frames."""
    with open_capture(io.BytesIO(text.encode())) as reader:
        return [int.from_bytes(one.data[:2], "big") for one in reader]


def test_what_is_read_late_belongs_to_its_request() -> None:
    """Frames 11 and 17: a later request, 9 and 15, has the same number, and is another socket's."""
    found = exchanges(HEARD)
    assert 8 == len(found)
    frames = {one["frame"]: one["frames"] for one in found}
    assert {3: [4, 5, 6], 7: [8, 11, 12], 9: [10], 13: [14, 17, 18], 15: [16, 19, 20], 21: [22, 23, 24]}.items() <= (
        frames.items()
    )
    assert ["ok", *["ok, 1 event x2"] * 2, "ok", *["ok, 1 event x2"] * 3, "4 messages"] == ends(HEARD)
    events = [one["events"] for one in found if "events" in one]
    assert [[{"frame": number, "message": 1, "copies": 2}] for number in (5, 11, 17, 19, 22)] == events


def test_a_log_that_grows_says_the_same(tmp_path: Path) -> None:
    """The exchanges of what is read of it, and then of all."""
    whole = tmp_path / "whole.pcapng"
    assert [] == lines("read", HEARD, "-w", whole)
    assert ends(HEARD) == ends(whole)


def test_frames_and_blocks_say_the_same() -> None:
    assert without_causes(by_frames(HEARD)) == by_blocks(HEARD, 1 << 20)


def test_lists_and_exchanges_agree() -> None:
    """Events have their causer, who is not the one beside the frame; the listener stands apart."""
    found = read(HEARD)
    changer, listener = found[0][3], found[-1][3]
    assert changer != listener
    events = {int(one[0]): one[1:] for one in found if one[1] == "notification"}
    assert {5: "2", 6: "2", 11: "3", 12: "3", 17: "5", 18: "5", 19: "6", 20: "6", 22: "7", 24: "7"} == {
        number: one[1] for number, one in events.items()
    }
    assert [[changer, listener]] * 8 + [[listener, listener]] * 2 == [one[2:] for one in events.values()]


def test_nobody_waits_for_a_notification() -> None:
    """The child waits for its acknowledgement (21 to 23) and for its dump (25 to 27), not for what 24 tells of the
    former.
    """
    tally, times = ProcessCounts(), {}
    for seen in FrameStream(str(HEARD)).frames():
        times[seen.number] = seen.record.time or 0
        tally.meet(seen)
    child = [*tally.processes.values()][-1]
    assert times[23] - times[21] + times[27] - times[25] == child.waited


def test_a_notification_without_an_address_is_inferred() -> None:
    """recv(2) does not say who sent it: the port id in the header is another's. Acknowledgements are sure."""
    told = [json.loads(line) for line in lines("read", HEARD, "-T", "ndjson")]
    assert {"notification": [5, 11, 17, 19, 24], "to user": [2, 4, 8, 10, 14, 16, 23, 27]} == {
        way: [one["frame"] for one in told if one["direction"] == way and one.get("direction_known")]
        for way in ("notification", "to user")
    }


def test_a_port_that_is_not_known_decides_nothing() -> None:
    """Without getsockname(2): the request before decides, and where a later one is about something else, nobody."""
    text = re.sub(r"(?m)^.*getsockname.*\n", "", HEARD.read_text())
    known, unknown = kinds(HEARD.read_text()), kinds(text)
    assert [1, 1, 1, 1] == [known[number - 1] for number in (6, 12, 18, 20)]
    assert [4, 4, 4, 4] == [unknown[number - 1] for number in (6, 12, 18, 20)]


def test_a_socket_without_groups_gets_answers() -> None:
    """Of one whose making the log has not, nobody knows."""
    text = """\
7 1.5 socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 3
7 1.6 recv(3, "", 4096, 0) = 16
 | 00000  10 00 00 00 10 00 00 00  02 00 00 00 09 00 00 00  ................ |
7 1.7 recv(5<NETLINK:[ROUTE:8]>, "", 4096, 0) = 16
 | 00000  10 00 00 00 10 00 00 00  02 00 00 00 08 00 00 00  ................ |
7 1.8 recv(5<NETLINK:[ROUTE:8]>, "", 4096, 0) = 16
 | 00000  10 00 00 00 10 00 00 00  02 00 00 00 09 00 00 00  ................ |
7 1.9 recv(5<NETLINK:[ROUTE:8]>, "", 4096, 0) = 16
 | 00000  10 00 00 00 2c 00 05 00  02 00 00 00 08 00 00 00  ................ |
"""
    assert [6, 4, 1, 1] == kinds(text)
    bound = "7 1.55 bind(3, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=0x000001}, 12) = 0\n7 1.6"
    assert [4, 4, 1, 1] == kinds(text.replace("7 1.6", bound))


def test_groups_above_32_are_not_in_addresses() -> None:
    """netlink_group_mask of net/netlink/af_netlink.c: the address of what came by such a group says nothing."""
    text = """\
7 1.5 setsockopt(5<NETLINK:[GENERIC:8]>, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, [33], 4) = 0
7 1.7 recvfrom(5<NETLINK:[GENERIC:8]>, "", 99, 0, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, [12]) = 16
 | 00000  10 00 00 00 10 00 00 00  02 00 00 00 09 00 00 00  ................ |
"""
    assert [1] == kinds(text)
    assert [6] == kinds(text.replace("[33]", "[32]"))


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (CAPTURES / "tc_monitor.pcap", ["ok, 1 event"] * 9),  # one listener of each kind
        (CAPTURES / "route_told.pcap", ["ok, 1 event x3"] * 2),
        (HEARD.with_name("route_heard.pcapng"), ["ok, 1 event"] * 2),
    ],
)
def test_one_listener_is_enough(path: Path, told: list[str]) -> None:
    assert told == [end for end in ends(path) if "event" in end]


def test_what_is_answered_is_no_event(tmp_path: Path) -> None:
    """Parts whose request is not there are counted as messages, copies of one as an event."""
    body = bytes(16)
    copies = [frame(ROUTE, message(16, body, 0, 3, 9))] * 2
    path = write(tmp_path / "x.pcap", *copies, frame(ROUTE, message(16, body, MULTI, 4, 8)), step=10)
    assert ["1 event x2", "1 message"] == ends(path)
