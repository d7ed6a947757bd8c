"""The header all netfilter messages share, and batches of them (linux/netfilter/nfnetlink.h, linux/netfilter.h)."""

from nldissect.wire import NETLINK_NETFILTER, U8, Attrs, AttrSet, Be16, Be32, Enum, Message, bind_message


class NFPROTO(Enum):
    UNSPEC = 0
    INET   = 1
    IPV4   = 2
    ARP    = 3
    NETDEV = 5
    BRIDGE = 7
    IPV6   = 10
    DECNET = 12


class NFNL_SUBSYS(Enum):
    NONE              = 0
    CTNETLINK         = 1
    CTNETLINK_EXP     = 2
    QUEUE             = 3
    ULOG              = 4
    OSF               = 5
    IPSET             = 6
    ACCT              = 7
    CTNETLINK_TIMEOUT = 8
    CTHELPER          = 9
    NFTABLES          = 10
    NFT_COMPAT        = 11
    HOOK              = 12


class NF_INET(Enum):
    PRE_ROUTING  = 0
    LOCAL_IN     = 1
    FORWARD      = 2
    LOCAL_OUT    = 3
    POST_ROUTING = 4
    INGRESS      = 5


class NF_BR(Enum):
    PRE_ROUTING  = 0
    LOCAL_IN     = 1
    FORWARD      = 2
    LOCAL_OUT    = 3
    POST_ROUTING = 4
    BROUTING     = 5


class NF_ARP(Enum):
    IN      = 0
    OUT     = 1
    FORWARD = 2


class NF_NETDEV(Enum):
    INGRESS = 0
    EGRESS  = 1


class NF(Enum):
    DROP   = 0
    ACCEPT = 1
    STOLEN = 2
    QUEUE  = 3
    REPEAT = 4
    STOP   = 5


NFGENMSG = [U8.of("nfgen_family", NFPROTO), U8.of("version"), Be16.of("res_id")]


class NFNL_BATCH(AttrSet):
    GENID = Be32(1)


class nfnl_batch(Message):
    fields_desc = [U8.of("nfgen_family", NFPROTO), U8.of("version"), Be16.of("res_id", NFNL_SUBSYS),
                   Attrs("attrs", NFNL_BATCH)]
    summary = "{res_id} [generation {NFNL_BATCH_GENID}]"


bind_message(nfnl_batch, NETLINK_NETFILTER, NFNL_MSG_BATCH_BEGIN=16, NFNL_MSG_BATCH_END=17)
