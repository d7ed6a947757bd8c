"""GTP: PDP contexts of a mobile network's tunnels (linux/gtp.h, drivers/net/gtp.c)."""

from nldissect.wire import U8, U16, U32, U64, Addr, AttrSet, Enum, Pad, bind_genl, bind_rest

from ..common import AF


class GTP_V(Enum, prefix=""):
    GTP_V0 = 0
    GTP_V1 = 1


class GTPA(AttrSet):
    LINK         = U32(1, refers="interface")
    VERSION      = U32(2, GTP_V)
    TID          = U64(3)                   # of version 0
    PEER_ADDRESS = Addr(4, also="SGSN_ADDRESS")
    MS_ADDRESS   = Addr(5)
    FLOW         = U16(6)
    NET_NS_FD    = U32(7)
    I_TEI        = U32(8)                   # of version 1
    O_TEI        = U32(9)
    PAD          = Pad(10)
    PEER_ADDR6   = Addr(11)
    MS_ADDR6     = Addr(12)
    FAMILY       = U8(13, AF)

    template = (
        "[{GTPA_LINK}] [{GTPA_VERSION}] [tid {GTPA_TID}] [flow {GTPA_FLOW}] [tei {GTPA_I_TEI}] [to {GTPA_O_TEI}] "
        "[peer {GTPA_PEER_ADDRESS|GTPA_PEER_ADDR6}] [ms {GTPA_MS_ADDRESS|GTPA_MS_ADDR6}]"
    )


bind_genl(GTPA, "gtp", GTP_CMD_NEWPDP=0, GTP_CMD_DELPDP=1, GTP_CMD_GETPDP=2, GTP_CMD_ECHOREQ=3)
bind_rest(GTPA, "gtp")                      # gtp_genl_fill_info() takes nlmsg_type for the command where it answers
