"""macvlan and macvtap links: IFLA_INFO_DATA of those kinds (linux/if_link.h)."""

from nldissect.wire import S32, U16, U32, AttrSet, Enum, Flags, Mac, Nest, bind_attrs

from .link import IFLA_INFO


class MACVLAN_MODE(Enum):
    PRIVATE  = 1
    VEPA     = 2
    BRIDGE   = 4
    PASSTHRU = 8
    SOURCE   = 16


class MACVLAN_MACADDR(Enum):
    ADD   = 0
    DEL   = 1
    FLUSH = 2
    SET   = 3


class MACVLAN_FLAG(Flags):
    NOPROMISC = 1
    NODST     = 2


class IFLA_MACVLAN_MACADDR_DATA(AttrSet, prefix="IFLA_MACVLAN"):
    MACADDR = Mac(4, many=True)


class IFLA_MACVLAN(AttrSet):
    MODE              = U32(1, MACVLAN_MODE)
    FLAGS             = U16(2, MACVLAN_FLAG)
    MACADDR_MODE      = U32(3, MACVLAN_MACADDR)
    MACADDR           = Mac(4)
    MACADDR_DATA      = Nest(5, IFLA_MACVLAN_MACADDR_DATA)
    MACADDR_COUNT     = U32(6)
    BC_QUEUE_LEN      = U32(7)
    BC_QUEUE_LEN_USED = U32(8)
    BC_CUTOFF         = S32(9)


bind_attrs(IFLA_INFO.DATA, IFLA_MACVLAN, KIND=("macvlan", "macvtap"))
