"""Objects of netfilter, and what of them is no change: counters, timers, use counts."""

from nldissect.wire import NETLINK, bind_object

NETFILTER = NETLINK.NETFILTER

bind_object(
    "table", NETFILTER, new="NFT_MSG_NEWTABLE", gone="NFT_MSG_DELTABLE", key="nfgen_family NFTA_TABLE_NAME",
    called="{nfgen_family} {NFTA_TABLE_NAME}", quiet="res_id NFTA_TABLE_USE",
)
bind_object(
    "chain", NETFILTER, new="NFT_MSG_NEWCHAIN", gone="NFT_MSG_DELCHAIN",
    key="nfgen_family NFTA_CHAIN_TABLE NFTA_CHAIN_HANDLE|NFTA_CHAIN_NAME",  # requests have a name only
    called="{nfgen_family} {NFTA_CHAIN_TABLE} {NFTA_CHAIN_NAME}", quiet="res_id NFTA_CHAIN_USE NFTA_CHAIN_COUNTERS",
)
bind_object(
    "rule", NETFILTER, new="NFT_MSG_NEWRULE", gone="NFT_MSG_DELRULE",
    key="nfgen_family NFTA_RULE_TABLE NFTA_RULE_HANDLE",
    called="{nfgen_family} {NFTA_RULE_TABLE} {NFTA_RULE_CHAIN} handle {NFTA_RULE_HANDLE}",
    quiet="res_id NFTA_RULE_POSITION NFTA_COUNTER_BYTES NFTA_COUNTER_PACKETS NFTA_QUOTA_CONSUMED "
    "NFTA_LAST_MSECS NFTA_LAST_SET",
)
bind_object(
    "set", NETFILTER, new="NFT_MSG_NEWSET", gone="NFT_MSG_DELSET", key="nfgen_family NFTA_SET_TABLE NFTA_SET_NAME",
    called="{nfgen_family} {NFTA_SET_TABLE} {NFTA_SET_NAME}", quiet="res_id",
)
bind_object(
    "stateful object", NETFILTER, new="NFT_MSG_NEWOBJ", gone="NFT_MSG_DELOBJ",
    key="nfgen_family NFTA_OBJ_TABLE NFTA_OBJ_NAME NFTA_OBJ_TYPE",
    called="{nfgen_family} {NFTA_OBJ_TABLE} {NFTA_OBJ_TYPE} {NFTA_OBJ_NAME}",
    quiet="res_id NFTA_OBJ_USE NFTA_COUNTER_BYTES NFTA_COUNTER_PACKETS NFTA_QUOTA_CONSUMED",
)
bind_object(
    "flowtable", NETFILTER, new="NFT_MSG_NEWFLOWTABLE", gone="NFT_MSG_DELFLOWTABLE",
    key="nfgen_family NFTA_FLOWTABLE_TABLE NFTA_FLOWTABLE_NAME",
    called="{nfgen_family} {NFTA_FLOWTABLE_TABLE} {NFTA_FLOWTABLE_NAME}", quiet="res_id NFTA_FLOWTABLE_USE",
)
bind_object(
    "connection", NETFILTER, new="IPCTNL_MSG_CT_NEW", gone="IPCTNL_MSG_CT_DELETE",
    key="nfgen_family CTA_ZONE CTA_TUPLE_ORIG",
    called="{CTA_TUPLE_ORIG.CTA_PROTO_NUM} "
    "{CTA_TUPLE_ORIG.CTA_IP_V4_SRC|CTA_TUPLE_ORIG.CTA_IP_V6_SRC}[:{CTA_TUPLE_ORIG.CTA_PROTO_SRC_PORT}] to "
    "{CTA_TUPLE_ORIG.CTA_IP_V4_DST|CTA_TUPLE_ORIG.CTA_IP_V6_DST}[:{CTA_TUPLE_ORIG.CTA_PROTO_DST_PORT}]",
    quiet="res_id CTA_TIMEOUT CTA_COUNTERS_ORIG CTA_COUNTERS_REPLY CTA_TIMESTAMP CTA_USE", leaves=True,
)
