"""Matches of iptables and ebtables inside nftables rules: NFTA_MATCH_INFO by name (linux/netfilter/xt_*.h, ebt_*.h)."""

from nldissect.wire import (
    S32,
    U8,
    U16,
    U32,
    U64,
    Addr,
    Array,
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

from ..common import ETH_P, IPPROTO
from ..icmp import ICMP, ICMPV6
from .conntrack import IPS
from .nfnetlink import NFPROTO
from .nft_compat import NFTA_MATCH

# Every struct is filled up to 8 bytes (XT_ALIGN), which __align stands for.


class XT_TCP_INV(Flags):
    SRCPT  = 0x1
    DSTPT  = 0x2
    FLAGS  = 0x4
    OPTION = 0x8


class TCP_FLAG(Flags, prefix=""):
    FIN = 0x01
    SYN = 0x02
    RST = 0x04
    PSH = 0x08
    ACK = 0x10
    URG = 0x20
    ECE = 0x40
    CWR = 0x80


class xt_tcp(Message):
    fields_desc = [Array.of("spts", U16, length=2), Array.of("dpts", U16, length=2), U8.of("option"),
                   U8.of("flg_mask", TCP_FLAG), U8.of("flg_cmp", TCP_FLAG), U8.of("invflags", XT_TCP_INV),
                   Pad.of("__align", 4)]


class XT_UDP_INV(Flags):
    SRCPT = 0x1
    DSTPT = 0x2


class xt_udp(Message):
    fields_desc = [Array.of("spts", U16, length=2), Array.of("dpts", U16, length=2), U8.of("invflags", XT_UDP_INV),
                   Pad.of("__align", 7)]


class ipt_icmp(Message):
    fields_desc = [U8.of("type", ICMP), Array.of("code", U8, length=2), U8.of("invflags"), Pad.of("__align", 4)]


class ip6t_icmp(Message):
    fields_desc = [U8.of("type", ICMPV6), Array.of("code", U8, length=2), U8.of("invflags"), Pad.of("__align", 4)]


class XT_MULTIPORT(Enum):
    SOURCE      = 0
    DESTINATION = 1
    EITHER      = 2


class xt_multiport_v1(Message):
    fields_desc = [U8.of("flags", XT_MULTIPORT), U8.of("count"), Array.of("ports", U16, length=15),
                   Array.of("pflags", U8, length=15), U8.of("invert")]


class XT_CONNTRACK_STATE(Flags):
    INVALID     = 0x001
    ESTABLISHED = 0x002
    RELATED     = 0x004
    NEW         = 0x008
    SNAT        = 0x040
    DNAT        = 0x080
    UNTRACKED   = 0x100


class XT_CONNTRACK(Flags):
    STATE        = 0x0001
    PROTO        = 0x0002
    ORIGSRC      = 0x0004
    ORIGDST      = 0x0008
    REPLSRC      = 0x0010
    REPLDST      = 0x0020
    STATUS       = 0x0040
    EXPIRES      = 0x0080
    ORIGSRC_PORT = 0x0100
    ORIGDST_PORT = 0x0200
    REPLSRC_PORT = 0x0400
    REPLDST_PORT = 0x0800
    DIRECTION    = 0x1000
    STATE_ALIAS  = 0x2000


class xt_conntrack_mtinfo3(Message):
    fields_desc = [Addr.of("origsrc_addr", 16, family="nfgen_family"),
                   Addr.of("origsrc_mask", 16, family="nfgen_family"),
                   Addr.of("origdst_addr", 16, family="nfgen_family"),
                   Addr.of("origdst_mask", 16, family="nfgen_family"),
                   Addr.of("replsrc_addr", 16, family="nfgen_family"),
                   Addr.of("replsrc_mask", 16, family="nfgen_family"),
                   Addr.of("repldst_addr", 16, family="nfgen_family"),
                   Addr.of("repldst_mask", 16, family="nfgen_family"), U32.of("expires_min"), U32.of("expires_max"),
                   U16.of("l4proto", IPPROTO), U16.of("origsrc_port"), U16.of("origdst_port"), U16.of("replsrc_port"),
                   U16.of("repldst_port"), U16.of("match_flags", XT_CONNTRACK), U16.of("invert_flags", XT_CONNTRACK),
                   U16.of("state_mask", XT_CONNTRACK_STATE), U16.of("status_mask", IPS), U16.of("origsrc_port_high"),
                   U16.of("origdst_port_high"), U16.of("replsrc_port_high"), U16.of("repldst_port_high"),
                   Pad.of("__align", 6)]


class xt_state_info(Message):
    fields_desc = [U32.of("statemask", XT_CONNTRACK_STATE), Pad.of("__align", 4)]


class xt_mark_mtinfo1(Message):
    fields_desc = [U32.of("mark", base=16), U32.of("mask", base=16), U8.of("invert"), Pad.of("__align", 7)]


class xt_connmark_mtinfo1(Message):
    fields_desc = [U32.of("mark", base=16), U32.of("mask", base=16), U8.of("invert"), Pad.of("__align", 7)]


class XT_ADDRTYPE(Flags):
    UNSPEC      = 0x001
    UNICAST     = 0x002
    LOCAL       = 0x004
    BROADCAST   = 0x008
    ANYCAST     = 0x010
    MULTICAST   = 0x020
    BLACKHOLE   = 0x040
    UNREACHABLE = 0x080
    PROHIBIT    = 0x100
    THROW       = 0x200
    NAT         = 0x400
    XRESOLVE    = 0x800


class XT_ADDRTYPE_FLAGS(Flags, prefix="XT_ADDRTYPE"):
    INVERT_SOURCE   = 0x1
    INVERT_DEST     = 0x2
    LIMIT_IFACE_IN  = 0x4
    LIMIT_IFACE_OUT = 0x8


class xt_addrtype_info_v1(Message):
    fields_desc = [U16.of("source", XT_ADDRTYPE), U16.of("dest", XT_ADDRTYPE), U32.of("flags", XT_ADDRTYPE_FLAGS)]


class xt_set_info(Message):
    fields_desc = [U16.of("index"), U8.of("dim"), U8.of("flags", base=16)]


class xt_set_info_match_v1(Message):
    fields_desc = [Struct.of("match_set", xt_set_info), Pad.of("__align", 4)]


class IPSET_COUNTER(Enum):
    NONE = 0
    EQ   = 1
    NE   = 2
    LT   = 3
    GT   = 4


class ip_set_counter_match(Message):
    fields_desc = [U64.of("value"), U8.of("op", IPSET_COUNTER), Pad.of("__pad", 7)]


class xt_set_info_match_v4(Message):
    fields_desc = [Struct.of("match_set", xt_set_info), Pad.of("__pad", 4), Struct.of("packets", ip_set_counter_match),
                   Struct.of("bytes", ip_set_counter_match), U32.of("flags", base=16), Pad.of("__align", 4)]


class IPRANGE(Flags):
    SRC     = 0x01
    DST     = 0x02
    SRC_INV = 0x10
    DST_INV = 0x20


class xt_iprange_mtinfo(Message):
    fields_desc = [Addr.of("src_min", 16, family="nfgen_family"), Addr.of("src_max", 16, family="nfgen_family"),
                   Addr.of("dst_min", 16, family="nfgen_family"), Addr.of("dst_max", 16, family="nfgen_family"),
                   U8.of("flags", IPRANGE), Pad.of("__align", 7)]


class XT_PHYSDEV_OP(Flags):
    IN      = 0x01
    OUT     = 0x02
    BRIDGED = 0x04
    ISIN    = 0x08
    ISOUT   = 0x10


class xt_physdev_info(Message):
    fields_desc = [Text.of("physindev", 16), Array.of("in_mask", U8, length=16), Text.of("physoutdev", 16),
                   Array.of("out_mask", U8, length=16), U8.of("invert", XT_PHYSDEV_OP), U8.of("bitmask", XT_PHYSDEV_OP),
                   Pad.of("__align", 6)]


class XT_OWNER(Flags):
    UID          = 0x1
    GID          = 0x2
    SOCKET       = 0x4
    SUPPL_GROUPS = 0x8


class xt_owner_match_info(Message):
    fields_desc = [U32.of("uid_min"), U32.of("uid_max"), U32.of("gid_min"), U32.of("gid_max"), U8.of("match", XT_OWNER),
                   U8.of("invert", XT_OWNER), Pad.of("__align", 6)]


class xt_mac_info(Message):
    fields_desc = [Mac.of("srcaddr", 6), Pad.of("__pad", 2), S32.of("invert"), Pad.of("__align", 4)]


class xt_length_info(Message):
    fields_desc = [U16.of("min"), U16.of("max"), U8.of("invert"), Pad.of("__align", 3)]


class xt_pkttype_info(Message):
    fields_desc = [S32.of("pkttype"), S32.of("invert")]


class XT_STATISTIC_MODE(Enum):
    RANDOM = 0
    NTH    = 1


class xt_statistic_nth(Message):
    fields_desc = [U32.of("every"), U32.of("packet"), U32.of("count")]


class xt_statistic_info(Message):           # the first number of u is a probability where the mode is random
    fields_desc = [U16.of("mode", XT_STATISTIC_MODE), U16.of("flags"), Struct.of("u", xt_statistic_nth),
                   Blob.of("master", 8, "a pointer of the kernel")]


class xt_helper_info(Message):
    fields_desc = [S32.of("invert"), Text.of("name_", 30), Pad.of("__align", 6)]


class XT_RPFILTER(Flags):
    LOOSE        = 0x1
    VALID_MARK   = 0x2
    ACCEPT_LOCAL = 0x4
    INVERT       = 0x8


class xt_rpfilter_info(Message):
    fields_desc = [U8.of("flags", XT_RPFILTER), Pad.of("__align", 7)]


class xt_tcpmss_match_info(Message):
    fields_desc = [U16.of("mss_min"), U16.of("mss_max"), U8.of("invert"), Pad.of("__align", 3)]


class ipt_ttl_info(Message):
    fields_desc = [U8.of("mode"), U8.of("ttl"), Pad.of("__align", 6)]


class XT_RECENT(Flags):
    CHECK  = 0x01
    SET    = 0x02
    UPDATE = 0x04
    REMOVE = 0x08
    TTL    = 0x10
    REAP   = 0x20


class xt_recent_mtinfo_v1(Message):
    fields_desc = [U32.of("seconds"), U32.of("hit_count"), U8.of("check_set", XT_RECENT), U8.of("invert"),
                   Text.of("name_", 200), U8.of("side"), Pad.of("__pad", 1), Addr.of("mask", 16, family="nfgen_family"),
                   Pad.of("__align", 4)]


class ebt_ip_info(Message):                 # ports, or types and codes of ICMP and IGMP in their first bytes
    fields_desc = [Addr.of("saddr", 4), Addr.of("daddr", 4), Addr.of("smsk", 4), Addr.of("dmsk", 4), U8.of("tos"),
                   U8.of("protocol", IPPROTO), U8.of("bitmask", base=16), U8.of("invflags", base=16),
                   Array.of("sport", U16, length=2), Array.of("dport", U16, length=2), Pad.of("__align", 4)]


class ebt_arp_info(Message):
    fields_desc = [Be16.of("htype"), Be16.of("ptype", ETH_P), Be16.of("opcode"), Pad.of("__pad", 2),
                   Addr.of("saddr", 4), Addr.of("smsk", 4), Addr.of("daddr", 4), Addr.of("dmsk", 4),
                   Mac.of("smaddr", 6), Mac.of("smmsk", 6), Mac.of("dmaddr", 6), Mac.of("dmmsk", 6),
                   U8.of("bitmask", base=16), U8.of("invflags", base=16), Pad.of("__align", 6)]


bind_attrs(NFTA_MATCH.INFO, Text(None), NAME="comment", REV=0)
bind_attrs(NFTA_MATCH.INFO, xt_tcp, NAME="tcp", REV=0)
bind_attrs(NFTA_MATCH.INFO, xt_udp, NAME=("udp", "udplite"), REV=0)
bind_attrs(NFTA_MATCH.INFO, ipt_icmp, NAME="icmp", REV=0)
bind_attrs(NFTA_MATCH.INFO, ip6t_icmp, NAME="icmp6", REV=0)
bind_attrs(NFTA_MATCH.INFO, xt_multiport_v1, NAME="multiport", REV=1)
bind_attrs(NFTA_MATCH.INFO, xt_conntrack_mtinfo3, NAME="conntrack", REV=3)
bind_attrs(NFTA_MATCH.INFO, xt_state_info, NAME="state", REV=0)
bind_attrs(NFTA_MATCH.INFO, xt_mark_mtinfo1, NAME="mark", REV=1)
bind_attrs(NFTA_MATCH.INFO, xt_connmark_mtinfo1, NAME="connmark", REV=1)
bind_attrs(NFTA_MATCH.INFO, xt_addrtype_info_v1, NAME="addrtype", REV=1)
bind_attrs(NFTA_MATCH.INFO, xt_set_info_match_v1, NAME="set", REV=(1, 2))
bind_attrs(NFTA_MATCH.INFO, xt_set_info_match_v4, NAME="set", REV=4)
bind_attrs(NFTA_MATCH.INFO, xt_iprange_mtinfo, NAME="iprange", REV=1)
bind_attrs(NFTA_MATCH.INFO, xt_physdev_info, NAME="physdev", REV=0)
bind_attrs(NFTA_MATCH.INFO, xt_owner_match_info, NAME="owner", REV=1)
bind_attrs(NFTA_MATCH.INFO, xt_mac_info, NAME="mac", REV=0)
bind_attrs(NFTA_MATCH.INFO, xt_length_info, NAME="length", REV=0)
bind_attrs(NFTA_MATCH.INFO, xt_pkttype_info, NAME="pkttype", REV=0)
bind_attrs(NFTA_MATCH.INFO, xt_statistic_info, NAME="statistic", REV=0)
bind_attrs(NFTA_MATCH.INFO, xt_helper_info, NAME="helper", REV=0)
bind_attrs(NFTA_MATCH.INFO, xt_rpfilter_info, NAME="rpfilter", REV=0)
bind_attrs(NFTA_MATCH.INFO, xt_tcpmss_match_info, NAME="tcpmss", REV=0)
bind_attrs(NFTA_MATCH.INFO, ipt_ttl_info, NAME=("ttl", "hl"), REV=0)
bind_attrs(NFTA_MATCH.INFO, xt_recent_mtinfo_v1, NAME="recent", REV=1)
bind_attrs(NFTA_MATCH.INFO, ebt_ip_info, NAME="ip", REV=0, nfgen_family=NFPROTO.BRIDGE)
bind_attrs(NFTA_MATCH.INFO, ebt_arp_info, NAME="arp", REV=0, nfgen_family=NFPROTO.BRIDGE)
