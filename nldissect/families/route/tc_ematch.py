"""Traffic control: extended matches, trees of tests inside filters (linux/pkt_cls.h, linux/tc_ematch/*.h)."""

from nldissect.wire import U16, AttrSet, Blob, Enum, Flags, Message, Nests, Pad, Struct


class TCF_EM(Enum):
    CONTAINER = 0
    CMP       = 1
    NBYTE     = 2
    U32       = 3
    META      = 4
    TEXT      = 5
    VLAN      = 6
    CANID     = 7
    IPSET     = 8
    IPT       = 9


class TCF_EM_FLAGS(Flags, prefix="TCF_EM"):
    REL_AND = 0x1
    REL_OR  = 0x2
    INVERT  = 0x4
    SIMPLE  = 0x8


class tcf_ematch_tree_hdr(Message):
    fields_desc = [U16.of("nmatches"), U16.of("progid")]


class tcf_ematch_hdr(Message):
    fields_desc = [U16.of("matchid"), U16.of("kind", TCF_EM), U16.of("flags", TCF_EM_FLAGS), Pad.of("pad", 2),
                   Blob.of("data", "the match's own struct, as its kind says")]


class TCA_EMATCH_TREE(AttrSet):
    HDR  = Struct(1, tcf_ematch_tree_hdr)
    LIST = Nests(2, Struct(None, tcf_ematch_hdr))
