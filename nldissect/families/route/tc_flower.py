"""Traffic control: the flower filter, which matches header fields (linux/pkt_cls.h)."""

from nldissect.wire import (
    U8,
    U16,
    U32,
    Addr,
    AttrSet,
    Be16,
    Be32,
    Be64,
    Blob,
    Flags,
    Handle,
    Mac,
    Nest,
    Nests,
    Text,
    bind_attrs,
)

from ..common import ETH_P, IPPROTO
from ..icmp import ICMP, ICMPV6
from .tc import TCA
from .tc_act import TCA_ACT
from .tc_u32 import TCA_CLS_FLAGS


class TCA_FLOWER_KEY_FLAGS(Flags):
    IS_FRAGMENT          = 0x01
    FRAG_IS_FIRST        = 0x02
    TUNNEL_CSUM          = 0x04
    TUNNEL_DONT_FRAGMENT = 0x08
    TUNNEL_OAM           = 0x10
    TUNNEL_CRIT_OPT      = 0x20


class TCA_FLOWER_KEY_CT_FLAGS(Flags):
    NEW         = 0x01
    ESTABLISHED = 0x02
    RELATED     = 0x04
    TRACKED     = 0x08
    INVALID     = 0x10
    REPLY       = 0x20


class TCA_FLOWER_KEY_ENC_OPT_GENEVE(AttrSet):   # answers put all options into one nest, requests each in its own
    CLASS = Be16(1, many=True)
    TYPE  = U8(2, many=True)
    DATA  = Blob(3, "option data, defined by the option's class and type", many=True)


class TCA_FLOWER_KEY_ENC_OPT_VXLAN(AttrSet):
    GBP = U32(1)


class TCA_FLOWER_KEY_ENC_OPT_ERSPAN(AttrSet):
    VER   = U8(1)
    INDEX = Be32(2)
    DIR   = U8(3)
    HWID  = U8(4)


class TCA_FLOWER_KEY_ENC_OPT_GTP(AttrSet):
    PDU_TYPE = U8(1)
    QFI      = U8(2)


class TCA_FLOWER_KEY_ENC_OPT_PFCP(AttrSet):
    TYPE = U8(1)
    SEID = Be64(2)


class TCA_FLOWER_KEY_ENC_OPTS(AttrSet):
    GENEVE = Nest(1, TCA_FLOWER_KEY_ENC_OPT_GENEVE, many=True)
    VXLAN  = Nest(2, TCA_FLOWER_KEY_ENC_OPT_VXLAN)
    ERSPAN = Nest(3, TCA_FLOWER_KEY_ENC_OPT_ERSPAN)
    GTP    = Nest(4, TCA_FLOWER_KEY_ENC_OPT_GTP)
    PFCP   = Nest(5, TCA_FLOWER_KEY_ENC_OPT_PFCP)


class TCA_FLOWER_KEY_MPLS_OPT_LSE(AttrSet):
    DEPTH = U8(1)
    TTL   = U8(2)
    BOS   = U8(3)
    TC    = U8(4)
    LABEL = U32(5)


class TCA_FLOWER_KEY_MPLS_OPTS(AttrSet):
    LSE = Nest(1, TCA_FLOWER_KEY_MPLS_OPT_LSE, many=True)


class TCA_FLOWER_KEY_CFM(AttrSet):
    MD_LEVEL = U8(1)
    OPCODE   = U8(2)


# The header's comments call VLAN ids and MPLS labels be16 and be32; cls_flower.c reads and writes them in host order.
class TCA_FLOWER(AttrSet):
    CLASSID                   = Handle(1)
    INDEV                     = Text(2)
    ACT                       = Nests(3, TCA_ACT)
    KEY_ETH_DST               = Mac(4)
    KEY_ETH_DST_MASK          = Mac(5)
    KEY_ETH_SRC               = Mac(6)
    KEY_ETH_SRC_MASK          = Mac(7)
    KEY_ETH_TYPE              = Be16(8, ETH_P)
    KEY_IP_PROTO              = U8(9, IPPROTO)
    KEY_IPV4_SRC              = Addr(10)
    KEY_IPV4_SRC_MASK         = Addr(11)
    KEY_IPV4_DST              = Addr(12)
    KEY_IPV4_DST_MASK         = Addr(13)
    KEY_IPV6_SRC              = Addr(14)
    KEY_IPV6_SRC_MASK         = Addr(15)
    KEY_IPV6_DST              = Addr(16)
    KEY_IPV6_DST_MASK         = Addr(17)
    KEY_TCP_SRC               = Be16(18)
    KEY_TCP_DST               = Be16(19)
    KEY_UDP_SRC               = Be16(20)
    KEY_UDP_DST               = Be16(21)
    FLAGS                     = U32(22, TCA_CLS_FLAGS)
    KEY_VLAN_ID               = U16(23)
    KEY_VLAN_PRIO             = U8(24)
    KEY_VLAN_ETH_TYPE         = Be16(25, ETH_P)
    KEY_ENC_KEY_ID            = Be32(26)
    KEY_ENC_IPV4_SRC          = Addr(27)
    KEY_ENC_IPV4_SRC_MASK     = Addr(28)
    KEY_ENC_IPV4_DST          = Addr(29)
    KEY_ENC_IPV4_DST_MASK     = Addr(30)
    KEY_ENC_IPV6_SRC          = Addr(31)
    KEY_ENC_IPV6_SRC_MASK     = Addr(32)
    KEY_ENC_IPV6_DST          = Addr(33)
    KEY_ENC_IPV6_DST_MASK     = Addr(34)
    KEY_TCP_SRC_MASK          = Be16(35, base=16)
    KEY_TCP_DST_MASK          = Be16(36, base=16)
    KEY_UDP_SRC_MASK          = Be16(37, base=16)
    KEY_UDP_DST_MASK          = Be16(38, base=16)
    KEY_SCTP_SRC_MASK         = Be16(39, base=16)
    KEY_SCTP_DST_MASK         = Be16(40, base=16)
    KEY_SCTP_SRC              = Be16(41)
    KEY_SCTP_DST              = Be16(42)
    KEY_ENC_UDP_SRC_PORT      = Be16(43)
    KEY_ENC_UDP_SRC_PORT_MASK = Be16(44, base=16)
    KEY_ENC_UDP_DST_PORT      = Be16(45)
    KEY_ENC_UDP_DST_PORT_MASK = Be16(46, base=16)
    KEY_FLAGS                 = Be32(47, TCA_FLOWER_KEY_FLAGS)
    KEY_FLAGS_MASK            = Be32(48, TCA_FLOWER_KEY_FLAGS)
    KEY_ICMPV4_CODE           = U8(49)
    KEY_ICMPV4_CODE_MASK      = U8(50, base=16)
    KEY_ICMPV4_TYPE           = U8(51, ICMP)
    KEY_ICMPV4_TYPE_MASK      = U8(52, base=16)
    KEY_ICMPV6_CODE           = U8(53)
    KEY_ICMPV6_CODE_MASK      = U8(54, base=16)
    KEY_ICMPV6_TYPE           = U8(55, ICMPV6)
    KEY_ICMPV6_TYPE_MASK      = U8(56, base=16)
    KEY_ARP_SIP               = Addr(57)
    KEY_ARP_SIP_MASK          = Addr(58)
    KEY_ARP_TIP               = Addr(59)
    KEY_ARP_TIP_MASK          = Addr(60)
    KEY_ARP_OP                = U8(61)
    KEY_ARP_OP_MASK           = U8(62, base=16)
    KEY_ARP_SHA               = Mac(63)
    KEY_ARP_SHA_MASK          = Mac(64)
    KEY_ARP_THA               = Mac(65)
    KEY_ARP_THA_MASK          = Mac(66)
    KEY_MPLS_TTL              = U8(67)
    KEY_MPLS_BOS              = U8(68)
    KEY_MPLS_TC               = U8(69)
    KEY_MPLS_LABEL            = U32(70)
    KEY_TCP_FLAGS             = Be16(71, base=16)
    KEY_TCP_FLAGS_MASK        = Be16(72, base=16)
    KEY_IP_TOS                = U8(73)
    KEY_IP_TOS_MASK           = U8(74, base=16)
    KEY_IP_TTL                = U8(75)
    KEY_IP_TTL_MASK           = U8(76, base=16)
    KEY_CVLAN_ID              = U16(77)
    KEY_CVLAN_PRIO            = U8(78)
    KEY_CVLAN_ETH_TYPE        = Be16(79, ETH_P)
    KEY_ENC_IP_TOS            = U8(80)
    KEY_ENC_IP_TOS_MASK       = U8(81, base=16)
    KEY_ENC_IP_TTL            = U8(82)
    KEY_ENC_IP_TTL_MASK       = U8(83, base=16)
    KEY_ENC_OPTS              = Nest(84, TCA_FLOWER_KEY_ENC_OPTS)
    KEY_ENC_OPTS_MASK         = Nest(85, TCA_FLOWER_KEY_ENC_OPTS)
    IN_HW_COUNT               = U32(86)
    KEY_PORT_SRC_MIN          = Be16(87)
    KEY_PORT_SRC_MAX          = Be16(88)
    KEY_PORT_DST_MIN          = Be16(89)
    KEY_PORT_DST_MAX          = Be16(90)
    KEY_CT_STATE              = U16(91, TCA_FLOWER_KEY_CT_FLAGS)
    KEY_CT_STATE_MASK         = U16(92, TCA_FLOWER_KEY_CT_FLAGS)
    KEY_CT_ZONE               = U16(93)
    KEY_CT_ZONE_MASK          = U16(94, base=16)
    KEY_CT_MARK               = U32(95, base=16)
    KEY_CT_MARK_MASK          = U32(96, base=16)
    KEY_CT_LABELS             = Blob(97, "128 label bits, named by the user")
    KEY_CT_LABELS_MASK        = Blob(98, "128 label bits, named by the user")
    KEY_MPLS_OPTS             = Nest(99, TCA_FLOWER_KEY_MPLS_OPTS)
    KEY_HASH                  = U32(100, base=16)
    KEY_HASH_MASK             = U32(101, base=16)
    KEY_NUM_OF_VLANS          = U8(102)
    KEY_PPPOE_SID             = Be16(103)
    KEY_PPP_PROTO             = Be16(104, base=16)
    KEY_L2TPV3_SID            = Be32(105)
    L2_MISS                   = U8(106)
    KEY_CFM                   = Nest(107, TCA_FLOWER_KEY_CFM)
    KEY_SPI                   = Be32(108, base=16)
    KEY_SPI_MASK              = Be32(109, base=16)
    KEY_ENC_FLAGS             = Be32(110, TCA_FLOWER_KEY_FLAGS)
    KEY_ENC_FLAGS_MASK        = Be32(111, TCA_FLOWER_KEY_FLAGS)


bind_attrs(TCA.OPTIONS, TCA_FLOWER, KIND="flower")
