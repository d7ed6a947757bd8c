"""ksmbd, the SMB server in the kernel, and its daemon (fs/smb/server/ksmbd_netlink.h): one struct an event."""

from nldissect.wire import (
    S8,
    S32,
    U16,
    U32,
    U64,
    Array,
    AttrSet,
    Blob,
    Enum,
    Flags,
    Message,
    Pad,
    Secret,
    Struct,
    Text,
    Texts,
    bind_attrs,
    bind_genl,
)


class KSMBD_GLOBAL_FLAG(Flags):
    SMB2_LEASES         = 0x01
    SMB2_ENCRYPTION     = 0x02
    SMB3_MULTICHANNEL   = 0x04
    SMB2_ENCRYPTION_OFF = 0x08
    DURABLE_HANDLE      = 0x10


class KSMBD_CONFIG_OPT(Enum):
    DISABLED  = 0
    ENABLED   = 1
    AUTO      = 2
    MANDATORY = 3


class KSMBD_USER_FLAG(Flags):
    OK            = 0x01
    BAD_PASSWORD  = 0x02
    BAD_UID       = 0x04
    BAD_USER      = 0x08
    GUEST_ACCOUNT = 0x10
    DELAY_SESSION = 0x20
    EXTENSION     = 0x40


class KSMBD_SHARE_FLAG(Flags):
    AVAILABLE               = 0x00001
    BROWSEABLE              = 0x00002
    WRITEABLE               = 0x00004
    READONLY                = 0x00008
    GUEST_OK                = 0x00010
    GUEST_ONLY              = 0x00020
    STORE_DOS_ATTRS         = 0x00040
    OPLOCKS                 = 0x00080
    PIPE                    = 0x00100
    HIDE_DOT_FILES          = 0x00200
    INHERIT_OWNER           = 0x00400
    STREAMS                 = 0x00800
    FOLLOW_SYMLINKS         = 0x01000
    ACL_XATTR               = 0x02000
    UPDATE                  = 0x04000
    CROSSMNT                = 0x08000
    CONTINUOUS_AVAILABILITY = 0x10000


class KSMBD_TREE_CONN_FLAG_REQUEST(Flags):
    IPV6 = 0x1
    SMB2 = 0x2


class KSMBD_TREE_CONN_FLAG(Flags):
    GUEST_ACCOUNT = 0x01
    READ_ONLY     = 0x02
    WRITABLE      = 0x04
    ADMIN_ACCOUNT = 0x08
    UPDATE        = 0x10


class KSMBD_TREE_CONN_STATUS(Enum):
    OK                = 0
    NOMEM             = 1
    NO_SHARE          = 2
    NO_USER           = 3
    INVALID_USER      = 4
    HOST_DENIED       = 5
    CONN_EXIST        = 6
    TOO_MANY_CONNS    = 7
    TOO_MANY_SESSIONS = 8
    ERROR             = 9


class KSMBD_RPC_FLAG(Flags, prefix="KSMBD_RPC"):
    METHOD_RETURN        = 0x001
    SRVSVC_METHOD_INVOKE = 0x002
    WKSSVC_METHOD_INVOKE = 0x004
    IOCTL_METHOD         = 0x008
    OPEN_METHOD          = 0x010
    WRITE_METHOD         = 0x020
    READ_METHOD          = 0x040
    CLOSE_METHOD         = 0x080
    RAP_METHOD           = 0x100
    RESTRICTED_CONTEXT   = 0x200
    SAMR_METHOD_INVOKE   = 0x400
    LSARPC_METHOD_INVOKE = 0x800


class KSMBD_RPC(Enum):
    """What a response has for flags: the Win32 error."""

    OK                 = 0
    EBAD_FUNC          = 0x001
    EACCESS_DENIED     = 0x005
    EBAD_FID           = 0x006
    ENOMEM             = 0x008
    EBAD_DATA          = 0x00D
    ENOTIMPLEMENTED    = 0x040
    EINVALID_PARAMETER = 0x057
    EINVALID_LEVEL     = 0x07C
    EMORE_DATA         = 0x0EA
    SOME_NOT_MAPPED    = 0x107


class ksmbd_heartbeat(Message):
    fields_desc = [U32.of("handle")]


class ksmbd_startup_request(Message):
    """Packed: no padding before max_ip_connections."""

    fields_desc = [
        U32.of("flags_", KSMBD_GLOBAL_FLAG), S32.of("signing", KSMBD_CONFIG_OPT), Text.of("min_prot", 16),
        Text.of("max_prot", 16), Text.of("netbios_name", 16), Text.of("work_group", 64), Text.of("server_string", 64),
        U16.of("tcp_port"), U16.of("ipc_timeout"), U32.of("deadtime"), U32.of("file_max"), U32.of("smb2_max_write"),
        U32.of("smb2_max_read"), U32.of("smb2_max_trans"), U32.of("share_fake_fscaps", base=16),
        Array.of("sub_auth", U32, length=3), U32.of("smb2_max_credits"), U32.of("smbd_max_io_size"),
        U32.of("max_connections"), S8.of("bind_interfaces_only"), U32.of("max_ip_connections"),
        Pad.of("reserved", 499), U32.of("ifc_list_sz"), Texts.of("interfaces", count="ifc_list_sz"),
        Pad.of("__pad"),
    ]


class ksmbd_shutdown_request(Message):
    fields_desc = [Pad.of("reserved", 64)]


class ksmbd_login_request(Message):
    fields_desc = [U32.of("handle"), Text.of("account", 48), Pad.of("reserved", 64)]


class ksmbd_login_response(Message):
    fields_desc = [
        U32.of("handle"), U32.of("gid"), U32.of("uid"), Text.of("account", 48), U16.of("status", KSMBD_USER_FLAG),
        U16.of("hash_sz"), Secret.of("hash", 18), Pad.of("__pad", 2), Pad.of("reserved", 64),
    ]


class ksmbd_login_response_ext(Message):
    fields_desc = [
        U32.of("handle"), S32.of("ngroups"), Pad.of("reserved", 128), Array.of("groups", U32, count="ngroups"),
    ]


class ksmbd_share_config_request(Message):
    fields_desc = [U32.of("handle"), Text.of("share_name", 64), Pad.of("reserved", 64)]


class ksmbd_share_config_response(Message):
    """The payload: the veto list, name by name, and an empty text, if there is a list; the path."""

    fields_desc = [
        U32.of("handle"), U32.of("flags_", KSMBD_SHARE_FLAG), U16.of("create_mask"), U16.of("directory_mask"),
        U16.of("force_create_mode"), U16.of("force_directory_mode"), U16.of("force_uid"), U16.of("force_gid"),
        Text.of("share_name", 64), Pad.of("reserved", 444), U32.of("payload_sz"), U32.of("veto_list_sz"),
        Texts.of("payload_"),
    ]


class ksmbd_tree_connect_request(Message):
    fields_desc = [
        U32.of("handle"), U16.of("account_flags", KSMBD_USER_FLAG), U16.of("flags_", KSMBD_TREE_CONN_FLAG_REQUEST),
        U64.of("session_id", base=16), U64.of("connect_id"), Text.of("account", 48), Text.of("share", 64),
        Text.of("peer_addr", 64), Pad.of("reserved", 64),
    ]


class ksmbd_tree_connect_response(Message):
    fields_desc = [
        U32.of("handle"), U16.of("status", KSMBD_TREE_CONN_STATUS), U16.of("connection_flags", KSMBD_TREE_CONN_FLAG),
        Pad.of("reserved", 64),
    ]


class ksmbd_tree_disconnect_request(Message):
    fields_desc = [U64.of("session_id", base=16), U64.of("connect_id"), Pad.of("reserved", 64)]


class ksmbd_logout_request(Message):
    fields_desc = [Text.of("account", 48), U32.of("account_flags", KSMBD_USER_FLAG), Pad.of("reserved", 64)]


class ksmbd_rpc_command(Message):
    fields_desc = [
        U32.of("handle"), U32.of("flags_", KSMBD_RPC_FLAG), U32.of("payload_sz"),
        Blob.of("payload_", "DCE/RPC or RAP, laid out by the pipe that was opened", count="payload_sz"),
        Pad.of("__pad"),
    ]


class ksmbd_spnego_authen_request(Message):
    """The token is what the client proves itself with; what fills up the struct in C stands behind it, and a byte."""

    fields_desc = [
        U32.of("handle"), U16.of("spnego_blob_len"), Secret.of("spnego_blob", count="spnego_blob_len"),
        Pad.of("__pad"),
    ]


class ksmbd_spnego_authen_response(Message):
    fields_desc = [
        U32.of("handle"), Struct.of("login_response", ksmbd_login_response), U16.of("session_key_len"),
        U16.of("spnego_blob_len"), Secret.of("session_key", count="session_key_len"),
        Secret.of("spnego_blob", count="spnego_blob_len"),
    ]


class KSMBD_EVENT(AttrSet):
    HEARTBEAT_REQUEST       = Struct(1, ksmbd_heartbeat)
    STARTING_UP             = Struct(2, ksmbd_startup_request)
    SHUTTING_DOWN           = Struct(3, ksmbd_shutdown_request)
    LOGIN_REQUEST           = Struct(4, ksmbd_login_request)
    LOGIN_RESPONSE          = Struct(5, ksmbd_login_response)
    SHARE_CONFIG_REQUEST    = Struct(6, ksmbd_share_config_request)
    SHARE_CONFIG_RESPONSE   = Struct(7, ksmbd_share_config_response)
    TREE_CONNECT_REQUEST    = Struct(8, ksmbd_tree_connect_request)
    TREE_CONNECT_RESPONSE   = Struct(9, ksmbd_tree_connect_response)
    TREE_DISCONNECT_REQUEST = Struct(10, ksmbd_tree_disconnect_request)
    LOGOUT_REQUEST          = Struct(11, ksmbd_logout_request)
    RPC_REQUEST             = Struct(12, ksmbd_rpc_command)
    RPC_RESPONSE            = Struct(13, ksmbd_rpc_command)
    SPNEGO_AUTHEN_REQUEST   = Struct(14, ksmbd_spnego_authen_request)
    SPNEGO_AUTHEN_RESPONSE  = Struct(15, ksmbd_spnego_authen_response)
    LOGIN_REQUEST_EXT       = Struct(16, ksmbd_login_request)
    LOGIN_RESPONSE_EXT      = Struct(17, ksmbd_login_response_ext)

    template = (
        "[handle {handle} ][{netbios_name} ][port {tcp_port} ][{min_prot}..{max_prot} ][account {account} ]"
        "[uid {uid} gid {gid} ][groups {ngroups} ][share {share_name|share} ][from {peer_addr} ]"
        "[session {session_id} tree {connect_id} ][<{connection_flags}> ][<{flags}> ][{status} ][payload {payload_sz}]"
    )


bind_attrs(ksmbd_rpc_command.flags_, U32(None, KSMBD_RPC), cmd=13)

bind_genl(
    KSMBD_EVENT,
    "SMBD_GENL",
    KSMBD_EVENT_UNSPEC=0,
    KSMBD_EVENT_HEARTBEAT_REQUEST=1,
    KSMBD_EVENT_STARTING_UP=2,
    KSMBD_EVENT_SHUTTING_DOWN=3,
    KSMBD_EVENT_LOGIN_REQUEST=4,
    KSMBD_EVENT_LOGIN_RESPONSE=5,
    KSMBD_EVENT_SHARE_CONFIG_REQUEST=6,
    KSMBD_EVENT_SHARE_CONFIG_RESPONSE=7,
    KSMBD_EVENT_TREE_CONNECT_REQUEST=8,
    KSMBD_EVENT_TREE_CONNECT_RESPONSE=9,
    KSMBD_EVENT_TREE_DISCONNECT_REQUEST=10,
    KSMBD_EVENT_LOGOUT_REQUEST=11,
    KSMBD_EVENT_RPC_REQUEST=12,
    KSMBD_EVENT_RPC_RESPONSE=13,
    KSMBD_EVENT_SPNEGO_AUTHEN_REQUEST=14,
    KSMBD_EVENT_SPNEGO_AUTHEN_RESPONSE=15,
    KSMBD_EVENT_LOGIN_REQUEST_EXT=16,
    KSMBD_EVENT_LOGIN_RESPONSE_EXT=17,
)
