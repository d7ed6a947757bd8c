"""Traffic control: actions that steer, count or mark: gact, mirred, sample, simple, connmark, ctinfo, ct, bpf, gate."""

from nldissect.wire import (
    S32,
    U8,
    U16,
    U32,
    U64,
    Addr,
    AttrSet,
    Be16,
    Blob,
    Enum,
    Flag,
    Flags,
    Message,
    Nest,
    Pad,
    Struct,
    Structs,
    Text,
    bind_attrs,
)

from ..common import AF, CLOCK, IPPROTO, sock_filter
from .tc_act import TC_GEN, TCA_ACT, tcf_t
from .tc_info import Control


class PGACT(Enum):
    NONE    = 0
    NETRAND = 1
    DETERM  = 2


class tc_gact(Message):
    fields_desc = TC_GEN


class tc_gact_p(Message):
    fields_desc = [U16.of("ptype", PGACT), U16.of("pval"), Control.of("paction")]


class TCA_GACT(AttrSet):
    TM    = Struct(1, tcf_t)
    PARMS = Struct(2, tc_gact)
    PROB  = Struct(3, tc_gact_p)
    PAD   = Pad(4)


class TCA_MIRRED_ACT(Enum, prefix="TCA"):
    EGRESS_REDIR   = 1
    EGRESS_MIRROR  = 2
    INGRESS_REDIR  = 3
    INGRESS_MIRROR = 4


class tc_mirred(Message):
    fields_desc = [*TC_GEN, S32.of("eaction", TCA_MIRRED_ACT), U32.of("ifindex", refers="interface")]


class TCA_MIRRED(AttrSet):
    TM      = Struct(1, tcf_t)
    PARMS   = Struct(2, tc_mirred)
    PAD     = Pad(3)
    BLOCKID = U32(4)


class tc_sample(Message):
    fields_desc = TC_GEN


class TCA_SAMPLE(AttrSet):
    TM            = Struct(1, tcf_t)
    PARMS         = Struct(2, tc_sample)
    RATE          = U32(3)
    TRUNC_SIZE    = U32(4)
    PSAMPLE_GROUP = U32(5)
    PAD           = Pad(6)


class tc_defact(Message):
    fields_desc = TC_GEN


class TCA_DEF(AttrSet):
    TM    = Struct(1, tcf_t)
    PARMS = Struct(2, tc_defact)
    DATA  = Text(3)
    PAD   = Pad(4)


class tc_connmark(Message):
    fields_desc = [*TC_GEN, U16.of("zone"), Pad.of("__pad", 2)]


class TCA_CONNMARK(AttrSet):
    PARMS = Struct(1, tc_connmark)
    TM    = Struct(2, tcf_t)
    PAD   = Pad(3)


class tc_ctinfo(Message):
    fields_desc = TC_GEN


class TCA_CTINFO(AttrSet):
    PAD                  = Pad(1)
    TM                   = Struct(2, tcf_t)
    ACT                  = Struct(3, tc_ctinfo)
    ZONE                 = U16(4)
    PARMS_DSCP_MASK      = U32(5, base=16)
    PARMS_DSCP_STATEMASK = U32(6, base=16)
    PARMS_CPMARK_MASK    = U32(7, base=16)
    STATS_DSCP_SET       = U64(8)
    STATS_DSCP_ERROR     = U64(9)
    STATS_CPMARK_SET     = U64(10)


class TCA_CT_ACT(Flags):
    COMMIT  = 0x01
    FORCE   = 0x02
    CLEAR   = 0x04
    NAT     = 0x08
    NAT_SRC = 0x10
    NAT_DST = 0x20


class tc_ct(Message):
    fields_desc = TC_GEN


class TCA_CT(AttrSet):
    PARMS         = Struct(1, tc_ct)
    TM            = Struct(2, tcf_t)
    ACTION        = U16(3, TCA_CT_ACT)
    ZONE          = U16(4)
    MARK          = U32(5, base=16)
    MARK_MASK     = U32(6, base=16)
    LABELS        = Blob(7, "128 label bits, named by the user")
    LABELS_MASK   = Blob(8, "128 label bits, named by the user")
    NAT_IPV4_MIN  = Addr(9)
    NAT_IPV4_MAX  = Addr(10)
    NAT_IPV6_MIN  = Addr(11)
    NAT_IPV6_MAX  = Addr(12)
    NAT_PORT_MIN  = Be16(13)
    NAT_PORT_MAX  = Be16(14)
    PAD           = Pad(15)
    HELPER_NAME   = Text(16)
    HELPER_FAMILY = U8(17, AF)
    HELPER_PROTO  = U8(18, IPPROTO)


class tc_act_bpf(Message):
    fields_desc = TC_GEN


class TCA_ACT_BPF(AttrSet):
    TM      = Struct(1, tcf_t)
    PARMS   = Struct(2, tc_act_bpf)
    OPS_LEN = U16(3)
    OPS     = Structs(4, sock_filter)
    FD      = U32(5)
    NAME    = Text(6)
    PAD     = Pad(7)
    TAG     = Blob(8, "hash of the program")
    ID      = U32(9)


class TCA_GATE_ENTRY(AttrSet):
    INDEX      = U32(1)
    GATE       = Flag(2)
    INTERVAL   = U32(3, measure="ns")
    IPV        = S32(4)
    MAX_OCTETS = S32(5)


class TCA_GATE_ONE(AttrSet, prefix="TCA_GATE_ONE"):
    ENTRY = Nest(1, TCA_GATE_ENTRY, many=True)


class tc_gate(Message):
    fields_desc = TC_GEN


class TCA_GATE(AttrSet):
    TM             = Struct(1, tcf_t)
    PARMS          = Struct(2, tc_gate)
    PAD            = Pad(3)
    PRIORITY       = S32(4)
    ENTRY_LIST     = Nest(5, TCA_GATE_ONE)
    BASE_TIME      = U64(6, measure="ns")
    CYCLE_TIME     = U64(7, measure="ns")
    CYCLE_TIME_EXT = U64(8, measure="ns")
    FLAGS          = U32(9)
    CLOCKID        = S32(10, CLOCK)


bind_attrs(TCA_ACT.OPTIONS, TCA_GACT, KIND="gact")
bind_attrs(TCA_ACT.OPTIONS, TCA_MIRRED, KIND="mirred")
bind_attrs(TCA_ACT.OPTIONS, TCA_SAMPLE, KIND="sample")
bind_attrs(TCA_ACT.OPTIONS, TCA_DEF, KIND="simple")
bind_attrs(TCA_ACT.OPTIONS, TCA_CONNMARK, KIND="connmark")
bind_attrs(TCA_ACT.OPTIONS, TCA_CTINFO, KIND="ctinfo")
bind_attrs(TCA_ACT.OPTIONS, TCA_CT, KIND="ct")
bind_attrs(TCA_ACT.OPTIONS, TCA_ACT_BPF, KIND="bpf")
bind_attrs(TCA_ACT.OPTIONS, TCA_GATE, KIND="gate")
