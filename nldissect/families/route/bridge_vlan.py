"""VLANs of a bridge and its ports: RTM_NEWVLAN and its kin (linux/if_bridge.h)."""

from nldissect.wire import (
    NETLINK_ROUTE,
    U8,
    U16,
    U32,
    U64,
    Attrs,
    AttrSet,
    Enum,
    Flags,
    Message,
    Nest,
    Pad,
    Struct,
    bind_attrs,
    bind_message,
)

from ..common import AF
from .kind_bridge import BRIDGE_QUERIER, MDB_RTR_TYPE
from .link_bridge import BR_STATE, bridge_vlan_info
from .mdb import MDBA


class BRIDGE_VLANDB_DUMPF(Flags):
    STATS  = 0x01
    GLOBAL = 0x02


class TINFO_CMD(Enum, prefix="RTM"):
    """A message type says whether tunnel information is set or taken away."""

    DELLINK = 17
    SETLINK = 19


class BRIDGE_VLANDB_TINFO(AttrSet):
    ID  = U32(1)
    CMD = U32(2, TINFO_CMD)


class BRIDGE_VLANDB_STATS(AttrSet):
    RX_BYTES   = U64(1)
    RX_PACKETS = U64(2)
    TX_BYTES   = U64(3)
    TX_PACKETS = U64(4)
    PAD         = Pad(5)


class BRIDGE_VLANDB_ENTRY(AttrSet):
    INFO               = Struct(1, bridge_vlan_info)
    RANGE               = U16(2)
    STATE              = U8(3, BR_STATE)
    TUNNEL_INFO        = Nest(4, BRIDGE_VLANDB_TINFO)
    STATS              = Nest(5, BRIDGE_VLANDB_STATS)
    MCAST_ROUTER       = U8(6, MDB_RTR_TYPE)
    MCAST_N_GROUPS     = U32(7)
    MCAST_MAX_GROUPS   = U32(8)
    NEIGH_SUPPRESS     = U8(9)
    NEIGH_FORWARD_GRAT = U8(10)


class BRIDGE_VLANDB_GOPTS(AttrSet):
    ID                         = U16(1)
    RANGE                      = U16(2)
    MCAST_SNOOPING             = U8(3)
    MCAST_IGMP_VERSION         = U8(4)
    MCAST_MLD_VERSION          = U8(5)
    MCAST_LAST_MEMBER_CNT      = U32(6)
    MCAST_STARTUP_QUERY_CNT    = U32(7)
    MCAST_LAST_MEMBER_INTVL    = U64(8)
    PAD                        = Pad(9)
    MCAST_MEMBERSHIP_INTVL     = U64(10)
    MCAST_QUERIER_INTVL        = U64(11)
    MCAST_QUERY_INTVL          = U64(12)
    MCAST_QUERY_RESPONSE_INTVL = U64(13)
    MCAST_STARTUP_QUERY_INTVL  = U64(14)
    MCAST_QUERIER              = U8(15)
    MCAST_ROUTER_PORTS         = Nest(16, MDBA)
    MCAST_QUERIER_STATE        = Nest(17, BRIDGE_QUERIER)
    MSTI                       = U16(18)


class BRIDGE_VLANDB(AttrSet):
    ENTRY          = Nest(1, BRIDGE_VLANDB_ENTRY, many=True)
    GLOBAL_OPTIONS = Nest(2, BRIDGE_VLANDB_GOPTS, many=True)


class BRIDGE_VLANDB_DUMP(AttrSet):
    FLAGS = U32(1, BRIDGE_VLANDB_DUMPF)


class br_vlan_msg(Message):
    fields_desc = [
        U8.of("family", AF), Pad.of("reserved1", 1), Pad.of("reserved2", 2), U32.of("ifindex", refers="interface"),
        Attrs("attrs", BRIDGE_VLANDB),
    ]
    summary = (
        "[dev {br_vlan_msg.ifindex}] [vid {BRIDGE_VLANDB_ENTRY_INFO.vid}] [<{BRIDGE_VLANDB_ENTRY_INFO.flags}>]"
        " [{BRIDGE_VLANDB_ENTRY_STATE}] [global vid {BRIDGE_VLANDB_GOPTS_ID}] [<{BRIDGE_VLANDB_DUMP_FLAGS}>]"
    )


bind_attrs(br_vlan_msg.attrs, BRIDGE_VLANDB_DUMP, nlmsg_type=114)

bind_message(br_vlan_msg, NETLINK_ROUTE, RTM_NEWVLAN=112, RTM_DELVLAN=113, RTM_GETVLAN=114)
