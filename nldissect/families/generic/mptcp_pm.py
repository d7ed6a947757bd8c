"""The path manager of Multipath TCP: endpoints, limits, events (linux/mptcp_pm.h, mptcp.h, net/mptcp/pm_kernel.c).

Commands and events are numbered apart and share their numbers: events are what nobody asked for. Newer than 6.12: the
flags LAMINAR and SERVER_SIDE (6.18).
"""

from nldissect.wire import ERRNO, S32, U8, U16, U32, Addr, AttrSet, Be16, Enum, Flags, Nest, bind_genl

from ..common import AF


class MPTCP_PM_ADDR_FLAG(Flags):
    SIGNAL   = 0x01
    SUBFLOW  = 0x02
    BACKUP   = 0x04
    FULLMESH = 0x08
    IMPLICIT = 0x10
    LAMINAR  = 0x20


class MPTCP_PM_EV_FLAG(Flags):
    DENY_JOIN_ID0 = 1
    SERVER_SIDE   = 2


class MPTCP_RST(Enum):
    EUNSPEC    = 0
    EMPTCP     = 1
    ERESOURCE  = 2
    EPROHIBIT  = 3
    EWQ2BIG    = 4
    EBADPERF   = 5
    EMIDDLEBOX = 6


class MPTCP_PM_ADDR_ATTR(AttrSet):
    FAMILY = U16(1, AF)
    ID     = U8(2)
    ADDR4  = Addr(3, 4)
    ADDR6  = Addr(4, 16)
    PORT   = U16(5)                                 # host order, unlike the events'
    FLAGS  = U32(6, MPTCP_PM_ADDR_FLAG)
    IF_IDX = S32(7, refers="interface")


ENDPOINT = (
    "[{MPTCP_PM_ADDR_ATTR_ADDR4|MPTCP_PM_ADDR_ATTR_ADDR6} ][port {MPTCP_PM_ADDR_ATTR_PORT} ]"
    "[id {MPTCP_PM_ADDR_ATTR_ID} ][{MPTCP_PM_ADDR_ATTR_FLAGS} ][dev {MPTCP_PM_ADDR_ATTR_IF_IDX} ]"
)


class MPTCP_PM_ENDPOINT(AttrSet):
    ADDR = Nest(1, MPTCP_PM_ADDR_ATTR)

    template = ENDPOINT


class MPTCP_PM_ATTR(AttrSet):
    ADDR          = Nest(1, MPTCP_PM_ADDR_ATTR)
    RCV_ADD_ADDRS = U32(2)
    SUBFLOWS      = U32(3)
    TOKEN         = U32(4, base=16)
    LOC_ID        = U8(5)
    ADDR_REMOTE   = Nest(6, MPTCP_PM_ADDR_ATTR)

    template = (
        ENDPOINT + "[to {MPTCP_PM_ATTR_ADDR_REMOTE.MPTCP_PM_ADDR_ATTR_ADDR4|"
        "MPTCP_PM_ATTR_ADDR_REMOTE.MPTCP_PM_ADDR_ATTR_ADDR6} ][token {MPTCP_PM_ATTR_TOKEN} ]"
        "[id {MPTCP_PM_ATTR_LOC_ID} ][add_addr_accepted {MPTCP_PM_ATTR_RCV_ADD_ADDRS} ]"
        "[subflows {MPTCP_PM_ATTR_SUBFLOWS}]"
    )


class MPTCP_ATTR(AttrSet):
    TOKEN        = U32(1, base=16)
    FAMILY       = U16(2, AF)
    LOC_ID       = U8(3)
    REM_ID       = U8(4)
    SADDR4       = Addr(5, 4)
    SADDR6       = Addr(6, 16)
    DADDR4       = Addr(7, 4)
    DADDR6       = Addr(8, 16)
    SPORT        = Be16(9)
    DPORT        = Be16(10)
    BACKUP       = U8(11)
    ERROR        = U8(12, ERRNO)
    FLAGS        = U16(13, MPTCP_PM_EV_FLAG)
    TIMEOUT      = U32(14)
    IF_IDX       = S32(15, refers="interface")
    RESET_REASON = U32(16, MPTCP_RST)
    RESET_FLAGS  = U32(17)
    SERVER_SIDE  = U8(18)

    template = (
        "[token {MPTCP_ATTR_TOKEN} ][remid {MPTCP_ATTR_REM_ID} ][locid {MPTCP_ATTR_LOC_ID} ]"
        "[{MPTCP_ATTR_SADDR4|MPTCP_ATTR_SADDR6} ][sport {MPTCP_ATTR_SPORT} ]"
        "[to {MPTCP_ATTR_DADDR4|MPTCP_ATTR_DADDR6} ][dport {MPTCP_ATTR_DPORT} ][backup {MPTCP_ATTR_BACKUP} ]"
        "[error {MPTCP_ATTR_ERROR} ][dev {MPTCP_ATTR_IF_IDX} ][reset {MPTCP_ATTR_RESET_REASON} ]"
        "[server_side {MPTCP_ATTR_SERVER_SIDE}]"
    )


bind_genl(
    MPTCP_PM_ENDPOINT, "mptcp_pm", to="kernel", MPTCP_PM_CMD_ADD_ADDR=1, MPTCP_PM_CMD_DEL_ADDR=2,
    MPTCP_PM_CMD_FLUSH_ADDRS=4,
)
bind_genl(
    MPTCP_PM_ATTR,
    "mptcp_pm",
    to="kernel",
    MPTCP_PM_CMD_GET_ADDR=3,
    MPTCP_PM_CMD_SET_LIMITS=5,
    MPTCP_PM_CMD_GET_LIMITS=6,
    MPTCP_PM_CMD_SET_FLAGS=7,
    MPTCP_PM_CMD_ANNOUNCE=8,
    MPTCP_PM_CMD_REMOVE=9,
    MPTCP_PM_CMD_SUBFLOW_CREATE=10,
    MPTCP_PM_CMD_SUBFLOW_DESTROY=11,
)
bind_genl(MPTCP_PM_ATTR, "mptcp_pm", to="user", MPTCP_PM_CMD_GET_ADDR=3, MPTCP_PM_CMD_GET_LIMITS=6)
bind_genl(
    MPTCP_ATTR,
    "mptcp_pm",
    to="notification",
    MPTCP_EVENT_CREATED=1,
    MPTCP_EVENT_ESTABLISHED=2,
    MPTCP_EVENT_CLOSED=3,
    MPTCP_EVENT_ANNOUNCED=6,
    MPTCP_EVENT_REMOVED=7,
    MPTCP_EVENT_SUB_ESTABLISHED=10,
    MPTCP_EVENT_SUB_CLOSED=11,
    MPTCP_EVENT_SUB_PRIORITY=13,
    MPTCP_EVENT_LISTENER_CREATED=15,
    MPTCP_EVENT_LISTENER_CLOSED=16,
)
