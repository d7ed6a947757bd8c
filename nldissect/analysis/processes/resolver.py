"""Who sent and who received: the process at the user's end of every message, and how sure that is.

A message's port id is in it (answers), is claimed by it (requests that name one), or is learnt from the answer that
exchanges join it with (requests with port id 0). Who had that port then is told by NETLINK_DIAG and /proc ("exact"), or
guessed: the kernel gives the first socket of a process its process id as port id, and the proc connector says which
processes lived.

exact     the socket stood in the kernel's list before, and one process alone can have had it open, as /proc said
learnt    the same, but the port id was learnt from the answer, or the socket was listed only later
guessed   several processes had it open: the one that opened it; the answer may be another request's; a batch of rules
          follows that process's question for their generation; or the port id is the number of a process that lived
          then (libnl's with a count above it); where nothing is known of processes, it could be one
unknown   anything else
"""

from __future__ import annotations

import threading
from itertools import pairwise

import numpy as np

from nldissect.capfile import Interface, comments
from nldissect.columns.block_reader import BlockReader
from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array, alike
from nldissect.columns.blocks.growable import GrowableArray
from nldissect.columns.blocks.whole_capture import WholeCapture

from .causers import is_notification, last_spoken, names_cause
from .evidence import Evidence
from .ports import CLAIMED, LARGEST, SUPPOSED, Ports
from .process import EXACT, GUESSED, LEARNT, NOBODY, Process, SocketHolder, said

CHOSEN = 1 << 31
"""From here on are the port ids that the kernel chooses at random for a process that has its own number in use
(netlink_autobind of net/netlink/af_netlink.c), and half of libnl's."""
GIVER = "systemd"
"""It opens sockets for services and keeps them open, but speaks on none that others have: those it starts get no other
(systemd.socket(5))."""


class Processes:
    """The processes of one file. It reads the file itself, and again what has come since where it grows; without
    `whole` it is given the blocks.
    """

    def __init__(self, whole: WholeCapture | None) -> None:
        self._source = None if whole is None else BlockReader(whole.path, whole.families, whole.order)
        self._lock = threading.RLock()
        self._evidence = Evidence()
        self._lives, self._holding = self._evidence.lives, self._evidence.holding
        self._namespaces: dict[int, str] = {}
        self._spaces: list[str] = [""]
        self._ports = Ports()
        self._beside = GrowableArray(np.int32)  # whom comments beside frames name, 0 for nobody
        self._listens, self._caused = GrowableArray(bool), GrowableArray(bool)  # is a notification; names its cause
        self._found: list[Process] = [NOBODY]
        self._numbers: dict[Process, int] = {NOBODY: 0}
        self.refresh()

    def refresh(self) -> bool:
        """Take in what the file has got since; True if there was something."""
        with self._lock:
            before = len(self._ports)
            for block in () if self._source is None else self._source.blocks():
                self.take(block)
            return len(self._ports) > before

    def take(self, block: Block) -> None:
        """Take in the next block."""
        spaces = [self._space(one) for one in block.interfaces]
        self._evidence.learn(block, [self._spaces[number] for number in spaces])
        self._ports.add(block, np.array(spaces, np.uint32))
        self._beside.add(self._named(block))
        self._listens.add(is_notification(block))
        self._caused.add(names_cause(block))

    @property
    def known(self) -> list[Process]:
        """All that messages were found to belong to so far; `rows` and `of` give indexes of it."""
        return self._found

    @property
    def told(self) -> bool:
        """Whether the file says anything of processes, so that there are names."""
        return bool(self._evidence)

    def process(self, key: int) -> Process:
        """The process of one message, by number of the frame in its file and place in the frame (MessageContext)."""
        return self._found[int(self.of(np.array([key], np.int64))[0])]

    def of(self, keys: Array) -> Array:
        """The process of each of these messages."""
        with self._lock:
            return self._looked_up(keys)

    def listeners(self, keys: Array) -> Array:
        """The process that received each of these messages where they are notifications, as comments say."""
        with self._lock:
            rows, there = self._rows(keys)
            found = np.zeros(len(keys), np.int32)
            mine = rows[there]
            found[there] = np.where(self._listens.values[mine], self._beside.values[mine], 0)
            return found

    def _rows(self, keys: Array) -> tuple[Array, Array]:
        known = self._ports.keys
        if len(keys) and (not len(known) or keys[-1] > known[-1]):
            self.refresh()
        return self._ports.find(keys)

    def _looked_up(self, keys: Array) -> Array:
        rows, there = self._rows(keys)
        found = np.zeros(len(keys), np.int32)
        mine = rows[there]
        own = self._beside.values[mine]
        events = ((own > 0) & self._caused.values[mine]).nonzero()[0]
        if len(events):
            own[events] = self._causers(mine[events])
        found[there] = np.where(own > 0, own, self._owners(mine))
        return found

    def _causers(self, events: Array) -> Array:
        """The processes that comments beside other frames of the same port id and sequence number name, 0 for none."""
        columns, beside = self._ports.columns(), self._beside.values
        ports = (columns.lanes.astype(np.uint64) << np.uint64(32)) | columns.ids
        spoken = last_spoken(events, (beside > 0) & ~self._listens.values, ports, self._ports.seqs)
        found = np.zeros(len(events), np.int32)
        for place in (spoken >= 0).nonzero()[0].tolist():
            row = int(spoken[place])
            sure = (EXACT, LEARNT, GUESSED)[int(columns.learnt[row])]
            found[place] = self._number(self._found[int(beside[row])]._replace(confidence=sure))
        return found

    def _owners(self, rows: Array) -> Array:
        """The process of each of these messages, messages of one port together."""
        times, lanes, ports, learnt = (column[rows] for column in self._ports.columns())
        out = np.zeros(len(rows), np.int32)
        cases = (lanes.astype(np.uint64) << np.uint64(32)) | ports
        order = cases.argsort(kind="stable")
        ordered = cases[order]
        if not len(rows):
            return out
        starts = [0, *((ordered[1:] != ordered[:-1]).nonzero()[0] + 1).tolist(), len(ordered)]
        for start, stop in pairwise(starts):
            mine = order[start:stop]
            if not ports[mine[0]]:
                continue
            lane, port = int(lanes[mine[0]]), int(ports[mine[0]])
            key = self._spaces[lane >> 16], lane & 0xFFFF, port
            turns = self._turns(key)
            spans = times[mine] if turns is None else turns.searchsorted(times[mine], side="right")
            which = spans.astype(np.int64) * 4 + learnt[mine]
            for _, same in alike(which):
                place = int(mine[same[0]])
                number = self._number(self._at(key, int(times[place]), int(learnt[place])))
                out[mine[same]] = number
        return out

    def _turns(self, key: tuple[str, int, int]) -> Array | None:
        """The times at which the holder of a port may change; None if that may be at any."""
        if not self.told:
            return np.zeros(0, np.int64)
        if key[2] >= CHOSEN and not self._holding.knows(key):
            return None
        turns, pids = self._holding.turns(key)
        pids.add(key[2] & LARGEST - 1)
        for pid in pids:
            turns += self._lives.turns(pid)
        return np.unique(np.array(turns, np.int64))

    def _number(self, process: Process) -> int:
        if process not in self._numbers:
            self._numbers[process] = len(self._found)
            self._found.append(process)
        return self._numbers[process]

    def _at(self, key: tuple[str, int, int], time: int, learnt: int) -> Process:
        for held, sure in self._holding.at(key, time):
            able = self._able(held.owners_at(time), time)
            if able:
                owner = self._opener(able, key[2], time)
                life = self._lives.life(owner.pid, time)
                name = owner.name if life is None or life.name is None else life.name
                doubt = len(able) > 1 or learnt == SUPPOSED or (life is not None and time < life.doubtful)
                sure = sure and learnt == CLAIMED
                return Process(owner.pid, name, GUESSED if doubt else EXACT if sure else LEARNT)
        return self._guess(key, time)

    def _able(self, owners: list[SocketHolder], time: int) -> list[SocketHolder]:
        """The holders of a socket that can have spoken then."""
        able = [one for one in owners if self._lives.lived(one.pid, time)]
        able = [one for one in able if not self._lives.ended(one.pid, time)] or able
        return [one for one in able if one.name != GIVER] or able

    def _opener(self, holders: list[SocketHolder], port: int, time: int) -> SocketHolder:
        """The one that opened the socket they share: the port id has its number, or the others began after it."""
        named = [one for one in holders if one.pid == port & LARGEST - 1]
        return min(named or holders, key=lambda one: (self._lives.start(one.pid, time), one.pid))

    def _guess(self, key: tuple[str, int, int], time: int) -> Process:
        """The process whose number the port id is.

        libnl puts a count into the upper ten bits; the kernel's own choices have the highest of them set.
        """
        port = key[2]
        if not self.told:
            return Process(port, None, GUESSED) if 1 < port < LARGEST else NOBODY
        pid = port & LARGEST - 1
        life = self._lives.life(pid, time)
        if life is None and port >= CHOSEN and (pid := self._second(key, time)):
            life = self._lives.life(pid, time)
        return NOBODY if life is None else Process(pid, life.name, GUESSED)

    def _second(self, key: tuple[str, int, int], time: int) -> int:
        """The process of a socket that got a port id of the kernel's choice, because its process has one already.

        So it is one of those that spoke by their own number; where only one such lived then that began while the
        capture ran (sockets of others are listed), it is that one. 0 if there is none, or several.
        """
        if self._holding.knows(key):
            return 0
        lane = self._spaces.index(key[0]) << 16 | key[1]
        fitting = {pid for pid in self._lives.young(time) if (lane, pid) in self._ports.spoke}
        return fitting.pop() if len(fitting) == 1 else 0

    def _space(self, interface: Interface) -> int:
        """The network namespace of a source, as a number."""
        if id(interface) not in self._namespaces:
            told = comments.facts(interface.comments, "netns")
            self._namespaces[id(interface)] = next((words[-1] for words in told if words), "")
        name = self._namespaces[id(interface)]
        if name not in self._spaces:
            self._spaces.append(name)
        return self._spaces.index(name)

    def _named(self, block: Block) -> Array:
        """The process of each message that a comment beside its frame names."""
        found = np.zeros(len(block), np.int32)
        for frame, at in enumerate(block.frame_at.tolist()) if block.comments else ():
            own = said(block.comments[at]) if at in block.comments else None
            if own is not None:
                start = int(block.frame_first[frame])
                found[start : start + int(block.frame_count[frame])] = self._number(own)
        return found
