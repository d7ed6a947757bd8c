"""Ethtool over generic netlink (linux/ethtool_netlink.h, linux/ethtool_netlink_generated.h, net/ethtool/).

Commands are numbered twice: what user space sends, and what the kernel answers or announces.
"""
