"""Traffic control: statistics of queues, classes, filters and actions (linux/gen_stats.h, linux/pkt_sched.h)."""

from nldissect.wire import S8, U8, U32, U64, AttrSet, Message, Nest, Pad, Struct


class gnet_stats_basic(Message):
    fields_desc = [U64.of("bytes"), U32.of("packets"), Pad.of("__pad", 4)]


class gnet_stats_rate_est(Message):
    fields_desc = [U32.of("bps"), U32.of("pps")]


class gnet_stats_rate_est64(Message):
    fields_desc = [U64.of("bps"), U64.of("pps")]


class gnet_stats_queue(Message):
    fields_desc = [U32.of("qlen"), U32.of("backlog"), U32.of("drops"), U32.of("requeues"), U32.of("overlimits")]


class gnet_estimator(Message):
    fields_desc = [S8.of("interval"), U8.of("ewma_log")]


class tc_stats(Message):
    fields_desc = [U64.of("bytes"), U32.of("packets"), U32.of("drops"), U32.of("overlimits"), U32.of("bps"),
                   U32.of("pps"), U32.of("qlen"), U32.of("backlog"), Pad.of("__pad", 4)]


class TCA_STATS(AttrSet):
    BASIC      = Struct(1, gnet_stats_basic)
    RATE_EST   = Struct(2, gnet_stats_rate_est)
    QUEUE      = Struct(3, gnet_stats_queue)
    APP        = Nest(4)
    RATE_EST64 = Struct(5, gnet_stats_rate_est64)
    PAD        = Pad(6)
    BASIC_HW   = Struct(7, gnet_stats_basic)
    PKT64      = U64(8)
