"""Traffic control: the u32 filter (linux/pkt_cls.h)."""

from nldissect.wire import (
    S16,
    S32,
    U8,
    U16,
    U32,
    U64,
    Array,
    AttrSet,
    Be16,
    Be32,
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

from .tc import TCA
from .tc_act import TCA_ACT, TCA_POLICE


class TC_U32(Flags):
    TERMINAL  = 0x1
    OFFSET    = 0x2
    VAROFFSET = 0x4
    EAT       = 0x8


class TCA_CLS_FLAGS(Flags):
    SKIP_HW   = 0x01
    SKIP_SW   = 0x02
    IN_HW     = 0x04
    NOT_IN_HW = 0x08
    VERBOSE   = 0x10


class tc_u32_key(Message):
    fields_desc = [Be32.of("mask", base=16), Be32.of("val", base=16), S32.of("off"), S32.of("offmask")]


class tc_u32_sel(Message):
    fields_desc = [U8.of("flags", TC_U32), U8.of("offshift"), U8.of("nkeys"), Pad.of("__pad", 1),
                   Be16.of("offmask", base=16), U16.of("off"), S16.of("offoff"), S16.of("hoff"),
                   Be32.of("hmask", base=16), Structs.of("keys", tc_u32_key, count="nkeys")]


class tc_u32_mark(Message):
    fields_desc = [U32.of("val", base=16), U32.of("mask", base=16), U32.of("success")]


class tc_u32_pcnt(Message):
    fields_desc = [U64.of("rcnt"), U64.of("rhit"), Array.of("kcnts", U64)]


class TCA_U32(AttrSet):
    CLASSID = Handle(1)
    HASH    = U32(2, base=16)
    LINK    = U32(3, base=16)
    DIVISOR = U32(4)
    SEL     = Struct(5, tc_u32_sel)
    POLICE  = Nest(6, TCA_POLICE)
    ACT     = Nests(7, TCA_ACT)
    INDEV   = Text(8)
    PCNT    = Struct(9, tc_u32_pcnt)
    MARK    = Struct(10, tc_u32_mark)
    FLAGS   = U32(11, TCA_CLS_FLAGS)
    PAD     = Pad(12)


bind_attrs(TCA.OPTIONS, TCA_U32, KIND="u32")
