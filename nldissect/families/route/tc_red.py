"""Traffic control: random early detection and its kin: red, gred, choke, sfb, sfq (linux/pkt_sched.h)."""

from nldissect.wire import (
    S32,
    U8,
    U32,
    U64,
    Array,
    AttrSet,
    Bitfield32,
    Flags,
    Message,
    Nest,
    Pad,
    Struct,
    Structs,
    bind_attrs,
)

from .tc import QDISC, TCA, TCLASS
from .tc_stats import TCA_STATS


class TC_RED(Flags):
    ECN        = 0x1
    HARDDROP   = 0x2
    ADAPTATIVE = 0x4
    NODROP     = 0x8


class tc_red_qopt(Message):
    fields_desc = [U32.of("limit"), U32.of("qth_min"), U32.of("qth_max"), U8.of("Wlog"), U8.of("Plog"),
                   U8.of("Scell_log"), U8.of("flags", TC_RED)]


class tc_red_xstats(Message):
    fields_desc = [U32.of("early"), U32.of("pdrop"), U32.of("other"), U32.of("marked")]


class TCA_RED(AttrSet):
    PARMS            = Struct(1, tc_red_qopt)
    STAB             = Array(2, U8)
    MAX_P            = U32(3)
    FLAGS            = Bitfield32(4, TC_RED)
    EARLY_DROP_BLOCK = U32(5)
    MARK_BLOCK       = U32(6)


class tc_gred_qopt(Message):
    fields_desc = [U32.of("limit"), U32.of("qth_min"), U32.of("qth_max"), U32.of("DP"), U32.of("backlog"),
                   U32.of("qave"), U32.of("forced"), U32.of("early"), U32.of("other"), U32.of("pdrop"), U8.of("Wlog"),
                   U8.of("Plog"), U8.of("Scell_log"), U8.of("prio"), U32.of("packets"), U32.of("bytesin")]


class tc_gred_sopt(Message):
    fields_desc = [U32.of("DPs"), U32.of("def_DP"), U8.of("grio"), U8.of("flags", TC_RED), Pad.of("pad1", 2)]


class TCA_GRED_VQ(AttrSet):
    PAD              = Pad(1)
    DP               = U32(2)
    STAT_BYTES       = U64(3)
    STAT_PACKETS     = U32(4)
    STAT_BACKLOG     = U32(5)
    STAT_PROB_DROP   = U32(6)
    STAT_PROB_MARK   = U32(7)
    STAT_FORCED_DROP = U32(8)
    STAT_FORCED_MARK = U32(9)
    STAT_PDROP       = U32(10)
    STAT_OTHER       = U32(11)
    FLAGS            = U32(12, TC_RED)


class TCA_GRED_VQ_LIST(AttrSet, prefix="TCA_GRED_VQ"):
    ENTRY = Nest(1, TCA_GRED_VQ, many=True)


class TCA_GRED(AttrSet):
    PARMS   = Structs(1, tc_gred_qopt)      # one in requests, one for each of MAX_DPs queues in answers
    STAB    = Array(2, U8)
    DPS     = Struct(3, tc_gred_sopt)
    MAX_P   = Array(4, U32)
    LIMIT   = U32(5)
    VQ_LIST = Nest(6, TCA_GRED_VQ_LIST)


class tc_choke_qopt(Message):
    fields_desc = [U32.of("limit"), U32.of("qth_min"), U32.of("qth_max"), U8.of("Wlog"), U8.of("Plog"),
                   U8.of("Scell_log"), U8.of("flags", TC_RED)]


class tc_choke_xstats(Message):
    fields_desc = [U32.of("early"), U32.of("pdrop"), U32.of("other"), U32.of("marked"), U32.of("matched")]


class TCA_CHOKE(AttrSet):
    PARMS = Struct(1, tc_choke_qopt)
    STAB  = Array(2, U8)
    MAX_P = U32(3)


class tc_sfb_qopt(Message):
    fields_desc = [U32.of("rehash_interval"), U32.of("warmup_time"), U32.of("max"), U32.of("bin_size"),
                   U32.of("increment"), U32.of("decrement"), U32.of("limit"), U32.of("penalty_rate"),
                   U32.of("penalty_burst")]


class tc_sfb_xstats(Message):
    fields_desc = [U32.of("earlydrop"), U32.of("penaltydrop"), U32.of("bucketdrop"), U32.of("queuedrop"),
                   U32.of("childdrop"), U32.of("marked"), U32.of("maxqlen"), U32.of("maxprob"), U32.of("avgprob")]


class TCA_SFB(AttrSet):
    PARMS = Struct(1, tc_sfb_qopt)


class tc_sfq_qopt(Message):
    fields_desc = [U32.of("quantum"), S32.of("perturb_period"), U32.of("limit"), U32.of("divisor"), U32.of("flows")]


class tc_sfqred_stats(Message):
    fields_desc = [U32.of("prob_drop"), U32.of("forced_drop"), U32.of("prob_mark"), U32.of("forced_mark"),
                   U32.of("prob_mark_head"), U32.of("forced_mark_head")]


class tc_sfq_qopt_v1(Message):              # older iproute2 sends its first member only
    fields_desc = [Struct.of("v0", tc_sfq_qopt), U32.of("depth_"), U32.of("headdrop"), U32.of("limit"),
                   U32.of("qth_min"), U32.of("qth_max"), U8.of("Wlog"), U8.of("Plog"), U8.of("Scell_log"),
                   U8.of("flags", TC_RED), U32.of("max_P"), Struct.of("stats", tc_sfqred_stats)]


class tc_sfq_xstats(Message):
    fields_desc = [S32.of("allot")]


bind_attrs(TCA.OPTIONS, TCA_RED, KIND="red")
bind_attrs(TCA.OPTIONS, TCA_GRED, KIND="gred")
bind_attrs(TCA.OPTIONS, TCA_CHOKE, KIND="choke")
bind_attrs(TCA.OPTIONS, TCA_SFB, KIND="sfb")
bind_attrs(TCA.OPTIONS, Struct(None, tc_sfq_qopt_v1), KIND="sfq")

for row in (TCA.XSTATS, TCA_STATS.APP):
    bind_attrs(row, Struct(None, tc_red_xstats), TCA_KIND="red", nlmsg_type=QDISC)
    bind_attrs(row, Struct(None, tc_choke_xstats), TCA_KIND="choke", nlmsg_type=QDISC)
    bind_attrs(row, Struct(None, tc_sfb_xstats), TCA_KIND="sfb", nlmsg_type=QDISC)
    bind_attrs(row, Struct(None, tc_sfq_xstats), TCA_KIND="sfq", nlmsg_type=TCLASS)
