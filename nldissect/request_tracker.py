"""The request tracker: the request that an acknowledgement, the end of a dump, or an event belongs to.

Messages of one network namespace are observed in the order in which they were captured. The rules:

1. The kernel handles a request inside its sender's send() (netlink_unicast_kernel, net/netlink/af_netlink.c): messages
   that belong to a request follow it, and a message is about the latest request with its sequence number.
2. An NLMSG_ERROR repeats the 16-byte header of its request (netlink_ack): that header decides; among requests with
   equal headers the latest that is not acknowledged yet, and of one datagram the first of these.
3. NLMSG_DONE repeats protocol and sequence number of a dump; where dumps of several requests are open, none is named.
4. A change by a request is sent to all listeners with its sequence number and the port id of its sender, in some
   protocols (AnswerRules.caused): it looks like an answer and is an event. Some events carry the flags of the
   request as well (AnswerRules.repeated), NLM_F_REQUEST among them: they look like requests.
5. The nlmsg_pid of a request is whatever its program wrote; in messages from the kernel it is a port id. The kernel
   ignores the former, so it never keeps a request from its answers.

Where the request of a message that looks like an answer is not known, the message's content may show its direction
(wire/kernel_content.py).

Only numbers are compared, so that the capture process, readers of single frames and readers of blocks share one set of
rules: columns/requests/block_tracker.py holds the form for columns, tests compare the two. Memory: the latest
SIZES.kept_requests of a namespace, for every reader; nothing belongs to a released request any more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from nldissect.sizes import SIZES
from nldissect.uapi import NETLINK_GENERIC, NLM_F_DUMP, NLM_F_MULTI, NLMSG_DONE, NLMSG_ERROR

GET, NEW, DEL = 1, 2, 3
"""Verbs of requests, by the names of their types; 0 for others."""
TO_KERNEL, TO_USER, NOTIFICATION = "to kernel", "to user", "notification"

T = TypeVar("T")
K = TypeVar("K")


class AnswerRules(NamedTuple):
    """The rules of answers where a protocol has its own way; families/answer_rules.py has those of Linux.

    caused      protocols whose events carry sequence number and port id of their cause: the number of bits to shift
                nlmsg_type to the right for the object type of request and event
    replied     protocol and type of requests that change something and are answered by a message of their own type
    repeated    protocol and type of events and answers that carry the flags of their request
    port_only   protocol and type of events that carry the port id of their cause and no sequence number
    returned    protocol, and generic family or None: the kernel sends a request back filled in, with its flags and port
    batches     protocol and type of requests that begin or end a batch of changes: the type of one of these
    listed      protocol and type of requests for all objects of a kind that need no NLM_F_DUMP
    rewritten   protocol and type: flags that the kernel changes in a request before it repeats the header
    """

    caused: Mapping[int, int] = {}
    replied: Set[tuple[int, int]] = frozenset()
    repeated: Set[tuple[int, int]] = frozenset()
    port_only: Set[tuple[int, int]] = frozenset()
    returned: Set[tuple[int, str | None]] = frozenset()
    batches: Mapping[tuple[int, int], int] = {}
    listed: Set[tuple[int, int]] = frozenset()
    rewritten: Mapping[tuple[int, int], int] = {}

    def about(self, protocol: int, number: int) -> int:
        """Return the number of the object type of a message type, which requests and the events they cause share.

        Where the protocol has no such events it is a number that no other type has.
        """
        shift = self.caused.get(protocol)
        return ~number if shift is None else self.batches.get((protocol, number), number) >> shift

    def asks_dump(self, header: RequestHeader, verb: int) -> bool:
        """Return whether a request asks for all objects of a kind.

        Protocols read the bits of NLM_F_DUMP differently (rtnetlink_rcv_msg in net/core/rtnetlink.c,
        genl_family_rcv_msg in net/netlink/genetlink.c).
        """
        bits = header.flags & NLM_F_DUMP
        if header.protocol == NETLINK_GENERIC or verb == 0:
            return bits == NLM_F_DUMP or (header.protocol, header.type) in self.listed
        return (verb == GET and bits != 0) or (header.protocol, header.type) in self.listed

    def names_cause(self, header: RequestHeader, direction: str | None) -> bool:
        """Return whether a message is a notification with sequence number and port id of the request that caused it."""
        carries = direction == NOTIFICATION and header.seq != 0 and header.pid != 0
        return carries and header.protocol in self.caused

    def key(self, header: RequestHeader) -> RequestHeader:
        """Return a header as an acknowledgement repeats it, without the flags that the kernel changes."""
        changed = self.rewritten.get((header.protocol, header.type), 0)
        return header._replace(flags=header.flags & ~changed) if changed else header

    def direction(
        self, request: Request[Any] | None, header: RequestHeader, guess: str | None, family: str | None = None
    ) -> str | None:
        """Return the direction of a message.

        request   the latest one before it with its sequence number
        guess     direction by its header alone (wire/protocol.py: direction_of)
        family    its generic family, if known
        """
        if guess == TO_KERNEL:
            return self._looks_like_request(request, header, family)
        if guess != TO_USER or header.type in (NLMSG_ERROR, NLMSG_DONE) or header.flags & NLM_F_MULTI:
            return guess
        akin = request is not None and self._are_akin(request.header, header)
        if (header.protocol, header.type) in self.port_only and not header.seq:
            return TO_USER if akin and request is not None and request.verb == GET else NOTIFICATION
        if akin and request is not None and self._changes(request):
            return NOTIFICATION
        return guess

    def _looks_like_request(self, request: Request[Any] | None, header: RequestHeader, family: str | None) -> str:
        if request is None or request.answered:
            return TO_KERNEL
        sent = request.header
        if (header.protocol, family) in self.returned and sent.type == header.type:
            return TO_USER
        repeats = (header.protocol, header.type) in self.repeated and header.pid and sent.pid in (0, header.pid)
        if not repeats or sent.flags != header.flags or not self._are_akin(sent, header):
            return TO_KERNEL
        if request.verb == GET:
            return TO_USER
        return NOTIFICATION if self._changes(request) else TO_KERNEL

    def _changes(self, request: Request[Any]) -> bool:
        """Return whether the effect of a request is sent to listeners."""
        place = request.header.protocol, request.header.type
        return place in self.batches or (request.verb in (NEW, DEL) and place not in self.replied)

    def _are_akin(self, request: RequestHeader, message: RequestHeader) -> bool:
        return self.about(request.protocol, request.type) == self.about(message.protocol, message.type)


class RequestHeader(NamedTuple):
    """The nlmsghdr of a message, and the protocol of its frame."""

    protocol: int
    length: int
    type: int
    flags: int
    seq: int
    pid: int


@dataclass(slots=True, eq=False)
class Request(Generic[T]):
    """A request in memory.

    frame      number of its frame
    verb       GET, NEW, DEL or 0
    kept       data that its reader needs of it later
    answered   an NLMSG_ERROR of its sequence number has come, or it was sent back
    closed     it was acknowledged
    """

    frame: int
    header: RequestHeader
    verb: int
    kept: T
    answered: bool = False
    closed: bool = False


class RequestTracker(Generic[T]):
    """The latest requests of one network namespace. Messages are to be observed in file order."""

    def __init__(self, rules: AnswerRules, capacity: int | None = None) -> None:
        self.rules, self.capacity = rules, SIZES.kept_requests if capacity is None else capacity
        self._order: deque[Request[T]] = deque()
        self._by_number: dict[tuple[int, int], deque[Request[T]]] = {}
        self._by_header: dict[RequestHeader, deque[Request[T]]] = {}
        self._dumps: dict[tuple[int, int], deque[Request[T]]] = {}

    def __iter__(self) -> Iterator[Request[T]]:
        return iter(self._order)

    def direction(self, header: RequestHeader, guess: str | None, family: str | None = None) -> str | None:
        """Return the direction of the next message, see AnswerRules.direction."""
        return self.rules.direction(self.latest(header.protocol, header.seq), header, guess, family)

    def observe(
        self,
        frame: int,
        header: RequestHeader,
        direction: str | None,
        kept: T,
        *,
        verb: int = 0,
        family: str | None = None,
        echo: RequestHeader | None = None,
    ) -> Request[T] | None:
        """Observe the next message; return the request it belongs to, if that is remembered.

        It is the request that the message answers or acknowledges, whose dump it ends, or that caused it.

        kept        data of a request for its reader
        direction   of the message, as `direction` returns it
        echo        the header that an NLMSG_ERROR repeats
        """
        number = header.protocol, header.seq
        if direction == TO_KERNEL:
            self._add(Request(frame, header, verb, kept))
        elif header.type == NLMSG_ERROR:
            self._answer(*number)
            return self._acknowledged(echo) if echo is not None else None
        elif header.type == NLMSG_DONE:
            return self._ended(*number)
        elif direction == TO_USER or (direction == NOTIFICATION and header.seq):
            if (header.protocol, family) in self.rules.returned:
                self._answer(*number)
            return self.latest(*number)
        return None

    def latest(self, protocol: int, seq: int) -> Request[T] | None:
        """Return the latest request with that sequence number; None without one."""
        known = self._by_number.get((protocol, seq))
        return known[-1] if known else None

    def _add(self, request: Request[T]) -> None:
        number = request.header.protocol, request.header.seq
        self._order.append(request)
        self._by_number.setdefault(number, deque()).append(request)
        self._by_header.setdefault(self.rules.key(request.header), deque()).append(request)
        if self.rules.asks_dump(request.header, request.verb):
            self._dumps.setdefault(number, deque()).append(request)
        if len(self._order) > self.capacity:
            self._forget(self._order.popleft())

    def _answer(self, protocol: int, seq: int) -> None:
        request = self.latest(protocol, seq)
        if request is not None:
            request.answered = True

    def _acknowledged(self, echo: RequestHeader) -> Request[T] | None:
        equal = self._by_header.get(self.rules.key(echo))
        if not equal:
            return None
        latest = next((request for request in reversed(equal) if not request.closed), equal[-1])
        found = next(one for one in equal if one.frame == latest.frame and one.closed == latest.closed)
        found.closed = True
        return found

    def _ended(self, protocol: int, seq: int) -> Request[T] | None:
        dumps = self._dumps.pop((protocol, seq), None)
        return dumps[0] if dumps and len(dumps) == 1 else None

    def _forget(self, request: Request[T]) -> None:
        """Release the oldest request, which is the first in each table."""
        number = request.header.protocol, request.header.seq
        _drop(self._by_number, number, request)
        _drop(self._by_header, self.rules.key(request.header), request)
        _drop(self._dumps, number, request)


def _drop(table: dict[K, deque[Request[T]]], key: K, request: Request[T]) -> None:
    filed = table.get(key)
    if filed and filed[0] is request:
        filed.popleft()
        if not filed:
            del table[key]
