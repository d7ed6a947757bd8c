"""Traffic control: the network emulator (linux/pkt_sched.h)."""

from nldissect.wire import (
    S16,
    S32,
    S64,
    U32,
    U64,
    Array,
    Attrs,
    AttrSet,
    Message,
    Nest,
    Pad,
    Struct,
    bind_attrs,
)

from .tc import TCA


class tc_netem_corr(Message):
    fields_desc = [U32.of("delay_corr"), U32.of("loss_corr"), U32.of("dup_corr")]


class tc_netem_reorder(Message):
    fields_desc = [U32.of("probability"), U32.of("correlation")]


class tc_netem_corrupt(Message):
    fields_desc = [U32.of("probability"), U32.of("correlation")]


class tc_netem_rate(Message):
    fields_desc = [U32.of("rate"), S32.of("packet_overhead"), U32.of("cell_size"), S32.of("cell_overhead")]


class tc_netem_slot(Message):
    fields_desc = [S64.of("min_delay"), S64.of("max_delay"), S32.of("max_packets"), S32.of("max_bytes"),
                   S64.of("dist_delay"), S64.of("dist_jitter")]


class tc_netem_gimodel(Message):
    fields_desc = [U32.of("p13"), U32.of("p31"), U32.of("p32"), U32.of("p14"), U32.of("p23")]


class tc_netem_gemodel(Message):
    fields_desc = [U32.of("p"), U32.of("r"), U32.of("h"), U32.of("k1")]


class NETEM_LOSS(AttrSet):
    GI = Struct(1, tc_netem_gimodel)
    GE = Struct(2, tc_netem_gemodel)


class TCA_NETEM(AttrSet):
    CORR       = Struct(1, tc_netem_corr)
    DELAY_DIST = Array(2, S16)
    REORDER    = Struct(3, tc_netem_reorder)
    CORRUPT    = Struct(4, tc_netem_corrupt)
    LOSS       = Nest(5, NETEM_LOSS)
    RATE       = Struct(6, tc_netem_rate)
    ECN        = U32(7)
    RATE64     = U64(8, measure="B/s")
    PAD        = Pad(9)
    LATENCY64  = S64(10, measure="ns")
    JITTER64   = S64(11, measure="ns")
    SLOT       = Struct(12, tc_netem_slot)
    SLOT_DIST  = Array(13, S16)
    PRNG_SEED  = U64(14)


class tc_netem_qopt(Message):
    fields_desc = [U32.of("latency"), U32.of("limit"), U32.of("loss"), U32.of("gap"), U32.of("duplicate"),
                   U32.of("jitter"), Attrs("attrs", TCA_NETEM)]


bind_attrs(TCA.OPTIONS, Struct(None, tc_netem_qopt), KIND="netem")
