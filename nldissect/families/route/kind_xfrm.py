"""IPsec interfaces: IFLA_INFO_DATA of kind "xfrm" (linux/if_link.h)."""

from nldissect.wire import U32, AttrSet, Flag, bind_attrs

from .link import IFLA_INFO


class IFLA_XFRM(AttrSet):
    LINK             = U32(1, refers="interface")
    IF_ID            = U32(2, base=16)
    COLLECT_METADATA = Flag(3)


bind_attrs(IFLA_INFO.DATA, IFLA_XFRM, KIND="xfrm")
