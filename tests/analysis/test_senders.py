"""Who sent: names in a capture against what strace saw each process send, in the real kernel without process events."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import nldissect
from nldissect.wire.packets.bindings import NUMBERS
from tests.helpers import uml_kernel as user_mode_linux
from tests.helpers.skips import needs

SCRIPT = """
ip link add br0 type bridge
ip addr add 10.0.0.1/24 dev br0
nft add table bridge t
nft 'add chain bridge t c { type filter hook input priority 0; }'
for number in 1 2 3 4 5 6 7 8; do echo "add rule bridge t c ether saddr 02:00:00:00:00:0$number drop"; done > rules
nft -f rules & nft list ruleset & nft -f rules &
wait
ipvsadm -A -t 10.0.0.1:80 -s rr
ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2:80 -m
ipvsadm -Ln
"""

TRACED = """
Path("script").write_text({script!r})
with CaptureProcess(CaptureConfig(write="x.pcapng", processes=True)) as live:
    sh("strace -f -ttt -s 65536 -e trace=sendto,sendmsg,execve -e signal=none -X raw -o log sh script")
    live.stop()
    told["error"] = live.result.error
"""

SENT = re.compile(r"(\d+) +\d+\.\d+ send(?:to|msg)\(\d+, .*sa_family=0x10\b")
EXECUTED = re.compile(r'(\d+) +\d+\.\d+ execve\("[^"]*?([^/"]+)"')
HEADER = re.compile(r"\{nlmsg_len=(\d+), nlmsg_type=([0-9a-fx<|]+).*?, nlmsg_seq=(\d+),")

Sent = tuple[str, int, int, int, int]
"""Name and number of a process; type, sequence number and length of a message it sent."""


def number(text: str) -> int:
    """`0xa<<8|0x10`, as strace writes the types of nfnetlink."""
    parts = (part.partition("<<") for part in text.split("|"))
    return sum(int(part, 0) << int(shift or 0) for part, _, shift in parts)


def sends(log: str) -> Counter[Sent]:
    """All messages that strace saw."""
    names: dict[int, str] = {}
    found: Counter[Sent] = Counter()
    for line in log.splitlines():
        if (executed := EXECUTED.match(line)) is not None:
            names[int(executed[1])] = executed[2]
        elif (sent := SENT.match(line)) is not None:
            pid = int(sent[1])
            found.update(
                (names[pid], pid, number(kind), int(seq), int(length)) for length, kind, seq in HEADER.findall(line)
            )
    return found


def test_names_are_those_of_who_sent(guest: Any, tmp_path: Path) -> None:
    """Several nft at once, all with sequence number 0, and ipvsadm, whose port ids libnl chooses: no process is said to
    have sent more of any message than it did. How many are named depends on how long they live.
    """
    needs("strace", "nft", "ipvsadm", path=user_mode_linux.SEARCH)
    told = guest(TRACED.format(script=SCRIPT))
    assert told["error"] is None

    sent = sends((tmp_path / "log").read_text())
    cap = nldissect.open(str(tmp_path / "x.pcapng"))
    cap = cap.filter('direction == "to kernel" and protocol in {NETLINK_NETFILTER, NETLINK_GENERIC}')
    columns = cap.select("process.name", "process.pid", "nlmsg_type", "nlmsg_seq", "nlmsg_len").values()
    said: Counter[Sent] = Counter()
    for name, pid, kind, seq, length in zip(*(column.tolist() for column in columns), strict=True):
        if name in ("nft", "ipvsadm"):
            said[name, pid, NUMBERS[kind][1] if kind in NUMBERS else int(kind), seq, length] += 1
    assert Counter() == said - sent
    assert said.total() >= 10
