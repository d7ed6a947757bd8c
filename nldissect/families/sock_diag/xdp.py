"""XDP sockets (linux/xdp_diag.h, net/xdp/xsk_diag.c)."""

from nldissect.wire import (
    NETLINK_SOCK_DIAG,
    U8,
    U16,
    U32,
    U64,
    Array,
    Attrs,
    AttrSet,
    Flags,
    Message,
    Struct,
    bind_message,
)

from ..common import AF
from .states import SOCK, sk_meminfo


class XDP_SHOW(Flags):
    INFO     = 0x01
    RING_CFG = 0x02
    UMEM     = 0x04
    MEMINFO  = 0x08
    STATS    = 0x10


class XDP_DU_F(Flags):
    ZEROCOPY = 1


class xdp_diag_info(Message):
    fields_desc = [U32.of("ifindex", refers="interface"), U32.of("queue_id")]


class xdp_diag_ring(Message):
    fields_desc = [U32.of("entries")]


class xdp_diag_umem(Message):
    fields_desc = [
        U64.of("size"), U32.of("id"), U32.of("num_pages"), U32.of("chunk_size"), U32.of("headroom"),
        U32.of("ifindex", refers="interface"), U32.of("queue_id"), U32.of("flags", XDP_DU_F), U32.of("refs"),
    ]


class xdp_diag_stats(Message):
    fields_desc = [
        U64.of("n_rx_dropped"), U64.of("n_rx_invalid"), U64.of("n_rx_full"), U64.of("n_fill_ring_empty"),
        U64.of("n_tx_invalid"), U64.of("n_tx_ring_empty"),
    ]


class XDP_DIAG(AttrSet):
    INFO                 = Struct(1, xdp_diag_info)
    UID                  = U32(2)
    RX_RING              = Struct(3, xdp_diag_ring)
    TX_RING              = Struct(4, xdp_diag_ring)
    UMEM                 = Struct(5, xdp_diag_umem)
    UMEM_FILL_RING       = Struct(6, xdp_diag_ring)
    UMEM_COMPLETION_RING = Struct(7, xdp_diag_ring)
    MEMINFO              = Struct(8, sk_meminfo)
    STATS                = Struct(9, xdp_diag_stats)


class xdp_diag_req(Message):
    fields_desc = [
        U8.of("sdiag_family", AF), U8.of("sdiag_protocol"), U16.of("pad"), U32.of("xdiag_ino"),
        U32.of("xdiag_show", XDP_SHOW), Array.of("xdiag_cookie", U32, length=2),
    ]
    summary = "{sdiag_family}[ show {xdiag_show}]"


class xdp_diag_msg(Message):
    fields_desc = [
        U8.of("xdiag_family", AF), U8.of("xdiag_type", SOCK), U16.of("pad"), U32.of("xdiag_ino"),
        Array.of("xdiag_cookie", U32, length=2), Attrs("attrs", XDP_DIAG),
    ]
    summary = (
        "{xdiag_type} ino {xdiag_ino}[ dev {XDP_DIAG_INFO.ifindex} queue {XDP_DIAG_INFO.queue_id}]"
        "[ uid {XDP_DIAG_UID}]"
    )


bind_message(xdp_diag_req, NETLINK_SOCK_DIAG, to="kernel", first=AF.XDP, SOCK_DIAG_BY_FAMILY=20)
bind_message(xdp_diag_msg, NETLINK_SOCK_DIAG, to="user", first=AF.XDP, SOCK_DIAG_BY_FAMILY=20)
