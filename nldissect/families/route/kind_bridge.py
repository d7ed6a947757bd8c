"""Bridges and their ports: IFLA_INFO_DATA and _SLAVE_DATA "bridge", IFLA_PROTINFO of AF_BRIDGE (linux/if_link.h)."""

from nldissect.wire import (
    U8,
    U16,
    U32,
    U64,
    Addr,
    AttrSet,
    Be16,
    Enum,
    Flag,
    Flags,
    Mac,
    Message,
    Nest,
    Pad,
    Struct,
    bind_attrs,
)

from ..common import AF, ETH_P
from .link import IFLA, IFLA_INFO
from .link_bridge import BR_STATE


class MDB_RTR_TYPE(Enum):
    DISABLED   = 0
    TEMP_QUERY = 1
    PERM       = 2
    TEMP       = 3


class BR_STP_MODE(Enum):
    AUTO   = 0
    USER   = 1
    KERNEL = 2


class BR_BOOLOPT(Flags):
    """Bits numbered by enum br_boolopt_id (linux/if_bridge.h)."""

    NO_LL_LEARN                   = 1 << 0
    MCAST_VLAN_SNOOPING           = 1 << 1
    MST_ENABLE                    = 1 << 2
    MDB_OFFLOAD_FAIL_NOTIFICATION = 1 << 3
    FDB_LOCAL_VLAN_0              = 1 << 4


class br_boolopt_multi(Message):
    fields_desc = [U32.of("optval", BR_BOOLOPT), U32.of("optmask", BR_BOOLOPT)]


class ifla_bridge_id(Message):
    fields_desc = [Be16.of("prio"), Mac.of("addr", 6)]


class BRIDGE_QUERIER(AttrSet):
    IP_ADDRESS       = Addr(1)
    IP_PORT          = U32(2, refers="interface")
    IP_OTHER_TIMER   = U64(3, measure="clock_t")
    PAD              = Pad(4)
    IPV6_ADDRESS     = Addr(5)
    IPV6_PORT        = U32(6, refers="interface")
    IPV6_OTHER_TIMER = U64(7, measure="clock_t")


class IFLA_BR(AttrSet):
    FORWARD_DELAY              = U32(1, measure="clock_t")
    HELLO_TIME                 = U32(2, measure="clock_t")
    MAX_AGE                    = U32(3, measure="clock_t")
    AGEING_TIME                = U32(4, measure="clock_t")
    STP_STATE                  = U32(5)
    PRIORITY                   = U16(6)
    VLAN_FILTERING             = U8(7)
    VLAN_PROTOCOL              = Be16(8, ETH_P)
    GROUP_FWD_MASK             = U16(9, base=16)
    ROOT_ID                    = Struct(10, ifla_bridge_id)
    BRIDGE_ID                  = Struct(11, ifla_bridge_id)
    ROOT_PORT                  = U16(12)
    ROOT_PATH_COST             = U32(13)
    TOPOLOGY_CHANGE            = U8(14)
    TOPOLOGY_CHANGE_DETECTED   = U8(15)
    HELLO_TIMER                = U64(16, measure="clock_t")
    TCN_TIMER                  = U64(17, measure="clock_t")
    TOPOLOGY_CHANGE_TIMER      = U64(18, measure="clock_t")
    GC_TIMER                   = U64(19, measure="clock_t")
    GROUP_ADDR                 = Mac(20)
    FDB_FLUSH                  = Flag(21)
    MCAST_ROUTER               = U8(22, MDB_RTR_TYPE)
    MCAST_SNOOPING             = U8(23)
    MCAST_QUERY_USE_IFADDR     = U8(24)
    MCAST_QUERIER              = U8(25)
    MCAST_HASH_ELASTICITY      = U32(26, deprecated=True)
    MCAST_HASH_MAX             = U32(27)
    MCAST_LAST_MEMBER_CNT      = U32(28)
    MCAST_STARTUP_QUERY_CNT    = U32(29)
    MCAST_LAST_MEMBER_INTVL    = U64(30, measure="clock_t")
    MCAST_MEMBERSHIP_INTVL     = U64(31, measure="clock_t")
    MCAST_QUERIER_INTVL        = U64(32, measure="clock_t")
    MCAST_QUERY_INTVL          = U64(33, measure="clock_t")
    MCAST_QUERY_RESPONSE_INTVL = U64(34, measure="clock_t")
    MCAST_STARTUP_QUERY_INTVL  = U64(35, measure="clock_t")
    NF_CALL_IPTABLES           = U8(36)
    NF_CALL_IP6TABLES          = U8(37)
    NF_CALL_ARPTABLES          = U8(38)
    VLAN_DEFAULT_PVID          = U16(39)
    PAD                        = Pad(40)
    VLAN_STATS_ENABLED         = U8(41)
    MCAST_STATS_ENABLED        = U8(42)
    MCAST_IGMP_VERSION         = U8(43)
    MCAST_MLD_VERSION          = U8(44)
    VLAN_STATS_PER_PORT        = U8(45)
    MULTI_BOOLOPT              = Struct(46, br_boolopt_multi)
    MCAST_QUERIER_STATE        = Nest(47, BRIDGE_QUERIER)
    FDB_N_LEARNED              = U32(48)
    FDB_MAX_LEARNED            = U32(49)
    STP_MODE                   = U32(50, BR_STP_MODE)


class IFLA_BRPORT(AttrSet):
    STATE                 = U8(1, BR_STATE)
    PRIORITY              = U16(2)
    COST                  = U32(3)
    MODE                  = U8(4)
    GUARD                 = U8(5)
    PROTECT               = U8(6)
    FAST_LEAVE            = U8(7)
    LEARNING              = U8(8)
    UNICAST_FLOOD         = U8(9)
    PROXYARP              = U8(10)
    LEARNING_SYNC         = U8(11)
    PROXYARP_WIFI         = U8(12)
    ROOT_ID               = Struct(13, ifla_bridge_id)
    BRIDGE_ID             = Struct(14, ifla_bridge_id)
    DESIGNATED_PORT       = U16(15)
    DESIGNATED_COST       = U16(16)
    ID                    = U16(17, base=16)
    NO                    = U16(18, base=16)
    TOPOLOGY_CHANGE_ACK   = U8(19)
    CONFIG_PENDING        = U8(20)
    MESSAGE_AGE_TIMER     = U64(21, measure="clock_t")
    FORWARD_DELAY_TIMER   = U64(22, measure="clock_t")
    HOLD_TIMER            = U64(23, measure="clock_t")
    FLUSH                 = Flag(24)
    MULTICAST_ROUTER      = U8(25, MDB_RTR_TYPE)
    PAD                   = Pad(26)
    MCAST_FLOOD           = U8(27)
    MCAST_TO_UCAST        = U8(28)
    VLAN_TUNNEL           = U8(29)
    BCAST_FLOOD           = U8(30)
    GROUP_FWD_MASK        = U16(31, base=16)
    NEIGH_SUPPRESS        = U8(32)
    ISOLATED              = U8(33)
    BACKUP_PORT           = U32(34, refers="interface")
    MRP_RING_OPEN         = U8(35)
    MRP_IN_OPEN           = U8(36)
    MCAST_EHT_HOSTS_LIMIT = U32(37)
    MCAST_EHT_HOSTS_CNT   = U32(38)
    LOCKED                = U8(39)
    MAB                   = U8(40)
    MCAST_N_GROUPS        = U32(41)
    MCAST_MAX_GROUPS      = U32(42)
    NEIGH_VLAN_SUPPRESS   = U8(43)
    BACKUP_NHID           = U32(44)
    NEIGH_FORWARD_GRAT    = U8(45)


bind_attrs(IFLA_INFO.DATA, IFLA_BR, KIND="bridge")
bind_attrs(IFLA_INFO.SLAVE_DATA, IFLA_BRPORT, SLAVE_KIND="bridge")
bind_attrs(IFLA_INFO.SLAVE_DATA, IFLA_BRPORT, KIND="bridge_slave")    # as iproute2 asks for changes
bind_attrs(IFLA.PROTINFO, IFLA_BRPORT, ifi_family=AF.BRIDGE)
