"""CAN controllers: IFLA_INFO_DATA and _XSTATS of kind "can" (linux/can/netlink.h)."""

from nldissect.wire import (
    U16,
    U32,
    Array,
    AttrSet,
    Enum,
    Flags,
    Message,
    Nest,
    Struct,
    Text,
    bind_attrs,
)

from .link import IFLA_INFO


class CAN_STATE(Enum):
    ERROR_ACTIVE  = 0
    ERROR_WARNING = 1
    ERROR_PASSIVE = 2
    BUS_OFF       = 3
    STOPPED       = 4
    SLEEPING      = 5


class CAN_CTRLMODE(Flags):
    LOOPBACK       = 0x0001
    LISTENONLY     = 0x0002
    _3_SAMPLES     = 0x0004
    ONE_SHOT       = 0x0008
    BERR_REPORTING = 0x0010
    FD             = 0x0020
    PRESUME_ACK    = 0x0040
    FD_NON_ISO     = 0x0080
    CC_LEN8_DLC    = 0x0100
    TDC_AUTO       = 0x0200
    TDC_MANUAL     = 0x0400
    RESTRICTED     = 0x0800
    XL             = 0x1000
    XL_TDC_AUTO    = 0x2000
    XL_TDC_MANUAL  = 0x4000
    XL_TMS         = 0x8000


class can_bittiming(Message):
    fields_desc = [
        U32.of("bitrate", measure="bit/s"), U32.of("sample_point"), U32.of("tq"), U32.of("prop_seg"),
        U32.of("phase_seg1"), U32.of("phase_seg2"), U32.of("sjw"), U32.of("brp"),
    ]


class can_bittiming_const(Message):
    fields_desc = [
        Text.of("name_", 16), U32.of("tseg1_min"), U32.of("tseg1_max"), U32.of("tseg2_min"), U32.of("tseg2_max"),
        U32.of("sjw_max"), U32.of("brp_min"), U32.of("brp_max"), U32.of("brp_inc"),
    ]


class can_clock(Message):
    fields_desc = [U32.of("freq")]


class can_berr_counter(Message):
    fields_desc = [U16.of("txerr"), U16.of("rxerr")]


class can_ctrlmode(Message):
    fields_desc = [U32.of("mask", CAN_CTRLMODE), U32.of("flags", CAN_CTRLMODE)]


class can_device_stats(Message):
    fields_desc = [
        U32.of("bus_error"), U32.of("error_warning"), U32.of("error_passive"), U32.of("bus_off"),
        U32.of("arbitration_lost"), U32.of("restarts"),
    ]


class IFLA_CAN_TDC(AttrSet):
    TDCV_MIN = U32(1)
    TDCV_MAX = U32(2)
    TDCO_MIN = U32(3)
    TDCO_MAX = U32(4)
    TDCF_MIN = U32(5)
    TDCF_MAX = U32(6)
    TDCV     = U32(7)
    TDCO     = U32(8)
    TDCF     = U32(9)


class IFLA_CAN_PWM(AttrSet):
    PWMS_MIN = U32(1)
    PWMS_MAX = U32(2)
    PWML_MIN = U32(3)
    PWML_MAX = U32(4)
    PWMO_MIN = U32(5)
    PWMO_MAX = U32(6)
    PWMS     = U32(7)
    PWML     = U32(8)
    PWMO     = U32(9)


class IFLA_CAN_CTRLMODE(AttrSet):
    SUPPORTED = U32(1, CAN_CTRLMODE)


class IFLA_CAN(AttrSet):
    BITTIMING               = Struct(1, can_bittiming)
    BITTIMING_CONST         = Struct(2, can_bittiming_const)
    CLOCK                   = Struct(3, can_clock)
    STATE                   = U32(4, CAN_STATE)
    CTRLMODE                = Struct(5, can_ctrlmode)
    RESTART_MS              = U32(6, measure="ms")
    RESTART                 = U32(7)
    BERR_COUNTER            = Struct(8, can_berr_counter)
    DATA_BITTIMING          = Struct(9, can_bittiming)
    DATA_BITTIMING_CONST    = Struct(10, can_bittiming_const)
    TERMINATION             = U16(11)
    TERMINATION_CONST       = Array(12, U16)
    BITRATE_CONST           = Array(13, U32)
    DATA_BITRATE_CONST      = Array(14, U32)
    BITRATE_MAX             = U32(15, measure="bit/s")
    TDC                     = Nest(16, IFLA_CAN_TDC)
    CTRLMODE_EXT            = Nest(17, IFLA_CAN_CTRLMODE)
    XL_DATA_BITTIMING       = Struct(18, can_bittiming)
    XL_DATA_BITTIMING_CONST = Struct(19, can_bittiming_const)
    XL_DATA_BITRATE_CONST   = Array(20, U32)
    XL_TDC                  = Nest(21, IFLA_CAN_TDC)
    XL_PWM                  = Nest(22, IFLA_CAN_PWM)


bind_attrs(IFLA_INFO.DATA, IFLA_CAN, KIND="can")
bind_attrs(IFLA_INFO.XSTATS, can_device_stats, KIND="can")
