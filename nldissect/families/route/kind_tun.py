"""tun and tap links: IFLA_INFO_DATA of kind "tun" (linux/if_link.h, if_tun.h)."""

from nldissect.wire import U8, U32, AttrSet, Enum, bind_attrs

from .link import IFLA_INFO


class TUN_TYPE(Enum, prefix="IFF"):
    TUN = 1
    TAP = 2


class IFLA_TUN(AttrSet):
    OWNER               = U32(1)
    GROUP               = U32(2)
    TYPE                = U8(3, TUN_TYPE)
    PI                  = U8(4)
    VNET_HDR            = U8(5)
    PERSIST             = U8(6)
    MULTI_QUEUE         = U8(7)
    NUM_QUEUES          = U32(8)
    NUM_DISABLED_QUEUES = U32(9)


bind_attrs(IFLA_INFO.DATA, IFLA_TUN, KIND="tun")
