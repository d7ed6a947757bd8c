"""Actions: what becomes of a packet, in order (__ovs_nla_copy_actions in net/openvswitch/flow_netlink.c)."""

from nldissect.families.common import AF, ETH_P
from nldissect.wire import (
    U16,
    U32,
    Addr,
    AttrSet,
    Be16,
    Blob,
    Enum,
    Flag,
    Flags,
    Message,
    Nest,
    Pad,
    Struct,
    Text,
)

from .key import OVS_KEY_ATTR, OVS_NSH_KEY_ATTR, ovs_key_ethernet
from .mask import BITS, OVS_KEY_MASKED


class OVS_HASH_ALG(Enum):
    L4     = 0
    SYM_L4 = 1


class IPCT(Flags):
    NEW       = 1 << 0
    RELATED   = 1 << 1
    DESTROY   = 1 << 2
    REPLY     = 1 << 3
    ASSURED   = 1 << 4
    PROTOINFO = 1 << 5
    HELPER    = 1 << 6
    MARK      = 1 << 7
    SEQADJ    = 1 << 8
    SECMARK   = 1 << 9
    LABEL     = 1 << 10
    SYNPROXY  = 1 << 11


class ovs_action_push_vlan(Message):
    fields_desc = [Be16.of("vlan_tpid", ETH_P), Be16.of("vlan_tci", base=16)]


class ovs_action_hash(Message):
    fields_desc = [U32.of("hash_alg", OVS_HASH_ALG), U32.of("hash_basis")]


class ovs_action_push_mpls(Message):
    fields_desc = [Addr.of("mpls_lse", 4, family=AF.MPLS), Be16.of("mpls_ethertype", ETH_P), Pad.of("_pad", 2)]


class OVS_MPLS_L3_TUNNEL_FLAG(Flags):
    MASK = 1


class ovs_action_add_mpls(Message):
    fields_desc = [
        Addr.of("mpls_lse", 4, family=AF.MPLS), Be16.of("mpls_ethertype", ETH_P),
        U16.of("tun_flags", OVS_MPLS_L3_TUNNEL_FLAG),
    ]


class ovs_action_trunc(Message):
    fields_desc = [U32.of("max_len")]


class ovs_action_push_eth(Message):
    fields_desc = [Struct.of("addresses", ovs_key_ethernet)]


class ovs_ct_mark(Message):                 # struct md_mark in net/openvswitch/conntrack.c
    fields_desc = [U32.of("value", base=16), U32.of("mask", base=16)]


class ovs_ct_labels(Message):               # struct md_labels
    fields_desc = [Blob.of("value", 16, "128 label bits, named by the user"), Blob.of("mask", 16, BITS)]


class OVS_NAT_ATTR(AttrSet):
    SRC          = Flag(1)
    DST          = Flag(2)
    IP_MIN       = Addr(3)
    IP_MAX       = Addr(4)
    PROTO_MIN    = U16(5)
    PROTO_MAX    = U16(6)
    PERSISTENT   = Flag(7)
    PROTO_HASH   = Flag(8)
    PROTO_RANDOM = Flag(9)


class OVS_CT_ATTR(AttrSet):
    COMMIT       = Flag(1)
    ZONE         = U16(2)
    MARK         = Struct(3, ovs_ct_mark)
    LABELS       = Struct(4, ovs_ct_labels)
    HELPER       = Text(5)
    NAT          = Nest(6, OVS_NAT_ATTR)
    FORCE_COMMIT = Flag(7)
    EVENTMASK    = U32(8, IPCT)
    TIMEOUT      = Text(9)


class OVS_USERSPACE_ATTR(AttrSet):
    PID             = U32(1)
    USERDATA        = Blob(2, "a cookie in the form of the program that gave it")
    EGRESS_TUN_PORT = U32(3)
    ACTIONS         = Flag(4)


class OVS_SAMPLE_ATTR(AttrSet):
    PROBABILITY = U32(1)                    # of 2**32 - 1
    ACTIONS     = Nest(2, "OVS_ACTION_ATTR")


class OVS_CHECK_PKT_LEN_ATTR(AttrSet):
    PKT_LEN               = U16(1)
    ACTIONS_IF_GREATER    = Nest(2, "OVS_ACTION_ATTR")
    ACTIONS_IF_LESS_EQUAL = Nest(3, "OVS_ACTION_ATTR")


class OVS_DEC_TTL_ATTR(AttrSet):
    ACTION = Nest(1, "OVS_ACTION_ATTR")


class OVS_PSAMPLE_ATTR(AttrSet):
    GROUP  = U32(1)
    COOKIE = Blob(2, "a cookie in the form of the program that gave it")


class OVS_ACTION_ATTR(AttrSet, sequence=True):
    OUTPUT        = U32(1, many=True)
    USERSPACE     = Nest(2, OVS_USERSPACE_ATTR, many=True)
    SET           = Nest(3, OVS_KEY_ATTR, many=True)
    PUSH_VLAN     = Struct(4, ovs_action_push_vlan, many=True)
    POP_VLAN      = Flag(5, many=True)
    SAMPLE        = Nest(6, OVS_SAMPLE_ATTR, many=True)
    RECIRC        = U32(7, many=True)
    HASH          = Struct(8, ovs_action_hash, many=True)
    PUSH_MPLS     = Struct(9, ovs_action_push_mpls, many=True)
    POP_MPLS      = Be16(10, ETH_P, many=True)
    SET_MASKED    = Nest(11, OVS_KEY_MASKED, many=True)
    CT            = Nest(12, OVS_CT_ATTR, many=True)
    TRUNC         = Struct(13, ovs_action_trunc, many=True)
    PUSH_ETH      = Struct(14, ovs_action_push_eth, many=True)
    POP_ETH       = Flag(15, many=True)
    CT_CLEAR      = Flag(16, many=True)
    PUSH_NSH      = Nest(17, OVS_NSH_KEY_ATTR, many=True)
    POP_NSH       = Flag(18, many=True)
    METER         = U32(19, many=True)
    CLONE         = Nest(20, "self", many=True)
    CHECK_PKT_LEN = Nest(21, OVS_CHECK_PKT_LEN_ATTR, many=True)
    ADD_MPLS      = Struct(22, ovs_action_add_mpls, many=True)
    DEC_TTL       = Nest(23, OVS_DEC_TTL_ATTR, many=True)
    DROP          = U32(24, many=True)
    PSAMPLE       = Nest(25, OVS_PSAMPLE_ATTR, many=True)
