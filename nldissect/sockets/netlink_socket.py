"""NetlinkSocket: an AF_NETLINK socket that sends and receives Scapy packets."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress
from errno import EAGAIN, EINTR
from typing import Any

from scapy.packet import Packet
from scapy.plist import PacketList, QueryAnswer, SndRcvList
from scapy.supersocket import SuperSocket

from nldissect.errors import FieldError, Interrupted, Overrun, Unanswered
from nldissect.uapi import (
    NETLINK_ADD_MEMBERSHIP,
    NETLINK_BROADCAST_ERROR,
    NETLINK_CAP_ACK,
    NETLINK_DROP_MEMBERSHIP,
    NETLINK_EXT_ACK,
    NETLINK_GET_STRICT_CHK,
    NETLINK_LISTEN_ALL_NSID,
    NETLINK_NO_ENOBUFS,
    NLM_F_DUMP,
    NLMSG_DONE,
    NLMSG_ERROR,
    NLMSG_HDRLEN,
    NLMSG_OVERRUN,
    STRUCT_NLMSGHDR,
    sll_header,
)
from nldissect.wire import NETLINK, Context, mask_of, nlmon, nlmsghdr, sockaddr_nl, walk
from nldissect.wire.context import Env
from nldissect.wire.packets.frame import messages_in
from nldissect.wire.packets.layer import NATIVE
from nldissect.wire.protocol import NLM_F, PACKET, TO_KERNEL
from nldissect.wire.protocol_names import protocol_number

from .endpoint import Endpoint, ReceivedDatagram
from .exchange import Exchange, acknowledged, refusal
from .genl_families import LiveFamilies
from .group_names import groups_named

BUFFER = 1 << 20
PATIENCE = 5.0
SCAPY_ONLY = {"inter", "verbose", "chainCC", "chainEX", "retry", "first", "prebuild", "threaded", "session"}


class NetlinkSocket(SuperSocket):
    """One AF_NETLINK socket.

    protocol    number or name: 0, "route", "NETLINK_GENERIC", "uevent"
    port        port id; None lets the kernel choose
    groups      multicast groups to join, by number or name (see `join`)
    timeout     seconds that recv() waits, None for ever; requests have a limit of their own
    buffer      bytes the kernel may queue for this socket
    context     learned facts: generic families, names of interfaces
    kernel      port of a program that plays the kernel over NETLINK_USERSOCK (see FakeKernel); 0 is the real one

    extack      errors and warnings come with the kernel's text
    cap_ack     acks do not repeat the request
    strict      the kernel checks every field of a dump request (NETLINK_GET_STRICT_CHK)
    broadcast_error, no_enobufs, all_nsid: the options of these names in linux/netlink.h
    """

    desc = "read/write netlink messages using an AF_NETLINK socket"

    def __init__(
        self,
        protocol: int | str = NETLINK.ROUTE,
        port: int | None = None,
        groups: Iterable[int | str] | int | str = (),
        *,
        timeout: float | None = None,
        buffer: int = BUFFER,
        context: Context | None = None,
        kernel: int = 0,
        extack: bool = True,
        cap_ack: bool = False,
        strict: bool = False,
        broadcast_error: bool = False,
        no_enobufs: bool = False,
        all_nsid: bool = False,
    ) -> None:
        self.protocol = protocol_number(protocol)
        self.timeout = timeout
        self.context = Context() if context is None else context
        self.context.byte_order, self.context.fixed_order = sys.byteorder, True
        self._backlog: deque[ReceivedDatagram | Overrun] = deque()
        self._seq = int.from_bytes(os.urandom(4), "little")
        self._in_loop = False
        self._families: LiveFamilies | None = None
        self.kernel = kernel
        self.endpoint = Endpoint(self._transport(), port, buffer)
        self.ins = self.outs = self.endpoint.socket
        self.port = self.endpoint.port
        if extack:
            self.endpoint.set(NETLINK_EXT_ACK, required=False)
        options = {
            NETLINK_CAP_ACK: cap_ack, NETLINK_GET_STRICT_CHK: strict,
            NETLINK_BROADCAST_ERROR: broadcast_error, NETLINK_NO_ENOBUFS: no_enobufs,
            NETLINK_LISTEN_ALL_NSID: all_nsid,
        }  # fmt: skip
        for option in (option for option, on in options.items() if on):
            self.endpoint.set(option)
        for group in [groups] if isinstance(groups, (int, str)) else groups:
            self.join(group)

    def _transport(self) -> int:
        return NETLINK.USERSOCK if self.kernel else self.protocol

    @property
    def address(self) -> sockaddr_nl:
        """Address of this socket, as the kernel has it."""
        port, mask = self.ins.getsockname()
        return sockaddr_nl(nl_pid=port, nl_groups=mask)

    def join(self, group: int | str) -> None:
        """Listen to a multicast group: its number, "link", "route/link", "RTNLGRP_LINK", "FAMILY/GROUP" if generic."""
        for number in self.group_numbers(group):
            self.endpoint.membership(NETLINK_ADD_MEMBERSHIP, number)

    def leave(self, group: int | str) -> None:
        """Stop listening to a group."""
        for number in self.group_numbers(group):
            self.endpoint.membership(NETLINK_DROP_MEMBERSHIP, number)

    @property
    def groups(self) -> list[int]:
        """Numbers of the groups that this socket listens to."""
        return self.endpoint.groups

    @property
    def drops(self) -> int | None:
        """Number of messages that the kernel has dropped for this socket; None if /proc does not have it."""
        return self.endpoint.drops

    def group_numbers(self, group: int | str) -> list[int]:
        """Return the numbers of a group's name; those of generic families are requested of nlctrl."""
        if isinstance(group, int):
            return [group]
        found = groups_named(group, self.protocol)
        return [self.families.group(one.family, one.name) if one.number is None else one.number for one in found]

    @property
    def families(self) -> LiveFamilies:
        """Generic netlink families of this kernel, by name."""
        if self._families is None:
            own = self.protocol == NETLINK.GENERIC
            self._families = LiveFamilies(
                self if own else NetlinkSocket(NETLINK.GENERIC, context=self.context, kernel=self.kernel)
            )
        return self._families

    def genl(self, family: str, command: str | int, body: Any = (), *, version: int = 1, **fields: Any) -> Any:
        """Return a request to a generic family, its id resolved: `genl("ethtool", "LINKINFO_GET", [...attributes])`.

        body     attributes, or the packet after genlmsghdr
        fields   of nlmsghdr
        """
        return self.families.request(family, command, body, version, **fields)

    def send(self, x: Any, port: int = 0, group: int | str = 0, **options: Any) -> int:
        """Send a message, a frame or list (their messages as one datagram), text or bytes; return the bytes sent.

        port, group   the receivers; port 0 is the kernel
        Flags that were not set are NLM_F_REQUEST towards the kernel, which ignores messages without it.
        """
        raw, _ = self._built(x, port, group, ask=False)
        with suppress(AttributeError):
            x.sent_time = time.time()
        return self._send(raw, port, group)

    def _send(self, raw: bytes, port: int, group: int | str) -> int:
        numbers = self.group_numbers(group) if group else [0]
        if len(numbers) > 1:
            raise FieldError("a datagram goes to one group; the kernel takes the lowest of a mask")
        return self.endpoint.send(raw, port or (0 if group else self.kernel), numbers[0])

    def _built(self, x: Any, port: int, group: int | str, *, ask: bool) -> tuple[bytes, list[Exchange]]:
        """Return the bytes of one datagram, and an exchange for each message in it.

        ask   number the messages and ask for acks, where that was left open
        """
        to_kernel = not port and not group and self.protocol != NETLINK.USERSOCK
        if isinstance(x, (str, bytes, bytearray)):
            raw = x.encode() if isinstance(x, str) else bytes(x)
            parts = self.frame(raw, PACKET.KERNEL if to_kernel else PACKET.HOST).messages if ask else []
            return raw, [Exchange(part, bytes(part), self.protocol) for part in parts if isinstance(part, nlmsghdr)]
        parts = list(x.messages) if isinstance(x, nlmon) else list(x) if isinstance(x, (list, tuple)) else [x]
        raw, exchanges = b"", []
        for part in parts:
            message = self._ready(part, to_kernel, ask) if isinstance(part, nlmsghdr) else part
            one = bytes(message)
            if isinstance(message, nlmsghdr):
                exchanges.append(Exchange(message, one, self.protocol))
                one += bytes(-len(one) % 4) if message.pad is None else message.pad
            raw += one
        return raw, exchanges

    def _ready(self, message: nlmsghdr, to_kernel: bool, ask: bool) -> nlmsghdr:
        """Return a copy of a message with its protocol, and with flags and number where they were left open."""
        copy: nlmsghdr = message.copy()
        env = message._env
        direction = TO_KERNEL if to_kernel else None
        object.__setattr__(copy, "_env", Env(env.order, self.protocol, self.context, direction, env.values))
        if to_kernel and "nlmsg_flags" not in copy.fields:
            ack = ask and acknowledged(self.protocol, copy.nlmsg_type)
            copy.nlmsg_flags = NLM_F.REQUEST | NLM_F.ACK * ack
        elif to_kernel and ask:
            copy.nlmsg_flags |= NLM_F.REQUEST
        if ask and not copy.nlmsg_seq:
            self._seq = self._seq % 0xFFFF_FFFF + 1
            copy.nlmsg_seq = self._seq
        return copy

    def recv(self, x: int = 0, *, timeout: float | None = None, **options: Any) -> nlmon | None:
        """Return the next datagram as a frame, its direction known; None when the time is up.

        timeout   seconds, instead of the socket's own
        Raises Overrun where messages were lost before this one; the next call continues.
        """
        in_loop, self._in_loop = self._in_loop, False
        try:
            got = self._backlog.popleft() if self._backlog else self.endpoint.receive(self._limit(timeout))
        except Overrun as lost:
            got = lost
        if isinstance(got, Overrun):
            if not in_loop:
                raise got
            got = ReceivedDatagram(STRUCT_NLMSGHDR.pack(NLMSG_HDRLEN, NLMSG_OVERRUN, 0, 0, 0), 0, 0, None, time.time())
        return None if got is None else self._opened(got)

    def _limit(self, timeout: float | None) -> float | None:
        return self.timeout if timeout is None else timeout

    def _captured(self, datagram: ReceivedDatagram) -> bytes:
        """Return a datagram as in a capture, with the direction that this socket knows."""
        return self._cooked(self._kind(datagram)) + datagram.data

    def _kind(self, datagram: ReceivedDatagram) -> int:
        if datagram.group:
            return PACKET.MULTICAST
        return PACKET.USER if datagram.port == self.kernel else PACKET.HOST

    def _cooked(self, kind: int) -> bytes:
        return sll_header(kind, self.protocol)

    def frame(self, data: bytes, kind: int = PACKET.OUTGOING) -> nlmon:
        """Return the bytes of a datagram as a frame of this socket's protocol."""
        return nlmon(self._cooked(kind) + data, _context=self.context)

    def _opened(self, datagram: ReceivedDatagram) -> nlmon:
        frame = self.frame(datagram.data, self._kind(datagram))
        frame.time, frame.group = datagram.time, datagram.group
        mask = mask_of(datagram.group) if 1 <= datagram.group <= 32 else 0
        frame.source, frame.nsid = sockaddr_nl(nl_pid=datagram.port, nl_groups=mask), datagram.nsid
        return frame

    @staticmethod
    def select(sockets: list[Any], remain: float | None = None) -> list[Any]:
        """Wait for Scapy's loops; return the sockets that are ready, at once if a datagram was kept back.

        An overrun comes as a frame, NLMSG_OVERRUN.
        """
        ready = [one for one in sockets if getattr(one, "_backlog", None)] or SuperSocket.select(sockets, remain)
        for one in ready:
            if isinstance(one, NetlinkSocket):
                one._in_loop = True
        return ready

    def __iter__(self) -> Iterator[nlmon]:
        """Yield frames as they come, until the socket's timeout passes without one."""
        while (frame := self.recv()) is not None:
            yield frame

    async def arecv(self, timeout: float | None = None) -> nlmon | None:
        """Return the next frame as recv() does, for asyncio."""
        loop = asyncio.get_running_loop()
        limit = self._limit(timeout)
        end = None if limit is None else loop.time() + limit
        while not self._backlog and not self.endpoint.ready(0):
            came = asyncio.Event()
            loop.add_reader(self.ins, came.set)
            try:
                await asyncio.wait_for(came.wait(), None if end is None else end - loop.time())
            except TimeoutError:
                return None
            finally:
                loop.remove_reader(self.ins)
        return self.recv(timeout=0)

    async def __aiter__(self) -> AsyncIterator[nlmon]:
        while (frame := await self.arecv()) is not None:
            yield frame

    def ask(
        self, x: Any, *, port: int = 0, group: int | str = 0, timeout: float | None = PATIENCE, walked: bool = False
    ) -> list[Exchange]:
        """Send one datagram and collect the answers to each of its messages. A refusal is in `error`, not raised.

        Values left open are filled in: sequence numbers, NLM_F_REQUEST, and NLM_F_ACK where no flags were given.
        timeout   seconds without any answer after which an exchange stays incomplete
        walked    answers as decoded messages (nldissect.walk) instead of packets: several times faster
        """
        raw, exchanges = self._built(x, port, group, ask=True)
        self._send(raw, port, group)
        while any(one.expects and not one.complete for one in exchanges):
            try:
                datagram = self.endpoint.receive(timeout)
            except Overrun as lost:  # of notifications, most likely: the next recv() raises it
                self._backlog.append(lost)
                continue
            if datagram is None:
                break
            self._sort(datagram, exchanges, walked)
            if not exchanges[0].expects and exchanges[0].error is not None:
                break  # a batch that could not begin: the kernel says no more about it
        return exchanges

    def _sort(self, datagram: ReceivedDatagram, exchanges: list[Exchange], walked: bool) -> None:
        """Give the messages of a datagram to the requests they answer; other datagrams are kept for recv()."""
        data = datagram.data
        places = [] if datagram.group else messages_in(data, 0, len(data), NATIVE.order)[0]
        headers = [STRUCT_NLMSGHDR.unpack_from(data, start) for start, _, _ in places]
        owners = [next((one for one in exchanges if not one.complete and one.seq == head[3]), None) for head in headers]
        if not any(owners):
            self._backlog.append(datagram)
            return
        messages = walk(self._captured(datagram), self.context).messages if walked else self._opened(datagram).messages
        for (start, end, _), (_, number, flags, _, _), owner, message in zip(
            places, headers, owners, messages, strict=False
        ):
            if owner is None:
                continue
            owner.take(number, flags, message)
            if number in (NLMSG_ERROR, NLMSG_DONE):
                owner.error = refusal(owner, data, start, end, self.context)
                if owner.error is not None:
                    owner.error.answer, owner.complete = message, True

    def sr(
        self, x: Any, timeout: float | None = PATIENCE, *, multi: bool = True, **options: Any
    ) -> tuple[SndRcvList, PacketList]:
        """Send messages one after the other; return pairs of each with its answers, and the messages without an answer.

        multi     all answers (of a dump, for example); else the first
        options   those of ask(); other options of Scapy's sr() (verbose, retry, inter ...) have no effect
        Refusals are answers here. An ack makes a pair only where nothing else came.
        """
        pairs: list[QueryAnswer] = []
        silent: list[Packet] = []
        for one in x if isinstance(x, (list, PacketList)) else [x]:
            for exchange in self.ask(one, timeout=timeout, **_known(options)):
                answers = exchange.answers + ([exchange.ack] if exchange.error or not exchange.answers else [])
                answers = [answer for answer in answers if answer is not None]
                pairs += [QueryAnswer(exchange.request, answer) for answer in (answers if multi else answers[:1])]
                if exchange.expects and not exchange.complete:
                    silent.append(exchange.request)
        return SndRcvList(pairs), PacketList(silent, "Unanswered")

    def sr1(self, x: Any, timeout: float | None = PATIENCE, **options: Any) -> Any:
        """Send a message and return its first answer, or the ack where there is no other; None when the time is up.

        Raises NetlinkError where the kernel refuses.
        """
        exchanges = self.ask(x, timeout=timeout, **_known(options))
        for exchange in exchanges:
            if exchange.error is not None:
                raise exchange.error
        return next((one.first for one in exchanges if one.first is not None), None)

    def dump(
        self, x: Packet, *, port: int = 0, timeout: float = PATIENCE, walked: bool = False, retries: int = 3
    ) -> list[Any]:
        """Ask for all objects of a kind; return every message up to NLMSG_DONE.

        walked    as decoded messages (nldissect.walk) instead of packets: several times faster
        retries   number of times to begin again where a change interrupted the dump, before Interrupted is raised

        Raises NetlinkError for a refusal, Unanswered if the end does not come in time.
        """
        request: Any = x.copy()
        request.nlmsg_flags = (request.nlmsg_flags or 0) | NLM_F.REQUEST | NLM_F_DUMP
        for _ in range(retries + 1):
            (exchange,) = self.ask(request, port=port, timeout=timeout, walked=walked)
            if exchange.error is not None:
                raise exchange.error
            if not exchange.complete:
                text = f"the dump did not end within {timeout} s; .messages holds what came"
                raise Unanswered(text, EAGAIN, request=exchange.request, messages=exchange.answers)
            if not exchange.interrupted:
                return exchange.answers
        text = "a change interrupted the dump; ask again, or take .messages, which may lack things or have them twice"
        raise Interrupted(text, EINTR, request=exchange.request, messages=exchange.answers)


def _known(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options of ask() alone: Scapy's sr() has more, about threads and repetition."""
    return {name: value for name, value in options.items() if name not in SCAPY_ONLY}
