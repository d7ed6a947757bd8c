"""Facts in nlmsghdr itself: protocol numbers, flags by verb, direction (linux/netlink.h).

Direction is not on the wire. It is inferred from flags, port id and sequence number, as the kernel's senders set them.
"""

from __future__ import annotations

import re

from nldissect.request_tracker import DEL, GET, NEW
from nldissect.request_tracker import NOTIFICATION as NOTIFICATION
from nldissect.request_tracker import TO_KERNEL as TO_KERNEL
from nldissect.request_tracker import TO_USER as TO_USER
from nldissect.uapi import (
    NLM_F_DUMP,
    NLMSG_DONE,
    NLMSG_ERROR,
    PACKET_BROADCAST,
    PACKET_KERNEL,
    PACKET_MULTICAST,
    PACKET_USER,
)

from .enums import Enum, Flags, flag_list


class NETLINK(Enum):
    """Protocol numbers: the third argument of socket(AF_NETLINK, ...)."""

    ROUTE = 0
    UNUSED = 1
    USERSOCK = 2
    FIREWALL = 3
    SOCK_DIAG = 4
    NFLOG = 5
    XFRM = 6
    SELINUX = 7
    ISCSI = 8
    AUDIT = 9
    FIB_LOOKUP = 10
    CONNECTOR = 11
    NETFILTER = 12
    IP6_FW = 13
    DNRTMSG = 14
    KOBJECT_UEVENT = 15
    GENERIC = 16
    SCSITRANSPORT = 18
    ECRYPTFS = 19
    RDMA = 20
    CRYPTO = 21
    SMC = 22


class NLM_F(Flags):
    """Flags that mean the same in every message."""

    REQUEST = 0x01
    MULTI = 0x02
    ACK = 0x04
    ECHO = 0x08
    DUMP_INTR = 0x10
    DUMP_FILTERED = 0x20


class NLM_F_GET(NLM_F, prefix="NLM_F"):
    """Modifiers of a GET request."""

    ROOT = 0x100
    MATCH = 0x200
    ATOMIC = 0x400


class NLM_F_NEW(NLM_F, prefix="NLM_F"):
    """Modifiers of a NEW request."""

    REPLACE = 0x100
    EXCL = 0x200
    CREATE = 0x400
    APPEND = 0x800


class NLM_F_DEL(NLM_F, prefix="NLM_F"):
    """Modifiers of a DEL request."""

    NONREC = 0x100
    BULK = 0x200


class NLM_F_ACK(NLM_F, prefix="NLM_F"):
    """Flags of NLMSG_ERROR and NLMSG_DONE."""

    CAPPED = 0x100
    ACK_TLVS = 0x200


class PACKET(Enum):
    """Values of sll_pkttype (linux/if_packet.h); nlmon delivers everything as OUTGOING."""

    HOST = 0
    BROADCAST = 1
    MULTICAST = 2
    OTHERHOST = 3
    OUTGOING = 4
    LOOPBACK = 5
    USER = 6
    KERNEL = 7


USER_TO_USER = "user to user"
_VERBS = (
    (re.compile(r"^IPSET_CMD_(DEL|DESTROY|FLUSH)"), NLM_F_NEW),  # to ipset NLM_F_EXCL is that something has to be there
    (re.compile(r"_(GET|DUMP|LIST|SHOW|DIAG)|GETSOCK|GETA"), NLM_F_GET),
    (re.compile(r"_(DEL|FLUSH|DESTROY|REMOVE)"), NLM_F_DEL),
    (re.compile(r"_(NEW|ADD|SET|CREATE|UPD)"), NLM_F_NEW),
)


def flags_of(name: str | None, flags: int, number: int) -> type[Flags]:
    """Return the names of a message's flag bits: the verbs of requests, and acks, share the upper ones.

    name     name of the type or command, None if unknown
    flags    nlmsg_flags
    number   nlmsg_type
    """
    if number in (NLMSG_ERROR, NLMSG_DONE):
        return NLM_F_ACK
    for pattern, names in _VERBS:
        if name and pattern.search(name):
            return names
    return NLM_F_GET if flags & NLM_F.REQUEST and flags & NLM_F_DUMP == NLM_F_DUMP else NLM_F


def verb_named(name: str | None, number: int) -> int:
    """Return GET, NEW or DEL, the verb in the name of a type or command; 0 if it has none."""
    verbs: dict[type[Flags], int] = {NLM_F_GET: GET, NLM_F_NEW: NEW, NLM_F_DEL: DEL}
    return verbs.get(flags_of(name, 0, number), 0)


def flag_names(name: str | None, flags: int, number: int) -> list[str]:
    """Return the names of the bits in nlmsg_flags; shared bits are named by this message's verb."""
    return flag_list(flags_of(name, flags, number), flags)


KNOWN_DIRECTIONS = {PACKET_MULTICAST: NOTIFICATION, PACKET_USER: TO_USER, PACKET_KERNEL: TO_KERNEL}


def is_headed(protocol: int, sends_datagrams: bool) -> bool:
    """Return whether everything that a protocol sends begins with nlmsghdr; False for an unknown protocol."""
    return protocol in NETLINK.names and protocol != NETLINK.USERSOCK and not sends_datagrams


def direction_of(
    protocol: int | None, number: int, flags: int, seq: int, pid: int, packet_type: int = 4
) -> tuple[str | None, bool]:
    """Return the direction of a message, and whether the capture records it (else it is inferred)."""
    if packet_type in KNOWN_DIRECTIONS:
        return KNOWN_DIRECTIONS[packet_type], True
    if protocol == NETLINK.USERSOCK:
        return USER_TO_USER, False
    if number in (NLMSG_ERROR, NLMSG_DONE):
        return TO_USER, False
    if packet_type == PACKET_BROADCAST:  # capfile/strace/translate.py inferred it
        return NOTIFICATION, False
    if flags & NLM_F.REQUEST:
        return TO_KERNEL, False
    return (NOTIFICATION if pid == 0 and seq == 0 else TO_USER), False
