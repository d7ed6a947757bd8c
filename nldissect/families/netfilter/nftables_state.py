"""nftables: expressions that keep a state, also found in named objects and chains (linux/netfilter/nf_tables.h)."""

from nldissect.wire import U8, AttrSet, Be16, Be32, Be64, Enum, Flags, Pad, Text, bind_attrs

from .nftables_data import NFTA_EXPR


class NFTA_COUNTER(AttrSet):
    BYTES   = Be64(1)
    PACKETS = Be64(2)
    PAD     = Pad(3)


class NFT_QUOTA_F(Flags):
    INV      = 0x1
    DEPLETED = 0x2


class NFTA_QUOTA(AttrSet):
    BYTES    = Be64(1)
    FLAGS    = Be32(2, NFT_QUOTA_F)
    PAD      = Pad(3)
    CONSUMED = Be64(4)


class NFT_LIMIT(Enum):
    PKTS      = 0
    PKT_BYTES = 1


class NFT_LIMIT_F(Flags):
    INV = 0x1


class NFTA_LIMIT(AttrSet):
    RATE  = Be64(1)
    UNIT  = Be64(2)                         # seconds: 60 for "per minute"
    BURST = Be32(3)
    TYPE  = Be32(4, NFT_LIMIT)
    FLAGS = Be32(5, NFT_LIMIT_F)
    PAD   = Pad(6)


class NFT_CONNLIMIT_F(Flags):
    INV = 0x1


class NFTA_CONNLIMIT(AttrSet):
    COUNT = Be32(1)
    FLAGS = Be32(2, NFT_CONNLIMIT_F)


class NF_SYNPROXY_OPT(Flags):
    MSS       = 0x01
    WSCALE    = 0x02
    SACK_PERM = 0x04
    TIMESTAMP = 0x08
    ECN       = 0x10


class NFTA_SYNPROXY(AttrSet):
    MSS    = Be16(1)
    WSCALE = U8(2)
    FLAGS  = Be32(3, NF_SYNPROXY_OPT)


class NFTA_LAST(AttrSet):
    SET   = Be32(1)
    MSECS = Be64(2, measure="ms")
    PAD   = Pad(3)


class NFTA_SECMARK(AttrSet):
    CTX = Text(1)


bind_attrs(NFTA_EXPR.DATA, NFTA_COUNTER, NAME="counter")
bind_attrs(NFTA_EXPR.DATA, NFTA_QUOTA, NAME="quota")
bind_attrs(NFTA_EXPR.DATA, NFTA_LIMIT, NAME="limit")
bind_attrs(NFTA_EXPR.DATA, NFTA_CONNLIMIT, NAME="connlimit")
bind_attrs(NFTA_EXPR.DATA, NFTA_SYNPROXY, NAME="synproxy")
bind_attrs(NFTA_EXPR.DATA, NFTA_LAST, NAME="last")
