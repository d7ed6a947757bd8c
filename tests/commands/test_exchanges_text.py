"""`nldissect exchanges` as text: runs are folded, several files are merged by time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.cli import complaint, lines
from tests.helpers.exchanges import DUMP, printed_exchanges
from tests.helpers.messages import attribute, error, frame, link, message, write
from tests.helpers.paths import CAPTURES

ROUTE, REQUEST, ACK, ESRCH = 0, 1, 4, 3
RTM_DELROUTE, RTM_GETLINK, DONE, RTA_DST, IFLA_IFNAME = 25, 18, 3, 1, 3


def delete_route(prefix: bytes, seq: int) -> bytes:
    """`ip route del PREFIX/24`: struct rtmsg (AF_INET, length 24, table main, scope nowhere), RTA_DST."""
    body = bytes([2, 24, 0, 0, 254, 0, 255, 0, 0, 0, 0, 0]) + attribute(RTA_DST, prefix)
    return message(RTM_DELROUTE, body, REQUEST | ACK, seq)


def refused(prefixes: list[bytes], pid: int = 7) -> list[bytes]:
    """Frames of one socket: each request, and its answer ESRCH."""
    frames = []
    for seq, prefix in enumerate(prefixes, 1):
        request = delete_route(prefix, seq)
        frames += [frame(ROUTE, request), frame(ROUTE, error(ESRCH, request, seq=seq, pid=pid), packet_type=6)]
    return frames


def dump(seq: int, pid: int = 9) -> list[bytes]:
    """A dump of no links."""
    done = message(DONE, bytes(4), 2, seq, pid)
    return [frame(ROUTE, link(0, kind=RTM_GETLINK, flags=DUMP | REQUEST, seq=seq)), frame(ROUTE, done, packet_type=6)]


def test_equal_exchanges_are_one_line_with_their_number(tmp_path: Path) -> None:
    path = write(tmp_path / "equal.pcap", *refused([bytes([10, 0, 0, 0])] * 100))
    (line,) = lines("exchanges", path)
    assert line.startswith("   1 0.000000     7 ROUTE RTM_DELROUTE 10.0.0.0/24 table main → ESRCH  1 ms  x100  until ")
    assert line.endswith("  until 0.198000, exchange 100, frames 1 to 200")
    assert 100 == len(lines("exchanges", path, "--all")) == len(printed_exchanges(path))


def test_exchanges_that_differ_in_a_value_are_two_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "alike.pcap", *refused([bytes([10, 0, third, 0]) for third in range(100)]))
    first, more = lines("exchanges", path)
    assert first == "   1 0.000000     7 ROUTE RTM_DELROUTE 10.0.0.0/24 table main → ESRCH  1 ms"
    expected = "... and 99 more like it (RTM_DELROUTE → ESRCH)  1 ms  until 0.198000, exchange 100, frames 3 to 200"
    assert expected == more.strip()
    assert 100 == len(lines("exchanges", path, "--all")) == len(printed_exchanges(path))


def test_three_that_differ_stay_lines_of_their_own(tmp_path: Path) -> None:
    path = write(tmp_path / "three.pcap", *refused([bytes([10, 0, third, 0]) for third in range(3)]))
    assert 3 == len(lines("exchanges", path))


def test_a_run_is_of_one_socket(tmp_path: Path) -> None:
    prefix = [bytes([10, 0, 0, 0])]
    path = write(tmp_path / "two.pcap", *refused(prefix, 7), *refused(prefix, 8), *refused(prefix, 7))
    assert 3 == len(lines("exchanges", path))


def test_latencies_of_a_run_are_a_range() -> None:
    """ovs-vsctl asks for the datapath of lo nine times: captures/ovs.pcap, frames 19 to 36."""
    line = lines("exchanges", CAPTURES / "ovs.pcap")[8]
    start, end = (
        "  10 0.289747    20 GENERIC OVS_VPORT_CMD_GET  lo → ENODEV",
        "until 0.291829, exchange 18, frames 19 to 36",
    )
    assert f"{start}  2 us to 5 us  x9  {end}" == line


def test_dumps_of_one_program_are_one_line() -> None:
    """captures/claimed_port.pcap: three `ss`-like dumps of routes and links by one socket."""
    line = lines("exchanges", CAPTURES / "claimed_port.pcap")[1]
    text = "ROUTE 6 dumps: RTM_GETROUTE x3, RTM_GETLINK x3 → 27 messages  898 us"
    assert f"   2 0.188017 2922595889 {text}  until 0.189253, exchange 7, frames 5 to 22" == line
    each = printed_exchanges(CAPTURES / "claimed_port.pcap")[1:7]
    assert 27 == sum(one["answers"] - 1 for one in each)  # each ends with NLMSG_DONE
    assert 898 == sum(round(float(one["latency"]) * 1e6) for one in each)


@pytest.mark.parametrize("name", ["dump_interrupted.pcap", "parallel.pcap", "tour.pcap"])
def test_interrupted_dumps_and_those_without_an_answer_stay_lines_of_their_own(name: str) -> None:
    unusual = [one for one in printed_exchanges(CAPTURES / name) if one["result"] in ("interrupted", "unanswered")]
    shown = lines("exchanges", CAPTURES / name)
    for one in unusual:
        assert any(line.split()[0] == str(one["exchange"]) for line in shown), one["exchange"]


def test_a_slow_dump_stays_a_line_of_its_own(tmp_path: Path) -> None:
    """Nine dumps of 1 ms, and between them one of 21 ms: other frames pass meanwhile."""
    between = [frame(ROUTE, link(1, attribute(IFLA_IFNAME, b"lo\0"), pid=99, seq=1), packet_type=6)] * 20
    frames: list[bytes] = []
    for seq in range(1, 11):
        request, done = dump(seq)
        frames += [request, *(between if seq == 5 else []), done]
    shown = [line for line in lines("exchanges", write(tmp_path / "slow.pcap", *frames)) if "GETLINK" in line]
    counts = ["x4" in shown[0], "  21 ms" in shown[1], "x5" in shown[2]]
    assert [True] * 3 == counts and 3 == len(shown)


def test_a_refusal_of_a_run_is_explained_once(tmp_path: Path) -> None:
    path = write(tmp_path / "equal.pcap", *refused([bytes([10, 0, 0, 0])] * 5))
    shown = lines("exchanges", path, "-Y", "error")
    assert 1 == sum("RTM_DELROUTE of frame 1" in line for line in shown) == sum("x5" in line for line in shown)
    assert not any("of frame 3" in line for line in shown)


def test_time_since_the_exchange_before_is_not_that_of_a_folded_one(tmp_path: Path) -> None:
    path = write(tmp_path / "equal.pcap", *refused([bytes([10, 0, 0, 0])] * 3), *dump(1))
    first, second = lines("exchanges", path, "-t", "d")
    assert " until 0.004000," in first
    assert second.split()[:2] == ["4", "0.002000"]


def test_several_files_are_merged_by_time_and_numbered_as_read_does(tmp_path: Path) -> None:
    names = CAPTURES / "route.pcap", CAPTURES / "link_more.pcap"
    shown = [json.loads(line) for line in lines("read", *names, "-T", "ndjson")]
    found = json.loads("\n".join(lines("exchanges", *names, "-T", "json")))
    assert [*range(1, len(found) + 1)] == [one["exchange"] for one in found]
    assert {str(name) for name in names} == {one["file"] for one in found}
    assert len(found) == sum(len(printed_exchanges(name)) for name in names)
    types = {one["frame"]: (one["nlmsg_type"], one["time"]) for one in shown}
    for one in found:
        assert types[one["frame"]] == (one["request"], one["time"])
    assert all("file" not in one for one in printed_exchanges(names[0]))


def test_filters_of_several_files_know_the_numbers_that_are_shown() -> None:
    """Frames, exchanges and seconds since the first frame of all, as `read` counts them."""
    names = CAPTURES / "route.pcap", CAPTURES / "link_more.pcap"
    every = json.loads("\n".join(lines("exchanges", *names, "-T", "json")))
    first, last = every[0], every[-1]
    assert {str(name) for name in names} == {first["file"], last["file"]}
    for one in (first, last):
        for condition in (f"exchange.id == {one['exchange']}", f"frame.number == {one['frame']}"):
            assert [one] == json.loads("\n".join(lines("exchanges", *names, "-Y", condition, "-T", "json")))
    times = dict(
        map(str.split, lines("read", *names, "-T", "fields", "-e", "frame.number", "-e", "frame.time_relative"))
    )
    late = f"frame.time_relative >= {times[str(last['frame'])]}s"
    assert last == json.loads("\n".join(lines("exchanges", *names, "-Y", late, "-T", "json")))[-1]
    assert first not in json.loads("\n".join(lines("exchanges", *names, "-Y", late, "-T", "json")))


def test_each_of_several_files_is_named_in_its_lines() -> None:
    names = [str(CAPTURES / "route.pcap"), str(CAPTURES / "link_more.pcap")]
    shown = lines("exchanges", *names, "--all")
    assert all(line.endswith((f"  {names[0]}", f"  {names[1]}")) for line in shown)
    alone = lines("exchanges", names[0], "--all")
    assert len(alone) == sum(line.endswith(names[0]) for line in shown)


def test_standard_input_may_be_one_of_the_files() -> None:
    other = CAPTURES / "route.pcap"
    data = (CAPTURES / "link_more.pcap").read_bytes()
    piped = lines("exchanges", other, "-", "--all", stdin=data)
    assert len(piped) == len(lines("exchanges", other, CAPTURES / "link_more.pcap", "--all"))
    assert complaint("exchanges", "-", "-") == "nldissect: standard input can be read once only; name it once"
