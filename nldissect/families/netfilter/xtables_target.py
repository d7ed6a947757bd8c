"""iptables and ebtables targets inside nftables rules: NFTA_TARGET_INFO by name (linux/netfilter/xt_*.h)."""

from nldissect.wire import (
    S32,
    U8,
    U16,
    U32,
    U64,
    Addr,
    Be16,
    Blob,
    Enum,
    Flags,
    Mac,
    Message,
    Pad,
    Struct,
    Text,
    bind_attrs,
)

from .nfnetlink import NFPROTO
from .nft_compat import NFTA_TARGET
from .nftables_act import NF_LOG, NF_NAT_RANGE, NFT_LOGLEVEL
from .nftables_state import NF_SYNPROXY_OPT
from .xtables_match import xt_set_info


class xt_log_info(Message):
    fields_desc = [U8.of("level", NFT_LOGLEVEL), U8.of("logflags", NF_LOG), Text.of("prefix", 30)]


class xt_nflog_info(Message):
    fields_desc = [U32.of("len"), U16.of("group"), U16.of("threshold"), U16.of("flags"), Pad.of("pad", 2),
                   Text.of("prefix", 64), Pad.of("__align", 4)]


class NFQ_FLAG(Flags):
    BYPASS     = 0x1
    CPU_FANOUT = 0x2


class xt_NFQ_info_v3(Message):              # earlier revisions end sooner
    fields_desc = [U16.of("queuenum"), U16.of("queues_total"), U16.of("flags", NFQ_FLAG), Pad.of("__align", 2)]


class IPT_REJECT(Enum, prefix="IPT"):
    ICMP_NET_UNREACHABLE  = 0
    ICMP_HOST_UNREACHABLE = 1
    ICMP_PROT_UNREACHABLE = 2
    ICMP_PORT_UNREACHABLE = 3
    ICMP_ECHOREPLY        = 4
    ICMP_NET_PROHIBITED   = 5
    ICMP_HOST_PROHIBITED  = 6
    TCP_RESET             = 7
    ICMP_ADMIN_PROHIBITED = 8


class ipt_reject_info(Message):
    fields_desc = [U32.of("with_", IPT_REJECT), Pad.of("__align", 4)]


class IP6T_REJECT(Enum, prefix="IP6T"):
    ICMP6_NO_ROUTE       = 0
    ICMP6_ADM_PROHIBITED = 1
    ICMP6_NOT_NEIGHBOUR  = 2
    ICMP6_ADDR_UNREACH   = 3
    ICMP6_PORT_UNREACH   = 4
    ICMP6_ECHOREPLY      = 5
    TCP_RESET            = 6
    ICMP6_POLICY_FAIL    = 7
    ICMP6_REJECT_ROUTE   = 8


class ip6t_reject_info(Message):
    fields_desc = [U32.of("with_", IP6T_REJECT), Pad.of("__align", 4)]


class nf_nat_ipv4_range(Message):
    fields_desc = [U32.of("flags", NF_NAT_RANGE), Addr.of("min_ip", 4), Addr.of("max_ip", 4), Be16.of("min"),
                   Be16.of("max")]


class nf_nat_ipv4_multi_range_compat(Message):
    fields_desc = [U32.of("rangesize"), Struct.of("range", nf_nat_ipv4_range), Pad.of("__align", 4)]


class nf_nat_range2(Message):               # struct nf_nat_range lacks base_proto
    fields_desc = [U32.of("flags", NF_NAT_RANGE), Addr.of("min_addr", 16, family="nfgen_family"),
                   Addr.of("max_addr", 16, family="nfgen_family"), Be16.of("min_proto"), Be16.of("max_proto"),
                   Be16.of("base_proto"), Pad.of("__align", 6)]


class xt_mark_tginfo2(Message):
    fields_desc = [U32.of("mark", base=16), U32.of("mask", base=16)]


class XT_CONNMARK(Enum):
    SET     = 0
    SAVE    = 1
    RESTORE = 2


class xt_connmark_tginfo1(Message):
    fields_desc = [U32.of("ctmark", base=16), U32.of("ctmask", base=16), U32.of("nfmask", base=16),
                   U8.of("mode", XT_CONNMARK), Pad.of("__align", 3)]


class xt_connmark_tginfo2(Message):
    fields_desc = [U32.of("ctmark", base=16), U32.of("ctmask", base=16), U32.of("nfmask", base=16), U8.of("shift_dir"),
                   U8.of("shift_bits"), U8.of("mode", XT_CONNMARK), Pad.of("__align", 1)]


class xt_tcpmss_info(Message):              # 0xffff: clamp to the path's MTU
    fields_desc = [U16.of("mss"), Pad.of("__align", 6)]


class XT_CT(Flags):
    NOTRACK       = 0x01
    NOTRACK_ALIAS = 0x02
    ZONE_DIR_ORIG = 0x04
    ZONE_DIR_REPL = 0x08
    ZONE_MARK     = 0x10


class xt_ct_target_info_v1(Message):
    fields_desc = [U16.of("flags", XT_CT), U16.of("zone"), U32.of("ct_events", base=16), U32.of("exp_events", base=16),
                   Text.of("helper", 16), Text.of("timeout", 32), Pad.of("__pad", 4),
                   Blob.of("ct", 8, "a pointer of the kernel")]


class xt_tproxy_target_info_v1(Message):
    fields_desc = [U32.of("mark_mask", base=16), U32.of("mark_value", base=16),
                   Addr.of("laddr", 16, family="nfgen_family"), Be16.of("lport"), Pad.of("__align", 6)]


class xt_classify_target_info(Message):
    fields_desc = [U32.of("priority", base=16), Pad.of("__align", 4)]


class xt_DSCP_info(Message):
    fields_desc = [U8.of("dscp"), Pad.of("__align", 7)]


class xt_tos_target_info(Message):
    fields_desc = [U8.of("tos_value", base=16), U8.of("tos_mask", base=16), Pad.of("__align", 6)]


class IPT_TTL(Enum):
    SET = 0
    INC = 1
    DEC = 2


class ipt_TTL_info(Message):
    fields_desc = [U8.of("mode", IPT_TTL), U8.of("ttl"), Pad.of("__align", 6)]


class xt_CHECKSUM_info(Message):
    fields_desc = [U8.of("operation", base=16), Pad.of("__align", 7)]


class xt_set_info_target_v3(Message):
    fields_desc = [Struct.of("add_set", xt_set_info), Struct.of("del_set", xt_set_info),
                   Struct.of("map_set", xt_set_info), U32.of("flags", base=16), U32.of("timeout"), Pad.of("__align", 4)]


class nf_synproxy_info(Message):
    fields_desc = [U8.of("options", NF_SYNPROXY_OPT), U8.of("wscale"), U16.of("mss"), Pad.of("__align", 4)]


class ebt_mark_t_info(Message):             # target: a verdict in the lower 4 bits, what to do with the mark above
    fields_desc = [U64.of("mark", base=16), U32.of("target", base=16), Pad.of("__align", 4)]


class EBT(Enum):
    ACCEPT   = -1
    DROP     = -2
    CONTINUE = -3
    RETURN   = -4


class ebt_nat_info(Message):
    fields_desc = [Mac.of("mac", 6), Pad.of("__pad", 2), S32.of("target", EBT), Pad.of("__align", 4)]


bind_attrs(NFTA_TARGET.INFO, xt_log_info, NAME="LOG", REV=0)
bind_attrs(NFTA_TARGET.INFO, xt_nflog_info, NAME="NFLOG", REV=0)
bind_attrs(NFTA_TARGET.INFO, xt_NFQ_info_v3, NAME="NFQUEUE", REV=(0, 1, 2, 3))
bind_attrs(NFTA_TARGET.INFO, ipt_reject_info, NAME="REJECT", REV=0, nfgen_family=NFPROTO.IPV4)
bind_attrs(NFTA_TARGET.INFO, ip6t_reject_info, NAME="REJECT", REV=0, nfgen_family=NFPROTO.IPV6)
bind_attrs(NFTA_TARGET.INFO, nf_nat_ipv4_multi_range_compat,
           NAME=("SNAT", "DNAT", "MASQUERADE", "REDIRECT", "NETMAP"), REV=0, nfgen_family=NFPROTO.IPV4)
bind_attrs(NFTA_TARGET.INFO, nf_nat_range2, NAME=("MASQUERADE", "REDIRECT", "NETMAP"), REV=0, nfgen_family=NFPROTO.IPV6)
bind_attrs(NFTA_TARGET.INFO, nf_nat_range2, NAME=("SNAT", "DNAT"), REV=(1, 2))
bind_attrs(NFTA_TARGET.INFO, xt_mark_tginfo2, NAME="MARK", REV=2)
bind_attrs(NFTA_TARGET.INFO, xt_connmark_tginfo1, NAME="CONNMARK", REV=1)
bind_attrs(NFTA_TARGET.INFO, xt_connmark_tginfo2, NAME="CONNMARK", REV=2)
bind_attrs(NFTA_TARGET.INFO, xt_tcpmss_info, NAME="TCPMSS", REV=0)
bind_attrs(NFTA_TARGET.INFO, xt_ct_target_info_v1, NAME="CT", REV=(1, 2))
bind_attrs(NFTA_TARGET.INFO, xt_tproxy_target_info_v1, NAME="TPROXY", REV=1)
bind_attrs(NFTA_TARGET.INFO, xt_classify_target_info, NAME="CLASSIFY", REV=0)
bind_attrs(NFTA_TARGET.INFO, xt_DSCP_info, NAME="DSCP", REV=0)
bind_attrs(NFTA_TARGET.INFO, xt_tos_target_info, NAME="TOS", REV=0)
bind_attrs(NFTA_TARGET.INFO, ipt_TTL_info, NAME=("TTL", "HL"), REV=0)
bind_attrs(NFTA_TARGET.INFO, xt_CHECKSUM_info, NAME="CHECKSUM", REV=0)
bind_attrs(NFTA_TARGET.INFO, xt_set_info_target_v3, NAME="SET", REV=3)
bind_attrs(NFTA_TARGET.INFO, nf_synproxy_info, NAME="SYNPROXY", REV=0)
bind_attrs(NFTA_TARGET.INFO, ebt_mark_t_info, NAME="mark", REV=0, nfgen_family=NFPROTO.BRIDGE)
bind_attrs(NFTA_TARGET.INFO, ebt_nat_info, NAME=("snat", "dnat"), REV=0, nfgen_family=NFPROTO.BRIDGE)
