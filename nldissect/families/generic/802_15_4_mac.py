"""The older interface to IEEE 802.15.4 (the kernel's include/linux/nl802154.h, net/ieee802154/nl-mac.c, nl-phy.c)."""

from nldissect.wire import S8, S32, U8, U16, U32, Array, AttrSet, Enum, Flags, Mac, Pad, Secret, Text, bind_genl


class IEEE802154_STATUS(Enum, prefix="IEEE802154"):
    SUCCESS                 = 0x00
    MAC_ERROR               = 0x01
    CANCELLED               = 0x02
    READY_FOR_POLL          = 0x03
    COUNTER_ERROR           = 0xDB
    IMPROPER_KEY_TYPE       = 0xDC
    IMPROPER_SECURITY_LEVEL = 0xDD
    UNSUPPORTED_LEGACY      = 0xDE
    UNSUPPORTED_SECURITY    = 0xDF
    BEACON_LOST             = 0xE0
    CHANNEL_ACCESS_FAILURE  = 0xE1
    DENIED                  = 0xE2
    DISABLE_TRX_FAILURE     = 0xE3
    FAILED_SECURITY_CHECK   = 0xE4
    FRAME_TOO_LONG          = 0xE5
    INVALID_GTS             = 0xE6
    INVALID_HANDLE          = 0xE7
    INVALID_PARAMETER       = 0xE8
    NO_ACK                  = 0xE9
    NO_BEACON               = 0xEA
    NO_DATA                 = 0xEB
    NO_SHORT_ADDRESS        = 0xEC
    OUT_OF_CAP              = 0xED
    PAN_ID_CONFLICT         = 0xEE
    REALIGNMENT             = 0xEF
    TRANSACTION_EXPIRED     = 0xF0
    TRANSACTION_OVERFLOW    = 0xF1
    TX_ACTIVE               = 0xF2
    UNAVAILABLE_KEY         = 0xF3
    UNSUPPORTED_ATTRIBUTE   = 0xF4
    INVALID_ADDRESS         = 0xF5
    ON_TIME_TOO_LONG        = 0xF6
    PAST_TIME               = 0xF7
    TRACKING_OFF            = 0xF8
    INVALID_INDEX           = 0xF9
    LIMIT_REACHED           = 0xFA
    READ_ONLY               = 0xFB
    SCAN_IN_PROGRESS        = 0xFC
    SUPERFRAME_OVERLAP      = 0xFD
    SYSTEM_ERROR            = 0xFF


class IEEE802154_DEV(Enum):
    WPAN    = 0
    MONITOR = 1


class IEEE802154_LLSEC_FRAMES(Flags, prefix="IEEE802154_FC_TYPE"):
    """Frame types as a set (linux/ieee802154.h)."""

    BEACON  = 0x1
    DATA    = 0x2
    ACK     = 0x4
    MAC_CMD = 0x8


class IEEE802154_SCF_KEY(Enum):
    IMPLICIT    = 0
    INDEX       = 1
    SHORT_INDEX = 2
    HW_INDEX    = 3


class IEEE802154_SCF_SECLEVEL(Enum):
    NONE       = 0
    MIC32      = 1
    MIC64      = 2
    MIC128     = 3
    ENC        = 4
    ENC_MIC32  = 5
    ENC_MIC64  = 6
    ENC_MIC128 = 7


class IEEE802154_ATTR(AttrSet):
    DEV_NAME                    = Text(1)
    DEV_INDEX                   = U32(2, refers="interface")
    STATUS                      = U8(3, IEEE802154_STATUS)
    SHORT_ADDR                  = U16(4, base=16)
    HW_ADDR                     = Mac(5, 8)
    PAN_ID                      = U16(6, base=16)
    CHANNEL                     = U8(7)
    COORD_SHORT_ADDR            = U16(8, base=16)
    COORD_HW_ADDR               = Mac(9, 8)
    COORD_PAN_ID                = U16(10, base=16)
    SRC_SHORT_ADDR              = U16(11, base=16)
    SRC_HW_ADDR                 = Mac(12, 8)
    SRC_PAN_ID                  = U16(13, base=16)
    DEST_SHORT_ADDR             = U16(14, base=16)
    DEST_HW_ADDR                = Mac(15, 8)
    DEST_PAN_ID                 = U16(16, base=16)
    CAPABILITY                  = U8(17, base=16)
    REASON                      = U8(18)
    SCAN_TYPE                   = U8(19)
    CHANNELS                    = U32(20, base=16)               # a bit for each
    DURATION                    = U8(21)
    ED_LIST                     = Array(22, U8)
    BCN_ORD                     = U8(23)
    SF_ORD                      = U8(24)
    PAN_COORD                   = U8(25)
    BAT_EXT                     = U8(26)
    COORD_REALIGN               = U8(27)
    SEC                         = U8(28)                         # in no message and no policy of the kernel
    PAGE                        = U8(29)
    CHANNEL_PAGE_LIST           = Array(30, U32(None, base=16))  # page from bit 27 up, a bit for each channel
    PHY_NAME                    = Text(31)
    DEV_TYPE                    = U8(32, IEEE802154_DEV)
    TXPOWER                     = S8(33)
    LBT_ENABLED                 = U8(34)
    CCA_MODE                    = U8(35)
    CCA_ED_LEVEL                = S32(36)
    CSMA_RETRIES                = U8(37)
    CSMA_MIN_BE                 = U8(38)
    CSMA_MAX_BE                 = U8(39)
    FRAME_RETRIES               = S8(40)
    LLSEC_ENABLED               = U8(41)
    LLSEC_SECLEVEL              = U8(42, IEEE802154_SCF_SECLEVEL)
    LLSEC_KEY_MODE              = U8(43, IEEE802154_SCF_KEY)
    LLSEC_KEY_SOURCE_SHORT      = U32(44, base=16)
    LLSEC_KEY_SOURCE_EXTENDED   = Mac(45, 8)
    LLSEC_KEY_ID                = U8(46)
    LLSEC_FRAME_COUNTER         = U32(47)
    LLSEC_KEY_BYTES             = Secret(48)
    LLSEC_KEY_USAGE_FRAME_TYPES = U8(49, IEEE802154_LLSEC_FRAMES)
    LLSEC_KEY_USAGE_COMMANDS    = Array(50, U32(None, base=16))
    LLSEC_FRAME_TYPE            = U8(51)
    LLSEC_CMD_FRAME_ID          = U8(52)
    LLSEC_SECLEVELS             = U8(53, base=16)                # a bit for each
    LLSEC_DEV_OVERRIDE          = U8(54)
    LLSEC_DEV_KEY_MODE          = U8(55)
    PAD                         = Pad(56)

    template = (
        "[{IEEE802154_ATTR_DEV_NAME|IEEE802154_ATTR_DEV_INDEX} ][{IEEE802154_ATTR_PHY_NAME} ]"
        "[{IEEE802154_ATTR_HW_ADDR} ][short {IEEE802154_ATTR_SHORT_ADDR} ][pan {IEEE802154_ATTR_PAN_ID} ]"
        "[page {IEEE802154_ATTR_PAGE} ][channel {IEEE802154_ATTR_CHANNEL} ][status {IEEE802154_ATTR_STATUS} ]"
        "[security {IEEE802154_ATTR_LLSEC_ENABLED} ][key {IEEE802154_ATTR_LLSEC_KEY_ID}]"
    )


bind_genl(
    IEEE802154_ATTR,
    "802.15.4 MAC",
    IEEE802154_ASSOCIATE_REQ=1,
    IEEE802154_ASSOCIATE_CONF=2,
    IEEE802154_DISASSOCIATE_REQ=3,
    IEEE802154_DISASSOCIATE_CONF=4,
    IEEE802154_GET_REQ=5,
    IEEE802154_GET_CONF=6,
    IEEE802154_RESET_REQ=7,
    IEEE802154_RESET_CONF=8,
    IEEE802154_SCAN_REQ=9,
    IEEE802154_SCAN_CONF=10,
    IEEE802154_SET_REQ=11,
    IEEE802154_SET_CONF=12,
    IEEE802154_START_REQ=13,
    IEEE802154_START_CONF=14,
    IEEE802154_SYNC_REQ=15,
    IEEE802154_POLL_REQ=16,
    IEEE802154_POLL_CONF=17,
    IEEE802154_ASSOCIATE_INDIC=18,
    IEEE802154_ASSOCIATE_RESP=19,
    IEEE802154_DISASSOCIATE_INDIC=20,
    IEEE802154_BEACON_NOTIFY_INDIC=21,
    IEEE802154_ORPHAN_INDIC=22,
    IEEE802154_ORPHAN_RESP=23,
    IEEE802154_COMM_STATUS_INDIC=24,
    IEEE802154_SYNC_LOSS_INDIC=25,
    IEEE802154_GTS_REQ=26,
    IEEE802154_GTS_INDIC=27,
    IEEE802154_GTS_CONF=28,
    IEEE802154_RX_ENABLE_REQ=29,
    IEEE802154_RX_ENABLE_CONF=30,
    IEEE802154_LIST_IFACE=31,
    IEEE802154_LIST_PHY=32,
    IEEE802154_ADD_IFACE=33,
    IEEE802154_DEL_IFACE=34,
    IEEE802154_SET_MACPARAMS=35,
    IEEE802154_LLSEC_GETPARAMS=36,
    IEEE802154_LLSEC_SETPARAMS=37,
    IEEE802154_LLSEC_LIST_KEY=38,
    IEEE802154_LLSEC_ADD_KEY=39,
    IEEE802154_LLSEC_DEL_KEY=40,
    IEEE802154_LLSEC_LIST_DEV=41,
    IEEE802154_LLSEC_ADD_DEV=42,
    IEEE802154_LLSEC_DEL_DEV=43,
    IEEE802154_LLSEC_LIST_DEVKEY=44,
    IEEE802154_LLSEC_ADD_DEVKEY=45,
    IEEE802154_LLSEC_DEL_DEVKEY=46,
    IEEE802154_LLSEC_LIST_SECLEVEL=47,
    IEEE802154_LLSEC_ADD_SECLEVEL=48,
    IEEE802154_LLSEC_DEL_SECLEVEL=49,
)
