"""ipset (linux/netfilter/ipset/ip_set.h): one prefix for the numbers of three sets, told apart by the command."""

from nldissect.wire import (
    NETLINK_NETFILTER,
    U8,
    U32,
    Addr,
    Attrs,
    AttrSet,
    Be16,
    Be32,
    Be64,
    BeHandle,
    Enum,
    Flags,
    Mac,
    Message,
    Nest,
    Pad,
    Struct,
    Text,
    bind_attrs,
    bind_message,
)

from ..common import IPPROTO
from .nfnetlink import NFGENMSG, NFPROTO


class IPSET_CMD(Enum):
    PROTOCOL    = 0x601
    CREATE      = 0x602
    DESTROY     = 0x603
    FLUSH       = 0x604
    RENAME      = 0x605
    SWAP        = 0x606
    LIST        = 0x607
    SAVE        = 0x608
    ADD         = 0x609
    DEL         = 0x60A
    TEST        = 0x60B
    HEADER      = 0x60C
    TYPE        = 0x60D
    GET_BYNAME  = 0x60E
    GET_BYINDEX = 0x60F


class IPSET_FLAG(Flags):
    EXIST                  = 0x001
    LIST_SETNAME           = 0x002
    LIST_HEADER            = 0x004
    SKIP_COUNTER_UPDATE    = 0x008
    SKIP_SUBCOUNTER_UPDATE = 0x010
    MATCH_COUNTERS         = 0x020
    RETURN_NOMATCH         = 0x080
    MAP_SKBMARK            = 0x100
    MAP_SKBPRIO            = 0x200
    MAP_SKBQUEUE           = 0x400


class IPSET_CADT_FLAG(Flags, prefix="IPSET_FLAG"):
    BEFORE         = 0x01
    PHYSDEV        = 0x02
    NOMATCH        = 0x04
    WITH_COUNTERS  = 0x08
    WITH_COMMENT   = 0x10
    WITH_FORCEADD  = 0x20
    WITH_SKBINFO   = 0x40
    IFACE_WILDCARD = 0x80


class IPSET_ATTR_IPADDR(AttrSet):
    IPV4 = Addr(1)
    IPV6 = Addr(2)


class IPSET_CREATE(AttrSet, prefix="IPSET_ATTR"):
    IP         = Nest(1, IPSET_ATTR_IPADDR, also="IP_FROM")
    IP_TO      = Nest(2, IPSET_ATTR_IPADDR)
    CIDR       = U8(3)
    PORT       = Be16(4, also="PORT_FROM")
    PORT_TO    = Be16(5)
    TIMEOUT    = Be32(6, measure="s")
    PROTO      = U8(7, IPPROTO)
    CADT_FLAGS = Be32(8, IPSET_CADT_FLAG)
    LINENO     = Be32(9, also="CADT_LINENO")
    MARK       = Be32(10, base=16)
    MARKMASK   = Be32(11, base=16)
    BITMASK    = Nest(12, IPSET_ATTR_IPADDR)
    INITVAL    = Be32(17, base=16)
    HASHSIZE   = Be32(18)
    MAXELEM    = Be32(19)
    NETMASK    = U8(20)
    BUCKETSIZE = U8(21)
    RESIZE     = U8(22)
    SIZE       = Be32(23)
    ELEMENTS   = Be32(24)
    REFERENCES = Be32(25)
    MEMSIZE    = Be32(26)


# The kernel takes the mask in network order and lists it in its own (ip_set_hash_gen.h).
bind_attrs(IPSET_CREATE.MARKMASK, U32(None, base=16), nlmsg_type=(IPSET_CMD.LIST, IPSET_CMD.SAVE))


class ip_set_skbmark(Message):
    """One be64 to the kernel, which takes it apart (ip_set_get_skbinfo in linux/netfilter/ipset/ip_set.h)."""

    fields_desc = [Be32.of("skbmark", base=16), Be32.of("skbmarkmask", base=16, silent=(0xFFFF_FFFF,))]
    summary = "{skbmark}[/{skbmarkmask}]"


class IPSET_DATA(AttrSet, prefix="IPSET_ATTR"):
    IP         = Nest(1, IPSET_ATTR_IPADDR, also="IP_FROM")
    IP_TO      = Nest(2, IPSET_ATTR_IPADDR)
    CIDR       = U8(3)
    PORT       = Be16(4, also="PORT_FROM")
    PORT_TO    = Be16(5)
    TIMEOUT    = Be32(6, measure="s")
    PROTO      = U8(7, IPPROTO)
    CADT_FLAGS = Be32(8, IPSET_CADT_FLAG)
    LINENO     = Be32(9, also="CADT_LINENO")
    MARK       = Be32(10, base=16)
    MARKMASK   = Be32(11, base=16)
    BITMASK    = Nest(12, IPSET_ATTR_IPADDR)
    ETHER      = Mac(17)
    NAME       = Text(18)
    NAMEREF    = Text(19)
    IP2        = Nest(20, IPSET_ATTR_IPADDR)
    CIDR2      = U8(21)
    IP2_TO     = Nest(22, IPSET_ATTR_IPADDR)
    IFACE      = Text(23)
    BYTES      = Be64(24)
    PACKETS    = Be64(25)
    COMMENT    = Text(26)
    SKBMARK    = Struct(27, ip_set_skbmark)
    SKBPRIO    = BeHandle(28)
    SKBQUEUE   = Be16(29)
    PAD        = Pad(30)


class IPSET_ADT(AttrSet, prefix="IPSET_ATTR"):
    DATA = Nest(7, IPSET_DATA, many=True)


class IPSET_ATTR(AttrSet):
    PROTOCOL     = U8(1)
    SETNAME      = Text(2)
    TYPENAME     = Text(3)
    REVISION     = U8(4)
    FAMILY       = U8(5, NFPROTO)
    FLAGS        = Be32(6, IPSET_FLAG)
    DATA         = Nest(7)
    ADT          = Nest(8, IPSET_ADT)
    LINENO       = Be32(9)                  # handed back unread, in the order of the one who asked
    REVISION_MIN = U8(10)
    INDEX        = Be16(11)


bind_attrs(IPSET_ATTR.DATA, IPSET_CREATE, nlmsg_type=(IPSET_CMD.CREATE, IPSET_CMD.LIST, IPSET_CMD.SAVE))
bind_attrs(IPSET_ATTR.DATA, IPSET_DATA, nlmsg_type=(IPSET_CMD.ADD, IPSET_CMD.DEL, IPSET_CMD.TEST))


class IPSET_TWO_NAMES(AttrSet, prefix="IPSET_ATTR"):
    PROTOCOL = U8(1)
    SETNAME  = Text(2)
    SETNAME2 = Text(3)


class IPSET_PROTOCOLS(AttrSet, prefix="IPSET_ATTR"):
    PROTOCOL     = U8(1)
    PROTOCOL_MIN = U8(10)


class ipset(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", IPSET_ATTR)]
    summary = "[{!IPSET_ATTR_SETNAME}{?nlmsg_type=IPSET_CMD_DESTROY}all sets] " \
              "[{!IPSET_ATTR_SETNAME}{?nlmsg_type=IPSET_CMD_FLUSH}all sets] " \
              "[{IPSET_ATTR_SETNAME}] [{IPSET_ATTR_TYPENAME}] [revision {IPSET_ATTR_REVISION}] " \
              "[{IPSET_ATTR_FAMILY}] [index {IPSET_ATTR_INDEX}] [hashsize {IPSET_ATTR_HASHSIZE}] " \
              "[maxelem {IPSET_ATTR_MAXELEM}] [timeout {IPSET_ATTR_TIMEOUT}] [elements {IPSET_ATTR_ELEMENTS}] " \
              "[entries {IPSET_ATTR_ADT#}] [flags {IPSET_ATTR_FLAGS}]"


class ipset_adt(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", IPSET_ATTR)]
    summary = "{IPSET_ATTR_SETNAME} [{IPSET_ATTR_IP.IPSET_ATTR_IPADDR_IPV4|IPSET_ATTR_IP.IPSET_ATTR_IPADDR_IPV6}]" \
              "[/{IPSET_ATTR_CIDR}] [{IPSET_ATTR_ETHER}] [{IPSET_ATTR_PROTO}] " \
              "[port {IPSET_ATTR_PORT}][-{IPSET_ATTR_PORT_TO}] " \
              "[{IPSET_ATTR_IP2.IPSET_ATTR_IPADDR_IPV4|IPSET_ATTR_IP2.IPSET_ATTR_IPADDR_IPV6}]" \
              "[/{IPSET_ATTR_CIDR2}] [dev {IPSET_ATTR_IFACE}] [mark {IPSET_ATTR_MARK}] [{IPSET_ATTR_NAME}] " \
              "[skbmark {IPSET_ATTR_SKBMARK+}] [skbprio {IPSET_ATTR_SKBPRIO}] [skbqueue {IPSET_ATTR_SKBQUEUE}] " \
              "[timeout {IPSET_ATTR_TIMEOUT}] [comment {IPSET_ATTR_COMMENT}] [entries {IPSET_ATTR_ADT#}]"


class ipset_names(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", IPSET_TWO_NAMES)]
    summary = "{IPSET_ATTR_SETNAME} {IPSET_ATTR_SETNAME2}"


class ipset_protocol(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", IPSET_PROTOCOLS)]
    summary = "version {IPSET_ATTR_PROTOCOL} [down to {IPSET_ATTR_PROTOCOL_MIN}]"


bind_message(ipset_protocol, NETLINK_NETFILTER, IPSET_CMD_PROTOCOL=0x601)
bind_message(ipset_names, NETLINK_NETFILTER, IPSET_CMD_RENAME=0x605, IPSET_CMD_SWAP=0x606)
bind_message(ipset_adt, NETLINK_NETFILTER, IPSET_CMD_ADD=0x609, IPSET_CMD_DEL=0x60A, IPSET_CMD_TEST=0x60B)
bind_message(ipset, NETLINK_NETFILTER, IPSET_CMD_CREATE=0x602, IPSET_CMD_DESTROY=0x603, IPSET_CMD_FLUSH=0x604,
             IPSET_CMD_LIST=0x607, IPSET_CMD_SAVE=0x608, IPSET_CMD_HEADER=0x60C, IPSET_CMD_TYPE=0x60D,
             IPSET_CMD_GET_BYNAME=0x60E, IPSET_CMD_GET_BYINDEX=0x60F)
