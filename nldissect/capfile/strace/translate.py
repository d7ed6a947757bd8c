"""strace logs as captures: the calls on netlink sockets, with the bytes that -e read=all -e write=all dump (strace(1)).

A log is translated to pcapng while it is read, so that everything reads it like a capture. What a call shows besides
bytes goes into the packet type of the cooked header (the receiver is known, except for BROADCAST) and into comments
(process, port, groups). Lines that can't be read are skipped and counted. Comments on a packet, next to `process`:

    nldissect: sent-by 0 0x1                      address of a datagram that was received: port id, mask of groups
    nldissect: sent-to 1234 0x0                   address of a datagram that was sent, not to the kernel
    nldissect: shortened                          the program's buffer had no room for all of it
    nldissect: no-ext-ack                         the socket refused here has not set NETLINK_EXT_ACK: no reason is sent
    nldissect: overrun                            before it the socket had no room, and messages were lost (ENOBUFS)
"""

from __future__ import annotations

import heapq
import re
import sys
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from nldissect.uapi import (
    NLM_F_MULTI,
    NLM_F_REQUEST,
    NLMSG_DONE,
    NLMSG_ERROR,
    NLMSG_HDRLEN,
    PACKET_BROADCAST,
    PACKET_KERNEL,
    PACKET_MULTICAST,
    PACKET_OUTGOING,
    PACKET_USER,
    sll_header,
)

from ..byte_source import ByteSource
from ..comments import format_comment
from ..records import SECOND
from ..writer import PcapngWriter
from .calls import Call, Calls, ThreadEnd, UnfinishedCall, decimals
from .netlink_calls import (
    PLAIN,
    RECEIVES,
    SENDS,
    SEVERAL,
    UEVENT,
    USERSOCK,
    DatagramArguments,
    Socket,
    Sockets,
    carried,
    printed,
)

HOW = (
    "record with `strace -f -ttt -yy -e trace=%network,%process,setns,read,write,readv,writev "
    "-e read=all -e write=all -o LOG`"
)
CHUNK = 1 << 16
HEAD = 1 << 16
"""Bytes at the start of a file within which a strace log is recognized."""
LONGEST = 16 << 20
"""Bytes of a line, at most; a longer line is not strace's."""
MOST = (1 << 31) - 1
"""Bytes of a datagram, at most."""
PATIENCE = SECOND
"""Nanoseconds, by the log's own time, that packets wait for a call that began before them and has not returned."""


_FIRST = re.compile(
    rb"^(?:strace: Process \d+ attached$|(?:\[pid +\d+(?:<[^>]*>)?\] +|\d+(?:<[^>]*>)? +)?"
    rb" *(?:(?:\d+\.\d+|\d+:\d\d:\d\d(?:\.\d+)?|) *)?(?:\[ *[0-9a-f?]+\] +)*"
    rb"(?:[a-z_0-9]+\(.*(?:\) += (?:-?\d|0x|\?)|<unfinished \.\.\.>$)|<\.\.\. [a-z_0-9]+ resumed>|\+\+\+ |--- SIG))",
    re.M,
)
_INTERESTING = re.compile(
    rb"NETLINK|resumed>|\+\+\+ |(?:clone3?|fork|execve|close|setns|unshare)\(|<socket:\[|PR_SET_NAME"
)
_BARE = re.compile(rb"(?:send|recv|read|write)\w*\(\d+[,)]")
USUAL = ("EAGAIN", "EINTR", "ERESTARTSYS", "ERESTARTNOINTR", "ERESTART_RESTARTBLOCK", "ERESTARTNOHAND")
"""Errors that mean only that there was nothing to do."""
_DUMP, _BUFFER = b" | ", b" * "


def is_strace(head: bytes) -> bool:
    """Return whether a file with this beginning is a strace log."""
    return b"\0" not in head and _FIRST.search(head) is not None


class BlockSink:
    """A stream for a writer whose blocks are then taken from `data`."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: memoryview) -> int:
        self.data += data
        return len(data)

    def close(self) -> None:
        pass


class _Open:
    """A call whose bytes are being read: one buffer after another, and the datagrams that are complete."""

    def __init__(self, call: Call, socket: Socket) -> None:
        self.call, self.socket = call, socket
        self.about: DatagramArguments = carried(call)
        self.data = bytearray()
        self.whole: list[bytes] = []
        self.dumped = False

    @property
    def expected(self) -> int:
        """Number of bytes that were carried and can be dumped, if it was one datagram."""
        result = self.call.result or 0
        return result if self.about.room is None else min(result, self.about.room)

    @property
    def complete(self) -> bool:
        return self.call.call not in SEVERAL and self.dumped and len(self.data) >= self.expected


class _Packet(NamedTuple):
    """A frame to be written; `wire` counts its bytes as sent, `netns`: see Sockets.netns."""

    data: bytes
    wire: int
    comments: tuple[str, ...]
    netns: str


class StraceSource:
    """A strace log as pcapng; `missing` counts datagrams without bytes, `passed` lines that are not strace's.

    head     bytes of the log that were read already
    digits   decimals of its times, where they are known before it has a line
    said     comments on the file, `learnt` on its interface
    home     inode number of the network namespace where it began; "": not known
    moved    a process was in another network namespace, and used a socket of which the log does not tell where it is
    executed programs that were run, by their paths
    failed   calls on netlink sockets that failed, with the name of the error, and their number
    """

    def __init__(
        self,
        inner: ByteSource,
        head: bytes,
        digits: int | None = None,
        said: Sequence[str] = (),
        learnt: Sequence[str] = (),
        home: str = "",
    ) -> None:
        self.over = self.moved = False
        self.problem: str | None = None
        self.missing = self.passed = 0
        self.failed: Counter[tuple[str, str]] = Counter()
        self.first_passed: tuple[int, str] | None = None
        self._inner, self._rest = inner, b""
        self._line = 0
        self._calls, self._sockets = Calls(), Sockets(home)
        self.executed = self._sockets.executed
        self._open: _Open | None = None
        self._held: list[tuple[int, int, _Packet]] = []
        self._serial = self._newest = 0
        self._sink = BlockSink()
        self._writer = PcapngWriter(self._sink, name="the log", application="strace", comments=said)  # type: ignore[arg-type]
        found = _FIRST.search(head)
        line = head[found.start() :].partition(b"\n")[0].decode(errors="replace") if found else ""
        self._decimals = decimals(line) if digits is None else digits
        told = [format_comment("netns", "-", *([home] if home else [])), *learnt]
        self._interfaces = {"": self._writer.add_interface("strace", decimals=self._decimals, comments=told)}
        self._relative = bool(re.match(r"(?:\[pid +\d+.*?\] +|\d+(?:<[^>]*>)? +)? *\d{1,6}\.\d+ ", line))
        self._feed(head)

    def readinto(self, room: memoryview) -> int:
        while True:
            if not self._sink.data:
                self._writer.flush()
            if self._sink.data:
                count = min(len(room), len(self._sink.data))
                room[:count] = self._sink.data[:count]
                del self._sink.data[:count]
                return count
            if self.over:
                return 0
            chunk = bytearray(CHUNK)
            count = self._inner.readinto(memoryview(chunk))
            if count:
                self._feed(bytes(chunk[:count]))
                continue
            self._pause()
            if self._inner.over:
                self.over, self.problem = True, self._inner.problem
                self._end()
            self._writer.flush()
            if not self._sink.data:
                return 0

    def _feed(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST:
            lines, self._rest = [*lines, self._rest], b""
        for line in lines:
            self._line += 1
            if line.startswith(_DUMP):
                if self._open is not None:
                    self._dump(line)
            elif line.startswith(_BUFFER):
                if self._open is not None:
                    self._buffer(line)
            elif line.startswith(b" = ") and b" buffers in vector " in line:
                if self._open is not None:
                    self._vector()
            else:
                self._take(line)

    def _pause(self) -> None:
        """Write everything that is complete: all bytes available now are read, and more may come."""
        if self._open is not None and (self._open.complete or (not self._open.dumped and printed(self._open.call))):
            self._finish_open()
        self._release(all_of_them=True)

    def _end(self) -> None:
        if self._rest:
            passed = self.passed, self.first_passed
            self._feed(b"\n")
            self.passed, self.first_passed = passed  # a line that is cut is not odd
        self._finish_open()
        self._release(all_of_them=True)

    def _dump(self, line: bytes) -> None:
        """Add one row of a dump: offset, sixteen bytes in two groups, text."""
        assert self._open is not None
        at = line.find(b"  ", 3)
        try:
            row = bytes.fromhex(line[at : at + 51].decode())
        except ValueError:
            self._odd(line)
            return
        self._open.dumped = True
        self._open.data += row
        if self._open.complete:
            self._finish_open()

    def _buffer(self, line: bytes) -> None:
        """Read the line before the rows of one buffer."""
        assert self._open is not None
        self._open.dumped = True
        if not line.endswith(b" bytes in buffer 0"):
            return
        if self._open.call.call in SEVERAL:
            self._vector()

    def _vector(self) -> None:
        """Begin the next datagram of a sendmmsg or recvmmsg."""
        assert self._open is not None
        if self._open.data:
            self._open.whole.append(bytes(self._open.data))
            self._open.data.clear()

    def _take(self, line: bytes) -> None:
        """Read a line that is not part of a dump."""
        self._finish_open()
        if not (self._relative or _INTERESTING.search(line) or _BARE.search(line)):
            if line and not _FIRST.match(line):
                self._odd(line)
            return
        told = self._calls.take(line.decode(errors="replace"))
        if told is None:
            self._odd(line)
        elif isinstance(told, Call):
            if told.call in SENDS or told.call in RECEIVES:
                self._carry(told)
            else:
                self._sockets.process(told.task, self._calls.begun)
                self._sockets.learn(told)
                if told.call == "socket" and told.error and "_NETLINK, " in told.arguments:
                    self.failed[f"socket({told.arguments})", told.error] += 1
            self._release()
        elif isinstance(told, ThreadEnd):
            self._sockets.end(told.task)
            self._release()

    def _odd(self, line: bytes) -> None:
        self.passed += 1
        if self.first_passed is None:
            self.first_passed = self._line, line.decode(errors="replace")

    def _carry(self, call: Call) -> None:
        """Open a call that may carry netlink, so that its dump is read; count it if it failed."""
        socket = self._sockets.of(call)
        if socket is None or call.result is None or call.result <= 0:
            if socket is not None and call.error not in ("", *USUAL):
                self.failed[call.call, call.error] += 1
                socket.overrun = socket.overrun or (call.call in RECEIVES and call.error == "ENOBUFS")
            return
        opened = _Open(call, socket)
        if call.call in RECEIVES and opened.about.peeked:
            return
        self._open = opened

    def _finish_open(self) -> None:
        opened, self._open = self._open, None
        if opened is None:
            return
        if opened.call.call in SEVERAL:
            datagrams = [*opened.whole, *([bytes(opened.data)] if opened.data else [])]
            self.missing += max((opened.call.result or 0) - len(datagrams), 0)
        else:
            data = bytes(opened.data[: opened.expected]) if opened.dumped else printed(opened.call)
            if data and opened.call.call in PLAIN and not opened.call.descriptor[1] and not _has_header(data):
                return  # the socket was closed, which -e trace=network does not show, and this is another file
            datagrams = [data] if data else []
            self.missing += not datagrams
        if opened.socket.protocol is None:
            self.missing += len(datagrams)
            return
        for place, data in enumerate(datagrams):
            self._packet(opened, data, place)
        self._release()

    def _packet(self, opened: _Open, data: bytes, place: int) -> None:
        call, socket, about = opened.call, opened.socket, opened.about
        assert socket.protocol is not None
        address = about.addresses[place] if place < len(about.addresses) else None
        sent = call.call in SENDS
        if sent:
            address = address or socket.peer
            kind = PACKET_OUTGOING if address and (address.port or address.groups) else PACKET_KERNEL
        elif address and address.groups:
            kind = PACKET_MULTICAST
        elif _unasked(data, socket.protocol):
            kind = PACKET_OUTGOING  # a group above 32 has no bit in the address: the reader infers
        elif address and (address.port or not socket.unmasked):
            kind = PACKET_OUTGOING if address.port else PACKET_USER
        else:
            kind = _kind_of(socket, data)
        if socket.protocol == USERSOCK and kind != PACKET_MULTICAST:
            kind = PACKET_OUTGOING
        if not socket.port and not sent and kind == PACKET_USER and len(data) >= 16:
            socket.port = int.from_bytes(data[12:16], sys.byteorder)
        whole = len(data) if call.call in SEVERAL else min(max(len(data), call.result or 0), MOST)
        head = sll_header(kind, socket.protocol)
        comments = [self._who(call, socket)] if call.task else []
        if address and (address.groups or address.port):
            comments.append(format_comment("sent-to" if sent else "sent-by", address.port, f"{address.groups:#x}"))
        if socket.overrun and not sent:
            socket.overrun = False
            comments.append(format_comment("overrun"))
        if about.shortened:
            comments.append(format_comment("shortened"))
        if not sent and socket.made and not socket.explains and _refuses(data):
            comments.append(format_comment("no-ext-ack"))
        time = call.begun if sent else call.over
        self.moved = self.moved or (not socket.made and self._sockets.netns(call.task) != "")
        packet = _Packet(head + data, 16 + whole, tuple(comments), socket.netns)
        if time is None or time >= 1 << 63:
            self._write(None, packet)
            return
        self._serial += 1
        self._newest = max(self._newest, time)
        heapq.heappush(self._held, (time, self._serial, packet))

    def _who(self, call: Call, socket: Socket) -> str:
        process = self._sockets.process(call.task, self._calls.begun)
        name = self._sockets.name(process, call.name if process == call.task else "") or call.name
        words: list[str | int] = [f"{name}[{process}]", socket.port or "-"]
        return format_comment("process", *words, *([call.task] if process != call.task else []))

    def _release(self, all_of_them: bool = False) -> None:
        """Write the packets that no call that began earlier can precede, and those that waited longer than PATIENCE."""
        if not self._held:
            return
        limit = None if all_of_them else self._earliest()
        while self._held:
            time = self._held[0][0]
            if limit is not None and time >= limit and self._newest - limit < PATIENCE:
                return
            self._write(time, heapq.heappop(self._held)[2])

    def _earliest(self) -> int | None:
        """Return the start, in nanoseconds, of the earliest unfinished call that sends netlink; None without one."""
        calls: list[UnfinishedCall | Call] = [*self._calls.begun.values(), *([self._open.call] if self._open else [])]
        times = [one.begun for one in calls if one.call in SENDS and self._sockets.of(one) is not None]
        return min((time for time in times if time is not None), default=None)

    def _write(self, time: int | None, packet: _Packet) -> None:
        data, wire, comments, netns = packet
        if netns not in self._interfaces:
            told = format_comment("netns", *(("-", netns) if netns.isdecimal() else (netns,)))
            self._interfaces[netns] = self._writer.add_interface("strace", decimals=self._decimals, comments=[told])
        self._writer.write(time, data, wire, comments, self._interfaces[netns])

    def left(self) -> str | None:
        if self._open is not None and self._open.data:
            return "the log ends within a dump"
        return self._inner.left()

    @property
    def remark(self) -> str | None:
        """Number of lines that were skipped, and the first of them, in one line; None without any."""
        if self.first_passed is None:
            return None
        number, line = self.first_passed
        shown = ascii(line if len(line) <= 40 else line[:37] + "...")
        lines = "one line is" if self.passed == 1 else f"{self.passed} lines are"
        first = "" if self.passed == 1 else "the first is "
        return f"{lines} not strace's and passed over, {first}line {number}: {shown}"

    @property
    def lacks(self) -> str | None:
        """Bytes that the log does not hold, described in one line; None if it holds all."""
        missing = self.missing + (self._open is not None)
        if not missing:
            return None if self._writer.records else f"no netlink socket is used in this log; {HOW}"
        what = "one message has" if missing == 1 else f"{missing} messages have"
        return f"{what} no bytes in this log; {HOW}"

    def close(self) -> None:
        self._inner.close()


def _has_header(data: bytes) -> bool:
    """Return whether bytes begin with a netlink message."""
    return len(data) >= NLMSG_HDRLEN and NLMSG_HDRLEN <= int.from_bytes(data[:4], sys.byteorder) <= len(data)


def _kind_of(socket: Socket, data: bytes) -> int:
    """Return the packet type of a datagram received by recv(2) or read(2), which do not return its source.

    A socket in no group gets answers only. Another one gets notifications as well, which may have the port id of their
    cause, and the flags of its request. So a message with another port id than the socket's is inferred to be a
    notification, for which the type BROADCAST is written; the rest is left to the reader.
    """
    if len(data) < NLMSG_HDRLEN or (socket.made and not socket.joined):
        return PACKET_USER
    number, flags, port = (int.from_bytes(data[at:end], sys.byteorder) for at, end in ((4, 6), (6, 8), (12, 16)))
    if number == NLMSG_ERROR or (number == NLMSG_DONE and flags & NLM_F_MULTI):
        return PACKET_USER
    others = port != 0 and socket.port not in (0, port)
    return PACKET_BROADCAST if others or flags & NLM_F_REQUEST else PACKET_OUTGOING


def _refuses(data: bytes) -> bool:
    """Return whether bytes begin with an NLMSG_ERROR that is not an acknowledgement."""
    number = int.from_bytes(data[4:6], sys.byteorder)
    return len(data) >= 20 and number == NLMSG_ERROR and any(data[16:20])


def _unasked(data: bytes, protocol: int) -> bool:
    """Return whether a message answers no request: sequence number and port of its header are 0, or it is a uevent."""
    return protocol == UEVENT or (len(data) >= 16 and not any(data[8:16]))
