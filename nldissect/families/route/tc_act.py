"""Traffic control: actions, alone and inside filters (linux/pkt_cls.h, linux/rtnetlink.h)."""

from nldissect.wire import (
    NETLINK_ROUTE,
    S32,
    U8,
    U32,
    U64,
    Array,
    Attrs,
    AttrSet,
    Bitfield32,
    Blob,
    Flags,
    Message,
    Nest,
    Nests,
    Pad,
    Struct,
    Text,
    bind_attrs,
    bind_message,
)

from ..common import AF
from .tc import tc_ratespec
from .tc_info import TC_ACT, Control
from .tc_stats import TCA_STATS

TC_GEN = [U32.of("index"), U32.of("capab"), Control.of("action"), S32.of("refcnt"), S32.of("bindcnt")]


class tcf_t(Message):
    fields_desc = [
        U64.of("install", measure="clock_t"), U64.of("lastuse", measure="clock_t"),
        U64.of("expires", measure="clock_t"), U64.of("firstuse", measure="clock_t"),
    ]


class TCA_ACT_FLAGS(Flags):
    NO_PERCPU_STATS = 0x1
    SKIP_HW         = 0x2
    SKIP_SW         = 0x4


class TCA_ACT_HW_STATS(Flags):
    IMMEDIATE = 0x1
    DELAYED   = 0x2


class TCA_ACT(AttrSet):
    KIND          = Text(1)
    OPTIONS       = Nest(2)
    INDEX         = U32(3)
    STATS         = Nest(4, TCA_STATS)
    PAD           = Pad(5)
    COOKIE        = Blob(6, "the user's own mark, which the kernel gives back unread")
    FLAGS         = Bitfield32(7, TCA_ACT_FLAGS)
    HW_STATS      = Bitfield32(8, TCA_ACT_HW_STATS)
    USED_HW_STATS = Bitfield32(9, TCA_ACT_HW_STATS)
    IN_HW_COUNT   = U32(10)


class TCA_ACT_FLAG(Flags):
    LARGE_DUMP_ON = 0x1
    TERSE_DUMP    = 0x2


class TCA_ROOT(AttrSet):
    TAB          = Nests(1, TCA_ACT)
    FLAGS        = Bitfield32(2, TCA_ACT_FLAG)
    COUNT        = U32(3)
    TIME_DELTA   = U32(4, measure="ms")
    EXT_WARN_MSG = Text(5)


class tcamsg(Message):
    fields_desc = [U8.of("tca_family", AF), Pad.of("tca__pad1", 1), Pad.of("tca__pad2", 2), Attrs("attrs", TCA_ROOT)]
    summary = "[actions {TCA_ROOT_TAB#}] [{TCA_ACT_KIND}] [index {TCA_ACT_INDEX|index}] [{action}] " \
              "[count {TCA_ROOT_COUNT}]"


bind_message(tcamsg, NETLINK_ROUTE, RTM_NEWACTION=48, RTM_DELACTION=49, RTM_GETACTION=50)


class tc_police(Message):
    fields_desc = [U32.of("index"), Control.of("action"), U32.of("limit"), U32.of("burst"), U32.of("mtu"),
                   Struct.of("rate", tc_ratespec), Struct.of("peakrate", tc_ratespec), S32.of("refcnt"),
                   S32.of("bindcnt"), U32.of("capab")]


class TCA_POLICE(AttrSet):                  # rate tables: the time that packets of growing size take
    TBF        = Struct(1, tc_police)
    RATE       = Array(2, U32)
    PEAKRATE   = Array(3, U32)
    AVRATE     = U32(4, measure="B/s")
    RESULT     = U32(5, TC_ACT)
    TM         = Struct(6, tcf_t)
    PAD        = Pad(7)
    RATE64     = U64(8, measure="B/s")
    PEAKRATE64 = U64(9, measure="B/s")
    PKTRATE64  = U64(10)
    PKTBURST64 = U64(11)


bind_attrs(TCA_ACT.OPTIONS, TCA_POLICE, KIND="police")
