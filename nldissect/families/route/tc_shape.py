"""Traffic control: shapers: htb, tbf, hfsc, cbs, etf (linux/pkt_sched.h)."""

from nldissect.wire import (
    S32,
    U8,
    U16,
    U32,
    U64,
    Array,
    AttrSet,
    Flag,
    Flags,
    Message,
    Pad,
    Struct,
    bind_attrs,
)

from ..common import CLOCK
from .tc import QDISC, TCA, TCLASS, tc_ratespec
from .tc_stats import TCA_STATS


class tc_htb_opt(Message):
    fields_desc = [Struct.of("rate", tc_ratespec), Struct.of("ceil", tc_ratespec), U32.of("buffer"), U32.of("cbuffer"),
                   U32.of("quantum"), U32.of("level"), U32.of("prio")]


class tc_htb_glob(Message):
    fields_desc = [U32.of("version"), U32.of("rate2quantum"), U32.of("defcls", base=16), U32.of("debug"),
                   U32.of("direct_pkts")]


class tc_htb_xstats(Message):
    fields_desc = [U32.of("lends"), U32.of("borrows"), U32.of("giants"), S32.of("tokens"), S32.of("ctokens")]


class TCA_HTB(AttrSet):                     # rate tables: the time that packets of growing size take
    PARMS       = Struct(1, tc_htb_opt)
    INIT        = Struct(2, tc_htb_glob)
    CTAB        = Array(3, U32)
    RTAB        = Array(4, U32)
    DIRECT_QLEN = U32(5)
    RATE64      = U64(6, measure="B/s")
    CEIL64      = U64(7, measure="B/s")
    PAD         = Pad(8)
    OFFLOAD     = Flag(9)


class tc_tbf_qopt(Message):
    fields_desc = [Struct.of("rate", tc_ratespec), Struct.of("peakrate", tc_ratespec), U32.of("limit"),
                   U32.of("buffer"), U32.of("mtu")]


class TCA_TBF(AttrSet):
    PARMS   = Struct(1, tc_tbf_qopt)
    RTAB    = Array(2, U32)
    PTAB    = Array(3, U32)
    RATE64  = U64(4, measure="B/s")
    PRATE64 = U64(5, measure="B/s")
    BURST   = U32(6)
    PBURST  = U32(7)
    PAD     = Pad(8)


class tc_hfsc_qopt(Message):
    fields_desc = [U16.of("defcls", base=16)]


class tc_service_curve(Message):
    fields_desc = [U32.of("m1"), U32.of("d"), U32.of("m2")]


class tc_hfsc_stats(Message):
    fields_desc = [U64.of("work"), U64.of("rtwork"), U32.of("period"), U32.of("level")]


class TCA_HFSC(AttrSet):
    RSC = Struct(1, tc_service_curve)
    FSC = Struct(2, tc_service_curve)
    USC = Struct(3, tc_service_curve)


class tc_cbs_qopt(Message):
    fields_desc = [U8.of("offload"), Pad.of("_pad", 3), S32.of("hicredit"), S32.of("locredit"), S32.of("idleslope"),
                   S32.of("sendslope")]


class TCA_CBS(AttrSet):
    PARMS = Struct(1, tc_cbs_qopt)


class TC_ETF(Flags):
    DEADLINE_MODE_ON = 0x1
    OFFLOAD_ON       = 0x2
    SKIP_SOCK_CHECK  = 0x4


class tc_etf_qopt(Message):
    fields_desc = [S32.of("delta"), S32.of("clockid", CLOCK), U32.of("flags", TC_ETF)]


class TCA_ETF(AttrSet):
    PARMS = Struct(1, tc_etf_qopt)


bind_attrs(TCA.OPTIONS, TCA_HTB, KIND="htb")
bind_attrs(TCA.OPTIONS, TCA_TBF, KIND="tbf")
bind_attrs(TCA.OPTIONS, Struct(None, tc_hfsc_qopt), KIND="hfsc", nlmsg_type=QDISC)
bind_attrs(TCA.OPTIONS, TCA_HFSC, KIND="hfsc", nlmsg_type=TCLASS)
bind_attrs(TCA.OPTIONS, TCA_CBS, KIND="cbs")
bind_attrs(TCA.OPTIONS, TCA_ETF, KIND="etf")

for row in (TCA.XSTATS, TCA_STATS.APP):
    bind_attrs(row, Struct(None, tc_htb_xstats), TCA_KIND="htb", nlmsg_type=TCLASS)
    bind_attrs(row, Struct(None, tc_hfsc_stats), TCA_KIND="hfsc", nlmsg_type=TCLASS)
