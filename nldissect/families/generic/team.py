"""Team devices: options and ports (linux/if_team.h, drivers/net/team/team_core.c)."""

from nldissect.wire import (
    S32,
    U8,
    U32,
    U64,
    AttrSet,
    Blob,
    Enum,
    Flag,
    Message,
    Nest,
    Structs,
    Text,
    bind_attrs,
    bind_genl,
)

from ..common import sock_filter
from .ethtool.link import DUPLEX


class NLA(Enum):
    """Attribute types as the kernel numbers them for itself (include/net/netlink.h)."""

    U32    = 3
    STRING = 5
    FLAG   = 6
    BINARY = 11
    S32    = 14


class lb_stats(Message):
    fields_desc = [U64.of("tx_bytes")]


class TEAM_ATTR_OPTION(AttrSet):
    """What DATA is stands in TYPE; a flag is there for true."""

    NAME         = Text(1)
    CHANGED      = Flag(2)
    TYPE         = U8(3, NLA)
    DATA         = Blob(4, "in the form TYPE and NAME say")
    REMOVED      = Flag(5)
    PORT_IFINDEX = U32(6, refers="interface")
    ARRAY_INDEX  = U32(7)

    template = (
        "{TEAM_ATTR_OPTION_NAME} [of {TEAM_ATTR_OPTION_PORT_IFINDEX}] [{TEAM_ATTR_OPTION_DATA}]"
        " [{?TEAM_ATTR_OPTION_TYPE=NLA_FLAG}{!TEAM_ATTR_OPTION_DATA}false]"
    )


bind_attrs(TEAM_ATTR_OPTION.DATA, U32(None, refers="interface"), NAME="activeport")
bind_attrs(TEAM_ATTR_OPTION.DATA, Structs(None, sock_filter), NAME="bpf_hash_func")
bind_attrs(TEAM_ATTR_OPTION.DATA, lb_stats, NAME=("lb_hash_stats", "lb_port_stats"))
bind_attrs(TEAM_ATTR_OPTION.DATA, U32(None, refers="interface"), NAME="lb_tx_hash_to_port_mapping")
bind_attrs(TEAM_ATTR_OPTION.DATA, U32(None), TYPE=NLA.U32)
bind_attrs(TEAM_ATTR_OPTION.DATA, Text(None), TYPE=NLA.STRING)
bind_attrs(TEAM_ATTR_OPTION.DATA, Flag(None, "true"), TYPE=NLA.FLAG)
bind_attrs(TEAM_ATTR_OPTION.DATA, S32(None), TYPE=NLA.S32)


class TEAM_ATTR_ITEM_OPTION(AttrSet, prefix="TEAM_ATTR_ITEM"):
    OPTION = Nest(1, TEAM_ATTR_OPTION, many=True)


class TEAM_ATTR_PORT(AttrSet):
    IFINDEX = U32(1, refers="interface")
    CHANGED = Flag(2)
    LINKUP  = Flag(3)
    SPEED   = U32(4, measure="Mbit/s")
    DUPLEX  = U8(5, DUPLEX)
    REMOVED = Flag(6)


class TEAM_ATTR_ITEM_PORT(AttrSet, prefix="TEAM_ATTR_ITEM"):
    PORT = Nest(1, TEAM_ATTR_PORT, many=True)


class TEAM_ATTR(AttrSet):
    TEAM_IFINDEX = U32(1, refers="interface")
    LIST_OPTION  = Nest(2, TEAM_ATTR_ITEM_OPTION)
    LIST_PORT    = Nest(3, TEAM_ATTR_ITEM_PORT)

    template = (
        "[{TEAM_ATTR_TEAM_IFINDEX}] [{TEAM_ATTR_LIST_OPTION#} options: {TEAM_ATTR_LIST_OPTION+}] "
        "[{TEAM_ATTR_LIST_PORT#} ports] [{TEAM_ATTR_PORT_IFINDEX*}]"
    )


bind_genl(TEAM_ATTR, "team", TEAM_CMD_NOOP=0, TEAM_CMD_OPTIONS_SET=1, TEAM_CMD_OPTIONS_GET=2, TEAM_CMD_PORT_LIST_GET=3)
