"""SMB client: what it asks the witness service, and hears from it (linux/cifs/cifs_netlink.h, fs/smb/client/)."""

from nldissect.wire import U32, AttrSet, Enum, Flag, Secret, Struct, Text, bind_genl

from ..common import kernel_sockaddr_storage


class CIFS_SWN_NOTIFICATION(Enum):
    RESOURCE_CHANGE = 0x01
    CLIENT_MOVE     = 0x02
    SHARE_MOVE      = 0x03
    IP_CHANGE       = 0x04


class CIFS_SWN_RESOURCE_STATE(Enum):
    UNKNOWN     = 0x00
    AVAILABLE   = 0x01
    UNAVAILABLE = 0xFF


class CIFS_GENL_ATTR(AttrSet):
    SWN_REGISTRATION_ID   = U32(1)
    SWN_NET_NAME          = Text(2)
    SWN_SHARE_NAME        = Text(3)
    SWN_IP                = Struct(4, kernel_sockaddr_storage)
    SWN_NET_NAME_NOTIFY   = Flag(5)
    SWN_SHARE_NAME_NOTIFY = Flag(6)
    SWN_IP_NOTIFY         = Flag(7)
    SWN_KRB_AUTH          = Flag(8)
    SWN_USER_NAME         = Text(9)
    SWN_PASSWORD          = Secret(10)
    SWN_DOMAIN_NAME       = Text(11)
    SWN_NOTIFICATION_TYPE = U32(12, CIFS_SWN_NOTIFICATION)
    SWN_RESOURCE_STATE    = U32(13, CIFS_SWN_RESOURCE_STATE)
    SWN_RESOURCE_NAME     = Text(14)

    template = (
        "[id {CIFS_GENL_ATTR_SWN_REGISTRATION_ID} ][{CIFS_GENL_ATTR_SWN_NOTIFICATION_TYPE} ]"
        "[{CIFS_GENL_ATTR_SWN_NET_NAME} ][share {CIFS_GENL_ATTR_SWN_SHARE_NAME} ][at {sin_addr|sin6_addr} ]"
        "[user {CIFS_GENL_ATTR_SWN_USER_NAME} ][{?CIFS_GENL_ATTR_SWN_KRB_AUTH}kerberos ]"
        "[{CIFS_GENL_ATTR_SWN_RESOURCE_NAME} ][{CIFS_GENL_ATTR_SWN_RESOURCE_STATE}]"
    )


bind_genl(
    CIFS_GENL_ATTR,
    "cifs",
    CIFS_GENL_CMD_SWN_REGISTER=1,
    CIFS_GENL_CMD_SWN_UNREGISTER=2,
    CIFS_GENL_CMD_SWN_NOTIFY=3,
)
