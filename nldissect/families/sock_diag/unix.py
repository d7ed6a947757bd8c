"""Unix sockets (linux/unix_diag.h, net/unix/diag.c)."""

from nldissect.wire import (
    NETLINK_SOCK_DIAG,
    U8,
    U16,
    U32,
    Array,
    Attrs,
    AttrSet,
    Flags,
    Message,
    Struct,
    Text,
    bind_message,
)

from ..common import AF
from .states import SHUTDOWN, SOCK, TCP, TCPF, sk_meminfo


class UDIAG_SHOW(Flags):
    NAME    = 0x01
    VFS     = 0x02
    PEER    = 0x04
    ICONS   = 0x08
    RQLEN   = 0x10
    MEMINFO = 0x20
    UID     = 0x40


class unix_diag_vfs(Message):
    fields_desc = [U32.of("udiag_vfs_ino"), U32.of("udiag_vfs_dev", base=16)]


class unix_diag_rqlen(Message):
    fields_desc = [U32.of("udiag_rqueue"), U32.of("udiag_wqueue")]


class UNIX_DIAG(AttrSet):
    NAME     = Text(0)                       # an abstract name begins with a NUL
    VFS      = Struct(1, unix_diag_vfs)
    PEER     = U32(2)
    ICONS    = Array(3, U32)
    RQLEN    = Struct(4, unix_diag_rqlen)
    MEMINFO  = Struct(5, sk_meminfo)
    SHUTDOWN = U8(6, SHUTDOWN)
    UID      = U32(7)


class unix_diag_req(Message):
    fields_desc = [
        U8.of("sdiag_family", AF), U8.of("sdiag_protocol"), U16.of("pad"), U32.of("udiag_states", TCPF),
        U32.of("udiag_ino"), U32.of("udiag_show", UDIAG_SHOW), Array.of("udiag_cookie", U32, length=2),
    ]
    summary = "{sdiag_family}[ show {udiag_show}]"


class unix_diag_msg(Message):
    fields_desc = [
        U8.of("udiag_family", AF), U8.of("udiag_type", SOCK), U8.of("udiag_state", TCP), U8.of("pad"),
        U32.of("udiag_ino"), Array.of("udiag_cookie", U32, length=2), Attrs("attrs", UNIX_DIAG),
    ]
    summary = (
        "{udiag_type} {udiag_state} ino {udiag_ino}[ {UNIX_DIAG_NAME}][ peer {UNIX_DIAG_PEER}][ uid {UNIX_DIAG_UID}]"
    )


bind_message(unix_diag_req, NETLINK_SOCK_DIAG, to="kernel", first=AF.UNIX, SOCK_DIAG_BY_FAMILY=20)
bind_message(unix_diag_msg, NETLINK_SOCK_DIAG, to="user", first=AF.UNIX, SOCK_DIAG_BY_FAMILY=20)
