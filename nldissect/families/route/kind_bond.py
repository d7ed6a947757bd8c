"""Bonds and their slaves: IFLA_INFO_DATA and _SLAVE_DATA of kind "bond" (linux/if_link.h, if_bonding.h)."""

from nldissect.wire import (
    S32,
    U8,
    U16,
    U32,
    Addr,
    AttrSet,
    Enum,
    Flags,
    Mac,
    Nest,
    Nests,
    bind_attrs,
)

from .link import IFLA_INFO


class BOND_MODE(Enum):
    ROUNDROBIN   = 0
    ACTIVEBACKUP = 1
    XOR          = 2
    BROADCAST    = 3
    _8023AD      = 4
    TLB          = 5
    ALB          = 6


class BOND_XMIT_POLICY(Enum):
    LAYER2      = 0
    LAYER34     = 1
    LAYER23     = 2
    ENCAP23     = 3
    ENCAP34     = 4
    VLAN_SRCMAC = 5


class BOND_STATE(Enum):
    ACTIVE = 0
    BACKUP = 1


class BOND_LINK(Enum):
    UP   = 0
    FAIL = 1
    DOWN = 2
    BACK = 3


class BOND_ARP(Enum):
    """What bonding validates ARP for (net/bonding.h)."""

    VALIDATE_NONE   = 0
    VALIDATE_ACTIVE = 1
    VALIDATE_BACKUP = 2
    VALIDATE_ALL    = 3
    FILTER          = 4
    FILTER_ACTIVE   = 5
    FILTER_BACKUP   = 6


class BOND_ARP_TARGETS(Enum):
    ANY = 0
    ALL = 1


class BOND_PRI_RESELECT(Enum):
    ALWAYS  = 0
    BETTER  = 1
    FAILURE = 2


class BOND_FOM(Enum):
    NONE   = 0
    ACTIVE = 1
    FOLLOW = 2


class BOND_AD(Enum):
    """How 802.3ad selects an aggregator (net/bond_3ad.h)."""

    STABLE    = 0
    BANDWIDTH = 1
    COUNT     = 2
    PRIO      = 3


class AD_LACP(Enum):
    """Rate of LACPDUs (net/bond_3ad.h)."""

    SLOW = 0
    FAST = 1


class AD(Enum):
    """The churn machine's states (net/bond_3ad.h)."""

    CHURN_MONITOR = 0
    CHURN         = 1
    NO_CHURN      = 2


class LACP_STATE(Flags):
    LACP_ACTIVITY   = 0x01
    LACP_TIMEOUT    = 0x02
    AGGREGATION     = 0x04
    SYNCHRONIZATION = 0x08
    COLLECTING      = 0x10
    DISTRIBUTING    = 0x20
    DEFAULTED       = 0x40
    EXPIRED         = 0x80


class IFLA_BOND_AD_INFO(AttrSet):
    AGGREGATOR  = U16(1)
    NUM_PORTS   = U16(2)
    ACTOR_KEY   = U16(3)
    PARTNER_KEY = U16(4)
    PARTNER_MAC = Mac(5)


class IFLA_BOND(AttrSet):
    MODE              = U8(1, BOND_MODE)
    ACTIVE_SLAVE      = U32(2, refers="interface")
    MIIMON            = U32(3, measure="ms")
    UPDELAY           = U32(4, measure="ms")
    DOWNDELAY         = U32(5, measure="ms")
    USE_CARRIER       = U8(6)
    ARP_INTERVAL      = U32(7, measure="ms")
    ARP_IP_TARGET     = Nests(8, Addr)
    ARP_VALIDATE      = U32(9, BOND_ARP)
    ARP_ALL_TARGETS   = U32(10, BOND_ARP_TARGETS)
    PRIMARY           = U32(11, refers="interface")
    PRIMARY_RESELECT  = U8(12, BOND_PRI_RESELECT)
    FAIL_OVER_MAC     = U8(13, BOND_FOM)
    XMIT_HASH_POLICY  = U8(14, BOND_XMIT_POLICY)
    RESEND_IGMP       = U32(15)
    NUM_PEER_NOTIF    = U8(16)
    ALL_SLAVES_ACTIVE = U8(17)
    MIN_LINKS         = U32(18)
    LP_INTERVAL       = U32(19, measure="s")
    PACKETS_PER_SLAVE = U32(20)
    AD_LACP_RATE      = U8(21, AD_LACP)
    AD_SELECT         = U8(22, BOND_AD)
    AD_INFO           = Nest(23, IFLA_BOND_AD_INFO)
    AD_ACTOR_SYS_PRIO = U16(24)
    AD_USER_PORT_KEY  = U16(25)
    AD_ACTOR_SYSTEM   = Mac(26)
    TLB_DYNAMIC_LB    = U8(27)
    PEER_NOTIF_DELAY  = U32(28, measure="ms")
    AD_LACP_ACTIVE    = U8(29)
    MISSED_MAX        = U8(30)
    NS_IP6_TARGET     = Nests(31, Addr)
    COUPLED_CONTROL   = U8(32)
    BROADCAST_NEIGH   = U8(33)
    LACP_STRICT       = U8(34)


class IFLA_BOND_SLAVE(AttrSet):
    STATE                      = U8(1, BOND_STATE)
    MII_STATUS                 = U8(2, BOND_LINK)
    LINK_FAILURE_COUNT         = U32(3)
    PERM_HWADDR                = Mac(4)
    QUEUE_ID                   = U16(5)
    AD_AGGREGATOR_ID           = U16(6)
    AD_ACTOR_OPER_PORT_STATE   = U8(7, LACP_STATE)
    AD_PARTNER_OPER_PORT_STATE = U16(8, LACP_STATE)
    PRIO                       = S32(9)
    ACTOR_PORT_PRIO            = U16(10)
    AD_CHURN_ACTOR_STATE       = U8(11, AD)
    AD_CHURN_PARTNER_STATE     = U8(12, AD)


bind_attrs(IFLA_INFO.DATA, IFLA_BOND, KIND="bond")
bind_attrs(IFLA_INFO.SLAVE_DATA, IFLA_BOND_SLAVE, SLAVE_KIND="bond")
bind_attrs(IFLA_INFO.SLAVE_DATA, IFLA_BOND_SLAVE, KIND="bond_slave")    # as iproute2 asks for changes
