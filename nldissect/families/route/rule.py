"""Routing policy rules: RTM_NEWRULE and its kin (linux/fib_rules.h)."""

from nldissect.wire import (
    NETLINK_ROUTE,
    S32,
    U8,
    U16,
    U32,
    Addr,
    Attrs,
    AttrSet,
    Be32,
    Be64,
    Enum,
    Flags,
    Message,
    Pad,
    Struct,
    Text,
    bind_message,
)

from ..common import IPPROTO, RT_TABLE, RTPROT
from .ip_values import Dscp, Dsfield, Realms
from .route import RTM_FAMILY


class FIB_RULE(Flags):
    PERMANENT    = 0x00001
    INVERT       = 0x00002
    UNRESOLVED   = 0x00004
    IIF_DETACHED = 0x00008
    DEV_DETACHED = 0x00008
    OIF_DETACHED = 0x00010
    FIND_SADDR   = 0x10000


class FR_ACT(Enum):
    UNSPEC      = 0
    TO_TBL      = 1
    GOTO        = 2
    NOP         = 3
    RES3        = 4
    RES4        = 5
    BLACKHOLE   = 6
    UNREACHABLE = 7
    PROHIBIT    = 8


class fib_rule_uid_range(Message):
    fields_desc = [U32.of("start"), U32.of("end")]


class fib_rule_port_range(Message):
    fields_desc = [U16.of("start"), U16.of("end")]
    summary = "{start}[{!start==end}-{end}]"


class FRA(AttrSet):
    DST                = Addr(1, prefix="dst_len", empty=True)
    SRC                = Addr(2, prefix="src_len", empty=True)
    IIFNAME            = Text(3, also="IFNAME")
    GOTO               = U32(4)
    PRIORITY           = U32(6)
    FWMARK             = U32(10, base=16)
    FLOW               = Realms(11)
    TUN_ID             = Be64(12)
    SUPPRESS_IFGROUP   = S32(13, silent=(-1,))  # -1: not set, as the kernel keeps it
    SUPPRESS_PREFIXLEN = S32(14, silent=(-1,))
    TABLE              = U32(15, RT_TABLE)
    FWMASK             = U32(16, base=16)
    OIFNAME            = Text(17)
    PAD                = Pad(18)
    L3MDEV             = U8(19)
    UID_RANGE          = Struct(20, fib_rule_uid_range)
    PROTOCOL           = U8(21, RTPROT)
    IP_PROTO           = U8(22, IPPROTO)
    SPORT_RANGE        = Struct(23, fib_rule_port_range)
    DPORT_RANGE        = Struct(24, fib_rule_port_range)
    DSCP               = Dscp(25)
    FLOWLABEL          = Be32(26, base=16)
    FLOWLABEL_MASK     = Be32(27, base=16)
    SPORT_MASK         = U16(28, base=16)
    DPORT_MASK         = U16(29, base=16)
    DSCP_MASK          = U8(30, base=16)


class fib_rule_hdr(Message):
    fields_desc = [
        U8.of("family", RTM_FAMILY), U8.of("dst_len"), U8.of("src_len"), Dsfield.of("tos"),
        U8.of("table", RT_TABLE), Pad.of("res1", 1), Pad.of("res2", 1), U8.of("action", FR_ACT),
        U32.of("flags", FIB_RULE), Attrs("attrs", FRA),
    ]
    summary = (
        "{family} [{FRA_PRIORITY}:] [{!FRA_PRIORITY}{?to=user}0:] [<{flags}>]"
        " [from {FRA_SRC}/{src_len}] [to {FRA_DST}/{dst_len}] [tos {tos}] [fwmark {FRA_FWMARK}[/{FRA_FWMASK}] ]"
        " [flowlabel {FRA_FLOWLABEL}[/{FRA_FLOWLABEL_MASK}] ]"
        " [iif {FRA_IIFNAME}] [oif {FRA_OIFNAME}] [ipproto {FRA_IP_PROTO}]"
        " [sport {FRA_SPORT_RANGE+}[/{FRA_SPORT_MASK}] ]"
        " [dport {FRA_DPORT_RANGE+}[/{FRA_DPORT_MASK}] ] [uidrange {FRA_UID_RANGE.start}-{FRA_UID_RANGE.end}]"
        " [l3mdev {FRA_L3MDEV}] [tun_id {FRA_TUN_ID}]"
        " [dscp {FRA_DSCP}] [realms {FRA_FLOW}] [suppress_ifgroup {FRA_SUPPRESS_IFGROUP}]"
        " [{action}] [{FRA_GOTO}] [table {FRA_TABLE|table}] [proto {FRA_PROTOCOL}]"
    )


bind_message(fib_rule_hdr, NETLINK_ROUTE, RTM_NEWRULE=32, RTM_DELRULE=33, RTM_GETRULE=34)
