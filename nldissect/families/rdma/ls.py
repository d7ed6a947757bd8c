"""Local services: the kernel asks ibacm for paths and addresses (rdma/rdma_netlink.h, sa_query.c and addr.c)."""

from nldissect.wire import (
    NETLINK_RDMA,
    U8,
    U16,
    U32,
    U64,
    Addr,
    Attrs,
    AttrSet,
    Be16,
    Be32,
    Be64,
    Enum,
    Flags,
    Message,
    Pad,
    Struct,
    Text,
    TlvHeader,
    bind_message,
)

from ..common import AF


class LS_RESOLVE_PATH_USE(Enum):
    ALL            = 0
    UNIDIRECTIONAL = 1
    GMP            = 2


class IB_PATH(Flags):
    GMP             = 1 << 0
    PRIMARY         = 1 << 1
    ALTERNATE       = 1 << 2
    OUTBOUND        = 1 << 3
    INBOUND         = 1 << 4
    INBOUND_REVERSE = 1 << 5


class ib_path_rec_data(Message):
    """rdma/ib_user_sa.h; from service_id on a PathRecord as on the wire (path_rec_table in sa_query.c)."""

    fields_desc = [
        U32.of("flags", IB_PATH), U32.of("reserved"),
        Be64.of("service_id", base=16), Addr.of("dgid", 16, family=AF.INET6), Addr.of("sgid", 16, family=AF.INET6),
        Be16.of("dlid"), Be16.of("slid"), Be32.of("raw_traffic_flow_label_hop_limit", base=16),
        U8.of("traffic_class"), U8.of("reversible_numb_path", base=16), Be16.of("pkey", base=16),
        Be16.of("qos_class_sl", base=16), U8.of("mtu_selector_mtu", base=16), U8.of("rate_selector_rate", base=16),
        U8.of("packet_life_time_selector_packet_life_time", base=16), U8.of("preference"), Pad.of("__pad", 6),
    ]


class LS_NLA_TYPE(AttrSet):
    """Bit 13 of the type, RDMA_NLA_F_MANDATORY, says that the answer depends on the attribute."""

    header = TlvHeader(mask=0x1FFF)

    PATH_RECORD = Struct(1, ib_path_rec_data, many=True)
    TIMEOUT     = U32(2)                                # milliseconds
    SERVICE_ID  = U64(3, base=16)
    DGID        = Addr(4, family=AF.INET6)
    SGID        = Addr(5, family=AF.INET6)
    TCLASS      = U8(6)
    PKEY        = U16(7, base=16)
    QOS_CLASS   = U16(8)
    IPV4        = Addr(9, family=AF.INET)
    IPV6        = Addr(10, family=AF.INET6)


class rdma_ls_resolve_header(Message):
    fields_desc = [
        Text.of("device_name", 64), U8.of("port_num"), U8.of("path_use", LS_RESOLVE_PATH_USE), Pad.of("__pad", 2),
        Attrs("attrs", LS_NLA_TYPE),
    ]
    summary = "{device_name}/{port_num} {path_use}[ from {LS_NLA_TYPE_SGID}][ to {LS_NLA_TYPE_DGID}]"


class rdma_ls_ip_resolve_header(Message):
    fields_desc = [U32.of("ifindex", refers="interface"), Attrs("attrs", LS_NLA_TYPE)]
    summary = "{LS_NLA_TYPE_IPV4|LS_NLA_TYPE_IPV6}[ dev {ifindex}]"


class rdma_ls(Message):
    """What user space answers: attributes without a header."""

    fields_desc = [Attrs("attrs", LS_NLA_TYPE)]
    summary = (
        "[timeout {LS_NLA_TYPE_TIMEOUT} ms ][{LS_NLA_TYPE_DGID} ][{LS_NLA_TYPE_PATH_RECORD.sgid}"
        " to {LS_NLA_TYPE_PATH_RECORD.dgid}]"
    )


bind_message(rdma_ls_resolve_header, NETLINK_RDMA, to="user", RDMA_NL_LS_OP_RESOLVE=0x1000)
bind_message(rdma_ls_ip_resolve_header, NETLINK_RDMA, to="user", RDMA_NL_LS_OP_IP_RESOLVE=0x1002)
bind_message(
    rdma_ls, NETLINK_RDMA, to="kernel",
    RDMA_NL_LS_OP_RESOLVE=0x1000, RDMA_NL_LS_OP_SET_TIMEOUT=0x1001, RDMA_NL_LS_OP_IP_RESOLVE=0x1002,
)
