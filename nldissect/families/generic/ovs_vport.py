"""Ports of an Open vSwitch datapath (linux/openvswitch.h, net/openvswitch/vport.c, vport-vxlan.c, vport-geneve.c)."""

from nldissect.wire import (
    S32,
    U16,
    U32,
    U64,
    Array,
    Attrs,
    AttrSet,
    Enum,
    Flag,
    Message,
    Nest,
    Pad,
    Struct,
    Text,
    bind_genl,
)

from .ovs import DATAPATH


class OVS_VPORT_TYPE(Enum):
    UNSPEC   = 0
    NETDEV   = 1
    INTERNAL = 2
    GRE      = 3
    VXLAN    = 4
    GENEVE   = 5


class ovs_vport_stats(Message):
    fields_desc = [
        U64.of("rx_packets"), U64.of("tx_packets"), U64.of("rx_bytes"), U64.of("tx_bytes"), U64.of("rx_errors"),
        U64.of("tx_errors"), U64.of("rx_dropped"), U64.of("tx_dropped"),
    ]


class OVS_VXLAN_EXT(AttrSet):
    GBP = Flag(1)


class OVS_TUNNEL_ATTR(AttrSet):
    DST_PORT  = U16(1)
    EXTENSION = Nest(2, OVS_VXLAN_EXT)


class OVS_VPORT_UPCALL_ATTR(AttrSet):
    SUCCESS = U64(0)
    FAIL    = U64(1)
    PAD     = Pad(7)                        # the kernel aligns with OVS_VPORT_ATTR_PAD


class OVS_VPORT_ATTR(AttrSet):
    PORT_NO      = U32(1)
    TYPE         = U32(2, OVS_VPORT_TYPE)
    NAME         = Text(3)
    OPTIONS      = Nest(4, OVS_TUNNEL_ATTR)
    UPCALL_PID   = Array(5, U32)
    STATS        = Struct(6, ovs_vport_stats)
    PAD          = Pad(7)
    IFINDEX      = U32(8, refers="interface")
    NETNSID      = S32(9)
    UPCALL_STATS = Nest(10, OVS_VPORT_UPCALL_ATTR)


class ovs_vport(Message):
    fields_desc = [DATAPATH, Attrs("attrs", OVS_VPORT_ATTR)]
    summary = (
        "[{dp_ifindex}] [port {OVS_VPORT_ATTR_PORT_NO}] [{OVS_VPORT_ATTR_NAME}] [{OVS_VPORT_ATTR_TYPE}] "
        "[udp port {OVS_TUNNEL_ATTR_DST_PORT}] [rx {rx_packets}] [tx {tx_packets}] "
        "[upcalls to {OVS_VPORT_ATTR_UPCALL_PID}]"
    )
    teaches = ("interface", "OVS_VPORT_ATTR_IFINDEX", "OVS_VPORT_ATTR_NAME")


bind_genl(
    ovs_vport, "ovs_vport", OVS_VPORT_CMD_NEW=1, OVS_VPORT_CMD_DEL=2, OVS_VPORT_CMD_GET=3, OVS_VPORT_CMD_SET=4
)
