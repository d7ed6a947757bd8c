"""Multicast groups of a bridge or VXLAN device: RTM_NEWMDB and its kin (linux/if_bridge.h)."""

from nldissect.wire import (
    NETLINK_ROUTE,
    S32,
    U8,
    U16,
    U32,
    Addr,
    Attrs,
    AttrSet,
    Be16,
    Blob,
    Enum,
    Flags,
    Mac,
    Message,
    Nest,
    Pad,
    Struct,
    bind_attrs,
    bind_message,
)

from ..common import AF, ETH_P, RTPROT
from .kind_bridge import MDB_RTR_TYPE


class MDB(Enum):
    TEMPORARY = 0
    PERMANENT = 1


class MDB_FLAGS(Flags):
    OFFLOAD        = 0x01
    FAST_LEAVE     = 0x02
    STAR_EXCL      = 0x04
    BLOCKED        = 0x08
    OFFLOAD_FAILED = 0x10


class MCAST(Enum):
    EXCLUDE = 0
    INCLUDE = 1


class MDBA_MDB_SRCATTR(AttrSet):
    ADDRESS = Addr(1)
    TIMER   = U32(2, measure="clock_t")


class MDBA_MDB_SRCLIST(AttrSet):
    ENTRY = Nest(1, MDBA_MDB_SRCATTR, many=True)


class MDBA_MDB_EATTR(AttrSet):
    TIMER      = U32(1, measure="clock_t")
    SRC_LIST   = Nest(2, MDBA_MDB_SRCLIST)
    GROUP_MODE = U8(3, MCAST)
    SOURCE     = Addr(4)
    RTPROT     = U8(5, RTPROT)
    DST        = Addr(6)
    DST_PORT   = U16(7)
    VNI        = U32(8)
    IFINDEX    = U32(9, refers="interface")
    SRC_VNI    = U32(10)


class br_mdb_entry_mac(Message):
    fields_desc = [Mac.of("mac_addr", 6), Pad.of("__pad", 10)]


class br_mdb_entry_addr(Message):
    fields_desc = [
        Blob.of("u", 16, "a group whose kind proto does not say"), Be16.of("proto", ETH_P), Pad.of("__pad", 2),
    ]


bind_attrs(br_mdb_entry_addr.u, Addr(None, 16, family=AF.INET), proto=ETH_P.IP)
bind_attrs(br_mdb_entry_addr.u, Addr(None, 16, family=AF.INET6), proto=ETH_P.IPV6)
bind_attrs(br_mdb_entry_addr.u, br_mdb_entry_mac, proto=0)


class br_mdb_entry(Message):
    fields_desc = [
        U32.of("ifindex", refers="interface"), U8.of("state", MDB), U8.of("flags", MDB_FLAGS), U16.of("vid"),
        Struct.of("addr", br_mdb_entry_addr), Attrs("attrs", MDBA_MDB_EATTR),
    ]


class MDBA_MDB_ENTRY(AttrSet):
    INFO = Struct(1, br_mdb_entry, many=True)


class MDBA_MDB(AttrSet):
    ENTRY = Nest(1, MDBA_MDB_ENTRY, many=True)


class MDBA_ROUTER_PATTR(AttrSet):
    TIMER       = U32(1, measure="clock_t")
    TYPE        = U8(2, MDB_RTR_TYPE)
    INET_TIMER  = U32(3, measure="clock_t")
    INET6_TIMER = U32(4, measure="clock_t")
    VID         = U16(5)


class mdba_router_port(Message):
    """The header has no name for this: a u32, then attributes."""

    fields_desc = [U32.of("ifindex", refers="interface"), Attrs("attrs", MDBA_ROUTER_PATTR)]


class MDBA_ROUTER(AttrSet):
    PORT = Struct(1, mdba_router_port, many=True)


class MDBA(AttrSet):
    MDB    = Nest(1, MDBA_MDB)
    ROUTER = Nest(2, MDBA_ROUTER)


class MDBE_SRCATTR(AttrSet):
    ADDRESS = Addr(1)


class MDBE_SRC_LIST(AttrSet):
    ENTRY = Nest(1, MDBE_SRCATTR, many=True)


class MDBE_ATTR(AttrSet):
    SOURCE     = Addr(1)
    SRC_LIST   = Nest(2, MDBE_SRC_LIST)
    GROUP_MODE = U8(3, MCAST)
    RTPROT     = U8(4, RTPROT)
    DST        = Addr(5)
    DST_PORT   = U16(6)
    VNI        = U32(7)
    IFINDEX    = S32(8, refers="interface")
    SRC_VNI    = U32(9)
    STATE_MASK = U8(10)


class MDBA_SET(AttrSet):
    ENTRY       = Struct(1, br_mdb_entry)
    ENTRY_ATTRS = Nest(2, MDBE_ATTR)


class MDBA_GET(AttrSet):
    ENTRY       = Struct(1, br_mdb_entry)
    ENTRY_ATTRS = Nest(2, MDBE_ATTR)


class br_port_msg(Message):
    fields_desc = [U8.of("family", AF), Pad.of("__pad", 3), U32.of("ifindex", refers="interface"), Attrs("attrs", MDBA)]
    summary = (
        "[dev {br_port_msg.ifindex}] [port {MDBA_MDB_ENTRY_INFO.ifindex|MDBA_SET_ENTRY.ifindex}]"
        " [grp {MDBA_MDB_ENTRY_INFO.mac_addr|MDBA_MDB_ENTRY_INFO.u|MDBA_SET_ENTRY.mac_addr|MDBA_SET_ENTRY.u"
        "|MDBA_GET_ENTRY.mac_addr|MDBA_GET_ENTRY.u}]"
        " [vid {MDBA_MDB_ENTRY_INFO.vid|MDBA_SET_ENTRY.vid|MDBA_GET_ENTRY.vid}]"
        " [{MDBA_MDB_ENTRY_INFO.state|MDBA_SET_ENTRY.state}] [router port {MDBA_ROUTER_PORT.ifindex}]"
    )


bind_attrs(br_port_msg.attrs, MDBA_SET, to="kernel", nlmsg_type=(84, 85))
bind_attrs(br_port_msg.attrs, MDBA_GET, to="kernel", nlmsg_type=86)

bind_message(br_port_msg, NETLINK_ROUTE, RTM_NEWMDB=84, RTM_DELMDB=85, RTM_GETMDB=86)
