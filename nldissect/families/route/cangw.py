"""CAN gateway jobs, which are routes of the family AF_CAN (linux/can/gw.h)."""

from nldissect.wire import (
    NETLINK_ROUTE,
    S8,
    U8,
    U16,
    U32,
    Array,
    Attrs,
    AttrSet,
    Blob,
    Enum,
    Flags,
    Message,
    Pad,
    Struct,
    bind_message,
)

from ..common import AF


class CGW_TYPE(Enum):
    UNSPEC  = 0
    CAN_CAN = 1


class CGW_FLAGS(Flags):
    CAN_ECHO       = 0x01
    CAN_SRC_TSTAMP = 0x02
    CAN_IIF_TX_OK  = 0x04
    CAN_FD         = 0x08


class CGW_MOD(Flags):
    ID    = 0x01
    DLC   = 0x02
    LEN   = 0x02
    DATA  = 0x04
    FLAGS = 0x08


class CGW_CRC8PRF(Enum):
    UNSPEC    = 0
    _1U8      = 1
    _16U8     = 2
    SFFID_XOR = 3


class CANFD(Flags):
    BRS = 0x01
    ESI = 0x02
    FDF = 0x04


class can_filter(Message):
    fields_desc = [U32.of("can_id", base=16), U32.of("can_mask", base=16)]


class cgw_frame_mod(Message):
    """struct can_frame, then which of its elements count."""

    fields_desc = [
        U32.of("can_id", base=16), U8.of("len"), Pad.of("__pad", 1), Pad.of("__res0", 1), U8.of("len8_dlc"),
        Blob.of("data", 8, "CAN payload"), U8.of("modtype", CGW_MOD),
    ]


class cgw_fdframe_mod(Message):
    """struct canfd_frame, then which of its elements count."""

    fields_desc = [
        U32.of("can_id", base=16), U8.of("len"), U8.of("flags", CANFD), Pad.of("__res0", 1), Pad.of("__res1", 1),
        Blob.of("data", 64, "CAN payload"), U8.of("modtype", CGW_MOD),
    ]


class cgw_csum_xor(Message):
    fields_desc = [S8.of("from_idx"), S8.of("to_idx"), S8.of("result_idx"), U8.of("init_xor_val", base=16)]


class cgw_csum_crc8(Message):
    fields_desc = [
        S8.of("from_idx"), S8.of("to_idx"), S8.of("result_idx"), U8.of("init_crc_val", base=16),
        U8.of("final_xor_val", base=16), Array.of("crctab", U8, length=256), U8.of("profile", CGW_CRC8PRF),
        Array.of("profile_data", U8, length=20),
    ]


class CGW(AttrSet):
    MOD_AND   = Struct(1, cgw_frame_mod)
    MOD_OR    = Struct(2, cgw_frame_mod)
    MOD_XOR   = Struct(3, cgw_frame_mod)
    MOD_SET   = Struct(4, cgw_frame_mod)
    CS_XOR    = Struct(5, cgw_csum_xor)
    CS_CRC8   = Struct(6, cgw_csum_crc8)
    HANDLED   = U32(7)
    DROPPED   = U32(8)
    SRC_IF    = U32(9, refers="interface")
    DST_IF    = U32(10, refers="interface")
    FILTER    = Struct(11, can_filter)
    DELETED   = U32(12)
    LIM_HOPS  = U8(13)
    MOD_UID   = U32(14)
    FDMOD_AND = Struct(15, cgw_fdframe_mod)
    FDMOD_OR  = Struct(16, cgw_fdframe_mod)
    FDMOD_XOR = Struct(17, cgw_fdframe_mod)
    FDMOD_SET = Struct(18, cgw_fdframe_mod)


class rtcanmsg(Message):
    fields_desc = [
        U8.of("can_family", AF), U8.of("gwtype", CGW_TYPE), U16.of("flags", CGW_FLAGS), Attrs("attrs", CGW),
    ]
    summary = (
        "{gwtype} [src {CGW_SRC_IF}] [dst {CGW_DST_IF}] [<{rtcanmsg.flags}>] [uid {CGW_MOD_UID}]"
        " [handled {CGW_HANDLED}] [dropped {CGW_DROPPED}] [deleted {CGW_DELETED}]"
    )


bind_message(rtcanmsg, NETLINK_ROUTE, first=AF.CAN, RTM_NEWROUTE=24, RTM_DELROUTE=25, RTM_GETROUTE=26)
bind_message(rtcanmsg, NETLINK_ROUTE, to="kernel", first=AF.CAN, size=4, RTM_GETROUTE=26)      # no rtgenmsg
