"""Who sent and who received: from answers of NETLINK_DIAG, events of the proc connector and comments of a capture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nldissect
from nldissect.capfile import PcapngWriter, PcapWriter, comments, private
from nldissect.families.route.link import ifinfomsg
from nldissect.wire import nlmon, nlmsghdr
from tests.helpers.netlink_users import (
    GENERIC,
    NETFILTER,
    ROUTE,
    SECOND,
    START,
    Line,
    answer,
    ask,
    ended,
    executed,
    forked,
    frame,
    listed,
    told,
    written,
)


def test_a_socket_that_the_kernel_listed_and_proc_named(tmp_path: Path) -> None:
    """Port 754 is systemd-networkd's, the second socket of it has a port id that is no process."""
    first = listed(1, (ROUTE, 754, 50), (ROUTE, 4294963432, 51))
    said = [
        comments.format_comment("port", "route", 754, "systemd-network[754]"),
        comments.format_comment("port", "route", 4294963432, "systemd-network[754]"),
    ]
    path = written(
        tmp_path / "x.pcapng",
        [
            *first[:-1],
            (first[-1], said),
            ask(754, 1),
            answer(754, 1, claimed=754),
            ask(0, 2),
            answer(4294963432, 2),
            ask(0, 3),
        ],
    )

    name = "systemd-network", 754
    assert [
        (*name, "exact"), (*name, "exact"), (*name, "learnt"), (*name, "exact"), (None, None, "unknown"),
    ] == told(path)  # fmt: skip


def test_short_lived_commands_by_the_proc_connector(tmp_path: Path) -> None:
    """A shell forks, the child executes ip, asks, and ends; the number comes again as another command."""
    ip, tc = [comments.format_comment("processes", 1234, "ip")], [comments.format_comment("processes", 1234, "tc")]
    path = written(
        tmp_path / "x.pcapng",
        [
            forked(700, 1234), (executed(1234), ip), ask(0, 7), answer(1234, 7), ended(1234), None,
            answer(1234, 8), forked(700, 1234), (executed(1234), tc), ask(0, 9), answer(1234, 9),
        ],
    )  # fmt: skip

    assert [
        ("ip", 1234, "guessed"), ("ip", 1234, "guessed"), (None, None, "unknown"),
        ("tc", 1234, "guessed"), ("tc", 1234, "guessed"),
    ] == told(path)  # fmt: skip


def test_events_are_taken_by_their_time_not_by_their_place(tmp_path: Path) -> None:
    """The event of an exec is written after the frames that the command sent."""
    path = tmp_path / "x.pcapng"
    with PcapngWriter(private(path)) as writer:
        for at, data, said in [
            (1, ask(0, 7), []),
            (2, answer(1234, 7), []),
            (0, executed(1234), [comments.format_comment("processes", 1234, "ip")]),
        ]:
            writer.write(START + at * SECOND, data, comments=said)
    assert [("ip", 1234, "guessed")] * 2 == told(path)


def test_a_fork_has_its_parents_name_and_a_thread_is_no_process(tmp_path: Path) -> None:
    path = written(
        tmp_path / "x.pcapng",
        [
            (executed(700), [comments.format_comment("processes", 700, "daemon")]),
            forked(700, 701), forked(700, 700, thread=702),
            answer(701, 1), answer(702, 2), executed(703), answer(703, 3),
        ],
    )  # fmt: skip
    assert [("daemon", 701, "guessed"), (None, None, "unknown"), (None, 703, "guessed")] == told(path)


def test_names_from_proc_at_the_beginning(tmp_path: Path) -> None:
    first = listed(1)
    said = [comments.format_comment("processes", 1, "systemd", 754, "a b", "x", "y")]
    path = written(tmp_path / "x.pcapng", [*first[:-1], (first[-1], said), answer(754, 1), answer(755, 2)])
    assert [("a b", 754, "guessed"), (None, None, "unknown")] == told(path)


def test_a_port_that_changes_hands(tmp_path: Path) -> None:
    """Listed for one process, gone, then listed for another; what lies between is nobody's."""
    one, none, two = listed(1, (ROUTE, 99, 50)), listed(2), listed(3, (ROUTE, 99, 60))
    path = written(
        tmp_path / "x.pcapng",
        [
            *one[:-1], (one[-1], [comments.format_comment("port", "route", 99, "one[5000]")]),
            answer(99, 1), *none, answer(99, 2),
            *two[:-1], (two[-1], [comments.format_comment("port", "route", 99, "systemd[1]", "two[5001]")]),
            answer(99, 3),
            ended(5001), None, answer(99, 4),
        ],
    )  # fmt: skip
    assert [
        ("one", 5000, "exact"), ("two", 5001, "learnt"), ("two", 5001, "exact"), ("systemd", 1, "exact"),
    ] == told(path)  # fmt: skip


def shared(path: Path, *owners: str, more: Sequence[str] = ()) -> list[tuple[Any, Any, str]]:
    """Port 99 is listed as of these processes, and spoke before and after; of the file of an older version."""
    first = listed(1, (ROUTE, 99, 50))
    said = [*more, comments.format_comment("port", "route", 99, *owners)]
    return told(written(path, [ask(99, 1), answer(99, 1), *first[:-1], (first[-1], said), answer(99, 2)]))


def test_of_several_holders_it_is_a_guess(tmp_path: Path) -> None:
    """Nobody tells who spoke: the one whose number the port id is, else the oldest. systemd opens sockets for services
    and does not speak on them itself.
    """
    path = tmp_path / "x.pcapng"
    assert [("b", 99, "guessed")] * 3 == shared(path, "a[98]", "b[99]", "c[100]")
    assert [("charon", 700, "guessed")] * 3 == shared(path, "charon[700]", "addr2line[1092]")
    assert [("networkd", 700, "learnt")] * 2 + [("networkd", 700, "exact")] == shared(
        path, "systemd[1]", "networkd[700]"
    )


def test_who_had_not_begun_did_not_speak(tmp_path: Path) -> None:
    """`started` stands beside the list of sockets; process numbers have begun again from below."""
    begun = [
        comments.format_comment("started", 5000, "1600000000.5"),
        comments.format_comment("started", 300, "1700000000.020000000"),
    ]
    assert [("daemon", 5000, "learnt"), ("daemon", 5000, "learnt"), ("daemon", 5000, "guessed")] == shared(
        tmp_path / "x.pcapng", "sleep[300]", "daemon[5000]", more=begun
    )


def test_port_ids_are_of_a_protocol_and_a_namespace(tmp_path: Path) -> None:
    path = tmp_path / "x.pcapng"
    first = listed(1, (ROUTE, 77, 50))
    with PcapngWriter(private(path)) as writer:
        for name in ("blue", "red"):
            writer.add_interface(name, comments=[comments.format_comment("netns", name, 40 + len(name))])
        for place, data in enumerate(first):
            said = [comments.format_comment("port", "route", 77, "netd[800]")] * (place == len(first) - 1)
            writer.write(START, data, comments=said, interface=0)
        writer.write(START + 1, answer(77, 1), interface=0)
        writer.write(START + 2, answer(77, 2), interface=1)
        writer.write(START + 3, answer(77, 3, GENERIC), interface=0)
    assert [("netd", 800, "exact"), (None, None, "unknown"), (None, None, "unknown")] == told(path)


def test_a_plain_pcap_gives_numbers_that_may_be_processes(tmp_path: Path) -> None:
    path = tmp_path / "x.pcap"
    with PcapWriter(private(path)) as writer:
        for data in (ask(0, 1), answer(754, 1), answer(1 << 22, 2), answer(0, 3), ask(755, 4), ask(756, 5)):
            writer.write(START, data)
        writer.write(START, answer(757, 5, claimed=756))
    assert [
        (None, 754, "guessed"), (None, 754, "guessed"), (None, None, "unknown"), (None, None, "unknown"),
        (None, 755, "guessed"), (None, 757, "guessed"), (None, 757, "guessed"),
    ] == told(path)  # fmt: skip


def test_libnl_adds_a_count_above_the_process_id(tmp_path: Path) -> None:
    """(3 << 22) + 1234; with the highest bit set a choice of the kernel's may look so, but seldom by chance."""
    said = [comments.format_comment("processes", 1234, "hostapd")]
    ports = (3 << 22) + 1234, (515 << 22) + 1234, (515 << 22) + 1235
    path = written(
        tmp_path / "x.pcapng", [(executed(1234), said), *(answer(port, seq) for seq, port in enumerate(ports))]
    )
    assert [("hostapd", 1234, "guessed"), ("hostapd", 1234, "guessed"), (None, None, "unknown")] == told(path)


def test_requests_of_one_number_take_the_answer_behind_them(tmp_path: Path) -> None:
    """iproute2 counts from the second: two commands, one sequence number."""
    path = written(tmp_path / "x.pcapng", [ask(0, 5), answer(11, 5), answer(11, 5), ask(0, 5), answer(12, 5)])
    assert [11, 11, 11, 12, 12] == [pid for _, pid, _ in told(path)]


def rules(*messages: tuple[int, int, int], flags: str = "REQUEST", body: bytes = bytes(4)) -> bytes:
    """One datagram of nfnetlink: type, sequence number and port id of each message."""
    several = [
        nlmsghdr(nlmsg_type=number, nlmsg_flags=flags, nlmsg_seq=seq, nlmsg_pid=port) / body
        for number, seq, port in messages
    ]
    return bytes(nlmon(sll_protocol=NETFILTER, messages=several))


def generation(port: int) -> list[Line]:
    """NFT_MSG_GETGEN and its answer: sequence number 0, as nft and iptables have it."""
    return [rules((0xA10, 0, 0)), rules((0xA0F, 0, port), flags="0")]


BATCH = rules((0x10, 0, 0), (0xA06, 1, 0), (0x11, 2, 0))


def of_rules(path: Path, *lines: Line) -> list[tuple[Any, str]]:
    """Process and confidence of the messages of batches, in a capture that knows ports 31 and 32."""
    first = listed(1, (NETFILTER, 0, 13), (NETFILTER, 31, 31), (NETFILTER, 32, 32))
    said = [comments.format_comment("port", NETFILTER, port, f"iptables[{port}]") for port in (31, 32)]
    found = told(written(path, [*first[:-1], (first[-1], said), *lines]), "nlmsg_type in {16, 17, NFT_MSG_NEWRULE}")
    return [(pid, how) for _, pid, how in found]


def test_a_batch_that_asks_for_no_acknowledgement_is_his_who_asked_for_the_generation(tmp_path: Path) -> None:
    """iptables-nft asks for none; one program after the other, then two at once, and one that waited long."""
    path = tmp_path / "x.pcapng"
    one, other = generation(31), generation(32)
    assert [(31, "guessed")] * 3 + [(32, "guessed")] * 3 == of_rules(path, *one, BATCH, *other, BATCH)
    assert [(None, "unknown")] * 6 == of_rules(path, *one, *other, BATCH, BATCH)
    assert [(None, "unknown")] * 3 == of_rules(path, *one, None, BATCH)


def test_one_datagram_has_one_sender(tmp_path: Path) -> None:
    """The kernel refuses one command of a batch, and says nothing of the others."""
    asked = bytes(nlmsghdr(nlmsg_len=20, nlmsg_type=0xA06, nlmsg_flags="REQUEST", nlmsg_seq=1))
    refusal = rules((2, 1, 32), flags="0", body=(-2).to_bytes(4, "little", signed=True) + asked)
    assert [(32, "learnt")] * 3 == of_rules(tmp_path / "x.pcapng", BATCH, refusal)


def part(port: int, seq: int, end: bool = False) -> bytes:
    """A part of a dump, or its end."""
    head = nlmsghdr(nlmsg_type=3 if end else 16, nlmsg_flags="MULTI", nlmsg_seq=seq, nlmsg_pid=port)
    return frame(ROUTE, head / (bytes(4) if end else ifinfomsg()))


def test_requests_of_one_number_that_wait_at_once_are_one_port_s_each(tmp_path: Path) -> None:
    """Which is whose is a guess then: first come, first served; but for the one that names its port."""
    several = [
        ask(0, 5), ask(12, 5), ask(0, 5), answer(11, 5), answer(12, 5, claimed=12), answer(13, 5), ask(0, 5),
        answer(14, 5),
    ]  # fmt: skip
    first = listed(1, *((ROUTE, port, port) for port in (11, 12, 13, 14)))
    said = [comments.format_comment("port", "route", port, f"ip[{port}]") for port in (11, 12, 13, 14)]
    found = told(written(tmp_path / "x.pcapng", [*first[:-1], (first[-1], said), *several]))

    assert [11, 12, 13, 11, 12, 13, 14, 14] == [pid for _, pid, _ in found]
    assert ["guessed", "exact", "guessed", "exact", "exact", "exact", "guessed", "exact"] == [how for *_, how in found]


def test_a_request_between_the_parts_of_a_dump_is_another_s(tmp_path: Path) -> None:
    messages = [
        ask(0, 5),
        part(11, 5),
        ask(0, 5),
        part(11, 5),
        part(11, 5, end=True),
        part(12, 5),
        part(12, 5, end=True),
    ]
    found = told(written(tmp_path / "x.pcapng", messages), "protocol == NETLINK_ROUTE")

    assert [11, 11, 12, 11, 11, 12, 12] == [pid for _, pid, _ in found]


def test_a_file_that_grows(tmp_path: Path) -> None:
    """What is asked of a message that was not there before is looked for in what has come."""
    path = tmp_path / "x.pcapng"
    with PcapngWriter(private(path)) as writer:
        writer.write(START, executed(1234), comments=[comments.format_comment("processes", 1234, "ip")])
        writer.write(START + 1, ask(0, 7))
        writer.flush()
        with nldissect.open(str(path)) as cap:
            links = cap.filter("nlmsg_type == RTM_GETLINK")
            assert [None] == links.select("process.name")["process.name"].tolist()
            writer.write(START + 2, answer(1234, 7))
            writer.flush()
            cap.refresh()
            asked = cap.filter("nlmsg_type == RTM_GETLINK").select("process.name")["process.name"].tolist()
    assert ["ip"] == asked


def test_odd_comments_and_odd_answers_are_passed_over(tmp_path: Path) -> None:
    """Facts that lack words, numbers beyond all measure, answers that are cut: nothing is known, nothing raises."""
    first = listed(1, (ROUTE, 754, 50))
    odd = [
        "nldissect: port", "nldissect: port route", "nldissect: port nowhere 5 x[1]", "nldissect: port 0 five x[1]",
        "nldissect: port 0 754", "nldissect: port 0 754 x[] x y[z] [5]x", f"nldissect: port 0 754 x[{10**30}]",
        "nldissect: processes", "nldissect: processes 754", f"nldissect: processes {10**30} x", "nldissect: process",
        "nldissect: process x", f"nldissect: process x[{10**30}]", "nldissect: processes -1 x",
        "nldissect: started", "nldissect: started 754", "nldissect: started 754 soon", "nldissect: started 754 -1.5",
        f"nldissect: started 754 {10**30}", "nldissect: renamed 754 x", "nldissect: ended x",
    ]  # fmt: skip
    event = executed(754)
    path = written(
        tmp_path / "x.pcapng",
        [*first[:-1], (first[-1], odd), (event[:60], odd), event[:40], first[0][:40], (answer(754, 1), odd), ask(0, 2)],
    )
    assert [(None, None, "unknown")] * 2 == told(path)


def test_a_second_socket_of_a_short_lived_command(tmp_path: Path) -> None:
    """ip opens two: the first has its process id, the second a choice of the kernel's. While two such commands live,
    nobody knows whose it is; nor where a listed socket has that port."""
    ip, tc = ([comments.format_comment("processes", pid, name)] for pid, name in ((1234, "ip"), (1235, "tc")))
    second, other = 2722070625, 2722070626
    path = written(
        tmp_path / "x.pcapng",
        [
            *listed(1, (ROUTE, other, 60)), (executed(1234), ip), ask(0, 1), answer(1234, 1), answer(second, 2),
            answer(second, 3, GENERIC), answer(other, 4), (executed(1235), tc), answer(1235, 5), answer(second, 6),
            ended(1234), None, answer(second, 7),
        ],
    )  # fmt: skip
    assert [
        ("ip", 1234, "guessed"), ("ip", 1234, "guessed"), ("ip", 1234, "guessed"), (None, None, "unknown"),
        (None, None, "unknown"), ("tc", 1235, "guessed"), (None, None, "unknown"), ("tc", 1235, "guessed"),
    ] == told(path)  # fmt: skip
