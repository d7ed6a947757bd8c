"""Addresses of interfaces: RTM_NEWADDR and its kin, multicast and anycast ones too (linux/if_addr.h)."""

from nldissect.wire import (
    NETLINK_ROUTE,
    S32,
    U8,
    U32,
    Addr,
    Attrs,
    AttrSet,
    Enum,
    Flags,
    Message,
    Struct,
    Text,
    bind_attrs,
    bind_message,
)

from ..common import AF, RT_SCOPE


class IFA_F(Flags):
    SECONDARY      = 0x001
    TEMPORARY      = 0x001
    NODAD          = 0x002
    OPTIMISTIC     = 0x004
    DADFAILED      = 0x008
    HOMEADDRESS    = 0x010
    DEPRECATED     = 0x020
    TENTATIVE      = 0x040
    PERMANENT      = 0x080
    MANAGETEMPADDR = 0x100
    NOPREFIXROUTE  = 0x200
    MCAUTOJOIN     = 0x400
    STABLE_PRIVACY = 0x800


class IFAPROT(Enum):
    UNSPEC    = 0
    KERNEL_LO = 1
    KERNEL_RA = 2
    KERNEL_LL = 3


class ifa_cacheinfo(Message):
    fields_desc = [
        U32.of("ifa_prefered", measure="s"), U32.of("ifa_valid", measure="s"), U32.of("cstamp", measure="clock_t"),
        U32.of("tstamp", measure="clock_t"),
    ]


class IFA(AttrSet):
    ADDRESS         = Addr(1, prefix="ifa_prefixlen")
    LOCAL           = Addr(2, prefix="ifa_prefixlen")
    LABEL           = Text(3)
    BROADCAST       = Addr(4)
    ANYCAST         = Addr(5)
    CACHEINFO       = Struct(6, ifa_cacheinfo)
    MULTICAST       = Addr(7)
    FLAGS           = U32(8, IFA_F)
    RT_PRIORITY     = U32(9)
    TARGET_NETNSID  = S32(10)
    PROTO           = U8(11, IFAPROT)


bind_attrs(IFA.LOCAL, U8(None, base=16), ifa_family=(AF.PHONET, AF.MCTP))


class ifaddrmsg(Message):
    fields_desc = [
        U8.of("ifa_family", AF), U8.of("ifa_prefixlen"), U8.of("ifa_flags", IFA_F), U8.of("ifa_scope", RT_SCOPE),
        U32.of("ifa_index", refers="interface"), Attrs("attrs", IFA),
    ]
    summary = (
        "[{!IFA_LOCAL}{!IFA_ADDRESS}{!IFA_MULTICAST}{!IFA_ANYCAST}{ifa_family}]"
        " [{IFA_LOCAL}[{!IFA_LOCAL==IFA_ADDRESS} peer {IFA_ADDRESS}]/{ifa_prefixlen}]"
        " [{!IFA_LOCAL}{IFA_ADDRESS|IFA_MULTICAST|IFA_ANYCAST}/{ifa_prefixlen}] [dev {ifa_index}]"
        " [brd {IFA_BROADCAST}] [{!nlmsg_type=RTM_GETADDR}scope {ifa_scope}] [label {IFA_LABEL}] [proto {IFA_PROTO}]"
        " [<{IFA_FLAGS|ifa_flags}>]"
    )


bind_message(
    ifaddrmsg, NETLINK_ROUTE,
    RTM_NEWADDR=20, RTM_DELADDR=21, RTM_GETADDR=22,
    RTM_NEWMULTICAST=56, RTM_DELMULTICAST=57, RTM_GETMULTICAST=58,
    RTM_NEWANYCAST=60, RTM_DELANYCAST=61, RTM_GETANYCAST=62,
)
