"""Queues: ring sizes, channels, interrupt coalescing (net/ethtool/rings.c, channels.c, coalesce.c)."""

from nldissect.wire import U8, U32, AttrSet, Enum, Nest, bind_genl

from .common import DEV, ETHTOOL_A_HEADER


class ETHTOOL_TCP_DATA_SPLIT(Enum):
    UNKNOWN  = 0
    DISABLED = 1
    ENABLED  = 2


class ETHTOOL_A_RINGS(AttrSet):
    HEADER              = Nest(1, ETHTOOL_A_HEADER)
    RX_MAX              = U32(2)
    RX_MINI_MAX         = U32(3)
    RX_JUMBO_MAX        = U32(4)
    TX_MAX              = U32(5)
    RX                  = U32(6)
    RX_MINI             = U32(7)
    RX_JUMBO            = U32(8)
    TX                  = U32(9)
    RX_BUF_LEN          = U32(10)
    TCP_DATA_SPLIT      = U8(11, ETHTOOL_TCP_DATA_SPLIT)
    CQE_SIZE            = U32(12)
    TX_PUSH             = U8(13)
    RX_PUSH             = U8(14)
    TX_PUSH_BUF_LEN     = U32(15)
    TX_PUSH_BUF_LEN_MAX = U32(16)
    HDS_THRESH          = U32(17)
    HDS_THRESH_MAX      = U32(18)

    template = (
        DEV + "[rx {ETHTOOL_A_RINGS_RX} ][of {ETHTOOL_A_RINGS_RX_MAX} ]"
        "[tx {ETHTOOL_A_RINGS_TX} ][of {ETHTOOL_A_RINGS_TX_MAX}]"
    )


class ETHTOOL_A_CHANNELS(AttrSet):
    HEADER         = Nest(1, ETHTOOL_A_HEADER)
    RX_MAX         = U32(2)
    TX_MAX         = U32(3)
    OTHER_MAX      = U32(4)
    COMBINED_MAX   = U32(5)
    RX_COUNT       = U32(6)
    TX_COUNT       = U32(7)
    OTHER_COUNT    = U32(8)
    COMBINED_COUNT = U32(9)

    template = (
        DEV + "[rx {ETHTOOL_A_CHANNELS_RX_COUNT} ][tx {ETHTOOL_A_CHANNELS_TX_COUNT} ]"
        "[other {ETHTOOL_A_CHANNELS_OTHER_COUNT} ][combined {ETHTOOL_A_CHANNELS_COMBINED_COUNT}]"
    )


class ETHTOOL_A_IRQ_MODERATION(AttrSet):
    USEC  = U32(1, measure="us")
    PKTS  = U32(2)
    COMPS = U32(3)


class ETHTOOL_A_PROFILE(AttrSet):
    IRQ_MODERATION = Nest(1, ETHTOOL_A_IRQ_MODERATION, many=True)


class ETHTOOL_A_COALESCE(AttrSet):
    HEADER               = Nest(1, ETHTOOL_A_HEADER)
    RX_USECS             = U32(2, measure="us")
    RX_MAX_FRAMES        = U32(3)
    RX_USECS_IRQ         = U32(4, measure="us")
    RX_MAX_FRAMES_IRQ    = U32(5)
    TX_USECS             = U32(6, measure="us")
    TX_MAX_FRAMES        = U32(7)
    TX_USECS_IRQ         = U32(8, measure="us")
    TX_MAX_FRAMES_IRQ    = U32(9)
    STATS_BLOCK_USECS    = U32(10, measure="us")
    USE_ADAPTIVE_RX      = U8(11)
    USE_ADAPTIVE_TX      = U8(12)
    PKT_RATE_LOW         = U32(13)
    RX_USECS_LOW         = U32(14, measure="us")
    RX_MAX_FRAMES_LOW    = U32(15)
    TX_USECS_LOW         = U32(16, measure="us")
    TX_MAX_FRAMES_LOW    = U32(17)
    PKT_RATE_HIGH        = U32(18)
    RX_USECS_HIGH        = U32(19, measure="us")
    RX_MAX_FRAMES_HIGH   = U32(20)
    TX_USECS_HIGH        = U32(21, measure="us")
    TX_MAX_FRAMES_HIGH   = U32(22)
    RATE_SAMPLE_INTERVAL = U32(23, measure="s")
    USE_CQE_MODE_TX      = U8(24)
    USE_CQE_MODE_RX      = U8(25)
    TX_AGGR_MAX_BYTES    = U32(26)
    TX_AGGR_MAX_FRAMES   = U32(27)
    TX_AGGR_TIME_USECS   = U32(28, measure="us")
    RX_PROFILE           = Nest(29, ETHTOOL_A_PROFILE)
    TX_PROFILE           = Nest(30, ETHTOOL_A_PROFILE)
    RX_CQE_FRAMES        = U32(31)
    RX_CQE_NSECS         = U32(32, measure="ns")

    template = (
        DEV + "[rx-usecs {ETHTOOL_A_COALESCE_RX_USECS} ][rx-frames {ETHTOOL_A_COALESCE_RX_MAX_FRAMES} ]"
        "[tx-usecs {ETHTOOL_A_COALESCE_TX_USECS} ][tx-frames {ETHTOOL_A_COALESCE_TX_MAX_FRAMES}]"
    )


bind_genl(ETHTOOL_A_RINGS, "ethtool", to="kernel", ETHTOOL_MSG_RINGS_GET=15, ETHTOOL_MSG_RINGS_SET=16)
bind_genl(ETHTOOL_A_RINGS, "ethtool", to="user", ETHTOOL_MSG_RINGS_GET_REPLY=16, ETHTOOL_MSG_RINGS_NTF=17)
bind_genl(ETHTOOL_A_CHANNELS, "ethtool", to="kernel", ETHTOOL_MSG_CHANNELS_GET=17, ETHTOOL_MSG_CHANNELS_SET=18)
bind_genl(ETHTOOL_A_CHANNELS, "ethtool", to="user", ETHTOOL_MSG_CHANNELS_GET_REPLY=18, ETHTOOL_MSG_CHANNELS_NTF=19)
bind_genl(ETHTOOL_A_COALESCE, "ethtool", to="kernel", ETHTOOL_MSG_COALESCE_GET=19, ETHTOOL_MSG_COALESCE_SET=20)
bind_genl(ETHTOOL_A_COALESCE, "ethtool", to="user", ETHTOOL_MSG_COALESCE_GET_REPLY=20, ETHTOOL_MSG_COALESCE_NTF=21)
