"""Nests that the kernel takes only with NLA_F_NESTED (nla_parse_nested, flag_nested in net/netfilter)."""

from nldissect.wire import NETLINK, bind_flagged

bind_flagged(
    NETLINK.NETFILTER, "CTA_FILTER IPSET_ADT IPSET_ATTR_IPADDR IPSET_CREATE IPSET_DATA NFTA_TUNNEL_KEY_GENEVE"
)
