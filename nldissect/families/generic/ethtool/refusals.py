"""Refusals of ethtool requests: the device that their header names."""

from ...interfaces import bind_interface

bind_interface(
    "ethtool", "ETHTOOL_A_HEADER_DEV_INDEX", "ETHTOOL_A_HEADER_DEV_NAME",
    source="ethnl_parse_header_dev_get (net/ethtool/netlink.c)",
)
