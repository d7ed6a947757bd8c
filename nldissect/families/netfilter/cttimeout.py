"""Connection tracking: named timeout policies (linux/netfilter/nfnetlink_cttimeout.h)."""

from nldissect.wire import (
    NETLINK_NETFILTER,
    U8,
    Attrs,
    AttrSet,
    Be16,
    Be32,
    Message,
    Nest,
    Text,
    bind_attrs,
    bind_message,
)

from ..common import IPPROTO
from .nfnetlink import NFGENMSG, NFPROTO
from .nftables_obj import NFTA_CT_TIMEOUT


class CTA_TIMEOUT(AttrSet):
    NAME    = Text(1)
    L3PROTO = Be16(2, NFPROTO)
    L4PROTO = U8(3, IPPROTO)
    DATA    = Nest(4)
    USE     = Be32(5)


class CTA_TIMEOUT_GENERIC(AttrSet):
    TIMEOUT = Be32(1, measure="s")


class CTA_TIMEOUT_TCP(AttrSet):
    SYN_SENT    = Be32(1, measure="s")
    SYN_RECV    = Be32(2, measure="s")
    ESTABLISHED = Be32(3, measure="s")
    FIN_WAIT    = Be32(4, measure="s")
    CLOSE_WAIT  = Be32(5, measure="s")
    LAST_ACK    = Be32(6, measure="s")
    TIME_WAIT   = Be32(7, measure="s")
    CLOSE       = Be32(8, measure="s")
    SYN_SENT2   = Be32(9, measure="s")
    RETRANS     = Be32(10, measure="s")
    UNACK       = Be32(11, measure="s")


class CTA_TIMEOUT_UDP(AttrSet):
    UNREPLIED = Be32(1, measure="s")
    REPLIED   = Be32(2, measure="s")


class CTA_TIMEOUT_UDPLITE(AttrSet):
    UNREPLIED = Be32(1, measure="s")
    REPLIED   = Be32(2, measure="s")


class CTA_TIMEOUT_ICMP(AttrSet):
    TIMEOUT = Be32(1, measure="s")


class CTA_TIMEOUT_DCCP(AttrSet):
    REQUEST  = Be32(1, measure="s")
    RESPOND  = Be32(2, measure="s")
    PARTOPEN = Be32(3, measure="s")
    OPEN     = Be32(4, measure="s")
    CLOSEREQ = Be32(5, measure="s")
    CLOSING  = Be32(6, measure="s")
    TIMEWAIT = Be32(7, measure="s")


class CTA_TIMEOUT_SCTP(AttrSet):
    CLOSED            = Be32(1, measure="s")
    COOKIE_WAIT       = Be32(2, measure="s")
    COOKIE_ECHOED     = Be32(3, measure="s")
    ESTABLISHED       = Be32(4, measure="s")
    SHUTDOWN_SENT     = Be32(5, measure="s")
    SHUTDOWN_RECD     = Be32(6, measure="s")
    SHUTDOWN_ACK_SENT = Be32(7, measure="s")
    HEARTBEAT_SENT    = Be32(8, measure="s")
    HEARTBEAT_ACKED   = Be32(9, measure="s")


class CTA_TIMEOUT_ICMPV6(AttrSet):
    TIMEOUT = Be32(1, measure="s")


class CTA_TIMEOUT_GRE(AttrSet):
    UNREPLIED = Be32(1, measure="s")
    REPLIED   = Be32(2, measure="s")


for row in (CTA_TIMEOUT.DATA, NFTA_CT_TIMEOUT.DATA):
    bind_attrs(row, CTA_TIMEOUT_ICMP, L4PROTO=IPPROTO.ICMP)
    bind_attrs(row, CTA_TIMEOUT_TCP, L4PROTO=IPPROTO.TCP)
    bind_attrs(row, CTA_TIMEOUT_UDP, L4PROTO=IPPROTO.UDP)
    bind_attrs(row, CTA_TIMEOUT_DCCP, L4PROTO=IPPROTO.DCCP)
    bind_attrs(row, CTA_TIMEOUT_GRE, L4PROTO=IPPROTO.GRE)
    bind_attrs(row, CTA_TIMEOUT_ICMPV6, L4PROTO=IPPROTO.ICMPV6)
    bind_attrs(row, CTA_TIMEOUT_SCTP, L4PROTO=IPPROTO.SCTP)
    bind_attrs(row, CTA_TIMEOUT_UDPLITE, L4PROTO=IPPROTO.UDPLITE)
    bind_attrs(row, CTA_TIMEOUT_GENERIC)


class nf_ct_timeout(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", CTA_TIMEOUT)]
    summary = "[{CTA_TIMEOUT_NAME}] [{CTA_TIMEOUT_L3PROTO}] [{CTA_TIMEOUT_L4PROTO}] [use {CTA_TIMEOUT_USE}]"


bind_message(nf_ct_timeout, NETLINK_NETFILTER, IPCTNL_MSG_TIMEOUT_NEW=0x800, IPCTNL_MSG_TIMEOUT_GET=0x801,
             IPCTNL_MSG_TIMEOUT_DELETE=0x802, IPCTNL_MSG_TIMEOUT_DEFAULT_SET=0x803,
             IPCTNL_MSG_TIMEOUT_DEFAULT_GET=0x804)
