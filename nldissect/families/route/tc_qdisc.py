"""Traffic control: queues of packets and bands: pfifo, prio, multiq, plug, drr, ets, qfq ... (linux/pkt_sched.h)."""

from nldissect.wire import (
    S32,
    U8,
    U16,
    U32,
    Array,
    Attrs,
    AttrSet,
    Enum,
    Message,
    Nest,
    Pad,
    Struct,
    bind_attrs,
)

from .tc import TCA, TCLASS
from .tc_stats import TCA_STATS


class tc_fifo_qopt(Message):
    fields_desc = [U32.of("limit")]


class tc_skbprio_qopt(Message):
    fields_desc = [U32.of("limit")]


class tc_prio_qopt(Message):
    fields_desc = [S32.of("bands"), Array.of("priomap", U8, length=16)]


class TCA_PRIO(AttrSet, prefix="TCA"):
    OPTIONS = Pad(2)                        # iproute2 appends one, empty, where old kernels looked for more options


class tc_prio_options(Message):             # struct tc_prio_qopt, then attributes
    fields_desc = [S32.of("bands"), Array.of("priomap", U8, length=16), Attrs("attrs", TCA_PRIO)]


class tc_multiq_qopt(Message):
    fields_desc = [U16.of("bands"), U16.of("max_bands")]


class TCQ_PLUG(Enum):
    BUFFER             = 0
    RELEASE_ONE        = 1
    RELEASE_INDEFINITE = 2
    LIMIT              = 3


class tc_plug_qopt(Message):
    fields_desc = [S32.of("action", TCQ_PLUG), U32.of("limit")]


class TCA_DRR(AttrSet):
    QUANTUM = U32(1)


class tc_drr_stats(Message):
    fields_desc = [U32.of("deficit")]


class TCA_QFQ(AttrSet):
    WEIGHT = U32(1)
    LMAX   = U32(2)


class tc_qfq_stats(Message):
    fields_desc = [U32.of("weight"), U32.of("lmax")]


class TCA_ETS_QUANTA(AttrSet, prefix="TCA_ETS"):
    QUANTA_BAND = U32(4, many=True)


class TCA_ETS_PRIOMAP(AttrSet, prefix="TCA_ETS"):
    PRIOMAP_BAND = U8(6, many=True)


class TCA_ETS(AttrSet):
    NBANDS       = U8(1)
    NSTRICT      = U8(2)
    QUANTA       = Nest(3, TCA_ETS_QUANTA)
    QUANTA_BAND  = U32(4)
    PRIOMAP      = Nest(5, TCA_ETS_PRIOMAP)
    PRIOMAP_BAND = U8(6)


bind_attrs(TCA.OPTIONS, Struct(None, tc_fifo_qopt), KIND=("pfifo", "bfifo", "pfifo_head_drop"))
bind_attrs(TCA.OPTIONS, Struct(None, tc_skbprio_qopt), KIND="skbprio")
bind_attrs(TCA.OPTIONS, Struct(None, tc_prio_options), KIND=("prio", "pfifo_fast"))
bind_attrs(TCA.OPTIONS, Struct(None, tc_multiq_qopt), KIND="multiq")
bind_attrs(TCA.OPTIONS, Struct(None, tc_plug_qopt), KIND="plug")
bind_attrs(TCA.OPTIONS, Pad(None), KIND=("ingress", "clsact", "mq", "noqueue"))
bind_attrs(TCA.OPTIONS, TCA_DRR, KIND="drr")
bind_attrs(TCA.OPTIONS, TCA_QFQ, KIND="qfq")
bind_attrs(TCA.OPTIONS, TCA_ETS, KIND="ets")

for row in (TCA.XSTATS, TCA_STATS.APP):
    bind_attrs(row, Struct(None, tc_drr_stats), TCA_KIND="drr", nlmsg_type=TCLASS)
    bind_attrs(row, Struct(None, tc_qfq_stats), TCA_KIND="qfq", nlmsg_type=TCLASS)
