"""Senders and receivers: the process at the user's end of every message, and how certain that is.

The port id of a message is in it (answers), is claimed by it (requests that name one), or is learned from the answer
that it is paired with (requests with port id 0). The owner of that port at that time is known from NETLINK_DIAG and
/proc ("exact"), or guessed: the kernel gives the first socket of a process its process id as port id, and the proc
connector reports lifetimes of processes.

exact     the kernel's list had the socket before, and only one process can have had it open, as /proc showed
learnt    the same, but the port id was learned from the answer, or the socket was listed only later
guessed   several processes had it open: the one that opened it; the answer may be another request's; a batch of rules
          follows that process's request for their generation; or the port id is the id of a process that lived
          then (libnl's with a count above it); where nothing is known of processes, the port id may be a process id
unknown   anything else
"""

from __future__ import annotations

import threading
from itertools import pairwise

import numpy as np

from nldissect.capfile import Interface, comments
from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array, group_by
from nldissect.columns.blocks.growable import GrowableArray
from nldissect.columns.blocks.whole_capture import WholeCapture

from .causers import is_notification, last_spoken, names_cause
from .evidence import Evidence
from .lifetimes import Lifetime
from .ports import CLAIMED, LARGEST, SUPPOSED, Ports
from .process import EXACT, GUESSED, LEARNT, NOBODY, Process, SocketHolder, said

CHOSEN = 1 << 31
"""From here on are the port ids that the kernel chooses at random for a process that has its own number in use
(netlink_autobind of net/netlink/af_netlink.c), and half of libnl's."""
GIVER = "systemd"
"""It opens sockets for services and keeps them open, but sends on none that others have: those it starts get no other
(systemd.socket(5))."""


class Processes:
    """The processes of one file.

    The file is read here, and again where it grows; without `whole`, blocks are passed to `take`.
    """

    def __init__(self, whole: WholeCapture | None) -> None:
        self._source = None if whole is None else whole.reader()
        self._lock = threading.RLock()
        self._evidence = Evidence()
        self._lives, self._holding = self._evidence.lives, self._evidence.holding
        self._namespaces: dict[int, str] = {}
        self._spaces: list[str] = [""]
        self._ports = Ports()
        self._beside = GrowableArray(np.int32)  # process named in the comments of frames, 0 for none
        self._listens, self._caused = GrowableArray(bool), GrowableArray(bool)  # is a notification; names its cause
        self._found: list[Process] = [NOBODY]
        self._numbers: dict[Process, int] = {NOBODY: 0}
        self.refresh()

    def refresh(self) -> bool:
        """Read what was added to the file since the last call; return whether there was anything."""
        with self._lock:
            before = len(self._ports)
            for block in () if self._source is None else self._source.blocks():
                self.take(block)
            return len(self._ports) > before

    def take(self, block: Block) -> None:
        """Observe the next block."""
        spaces = [self._space(one) for one in block.interfaces]
        self._evidence.learn(block, [self._spaces[number] for number in spaces])
        self._ports.add(block, np.array(spaces, np.uint32))
        self._beside.add(self._named(block))
        self._listens.add(is_notification(block))
        self._caused.add(names_cause(block))

    @property
    def known(self) -> list[Process]:
        """All processes found so far; `of` and `listeners` return indices of this list."""
        return self._found

    @property
    def told(self) -> bool:
        """True if the file holds evidence of processes, so that there are names."""
        return bool(self._evidence)

    def process(self, key: int) -> Process:
        """Return the process of one message, by number of its frame in the file and place in it (MessageContext)."""
        return self._found[int(self.of(np.array([key], np.int64))[0])]

    def of(self, keys: Array) -> Array:
        """Return the process of each message, given by keys; int32, index in `known`."""
        with self._lock:
            return self._looked_up(keys)

    def listeners(self, keys: Array) -> Array:
        """Return the process that received each message, given by keys, from the comments of notifications.

        int32, index in `known`; 0: no notification, or not named.
        """
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
        """Return the processes in comments of other frames with the events' port id and sequence number, 0: none."""
        columns, beside = self._ports.columns(), self._beside.values
        ports = (columns.port_spaces.astype(np.uint64) << np.uint64(32)) | columns.ids
        spoken = last_spoken(events, (beside > 0) & ~self._listens.values, ports, self._ports.seqs)
        found = np.zeros(len(events), np.int32)
        for place in (spoken >= 0).nonzero()[0].tolist():
            row = int(spoken[place])
            sure = (EXACT, LEARNT, GUESSED)[int(columns.learnt[row])]
            found[place] = self._number(self._found[int(beside[row])]._replace(confidence=sure))
        return found

    def _owners(self, rows: Array) -> Array:
        """Return the process of each message, given by rows; messages of one port are looked up together."""
        times, port_spaces, ports, learnt = (column[rows] for column in self._ports.columns())
        out = np.zeros(len(rows), np.int32)
        cases = (port_spaces.astype(np.uint64) << np.uint64(32)) | ports
        order = cases.argsort(kind="stable")
        ordered = cases[order]
        if not len(rows):
            return out
        starts = [0, *((ordered[1:] != ordered[:-1]).nonzero()[0] + 1).tolist(), len(ordered)]
        for start, stop in pairwise(starts):
            mine = order[start:stop]
            if not ports[mine[0]]:
                continue
            port_space, port = int(port_spaces[mine[0]]), int(ports[mine[0]])
            key = self._spaces[port_space >> 16], port_space & 0xFFFF, port
            turns = self._turns(key)
            spans = times[mine] if turns is None else turns.searchsorted(times[mine], side="right")
            which = spans.astype(np.int64) * 4 + learnt[mine]
            for _, same in group_by(which):
                place = int(mine[same[0]])
                number = self._number(self._at(key, int(times[place]), int(learnt[place])))
                out[mine[same]] = number
        return out

    def _turns(self, key: tuple[str, int, int]) -> Array | None:
        """Return the times at which the holder of a port may change; None if it may change at any time."""
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
                return self._process(owner.pid, name, GUESSED if doubt else EXACT if sure else LEARNT, life)
        return self._guess(key, time)

    def _able(self, owners: list[SocketHolder], time: int) -> list[SocketHolder]:
        """Return the holders of a socket that can have sent at a time."""
        able = [one for one in owners if self._lives.lived(one.pid, time)]
        able = [one for one in able if not self._lives.ended(one.pid, time)] or able
        return [one for one in able if one.name != GIVER] or able

    def _opener(self, holders: list[SocketHolder], port: int, time: int) -> SocketHolder:
        """Return the process that opened a shared socket: the port id is its process id, or it began first."""
        named = [one for one in holders if one.pid == port & LARGEST - 1]
        return min(named or holders, key=lambda one: (self._lives.start(one.pid, time), one.pid))

    def _guess(self, key: tuple[str, int, int], time: int) -> Process:
        """Return the process that has the port id as its process id.

        libnl puts a count into the upper ten bits; the kernel's own choices have the highest of them set.
        """
        port = key[2]
        if not self.told:
            return Process(port, None, GUESSED) if 1 < port < LARGEST else NOBODY
        pid = port & LARGEST - 1
        life = self._lives.life(pid, time)
        if life is None and port >= CHOSEN and (pid := self._second(key, time)):
            life = self._lives.life(pid, time)
        return NOBODY if life is None else self._process(pid, life.name, GUESSED, life)

    def _process(self, pid: int, name: str | None, confidence: str, life: Lifetime | None) -> Process:
        """Return a process with what its lifetime tells."""
        if life is None:
            return Process(pid, name, confidence)
        line = [(pid, name), *self._lives.ancestors(life)][::-1]
        tree = " > ".join(f"{name or '?'}[{pid}]" for pid, name in line) if len(line) > 1 else None
        return Process(pid, name, confidence, life.begun, life.parent, tree, life.cgroup)

    def _second(self, key: tuple[str, int, int], time: int) -> int:
        """Return the process of a socket with a port id chosen by the kernel, as its process used its own id before.

        So it is one of those that sent under their own process id; if only one of these lived then and began while the
        capture ran (older sockets are listed), it is that one. 0 if there is none, or several.
        """
        if self._holding.knows(key):
            return 0
        port_space = self._spaces.index(key[0]) << 16 | key[1]
        fitting = {pid for pid in self._lives.young(time) if (port_space, pid) in self._ports.spoke}
        return fitting.pop() if len(fitting) == 1 else 0

    def _space(self, interface: Interface) -> int:
        """Return the network namespace of an interface, as a number."""
        if id(interface) not in self._namespaces:
            told = comments.parse_comments(interface.comments, "netns")
            self._namespaces[id(interface)] = next((words[-1] for words in told if words), "")
        name = self._namespaces[id(interface)]
        if name not in self._spaces:
            self._spaces.append(name)
        return self._spaces.index(name)

    def _named(self, block: Block) -> Array:
        """Return the process that the comments of each message's frame name; int32, one per message, 0: none."""
        found = np.zeros(len(block), np.int32)
        for frame, at in enumerate(block.frames.start.tolist()) if block.comments else ():
            own = said(block.comments[at]) if at in block.comments else None
            if own is not None:
                start = int(block.messages.frame_first[frame])
                found[start : start + int(block.messages.frame_count[frame])] = self._number(own)
        return found
