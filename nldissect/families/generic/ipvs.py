"""IP virtual server: services, real servers, sync daemons, timeouts (linux/ip_vs.h, net/netfilter/ipvs/ip_vs_ctl.c)."""

from nldissect.wire import (
    U8,
    U16,
    U32,
    U64,
    Addr,
    AttrSet,
    Be16,
    Enum,
    Flags,
    Message,
    Nest,
    Pad,
    Struct,
    Text,
    bind_attrs,
    bind_genl,
)

from ..common import AF, IPPROTO


class IP_VS_SVC_F(Flags):
    PERSISTENT = 0x01
    HASHED     = 0x02
    ONEPACKET  = 0x04
    SCHED1     = 0x08       # of "sh": fallback
    SCHED2     = 0x10       # of "sh": port
    SCHED3     = 0x20


class IP_VS_CONN_F(Enum):
    """How packets reach a real server; further bits of these flags are connections' own."""

    MASQ      = 0
    LOCALNODE = 1
    TUNNEL    = 2
    DROUTE    = 3
    BYPASS    = 4


class IP_VS_CONN_F_TUNNEL_TYPE(Enum, prefix="IP_VS_CONN_F_TUNNEL_TYPE"):
    IPIP = 0
    GUE  = 1
    GRE  = 2


class IP_VS_TUNNEL_ENCAP_FLAG(Flags):
    CSUM    = 1
    REMCSUM = 2


class IP_VS_STATE(Enum):
    NONE   = 0
    MASTER = 1
    BACKUP = 2


class ip_vs_flags(Message):
    fields_desc = [U32.of("flags", IP_VS_SVC_F), U32.of("mask", base=16)]


class IPVS_STATS(AttrSet, prefix="IPVS_STATS_ATTR"):
    CONNS    = U32(1)
    INPKTS   = U32(2)
    OUTPKTS  = U32(3)
    INBYTES  = U64(4)
    OUTBYTES = U64(5)
    CPS      = U32(6)
    INPPS    = U32(7)
    OUTPPS   = U32(8)
    INBPS    = U32(9, measure="B/s")
    OUTBPS   = U32(10, measure="B/s")
    PAD      = Pad(11)


class IPVS_STATS64(AttrSet, prefix="IPVS_STATS_ATTR"):
    CONNS    = U64(1)
    INPKTS   = U64(2)
    OUTPKTS  = U64(3)
    INBYTES  = U64(4)
    OUTBYTES = U64(5)
    CPS      = U64(6)
    INPPS    = U64(7)
    OUTPPS   = U64(8)
    INBPS    = U64(9, measure="B/s")
    OUTBPS   = U64(10, measure="B/s")
    PAD      = Pad(11)


class IPVS_SVC_ATTR(AttrSet):
    AF         = U16(1, AF)
    PROTOCOL   = U16(2, IPPROTO)
    ADDR       = Addr(3, family="IPVS_SVC_ATTR_AF", roomy=True)
    PORT       = Be16(4)
    FWMARK     = U32(5)
    SCHED_NAME = Text(6)
    FLAGS      = Struct(7, ip_vs_flags)
    TIMEOUT    = U32(8, measure="s")
    NETMASK    = Addr(9)
    STATS      = Nest(10, IPVS_STATS)
    PE_NAME    = Text(11)
    STATS64    = Nest(12, IPVS_STATS64)


bind_attrs(IPVS_SVC_ATTR.NETMASK, U32(None), AF=AF.INET6)     # a prefix length


class IPVS_DEST_ATTR(AttrSet):
    ADDR          = Addr(1, family="IPVS_DEST_ATTR_ADDR_FAMILY", roomy=True)
    PORT          = Be16(2)
    FWD_METHOD    = U32(3, IP_VS_CONN_F)
    WEIGHT        = U32(4)
    U_THRESH      = U32(5)
    L_THRESH      = U32(6)
    ACTIVE_CONNS  = U32(7)
    INACT_CONNS   = U32(8)
    PERSIST_CONNS = U32(9)
    STATS         = Nest(10, IPVS_STATS)
    ADDR_FAMILY   = U16(11, AF)
    STATS64       = Nest(12, IPVS_STATS64)
    TUN_TYPE      = U8(13, IP_VS_CONN_F_TUNNEL_TYPE)
    TUN_PORT      = Be16(14)
    TUN_FLAGS     = U16(15, IP_VS_TUNNEL_ENCAP_FLAG)


class IPVS_DAEMON_ATTR(AttrSet):
    STATE        = U32(1, IP_VS_STATE)
    MCAST_IFN    = Text(2)
    SYNC_ID      = U32(3)
    SYNC_MAXLEN  = U16(4)
    MCAST_GROUP  = Addr(5)
    MCAST_GROUP6 = Addr(6)
    MCAST_PORT   = U16(7)
    MCAST_TTL    = U8(8)


class IPVS_CMD_ATTR(AttrSet):
    SERVICE         = Nest(1, IPVS_SVC_ATTR)
    DEST            = Nest(2, IPVS_DEST_ATTR)
    DAEMON          = Nest(3, IPVS_DAEMON_ATTR)
    TIMEOUT_TCP     = U32(4, measure="s")
    TIMEOUT_TCP_FIN = U32(5, measure="s")
    TIMEOUT_UDP     = U32(6, measure="s")

    template = (
        "[{IPVS_SVC_ATTR_PROTOCOL}] [{IPVS_SVC_ATTR_ADDR}:{IPVS_SVC_ATTR_PORT}] [fwmark {IPVS_SVC_ATTR_FWMARK}] "
        "[{IPVS_SVC_ATTR_SCHED_NAME}] [<{IPVS_SVC_ATTR_FLAGS.flags}> timeout {IPVS_SVC_ATTR_TIMEOUT}] "
        "[{?IPVS_CMD_ATTR_DEST}->] [{IPVS_DEST_ATTR_ADDR}:{IPVS_DEST_ATTR_PORT}] [{IPVS_DEST_ATTR_FWD_METHOD}] "
        "[weight {IPVS_DEST_ATTR_WEIGHT}] "
        "[daemon {IPVS_DAEMON_ATTR_STATE}] [dev {IPVS_DAEMON_ATTR_MCAST_IFN}] [sync id {IPVS_DAEMON_ATTR_SYNC_ID}] "
        "[tcp {IPVS_CMD_ATTR_TIMEOUT_TCP}] [tcp fin {IPVS_CMD_ATTR_TIMEOUT_TCP_FIN}] "
        "[udp {IPVS_CMD_ATTR_TIMEOUT_UDP}]"
    )


class IPVS_INFO_ATTR(AttrSet):
    VERSION       = U32(1, base=16)         # three numbers, a byte each
    CONN_TAB_SIZE = U32(2)

    template = "[version {IPVS_INFO_ATTR_VERSION}] [connections {IPVS_INFO_ATTR_CONN_TAB_SIZE}]"


bind_genl(
    IPVS_CMD_ATTR,
    "IPVS",
    IPVS_CMD_NEW_SERVICE=1,
    IPVS_CMD_SET_SERVICE=2,
    IPVS_CMD_DEL_SERVICE=3,
    IPVS_CMD_GET_SERVICE=4,
    IPVS_CMD_NEW_DEST=5,
    IPVS_CMD_SET_DEST=6,
    IPVS_CMD_DEL_DEST=7,
    IPVS_CMD_GET_DEST=8,
    IPVS_CMD_NEW_DAEMON=9,
    IPVS_CMD_DEL_DAEMON=10,
    IPVS_CMD_GET_DAEMON=11,
    IPVS_CMD_SET_CONFIG=12,
    IPVS_CMD_GET_CONFIG=13,
    IPVS_CMD_ZERO=16,
    IPVS_CMD_FLUSH=17,
)
bind_genl(IPVS_INFO_ATTR, "IPVS", IPVS_CMD_SET_INFO=14, IPVS_CMD_GET_INFO=15)
