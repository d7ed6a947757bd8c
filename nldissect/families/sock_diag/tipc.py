"""TIPC sockets (linux/tipc_sockets_diag.h, linux/tipc_netlink.h); replies are attributes without a header."""

from nldissect.wire import (
    NETLINK_SOCK_DIAG,
    U8,
    U16,
    U32,
    U64,
    Attrs,
    AttrSet,
    Enum,
    Flag,
    Message,
    Nest,
    Pad,
    bind_message,
)

from ..common import AF
from .states import SOCK, TCPF


class TIPC_STATE(Enum, prefix="TIPC"):
    ESTABLISHED   = 1
    CONNECTING    = 2
    OPEN          = 7
    DISCONNECTING = 8
    LISTEN        = 10


class TIPC_DIAG_CON(AttrSet, prefix="TIPC_NLA_CON"):
    FLAG = Flag(1)
    NODE = U32(2, base=16)
    SOCK = U32(3)
    TYPE = U32(4)
    INST = U32(5)


class TIPC_DIAG_SOCK_STAT(AttrSet, prefix="TIPC_NLA_SOCK_STAT"):
    RCVQ      = U32(0)
    SENDQ     = U32(1)
    LINK_CONG = Flag(2)
    CONN_CONG = Flag(3)
    DROP      = U32(4)


class TIPC_DIAG_SOCK_GROUP(AttrSet, prefix="TIPC_NLA_SOCK_GROUP"):
    ID            = U32(0)
    OPEN          = Flag(1)
    NODE_SCOPE    = Flag(2)
    CLUSTER_SCOPE = Flag(3)
    INSTANCE      = U32(4)
    BC_SEND_NEXT  = U32(5)


class TIPC_DIAG_SOCK(AttrSet, prefix="TIPC_NLA_SOCK"):
    ADDR       = U32(1, base=16)
    REF        = U32(2)
    CON        = Nest(3, TIPC_DIAG_CON)
    HAS_PUBL   = Flag(4)
    STAT       = Nest(5, TIPC_DIAG_SOCK_STAT)
    TYPE       = U32(6, SOCK)
    INO        = U32(7)
    UID        = U32(8)
    TIPC_STATE = U32(9, TIPC_STATE)
    COOKIE     = U64(10, base=16)
    PAD        = Pad(11)
    GROUP      = Nest(12, TIPC_DIAG_SOCK_GROUP)


class TIPC_DIAG(AttrSet, prefix="TIPC_NLA"):
    SOCK = Nest(2, TIPC_DIAG_SOCK)


class tipc_sock_diag_req(Message):
    fields_desc = [
        U8.of("sdiag_family", AF), U8.of("sdiag_protocol"), U16.of("pad"), U32.of("tidiag_states", TCPF),
    ]
    summary = "{sdiag_family}"


class tipc_sock_diag(Message):
    fields_desc = [Attrs("attrs", TIPC_DIAG)]
    summary = (
        "[{TIPC_NLA_SOCK_TYPE} ][{TIPC_NLA_SOCK_TIPC_STATE} ][{TIPC_NLA_SOCK_ADDR}:{TIPC_NLA_SOCK_REF} ]"
        "[ino {TIPC_NLA_SOCK_INO} ][uid {TIPC_NLA_SOCK_UID}]"
    )


bind_message(tipc_sock_diag_req, NETLINK_SOCK_DIAG, to="kernel", first=AF.TIPC, SOCK_DIAG_BY_FAMILY=20)
bind_message(tipc_sock_diag, NETLINK_SOCK_DIAG, to="user", SOCK_DIAG_BY_FAMILY=20)
