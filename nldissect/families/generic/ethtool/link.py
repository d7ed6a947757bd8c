"""Links: port, modes, state, energy efficiency, pause frames, forward error correction (net/ethtool/link*.c, fec.c)."""

from nldissect.wire import U8, U32, U64, Array, AttrSet, Enum, Nest, Pad, Uint, bind_attrs, bind_genl

from .common import DEV, ETHTOOL_A_BITSET, ETHTOOL_A_HEADER
from .link_mode import ETHTOOL_LINK_MODE
from .link_reason import ETHTOOL_LINK_EXT_STATE, SUBSTATES


class PORT(Enum):
    TP    = 0x00
    AUI   = 0x01
    MII   = 0x02
    FIBRE = 0x03
    BNC   = 0x04
    DA    = 0x05
    NONE  = 0xEF
    OTHER = 0xFF


class XCVR(Enum):
    INTERNAL = 0
    EXTERNAL = 1
    DUMMY1   = 2
    DUMMY2   = 3
    DUMMY3   = 4


class ETH_TP_MDI(Enum, prefix=""):
    ETH_TP_MDI_INVALID = 0
    ETH_TP_MDI         = 1
    ETH_TP_MDI_X       = 2
    ETH_TP_MDI_AUTO    = 3


class SPEED(Enum):
    """Other speeds are numbers of Mb/s."""

    UNKNOWN = 0xFFFFFFFF


class DUPLEX(Enum):
    HALF    = 0
    FULL    = 1
    UNKNOWN = 0xFF


class MASTER_SLAVE_CFG(Enum):
    UNSUPPORTED      = 0
    UNKNOWN          = 1
    MASTER_PREFERRED = 2
    SLAVE_PREFERRED  = 3
    MASTER_FORCE     = 4
    SLAVE_FORCE      = 5


class MASTER_SLAVE_STATE(Enum):
    UNSUPPORTED = 0
    UNKNOWN     = 1
    MASTER      = 2
    SLAVE       = 3
    ERR         = 4


class RATE_MATCH(Enum):
    NONE      = 0
    PAUSE     = 1
    CRS       = 2
    OPEN_LOOP = 3


class ETHTOOL_MAC_STATS_SRC(Enum):
    AGGREGATE = 0
    EMAC      = 1
    PMAC      = 2


class ETHTOOL_A_LINKINFO(AttrSet):
    HEADER       = Nest(1, ETHTOOL_A_HEADER)
    PORT         = U8(2, PORT)
    PHYADDR      = U8(3)
    TP_MDIX      = U8(4, ETH_TP_MDI)
    TP_MDIX_CTRL = U8(5, ETH_TP_MDI)
    TRANSCEIVER  = U8(6, XCVR)

    template = (
        DEV + "[{ETHTOOL_A_LINKINFO_PORT} ][phyad {ETHTOOL_A_LINKINFO_PHYADDR} ][{ETHTOOL_A_LINKINFO_TRANSCEIVER}]"
    )


class ETHTOOL_A_LINKMODES(AttrSet):
    HEADER             = Nest(1, ETHTOOL_A_HEADER)
    AUTONEG            = U8(2)
    OURS               = Nest(3, ETHTOOL_A_BITSET)
    PEER               = Nest(4, ETHTOOL_A_BITSET)
    SPEED              = U32(5, SPEED, measure="Mb/s")
    DUPLEX             = U8(6, DUPLEX)
    MASTER_SLAVE_CFG   = U8(7, MASTER_SLAVE_CFG)
    MASTER_SLAVE_STATE = U8(8, MASTER_SLAVE_STATE)
    LANES              = U32(9)
    RATE_MATCHING      = U8(10, RATE_MATCH)

    template = (
        DEV + "[speed {ETHTOOL_A_LINKMODES_SPEED} ][{ETHTOOL_A_LINKMODES_DUPLEX} ]"
        "[autoneg {ETHTOOL_A_LINKMODES_AUTONEG}]"
    )


class ETHTOOL_A_LINKSTATE(AttrSet):
    HEADER       = Nest(1, ETHTOOL_A_HEADER)
    LINK         = U8(2)
    SQI          = U32(3)
    SQI_MAX      = U32(4)
    EXT_STATE    = U8(5, ETHTOOL_LINK_EXT_STATE)
    EXT_SUBSTATE = U8(6)
    EXT_DOWN_CNT = U32(7)

    template = (
        DEV + "[link {ETHTOOL_A_LINKSTATE_LINK} ]"
        "[{ETHTOOL_A_LINKSTATE_EXT_STATE} ][{ETHTOOL_A_LINKSTATE_EXT_SUBSTATE} ]"
        "[sqi {ETHTOOL_A_LINKSTATE_SQI}/{ETHTOOL_A_LINKSTATE_SQI_MAX}]"
    )


class ETHTOOL_A_EEE(AttrSet):
    HEADER         = Nest(1, ETHTOOL_A_HEADER)
    MODES_OURS     = Nest(2, ETHTOOL_A_BITSET)
    MODES_PEER     = Nest(3, ETHTOOL_A_BITSET)
    ACTIVE         = U8(4)
    ENABLED        = U8(5)
    TX_LPI_ENABLED = U8(6)
    TX_LPI_TIMER   = U32(7)

    template = (
        DEV + "[enabled {ETHTOOL_A_EEE_ENABLED} ][active {ETHTOOL_A_EEE_ACTIVE} ]"
        "[tx-lpi {ETHTOOL_A_EEE_TX_LPI_ENABLED}]"
    )


class ETHTOOL_A_PAUSE_STAT(AttrSet):
    PAD                   = Pad(1)
    TX_FRAMES             = U64(2)
    RX_FRAMES             = U64(3)
    TX_PAUSE_STORM_EVENTS = U64(4)


class ETHTOOL_A_PAUSE(AttrSet):
    HEADER    = Nest(1, ETHTOOL_A_HEADER)
    AUTONEG   = U8(2)
    RX        = U8(3)
    TX        = U8(4)
    STATS     = Nest(5, ETHTOOL_A_PAUSE_STAT)
    STATS_SRC = U32(6, ETHTOOL_MAC_STATS_SRC)

    template = DEV + "[autoneg {ETHTOOL_A_PAUSE_AUTONEG} ][rx {ETHTOOL_A_PAUSE_RX} ][tx {ETHTOOL_A_PAUSE_TX}]"


class ETHTOOL_A_FEC_HIST(AttrSet):
    PAD              = Pad(1)
    BIN_LOW          = U32(2)
    BIN_HIGH         = U32(3)
    BIN_VAL          = Uint(4)
    BIN_VAL_PER_LANE = Array(5, U64)


class ETHTOOL_A_FEC_STAT(AttrSet):
    PAD       = Pad(1)
    CORRECTED = Array(2, U64)                        # the total, then each lane
    UNCORR    = Array(3, U64)
    CORR_BITS = Array(4, U64)
    HIST      = Nest(5, ETHTOOL_A_FEC_HIST, many=True)


class ETHTOOL_A_FEC(AttrSet):
    HEADER = Nest(1, ETHTOOL_A_HEADER)
    MODES  = Nest(2, ETHTOOL_A_BITSET)
    AUTO   = U8(3)
    ACTIVE = U32(4, ETHTOOL_LINK_MODE)               # a bit number, not a mask
    STATS  = Nest(5, ETHTOOL_A_FEC_STAT)

    template = DEV + "[auto {ETHTOOL_A_FEC_AUTO} ][active {ETHTOOL_A_FEC_ACTIVE}]"


for state, substates in SUBSTATES.items():
    bind_attrs(ETHTOOL_A_LINKSTATE.EXT_SUBSTATE, U8(None, substates), EXT_STATE=state)

bind_genl(ETHTOOL_A_LINKINFO, "ethtool", to="kernel", ETHTOOL_MSG_LINKINFO_GET=2, ETHTOOL_MSG_LINKINFO_SET=3)
bind_genl(ETHTOOL_A_LINKINFO, "ethtool", to="user", ETHTOOL_MSG_LINKINFO_GET_REPLY=2, ETHTOOL_MSG_LINKINFO_NTF=3)
bind_genl(ETHTOOL_A_LINKMODES, "ethtool", to="kernel", ETHTOOL_MSG_LINKMODES_GET=4, ETHTOOL_MSG_LINKMODES_SET=5)
bind_genl(ETHTOOL_A_LINKMODES, "ethtool", to="user", ETHTOOL_MSG_LINKMODES_GET_REPLY=4, ETHTOOL_MSG_LINKMODES_NTF=5)
bind_genl(ETHTOOL_A_LINKSTATE, "ethtool", to="kernel", ETHTOOL_MSG_LINKSTATE_GET=6)
bind_genl(ETHTOOL_A_LINKSTATE, "ethtool", to="user", ETHTOOL_MSG_LINKSTATE_GET_REPLY=6)
bind_genl(ETHTOOL_A_PAUSE, "ethtool", to="kernel", ETHTOOL_MSG_PAUSE_GET=21, ETHTOOL_MSG_PAUSE_SET=22)
bind_genl(ETHTOOL_A_PAUSE, "ethtool", to="user", ETHTOOL_MSG_PAUSE_GET_REPLY=22, ETHTOOL_MSG_PAUSE_NTF=23)
bind_genl(ETHTOOL_A_EEE, "ethtool", to="kernel", ETHTOOL_MSG_EEE_GET=23, ETHTOOL_MSG_EEE_SET=24)
bind_genl(ETHTOOL_A_EEE, "ethtool", to="user", ETHTOOL_MSG_EEE_GET_REPLY=24, ETHTOOL_MSG_EEE_NTF=25)
bind_genl(ETHTOOL_A_FEC, "ethtool", to="kernel", ETHTOOL_MSG_FEC_GET=29, ETHTOOL_MSG_FEC_SET=30)
bind_genl(ETHTOOL_A_FEC, "ethtool", to="user", ETHTOOL_MSG_FEC_GET_REPLY=30, ETHTOOL_MSG_FEC_NTF=31)
