"""Drop monitor: where packets are dropped, and those packets (linux/net_dropmon.h, net/core/drop_monitor.c)."""

from nldissect.wire import (
    U8,
    U16,
    U32,
    U64,
    AttrSet,
    Blob,
    Enum,
    Flag,
    Framed,
    Message,
    Nest,
    Pad,
    Struct,
    Structs,
    Text,
    bind_attrs,
    bind_genl,
)

from ..common import ETH_P


class NET_DM_ALERT_MODE(Enum):
    SUMMARY = 0
    PACKET  = 1


class NET_DM_ORIGIN(Enum):
    SW = 0
    HW = 1


class net_dm_drop_point(Message):
    fields_desc = [U64.of("pc", base=16), U32.of("count")]


class net_dm_alert_msg(Message):
    fields_desc = [U32.of("entries"), Structs.of("points", net_dm_drop_point, count="entries")]


class NET_DM_ATTR_PORT(AttrSet):
    NETDEV_IFINDEX = U32(0, refers="interface")
    NETDEV_NAME    = Text(1)


class NET_DM_ATTR_STATS(AttrSet):
    DROPPED = U64(0)


class NET_DM_ATTR(AttrSet):
    UNSPEC             = Struct(0, net_dm_alert_msg)        # the summary, without a number of its own
    ALERT_MODE         = U8(1, NET_DM_ALERT_MODE)
    PC                 = U64(2, base=16)
    SYMBOL             = Text(3)
    IN_PORT            = Nest(4, NET_DM_ATTR_PORT)
    TIMESTAMP          = U64(5, measure="time_ns")
    PROTO              = U16(6, ETH_P)
    PAYLOAD            = Framed(7)
    PAD                = Pad(8)
    TRUNC_LEN          = U32(9)
    ORIG_LEN           = U32(10)
    QUEUE_LEN          = U32(11)
    STATS              = Nest(12, NET_DM_ATTR_STATS)
    HW_STATS           = Nest(13, NET_DM_ATTR_STATS)
    ORIGIN             = U16(14, NET_DM_ORIGIN)
    HW_TRAP_GROUP_NAME = Text(15)
    HW_TRAP_NAME       = Text(16)
    HW_ENTRIES         = Nest(17, "self")
    HW_ENTRY           = Nest(18, "self", many=True)
    HW_TRAP_COUNT      = U32(19)
    SW_DROPS           = Flag(20)
    HW_DROPS           = Flag(21)
    FLOW_ACTION_COOKIE = Blob(22, "a cookie in the form of the program that gave it")
    REASON             = Text(23)

    template = (
        "[{NET_DM_ATTR_ORIGIN}] [{NET_DM_ATTR_REASON}] [at {NET_DM_ATTR_SYMBOL}] [{NET_DM_ATTR_HW_TRAP_GROUP_NAME}] "
        "[{NET_DM_ATTR_HW_TRAP_NAME*}] [times {NET_DM_ATTR_HW_TRAP_COUNT*}] "
        "[iif {NET_DM_ATTR_PORT_NETDEV_NAME|NET_DM_ATTR_PORT_NETDEV_IFINDEX}] [{NET_DM_ATTR_PROTO}] "
        "[length {NET_DM_ATTR_ORIG_LEN}] [{entries} places] [{pc} times {count}] "
        "[mode {NET_DM_ATTR_ALERT_MODE}] [truncate {NET_DM_ATTR_TRUNC_LEN}] [queue {NET_DM_ATTR_QUEUE_LEN}] "
        "[lost {NET_DM_ATTR_STATS.NET_DM_ATTR_STATS_DROPPED}] [{?NET_DM_ATTR_SW_DROPS}sw] [{?NET_DM_ATTR_HW_DROPS}hw]"
    )


for protocol in (ETH_P.IP, ETH_P.IPV6):
    bind_attrs(NET_DM_ATTR.PAYLOAD, Framed(None, protocol), PROTO=protocol)

bind_genl(
    NET_DM_ATTR,
    "NET_DM",
    NET_DM_CMD_ALERT=1,
    NET_DM_CMD_CONFIG=2,
    NET_DM_CMD_START=3,
    NET_DM_CMD_STOP=4,
    NET_DM_CMD_PACKET_ALERT=5,
    NET_DM_CMD_CONFIG_GET=6,
    NET_DM_CMD_CONFIG_NEW=7,
    NET_DM_CMD_STATS_GET=8,
    NET_DM_CMD_STATS_NEW=9,
)
