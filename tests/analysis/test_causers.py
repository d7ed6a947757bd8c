"""Notifications belong to who caused them, and who received them stands apart.

logs/route_heard.pcapng: unshare -n nldissect run -q -w route_heard.pcapng -- sh -c 'ip link set lo up;
ip monitor route >/dev/null & sleep .5; ip route add 9.9.9.0/24 dev lo; ip route del 9.9.9.0/24; sleep .3; kill $!'
"""

from __future__ import annotations

from pathlib import Path

import nldissect
from tests.helpers import paths
from tests.helpers.cli import lines, run

HEARD = paths.LOGS / "route_heard.pcapng"
NAMES = ("process.name", "process.pid", "process.confidence", "listener.name", "listener.pid")
FIELDS = ("-T", "fields", *(word for name in ("frame.number", *NAMES) for word in ("-e", name)))
ADDED = ["10\tip\t24407\texact\t\t", "11\tip\t24407\tlearnt\tip\t24361", "12\tip\t24407\texact\t\t"]
DELETED = ["13\tip\t24408\texact\t\t", "14\tip\t24408\tlearnt\tip\t24361", "15\tip\t24408\texact\t\t"]


def test_the_process_of_a_notification_is_its_causer() -> None:
    """Messages 11 and 14 carry port 24407 and 24408; 24361 is ip monitor."""
    assert [*ADDED, *DELETED] == lines("read", HEARD, *FIELDS, "-Y", "frame.number >= 10")
    assert ["ip[24407]", "ip[24408]"] == [one.split()[2] for one in lines("read", HEARD, "-Y", "listener.pid")]
    assert ["11", "14"] == [one.split()[0] for one in lines("read", HEARD, "-Y", "listener.pid == 24361")]
    assert ["5", "6", "7"] == [one.split()[0] for one in lines("read", HEARD, "-Y", "process.pid == 24361")]


def test_columns_say_the_same() -> None:
    with nldissect.open(HEARD) as cap:
        columns = [cap.select(name)[name].tolist() for name in NAMES]
    rows = ["\t".join("" if value is None else str(value) for value in row) for row in zip(*columns, strict=True)]
    assert [one.partition("\t")[2] for one in (*ADDED, *DELETED)] == rows[9:]


def test_a_pipe_knows_the_causer_by_the_request_before() -> None:
    """What can't be read twice."""
    data = HEARD.read_bytes()
    assert [*ADDED, *DELETED] == lines("read", "-", *FIELDS, stdin=data)[9:]
    assert lines("read", HEARD) == lines("read", "-", stdin=data)


def test_a_notification_takes_part_in_its_exchange() -> None:
    found = lines("read", HEARD, "-T", "fields", "-e", "exchange.id", "-Y", "frame.number >= 10")
    assert ["5", "5", "5", "6", "6", "6"] == found
    assert ["ip[24407]", "ip[24408]"] == [one.split()[3] for one in lines("exchanges", HEARD)[4:]]


def test_no_listener_is_called_the_causer(tmp_path: Path) -> None:
    """The request is not in the capture: its port is the number of a process without a name here, a guess."""
    alone = tmp_path / "alone.pcapng"
    run("read", HEARD, "-Y", "frame.number == 14", "-w", alone)
    assert ["1\t\t24408\tguessed\tip\t24361"] == lines("read", alone, *FIELDS)
    assert "ip[24361]" not in lines("read", alone)[0]
