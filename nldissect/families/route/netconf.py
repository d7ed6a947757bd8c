"""Per-interface settings of IPv4, IPv6 and MPLS: RTM_NEWNETCONF and its kin (linux/netconf.h)."""

from nldissect.wire import NETLINK_ROUTE, S32, U8, Attrs, AttrSet, Enum, Message, Pad, bind_message

from ..common import AF


class NETCONFA_IFINDEX(Enum):
    ALL     = -1
    DEFAULT = -2


class NETCONFA(AttrSet):
    IFINDEX                     = S32(1, NETCONFA_IFINDEX, refers="interface")
    FORWARDING                  = S32(2)
    RP_FILTER                   = S32(3)
    MC_FORWARDING               = S32(4)
    PROXY_NEIGH                 = S32(5)
    IGNORE_ROUTES_WITH_LINKDOWN = S32(6)
    INPUT                       = S32(7)
    BC_FORWARDING               = S32(8)
    FORCE_FORWARDING            = S32(9)


class netconfmsg(Message):
    fields_desc = [U8.of("ncm_family", AF), Pad.of("__pad", 3), Attrs("attrs", NETCONFA)]
    summary = (
        "[{ncm_family}] [dev {NETCONFA_IFINDEX}] [forwarding {NETCONFA_FORWARDING}] [rp_filter {NETCONFA_RP_FILTER}]"
        " [mc_forwarding {NETCONFA_MC_FORWARDING}] [proxy_neigh {NETCONFA_PROXY_NEIGH}]"
        " [ignore_routes_with_linkdown {NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN}] [input {NETCONFA_INPUT}]"
        " [bc_forwarding {NETCONFA_BC_FORWARDING}] [force_forwarding {NETCONFA_FORCE_FORWARDING}]"
    )


bind_message(netconfmsg, NETLINK_ROUTE, RTM_NEWNETCONF=80, RTM_DELNETCONF=81, RTM_GETNETCONF=82)
