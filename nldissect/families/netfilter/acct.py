"""Accounting objects (linux/netfilter/nfnetlink_acct.h)."""

from nldissect.wire import (
    NETLINK_NETFILTER,
    Attrs,
    AttrSet,
    Be32,
    Be64,
    Flags,
    Message,
    Nest,
    Pad,
    Text,
    bind_message,
)

from .nfnetlink import NFGENMSG


class NFACCT_F(Flags):
    QUOTA_PKTS  = 0x1
    QUOTA_BYTES = 0x2
    OVERQUOTA   = 0x4


class NFACCT_FILTER(AttrSet):
    MASK  = Be32(1, NFACCT_F)
    VALUE = Be32(2, NFACCT_F)


class NFACCT(AttrSet):
    NAME   = Text(1)
    PKTS   = Be64(2)
    BYTES  = Be64(3)
    USE    = Be32(4)
    FLAGS  = Be32(5, NFACCT_F)
    QUOTA  = Be64(6)
    FILTER = Nest(7, NFACCT_FILTER)
    PAD    = Pad(8)


class nfacct(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", NFACCT)]
    summary = "[{NFACCT_NAME}] [packets {NFACCT_PKTS}] [bytes {NFACCT_BYTES}] [quota {NFACCT_QUOTA}] " \
              "[flags {NFACCT_FLAGS}] [use {NFACCT_USE}]"


bind_message(nfacct, NETLINK_NETFILTER, NFNL_MSG_ACCT_NEW=0x700, NFNL_MSG_ACCT_GET=0x701,
             NFNL_MSG_ACCT_GET_CTRZERO=0x702, NFNL_MSG_ACCT_DEL=0x703, NFNL_MSG_ACCT_OVERQUOTA=0x704)
