"""Traffic control: extended matches, trees of tests inside filters (linux/pkt_cls.h, linux/tc_ematch/*.h, em_*.c)."""

from nldissect.wire import (
    U8,
    U16,
    U32,
    Attrs,
    AttrSet,
    Bits,
    Bits16,
    Blob,
    Enum,
    Flags,
    Message,
    Nests,
    Pad,
    Struct,
    Structs,
    Text,
    bind_attrs,
)

from .tc_u32 import tc_u32_key


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


class TCF_EM_OPND(Enum):
    EQ = 0
    GT = 1
    LT = 2


class tcf_ematch_tree_hdr(Message):
    fields_desc = [U16.of("nmatches"), U16.of("progid")]


class tcf_ematch_hdr(Message):
    fields_desc = [U16.of("matchid"), U16.of("kind", TCF_EM), U16.of("flags", TCF_EM_FLAGS), Pad.of("pad", 2),
                   Blob.of("data", "the match's own data, of a kind that is not known")]


class TCA_EMATCH_TREE(AttrSet):
    HDR  = Struct(1, tcf_ematch_tree_hdr)
    LIST = Nests(2, Struct(None, tcf_ematch_hdr))


class tcf_em_cmp(Message):
    fields_desc = [U32.of("val"), U32.of("mask", base=16), U16.of("off"),
                   Bits.of("align_flags", {"align": 4, "flags": 4}), Bits.of("layer_opnd", {"layer": 4, "opnd": 4})]


class tcf_em_nbyte(Message):
    fields_desc = [U16.of("off"), Bits16.of("len_layer", {"len": 12, "layer": 4}),
                   Blob.of("needle", "the bytes to find, filled up to a multiple of four")]


class tcf_meta_val(Message):                # kind: a type in the 4 upper bits, an id in the 11 lower
    fields_desc = [U16.of("kind", base=16), U8.of("shift"), U8.of("op", TCF_EM_OPND)]


class tcf_meta_hdr(Message):
    fields_desc = [Struct.of("left", tcf_meta_val), Struct.of("right", tcf_meta_val)]


class TCA_EM_META(AttrSet):
    HDR    = Struct(1, tcf_meta_hdr)
    LVALUE = Blob(2, "a number or bytes, as the type in kind says")
    RVALUE = Blob(3, "a number or bytes, as the type in kind says")


class tcf_em_meta(Message):
    fields_desc = [Attrs("attrs", TCA_EM_META)]


class tcf_em_text(Message):
    fields_desc = [Text.of("algo", 16), U16.of("from_offset"), U16.of("to_offset"), U16.of("pattern_len"),
                   Bits.of("from_to_layer", {"from_layer": 4, "to_layer": 4}), Pad.of("pad", 1),
                   Blob.of("pattern", "the bytes to find")]


class can_filter(Message):
    fields_desc = [U32.of("can_id", base=16), U32.of("can_mask", base=16)]


class xt_set_info(Message):
    fields_desc = [U16.of("index"), U8.of("dim"), U8.of("flags", base=16)]


class TCA_EM_IPT(AttrSet):
    HOOK           = U32(1)
    MATCH_NAME     = Text(2)
    MATCH_REVISION = U8(3)
    NFPROTO        = U8(4)
    MATCH_DATA     = Blob(5, "the match's own struct: one for each of the many xtables matches")


class tcf_em_ipt(Message):
    fields_desc = [Attrs("attrs", TCA_EM_IPT)]


bind_attrs(tcf_ematch_hdr.data, U32(None), kind=TCF_EM.CONTAINER)
bind_attrs(tcf_ematch_hdr.data, tcf_em_cmp, kind=TCF_EM.CMP)
bind_attrs(tcf_ematch_hdr.data, tcf_em_nbyte, kind=TCF_EM.NBYTE)
bind_attrs(tcf_ematch_hdr.data, tc_u32_key, kind=TCF_EM.U32)
bind_attrs(tcf_ematch_hdr.data, tcf_em_meta, kind=TCF_EM.META)
bind_attrs(tcf_ematch_hdr.data, tcf_em_text, kind=TCF_EM.TEXT)
bind_attrs(tcf_ematch_hdr.data, Structs(None, can_filter), kind=TCF_EM.CANID)
bind_attrs(tcf_ematch_hdr.data, xt_set_info, kind=TCF_EM.IPSET)
bind_attrs(tcf_ematch_hdr.data, tcf_em_ipt, kind=TCF_EM.IPT)
