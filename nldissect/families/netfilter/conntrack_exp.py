"""Connection tracking: expected connections (linux/netfilter/nfnetlink_conntrack.h, nf_conntrack_common.h)."""

from nldissect.wire import (
    NETLINK_NETFILTER,
    Attrs,
    AttrSet,
    Be16,
    Be32,
    Enum,
    Flags,
    Message,
    Nest,
    Text,
    bind_message,
)

from .conntrack import CTA_TUPLE
from .nfnetlink import NFGENMSG


class NF_CT_EXPECT(Flags):
    PERMANENT = 0x1
    INACTIVE  = 0x2
    USERSPACE = 0x4


class IP_CT_DIRECTION(Enum, prefix="IP_CT_DIR"):
    ORIGINAL = 0
    REPLY    = 1


class CTA_EXPECT_NAT(AttrSet):
    DIR   = Be32(1, IP_CT_DIRECTION)
    TUPLE = Nest(2, CTA_TUPLE)


class CTA_EXPECT(AttrSet):
    MASTER    = Nest(1, CTA_TUPLE)
    TUPLE     = Nest(2, CTA_TUPLE)
    MASK      = Nest(3, CTA_TUPLE)
    TIMEOUT   = Be32(4, measure="s")
    ID        = Be32(5)
    HELP_NAME = Text(6)
    ZONE      = Be16(7)
    FLAGS     = Be32(8, NF_CT_EXPECT)
    CLASS     = Be32(9)
    NAT       = Nest(10, CTA_EXPECT_NAT)
    FN        = Text(11)


class nf_conntrack_expect(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", CTA_EXPECT)]
    # ctnetlink_del_expect in net/netfilter/nf_conntrack_netlink.c
    summary = "[{?nlmsg_type=IPCTNL_MSG_EXP_DELETE}{?to=kernel}{!CTA_EXPECT_TUPLE}{!CTA_EXPECT_HELP_NAME}" \
              "all expectations] " \
              "[{CTA_EXPECT_TUPLE.CTA_PROTO_NUM}] " \
              "[{CTA_EXPECT_TUPLE.CTA_IP_V4_SRC|CTA_EXPECT_TUPLE.CTA_IP_V6_SRC}]" \
              "[ port {CTA_EXPECT_TUPLE.CTA_PROTO_SRC_PORT}]" \
              "[ -> {CTA_EXPECT_TUPLE.CTA_IP_V4_DST|CTA_EXPECT_TUPLE.CTA_IP_V6_DST}]" \
              "[ port {CTA_EXPECT_TUPLE.CTA_PROTO_DST_PORT}] [helper {CTA_EXPECT_HELP_NAME}] " \
              "[<{CTA_EXPECT_FLAGS}>] [timeout {CTA_EXPECT_TIMEOUT}] [id {CTA_EXPECT_ID}]"


class CTA_STATS_EXP(AttrSet):
    NEW    = Be32(1)
    CREATE = Be32(2)
    DELETE = Be32(3)


class nf_conntrack_expect_stats_cpu(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", CTA_STATS_EXP)]
    summary = "cpu {res_id} [new {CTA_STATS_EXP_NEW}] [create {CTA_STATS_EXP_CREATE}] [delete {CTA_STATS_EXP_DELETE}]"


bind_message(nf_conntrack_expect, NETLINK_NETFILTER, IPCTNL_MSG_EXP_NEW=0x200, IPCTNL_MSG_EXP_GET=0x201,
             IPCTNL_MSG_EXP_DELETE=0x202)
bind_message(nf_conntrack_expect_stats_cpu, NETLINK_NETFILTER, IPCTNL_MSG_EXP_GET_STATS_CPU=0x203)
# The kernel gives its answer the number of a connection message (ctnetlink_exp_stat_fill_info).
bind_message(nf_conntrack_expect_stats_cpu, NETLINK_NETFILTER, IPCTNL_MSG_CT_GET_CTRZERO=0x103, to="user")
