"""veth and vxcan pairs: a whole link message for the peer (linux/veth.h, can/vxcan.h)."""

from nldissect.wire import AttrSet, Struct, bind_attrs

from .link import IFLA_INFO, ifinfomsg


class VETH_INFO(AttrSet):
    PEER = Struct(1, ifinfomsg)


class VXCAN_INFO(AttrSet):
    PEER = Struct(1, ifinfomsg)


bind_attrs(IFLA_INFO.DATA, VETH_INFO, KIND="veth")
bind_attrs(IFLA_INFO.DATA, VXCAN_INFO, KIND="vxcan")
