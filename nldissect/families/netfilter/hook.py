"""Which functions stand on which netfilter hook (linux/netfilter/nfnetlink_hook.h)."""

from nldissect.wire import (
    NETLINK_NETFILTER,
    U8,
    Attrs,
    AttrSet,
    Be32,
    BeS32,
    Enum,
    Message,
    Nest,
    Text,
    bind_attrs,
    bind_message,
)

from .nfnetlink import NF_ARP, NF_BR, NF_INET, NF_NETDEV, NFGENMSG, NFPROTO


class NFNL_HOOK_TYPE(Enum):
    NFTABLES      = 1
    BPF           = 2
    NFT_FLOWTABLE = 3


class NFNLA_CHAIN(AttrSet):
    TABLE  = Text(1)
    FAMILY = U8(2, NFPROTO)
    NAME   = Text(3)


class NFNLA_HOOK_BPF(AttrSet):
    ID = Be32(1)


class NFNLA_HOOK_INFO(AttrSet):
    DESC = Nest(1)
    TYPE = Be32(2, NFNL_HOOK_TYPE)


bind_attrs(NFNLA_HOOK_INFO.DESC, NFNLA_CHAIN, TYPE=(NFNL_HOOK_TYPE.NFTABLES, NFNL_HOOK_TYPE.NFT_FLOWTABLE))
bind_attrs(NFNLA_HOOK_INFO.DESC, NFNLA_HOOK_BPF, TYPE=NFNL_HOOK_TYPE.BPF)


class NFNLA_HOOK(AttrSet):
    HOOKNUM       = Be32(1, NF_INET)
    PRIORITY      = BeS32(2)
    DEV           = Text(3)
    FUNCTION_NAME = Text(4)
    MODULE_NAME   = Text(5)
    CHAIN_INFO    = Nest(6, NFNLA_HOOK_INFO)


bind_attrs(NFNLA_HOOK.HOOKNUM, Be32(None, NF_BR), nfgen_family=NFPROTO.BRIDGE)
bind_attrs(NFNLA_HOOK.HOOKNUM, Be32(None, NF_ARP), nfgen_family=NFPROTO.ARP)
bind_attrs(NFNLA_HOOK.HOOKNUM, Be32(None, NF_NETDEV), nfgen_family=NFPROTO.NETDEV)


class nfnl_hook(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", NFNLA_HOOK)]
    summary = "{nfgen_family} [hook {NFNLA_HOOK_HOOKNUM}] [dev {NFNLA_HOOK_DEV}] [priority {NFNLA_HOOK_PRIORITY}] " \
              "[{NFNLA_HOOK_FUNCTION_NAME}] [module {NFNLA_HOOK_MODULE_NAME}] [table {NFNLA_CHAIN_TABLE}] " \
              "[chain {NFNLA_CHAIN_NAME}] [bpf program {NFNLA_HOOK_BPF_ID}]"


bind_message(nfnl_hook, NETLINK_NETFILTER, NFNL_MSG_HOOK_GET=0xC00)
