"""ipvlan and ipvtap links: IFLA_INFO_DATA of those kinds (linux/if_link.h)."""

from nldissect.wire import U16, AttrSet, Enum, Flags, bind_attrs

from .link import IFLA_INFO


class IPVLAN_MODE(Enum):
    L2  = 0
    L3  = 1
    L3S = 2


class IPVLAN_F(Flags):
    PRIVATE = 0x01
    VEPA    = 0x02


class IFLA_IPVLAN(AttrSet):
    MODE  = U16(1, IPVLAN_MODE)
    FLAGS = U16(2, IPVLAN_F)


bind_attrs(IFLA_INFO.DATA, IFLA_IPVLAN, KIND=("ipvlan", "ipvtap"))
