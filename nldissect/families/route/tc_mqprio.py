"""Traffic control: traffic classes mapped to hardware queues, mqprio and taprio (linux/pkt_sched.h)."""

from nldissect.wire import (
    S32,
    S64,
    U8,
    U16,
    U32,
    U64,
    Array,
    Attrs,
    AttrSet,
    Enum,
    Flags,
    Message,
    Nest,
    Pad,
    Struct,
    bind_attrs,
)

from ..common import CLOCK
from .tc import QDISC, TCA, TCLASS
from .tc_stats import TCA_STATS


class TC_MQPRIO_HW_OFFLOAD(Enum):
    NONE = 0
    TCS  = 1


class TC_MQPRIO_MODE(Enum):
    DCB     = 0
    CHANNEL = 1


class TC_MQPRIO_SHAPER(Enum):
    DCB     = 0
    BW_RATE = 1


class TC_FP(Enum):
    EXPRESS     = 1
    PREEMPTIBLE = 2


class TCA_MQPRIO_TC_ENTRY(AttrSet):
    INDEX = U32(1)
    FP    = U32(2, TC_FP)


class TCA_MQPRIO_MIN_RATE(AttrSet, prefix="TCA_MQPRIO"):
    MIN_RATE64 = U64(3, many=True, measure="B/s")


class TCA_MQPRIO_MAX_RATE(AttrSet, prefix="TCA_MQPRIO"):
    MAX_RATE64 = U64(4, many=True, measure="B/s")


class TCA_MQPRIO(AttrSet):
    MODE       = U16(1, TC_MQPRIO_MODE)
    SHAPER     = U16(2, TC_MQPRIO_SHAPER)
    MIN_RATE64 = Nest(3, TCA_MQPRIO_MIN_RATE)
    MAX_RATE64 = Nest(4, TCA_MQPRIO_MAX_RATE)
    TC_ENTRY   = Nest(5, TCA_MQPRIO_TC_ENTRY, many=True)


MAP = [U8.of("num_tc"), Array.of("prio_tc_map", U8, length=16), U8.of("hw", TC_MQPRIO_HW_OFFLOAD),
       Array.of("count", U16, length=16), Array.of("offset", U16, length=16)]


class tc_mqprio_qopt(Message):
    fields_desc = MAP


class tc_mqprio_options(Message):           # struct tc_mqprio_qopt, then attributes aligned to 4
    fields_desc = [*MAP, Pad.of("__pad", 2), Attrs("attrs", TCA_MQPRIO)]


class TC_TAPRIO_CMD(Enum):
    SET_GATES       = 0
    SET_AND_HOLD    = 1
    SET_AND_RELEASE = 2


class TCA_TAPRIO_SCHED_ENTRY(AttrSet):
    INDEX     = U32(1)
    CMD       = U8(2, TC_TAPRIO_CMD)
    GATE_MASK = U32(3, base=16)
    INTERVAL  = U32(4, measure="ns")


class TCA_TAPRIO_SCHED(AttrSet):
    ENTRY = Nest(1, TCA_TAPRIO_SCHED_ENTRY, many=True)


class TCA_TAPRIO_TC_ENTRY(AttrSet):
    INDEX   = U32(1)
    MAX_SDU = U32(2)
    FP      = U32(3, TC_FP)


class TCA_TAPRIO_OFFLOAD_STATS(AttrSet):
    PAD          = Pad(1)
    WINDOW_DROPS = U64(2)
    TX_OVERRUNS  = U64(3)


class TCA_TAPRIO_ATTR_FLAG(Flags):
    TXTIME_ASSIST = 0x1
    FULL_OFFLOAD  = 0x2


class TCA_TAPRIO(AttrSet):
    ATTR_PRIOMAP                    = Struct(1, tc_mqprio_qopt)
    ATTR_SCHED_ENTRY_LIST           = Nest(2, TCA_TAPRIO_SCHED)
    ATTR_SCHED_BASE_TIME            = S64(3, measure="ns")
    ATTR_SCHED_SINGLE_ENTRY         = Nest(4, TCA_TAPRIO_SCHED)
    ATTR_SCHED_CLOCKID              = S32(5, CLOCK)
    PAD                             = Pad(6)
    ATTR_ADMIN_SCHED                = Nest(7, "self")
    ATTR_SCHED_CYCLE_TIME           = S64(8, measure="ns")
    ATTR_SCHED_CYCLE_TIME_EXTENSION = S64(9, measure="ns")
    ATTR_FLAGS                      = U32(10, TCA_TAPRIO_ATTR_FLAG)
    ATTR_TXTIME_DELAY               = U32(11, measure="ns")
    ATTR_TC_ENTRY                   = Nest(12, TCA_TAPRIO_TC_ENTRY, many=True)


bind_attrs(TCA.OPTIONS, Struct(None, tc_mqprio_options), KIND="mqprio")
bind_attrs(TCA.OPTIONS, TCA_TAPRIO, KIND="taprio")
bind_attrs(TCA_STATS.APP, Nest(None, TCA_TAPRIO_OFFLOAD_STATS), TCA_KIND="taprio", nlmsg_type=(*QDISC, *TCLASS))
