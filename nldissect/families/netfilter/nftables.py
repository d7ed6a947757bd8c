"""nftables: tables, chains and the ruleset's generation (linux/netfilter/nf_tables.h, libnftnl/udata.h)."""

from nldissect.wire import (
    NETLINK_NETFILTER,
    U8,
    Array,
    Attrs,
    AttrSet,
    Be32,
    Be64,
    BeS32,
    Flags,
    Message,
    Nest,
    Pad,
    Text,
    Tlv,
    bind_attrs,
    bind_counter,
    bind_message,
)

from .nfnetlink import NF_ARP, NF_BR, NF_INET, NF_NETDEV, NFGENMSG, NFPROTO
from .nftables_data import NFT_VERDICT
from .nftables_state import NFTA_COUNTER


class NFT_TABLE_F(Flags):
    DORMANT = 0x1
    OWNER   = 0x2
    PERSIST = 0x4


class NFTNL_UDATA_TABLE(AttrSet):
    COMMENT = Text(0)
    NFTVER  = Array(1, U8)
    NFTBLD  = Array(2, U8)


class NFTA_TABLE(AttrSet):
    NAME     = Text(1)
    FLAGS    = Be32(2, NFT_TABLE_F)
    USE      = Be32(3)
    HANDLE   = Be64(4)
    PAD      = Pad(5)
    USERDATA = Tlv(6, "BB", NFTNL_UDATA_TABLE)
    OWNER    = Be32(7)


class nft_table(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", NFTA_TABLE)]
    # nf_tables_deltable in net/netfilter/nf_tables_api.c
    summary = "[{?nlmsg_type=NFT_MSG_DELTABLE}{?to=kernel}{?nfgen_family=NFPROTO_UNSPEC}flush ruleset] " \
              "[{?nlmsg_type=NFT_MSG_DELTABLE}{?to=kernel}{!NFTA_TABLE_NAME}{!NFTA_TABLE_HANDLE}" \
              "flush ruleset {nfgen_family}] " \
              "[{?nlmsg_type=NFT_MSG_GETTABLE}{!NFTA_TABLE_NAME}table[ {nfgen_family}] ] " \
              "[{!nlmsg_type=NFT_MSG_GETTABLE}{!NFTA_TABLE_NAME}{?NFTA_TABLE_HANDLE}table {nfgen_family}] " \
              "[table {nfgen_family} {NFTA_TABLE_NAME}] [handle {NFTA_TABLE_HANDLE}] [flags {NFTA_TABLE_FLAGS}] " \
              "[owner {NFTA_TABLE_OWNER}] [use {NFTA_TABLE_USE}] [comment {NFTNL_UDATA_TABLE_COMMENT}]"


class NFT_CHAIN(Flags):
    BASE       = 0x1
    HW_OFFLOAD = 0x2
    BINDING    = 0x4


class NFTA_DEVICE(AttrSet):
    NAME   = Text(1, many=True)
    PREFIX = Text(2, many=True)


class NFTA_HOOK(AttrSet):
    HOOKNUM  = Be32(1, NF_INET)
    PRIORITY = BeS32(2)
    DEV      = Text(3)
    DEVS     = Nest(4, NFTA_DEVICE)


bind_attrs(NFTA_HOOK.HOOKNUM, Be32(None, NF_BR), nfgen_family=NFPROTO.BRIDGE)
bind_attrs(NFTA_HOOK.HOOKNUM, Be32(None, NF_ARP), nfgen_family=NFPROTO.ARP)
bind_attrs(NFTA_HOOK.HOOKNUM, Be32(None, NF_NETDEV), nfgen_family=NFPROTO.NETDEV)


class NFTNL_UDATA_CHAIN(AttrSet):
    COMMENT = Text(0)


class NFTA_CHAIN(AttrSet):
    TABLE    = Text(1)
    HANDLE   = Be64(2)
    NAME     = Text(3)
    HOOK     = Nest(4, NFTA_HOOK)
    POLICY   = Be32(5, NFT_VERDICT)
    USE      = Be32(6)
    TYPE     = Text(7)
    COUNTERS = Nest(8, NFTA_COUNTER)
    PAD      = Pad(9)
    FLAGS    = Be32(10, NFT_CHAIN)
    ID       = Be32(11)
    USERDATA = Tlv(12, "BB", NFTNL_UDATA_CHAIN)


class nft_chain(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", NFTA_CHAIN)]
    summary = "chain {nfgen_family} {NFTA_CHAIN_TABLE} [{NFTA_CHAIN_NAME}] [handle {NFTA_CHAIN_HANDLE}] " \
              "[type {NFTA_CHAIN_TYPE}] [hook {NFTA_HOOK_HOOKNUM}] [device {NFTA_HOOK_DEV}] " \
              "[priority {NFTA_HOOK_PRIORITY}] [policy {NFTA_CHAIN_POLICY}] [flags {NFTA_CHAIN_FLAGS}] " \
              "[use {NFTA_CHAIN_USE}] [comment {NFTNL_UDATA_CHAIN_COMMENT}]"


class NFTA_GEN(AttrSet):
    ID        = Be32(1)
    PROC_PID  = Be32(2)
    PROC_NAME = Text(3)


class nft_gen(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", NFTA_GEN)]
    summary = "[generation {NFTA_GEN_ID}] [by {NFTA_GEN_PROC_NAME}] [pid {NFTA_GEN_PROC_PID}]"


bind_message(nft_table, NETLINK_NETFILTER, NFT_MSG_NEWTABLE=0xA00, NFT_MSG_GETTABLE=0xA01, NFT_MSG_DELTABLE=0xA02,
             NFT_MSG_DESTROYTABLE=0xA1A)
bind_message(nft_chain, NETLINK_NETFILTER, NFT_MSG_NEWCHAIN=0xA03, NFT_MSG_GETCHAIN=0xA04, NFT_MSG_DELCHAIN=0xA05,
             NFT_MSG_DESTROYCHAIN=0xA1B)
bind_message(nft_gen, NETLINK_NETFILTER, NFT_MSG_NEWGEN=0xA0F, NFT_MSG_GETGEN=0xA10)

# Nobody is told of a generation where nobody listens.
bind_counter(NETLINK_NETFILTER, "NFT_MSG_NEWGEN", field="NFTA_GEN_ID", what="generations of the rule set", lost=False)
