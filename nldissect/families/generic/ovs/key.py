"""Keys: what a flow matches and a packet has (ovs_key_lens in net/openvswitch/flow_netlink.c)."""

from nldissect.families.common import AF, ETH_P, IPPROTO
from nldissect.families.icmp import ICMP, ICMPV6
from nldissect.wire import (
    U8,
    U16,
    U32,
    Addr,
    Array,
    AttrSet,
    Be16,
    Be32,
    Blob,
    Enum,
    Flags,
    Mac,
    Message,
    Nest,
    Pad,
    Struct,
)

from .tunnel import OVS_TUNNEL_KEY_ATTR


class OVS_FRAG_TYPE(Enum):
    NONE  = 0
    FIRST = 1
    LATER = 2


class OVS_CS_F(Flags):
    NEW         = 0x01
    ESTABLISHED = 0x02
    RELATED     = 0x04
    REPLY_DIR   = 0x08
    INVALID     = 0x10
    TRACKED     = 0x20
    SRC_NAT     = 0x40
    DST_NAT     = 0x80


class TCP_FLAGS(Flags, prefix=""):
    FIN = 0x001
    SYN = 0x002
    RST = 0x004
    PSH = 0x008
    ACK = 0x010
    URG = 0x020
    ECE = 0x040
    CWR = 0x080
    NS  = 0x100


class ARPOP(Enum):
    REQUEST   = 1
    REPLY     = 2
    RREQUEST  = 3
    RREPLY    = 4
    InREQUEST = 8
    InREPLY   = 9
    NAK       = 10


class TUN_P(Enum):
    IPV4     = 1
    IPV6     = 2
    ETHERNET = 3
    NSH      = 4
    MPLS_UC  = 5


class ovs_key_ethernet(Message):
    fields_desc = [Mac.of("eth_src", 6), Mac.of("eth_dst", 6)]


class ovs_key_ipv4(Message):
    fields_desc = [
        Addr.of("ipv4_src", 4), Addr.of("ipv4_dst", 4), U8.of("ipv4_proto", IPPROTO), U8.of("ipv4_tos", base=16),
        U8.of("ipv4_ttl"), U8.of("ipv4_frag", OVS_FRAG_TYPE),
    ]


class ovs_key_ipv6(Message):
    fields_desc = [
        Addr.of("ipv6_src", 16), Addr.of("ipv6_dst", 16), Be32.of("ipv6_label", base=16),
        U8.of("ipv6_proto", IPPROTO), U8.of("ipv6_tclass", base=16), U8.of("ipv6_hlimit"),
        U8.of("ipv6_frag", OVS_FRAG_TYPE),
    ]


class OVS_IPV6_EXTHDR(Flags, prefix="OFPIEH12"):
    """Numbers are OpenFlow's (enum ofp12_ipv6exthdr_flags in net/openvswitch/flow.h)."""

    NONEXT = 0x001
    ESP    = 0x002
    AUTH   = 0x004
    DEST   = 0x008
    FRAG   = 0x010
    ROUTER = 0x020
    HOP    = 0x040
    UNREP  = 0x080
    UNSEQ  = 0x100


class ovs_key_ipv6_exthdrs(Message):
    fields_desc = [U16.of("hdrs", OVS_IPV6_EXTHDR)]


class ovs_key_tcp(Message):
    fields_desc = [Be16.of("tcp_src"), Be16.of("tcp_dst")]


class ovs_key_udp(Message):
    fields_desc = [Be16.of("udp_src"), Be16.of("udp_dst")]


class ovs_key_sctp(Message):
    fields_desc = [Be16.of("sctp_src"), Be16.of("sctp_dst")]


class ovs_key_icmp(Message):
    fields_desc = [U8.of("icmp_type", ICMP), U8.of("icmp_code")]


class ovs_key_icmpv6(Message):
    fields_desc = [U8.of("icmpv6_type", ICMPV6), U8.of("icmpv6_code")]


class ovs_key_arp(Message):
    fields_desc = [
        Addr.of("arp_sip", 4), Addr.of("arp_tip", 4), Be16.of("arp_op", ARPOP), Mac.of("arp_sha", 6),
        Mac.of("arp_tha", 6), Pad.of("_pad", 2),
    ]


class ovs_key_nd(Message):
    fields_desc = [Addr.of("nd_target", 16), Mac.of("nd_sll", 6), Mac.of("nd_tll", 6)]


class ovs_key_nd_extensions(Message):       # known to user space only (OVS's own header)
    fields_desc = [Be32.of("nd_reserved", base=16), U8.of("nd_options_type"), Pad.of("_pad", 3)]


class ovs_key_ct_tuple_ipv4(Message):
    fields_desc = [
        Addr.of("ipv4_src", 4), Addr.of("ipv4_dst", 4), Be16.of("src_port"), Be16.of("dst_port"),
        U8.of("ipv4_proto", IPPROTO), Pad.of("_pad", 3),
    ]


class ovs_key_ct_tuple_ipv6(Message):
    fields_desc = [
        Addr.of("ipv6_src", 16), Addr.of("ipv6_dst", 16), Be16.of("src_port"), Be16.of("dst_port"),
        U8.of("ipv6_proto", IPPROTO), Pad.of("_pad", 3),
    ]


class ovs_nsh_key_base(Message):            # path_hdr: 24 bits of service path, 8 of service index
    fields_desc = [
        U8.of("flags", base=16), U8.of("ttl"), U8.of("mdtype"), U8.of("np", TUN_P), Be32.of("path_hdr", base=16),
    ]


class ovs_nsh_key_md1(Message):
    fields_desc = [Array.of("context", Be32(None, base=16), length=4)]


class OVS_NSH_KEY_ATTR(AttrSet):
    BASE = Struct(1, ovs_nsh_key_base)
    MD1  = Struct(2, ovs_nsh_key_md1)
    MD2  = Blob(3, "TLVs whose classes others define")


class OVS_KEY_ATTR(AttrSet):
    ENCAP              = Nest(1, "self")
    PRIORITY           = U32(2, base=16)
    IN_PORT            = U32(3)
    ETHERNET           = Struct(4, ovs_key_ethernet)
    VLAN               = Be16(5, base=16)                       # 0x1000: there is a tag
    ETHERTYPE          = Be16(6, ETH_P, base=16)
    IPV4               = Struct(7, ovs_key_ipv4)
    IPV6               = Struct(8, ovs_key_ipv6)
    TCP                = Struct(9, ovs_key_tcp)
    UDP                = Struct(10, ovs_key_udp)
    ICMP               = Struct(11, ovs_key_icmp)
    ICMPV6             = Struct(12, ovs_key_icmpv6)
    ARP                = Struct(13, ovs_key_arp)
    ND                 = Struct(14, ovs_key_nd)
    SKB_MARK           = U32(15, base=16)
    TUNNEL             = Nest(16, OVS_TUNNEL_KEY_ATTR)
    SCTP               = Struct(17, ovs_key_sctp)
    TCP_FLAGS          = Be16(18, TCP_FLAGS)
    DP_HASH            = U32(19, base=16)
    RECIRC_ID          = U32(20)
    MPLS               = Addr(21, family=AF.MPLS)
    CT_STATE           = U32(22, OVS_CS_F)
    CT_ZONE            = U16(23)
    CT_MARK            = U32(24, base=16)
    CT_LABELS          = Blob(25, "128 label bits, named by the user")
    CT_ORIG_TUPLE_IPV4 = Struct(26, ovs_key_ct_tuple_ipv4)
    CT_ORIG_TUPLE_IPV6 = Struct(27, ovs_key_ct_tuple_ipv6)
    NSH                = Nest(28, OVS_NSH_KEY_ATTR)
    PACKET_TYPE        = Be32(29, base=16)                      # user space's own, as ND_EXTENSIONS
    ND_EXTENSIONS      = Struct(30, ovs_key_nd_extensions)
    TUNNEL_INFO        = Blob(31, "struct ip_tunnel_info, never leaves the kernel")
    IPV6_EXTHDRS       = Struct(32, ovs_key_ipv6_exthdrs)
