"""Packets of an Open vSwitch datapath to user space and back (linux/openvswitch.h, net/openvswitch/datapath.c)."""

from nldissect.wire import U16, U32, U64, Attrs, AttrSet, Blob, Flag, Framed, Message, Nest, bind_genl

from .ovs import DATAPATH
from .ovs.action import OVS_ACTION_ATTR
from .ovs.key import OVS_KEY_ATTR
from .ovs.tunnel import OVS_TUNNEL_KEY_ATTR


class OVS_PACKET_ATTR(AttrSet):
    PACKET         = Framed(1)
    KEY            = Nest(2, OVS_KEY_ATTR)
    ACTIONS        = Nest(3, OVS_ACTION_ATTR)
    USERDATA       = Blob(4, "a cookie in the form of the program that gave it")
    EGRESS_TUN_KEY = Nest(5, OVS_TUNNEL_KEY_ATTR)
    UNUSED1        = Blob(6, "not used")
    UNUSED2        = Blob(7, "not used")
    PROBE          = Flag(8)
    MRU            = U16(9)
    LEN            = U32(10)
    HASH           = U64(11, base=16)       # bit 32: made by software; bit 33: of ports too


class ovs_packet(Message):
    fields_desc = [DATAPATH, Attrs("attrs", OVS_PACKET_ATTR)]
    summary = (
        "[{dp_ifindex}] [recirc {OVS_PACKET_ATTR_KEY.OVS_KEY_ATTR_RECIRC_ID}] "
        "[port {OVS_PACKET_ATTR_KEY.OVS_KEY_ATTR_IN_PORT}] [{OVS_PACKET_ATTR_KEY.OVS_KEY_ATTR_ETHERTYPE}] "
        "[{OVS_PACKET_ATTR_KEY.ipv4_src|OVS_PACKET_ATTR_KEY.ipv6_src|OVS_PACKET_ATTR_KEY.arp_sip} > "
        "{OVS_PACKET_ATTR_KEY.ipv4_dst|OVS_PACKET_ATTR_KEY.ipv6_dst|OVS_PACKET_ATTR_KEY.arp_tip}] "
        "[{OVS_PACKET_ATTR_KEY.ipv4_proto|OVS_PACKET_ATTR_KEY.ipv6_proto|OVS_PACKET_ATTR_KEY.arp_op}] "
        "[length {OVS_PACKET_ATTR_LEN}] [mru {OVS_PACKET_ATTR_MRU}] "
        "[actions {OVS_PACKET_ATTR_ACTIONS#}[ output {OVS_ACTION_ATTR_OUTPUT*}] ] [{?OVS_PACKET_ATTR_PROBE}probe]"
    )


bind_genl(ovs_packet, "ovs_packet", OVS_PACKET_CMD_MISS=1, OVS_PACKET_CMD_ACTION=2, OVS_PACKET_CMD_EXECUTE=3)
