"""SMC sockets (linux/smc_diag.h, net/smc/smc_diag.c)."""

from nldissect.wire import (
    NETLINK_SOCK_DIAG,
    U8,
    U16,
    U32,
    U64,
    Addr,
    Array,
    Attrs,
    AttrSet,
    Be16,
    Enum,
    Flags,
    Message,
    Pad,
    Struct,
    Structs,
    Text,
    bind_message,
)

from ..common import AF
from .states import SHUTDOWN


class SMC(Enum):
    ACTIVE           = 1
    INIT             = 2
    CLOSED           = 7
    LISTEN           = 10
    PEERCLOSEWAIT1   = 20
    PEERCLOSEWAIT2   = 21
    APPCLOSEWAIT1    = 22
    APPCLOSEWAIT2    = 23
    APPFINCLOSEWAIT  = 24
    PEERFINCLOSEWAIT = 25
    PEERABORTWAIT    = 26
    PROCESSABORT     = 27


class SMC_DIAG_MODE(Enum):
    SMCR         = 0
    FALLBACK_TCP = 1
    SMCD         = 2


class SMC_DIAG_EXT(Flags, prefix="SMC_DIAG"):
    """Bit n - 1 asks for attribute n."""

    CONNINFO = 0x01
    LGRINFO  = 0x02
    SHUTDOWN = 0x04
    DMBINFO  = 0x08
    FALLBACK = 0x10


class SMC_ROLE(Enum, prefix="SMC"):
    CLNT = 0
    SERV = 1


class smc_diag_cursor(Message):
    fields_desc = [U16.of("reserved"), U16.of("wrap"), U32.of("count")]


class smc_diag_conninfo(Message):
    fields_desc = [
        U32.of("token", base=16), U32.of("sndbuf_size"), U32.of("rmbe_size"), U32.of("peer_rmbe_size"),
        Struct.of("rx_prod", smc_diag_cursor), Struct.of("rx_cons", smc_diag_cursor),
        Struct.of("tx_prod", smc_diag_cursor), Struct.of("tx_cons", smc_diag_cursor),
        U8.of("rx_prod_flags", base=16), U8.of("rx_conn_state_flags", base=16), U8.of("tx_prod_flags", base=16),
        U8.of("tx_conn_state_flags", base=16), Struct.of("tx_prep", smc_diag_cursor),
        Struct.of("tx_sent", smc_diag_cursor), Struct.of("tx_fin", smc_diag_cursor),
    ]


class smc_diag_linkinfo(Message):
    fields_desc = [
        U8.of("link_id"), Text.of("ibname", 64), U8.of("ibport"), Text.of("gid", 40), Text.of("peer_gid", 40),
    ]


class smc_diag_lgrinfo(Message):
    fields_desc = [Structs.of("lnk", smc_diag_linkinfo, length=1), U8.of("role", SMC_ROLE)]


class smc_diag_fallback(Message):
    fields_desc = [U32.of("reason", base=16), U32.of("peer_diagnosis", base=16)]


class smcd_diag_dmbinfo(Message):
    fields_desc = [
        U32.of("linkid"), Pad.of("__pad", 4), U64.of("peer_gid", base=16), U64.of("my_gid", base=16),
        U64.of("token", base=16), U64.of("peer_token", base=16), U64.of("peer_gid_ext", base=16),
        U64.of("my_gid_ext", base=16),
    ]


class SMC_DIAG(AttrSet):
    CONNINFO = Struct(1, smc_diag_conninfo)
    LGRINFO  = Struct(2, smc_diag_lgrinfo)
    SHUTDOWN = U8(3, SHUTDOWN)
    DMBINFO  = Struct(4, smcd_diag_dmbinfo)
    FALLBACK = Struct(5, smc_diag_fallback)


class smc_diag_sockid(Message):
    """struct inet_diag_sockid; the header says AF_SMC, so the addresses alone tell IPv4 from IPv6."""

    fields_desc = [
        Be16.of("idiag_sport"), Be16.of("idiag_dport"), Addr.of("idiag_src", 16, family="diag_family"),
        Addr.of("idiag_dst", 16, family="diag_family"), U32.of("idiag_if", refers="interface"),
        Array.of("idiag_cookie", U32, length=2),
    ]


class smc_diag_req(Message):
    fields_desc = [
        U8.of("diag_family", AF), Pad.of("pad", 2), U8.of("diag_ext", SMC_DIAG_EXT), Struct.of("id", smc_diag_sockid),
    ]
    summary = "{diag_family}[ ext {diag_ext}]"


class smc_diag_msg(Message):
    fields_desc = [
        U8.of("diag_family", AF), U8.of("diag_state", SMC), U8.of("diag_mode", SMC_DIAG_MODE),
        U8.of("diag_shutdown", SHUTDOWN), Struct.of("id", smc_diag_sockid), U32.of("diag_uid"), U64.of("diag_inode"),
        Attrs("attrs", SMC_DIAG),
    ]
    summary = (
        "{diag_state} {diag_mode} {idiag_src}:{idiag_sport} {idiag_dst}:{idiag_dport} uid {diag_uid} ino {diag_inode}"
    )


bind_message(smc_diag_req, NETLINK_SOCK_DIAG, to="kernel", first=AF.SMC, SOCK_DIAG_BY_FAMILY=20)
bind_message(smc_diag_msg, NETLINK_SOCK_DIAG, to="user", first=AF.SMC, SOCK_DIAG_BY_FAMILY=20)
