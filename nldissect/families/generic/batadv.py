"""B.A.T.M.A.N. advanced: mesh, ports, tables, throughput meter (linux/batman_adv.h, net/batman-adv/netlink.c)."""

from nldissect.wire import U8, U16, U32, U64, Addr, AttrSet, Enum, Flag, Flags, Mac, Pad, Text, bind_attrs, bind_genl


class BATADV_TT_CLIENT(Flags):
    DEL     = 1 << 0
    ROAM    = 1 << 1
    WIFI    = 1 << 4
    ISOLA   = 1 << 5
    NOPURGE = 1 << 8
    NEW     = 1 << 9
    PENDING = 1 << 10
    TEMP    = 1 << 11


class BATADV_MCAST(Flags):
    WANT_ALL_UNSNOOPABLES = 1 << 0
    WANT_ALL_IPV4         = 1 << 1
    WANT_ALL_IPV6         = 1 << 2
    WANT_NO_RTR4          = 1 << 3
    WANT_NO_RTR6          = 1 << 4
    HAVE_MC_PTYPE_CAPA    = 1 << 5


class BATADV_MCAST_FLAGS(Flags):
    BRIDGED                = 1 << 0
    QUERIER_IPV4_EXISTS    = 1 << 1
    QUERIER_IPV6_EXISTS    = 1 << 2
    QUERIER_IPV4_SHADOWING = 1 << 3
    QUERIER_IPV6_SHADOWING = 1 << 4


class BATADV_GW_MODE(Enum):
    OFF    = 0
    CLIENT = 1
    SERVER = 2


class BATADV_TP_REASON(Enum):
    COMPLETE         = 3
    CANCEL           = 4
    DST_UNREACHABLE  = 128
    RESEND_LIMIT     = 129
    ALREADY_ONGOING  = 130
    MEMORY_ERROR     = 131
    CANT_SEND        = 132
    TOO_MANY         = 133


class BATADV_DBG(Flags):
    BATMAN   = 1 << 0
    ROUTES   = 1 << 1
    TT       = 1 << 2
    BLA      = 1 << 3
    DAT      = 1 << 4
    NC       = 1 << 5
    MCAST    = 1 << 6
    TP_METER = 1 << 7


class BATADV_ATTR(AttrSet):
    """VLAN ids of table entries carry 0x8000 where there is a tag."""

    VERSION                       = Text(1)
    ALGO_NAME                     = Text(2)
    MESH_IFINDEX                  = U32(3, refers="interface")
    MESH_IFNAME                   = Text(4)
    MESH_ADDRESS                  = Mac(5)
    HARD_IFINDEX                  = U32(6, refers="interface")
    HARD_IFNAME                   = Text(7)
    HARD_ADDRESS                  = Mac(8)
    ORIG_ADDRESS                  = Mac(9)
    TPMETER_RESULT                = U8(10, BATADV_TP_REASON)
    TPMETER_TEST_TIME             = U32(11, measure="ms")
    TPMETER_BYTES                 = U64(12)
    TPMETER_COOKIE                = U32(13, base=16)
    PAD                           = Pad(14)
    ACTIVE                        = Flag(15)
    TT_ADDRESS                    = Mac(16)
    TT_TTVN                       = U8(17)
    TT_LAST_TTVN                  = U8(18)
    TT_CRC32                      = U32(19, base=16)
    TT_VID                        = U16(20, base=16)
    TT_FLAGS                      = U32(21, BATADV_TT_CLIENT)
    FLAG_BEST                     = Flag(22)
    LAST_SEEN_MSECS               = U32(23, measure="ms")
    NEIGH_ADDRESS                 = Mac(24)
    TQ                            = U8(25)
    THROUGHPUT                    = U32(26, measure="kbit/s")
    BANDWIDTH_UP                  = U32(27)
    BANDWIDTH_DOWN                = U32(28)
    ROUTER                        = Mac(29)
    BLA_OWN                       = Flag(30)
    BLA_ADDRESS                   = Mac(31)
    BLA_VID                       = U16(32, base=16)
    BLA_BACKBONE                  = Mac(33)
    BLA_CRC                       = U16(34, base=16)
    DAT_CACHE_IP4ADDRESS          = Addr(35)
    DAT_CACHE_HWADDRESS           = Mac(36)
    DAT_CACHE_VID                 = U16(37, base=16)
    MCAST_FLAGS                   = U32(38, BATADV_MCAST)
    MCAST_FLAGS_PRIV              = U32(39, BATADV_MCAST_FLAGS)
    VLANID                        = U16(40)
    AGGREGATED_OGMS_ENABLED       = U8(41)
    AP_ISOLATION_ENABLED          = U8(42)
    ISOLATION_MARK                = U32(43, base=16)
    ISOLATION_MASK                = U32(44, base=16)
    BONDING_ENABLED               = U8(45)
    BRIDGE_LOOP_AVOIDANCE_ENABLED = U8(46)
    DISTRIBUTED_ARP_TABLE_ENABLED = U8(47)
    FRAGMENTATION_ENABLED         = U8(48)
    GW_BANDWIDTH_DOWN             = U32(49)
    GW_BANDWIDTH_UP               = U32(50)
    GW_MODE                       = U8(51, BATADV_GW_MODE)
    GW_SEL_CLASS                  = U32(52)
    HOP_PENALTY                   = U8(53)
    LOG_LEVEL                     = U32(54, BATADV_DBG)
    MULTICAST_FORCEFLOOD_ENABLED  = U8(55)
    NETWORK_CODING_ENABLED        = U8(56)
    ORIG_INTERVAL                 = U32(57, measure="ms")
    ELP_INTERVAL                  = U32(58, measure="ms")
    THROUGHPUT_OVERRIDE           = U32(59)
    MULTICAST_FANOUT              = U32(60)

    template = (
        "[{BATADV_ATTR_MESH_IFNAME|BATADV_ATTR_MESH_IFINDEX}] [{BATADV_ATTR_ALGO_NAME}] "
        "[port {BATADV_ATTR_HARD_IFNAME|BATADV_ATTR_HARD_IFINDEX}] [{?BATADV_ATTR_ACTIVE}active] "
        "[originator {BATADV_ATTR_ORIG_ADDRESS}] [client {BATADV_ATTR_TT_ADDRESS}] [vid {BATADV_ATTR_TT_VID}] "
        "[<{BATADV_ATTR_TT_FLAGS}>] [neighbour {BATADV_ATTR_NEIGH_ADDRESS}] [tq {BATADV_ATTR_TQ}] "
        "[throughput {BATADV_ATTR_THROUGHPUT}] [gateway {BATADV_ATTR_ROUTER}] [{BATADV_ATTR_DAT_CACHE_IP4ADDRESS}] "
        "[is {BATADV_ATTR_DAT_CACHE_HWADDRESS}] [claim {BATADV_ATTR_BLA_ADDRESS}] "
        "[backbone {BATADV_ATTR_BLA_BACKBONE}] "
        "[vlan {BATADV_ATTR_VLANID}] [interval {BATADV_ATTR_ORIG_INTERVAL}] [gateway mode {BATADV_ATTR_GW_MODE}] "
        "[hop penalty {BATADV_ATTR_HOP_PENALTY}] [test {BATADV_ATTR_TPMETER_RESULT}] "
        "[of {BATADV_ATTR_TPMETER_TEST_TIME}] [bytes {BATADV_ATTR_TPMETER_BYTES}] "
        "[seen before {BATADV_ATTR_LAST_SEEN_MSECS}] [{?BATADV_ATTR_FLAG_BEST}best]"
    )


bind_attrs(BATADV_ATTR.VLANID, U32(None), to="user")     # the kernel takes 16 bits and tells 32

bind_genl(
    BATADV_ATTR,
    "batadv",
    BATADV_CMD_GET_MESH=1,
    BATADV_CMD_TP_METER=2,
    BATADV_CMD_TP_METER_CANCEL=3,
    BATADV_CMD_GET_ROUTING_ALGOS=4,
    BATADV_CMD_GET_HARDIF=5,
    BATADV_CMD_GET_TRANSTABLE_LOCAL=6,
    BATADV_CMD_GET_TRANSTABLE_GLOBAL=7,
    BATADV_CMD_GET_ORIGINATORS=8,
    BATADV_CMD_GET_NEIGHBORS=9,
    BATADV_CMD_GET_GATEWAYS=10,
    BATADV_CMD_GET_BLA_CLAIM=11,
    BATADV_CMD_GET_BLA_BACKBONE=12,
    BATADV_CMD_GET_DAT_CACHE=13,
    BATADV_CMD_GET_MCAST_FLAGS=14,
    BATADV_CMD_SET_MESH=15,
    BATADV_CMD_SET_HARDIF=16,
    BATADV_CMD_GET_VLAN=17,
    BATADV_CMD_SET_VLAN=18,
)
