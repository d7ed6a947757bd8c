"""Flows of an Open vSwitch datapath: key, mask, actions (linux/openvswitch.h, net/openvswitch/datapath.c)."""

from nldissect.wire import U8, U32, U64, Attrs, AttrSet, Blob, Flag, Flags, Message, Nest, Pad, Struct, bind_genl

from .ovs import DATAPATH
from .ovs.action import OVS_ACTION_ATTR
from .ovs.key import OVS_KEY_ATTR, TCP_FLAGS
from .ovs.mask import OVS_KEY_MASK


class OVS_UFID_F(Flags):
    OMIT_KEY     = 0x1
    OMIT_MASK    = 0x2
    OMIT_ACTIONS = 0x4


class ovs_flow_stats(Message):
    fields_desc = [U64.of("n_packets"), U64.of("n_bytes")]


class OVS_FLOW_ATTR(AttrSet):
    KEY        = Nest(1, OVS_KEY_ATTR)
    ACTIONS    = Nest(2, OVS_ACTION_ATTR)
    STATS      = Struct(3, ovs_flow_stats)
    TCP_FLAGS  = U8(4, TCP_FLAGS)
    USED       = U64(5, measure="ms")
    CLEAR      = Flag(6)
    MASK       = Nest(7, OVS_KEY_MASK)
    PROBE      = Flag(8)
    UFID       = Blob(9, "an identifier that user space made")
    UFID_FLAGS = U32(10, OVS_UFID_F)
    PAD        = Pad(11)


class ovs_flow(Message):
    fields_desc = [DATAPATH, Attrs("attrs", OVS_FLOW_ATTR)]
    summary = (
        "[{dp_ifindex}] [recirc {OVS_FLOW_ATTR_KEY.OVS_KEY_ATTR_RECIRC_ID}] "
        "[port {OVS_FLOW_ATTR_KEY.OVS_KEY_ATTR_IN_PORT}] "
        "[{OVS_FLOW_ATTR_KEY.OVS_KEY_ATTR_ETHERTYPE}] "
        "[{OVS_FLOW_ATTR_KEY.ipv4_src|OVS_FLOW_ATTR_KEY.ipv6_src|OVS_FLOW_ATTR_KEY.arp_sip} > "
        "{OVS_FLOW_ATTR_KEY.ipv4_dst|OVS_FLOW_ATTR_KEY.ipv6_dst|OVS_FLOW_ATTR_KEY.arp_tip}] "
        "[{OVS_FLOW_ATTR_KEY.ipv4_proto|OVS_FLOW_ATTR_KEY.ipv6_proto|OVS_FLOW_ATTR_KEY.arp_op}] "
        "[{OVS_FLOW_ATTR_KEY.tcp_src|OVS_FLOW_ATTR_KEY.udp_src|OVS_FLOW_ATTR_KEY.sctp_src} > "
        "{OVS_FLOW_ATTR_KEY.tcp_dst|OVS_FLOW_ATTR_KEY.udp_dst|OVS_FLOW_ATTR_KEY.sctp_dst}] "
        "[packets {n_packets}] [actions {OVS_FLOW_ATTR_ACTIONS#}[ output {OVS_ACTION_ATTR_OUTPUT*}]"
        "[ recirc {OVS_ACTION_ATTR_RECIRC}][{?OVS_ACTION_ATTR_USERSPACE} userspace][{?OVS_ACTION_ATTR_CT} ct] ] "
        "[{?OVS_FLOW_ATTR_PROBE}probe]"
    )


bind_genl(ovs_flow, "ovs_flow", OVS_FLOW_CMD_NEW=1, OVS_FLOW_CMD_DEL=2, OVS_FLOW_CMD_GET=3, OVS_FLOW_CMD_SET=4)
