"""NETLINK_NETFILTER: one file a subsystem."""
