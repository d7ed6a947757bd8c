"""Traffic control: actions that change the packet: pedit, vlan, mpls, skbedit, skbmod, csum, nat, tunnel_key, ife."""

from nldissect.wire import (
    PACKET,
    S32,
    U8,
    U16,
    U32,
    U64,
    Addr,
    Array,
    AttrSet,
    Be16,
    Be32,
    Blob,
    Enum,
    Flag,
    Flags,
    Handle,
    Mac,
    Message,
    Nest,
    Pad,
    Struct,
    Structs,
    bind_attrs,
)

from ..common import ETH_P
from .tc_act import TC_GEN, TCA_ACT, tcf_t


class tc_pedit_key(Message):                # mask and value stand as in the packet
    fields_desc = [Be32.of("mask", base=16), Be32.of("val", base=16), U32.of("off"), U32.of("at"),
                   U32.of("offmask", base=16), U32.of("shift")]


class tc_pedit_sel(Message):
    fields_desc = [*TC_GEN, U8.of("nkeys"), U8.of("flags"), Pad.of("__pad", 2),
                   Structs.of("keys", tc_pedit_key, count="nkeys")]


class TCA_PEDIT_KEY_EX_HDR_TYPE(Enum):
    NETWORK = 0
    ETH     = 1
    IP4     = 2
    IP6     = 3
    TCP     = 4
    UDP     = 5


class TCA_PEDIT_KEY_EX_CMD(Enum):
    SET = 0
    ADD = 1


class TCA_PEDIT_KEY_EX(AttrSet):
    HTYPE = U16(1, TCA_PEDIT_KEY_EX_HDR_TYPE)
    CMD   = U16(2, TCA_PEDIT_KEY_EX_CMD)


class TCA_PEDIT_KEYS_EX(AttrSet, prefix="TCA_PEDIT"):
    KEY_EX = Nest(6, TCA_PEDIT_KEY_EX, many=True)


class TCA_PEDIT(AttrSet):
    TM       = Struct(1, tcf_t)
    PARMS    = Struct(2, tc_pedit_sel)
    PAD      = Pad(3)
    PARMS_EX = Struct(4, tc_pedit_sel)
    KEYS_EX  = Nest(5, TCA_PEDIT_KEYS_EX)


class TCA_VLAN_ACT(Enum):
    POP      = 1
    PUSH     = 2
    MODIFY   = 3
    POP_ETH  = 4
    PUSH_ETH = 5


class tc_vlan(Message):
    fields_desc = [*TC_GEN, S32.of("v_action", TCA_VLAN_ACT)]


class TCA_VLAN(AttrSet):
    TM                 = Struct(1, tcf_t)
    PARMS              = Struct(2, tc_vlan)
    PUSH_VLAN_ID       = U16(3)
    PUSH_VLAN_PROTOCOL = Be16(4, ETH_P)
    PAD                = Pad(5)
    PUSH_VLAN_PRIORITY = U8(6)
    PUSH_ETH_DST       = Mac(7)
    PUSH_ETH_SRC       = Mac(8)


class TCA_MPLS_ACT(Enum):
    POP      = 1
    PUSH     = 2
    MODIFY   = 3
    DEC_TTL  = 4
    MAC_PUSH = 5


class tc_mpls(Message):
    fields_desc = [*TC_GEN, S32.of("m_action", TCA_MPLS_ACT)]


class TCA_MPLS(AttrSet):
    TM    = Struct(1, tcf_t)
    PARMS = Struct(2, tc_mpls)
    PAD   = Pad(3)
    PROTO = Be16(4, ETH_P)
    LABEL = U32(5)
    TC    = U8(6)
    TTL   = U8(7)
    BOS   = U8(8)


class SKBEDIT_F(Flags):
    PRIORITY       = 0x01
    QUEUE_MAPPING  = 0x02
    MARK           = 0x04
    PTYPE          = 0x08
    MASK           = 0x10
    INHERITDSFIELD = 0x20
    TXQ_SKBHASH    = 0x40


class tc_skbedit(Message):
    fields_desc = TC_GEN


class TCA_SKBEDIT(AttrSet):
    TM                = Struct(1, tcf_t)
    PARMS             = Struct(2, tc_skbedit)
    PRIORITY          = Handle(3)
    QUEUE_MAPPING     = U16(4)
    MARK              = U32(5, base=16)
    PAD               = Pad(6)
    PTYPE             = U16(7, PACKET)
    MASK              = U32(8, base=16)
    FLAGS             = U64(9, SKBEDIT_F)
    QUEUE_MAPPING_MAX = U16(10)


class SKBMOD_F(Flags):
    DMAC    = 0x01
    SMAC    = 0x02
    ETYPE   = 0x04
    SWAPMAC = 0x08
    ECN     = 0x10


class tc_skbmod(Message):
    fields_desc = [*TC_GEN, Pad.of("__pad", 4), U64.of("flags", SKBMOD_F)]


class TCA_SKBMOD(AttrSet):
    TM    = Struct(1, tcf_t)
    PARMS = Struct(2, tc_skbmod)
    DMAC  = Mac(3)
    SMAC  = Mac(4)
    ETYPE = U16(5, ETH_P)                   # host order, unlike other Ethernet types
    PAD   = Pad(6)


class TCA_CSUM_UPDATE_FLAG(Flags):
    IPV4HDR = 0x01
    ICMP    = 0x02
    IGMP    = 0x04
    TCP     = 0x08
    UDP     = 0x10
    UDPLITE = 0x20
    SCTP    = 0x40


class tc_csum(Message):
    fields_desc = [*TC_GEN, U32.of("update_flags", TCA_CSUM_UPDATE_FLAG)]


class TCA_CSUM(AttrSet):
    PARMS = Struct(1, tc_csum)
    TM    = Struct(2, tcf_t)
    PAD   = Pad(3)


class TCA_NAT_FLAG(Flags):
    EGRESS = 0x1


class tc_nat(Message):
    fields_desc = [*TC_GEN, Addr.of("old_addr", 4), Addr.of("new_addr", 4), Addr.of("mask", 4),
                   U32.of("flags", TCA_NAT_FLAG)]


class TCA_NAT(AttrSet):
    PARMS = Struct(1, tc_nat)
    TM    = Struct(2, tcf_t)
    PAD   = Pad(3)


class TCA_TUNNEL_KEY_ENC_OPT_GENEVE(AttrSet):   # answers put all options into one nest, requests each in its own
    CLASS = Be16(1, many=True)
    TYPE  = U8(2, many=True)
    DATA  = Blob(3, "option data, defined by the option's class and type", many=True)


class TCA_TUNNEL_KEY_ENC_OPT_VXLAN(AttrSet):
    GBP = U32(1)


class TCA_TUNNEL_KEY_ENC_OPT_ERSPAN(AttrSet):
    VER   = U8(1)
    INDEX = Be32(2)
    DIR   = U8(3)
    HWID  = U8(4)


class TCA_TUNNEL_KEY_ENC_OPTS(AttrSet):
    GENEVE = Nest(1, TCA_TUNNEL_KEY_ENC_OPT_GENEVE, many=True)
    VXLAN  = Nest(2, TCA_TUNNEL_KEY_ENC_OPT_VXLAN)
    ERSPAN = Nest(3, TCA_TUNNEL_KEY_ENC_OPT_ERSPAN)


class TCA_TUNNEL_KEY_ACT(Enum):
    SET     = 1
    RELEASE = 2


class tc_tunnel_key(Message):
    fields_desc = [*TC_GEN, S32.of("t_action", TCA_TUNNEL_KEY_ACT)]


class TCA_TUNNEL_KEY(AttrSet):
    TM           = Struct(1, tcf_t)
    PARMS        = Struct(2, tc_tunnel_key)
    ENC_IPV4_SRC = Addr(3)
    ENC_IPV4_DST = Addr(4)
    ENC_IPV6_SRC = Addr(5)
    ENC_IPV6_DST = Addr(6)
    ENC_KEY_ID   = Be32(7)
    PAD          = Pad(8)
    ENC_DST_PORT = Be16(9)
    NO_CSUM      = U8(10)
    ENC_OPTS     = Nest(11, TCA_TUNNEL_KEY_ENC_OPTS)
    ENC_TOS      = U8(12)
    ENC_TTL      = U8(13)
    NO_FRAG      = Flag(14)


class IFE_FLAGS(Enum, prefix="IFE"):
    DECODE = 0
    ENCODE = 1


class tc_ife(Message):
    fields_desc = [*TC_GEN, U16.of("flags", IFE_FLAGS), Pad.of("__pad", 2)]


class IFE_META(AttrSet):                    # no value: taken from the packet
    SKBMARK = Array(1, U32)
    HASHID  = Array(2, U32)
    PRIO    = Array(3, U32)
    QMAP    = Array(4, U16)
    TCINDEX = Array(5, U16)


class TCA_IFE(AttrSet):
    PARMS   = Struct(1, tc_ife)
    TM      = Struct(2, tcf_t)
    DMAC    = Mac(3)
    SMAC    = Mac(4)
    TYPE    = U16(5, base=16)
    METALST = Nest(6, IFE_META)
    PAD     = Pad(7)


bind_attrs(TCA_ACT.OPTIONS, TCA_PEDIT, KIND="pedit")
bind_attrs(TCA_ACT.OPTIONS, TCA_VLAN, KIND="vlan")
bind_attrs(TCA_ACT.OPTIONS, TCA_MPLS, KIND="mpls")
bind_attrs(TCA_ACT.OPTIONS, TCA_SKBEDIT, KIND="skbedit")
bind_attrs(TCA_ACT.OPTIONS, TCA_SKBMOD, KIND="skbmod")
bind_attrs(TCA_ACT.OPTIONS, TCA_CSUM, KIND="csum")
bind_attrs(TCA_ACT.OPTIONS, TCA_NAT, KIND="nat")
bind_attrs(TCA_ACT.OPTIONS, TCA_TUNNEL_KEY, KIND="tunnel_key")
bind_attrs(TCA_ACT.OPTIONS, TCA_IFE, KIND="ife")
