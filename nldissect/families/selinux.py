"""NETLINK_SELINUX: SELinux tells that its mode changed or a policy was loaded (linux/selinux_netlink.h)."""

from nldissect.wire import NETLINK_SELINUX, S32, U32, Message, bind_message


class selnl_msg_setenforce(Message):
    fields_desc = [S32.of("val")]
    summary = "enforcing {val}"


class selnl_msg_policyload(Message):
    fields_desc = [U32.of("seqno")]
    summary = "policy {seqno}"


bind_message(selnl_msg_setenforce, NETLINK_SELINUX, SELNL_MSG_SETENFORCE=0x10)
bind_message(selnl_msg_policyload, NETLINK_SELINUX, SELNL_MSG_POLICYLOAD=0x11)
