"""Data centre bridging as CEE has it: priority groups, flow control, congestion notification (linux/dcbnl.h)."""

from nldissect.wire import U8, U16, U32, Array, AttrSet, Blob, Enum, Flag, Flags, Message, Nest, Struct


class DCB_APP_IDTYPE(Enum):
    ETHTYPE = 0
    PORTNUM = 1


class DCB_CAP_DCBX(Flags):
    HOST        = 0x01
    LLD_MANAGED = 0x02
    VER_CEE     = 0x04
    VER_IEEE    = 0x08
    STATIC      = 0x10


class DCB_FEATCFG(Flags):
    ERROR     = 0x01
    ENABLE    = 0x02
    WILLING   = 0x04
    ADVERTISE = 0x08


class APP_SEL(Enum, prefix=""):
    """What `protocol` of a dcb_app is."""

    IEEE_8021QAZ_APP_SEL_ETHERTYPE = 1
    IEEE_8021QAZ_APP_SEL_STREAM    = 2
    IEEE_8021QAZ_APP_SEL_DGRAM     = 3
    IEEE_8021QAZ_APP_SEL_ANY       = 4
    IEEE_8021QAZ_APP_SEL_DSCP      = 5
    DCB_APP_SEL_PCP                = 255


class dcb_app(Message):
    fields_desc = [U8.of("selector", APP_SEL), U8.of("priority"), U16.of("protocol")]


class dcb_peer_app_info(Message):
    fields_desc = [U8.of("willing"), U8.of("error")]


class cee_pg(Message):
    fields_desc = [
        U8.of("willing"), U8.of("error"), U8.of("pg_en"), U8.of("tcs_supported"),
        Array.of("pg_bw", U8, length=8), Array.of("prio_pg", U8, length=8),
    ]


class cee_pfc(Message):
    fields_desc = [U8.of("willing"), U8.of("error"), U8.of("pfc_en"), U8.of("tcs_supported")]


class DCB_PFC_UP_ATTR(AttrSet):
    _0  = U8(1)
    _1  = U8(2)
    _2  = U8(3)
    _3  = U8(4)
    _4  = U8(5)
    _5  = U8(6)
    _6  = U8(7)
    _7  = U8(8)
    ALL = Flag(9)


class DCB_TC_ATTR(AttrSet):
    PARAM_PGID        = U8(1)
    PARAM_UP_MAPPING  = U8(2)
    PARAM_STRICT_PRIO = U8(3)
    PARAM_BW_PCT      = U8(4)
    PARAM_ALL         = Flag(5)


class DCB_PG_ATTR(AttrSet):
    TC_0      = Nest(1, DCB_TC_ATTR)
    TC_1      = Nest(2, DCB_TC_ATTR)
    TC_2      = Nest(3, DCB_TC_ATTR)
    TC_3      = Nest(4, DCB_TC_ATTR)
    TC_4      = Nest(5, DCB_TC_ATTR)
    TC_5      = Nest(6, DCB_TC_ATTR)
    TC_6      = Nest(7, DCB_TC_ATTR)
    TC_7      = Nest(8, DCB_TC_ATTR)
    TC_MAX    = Blob(9, "a bound of the kernel's, not sent")
    TC_ALL    = Nest(10, DCB_TC_ATTR)
    BW_ID_0   = U8(11)
    BW_ID_1   = U8(12)
    BW_ID_2   = U8(13)
    BW_ID_3   = U8(14)
    BW_ID_4   = U8(15)
    BW_ID_5   = U8(16)
    BW_ID_6   = U8(17)
    BW_ID_7   = U8(18)
    BW_ID_MAX = Blob(19, "a bound of the kernel's, not sent")
    BW_ID_ALL = Flag(20)


class DCB_CAP_ATTR(AttrSet):
    ALL     = Flag(1)
    PG      = U8(2)
    PFC     = U8(3)
    UP2TC   = U8(4)
    PG_TCS  = U8(5, base=16)
    PFC_TCS = U8(6, base=16)
    GSP     = U8(7)
    BCN     = U8(8)
    DCBX    = U8(9, DCB_CAP_DCBX)


class DCB_NUMTCS_ATTR(AttrSet):
    ALL = Flag(1)
    PG  = U8(2)
    PFC = U8(3)


class DCB_BCN_ATTR(AttrSet):
    RP_0   = U8(1)
    RP_1   = U8(2)
    RP_2   = U8(3)
    RP_3   = U8(4)
    RP_4   = U8(5)
    RP_5   = U8(6)
    RP_6   = U8(7)
    RP_7   = U8(8)
    RP_ALL = Flag(9)
    BCNA_0 = U32(10)
    BCNA_1 = U32(11)
    ALPHA  = U32(12)
    BETA   = U32(13)
    GD     = U32(14)
    GI     = U32(15)
    TMAX   = U32(16)
    TD     = U32(17)
    RMIN   = U32(18)
    W      = U32(19)
    RD     = U32(20)
    RU     = U32(21)
    WRTT   = U32(22)
    RI     = U32(23)
    C      = U32(24)
    ALL    = Flag(25)


class DCB_APP_ATTR(AttrSet):
    IDTYPE   = U8(1, DCB_APP_IDTYPE)
    ID       = U16(2)
    PRIORITY = U8(3, base=16)


class DCB_FEATCFG_ATTR(AttrSet):
    ALL = Flag(1)
    PG  = U8(2, DCB_FEATCFG)
    PFC = U8(3, DCB_FEATCFG)
    APP = U8(4, DCB_FEATCFG)


class DCB_ATTR_CEE_PEER(AttrSet):
    APP_INFO = Struct(1, dcb_peer_app_info)
    APP      = Struct(2, dcb_app, many=True)


class DCB_ATTR_CEE_APP_TABLE(AttrSet, prefix="DCB_ATTR"):
    CEE_APP = Blob(1, "not sent: the kernel writes DCB_ATTR_APP here")
    APP     = Nest(12, DCB_APP_ATTR, many=True)


class DCB_ATTR_CEE(AttrSet):
    PEER_PG        = Struct(1, cee_pg)
    PEER_PFC       = Struct(2, cee_pfc)
    PEER_APP_TABLE = Nest(3, DCB_ATTR_CEE_PEER)
    TX_PG          = Nest(4, DCB_PG_ATTR)
    RX_PG          = Nest(5, DCB_PG_ATTR)
    PFC            = Nest(6, DCB_PFC_UP_ATTR)
    APP_TABLE      = Nest(7, DCB_ATTR_CEE_APP_TABLE)
    FEAT           = Nest(8, DCB_FEATCFG_ATTR)
