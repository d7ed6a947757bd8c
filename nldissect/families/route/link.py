"""Links: RTM_NEWLINK and its kin (linux/if_link.h, rtnetlink.h, if.h)."""

from nldissect.wire import (
    NETLINK_ROUTE,
    S32,
    U8,
    U16,
    U32,
    Addr,
    Attrs,
    AttrSet,
    Blob,
    Enum,
    Flags,
    Mac,
    Message,
    Nest,
    Pad,
    Struct,
    Text,
    Uint,
    bind_attrs,
    bind_message,
)

from ..common import AF, ARPHRD
from .link_af import IFLA_AF_SPEC, IFLA_INET6
from .link_bridge import IFLA_BRIDGE
from .link_stats import rtnl_link_ifmap, rtnl_link_stats, rtnl_link_stats64
from .link_vf import IFLA_PORT, IFLA_VF_PORTS, IFLA_VFINFO_LIST


class IFF(Flags):
    off = {"IFF_UP": "DOWN"}

    UP          = 0x00001
    BROADCAST   = 0x00002
    DEBUG       = 0x00004
    LOOPBACK    = 0x00008
    POINTOPOINT = 0x00010
    NOTRAILERS  = 0x00020
    RUNNING     = 0x00040
    NOARP       = 0x00080
    PROMISC     = 0x00100
    ALLMULTI    = 0x00200
    MASTER      = 0x00400
    SLAVE       = 0x00800
    MULTICAST   = 0x01000
    PORTSEL     = 0x02000
    AUTOMEDIA   = 0x04000
    DYNAMIC     = 0x08000
    LOWER_UP    = 0x10000
    DORMANT     = 0x20000
    ECHO        = 0x40000


class IF_OPER(Enum):
    UNKNOWN        = 0
    NOTPRESENT     = 1
    DOWN           = 2
    LOWERLAYERDOWN = 3
    TESTING        = 4
    DORMANT        = 5
    UP             = 6


class IF_LINK_MODE(Enum):
    DEFAULT = 0
    DORMANT = 1
    TESTING = 2


class RTEXT_FILTER(Flags):
    VF                = 0x001
    BRVLAN            = 0x002
    BRVLAN_COMPRESSED = 0x004
    SKIP_STATS        = 0x008
    MRP               = 0x010
    CFM_CONFIG        = 0x020
    CFM_STATUS        = 0x040
    MST               = 0x080
    NAME_ONLY         = 0x100


class IFLA_EVENT(Enum):
    NONE             = 0
    REBOOT           = 1
    FEATURES         = 2
    BONDING_FAILOVER = 3
    NOTIFY_PEERS     = 4
    IGMP_RESEND      = 5
    BONDING_OPTIONS  = 6


class XDP_FLAGS(Flags):
    UPDATE_IF_NOEXIST = 0x01
    SKB_MODE          = 0x02
    DRV_MODE          = 0x04
    HW_MODE           = 0x08
    REPLACE           = 0x10


class XDP_ATTACHED(Enum):
    NONE  = 0
    DRV   = 1
    SKB   = 2
    HW    = 3
    MULTI = 4


class IFLA_INFO(AttrSet):
    KIND       = Text(1)
    DATA       = Nest(2)
    XSTATS     = Nest(3)
    SLAVE_KIND = Text(4)
    SLAVE_DATA = Nest(5)


class IFLA_XDP(AttrSet):
    FD          = S32(1)
    ATTACHED    = U8(2, XDP_ATTACHED)
    FLAGS       = U32(3, XDP_FLAGS)
    PROG_ID     = U32(4)
    DRV_PROG_ID = U32(5)
    SKB_PROG_ID = U32(6)
    HW_PROG_ID  = U32(7)
    EXPECTED_FD = S32(8)


class IFLA_PROTO_DOWN_REASON(AttrSet):
    MASK  = U32(1, base=16)
    VALUE = U32(2, base=16)


class IFLA_PROP_LIST(AttrSet, prefix="IFLA"):
    ALT_IFNAME = Text(53, many=True)


class IFLA(AttrSet):
    ADDRESS                    = Mac(1)
    BROADCAST                  = Mac(2)
    IFNAME                     = Text(3)
    MTU                        = U32(4)
    LINK                       = U32(5, silent=(0,))                 # 0: none
    QDISC                      = Text(6)
    STATS                      = Struct(7, rtnl_link_stats)
    COST                       = U32(8)
    PRIORITY                   = U32(9)
    MASTER                     = U32(10, refers="interface")
    WIRELESS                   = Blob(11, "struct iw_event, laid out as ioctls of the sending architecture are")
    PROTINFO                   = Nest(12)
    TXQLEN                     = U32(13)
    MAP                        = Struct(14, rtnl_link_ifmap)
    WEIGHT                     = U32(15)
    OPERSTATE                  = U8(16, IF_OPER)
    LINKMODE                   = U8(17, IF_LINK_MODE)
    LINKINFO                   = Nest(18, IFLA_INFO)
    NET_NS_PID                 = U32(19)
    IFALIAS                    = Text(20)
    NUM_VF                     = U32(21)
    VFINFO_LIST                = Nest(22, IFLA_VFINFO_LIST)
    STATS64                    = Struct(23, rtnl_link_stats64)
    VF_PORTS                   = Nest(24, IFLA_VF_PORTS)
    PORT_SELF                  = Nest(25, IFLA_PORT)
    AF_SPEC                    = Nest(26, IFLA_AF_SPEC)
    GROUP                      = U32(27)
    NET_NS_FD                  = U32(28)
    EXT_MASK                   = U32(29, RTEXT_FILTER)
    PROMISCUITY                = U32(30)
    NUM_TX_QUEUES              = U32(31)
    NUM_RX_QUEUES              = U32(32)
    CARRIER                    = U8(33)
    PHYS_PORT_ID               = Blob(34, "identifier chosen by the driver")
    CARRIER_CHANGES            = U32(35)
    PHYS_SWITCH_ID             = Blob(36, "identifier chosen by the driver")
    LINK_NETNSID               = S32(37)
    PHYS_PORT_NAME             = Text(38)
    PROTO_DOWN                 = U8(39)
    GSO_MAX_SEGS               = U32(40)
    GSO_MAX_SIZE               = U32(41)
    PAD                        = Pad(42)
    XDP                        = Nest(43, IFLA_XDP)
    EVENT                      = U32(44, IFLA_EVENT)
    NEW_NETNSID                = S32(45)
    TARGET_NETNSID             = S32(46, also="IF_NETNSID")
    CARRIER_UP_COUNT           = U32(47)
    CARRIER_DOWN_COUNT         = U32(48)
    NEW_IFINDEX                = S32(49)
    MIN_MTU                    = U32(50)
    MAX_MTU                    = U32(51)
    PROP_LIST                  = Nest(52, IFLA_PROP_LIST)
    ALT_IFNAME                 = Text(53)
    PERM_ADDRESS               = Mac(54)
    PROTO_DOWN_REASON          = Nest(55, IFLA_PROTO_DOWN_REASON)
    PARENT_DEV_NAME            = Text(56)
    PARENT_DEV_BUS_NAME        = Text(57)
    GRO_MAX_SIZE               = U32(58)
    TSO_MAX_SIZE               = U32(59)
    TSO_MAX_SEGS               = U32(60)
    ALLMULTI                   = U32(61)
    DEVLINK_PORT               = Nest(62, "DEVLINK_ATTR", home="devlink")
    GSO_IPV4_MAX_SIZE          = U32(63)
    GRO_IPV4_MAX_SIZE          = U32(64)
    DPLL_PIN                   = Nest(65, "DPLL_A_PIN", home="dpll")
    MAX_PACING_OFFLOAD_HORIZON = Uint(66)
    NETNS_IMMUTABLE            = U8(67)
    HEADROOM                   = U16(68)
    TAILROOM                   = U16(69)


# The link-layer address of an IP tunnel is its outer IP address.
IP_TUNNELS = (ARPHRD.TUNNEL, ARPHRD.TUNNEL6, ARPHRD.SIT, ARPHRD.IPGRE, ARPHRD.IP6GRE)

bind_attrs(IFLA.ADDRESS, Addr(None), ifi_type=IP_TUNNELS)
bind_attrs(IFLA.BROADCAST, Addr(None), ifi_type=IP_TUNNELS)
bind_attrs(IFLA.PERM_ADDRESS, Addr(None), ifi_type=IP_TUNNELS)

# With a namespace id beside it the index is one of that namespace, not of this one.
# Messages of bridges and of IPv6 do not say whether it is (br_fill_ifinfo in net/bridge/br_netlink.c, inet6_fill_ifinfo
# in net/ipv6/addrconf.c).
bind_attrs(IFLA.LINK, U32(None, refers="interface"), LINK_NETNSID=None)
bind_attrs(IFLA.LINK, U32(None, silent=(0,)), LINK_NETNSID=None, ifi_family=(AF.BRIDGE, AF.INET6))

bind_attrs(IFLA.AF_SPEC, IFLA_BRIDGE, ifi_family=AF.BRIDGE)
bind_attrs(IFLA.PROTINFO, IFLA_INET6, ifi_family=AF.INET6)


class ARPHRD_ASKED(ARPHRD, prefix="ARPHRD"):
    """Requests leave the type at 0 where none is given, which is no request for a NET/ROM device."""


del ARPHRD_ASKED.names[ARPHRD.NETROM]


class ifinfomsg(Message):
    fields_desc = [
        U8.of("ifi_family", AF), Pad.of("__ifi_pad", 1), U16.of("ifi_type", ARPHRD),
        S32.of("ifi_index", refers="interface"), U32.of("ifi_flags", IFF),
        U32.of("ifi_change", IFF, silent=(0xFFFFFFFF,)), Attrs("attrs", IFLA),
    ]
    summary = (
        "[{IFLA_IFNAME|ifinfomsg.ifi_index@}]"
        "[{!IFLA_LINK_NETNSID}{!ifinfomsg.ifi_family=AF_BRIDGE}{!ifinfomsg.ifi_family=AF_INET6}@{IFLA_LINK}]"
        "[{!IFLA_LINK_NETNSID}{?ifinfomsg.ifi_family=AF_BRIDGE}@if{IFLA_LINK}]"
        "[{!IFLA_LINK_NETNSID}{?ifinfomsg.ifi_family=AF_INET6}@if{IFLA_LINK}][{?IFLA_LINK_NETNSID}@if{IFLA_LINK}] "
        "[#{ifinfomsg.ifi_index=}] [{?to=user}<{ifinfomsg.ifi_flags}>] [mtu {IFLA_MTU}] "
        "[qdisc {IFLA_QDISC}] [state {IFLA_OPERSTATE}] [master {IFLA_MASTER}] [port {IFLA_BRPORT_STATE}] "
        "[{IFLA_INFO_KIND}] [id {IFLA_VLAN_ID|IFLA_VXLAN_ID|IFLA_GENEVE_ID}] [table {IFLA_VRF_TABLE}] "
        "[mode {IFLA_BOND_MODE|IFLA_MACVLAN_MODE|IFLA_IPVLAN_MODE}] "
        "[local {IFLA_VXLAN_LOCAL|IFLA_VXLAN_LOCAL6|IFLA_IPTUN_LOCAL|IFLA_GRE_LOCAL|IFLA_VTI_LOCAL}] "
        "[remote {IFLA_VXLAN_GROUP|IFLA_VXLAN_GROUP6|IFLA_GENEVE_REMOTE|IFLA_GENEVE_REMOTE6"
        "|IFLA_IPTUN_REMOTE|IFLA_GRE_REMOTE|IFLA_VTI_REMOTE}] "
        "[{?to=kernel}[{!nlmsg_type=RTM_GETLINK}set {ifinfomsg.ifi_flags%ifinfomsg.ifi_change}] "
        "[address {IFLA_ADDRESS}] [alias {IFLA_IFALIAS}] [altname {IFLA_ALT_IFNAME*}] "
        "[txqueuelen {IFLA_TXQLEN}] [group {IFLA_GROUP}] [netns {IFLA_NET_NS_PID|IFLA_NET_NS_FD}] "
        "[protodown {IFLA_PROTO_DOWN}] [vid {vid*}] ]"
        "[peer {VETH_INFO_PEER.IFLA_IFNAME|VXCAN_INFO_PEER.IFLA_IFNAME|IFLA_NETKIT_PEER_INFO.IFLA_IFNAME}] "
        "[peer's netns {VETH_INFO_PEER.IFLA_NET_NS_PID|VETH_INFO_PEER.IFLA_NET_NS_FD}]"
    )
    teaches = ("interface", "ifi_index", "IFLA_IFNAME")
    elsewhere = "IFLA_TARGET_NETNSID"  # whose ifindex it is: rtnl_fill_ifinfo (net/core/rtnetlink.c)


bind_attrs(ifinfomsg.ifi_type, U16(None, ARPHRD_ASKED), to="kernel")

bind_message(
    ifinfomsg, NETLINK_ROUTE,
    RTM_NEWLINK=16, RTM_DELLINK=17, RTM_GETLINK=18, RTM_SETLINK=19,
    RTM_NEWLINKPROP=108, RTM_DELLINKPROP=109, RTM_GETLINKPROP=110,
)
