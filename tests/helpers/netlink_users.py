"""Captures of who speaks netlink: answers of NETLINK_DIAG, events of the proc connector and comments of a capture.

The files are written message by message, as linux/netlink_diag.h and linux/cn_proc.h lay them out.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import nldissect
from nldissect.capfile import OWN, PcapngWriter, private
from nldissect.cli import main
from nldissect.families.common import AF
from nldissect.families.connector import cn_msg, exec_proc_event, exit_proc_event, fork_proc_event, proc_event
from nldissect.families.route.link import ifinfomsg
from nldissect.families.sock_diag.netlink import netlink_diag_msg
from nldissect.wire import nlmon, nlmsghdr

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND
ROUTE, SOCK_DIAG, CONNECTOR, NETFILTER, GENERIC = 0, 4, 11, 12, 16


def frame(protocol: int, message: Any) -> bytes:
    return bytes(nlmon(sll_protocol=protocol, messages=[message]))


def ask(port: int, seq: int, protocol: int = ROUTE) -> bytes:
    head = nlmsghdr(nlmsg_type=18, nlmsg_flags="REQUEST|ACK", nlmsg_seq=seq, nlmsg_pid=port)
    return frame(protocol, head / ifinfomsg())


def answer(port: int, seq: int, protocol: int = ROUTE, error: int = 0, claimed: int = 0) -> bytes:
    """The acknowledgement of such a request; `claimed` is the port that it named itself."""
    asked = nlmsghdr(nlmsg_len=32, nlmsg_type=18, nlmsg_flags="REQUEST|ACK", nlmsg_seq=seq, nlmsg_pid=claimed)
    body = error.to_bytes(4, "little", signed=True) + bytes(asked)
    return frame(protocol, nlmsghdr(nlmsg_type=2, nlmsg_flags=0x100, nlmsg_seq=seq, nlmsg_pid=port) / body)


def listed(seq: int, *sockets: tuple[int, int, int]) -> list[bytes]:
    """An answer of NETLINK_DIAG: protocol, port and inode of each; the kernel's own are there too."""
    own = [(protocol, 0, 1 + protocol) for protocol in (ROUTE, GENERIC)]
    told = [
        netlink_diag_msg(ndiag_family=AF.NETLINK, ndiag_protocol=protocol, ndiag_portid=port, ndiag_ino=inode)
        for protocol, port, inode in (*own, *sockets)
    ]
    head = {"nlmsg_flags": "MULTI", "nlmsg_seq": seq, "nlmsg_pid": 900}
    return [frame(SOCK_DIAG, nlmsghdr(nlmsg_type=20, **head) / one) for one in told] + [
        frame(SOCK_DIAG, nlmsghdr(nlmsg_type=3, **head) / bytes(4))
    ]


def event(what: int, data: Any) -> bytes:
    told = proc_event(what=what, cpu=0, timestamp_ns=0, event_data=data)
    return frame(CONNECTOR, nlmsghdr(nlmsg_type=3) / cn_msg(idx=1, val=1, len=len(bytes(told)), data=told))


def forked(parent: int, child: int, thread: int | None = None) -> bytes:
    pid = child if thread is None else thread
    return event(1, fork_proc_event(parent_pid=parent, parent_tgid=parent, child_pid=pid, child_tgid=child))


def executed(pid: int) -> bytes:
    return event(2, exec_proc_event(process_pid=pid, process_tgid=pid))


def ended(pid: int) -> bytes:
    return event(0x80000000, exit_proc_event(process_pid=pid, process_tgid=pid, exit_code=0, exit_signal=17))


Line = bytes | tuple[bytes, Sequence[str]] | None


def written(path: Path, lines: Sequence[Line], watched: bool = False) -> Path:
    """A file with a frame each 5 ms; None is two seconds without one.

    watched   as of a capture that watches processes: what tells of them is its own, on an interface of its own
    """
    time = START
    with PcapngWriter(private(path)) as writer:
        for name in ("nlmon", "processes") if watched else ():
            writer.add_interface(name)
        for line in lines:
            data, said = line if isinstance(line, tuple) else (line, ())
            time += 2 * SECOND if data is None else 5_000_000
            if data is not None:
                own = watched and int.from_bytes(data[14:16], "big") in (SOCK_DIAG, CONNECTOR)
                writer.write(time, data, comments=[*said, OWN] if own else said, interface=int(own))
    return path


def told(path: Path, filter: str = "nlmsg_type in {RTM_GETLINK, NLMSG_ERROR}") -> list[tuple[Any, Any, str]]:
    """Name, pid and confidence, by columns and message by message: both say the same."""
    cap = nldissect.open(str(path)).filter(filter)
    found = cap.select("process.name", "process.pid", "process.confidence")
    return [tuple(row) for row in zip(*(column.tolist() for column in found.values()), strict=True)]


def printed(path: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    capsys.readouterr()
    assert main(["read", str(path), *arguments]) == 0
    return capsys.readouterr().out.splitlines()
