"""IPsec policies: XFRM_MSG_NEWPOLICY and its kin, acquisitions, migration, defaults (linux/xfrm.h)."""

from nldissect.wire import NETLINK_XFRM, U8, U16, U32, Addr, Attrs, Enum, Flags, Message, Pad, Struct, bind_message

from ..common import AF
from .attributes import USERPOLICY_INFO, XFRMA, userpolicy_info, usersa_id, xfrm_dump
from .common import XFRM_POLICY, xfrm_id, xfrm_mark, xfrm_selector


class XFRM_USERPOLICY(Enum):
    UNSPEC = 0
    BLOCK  = 1
    ACCEPT = 2


class XFRM_MIGRATE_STATE(Flags):
    CLEAR_OFFLOAD  = 1
    UPDATE_H2H_SEL = 2


class xfrm_userpolicy_info(Message):
    fields_desc = [*USERPOLICY_INFO, Attrs("attrs", XFRMA)]
    summary = (
        "src {sel.saddr}/{sel.prefixlen_s} dst {sel.daddr}/{sel.prefixlen_d} dir {xfrm_userpolicy_info.dir}"
        " action {xfrm_userpolicy_info.action} priority {xfrm_userpolicy_info.priority}"
        "[ if_id {XFRMA_IF_ID}][ templates {XFRMA_TMPL#}]"
    )


class xfrm_userpolicy_id(Message):
    fields_desc = [
        Struct.of("sel", xfrm_selector), U32.of("index"), U8.of("dir", XFRM_POLICY), Pad.of("__pad", 3),
        Attrs("attrs", XFRMA),
    ]
    summary = (
        "src {sel.saddr}/{sel.prefixlen_s} dst {sel.daddr}/{sel.prefixlen_d} dir {xfrm_userpolicy_id.dir}"
        " index {xfrm_userpolicy_id.index}"
    )


class xfrm_user_acquire(Message):
    fields_desc = [
        Struct.of("id", xfrm_id), Addr.of("saddr", 16, family="family"), Struct.of("sel", xfrm_selector),
        Struct.of("policy", userpolicy_info), U32.of("aalgos", base=16), U32.of("ealgos", base=16),
        U32.of("calgos", base=16), U32.of("seq", base=16), Attrs("attrs", XFRMA),
    ]
    summary = (
        "src {xfrm_user_acquire.saddr} dst {id.daddr} proto {id.proto} sel {sel.saddr}/{sel.prefixlen_s} to"
        " {sel.daddr}/{sel.prefixlen_d} dir {policy.dir} index {policy.index} seq {xfrm_user_acquire.seq}"
    )


class xfrm_user_polexpire(Message):
    fields_desc = [Struct.of("pol", userpolicy_info), U8.of("hard"), Pad.of("__pad", 7), Attrs("attrs", XFRMA)]
    summary = (
        "src {pol.sel.saddr}/{pol.sel.prefixlen_s} dst {pol.sel.daddr}/{pol.sel.prefixlen_d} dir {pol.dir}"
        " index {pol.index} hard {hard}"
    )


class xfrm_migrate(Message):
    """struct xfrm_userpolicy_id, with old and new addresses in the attributes."""

    fields_desc = xfrm_userpolicy_id.fields_desc
    summary = (
        "src {sel.saddr}/{sel.prefixlen_s} dst {sel.daddr}/{sel.prefixlen_d} dir {xfrm_migrate.dir}"
        "[ {old_saddr} {old_daddr} -> {new_saddr} {new_daddr}]"
    )


class xfrm_user_migrate_state(Message):
    fields_desc = [
        Struct.of("id", usersa_id), Addr.of("new_daddr", 16, family="new_family"),
        Addr.of("new_saddr", 16, family="new_family"), Struct.of("old_mark", xfrm_mark),
        Struct.of("new_sel", xfrm_selector), U32.of("new_reqid"), U32.of("flags", XFRM_MIGRATE_STATE),
        U16.of("new_family", AF), U16.of("reserved"), Attrs("attrs", XFRMA),
    ]
    summary = (
        "dst {id.daddr} spi {id.spi} -> {xfrm_user_migrate_state.new_saddr} {xfrm_user_migrate_state.new_daddr}"
        " reqid {new_reqid}[ flags {xfrm_user_migrate_state.flags}]"
    )


class xfrm_userpolicy_default(Message):
    fields_desc = [
        U8.of("in_", XFRM_USERPOLICY), U8.of("fwd", XFRM_USERPOLICY), U8.of("out", XFRM_USERPOLICY), Pad.of("__pad", 1),
    ]
    summary = "[in {in}] [fwd {fwd}] [out {out}]"


bind_message(xfrm_userpolicy_info, NETLINK_XFRM, XFRM_MSG_NEWPOLICY=0x13, XFRM_MSG_UPDPOLICY=0x19)
bind_message(xfrm_userpolicy_id, NETLINK_XFRM, XFRM_MSG_DELPOLICY=0x14, XFRM_MSG_GETPOLICY=0x15)
bind_message(xfrm_user_acquire, NETLINK_XFRM, XFRM_MSG_ACQUIRE=0x17)
bind_message(xfrm_user_polexpire, NETLINK_XFRM, XFRM_MSG_POLEXPIRE=0x1B)
bind_message(xfrm_dump, NETLINK_XFRM, XFRM_MSG_FLUSHPOLICY=0x1D)
bind_message(xfrm_dump, NETLINK_XFRM, to="kernel", size=0, XFRM_MSG_GETPOLICY=0x15)
bind_message(xfrm_migrate, NETLINK_XFRM, XFRM_MSG_MIGRATE=0x21)
bind_message(xfrm_userpolicy_default, NETLINK_XFRM, XFRM_MSG_SETDEFAULT=0x27, XFRM_MSG_GETDEFAULT=0x28)
bind_message(xfrm_user_migrate_state, NETLINK_XFRM, XFRM_MSG_MIGRATE_STATE=0x29)
