"""One request and the kernel's answers to it: when the exchange is complete, and the error of a refusal."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

from nldissect.errors import NetlinkError
from nldissect.uapi import NLM_F_DUMP, NLMSG_DONE, NLMSG_ERROR, SLL_HDR_LEN
from nldissect.wire import NETLINK, Context, DecodedMessage, nlmsghdr
from nldissect.wire.decode.acks import PriorRequest, ack_of
from nldissect.wire.decode.walk import walk_message
from nldissect.wire.errno import ERRNO, meaning
from nldissect.wire.protocol import NLM_F

NO_ACK = {NETLINK.FIB_LOOKUP, NETLINK.CONNECTOR, NETLINK.KOBJECT_UEVENT, NETLINK.USERSOCK}
"""Protocols that acknowledge nothing."""
AUDIT_REPLIES = {1000, 1010, 1013, 1016, 1019}
"""Audit types that are answered by a thread of their own, mostly after the ack (kernel/audit.c, audit_send_reply)."""
BATCH = {0x10, 0x11}
"""NFNL_MSG_BATCH_BEGIN and _END, which most kernels don't acknowledge (before 6.10)."""


def acknowledged(protocol: int, number: int) -> bool:
    """Return whether asking for an ack helps to see the end of the answer."""
    if protocol == NETLINK.NETFILTER and number in BATCH:
        return False
    return protocol not in NO_ACK and not (protocol == NETLINK.AUDIT and number in AUDIT_REPLIES)


@dataclass
class Exchange:
    """A request and its answers.

    request       the message as it was sent
    answers       the messages that came back, without the closing ack: packets, or decoded messages
    ack           the message that closed it (NLMSG_ERROR, NLMSG_DONE), or None
    error         the error of a refusal, or None
    interrupted   the dumped objects changed meanwhile (NLM_F_DUMP_INTR)
    complete      no more messages will come
    """

    request: nlmsghdr
    raw: bytes
    protocol: int
    answers: list[Any] = field(default_factory=list)
    ack: Any = None
    error: NetlinkError | None = None
    interrupted: bool = False
    complete: bool = False

    @property
    def flags(self) -> int:
        return int.from_bytes(self.raw[6:8], sys.byteorder)

    @property
    def seq(self) -> int:
        return int.from_bytes(self.raw[8:12], sys.byteorder)

    @property
    def expects(self) -> bool:
        """True if the kernel will send an answer even if all goes well, as far as flags show it."""
        number = int.from_bytes(self.raw[4:6], sys.byteorder)
        return bool(self.flags & NLM_F.ACK) or not (self.protocol == NETLINK.NETFILTER and number in BATCH)

    def take(self, number: int, flags: int, message: Any) -> None:
        """Add one answer: `message`, a packet or decoded message, with its number and flags."""
        self.interrupted |= bool(flags & NLM_F.DUMP_INTR)
        if number == NLMSG_ERROR:
            self.ack, self.complete = message, True
        elif number == NLMSG_DONE:
            self.ack = message
            self.complete = not self.flags & NLM_F.ACK or bool(self.flags & NLM_F_DUMP)
        else:
            self.answers.append(message)
            self.complete = not flags & NLM_F.MULTI and not self.flags & NLM_F.ACK

    @property
    def first(self) -> Any:
        """First answer, or the ack where there is no other; None if nothing came."""
        return self.answers[0] if self.answers else self.ack


def refusal(exchange: Exchange, data: bytes, start: int, end: int, context: Context) -> NetlinkError | None:
    """Return the error in an NLMSG_ERROR or NLMSG_DONE at [start, end); None if it reports success."""
    walked = walk_message(data, start, end, exchange.protocol, context.order, context)
    asked = bytes(SLL_HDR_LEN) + exchange.raw
    request = walk_message(asked, SLL_HDR_LEN, len(asked), exchange.protocol, context.order, context)
    ack = ack_of(walked, PriorRequest(0, request))
    if ack is None or ack.error >= 0:
        return None
    told = walked.find("NLMSGERR_ATTR_MSG")
    text = str(told.value) if told is not None else ""
    name = ERRNO.names.get(-ack.error, str(-ack.error))
    parts = [f"{_called(request)}: {name} ({meaning(-ack.error) or f'Unknown error {-ack.error}'})"]
    parts += [text] if text else []
    parts += [f"at {ack.attribute}"] if ack.attribute else []
    parts += [f"missing {ack.missing}"] if ack.missing else []
    return NetlinkError(
        ", ".join(parts),
        -ack.error,
        text=text,
        attribute=ack.attribute,
        missing=ack.missing,
        request=exchange.request,
    )


def _called(request: DecodedMessage) -> str:
    """Return the name of a request: its type, or its command if it is generic."""
    if request.family is not None and request.layers and request.layers[0].value:
        command = request.layers[0].value[0]
        name = str(command.kind.shown(command.value))
        return name if not name.isdigit() else f"{request.family} cmd {name}"
    return request.type_name
