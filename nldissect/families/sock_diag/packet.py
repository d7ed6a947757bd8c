"""Packet sockets (linux/packet_diag.h, net/packet/diag.c)."""

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
    Mac,
    Message,
    Struct,
    Structs,
    bind_message,
)

from ..common import AF, ETH_P, sock_filter
from .states import SOCK, sk_meminfo


class PACKET_SHOW(Flags):
    INFO     = 0x01
    MCLIST   = 0x02
    RING_CFG = 0x04
    FANOUT   = 0x08
    MEMINFO  = 0x10
    FILTER   = 0x20


class PDI(Flags):
    RUNNING = 0x01
    AUXDATA = 0x02
    ORIGDEV = 0x04
    VNETHDR = 0x08
    LOSS    = 0x10


class TPACKET(Enum):
    V1 = 0
    V2 = 1
    V3 = 2


class PACKET_MR(Enum):
    MULTICAST = 0
    PROMISC   = 1
    ALLMULTI  = 2
    UNICAST   = 3


class packet_diag_info(Message):
    fields_desc = [
        U32.of("pdi_index", refers="interface"), U32.of("pdi_version", TPACKET), U32.of("pdi_reserve"),
        U32.of("pdi_copy_thresh"), U32.of("pdi_tstamp"), U32.of("pdi_flags", PDI),
    ]


class packet_diag_mclist(Message):
    """`pdmc_alen` bytes of the address count."""

    fields_desc = [
        U32.of("pdmc_index", refers="interface"), U32.of("pdmc_count"), U16.of("pdmc_type", PACKET_MR),
        U16.of("pdmc_alen"), Mac.of("pdmc_addr", 32),
    ]


class packet_diag_ring(Message):
    fields_desc = [
        U32.of("pdr_block_size"), U32.of("pdr_block_nr"), U32.of("pdr_frame_size"), U32.of("pdr_frame_nr"),
        U32.of("pdr_retire_tmo"), U32.of("pdr_sizeof_priv"), U32.of("pdr_features"),
    ]


class PACKET_DIAG(AttrSet):
    INFO    = Struct(0, packet_diag_info)
    MCLIST  = Structs(1, packet_diag_mclist)
    RX_RING = Struct(2, packet_diag_ring)
    TX_RING = Struct(3, packet_diag_ring)
    FANOUT  = U32(4, base=16)                    # type and flags << 16 | id
    UID     = U32(5)
    MEMINFO = Struct(6, sk_meminfo)
    FILTER  = Structs(7, sock_filter)


class packet_diag_req(Message):
    fields_desc = [
        U8.of("sdiag_family", AF), U8.of("sdiag_protocol"), U16.of("pad"), U32.of("pdiag_ino"),
        U32.of("pdiag_show", PACKET_SHOW), Array.of("pdiag_cookie", U32, length=2),
    ]
    summary = "{sdiag_family}[ show {pdiag_show}]"


class packet_diag_msg(Message):
    fields_desc = [
        U8.of("pdiag_family", AF), U8.of("pdiag_type", SOCK), U16.of("pdiag_num", ETH_P), U32.of("pdiag_ino"),
        Array.of("pdiag_cookie", U32, length=2), Attrs("attrs", PACKET_DIAG),
    ]
    summary = "{pdiag_type} {pdiag_num} ino {pdiag_ino}[ dev {pdi_index}][ uid {PACKET_DIAG_UID}]"


bind_message(packet_diag_req, NETLINK_SOCK_DIAG, to="kernel", first=AF.PACKET, SOCK_DIAG_BY_FAMILY=20)
bind_message(packet_diag_msg, NETLINK_SOCK_DIAG, to="user", first=AF.PACKET, SOCK_DIAG_BY_FAMILY=20)
