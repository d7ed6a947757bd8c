"""Limits of Open vSwitch on connections in a zone (linux/openvswitch.h, net/openvswitch/conntrack.c)."""

from nldissect.wire import S32, U32, Attrs, AttrSet, Enum, Message, Structs, bind_genl

from .ovs import DATAPATH


class OVS_ZONE_LIMIT(Enum):
    DEFAULT_ZONE = -1


class ovs_zone_limit(Message):
    fields_desc = [S32.of("zone_id", OVS_ZONE_LIMIT), U32.of("limit"), U32.of("count")]


class OVS_CT_LIMIT_ATTR(AttrSet):
    ZONE_LIMIT = Structs(1, ovs_zone_limit)


class ovs_ct_limit(Message):
    fields_desc = [DATAPATH, Attrs("attrs", OVS_CT_LIMIT_ATTR)]
    summary = "[{dp_ifindex}] [zone {zone_id}] [limit {limit}] [count {count}]"


bind_genl(ovs_ct_limit, "ovs_ct_limit", OVS_CT_LIMIT_CMD_SET=1, OVS_CT_LIMIT_CMD_DEL=2, OVS_CT_LIMIT_CMD_GET=3)
