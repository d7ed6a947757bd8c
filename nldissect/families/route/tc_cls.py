"""Traffic control: filters other than u32 and flower (linux/pkt_cls.h)."""

from nldissect.wire import (
    U16,
    U32,
    U64,
    AttrSet,
    Blob,
    Enum,
    Flags,
    Handle,
    Message,
    Nest,
    Nests,
    Pad,
    Struct,
    Structs,
    Text,
    bind_attrs,
)

from ..common import sock_filter
from .tc import TCA
from .tc_act import TCA_ACT, TCA_POLICE
from .tc_ematch import TCA_EMATCH_TREE
from .tc_u32 import TCA_CLS_FLAGS


class TCA_ROUTE4(AttrSet):
    CLASSID = Handle(1)
    TO      = U32(2)
    FROM    = U32(3)
    IIF     = U32(4, refers="interface")
    POLICE  = Nest(5, TCA_POLICE)
    ACT     = Nests(6, TCA_ACT)


class TCA_FW(AttrSet):
    CLASSID = Handle(1)
    POLICE  = Nest(2, TCA_POLICE)
    INDEV   = Text(3)
    ACT     = Nests(4, TCA_ACT)
    MASK    = U32(5, base=16)


class FLOW_KEY(Flags):                      # the header numbers the bits
    SRC            = 1 << 0
    DST            = 1 << 1
    PROTO          = 1 << 2
    PROTO_SRC      = 1 << 3
    PROTO_DST      = 1 << 4
    IIF            = 1 << 5
    PRIORITY       = 1 << 6
    MARK           = 1 << 7
    NFCT           = 1 << 8
    NFCT_SRC       = 1 << 9
    NFCT_DST       = 1 << 10
    NFCT_PROTO_SRC = 1 << 11
    NFCT_PROTO_DST = 1 << 12
    RTCLASSID      = 1 << 13
    SKUID          = 1 << 14
    SKGID          = 1 << 15
    VLAN_TAG       = 1 << 16
    RXHASH         = 1 << 17


class FLOW_MODE(Enum):
    MAP  = 0
    HASH = 1


class TCA_FLOW(AttrSet):
    KEYS      = U32(1, FLOW_KEY)
    MODE      = U32(2, FLOW_MODE)
    BASECLASS = Handle(3)
    RSHIFT    = U32(4)
    ADDEND    = U32(5)
    MASK      = U32(6, base=16)
    XOR       = U32(7, base=16)
    DIVISOR   = U32(8)
    ACT       = Nests(9, TCA_ACT)
    POLICE    = Nest(10, TCA_POLICE)
    EMATCHES  = Nest(11, TCA_EMATCH_TREE)
    PERTURB   = U32(12)


class tc_basic_pcnt(Message):
    fields_desc = [U64.of("rcnt"), U64.of("rhit")]


class TCA_BASIC(AttrSet):
    CLASSID  = Handle(1)
    EMATCHES = Nest(2, TCA_EMATCH_TREE)
    ACT      = Nests(3, TCA_ACT)
    POLICE   = Nest(4, TCA_POLICE)
    PCNT     = Struct(5, tc_basic_pcnt)
    PAD      = Pad(6)


class TCA_CGROUP(AttrSet):
    ACT      = Nests(1, TCA_ACT)
    POLICE   = Nest(2, TCA_POLICE)
    EMATCHES = Nest(3, TCA_EMATCH_TREE)


class TCA_BPF_FLAG(Flags):
    ACT_DIRECT = 0x1


class TCA_BPF(AttrSet):
    ACT       = Nests(1, TCA_ACT)
    POLICE    = Nest(2, TCA_POLICE)
    CLASSID   = Handle(3)
    OPS_LEN   = U16(4)
    OPS       = Structs(5, sock_filter)
    FD        = U32(6)
    NAME      = Text(7)
    FLAGS     = U32(8, TCA_BPF_FLAG)
    FLAGS_GEN = U32(9, TCA_CLS_FLAGS)
    TAG       = Blob(10, "hash of the program")
    ID        = U32(11)


class tc_matchall_pcnt(Message):
    fields_desc = [U64.of("rhit")]


class TCA_MATCHALL(AttrSet):
    CLASSID = Handle(1)
    ACT     = Nests(2, TCA_ACT)
    FLAGS   = U32(3, TCA_CLS_FLAGS)
    PCNT    = Struct(4, tc_matchall_pcnt)
    PAD     = Pad(5)


bind_attrs(TCA.OPTIONS, TCA_ROUTE4, KIND="route")
bind_attrs(TCA.OPTIONS, TCA_FW, KIND="fw")
bind_attrs(TCA.OPTIONS, TCA_FLOW, KIND="flow")
bind_attrs(TCA.OPTIONS, TCA_BASIC, KIND="basic")
bind_attrs(TCA.OPTIONS, TCA_CGROUP, KIND="cgroup")
bind_attrs(TCA.OPTIONS, TCA_BPF, KIND="bpf")
bind_attrs(TCA.OPTIONS, TCA_MATCHALL, KIND="matchall")
