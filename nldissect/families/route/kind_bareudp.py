"""Bare UDP tunnels: IFLA_INFO_DATA of kind "bareudp" (linux/if_link.h)."""

from nldissect.wire import U16, AttrSet, Be16, Flag, bind_attrs

from ..common import ETH_P
from .link import IFLA_INFO


class IFLA_BAREUDP(AttrSet):
    PORT            = Be16(1)
    ETHERTYPE       = Be16(2, ETH_P)
    SRCPORT_MIN     = U16(3)
    MULTIPROTO_MODE = Flag(4)


bind_attrs(IFLA_INFO.DATA, IFLA_BAREUDP, KIND="bareudp")
