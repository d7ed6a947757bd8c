"""VM sockets (linux/vm_sockets_diag.h, net/vmw_vsock/diag.c)."""

from nldissect.wire import NETLINK_SOCK_DIAG, U8, U16, U32, Array, Enum, Message, bind_message

from ..common import AF
from .states import SHUTDOWN, SOCK, TCP, TCPF


class VMADDR_CID(Enum):
    HYPERVISOR = 0
    LOCAL      = 1
    HOST       = 2
    ANY        = 0xFFFFFFFF


class VMADDR_PORT(Enum):
    ANY = 0xFFFFFFFF


class vsock_diag_req(Message):
    fields_desc = [
        U8.of("sdiag_family", AF), U8.of("sdiag_protocol"), U16.of("pad"), U32.of("vdiag_states", TCPF),
        U32.of("vdiag_ino"), U32.of("vdiag_show"), Array.of("vdiag_cookie", U32, length=2),
    ]
    summary = "{sdiag_family}"


class vsock_diag_msg(Message):
    fields_desc = [
        U8.of("vdiag_family", AF), U8.of("vdiag_type", SOCK), U8.of("vdiag_state", TCP),
        U8.of("vdiag_shutdown", SHUTDOWN), U32.of("vdiag_src_cid", VMADDR_CID), U32.of("vdiag_src_port", VMADDR_PORT),
        U32.of("vdiag_dst_cid", VMADDR_CID), U32.of("vdiag_dst_port", VMADDR_PORT), U32.of("vdiag_ino"),
        Array.of("vdiag_cookie", U32, length=2),
    ]
    summary = (
        "{vdiag_type} {vdiag_state} {vdiag_src_cid}:{vdiag_src_port} {vdiag_dst_cid}:{vdiag_dst_port} ino {vdiag_ino}"
    )


bind_message(vsock_diag_req, NETLINK_SOCK_DIAG, to="kernel", first=AF.VSOCK, SOCK_DIAG_BY_FAMILY=20)
bind_message(vsock_diag_msg, NETLINK_SOCK_DIAG, to="user", first=AF.VSOCK, SOCK_DIAG_BY_FAMILY=20)
