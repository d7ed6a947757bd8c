"""VXLAN links: IFLA_INFO_DATA of kind "vxlan" (linux/if_link.h)."""

from nldissect.wire import U8, U32, Addr, AttrSet, Be16, Be32, Be64, Enum, Flag, Message, Struct, bind_attrs

from .link import IFLA_INFO


class VXLAN_DF(Enum):
    UNSET   = 0
    SET     = 1
    INHERIT = 2


class VXLAN_LABEL(Enum):
    FIXED   = 0
    INHERIT = 1


class ifla_vxlan_port_range(Message):
    fields_desc = [Be16.of("low"), Be16.of("high")]


class IFLA_VXLAN(AttrSet):
    ID                = U32(1)
    GROUP             = Addr(2)
    LINK              = U32(3, refers="interface")
    LOCAL             = Addr(4)
    TTL               = U8(5)
    TOS               = U8(6)
    LEARNING          = U8(7)
    AGEING            = U32(8, measure="s")
    LIMIT             = U32(9)
    PORT_RANGE        = Struct(10, ifla_vxlan_port_range)
    PROXY             = U8(11)
    RSC               = U8(12)
    L2MISS            = U8(13)
    L3MISS            = U8(14)
    PORT              = Be16(15)
    GROUP6            = Addr(16)
    LOCAL6            = Addr(17)
    UDP_CSUM          = U8(18)
    UDP_ZERO_CSUM6_TX = U8(19)
    UDP_ZERO_CSUM6_RX = U8(20)
    REMCSUM_TX        = U8(21)
    REMCSUM_RX        = U8(22)
    GBP               = Flag(23)
    REMCSUM_NOPARTIAL = Flag(24)
    COLLECT_METADATA  = U8(25)
    LABEL             = Be32(26, base=16)
    GPE               = Flag(27)
    TTL_INHERIT       = U8(28)
    DF                = U8(29, VXLAN_DF)
    VNIFILTER         = U8(30)
    LOCALBYPASS       = U8(31)
    LABEL_POLICY      = U32(32, VXLAN_LABEL)
    RESERVED_BITS     = Be64(33, base=16)
    MC_ROUTE          = U8(34)


# The kernel tells it as a byte but takes only a flag.
bind_attrs(IFLA_VXLAN.TTL_INHERIT, Flag(None), to="kernel")

bind_attrs(IFLA_INFO.DATA, IFLA_VXLAN, KIND="vxlan")
