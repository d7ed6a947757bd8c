"""Exchanges: which answer belongs to which request, told from real captures and from bytes made by hand."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest

import nldissect
from nldissect.analysis.exchanges import joiner
from nldissect.analysis.exchanges.clear_cases import PairingInput
from nldissect.analysis.exchanges.pairs import Pairs
from nldissect.analysis.exchanges.table import RESULT, Exchanges
from tests.helpers import paths
from tests.helpers.captures import frames
from tests.helpers.cli import complaint, lines
from tests.helpers.exchanges import DUMP, exchanges_of, printed_exchanges
from tests.helpers.messages import ACK, MULTI, REQUEST, ROUTE, error, frame, message, write
from tests.helpers.paths import CAPTURES

BELOW = " " * 8
"""How lines begin that explain the one above."""


def stories(found: Exchanges) -> list[tuple[list[int], list[int], int, str | None]]:
    """Frames of requests and of answers, port, and result of each."""
    ports = found.table()["port"].tolist()
    every = [found.exchange(number) for number in range(1, len(found) + 1)]
    return [
        (
            [found.place(row)[0] for row in one.requests],
            [found.place(row)[0] for row in one.answers],
            port,
            RESULT.names.get(one.result, str(one.result)),
        )
        for one, port in zip(every, ports, strict=True)
    ]


def test_a_refused_command_and_its_words() -> None:
    """ip link add link d0 name v5000 type vlan id 5000: the lookup of d0 is another socket's, with the same number."""
    found = printed_exchanges(CAPTURES / "errors.pcap")
    assert 38 == len(found)
    assert {
        "exchange": 2, "frame": 3, "message": 1, "port": 18, "request": "RTM_NEWLINK",
        "summary": "v5000@d0 vlan id 5000", "result": "ERANGE", "text": "Numerical result out of range",
        "extack": "8021q: Invalid VLAN id", "latency": "0.057507", "answers": 1, "bytes": 200, "frames": [4],
        "paired_by": "echo",
    }.items() <= found[1].items()  # fmt: skip
    assert not [one for one in found if one.get("alike")]
    assert ["EEXIST", "EEXIST", "EOPNOTSUPP", "EINVAL"] == [found[place]["result"] for place in (5, 6, 7, 9)]


def test_a_dump_interrupted_by_a_change() -> None:
    """The address that `ip address add` set while the dump was read is named."""
    dump, lookup, change = printed_exchanges(CAPTURES / "dump_interrupted.pcap")
    assert ("interrupted", 253) == (dump["result"], dump["answers"])
    assert {"frame": 6, "message": 1, "request": "RTM_NEWADDR"} == dump["interrupted_by"]
    assert ("ok", "ok", 15) == (lookup["result"], change["result"], change["port"])
    assert (
        "252 messages, interrupted by RTM_NEWADDR of frame 6"
        in lines("exchanges", CAPTURES / "dump_interrupted.pcap")[0]
    )


def test_a_batch_is_one_exchange_and_each_command_has_its_result() -> None:
    """nft: a jump to a chain that is not there, between two good commands."""
    batches = [one for one in printed_exchanges(CAPTURES / "nft_bridge.pcap") if one.get("commands")]
    (bad,) = [one for one in batches if one["frame"] == 213]
    results = {one["request"]: one["result"] for one in bad["commands"] if one["message"] < 4}
    assert {"NFNL_MSG_BATCH_BEGIN": "silent", "NFT_MSG_NEWCHAIN": "silent", "NFT_MSG_NEWRULE": "ENOENT"} == results
    assert ("ENOENT", 30, [214]) == (bad["result"], bad["port"], bad["frames"])
    line = next(line for line in lines("exchanges", CAPTURES / "nft_bridge.pcap") if line.startswith("  82 "))
    assert "ENOENT, for NFT_MSG_NEWRULE of frame 213, message 3; none of the batch was done" in line


def test_listeners_of_one_sequence_number_and_notifications_between() -> None:
    """Three `ip monitor`, each with a dump; a change that all three hear belongs to nobody's exchange."""
    found = exchanges_of(CAPTURES / "monitor_three.pcap")
    assert [([1], [2, 2, 3, 4], 14, "ok"), ([5], [6, 6, 7, 8], 21, "ok"), ([9], [10, 10, 11, 12], 28, "ok")] == stories(
        found
    )[:3]
    assert ([15], [19], 35, "ok") == stories(found)[4]


def test_requests_the_kernel_repeats_as_its_own_answers() -> None:
    """ip nexthop: notifications carry the flags of the request, NLM_F_REQUEST too, and the sender's port."""
    found = stories(exchanges_of(CAPTURES / "nexthop.pcap"))
    assert ([7], [8, 9], 23, "ok") in found
    assert ([67], [68, 69, 70, 71], 2304862813, "ok") in found
    assert {"unanswered", "unasked", "unfinished"}.isdisjoint(result for *_, result in found)


@pytest.mark.parametrize("name", sorted(path.name for path in CAPTURES.glob("*.pcap")))
def test_every_answer_of_every_capture_is_joined(name: str) -> None:
    """Nothing is left over, and joined block by block, as a capture grows, it is the same."""
    found = exchanges_of(CAPTURES / name)
    table = found.table()
    odd = {RESULT.names.get(result) for result in table["result"].tolist()} & {"unasked", "unfinished", "unanswered"}
    assert odd <= ({"unanswered"} if name == "iscsi.pcap" else set())
    assert not table["alike"].any() or name == "few_numbers.pcap"
    grown = exchanges_of(CAPTURES / name, window=4096, asking=True)
    assert {name: column.tolist() for name, column in table.items()} == {
        name: column.tolist() for name, column in grown.table().items()
    }
    rows = np.arange(found.ledger.rows)
    assert found.of(rows).tolist() == grown.of(rows).tolist()


def test_what_has_come_does_not_join_all_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A capture that grows 26 times: only messages with the numbers of new ones are gone through once more."""
    path, seen = CAPTURES / "refusals.pcap", 0

    class Counting(PairingInput):
        def plain(self, found: Pairs) -> None:
            nonlocal seen
            seen += len(self.rows)
            super().plain(found)

    monkeypatch.setattr(joiner, "PairingInput", Counting)
    count, once = len(exchanges_of(path)), seen
    assert count == len(exchanges_of(path, window=1000, asking=True))
    assert once < seen - once < 5 * once


def test_who_is_answered_where_sequence_numbers_are_the_same(tmp_path: Path) -> None:
    """By hand: a link and an address dump of two sockets overlap, port ids are learnt from the answers."""
    link, address = b"\0" * 16, b"\0" * 8
    traffic = [
        frame(ROUTE, message(18, link, REQUEST | DUMP, 7, 0)), frame(ROUTE, message(22, address, REQUEST | DUMP, 7, 0)),
        frame(ROUTE, message(20, address, MULTI, 7, 102)), frame(ROUTE, message(16, link, MULTI, 7, 101)),
        frame(ROUTE, message(3, b"\0" * 4, MULTI, 7, 101)), frame(ROUTE, message(20, address, MULTI, 7, 102)),
        frame(ROUTE, message(3, b"\0" * 4, MULTI, 7, 102)),
    ]  # fmt: skip
    assert [([1], [4, 5], 101, "ok"), ([2], [3, 6, 7], 102, "ok")] == stories(
        exchanges_of(write(tmp_path / "x.pcap", *traffic))
    )


def test_flags_that_the_kernel_changes_before_it_acknowledges() -> None:
    """ip -6 route add with two nexthops: the header comes back without NLM_F_EXCL, and proves its request yet."""
    every = list(frames("route.pcap"))
    flags = {number: struct.unpack_from("<H", every[number - 1], at)[0] for number, at in ((51, 22), (53, 42))}
    (added,) = [one for one in printed_exchanges(CAPTURES / "route.pcap") if one["frame"] == 51]
    assert {51: 0x605, 53: 0x405} == flags
    assert ("RTM_NEWROUTE", [52, 53], "echo") == (added["request"], added["frames"], added["paired_by"])


def test_equal_requests_at_once_are_said_to_be_alike(tmp_path: Path) -> None:
    """By hand: nothing tells which of two a port answers; each port's answers stay together."""
    body = b"\0" * 16
    traffic = [
        frame(ROUTE, message(18, body, REQUEST | DUMP, 7, 0)), frame(ROUTE, message(18, body, REQUEST | DUMP, 7, 0)),
        frame(ROUTE, message(16, body, MULTI, 7, 101)), frame(ROUTE, message(16, body, MULTI, 7, 102)),
        frame(ROUTE, message(3, b"\0" * 4, MULTI, 7, 102)), frame(ROUTE, message(3, b"\0" * 4, MULTI, 7, 101)),
    ]  # fmt: skip
    path = write(tmp_path / "x.pcap", *traffic)
    assert [([1], [3, 6], 101, "ok"), ([2], [4, 5], 102, "ok")] == stories(exchanges_of(path))
    assert [2, 2] == exchanges_of(path).table()["alike"].tolist()
    assert "one of 2 alike" in lines("exchanges", path)[0]


def test_what_has_no_answer_and_what_has_no_request(tmp_path: Path) -> None:
    """By hand: an ack that was asked for, a request that asks for none, parts without a request, a dump cut short."""
    body = b"\0" * 16
    asked = message(16, body, REQUEST | ACK, 1, 0)
    traffic = [
        frame(ROUTE, asked), frame(ROUTE, message(16, body, REQUEST, 2, 0)),
        frame(ROUTE, message(16, body, MULTI, 3, 9)),
        frame(ROUTE, message(3, b"\0" * 4, MULTI, 3, 9)), frame(ROUTE, message(18, body, REQUEST | DUMP, 4, 0)),
        frame(ROUTE, message(16, body, MULTI, 4, 8)), frame(ROUTE, message(16, body, 0, 0, 0)),
        frame(ROUTE, error(1, message(16, body + body, REQUEST | ACK, 1, 0), seq=1, pid=7)),
    ]  # fmt: skip
    found = exchanges_of(write(tmp_path / "x.pcap", *traffic))
    assert [
        ([1], [], 0, "unanswered"), ([2], [], 0, "silent"), ([], [3, 4], 9, "unasked"), ([5], [6], 8, "unfinished"),
        ([], [8], 7, "EPERM"),
    ] == stories(found)  # fmt: skip
    text = lines("exchanges", write(tmp_path / "x.pcap", *traffic))
    assert "no answer" in text[0] and "no answer asked for" in text[1] and "the end is missing" in text[3]


def test_the_command_line(tmp_path: Path) -> None:
    path = CAPTURES / "errors.pcap"
    assert 19 == len([line for line in lines("exchanges", path, "-Y", "error") if not line.startswith(BELOW)])
    assert lines("exchanges", path) == lines("exchanges", "-", stdin=path.read_bytes())
    assert "4.633" not in lines("exchanges", path, "-t", "e")[1]
    assert "no-such" in complaint("exchanges", tmp_path / "no-such")


def test_refusals_are_explained() -> None:
    """captures/topics/refusals.sh: `ip link add bond0 type bond mode active-backup lacp_rate fast`, and others."""
    found = lines("exchanges", CAPTURES / "refusals.pcap", "-Y", "error and frame.number < 8")
    assert found[0].endswith(
        'RTM_NEWLINK  bond0 bond mode activebackup → EACCES "option not supported in mode"  110 ms'
    )
    assert [
        "          --> RTM_NEWLINK of frame 1: bond0 bond mode activebackup",
        "              |",
        "        68-72 | IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_BOND_AD_LACP_RATE: AD_LACP_FAST (1)  01",
        "              |                              ^^^^^^^^^^^^^^^^^^^^^^",
        "              = option not supported in mode",
    ] == found[1:6]
    by_result = lines("exchanges", CAPTURES / "refusals.pcap", "-Y", "exchange.result == EACCES")
    assert found[:6] == by_result[:6]
    assert not [line for line in lines("exchanges", CAPTURES / "refusals.pcap") if line.startswith(BELOW)]


def test_a_dump_that_is_refused_is_explained_by_its_own_request() -> None:
    """What ends a dump repeats nothing; three of them have one sequence number (captures/topics/ack_layouts.sh)."""
    found = lines("exchanges", CAPTURES / "ack_layouts.pcap", "-Y", "exchange.request == 15")
    assert not [line for line in found if line.startswith(BELOW)]
    found = lines("exchanges", CAPTURES / "ack_layouts.pcap", "-Y", "error and frame.number == 16")
    assert [
        "          --> RTM_GETROUTE of frame 15: dump",
        "              = Invalid values in header for FIB dump request",
    ] == found[1:]


def test_a_warning_is_explained() -> None:
    found = lines("exchanges", CAPTURES / "errors.pcap", "-Y", 'extack contains "quantum"')
    assert "              = sch_htb: quantum of class 10005 is big. Consider r2q change." == found[2]
    assert found[1].startswith("          --> RTM_NEWTCLASS of frame 83: ")


def test_an_event_that_three_were_told_is_one(tmp_path: Path) -> None:
    """captures/topics/route_told.sh"""
    path = CAPTURES / "route_told.pcap"
    assert [line.partition("→ ")[2].partition("  ")[0] for line in lines("exchanges", path)] == [
        "3 messages", "3 messages", "3 messages", "ok, 1 event x3", "ok, 1 event x3"
    ]  # fmt: skip
    added, deleted = printed_exchanges(path)[3:]
    assert [{"frame": 14, "message": 1, "copies": 3}] == added["events"]
    assert 4 == added["answers"] == deleted["answers"]
    assert "events" not in printed_exchanges(path)[0]


def test_processes_are_named_where_the_capture_knows_them() -> None:
    """tests/logs/talk.py asked, and strace wrote who it was; a plain capture of nlmon does not know."""
    log = paths.LOGS / "talk.log"
    assert " 1467 python3[1467] ROUTE RTM_GETLINK  #77777 → ENODEV" in lines("exchanges", log)[0]
    first = printed_exchanges(log)[0]
    assert ("python3", 1467, "exact") == (first["process"], first["pid"], first["confidence"])
    assert "process" not in printed_exchanges(CAPTURES / "errors.pcap")[0]


FIELDS = (
    "exchange.id", "exchange.latency", "exchange.result", "exchange.parts", "exchange.port", "exchange.request",
)  # fmt: skip


def shown(path: Path, *options: str) -> list[str]:
    every = [word for name in FIELDS for word in ("-e", name)]
    return lines("read", path, "-T", "fields", "-e", "frame.number", *every, *options)


def test_the_fields_are_those_of_the_exchange() -> None:
    """Of a request and its answer alike; the port is known of the request too."""
    path = CAPTURES / "errors.pcap"
    found = shown(path, "-Y", "exchange.result == ENODEV")
    assert [f"{frame}\t11\t0.000017\tENODEV\t1\t4235306969\t21" for frame in (21, 22)] == found
    assert ["3", "4", "15", "16"] == [line.split()[0] for line in lines("read", path, "-Y", "exchange.latency > 30ms")]
    assert 254 == len(lines("read", CAPTURES / "dump_interrupted.pcap", "-Y", "exchange.result == interrupted"))
    assert 1 == len(lines("exchanges", path, "-Y", "exchange.latency > 50ms"))


def test_columns_and_single_messages_agree(tmp_path: Path) -> None:
    """A capture long enough to be read by columns, which is the tour many times over, an hour apart."""
    tour = (CAPTURES / "tour.pcap").read_bytes()
    long = tmp_path / "long.pcap"
    times = 2 + (1 << 18) // len(tour)
    long.write_bytes(tour[:24] + b"".join(later(tour[24:], 3600 * place) for place in range(times)))
    short = shown(CAPTURES / "tour.pcap")
    count = len(exchanges_of(CAPTURES / "tour.pcap"))
    found = shown(long)
    assert times * len(short) == len(found)
    assert short == found[: len(short)]
    last = [line.split("\t") for line in found[-len(short) :]]
    before = [line.split("\t") for line in short]
    moved = [str(int(one[1]) + (times - 1) * count) if one[1] else "" for one in before]
    assert moved == [one[1] for one in last]
    assert [one[2:6] for one in before] == [one[2:6] for one in last]


def later(records: bytes, seconds: int) -> bytes:
    """The records of a pcap at another time."""
    out, at = b"", 0
    while at < len(records):
        time, _, length, _ = struct.unpack_from("<IIII", records, at)
        out += struct.pack("<I", time + seconds) + records[at + 4 : at + 16 + length]
        at += 16 + length
    return out


def test_merged_captures_have_exchanges_of_their_own() -> None:
    """Of two files read as one the fields are still those of each file."""
    with nldissect.open(CAPTURES / "errors.pcap", CAPTURES / "dump_interrupted.pcap") as both:
        table = both.select("exchange.id", "exchange.result", "frame.number")
    assert {"interrupted", "ERANGE"} <= set(table["exchange.result"].tolist())
    assert 38 == max(table["exchange.id"].tolist())


def test_fields_of_a_file_that_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each message is taken note of once; what was unanswered has its answer later."""
    data, path, taken = (CAPTURES / "errors.pcap").read_bytes(), tmp_path / "growing.pcap", []
    add = Exchanges.add
    monkeypatch.setattr(Exchanges, "add", lambda self, block: taken.append(len(block)) or add(self, block))
    path.write_bytes(data[:1324])  # three frames
    with nldissect.open(path) as capture:
        assert [3] == capture.filter("exchange.result == unanswered").select("frame.number")["frame.number"].tolist()
        path.write_bytes(data)
        capture.refresh()
        assert not len(capture.filter("exchange.result == unanswered"))
        assert [3, 4] == capture.filter("exchange.result == ERANGE").select("frame.number")["frame.number"].tolist()
        assert sum(taken) == len(capture)


def test_a_pipe_has_no_exchanges() -> None:
    text = complaint("read", "-", "-Y", "exchange.id == 1", stdin=(CAPTURES / "errors.pcap").read_bytes())
    assert "exchange.* needs the whole capture" in text


def test_statistics_of_exchanges() -> None:
    """How often each was asked and refused, how long it took, and the slowest."""
    found = json.loads("".join(lines("stats", CAPTURES / "errors.pcap", "exchanges", "-T", "json")))["exchanges"]
    assert (38, 19, 4) == (found["exchanges"], found["results"]["ok"], found["results"]["EEXIST"])
    (links,) = [one for one in found["requests"] if one["request"] == "RTM_NEWLINK"]
    assert (9, 8, 0) == (links["exchanges"], links["refused"], links["unanswered"])
    assert {"count": 9, "min": "0.000007", "max": "0.057507"}.items() <= links["latency"].items()
    slowest = found["slowest"][0]
    assert (2, 3, "0.057507", "ERANGE", 18) == tuple(
        slowest[name] for name in ("exchange", "frame", "latency", "result", "port")
    )
    some = lines("stats", CAPTURES / "errors.pcap", "exchanges", "-Y", "error == EEXIST")
    assert "4 exchanges: 4 EEXIST" == some[0]
    table = lines("stats", CAPTURES / "dump_interrupted.pcap", "exchanges")
    assert "3 exchanges: 2 ok, 1 interrupted" == table[0]
    assert ["1", "1", "14", "RTM_GETADDR", "19.6", "ms", "interrupted"] in [line.split() for line in table]


def test_copies_of_one_event_are_counted_and_can_be_left_out(tmp_path: Path) -> None:
    """Three listeners get one change each; the same change later, or of another protocol, is another event."""
    path = CAPTURES / "monitor_three.pcap"
    found = lines("read", path, "-T", "fields", "-e", "frame.number", "-e", "event.copy", "-e", "event.copies",
                  "-Y", "event.copies > 1")  # fmt: skip
    assert ["16\t1\t3", "17\t2\t3", "18\t3\t3"] == found
    assert 24 == len(lines("read", path, "-Y", "not event.copy > 1"))
    counted = "Messages    26, 2 of them further copies of 1 event for several listeners"
    assert counted == lines("stats", path)[2]
    overview = json.loads("".join(lines("stats", CAPTURES / "link_flap.pcap", "-T", "json")))["overview"]
    assert (19, 19) == (overview["copied_events"], overview["copies"])  # two listeners
    event = message(16, b"\0" * 16)
    close = write(tmp_path / "x.pcap", *[frame(protocol, event) for protocol in (ROUTE, ROUTE, 6)], step=10)
    far = write(tmp_path / "y.pcap", frame(ROUTE, event), frame(ROUTE, event), step=1000)
    asked = ("-T", "fields", "-e", "event.copies")
    assert ["2", "2", "1"] == lines("read", close, *asked)
    assert ["1", "1"] == lines("read", far, *asked)


@pytest.mark.parametrize("data", [b"no capture at all\n", b"", bytes(range(200, 250)) * 3])
def test_a_file_that_is_no_capture_is_called_by_its_name(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "notpcap.txt"
    path.write_bytes(data)
    said = complaint("exchanges", path)
    assert str(path) in said and "/proc/" not in said
