"""Traffic control: cake (linux/pkt_sched.h)."""

from nldissect.wire import S32, U32, U64, AttrSet, Enum, Nest, Nests, Pad, bind_attrs

from .tc import QDISC, TCA, TCLASS
from .tc_stats import TCA_STATS


class CAKE_FLOW(Enum):
    NONE     = 0
    SRC_IP   = 1
    DST_IP   = 2
    HOSTS    = 3
    FLOWS    = 4
    DUAL_SRC = 5
    DUAL_DST = 6
    TRIPLE   = 7


class CAKE_DIFFSERV(Enum):
    DIFFSERV3  = 0
    DIFFSERV4  = 1
    DIFFSERV8  = 2
    BESTEFFORT = 3
    PRECEDENCE = 4


class CAKE_ACK(Enum):
    NONE       = 0
    FILTER     = 1
    AGGRESSIVE = 2


class CAKE_ATM(Enum):
    NONE = 0
    ATM  = 1
    PTM  = 2


class TCA_CAKE(AttrSet):
    PAD           = Pad(1)
    BASE_RATE64   = U64(2, measure="B/s")
    DIFFSERV_MODE = U32(3, CAKE_DIFFSERV)
    ATM           = U32(4, CAKE_ATM)
    FLOW_MODE     = U32(5, CAKE_FLOW)
    OVERHEAD      = S32(6)
    RTT           = U32(7, measure="us")
    TARGET        = U32(8, measure="us")
    AUTORATE      = U32(9)
    MEMORY        = U32(10)
    NAT           = U32(11)
    RAW           = U32(12)
    WASH          = U32(13)
    MPU           = U32(14)
    INGRESS       = U32(15)
    ACK_FILTER    = U32(16, CAKE_ACK)
    SPLIT_GSO     = U32(17)
    FWMARK        = U32(18, base=16)


class TCA_CAKE_TIN_STATS(AttrSet):
    PAD                  = Pad(1)
    SENT_PACKETS         = U32(2)
    SENT_BYTES64         = U64(3)
    DROPPED_PACKETS      = U32(4)
    DROPPED_BYTES64      = U64(5)
    ACKS_DROPPED_PACKETS = U32(6)
    ACKS_DROPPED_BYTES64 = U64(7)
    ECN_MARKED_PACKETS   = U32(8)
    ECN_MARKED_BYTES64   = U64(9)
    BACKLOG_PACKETS      = U32(10)
    BACKLOG_BYTES        = U32(11)
    THRESHOLD_RATE64     = U64(12, measure="B/s")
    TARGET_US            = U32(13, measure="us")
    INTERVAL_US          = U32(14, measure="us")
    WAY_INDIRECT_HITS    = U32(15)
    WAY_MISSES           = U32(16)
    WAY_COLLISIONS       = U32(17)
    PEAK_DELAY_US        = U32(18, measure="us")
    AVG_DELAY_US         = U32(19, measure="us")
    BASE_DELAY_US        = U32(20, measure="us")
    SPARSE_FLOWS         = U32(21)
    BULK_FLOWS           = U32(22)
    UNRESPONSIVE_FLOWS   = U32(23)
    MAX_SKBLEN           = U32(24)
    FLOW_QUANTUM         = U32(25)


class TCA_CAKE_STATS(AttrSet):
    PAD                 = Pad(1)
    CAPACITY_ESTIMATE64 = U64(2, measure="B/s")
    MEMORY_LIMIT        = U32(3)
    MEMORY_USED         = U32(4)
    AVG_NETOFF          = U32(5)
    MIN_NETLEN          = U32(6)
    MAX_NETLEN          = U32(7)
    MIN_ADJLEN          = U32(8)
    MAX_ADJLEN          = U32(9)
    TIN_STATS           = Nests(10, TCA_CAKE_TIN_STATS)
    DEFICIT             = S32(11)
    COBALT_COUNT        = U32(12)
    DROPPING            = U32(13)
    DROP_NEXT_US        = S32(14, measure="us")
    P_DROP              = U32(15)
    BLUE_TIMER_US       = S32(16, measure="us")


bind_attrs(TCA.OPTIONS, TCA_CAKE, KIND="cake")
bind_attrs(TCA_STATS.APP, Nest(None, TCA_CAKE_STATS), TCA_KIND="cake", nlmsg_type=(*QDISC, *TCLASS))
