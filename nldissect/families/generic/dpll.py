"""Digital phase-locked loops and their pins (linux/dpll.h, drivers/dpll/dpll_netlink.c).

Newer than 6.12: PHASE_OFFSET_MONITOR, PHASE_OFFSET_AVG_FACTOR and REFERENCE_SYNC (6.17, 6.18), PHASE_ADJUST_GRAN
(6.19), FREQUENCY_MONITOR and the last three of pins (7.0 and later).
"""

from nldissect.wire import S32, S64, U32, U64, AttrSet, Enum, Flags, Nest, Pad, Sint, Text, bind_genl


class DPLL_MODE(Enum):
    MANUAL    = 1
    AUTOMATIC = 2


class DPLL_LOCK_STATUS(Enum):
    UNLOCKED      = 1
    LOCKED        = 2
    LOCKED_HO_ACQ = 3
    HOLDOVER      = 4


class DPLL_LOCK_STATUS_ERROR(Enum):
    NONE                                 = 1
    UNDEFINED                            = 2
    MEDIA_DOWN                           = 3
    FRACTIONAL_FREQUENCY_OFFSET_TOO_HIGH = 4


class DPLL_CLOCK_QUALITY_LEVEL(Enum):
    ITU_OPT1_PRC   = 1
    ITU_OPT1_SSU_A = 2
    ITU_OPT1_SSU_B = 3
    ITU_OPT1_EEC1  = 4
    ITU_OPT1_PRTC  = 5
    ITU_OPT1_EPRTC = 6
    ITU_OPT1_EEEC  = 7
    ITU_OPT1_EPRC  = 8


class DPLL_TYPE(Enum):
    PPS = 1
    EEC = 2


class DPLL_FEATURE_STATE(Enum):
    DISABLE = 0
    ENABLE  = 1


class DPLL_PIN_TYPE(Enum):
    MUX            = 1
    EXT            = 2
    SYNCE_ETH_PORT = 3
    INT_OSCILLATOR = 4
    GNSS           = 5


class DPLL_PIN_DIRECTION(Enum):
    INPUT  = 1
    OUTPUT = 2


class DPLL_PIN_STATE(Enum):
    CONNECTED    = 1
    DISCONNECTED = 2
    SELECTABLE   = 3


class DPLL_PIN_OPERSTATE(Enum):
    ACTIVE      = 1
    STANDBY     = 2
    NO_SIGNAL   = 3
    QUAL_FAILED = 4


class DPLL_PIN_CAPABILITIES(Flags):
    DIRECTION_CAN_CHANGE = 1
    PRIORITY_CAN_CHANGE  = 2
    STATE_CAN_CHANGE     = 4


class DPLL_A(AttrSet):
    ID                      = U32(1)
    MODULE_NAME             = Text(2)
    PAD                     = Pad(3)
    CLOCK_ID                = U64(4, base=16)
    MODE                    = U32(5, DPLL_MODE)
    MODE_SUPPORTED          = U32(6, DPLL_MODE, many=True)
    LOCK_STATUS             = U32(7, DPLL_LOCK_STATUS)
    TEMP                    = S32(8)                        # thousandths of a degree Celsius
    TYPE                    = U32(9, DPLL_TYPE)
    LOCK_STATUS_ERROR       = U32(10, DPLL_LOCK_STATUS_ERROR)
    CLOCK_QUALITY_LEVEL     = U32(11, DPLL_CLOCK_QUALITY_LEVEL, many=True)
    PHASE_OFFSET_MONITOR    = U32(12, DPLL_FEATURE_STATE)
    PHASE_OFFSET_AVG_FACTOR = U32(13)
    FREQUENCY_MONITOR       = U32(14, DPLL_FEATURE_STATE)

    template = (
        "[dpll {DPLL_A_ID} ][{DPLL_A_MODULE_NAME} ][clock {DPLL_A_CLOCK_ID} ][{DPLL_A_TYPE} ][mode {DPLL_A_MODE} ]"
        "[{DPLL_A_LOCK_STATUS} ][({DPLL_A_LOCK_STATUS_ERROR}) ][quality {DPLL_A_CLOCK_QUALITY_LEVEL*} ]"
        "[phase-offset-monitor {DPLL_A_PHASE_OFFSET_MONITOR}]"
    )


class DPLL_A_PIN(AttrSet):
    """Also what stands in its nests: parents, ranges of frequencies, partners of a reference pair."""

    ID                              = U32(1)
    PARENT_ID                       = U32(2)
    MODULE_NAME                     = Text(3)
    PAD                             = Pad(4)
    CLOCK_ID                        = U64(5, base=16)
    BOARD_LABEL                     = Text(6)
    PANEL_LABEL                     = Text(7)
    PACKAGE_LABEL                   = Text(8)
    TYPE                            = U32(9, DPLL_PIN_TYPE)
    DIRECTION                       = U32(10, DPLL_PIN_DIRECTION)
    FREQUENCY                       = U64(11)               # Hz
    FREQUENCY_SUPPORTED             = Nest(12, "self", many=True)
    FREQUENCY_MIN                   = U64(13)
    FREQUENCY_MAX                   = U64(14)
    PRIO                            = U32(15)
    STATE                           = U32(16, DPLL_PIN_STATE)
    CAPABILITIES                    = U32(17, DPLL_PIN_CAPABILITIES)
    PARENT_DEVICE                   = Nest(18, "self", many=True)
    PARENT_PIN                      = Nest(19, "self", many=True)
    PHASE_ADJUST_MIN                = S32(20)               # picoseconds
    PHASE_ADJUST_MAX                = S32(21)
    PHASE_ADJUST                    = S32(22)
    PHASE_OFFSET                    = S64(23)               # thousandths of a picosecond
    FRACTIONAL_FREQUENCY_OFFSET     = Sint(24)              # parts per million
    ESYNC_FREQUENCY                 = U64(25)
    ESYNC_FREQUENCY_SUPPORTED       = Nest(26, "self", many=True)
    ESYNC_PULSE                     = U32(27)               # percent
    REFERENCE_SYNC                  = Nest(28, "self", many=True)
    PHASE_ADJUST_GRAN               = U32(29)
    FRACTIONAL_FREQUENCY_OFFSET_PPT = Sint(30)              # parts per trillion
    MEASURED_FREQUENCY              = U64(31)               # mHz
    OPERSTATE                       = U32(32, DPLL_PIN_OPERSTATE)

    template = (
        "[pin {DPLL_A_PIN_ID} ][{DPLL_A_PIN_BOARD_LABEL} ][{DPLL_A_PIN_PANEL_LABEL} ][{DPLL_A_PIN_PACKAGE_LABEL} ]"
        "[{DPLL_A_PIN_MODULE_NAME} ][clock {DPLL_A_PIN_CLOCK_ID} ][type {DPLL_A_PIN_TYPE} ]"
        "[frequency {DPLL_A_PIN_FREQUENCY} Hz ]"
        "[on dpll {DPLL_A_PIN_PARENT_DEVICE.DPLL_A_PIN_PARENT_ID} ]"
        "[behind pin {DPLL_A_PIN_PARENT_PIN.DPLL_A_PIN_PARENT_ID} ][{DPLL_A_PIN_DIRECTION*} ][{DPLL_A_PIN_STATE*} ]"
        "[prio {DPLL_A_PIN_PRIO*} ][phase-adjust {DPLL_A_PIN_PHASE_ADJUST}]"
    )


bind_genl(
    DPLL_A,
    "dpll",
    DPLL_CMD_DEVICE_ID_GET=1,
    DPLL_CMD_DEVICE_GET=2,
    DPLL_CMD_DEVICE_SET=3,
    DPLL_CMD_DEVICE_CREATE_NTF=4,
    DPLL_CMD_DEVICE_DELETE_NTF=5,
    DPLL_CMD_DEVICE_CHANGE_NTF=6,
)
bind_genl(
    DPLL_A_PIN,
    "dpll",
    DPLL_CMD_PIN_ID_GET=7,
    DPLL_CMD_PIN_GET=8,
    DPLL_CMD_PIN_SET=9,
    DPLL_CMD_PIN_CREATE_NTF=10,
    DPLL_CMD_PIN_DELETE_NTF=11,
    DPLL_CMD_PIN_CHANGE_NTF=12,
)
