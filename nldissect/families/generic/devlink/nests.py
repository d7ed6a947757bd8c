"""Devlink's nests that number their attributes apart, or whose values say their own type (linux/devlink.h)."""

from nldissect.wire import (
    U8,
    U16,
    U32,
    U64,
    AttrSet,
    Bitfield32,
    Blob,
    Flag,
    Mac,
    Nest,
    Pad,
    Text,
    bind_attrs,
    bind_flagged,
)

from .constants import (
    DEVLINK_PARAM_CMODE,
    DEVLINK_PORT_FN_CAP,
    DEVLINK_PORT_FN_OPSTATE,
    DEVLINK_PORT_FN_STATE,
    DEVLINK_SELFTEST_STATUS,
    DEVLINK_VAR_ATTR_TYPE,
)

TYPED = "its type stands beside it"


class DEVLINK_STATS(AttrSet, prefix="DEVLINK_ATTR"):
    STATS_RX_PACKETS = U64(0)
    STATS_RX_BYTES   = U64(1)
    STATS_RX_DROPPED = U64(2)
    PAD              = Pad(61)


class DEVLINK_TRAP_METADATA(AttrSet, prefix="DEVLINK_ATTR"):
    TRAP_METADATA_TYPE_IN_PORT   = Flag(0)
    TRAP_METADATA_TYPE_FA_COOKIE = Flag(1)


class DEVLINK_PORT_FUNCTION(AttrSet, prefix="DEVLINK_PORT"):
    FUNCTION_ATTR_HW_ADDR = Mac(1)
    FN_ATTR_STATE         = U8(2, DEVLINK_PORT_FN_STATE)
    FN_ATTR_OPSTATE       = U8(3, DEVLINK_PORT_FN_OPSTATE)
    FN_ATTR_CAPS          = Bitfield32(4, DEVLINK_PORT_FN_CAP)
    FN_ATTR_DEVLINK       = Nest(5, "DEVLINK_ATTR")
    FN_ATTR_MAX_IO_EQS    = U32(6)


class DEVLINK_RATE_TC_ATTR(AttrSet):
    INDEX = U8(1)
    BW    = U32(2)


class DEVLINK_ATTR_SELFTEST_ID(AttrSet):
    """The tests asked for, or those a device has."""

    FLASH = Flag(1)


class DEVLINK_ATTR_SELFTEST_RESULT(AttrSet):
    ID     = U32(2)
    STATUS = U8(3, DEVLINK_SELFTEST_STATUS)


class DEVLINK_SELFTEST_RESULTS(AttrSet, prefix="DEVLINK_ATTR"):
    SELFTEST_RESULT = Nest(1, DEVLINK_ATTR_SELFTEST_RESULT, many=True)


class DEVLINK_LINECARD_TYPES(AttrSet, prefix="DEVLINK_ATTR"):
    LINECARD_TYPE = Text(173, many=True)


class DEVLINK_FMSG(AttrSet, prefix="DEVLINK_ATTR", sequence=True):
    """A tree written down in order: what a health reporter has to say."""

    PAD                  = Pad(61)
    FMSG_OBJ_NEST_START  = Flag(107, many=True)
    FMSG_PAIR_NEST_START = Flag(108, many=True)
    FMSG_ARR_NEST_START  = Flag(109, many=True)
    FMSG_NEST_END        = Flag(110, many=True)
    FMSG_OBJ_NAME        = Text(111, many=True)
    FMSG_OBJ_VALUE_TYPE  = U8(112, DEVLINK_VAR_ATTR_TYPE, many=True)
    FMSG_OBJ_VALUE_DATA  = Blob(113, TYPED, many=True)


bind_attrs(DEVLINK_FMSG.FMSG_OBJ_VALUE_DATA, U8, FMSG_OBJ_VALUE_TYPE=DEVLINK_VAR_ATTR_TYPE.FLAG)
bind_attrs(DEVLINK_FMSG.FMSG_OBJ_VALUE_DATA, U8, FMSG_OBJ_VALUE_TYPE=DEVLINK_VAR_ATTR_TYPE.U8)
bind_attrs(DEVLINK_FMSG.FMSG_OBJ_VALUE_DATA, U32, FMSG_OBJ_VALUE_TYPE=DEVLINK_VAR_ATTR_TYPE.U32)
bind_attrs(DEVLINK_FMSG.FMSG_OBJ_VALUE_DATA, U64, FMSG_OBJ_VALUE_TYPE=DEVLINK_VAR_ATTR_TYPE.U64)
bind_attrs(DEVLINK_FMSG.FMSG_OBJ_VALUE_DATA, Text, FMSG_OBJ_VALUE_TYPE=DEVLINK_VAR_ATTR_TYPE.NUL_STRING)


class DEVLINK_PARAM_VALUE(AttrSet, prefix="DEVLINK_ATTR"):
    PARAM_VALUE_DATA    = Blob(86, TYPED)
    PARAM_VALUE_CMODE   = U8(87, DEVLINK_PARAM_CMODE)
    PARAM_VALUE_DEFAULT = Blob(182, TYPED)          # 6.19


class DEVLINK_PARAM_VALUES(AttrSet, prefix="DEVLINK_ATTR"):
    PARAM_VALUE = Nest(85, DEVLINK_PARAM_VALUE, many=True)


class DEVLINK_PARAM(AttrSet, prefix="DEVLINK_ATTR"):
    PARAM_NAME        = Text(81)
    PARAM_GENERIC     = Flag(82)
    PARAM_TYPE        = U8(83, DEVLINK_VAR_ATTR_TYPE)
    PARAM_VALUES_LIST = Nest(84, DEVLINK_PARAM_VALUES)


def type_values(*rows: Blob) -> None:
    """Let PARAM_TYPE, beside a value or around it, say what it is; a flag has no bytes, and is not there if false."""
    true = Flag(None, word="true")
    kinds = {"U8": U8, "U16": U16, "U32": U32, "U64": U64, "STRING": Text, "FLAG": true, "NUL_STRING": Text}
    for row in rows:
        for name, kind in kinds.items():
            bind_attrs(row, kind, DEVLINK_ATTR_PARAM_TYPE=getattr(DEVLINK_VAR_ATTR_TYPE, name))


type_values(DEVLINK_PARAM_VALUE.PARAM_VALUE_DATA, DEVLINK_PARAM_VALUE.PARAM_VALUE_DEFAULT)

bind_flagged("devlink", "DEVLINK_PORT_FUNCTION DEVLINK_ATTR_SELFTEST_ID")
