"""Netlink sockets themselves (linux/netlink_diag.h, net/netlink/diag.c)."""

from nldissect.wire import (
    NETLINK_SOCK_DIAG,
    U8,
    U16,
    U32,
    Array,
    Attrs,
    AttrSet,
    Enum,
    Flags,
    Message,
    Struct,
    bind_attrs,
    bind_message,
)

from ..common import AF
from ..multicast_groups import GROUPS
from .groups import Groups
from .states import SOCK, sk_meminfo


class NDIAG_PROTO(Enum, prefix=""):
    NETLINK_ROUTE          = 0
    NETLINK_USERSOCK       = 2
    NETLINK_FIREWALL       = 3
    NETLINK_SOCK_DIAG      = 4
    NETLINK_NFLOG          = 5
    NETLINK_XFRM           = 6
    NETLINK_SELINUX        = 7
    NETLINK_ISCSI          = 8
    NETLINK_AUDIT          = 9
    NETLINK_FIB_LOOKUP     = 10
    NETLINK_CONNECTOR      = 11
    NETLINK_NETFILTER      = 12
    NETLINK_IP6_FW         = 13
    NETLINK_DNRTMSG        = 14
    NETLINK_KOBJECT_UEVENT = 15
    NETLINK_GENERIC        = 16
    NETLINK_SCSITRANSPORT  = 18
    NETLINK_ECRYPTFS       = 19
    NETLINK_RDMA           = 20
    NETLINK_CRYPTO         = 21
    NETLINK_SMC            = 22
    NDIAG_PROTO_ALL        = 255


class NDIAG_STATE(Enum, prefix=""):
    """A socket that was never connected is in the state with which the kernel makes sockets (sock_init_data)."""

    NETLINK_UNCONNECTED = 0
    NETLINK_CONNECTED   = 1
    TCP_CLOSE           = 7


class NDIAG_SHOW(Flags):
    MEMINFO  = 0x1
    GROUPS   = 0x2
    RING_CFG = 0x4
    FLAGS    = 0x8


class NDIAG_FLAG(Flags):
    CB_RUNNING      = 0x01
    PKTINFO         = 0x02
    BROADCAST_ERROR = 0x04
    NO_ENOBUFS      = 0x08
    LISTEN_ALL_NSID = 0x10
    CAP_ACK         = 0x20


class netlink_diag_ring(Message):
    fields_desc = [U32.of("ndr_block_size"), U32.of("ndr_block_nr"), U32.of("ndr_frame_size"), U32.of("ndr_frame_nr")]


class NETLINK_DIAG(AttrSet):
    MEMINFO = Struct(0, sk_meminfo)
    GROUPS  = Groups(1)
    RX_RING = Struct(2, netlink_diag_ring, deprecated=True)
    TX_RING = Struct(3, netlink_diag_ring, deprecated=True)
    FLAGS   = U32(4, NDIAG_FLAG)


class netlink_diag_req(Message):
    fields_desc = [
        U8.of("sdiag_family", AF), U8.of("sdiag_protocol", NDIAG_PROTO), U16.of("pad"), U32.of("ndiag_ino"),
        U32.of("ndiag_show", NDIAG_SHOW), Array.of("ndiag_cookie", U32, length=2),
    ]
    summary = "{sdiag_family} {sdiag_protocol}[ show {ndiag_show}]"


class netlink_diag_msg(Message):
    fields_desc = [
        U8.of("ndiag_family", AF), U8.of("ndiag_type", SOCK), U8.of("ndiag_protocol", NDIAG_PROTO),
        U8.of("ndiag_state", NDIAG_STATE), U32.of("ndiag_portid"), U32.of("ndiag_dst_portid"),
        U32.of("ndiag_dst_group"), U32.of("ndiag_ino"), Array.of("ndiag_cookie", U32, length=2),
        Attrs("attrs", NETLINK_DIAG),
    ]
    summary = (
        "{ndiag_protocol} port {ndiag_portid} ino {ndiag_ino}"
        "[ groups {NETLINK_DIAG_GROUPS}][ flags {NETLINK_DIAG_FLAGS}]"
    )


for protocol, names in GROUPS.items():
    bind_attrs(NETLINK_DIAG.GROUPS, Groups(None, names), ndiag_protocol=protocol)

bind_message(netlink_diag_req, NETLINK_SOCK_DIAG, to="kernel", first=AF.NETLINK, SOCK_DIAG_BY_FAMILY=20)
bind_message(netlink_diag_msg, NETLINK_SOCK_DIAG, to="user", first=AF.NETLINK, SOCK_DIAG_BY_FAMILY=20)
