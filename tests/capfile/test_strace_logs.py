"""strace logs read as captures: every kind of call, threads, children, users; logs with less in them; odd lines."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nldissect
from nldissect.capfile import open_capture
from nldissect.capfile.byte_source import PlainSource, is_packed
from nldissect.capfile.comments import parse_comments
from nldissect.capfile.reader import Reader
from nldissect.capfile.strace.per_thread import threads_of, together
from nldissect.capfile.strace.translate import StraceSource
from nldissect.sizes import SIZES
from tests.helpers import paths
from tests.helpers.cli import complaint, lines, run

TALK = paths.LOGS / "talk.log"
ABSENT = (77777).to_bytes(4, sys.byteorder)


def frames(text: str) -> list[tuple[int, int, bytes]]:
    """Packet type, protocol and payload of each."""
    with open_capture(io.BytesIO(text.encode())) as reader:
        return [
            (int.from_bytes(one.data[:2], "big"), int.from_bytes(one.data[14:16], "big"), one.data[16:])
            for one in reader
        ]


def told(path: Path, *options: str) -> list[dict[str, Any]]:
    done = run("read", path, "-T", "ndjson", *options)
    assert 0 == done.returncode
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_kind_of_call() -> None:
    """talk.py's calls in order; what was only peeked at is not there twice."""
    with open_capture(TALK) as reader:
        records = list(reader)
        assert reader.finish() is None
        assert reader.remark is None
    kinds = [int.from_bytes(one.data[:2], "big") for one in records]
    payloads = [one.data[16:] for one in records]

    assert [7, 6] * 6 + [2] + [7, 6] * 7 + [4, 4] == kinds
    assert all(one[20:24] == ABSENT for one in payloads[:10:2])
    assert [32] * 5 == [len(one) for one in payloads[:10:2]]
    assert [52, 52, 52, 40, 40] == [len(one) for one in payloads[1:10:2]]
    assert 16 + 52 == records[9].wire_length  # MSG_TRUNC told how long it was
    assert [payloads[1][16:20]] * 3 == [one[16:20] for one in payloads[1:6:2]]  # one, two and two buffers: the error
    assert payloads[1][20:36] == payloads[3][20:36] == payloads[5][20:36] == payloads[0][:16]
    assert b"from one user to another" == payloads[-1] == payloads[-2]


def test_who_said_it() -> None:
    """Threads belong to their process, a child is one of its own and has its parent's socket."""
    with open_capture(TALK) as reader:
        said = [next(parse_comments(one.comments, "process")) for one in reader]
    (main,) = {words[0] for words in said[:13]}

    assert re.fullmatch(r"python3\[\d+\]", main)
    assert {main} == {words[0] for words in said[13:25]}
    assert 3 == len({words[2] for words in said[13:25]})  # its threads
    assert ["-", said[1][1]] == [said[0][1], main[8:-1]]  # its port, once the kernel had told it
    assert all(re.fullmatch(r"child of talk\[\d+\]", words[0]) and words[1] == main[8:-1] for words in said[25:27])


EXECUTED = """\
5176<timeout> 1.1 clone(child_stack=NULL, flags=SIGCHLD, child_tidptr=0x7f03d3d1aa10) = 5177<timeout>
5177<timeout> 1.2 execve("/usr/local/bin/ip", ["ip", "rule", "show"], 0x7fff238adea8 /* 1 var */) = -1 ENOENT (No such)
5177<timeout> 1.3 execve("/usr/sbin/ip", ["ip", "rule", "show"], 0x7fff238adea8 /* 1 var */) = 0
5177<{after}> 1.4 {call}sendto(3<NETLINK:[ROUTE:5177]>, [{{nlmsg_len=28}}], 28, 0, NULL, 0) = 28
 | 00000  1c 00 00 00 22 00 01 03  d9 88 0e 6b 00 00 00 00  ...."......k.... |
 | 00010  02 00 00 00 00 00 00 00  00 00 00 00              ............     |
"""


@pytest.mark.parametrize(
    ("after", "call", "name"),
    [
        ("timeout", "", "ip"),  # strace 6.13 of `timeout 1 ip rule show` where ip is not in the first folder of PATH
        ("ip", "", "ip"),
        ("worker", "", "worker"),  # what strace looked up later, or a program called itself
        ("timeout", 'prctl(PR_SET_NAME, "rules") = 0\n5177<timeout> 1.5 ', "rules"),
    ],
)
def test_a_program_that_strace_calls_by_its_old_name(after: str, call: str, name: str) -> None:
    with open_capture(io.BytesIO(EXECUTED.format(after=after, call=call).encode())) as reader:
        (said,) = (next(parse_comments(one.comments, "process")) for one in reader)
    assert f"{name}[5177]" == said[0]


def test_direction_is_known_where_the_call_says_it() -> None:
    objects = told(TALK)
    known = [one.get("direction_known", False) for one in objects]
    directions = [one["direction"] for one in objects]

    assert ["to kernel", "to user"] * 6 + ["notification"] + ["to kernel", "to user"] * 7 == directions[:27]
    assert ["user to user"] * 2 == directions[27:]
    assert [True] * 27 + [False] * 2 == known
    assert {"strace"} == {one["interface"] for one in objects}
    assert {"NETLINK_ROUTE", "NETLINK_USERSOCK"} == {one["protocol"] for one in objects}
    assert all(re.fullmatch(r"\d+\.\d{6}", one["time"]) for one in objects)


def test_addresses_and_short_buffers_are_kept() -> None:
    with open_capture(TALK) as reader:
        records = list(reader)

    assert ["0", "0x1"] == next(parse_comments(records[12].comments, "sent-by"))
    assert [["sent-to"], ["sent-by"]] == [[text.split()[1] for text in one.comments[1:]] for one in records[27:]]
    assert [9] == [
        place for place, one in enumerate(records) if any(True for _ in parse_comments(one.comments, "shortened"))
    ]


INTERLEAVED = """\
7 1795642570.000010 sendto(5<NETLINK:[ROUTE:7]>, [{nlmsg_len=20}, "\\x01"], 20, 0, NULL, 0 <unfinished ...>
8 1795642570.000020 recvfrom(6<NETLINK:[ROUTE:9]>,  <unfinished ...>
9 1795642570.000025 sendto(6<NETLINK:[ROUTE:9]>, [{nlmsg_len=16}], 16, 0, NULL, 0 <unfinished ...>
8 1795642570.000030 <... recvfrom resumed>[{nlmsg_len=17}, "x"], 8192, 0, NULL, NULL) = 17 <0.000010>
 | 00000  11 00 00 00 03 00 00 00  02 00 00 00 09 00 00 00  ................ |
 | 00010  78                                                x                |
7 1795642570.000040 <... sendto resumed>) = 20 <0.000030>
 | 00000  14 00 00 00 12 00 01 00  01 00 00 00 00 00 00 00  ................ |
 | 00010  01 02 03 04                                       ....             |
9 1795642570.000050 <... sendto resumed>) = 16 <0.000025>
 | 00000  10 00 00 00 12 00 01 00  02 00 00 00 00 00 00 00  ................ |
10 1795642570.000060 recvmsg(7<NETLINK:[GENERIC:10]>,  <unfinished ...>
10 1795642570.000070 <... recvmsg resumed> <unfinished ...>) = ?
10 1795642570.000070 +++ killed by SIGKILL +++
9 1795642570.000080 recvmsg(6<NETLINK:[ROUTE:9]>, {msg_name={sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, \
msg_namelen=12, msg_iov=[{iov_base=[{nlmsg_len=16}], iov_len=100}], msg_iovlen=1, msg_flags=MSG_PEEK}, MSG_PEEK) = 16
 * 16 bytes in buffer 0
 | 00000  10 00 00 00 03 00 00 00  02 00 00 00 09 00 00 00  ................ |
9 1795642570.000090 sendto(6<NETLINK:[ROUTE:9]>, [{nlmsg_len=16}], 16, 0, NULL, 0) = -1 EPERM (Operation not permitted)
"""


def test_calls_in_halves_of_several_threads_are_put_in_order() -> None:
    """What was sent first comes first, though its call returned last: an answer never stands before its request."""
    with open_capture(io.BytesIO(INTERLEAVED.encode())) as reader:
        records = list(reader)

    assert [10, 25, 30] == [(one.time or 0) % 10**9 // 1000 for one in records]
    assert [20, 16, 17] == [len(one.data) - 16 for one in records]
    assert ["[7] 7", "[9] 9", "[8] 9"] == [one.comments[0].removeprefix("nldissect: process ") for one in records]


def test_vectors_of_datagrams() -> None:
    """recvmmsg: strace says which buffers belong to which datagram, and each has its address."""
    text = """\
7 1.5 socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 3<NETLINK:[99]>
7 1.6 recvmmsg(3<NETLINK:[99]>, [{msg_hdr={msg_name={sa_family=AF_NETLINK, nl_pid=0, nl_groups=0x000001}, \
msg_namelen=12, msg_iov=[{iov_base="", iov_len=16}, {iov_base="", iov_len=9}], msg_flags=0}, msg_len=17}, \
{msg_hdr={msg_name={sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, msg_namelen=12, \
msg_iov=[{iov_base="", iov_len=99}], msg_flags=0}, msg_len=16}], 2, 0, NULL) = 2
 = 2 buffers in vector 0
 * 16 bytes in buffer 0
 | 00000  11 00 00 00 10 00 00 00  00 00 00 00 00 00 00 00  ................ |
 * 1 bytes in buffer 1
 | 00000  78                                                x                |
 = 1 buffers in vector 1
 * 16 bytes in buffer 0
 | 00000  10 00 00 00 03 00 00 00  02 00 00 00 09 00 00 00  ................ |
7 1.7 +++ exited with 0 +++
"""

    assert [(2, 0, 17), (6, 0, 16)] == [(kind, protocol, len(data)) for kind, protocol, data in frames(text)]


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r"(?m)^(\d+)<[^>]*>", r"\1"),  # without -Y
        (r"(?m)^(\d+)<([^>]*)>", r"[pid \1]"),  # as on standard error
        (r"NETLINK:\[(?:\w+:)?(\d+)\]", r"socket:[\1]"),  # -y
        (r"(?m)^(\d+)<[^>]*>|(?<=[( ,])(\d+)<(?:NETLINK|socket)[^<>]*>", r"\1\2"),  # neither -y nor -yy
        (r"(?m) <\d+\.\d+>$", ""),  # without -T
        (r"(?m)^(\d+<[^>]*>) \d+\.\d+", r"\1 21:37:12.123456"),  # -tt
        (r"(?m)^(\d+<[^>]*>) \d+\.\d+", r"\1"),  # no times
        (r"(?m)^(\d+<[^>]*>) \d+\.\d+", r"\1      0.000100"),  # -r
    ],
)
def test_logs_that_say_less(pattern: str, replacement: str) -> None:
    """Other options of strace, the same messages: sockets are known from the call that made them then."""
    text = TALK.read_text()
    changed = re.sub(pattern, replacement, text)

    assert changed != text
    assert frames(text) == frames(changed)


@pytest.mark.parametrize(
    ("before", "first", "second"),
    [
        ("7 21:37:12.5 ", "-1 21:37:12.5", "-1 21:37:12.5"),
        ("21:37:12 ", "-1 21:37:12", "-1 21:37:12"),
        ("7 1795642555.925433 ", "1795642555.925433", "1795642555.925433"),
        ("1795642555.925433 ", "1795642555.925433", "1795642555.925433"),
        ("[pid 7] 1795642555.925433123 ", "1795642555.925433123", "1795642555.925433123"),
        ("     0.000250 ", "0.000250", "0.000500"),
        ("7 ", "0", "0"),
    ],
)
def test_times_of_other_options(before: str, first: str, second: str) -> None:
    """With -t the day is not known: it is one of 1970, at the log's time of day here. With -r they are added up."""
    line = before + 'sendto(3<NETLINK:[ROUTE:7]>, "\\1\\2", 2, 0, NULL, 0) = 2\n'
    with open_capture(io.BytesIO(2 * line.encode())) as reader:
        shown = [one.time_text or "" for one in reader]
    if ":" in before:
        days = [
            time.strftime("%H:%M:%S", time.localtime(float(one))) + one.partition(".")[2].join((".", ""))
            for one in shown
        ]
        shown = [f"-1 {day.rstrip('.')}" for day in days]

    assert [first, second] == shown


def test_strings_serve_where_nothing_was_dumped() -> None:
    """Old straces print what they can't decode: complete strings are bytes."""
    text = (
        '7 1.5 sendto(3<NETLINK:[USERSOCK:7]>, "a\\"\\n\\0\\177\\x41", 6, 0, NULL, 0) = 6\n'
        '7 1.6 sendto(3<NETLINK:[USERSOCK:7]>, "abcdef"..., 60, 0, NULL, 0) = 60\n'
    )

    assert [(4, 2, b'a"\n\0\x7fA')] == frames(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (re.sub(r"(?m)^ [|*] .*\n", "", TALK.read_text()), "25 messages have no bytes in this log"),
        ("7 1.5 read(3</etc/hosts>, \"\", 99) = 0\n", "no netlink socket is used in this log"),
    ],
)  # fmt: skip
def test_missing_bytes_are_said(text: str, said: str) -> None:
    with open_capture(io.BytesIO(text.encode())) as reader:
        assert 29 > len(list(reader))
        cut = reader.finish()

    assert cut is not None and cut.startswith(f"incomplete: {said}; record with `strace ")


def test_files_that_have_a_closed_sockets_number_are_not_taken_for_it() -> None:
    """Without -y only the number is told, and close() is not traced: what is read there has to be netlink."""
    text = """\
7 1.5 socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 3
7 1.6 read(3, "root:x:0:0:root:/root:/bin/bash\\n", 4096) = 32
 | 00000  72 6f 6f 74 3a 78 3a 30  3a 30 3a 72 6f 6f 74 3a  root:x:0:0:root: |
 | 00010  2f 72 6f 6f 74 3a 2f 62  69 6e 2f 62 61 73 68 0a  /root:/bin/bash. |
7 1.7 read(3, "", 4096) = 16
 | 00000  10 00 00 00 03 00 00 00  02 00 00 00 09 00 00 00  ................ |
7 1.8 fork() = 8
8 1.9 fork() = 7
8 1.9 recv(9, "", 4096, 0) = 16
"""

    assert [(6, 0, 16)] == [(kind, protocol, len(data)) for kind, protocol, data in frames(text)]


def test_a_program_has_its_own_name_though_vfork_returns_after_its_execve() -> None:
    """strace knows no other name for the child: a shell's vfork() ends when the child has become `ip`."""
    text = """\
7<sh> 1.0 execve("/bin/sh", ["sh"], 0x7ffc /* 9 vars */) = 0
7<sh> 1.1 vfork( <unfinished ...>
8<sh> 1.2 execve("/sbin/ip", ["ip"], 0x7ffc /* 9 vars */ <unfinished ...>
7<sh> 1.3 <... vfork resumed>) = 8
8<sh> 1.4 <... execve resumed>) = 0
8<sh> 1.5 recvfrom(3<NETLINK:[ROUTE:8]>, "", 99, 0, NULL, NULL) = 16
 | 00000  10 00 00 00 03 00 00 00  02 00 00 00 09 00 00 00  ................ |
"""
    late = text.replace("7<sh> 1.3 <... vfork resumed>) = 8\n", "").replace(
        "8<sh> 1.5", "7<sh> 1.4 <... vfork resumed>) = 8\n8<sh> 1.5"
    )
    for log in (text, late):
        with Reader(
            "x",
            StraceSource(PlainSource(io.BytesIO(log.encode()), ours=True, growing=False), b"", 6),
            b"",
            SIZES.window,
        ) as reader:
            assert [("process ip[8] 8",)] == [
                tuple(one.removeprefix("nldissect: ") for one in record.comments[:1]) for record in reader
            ]


def test_calls_that_fail() -> None:
    """What was lost for want of room is said with what came next; nothing to read is no failure."""
    text = """\
7 1.5 socket(AF_NETLINK, SOCK_RAW, 99) = -1 EPROTONOSUPPORT (Protocol not supported)
7 1.5 recvfrom(3<NETLINK:[ROUTE:7]>, 0x7ffc, 99, 0, NULL, NULL) = -1 ENOBUFS (No buffer space available)
7 1.6 recvfrom(3<NETLINK:[ROUTE:7]>, 0x7ffc, 99, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
7 1.6 sendto(3<NETLINK:[ROUTE:7]>, "", 16, 0, NULL, 0) = -1 ECONNREFUSED (Connection refused)
7 1.7 recvfrom(3<NETLINK:[ROUTE:7]>, "", 99, 0, NULL, NULL) = 16
 | 00000  10 00 00 00 03 00 00 00  02 00 00 00 09 00 00 00  ................ |
7 1.8 recvfrom(3<NETLINK:[ROUTE:7]>, "", 99, 0, NULL, NULL) = 16
 | 00000  10 00 00 00 03 00 00 00  02 00 00 00 09 00 00 00  ................ |
"""
    source = StraceSource(PlainSource(io.BytesIO(text.encode()), ours=True, growing=False), b"", 6)
    with Reader("x", source, b"", SIZES.window) as reader:
        said = [one.comments[1:] for one in reader]

    assert [("nldissect: overrun",), ()] == said
    assert {
        ("socket(AF_NETLINK, SOCK_RAW, 99)", "EPROTONOSUPPORT"): 1,
        ("recvfrom", "ENOBUFS"): 1,
        ("sendto", "ECONNREFUSED"): 1,
    } == source.failed


def test_numbers_that_cannot_be() -> None:
    """Results with a leading zero, sizes, times and protocols beyond all bounds: read, or passed over."""
    text = """\
7 99999999999999999999.5 recv(3<NETLINK:[ROUTE:7]>, "ab", 9, 0) = 002
7 1.5 recv(3<NETLINK:[99999999:7]>, "ab", 9, 0) = 2
7 1.5 socket(AF_NETLINK, SOCK_RAW, 012) = 5<NETLINK:[12]>
7 1.6 recv(3<NETLINK:[ROUTE:7]>, "ab", 9, MSG_TRUNC) = 99999999999
"""

    assert [(6, 0, b"ab")] == frames(text)


def test_odd_lines_are_passed_over_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "odd.log"
    lines = TALK.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:100], "what the command printed\n", *lines[100:], "\n", "7 1.5 send(\n"]))
    done = run("read", path)
    told = done.stderr.decode()

    assert 0 == done.returncode
    assert 29 == len(done.stdout.splitlines())
    assert f"nldissect: {path}: 2 lines are not strace's and passed over, the first is line 101: 'what the" in told


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_nothing_raises(data: st.DataObject) -> None:
    """Lines cut, doubled, mixed up, with bytes changed: what is left is read."""
    lines = TALK.read_bytes().splitlines(keepends=True)[60:]
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(lines) - 1))
        line, junk = lines[at], data.draw(st.binary(max_size=12))
        place = data.draw(st.integers(0, len(line)))
        before, after = line[:place], line[place:]
        lines[at] = data.draw(
            st.sampled_from([b"", before, after, line * 2, before + b"\n" + after, before + junk + after])
        )
    source = StraceSource(PlainSource(io.BytesIO(b"".join(lines)), ours=True, growing=False), b"", 6)
    with Reader("x", source, b"", SIZES.window) as reader:
        for record in reader:
            assert len(record.data) >= 16
        reader.finish()


def test_frames_come_as_their_bytes_do() -> None:
    """Through a pipe that is not closed: the last row of a dump is enough, no later line is waited for."""
    out, into = os.pipe()
    os.set_blocking(out, False)
    source = StraceSource(PlainSource(os.fdopen(out, "rb", buffering=0), ours=True, growing=True), b"", 6)
    reader = Reader("x", source, b"", SIZES.window)
    count = 0
    counts = []
    for line in TALK.read_bytes().splitlines(keepends=True):
        half = len(line) // 2
        for part in (line[:half], line[half:]):
            os.write(into, part)
            count += len(list(reader))
        if line.startswith(b" |"):
            counts.append(count)
    os.close(into)
    reader.close()

    assert (1, 29, 29) == (counts[1], counts[-1], count)


def test_everything_reads_logs(tmp_path: Path) -> None:
    """Compressed ones, the Python interface, rewriting as pcapng, counting."""
    packed = tmp_path / "talk.log.gz"
    packed.write_bytes(gzip.compress(TALK.read_bytes()))
    written = tmp_path / "talk.pcapng"
    assert [] == lines("read", packed, "-w", written)
    plain = told(TALK)

    assert is_packed(str(TALK)) and is_packed(str(packed))
    assert plain == told(packed) == told(written)
    asked = 'nlmsg_type == RTM_GETLINK or error == ENODEV and frame.comment contains "python3"'
    assert 12 + 11 == len(told(TALK, "-Y", asked))
    with nldissect.open(TALK) as capture:
        assert 29 == len(capture)
        assert 12 == len(capture.filter("error == ENODEV"))
    with open_capture(TALK) as log, open_capture(written) as file:
        assert [one.comments for one in log] == [one.comments for one in file]


def test_other_texts_are_no_captures(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("call me(1) = later\nnothing here\n")
    assert complaint("read", path).startswith(f"nldissect: {path} is no capture")


@pytest.mark.parametrize("given", ["prefix", "files"])
def test_a_log_for_each_thread(tmp_path: Path, given: str) -> None:
    """As strace -ff writes talk.log: who, the names of files say. Children have what parents had."""
    lines: dict[str, list[str]] = {}
    thread = ""
    for line in TALK.read_text().splitlines():
        found = re.match(r"(\d+)<[^>]*> +(.*)", line)
        thread, rest = (found[1], found[2]) if found else (thread, line)
        lines.setdefault(thread, []).append(rest)
    for thread, some in lines.items():
        whole = "\n".join(some) + "\n"
        whole = re.sub(r" <unfinished \.\.\.>\n(?:.*\n)*?[\d.]+ <\.\.\. \w+ resumed> ?", " ", whole)
        (tmp_path / f"log.{thread}").write_text(whole)
    paths = [tmp_path / "log"] if given == "prefix" else sorted(tmp_path.glob("log.*"))
    one, several = (run("read", *files, "-T", "ndjson") for files in ([TALK], paths))
    who = run("read", *paths, "-T", "fields", "-e", "frame.comment").stdout.decode()

    assert len(lines) > 1 and b"ENODEV" in one.stdout
    assert one.stdout.count(b"\n") == several.stdout.count(b"\n")
    assert summaries(one.stdout) == summaries(several.stdout)
    assert {"1467", "1472"} == set(re.findall(r"process \S+\[(\d+)\]", who))


def summaries(lines: bytes) -> list[tuple[str, str]]:
    return [(one["direction"], one["summary"]) for one in map(json.loads, lines.splitlines())]


def test_files_that_are_no_logs_of_one_prefix_stay_as_they_are(tmp_path: Path) -> None:
    for name in ("x.1", "x.2", "y.1"):
        (tmp_path / name).write_bytes(b"\xd4\xc3\xb2\xa1")
    (tmp_path / "log.7").write_text(TALK.read_text())
    (tmp_path / "log.8").write_text(TALK.read_text())
    names = [f"{tmp_path}/{name}" for name in ("x.1", "x.2", "log.7", "y.1")]

    assert names == together(names)
    assert [names[0], f"{tmp_path}/log"] == together([names[0], f"{tmp_path}/log.7", f"{tmp_path}/log.8"])
    assert {7, 8} == set(threads_of(f"{tmp_path}/log"))
    assert {} == threads_of(f"{tmp_path}/x") == threads_of("-") == threads_of(f"{tmp_path}/gone/log")
