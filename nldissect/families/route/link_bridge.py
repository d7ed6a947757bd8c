"""IFLA_AF_SPEC of AF_BRIDGE link messages: VLANs, tunnels, spanning trees of a port (linux/if_bridge.h)."""

from nldissect.wire import U8, U16, U32, AttrSet, Enum, Flags, Message, Nest, Struct

from .link_cfm import IFLA_BRIDGE_CFM
from .link_mrp import IFLA_BRIDGE_MRP


class BR_STATE(Enum):
    DISABLED   = 0
    LISTENING  = 1
    LEARNING   = 2
    FORWARDING = 3
    BLOCKING   = 4


class BRIDGE_FLAGS(Flags):
    MASTER = 1
    SELF   = 2


class BRIDGE_MODE(Enum):
    VEB   = 0
    VEPA  = 1
    UNDEF = 0xFFFF


class BRIDGE_VLAN_INFO(Flags):
    MASTER      = 0x01
    PVID        = 0x02
    UNTAGGED    = 0x04
    RANGE_BEGIN = 0x08
    RANGE_END   = 0x10
    BRENTRY     = 0x20
    ONLY_OPTS   = 0x40


class bridge_vlan_info(Message):
    fields_desc = [U16.of("flags", BRIDGE_VLAN_INFO), U16.of("vid")]


class IFLA_BRIDGE_VLAN_TUNNEL(AttrSet):
    ID    = U32(1)
    VID   = U16(2)
    FLAGS = U16(3, BRIDGE_VLAN_INFO)


class IFLA_BRIDGE_MST_ENTRY(AttrSet):
    MSTI  = U16(1)
    STATE = U8(2, BR_STATE)


class IFLA_BRIDGE_MST(AttrSet):
    ENTRY = Nest(1, IFLA_BRIDGE_MST_ENTRY, many=True)


class IFLA_BRIDGE(AttrSet):
    FLAGS            = U16(0, BRIDGE_FLAGS)
    MODE             = U16(1, BRIDGE_MODE)
    VLAN_INFO        = Struct(2, bridge_vlan_info, many=True)
    VLAN_TUNNEL_INFO = Nest(3, IFLA_BRIDGE_VLAN_TUNNEL, many=True)
    MRP              = Nest(4, IFLA_BRIDGE_MRP)
    CFM              = Nest(5, IFLA_BRIDGE_CFM)
    MST              = Nest(6, IFLA_BRIDGE_MST)
