"""The generic netlink controller: families, operations, groups, policies (linux/genetlink.h, linux/netlink.h)."""

from nldissect.wire import (
    NETLINK,
    S64,
    U16,
    U32,
    U64,
    Attrs,
    AttrSet,
    Enum,
    Flags,
    Message,
    Nests,
    Pad,
    Text,
    bind_genl,
    bind_message,
    format_policy,
    genlmsghdr,
)


class GENL(Flags):
    ADMIN_PERM     = 0x01
    CMD_CAP_DO     = 0x02
    CMD_CAP_DUMP   = 0x04
    CMD_CAP_HASPOL = 0x08
    UNS_ADMIN_PERM = 0x10


class NL_ATTR_TYPE(Enum):
    INVALID      = 0
    FLAG         = 1
    U8           = 2
    U16          = 3
    U32          = 4
    U64          = 5
    S8           = 6
    S16          = 7
    S32          = 8
    S64          = 9
    BINARY       = 10
    STRING       = 11
    NUL_STRING   = 12
    NESTED       = 13
    NESTED_ARRAY = 14
    BITFIELD32   = 15
    SINT         = 16
    UINT         = 17


class NL_POLICY_TYPE_ATTR(AttrSet):
    TYPE            = U32(1, NL_ATTR_TYPE)
    MIN_VALUE_S     = S64(2)
    MAX_VALUE_S     = S64(3)
    MIN_VALUE_U     = U64(4)
    MAX_VALUE_U     = U64(5)
    MIN_LENGTH      = U32(6)
    MAX_LENGTH      = U32(7)
    POLICY_IDX      = U32(8)
    POLICY_MAXTYPE  = U32(9)
    BITFIELD32_MASK = U32(10, base=16)
    PAD             = Pad(11)
    MASK            = U64(12, base=16)


class CTRL_ATTR_OP(AttrSet):
    ID    = U32(1)
    FLAGS = U32(2, GENL)


class CTRL_ATTR_MCAST_GRP(AttrSet):
    NAME = Text(1)
    ID   = U32(2)


class CTRL_ATTR_POLICY(AttrSet):
    DO   = U32(1)
    DUMP = U32(2)


class CTRL_ATTR(AttrSet):
    FAMILY_ID    = U16(1, base=16)
    FAMILY_NAME  = Text(2)
    VERSION      = U32(3)
    HDRSIZE      = U32(4)
    MAXATTR      = U32(5)
    OPS          = Nests(6, CTRL_ATTR_OP)
    MCAST_GROUPS = Nests(7, CTRL_ATTR_MCAST_GRP)
    POLICY       = Nests(8, Nests(None, NL_POLICY_TYPE_ATTR))       # numbered by policy, then by attribute
    OP_POLICY    = Nests(9, CTRL_ATTR_POLICY)                       # numbered by command
    OP           = U32(10)


class nlctrl(Message):
    fields_desc = [Attrs("attrs", CTRL_ATTR)]
    summary = (
        "[{CTRL_ATTR_FAMILY_NAME} ][id {CTRL_ATTR_FAMILY_ID} ][version {CTRL_ATTR_VERSION} ]"
        "[hdrsize {CTRL_ATTR_HDRSIZE} ][maxattr {CTRL_ATTR_MAXATTR} ][ops {CTRL_ATTR_OPS#} ]"
        "[groups {CTRL_ATTR_MCAST_GROUPS#} ][op {CTRL_ATTR_OP} ]"
        "[policy of do {CTRL_ATTR_POLICY_DO} ][policy of dump {CTRL_ATTR_POLICY_DUMP} ]"
        "[policy {NL_POLICY_TYPE_ATTR_TYPE}[ {NL_POLICY_TYPE_ATTR_MIN_VALUE_U}..{NL_POLICY_TYPE_ATTR_MAX_VALUE_U}]"
        "[ {NL_POLICY_TYPE_ATTR_MIN_VALUE_S}..{NL_POLICY_TYPE_ATTR_MAX_VALUE_S}]"
        "[ at most {NL_POLICY_TYPE_ATTR_MAX_LENGTH} bytes] ]"
    )
    teaches = ("genl", "CTRL_ATTR_FAMILY_ID", "CTRL_ATTR_FAMILY_NAME")
    tell_policy = staticmethod(format_policy)


bind_message(genlmsghdr, NETLINK.GENERIC, GENL_ID_CTRL=0x10)
bind_genl(
    nlctrl,
    "nlctrl",
    CTRL_CMD_NEWFAMILY=1,
    CTRL_CMD_DELFAMILY=2,
    CTRL_CMD_GETFAMILY=3,
    CTRL_CMD_NEWOPS=4,
    CTRL_CMD_DELOPS=5,
    CTRL_CMD_GETOPS=6,
    CTRL_CMD_NEWMCAST_GRP=7,
    CTRL_CMD_DELMCAST_GRP=8,
    CTRL_CMD_GETMCAST_GRP=9,
    CTRL_CMD_GETPOLICY=10,
)
