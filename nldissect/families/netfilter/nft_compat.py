"""nftables: iptables matches and targets in rules, sent by iptables-nft (linux/netfilter/nf_tables_compat.h)."""

from nldissect.wire import NETLINK_NETFILTER, Attrs, AttrSet, Be32, Blob, Enum, Message, Text, bind_attrs, bind_message

from .nfnetlink import NFGENMSG
from .nftables_data import NFTA_EXPR


class NFTA_MATCH(AttrSet):
    NAME = Text(1)
    REV  = Be32(2)
    INFO = Blob(3, "the match's own struct: one for each of the many xtables matches")


class NFTA_TARGET(AttrSet):
    NAME = Text(1)
    REV  = Be32(2)
    INFO = Blob(3, "the target's own struct: one for each of the many xtables targets")


bind_attrs(NFTA_EXPR.DATA, NFTA_MATCH, NAME="match")
bind_attrs(NFTA_EXPR.DATA, NFTA_TARGET, NAME="target")


class NFT_COMPAT_TYPE(Enum, prefix=""):
    MATCH  = 0
    TARGET = 1


class NFTA_COMPAT(AttrSet):
    NAME = Text(1)
    REV  = Be32(2)
    TYPE = Be32(3, NFT_COMPAT_TYPE)


class nft_compat(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", NFTA_COMPAT)]
    summary = "{nfgen_family} [{NFTA_COMPAT_TYPE}] [{NFTA_COMPAT_NAME}] [revision {NFTA_COMPAT_REV}]"


bind_message(nft_compat, NETLINK_NETFILTER, NFNL_MSG_COMPAT_GET=0xB00)
