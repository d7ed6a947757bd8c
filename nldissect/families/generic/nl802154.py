"""nl802154: the configuration of IEEE 802.15.4 radios (the kernel's include/net/nl802154.h, net/ieee802154/nl802154.c).

Addresses are little endian on every host. Security is there only in kernels built with its experimental option.
"""

from nldissect.wire import (
    S8,
    S32,
    U8,
    U16,
    U32,
    U64,
    Array,
    Attrs,
    AttrSet,
    Be32,
    Blob,
    Enum,
    Flag,
    Flags,
    Le16,
    Le32,
    Le64,
    LeUint,
    Message,
    Nest,
    Nests,
    Pad,
    Secret,
    Text,
    bind_attrs,
    bind_genl,
)


class NL802154_CMD(Enum):
    UNSPEC                = 0
    GET_WPAN_PHY          = 1
    SET_WPAN_PHY          = 2
    NEW_WPAN_PHY          = 3
    DEL_WPAN_PHY          = 4
    GET_INTERFACE         = 5
    SET_INTERFACE         = 6
    NEW_INTERFACE         = 7
    DEL_INTERFACE         = 8
    SET_CHANNEL           = 9
    SET_PAN_ID            = 10
    SET_SHORT_ADDR        = 11
    SET_TX_POWER          = 12
    SET_CCA_MODE          = 13
    SET_CCA_ED_LEVEL      = 14
    SET_MAX_FRAME_RETRIES = 15
    SET_BACKOFF_EXPONENT  = 16
    SET_MAX_CSMA_BACKOFFS = 17
    SET_LBT_MODE          = 18
    SET_ACKREQ_DEFAULT    = 19
    SET_WPAN_PHY_NETNS    = 20
    SET_SEC_PARAMS        = 21
    GET_SEC_KEY           = 22
    NEW_SEC_KEY           = 23
    DEL_SEC_KEY           = 24
    GET_SEC_DEV           = 25
    NEW_SEC_DEV           = 26
    DEL_SEC_DEV           = 27
    GET_SEC_DEVKEY        = 28
    NEW_SEC_DEVKEY        = 29
    DEL_SEC_DEVKEY        = 30
    GET_SEC_LEVEL         = 31
    NEW_SEC_LEVEL         = 32
    DEL_SEC_LEVEL         = 33
    SCAN_EVENT            = 34
    TRIGGER_SCAN          = 35
    ABORT_SCAN            = 36
    SCAN_DONE             = 37
    SEND_BEACONS          = 38
    STOP_BEACONS          = 39
    ASSOCIATE             = 40
    DISASSOCIATE          = 41
    SET_MAX_ASSOCIATIONS  = 42
    LIST_ASSOCIATIONS     = 43


class NL802154_IFTYPE(Enum):
    NODE    = 0
    MONITOR = 1
    COORD   = 2
    UNSPEC  = 0xFFFFFFFF


class NL802154_IFTYPES(AttrSet, prefix="NL802154_IFTYPE"):
    NODE    = Flag(0)
    MONITOR = Flag(1)
    COORD   = Flag(2)


class NL802154_CCA(Enum):
    ENERGY          = 1
    CARRIER         = 2
    ENERGY_CARRIER  = 3
    ALOHA           = 4
    UWB_SHR         = 5
    UWB_MULTIPLEXED = 6


class NL802154_CCA_MODES(AttrSet, prefix="NL802154_CCA"):
    ENERGY          = Flag(1)
    CARRIER         = Flag(2)
    ENERGY_CARRIER  = Flag(3)
    ALOHA           = Flag(4)
    UWB_SHR         = Flag(5)
    UWB_MULTIPLEXED = Flag(6)


class NL802154_CCA_OPT(Enum):
    ENERGY_CARRIER_AND = 0
    ENERGY_CARRIER_OR  = 1


class NL802154_CCA_OPTS(AttrSet, prefix="NL802154_CCA_OPT"):
    ENERGY_CARRIER_AND = Flag(0)
    ENERGY_CARRIER_OR  = Flag(1)


class NL802154_SUPPORTED_BOOL(Enum):
    FALSE = 0
    TRUE  = 1
    BOTH  = 3


class NL802154_SCAN(Enum):
    ED              = 1
    ACTIVE          = 2
    PASSIVE         = 3
    ORPHAN          = 4
    ENHANCED_ACTIVE = 5
    RIT_PASSIVE     = 6


class NL802154_SCAN_DONE_REASON(Enum):
    FINISHED = 1
    ABORTED  = 2


class NL802154_DEV_ADDR(Enum):
    NONE     = 0
    SHORT    = 2
    EXTENDED = 3


class NL802154_PEER_TYPE(Enum):
    UNSPEC = 0
    PARENT = 1
    CHILD  = 2


class NL802154_KEY_ID_MODE(Enum):
    IMPLICIT       = 0
    INDEX          = 1
    INDEX_SHORT    = 2
    INDEX_EXTENDED = 3


class NL802154_SECLEVEL(Enum):
    NONE       = 0
    MIC32      = 1
    MIC64      = 2
    MIC128     = 3
    ENC        = 4
    ENC_MIC32  = 5
    ENC_MIC64  = 6
    ENC_MIC128 = 7


class NL802154_SECLEVELS(Flags, prefix="NL802154_SECLEVEL"):
    NONE       = 0x01
    MIC32      = 0x02
    MIC64      = 0x04
    MIC128     = 0x08
    ENC        = 0x10
    ENC_MIC32  = 0x20
    ENC_MIC64  = 0x40
    ENC_MIC128 = 0x80


class NL802154_FRAME(Enum):
    BEACON = 0
    DATA   = 1
    ACK    = 2
    CMD    = 3


class NL802154_FRAMES(Flags, prefix="NL802154_FRAME"):
    BEACON = 0x1
    DATA   = 0x2
    ACK    = 0x4
    CMD    = 0x8


class NL802154_CMD_FRAME(Enum):
    ASSOC_REQUEST          = 1
    ASSOC_RESPONSE         = 2
    DISASSOC_NOTIFY        = 3
    DATA_REQUEST           = 4
    PAN_ID_CONFLICT_NOTIFY = 5
    ORPHAN_NOTIFY          = 6
    BEACON_REQUEST         = 7
    COORD_REALIGNMENT      = 8
    GTS_REQUEST            = 9


class NL802154_DEVKEY(Enum):
    IGNORE   = 0
    RESTRICT = 1
    RECORD   = 2


class NL802154_CAP_ATTR(AttrSet):
    """Levels in mBm."""

    IFTYPES           = Nest(1, NL802154_IFTYPES)
    CHANNELS          = Nests(2, Nests(None, Flag))  # numbered by page, then by channel
    TX_POWERS         = Nests(3, S32)
    CCA_ED_LEVELS     = Nests(4, S32)
    CCA_MODES         = Nest(5, NL802154_CCA_MODES)
    CCA_OPTS          = Nest(6, NL802154_CCA_OPTS)
    MIN_MINBE         = U8(7)
    MAX_MINBE         = U8(8)
    MIN_MAXBE         = U8(9)
    MAX_MAXBE         = U8(10)
    MIN_CSMA_BACKOFFS = U8(11)
    MAX_CSMA_BACKOFFS = U8(12)
    MIN_FRAME_RETRIES = S8(13)
    MAX_FRAME_RETRIES = S8(14)
    LBT               = U32(15, NL802154_SUPPORTED_BOOL)


class NL802154_CHANNELS(AttrSet, prefix="NL802154_ATTR"):
    """Channels of page 0, 1, ... as bits."""

    SUPPORTED_CHANNEL = U32(22, base=16, many=True)


class NL802154_COORD(AttrSet):
    PANID           = Le16(1, base=16)
    ADDR            = LeUint(2, base=16)  # short or extended
    CHANNEL         = U8(3)
    PAGE            = U8(4)
    PREAMBLE_CODE   = U8(5)
    MEAN_PRF        = U8(6)
    SUPERFRAME_SPEC = U16(7, base=16)
    LINK_QUALITY    = U8(8)
    GTS_PERMIT      = Flag(9)
    PAYLOAD_DATA    = Blob(10, "a beacon's payload, of its sender's own")
    PAD             = Pad(11)


class NL802154_DEV_ADDR_ATTR(AttrSet):
    PAN_ID   = Le16(1, base=16)
    MODE     = U32(2, NL802154_DEV_ADDR)
    SHORT    = Le16(3, base=16)
    EXTENDED = Le64(4, base=16)
    PAD      = Pad(5)


class NL802154_PEER(AttrSet, prefix="NL802154_DEV_ADDR_ATTR"):
    MODE      = U8(2, NL802154_DEV_ADDR)
    SHORT     = Le16(3, base=16)
    EXTENDED  = Le64(4, base=16)
    PEER_TYPE = U8(6, NL802154_PEER_TYPE)


class NL802154_KEY_ID_ATTR(AttrSet):
    MODE            = U32(1, NL802154_KEY_ID_MODE)
    INDEX           = U8(2)
    IMPLICIT        = Nest(3, NL802154_DEV_ADDR_ATTR)
    SOURCE_SHORT    = Le32(4, base=16)
    SOURCE_EXTENDED = Le64(5, base=16)
    PAD             = Pad(6)


class NL802154_SECLEVEL_ATTR(AttrSet):
    LEVELS       = U8(1, NL802154_SECLEVELS)
    FRAME        = U32(2, NL802154_FRAME)
    CMD_FRAME    = U32(3, NL802154_CMD_FRAME)
    DEV_OVERRIDE = U8(4)


bind_attrs(NL802154_SECLEVEL_ATTR.LEVELS, U32(None, NL802154_SECLEVELS), to="user")      # wider than in requests


class NL802154_DEV_ATTR(AttrSet):
    FRAME_COUNTER   = U32(1)
    PAN_ID          = Le16(2, base=16)
    SHORT_ADDR      = Le16(3, base=16)
    EXTENDED_ADDR   = Le64(4, base=16)
    SECLEVEL_EXEMPT = U8(5)
    KEY_MODE        = U32(6, NL802154_DEVKEY)
    PAD             = Pad(7)


class NL802154_DEVKEY_ATTR(AttrSet):
    FRAME_COUNTER = U32(1)
    EXTENDED_ADDR = Le64(2, base=16)
    ID            = Nest(3, NL802154_KEY_ID_ATTR)
    PAD           = Pad(4)


class NL802154_KEY_ATTR(AttrSet):
    ID           = Nest(1, NL802154_KEY_ID_ATTR)
    USAGE_FRAMES = U8(2, NL802154_FRAMES)
    USAGE_CMDS   = Array(3, U32(None, base=16))
    BYTES        = Secret(4)


class NL802154_ATTR(AttrSet):
    """TX_POWER and CCA_ED_LEVEL in mBm."""

    WPAN_PHY            = U32(1)
    WPAN_PHY_NAME       = Text(2)
    IFINDEX             = U32(3, refers="interface")
    IFNAME              = Text(4)
    IFTYPE              = U32(5, NL802154_IFTYPE)
    WPAN_DEV            = U64(6, base=16)
    PAGE                = U8(7)
    CHANNEL             = U8(8)
    PAN_ID              = Le16(9, base=16)
    SHORT_ADDR          = Le16(10, base=16)
    TX_POWER            = S32(11)
    CCA_MODE            = U32(12, NL802154_CCA)
    CCA_OPT             = U32(13, NL802154_CCA_OPT)
    CCA_ED_LEVEL        = S32(14)
    MAX_FRAME_RETRIES   = S8(15)
    MAX_BE              = U8(16)
    MIN_BE              = U8(17)
    MAX_CSMA_BACKOFFS   = U8(18)
    LBT_MODE            = U8(19)
    GENERATION          = U32(20)
    CHANNELS_SUPPORTED  = Nest(21, NL802154_CHANNELS)
    SUPPORTED_CHANNEL   = U32(22, base=16)
    EXTENDED_ADDR       = Le64(23, base=16)
    WPAN_PHY_CAPS       = Nest(24, NL802154_CAP_ATTR)
    SUPPORTED_COMMANDS  = Nests(25, U32(None, NL802154_CMD))
    ACKREQ_DEFAULT      = U8(26)
    PAD                 = Pad(27)
    PID                 = U32(28)
    NETNS_FD            = U32(29)
    COORDINATOR         = Nest(30, NL802154_COORD)
    SCAN_TYPE           = U8(31, NL802154_SCAN)
    SCAN_FLAGS          = U32(32, base=16)  # in no message and no policy of the kernel
    SCAN_CHANNELS       = U32(33, base=16)
    SCAN_PREAMBLE_CODES = U64(34, base=16)
    SCAN_MEAN_PRF       = U8(35)
    SCAN_DURATION       = U8(36)
    SCAN_DONE_REASON    = U8(37, NL802154_SCAN_DONE_REASON)
    BEACON_INTERVAL     = U8(38)
    MAX_ASSOCIATIONS    = U32(39)
    PEER                = Nest(40, NL802154_PEER)
    SEC_ENABLED         = U8(41)
    SEC_OUT_LEVEL       = U32(42, NL802154_SECLEVEL)
    SEC_OUT_KEY_ID      = Nest(43, NL802154_KEY_ID_ATTR)
    SEC_FRAME_COUNTER   = Be32(44)
    SEC_LEVEL           = Nest(45, NL802154_SECLEVEL_ATTR)
    SEC_DEVICE          = Nest(46, NL802154_DEV_ATTR)
    SEC_DEVKEY          = Nest(47, NL802154_DEVKEY_ATTR)
    SEC_KEY             = Nest(48, NL802154_KEY_ATTR)


class nl802154(Message):
    fields_desc = [Attrs("attrs", NL802154_ATTR)]
    summary = (
        "[{NL802154_ATTR_IFNAME|NL802154_ATTR_IFINDEX} ][{NL802154_ATTR_WPAN_PHY_NAME} ]"
        "[{!NL802154_ATTR_WPAN_PHY_NAME}phy#{NL802154_ATTR_WPAN_PHY} ][{NL802154_ATTR_IFTYPE} ]"
        "[{NL802154_ATTR_EXTENDED_ADDR} ][pan {NL802154_ATTR_PAN_ID} ][short {NL802154_ATTR_SHORT_ADDR} ]"
        "[page {NL802154_ATTR_PAGE} ][channel {NL802154_ATTR_CHANNEL} ]"
        "[coordinator {NL802154_COORD_ADDR} pan {NL802154_COORD_PANID} ][{NL802154_ATTR_SCAN_TYPE} scan ]"
        "[{NL802154_ATTR_SCAN_DONE_REASON} ][{NL802154_DEV_ADDR_ATTR_PEER_TYPE} ][security {NL802154_ATTR_SEC_ENABLED}]"

    )
    teaches = ("interface", "NL802154_ATTR_IFINDEX", "NL802154_ATTR_IFNAME")


for number, name in NL802154_CMD.names.items():
    bind_genl(nl802154, "nl802154", to=None, **{name: number})
