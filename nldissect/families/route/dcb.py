"""Data centre bridging: RTM_GETDCB, RTM_SETDCB, and what IEEE 802.1Qaz adds (linux/dcbnl.h)."""

from nldissect.wire import (
    NETLINK_ROUTE,
    U8,
    U16,
    U32,
    U64,
    Array,
    Attrs,
    AttrSet,
    Blob,
    Enum,
    Mac,
    Message,
    Nest,
    Pad,
    Struct,
    Text,
    bind_attrs,
    bind_message,
)

from ..common import AF
from .dcb_cee import (
    APP_SEL,
    DCB_APP_ATTR,
    DCB_ATTR_CEE,
    DCB_BCN_ATTR,
    DCB_CAP_ATTR,
    DCB_CAP_DCBX,
    DCB_FEATCFG_ATTR,
    DCB_NUMTCS_ATTR,
    DCB_PFC_UP_ATTR,
    DCB_PG_ATTR,
    dcb_app,
)


class DCB_CMD(Enum):
    UNDEFINED    = 0
    GSTATE       = 1
    SSTATE       = 2
    PGTX_GCFG    = 3
    PGTX_SCFG    = 4
    PGRX_GCFG    = 5
    PGRX_SCFG    = 6
    PFC_GCFG     = 7
    PFC_SCFG     = 8
    SET_ALL      = 9
    GPERM_HWADDR = 10
    GCAP         = 11
    GNUMTCS      = 12
    SNUMTCS      = 13
    PFC_GSTATE   = 14
    PFC_SSTATE   = 15
    BCN_GCFG     = 16
    BCN_SCFG     = 17
    GAPP         = 18
    SAPP         = 19
    IEEE_SET     = 20
    IEEE_GET     = 21
    GDCBX        = 22
    SDCBX        = 23
    GFEATCFG     = 24
    SFEATCFG     = 25
    CEE_GET      = 26
    IEEE_DEL     = 27


class IEEE_8021QAZ_TSA(Enum):
    STRICT    = 0
    CB_SHAPER = 1
    ETS       = 2
    VENDOR    = 255


class ieee_ets(Message):
    fields_desc = [
        U8.of("willing"), U8.of("ets_cap"), U8.of("cbs"),
        Array.of("tc_tx_bw", U8, length=8), Array.of("tc_rx_bw", U8, length=8),
        Array.of("tc_tsa", U8(None, IEEE_8021QAZ_TSA), length=8), Array.of("prio_tc", U8, length=8),
        Array.of("tc_reco_bw", U8, length=8), Array.of("tc_reco_tsa", U8(None, IEEE_8021QAZ_TSA), length=8),
        Array.of("reco_prio_tc", U8, length=8),
    ]


class ieee_pfc(Message):
    fields_desc = [
        U8.of("pfc_cap"), U8.of("pfc_en", base=16), U8.of("mbc"), Pad.of("__hole", 1),
        U16.of("delay"), Pad.of("__hole2", 2),
        Array.of("requests", U64, length=8), Array.of("indications", U64, length=8),
    ]


class ieee_maxrate(Message):
    fields_desc = [Array.of("tc_maxrate", U64, length=8)]


class ieee_qcn(Message):
    fields_desc = [
        Array.of("rpg_enable", U8, length=8), Array.of("rppp_max_rps", U32, length=8),
        Array.of("rpg_time_reset", U32, length=8), Array.of("rpg_byte_reset", U32, length=8),
        Array.of("rpg_threshold", U32, length=8), Array.of("rpg_max_rate", U32, length=8),
        Array.of("rpg_ai_rate", U32, length=8), Array.of("rpg_hai_rate", U32, length=8),
        Array.of("rpg_gd", U32, length=8), Array.of("rpg_min_dec_fac", U32, length=8),
        Array.of("rpg_min_rate", U32, length=8), Array.of("cndd_state_machine", U32, length=8),
    ]


class ieee_qcn_stats(Message):
    fields_desc = [Array.of("rppp_rp_centiseconds", U64, length=8), Array.of("rppp_created_rps", U32, length=8)]


class dcbnl_buffer(Message):
    fields_desc = [
        Array.of("prio2buffer", U8, length=8), Array.of("buffer_size", U32, length=8), U32.of("total_size"),
    ]


class DCB_ATTR_IEEE_APP_TABLE(AttrSet, prefix="DCB_ATTR"):
    IEEE_APP = Struct(1, dcb_app, many=True)
    DCB_APP  = Struct(2, dcb_app, many=True)


class DCB_ATTR_DCB_APP_TRUST_TABLE(AttrSet, prefix="DCB_ATTR"):
    IEEE_APP = U8(1, APP_SEL, many=True)
    DCB_APP  = U8(2, APP_SEL, many=True)


class DCB_ATTR_IEEE(AttrSet, prefix="DCB_ATTR"):
    """The last three go on counting under another prefix."""

    IEEE_ETS            = Struct(1, ieee_ets)
    IEEE_PFC            = Struct(2, ieee_pfc)
    IEEE_APP_TABLE      = Nest(3, DCB_ATTR_IEEE_APP_TABLE)
    IEEE_PEER_ETS       = Struct(4, ieee_ets)
    IEEE_PEER_PFC       = Struct(5, ieee_pfc)
    IEEE_PEER_APP       = Nest(6, DCB_ATTR_IEEE_APP_TABLE)
    IEEE_MAXRATE        = Struct(7, ieee_maxrate)
    IEEE_QCN            = Struct(8, ieee_qcn)
    IEEE_QCN_STATS      = Struct(9, ieee_qcn_stats)
    DCB_BUFFER          = Struct(10, dcbnl_buffer)
    DCB_APP_TRUST_TABLE = Nest(11, DCB_ATTR_DCB_APP_TRUST_TABLE)
    DCB_REWR_TABLE      = Nest(12, DCB_ATTR_IEEE_APP_TABLE)


class DCB_ATTR(AttrSet):
    IFNAME      = Text(1)
    STATE       = U8(2)
    PFC_STATE   = U8(3)
    PFC_CFG     = Nest(4, DCB_PFC_UP_ATTR)
    NUM_TC      = Blob(5, "no kernel has read or sent it")
    PG_CFG      = Nest(6, DCB_PG_ATTR)
    SET_ALL     = U8(7)
    PERM_HWADDR = Mac(8)
    CAP         = Nest(9, DCB_CAP_ATTR)
    NUMTCS      = Nest(10, DCB_NUMTCS_ATTR)
    BCN         = Nest(11, DCB_BCN_ATTR)
    APP         = Nest(12, DCB_APP_ATTR)
    IEEE        = Nest(13, DCB_ATTR_IEEE)
    DCBX        = U8(14, DCB_CAP_DCBX)
    FEATCFG     = Nest(15, DCB_FEATCFG_ATTR)
    CEE         = Nest(16, DCB_ATTR_CEE)


# The answer to a SET command has no interface name and one byte in place of the nest: how it went.
bind_attrs(DCB_ATTR.PFC_CFG, U8(None), cmd=DCB_CMD.PFC_SCFG, IFNAME=None)
bind_attrs(DCB_ATTR.PG_CFG, U8(None), cmd=(DCB_CMD.PGTX_SCFG, DCB_CMD.PGRX_SCFG), IFNAME=None)
bind_attrs(DCB_ATTR.NUMTCS, U8(None), cmd=DCB_CMD.SNUMTCS, IFNAME=None)
bind_attrs(DCB_ATTR.BCN, U8(None), cmd=DCB_CMD.BCN_SCFG, IFNAME=None)
bind_attrs(DCB_ATTR.APP, U8(None), cmd=DCB_CMD.SAPP, IFNAME=None)
bind_attrs(DCB_ATTR.IEEE, U8(None), cmd=(DCB_CMD.IEEE_SET, DCB_CMD.IEEE_DEL), IFNAME=None)
bind_attrs(DCB_ATTR.FEATCFG, U8(None), cmd=DCB_CMD.SFEATCFG, IFNAME=None)


class dcbmsg(Message):
    fields_desc = [U8.of("dcb_family", AF), U8.of("cmd", DCB_CMD), Pad.of("dcb_pad", 2), Attrs("attrs", DCB_ATTR)]
    summary = "{cmd} [dev {DCB_ATTR_IFNAME}] [state {DCB_ATTR_STATE}] [<{DCB_ATTR_DCBX}>]"


bind_message(dcbmsg, NETLINK_ROUTE, RTM_GETDCB=78, RTM_SETDCB=79)
