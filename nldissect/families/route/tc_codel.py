"""Traffic control: queues that mind delay or fairness: codel, fq, pie, hhf and their kin (linux/pkt_sched.h)."""

from nldissect.wire import S32, S64, U8, U32, U64, Array, AttrSet, Enum, Message, Pad, Struct, bind_attrs

from .tc import QDISC, TCA, TCLASS
from .tc_qdisc import tc_prio_qopt
from .tc_stats import TCA_STATS


class TCA_CODEL(AttrSet):
    TARGET       = U32(1, measure="us")
    LIMIT        = U32(2)
    INTERVAL     = U32(3, measure="us")
    ECN          = U32(4)
    CE_THRESHOLD = U32(5, measure="us")


class tc_codel_xstats(Message):
    fields_desc = [U32.of("maxpacket"), U32.of("count"), U32.of("lastcount"), U32.of("ldelay", measure="us"),
                   S32.of("drop_next"),
                   U32.of("drop_overlimit"), U32.of("ecn_mark"), U32.of("dropping"), U32.of("ce_mark")]


class TCA_FQ_CODEL(AttrSet):
    TARGET                = U32(1, measure="us")
    LIMIT                 = U32(2)
    INTERVAL              = U32(3, measure="us")
    ECN                   = U32(4)
    FLOWS                 = U32(5)
    QUANTUM               = U32(6)
    CE_THRESHOLD          = U32(7, measure="us")
    DROP_BATCH_SIZE       = U32(8)
    MEMORY_LIMIT          = U32(9)
    CE_THRESHOLD_SELECTOR = U8(10)
    CE_THRESHOLD_MASK     = U8(11)


class TCA_FQ_CODEL_XSTATS(Enum):
    QDISC = 0
    CLASS = 1


class tc_fq_codel_qd_stats(Message):        # struct tc_fq_codel_xstats, whose type says which of its two unions holds
    fields_desc = [U32.of("type", TCA_FQ_CODEL_XSTATS), U32.of("maxpacket"), U32.of("drop_overlimit"),
                   U32.of("ecn_mark"), U32.of("new_flow_count"), U32.of("new_flows_len"), U32.of("old_flows_len"),
                   U32.of("ce_mark"), U32.of("memory_usage"), U32.of("drop_overmemory")]


class tc_fq_codel_cl_stats(Message):
    fields_desc = [U32.of("type", TCA_FQ_CODEL_XSTATS), S32.of("deficit"), U32.of("ldelay", measure="us"),
                   U32.of("count"),
                   U32.of("lastcount"), U32.of("dropping"), S32.of("drop_next"), Pad.of("__pad", 12)]


class TCA_FQ(AttrSet):
    PLIMIT             = U32(1)
    FLOW_PLIMIT        = U32(2)
    QUANTUM            = U32(3)
    INITIAL_QUANTUM    = U32(4)
    RATE_ENABLE        = U32(5)
    FLOW_DEFAULT_RATE  = U32(6, measure="B/s", deprecated=True)
    FLOW_MAX_RATE      = U32(7, measure="B/s")
    BUCKETS_LOG        = U32(8)
    FLOW_REFILL_DELAY  = U32(9, measure="us")
    ORPHAN_MASK        = U32(10)
    LOW_RATE_THRESHOLD = U32(11, measure="B/s")
    CE_THRESHOLD       = U32(12, measure="us")
    TIMER_SLACK        = U32(13, measure="ns")
    HORIZON            = U32(14)
    HORIZON_DROP       = U8(15)
    PRIOMAP            = Struct(16, tc_prio_qopt)
    WEIGHTS            = Array(17, S32)
    OFFLOAD_HORIZON    = U32(18)


class tc_fq_qd_stats(Message):
    fields_desc = [U64.of("gc_flows"), U64.of("highprio_packets"), U64.of("tcp_retrans"), U64.of("throttled"),
                   U64.of("flows_plimit"), U64.of("pkts_too_long"), U64.of("allocation_errors"),
                   S64.of("time_next_delayed_flow"), U32.of("flows"), U32.of("inactive_flows"),
                   U32.of("throttled_flows"), U32.of("unthrottle_latency_ns", measure="ns"), U64.of("ce_mark"),
                   U64.of("horizon_drops"), U64.of("horizon_caps"), U64.of("fastpath_packets"),
                   Array.of("band_drops", U64, length=3), Array.of("band_pkt_count", U32, length=3), Pad.of("pad", 4)]


class TCA_PIE(AttrSet):
    TARGET            = U32(1, measure="us")
    LIMIT             = U32(2)
    TUPDATE           = U32(3, measure="us")
    ALPHA             = U32(4)
    BETA              = U32(5)
    ECN               = U32(6)
    BYTEMODE          = U32(7)
    DQ_RATE_ESTIMATOR = U32(8)


class tc_pie_xstats(Message):
    fields_desc = [U64.of("prob"), U32.of("delay"), U32.of("avg_dq_rate"), U32.of("dq_rate_estimating"),
                   U32.of("packets_in"), U32.of("dropped"), U32.of("overlimit"), U32.of("maxq"), U32.of("ecn_mark")]


class TCA_FQ_PIE(AttrSet):
    LIMIT             = U32(1)
    FLOWS             = U32(2)
    TARGET            = U32(3, measure="us")
    TUPDATE           = U32(4, measure="us")
    ALPHA             = U32(5)
    BETA              = U32(6)
    QUANTUM           = U32(7)
    MEMORY_LIMIT      = U32(8)
    ECN_PROB          = U32(9)
    ECN               = U32(10)
    BYTEMODE          = U32(11)
    DQ_RATE_ESTIMATOR = U32(12)


class tc_fq_pie_xstats(Message):
    fields_desc = [U32.of("packets_in"), U32.of("dropped"), U32.of("overlimit"), U32.of("overmemory"),
                   U32.of("ecn_mark"), U32.of("new_flow_count"), U32.of("new_flows_len"), U32.of("old_flows_len"),
                   U32.of("memory_usage")]


class TCA_HHF(AttrSet):
    BACKLOG_LIMIT  = U32(1)
    QUANTUM        = U32(2)
    HH_FLOWS_LIMIT = U32(3)
    RESET_TIMEOUT  = U32(4, measure="us")
    ADMIT_BYTES    = U32(5)
    EVICT_TIMEOUT  = U32(6, measure="us")
    NON_HH_WEIGHT  = U32(7)


class tc_hhf_xstats(Message):
    fields_desc = [U32.of("drop_overlimit"), U32.of("hh_overlimit"), U32.of("hh_tot_count"), U32.of("hh_cur_count")]


class TCA_DUALPI2(AttrSet):
    LIMIT            = U32(1)
    MEMORY_LIMIT     = U32(2)
    TARGET           = U32(3, measure="us")
    TUPDATE          = U32(4, measure="us")
    ALPHA            = U32(5)
    BETA             = U32(6)
    STEP_THRESH_PKTS = U32(7)
    STEP_THRESH_US   = U32(8, measure="us")
    MIN_QLEN_STEP    = U32(9)
    COUPLING         = U8(10)
    DROP_OVERLOAD    = U8(11)
    DROP_EARLY       = U8(12)
    C_PROTECTION     = U8(13)
    ECN_MASK         = U8(14)
    SPLIT_GSO        = U8(15)
    PAD              = Pad(16)


class tc_dualpi2_xstats(Message):
    fields_desc = [U32.of("prob"), U32.of("delay_c"), U32.of("delay_l"), U32.of("packets_in_c"), U32.of("packets_in_l"),
                   U32.of("maxq"), U32.of("ecn_mark"), U32.of("step_marks"), S32.of("credit"), U32.of("memory_used"),
                   U32.of("max_memory_used"), U32.of("memory_limit")]


bind_attrs(TCA.OPTIONS, TCA_CODEL, KIND="codel")
bind_attrs(TCA.OPTIONS, TCA_FQ_CODEL, KIND="fq_codel")
bind_attrs(TCA.OPTIONS, TCA_FQ, KIND="fq")
bind_attrs(TCA.OPTIONS, TCA_PIE, KIND="pie")
bind_attrs(TCA.OPTIONS, TCA_FQ_PIE, KIND="fq_pie")
bind_attrs(TCA.OPTIONS, TCA_HHF, KIND="hhf")
bind_attrs(TCA.OPTIONS, TCA_DUALPI2, KIND="dualpi2")

for row in (TCA.XSTATS, TCA_STATS.APP):
    bind_attrs(row, Struct(None, tc_codel_xstats), TCA_KIND="codel", nlmsg_type=QDISC)
    bind_attrs(row, Struct(None, tc_fq_codel_qd_stats), TCA_KIND="fq_codel", nlmsg_type=QDISC)
    bind_attrs(row, Struct(None, tc_fq_codel_cl_stats), TCA_KIND="fq_codel", nlmsg_type=TCLASS)
    bind_attrs(row, Struct(None, tc_fq_qd_stats), TCA_KIND="fq", nlmsg_type=QDISC)
    bind_attrs(row, Struct(None, tc_pie_xstats), TCA_KIND="pie", nlmsg_type=QDISC)
    bind_attrs(row, Struct(None, tc_fq_pie_xstats), TCA_KIND="fq_pie", nlmsg_type=QDISC)
    bind_attrs(row, Struct(None, tc_hhf_xstats), TCA_KIND="hhf", nlmsg_type=QDISC)
    bind_attrs(row, Struct(None, tc_dualpi2_xstats), TCA_KIND="dualpi2", nlmsg_type=QDISC)
