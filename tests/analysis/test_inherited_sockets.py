"""Netlink sockets that several processes hold: in the real kernel, where no event tells of a process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nldissect

NEWLINE = "\n"
DAEMON = """
import os, socket, subprocess, sys
name = open("/proc/self/comm", "w", buffering=1)
print("daemon", file=name)
one = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
one.bind((0, 0))
one.set_inheritable(True)
number = 0
child = None
print(os.getpid(), flush=True)
for word in map(str.strip, sys.stdin):
    if word == "ask":
        number += 1
        one.send(bytes.fromhex("2000000012000500") + number.to_bytes(4, "little") + bytes(8) + b"\\1" + bytes(11))
        one.recv(1 << 16)
    elif word == "beget":
        child = subprocess.Popen(["sleep", "1000"], close_fds=False, stdin=subprocess.DEVNULL)
    elif word == "end":
        child.kill()
        child.wait()
    else:
        print(word, file=name)
    print(child.pid if child else os.getpid(), flush=True)
"""

PRELUDE = f"""
Path("daemon.py").write_text({DAEMON!r})
daemon = subprocess.Popen([sys.executable, "daemon.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
told["daemon"] = int(daemon.stdout.readline())

def have(word):
    daemon.stdin.write(word + "\\n")
    daemon.stdin.flush()
    return int(daemon.stdout.readline())

def said(text):
    path = Path(live.path)
    until(lambda: any(text in line for record in open_capture(path) for line in record.comments))
"""

INHERITED = f"""{PRELUDE}
with CaptureProcess(CaptureConfig(write="x.pcapng", processes=True)) as live:
    for _ in range(3):
        have("ask")
    until(lambda: len([one for one in open_capture("x.pcapng") if protocol(one) == 0]) == 9)
    child = have("beget")
    for _ in range(3):
        have("ask")
    said(f"sleep[{{child}}]")
    have("ask")
    have("end")
    said(f"ended {{child}}")
    for _ in range(3):
        have("ask")
    live.stop()
    result = live.result
told["child"] = child
told["error"] = result.error
daemon.kill()
"""


def test_a_child_that_keeps_a_socket_did_not_speak(guest: Any, tmp_path: Path) -> None:
    """A daemon asks, starts `sleep`, which inherits its socket, asks on, ends it, and asks again.

    Before the child began and after it ended one process alone held the socket; while both did, the kernel tells
    nobody who spoke, and it is a guess that the one that opened it does.
    """
    told = guest(INHERITED)
    assert told["error"] is None and told["daemon"] != told["child"]

    rows = answered(tmp_path / "x.pcapng", told["daemon"])
    assert [(number, "daemon", told["daemon"]) for number in range(1, 11)] == [row[:3] for row in rows]
    assert ["exact"] * 3 + ["guessed"] * 4 + ["exact"] * 3 == [row[3] for row in rows]


def test_a_name_that_was_taken_between_two_looks(guest: Any, tmp_path: Path) -> None:
    """As of a shell that becomes a daemon by `exec`: what it says then is not said by the name of before."""
    told = guest(f"""{PRELUDE}
with CaptureProcess(CaptureConfig(write="x.pcapng", processes=True)) as live:
    have("renamed")
    have("ask")
    said("renamed[")
    have("ask")
    live.stop()
    live.result
""")

    rows = answered(tmp_path / "x.pcapng", told["daemon"])
    assert [("renamed", "guessed"), ("renamed", "exact")] == [(row[1], row[3]) for row in rows]


def test_who_speaks_for_the_first_time_is_looked_at_at_once(guest: Any, tmp_path: Path) -> None:
    """Its name is read before the next look, which is far away here; and the end of the capture says what it lacks."""
    told = guest(f"""
from nldissect.capture.process_watch import child
child.BLIND = 1000.0
with CaptureProcess(CaptureConfig(write="x.pcapng", processes=True)) as live:
    {PRELUDE.replace(NEWLINE, NEWLINE + "    ")}
    have("ask")
    said(f"daemon[{{told['daemon']}}]")
    live.stop()
    told["lacks"] = live.result.lacks
""")

    assert [(1, "daemon", told["daemon"], "learnt")] == answered(tmp_path / "x.pcapng", told["daemon"])
    (lack,) = told["lacks"]
    assert lack.startswith("no process events: ")


def answered(path: Path, port: int) -> list[tuple[Any, ...]]:
    """Number, process and confidence of the answers that a port was given."""
    cap = nldissect.open(str(path)).filter(f"nlmsg_type == RTM_NEWLINK and nlmsg_pid == {port}")
    found = cap.select("nlmsg_seq", "process.name", "process.pid", "process.confidence")
    return [tuple(row) for row in zip(*(column.tolist() for column in found.values()), strict=True)]
