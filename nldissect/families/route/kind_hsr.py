"""HSR and PRP links: IFLA_INFO_DATA of kind "hsr" (linux/if_link.h)."""

from nldissect.wire import U8, U16, U32, AttrSet, Enum, Mac, bind_attrs

from .link import IFLA_INFO


class HSR_PROTOCOL(Enum):
    HSR = 0
    PRP = 1


class IFLA_HSR(AttrSet):
    SLAVE1           = U32(1, refers="interface")
    SLAVE2           = U32(2, refers="interface")
    MULTICAST_SPEC   = U8(3)
    SUPERVISION_ADDR = Mac(4)
    SEQ_NR           = U16(5)
    VERSION          = U8(6)
    PROTOCOL         = U8(7, HSR_PROTOCOL)
    INTERLINK        = U32(8, refers="interface")


bind_attrs(IFLA_INFO.DATA, IFLA_HSR, KIND="hsr")
