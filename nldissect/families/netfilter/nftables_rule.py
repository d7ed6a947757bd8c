"""nftables: rules, and the trace of packets through them (linux/netfilter/nf_tables.h, libnftnl/udata.h)."""

from nldissect.wire import (
    NETLINK_NETFILTER,
    U32,
    Attrs,
    AttrSet,
    Be16,
    Be32,
    Be64,
    Blob,
    Enum,
    Flags,
    Inside,
    Message,
    Nest,
    Pad,
    Text,
    Tlv,
    bind_attrs,
    bind_message,
)

from ..common import ARPHRD, IPPROTO
from .nfnetlink import NFGENMSG, NFPROTO
from .nftables_data import NFT_VERDICT, NFTA_LIST, NFTA_VERDICT


class NFT_RULE_COMPAT_F(Flags):
    UNUSED = 0x1
    INV    = 0x2


class NFTA_RULE_COMPAT(AttrSet):
    PROTO = Be32(1, IPPROTO)
    FLAGS = Be32(2, NFT_RULE_COMPAT_F)


# Bridges have an Ethernet type here, as a number in network order that was swapped once more.
bind_attrs(NFTA_RULE_COMPAT.PROTO, Be32(None, base=16), nfgen_family=NFPROTO.BRIDGE)


class NFTNL_UDATA_RULE(AttrSet):
    COMMENT         = Text(0)
    EBTABLES_POLICY = U32(1)


class NFTA_RULE(AttrSet):
    TABLE       = Text(1)
    CHAIN       = Text(2)
    HANDLE      = Be64(3)
    EXPRESSIONS = Nest(4, NFTA_LIST)
    COMPAT      = Nest(5, NFTA_RULE_COMPAT)
    POSITION    = Be64(6)
    USERDATA    = Tlv(7, "BB", NFTNL_UDATA_RULE)
    PAD         = Pad(8)
    ID          = Be32(9)
    POSITION_ID = Be32(10)
    CHAIN_ID    = Be32(11)


class nft_rule(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", NFTA_RULE)]
    summary = "rule {nfgen_family} {NFTA_RULE_TABLE} [{NFTA_RULE_CHAIN}] [handle {NFTA_RULE_HANDLE}] " \
              "[after {NFTA_RULE_POSITION}] [expressions {NFTA_EXPR_NAME*}] " \
              "[sets {NFTA_LOOKUP_SET*}] [updates {NFTA_DYNSET_SET_NAME*}] [objects {NFTA_OBJREF_IMM_NAME*}] " \
              "[packets {NFTA_COUNTER_PACKETS} bytes {NFTA_COUNTER_BYTES}] [log {NFTA_LOG_PREFIX}] " \
              "[verdict {NFTA_VERDICT_CODE}] [to {NFTA_VERDICT_CHAIN}] [comment {NFTNL_UDATA_RULE_COMMENT}]"


class NFT_TRACETYPE(Enum):
    UNSPEC = 0
    POLICY = 1
    RETURN = 2
    RULE   = 3


class NFTA_TRACE(AttrSet):
    TABLE            = Text(1)
    CHAIN            = Text(2)
    RULE_HANDLE      = Be64(3)
    TYPE             = Be32(4, NFT_TRACETYPE)
    VERDICT          = Nest(5, NFTA_VERDICT)
    ID               = Be32(6, base=16)     # an opaque number, as nft prints it
    LL_HEADER        = Blob(7, "the start of the packet's link-layer header")
    NETWORK_HEADER   = Blob(8, "the start of the packet's network header")
    TRANSPORT_HEADER = Blob(9, "the start of the packet's transport header")
    IIF              = Be32(10, refers="interface")
    IIFTYPE          = Be16(11, ARPHRD)
    OIF              = Be32(12, refers="interface")
    OIFTYPE          = Be16(13, ARPHRD)
    MARK             = Be32(14)
    NFPROTO          = Be32(15, NFPROTO)
    POLICY           = Be32(16, NFT_VERDICT)
    PAD              = Pad(17)


bind_attrs(NFTA_TRACE.LL_HEADER, Inside(None, "scapy.layers.l2:Ether"), IIFTYPE=ARPHRD.ETHER)
bind_attrs(NFTA_TRACE.NETWORK_HEADER, Inside(None, "scapy.layers.inet:IP"), nfgen_family=NFPROTO.IPV4)
bind_attrs(NFTA_TRACE.NETWORK_HEADER, Inside(None, "scapy.layers.inet6:IPv6"), nfgen_family=NFPROTO.IPV6)


class nft_trace(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", NFTA_TRACE)]
    summary = "trace id {NFTA_TRACE_ID} {nfgen_family} {NFTA_TRACE_TABLE} [{NFTA_TRACE_CHAIN}] {NFTA_TRACE_TYPE} " \
              "[handle {NFTA_TRACE_RULE_HANDLE}] [verdict {NFTA_VERDICT_CODE}] [to {NFTA_VERDICT_CHAIN}] " \
              "[policy {NFTA_TRACE_POLICY}] [iif {NFTA_TRACE_IIF}] [oif {NFTA_TRACE_OIF}] [mark {NFTA_TRACE_MARK}]"


bind_message(nft_rule, NETLINK_NETFILTER, NFT_MSG_NEWRULE=0xA06, NFT_MSG_GETRULE=0xA07, NFT_MSG_DELRULE=0xA08,
             NFT_MSG_GETRULE_RESET=0xA19, NFT_MSG_DESTROYRULE=0xA1C)
bind_message(nft_trace, NETLINK_NETFILTER, NFT_MSG_TRACE=0xA11)
