"""nftables: expressions that do something with the packet (linux/netfilter/nf_tables.h, nf_nat.h, nf_log.h)."""

from nldissect.wire import U8, AttrSet, Be16, Be32, Enum, Flags, Text, bind_attrs

from .nfnetlink import NFPROTO
from .nftables_data import NFT, NFTA_EXPR


class NFT_LOGLEVEL(Enum):
    EMERG   = 0
    ALERT   = 1
    CRIT    = 2
    ERR     = 3
    WARNING = 4
    NOTICE  = 5
    INFO    = 6
    DEBUG   = 7
    AUDIT   = 8


class NF_LOG(Flags):
    TCPSEQ    = 0x01
    TCPOPT    = 0x02
    IPOPT     = 0x04
    UID       = 0x08
    NFLOG     = 0x10
    MACDECODE = 0x20


class NFTA_LOG(AttrSet):
    GROUP      = Be16(1)
    PREFIX     = Text(2)
    SNAPLEN    = Be32(3)
    QTHRESHOLD = Be16(4)
    LEVEL      = Be32(5, NFT_LOGLEVEL)
    FLAGS      = Be32(6, NF_LOG)


class NFT_QUEUE_FLAG(Flags):
    BYPASS     = 0x1
    CPU_FANOUT = 0x2


class NFTA_QUEUE(AttrSet):
    NUM       = Be16(1)
    TOTAL     = Be16(2)
    FLAGS     = Be16(3, NFT_QUEUE_FLAG)
    SREG_QNUM = Be32(4, NFT)


class NFT_REJECT(Enum):
    ICMP_UNREACH  = 0
    TCP_RST       = 1
    ICMPX_UNREACH = 2


class NFT_REJECT_ICMPX(Enum):
    NO_ROUTE         = 0
    PORT_UNREACH     = 1
    HOST_UNREACH     = 2
    ADMIN_PROHIBITED = 3


class NFTA_REJECT(AttrSet):
    TYPE      = Be32(1, NFT_REJECT)
    ICMP_CODE = U8(2)                       # of ICMP or ICMPv6, as the family says


bind_attrs(NFTA_REJECT.ICMP_CODE, U8(None, NFT_REJECT_ICMPX), TYPE=NFT_REJECT.ICMPX_UNREACH)


class NFT_NAT(Enum):
    SNAT = 0
    DNAT = 1


class NF_NAT_RANGE(Flags):
    MAP_IPS            = 0x01
    PROTO_SPECIFIED    = 0x02
    PROTO_RANDOM       = 0x04
    PERSISTENT         = 0x08
    PROTO_RANDOM_FULLY = 0x10
    PROTO_OFFSET       = 0x20
    NETMAP             = 0x40


class NFTA_NAT(AttrSet):
    TYPE          = Be32(1, NFT_NAT)
    FAMILY        = Be32(2, NFPROTO)
    REG_ADDR_MIN  = Be32(3, NFT)
    REG_ADDR_MAX  = Be32(4, NFT)
    REG_PROTO_MIN = Be32(5, NFT)
    REG_PROTO_MAX = Be32(6, NFT)
    FLAGS         = Be32(7, NF_NAT_RANGE)


class NFTA_MASQ(AttrSet):
    FLAGS         = Be32(1, NF_NAT_RANGE)
    REG_PROTO_MIN = Be32(2, NFT)
    REG_PROTO_MAX = Be32(3, NFT)


class NFTA_REDIR(AttrSet):
    REG_PROTO_MIN = Be32(1, NFT)
    REG_PROTO_MAX = Be32(2, NFT)
    FLAGS         = Be32(3, NF_NAT_RANGE)


class NFTA_TPROXY(AttrSet):
    FAMILY   = Be32(1, NFPROTO)
    REG_ADDR = Be32(2, NFT)
    REG_PORT = Be32(3, NFT)


class NFTA_DUP(AttrSet):
    SREG_ADDR = Be32(1, NFT)
    SREG_DEV  = Be32(2, NFT)


class NFTA_FWD(AttrSet):
    SREG_DEV  = Be32(1, NFT)
    SREG_ADDR = Be32(2, NFT)
    NFPROTO   = Be32(3, NFPROTO)


class NFTA_FLOW(AttrSet):
    TABLE_NAME = Text(1)


bind_attrs(NFTA_EXPR.DATA, NFTA_LOG, NAME="log")
bind_attrs(NFTA_EXPR.DATA, NFTA_QUEUE, NAME="queue")
bind_attrs(NFTA_EXPR.DATA, NFTA_REJECT, NAME="reject")
bind_attrs(NFTA_EXPR.DATA, NFTA_NAT, NAME="nat")
bind_attrs(NFTA_EXPR.DATA, NFTA_MASQ, NAME="masq")
bind_attrs(NFTA_EXPR.DATA, NFTA_REDIR, NAME="redir")
bind_attrs(NFTA_EXPR.DATA, NFTA_TPROXY, NAME="tproxy")
bind_attrs(NFTA_EXPR.DATA, NFTA_DUP, NAME="dup")
bind_attrs(NFTA_EXPR.DATA, NFTA_FWD, NAME="fwd")
bind_attrs(NFTA_EXPR.DATA, NFTA_FLOW, NAME="flow_offload")
