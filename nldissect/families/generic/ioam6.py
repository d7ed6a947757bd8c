"""IOAM over IPv6: namespaces, schemas, trace events (linux/ioam6_genl.h, net/ipv6/ioam6.c)."""

from nldissect.wire import U8, U16, U32, U64, AttrSet, Blob, Flag, Pad, bind_genl


class IOAM6_ATTR(AttrSet):
    NS_ID        = U16(1)
    NS_DATA      = U32(2, base=16)
    NS_DATA_WIDE = U64(3, base=16)
    SC_ID        = U32(4)
    SC_DATA      = Blob(5, "what the operator likes")
    SC_NONE      = Flag(6)
    PAD          = Pad(7)

    template = (
        "[namespace {IOAM6_ATTR_NS_ID}] [data {IOAM6_ATTR_NS_DATA}] [wide {IOAM6_ATTR_NS_DATA_WIDE}] "
        "[schema {IOAM6_ATTR_SC_ID}] [is {IOAM6_ATTR_SC_DATA}] [{?IOAM6_ATTR_SC_NONE}schema none]"
    )


class IOAM6_EVENT_ATTR(AttrSet):
    TRACE_NAMESPACE = U16(1)
    TRACE_NODELEN   = U8(2)
    TRACE_TYPE      = U32(3, base=16)       # the highest bit is the header's bit 0
    TRACE_DATA      = Blob(4, "data of each node, laid out as the bits of TRACE_TYPE say")

    template = "[namespace {IOAM6_EVENT_ATTR_TRACE_NAMESPACE}] [type {IOAM6_EVENT_ATTR_TRACE_TYPE}]"


bind_genl(
    IOAM6_ATTR,
    "IOAM6",
    IOAM6_CMD_DEL_NAMESPACE=2,
    IOAM6_CMD_DUMP_NAMESPACES=3,
    IOAM6_CMD_ADD_SCHEMA=4,
    IOAM6_CMD_DEL_SCHEMA=5,
    IOAM6_CMD_DUMP_SCHEMAS=6,
    IOAM6_CMD_NS_SET_SCHEMA=7,
)
bind_genl(IOAM6_ATTR, "IOAM6", to="kernel", IOAM6_CMD_ADD_NAMESPACE=1)
bind_genl(IOAM6_EVENT_ATTR, "IOAM6", to="user", IOAM6_EVENT_TRACE=1)
