"""Masks: the keys again, as bits that count; and keys with their masks, for OVS_ACTION_ATTR_SET_MASKED.

Addresses and flags read as they do in keys; what is a name there is a hexadecimal number here.
"""

from nldissect.wire import (
    U8,
    U16,
    U32,
    Addr,
    Array,
    AttrSet,
    Be16,
    Be32,
    Be64,
    Blob,
    Flag,
    Mac,
    Message,
    Nest,
    Pad,
    Struct,
)

from .key import (
    OVS_CS_F,
    OVS_IPV6_EXTHDR,
    TCP_FLAGS,
    ovs_key_ethernet,
    ovs_key_ipv4,
    ovs_key_ipv6,
    ovs_key_nd,
    ovs_key_sctp,
    ovs_key_tcp,
    ovs_key_udp,
    ovs_nsh_key_base,
    ovs_nsh_key_md1,
)
from .tunnel import OVS_VXLAN_OPTS

BITS = "bits of the key that count"


class ovs_mask_ipv4(Message):
    fields_desc = [
        Addr.of("ipv4_src", 4), Addr.of("ipv4_dst", 4), U8.of("ipv4_proto", base=16), U8.of("ipv4_tos", base=16),
        U8.of("ipv4_ttl", base=16), U8.of("ipv4_frag", base=16),
    ]


class ovs_mask_ipv6(Message):
    fields_desc = [
        Addr.of("ipv6_src", 16), Addr.of("ipv6_dst", 16), Be32.of("ipv6_label", base=16), U8.of("ipv6_proto", base=16),
        U8.of("ipv6_tclass", base=16), U8.of("ipv6_hlimit", base=16), U8.of("ipv6_frag", base=16),
    ]


class ovs_mask_ipv6_exthdrs(Message):
    fields_desc = [U16.of("hdrs", OVS_IPV6_EXTHDR)]


class ovs_mask_tcp(Message):
    fields_desc = [Be16.of("tcp_src", base=16), Be16.of("tcp_dst", base=16)]


class ovs_mask_udp(Message):
    fields_desc = [Be16.of("udp_src", base=16), Be16.of("udp_dst", base=16)]


class ovs_mask_sctp(Message):
    fields_desc = [Be16.of("sctp_src", base=16), Be16.of("sctp_dst", base=16)]


class ovs_mask_icmp(Message):
    fields_desc = [U8.of("icmp_type", base=16), U8.of("icmp_code", base=16)]


class ovs_mask_icmpv6(Message):
    fields_desc = [U8.of("icmpv6_type", base=16), U8.of("icmpv6_code", base=16)]


class ovs_mask_arp(Message):
    fields_desc = [
        Addr.of("arp_sip", 4), Addr.of("arp_tip", 4), Be16.of("arp_op", base=16), Mac.of("arp_sha", 6),
        Mac.of("arp_tha", 6), Pad.of("_pad", 2),
    ]


class ovs_mask_nd_extensions(Message):
    fields_desc = [Be32.of("nd_reserved", base=16), U8.of("nd_options_type", base=16), Pad.of("_pad", 3)]


class ovs_mask_ct_tuple_ipv4(Message):
    fields_desc = [
        Addr.of("ipv4_src", 4), Addr.of("ipv4_dst", 4), Be16.of("src_port", base=16), Be16.of("dst_port", base=16),
        U8.of("ipv4_proto", base=16), Pad.of("_pad", 3),
    ]


class ovs_mask_ct_tuple_ipv6(Message):
    fields_desc = [
        Addr.of("ipv6_src", 16), Addr.of("ipv6_dst", 16), Be16.of("src_port", base=16), Be16.of("dst_port", base=16),
        U8.of("ipv6_proto", base=16), Pad.of("_pad", 3),
    ]


class ovs_mask_nsh_base(Message):
    fields_desc = [
        U8.of("flags", base=16), U8.of("ttl", base=16), U8.of("mdtype", base=16), U8.of("np", base=16),
        Be32.of("path_hdr", base=16),
    ]


class OVS_TUNNEL_MASK(AttrSet, prefix="OVS_TUNNEL_KEY_ATTR"):
    ID               = Be64(0, base=16)
    IPV4_SRC         = Addr(1)
    IPV4_DST         = Addr(2)
    TOS              = U8(3, base=16)
    TTL              = U8(4, base=16)
    DONT_FRAGMENT    = Flag(5)
    CSUM             = Flag(6)
    OAM              = Flag(7)
    GENEVE_OPTS      = Blob(8, BITS)
    TP_SRC           = Be16(9, base=16)
    TP_DST           = Be16(10, base=16)
    VXLAN_OPTS       = Nest(11, OVS_VXLAN_OPTS)
    IPV6_SRC         = Addr(12)
    IPV6_DST         = Addr(13)
    PAD              = Pad(14)
    ERSPAN_OPTS      = Blob(15, BITS)
    IPV4_INFO_BRIDGE = Flag(16)


class OVS_NSH_MASK(AttrSet, prefix="OVS_NSH_KEY_ATTR"):
    BASE = Struct(1, ovs_mask_nsh_base)
    MD1  = Struct(2, ovs_nsh_key_md1)
    MD2  = Blob(3, BITS)


class OVS_KEY_MASK(AttrSet, prefix="OVS_KEY_ATTR"):
    ENCAP              = Nest(1, "self")
    PRIORITY           = U32(2, base=16)
    IN_PORT            = U32(3, base=16)
    ETHERNET           = Struct(4, ovs_key_ethernet)
    VLAN               = Be16(5, base=16)
    ETHERTYPE          = Be16(6, base=16)
    IPV4               = Struct(7, ovs_mask_ipv4)
    IPV6               = Struct(8, ovs_mask_ipv6)
    TCP                = Struct(9, ovs_mask_tcp)
    UDP                = Struct(10, ovs_mask_udp)
    ICMP               = Struct(11, ovs_mask_icmp)
    ICMPV6             = Struct(12, ovs_mask_icmpv6)
    ARP                = Struct(13, ovs_mask_arp)
    ND                 = Struct(14, ovs_key_nd)
    SKB_MARK           = U32(15, base=16)
    TUNNEL             = Nest(16, OVS_TUNNEL_MASK)
    SCTP               = Struct(17, ovs_mask_sctp)
    TCP_FLAGS          = Be16(18, TCP_FLAGS)
    DP_HASH            = U32(19, base=16)
    RECIRC_ID          = U32(20, base=16)
    MPLS               = Array(21, Be32(None, base=16))
    CT_STATE           = U32(22, OVS_CS_F)
    CT_ZONE            = U16(23, base=16)
    CT_MARK            = U32(24, base=16)
    CT_LABELS          = Blob(25, BITS)
    CT_ORIG_TUPLE_IPV4 = Struct(26, ovs_mask_ct_tuple_ipv4)
    CT_ORIG_TUPLE_IPV6 = Struct(27, ovs_mask_ct_tuple_ipv6)
    NSH                = Nest(28, OVS_NSH_MASK)
    PACKET_TYPE        = Be32(29, base=16)
    ND_EXTENSIONS      = Struct(30, ovs_mask_nd_extensions)
    TUNNEL_INFO        = Blob(31, "struct ip_tunnel_info, never leaves the kernel")
    IPV6_EXTHDRS       = Struct(32, ovs_mask_ipv6_exthdrs)


class ovs_masked_u32(Message):
    fields_desc = [U32.of("key", base=16), U32.of("mask", base=16)]


class ovs_masked_labels(Message):
    fields_desc = [Blob.of("key", 16, "128 label bits, named by the user"), Blob.of("mask", 16, BITS)]


class ovs_masked_ethernet(Message):
    fields_desc = [Struct.of("key", ovs_key_ethernet), Struct.of("mask", ovs_key_ethernet)]


class ovs_masked_ipv4(Message):
    fields_desc = [Struct.of("key", ovs_key_ipv4), Struct.of("mask", ovs_mask_ipv4)]


class ovs_masked_ipv6(Message):
    fields_desc = [Struct.of("key", ovs_key_ipv6), Struct.of("mask", ovs_mask_ipv6)]


class ovs_masked_tcp(Message):
    fields_desc = [Struct.of("key", ovs_key_tcp), Struct.of("mask", ovs_mask_tcp)]


class ovs_masked_udp(Message):
    fields_desc = [Struct.of("key", ovs_key_udp), Struct.of("mask", ovs_mask_udp)]


class ovs_masked_sctp(Message):
    fields_desc = [Struct.of("key", ovs_key_sctp), Struct.of("mask", ovs_mask_sctp)]


class ovs_masked_mpls(Message):
    fields_desc = [Be32.of("key", base=16), Be32.of("mask", base=16)]


class ovs_masked_nsh_base(Message):
    fields_desc = [Struct.of("key", ovs_nsh_key_base), Struct.of("mask", ovs_mask_nsh_base)]


class ovs_masked_nsh_md1(Message):
    fields_desc = [Struct.of("key", ovs_nsh_key_md1), Struct.of("mask", ovs_nsh_key_md1)]


class OVS_NSH_MASKED(AttrSet, prefix="OVS_NSH_KEY_ATTR"):
    BASE = Struct(1, ovs_masked_nsh_base)
    MD1  = Struct(2, ovs_masked_nsh_md1)


class OVS_KEY_MASKED(AttrSet, prefix="OVS_KEY_ATTR"):
    """What the kernel lets actions set (validate_set in net/openvswitch/flow_netlink.c)."""

    PRIORITY  = Struct(2, ovs_masked_u32)
    ETHERNET  = Struct(4, ovs_masked_ethernet)
    IPV4      = Struct(7, ovs_masked_ipv4)
    IPV6      = Struct(8, ovs_masked_ipv6)
    TCP       = Struct(9, ovs_masked_tcp)
    UDP       = Struct(10, ovs_masked_udp)
    SKB_MARK  = Struct(15, ovs_masked_u32)
    SCTP      = Struct(17, ovs_masked_sctp)
    MPLS      = Struct(21, ovs_masked_mpls)
    CT_MARK   = Struct(24, ovs_masked_u32)
    CT_LABELS = Struct(25, ovs_masked_labels)
    NSH       = Nest(28, OVS_NSH_MASKED)
