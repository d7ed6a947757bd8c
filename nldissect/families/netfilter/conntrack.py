"""Connection tracking: connections and their statistics (linux/netfilter/nfnetlink_conntrack.h, nf_conntrack_*.h)."""

from nldissect.wire import (
    NETLINK_NETFILTER,
    U8,
    U32,
    Addr,
    Attrs,
    AttrSet,
    Be16,
    Be32,
    Be64,
    BeS32,
    Blob,
    Enum,
    Flags,
    Message,
    Nest,
    Pad,
    Struct,
    Text,
    bind_message,
)

from ..common import IPPROTO
from ..icmp import ICMP, ICMPV6
from .nfnetlink import NFGENMSG


class IPS(Flags):
    EXPECTED      = 0x0001
    SEEN_REPLY    = 0x0002
    ASSURED       = 0x0004
    CONFIRMED     = 0x0008
    SRC_NAT       = 0x0010
    DST_NAT       = 0x0020
    SEQ_ADJUST    = 0x0040
    SRC_NAT_DONE  = 0x0080
    DST_NAT_DONE  = 0x0100
    DYING         = 0x0200
    FIXED_TIMEOUT = 0x0400
    TEMPLATE      = 0x0800
    UNTRACKED     = 0x1000
    HELPER        = 0x2000
    OFFLOAD       = 0x4000
    HW_OFFLOAD    = 0x8000


class TCP_CONNTRACK(Enum):
    NONE        = 0
    SYN_SENT    = 1
    SYN_RECV    = 2
    ESTABLISHED = 3
    FIN_WAIT    = 4
    CLOSE_WAIT  = 5
    LAST_ACK    = 6
    TIME_WAIT   = 7
    CLOSE       = 8
    SYN_SENT2   = 9
    IGNORE      = 11
    RETRANS     = 12
    UNACK       = 13


class SCTP_CONNTRACK(Enum):
    NONE              = 0
    CLOSED            = 1
    COOKIE_WAIT       = 2
    COOKIE_ECHOED     = 3
    ESTABLISHED       = 4
    SHUTDOWN_SENT     = 5
    SHUTDOWN_RECD     = 6
    SHUTDOWN_ACK_SENT = 7
    HEARTBEAT_SENT    = 8
    HEARTBEAT_ACKED   = 9


class CT_DCCP(Enum):
    NONE     = 0
    REQUEST  = 1
    RESPOND  = 2
    PARTOPEN = 3
    OPEN     = 4
    CLOSEREQ = 5
    CLOSING  = 6
    TIMEWAIT = 7
    IGNORE   = 8
    INVALID  = 9


class CT_DCCP_ROLE(Enum):
    CLIENT = 0
    SERVER = 1


class CTA_IP(AttrSet):
    V4_SRC = Addr(1)
    V4_DST = Addr(2)
    V6_SRC = Addr(3)
    V6_DST = Addr(4)


class CTA_PROTO(AttrSet):
    NUM         = U8(1, IPPROTO)
    SRC_PORT    = Be16(2)
    DST_PORT    = Be16(3)
    ICMP_ID     = Be16(4)
    ICMP_TYPE   = U8(5, ICMP)
    ICMP_CODE   = U8(6)
    ICMPV6_ID   = Be16(7)
    ICMPV6_TYPE = U8(8, ICMPV6)
    ICMPV6_CODE = U8(9)


class CTA_TUPLE(AttrSet):
    IP    = Nest(1, CTA_IP)
    PROTO = Nest(2, CTA_PROTO)
    ZONE  = Be16(3)


class IP_CT_TCP_FLAG(Flags, prefix="IP_CT"):
    TCP_FLAG_WINDOW_SCALE        = 0x01
    TCP_FLAG_SACK_PERM           = 0x02
    TCP_FLAG_CLOSE_INIT          = 0x04
    TCP_FLAG_BE_LIBERAL          = 0x08
    TCP_FLAG_DATA_UNACKNOWLEDGED = 0x10
    TCP_FLAG_MAXACK_SET          = 0x20
    EXP_CHALLENGE_ACK            = 0x40
    TCP_SIMULTANEOUS_OPEN        = 0x80


class nf_ct_tcp_flags(Message):
    fields_desc = [U8.of("flags", IP_CT_TCP_FLAG), U8.of("mask", IP_CT_TCP_FLAG)]


class CTA_PROTOINFO_TCP(AttrSet):
    STATE           = U8(1, TCP_CONNTRACK)
    WSCALE_ORIGINAL = U8(2)
    WSCALE_REPLY    = U8(3)
    FLAGS_ORIGINAL  = Struct(4, nf_ct_tcp_flags)
    FLAGS_REPLY     = Struct(5, nf_ct_tcp_flags)


class CTA_PROTOINFO_DCCP(AttrSet):
    STATE         = U8(1, CT_DCCP)
    ROLE          = U8(2, CT_DCCP_ROLE)
    HANDSHAKE_SEQ = Be64(3)
    PAD           = Pad(4)


class CTA_PROTOINFO_SCTP(AttrSet):
    STATE         = U8(1, SCTP_CONNTRACK)
    VTAG_ORIGINAL = Be32(2, base=16)
    VTAG_REPLY    = Be32(3, base=16)


class CTA_PROTOINFO(AttrSet):
    TCP  = Nest(1, CTA_PROTOINFO_TCP)
    DCCP = Nest(2, CTA_PROTOINFO_DCCP)
    SCTP = Nest(3, CTA_PROTOINFO_SCTP)


class CTA_HELP(AttrSet):
    NAME = Text(1)
    INFO = Blob(2, "the helper's own data")


class CTA_PROTONAT(AttrSet):
    PORT_MIN = Be16(1)
    PORT_MAX = Be16(2)


class CTA_NAT(AttrSet):
    V4_MINIP = Addr(1)
    V4_MAXIP = Addr(2)
    PROTO    = Nest(3, CTA_PROTONAT)
    V6_MINIP = Addr(4)
    V6_MAXIP = Addr(5)


class CTA_COUNTERS(AttrSet, prefix="CTA"):
    COUNTERS_PACKETS   = Be64(1)
    COUNTERS_BYTES     = Be64(2)
    COUNTERS32_PACKETS = Be32(3, deprecated=True)
    COUNTERS32_BYTES   = Be32(4, deprecated=True)
    COUNTERS_PAD       = Pad(5)


class CTA_SEQADJ(AttrSet, prefix="CTA"):    # CTA_NAT_SEQ_* before 3.12
    SEQADJ_CORRECTION_POS = Be32(1, also="NAT_SEQ_CORRECTION_POS")
    SEQADJ_OFFSET_BEFORE  = BeS32(2, also="NAT_SEQ_OFFSET_BEFORE")
    SEQADJ_OFFSET_AFTER   = BeS32(3, also="NAT_SEQ_OFFSET_AFTER")


class CTA_SECCTX(AttrSet):
    NAME = Text(1)


class CTA_TIMESTAMP(AttrSet):               # nanoseconds since 1970
    START = Be64(1, measure="time_ns")
    STOP  = Be64(2, measure="time_ns")
    PAD   = Pad(3)


class CTA_SYNPROXY(AttrSet):
    ISN   = Be32(1)
    ITS   = Be32(2)
    TSOFF = Be32(3)


class CTA_FILTER_F(Flags):                  # private to nf_internals.h, but conntrack(8) sends them
    CTA_IP_SRC            = 1 << 0
    CTA_IP_DST            = 1 << 1
    CTA_TUPLE_ZONE        = 1 << 2
    CTA_PROTO_NUM         = 1 << 3
    CTA_PROTO_SRC_PORT    = 1 << 4
    CTA_PROTO_DST_PORT    = 1 << 5
    CTA_PROTO_ICMP_TYPE   = 1 << 6
    CTA_PROTO_ICMP_CODE   = 1 << 7
    CTA_PROTO_ICMP_ID     = 1 << 8
    CTA_PROTO_ICMPV6_TYPE = 1 << 9
    CTA_PROTO_ICMPV6_CODE = 1 << 10
    CTA_PROTO_ICMPV6_ID   = 1 << 11


class CTA_FILTER(AttrSet):                  # in host order, unlike all others
    ORIG_FLAGS  = U32(1, CTA_FILTER_F)
    REPLY_FLAGS = U32(2, CTA_FILTER_F)


class CTA(AttrSet):
    TUPLE_ORIG      = Nest(1, CTA_TUPLE)
    TUPLE_REPLY     = Nest(2, CTA_TUPLE)
    STATUS          = Be32(3, IPS)
    PROTOINFO       = Nest(4, CTA_PROTOINFO)
    HELP            = Nest(5, CTA_HELP)
    NAT_SRC         = Nest(6, CTA_NAT)
    TIMEOUT         = Be32(7, measure="s")
    MARK            = Be32(8)
    COUNTERS_ORIG   = Nest(9, CTA_COUNTERS)
    COUNTERS_REPLY  = Nest(10, CTA_COUNTERS)
    USE             = Be32(11)
    ID              = Be32(12)
    NAT_DST         = Nest(13, CTA_NAT)
    TUPLE_MASTER    = Nest(14, CTA_TUPLE)
    SEQ_ADJ_ORIG    = Nest(15, CTA_SEQADJ, also="NAT_SEQ_ADJ_ORIG")
    SEQ_ADJ_REPLY   = Nest(16, CTA_SEQADJ, also="NAT_SEQ_ADJ_REPLY")
    SECMARK         = Be32(17, deprecated=True)
    ZONE            = Be16(18)
    SECCTX          = Nest(19, CTA_SECCTX)
    TIMESTAMP       = Nest(20, CTA_TIMESTAMP)
    MARK_MASK       = Be32(21, base=16)
    LABELS          = Blob(22, "128 label bits, named by the user")
    LABELS_MASK     = Blob(23, "128 label bits, named by the user")
    SYNPROXY        = Nest(24, CTA_SYNPROXY)
    FILTER          = Nest(25, CTA_FILTER)
    STATUS_MASK     = Be32(26, IPS)
    TIMESTAMP_EVENT = Be64(27, measure="time_ns")


class nf_conntrack(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", CTA)]
    # ctnetlink_del_conntrack in net/netfilter/nf_conntrack_netlink.c
    summary = "[{?nlmsg_type=IPCTNL_MSG_CT_DELETE}{?to=kernel}{!CTA_TUPLE_ORIG}{!CTA_TUPLE_REPLY}all connections] " \
              "[{CTA_TUPLE_ORIG.CTA_PROTO_NUM}] [{CTA_PROTOINFO_TCP_STATE|CTA_PROTOINFO_SCTP_STATE}] " \
              "[{CTA_TUPLE_ORIG.CTA_IP_V4_SRC|CTA_TUPLE_ORIG.CTA_IP_V6_SRC}]" \
              "[ port {CTA_TUPLE_ORIG.CTA_PROTO_SRC_PORT}]" \
              "[ -> {CTA_TUPLE_ORIG.CTA_IP_V4_DST|CTA_TUPLE_ORIG.CTA_IP_V6_DST}]" \
              "[ port {CTA_TUPLE_ORIG.CTA_PROTO_DST_PORT}] " \
              "[type {CTA_TUPLE_ORIG.CTA_PROTO_ICMP_TYPE|CTA_TUPLE_ORIG.CTA_PROTO_ICMPV6_TYPE}" \
              " code {CTA_TUPLE_ORIG.CTA_PROTO_ICMP_CODE|CTA_TUPLE_ORIG.CTA_PROTO_ICMPV6_CODE}] " \
              "[<{CTA_STATUS}>] [timeout {CTA_TIMEOUT}] [mark {CTA_MARK}] [zone {CTA_ZONE}] [id {CTA_ID}]"


class CTA_STATS(AttrSet):
    SEARCHED       = Be32(1)
    FOUND          = Be32(2)
    NEW            = Be32(3)
    INVALID        = Be32(4)
    IGNORE         = Be32(5)
    DELETE         = Be32(6)
    DELETE_LIST    = Be32(7)
    INSERT         = Be32(8)
    INSERT_FAILED  = Be32(9)
    DROP           = Be32(10)
    EARLY_DROP     = Be32(11)
    ERROR          = Be32(12)
    SEARCH_RESTART = Be32(13)
    CLASH_RESOLVE  = Be32(14)
    CHAIN_TOOLONG  = Be32(15)


class CTA_STATS_GLOBAL(AttrSet):
    ENTRIES     = Be32(1)
    MAX_ENTRIES = Be32(2)


class nf_conntrack_stats_cpu(Message):      # res_id is the number of the CPU
    fields_desc = [*NFGENMSG, Attrs("attrs", CTA_STATS)]
    summary = "cpu {res_id} [found {CTA_STATS_FOUND}] [invalid {CTA_STATS_INVALID}] [insert {CTA_STATS_INSERT}] " \
              "[insert_failed {CTA_STATS_INSERT_FAILED}] [drop {CTA_STATS_DROP}] [early_drop {CTA_STATS_EARLY_DROP}]"


class nf_conntrack_stats(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", CTA_STATS_GLOBAL)]
    summary = "[entries {CTA_STATS_GLOBAL_ENTRIES}] [of {CTA_STATS_GLOBAL_MAX_ENTRIES}]"


bind_message(nf_conntrack, NETLINK_NETFILTER, IPCTNL_MSG_CT_NEW=0x100, IPCTNL_MSG_CT_GET=0x101,
             IPCTNL_MSG_CT_DELETE=0x102, IPCTNL_MSG_CT_GET_CTRZERO=0x103, IPCTNL_MSG_CT_GET_DYING=0x106,
             IPCTNL_MSG_CT_GET_UNCONFIRMED=0x107)
bind_message(nf_conntrack_stats_cpu, NETLINK_NETFILTER, IPCTNL_MSG_CT_GET_STATS_CPU=0x104)
bind_message(nf_conntrack_stats, NETLINK_NETFILTER, IPCTNL_MSG_CT_GET_STATS=0x105)
