"""Netlink sockets in strace logs: their process, protocol and port, and the addresses of the datagrams of each call."""

from __future__ import annotations

import re
from typing import NamedTuple

from .calls import Call, UnfinishedCall, literal, number

_NAMES = """ROUTE UNUSED USERSOCK FIREWALL SOCK_DIAG NFLOG XFRM SELINUX ISCSI AUDIT FIB_LOOKUP CONNECTOR NETFILTER
IP6_FW DNRTMSG KOBJECT_UEVENT GENERIC DM SCSITRANSPORT ECRYPTFS RDMA CRYPTO SMC"""
PROTOCOLS = {name: number for number, name in enumerate(_NAMES.split())} | {
    "INET_DIAG": 4
}  # linux/netlink.h; strace calls them by these names
USERSOCK, UEVENT = PROTOCOLS["USERSOCK"], PROTOCOLS["KOBJECT_UEVENT"]

SENDS = {"send", "sendto", "sendmsg", "sendmmsg", "write", "writev"}
RECEIVES = {"recv", "recvfrom", "recvmsg", "recvmmsg", "recvmmsg_time64", "recvmmsg_time32", "read", "readv"}
SEVERAL = {"sendmmsg", "recvmmsg", "recvmmsg_time64", "recvmmsg_time32"}
PLAIN = {"read", "readv", "write", "writev"}
GENERATIONS = 64
"""Parents that are searched for the maker of a socket, at most: process ids are used again."""
MASKED = 32
"""Groups that the mask of an address can hold."""
MAKES = {"clone", "clone2", "clone3", "fork", "vfork"}

_MADE = re.compile(r"[AP]F_NETLINK, [^,]*, (?:NETLINK_(\w+)|(0x[0-9a-f]+|\d+))")
_DECORATED = re.compile(r"NETLINK:\[(?:(\w+):(\d+)|(\d+))\]")
_INODE = re.compile(r"(?:socket|NETLINK):\[(\d+)\]")
_ADDRESS = re.compile(
    r"sa_family=[AP]F_NETLINK(?:, nl_pad=\w+)?, nl_pid=(-?\d+)(?:<.*?>)?, nl_groups=(?:0x)?([0-9a-f]+)"
)
_SIZES = re.compile(r", (\d+)(?:, ([^,]+))?(?:, (?:NULL|0x[0-9a-f]+|\{[^{}]*\}), (?:NULL|\d+|\[[^\]]*\]))?$", re.S)
_FLAGS = re.compile(r"\}, ([A-Z_|0-9a-fx]+)$")
_ROOM = re.compile(r"iov_len=(\d+)")
_CUT = re.compile(r"msg_flags=[A-Z_|]*MSG_TRUNC")
_STRING = re.compile(r'(?:iov_base=|^\d+(?:<.*?>)?, )"((?:[^"\\]|\\.)*)"(\.\.\.)?', re.S)
_EXECUTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_JOINS = re.compile(r"NETLINK_ADD_MEMBERSHIP, \[(\d+)\]")
_EXPLAINS = re.compile(r"NETLINK_EXT_ACK, \[(\d+)\]")
_ENTERS = re.compile(r"unshare\(.*CLONE_NEWNET|setns\((?:.*/netns/|.*CLONE_NEWNET|\d+<net:)")
_NETNS = re.compile(r"net:\[(\d+)\]")
_CALLED = re.compile(r'PR_SET_NAME, "((?:[^"\\]|\\.)*)"')


class Address(NamedTuple):
    """A sockaddr_nl: port 0 is the kernel; groups as a mask, which has no room for groups above 32."""

    port: int
    groups: int


class Socket:
    """A netlink socket; its port is 0 until it is known, its peer is the address it was connected to.

    overrun   messages for it were lost since the last received one
    made      the log has the call that made it, so that its options are known
    joined    it is in multicast groups
    unmasked  one of the groups is above 32, so that the addresses of what it receives do not show it
    explains  NETLINK_EXT_ACK is set
    netns     network namespace it was made in, see Sockets.netns
    """

    netns = ""

    def __init__(self, protocol: int | None, port: int = 0) -> None:
        self.protocol = protocol if protocol is None or protocol <= 0xFFFF else None
        self.port = port
        self.peer: Address | None = None
        self.overrun = self.made = self.joined = self.unmasked = self.explains = False


class Sockets:
    """The netlink sockets and the threads of a log, as far as its calls show them.

    home   inode number of the network namespace where the log began; "": not known
    """

    def __init__(self, home: str = "") -> None:
        self._home, self._entries = home, 0
        self.processes: dict[int, int] = {}  # of threads that are no process of their own
        self._names: dict[int, str] = {}
        self._before: dict[int, str] = {}  # the name strace had for a process when it took its present one
        self.executed: dict[str, None] = {}  # programs by their paths, in this order
        self._parents: dict[int, int] = {}
        self._known: dict[object, Socket] = {}
        self._netns: dict[int, str] = {}

    def netns(self, task: int) -> str:
        """Return the network namespace of a thread: "" where the log began, else a path, an inode number, or a word."""
        return self._netns.get(task, "")

    def end(self, task: int) -> None:
        """Forget the namespace of a thread that has ended: its number may be used again."""
        self._netns.pop(task, None)

    def process(self, task: int, begun: dict[int, UnfinishedCall]) -> int:
        """Return the process of a thread. A new thread may make calls before the call that made it has returned.

        begun   the calls that have not returned, by thread
        """
        if task not in self.processes and task not in self._parents:
            for maker, call in begun.items():
                if call.call in MAKES and maker != task:
                    self._born(maker, task, call.arguments)
                    break
        return self.processes.get(task, task)

    def _born(self, maker: int, task: int, arguments: str) -> None:
        process = self.processes.get(maker, maker)
        elsewhere = f"unshared-{task}" if "CLONE_NEWNET" in arguments else self.netns(maker)
        if elsewhere:
            self._netns[task] = elsewhere
        if "CLONE_THREAD" in arguments:
            self.processes[task] = process
        else:
            self._parents[task] = process
            if process in self._names and task not in self._before:  # vfork returns after the child's execve
                self._names[task] = self._names[process]

    def name(self, process: int, seen: str) -> str:
        """Return the name of a process; `seen` is the name that strace has for it, or "".

        strace does not look the name up again where the first execve of a process fails, as happens along PATH.
        """
        if seen and seen != self._before.get(process):
            return seen
        return self._names.get(process, seen)

    def _rename(self, call: Call, name: str) -> None:
        self._names[call.task], self._before[call.task] = name[:15], call.name

    def learn(self, call: Call) -> None:
        """Learn about sockets and threads from a call that carries no message."""
        if call.call in MAKES and call.result is not None and call.result > 0:
            if call.result not in self.processes and call.result not in self._parents:
                self._born(call.task, call.result, call.arguments)
        elif call.call == "execve" and call.result == 0 and (path := _EXECUTED.search(call.arguments)):
            program = literal(path[1]).decode(errors="replace")
            self.executed.setdefault(program)
            self._rename(call, program.rpartition("/")[2])
        elif call.call in ("setns", "unshare") and call.result == 0 and _ENTERS.match(f"{call.call}({call.arguments}"):
            self._netns[call.task] = self._entered(call)
        elif call.call == "prctl" and (name := _CALLED.search(call.arguments)):
            self._rename(call, literal(name[1]).decode(errors="replace"))
        elif call.call == "socket" and call.result is not None and call.result >= 0:
            self._made(call)
        elif call.call in ("bind", "getsockname", "connect") and call.result == 0:
            self._placed(call)
        elif call.call == "setsockopt" and call.result == 0:
            self._set(call)
        elif call.call == "close":
            self._known.pop((self.processes.get(call.task, call.task), call.descriptor[0]), None)

    def _entered(self, call: Call) -> str:
        """Return the namespace that setns or unshare led to."""
        shown = call.descriptor[1] if call.call == "setns" else ""
        if inode := _NETNS.fullmatch(shown):
            return "" if inode[1] == self._home else inode[1]
        if shown:
            return shown
        self._entries += 1
        return f"{'entered' if call.call == 'setns' else 'unshared'}-{call.task}-{self._entries}"

    def _made(self, call: Call) -> None:
        found = _MADE.match(call.arguments)
        inode = _INODE.search(call.returned)
        key = inode[1] if inode else (self.processes.get(call.task, call.task), call.result)
        if found is not None:
            socket = Socket(PROTOCOLS.get(found[1]) if found[1] else number(found[2]))
            socket.made, socket.netns = True, self.netns(call.task)
            self._known[key] = self._known[self.processes.get(call.task, call.task), call.result] = socket
        else:
            self._known.pop(key, None)

    def _set(self, call: Call) -> None:
        explains, joins = _EXPLAINS.search(call.arguments), _JOINS.search(call.arguments)
        socket = self.of(call) if explains or joins else None
        if socket is not None:
            socket.joined = socket.joined or joins is not None
            socket.unmasked = socket.unmasked or (joins is not None and int(joins[1]) > MASKED)
            socket.explains = explains[1] != "0" if explains else socket.explains

    def _placed(self, call: Call) -> None:
        found = _ADDRESS.search(call.arguments)
        socket = self.of(call)
        if socket is None or found is None:
            return
        address = _address(found)
        if call.call == "connect":
            socket.peer = address
        else:
            socket.port = address.port or socket.port
            socket.joined = socket.joined or address.groups != 0

    def of(self, call: Call | UnfinishedCall) -> Socket | None:
        """Return the netlink socket that a call uses; None if it uses something else."""
        file, shown = call.descriptor if isinstance(call, Call) else descriptor(call)
        decorated = _DECORATED.match(shown)
        if decorated is not None and decorated[1]:
            key: object = decorated[0]
            bound = self._bound(call, file, decorated)
            if bound is not None or key not in self._known:
                self._known[key] = bound or _shown_socket(decorated)
            return self._known[key]
        if inode := _INODE.match(shown):
            return self._known.get(inode[1]) or (Socket(None) if decorated else None)
        if shown:
            return None
        process: int | None = self.processes.get(call.task, call.task)
        for _ in range(GENERATIONS):  # a child has what its parent had
            if process is None:
                break
            if (process, file) in self._known:
                return self._known[process, file]
            process = self._parents.get(process)
        return None

    def _bound(self, call: Call | UnfinishedCall, file: int, decorated: re.Match[str]) -> Socket | None:
        """Return the socket made under a descriptor if it can have the protocol and port that strace shows."""
        shown, made = _shown_socket(decorated), self._known.get((self.processes.get(call.task, call.task), file))
        if made is not None and made.protocol == shown.protocol and made.port in (0, shown.port):
            made.port = shown.port
            return made
        return None


def _shown_socket(decorated: re.Match[str]) -> Socket:
    told, port = decorated[1], int(decorated[2])
    return Socket(int(told) if told.isdecimal() else PROTOCOLS.get(told), port)


def descriptor(call: UnfinishedCall) -> tuple[int, str]:
    """Return the first argument of an unfinished call as a descriptor, and the text after it (see Call.descriptor)."""
    return Call(call.task, "", None, None, call.call, call.arguments, None, "", "").descriptor


def _address(found: re.Match[str]) -> Address:
    return Address(int(found[1]) & 0xFFFF_FFFF, int(found[2], 16))


class DatagramArguments(NamedTuple):
    """Arguments of a call that carries datagrams.

    addresses  of the datagrams
    room       bytes for each datagram that the program gave, or had room for; None if the call does not show it
    peeked     the datagrams stay in the socket and will be read again
    shortened  bytes were lost because they had no room
    """

    addresses: list[Address]
    room: int | None
    peeked: bool
    shortened: bool


def carried(call: Call) -> DatagramArguments:
    """Return the arguments of a call of SENDS or RECEIVES that describe its datagrams."""
    text = call.arguments
    addresses = [_address(found) for found in _ADDRESS.finditer(text)]
    if "msg" in call.call:
        flags = _FLAGS.search(text)
        room = sum(map(int, _ROOM.findall(text))) if call.call not in SEVERAL and "iov_len" in text else None
        return DatagramArguments(addresses, room, bool(flags) and "MSG_PEEK" in flags[1], _CUT.search(text) is not None)  # type: ignore[index]
    if call.call in ("readv", "writev"):
        return DatagramArguments([], None, False, False)
    plain = _SIZES.search(text)
    if plain is None:
        return DatagramArguments(addresses[-1:], None, "MSG_PEEK" in text, False)
    room = int(plain[1])
    shortened = call.call in RECEIVES and call.result is not None and call.result > room
    return DatagramArguments(addresses[-1:], room, "MSG_PEEK" in (plain[2] or ""), shortened)


def printed(call: Call) -> bytes | None:
    """Return the bytes of a call that strace printed as strings; None if some are missing."""
    found = list(_STRING.finditer(call.arguments))
    if not found or any(one[2] for one in found):
        return None
    data = b"".join(literal(one[1]) for one in found)
    return data if len(data) == call.result else None
