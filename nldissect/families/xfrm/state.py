"""IPsec states (security associations): XFRM_MSG_NEWSA and its kin (linux/xfrm.h)."""

from nldissect.wire import NETLINK_XFRM, U8, U32, Addr, Attrs, Be16, Flags, Message, Pad, Struct, bind_message

from ..common import IPPROTO
from .attributes import USERSA_ID, USERSA_INFO, XFRMA, usersa_id, usersa_info, xfrm_dump
from .common import xfrm_selector


class XFRM_AE(Flags):
    RTHR = 0x01
    RVAL = 0x02
    LVAL = 0x04
    ETHR = 0x08
    CR   = 0x10
    CE   = 0x20
    CU   = 0x40


class xfrm_usersa_info(Message):
    fields_desc = [*USERSA_INFO, Attrs("attrs", XFRMA)]
    summary = (
        "src {xfrm_usersa_info.saddr} dst {id.daddr} proto {id.proto} spi {id.spi} reqid {xfrm_usersa_info.reqid}"
        " mode {xfrm_usersa_info.mode}"
        "[ if_id {XFRMA_IF_ID}][ aead {XFRMA_ALG_AEAD.alg_name}][ enc {XFRMA_ALG_CRYPT.alg_name}]"
        "[ auth {XFRMA_ALG_AUTH_TRUNC.alg_name|XFRMA_ALG_AUTH.alg_name}][ comp {XFRMA_ALG_COMP.alg_name}]"
    )


class xfrm_usersa_id(Message):
    fields_desc = [*USERSA_ID, Attrs("attrs", XFRMA)]
    summary = "[src {XFRMA_SRCADDR} ]dst {xfrm_usersa_id.daddr} proto {xfrm_usersa_id.proto} spi {xfrm_usersa_id.spi}"


class xfrm_userspi_info(Message):
    fields_desc = [
        Struct.of("info", usersa_info), U32.of("min", base=16), U32.of("max", base=16), Attrs("attrs", XFRMA),
    ]
    summary = "dst {id.daddr} proto {id.proto} reqid {info.reqid} spi {min} to {max}"


class xfrm_user_expire(Message):
    fields_desc = [Struct.of("state", usersa_info), U8.of("hard"), Pad.of("__pad", 7), Attrs("attrs", XFRMA)]
    summary = "dst {id.daddr} proto {id.proto} spi {id.spi} reqid {state.reqid} hard {hard}"


class xfrm_aevent_id(Message):
    fields_desc = [
        Struct.of("sa_id", usersa_id), Addr.of("saddr", 16, family="family"), U32.of("flags", XFRM_AE), U32.of("reqid"),
        Attrs("attrs", XFRMA),
    ]
    summary = (
        "dst {sa_id.daddr} proto {sa_id.proto} spi {sa_id.spi} reqid {xfrm_aevent_id.reqid}"
        "[ flags {xfrm_aevent_id.flags}]"
    )


class xfrm_usersa_flush(Message):
    fields_desc = [U8.of("proto", IPPROTO, silent=(0,)), Pad.of("__pad", 3), Attrs("attrs", XFRMA)]
    summary = 'proto {xfrm_usersa_flush.proto|"any"}'          # xfrm_id_proto_match in include/net/xfrm.h


class xfrm_user_mapping(Message):
    fields_desc = [
        Struct.of("id", usersa_id), U32.of("reqid"), Addr.of("old_saddr", 16, family="family"),
        Addr.of("new_saddr", 16, family="family"), Be16.of("old_sport"), Be16.of("new_sport"), Attrs("attrs", XFRMA),
    ]
    summary = (
        "dst {id.daddr} spi {id.spi} reqid {xfrm_user_mapping.reqid} src {xfrm_user_mapping.old_saddr}:{old_sport}"
        " -> {xfrm_user_mapping.new_saddr}:{new_sport}"
    )


class xfrm_user_report(Message):
    fields_desc = [U8.of("proto", IPPROTO), Pad.of("__pad", 3), Struct.of("sel", xfrm_selector), Attrs("attrs", XFRMA)]
    summary = (
        "proto {xfrm_user_report.proto} src {sel.saddr}/{sel.prefixlen_s} dst {sel.daddr}/{sel.prefixlen_d}"
    )


bind_message(xfrm_usersa_info, NETLINK_XFRM, XFRM_MSG_NEWSA=0x10, XFRM_MSG_UPDSA=0x1A)
bind_message(xfrm_usersa_id, NETLINK_XFRM, XFRM_MSG_DELSA=0x11, XFRM_MSG_GETSA=0x12)
bind_message(xfrm_dump, NETLINK_XFRM, to="kernel", size=(0, 8, 40, 48), XFRM_MSG_GETSA=0x12)
bind_message(xfrm_userspi_info, NETLINK_XFRM, XFRM_MSG_ALLOCSPI=0x16)
bind_message(xfrm_user_expire, NETLINK_XFRM, XFRM_MSG_EXPIRE=0x18)
bind_message(xfrm_usersa_flush, NETLINK_XFRM, XFRM_MSG_FLUSHSA=0x1C)
bind_message(xfrm_aevent_id, NETLINK_XFRM, XFRM_MSG_NEWAE=0x1E, XFRM_MSG_GETAE=0x1F)
bind_message(xfrm_user_report, NETLINK_XFRM, XFRM_MSG_REPORT=0x20)
bind_message(xfrm_user_mapping, NETLINK_XFRM, XFRM_MSG_MAPPING=0x26)
