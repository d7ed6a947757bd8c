"""The ledger: numbers kept of every message of a capture, so that requests and answers can be paired."""

from __future__ import annotations

from copy import copy
from functools import lru_cache
from typing import Any

import numpy as np

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.growable import GrowableArray
from nldissect.columns.blocks.message_type import DIRECTIONS, MessageType
from nldissect.columns.fields.derived import PLACES as PLACES
from nldissect.families.answer_rules import (
    BATCH_BEGIN,
    BATCH_END,
    BY_TYPE,
    LIST_UNFLAGGED,
    NEWROUTE_CHANGED,
    NFT_OBJECTS,
    NFTABLES,
    RTM_NEWROUTE,
    RULES,
    SILENT,
)
from nldissect.request_tracker import GET, NOTIFICATION
from nldissect.uapi import NLM_F_DUMP, NLMSG_DONE, NLMSG_ERROR, NLMSG_HDRLEN, NLMSG_MIN_TYPE
from nldissect.wire.packets.bindings import verb_of as verb_of_type
from nldissect.wire.protocol import NETLINK, NLM_F, NLM_F_ACK, verb_named

from ..stats.errors import extack_of, tells_error

NOTHING, REQUEST, DATA, ACK, END, EVENT = range(6)
"""Roles of messages: DATA is part of an answer, ACK an NLMSG_ERROR, END an NLMSG_DONE; NOTHING is in no exchange."""
ROLES = 6
NOTIFIED = DIRECTIONS.index(NOTIFICATION)
BY_DIRECTION = np.array([REQUEST, DATA, EVENT, NOTHING], np.uint8)
OBJECTS = np.frombuffer(NFT_OBJECTS, np.uint8).astype(np.int32)
COLUMNS: dict[str, type] = {
    "key": np.int64, "time": np.int64, "port_space": np.uint32, "seq": np.uint32, "pid": np.uint32, "length": np.uint32,
    "type": np.uint16, "flags": np.uint16, "pairing_key": np.int32, "first": np.uint8, "role": np.uint8,
    "verb": np.uint8, "meaning": np.int32, "head": np.int32, "answer": np.int32, "event": np.bool_,
}  # fmt: skip
"""key: number of the frame as its file counts, and place in it; port_space: protocol and interface, within which port
ids have a meaning; pairing_key: what a request and its answers share; first: first byte of the body, often an address
family; head: row of the message that begins a request's exchange, for a batch that of its beginning; answer: row in the
other table, -1 for none; event: it is a notification."""
ANSWERS: dict[str, type] = {
    "row": np.int32, "error": np.int32, "length": np.uint32, "type": np.uint16, "flags": np.uint16, "pid": np.uint32,
    "there": np.bool_,
}  # fmt: skip
"""Columns of each ACK and END: its error number, as in errno.h, and the request's header as far as it is repeated (see
as_repeated)."""

Table = dict[str, Array]


class Ledger:
    """The messages of a capture so far, block by block.

    rows       number of messages so far
    meanings   their message types; the list grows with the capture
    texts      the kernel's text for an error or a warning, by row
    """

    def __init__(self) -> None:
        self.rows = 0
        self.meanings: Any = ()
        self.texts: dict[int, str] = {}
        self._columns = {name: GrowableArray(kept) for name, kept in COLUMNS.items()}
        self._answers = {name: GrowableArray(kept) for name, kept in ANSWERS.items()}

    def add(self, block: Block) -> None:
        """Append the messages of the next block of the file."""
        self.meanings = block.message_types
        role, verb = roles(block)
        answers = ((role == ACK) | (role == END)).nonzero()[0]
        frame = block.messages.frame
        protocol = block.frames.protocol[frame]
        number = block.headers.type
        at = block.messages.start + NLMSG_HDRLEN
        inside = at + 1 <= block.messages.end
        head = np.arange(self.rows, self.rows + len(block))
        _begun(block, role, head)
        answer = np.full(len(block), -1)
        answer[answers] = np.arange(len(answers)) + len(self._answers["row"])
        _grow(
            self._columns,
            key=block.keys,
            time=block.frames.time[frame],
            port_space=(block.frames.interface[frame].astype(np.int64) << 16) | (protocol & 0xFFFF),
            seq=block.headers.seq, pid=block.headers.pid, length=block.headers.length, type=number,
            flags=block.headers.flags,
            pairing_key=pairing_keys(protocol, number),
            first=np.where(inside, block.buffer.bytes[np.where(inside, at, 0)], 0),
            role=role, verb=verb, meaning=block.headers.message_type, head=head, answer=answer,
            event=block.headers.direction == NOTIFIED,
        )  # fmt: skip
        _grow(self._answers, **_answers(block, answers, self.rows))
        told = answers if block.comments else answers[block.headers.flags[answers] & NLM_F_ACK.ACK_TLVS != 0]
        for index in told.tolist():
            text = extack_of(block, index)
            if text is not None:
                self.texts[self.rows + index] = text
        self.rows += len(block)

    def tables(self) -> tuple[Table, Table]:
        """Return two tables of columns: one row per message; one row per ACK or END."""
        columns, answers = self._columns.items(), self._answers.items()
        return {name: one.values for name, one in columns}, {name: one.values for name, one in answers}

    def still(self) -> Ledger:
        """Return a read-only snapshot."""
        found = copy(self)
        found._columns = {name: one.snapshot() for name, one in self._columns.items()}
        found._columns["role"] = self._columns["role"].copy()
        found._answers = {name: one.snapshot() for name, one in self._answers.items()}
        return found

    def find(self, keys: Array) -> tuple[Array, Array]:
        """Return the rows of messages, by key, and a mask of the keys that are known."""
        return self._columns["key"].find(keys)


def answers_as_asked(meaning: MessageType) -> bool:
    """Return whether the kernel answers a message type by sending the request back filled in, with its header."""
    return (meaning.protocol, meaning.family) in RULES.returned


def roles(block: Block) -> tuple[Array, Array]:
    """Return the role and the verb (GET, NEW, DEL; 0: none) of each message; both uint8, one per message.

    An event that carries sequence number and port id of its cause is part of that exchange.
    """
    role = BY_DIRECTION[block.headers.direction]
    role[(role == EVENT) & (block.headers.seq != 0) & (block.headers.pid != 0) & _is_caused(block)] = DATA
    tells = np.array([tells_error(one) for one in block.message_types], bool)
    verbs = np.array([verb_of(one) for one in block.message_types], np.uint8)
    mute = np.array([one.protocol in SILENT or not one.skip for one in block.message_types], bool)
    ends = tells[block.headers.message_type] & (role != REQUEST)
    role[ends & (block.headers.type == NLMSG_ERROR)] = ACK
    role[ends & (block.headers.type == NLMSG_DONE)] = END
    role[(role == END) & (block.headers.seq == 0) & (block.headers.pid == 0)] = (
        EVENT  # several events in one, as team has them
    )
    role[mute[block.headers.message_type]] = NOTHING
    return role, verbs[block.headers.message_type]


def _is_caused(block: Block) -> Array:
    caused: Array = np.isin(block.frames.protocol, list(RULES.caused))[block.messages.frame]
    return caused


@lru_cache(maxsize=4096)
def verb_of(meaning: MessageType) -> int:
    """Return GET, NEW or DEL as the name of a message type has it, 0 if it has none of them."""
    if meaning.command is None:
        return verb_of_type(meaning.protocol, meaning.number)
    return verb_named(meaning.called, meaning.number)


def asks_dump(protocol: Array, number: Array, verb: Array, flags: Array) -> Array:
    """Return a mask of requests that ask for all of something: protocols read NLM_F_DUMP's bits differently."""
    both = flags & NLM_F_DUMP
    listed = np.zeros(len(number), bool)
    for where, what in LIST_UNFLAGGED:
        listed |= (protocol == where) & (number == what)
    found: Array = listed | np.where(
        protocol == NETLINK.GENERIC,
        both == NLM_F_DUMP,
        np.where(verb == GET, both != 0, (verb == 0) & (both == NLM_F_DUMP)),
    )
    return found


def due(verb: Array, dump: Array, flags: Array) -> Array:
    """Return a mask of requests that are answered in any case."""
    found: Array = dump | (verb == GET) | (flags & NLM_F.ACK != 0)
    return found


def pairing_keys(protocol: Array, number: Array) -> Array:
    """Return the pairing key of each message: rtnetlink's group of four types, a family's id, a netfilter subsystem."""
    number = number.astype(np.int32)
    pairing_key: Array = np.where(protocol == NETLINK.ROUTE, (number - NLMSG_MIN_TYPE) >> 2, 0)
    pairing_key = np.where(np.isin(protocol, BY_TYPE), number, pairing_key)
    pairing_key = np.where(protocol == NETLINK.NETFILTER, number & ~0xFF, pairing_key)
    tables = (protocol == NETLINK.NETFILTER) & (pairing_key == NFTABLES) & (number & 0xFF < len(OBJECTS))
    return np.where(tables, pairing_key + OBJECTS[np.where(tables, number & 0xFF, 0)], pairing_key)


def as_repeated(protocol: Array, number: Array, flags: Array) -> Array:
    """Return the flags of requests as far as an acknowledgement repeats them."""
    changed = (protocol == NETLINK.ROUTE) & (number == RTM_NEWROUTE)
    return np.where(changed, flags & ~np.uint16(NEWROUTE_CHANGED), flags)


def _begun(block: Block, role: Array, head: Array) -> None:
    """Set the heads of the messages of each nftables batch to the row of its beginning, in place."""
    batch = (block.frames.protocol[block.messages.frame] == NETLINK.NETFILTER) & (role == REQUEST)
    begins = batch & (block.headers.type == BATCH_BEGIN)
    if not begins.any():
        return
    places = np.arange(len(block))
    begun = np.maximum.accumulate(np.where(begins, places, -1))
    ended = np.maximum.accumulate(np.where(batch & (block.headers.type == BATCH_END), places, -1))
    before = np.concatenate(([-1], ended[:-1]))
    inside = batch & (begun >= 0) & (before < begun)
    inside &= block.messages.frame[np.maximum(begun, 0)] == block.messages.frame
    head[inside] += begun[inside] - places[inside]


def _answers(block: Block, mine: Array, before: int) -> Table:
    at, end = block.messages.start[mine] + NLMSG_HDRLEN, block.messages.end[mine]
    big = block.frames.big_endian[block.messages.frame[mine]]
    whole = at + 4 <= end
    there = (at + 4 + NLMSG_HDRLEN <= end) & (block.headers.type[mine] == NLMSG_ERROR)
    echo = np.where(there, at + 4, 0)
    error = np.where(whole, -block.buffer.take("i4", np.where(whole, at, 0), big).astype(np.int64), 0)
    number, flags = block.buffer.take("u2", echo + 4, big), block.buffer.take("u2", echo + 6, big)
    protocol = block.frames.protocol[block.messages.frame[mine]] & 0xFFFF
    error = np.where((block.headers.type[mine] == NLMSG_DONE) & (error < 0), 0, error)
    return {
        "row": mine + before, "error": error, "there": there, "length": block.buffer.take("u4", echo, big),
        "type": number, "flags": as_repeated(protocol, number, flags), "pid": block.buffer.take("u4", echo + 12, big),
    }  # fmt: skip


def _grow(columns: dict[str, GrowableArray], **more: Array) -> None:
    for name, column in columns.items():
        column.add(more[name])
