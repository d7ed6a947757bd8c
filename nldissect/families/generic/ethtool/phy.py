"""PHYs and the MAC beside them: topology, PLCA, MAC merge, mean square error, UDP tunnel ports (net/ethtool/)."""

from nldissect.wire import U8, U16, U32, U64, AttrSet, Be16, Enum, Nest, Pad, Text, Uint, bind_genl

from .common import DEV, ETHTOOL_A_BITSET, ETHTOOL_A_HEADER


class PHY_UPSTREAM(Enum):
    MAC = 0
    PHY = 1


class ETHTOOL_MM_VERIFY_STATUS(Enum):
    UNKNOWN   = 0
    INITIAL   = 1
    VERIFYING = 2
    SUCCEEDED = 3
    FAILED    = 4
    DISABLED  = 5


class ETHTOOL_UDP_TUNNEL_TYPE(Enum):
    VXLAN     = 0
    GENEVE    = 1
    VXLAN_GPE = 2


class ETHTOOL_A_PHY(AttrSet):
    HEADER              = Nest(1, ETHTOOL_A_HEADER)
    INDEX               = U32(2)
    DRVNAME             = Text(3)
    NAME                = Text(4)
    UPSTREAM_TYPE       = U32(5, PHY_UPSTREAM)
    UPSTREAM_INDEX      = U32(6)
    UPSTREAM_SFP_NAME   = Text(7)
    DOWNSTREAM_SFP_NAME = Text(8)

    template = DEV + "[phy {ETHTOOL_A_PHY_INDEX} ][{ETHTOOL_A_PHY_NAME} ][driver {ETHTOOL_A_PHY_DRVNAME}]"


class ETHTOOL_A_PLCA(AttrSet):
    HEADER    = Nest(1, ETHTOOL_A_HEADER)
    VERSION   = U16(2, base=16)
    ENABLED   = U8(3)
    STATUS    = U8(4)
    NODE_CNT  = U32(5)
    NODE_ID   = U32(6)
    TO_TMR    = U32(7)
    BURST_CNT = U32(8)
    BURST_TMR = U32(9)

    template = (
        DEV + "[enabled {ETHTOOL_A_PLCA_ENABLED} ][status {ETHTOOL_A_PLCA_STATUS} ]"
        "[node {ETHTOOL_A_PLCA_NODE_ID} ][of {ETHTOOL_A_PLCA_NODE_CNT}]"
    )


class ETHTOOL_A_MM_STAT(AttrSet):
    PAD               = Pad(1)
    REASSEMBLY_ERRORS = U64(2)
    SMD_ERRORS        = U64(3)
    REASSEMBLY_OK     = U64(4)
    RX_FRAG_COUNT     = U64(5)
    TX_FRAG_COUNT     = U64(6)
    HOLD_COUNT        = U64(7)


class ETHTOOL_A_MM(AttrSet):
    HEADER           = Nest(1, ETHTOOL_A_HEADER)
    PMAC_ENABLED     = U8(2)
    TX_ENABLED       = U8(3)
    TX_ACTIVE        = U8(4)
    TX_MIN_FRAG_SIZE = U32(5)
    RX_MIN_FRAG_SIZE = U32(6)
    VERIFY_ENABLED   = U8(7)
    VERIFY_STATUS    = U8(8, ETHTOOL_MM_VERIFY_STATUS)
    VERIFY_TIME      = U32(9)
    MAX_VERIFY_TIME  = U32(10)
    STATS            = Nest(11, ETHTOOL_A_MM_STAT)

    template = DEV + "[pmac {ETHTOOL_A_MM_PMAC_ENABLED} ][tx {ETHTOOL_A_MM_TX_ENABLED} ][{ETHTOOL_A_MM_VERIFY_STATUS}]"


class ETHTOOL_A_MSE_CAPABILITIES(AttrSet):
    MAX_AVERAGE_MSE = Uint(1)
    MAX_PEAK_MSE    = Uint(2)
    REFRESH_RATE_PS = Uint(3)
    NUM_SYMBOLS     = Uint(4)


class ETHTOOL_A_MSE_SNAPSHOT(AttrSet):
    AVERAGE_MSE    = Uint(1)
    PEAK_MSE       = Uint(2)
    WORST_PEAK_MSE = Uint(3)


class ETHTOOL_A_MSE(AttrSet):
    HEADER        = Nest(1, ETHTOOL_A_HEADER)
    CAPABILITIES  = Nest(2, ETHTOOL_A_MSE_CAPABILITIES)
    CHANNEL_A     = Nest(3, ETHTOOL_A_MSE_SNAPSHOT)
    CHANNEL_B     = Nest(4, ETHTOOL_A_MSE_SNAPSHOT)
    CHANNEL_C     = Nest(5, ETHTOOL_A_MSE_SNAPSHOT)
    CHANNEL_D     = Nest(6, ETHTOOL_A_MSE_SNAPSHOT)
    WORST_CHANNEL = Nest(7, ETHTOOL_A_MSE_SNAPSHOT)
    LINK          = Nest(8, ETHTOOL_A_MSE_SNAPSHOT)

    template = DEV + "[average {ETHTOOL_A_MSE_SNAPSHOT_AVERAGE_MSE} of {ETHTOOL_A_MSE_CAPABILITIES_MAX_AVERAGE_MSE}]"


class ETHTOOL_A_TUNNEL_UDP_ENTRY(AttrSet):
    PORT = Be16(1)
    TYPE = U32(2, ETHTOOL_UDP_TUNNEL_TYPE)


class ETHTOOL_A_TUNNEL_UDP_TABLE(AttrSet):
    SIZE  = U32(1)
    TYPES = Nest(2, ETHTOOL_A_BITSET)
    ENTRY = Nest(3, ETHTOOL_A_TUNNEL_UDP_ENTRY, many=True)


class ETHTOOL_A_TUNNEL_UDP(AttrSet):
    TABLE = Nest(1, ETHTOOL_A_TUNNEL_UDP_TABLE, many=True)


class ETHTOOL_A_TUNNEL_INFO(AttrSet):
    HEADER    = Nest(1, ETHTOOL_A_HEADER)
    UDP_PORTS = Nest(2, ETHTOOL_A_TUNNEL_UDP)

    template = DEV + "[tables {ETHTOOL_A_TUNNEL_INFO_UDP_PORTS#}]"


bind_genl(ETHTOOL_A_TUNNEL_INFO, "ethtool", to="kernel", ETHTOOL_MSG_TUNNEL_INFO_GET=28)
bind_genl(ETHTOOL_A_TUNNEL_INFO, "ethtool", to="user", ETHTOOL_MSG_TUNNEL_INFO_GET_REPLY=29)
bind_genl(
    ETHTOOL_A_PLCA,
    "ethtool",
    to="kernel",
    ETHTOOL_MSG_PLCA_GET_CFG=39,
    ETHTOOL_MSG_PLCA_SET_CFG=40,
    ETHTOOL_MSG_PLCA_GET_STATUS=41,
)
bind_genl(
    ETHTOOL_A_PLCA,
    "ethtool",
    to="user",
    ETHTOOL_MSG_PLCA_GET_CFG_REPLY=39,
    ETHTOOL_MSG_PLCA_GET_STATUS_REPLY=40,
    ETHTOOL_MSG_PLCA_NTF=41,
)
bind_genl(ETHTOOL_A_MM, "ethtool", to="kernel", ETHTOOL_MSG_MM_GET=42, ETHTOOL_MSG_MM_SET=43)
bind_genl(ETHTOOL_A_MM, "ethtool", to="user", ETHTOOL_MSG_MM_GET_REPLY=42, ETHTOOL_MSG_MM_NTF=43)
bind_genl(ETHTOOL_A_PHY, "ethtool", to="kernel", ETHTOOL_MSG_PHY_GET=45)
bind_genl(ETHTOOL_A_PHY, "ethtool", to="user", ETHTOOL_MSG_PHY_GET_REPLY=45, ETHTOOL_MSG_PHY_NTF=46)
bind_genl(ETHTOOL_A_MSE, "ethtool", to="kernel", ETHTOOL_MSG_MSE_GET=51)
bind_genl(ETHTOOL_A_MSE, "ethtool", to="user", ETHTOOL_MSG_MSE_GET_REPLY=54)
