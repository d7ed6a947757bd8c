"""Evidence of processes in a capture: lists of sockets, process events, comments on owners and lifetimes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from nldissect.capfile import comments
from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.message_type import DIRECTIONS
from nldissect.columns.fields.message_decoder import MessageDecoder
from nldissect.errors import FieldError
from nldissect.families.common import AF
from nldissect.families.sock_diag import SOCK_DIAG_BY_FAMILY
from nldissect.uapi import NLMSG_DONE, NLMSG_HDRLEN, PROC_EVENT_COMM, PROC_EVENT_EXEC, PROC_EVENT_EXIT, PROC_EVENT_FORK
from nldissect.wire import NETLINK, DecodedMessage
from nldissect.wire.protocol import TO_USER
from nldissect.wire.protocol_names import protocol_number

from .lifetimes import ProcessLifetimes
from .process import is_pid, owner_named
from .socket_owners import SocketDump, SocketOwners


class Evidence:
    """Lifetimes of processes and owners of sockets, learned block by block."""

    def __init__(self) -> None:
        self.lives, self.holding = ProcessLifetimes(), SocketOwners()
        self._dumps: dict[tuple[str, int, int], SocketDump] = {}

    def __bool__(self) -> bool:
        return bool(self.lives) or bool(self.holding)

    def learn(self, block: Block, spaces: Sequence[str]) -> None:
        """Learn from the next block; `spaces` are the network namespaces of its interfaces."""
        protocol = block.frames.protocol[block.messages.frame]
        diag = (
            (protocol == NETLINK.SOCK_DIAG)
            & (block.headers.direction == DIRECTIONS.index(TO_USER))
            & ~block.messages.headerless
        )
        first = np.where(
            block.messages.end - block.messages.start > NLMSG_HDRLEN,
            block.buffer.bytes[np.where(diag, block.messages.start + NLMSG_HDRLEN, 0)],
            0,
        )
        diag &= (block.headers.type == NLMSG_DONE) | (
            (block.headers.type == SOCK_DIAG_BY_FAMILY) & (first == AF.NETLINK)
        )
        events = (protocol == NETLINK.CONNECTOR) & (block.headers.type == NLMSG_DONE) & ~block.messages.headerless
        chosen = diag | events
        walker = MessageDecoder(block, None)
        for index in chosen.nonzero()[0].tolist():
            frame = int(block.messages.frame[index])
            space = spaces[int(block.frames.interface[frame])]
            time = int(block.frames.time[frame])
            texts = block.comments.get(int(block.frames.start[frame]), ())
            walked = walker.message(index)
            if events[index]:
                self._event(walked, time, texts)
                continue
            self._socket(walked, space, time)
            if int(block.messages.number[index]) == int(block.messages.frame_count[frame]):
                self._said(texts, space, time)

    def _socket(self, walked: DecodedMessage, space: str, time: int) -> None:
        which = space, walked.seq, walked.pid
        if walked.number == NLMSG_DONE:
            dump = self._dumps.pop(which, None)
            if dump is not None:
                self.holding.whole(dump)
            return
        protocol, port, inode = (_number(walked, f"ndiag_{name}") for name in ("protocol", "portid", "ino"))
        if protocol is not None and port is not None:
            dump = self._dumps.setdefault(which, SocketDump(time))
            self.holding.part(dump, (space, protocol, port), inode or 0)

    def _event(self, walked: DecodedMessage, time: int, texts: tuple[str, ...]) -> None:
        if walked.find("event_data") is None:
            return
        child, parent = _number(walked, "child_tgid"), _number(walked, "parent_tgid")
        pid, thread = _number(walked, "process_tgid"), _number(walked, "process_pid")
        what = _number(walked, "what")
        if what == PROC_EVENT_FORK and child is not None and child == _number(walked, "child_pid"):
            self.lives.tell(time, "fork", child, parent)
        elif pid is None:
            return
        elif what == PROC_EVENT_EXEC:
            named = {words[0]: words[1] for words in comments.parse_comments(texts, "processes") if len(words) > 1}
            self.lives.tell(time, "exec", pid, named.get(str(pid)))
            self._origins(texts, time)
        elif what == PROC_EVENT_COMM and pid == thread:
            node = walked.find("comm")
            self.lives.tell(time, "named", pid, node.value if node is not None else None)
        elif what == PROC_EVENT_EXIT and pid == thread:
            self.lives.tell(time, "exit", pid)

    def _said(self, texts: tuple[str, ...], space: str, time: int) -> None:
        """Learn from the comments of a frame: owners of ports, names and lifetimes of processes."""
        for words in comments.parse_comments(texts, "port"):
            try:
                key = space, protocol_number(words[0]), int(words[1])
            except (ValueError, IndexError, FieldError):
                continue
            owners = [owner for word in words[2:] if (owner := owner_named(word)) is not None]
            self.holding.owned(key, owners, time)
            for one in owners:
                self.lives.tell(time, "seen", one.pid, one.name)
        for pid, name in _pairs(texts, "processes"):
            self.lives.tell(time, "seen", pid, name)
        for pid, start in _pairs(texts, "started"):
            if (began := comments.nanoseconds(start)) is not None:
                self.lives.tell(began, "started", pid)
        self._origins(texts, time)
        for pid, since in _pairs(texts, "renamed"):
            self.lives.tell(time, "renamed", pid, comments.nanoseconds(since))
        for word in (word for words in comments.parse_comments(texts, "ended") for word in words):
            if is_pid(word):
                self.lives.tell(time, "exit", int(word))

    def _origins(self, texts: tuple[str, ...], time: int) -> None:
        """Learn parents and control groups of processes from the comments of a frame."""
        for pid, parent in _pairs(texts, "parents"):
            if is_pid(parent):
                self.lives.tell(time, "parent", pid, int(parent))
        for pid, path in _pairs(texts, "cgroups"):
            self.lives.tell(time, "cgroup", pid, path)


def _number(walked: DecodedMessage, name: str) -> int | None:
    node = walked.find(name)
    return node.value if node is not None and isinstance(node.value, int) else None


def _pairs(texts: tuple[str, ...], fact: str) -> Iterator[tuple[int, str]]:
    """Yield process ids and the word that comments give for each."""
    for words in comments.parse_comments(texts, fact):
        for pid, word in zip(words[::2], words[1::2], strict=False):
            if is_pid(pid):
                yield int(pid), word
