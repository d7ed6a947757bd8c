"""Rate limits in network hardware (linux/net_shaper.h); since 6.13."""

from nldissect.wire import U32, AttrSet, Enum, Flag, Nest, Uint, bind_genl


class NET_SHAPER_SCOPE(Enum):
    UNSPEC = 0
    NETDEV = 1
    QUEUE  = 2
    NODE   = 3


class NET_SHAPER_METRIC(Enum):
    BPS = 0
    PPS = 1


class NET_SHAPER_A_HANDLE(AttrSet):
    SCOPE = U32(1, NET_SHAPER_SCOPE)
    ID    = U32(2)


class NET_SHAPER_A(AttrSet):
    HANDLE   = Nest(1, NET_SHAPER_A_HANDLE)
    METRIC   = U32(2, NET_SHAPER_METRIC)
    BW_MIN   = Uint(3)                              # bits or packets a second, as METRIC has it
    BW_MAX   = Uint(4)
    BURST    = Uint(5)
    PRIORITY = U32(6)
    WEIGHT   = U32(7)
    IFINDEX  = U32(8, refers="interface")
    PARENT   = Nest(9, NET_SHAPER_A_HANDLE)
    LEAVES   = Nest(10, "self", many=True)

    template = (
        "[dev {NET_SHAPER_A_IFINDEX} ][{NET_SHAPER_A_HANDLE.NET_SHAPER_A_HANDLE_SCOPE} ]"
        "[{NET_SHAPER_A_HANDLE.NET_SHAPER_A_HANDLE_ID} ][below {NET_SHAPER_A_PARENT.NET_SHAPER_A_HANDLE_SCOPE} ]"
        "[{NET_SHAPER_A_PARENT.NET_SHAPER_A_HANDLE_ID} ][min {NET_SHAPER_A_BW_MIN} ][max {NET_SHAPER_A_BW_MAX} ]"
        "[{NET_SHAPER_A_METRIC} ][burst {NET_SHAPER_A_BURST} ][priority {NET_SHAPER_A_PRIORITY} ]"
        "[weight {NET_SHAPER_A_WEIGHT} ][leaves {NET_SHAPER_A_LEAVES#}]"
    )


class NET_SHAPER_A_CAPS(AttrSet):
    IFINDEX            = U32(1, refers="interface")
    SCOPE              = U32(2, NET_SHAPER_SCOPE)
    SUPPORT_METRIC_BPS = Flag(3)
    SUPPORT_METRIC_PPS = Flag(4)
    SUPPORT_NESTING    = Flag(5)
    SUPPORT_BW_MIN     = Flag(6)
    SUPPORT_BW_MAX     = Flag(7)
    SUPPORT_BURST      = Flag(8)
    SUPPORT_PRIORITY   = Flag(9)
    SUPPORT_WEIGHT     = Flag(10)

    template = (
        "[dev {NET_SHAPER_A_CAPS_IFINDEX} ][{NET_SHAPER_A_CAPS_SCOPE} ][{?NET_SHAPER_A_CAPS_SUPPORT_METRIC_BPS}bps ]"
        "[{?NET_SHAPER_A_CAPS_SUPPORT_METRIC_PPS}pps ][{?NET_SHAPER_A_CAPS_SUPPORT_NESTING}nesting ]"
        "[{?NET_SHAPER_A_CAPS_SUPPORT_BW_MIN}bw-min ][{?NET_SHAPER_A_CAPS_SUPPORT_BW_MAX}bw-max ]"
        "[{?NET_SHAPER_A_CAPS_SUPPORT_BURST}burst ][{?NET_SHAPER_A_CAPS_SUPPORT_PRIORITY}priority ]"
        "[{?NET_SHAPER_A_CAPS_SUPPORT_WEIGHT}weight]"
    )


bind_genl(
    NET_SHAPER_A, "net-shaper", NET_SHAPER_CMD_GET=1, NET_SHAPER_CMD_SET=2, NET_SHAPER_CMD_DELETE=3,
    NET_SHAPER_CMD_GROUP=4,
)
bind_genl(NET_SHAPER_A_CAPS, "net-shaper", NET_SHAPER_CMD_CAP_GET=5)
