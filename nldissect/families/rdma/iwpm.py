"""The iWARP port mapper: the kernel asks iwpmd for ports (rdma/rdma_netlink.h, drivers/infiniband/core/iwpm_msg.c).

Here user space answers the kernel: what the kernel sends holds one set, what the daemon answers another.
"""

from nldissect.wire import (
    NETLINK_RDMA,
    U16,
    U32,
    Attrs,
    AttrSet,
    Enum,
    Flags,
    Message,
    Struct,
    Text,
    bind_message,
)

from ..common import kernel_sockaddr_storage


class IWPM_FLAGS(Flags):
    NO_PORT_MAP = 1


class IWPM_ERR(Enum, prefix="IWPM"):
    """What the daemon says went wrong (rdma/iw_portmap.h)."""

    INVALID_NLMSG_ERR     = 10
    CREATE_MAPPING_ERR    = 11
    DUPLICATE_MAPPING_ERR = 12
    UNKNOWN_MAPPING_ERR   = 13
    CLIENT_DEV_INFO_ERR   = 14
    USER_LIB_INFO_ERR     = 15
    REMOTE_QUERY_REJECT   = 16


class IWPM_NLA_REG(AttrSet):
    PID_SEQ    = U32(1)
    IF_NAME    = Text(2)
    IBDEV_NAME = Text(3)
    ULIB_NAME  = Text(4)


class IWPM_NLA_RREG(AttrSet):
    PID_SEQ    = U32(1)
    IBDEV_NAME = Text(2)
    ULIB_NAME  = Text(3)
    ULIB_VER   = U16(4)
    PID_ERR    = U16(5, IWPM_ERR)


class IWPM_NLA_MANAGE(AttrSet):
    MAPPING_SEQ = U32(1)
    ADDR        = Struct(2, kernel_sockaddr_storage)
    FLAGS       = U32(3, IWPM_FLAGS)


class IWPM_NLA_RMANAGE(AttrSet, prefix="IWPM_NLA"):
    RMANAGE_MAPPING_SEQ     = U32(1)
    RMANAGE_ADDR            = Struct(2, kernel_sockaddr_storage)
    RMANAGE_MAPPED_LOC_ADDR = Struct(3, kernel_sockaddr_storage, also="MANAGE_MAPPED_LOC_ADDR")
    RMANAGE_MAPPING_ERR     = U16(4, IWPM_ERR)


class IWPM_NLA_QUERY(AttrSet):
    MAPPING_SEQ = U32(1)
    LOCAL_ADDR  = Struct(2, kernel_sockaddr_storage)
    REMOTE_ADDR = Struct(3, kernel_sockaddr_storage)
    FLAGS       = U32(4, IWPM_FLAGS)


class IWPM_NLA_RQUERY(AttrSet):
    MAPPING_SEQ     = U32(1)
    LOCAL_ADDR      = Struct(2, kernel_sockaddr_storage)
    REMOTE_ADDR     = Struct(3, kernel_sockaddr_storage)
    MAPPED_LOC_ADDR = Struct(4, kernel_sockaddr_storage)
    MAPPED_REM_ADDR = Struct(5, kernel_sockaddr_storage)
    MAPPING_ERR     = U16(6, IWPM_ERR)


class IWPM_NLA_MAPINFO_REQ(AttrSet, prefix="IWPM_NLA_MAPINFO"):
    ULIB_NAME = Text(1)
    ULIB_VER  = U16(2)


class IWPM_NLA_MAPINFO(AttrSet):
    LOCAL_ADDR  = Struct(1, kernel_sockaddr_storage)
    MAPPED_ADDR = Struct(2, kernel_sockaddr_storage)
    FLAGS       = U32(3, IWPM_FLAGS)


class IWPM_NLA_MAPINFO_NUM(AttrSet, prefix="IWPM_NLA_MAPINFO"):
    SEQ      = U32(1)
    SEND_NUM = U32(2)
    ACK_NUM  = U32(3)


class IWPM_NLA_ERR(AttrSet):
    SEQ  = U32(1)
    CODE = U16(2, IWPM_ERR)


class IWPM_NLA_HELLO(AttrSet):
    ABI_VERSION = U16(1)


class iwpm_register(Message):
    fields_desc = [Attrs("attrs", IWPM_NLA_REG)]
    summary = "{IWPM_NLA_REG_IBDEV_NAME}[ ({IWPM_NLA_REG_IF_NAME})][ with {IWPM_NLA_REG_ULIB_NAME}]"


class iwpm_registered(Message):
    fields_desc = [Attrs("attrs", IWPM_NLA_RREG)]
    summary = (
        "{IWPM_NLA_RREG_IBDEV_NAME}[ with {IWPM_NLA_RREG_ULIB_NAME}][ version {IWPM_NLA_RREG_ULIB_VER}]"
        "[: {IWPM_NLA_RREG_PID_ERR}]"
    )


class iwpm_manage(Message):
    fields_desc = [Attrs("attrs", IWPM_NLA_MANAGE)]
    summary = "{sin_addr|sin6_addr}:{sin_port|sin6_port}[ {IWPM_NLA_MANAGE_FLAGS}]"


class iwpm_managed(Message):
    fields_desc = [Attrs("attrs", IWPM_NLA_RMANAGE)]
    summary = (
        "[{IWPM_NLA_RMANAGE_ADDR.sin_addr|IWPM_NLA_RMANAGE_ADDR.sin6_addr}"
        ":{IWPM_NLA_RMANAGE_ADDR.sin_port|IWPM_NLA_RMANAGE_ADDR.sin6_port}]"
        "[ mapped to {IWPM_NLA_RMANAGE_MAPPED_LOC_ADDR.sin_addr|IWPM_NLA_RMANAGE_MAPPED_LOC_ADDR.sin6_addr}"
        ":{IWPM_NLA_RMANAGE_MAPPED_LOC_ADDR.sin_port|IWPM_NLA_RMANAGE_MAPPED_LOC_ADDR.sin6_port}]"
        "[ error {IWPM_NLA_RMANAGE_MAPPING_ERR}]"
    )


class iwpm_query(Message):
    fields_desc = [Attrs("attrs", IWPM_NLA_QUERY)]
    summary = (
        "[{IWPM_NLA_QUERY_LOCAL_ADDR.sin_addr|IWPM_NLA_QUERY_LOCAL_ADDR.sin6_addr}"
        ":{IWPM_NLA_QUERY_LOCAL_ADDR.sin_port|IWPM_NLA_QUERY_LOCAL_ADDR.sin6_port}]"
        "[ > {IWPM_NLA_QUERY_REMOTE_ADDR.sin_addr|IWPM_NLA_QUERY_REMOTE_ADDR.sin6_addr}"
        ":{IWPM_NLA_QUERY_REMOTE_ADDR.sin_port|IWPM_NLA_QUERY_REMOTE_ADDR.sin6_port}]"
    )


class iwpm_queried(Message):
    fields_desc = [Attrs("attrs", IWPM_NLA_RQUERY)]
    summary = (
        "[{IWPM_NLA_RQUERY_MAPPED_LOC_ADDR.sin_addr|IWPM_NLA_RQUERY_MAPPED_LOC_ADDR.sin6_addr}"
        ":{IWPM_NLA_RQUERY_MAPPED_LOC_ADDR.sin_port|IWPM_NLA_RQUERY_MAPPED_LOC_ADDR.sin6_port}]"
        "[ > {IWPM_NLA_RQUERY_MAPPED_REM_ADDR.sin_addr|IWPM_NLA_RQUERY_MAPPED_REM_ADDR.sin6_addr}"
        ":{IWPM_NLA_RQUERY_MAPPED_REM_ADDR.sin_port|IWPM_NLA_RQUERY_MAPPED_REM_ADDR.sin6_port}]"
        "[ error {IWPM_NLA_RQUERY_MAPPING_ERR}]"
    )


class iwpm_mapinfo_request(Message):
    fields_desc = [Attrs("attrs", IWPM_NLA_MAPINFO_REQ)]
    summary = "{IWPM_NLA_MAPINFO_ULIB_NAME}[ version {IWPM_NLA_MAPINFO_ULIB_VER}]"


class iwpm_mapinfo(Message):
    fields_desc = [Attrs("attrs", IWPM_NLA_MAPINFO)]
    summary = (
        "[{IWPM_NLA_MAPINFO_LOCAL_ADDR.sin_addr|IWPM_NLA_MAPINFO_LOCAL_ADDR.sin6_addr}"
        ":{IWPM_NLA_MAPINFO_LOCAL_ADDR.sin_port|IWPM_NLA_MAPINFO_LOCAL_ADDR.sin6_port}]"
        "[ mapped to {IWPM_NLA_MAPINFO_MAPPED_ADDR.sin_addr|IWPM_NLA_MAPINFO_MAPPED_ADDR.sin6_addr}"
        ":{IWPM_NLA_MAPINFO_MAPPED_ADDR.sin_port|IWPM_NLA_MAPINFO_MAPPED_ADDR.sin6_port}]"
    )


class iwpm_mapinfo_num(Message):
    fields_desc = [Attrs("attrs", IWPM_NLA_MAPINFO_NUM)]
    summary = "[sent {IWPM_NLA_MAPINFO_SEND_NUM}][ acknowledged {IWPM_NLA_MAPINFO_ACK_NUM}]"


class iwpm_error(Message):
    fields_desc = [Attrs("attrs", IWPM_NLA_ERR)]
    summary = "{IWPM_NLA_ERR_CODE}"


class iwpm_hello(Message):
    fields_desc = [Attrs("attrs", IWPM_NLA_HELLO)]
    summary = "version {IWPM_NLA_HELLO_ABI_VERSION}"


bind_message(iwpm_register, NETLINK_RDMA, to="user", RDMA_NL_IWPM_REG_PID=0x800)
bind_message(iwpm_registered, NETLINK_RDMA, to="kernel", RDMA_NL_IWPM_REG_PID=0x800)
bind_message(iwpm_manage, NETLINK_RDMA, to="user", RDMA_NL_IWPM_ADD_MAPPING=0x801, RDMA_NL_IWPM_REMOVE_MAPPING=0x803)
bind_message(iwpm_managed, NETLINK_RDMA, to="kernel", RDMA_NL_IWPM_ADD_MAPPING=0x801)
bind_message(iwpm_query, NETLINK_RDMA, to="user", RDMA_NL_IWPM_QUERY_MAPPING=0x802)
bind_message(iwpm_queried, NETLINK_RDMA, to="kernel", RDMA_NL_IWPM_QUERY_MAPPING=0x802, RDMA_NL_IWPM_REMOTE_INFO=0x804)
bind_message(iwpm_error, NETLINK_RDMA, RDMA_NL_IWPM_HANDLE_ERR=0x805)
bind_message(iwpm_mapinfo_request, NETLINK_RDMA, to="kernel", RDMA_NL_IWPM_MAPINFO=0x806)
bind_message(iwpm_mapinfo, NETLINK_RDMA, to="user", RDMA_NL_IWPM_MAPINFO=0x806)
bind_message(iwpm_mapinfo_num, NETLINK_RDMA, RDMA_NL_IWPM_MAPINFO_NUM=0x807)
bind_message(iwpm_hello, NETLINK_RDMA, RDMA_NL_IWPM_HELLO=0x808)
