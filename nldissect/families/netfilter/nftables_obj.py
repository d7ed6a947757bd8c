"""nftables: named objects and flowtables (linux/netfilter/nf_tables.h, libnftnl/udata.h)."""

from nldissect.wire import (
    NETLINK_NETFILTER,
    U8,
    U32,
    Addr,
    Attrs,
    AttrSet,
    Be16,
    Be32,
    Be64,
    BeS32,
    Blob,
    Flags,
    Message,
    Nest,
    Pad,
    Text,
    Tlv,
    bind_attrs,
    bind_message,
)

from ..common import IPPROTO
from .nfnetlink import NF_NETDEV, NFGENMSG, NFPROTO
from .nftables import NFTA_DEVICE
from .nftables_data import NFT_OBJECT
from .nftables_state import NFTA_CONNLIMIT, NFTA_COUNTER, NFTA_LIMIT, NFTA_QUOTA, NFTA_SECMARK, NFTA_SYNPROXY


class NFTNL_UDATA_OBJ(AttrSet):
    COMMENT = Text(0)


class NFTA_OBJ(AttrSet):
    TABLE    = Text(1)
    NAME     = Text(2)
    TYPE     = Be32(3, NFT_OBJECT)
    DATA     = Nest(4)
    USE      = Be32(5)
    HANDLE   = Be64(6)
    PAD      = Pad(7)
    USERDATA = Tlv(8, "BB", NFTNL_UDATA_OBJ)


class NFTA_CT_HELPER(AttrSet):
    NAME    = Text(1)
    L3PROTO = Be16(2, NFPROTO)
    L4PROTO = U8(3, IPPROTO)


class NFTA_CT_TIMEOUT(AttrSet):
    L3PROTO = Be16(1, NFPROTO)
    L4PROTO = U8(2, IPPROTO)
    DATA    = Nest(3)


class NFTA_CT_EXPECT(AttrSet):
    L3PROTO = Be16(1, NFPROTO)
    L4PROTO = U8(2, IPPROTO)
    DPORT   = Be16(3)
    TIMEOUT = U32(4)                        # host order, unlike its neighbours
    SIZE    = U8(5)


class NFTA_TUNNEL_KEY_IP(AttrSet):
    SRC = Addr(1)
    DST = Addr(2)


class NFTA_TUNNEL_KEY_IP6(AttrSet):
    SRC       = Addr(1)
    DST       = Addr(2)
    FLOWLABEL = Be32(3)


class NFTA_TUNNEL_KEY_VXLAN(AttrSet):
    GBP = Be32(1)


class NFTA_TUNNEL_KEY_ERSPAN(AttrSet):
    VERSION  = Be32(1)
    V1_INDEX = Be32(2)
    V2_HWID  = U8(3)
    V2_DIR   = U8(4)


class NFTA_TUNNEL_KEY_GENEVE(AttrSet):
    CLASS = Be16(1)
    TYPE  = U8(2)
    DATA  = Blob(3, "option data, defined by the option's class and type")


class NFTA_TUNNEL_KEY_OPTS(AttrSet):
    VXLAN  = Nest(1, NFTA_TUNNEL_KEY_VXLAN)
    ERSPAN = Nest(2, NFTA_TUNNEL_KEY_ERSPAN)
    GENEVE = Nest(3, NFTA_TUNNEL_KEY_GENEVE)


class NFT_TUNNEL_F(Flags):
    ZERO_CSUM_TX  = 0x1
    DONT_FRAGMENT = 0x2
    SEQ_NUMBER    = 0x4


class NFTA_TUNNEL_KEY(AttrSet):
    ID    = Be32(1)
    IP    = Nest(2, NFTA_TUNNEL_KEY_IP)
    IP6   = Nest(3, NFTA_TUNNEL_KEY_IP6)
    FLAGS = Be32(4, NFT_TUNNEL_F)
    TOS   = U8(5)
    TTL   = U8(6)
    SPORT = Be16(7)
    DPORT = Be16(8)
    OPTS  = Nest(9, NFTA_TUNNEL_KEY_OPTS)


bind_attrs(NFTA_OBJ.DATA, NFTA_COUNTER, TYPE=NFT_OBJECT.COUNTER)
bind_attrs(NFTA_OBJ.DATA, NFTA_QUOTA, TYPE=NFT_OBJECT.QUOTA)
bind_attrs(NFTA_OBJ.DATA, NFTA_CT_HELPER, TYPE=NFT_OBJECT.CT_HELPER)
bind_attrs(NFTA_OBJ.DATA, NFTA_LIMIT, TYPE=NFT_OBJECT.LIMIT)
bind_attrs(NFTA_OBJ.DATA, NFTA_CONNLIMIT, TYPE=NFT_OBJECT.CONNLIMIT)
bind_attrs(NFTA_OBJ.DATA, NFTA_TUNNEL_KEY, TYPE=NFT_OBJECT.TUNNEL)
bind_attrs(NFTA_OBJ.DATA, NFTA_CT_TIMEOUT, TYPE=NFT_OBJECT.CT_TIMEOUT)
bind_attrs(NFTA_OBJ.DATA, NFTA_SECMARK, TYPE=NFT_OBJECT.SECMARK)
bind_attrs(NFTA_OBJ.DATA, NFTA_CT_EXPECT, TYPE=NFT_OBJECT.CT_EXPECT)
bind_attrs(NFTA_OBJ.DATA, NFTA_SYNPROXY, TYPE=NFT_OBJECT.SYNPROXY)


class nft_object(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", NFTA_OBJ)]
    summary = "object {nfgen_family} [{NFTA_OBJ_TABLE}] [{NFTA_OBJ_NAME}] [type {NFTA_OBJ_TYPE}] " \
              "[handle {NFTA_OBJ_HANDLE}] [packets {NFTA_COUNTER_PACKETS}] " \
              "[bytes {NFTA_COUNTER_BYTES|NFTA_QUOTA_BYTES}] [used {NFTA_QUOTA_CONSUMED}] " \
              "[use {NFTA_OBJ_USE}] [comment {NFTNL_UDATA_OBJ_COMMENT}]"


class NFT_FLOWTABLE(Flags):
    HW_OFFLOAD = 0x1
    COUNTER    = 0x2


class NFTA_FLOWTABLE_HOOK(AttrSet):
    NUM      = Be32(1, NF_NETDEV)
    PRIORITY = BeS32(2)
    DEVS     = Nest(3, NFTA_DEVICE)


class NFTA_FLOWTABLE(AttrSet):
    TABLE  = Text(1)
    NAME   = Text(2)
    HOOK   = Nest(3, NFTA_FLOWTABLE_HOOK)
    USE    = Be32(4)
    HANDLE = Be64(5)
    PAD    = Pad(6)
    FLAGS  = Be32(7, NFT_FLOWTABLE)


class nft_flowtable(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", NFTA_FLOWTABLE)]
    summary = "flowtable {nfgen_family} {NFTA_FLOWTABLE_TABLE} [{NFTA_FLOWTABLE_NAME}] " \
              "[handle {NFTA_FLOWTABLE_HANDLE}] [hook {NFTA_FLOWTABLE_HOOK_NUM}] " \
              "[priority {NFTA_FLOWTABLE_HOOK_PRIORITY}] [devices {NFTA_DEVICE_NAME}] [flags {NFTA_FLOWTABLE_FLAGS}] " \
              "[use {NFTA_FLOWTABLE_USE}]"


bind_message(nft_object, NETLINK_NETFILTER, NFT_MSG_NEWOBJ=0xA12, NFT_MSG_GETOBJ=0xA13, NFT_MSG_DELOBJ=0xA14,
             NFT_MSG_GETOBJ_RESET=0xA15, NFT_MSG_DESTROYOBJ=0xA1F)
bind_message(nft_flowtable, NETLINK_NETFILTER, NFT_MSG_NEWFLOWTABLE=0xA16, NFT_MSG_GETFLOWTABLE=0xA17,
             NFT_MSG_DELFLOWTABLE=0xA18, NFT_MSG_DESTROYFLOWTABLE=0xA20)
