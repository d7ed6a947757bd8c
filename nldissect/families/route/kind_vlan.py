"""VLAN links: IFLA_INFO_DATA of kind "vlan" (linux/if_link.h, if_vlan.h)."""

from nldissect.wire import U16, U32, AttrSet, Be16, Flags, Message, Nest, Struct, bind_attrs

from ..common import ETH_P
from .link import IFLA_INFO


class VLAN_FLAG(Flags):
    REORDER_HDR    = 0x01
    GVRP           = 0x02
    LOOSE_BINDING  = 0x04
    MVRP           = 0x08
    BRIDGE_BINDING = 0x10


class ifla_vlan_flags(Message):
    fields_desc = [U32.of("flags", VLAN_FLAG), U32.of("mask", VLAN_FLAG)]


class ifla_vlan_qos_mapping(Message):
    fields_desc = [U32.of("from_"), U32.of("to")]


class IFLA_VLAN_QOS(AttrSet):
    MAPPING = Struct(1, ifla_vlan_qos_mapping, many=True)


class IFLA_VLAN(AttrSet):
    ID          = U16(1)
    FLAGS       = Struct(2, ifla_vlan_flags)
    EGRESS_QOS  = Nest(3, IFLA_VLAN_QOS)
    INGRESS_QOS = Nest(4, IFLA_VLAN_QOS)
    PROTOCOL    = Be16(5, ETH_P)


bind_attrs(IFLA_INFO.DATA, IFLA_VLAN, KIND="vlan")
