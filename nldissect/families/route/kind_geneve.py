"""Geneve links: IFLA_INFO_DATA of kind "geneve" (linux/if_link.h)."""

from nldissect.wire import U8, U32, Addr, AttrSet, Be16, Be32, Enum, Flag, Message, Struct, bind_attrs

from .link import IFLA_INFO


class GENEVE_DF(Enum):
    UNSET   = 0
    SET     = 1
    INHERIT = 2


class ifla_geneve_port_range(Message):
    fields_desc = [Be16.of("low"), Be16.of("high")]


class IFLA_GENEVE(AttrSet):
    ID                  = U32(1)
    REMOTE              = Addr(2)
    TTL                 = U8(3)
    TOS                 = U8(4)
    PORT                = Be16(5)
    COLLECT_METADATA    = Flag(6)
    REMOTE6             = Addr(7)
    UDP_CSUM            = U8(8)
    UDP_ZERO_CSUM6_TX   = U8(9)
    UDP_ZERO_CSUM6_RX   = U8(10)
    LABEL               = Be32(11, base=16)
    TTL_INHERIT         = U8(12)
    DF                  = U8(13, GENEVE_DF)
    INNER_PROTO_INHERIT = Flag(14)
    PORT_RANGE          = Struct(15, ifla_geneve_port_range)
    GRO_HINT            = Flag(16)
    LOCAL               = Addr(17)
    LOCAL6              = Addr(18)


bind_attrs(IFLA_INFO.DATA, IFLA_GENEVE, KIND="geneve")
