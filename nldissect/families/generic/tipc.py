"""TIPC as tipc-config(8) spoke: another header, a command in it, and TLVs in network order (linux/tipc_config.h).

A reply begins with a copy of its request's header, so nothing tells the two apart but what they hold.
"""

from nldissect.wire import (
    U8,
    U16,
    U32,
    AttrSet,
    Be16,
    Be32,
    Blob,
    Enum,
    Flag,
    Message,
    Struct,
    Text,
    Tlv,
    bind_attrs,
    bind_genl,
    bind_obsolete,
)


class TIPC_CMD(Enum):
    NOOP             = 0x0000
    GET_NODES        = 0x0001
    GET_MEDIA_NAMES  = 0x0002
    GET_BEARER_NAMES = 0x0003
    GET_LINKS        = 0x0004
    SHOW_NAME_TABLE  = 0x0005
    SHOW_PORTS       = 0x0006
    SHOW_LINK_STATS  = 0x000B
    SHOW_STATS       = 0x000F
    GET_REMOTE_MNG   = 0x4003
    GET_MAX_PORTS    = 0x4004
    GET_MAX_PUBL     = 0x4005
    GET_MAX_SUBSCR   = 0x4006
    GET_MAX_ZONES    = 0x4007
    GET_MAX_CLUSTERS = 0x4008
    GET_MAX_NODES    = 0x4009
    GET_MAX_SLAVES   = 0x400A
    GET_NETID        = 0x400B
    ENABLE_BEARER    = 0x4101
    DISABLE_BEARER   = 0x4102
    SET_LINK_TOL     = 0x4107
    SET_LINK_PRI     = 0x4108
    SET_LINK_WINDOW  = 0x4109
    SET_LOG_SIZE     = 0x410A
    DUMP_LOG         = 0x410B
    RESET_LINK_STATS = 0x410C
    SET_NODE_ADDR    = 0x8001
    SET_REMOTE_MNG   = 0x8003
    SET_MAX_PORTS    = 0x8004
    SET_MAX_PUBL     = 0x8005
    SET_MAX_SUBSCR   = 0x8006
    SET_MAX_ZONES    = 0x8007
    SET_MAX_CLUSTERS = 0x8008
    SET_MAX_NODES    = 0x8009
    SET_MAX_SLAVES   = 0x800A
    SET_NETID        = 0x800B
    NOT_NET_ADMIN    = 0xC001


class TIPC_CFG(Enum):
    """What an error begins with."""

    TLV_ERROR     = 0x80
    NOT_NET_ADMIN = 0x81
    NOT_ZONE_MSTR = 0x82
    NO_REMOTE     = 0x83
    NOT_SUPPORTED = 0x84
    INVALID_VALUE = 0x85


class tipc_error_string(Message):
    fields_desc = [U8.of("code", TIPC_CFG), Text.of("string")]


class tipc_node_info(Message):
    fields_desc = [Be32.of("addr", base=16), Be32.of("up")]


class tipc_link_info(Message):
    fields_desc = [Be32.of("dest", base=16), Be32.of("up"), Text.of("str", 68)]


class tipc_bearer_config(Message):
    fields_desc = [Be32.of("priority"), Be32.of("disc_domain", base=16), Text.of("name_")]


class tipc_link_config(Message):
    fields_desc = [Be32.of("value"), Text.of("name_")]


class tipc_name_table_query(Message):
    fields_desc = [Be32.of("depth", base=16), Be32.of("type"), Be32.of("lowbound"), Be32.of("upbound")]


class TIPC_TLV(AttrSet):
    VOID           = Flag(1)
    UNSIGNED       = Be32(2)
    STRING         = Text(3)
    LARGE_STRING   = Text(4)
    ULTRA_STRING   = Text(5)
    ERROR_STRING   = Struct(16, tipc_error_string)
    NET_ADDR       = Be32(17, base=16)
    MEDIA_NAME     = Text(18, many=True)
    BEARER_NAME    = Text(19, many=True)
    LINK_NAME      = Text(20)
    NODE_INFO      = Struct(21, tipc_node_info, many=True)
    LINK_INFO      = Struct(22, tipc_link_info, many=True)
    BEARER_CONFIG  = Struct(23, tipc_bearer_config)
    LINK_CONFIG    = Struct(24, tipc_link_config)
    NAME_TBL_QUERY = Struct(25, tipc_name_table_query)
    PORT_REF       = Be32(26)


class TIPC_TLV_ALONE(Enum, prefix="TIPC_TLV"):
    ULTRA_STRING   = 5
    ERROR_STRING   = 16
    LINK_NAME      = 20
    NAME_TBL_QUERY = 25


class tipc_tlv(Message):
    """One TLV to the end of the message: the kernel's length of a long text leaves out these four bytes."""

    fields_desc = [Be16.of("tlv_len"), Be16.of("tlv_type", TIPC_TLV_ALONE), Blob.of("tlv_data", "a TLV without a row")]


class tipc_genlmsghdr(Message):
    fields_desc = [
        U32.of("dest", base=16), U16.of("cmd", TIPC_CMD), U16.of("reserved"),
        Tlv.of("attrs", "HH", TIPC_TLV, whole=True, align=4, type_first=False, order=">"),
    ]
    summary = (
        "{tipc_genlmsghdr.cmd} [{code} {string} ][{!string}{code} ][{TIPC_TLV_UNSIGNED} ]"
        "[node {TIPC_TLV_NET_ADDR} ][{TIPC_TLV_MEDIA_NAME*} ][{TIPC_TLV_BEARER_NAME*} ][{TIPC_TLV_LINK_NAME} ]"
        "[nodes {addr*} ][links {str*} ][{tipc_bearer_config.name|tipc_link_config.name} ][priority {priority} ]"
        "[value {value} ][depth {depth} type {type} {lowbound}-{upbound}]"
    )


SHOW = (TIPC_CMD.SHOW_NAME_TABLE, TIPC_CMD.SHOW_PORTS, TIPC_CMD.SHOW_LINK_STATS, TIPC_CMD.SHOW_STATS)

bind_attrs(tipc_genlmsghdr.attrs, tipc_tlv, cmd=SHOW)
bind_attrs(tipc_tlv.tlv_data, Text(None), tlv_type=(5, 20))
bind_attrs(tipc_tlv.tlv_data, tipc_error_string, tlv_type=16)
bind_attrs(tipc_tlv.tlv_data, tipc_name_table_query, tlv_type=25)

bind_genl(tipc_genlmsghdr, "TIPC", TIPC_GENL_CMD=1)
bind_obsolete("TIPC", "TIPC_GENL_CMD", instead="the family TIPCv2")
