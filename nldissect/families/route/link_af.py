"""What address families add to a link: IFLA_AF_SPEC by AF_* number (linux/if_link.h, ip.h, ipv6.h)."""

from typing import Any

from nldissect.wire import (
    S32,
    U8,
    U32,
    U64,
    Addr,
    Array,
    AttrSet,
    Blob,
    Enum,
    Flags,
    Message,
    Nest,
    Struct,
    bind_attrs,
)


class IF(Flags):
    """Kernel-internal bits of inet6_dev.if_flags (net/if_inet6.h)."""

    RS_SENT      = 0x10
    RA_RCVD      = 0x20
    RA_MANAGED   = 0x40
    RA_OTHERCONF = 0x80
    READY        = 0x80000000


class IN6_ADDR_GEN_MODE(Enum):
    EUI64          = 0
    NONE           = 1
    STABLE_PRIVACY = 2
    RANDOM         = 3


class MCTP_PHYS_BINDING(Enum):
    """Transport bindings by their DMTF DSP0239 number (linux/mctp.h)."""

    UNSPEC    = 0x00
    SMBUS     = 0x01
    PCIE_VDM  = 0x02
    USB       = 0x03
    KCS       = 0x04
    SERIAL    = 0x05
    I3C       = 0x06
    MMBI      = 0x07
    PCC       = 0x08
    UCIE      = 0x09
    VENDOR    = 0xFF


class IPV4_DEVCONF(AttrSet):
    FORWARDING                         = S32(1)
    MC_FORWARDING                      = S32(2)
    PROXY_ARP                          = S32(3)
    ACCEPT_REDIRECTS                   = S32(4)
    SECURE_REDIRECTS                   = S32(5)
    SEND_REDIRECTS                     = S32(6)
    SHARED_MEDIA                       = S32(7)
    RP_FILTER                          = S32(8)
    ACCEPT_SOURCE_ROUTE                = S32(9)
    BOOTP_RELAY                        = S32(10)
    LOG_MARTIANS                       = S32(11)
    TAG                                = S32(12)
    ARPFILTER                          = S32(13)
    MEDIUM_ID                          = S32(14)
    NOXFRM                             = S32(15)
    NOPOLICY                           = S32(16)
    FORCE_IGMP_VERSION                 = S32(17)
    ARP_ANNOUNCE                       = S32(18)
    ARP_IGNORE                         = S32(19)
    PROMOTE_SECONDARIES                = S32(20)
    ARP_ACCEPT                         = S32(21)
    ARP_NOTIFY                         = S32(22)
    ACCEPT_LOCAL                       = S32(23)
    SRC_VMARK                          = S32(24)
    PROXY_ARP_PVLAN                    = S32(25)
    ROUTE_LOCALNET                     = S32(26)
    IGMPV2_UNSOLICITED_REPORT_INTERVAL = S32(27, measure="ms")
    IGMPV3_UNSOLICITED_REPORT_INTERVAL = S32(28, measure="ms")
    IGNORE_ROUTES_WITH_LINKDOWN        = S32(29)
    DROP_UNICAST_IN_L2_MULTICAST       = S32(30)
    DROP_GRATUITOUS_ARP                = S32(31)
    BC_FORWARDING                      = S32(32)
    ARP_EVICT_NOCARRIER                = S32(33)


DEVCONF_MEASURES = dict.fromkeys((
    "IGMPV2_UNSOLICITED_REPORT_INTERVAL", "IGMPV3_UNSOLICITED_REPORT_INTERVAL", "RTR_SOLICIT_INTERVAL",
    "RTR_SOLICIT_DELAY", "RTR_PROBE_INTERVAL", "MLDV1_UNSOLICITED_REPORT_INTERVAL", "RTR_SOLICIT_MAX_INTERVAL",
    "MLDV2_UNSOLICITED_REPORT_INTERVAL",
), "ms") | {"TEMP_VALID_LFT": "s", "TEMP_PREFERED_LFT": "s"}


class ipv4_devconf(Message):
    """The kernel's int array, one place for each IPV4_DEVCONF_* from 1 on."""

    fields_desc = [S32.of(f"IPV4_DEVCONF_{name}", measure=DEVCONF_MEASURES.get(name)) for name in (
        "FORWARDING", "MC_FORWARDING", "PROXY_ARP", "ACCEPT_REDIRECTS", "SECURE_REDIRECTS", "SEND_REDIRECTS",
        "SHARED_MEDIA", "RP_FILTER", "ACCEPT_SOURCE_ROUTE", "BOOTP_RELAY", "LOG_MARTIANS", "TAG", "ARPFILTER",
        "MEDIUM_ID", "NOXFRM", "NOPOLICY", "FORCE_IGMP_VERSION", "ARP_ANNOUNCE", "ARP_IGNORE", "PROMOTE_SECONDARIES",
        "ARP_ACCEPT", "ARP_NOTIFY", "ACCEPT_LOCAL", "SRC_VMARK", "PROXY_ARP_PVLAN", "ROUTE_LOCALNET",
        "IGMPV2_UNSOLICITED_REPORT_INTERVAL", "IGMPV3_UNSOLICITED_REPORT_INTERVAL", "IGNORE_ROUTES_WITH_LINKDOWN",
        "DROP_UNICAST_IN_L2_MULTICAST", "DROP_GRATUITOUS_ARP", "BC_FORWARDING", "ARP_EVICT_NOCARRIER",
    )]


IPV6_DEVCONF_UNSIGNED = ("RA_DEFRTR_METRIC", "IOAM6_ID", "IOAM6_ID_WIDE")
IPV6_DEVCONF_NAMES = {"ADDR_GEN_MODE": IN6_ADDR_GEN_MODE}


def devconf_place(name: str) -> Any:
    """One place of the array."""
    kind = U32 if name in IPV6_DEVCONF_UNSIGNED else S32
    return kind.of(f"DEVCONF_{name}", IPV6_DEVCONF_NAMES.get(name), measure=DEVCONF_MEASURES.get(name))


class ipv6_devconf(Message):
    """The kernel's int array, one place for each DEVCONF_* from 0 on; some are __u32 where it keeps them."""

    fields_desc = [devconf_place(name) for name in (
        "FORWARDING", "HOPLIMIT", "MTU6", "ACCEPT_RA", "ACCEPT_REDIRECTS", "AUTOCONF", "DAD_TRANSMITS",
        "RTR_SOLICITS", "RTR_SOLICIT_INTERVAL", "RTR_SOLICIT_DELAY", "USE_TEMPADDR", "TEMP_VALID_LFT",
        "TEMP_PREFERED_LFT", "REGEN_MAX_RETRY", "MAX_DESYNC_FACTOR", "MAX_ADDRESSES", "FORCE_MLD_VERSION",
        "ACCEPT_RA_DEFRTR", "ACCEPT_RA_PINFO", "ACCEPT_RA_RTR_PREF", "RTR_PROBE_INTERVAL",
        "ACCEPT_RA_RT_INFO_MAX_PLEN", "PROXY_NDP", "OPTIMISTIC_DAD", "ACCEPT_SOURCE_ROUTE", "MC_FORWARDING",
        "DISABLE_IPV6", "ACCEPT_DAD", "FORCE_TLLAO", "NDISC_NOTIFY", "MLDV1_UNSOLICITED_REPORT_INTERVAL",
        "MLDV2_UNSOLICITED_REPORT_INTERVAL", "SUPPRESS_FRAG_NDISC", "ACCEPT_RA_FROM_LOCAL", "USE_OPTIMISTIC",
        "ACCEPT_RA_MTU", "STABLE_SECRET", "USE_OIF_ADDRS_ONLY", "ACCEPT_RA_MIN_HOP_LIMIT",
        "IGNORE_ROUTES_WITH_LINKDOWN", "DROP_UNICAST_IN_L2_MULTICAST", "DROP_UNSOLICITED_NA", "KEEP_ADDR_ON_DOWN",
        "RTR_SOLICIT_MAX_INTERVAL", "SEG6_ENABLED", "SEG6_REQUIRE_HMAC", "ENHANCED_DAD", "ADDR_GEN_MODE",
        "DISABLE_POLICY", "ACCEPT_RA_RT_INFO_MIN_PLEN", "NDISC_TCLASS", "RPL_SEG_ENABLED", "RA_DEFRTR_METRIC",
        "IOAM6_ENABLED", "IOAM6_ID", "IOAM6_ID_WIDE", "NDISC_EVICT_NOCARRIER", "ACCEPT_UNTRACKED_NA",
        "ACCEPT_RA_MIN_LFT", "FORCE_FORWARDING",
    )]


class icmpv6_mib_device(Message):
    """The kernel's u64 array, one place for each ICMP6_MIB_*; the first says how many places there are."""

    fields_desc = [U64.of(f"ICMP6_MIB_{name}") for name in (
        "NUM", "INMSGS", "INERRORS", "OUTMSGS", "OUTERRORS", "CSUMERRORS", "RATELIMITHOST",
    )]


class ifla_cacheinfo(Message):
    fields_desc = [
        U32.of("max_reasm_len"), U32.of("tstamp", measure="clock_t"), U32.of("reachable_time", measure="ms"),
        U32.of("retrans_time", measure="ms"),
    ]


class IFLA_INET(AttrSet):
    CONF = Struct(1, ipv4_devconf)


# The kernel sends the array; who asks for a change sends numbered attributes.
bind_attrs(IFLA_INET.CONF, IPV4_DEVCONF, to="kernel")


class IFLA_INET6(AttrSet):
    FLAGS         = U32(1, IF)
    CONF          = Struct(2, ipv6_devconf)
    STATS         = Array(3, U64)               # IPSTATS_MIB_*, whose order differs between kernels
    MCAST         = Blob(4, "never sent")
    CACHEINFO     = Struct(5, ifla_cacheinfo)
    ICMP6STATS    = Struct(6, icmpv6_mib_device)
    TOKEN         = Addr(7)
    ADDR_GEN_MODE = U8(8, IN6_ADDR_GEN_MODE)
    RA_MTU        = U32(9)


class IFLA_MCTP(AttrSet):
    NET          = U32(1)
    PHYS_BINDING = U8(2, MCTP_PHYS_BINDING)


class IFLA_AF_SPEC(AttrSet, prefix="AF"):
    INET  = Nest(2, IFLA_INET)
    INET6 = Nest(10, IFLA_INET6)
    MCTP  = Nest(45, IFLA_MCTP)
