"""Messages of multicast groups, from AF_NETLINK sockets of the capture (netlink(7), net/netlink/af_netlink.c).

The kernel gives these messages no time: they have the time at which they were received. After a message found no room,
all are dropped until the queue was emptied: the loss lies between the last message in the queue and the next to come.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import socket
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from nldissect.capfile.comments import format_comment
from nldissect.errors import CaptureError
from nldissect.sizes import SIZES
from nldissect.uapi import (
    CN_IDX_PROC,
    NETLINK_ADD_MEMBERSHIP,
    NETLINK_CONNECTOR,
    NETLINK_LISTEN_ALL_NSID,
    PACKET_MULTICAST,
    PROC_CN_MCAST_IGNORE,
    PROC_CN_MCAST_LISTEN,
    SO_RCVBUFFORCE,
    SOL_NETLINK,
    sll_header,
)

from .host_checks import CAP_AUDIT_READ, effective_capabilities
from .process_watch.proc_events import tell
from .source import BATCH, EVERYTHING, MIB, OnFrame, Origin, bad_filter, network_inode

AUDIT = 9
SO_MEMINFO = 55
SK_MEMINFO_RMEM_ALLOC, SK_MEMINFO_DROPS = 0, 8
SEVERAL = 32  # messages a call
NEAR = 1 << 17  # bytes in the queue, from which on its end is looked for message by message
FEW = 10  # groups that a file names

_ANCILLARY = struct.Struct("@Nii")  # struct cmsghdr
_CONTROL = 64
_EVENT = 36  # where proc_event begins, after nlmsghdr and cn_msg


class GroupSpec(NamedTuple):
    """A multicast group to listen to. A group that is not `needed` is left out where it can't be joined."""

    protocol: int
    number: int
    name: str
    needed: bool = True

    @property
    def word(self) -> str:
        """Protocol of the group, as in its name."""
        return self.name.partition("/")[0] or str(self.protocol)


class _Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


class _Header(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_void_p), ("name_length", ctypes.c_uint32),
        ("vectors", ctypes.POINTER(_Vector)), ("vector_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p), ("control_length", ctypes.c_size_t), ("flags", ctypes.c_int),
    ]  # fmt: skip


class _Message(ctypes.Structure):
    _fields_ = [("header", _Header), ("length", ctypes.c_uint)]


class _Room:
    """Memory for several messages, and the call that fills it: recvmmsg(2). Unused pages are never allocated.

    size   bytes for each
    """

    def __init__(self, controlled: bool) -> None:
        self.size = SIZES.group_message
        self.memory = mmap.mmap(-1, SEVERAL * self.size)
        self.control = ctypes.create_string_buffer(SEVERAL * _CONTROL) if controlled else None
        self.messages = (_Message * SEVERAL)()
        base = ctypes.addressof(ctypes.c_char.from_buffer(self.memory))
        self._vectors = (_Vector * SEVERAL)()
        for index, (message, vector) in enumerate(zip(self.messages, self._vectors, strict=True)):
            vector.base, vector.length = base + index * self.size, self.size
            message.header.vectors, message.header.vector_count = ctypes.pointer(vector), 1
        self._call = ctypes.CDLL(None, use_errno=True).recvmmsg

    def fill(self, descriptor: int, count: int) -> int:
        """Receive at most `count` messages; return their number, 0 if there are none."""
        if self.control is not None:
            base = ctypes.addressof(self.control)
            for index in range(count):
                header = self.messages[index].header
                header.control, header.control_length = base + index * _CONTROL, _CONTROL
        flags = socket.MSG_DONTWAIT | socket.MSG_TRUNC
        found = int(self._call(descriptor, self.messages, count, flags, None))
        if found >= 0:
            return found
        number = ctypes.get_errno()
        if number in (errno.EAGAIN, errno.EINTR):
            return 0
        raise OSError(number, os.strerror(number))

    def namespace(self, index: int) -> int | None:
        """Return the nsid that came with a message; None for our own namespace."""
        assert self.control is not None
        data = self.control.raw[index * _CONTROL : index * _CONTROL + self.messages[index].header.control_length]
        while len(data) >= socket.CMSG_LEN(4):
            length, level, kind = _ANCILLARY.unpack_from(data)
            if (level, kind) == (SOL_NETLINK, NETLINK_LISTEN_ALL_NSID):
                return int(struct.unpack_from("=i", data, socket.CMSG_LEN(0))[0])
            data = data[socket.CMSG_SPACE(max(0, length - socket.CMSG_LEN(0))) :]
        return None


class GroupSource:
    """The groups of one protocol: `joined` has those that could be joined, `refused` those closed to this user."""

    late = 0

    def __init__(
        self,
        groups: Sequence[GroupSpec],
        snaplen: int = EVERYTHING,
        buffer_mib: int = 64,
        capture_filter: str | None = None,
        netns: str | None = None,
        all_nsid: bool = False,
    ) -> None:
        self.protocol = groups[0].protocol
        self._answered = True  # the request made when joining
        self.socket = _opened(next((group for group in groups if group.needed), groups[0]))
        try:
            _enlarge(self.socket, buffer_mib * MIB)
            if all_nsid:
                _listen_everywhere(self.socket)
            self.joined: list[GroupSpec] = []
            self.refused: list[GroupSpec] = []
            for group in groups:
                self._join(group)
            self._passes = None if capture_filter is None else _compiled(capture_filter)
        except BaseException:
            self.socket.close()
            raise
        self._snaplen = snaplen
        self._netns = netns
        self._nsids: dict[int | None, int] = {None: 0}
        self._word = groups[0].word
        names = ", ".join(group.name for group in self.joined[:FEW])
        more = f" and {len(self.joined) - FEW} more" if len(self.joined) > FEW else ""
        description = f"multicast groups {names}{more}"
        self.origins = [Origin(self._word, description, netns, network_inode(), snaplen, capture_filter)]
        self._cooked = sll_header(PACKET_MULTICAST, self.protocol)
        self._room = _Room(all_nsid)
        self._all_nsid = all_nsid
        self._taken = 0
        self._told = 0  # of the drops, those that a comment has reported
        self._held: int | None = None  # after an overrun: bytes that were in the queue at last
        self._comment: tuple[str, ...] = ()

    def _join(self, group: GroupSpec) -> None:
        try:
            self.socket.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group.number)
            if group[:2] == (NETLINK_CONNECTOR, CN_IDX_PROC):
                self._hear_processes()
        except OSError as error:
            if group.needed:
                raise refused(group, error) from None
            if error.errno in (errno.EPERM, errno.EACCES):
                self.refused.append(group)
            return
        self.joined.append(group)

    def _hear_processes(self) -> None:
        """Ask for process events; the answer comes at once, and is no event."""
        tell(self.socket, PROC_CN_MCAST_LISTEN)  # it sends nothing until asked to (linux/cn_proc.h)
        try:
            self.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            raise OSError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED)) from None
        self._answered = False

    def fileno(self) -> int:
        return self.socket.fileno()

    def read(self, take: OnFrame) -> int:
        found = 0
        while found < BATCH and (count := self._read(take)) is not None:
            found += count
        return found

    def _read(self, take: OnFrame) -> int | None:
        """Take the messages of one recvmmsg(2) and return their number, 0 after a loss; None if there are none."""
        single = self._held is not None and self._held <= NEAR
        try:
            count = self._room.fill(self.socket.fileno(), 1 if single else SEVERAL)
        except OSError as error:
            if error.errno != errno.ENOBUFS:
                raise CaptureError(f"listening to {self._word} failed: {error.strerror}; start it again") from None
            self._held = self._queued()  # what is there now came before the loss
            return 0
        stamp = time.time_ns()
        memory, snaplen, messages = self._room.memory, self._snaplen, self._room.messages
        size = self._room.size
        for index in range(count):
            length = messages[index].length
            at = index * size
            data = (self._cooked + memory[at : at + min(length, size)])[:snaplen]
            if not self._answered and memory[at + _EVENT : at + _EVENT + 4] == bytes(4):  # PROC_EVENT_NONE
                self._answered = True
                continue
            if self._passes is not None and not self._passes(data):
                continue
            origin = self._origin(index) if self._all_nsid else 0
            self._taken += 1
            take(stamp, length + len(self._cooked), data, origin, self._comment)
            self._comment = ()
        if self._held is not None:
            self._look_for_loss(count)
        return count or None

    def _look_for_loss(self, count: int) -> None:
        """Prepare the comment on a loss once the queue has been emptied: it only shrinks until then."""
        queued = self._queued()
        if count and 0 < queued < (self._held or 0):
            self._held = queued
            return
        self._held = None
        drops = self.drops
        lost, self._told = drops - self._told, drops
        self._comment = (format_comment("lost", lost) if lost else format_comment("lost"),)

    def _memory(self, which: int) -> int:
        told = self.socket.getsockopt(socket.SOL_SOCKET, SO_MEMINFO, 36)
        return int(struct.unpack_from("=I", told, 4 * which)[0]) if len(told) >= 4 * which + 4 else 0

    def _queued(self) -> int:
        return self._memory(SK_MEMINFO_RMEM_ALLOC)

    @property
    def drops(self) -> int:
        """Number of messages that the kernel has dropped for want of room."""
        return self._memory(SK_MEMINFO_DROPS)

    def _origin(self, index: int) -> int:
        """Return the index in `origins` of a message's source; a new namespace is added to them."""
        nsid = self._room.namespace(index)
        if nsid not in self._nsids:
            self._nsids[nsid] = len(self.origins)
            at = "" if self._netns is None else f" in {self._netns}"
            description = f"multicast groups; namespace {nsid} of `ip netns list-id`{at}"
            self.origins.append(replace(self.origins[0], description=description, netns=f"nsid-{nsid}", inode=0))
        return self._nsids[nsid]

    def counts(self) -> tuple[int, int]:
        drops = self.drops
        return self._taken + drops, drops

    def close(self) -> None:
        if any(group[:2] == (NETLINK_CONNECTOR, CN_IDX_PROC) for group in self.joined):
            try:
                tell(self.socket, PROC_CN_MCAST_IGNORE)  # kernels before 6.6 don't notice that we are gone
            except OSError:
                pass
        self.socket.close()


def open_groups(
    groups: Sequence[GroupSpec],
    snaplen: int = EVERYTHING,
    buffer_mib: int = 64,
    capture_filter: str | None = None,
    netns: str | None = None,
    all_nsid: bool = False,
) -> tuple[list[GroupSource], list[str]]:
    """Open a source for each protocol; return them, and groups or whole protocols this user may not listen to."""
    sources: list[GroupSource] = []
    left_out: list[str] = []
    for protocol in dict.fromkeys(group.protocol for group in groups):
        mine = [group for group in groups if group.protocol == protocol]
        try:
            source = GroupSource(mine, snaplen, buffer_mib, capture_filter, netns, all_nsid)
        except _Absent:
            continue
        except BaseException:
            for one in sources:
                one.close()
            raise
        if source.joined:
            left_out += [group.name for group in source.refused]
            sources.append(source)
        else:
            left_out += [mine[0].word] if source.refused else []
            source.close()
    return sources, left_out


def listenable(protocol: int) -> bool | None:
    """Return whether this user may listen to groups of a protocol; None if the kernel lacks it. Joins none."""
    kind = socket.SOCK_RAW | socket.SOCK_CLOEXEC
    try:
        with socket.socket(socket.AF_NETLINK, kind, protocol) as probe:
            probe.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, 0)
    except OSError as error:
        if error.errno == errno.EPROTONOSUPPORT:
            return None
        # A user who may listen gets EINVAL, as there is no group 0.
        return error.errno == errno.EINVAL and (
            protocol != AUDIT or effective_capabilities() >> CAP_AUDIT_READ & 1 == 1
        )
    return True


class _Absent(CaptureError):
    """The error for a protocol that the kernel does not have and that is not needed."""


def _opened(group: GroupSpec) -> socket.socket:
    kind = socket.SOCK_RAW | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK
    try:
        found = socket.socket(socket.AF_NETLINK, kind, group.protocol)
    except OSError as error:
        if error.errno == errno.EPROTONOSUPPORT:
            text = f"this kernel does not have netlink protocol {group.word}; load the module that registers it"
            raise (CaptureError if group.needed else _Absent)(text) from None
        raise CaptureError(f"no socket for {group.word}: {error.strerror}; see `nldissect doctor`") from None
    found.bind((0, 0))
    return found


def _enlarge(sock: socket.socket, size: int) -> None:
    try:
        sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, size)
    except OSError:  # without CAP_NET_ADMIN the system's limit holds (net.core.rmem_max)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)


def _listen_everywhere(sock: socket.socket) -> None:
    try:
        sock.setsockopt(SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, 1)
    except OSError as error:
        if error.errno == errno.EPERM:
            raise CaptureError("listening across network namespaces needs CAP_NET_BROADCAST; use sudo") from None
        raise CaptureError(f"this kernel does not listen across network namespaces: {error.strerror}") from None


def refused(group: GroupSpec, error: OSError) -> CaptureError:
    """Return the error for a group that can't be joined: the reason, and the remedy."""
    if error.errno in (errno.EPERM, errno.EACCES):
        need = "CAP_AUDIT_READ in the first user namespace" if group.protocol == AUDIT else "CAP_NET_ADMIN"
        return CaptureError(f"listening to {group.name} needs {need}; use sudo")
    if error.errno in (errno.EINVAL, errno.ENOENT):
        return CaptureError(f"this kernel has no group {group.name}; -g {group.word} takes those it has")
    if error.errno == errno.ECONNREFUSED:
        text = f"the kernel sends nothing to {group.name} here; it does so in the first pid and user namespace alone"
        return CaptureError(text + ", if it has CONFIG_PROC_EVENTS")
    return CaptureError(f"listening to {group.name} failed: {error.strerror}; see `nldissect doctor`")


def _compiled(text: str) -> Callable[[bytes], Any]:
    """Compile a capture filter that is run here, on the frame with its cooked header; CaptureError if it is wrong."""
    import pcapy

    try:
        run: Callable[[bytes], Any] = pcapy.compile(253, EVERYTHING, text, 1, 0).filter
    except pcapy.PcapError as error:
        raise bad_filter(text, error) from None
    return run
